"""Whoever changes the log by hand is found, at the first position that differs; nobody else is."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent

from domain.proof.leaf import leaf_bytes
from domain.proof.tree import Frontier, leaf_hash, root_at
from stores.ledger import pages, verify
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger, tree_nodes
from stores.ledger.verify import Report, verify_reads
from tests.stores.ledger.conftest import Watch

EVENTS = 300
STREAMS = [UUID(int=random.Random(n).getrandbits(128)) for n in range(40)]
TOPICS = ["contract.signed/1", "合同.已签/1", "payment.made/1"]


@pytest.fixture(autouse=True, scope="module")
def _small_pages() -> Iterator[None]:
    """Pages of 64 rows, so that three hundred events fill some and begin another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "PAGE", 64)
        yield


def fill(recorder: EventRecorder, watch: Watch, count: int, seed: int = 7) -> None:
    drawn, versions = random.Random(seed), dict.fromkeys(STREAMS, 0)
    while count:
        some = []
        for _ in range(min(count, drawn.randint(1, 5))):
            stream = drawn.choice(STREAMS)
            versions[stream] += 1
            some.append(StoredEvent(stream, versions[stream], drawn.choice(TOPICS), drawn.randbytes(drawn.randint(2, 90))))
        recorder.insert_events(some)
        count -= len(some)
        watch.passes(seconds=drawn.randint(0, 90))


def roots(engine: sa.Engine, sizes: list[int]) -> list[tuple[int, bytes]]:
    with engine.connect() as conn:
        nodes = {(level, idx): node for level, idx, node in conn.execute(sa.select(tree_nodes))}
    return [(size, root_at(lambda *at: nodes[at], size)) for size in sizes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[int, bytes]]]:
    """A log of 300 events as one file, and the roots that others keep of it."""
    path = tmp_path_factory.mktemp("whole") / "ledger.db"
    engine = open_ledger(path)
    create_ledger(engine)
    watch = Watch()
    fill(EventRecorder(engine, watch), watch, EVENTS)
    anchors = roots(engine, [50, 100, 150, 200, 250, EVENTS])
    engine.dispose()
    for left in path.parent.glob("*-wal"):
        assert left.stat().st_size == 0
    return path, anchors


# ---------------------------------------------------------------- what somebody may do to a file

Change = Callable[[sqlite3.Connection, random.Random], int]  # does it, and says the first position that differs


def edit(column: str, new: Callable[[random.Random], object]) -> Change:
    def change(file: sqlite3.Connection, drawn: random.Random) -> int:
        position = drawn.randint(1, EVENTS)
        file.execute(f"UPDATE events SET {column} = ? WHERE position = ?", (new(drawn), position))
        return position

    change.__name__ = f"edit_{column}"
    return change


def turn_a_bit(file: sqlite3.Connection, drawn: random.Random) -> int:
    position = drawn.randint(1, EVENTS)
    (state,) = file.execute("SELECT state FROM events WHERE position = ?", (position,)).fetchone()
    at = drawn.randrange(len(state))
    turned = state[:at] + bytes([state[at] ^ (1 << drawn.randrange(8))]) + state[at + 1 :]
    file.execute("UPDATE events SET state = ? WHERE position = ?", (turned, position))
    return position


def make_text_of_a_state(file: sqlite3.Connection, drawn: random.Random) -> int:
    position = drawn.randint(1, EVENTS)
    file.execute("UPDATE events SET state = CAST(state AS TEXT) WHERE position = ?", (position,))
    return position


def write_a_stream_otherwise(file: sqlite3.Connection, drawn: random.Random) -> int:
    position = drawn.randint(1, EVENTS)
    file.execute("UPDATE events SET originator_id = upper(originator_id) WHERE position = ?", (position,))
    return position


def swap(file: sqlite3.Connection, drawn: random.Random) -> int:
    one, other = sorted(drawn.sample(range(1, EVENTS + 1), 2))
    for old, new in ((one, -1), (other, one), (-1, other)):
        file.execute("UPDATE events SET position = ? WHERE position = ?", (new, old))
    return one


