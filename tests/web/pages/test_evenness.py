"""Even-handedness: like findings before a sanction is signed, the reason for departing from them, and the auditor's spread."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.web import kept
from tests.web.office import NAME_A, SUIXI, World, contract_body, copied_world, finding_body, noon, notice_body, sanctioned, yuan
from tests.web.pages.reading import look, read
from web.clock import TrialClock
from web.office import open_office

COUNTY, LIGHT = "county-supervisor", {"decision_types": ["fine_small"], "fine": yuan("20000.00"), "measures": [], "grounds": "情节轻微"}


@cache
def _six() -> tuple[Path, dict[str, Any]]:
    """Five like cases were decided; a sixth is confirmed and waits for its sanction."""
    data = Path(tempfile.mkdtemp(prefix="lvyue-like-")) / "data"
    world = copied_world(data)
    for number in range(1, 6):
        sanctioned(world, number=number)
    contract = world.at("2026-05-06").ask(COUNTY).post("/contracts", contract_body()).json()
    asked = finding_body(occurred_on="2026-05-06")
    case = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    case = world.case(COUNTY, case, "/notice", notice_body(document_number="遂水告〔2026〕6号"))
    world.at("2026-05-20")
    case = world.case("legal", case, "/legal-review", {"opinion": "程序合法"})
    case = world.case("decider", case, "/confirmation", {"grounds": "证据充分"})
    world.close()
    return data, case


@pytest.fixture
def sixth(tmp_path: Path) -> Iterator[tuple[World, dict[str, Any]]]:
    data, case = _six()
    clock = TrialClock(noon("2026-05-20"), True)
    world = World(open_office(kept.settings(kept.copy(data, tmp_path / "data")), clock), clock)
    yield world, case
    world.close()


def test_an_unlike_decision_is_refused_without_a_reason_and_recorded_with_one(sixth: tuple[World, dict[str, Any]]) -> None:
    world, case = sixth
    told = world.ask("decider").get(f"/cases/{case['id']}/comparison")
    assert (told["n"], told["enough"], told["unit"]) == (5, True, "percent")
    assert told["classes"] == [{"national_class": "ordinary", "n": 5, "fined": 5, "low": "3.00", "median": "3.00", "high": "3.00"}]
    assert {one["pack"] for one in told["rules"]} == {"comparison"}
    assert world.ask("company-a").look(f"/cases/{case['id']}/comparison").status_code == 403
    body = {**LIGHT, "document_number": "遂水罚〔2026〕6号"}
    problem = world.ask("decider").post(f"/cases/{case['id']}/sanction", body, seen=case["version"], status=422).json()
    (error,) = problem["errors"]
    assert (error["code"], error["pointer"], error["basis"]["rule"]) == ("class_is_usual_or_explained", "/departure", "class_departs")
    case = world.case("decider", case, "/sanction", {**body, "departure": "初次轻微，及时改正"})
    departure = case["sanctions"][0]["departure"]
    assert (departure["grounds"], departure["compared"], departure["basis"][0]["rule"]) == ("初次轻微，及时改正", 5, "class_departs")
    line = world.ask("auditor").get(f"/contracts/{case['contract']}/timeline")["items"]
    assert "与同类决定不同，理由：初次轻微，及时改正" in [one["text"] for one in line]


def test_like_findings_stand_above_the_form(sixth: tuple[World, dict[str, Any]]) -> None:
    world, case = sixth
    page = read(world, "decider", f"/cases/{case['id']}/sanction")
    for text in ("同类决定得到什么", "3.00%", "与同类决定差别大的，要写明理由", "设计默认：未见法定标准"):
        assert text in page, text
    assert "What like findings got" in read(world, "decider", f"/cases/{case['id']}/sanction", "en")


def test_the_auditor_sees_the_spread_by_office_and_year(sixth: tuple[World, dict[str, Any]]) -> None:
    world, case = sixth
    before = world.office.ledger.head()
    world.case("decider", case, "/sanction", {**LIGHT, "document_number": "遂水罚〔2026〕6号", "departure": "初次轻微"})
    told = world.ask("auditor").get("/audit/spread")
    assert told["subjects"] == [{"behaviour": "QLT-01", "kind": "administrative", "n": 6}]
    (row,) = told["rows"]
    assert (row["authority"], row["year"], row["n"], row["low"], row["median"], row["high"]) == (f"CN-USCC:{SUIXI}", 2026, 6, "2.00", "3.00", "3.00")
    assert (row["classes"], row["departures"]) == ({"minor": 1, "ordinary": 5}, 1)
    then = world.ask("auditor").get("/audit/spread", known_at=before)
    assert (then["rows"][0]["n"], then["rows"][0]["departures"]) == (5, 0)
    assert world.ask("auditor").get("/audit/spread", as_of="2026-04-28")["rows"] == []
    assert world.ask("decider").look("/audit/spread").status_code == 403
    page = read(world, "auditor", "/audit/spread")
    for text in ("遂溪县水务局", "2.00% 至 3.00%", "写明理由的偏离"):
        assert text in page, text
    assert NAME_A not in page
    assert "还没有惩戒决定" in read(world, "auditor", "/audit/spread?as_of=2026-04-28")
    assert world.reads()[-1][2] == "spread"
    assert look(world, "decider", "/audit/spread").status_code == 403
