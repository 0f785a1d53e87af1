"""Never 8: nothing that was recorded is changed, removed or re-ordered; a correction is a new event with a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from domain.corrections import rules as corrections
from domain.events import KINDS, decode
from stores.ledger.recorder import EventRecorder
from tests.web.nevers.acting import EVERYBODY, Pick, try_on
from tests.web.nevers.never import LIVED, PLANTED, Never
from tests.web.nevers.stages import Facts, at_stage
from tests.web.office import World, contract_body, sanctioned, yuan
from web.ticking import tick
from web.verifying import verify_office

Rows = list[tuple[Any, ...]]
SAID_AGAIN = (("facts", "混凝土强度略有不足"), ("occurred_on", "2026-04-07"), ("note", "更正说明"), ("text", "更正内容"), ("served_on", "2026-04-30"),
              ("opinion", "程序基本合法"), ("planned_on", "2026-07-01"), ("value", yuan("90000.00")), ("paid_on", "2026-04-20"))  # fmt: skip


def running(world: World) -> Facts:
    """A contract with a planned check and a payment, and its case, sanctioned on 2026-04-29."""
    contract = world.at("2026-01-12").ask("county-supervisor").post("/contracts", contract_body()).json()
    contract = world.contract("county-supervisor", contract, "/checks", {"planned_on": "2026-06-01"})
    contract = world.contract("county-supervisor", contract, "/payments", {"ref": "P1", "value": yuan("100000.00"), "paid_on": "2026-01-12"})
    case = sanctioned(world, contract=contract)
    return {"contract": contract["id"], "case": case["id"]}


def stored(world: World) -> Rows:
    """Every byte of the log, read by a way of its own."""
    with world.office.recorder.engine.connect() as conn:
        columns = "position, originator_id, originator_version, topic, state, recorded_at"
        return [tuple(row) for row in conn.execute(sa.text(f"SELECT {columns} FROM events ORDER BY position"))]


def nothing_before_differs(before: Rows, after: Rows) -> None:
    for old, new in zip(before, after, strict=False):
        if old != new:
            raise Never(8, f"position {old[0]} was changed")
    if len(after) < len(before):
        raise Never(8, f"{len(before) - len(after)} events were removed")
    if [row[0] for row in after] != list(range(1, len(after) + 1)):
        raise Never(8, "positions have gaps")
    if [row[5] for row in after] != sorted(row[5] for row in after):
        raise Never(8, "time goes back")


def corrections_are_new_and_give_a_reason(before: Rows, after: Rows) -> None:
    known = {(row[1], row[2]): row for row in before}
    for row in after[len(before) :]:
        event = decode(row[3], row[4])
        if event.corrects is not None:
            if not (event.reason or "").strip():
                raise Never(8, f"position {row[0]} corrects without a reason")
            old = known.get((row[1], event.corrects))
            if old is None or KINDS[old[3]] is not KINDS[row[3]] or old[2] >= row[2]:
                raise Never(8, f"position {row[0]} corrects what is not before it")


class Recording(RuleBasedStateMachine):
    """Everybody asks anything, corrections among it; the log before each act is a beginning of the log after it."""

    acts: tuple[str, ...] = ()
    does: tuple[str, ...] = ("case", "contract", "correction", "correction", "wait")

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()

    def teardown(self) -> None:
        self.open.close()

    @initialize()
    def begin(self) -> None:
        self.world, self.facts = self.open.enter_context(at_stage(running))

    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        def pick(among: Sequence[Any]) -> Any:
            return data.draw(st.sampled_from(list(among)))

        before = stored(self.world)
        answer = getattr(self, f"_{pick(self.does)}")(pick)
        after = stored(self.world)
        nothing_before_differs(before, after)
        corrections_are_new_and_give_a_reason(before, after)
        if answer is not None:
            recorded = len(after) - len(before)
            assert (recorded > 0) == (answer.status_code < 300), f"{answer.request.url}: {answer.status_code}, {recorded} events: {answer.text[:400]}"
        if len(after) > len(before) and not verify_office(self.world.office)["ok"]:
            raise Never(8, "the log does not verify")

    def _case(self, pick: Pick) -> Any:
        return try_on(self.world, "cases", self.facts["case"], pick, self.acts)

    def _contract(self, pick: Pick) -> Any:
        path, body = pick((
            ("payments", {"ref": "P1", "value": yuan("50000.00")}), ("amendments", {"rationale": "工期顺延", "ends_on": "2027-01-31"}),
            ("obligations/M1/fulfilment", {}), ("checks", {"planned_on": "2026-08-01"}), ("suspension", {"reason": "汛期"}), ("resumption", {}),
            ("excuses", {"kind": "force_majeure", "text": "台风"}),
        ))  # fmt: skip
        return self._ask("contracts", self.facts["contract"], path, body, pick)

    def _correction(self, pick: Pick) -> Any:
        """Of any event of the contract or the case, one of its fields or another's."""
        kind = pick(("contracts", "cases"))
        stream = self.facts["contract" if kind == "contracts" else "case"]
        rows = [row for row in self.world.office.recorder.after(0, 10_000) if str(row.stream) == stream]
        row = pick(rows)
        own = [one for one in SAID_AGAIN if one[0] in KINDS[row.topic].__struct_fields__]
        field, value = pick(own or SAID_AGAIN)
        return self._ask(kind, stream, "corrections", {"position": row.position, "field": field, "value": value, "reason": pick(("登记错误", " "))}, pick)

    def _wait(self, pick: Pick) -> None:
        self.world.clock.set(self.world.clock() + timedelta(pick((1, 8, 40))))
        tick(self.world.office)

    def _ask(self, kind: str, stream: str, path: str, body: Any, pick: Pick) -> Any:
        who = pick(("county-supervisor", "county-supervisor", "county-supervisor", *EVERYBODY))
        version = self.world.ask("auditor").get(f"/{kind}/{stream}")["version"]
        asker = self.world.ask(who)
        answer = self.world.client.post(f"/api/v1/{kind}/{stream}/{path}", json=body, headers={**asker.headers, "If-Match": f'"{version}"'})
        assert answer.status_code < 500, answer.text[:800]
        return answer


