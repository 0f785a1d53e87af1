"""Figures are what a count of every single loop gives, at any moment."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.web.office import World, contract_body, published, sanctioned
from tests.web.pages.reading import read, words
from web.statistics import age_of

DAY = date(2026, 5, 20)


def every_loop(world: World, **at: Any) -> list[dict[str, Any]]:
    """Read one by one from each contract and each case."""
    me = world.ask("city-supervisor")
    found = [one for row in me.get("/contracts", **at)["items"] for one in me.get(f"/contracts/{row['id']}", **at)["loops"]]
    found += [one for row in me.get("/cases", **at)["items"] for one in me.get(f"/cases/{row['id']}", **at)["loops"]]
    return [one for one in {one["id"]: one for one in found}.values() if one["owed_by"] != "rule"]


def test_every_loop_is_counted_once(world: World) -> None:
    published(world)
    before = world.office.ledger.head()
    sanctioned(world, number=2)
    world.ask("county-supervisor").post("/contracts", contract_body())
    world.at("2026-07-01")
    for at in ({}, {"known_at": before}, {"as_of": "2026-04-20"}):
        told, loops = world.ask("city-supervisor").get("/statistics", **at), every_loop(world, **at)
        assert told["loops"]["open"] == len(loops) > 0
        assert told["loops"]["overdue"] == sum(bool(one["due"] and one["due"]["overdue"]) for one in loops)
        assert {one["owed_by"]: one["open"] for one in told["loops"]["by_owner"]} == Counter(one["owed_by"] for one in loops)
        for row in (*told["loops"]["by_owner"], *told["loops"]["by_stage"]):
            assert row["open"] == sum(row["ages"].values())
    now = world.ask("auditor").get("/statistics")
    assert (now["publicity"]["in_time"], now["publicity"]["late"]) == (1, 1), "the second was never published"
    assert world.ask("auditor").get("/statistics", known_at=before)["publicity"]["in_time"] == 1
    assert world.ask("county2-supervisor").get("/statistics")["loops"]["open"] == 0
    text = words(read(world, "auditor", "/statistics"))
    assert f"未闭环 {now['loops']['open']} 项，逾期 {now['loops']['overdue']} 项" in text
    assert "没有未闭环的事项" in words(read(world, "county2-supervisor", "/statistics"))


@given(st.none() | st.dates(date(2025, 1, 1), date(2027, 1, 1)))
def test_an_age_is_of_one_kind(due: date | None) -> None:
    late = None if due is None else (DAY - due).days
    assert age_of(due, DAY) == ("undated" if late is None else "ahead" if late <= 0 else "week" if late <= 7 else "month" if late <= 30
                                else "quarter" if late <= 90 else "older")  # fmt: skip
