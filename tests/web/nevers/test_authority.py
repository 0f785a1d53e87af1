"""Never 11, from outside: an authority's record in no enterprise's file, list, page or export; and it would be found if it were."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from projections import cases
from tests.web.office import PARTY_A, SUIXI, World, contract_body, finding_body, notice_body
from tests.web.pages.reading import look

COUNTY, AUTHORITY, DECISION = "county-supervisor", f"CN-USCC:{SUIXI}", "湛水函〔2026〕11号"


def judged(world: World) -> dict[str, Any]:
    """The authority was late, a decision against it is made and served."""
    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    world.at("2026-05-21")
    asked = finding_body(behaviour="GOV-01", kind="management", party=AUTHORITY, facts="逾期未付", contract_clause=None)
    case = world.ask("company-a").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    proposed = {"decision_types": ["government_breach"], "fine": None, "measures": []}
    case = world.case(COUNTY, case, "/notice", notice_body(document_number="湛水告〔2026〕11号", proposed=proposed))
    world.at("2026-06-09")
    case = world.case("decider", case, "/confirmation", {"grounds": "付款凭证查明"})
    decided = {"document_number": DECISION, "decision_types": ["government_breach"], "grounds": "逾期未付"}
    case = world.case("decider", case, "/sanction", decided)
    return world.case(COUNTY, case, "/service", {"method": "direct", "repair_notice": False})


def enterprise_outputs(world: World) -> Iterator[tuple[str, str]]:
    """Everything that is told of enterprises: files, standings, what is public, lists and exports of contracts, the spread of decisions."""
    auditor = world.ask("auditor")
    for party in (PARTY_A, AUTHORITY):
        for path in (f"/parties/{party}/credit-file", f"/parties/{party}/standing"):
            yield path, auditor.look(path).text
        yield f"page of {party}", look(world, "auditor", f"/parties/{party}").text
        for path in (f"/public/api/parties/{party}", f"/public/{party}"):
            yield path, look(world, None, path).text
    for path in ("/public/api/sanctions", f"/public?q={SUIXI}", f"/public?q={DECISION}"):
        yield path, look(world, None, path).text.replace(f'value="{DECISION}"', "")  # what was typed is shown again
    for path in ("/contracts.csv", "/contracts.json", "/my"):
        yield path, look(world, COUNTY if path != "/my" else "company-a", path).text
    yield "/audit/spread", auditor.look("/audit/spread").text


def leaks(world: World, case: dict[str, Any]) -> list[str]:
    """Where the decision or its case is told. A search that repeats what was typed is not telling; the contractor may see its own case."""
    found = []
    for path, text in enterprise_outputs(world):
        signs = ["government_breach", *([] if path.startswith("/public?q=") else [DECISION]), *([] if path == "/my" else [case["number"], case["id"]])]
        found += [path for sign in signs if sign in text]
    return found


def test_an_authoritys_record_is_in_no_enterprises_file(world: World) -> None:
    case = judged(world)
    assert leaks(world, case) == []
    own = world.ask("auditor").get(f"/parties/{AUTHORITY}/authority-record")
    assert [one["id"] for one in own["cases"]] == [case["id"]]
    assert world.ask("company-a").get(f"/cases/{case['id']}")["status"] == "sanctioned", "the contractor sees what came of it"


def test_it_would_be_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: a register that takes every party for an enterprise."""
    sound = cases.of_party

    def forgetful(*asked: Any) -> list[Any]:
        return [SimpleNamespace(**{**row._mapping, "side": "contractor"}) for row in sound(*asked)]

    monkeypatch.setattr(cases, "of_party", forgetful)
    assert leaks(world, judged(world))
