"""Every page that decides says on how many rules it rests, how many of them are unconfirmed, and which."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from domain.access.account import account_id
from tests.web.office import World, contract_body, finding_body, notice_body
from tests.web.pages.reading import applied, published, read, words
from web.resting import rests_on

COUNTY = "county-supervisor"


def rules(world: World, on: str, act: str, id: str) -> dict[str, str]:
    """Status by rule, as the act's own rules ask for them."""
    actor = world.office.actor(account_id("decider2"))
    assert actor is not None
    return {f"{one['pack']} {one['rule']}": one["status"] for one in rests_on(world.office, actor, on, act, UUID(id))}


def confirmed(world: World) -> dict[str, Any]:
    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    case = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", finding_body(), seen=contract["version"]).json()["case"]
    case = world.case(COUNTY, case, "/notice", notice_body())
    world.at("2026-01-30")
    case = world.case("legal", case, "/legal-review", {"opinion": "程序合法"})
    return world.case("decider", case, "/confirmation", {"grounds": "证据充分"})


def test_a_sanction_says_on_which_rules_it_rests(world: World) -> None:
    case = confirmed(world)
    found = rules(world, "cases", "sanction", case["id"])
    assert found["penalty-procedure-2021 limitation"] == "confirmed"
    assert found["penalty-procedure-2021 no_aggravation"] == "confirmed"
    assert found["behaviours decision_types.fine_larger"] == "unconfirmed"
    assert found["water-credit-2024 decision_points.fine_larger"] == "unconfirmed"
    page = read(world, "decider", f"/cases/{case['id']}/sanction")
    told = re.search(r"这一步依据的规则 (\d+) 其中 (\d+) 条还没有取得正式文本", words(page))
    assert told is not None
    listed = page[page.index("rests-title") :]
    assert int(told[1]) == listed.count("/policy/")
    assert int(told[2]) == listed.partition("<details")[0].count("/policy/")
    for rule, status in found.items():
        assert rule in listed
        assert (rule in listed.partition("<details")[0]) == (status != "confirmed"), rule
    english = words(read(world, "decider", f"/cases/{case['id']}/sanction", "en"))
    assert f"{told[2]} of them" in english


def test_so_does_a_repair_and_what_rests_on_nothing_says_nothing(world: World) -> None:
    case = published(world)
    repair = applied(world, case)
    repair = world.repair(COUNTY, repair, "/acceptance", {})
    found = rules(world, "repairs", "decision", repair["id"])
    assert found == {"repair-2026 earliest": "unconfirmed"}
    page = read(world, "decider2", f"/repairs/{repair['id']}/decision")
    for rule in ("repair-2026 earliest", "repair-2026 materials", "repair-2026 decide"):
        assert rule in page[page.index("rests-title") :], "what it rests on already, and by when it is due"
    assert "这一步依据的规则" not in words(read(world, COUNTY, f"/parties/{case['party']}/renaming"))
