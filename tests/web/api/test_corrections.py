"""Corrections: what was recorded wrongly is said again, and both time axes tell which was known when."""

from __future__ import annotations

from typing import Any

from tests.web.office import World, application, contract_body, due_of, published, yuan

COUNTY = "county-supervisor"


def position_of(world: World, contract: str, topic: str) -> int:
    told = world.ask("auditor").get(f"/contracts/{contract}/events")["items"]
    return next(one["position"] for one in reversed(told) if one["topic"].startswith(topic))


def paid(world: World) -> dict[str, Any]:
    """A payment that was due on 2026-03-31, recorded on 2026-05-20 as made that day."""
    terms = [{"ref": "P1", "value": yuan("100000.00"), "due_on": "2026-03-31"}]
    contract = world.ask(COUNTY).post("/contracts", contract_body(payments=terms)).json()
    world.at("2026-05-20")
    return world.contract(COUNTY, contract, "/payments", {"ref": "P1", "value": yuan("100000.00")})


def test_a_payment_was_made_earlier_than_was_said(any_world: World) -> None:
    world, contract = any_world, paid(any_world)
    me, path = world.ask(COUNTY), f"/contracts/{contract['id']}"
    said = world.office.ledger.head()
    position = position_of(world, contract["id"], "contract.payment_made")
    world.at("2026-05-25")
    body = {"position": position, "field": "paid_on", "value": "2026-03-30", "reason": "银行回单写明 3 月 30 日"}
    answer = me.post(f"{path}/corrections", body, seen=contract["version"], key="c")
    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{contract["version"] + 1}"')
    assert answer.json()["payments_made"] == [{**contract["payments_made"][0], "paid_on": "2026-03-30"}]
    assert me.post(f"{path}/corrections", body, seen=contract["version"], key="c").content == answer.content
    now = me.get(path)
    assert (now["payments"][0]["state"], now["payments"][0]["paid_on"]) == ("paid", "2026-03-30")
    # As it is known today, it was paid on 2026-04-15; as it was known on 2026-05-24, it was not.
    for query, state, open_loops in (
        ({"as_of": "2026-04-15"}, "paid", []), ({"as_of": "2026-04-15", "known_at": "2026-05-24"}, "overdue", ["2026-03-31"]),
        ({"as_of": "2026-04-15", "known_at": str(said)}, "overdue", ["2026-03-31"]), ({"as_of": "2026-03-29"}, "due", ["2026-03-31"]),
        ({"known_at": "2026-05-19"}, "overdue", ["2026-03-31"]), ({"known_at": "2026-05-24"}, "paid", []),
    ):  # fmt: skip
        then = me.get(path, **query)
        assert (then["payments"][0]["state"], due_of(then, "payment")) == (state, open_loops), query
        row = next(one for one in me.get("/contracts", **query)["items"] if one["id"] == contract["id"])
        assert (row["paid"]["amount"] == "100000.00") is (state == "paid"), query
    told = me.get(f"{path}/timeline")["items"]
    entry = next(one for one in told if one["topic"] == "contract.payment_made/1")
    assert (entry["on"], entry["corrected"], "银行回单" in entry["text"]) == ("2026-03-30", True, True)
    raw = world.ask("auditor").get(f"{path}/events")["items"]
    assert [one["body"]["paid_on"] for one in raw if one["topic"] == "contract.payment_made/1"] == ["2026-05-20", "2026-03-30"], "both stand in the log"


def test_what_a_correction_may_not_do(world: World) -> None:
    contract = paid(world)
    path = f"/contracts/{contract['id']}/corrections"
    position = position_of(world, contract["id"], "contract.payment_made")
    good = {"position": position, "field": "paid_on", "value": "2026-03-30", "reason": "回单"}
    for change, pointer in (({"field": "by"}, "/field"), ({"field": "nothing"}, "/field"), ({"value": "2027-01-01"}, "/value"), ({"value": 3}, "/value"),
                            ({"value": "2026-05-20"}, "/value"), ({"reason": " "}, "/reason"), ({"value": "a\0b"}, "/value"), ({"value": {"a": 1.5}}, "/value"),
                            ({"position": 0}, "/position"), ({"more": 1}, "/more")):  # fmt: skip
        told = world.ask(COUNTY).post(path, {**good, **change}, seen=contract["version"], status=422).json()
        assert pointer in [one["pointer"] for one in told["errors"]], (change, told)
    assert world.ask(COUNTY).post(path, {**good, "position": 1}, seen=contract["version"], status=404)
    assert world.ask(COUNTY).post(path, good, status=428)
    assert world.ask("decider").post(path, good, seen=contract["version"], status=403)
    assert world.ask("county2-supervisor").post(path, good, seen=contract["version"], status=404)


def test_personal_particulars_are_sealed_in_a_correction_too(world: World) -> None:
    case = published(world)
    world.at("2026-07-29")
    repair = world.ask("company-a").post("/repairs", application(case["sanctions"][0]["id"], world.ask("company-a").bring(), "2026-07-29")).json()
    told = next(one for one in world.office.ledger.after(0, 10_000) if one.event.topic == "repair.applied/1")
    body = {"position": told.position, "field": "contact_name", "value": "王小明", "reason": "写错了名字"}
    answer = world.ask(COUNTY).post(f"/repairs/{repair['id']}/corrections", body, seen=repair["version"])
    assert answer.json()["contact"]["name"] == "王小明"
    rows = world.office.recorder.rows(1, 10_000)
    assert not any("王小明".encode() in row.state or "张三".encode() in row.state for row in rows), "no name stands bare in the log"