def drop(file: sqlite3.Connection, drawn: random.Random) -> int:
    position = drawn.randint(1, EVENTS)
    file.execute("DELETE FROM events WHERE position = ?", (position,))
    return position


def drop_and_close_the_gap(file: sqlite3.Connection, drawn: random.Random) -> int:
    position = drop(file, drawn)
    file.execute("UPDATE events SET position = -position WHERE position > ?", (position,))
    file.execute("UPDATE events SET position = -position - 1 WHERE position < 0")
    return position


def put_in(file: sqlite3.Connection, drawn: random.Random) -> int:
    position = drawn.randint(1, EVENTS)
    file.execute("UPDATE events SET position = -position - 1 WHERE position >= ?", (position,))
    file.execute("UPDATE events SET position = -position WHERE position < 0")
    write(file, position, drawn)
    return position


def add(file: sqlite3.Connection, drawn: random.Random) -> int:
    write(file, EVENTS + 1, drawn)
    return EVENTS + 1


def add_far_away(file: sqlite3.Connection, drawn: random.Random) -> int:
    write(file, EVENTS + 10**15, drawn)
    return EVENTS + 1


def add_before_the_first(file: sqlite3.Connection, drawn: random.Random) -> int:
    position = -drawn.randint(0, 5)
    write(file, position, drawn)
    return position


def write(file: sqlite3.Connection, position: int, drawn: random.Random) -> None:
    near = min(max(position - 1, 1), EVENTS)
    at = file.execute("SELECT recorded_at FROM events WHERE position >= ? ORDER BY 1 LIMIT 1", (near,)).fetchone()
    stream = UUID(int=drawn.getrandbits(128)).hex
    file.execute("INSERT INTO events VALUES (?,?,1,'contract.signed/1',?,?)", (position, stream, b"{}", *at))


def cut(file: sqlite3.Connection, drawn: random.Random) -> int:
    left = EVENTS - drawn.choice([1, 1, 2, 5, 36, 44, 45, 100, 250, 300])
    file.execute("DELETE FROM events WHERE position > ?", (left,))
    return left + 1


def other_time(drawn: random.Random) -> str:
    return f"2026-0{drawn.randint(1, 9)}-1{drawn.randint(0, 9)}T10:{drawn.randint(10, 59)}:00.000000+08:00"


EDITS: list[Change] = [
    edit("state", lambda drawn: drawn.randbytes(9)),
    edit("topic", lambda drawn: f"payment.lost/{drawn.randint(1, 9)}"),
    edit("topic", lambda drawn: b"\xff\xfe"),
    edit("recorded_at", other_time),
    edit("originator_version", lambda drawn: drawn.choice([-3, 0, 1000, 2**40])),
    edit("originator_id", lambda drawn: UUID(int=drawn.getrandbits(128)).hex),
    turn_a_bit,
    swap,
    drop_and_close_the_gap,
    put_in,
    cut,
]
ONLY_PLAIN: list[Change] = [
    drop,
    add,
    add_far_away,
    add_before_the_first,
    make_text_of_a_state,
    write_a_stream_otherwise,
    edit("topic", lambda drawn: 5.5),
    edit("originator_id", lambda drawn: "no stream"),
    edit("originator_version", lambda drawn: "some"),
    edit("recorded_at", lambda drawn: drawn.choice(["", "2026", b"2026-04-29"])),
]


def forge_leaf(file: sqlite3.Connection, position: int) -> None:
    """Make the leaf fit the row, and nothing above it."""
    row = file.execute("SELECT position, recorded_at, originator_id, originator_version, topic, state FROM events "
                       "WHERE position = ?", (position,)).fetchone()  # fmt: skip
    file.execute("UPDATE tree_nodes SET hash = ? WHERE level = 0 AND idx = ?", (leaf_of(row), position - 1))


