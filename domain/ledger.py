"""The Ledger 台账: the one door to the event log. Its recorder is handed in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, IntegrityError, JSONTranscoder, Mapper, StoredEvent

from domain.aggregate import Aggregate
from domain.events import Told, decode, encode
from domain.refusals import AlreadyDone, MovedOn, NotThere, OtherBody

__all__ = ["AlreadyDone", "Command", "Ledger", "MovedOn", "NotThere", "OtherBody", "Saved", "stream_id"]

A = TypeVar("A", bound=Aggregate)
SAMPLED = 1_000  # events, by which the log is shared out
NAMES = uuid5(NAMESPACE_URL, "urn:lvyue")
KEPT = 20_000  # events that are kept as they were read
Row = tuple[int, str, UUID, int, str, bytes]  # position, recorded at, stream, version, topic, state
Piece = tuple[int, str, int, str, bytes]  # of one stream: position, recorded at, version, topic, state


@lru_cache(maxsize=4096)
def stream_id(kind: str, key: str) -> UUID:
    """The stream whose id follows from what it is about: an index, an account, a party."""
    return uuid5(NAMES, f"{kind}:{key}")


class Command(NamedTuple):
    """Who asked for what, once: the id that a retry repeats, and a digest of what was asked."""

    id: UUID
    account: str
    digest: str


class Saved(NamedTuple):
    """The log positions of what was just saved."""

    first: int | None
    last: int | None


class Recorder(Protocol):
    """What the ledger needs of the log beyond the library's own recorder."""

    def after(self, position: int, limit: int) -> Sequence[Row]: ...
    def of(self, streams: Sequence[UUID], upto: int | None = None) -> Sequence[Row]: ...
    def since(self, stream: UUID, version: int) -> Sequence[Piece]: ...
    def recorded_at(self, position: int) -> datetime | None: ...
    def position_at(self, instant: datetime) -> int: ...
    def command(self, command_id: UUID) -> Any: ...
    def asked(self, command_id: UUID, stream: UUID) -> tuple[Any, int]: ...
    def max_notification_id(self) -> int | None: ...


class PlainMapper(Mapper[UUID]):
    """Between the envelope and the stored row; stream and version stand in columns, not in the bytes."""

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        one: Told = domain_event
        return StoredEvent(one.stream, one.version, one.event.topic, encode(one.event))

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        stream = stored_event.originator_id
        return Told(stream if isinstance(stream, UUID) else UUID(stream), stored_event.originator_version, decode(stored_event.topic, stored_event.state))


