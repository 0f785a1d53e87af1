"""When publicity ends: on its last day, or by the switch of the pack not before the decision is fulfilled."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from domain.breach import commands as breach
from domain.breach.case import Case
from domain.policy.book import Book
from domain.policy.publicity import shown_until
from tests.domain.office import LARGER, Office, confirm, day, decide, refused
from tests.domain.policy.books import changed, shipped_book

LAST = day("2027-04-29")
SWITCH = "[rules.expiry_needs_fulfilment]\nvalue = "


def book(switch: bool) -> Book:
    packs = [one for _, one in shipped_book().packs]
    if switch:
        packs = [one if one.key != "double-publicity-2018" else changed(one.key, (f"{SWITCH}false", f"{SWITCH}true")) for one in packs]
    return Book.of(enumerate(packs, 1))


def published(switch: bool) -> tuple[Office, UUID, UUID]:
    """Decided on 2026-04-29, published on 05-12, nothing paid."""
    office = Office(book=book(switch))
    contract = office.at("2026-01-12").contract()
    case = office.at("2026-04-08").finding(contract, occurred_on=date(2026, 4, 2))
    office.at("2026-04-09").ask("county-supervisor", breach.serve_notice, case, proposed=LARGER)
    confirm(office, case)
    sanction = decide(office, case)
    office.at("2026-05-06").ask("county-supervisor", breach.serve_sanction, case)
    office.at("2026-05-12").ask("county-supervisor", breach.publish_sanction, case)
    return office, case, sanction


def window(office: Office, case: UUID) -> date | None:
    (one,) = [one for one in office.all_loops(case).values() if one.kind == "publicity"]
    return one.ends_on


def test_without_the_switch_it_ends_on_its_last_day_paid_or_not() -> None:
    office, case, sanction = published(False)
    assert window(office, case) == LAST
    office.at("2027-04-30").clock(case)
    assert office.ledger.get(Case, case).sanctions[sanction].ended == "expired"


def test_with_the_switch_it_outlasts_its_last_day_until_it_is_fulfilled() -> None:
    office, case, sanction = published(True)
    assert window(office, case) is None
    office.at("2027-06-01").clock(case)
    assert office.ledger.get(Case, case).sanctions[sanction].public, "nothing was paid"
    with refused("publicity_has_run_out"):
        office.system(breach.expire_publicity, case, sanction, LAST)
    office.ask("county-supervisor", breach.fulfil_sanction, case, fulfilled_on=day("2027-05-31"))
    assert window(office, case) == day("2027-05-31")
    with refused("publicity_has_run_out"):
        office.system(breach.expire_publicity, case, sanction, LAST)
    office.clock(case)
    one = office.ledger.get(Case, case).sanctions[sanction]
    assert (one.ended, one.public) == ("expired", False)


def test_with_the_switch_what_is_fulfilled_in_time_ends_on_its_last_day() -> None:
    office, case, sanction = published(True)
    office.at("2026-05-15").ask("county-supervisor", breach.fulfil_sanction, case)
    assert window(office, case) == LAST
    office.at("2027-04-30").clock(case)
    assert office.ledger.get(Case, case).sanctions[sanction].ended == "expired"


def test_a_correction_of_what_waits_for_its_fulfilment_keeps_waiting() -> None:
    office, case, sanction = published(True)
    office.at("2026-06-01").ask("decider", breach.correct_sanction, case, decision_types=["fine_small"], grounds="复核", sanction=sanction)
    assert window(office, case) is None
    assert office.ledger.get(Case, case).sanctions[sanction].last_day != LAST


@pytest.mark.parametrize(("fulfilled", "needs", "until"), [
    (None, False, LAST), (None, True, LAST), (day("2026-05-15"), True, LAST), (day("2027-05-31"), True, day("2027-05-31")),
    (day("2027-05-31"), False, LAST),
])  # fmt: skip
def test_the_last_day_is_that_of_its_class_or_of_a_later_fulfilment(fulfilled: date | None, needs: bool, until: date) -> None:
    assert shown_until(LAST, fulfilled, needs) == until
    assert shown_until(None, fulfilled, needs) is None