def forge_tree(file: sqlite3.Connection) -> None:
    """Make the whole tree anew over what the rows say now."""
    tree, nodes = Frontier(), list[tuple[int, int, bytes]]()
    for row in file.execute("SELECT position, recorded_at, originator_id, originator_version, topic, state FROM events "
                            "ORDER BY position").fetchall():  # fmt: skip
        tree.append(leaf_of(row), lambda *node: nodes.append(node))
    file.execute("DELETE FROM tree_nodes")
    file.executemany("INSERT INTO tree_nodes VALUES (?,?,?)", nodes)
    file.execute("UPDATE tree_head SET size = ?, root = ?, frontier = ?", (tree.size, tree.root(), tree.to_bytes()))


def leaf_of(row: tuple[int, str, str, int, str, bytes]) -> bytes:
    position, at, stream, version, topic, state = row
    name = topic if isinstance(topic, str) else "?"
    return leaf_hash(leaf_bytes(position, at, UUID(stream), version, name, state))


def changed(whole: Path, folder: Path, act: Callable[[sqlite3.Connection], int]) -> tuple[Path, int]:
    path = folder / "copy.db"
    shutil.copy(whole, path)
    file = sqlite3.connect(path, isolation_level=None)
    position = act(file)
    file.close()
    return path, position


# ---------------------------------------------------------------- that it is found


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("change", EDITS + ONLY_PLAIN, ids=lambda change: change.__name__)
def test_a_change_by_hand(whole: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path, change: Change, seed: int) -> None:
    path, position = changed(whole[0], tmp_path, lambda file: change(file, random.Random(f"{change.__name__}{seed}")))
    found = verify.verify(path)  # no anchor is needed where the tree was left alone
    assert found.first is not None
    assert (found.first.position, found.first.until) == (position, None), found.first
    assert found.first.check in ("order", "bytes")
    assert not found.ok


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("change", EDITS, ids=lambda change: change.__name__)
def test_a_change_with_the_tree_made_to_match(whole: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path, change: Change, seed: int) -> None:
    def act(file: sqlite3.Connection) -> int:
        position = change(file, random.Random(f"{change.__name__}{seed}"))
        forge_tree(file)
        return position

    path, position = changed(whole[0], tmp_path, act)
    found = verify.verify(path, whole[1])
    assert found.first is not None
    if found.first.check == "order" or change is drop_and_close_the_gap:
        # Named is where the log contradicts itself or ends too early, which may be later than where it was changed.
        assert (found.first.until or found.first.position) >= position
    else:
        assert covers(found, position), (found.first, position)
    assert not {check.name: check.ok for check in found.checks}["anchor"]
    assert not verify.verify(path, whole[1][-1:]).ok


@pytest.mark.parametrize("seed", range(12))
def test_a_change_with_its_leaf_made_to_match(whole: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path, seed: int) -> None:
    def act(file: sqlite3.Connection) -> int:
        position = turn_a_bit(file, random.Random(seed))
        forge_leaf(file, position)
        return position

    path, position = changed(whole[0], tmp_path, act)
    found = verify.verify(path)
    assert found.first is not None
    assert found.first.check == "tree"
    assert covers(found, position)
    assert (found.first.until or 0) - found.first.position < 2 or position == EVENTS


@pytest.mark.parametrize("seed", range(20))
def test_a_change_of_the_tree_alone(whole: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path, seed: int) -> None:
    drawn = random.Random(seed)

    def act(file: sqlite3.Connection) -> int:
        level, idx = drawn.choice(file.execute("SELECT level, idx FROM tree_nodes").fetchall())
        if seed % 4 == 0:
            file.execute("DELETE FROM tree_nodes WHERE level = ? AND idx = ?", (level, idx))
        elif seed % 4 == 1:
            idx = EVENTS >> level
            file.execute("INSERT INTO tree_nodes VALUES (?,?,?)", (level, idx + drawn.randint(0, 3), bytes(32)))
        else:
            file.execute("UPDATE tree_nodes SET hash = ? WHERE level = ? AND idx = ?", (drawn.randbytes(32), level, idx))
        return (idx << level) + 1

    path, position = changed(whole[0], tmp_path, act)
    found = verify.verify(path, whole[1])
    assert covers(found, position), (found.first, position)


