"""With the switch `publicity.expiry_needs_fulfilment` on, record, register, standing, planner and why tell the same end of publicity."""

from __future__ import annotations

from typing import Any

import pytest

from domain.access.commands import create_account
from domain.actor import Grant
from tests.domain.policy.books import text_of
from tests.web.office import CITY, PARTY_A, World, sanctioned
from tests.web.pages.reading import read, words
from web.comparing import compare_views
from web.ticking import tick

SWITCH = "[rules.expiry_needs_fulfilment]\nvalue = "


def switched(world: World) -> None:
    """The pack with the switch on, adopted before anything is decided."""
    text = text_of("double-publicity-2018").replace("version = 1", "version = 2", 1).replace(f"{SWITCH}false", f"{SWITCH}true", 1)
    world.office.system(lambda act: create_account(act, "administrator2", "乙", grants=(Grant("administrator", CITY),)))
    told = world.ask("administrator").post("/policy/proposals", {"name": "publicity.toml", "toml": text}).json()
    world.ask("administrator2").post(f"/policy/proposals/{told['digest']}/adoption")


def unpaid(world: World) -> dict[str, Any]:
    case = sanctioned(world)
    world.at("2026-05-06")
    case = world.case("county-supervisor", case, "/service", {"method": "direct", "repair_notice": True})
    return world.case("county-supervisor", case, "/publication", {})


def told(world: World, case: dict[str, Any]) -> dict[str, Any]:
    """What each of them says of the one record."""
    one = world.ask("decider").get(f"/cases/{case['id']}")["sanctions"][0]
    record = world.ask("decider").get(f"/parties/{PARTY_A}/standing")["records"][0]
    register = world.client.get("/public/api/sanctions").json()["items"]
    plan = world.ask("company-a").get(f"/cases/{case['id']}/repair-plan")["items"][0]
    return {"status": one["status"], "in_public": one["in_public"], "counts": record["counts"], "public": len(register), "plan": plan["state"]}


@pytest.mark.parametrize("on", [False, True])
def test_all_tell_the_same(world: World, on: bool) -> None:
    if on:
        switched(world)
    case = unpaid(world)
    last = case["sanctions"][0]["publicity"]["last_day"]
    assert case["sanctions"][0]["until_fulfilled"] is on
    world.at("2027-06-01")
    if not on:
        assert told(world, case) == {"status": "expired", "in_public": False, "counts": False, "public": 0, "plan": "over"}
        return
    tick(world.office)
    assert told(world, case) == {"status": "published", "in_public": True, "counts": True, "public": 1, "plan": "now"}
    assert "未履行的，至履行之日" in words(world.client.get(f"/public/{PARTY_A}", headers={"Accept": "text/html"}).text)
    assert "到期没有履行的，至履行之日" in words(read(world, "decider", f"/cases/{case['id']}"))
    assert "shown until the day of fulfilment" in words(read(world, "company-a", f"/my/cases/{case['id']}", "en"))
    why = world.ask("decider").get(f"/cases/{case['id']}", why="sanctions/0/status")
    assert why["value"] == "published"
    case = world.ask("county-supervisor").get(f"/cases/{case['id']}")
    case = world.case("county-supervisor", case, "/fulfilment", {"fulfilled_on": "2027-05-31", "evidence": []})
    assert case["sanctions"][0]["publicity"]["last_day"] == "2027-05-31" > last
    assert told(world, case) == {"status": "expired", "in_public": False, "counts": False, "public": 0, "plan": "over"}
    tick(world.office)
    assert world.ask("decider").get(f"/cases/{case['id']}")["sanctions"][0]["status"] == "expired"
    assert compare_views(world.office)[1] == []
