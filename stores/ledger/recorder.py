"""The event log's recorder: what the library asks of one, and what our ledger asks beyond that."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from threading import Event
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription

from domain.ledger import Command, Piece
from stores.ledger.append import Append, Done, claimed, place, stamp
from stores.ledger.group import Group, Shared
from stores.ledger.postgres import PostgresRows
from stores.ledger.reads import Reads
from stores.ledger.sqlite import SqliteRows
from stores.ledger.subscription import Polling

_ROW = "SELECT position, recorded_at, originator_id, originator_version, topic, state FROM events"
_ASKED = """
    SELECT (SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = ?), id, account, body_digest, first_position, last_position
    FROM (SELECT 1) AS one LEFT JOIN commands ON """
_AT_ONCE = 500  # streams asked for in one query

# The rows never go back in time, so the last one at or before an instant is found by halving: 20 look-ups in a million.
_SEEK = """
    WITH RECURSIVE seek(low, high) AS (
        SELECT CAST(0 AS bigint), coalesce(max(position), 0) FROM events
        UNION ALL
        SELECT CASE WHEN recorded_at <= ? THEN position ELSE low END,
               CASE WHEN recorded_at <= ? THEN high ELSE position - 1 END
        FROM seek JOIN events ON position = (low + high + 1) / 2 WHERE low < high
    )
    SELECT low FROM seek WHERE low = high
