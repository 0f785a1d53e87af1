"""Which credit regime a contract's works come under: said with the contract or later, kept by the cases opened from then on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.breach import commands as breach
from domain.breach.case import Case
from domain.contract import commands as contracts
from projections.cards.case import case_card
from projections.cards.standing import standing_card
from tests.domain.office import LARGER, A, Office, confirm, day, decide

PARTY = {"ref": A, "grades": []}


def decided(works: str | None, later: str | None = None) -> tuple[Office, UUID, UUID, UUID]:
    office = Office()
    contract = office.at("2026-01-12").contract(**({"works": works} if works else {}))
    case = office.at("2026-04-08").finding(contract, occurred_on=date(2026, 4, 2))
    if later:
        office.ask("county-supervisor", contracts.class_works, contract, works=later)
    office.at("2026-04-09").ask("county-supervisor", breach.serve_notice, case, proposed=LARGER)
    confirm(office, case)
    sanction = decide(office, case)
    return office, contract, case, sanction


def periods(office: Office, case: UUID) -> list[tuple[str, str, str]]:
    office.at("2026-05-06").ask("county-supervisor", breach.serve_sanction, case)
    card: Any = case_card(office.told(case), office.book, office.today, 0, 0, "none")
    (record,) = standing_card(PARTY, [card], office.book, office.today)["records"]
    return [(one["regime"], one["least"], one["most"]) for one in record["periods"]]


HYDRAULIC, MUNICIPAL = ("credit", "2027-04-29", "2027-04-29"), ("municipal-credit", "2026-10-29", "2029-04-29")


@pytest.mark.parametrize(("works", "points", "published_by", "told"), [
    (None, "3", "2026-05-12", [HYDRAULIC, MUNICIPAL]), ("hydraulic", "3", "2026-05-12", [HYDRAULIC]), ("municipal", "0", "2026-05-06", [MUNICIPAL]),
])  # fmt: skip
def test_the_regime_of_the_works_gives_points_periods_and_publication(works: str | None, points: str, published_by: str, told: list[Any]) -> None:
    office, _, case, sanction = decided(works)
    found = office.ledger.get(Case, case)
    assert (found.works, found.sanctions[sanction].points) == (works, Decimal(points))
    assert found.sanctions[sanction].last_day == day("2027-04-29"), "the national periods are the same"
    publication = next(one for one in office.all_loops(case).values() if one.kind == "publication")
    assert office.due(publication) == day(published_by)
    assert periods(office, case) == told


def test_a_case_keeps_the_class_that_its_contract_had_when_it_was_opened() -> None:
    office, _, case, sanction = decided("municipal", later="hydraulic")
    found = office.ledger.get(Case, case)
    assert (found.works, found.sanctions[sanction].points) == ("municipal", Decimal(0))
