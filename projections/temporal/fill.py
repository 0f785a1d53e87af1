"""Filling fresh tables by several processes: each tells the streams of its share, one whole stream after another.

Every row belongs to one stream, so nothing told is looked up or closed again, and the rows come in the tables' own order.
Nobody reads or follows what they write until all of them are done, so no bookmark moves meanwhile.
"""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, ExitStack, nullcontext
from multiprocessing import get_context
from time import sleep
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import sqlalchemy as sa

from domain.events import Told
from projections.temporal.engine import GAP, writing
from projections.temporal.follow import Pasts, Routes, ahead, collector_resting, remembered
from projections.temporal.rows import BookOf
from projections.temporal.view import View, beside
from projections.temporal.working import WorkingSet
from projections.temporal.writing import Unwritable

MANY = 50_000  # events that one process tells sooner than several would have begun to
MOST_PROCESSES = 4


class SharedLog(Protocol):
    """What a share of the log is read by."""

    def shares(self, upto: int, parts: int) -> list[tuple[UUID, UUID | None]]: ...
    def by_stream(self, start: UUID, below: UUID | None, upto: int, limit: int) -> Iterator[list[Told]]: ...
    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]: ...


class Desk(NamedTuple):
    """What one process works with, opened by itself."""

    views: Sequence[View]
    ledger: SharedLog
    engine: sa.Engine
    book_of: BookOf


class Elsewhere(NamedTuple):
    """How a process opens a desk of its own (picklable), and how far the log is to be told there."""

    upto: int
    opened: Callable[[], AbstractContextManager[Desk]]


class Share(NamedTuple):
    """What one process tells: fresh tables by their names, of the streams from one up to below another."""

    names: Sequence[str]
    batch: int
    start: UUID
    below: UUID | None


def processes() -> int:
    """As many as there are processors, four at most."""
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0)))


def fill(elsewhere: Elsewhere, names: Sequence[str], batch: int) -> Collection[str]:
    """Tell fresh tables; the names of those that cannot be told so far, whose content is then of no use."""
    context = get_context("spawn")
    with elsewhere.opened() as desk:
        shares = desk.ledger.shares(elsewhere.upto, processes())
    with ProcessPoolExecutor(len(shares), context, _take, (context.Lock(),)) as pool:
        asked = [pool.submit(_fill, elsewhere, Share(names, batch, *share)) for share in shares]
        return {name for one in asked for name in one.result()}


_turn: AbstractContextManager[Any] = nullcontext()


def _take(turn: AbstractContextManager[Any]) -> None:
    """SQLite has one writer: who waits for this is woken, where SQLite's own waiting sleeps."""
    global _turn
    _turn = turn


def _fill(elsewhere: Elsewhere, share: Share) -> set[str]:
    with elsewhere.opened() as desk:
        views = {one.name: one for one in map(beside, desk.views) if one.name in share.names}
        filling = _Filling(desk, views)
        return filling.work(elsewhere.upto, share)


class _Filling:
    def __init__(self, desk: Desk, views: dict[str, View]) -> None:
        self._desk, self._routes = desk, Routes(views)
        self._sets = {name: WorkingSet(view.table, view.fold, view.kinds, most_lives=0, blank=True) for name, view in views.items()}
        self._stopped = set[str]()
        self._sqlite = desk.engine.dialect.name == "sqlite"
        if self._sqlite:
            sa.event.listen(desk.engine, "checkout", _checkpoint_rarely)

    def work(self, upto: int, share: Share) -> set[str]:
        with collector_resting():
            for told in self._desk.ledger.by_stream(share.start, share.below, upto, share.batch):
                if len(self._stopped) == len(self._sets):
                    break
                self._tell(told)
        return self._stopped

    def _tell(self, told: Sequence[Told]) -> None:
        past, book_of = Pasts(self._desk.ledger, told), remembered(self._desk.book_of)
        news = {name: heard for name, heard in self._routes.news(told, past).items() if name not in self._stopped}
        early = {one.position for one in told if ahead(one)}
        with self._desk.engine.connect() as conn:
            for name, heard in news.items():
                if (early and any(one.position in early for one in heard)) or self._sets[name].hear(conn, heard, past, book_of) is not None:
                    self._stopped.add(name)
                else:
                    self._make_ready(name)
        with ExitStack() as held:
            if self._sqlite:
                held.enter_context(_turn)
                held.callback(sleep, GAP)  # after the commit, before the next turn: those who tell the living views get in
            conn = held.enter_context(writing(self._desk.engine).begin())
            for name in news.keys() - self._stopped:
                self._flush(conn, name)

    def _make_ready(self, name: str) -> None:
        """While nobody waits for the turn."""
        try:
            self._sets[name].make_ready(self._desk.engine.dialect)
        except Unwritable:
            self._stopped.add(name)

    def _flush(self, conn: sa.Connection, name: str) -> None:
        """A refused row takes back what its view says in this batch; the other views' rows stay."""
        try:
            with conn.begin_nested():
                self._sets[name].flush(conn)
        except Unwritable:
            self._stopped.add(name)


def _checkpoint_rarely(raw: Any, *_: Any) -> None:
    """SQLite brings its log home every 64 MiB instead of every 4: each time it waits for the disk."""
    raw.execute("PRAGMA wal_autocheckpoint = 16384")
