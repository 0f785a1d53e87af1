"""The log's rows on PostgreSQL: an append is one round trip where nobody else has appended since, else two."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
import psycopg
import sqlalchemy as sa
from eventsourcing.persistence import IntegrityError, OperationalError

from domain.ledger import Piece
from stores.ledger.append import Done, Head, Written
from stores.ledger.engine import check_postgres
from stores.ledger.faults import Uncertain, as_library
from stores.ledger.wire import Wire
from stores.patience import CONNECTING, patient, silent

# BEGIN and COMMIT travel in the messages of the calls: a round trip costs more than parsing a short statement.
_BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT * FROM ledger_begin(%s, %s)"
_APPEND = "SELECT ledger_append(?, ?, ?::text::jsonb, ?::text::jsonb)"
_WRITE = "SELECT ledger_write(%s); COMMIT"

# However many streams are asked for it is one statement, and the index of streams finds each.
_PIECES = """
    SELECT n, one.* FROM unnest(?::text::uuid[], ?::text::bigint[]) WITH ORDINALITY AS asked(stream, since, n), LATERAL (
        SELECT position, recorded_at, originator_version, topic, state FROM events
        WHERE originator_id = stream AND originator_version >= since ORDER BY originator_version
    ) AS one
"""

CONNECTIONS = 16  # of one process; whoever comes then waits its turn: to open one more costs more than many statements
_WIRE = "wire"  # what is kept of a connection in the pool
LOST = "the connection was lost in a commit, and nobody knows what came of it: ask again"

Decide = Callable[[Head, dict[UUID, int], dict[UUID, Done]], Written]


class _Died(OperationalError):
    """The server closed this connection."""


class _Silent(OperationalError):
    """The server did not answer in time: this connection was given up, and another would fare no better."""


class PostgresRows:
    """Reads rows, and appends what is decided under the lock."""

    stream = staticmethod(lambda stream: stream)  # the driver gives and takes UUIDs
    key = staticmethod(lambda stream: stream)

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = _quick(engine)
        self._known: Head | None = None  # where the log stood after our own last append

    def read(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query whose parameters are question marks. A connection that has died is replaced once."""
        try:
            return self._read(query, values)
        except _Died:
            return self._read(query, values)

    def _read(self, query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with self._connection() as wire:
            return wire.ask(query, values)

    def since(self, asked: Iterable[tuple[UUID, int]]) -> dict[tuple[UUID, int], list[Piece]]:
        """What streams hold from a version on, in order."""
        keys, found = list(asked), dict[tuple[UUID, int], list[Piece]]()
        for n, *piece in self.read(_PIECES, [_braced([stream for stream, _ in keys]), "{" + ",".join([str(version) for _, version in keys]) + "}"]):
            found.setdefault(keys[n - 1], []).append(tuple(piece))
        return found

    def append(self, claims: Mapping[UUID, int], commands: Sequence[UUID], decide: Decide) -> Written:
        """Under the append lock: read the head, the versions of the claimed streams and these commands; write.

        Who wrote last knows the head: then one call does it all, if the log stands as known and as claimed.
        Where the connection dies in the commit nobody knows what came of it: the command's id tells, on a retry.
        """
        known, self._known = self._known, None  # forgotten until a commit has succeeded
        try:
            written = self._at_once(known, claims, decide) if known else None
        except _Died:
            decide = _if_still(known, decide)
            written = None
        except _Silent as why:
            raise Uncertain(LOST) from why
        if written is None:
            written = self._look_then_write(list(claims), list(commands), decide)
        self._known = written.head()
        return written

    def _at_once(self, known: Head, claims: Mapping[UUID, int], decide: Decide) -> Written | None:
        """Append to the log as it is known and claimed to stand; None, with nothing written, where it does not."""
        written = decide(known, dict(claims), {})
        values = (known.size, known.root, msgspec.json.encode(list(claims.items())).decode(), _told(written))
        try:
            with self._connection() as wire:
                (held,) = wire.ask(_APPEND, values)[0]
        except IntegrityError:  # a command id that has been seen
            return None
        return written if held else None

    def _look_then_write(self, streams: list[UUID], commands: list[UUID], decide: Decide) -> Written:
        """In two round trips. A connection that has died before the first is replaced once."""
        looked: list[bool] = []
        try:
            return self._look(streams, commands, decide, looked)
        except (_Died, _Silent) as why:
            if looked:
                raise Uncertain(LOST) from why
            if isinstance(why, _Silent):
                raise
            return self._look(streams, commands, decide, looked)

    def _look(self, streams: list[UUID], commands: list[UUID], decide: Decide, looked: list[bool]) -> Written:
        with self._connection() as wire:
            conn = wire.conn
            try:
                now = _now(conn, streams, commands)
                looked.append(True)
                written = decide(*now)
                if written.events or written.commands:
                    psycopg.ClientCursor(conn).execute(_WRITE, (_told(written),))
                else:
                    conn.execute("ROLLBACK")
            except BaseException:
                if not conn.closed:
                    conn.rollback()
                raise
        return written

    @contextmanager
    def _connection(self) -> Iterator[Wire]:
        try:
            lent = self._engine.raw_connection()
        except psycopg.Error as error:
            raise as_library(error) from error
        conn: Any = lent.driver_connection
        try:
            yield lent.info.get(_WIRE) or lent.info.setdefault(_WIRE, Wire(conn))
        except psycopg.Error as error:
            if conn.closed:
                lent.invalidate(error)
                if silent():
                    raise _Silent(str(error)) from error
                self._engine.dispose()  # the server went away: what else lies in the pool died with it
                raise _Died(str(error)) from error
            raise as_library(error) from error
        finally:
            lent.close()


def _if_still(known: Head | None, decide: Decide) -> Decide:
    """Decide only if the log stands as it did: then what was sent before the connection died has not arrived."""

    def decided(head: Head, versions: dict[UUID, int], done: dict[UUID, Done]) -> Written:
        if known is None or (head.size, head.root) != (known.size, known.root):
            raise Uncertain(LOST)
        return decide(head, versions, done)

    return decided


def _quick(engine: sa.Engine) -> sa.Engine:
    """Connections of our own to the same database, on which a statement is one round trip and no transaction is open.

    They are closed with the engine's.
    """
    quick = patient(
        engine.url,
        poolclass=sa.QueuePool,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=CONNECTING,
        pool_reset_on_return=None,
        isolation_level="AUTOCOMMIT",
        connect_args={"client_encoding": "utf8"},
    )
    sa.event.listen(quick, "connect", check_postgres)
    sa.event.listen(engine, "engine_disposed", lambda _: quick.dispose())
    return quick


def _now(conn: psycopg.Connection[Any], streams: list[UUID], commands: list[UUID]) -> tuple[Head, dict[UUID, int], dict[UUID, Done]]:
    cursor = psycopg.ClientCursor(conn)
    cursor.execute(_BEGIN, (_braced(streams), _braced(commands)))
    cursor.nextset()
    ((size, root, frontier, last, recorded, versions, done, *kept),) = cursor
    return (
        Head(size, root, frontier, last or 0, recorded or ""),
        {stream: version for stream, version in zip(streams, versions or (), strict=True) if version is not None},
        {command: Done(*rest) for command, *rest in zip(done or (), *(column or () for column in kept), strict=True)},
    )


def _told(written: Written) -> str:
    return msgspec.json.encode(written).decode()


def _braced(ids: list[UUID]) -> str:
    """An array as PostgreSQL reads it; the driver's own way to write one is slow enough to be felt."""
    return "{" + ",".join([one.hex for one in ids]) + "}"