def test_never() -> None:
    run_state_machine_as_test(Recording, settings=LIVED)


# ---------------------------------------------------------------- and it would be found


def after_each_append(sql: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A bug: the recorder does this as well."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        real = EventRecorder.insert_events

        def insert_events(self: EventRecorder, stored_events: Any, **more: Any) -> Any:
            positions = real(self, stored_events, **more)
            with self.engine.execution_options(writes=True).begin() as conn:
                conn.exec_driver_sql(sql)
            return positions

        patch.setattr(EventRecorder, "insert_events", insert_events)

    return plant


def updates_in_place(patch: pytest.MonkeyPatch) -> None:
    """A correction is written over what it corrects."""
    real = EventRecorder.insert_events

    def insert_events(self: EventRecorder, stored_events: Any, **more: Any) -> Any:
        for one in stored_events:
            if (wrong := decode(one.topic, one.state).corrects) is not None:
                with self.engine.execution_options(writes=True).begin() as conn:
                    conn.execute(sa.text("UPDATE events SET state = :state WHERE originator_id = :stream AND originator_version = :version"),
                                 {"state": one.state, "stream": one.originator_id.hex, "version": wrong})  # fmt: skip
        return real(self, stored_events, **more)

    patch.setattr(EventRecorder, "insert_events", insert_events)


def no_reason_is_asked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(corrections, "RULES", tuple(one for one in corrections.RULES if one is not corrections.correction_has_a_reason))


def narrow(*does: str) -> Any:
    return type("Narrow", (Recording,), {"does": does})


LAST = "(SELECT max(position) FROM events)"
OTHER = f"FROM events WHERE position = {LAST} - 1"
SWAP = f"UPDATE events SET state = (SELECT state {OTHER}), topic = (SELECT topic {OTHER}) WHERE position = {LAST} - 2"
BUGS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], Any]] = {
    "in place": (updates_in_place, narrow("correction")),
    "no reason": (no_reason_is_asked, narrow("correction")),
    "removed": (after_each_append(f"DELETE FROM events WHERE position = {LAST} - 1"), narrow("contract")),
    "cut": (after_each_append(f"DELETE FROM events WHERE position >= {LAST} - 2"), narrow("contract")),
    "re-ordered": (after_each_append(SWAP), narrow("contract")),
    "dated anew": (after_each_append("UPDATE events SET recorded_at = '2026-01-01T00:00:00.000000+00:00' WHERE position = 1"), narrow("contract")),
}


@pytest.mark.parametrize("bug", list(BUGS))
def test_a_planted_bug_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plant, near = BUGS[bug]
    with at_stage(running):  # told before there was a bug
        pass
    plant(monkeypatch)
    with pytest.raises(Never) as found:
        run_state_machine_as_test(near, settings=PLANTED)
    assert found.value.number == 8
