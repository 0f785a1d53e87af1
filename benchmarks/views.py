"""How fast views are told: every view in one pass, beside SELECT + decode alone and beside one transaction an event.

    python -m benchmarks.views [EVENTS] [--postgresql URL] [--profile]

Views: the three of the engine's tests, then the same three times. Then reading one's own write (from a follower asked
to a row read), and pages of 50 at moments all over the past beside the page of now.
"""

import argparse
import cProfile
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain.events import Told
from projections.temporal.engine import open_views_engine
from projections.temporal.follow import Follower
from projections.temporal.moment import Moment, at
from projections.temporal.rebuild import rebuild
from projections.temporal.view import View, open_views
from tests.projections.temporal import facts


class StoredLedger:
    """A log in SQLite, read and decoded anew by whoever asks."""

    def __init__(self, path: str, told: Sequence[Told]) -> None:
        self.engine = sa.create_engine(f"sqlite:///{path}")
        kinds = {type(one.event) for one in told}
        self.decoders = {kind.__name__: msgspec.json.Decoder(kind).decode for kind in kinds}
        self.upto = 2**62
        with self.engine.begin() as conn:
            conn.exec_driver_sql("CREATE TABLE events (position INTEGER PRIMARY KEY, recorded_at TEXT, stream TEXT, version INT, topic TEXT, state BLOB)")
            conn.exec_driver_sql("CREATE UNIQUE INDEX place ON events (stream, version)")
            conn.exec_driver_sql("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", [self._row(one) for one in told])

    def append(self, told: Told) -> None:
        with self.engine.begin() as conn:
            conn.exec_driver_sql("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", self._row(told))

    def after(self, position: int, limit: int) -> list[Told]:
        limit = min(limit, max(0, self.upto - position))
        with self.engine.connect() as conn:
            found = conn.exec_driver_sql("SELECT * FROM events WHERE position > ? ORDER BY position LIMIT ?", (position, limit))
            return [self._told(row) for row in found]

    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]:
        found: dict[UUID, list[Told]] = {}
        with self.engine.connect() as conn:
            for stream in streams:
                mine = "SELECT * FROM events WHERE stream = ? AND position <= ? ORDER BY version"
                rows = conn.exec_driver_sql(mine, (stream.hex, upto or 2**62))
                found[stream] = [self._told(row) for row in rows]
        return found

    def _row(self, one: Told) -> tuple[Any, ...]:
        state = msgspec.json.encode(one.event)
        recorded = one.recorded_at.isoformat() if one.recorded_at else None
        return one.position, recorded, one.stream.hex, one.version, type(one.event).__name__, state

    def _told(self, row: Any) -> Told:
        position, recorded, stream, version, topic, state = row
        event = self.decoders[topic](state)
        return Told(UUID(hex=stream), version, event, position, datetime.fromisoformat(recorded))


def times_three(views: Sequence[View]) -> list[View]:
    def named(view: View, n: int) -> View:
        return replace(view, table=view.table.to_metadata(sa.MetaData(), name=f"{view.name}{n}"))

    return [named(view, n) for n in range(3) for view in views]


