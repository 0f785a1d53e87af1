"""Both time axes on every read: how a moment is written, and that its answer is what the definition says (law 7)."""

from __future__ import annotations

# ruff: noqa: E501 -- tables of facts, a row a line
import os
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from domain.breach.events import TELLS_THE_PARTY
from tests.web.api.by_definition import defined, plain
from tests.web.office import PARTY_A, SUIXI, World, a_world, contract_body, finding_body, notice_body, published, yuan

COUNTY = "county-supervisor"
BEGINS = "2026-01-12"
EXAMPLES = int(os.environ.get("LVYUE_MOMENT_EXAMPLES", "12"))  # a long run asks for more; shrinking would take minutes


# ---------------------------------------------------------------- how moments are written


def test_a_moment_is_an_instant_a_bare_date_or_a_position(any_world: World) -> None:
    world, me = any_world, any_world.ask(COUNTY)
    contract = me.post("/contracts", contract_body(starts_on=None)).json()
    born = world.office.ledger.head()
    world.at("2026-03-02T18:00:00+08:00")
    contract = world.contract(COUNTY, contract, "/suspension", {"reason": "汛期"})
    changed = contract["position"]
    world.at("2026-05-01")
    path = f"/contracts/{contract['id']}"

    def status(**query: Any) -> str:
        told: str = me.get(path, **query)["status"]
        return told

    assert status() == "suspended"
    for known_at, then in (("2026-03-01", "performing"), ("2026-03-02", "suspended"), ("2026-03-02T17:59:59+08:00", "performing"),
                           ("2026-03-02T10:00:00Z", "suspended"), ("2026-03-02T09:59:59Z", "performing"), (str(born), "performing"),
                           (str(changed - 1), "performing"), (str(changed), "suspended"), ("99999999", "suspended"), ("2026-03-02T18:00:00", "suspended")):  # fmt: skip
        assert status(known_at=known_at) == then, known_at
    for as_of, then in (("2026-03-01", "performing"), ("2026-03-02", "suspended"), ("2026-03-02T00:00:00+08:00", "suspended"), ("2026-03-01T15:59:59Z", "performing"),
                        ("2026-03-01T16:00:00Z", "suspended"), ("2027-01-01", "suspended")):  # fmt: skip
        assert status(as_of=as_of) == then, as_of
    assert status(as_of="2026-04-01", known_at="2026-03-01") == "performing", "both: what was known then of a later day"
    assert me.look(path, as_of="2026-01-11").status_code == 404, "before it was signed there was no such contract"
    assert me.look(path, known_at="2026-01-11").status_code == 404
    assert me.look(path, known_at="0").status_code == 404


def test_only_known_at_looks_from_that_moment(any_world: World) -> None:
    world = any_world
    me, contract = world.ask(COUNTY), world.ask(COUNTY).post("/contracts", contract_body(starts_on="2026-02-01")).json()
    path = f"/contracts/{contract['id']}"
    assert contract["status"] == "signed", "its term has not begun"
    world.at("2026-04-15")
    assert me.get(path)["status"] == "performing"
    assert next(one for one in me.get(path)["loops"] if one["kind"] == "obligation")["due"]["overdue"]
    for moment in ("2026-01-20", str(contract["position"])):
        then = me.get(path, known_at=moment)
        assert (then["status"], then["loops"][0]["due"]["overdue"]) == ("signed", False), moment
    assert me.get(path, known_at="2026-01-20", as_of="2026-04-15")["loops"][0]["due"]["overdue"]


@pytest.mark.parametrize("given", ["yesterday", "2026-13-01", "2026-02-30", "0001-01-01", "9999-12-31", "-1", "1.5", "2026-01-12T25:00:00Z", "１２"])
def test_what_is_no_moment_is_said_so(world: World, given: str) -> None:
    for name in ("known_at", "as_of"):
        told = world.ask("auditor").look("/contracts", **{name: given})
        assert (told.status_code, [one["pointer"] for one in told.json()["errors"]]) == (422, [f"/{name}"]), name
        assert given in told.json()["errors"][0]["detail"]


