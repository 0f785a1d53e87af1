"""Comparing the living views with a replay: told again beside them up to the same position, and compared row for row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import sqlalchemy as sa

from domain.events import Told
from domain.ledger import Ledger
from projections.temporal import bookmark
from projections.temporal.engine import open_views_engine
from projections.temporal.follow import Follower
from projections.temporal.view import View, open_views, state_of
from projections.views import VIEWS
from stores.vault import sqlite_url
from web.office import Office

KEY = ("owner", "key", "since", "valid_from")


class Differing(NamedTuple):
    """Where a view is not what the log tells: the position of the event that told the row, and what differs."""

    position: int
    what: str


class Until:
    """The log up to a position, as a follower reads it."""

    def __init__(self, ledger: Ledger, last: int) -> None:
        self._ledger, self._last = ledger, last

    def after(self, position: int, limit: int) -> Sequence[Told]:
        return [one for one in self._ledger.after(position, min(limit, max(self._last - position, 0))) if one.position <= self._last]

    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]:
        return self._ledger.of(streams, self._last if upto is None else min(upto, self._last))


def compare_views(office: Office) -> tuple[int, list[Differing]]:
    """How many rows were compared, and the first difference of each view. Other processes may go on meanwhile."""
    office.caught_up()
    with _snapshot(office.views) as living, _scratch(office) as again:
        marks = bookmark.read(living, [view.name for view in VIEWS])
        halted = [Differing(mark.position + 1, f"the view {mark.view} has stopped: {mark.stopped}") for mark in marks.values() if mark.stopped]
        last = max((mark.position for mark in marks.values() if not mark.stopped), default=0)
        open_views(VIEWS, again)
        Follower(VIEWS, Until(office.ledger, last), again, lambda position: office.book.known_at(position), batch=5_000).catch_up()
        stopped = [Differing(one.position + 1, f"the view {one.name} cannot be told: {one.stopped}") for one in state_of(VIEWS, again) if one.stopped]
        checked, found = 0, [*halted, *stopped]
        with again.connect() as fresh:
            for view in VIEWS:
                if marks[view.name].stopped is None:
                    count, differing = _compare(view, living, fresh)
                    checked += count
                    found += differing
    return checked, found


def _compare(view: View, living: sa.Connection, fresh: sa.Connection) -> tuple[int, list[Differing]]:
    """Both tables in the order of their keys, side by side; the earliest difference."""
    columns = [column.name for column in view.table.c]
    ones, others = _rows(view, living, columns), _rows(view, fresh, columns)
    count, first = 0, None
    one, other = next(ones, None), next(others, None)
    while one is not None or other is not None:
        count += 1
        here, there = _key(one), _key(other)
        if here == there and one == other:
            one, other = next(ones, None), next(others, None)
            continue
        what = _told(view, columns, one if here <= there else None, other if there <= here else None)
        if first is None or what.position < first.position:
            first = what
        one, other = (next(ones, None) if here <= there else one), (next(others, None) if there <= here else other)
    return count, [first] if first else []


def _rows(view: View, conn: sa.Connection, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Rows as the database holds them, without a type in between: what is compared is what is stored."""
    quoted = conn.dialect.identifier_preparer.quote
    order = ", ".join(_ordered(conn, quoted(column)) for column in KEY)
    query = f"SELECT {', '.join(map(quoted, columns))} FROM {quoted(view.name)} ORDER BY {order}"  # noqa: S608  our own names
    for row in conn.exec_driver_sql(query, execution_options={"stream_results": True, "yield_per": 2_000}):
        yield dict(zip(columns, row, strict=True))


def _ordered(conn: sa.Connection, column: str) -> str:
    return f'{column} COLLATE "C"' if conn.dialect.name == "postgresql" and column == "key" else column


def _key(row: dict[str, Any] | None) -> tuple[bool, Any, Any, Any, Any]:
    return (True, "", "", 0, "") if row is None else (False, str(row["owner"]), row["key"], row["since"], str(row["valid_from"]))


def _told(view: View, columns: Sequence[str], one: dict[str, Any] | None, other: dict[str, Any] | None) -> Differing:
    row: dict[str, Any] = one or other or {}
    name = f"the row {row['key'] or '(of the stream)'} of {row['owner']} in the view {view.name}"
    if other is None:
        return Differing(int(row["since"]), f"{name} is not told by the log")
    if one is None:
        return Differing(int(row["since"]), f"{name} is missing")
    column = next(column for column in columns if one[column] != other[column])
    return Differing(int(row["since"]), f"{name}: {column} is {one[column]!r}, the log tells {other[column]!r}")


@contextmanager
def _snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees one moment, whatever others write."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**level) as conn:
        yield conn


@contextmanager
def _scratch(office: Office) -> Iterator[sa.Engine]:
    """A database of its own beside the living views, gone afterwards."""
    name = f"views_again_{uuid4().hex[:8]}"
    if office.settings.database_url:
        with _scratch_schema(office.settings.database_url, name) as engine:
            yield engine
        return
    file = office.settings.data / f"{name}.db"
    engine = open_views_engine(sqlite_url(file))
    try:
        yield engine
    finally:
        engine.dispose()
        for ending in ("", "-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)


@contextmanager
def _scratch_schema(address: str, name: str) -> Iterator[sa.Engine]:
    engine = open_views_engine(sa.make_url(address).set(drivername="postgresql+psycopg"), schema=name)
    try:
        yield engine
    finally:
        with engine.begin() as conn:
            conn.execute(sa.schema.DropSchema(name, cascade=True, if_exists=True))
        engine.dispose()
