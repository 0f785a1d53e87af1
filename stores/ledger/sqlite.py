"""The log's rows on SQLite, by the driver's own cursor: a single append is short enough for layers to be felt."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from domain.ledger import Piece
from stores.ledger.append import Done, Head, Written
from stores.ledger.engine import turn
from stores.ledger.faults import as_library

_HEAD = """
    SELECT size, root, frontier, coalesce(position, 0), coalesce(recorded_at, '') FROM tree_head
    LEFT JOIN (SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1) ON 1
"""
_PIECES = """
    SELECT position, recorded_at, originator_version, topic, state FROM events
    WHERE originator_id = ? AND originator_version >= ? ORDER BY originator_version
"""
_VERSION = "SELECT max(originator_version) FROM events WHERE originator_id = ?"
_COMMAND = "SELECT account, body_digest, first_position, last_position FROM commands WHERE id = ?"
_EVENT = "INSERT INTO events (position, originator_id, originator_version, topic, state, recorded_at) VALUES (?,?,?,?,?,?)"
_DONE = "INSERT INTO commands (id, account, body_digest, first_position, last_position) VALUES (?,?,?,?,?)"
_NODE = "INSERT INTO tree_nodes (level, idx, hash) VALUES (?,?,?)"
_GROWN = "UPDATE tree_head SET size = ?, root = ?, frontier = ?"

Decide = Callable[[Head, dict[UUID, int], dict[UUID, Done]], Written]


class SqliteRows:
    """Reads rows, and appends what is decided under the lock."""

    stream = staticmethod(UUID)  # from the column to a UUID
    key = staticmethod(lambda stream: stream.hex)  # and back

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._turn = turn(engine)

    def read(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query whose parameters are question marks."""
        with self._connection() as conn:
            rows: list[tuple[Any, ...]] = conn.execute(query, values).fetchall()
            return rows

    def since(self, asked: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], list[Piece]]:
        """What streams hold from a version on, in order."""
        with self._connection() as conn:
            return {(stream, version): conn.execute(_PIECES, (stream.hex, version)).fetchall() for stream, version in asked}

    def append(self, claims: Mapping[UUID, int], commands: Iterable[UUID], decide: Decide) -> Written:
        """Under the append lock: read the head, the claimed streams' versions and these commands; write."""
        with self._turn, self._connection() as conn:
            conn.execute("BEGIN IMMEDIATE")
            try:
                written = decide(*_now(conn, claims, commands))
                if written.events or written.commands:
                    _write(conn, written)
                conn.execute("COMMIT")
            except BaseException:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")
                raise
        return written

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            lent = self._engine.raw_connection()
        except sqlite3.Error as error:
            raise as_library(error) from error
        try:
            conn: Any = lent.driver_connection
            yield conn
        except sqlite3.Error as error:
            raise as_library(error) from error
        finally:
            lent.close()


def _now(conn: sqlite3.Connection, streams: Iterable[UUID], commands: Iterable[UUID]) -> tuple[Head, dict[UUID, int], dict[UUID, Done]]:
    head = Head._make(conn.execute(_HEAD).fetchone())
    versions, done = {}, {}
    for stream in streams:
        version = conn.execute(_VERSION, (stream.hex,)).fetchone()[0]
        if version is not None:
            versions[stream] = version
    for command in commands:
        if (row := conn.execute(_COMMAND, (command.hex,)).fetchone()) is not None:
            done[command] = Done._make(row)
    return head, versions, done


def _write(conn: sqlite3.Connection, written: Written) -> None:
    conn.executemany(_EVENT, [(p, stream.hex, v, t, s, at) for p, stream, v, t, s, at in written.events])
    conn.executemany(_DONE, [(command.hex, *rest) for command, *rest in written.commands])
    conn.executemany(_NODE, sorted(written.nodes))
    conn.execute(_GROWN, (written.size, written.root, written.frontier))