def test_every_read_takes_both_and_public_ones_neither(world: World) -> None:
    case = published(world)
    document = world.client.get("/api/v1/openapi.json").json()
    asked = {"kind": "09", "party": PARTY_A, "received_by": f"CN-USCC:{SUIXI}", "matter": "工资", "text": "按月支付"}
    promised = world.ask("county-supervisor").post("/commitments", asked).json()["id"]
    places = {"contracts": case["contract"], "cases": case["id"], "parties": PARTY_A, "commitments": promised,
              "repairs": "00000000-0000-0000-0000-000000000000"}  # fmt: skip
    for path, verbs in document["paths"].items():
        if "get" not in verbs:
            continue
        on = path.split("/")[3]
        address = path.replace("{id}", places.get(on, "x")).replace("{receipt}", "XF").replace("{digest}", "sha256:" + "0" * 64)
        address = address.replace("{name}", "repair-2026")
        for query in ({"known_at": "2026-05-06"}, {"as_of": "2026-05-06"}, {"known_at": "2026-05-06", "as_of": "2026-05-06"}):
            told = world.ask("auditor").look(address, **query)
            if path.startswith("/public"):
                assert told.status_code == 400, path
            elif on not in ("repairs", "evidence", "log", "imports", "jobs", "delegations", "invitations") and not address.endswith(
                ("}", "/policy/proposals", "/authority-record")
            ):
                assert told.status_code == 200, (path, told.text[:300])
            bad = world.ask("auditor").look(address, **dict.fromkeys(query, "x"))
            assert bad.status_code in (400, 403, 404, 422), path
            if "{" not in path and told.status_code == 200 and "/log/" not in path:
                assert bad.status_code == 422, path


def test_who_may_see_is_decided_by_today(world: World) -> None:
    """A past moment opens nothing, and an account that came later sees what was there before it."""
    from domain.access.commands import create_account, withdraw_role
    from domain.actor import Grant

    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    world.at("2026-03-01")
    world.office.system(lambda act: create_account(act, "newcomer", "新", grants=(Grant("supervisor", "440823"),)))
    assert world.ask("newcomer").get(f"/contracts/{contract['id']}", known_at=BEGINS)["id"] == contract["id"]
    world.office.system(lambda act: withdraw_role(act, "newcomer", Grant("supervisor", "440823")))
    assert world.ask("newcomer").look(f"/contracts/{contract['id']}", known_at="2026-03-01").status_code == 404
    assert world.ask("newcomer").get("/contracts", known_at="2026-03-01")["total"] == 0


# ---------------------------------------------------------------- law 7


class Walker:
    """A small random history, asked for through HTTP; refusals are part of it."""

    def __init__(self, world: World) -> None:
        self.world, self.contracts, self.cases, self.numbers = world, list[str](), list[str](), 0

    def step(self, roll: int, back: int) -> None:
        """One act, perhaps dated some days back."""
        day = (self.world.office.today - timedelta(days=back)).isoformat()
        if roll == 0 or not self.contracts:
            self.numbers += 1
            body = contract_body(number=f"N-{self.numbers}", signed_on=day, starts_on=None, ends_on=None, type="CG" if back % 2 else "SG")
            self.contracts.append(self.world.ask(COUNTY).post("/contracts", body).json()["id"])
            return
        contract = self.contracts[roll % len(self.contracts)]
        acts: list[tuple[str, dict[str, Any]]] = [
            ("/obligations/M1/fulfilment", {"fulfilled_on": day}), ("/payments", {"ref": "P1", "paid_on": day, "value": yuan("400000.00")}),
            ("/suspension", {"suspended_on": day, "reason": "汛期"}), ("/resumption", {"resumed_on": day}), ("/publication", {"published_on": day}),
            ("/findings", finding_body(occurred_on=day)), ("/checks", {"planned_on": "2026-06-01"}),
            ("/amendments", {"amended_on": day, "rationale": "增量", "value": yuan("1050000.00")}), ("/completion", {"completed_on": day}),
        ]  # fmt: skip
        if roll % 3 == 0 and self.cases:
            self.case_step(roll, day)
        else:
            path, body = acts[roll % len(acts)]
            self.ask(COUNTY, f"/contracts/{contract}", path, body)

    def case_step(self, roll: int, day: str) -> None:
        acts: list[tuple[str, str, dict[str, Any]]] = [
            (COUNTY, "/notice", notice_body(served_on=day, document_number=None)), ("company-a", "/statement", {"received_on": day, "text": "我们认错"}),
            ("legal", "/legal-review", {"passed_on": day}), ("decider", "/confirmation", {"confirmed_on": day, "grounds": "查实"}),
            ("decider", "/sanction", {"decided_on": day, "document_number": f"遂水罚〔2026〕{roll}号", "decision_types": ["fine_larger"], "fine": yuan("30000.00"), "grounds": "x"}),
            (COUNTY, "/service", {"served_on": day}), (COUNTY, "/publication", {"published_on": day}), (COUNTY, "/fulfilment", {"fulfilled_on": day}),
        ]  # fmt: skip
        who, path, body = acts[roll % len(acts)]
        self.ask(who, f"/cases/{self.cases[roll % len(self.cases)]}", path, body)

    def ask(self, who: str, on: str, path: str, body: dict[str, Any]) -> None:
        me = self.world.ask(who)
        seen = self.world.ask("auditor").look(on).headers["etag"]
        answer = self.world.client.post(f"/api/v1{on}{path}", json=body, headers={**me.headers, "If-Match": seen})
        hidden = (404,) if who == "company-a" else ()  # before the notice
        assert answer.status_code in (200, 201, 422, *hidden), answer.text
        if answer.status_code == 201:
            self.cases.append(answer.json()["case"]["id"])