class Ledger(Application[UUID]):
    """Load an aggregate, save what it decided, read what has been told."""

    def __init__(self, recorder: ApplicationRecorder, kept: int = KEPT) -> None:
        self._handed: Any = recorder
        self._read = Read(recorder, kept)
        super().__init__()

    def construct_recorder(self) -> ApplicationRecorder:
        handed: ApplicationRecorder = self._handed
        return handed

    def construct_mapper(self) -> Mapper[UUID]:
        return PlainMapper(transcoder=JSONTranscoder())

    def find(self, kind: type[A], stream: UUID) -> A | None:
        """The aggregate as it stands now, or None."""
        return kind.folded(None, self._read.whole(stream))  # with their positions; no snapshots

    def get(self, kind: type[A], stream: UUID) -> A:
        """The aggregate as it stands now. Raises NotThere."""
        if (found := self.find(kind, stream)) is None:
            raise NotThere(kind.__name__, stream)
        return found

    def record(self, *changed: Aggregate, unchanged: Sequence[Aggregate] = (), command: Command | None = None) -> Saved:
        """Append what these have decided, all or nothing.

        `unchanged` are aggregates that were read for the decision: if one has moved since, MovedOn.
        A command id seen before raises AlreadyDone (same body) or OtherBody.
        """
        read = [(one.id, one.version) for one in unchanged]
        stored = [self.mapper.to_stored_event(told) for one in changed for told in one.collect_events()]
        try:
            positions = self.recorder.insert_events(stored, command=command, unchanged=read)
        except IntegrityError as race:
            raise MovedOn(changed[0].id) from race
        return Saved(positions[0], positions[-1]) if positions else Saved(None, None)

    def prepare(self, *changed: Aggregate) -> list[StoredEvent]:
        """What these have decided, encoded, for an `append` of many decisions at once."""
        return [self.mapper.to_stored_event(one) for aggregate in changed for one in aggregate.collect_events()]

    def append(self, prepared: Sequence[StoredEvent]) -> Saved:
        """Append what was prepared, all or nothing. Raises MovedOn when a stream has moved since it was read."""
        if not prepared:
            return Saved(None, None)
        try:
            positions = self.recorder.insert_events(prepared)
        except IntegrityError as race:
            stream = prepared[0].originator_id
            raise MovedOn(stream if isinstance(stream, UUID) else UUID(stream)) from race
        return Saved(*((positions[0], positions[-1]) if positions else (None, None)))

    def after(self, position: int, limit: int) -> Sequence[Told]:
        """What was recorded after a position, oldest first."""
        return [_told(row) for row in self._handed.after(position, limit)]

    def shares(self, upto: int, parts: int) -> list[tuple[UUID, UUID | None]]:
        """Ranges of streams, (from, below), that together hold every event up to a position, and about as many each."""
        sample = sorted(self._handed.streams_at(range(1, upto + 1, max(1, upto // SAMPLED)))) if upto else []
        cuts = sorted({sample[len(sample) * n // parts] for n in range(1, parts)} if sample else ())
        return list(zip([UUID(int=0), *cuts], [*cuts, None], strict=True))

    def by_stream(self, start: UUID, below: UUID | None, upto: int, limit: int) -> Iterator[list[Told]]:
        """Whole streams up to a position, those from one up to below another, in batches of about `limit` events."""
        past, kept = (start, 0), list[Told]()
        while rows := self._handed.by_stream(past, below, upto, limit):
            kept += map(_told, rows)
            past = rows[-1][2], rows[-1][3]
            whole = next((n for n in reversed(range(len(kept))) if kept[n].stream != past[0]), -1) + 1
            if whole:
                yield kept[:whole]
                kept = kept[whole:]
        if kept:
            yield kept

    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]:
        """Everything told of some streams, each in order, up to a position."""
        if upto is None and len(streams) == 1:
            told = self._read.whole(streams[0])
            return {streams[0]: told} if told else {}
        found: dict[UUID, list[Told]] = {}
        for row in self._handed.of(streams, upto):
            found.setdefault(row[2], []).append(_told(row))
        return found

    def head(self) -> int:
        """The last position; 0 when the log is empty."""
        return self._handed.max_notification_id() or 0

    def recorded_at(self, position: int) -> datetime | None:
        instant: datetime | None = self._handed.recorded_at(position)
        return instant

    def position_at(self, instant: datetime) -> int:
        """The last position recorded at or before an instant; 0 when there is none."""
        position: int = self._handed.position_at(instant)
        return position

    def earlier_answer(self, command: Command) -> Saved | None:
        """What this command id answered before. Raises OtherBody when it was asked for something else."""
        return _answered(command, self._handed.command(command.id))

    def asked(self, command: Command, stream: UUID) -> tuple[Saved | None, int]:
        """The same, and the version at which a stream stands, in one look."""
        done, version = self._handed.asked(command.id, stream)
        return _answered(command, done), version


class Read:
    """Events of the streams that were last asked for, as they were decoded. They never change, so only newer ones are read.

    With these comes again the last one that is known: where it is not the same, this is another log than it was
    (restored, or moved to), and the stream is read whole.
    """

    def __init__(self, recorder: Any, most: int) -> None:
        self._recorder, self._most = recorder, most
        self._kept: OrderedDict[UUID, tuple[list[Told], Piece]] = OrderedDict()  # the longest unasked first
        self._count, self._lock = 0, Lock()

    def whole(self, stream: UUID) -> list[Told]:
        """All that a stream has been told."""
        told, last = self._kept.get(stream, ([], None))
        pieces = self._recorder.since(stream, last[2] if last is not None else 0)
        if last is not None and pieces[:1] != [last]:
            told, last, pieces = [], None, self._recorder.since(stream, 0)
        told = told + [
            Told(stream, version, decode(topic, state), position, datetime.fromisoformat(recorded_at))
            for position, recorded_at, version, topic, state in (pieces if last is None else pieces[1:])
        ]
        if told:
            self._keep(stream, told, pieces[-1])
        return list(told)

    def _keep(self, stream: UUID, told: list[Told], last: Piece) -> None:
        with self._lock:
            before = self._kept.pop(stream, None)
            self._kept[stream] = told, last
            self._count += len(told) - (len(before[0]) if before is not None else 0)
            while self._count > self._most:
                _, (oldest, _) = self._kept.popitem(last=False)
                self._count -= len(oldest)


def _answered(command: Command, done: Any) -> Saved | None:
    if done is None:
        return None
    if (done.account, done.digest) != (command.account, command.digest):
        raise OtherBody(command.id)
    return Saved(done.first, done.last)


def _told(row: Row) -> Told:
    position, recorded_at, stream, version, topic, state = row
    return Told(stream, version, decode(topic, state), position, datetime.fromisoformat(recorded_at))


Seal = Callable[[UUID, str, str], str]  # subject, field, text -> sealed text
