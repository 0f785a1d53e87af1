"""What an append asks for and what becomes of it: positions, stamps, tree nodes; nothing here touches a database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import NamedTuple, cast
from uuid import UUID

from eventsourcing.persistence import IntegrityError, StoredEvent

from domain.ledger import Command
from domain.proof.leaf import leaf_bytes
from domain.proof.tree import Frontier, leaf_hash
from domain.refusals import AlreadyDone, MovedOn, OtherBody
from stores.ledger.group import Turn

CHINA = timezone(timedelta(hours=8))


def stamp(instant: datetime) -> str:
    """An instant as the log writes it, of fixed width, so that text sorts as time does."""
    if instant.tzinfo is None:
        raise ValueError(f"{instant} names no time zone")
    return instant.astimezone(CHINA).isoformat(timespec="microseconds")


class Done(NamedTuple):
    """What is kept of a command that was carried out."""

    account: str
    digest: str
    first: int | None
    last: int | None


class LogBroken(Exception):
    """The log and its tree disagree: nothing may be appended before `verify` has been asked."""


class Head(NamedTuple):
    """Where the log stands, read under the append lock."""

    size: int
    root: bytes
    frontier: bytes
    last_position: int
    last_recorded: str


@dataclass(slots=True, eq=False)
class Append(Turn):
    """One caller's events on their way into the log; settled when `positions` or `refused` is known."""

    events: Sequence[StoredEvent]
    command: Command | None = None
    unchanged: Sequence[tuple[UUID, int]] = ()
    positions: Sequence[int] = ()

    @property
    def size(self) -> int:
        return len(self.events)

    def claims(self) -> Iterable[tuple[UUID, int]]:
        """Every stream that matters to this append, at the version it must stand at before."""
        yield from self.unchanged
        yield from ((_uuid(event), event.originator_version - 1) for event in self.events)


@dataclass(slots=True)
class Written:
    """The rows of one transaction."""

    events: list[tuple[int, UUID, int, str, bytes, str]] = field(default_factory=list)
    commands: list[tuple[UUID, str, str, int | None, int | None]] = field(default_factory=list)
    nodes: list[tuple[int, int, bytes]] = field(default_factory=list)
    size: int = 0
    root: bytes = b""
    frontier: bytes = b""
    recorded_at: str = ""

    def head(self) -> Head:
        """Where the log stands once this is written."""
        return Head(self.size, self.root, self.frontier, self.size, self.recorded_at)


def claimed(group: Sequence[Append]) -> dict[UUID, int]:
    """Where the group's streams stand, if the first append to name each of them is right."""
    claims: dict[UUID, int] = {}
    for one in group:
        for stream, version in one.claims():
            claims.setdefault(stream, version)
    return claims


def place(group: Sequence[Append], head: Head, versions: Mapping[UUID, int], done: Mapping[UUID, Done], now: datetime) -> Written:
    """Give each append of the group its place, or its refusal; those refused leave no trace in what is written."""
    if head.size != head.last_position:
        raise LogBroken(f"the tree has {head.size} leaves, the log ends at position {head.last_position}")
    seat = _Seat(Frontier.from_bytes(head.frontier), dict(versions), dict(done), max(stamp(now), head.last_recorded))
    for one in group:
        one.positions, one.refused = (), None
        try:
            seat.take(one)
        except Exception as refused:
            one.refused = refused
    out, tree = seat.written, seat.tree
    out.size, out.root, out.frontier = tree.size, tree.root(), tree.to_bytes()
    out.recorded_at = seat.recorded_at if out.events else head.last_recorded
    return out


@dataclass(slots=True)
class _Seat:
    tree: Frontier
    versions: dict[UUID, int]
    done: dict[UUID, Done]
    recorded_at: str
    written: Written = field(default_factory=Written)

    def take(self, one: Append) -> None:
        if one.command is not None and one.command.id in self.done:
            raise _done_before(one.command, self.done[one.command.id])
        for stream, version in one.unchanged:
            if self.versions.get(stream, 0) != version:
                raise MovedOn(stream, self.versions.get(stream, 0))
        after, leaves = self._next_versions(one.events), self._leaves(one.events)
        self.versions |= after  # from here on nothing refuses
        first = self.tree.size + 1
        self._grow(one.events, leaves)
        one.positions = list(range(first, self.tree.size + 1))
        if one.command is not None:
            ends = (one.positions[0], one.positions[-1]) if one.positions else (None, None)
            kept = Done(one.command.account, one.command.digest, *ends)
            self.done[one.command.id] = kept
            self.written.commands.append((one.command.id, *kept))

    def _next_versions(self, events: Sequence[StoredEvent]) -> dict[UUID, int]:
        """The versions after these. A stream may start anywhere (the library's suite: at 0), then has no gaps."""
        after: dict[UUID, int] = {}
        for event in events:
            stream = _uuid(event)
            last = after.get(stream, self.versions.get(stream))
            if last is not None and event.originator_version != last + 1:
                raise IntegrityError(f"version {event.originator_version} of {stream}: the last one is {last}")
            after[stream] = event.originator_version
        return after

    def _leaves(self, events: Sequence[StoredEvent]) -> list[bytes]:
        at, position = self.recorded_at, self.tree.size
        return [leaf_hash(leaf_bytes(n, at, _uuid(event), event.originator_version, event.topic, event.state)) for n, event in enumerate(events, position + 1)]

    def _grow(self, events: Sequence[StoredEvent], leaves: Sequence[bytes]) -> None:
        rows, nodes, tree, at = self.written.events, self.written.nodes, self.tree, self.recorded_at

        def keep(level: int, index: int, node: bytes) -> None:
            nodes.append((level, index, node))

        for event, leaf in zip(events, leaves, strict=True):
            tree.append(leaf, keep)
            rows.append((tree.size, _uuid(event), event.originator_version, event.topic, event.state, at))


def _done_before(command: Command, done: Done) -> Exception:
    if (done.account, done.digest) == (command.account, command.digest):
        return AlreadyDone(done.first, done.last)
    return OtherBody(command.id)


def _uuid(event: StoredEvent) -> UUID:
    return cast(UUID, event.originator_id)  # the recorder lets nothing else in
