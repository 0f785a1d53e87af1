"""What the recorder promises beyond the library's own suite."""

import sqlite3
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
import sqlalchemy as sa
from eventsourcing.persistence import DataError, IntegrityError, OperationalError, StoredEvent

from domain.ledger import Command
from domain.proof.leaf import leaf_bytes
from domain.proof.tree import EMPTY_ROOT, Frontier, inclusion, leaf_hash, root_at, verify_inclusion
from domain.refusals import AlreadyDone, MovedOn, OtherBody
from stores.ledger.append import CHINA, LogBroken, stamp
from stores.ledger.engine import NotDurable, open_ledger
from stores.ledger.postgres import _Died
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import commands, create_ledger, events, tree_head, tree_nodes
from tests.stores.ledger.conftest import Watch

A, B = UUID(int=10), UUID(int=11)


def event(stream: UUID = A, version: int = 1, topic: str = "contract.signed/1", state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(stream, version, topic, state)


def asked(account: str = "me", digest: str = "d") -> Command:
    return Command(uuid4(), account, digest)


def count(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as conn:
        found: int = conn.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
    return found


def test_the_columns_are_as_promised(engine: sa.Engine) -> None:
    told = [column["name"] for column in sa.inspect(engine).get_columns("events")]
    assert told == ["position", "originator_id", "originator_version", "topic", "state", "recorded_at"]


def test_a_row_as_it_is_stored(engine: sa.Engine, recorder: EventRecorder) -> None:
    recorder.insert_events([event(state=b"\x00\xff")])
    with engine.connect() as conn:
        assert conn.execute(sa.select(events)).one() == ((1, A, 1, "contract.signed/1", b"\x00\xff", "2026-04-29T09:00:00.000000+08:00"))
    if engine.dialect.name == "sqlite":
        with engine.connect() as conn:
            assert conn.exec_driver_sql("SELECT originator_id, typeof(position) FROM events").one() == (
                A.hex,
                "integer",
            )


def test_a_command_is_carried_out_once(engine: sa.Engine, recorder: EventRecorder) -> None:
    command = asked()
    assert recorder.insert_events([event(), event(version=2)], command=command) == [1, 2]
    for events_again in ([event(), event(version=2)], [event(B)], []):
        with pytest.raises(AlreadyDone) as again:
            recorder.insert_events(events_again, command=command)
        assert (again.value.first, again.value.last) == (1, 2)
    for other in (command._replace(digest="e"), command._replace(account="you")):
        with pytest.raises(OtherBody):
            recorder.insert_events([event(B)], command=other)
    assert count(engine, events) == 2
    assert count(engine, commands) == 1
    assert recorder.command(command.id) == ("me", "d", 1, 2)
    assert recorder.command(uuid4()) is None


def test_a_command_without_events_is_kept(engine: sa.Engine, recorder: EventRecorder) -> None:
    command = asked()
    assert recorder.insert_events([], command=command) == []
    assert recorder.command(command.id) == ("me", "d", None, None)
    with pytest.raises(AlreadyDone) as again:
        recorder.insert_events([], command=command)
    assert (again.value.first, again.value.last) == (None, None)
    assert recorder.insert_events([event()], command=asked()) == [1]
    assert recorder.insert_events([]) == []


def test_what_was_read_must_not_have_moved(engine: sa.Engine, recorder: EventRecorder) -> None:
    recorder.insert_events([event(), event(version=2)])
    command = asked()
    for stale in (1, 3, 0):
        with pytest.raises(MovedOn) as moved:
            recorder.insert_events([event(B)], unchanged=[(A, stale)], command=command)
        assert (moved.value.stream, moved.value.version) == (A, 2)
    assert count(engine, commands) == 0
    assert recorder.insert_events([event(B)], unchanged=[(A, 2), (UUID(int=99), 0)], command=command) == [3]


@pytest.mark.parametrize("version", [1, 2, 4, 0])
def test_a_version_is_taken_once_and_in_turn(engine: sa.Engine, recorder: EventRecorder, version: int) -> None:
    recorder.insert_events([event(), event(version=2)])
    with pytest.raises(IntegrityError):
        recorder.insert_events([event(B), event(version=version)], command=asked())
    assert (count(engine, events), count(engine, commands), recorder.stream_version(B)) == (2, 0, 0)
    assert recorder.insert_events([event(B), event(version=3)]) == [3, 4]


def test_time_never_goes_back(recorder: EventRecorder, watch: Watch) -> None:
    recorder.insert_events([event()])
    watch.passes(hours=-5)
    recorder.insert_events([event(version=2)])
    assert recorder.lift_clock(watch.now) == datetime(2026, 4, 29, 9, tzinfo=CHINA)
    watch.passes(hours=6)
    recorder.insert_events([event(version=3)])
    assert [row.recorded_at[11:19] for row in recorder.after(0, 9)] == ["09:00:00", "09:00:00", "10:00:00"]
    assert recorder.lift_clock(watch.now + timedelta(1)) == watch.now + timedelta(1)


def test_a_stamp_is_of_fixed_width_and_needs_a_zone() -> None:
    assert stamp(datetime.fromisoformat("2026-04-29T01:00:00Z")) == "2026-04-29T09:00:00.000000+08:00"
    with pytest.raises(ValueError, match="no time zone"):
        stamp(datetime(2026, 4, 29))  # noqa: DTZ001 that is the point


def test_which_position_an_instant_names(recorder: EventRecorder, watch: Watch) -> None:
    start = watch.now
    assert recorder.position_at(start) == 0
    for n in range(1, 40):
        recorder.insert_events([event(version=n)])
        watch.passes(minutes=n % 3)  # some share an instant
    rows = recorder.rows(1, 100)
    for minutes in range(-1, 60):
        instant = start + timedelta(minutes=minutes)
        expected = [row.position for row in rows if row.recorded_at <= stamp(instant)]
        assert recorder.position_at(instant) == max(expected, default=0)
    assert recorder.recorded_at(1) == start
    assert recorder.recorded_at(40) is None


def test_reading_rows(recorder: EventRecorder) -> None:
    recorder.insert_events([event(), event(B, topic="b/1"), event(version=2, topic="c/1"), event(B, 2)])
    assert [row.position for row in recorder.rows(2, 2)] == [2, 3]
    assert [row.position for row in recorder.after(2, 9)] == [3, 4]
    assert [row.topic for row in recorder.after(0, 9, topics=["b/1", "c/1"])] == ["b/1", "c/1"]
    assert [(row.position, row.stream, row.version) for row in recorder.of([B, A])] == [
        (1, A, 1), (2, B, 1), (3, A, 2), (4, B, 2),
    ]  # fmt: skip
    assert [row.position for row in recorder.of([A, B], upto=2)] == [1, 2]
    assert recorder.of([]) == []
    assert [row.position for row in recorder.of(UUID(int=n) for n in range(1200))] == [1, 2, 3, 4]
    assert recorder.rows(1, 1)[0].state == b"{}"


def test_the_tree_grows_with_the_log(engine: sa.Engine, recorder: EventRecorder) -> None:
    heads: list[tuple[int, bytes]] = []
    recorder = EventRecorder(engine, recorder._clock, lambda size, root: heads.append((size, root)))
    version = 0
    for some in (1, 2, 3, 1, 6, 20, 1):
        recorder.insert_events([event(version=version + n + 1, state=bytes([n])) for n in range(some)])
        version += some
    tree = Frontier()
    for row in recorder.rows(1, 99):
        tree.append(leaf_hash(leaf_bytes(*row)))
    with engine.connect() as conn:
        assert conn.execute(sa.select(tree_head)).one() == (34, tree.root(), tree.to_bytes())
        nodes = {(level, idx): node for level, idx, node in conn.execute(sa.select(tree_nodes))}
    assert len(nodes) == 34 + 17 + 8 + 4 + 2 + 1
    assert heads == [(size, root_at(lambda *at: nodes[at], size)) for size in (1, 3, 6, 7, 13, 33, 34)]
    for row in recorder.rows(1, 99):
        path = inclusion(lambda *at: nodes[at], row.position - 1, 34)
        assert verify_inclusion(leaf_hash(leaf_bytes(*row)), row.position - 1, 34, path, tree.root())


def test_an_empty_log_has_a_head(engine: sa.Engine) -> None:
    create_ledger(engine)  # a second time changes nothing
    with engine.connect() as conn:
        assert conn.execute(sa.select(tree_head)).one() == (0, EMPTY_ROOT, bytes(8))


def test_a_log_that_lost_its_tail_takes_nothing_more(engine: sa.Engine, watch: Watch) -> None:
    EventRecorder(engine, watch).insert_events([event(version=n) for n in range(1, 6)])
    with engine.execution_options(writes=True).begin() as conn:
        conn.execute(sa.delete(events).where(events.c.position == 5))
    with pytest.raises(LogBroken, match="5 leaves, the log ends at position 4"):
        EventRecorder(engine, watch).insert_events([event(B)])


def test_two_recorders_take_turns(engine: sa.Engine, watch: Watch) -> None:
    """As two processes do: each finds the log grown by the other."""
    one, other = EventRecorder(engine, watch), EventRecorder(engine, watch)
    command = asked()
    assert one.insert_events([event()]) == [1]
    assert other.insert_events([event(B)], command=command) == [2]
    assert one.insert_events([event(version=2)]) == [3]
    assert one.insert_events([event(version=3)]) == [4]
    with pytest.raises(IntegrityError):
        other.insert_events([event(version=3)])
    with pytest.raises(IntegrityError):
        one.insert_events([event(B, 1)])
    with pytest.raises(AlreadyDone):
        one.insert_events([event(B, 2)], command=command)
    with pytest.raises(MovedOn):
        one.insert_events([event(B, 2)], unchanged=[(A, 2)])
    assert other.insert_events([event(B, 2)], unchanged=[(A, 3)]) == [5]


def test_one_refusal_in_a_crowd_spoils_nothing(recorder: EventRecorder) -> None:
    recorder.insert_events([event()])
    barrier, answers = Barrier(40), dict[int, object]()

    def ask(n: int) -> None:
        barrier.wait()
        try:
            if n % 4 == 0:
                answers[n] = recorder.insert_events([event(UUID(int=n + 100)), event()])
            elif n % 4 == 1:
                answers[n] = recorder.insert_events([event(UUID(int=n + 100), topic="\ud800")])  # no UTF-8 says this
            else:
                answers[n] = recorder.insert_events([event(UUID(int=n + 100))])
        except (IntegrityError, DataError, UnicodeEncodeError) as refused:
            answers[n] = type(refused)

    threads = [Thread(target=ask, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answers[n] for n in range(0, 40, 4)} == {IntegrityError}
    assert {answers[n] for n in range(1, 40, 4)} == {UnicodeEncodeError}
    done = sorted(answers[n][0] for n in range(40) if n % 4 > 1)  # type: ignore[index]
    assert done == list(range(2, 22))


def test_a_failing_anchor_is_heard_and_the_retry_answers(engine: sa.Engine, watch: Watch) -> None:
    def fail(size: int, root: bytes) -> None:
        raise OSError("the vault is full")

    command = asked()
    with pytest.raises(OSError, match="vault"):
        EventRecorder(engine, watch, fail).insert_events([event()], command=command)
    with pytest.raises(AlreadyDone):
        EventRecorder(engine, watch).insert_events([event()], command=command)


def test_where_commits_do_not_last_the_ledger_does_not_open(tmp_path: Path) -> None:
    with pytest.raises(NotDurable, match="journal_mode is memory"):
        open_ledger("sqlite://")
    engine = open_ledger(tmp_path / "ledger.db")
    with engine.connect() as conn:
        assert conn.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    engine.dispose()


def test_where_postgres_answers_before_the_disk_the_ledger_does_not_open(postgres: str) -> None:
    with pytest.raises(NotDurable, match="synchronous_commit is off"):
        open_ledger(postgres + "&options=-csynchronous_commit%3Doff")


def hang_up(url: str) -> None:
    """End every session of a database but this one, as a restart of the server does."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as conn:
        conn.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                     " AND pid <> pg_backend_pid()")  # fmt: skip


def test_a_server_that_hung_up_is_called_again(postgres: str, watch: Watch) -> None:
    engine = open_ledger(postgres)
    create_ledger(engine)
    recorder = EventRecorder(engine, watch)
    recorder.insert_events([event()])
    hang_up(postgres)
    assert recorder.max_notification_id() == 1
    hang_up(postgres)
    assert recorder.insert_events([event(version=2)]) == [2]  # by one who knew how the log stood
    with pytest.raises(IntegrityError):
        recorder.insert_events([event(version=2)])
    hang_up(postgres)
    recorder._rows._known = None  # type: ignore[union-attr]
    assert recorder.insert_events([event(version=3)]) == [3]  # and by one who did not
    engine.dispose()


def test_an_answer_lost_in_the_commit_is_not_taken_for_a_refusal(postgres: str, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commit arrives, its answer does not: the caller is told so, and the command's id tells the rest."""
    engine = open_ledger(postgres)
    create_ledger(engine)
    recorder = EventRecorder(engine, watch)
    recorder.insert_events([event()])
    send = recorder._rows._at_once  # type: ignore[union-attr]

    def lose_the_answer(*asked: Any) -> Any:
        send(*asked)
        raise _Died("gone")

    command = asked()
    with monkeypatch.context() as patch:
        patch.setattr(recorder._rows, "_at_once", lose_the_answer)
        with pytest.raises(OperationalError, match="nobody knows"):
            recorder.insert_events([event(version=2)], command=command)
    with pytest.raises(AlreadyDone) as again:
        recorder.insert_events([event(version=2)], command=command)
    assert (again.value.first, again.value.last) == (2, 2)
    engine.dispose()


def test_another_program_that_holds_the_file_is_waited_for(tmp_path: Path, watch: Watch) -> None:
    engine = open_ledger(tmp_path / "ledger.db")
    create_ledger(engine)
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    answers: list[object] = []
    waiting = Thread(target=lambda: answers.append(EventRecorder(engine, watch).insert_events([event()])))
    waiting.start()
    waiting.join(0.2)
    assert answers == []
    other.execute("COMMIT")
    waiting.join(10)
    other.close()
    engine.dispose()
    assert answers == [[1]]


def test_reads_are_chained(engine: sa.Engine, recorder: EventRecorder, watch: Watch) -> None:
    recorder.record_read("auditor", "case", "AN-1", watch.now)
    watch.passes(seconds=1)
    recorder.record_read("city", "credit-file", "CN-USCC:91", watch.now)
    with engine.connect() as conn:
        first, second = conn.exec_driver_sql("SELECT seq, at, account, kind, subject, digest FROM reads ORDER BY seq")
    digest = bytes(32)
    for seq, at, *texts, stored in (first, second):
        fields = [text.encode() for text in (at, *texts)]
        digest = sha256(digest + seq.to_bytes(8, "big") + b"".join(len(t).to_bytes(4, "big") + t for t in fields)).digest()
        assert bytes(stored) == digest
    assert (first[0], second[0]) == (1, 2)
