"""A new calendar moves the deadlines that run, tells whose they are, and keeps what was known before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.web import kept
from tests.web.office import World, contract_body, copied_world, due_of, finding_body, notice_body
from tests.web.policy.files import NOTICE_JSON, NOTICE_TOML
from web.cli.program import app
from web.comparing import compare_views
from web.pages.law import runs
from web.ticking import tick

COUNTY = "county-supervisor"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Story 9's third line: what is due 7 working days after 2026-12-29, and a statement window that runs over the new year."""
    world = copied_world(tmp_path / "data", "2026-12-29")
    goods = contract_body(number="440823-SWJ-CG-2026-00099", type="CG", signed_on="2026-12-29", starts_on="2026-12-29", ends_on="2027-06-30",
                          obligations=[], payments=[])  # fmt: skip
    world.ask(COUNTY).post("/contracts", goods)
    return world


def contract(world: World, **query: Any) -> dict[str, Any]:
    told: dict[str, Any] = world.ask(COUNTY).get("/contracts/440823-SWJ-CG-2026-00099", **query)
    return told


def noticed(world: World) -> dict[str, Any]:
    told = contract(world)
    case = world.ask(COUNTY).post(f"/contracts/{told['id']}/findings", finding_body(), seen=told["version"]).json()["case"]
    return world.case(COUNTY, case, "/notice", notice_body())


def adopt(world: World, content: str, name: str = "2027.toml") -> Any:
    file = world.office.settings.data.parent / name
    file.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(app, ["policy", "calendar", str(file), "--json", "--data", str(world.office.settings.data)], env={
        **kept.shell(world.office.settings.data),
        "LVYUE_CLOCK": world.office.now.isoformat() + "!", "LVYUE_ASSETS": "none"}, catch_exceptions=False)  # fmt: skip
    assert result.exit_code == 0, result.stderr
    return result


@pytest.mark.parametrize(("content", "name"), [(NOTICE_TOML, "2027.toml"), (NOTICE_JSON, "2027.json")])
def test_the_provisional_date_of_story_9_moves(world: World, content: str, name: str) -> None:
    case = noticed(world)
    filed = next(one for one in contract(world)["loops"] if one["kind"] == "contract_filed")
    assert (filed["due"]["on"], filed["due"]["provisional"], filed["moved"]) == ("2027-01-08", True, None)
    assert due_of(case, "statement_window") == ["2027-01-06"]
    before = world.office.ledger.head()
    world.at("2026-12-30")
    adopt(world, content, name)
    filed = next(one for one in contract(world)["loops"] if one["kind"] == "contract_filed")
    assert (filed["due"]["on"], filed["due"]["provisional"]) == ("2027-01-09", False)
    assert filed["moved"] == {"was": "2027-01-08", "on": "2026-12-30"}
    assert [one["on"] for one in filed["due"]["days"] if one["why"] == "holiday"] == ["2027-01-01", "2027-01-02", "2027-01-03", "2027-01-04"]
    after = world.ask(COUNTY).get(f"/cases/{case['id']}")
    assert due_of(after, "statement_window") == ["2027-01-07"]
    assert due_of(contract(world, known_at=before), "contract_filed") == ["2027-01-08"]  # both versions stay visible
    # Views, cards and receipts agree, and telling it all again gives the same.
    shown = {one["id"]: one["due"]["on"] for one in world.ask(COUNTY).get("/desk")["later"] + world.ask(COUNTY).get("/desk")["soon"]}
    assert shown[filed["id"]] == "2027-01-09"
    rows, differing = compare_views(world.office)
    assert rows
    assert differing == []
    world.close()


def test_who_decides_goes_by_the_same_window(world: World) -> None:
    case = noticed(world)
    adopt(world, NOTICE_TOML)
    world.at("2027-01-07")
    case = world.ask(COUNTY).get(f"/cases/{case['id']}")
    refused = world.ask("legal").post(f"/cases/{case['id']}/legal-review", {"opinion": "程序合法"}, seen=case["version"], status=422).json()
    assert [one["code"] for one in refused["errors"]] == ["statement_was_heard_first"]
    world.at("2027-01-08")
    tick(world.office)
    case = world.ask(COUNTY).get(f"/cases/{case['id']}")
    assert world.ask("legal").post(f"/cases/{case['id']}/legal-review", {"opinion": "程序合法"}, seen=case["version"]).status_code == 200
    world.close()


def test_a_window_that_has_run_out_stays_so(world: World) -> None:
    case = noticed(world)
    world.at("2027-01-07")  # the day after its last by the provisional calendar
    adopt(world, NOTICE_TOML)
    told = world.ask(COUNTY).get(f"/cases/{case['id']}")
    assert "statement_window" not in [one["kind"] for one in told["loops"]]
    tick(world.office)
    assert compare_views(world.office)[1] == []
    world.close()


def test_the_same_calendar_again_moves_nothing(world: World) -> None:
    adopt(world, NOTICE_TOML)
    head = world.office.ledger.head()
    adopt(world, NOTICE_JSON, "again.json")
    assert world.office.ledger.head() == head + 1  # the notice alone
    assert tick(world.office) == 0
    world.close()


def test_days_of_one_holiday_in_two_months_are_two_runs() -> None:
    assert runs(["2023-01-01", "2023-12-31", "2023-01-02"]) == [("2023-01-01", "2023-01-02"), ("2023-12-31", "2023-12-31")]
