"""Many at once, in threads and in processes: nothing missing, nothing doubled, one winner a version."""

import multiprocessing
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier, Event, Thread
from time import sleep
from uuid import UUID, uuid4

import sqlalchemy as sa
from eventsourcing.persistence import IntegrityError, StoredEvent

from domain.ledger import Command
from domain.refusals import AlreadyDone
from stores.ledger.append import CHINA
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import commands, create_ledger
from stores.ledger.verify import verify

SHARED_STREAM = UUID(int=1)
Outcome = tuple[list[int], list[int]]  # positions of one's own events, versions won of the shared stream


def now() -> datetime:
    return datetime.now(CHINA)


def event(stream: UUID, version: int, state: bytes = b"{}") -> StoredEvent:
    return StoredEvent(stream, version, "a/1", state)


def work(recorder: EventRecorder, rounds: int) -> Outcome:
    """Write to a stream of one's own, and try for every version of one that all want; each as a command of its own."""
    own, positions, won = uuid4(), [], []
    for n in range(1, rounds + 1):
        positions += recorder.insert_events([event(own, n)], command=Command(uuid4(), "me", "d"))
        try:
            recorder.insert_events([event(SHARED_STREAM, n)], command=Command(uuid4(), "me", "d"))
            won.append(n)
        except IntegrityError:
            while recorder.stream_version(SHARED_STREAM) < n:  # ahead of the others: wait for whoever wins this one
                sleep(0.002)
    return positions, won


def work_elsewhere(url: str, rounds: int) -> Outcome:
    engine = open_ledger(url)
    try:
        return work(EventRecorder(engine, now), rounds)
    finally:
        engine.dispose()


def assert_whole(url: str, engine: sa.Engine, outcomes: list[Outcome], rounds: int) -> None:
    positions = [position for own, _ in outcomes for position in own]
    won = Counter(version for _, versions in outcomes for version in versions)
    assert won == dict.fromkeys(range(1, rounds + 1), 1), "one winner a version"
    assert len(set(positions)) == len(outcomes) * rounds
    total = (len(outcomes) + 1) * rounds
    rows = EventRecorder(engine, now).rows(1, 10_000)
    assert [row.position for row in rows] == list(range(1, total + 1))
    assert len({(row.stream, row.version) for row in rows}) == total
    with engine.connect() as conn:
        kept = conn.execute(sa.select(commands.c.first_position)).scalars().all()
    assert sorted(kept) == list(range(1, total + 1)), "a command for every event, and none for those that lost"
    assert verify(url).first is None


def test_two_hundred_commands_from_threads(engine: sa.Engine, any_database: str) -> None:
    recorder = EventRecorder(engine, now)
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: work(recorder, 13), range(8)))
    assert_whole(any_database, engine, outcomes, 13)


def test_two_hundred_commands_from_four_processes(engine: sa.Engine, any_database: str) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        outcomes = pool.starmap(work_elsewhere, [(any_database, 25)] * 4)
        pool.close()
        pool.join()
    assert_whole(any_database, engine, outcomes, 25)


def test_a_double_click_makes_one_event(engine: sa.Engine) -> None:
    recorder = EventRecorder(engine, now)
    barrier, command, answers = Barrier(12), Command(uuid4(), "me", "d"), list[object]()

    def click() -> None:
        barrier.wait()
        try:
            answers.append(tuple(recorder.insert_events([event(uuid4(), 1)], command=command)))
        except AlreadyDone as again:
            answers.append((again.first,))

    threads = [Thread(target=click) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [(1,)] * 12
    assert recorder.max_notification_id() == 1


def test_clients_share_commits(engine: sa.Engine) -> None:
    commits: list[int] = []
    started = Event()

    def slow_anchor(size: int, root: bytes) -> None:
        commits.append(size)
        started.wait(0.05)

    recorder = EventRecorder(engine, now, slow_anchor)
    with ThreadPoolExecutor(32) as pool:
        positions = list(pool.map(lambda _: recorder.insert_events([event(uuid4(), 1)])[0], range(320)))
    assert sorted(positions) == list(range(1, 321))
    assert commits == sorted(commits)
    assert len(commits) < 40


def test_a_follower_skips_nothing(postgres: str) -> None:
    """Two writers on engines of their own; whoever reads along sees every position, in order."""
    engines = [open_ledger(postgres) for _ in range(3)]
    create_ledger(engines[0])
    seen: list[int] = []
    done = Event()

    def follow() -> None:
        reader = EventRecorder(engines[2], now)
        while True:
            last = done.is_set()
            rows = reader.after(seen[-1] if seen else 0, 1000)
            seen.extend(row.position for row in rows)
            if last and not rows:
                return

    follower = Thread(target=follow)
    follower.start()
    with ThreadPoolExecutor(2) as pool:
        recorders = [EventRecorder(engine, now) for engine in engines[:2]]
        list(pool.map(lambda one: [one.insert_events([event(uuid4(), 1)]) for _ in range(150)], recorders))
    done.set()
    follower.join()
    for engine in engines:
        engine.dispose()
    assert seen == list(range(1, 301))
