"""The log's rows on PostgreSQL: an append is two round trips, each a pipeline of prepared statements."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import OperationalError

from stores.ledger.append import Done, Head, Written
from stores.ledger.faults import as_library

APPEND_LOCK = 0x6C767975_65  # held to the commit, so that positions become visible in order; vacuum does not mind it

# Each statement has a snapshot of its own, taken after the lock is held.
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
_LOCK = f"SELECT pg_advisory_xact_lock({APPEND_LOCK:d})"
_HEAD = """
    SELECT size, frontier, coalesce(position, 0), coalesce(recorded_at, '') FROM tree_head
    LEFT JOIN (SELECT position, recorded_at FROM events ORDER BY position DESC LIMIT 1) AS last ON true
"""
_VERSIONS = """
    SELECT stream, (SELECT max(originator_version) FROM events WHERE originator_id = stream)
    FROM unnest(%s::uuid[]) AS stream
"""
_COMMANDS = "SELECT id, account, body_digest, first_position, last_position FROM commands WHERE id = ANY(%s::uuid[])"
_WRITE = """
    WITH told AS (
        INSERT INTO events (position, originator_id, originator_version, topic, state, recorded_at)
        SELECT * FROM unnest(%b::bigint[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::text[])
    ), grown AS (
        INSERT INTO tree_nodes (level, idx, hash) SELECT * FROM unnest(%b::int[], %b::bigint[], %b::bytea[])
    ), asked AS (
        INSERT INTO commands (id, account, body_digest, first_position, last_position)
        SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::bigint[], %b::bigint[])
    )
    UPDATE tree_head SET size = %b, root = %b, frontier = %b
"""

Decide = Callable[[Head, dict[UUID, int], dict[UUID, Done]], Written]


class _Died(OperationalError):
    """The server closed this connection."""


class PostgresRows:
    """Reads rows, and appends what is decided under the lock."""

    stream = staticmethod(lambda stream: stream)  # the driver gives and takes UUIDs
    key = staticmethod(lambda stream: stream)

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def read(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query whose parameters are question marks. A connection that has died is replaced once."""
        try:
            return self._read(query, values)
        except _Died:
            return self._read(query, values)

    def _read(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._connection() as conn:
            return conn.cursor(binary=True).execute(_spelled(query), values, prepare=True).fetchall()

    def append(self, streams: Iterable[UUID], commands: Iterable[UUID], decide: Decide) -> Written:
        """Under the append lock: read the head, these streams' versions and these commands; write what is decided.

        Where the connection dies in the commit nobody knows what came of it: the command's id tells, on a retry.
        """
        asked = list(streams), list(commands)
        begun: list[bool] = []
        try:
            return self._append(*asked, decide, begun)
        except _Died:
            if begun:
                raise
            return self._append(*asked, decide, begun)

    def _append(self, streams: list[UUID], commands: list[UUID], decide: Decide, begun: list[bool]) -> Written:
        with self._connection() as conn:
            try:
                now = _now(conn, streams, commands)
                begun.append(True)
                written = decide(*now)
                if written.events or written.commands:
                    _write(conn, written)
                else:
                    conn.execute("ROLLBACK")
            except BaseException:
                if not conn.closed:
                    conn.rollback()
                raise
        return written

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        lent = self._engine.raw_connection()
        conn: Any = lent.driver_connection
        try:
            conn.autocommit = True  # a read is one round trip, and an append says BEGIN in its first
            yield conn
        except psycopg.Error as error:
            if conn.closed:
                lent.invalidate(error)
                self._engine.dispose()  # the server went away: what else lies in the pool died with it
                raise _Died(str(error)) from error
            raise as_library(error) from error
        finally:
            if not conn.closed:
                conn.autocommit = False
            lent.close()


def _now(
    conn: psycopg.Connection[Any], streams: list[UUID], commands: list[UUID]
) -> tuple[Head, dict[UUID, int], dict[UUID, Done]]:
    with conn.pipeline():
        conn.execute(_BEGIN, prepare=True)
        conn.execute(_LOCK, prepare=True)
        head = conn.cursor(binary=True).execute(_HEAD, prepare=True)
        versions = conn.cursor(binary=True).execute(_VERSIONS, (streams,), prepare=True) if streams else ()
        done = conn.cursor(binary=True).execute(_COMMANDS, (commands,), prepare=True) if commands else ()
    return (
        Head._make(*head),
        {stream: version for stream, version in versions if version is not None},
        {command: Done._make(rest) for command, *rest in done},
    )


def _write(conn: psycopg.Connection[Any], written: Written) -> None:
    columns = [
        *_columns(written.events, (0, 1, 2, 3, 4, 5)),
        *_columns(written.nodes, (0, 1, 2)),
        *_columns(written.commands, (0, 1, 2, 3, 4)),
    ]
    with conn.pipeline():
        conn.execute(_WRITE, (*columns, written.size, written.root, written.frontier), prepare=True)
        conn.execute("COMMIT", prepare=True)


def _columns(rows: Sequence[Sequence[Any]], order: Sequence[int]) -> list[list[Any]]:
    return [[row[n] for row in rows] for n in order]


@cache
def _spelled(query: str) -> str:
    return query.replace("%", "%%").replace("?", "%s")
