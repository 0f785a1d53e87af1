"""Many appends in one commit: for one writer alone that fills a log, and answers nobody before the commit.

What a crash takes back, nobody was told of. Each append has its own positions and its own recorded time all the same.
On PostgreSQL appends commit one by one, as ever.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from stores.ledger.append import Done, Head, Written
from stores.ledger.engine import turn
from stores.ledger.faults import as_library
from stores.ledger.recorder import EventRecorder
from stores.ledger.sqlite import SqliteRows, _now, _write

Save = Callable[[], None]


class _Held(SqliteRows):
    """Rows read and written over one connection, within one transaction."""

    def __init__(self, engine: sa.Engine, conn: sqlite3.Connection) -> None:
        super().__init__(engine)
        self._held = conn

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._held
        except sqlite3.Error as error:
            raise as_library(error) from error

    def append(
        self,
        claims: Mapping[UUID, int],
        commands: Iterable[UUID],
        decide: Callable[[Head, dict[UUID, int], dict[UUID, Done]], Written],
    ) -> Written:
        with self._connection() as conn:
            written = decide(*_now(conn, claims, commands))
            if written.events or written.commands:
                _write(conn, written)
            return written


@contextmanager
def bulk(recorder: EventRecorder) -> Iterator[Save]:
    """Until the end, appends wait for one commit; calling what is given commits those that have come so far.

    No other thread may use the recorder meanwhile. Where it ends in an exception, what was not saved is taken back.
    """
    if not isinstance(recorder._rows, SqliteRows):
        yield lambda: None
        return
    plain, told = recorder._rows, recorder._appended
    with turn(recorder.engine), _lent(recorder.engine) as conn:
        grown: list[tuple[int, bytes]] = []
        recorder._rows, recorder._appended = _Held(recorder.engine, conn), lambda size, root: grown.append((size, root))

        def save() -> None:
            conn.execute("COMMIT")
            if grown and told is not None:
                told(*grown[-1])
            grown.clear()
            conn.execute("BEGIN IMMEDIATE")

        conn.execute("BEGIN IMMEDIATE")
        try:
            yield save
            save()
        finally:
            conn.execute("ROLLBACK")
            recorder._rows, recorder._appended = plain, told


@contextmanager
def _lent(engine: sa.Engine) -> Iterator[sqlite3.Connection]:
    lent = engine.raw_connection()
    try:
        conn: Any = lent.driver_connection
        yield conn
    finally:
        lent.close()