@pytest.mark.parametrize("statement", [
    "UPDATE tree_head SET root = zeroblob(32)", "UPDATE tree_head SET size = 299", "DELETE FROM tree_head",
    "UPDATE tree_head SET frontier = zeroblob(8)", "INSERT INTO tree_head SELECT * FROM tree_head",
    "DELETE FROM tree_nodes", "INSERT INTO tree_nodes VALUES (1000000000000, 0, zeroblob(32))",
    "INSERT INTO tree_nodes VALUES (-1, 0, zeroblob(32))", "INSERT INTO tree_nodes VALUES ('x', 'y', zeroblob(32))",
    "INSERT INTO tree_nodes VALUES (0, 1000000000000, zeroblob(32))", "UPDATE tree_head SET size = 1000000000000",
])  # fmt: skip
def test_a_change_of_the_head(whole: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path, statement: str) -> None:
    path, _ = changed(whole[0], tmp_path, lambda file: file.execute(statement).rowcount)
    found = verify.verify(path, whole[1])
    assert found.first is not None
    assert [check.name for check in found.checks if not check.ok][:1] != []


def covers(found: Report, position: int) -> bool:
    return found.first is not None and found.first.position <= position <= (found.first.until or found.first.position)


def test_the_first_difference_says_whose_event_it_is(whole: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path) -> None:
    path, position = changed(whole[0], tmp_path, lambda file: turn_a_bit(file, random.Random(1)))
    file = sqlite3.connect(path)
    row = file.execute("SELECT originator_id, originator_version, topic FROM events WHERE position = ?", (position,)).fetchone()
    file.close()
    found = verify.verify(path).first
    assert found is not None
    assert (found.check, found.stream, found.version, found.topic) == ("bytes", str(UUID(row[0])), *row[1:])


def test_what_cannot_be_read_is_told(whole: tuple[Path, list[tuple[int, bytes]]]) -> None:
    asked: list[str] = []

    def decodes(topic: str, state: bytes) -> str | None:
        asked.append(topic)
        return "nobody knows this topic" if len(asked) == 123 else None

    found = verify.verify(whole[0], decodes=decodes)
    assert len(asked) == EVENTS
    assert found.first is not None
    assert (found.first.check, found.first.position, found.first.what) == ("bytes", 123, "nobody knows this topic")


# ---------------------------------------------------------------- and that nothing else is


def test_no_false_alarm(whole: tuple[Path, list[tuple[int, bytes]]]) -> None:
    found = verify.verify(whole[0], whole[1])
    assert (found.ok, found.first, found.events, found.root) == (True, None, EVENTS, whole[1][-1][1])
    assert [(check.name, check.ok, check.checked) for check in found.checks] == [
        ("order", True, EVENTS), ("bytes", True, EVENTS), ("tree", True, EVENTS), ("anchor", True, EVENTS),
    ]  # fmt: skip