def timed(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def drop(views: Sequence[View], engine: sa.Engine) -> None:
    with engine.execution_options(writing=True).begin() as conn:
        for view in views:
            view.table.drop(conn, checkfirst=True)
    open_views(views, engine)


def measure(label: str, engine: sa.Engine, views: list[View], ledger: StoredLedger, events: int) -> None:
    drop(views, engine)
    caught = timed(Follower(views, ledger, engine, facts.book_of).catch_up)
    retold = timed(lambda: rebuild(views, ledger, engine, facts.book_of))
    drop(views, engine)
    ledger.upto = few = min(events, 1_000)
    single = timed(Follower(views, ledger, engine, facts.book_of, batch=1).catch_up)
    ledger.upto = 2**62
    print(
        f"{label:<12}{len(views)} views: caught up {events / caught:>9,.0f}/s   rebuilt {events / retold:>9,.0f}/s"
        f"   a transaction an event {few / single:>7,.0f}/s   ratio {events / retold / (few / single):.1f}"
    )


def own_write(label: str, engine: sa.Engine, views: list[View], ledger: StoredLedger, last: Told) -> None:
    drop(views, engine)
    rebuild(views, ledger, engine, facts.book_of)
    hot, took, table = Follower(views, ledger, engine, facts.book_of), list[float](), views[0].table
    hot.catch_up()
    for n in range(1, 101):
        stream = UUID(int=10**9 + n)
        event = facts.fact("sign", last.event.day, n)
        ledger.append(Told(stream, 1, event, last.position + n, last.recorded_at))
        start = time.perf_counter()
        hot.upto(last.position + n)
        with engine.connect() as conn:
            mine = sa.select(table).where(at(Moment(last.event.day), table), table.c.owner == stream)
            assert conn.execute(mine).one()
        took.append((time.perf_counter() - start) * 1000)
    print(f"{label:<12}{len(views)} views: one's own write, {spread(took)}")


def spread(milliseconds: list[float]) -> str:
    ordered = sorted(milliseconds)
    return f"median {statistics.median(ordered):.2f} ms, p95 {ordered[int(len(ordered) * 0.95)]:.2f} ms"


def pages(label: str, engine: sa.Engine, last: Told) -> None:
    """The first fifty of an authority, at the same two hundred moments for each kind of page."""
    today, dice = last.event.day, Random(1)
    days, positions = (today - facts.DAY0).days, last.position
    for table, order in ((facts.register, ("value", "owner")), (facts.duties, ("due_on", "owner", "key"))):
        for kind in ("now", "known_at", "as_of", "both"):
            took = list[float]()
            with engine.connect() as conn:
                for _ in range(200):
                    known_at = dice.randrange(1, positions) if kind in ("known_at", "both") else None
                    as_of = facts.DAY0 + timedelta(days=dice.randrange(days)) if kind in ("as_of", "both") else None
                    mine = at(Moment(today, known_at, as_of), table) & (table.c.authority == "机构1")
                    start = time.perf_counter()
                    conn.execute(sa.select(table).where(mine).order_by(*(table.c[n] for n in order)).limit(50)).all()
                    took.append((time.perf_counter() - start) * 1000)
            print(f"{label:<12}{table.name:<9} {kind:<9} {spread(took)}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("events", nargs="?", type=int, default=50_000)
    asked.add_argument("--postgresql", metavar="URL")
    asked.add_argument("--profile", action="store_true")
    wanted = asked.parse_args()
    story = facts.random_history(wanted.events, seed=1, late=0.05, corrected=0.01)
    with tempfile.TemporaryDirectory() as folder:
        ledger = StoredLedger(f"{folder}/log.db", story)
        for three in range(0, wanted.events, 5_000):
            ledger.after(three, 5_000)
        floor = timed(lambda: [ledger.after(start, 5_000) for start in range(0, wanted.events, 5_000)])
        print(f"{wanted.events:,} events; SELECT + decode alone {wanted.events / floor:,.0f}/s")
        engines = {"SQLite": open_views_engine(f"sqlite:///{folder}/views.db")}
        if wanted.postgresql:
            engines["PostgreSQL"] = open_views_engine(wanted.postgresql)
        for label, engine in engines.items():
            if wanted.profile:
                drop(facts.VIEWS, engine)
                with cProfile.Profile() as profile:
                    Follower(facts.VIEWS, ledger, engine, facts.book_of, 5_000).catch_up()
                pstats.Stats(profile).sort_stats("tottime").print_stats(28)
                continue
            for views in (facts.VIEWS, times_three(facts.VIEWS)):
                measure(label, engine, views, ledger, wanted.events)
            own_write(label, engine, times_three(facts.VIEWS), StoredLedger(f"{folder}/{label}.db", story), story[-1])
            rebuild(facts.VIEWS, ledger, engine, facts.book_of)
            pages(label, engine, story[-1])
        for engine in engines.values():
            engine.dispose()


if __name__ == "__main__":
    main()