READS = ("/contracts", "/cases", "/repairs", "/parties", "/desk", "/statistics")


def told(world: World, who: str, contracts: list[str], cases: list[str], **query: Any) -> dict[str, Any]:
    """Every read of a small office, without what counts the log itself."""
    paths = [*READS, f"/parties/{PARTY_A}/standing", f"/parties/{PARTY_A}/credit-file",
             *[f"/contracts/{one}{tail}" for one in contracts for tail in ("", "/loops", "/timeline")], *[f"/cases/{one}" for one in cases]]  # fmt: skip
    found: dict[str, Any] = {}
    for path in paths:
        answer = world.ask(who).look(path, **query)
        assert answer.status_code in (200, 404), (path, answer.text[:500])
        found[path] = plain(answer.json()) if answer.status_code == 200 else 404
    return found


MOVES = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 25), st.integers(0, 12)), min_size=4, max_size=14)


@given(moves=MOVES, cut=st.floats(0, 1), back=st.integers(-20, 90), who=st.sampled_from([COUNTY, "decider", "company-a", "auditor"]), only_known=st.booleans())
@settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_any_read_is_what_the_definition_says(moves: list[tuple[int, int, int]], cut: float, back: int, who: str, only_known: bool) -> None:
    with a_world(BEGINS) as world:
        walker, since = Walker(world), world.office.ledger.head()
        for roll, dated_back, on in moves:
            walker.step(roll, dated_back)
            world.at(world.office.today + timedelta(days=on))
        head = world.office.ledger.head()
        known_at = since + max(1, round(cut * (head - since)))
        recorded = world.office.ledger.recorded_at(known_at)
        assert recorded is not None
        as_of: date = (
            recorded.astimezone(world.office.now.tzinfo).date() if only_known else max(world.office.today - timedelta(days=back), date.fromisoformat(BEGINS))
        )
        query = {"known_at": known_at} if only_known else {"known_at": known_at, "as_of": as_of.isoformat()}
        telling = [one for one in world.office.ledger.after(since, head) if isinstance(one.event, TELLS_THE_PARTY)]
        before = {one.stream for one in telling if one.position <= known_at and one.event.day <= as_of}
        assume(who != "company-a" or before == {one.stream for one in telling})  # who may see is decided by today
        then = told(world, who, walker.contracts, walker.cases, **query)
        with defined(world, since, known_at, as_of, BEGINS) as other:
            other.at(f"{as_of.isoformat()}T23:59:59+08:00")
            assert told(other, who, walker.contracts, walker.cases) == then