def test_no_false_alarm_at_any_size(engine: sa.Engine, any_database: str, watch: Watch) -> None:
    recorder = EventRecorder(engine, watch)
    assert verify.verify(any_database).ok
    for version in range(1, 140):
        recorder.insert_events([StoredEvent(STREAMS[version % 3], (version + 2) // 3, "a/1", b"{}")])
        if version % 7 in (0, 1) or version in (63, 64, 65, 127, 128, 129):
            found = verify.verify(any_database, roots(engine, [version // 2, version]))
            assert (found.ok, found.events) == (True, version), found.first


def decodes_all(topic: str, state: bytes) -> str | None:
    return None if topic in TOPICS else f"unknown topic {topic}"


def test_several_processes_find_the_same(whole: tuple[Path, list[tuple[int, bytes]]], tmp_path: Path) -> None:
    found = verify.verify(whole[0], whole[1], decodes_all, workers=3)
    assert (found.ok, found.first, found.events, found.root) == (True, None, EVENTS, whole[1][-1][1])
    assert [check.checked for check in found.checks] == [EVENTS] * 4
    for seed, change in enumerate([cut, drop, add, swap, turn_a_bit, add_far_away, add_before_the_first, EDITS[3]]):
        path, position = changed(whole[0], tmp_path, lambda file, c=change, s=seed: c(file, random.Random(f"many{s}")))  # type: ignore[misc]
        here, there = verify.verify(path, workers=1), verify.verify(path, workers=2)
        assert here.first is not None
        assert here.first.position == position
        assert there.first == here.first
        assert there.events == here.events


def test_a_log_that_grew_since_the_anchor(engine: sa.Engine, any_database: str, watch: Watch) -> None:
    recorder = EventRecorder(engine, watch)
    fill(recorder, watch, 100)
    (anchor,) = roots(engine, [77])
    assert verify.verify(any_database, [anchor]).ok
    other = verify.verify(any_database, [(77, bytes(32))]).first
    assert other is not None
    assert (other.check, other.position, other.until) == ("anchor", 1, 77)
    short = verify.verify(any_database, [anchor, (120, bytes(32))]).first
    assert short is not None
    assert (short.check, short.position) == ("anchor", 101)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events SET state = '\\x00' WHERE position = 70",
        "UPDATE events SET topic = 'other' WHERE position = 70",
        "UPDATE events SET recorded_at = '2020' WHERE position = 70",
        "UPDATE events SET originator_version = 999 WHERE position = 70",
        "UPDATE events SET originator_id = gen_random_uuid() WHERE position = 70",
        "DELETE FROM events WHERE position = 70",
        "DELETE FROM events WHERE position >= 70",
        "UPDATE tree_nodes SET hash = '\\x00' WHERE level = 0 AND idx = 69",
    ],
)
def test_on_postgres_too(postgres: str, watch: Watch, statement: str) -> None:
    engine = open_ledger(postgres)
    create_ledger(engine)
    fill(EventRecorder(engine, watch), watch, 150)
    assert verify.verify(postgres).ok
    with engine.begin() as conn:
        conn.exec_driver_sql(statement)
    engine.dispose()
    found = verify.verify(postgres).first
    assert found is not None
    assert found.position == 70


# ---------------------------------------------------------------- the reads


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("SELECT 1", None),
        ("UPDATE reads SET account = 'nobody' WHERE seq = 4", 4),
        ("UPDATE reads SET at = '2026-01-01T00:00:00.000000+08:00' WHERE seq = 7", 7),
        ("UPDATE reads SET subject = '', kind = kind || subject WHERE seq = 2", 2),
        ("DELETE FROM reads WHERE seq = 1", 1),
        ("DELETE FROM reads WHERE seq = 4", 4),
        ("DELETE FROM reads WHERE seq > 8", 9),
        ("INSERT INTO reads SELECT 11, at, account, kind, subject, digest FROM reads WHERE seq = 10", 11),
    ],
)
def test_the_chain_of_reads(engine: sa.Engine, any_database: str, watch: Watch, statement: str, position: int | None) -> None:
    recorder = EventRecorder(engine, watch)
    assert verify_reads(any_database) is None
    for n in range(10):
        recorder.record_read("审计员", "case", f"AN-{n}", watch.now + timedelta(seconds=n))
    with engine.execution_options(writes=True).begin() as conn:
        last = conn.exec_driver_sql("SELECT seq, digest FROM reads ORDER BY seq DESC LIMIT 1").one()
        conn.exec_driver_sql(statement)
    found = verify_reads(any_database, (last[0], bytes(last[1])))
    assert (found and found.position) == position