"""


class Row(NamedTuple):
    """An event as it lies in the log."""

    position: int
    recorded_at: str
    stream: UUID
    version: int
    topic: str
    state: bytes


class EventRecorder(ApplicationRecorder):
    """The log on one database, SQLite or PostgreSQL.

    `clock` gives the time with its zone; `appended(size, root)` is told of a commit before its callers are answered;
    `admit` is asked before anything is appended, and raises Closed where nothing may be.
    """

    def __init__(
        self, engine: sa.Engine, clock: Callable[[], datetime], appended: Callable[[int, bytes], None] | None = None, admit: Callable[[], None] = lambda: None
    ) -> None:
        self.engine, self._clock, self._appended, self._admit = engine, clock, appended, admit
        self._rows: SqliteRows | PostgresRows = (SqliteRows if engine.dialect.name == "sqlite" else PostgresRows)(engine)
        self._group = Group(self._commit)
        self._pieces = Shared(lambda asked: self._rows.since(asked))  # whichever rows these are then: `bulk` puts others in their place
        self._earlier = Shared(self._asked)
        self._reads = Reads(engine)
        self.listeners: set[Event] = set()

    # ---- writing

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        command: Command | None = None,
        unchanged: Sequence[tuple[UUID, int]] = (),
        **_: Any,
    ) -> Sequence[int]:
        """Append, all or nothing, and give the positions; several callers' appends share one commit.

        Raises IntegrityError for a version that is taken, MovedOn for an `unchanged` stream at another version,
        AlreadyDone or OtherBody for a command id that has been seen. A command without events is kept all the same.
        """
        if not stored_events and command is None:
            return []
        for event in stored_events:
            if not isinstance(event.originator_id, UUID):
                raise TypeError(f"stream {event.originator_id!r} is no UUID")
        self._admit()
        return self._group.settle(Append(stored_events, command, unchanged)).positions

    def _commit(self, group: Sequence[Append]) -> None:
        commands = [one.command.id for one in group if one.command is not None]
        written = self._rows.append(claimed(group), commands, lambda head, versions, done: place(group, head, versions, done, self._clock()))
        if not written.events:
            return
        if self._appended is not None:
            self._appended(written.size, written.root)
        for listener in list(self.listeners):
            listener.set()

    def record_read(self, account: str, kind: str, subject: str, at: datetime) -> None:
        """Put on record, durably and before the answer leaves, that an account looked at something."""
        self._reads.record(account, kind, subject, at)

    # ---- what the library reads

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        query = "SELECT originator_version, topic, state FROM events WHERE originator_id = ?"
        values: list[Any] = [self._rows.key(originator_id)]
        for condition, bound in ((" AND originator_version > ?", gt), (" AND originator_version <= ?", lte)):
            if bound is not None:
                query, values = query + condition, [*values, bound]
        query += " ORDER BY originator_version" + (" DESC" if desc else "")
        if limit is not None:
            query, values = query + " LIMIT ?", [*values, limit]
        return [StoredEvent(originator_id, *row) for row in self._rows.read(query, values)]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        past = -1 if start is None else start - 1 if inclusive_of_start else start
        found = self._select(past, limit, stop, topics)
        return [Notification(row.stream, row.version, row.topic, row.state, row.position) for row in found]

    def max_notification_id(self) -> int | None:
        last: int | None = self._rows.read("SELECT max(position) FROM events")[0][0]
        return last

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[EventRecorder]:
        return Polling(self, gt, topics)

    # ---- what the ledger reads

    def rows(self, start: int, limit: int) -> list[Row]:
        """At most `limit` rows from position `start` on."""
        return self._select(start - 1, limit)

    def after(self, position: int, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        """At most `limit` rows past a position, oldest first, of these topics or of all."""
        return self._select(position, limit, None, topics)

    def before(self, position: int | None, limit: int, topics: Sequence[str] = ()) -> list[Row]:
        """At most `limit` rows before a position (None: from the end), newest first, of these topics or of all."""
        where, values = ["position < ?"] if position is not None else [], [position] if position is not None else list[Any]()
        if topics:
            among, some = _among("topic", topics)
            where, values = [*where, among], [*values, *some]
        query = _ROW + (f" WHERE {' AND '.join(where)}" if where else "")
        return self._made(self._rows.read(query + " ORDER BY position DESC LIMIT ?", [*values, limit]))

    def reads(self, before: int | None, limit: int) -> list[tuple[int, str, str, str, str]]:
        """(number, when, account, kind, subject) of the looks on record, newest first."""
        query = "SELECT seq, at, account, kind, subject FROM reads WHERE seq < ? ORDER BY seq DESC LIMIT ?"
        found = self._rows.read(query, [2**62 if before is None else before, limit])
        return [(int(seq), at, account, kind, subject) for seq, at, account, kind, subject in found]

    def since(self, stream: UUID, version: int) -> Sequence[Piece]:
        """What a stream holds from a version on, in order; several callers' looks share one round trip."""
        return self._pieces.ask((stream, version)) or []

    def of(self, streams: Iterable[UUID], upto: int | None = None) -> list[Row]:
        """Every row of some streams up to a position, in the order of the log."""
        remaining, found = iter(streams), list[tuple[Any, ...]]()
        while some := [self._rows.key(stream) for stream in islice(remaining, _AT_ONCE)]:
            among, values = _among("originator_id", some)
            query = f"{_ROW} WHERE {among}" + (" AND position <= ?" if upto is not None else "")
            found += self._rows.read(query, values if upto is None else [*values, upto])
        found.sort(key=lambda row: row[0])
        return self._made(found)

    def by_stream(self, past: tuple[UUID, int], below: UUID | None, upto: int, limit: int) -> list[Row]:
        """At most `limit` rows of positions up to `upto`, stream after stream, each in its order: those past a version of
        a stream, of streams below another (None: to the last)."""
        stream, version = past
        query, values = f"{_ROW} WHERE (originator_id, originator_version) > (?, ?)", list[Any]([self._rows.key(stream), version])
        if below is not None:
            query, values = query + " AND originator_id < ?", [*values, self._rows.key(below)]
        query += " AND +position <= ? ORDER BY originator_id, originator_version LIMIT ?"  # `+`: not by the index of positions
        return self._made(self._rows.read(query, [*values, upto, limit]))

    def streams_at(self, positions: Sequence[int]) -> list[UUID]:
        """Whose the events at some positions are, each as often as it is met."""
        among, values = _among("position", positions)
        found = self._rows.read(f"SELECT originator_id FROM events WHERE {among}", values)  # noqa: S608  our own marks
        return [self._rows.stream(stream) for (stream,) in found]

    def command(self, command_id: UUID) -> Done | None:
        """What a command id stands for, if it has been carried out."""
        query = "SELECT account, body_digest, first_position, last_position FROM commands WHERE id = ?"
        found = self._rows.read(query, [self._rows.key(command_id)])
        return Done._make(found[0]) if found else None

    def asked(self, command_id: UUID, stream: UUID) -> tuple[Done | None, int]:
        """What a command id stands for, if it has been carried out, and the version that a stream stands at; 0: not begun."""
        return self._earlier.ask((command_id, stream)) or (None, 0)

    def _asked(self, asked: Collection[tuple[UUID, UUID]]) -> Mapping[tuple[UUID, UUID], tuple[Done | None, int]]:
        told: dict[tuple[UUID, UUID], tuple[Done | None, int]] = {}
        for stream in {stream for _, stream in asked}:
            ids = [id for id, one in asked if one == stream]
            among, values = _among("id", [self._rows.key(id) for id in ids])
            found = self._rows.read(_ASKED + among, [self._rows.key(stream), *values])
            done = {self._rows.stream(id): Done(*kept) for _, id, *kept in found if id is not None}
            told |= {(id, stream): (done.get(id), found[0][0]) for id in ids}
        return told

    def recorded_at(self, position: int) -> datetime | None:
        """When the event at a position was recorded; None where there is none."""
        found = self._rows.read("SELECT recorded_at FROM events WHERE position = ?", [position])
        return datetime.fromisoformat(found[0][0]) if found else None

    def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before an instant; 0 when there is none."""
        position: int = self._rows.read(_SEEK, [stamp(instant)] * 2)[0][0]
        return position

    def stream_version(self, stream: UUID) -> int:
        """The version that a stream stands at; 0 when it has not begun."""
        query = "SELECT coalesce(max(originator_version), 0) FROM events WHERE originator_id = ?"
        version: int = self._rows.read(query, [self._rows.key(stream)])[0][0]
        return version

    def tree_head(self) -> tuple[int, bytes]:
        """How many events the tree covers, and its root."""
        size, root = self._rows.read("SELECT size, root FROM tree_head")[0]
        return int(size), bytes(root)

    def tree_node(self, level: int, index: int) -> bytes:
        """A completed node of the tree; level 0 are the leaves. Raises LookupError."""
        found = self._rows.read("SELECT hash FROM tree_nodes WHERE level = ? AND idx = ?", [level, index])
        if not found:
            raise LookupError(f"no node {level}/{index}")
        return bytes(found[0][0])

    def lift_clock(self, now: datetime) -> datetime:
        """`now`, or the last recorded time where that is later: the log's time never goes back."""
        found = self._rows.read("SELECT recorded_at FROM events ORDER BY position DESC LIMIT 1")
        return max(now, datetime.fromisoformat(found[0][0])) if found else now

    def _select(self, past: int, limit: int, stop: int | None = None, topics: Sequence[str] = ()) -> list[Row]:
        query, values = f"{_ROW} WHERE position > ?", list[Any]([past])
        if stop is not None:
            query, values = query + " AND position <= ?", [*values, stop]
        if topics:
            among, some = _among("topic", topics)
            query, values = f"{query} AND {among}", [*values, *some]
        return self._made(self._rows.read(query + " ORDER BY position LIMIT ?", [*values, limit]))

    def _made(self, found: list[tuple[Any, ...]]) -> list[Row]:
        ids = _Ids(self._rows.stream)
        return [Row(p, at, ids[stream], version, topic, state) for p, at, stream, version, topic, state in found]


class _Ids(dict[Any, UUID]):
    """The id of each stream of some rows, made once however many rows it has."""

    def __init__(self, made: Callable[[Any], UUID]) -> None:
        super().__init__()
        self._made = made

    def __missing__(self, column: Any) -> UUID:
        self[column] = found = self._made(column)
        return found


def _among(column: str, values: Sequence[Any]) -> tuple[str, list[Any]]:
    """The condition that a column is one of some values, and these; the last is said again up to a power of two, so that few
    different statements are prepared."""
    size = 1 << (len(values) - 1).bit_length()
    return f"{column} IN ({','.join('?' * size)})", [*values, *[values[-1]] * (size - len(values))]
