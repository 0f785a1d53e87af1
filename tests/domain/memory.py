"""An event log in memory: as quick as a test that tells thousands of histories needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from eventsourcing.persistence import ApplicationRecorder, IntegrityError, Notification, StoredEvent

from domain.refusals import AlreadyDone, MovedOn, OtherBody


class MemoryRecorder(ApplicationRecorder):
    """What the ledger asks of a recorder, on lists."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.rows: list[tuple[int, str, UUID, int, str, bytes]] = []
        self.streams: dict[UUID, list[tuple[int, str, UUID, int, str, bytes]]] = {}
        self.commands: dict[UUID, Any] = {}

    def insert_events(self, stored_events: Sequence[StoredEvent], *, command: Any = None, unchanged: Sequence[Any] = (), **_: Any) -> Sequence[int]:
        if command is not None and (done := self.commands.get(command.id)) is not None:
            raise AlreadyDone(*done[1:]) if done[0] == (command.account, command.digest) else OtherBody(command.id)
        for stream, version in unchanged:
            if len(self.streams.get(stream, [])) != version:
                raise MovedOn(stream)
        last = {}
        for one in stored_events:
            seen = last.get(one.originator_id, len(self.streams.get(one.originator_id, [])))
            if one.originator_version != seen + 1:
                raise IntegrityError(one.originator_id)
            last[one.originator_id] = seen + 1
        positions = [self._append(one) for one in stored_events]
        if command is not None:
            ends = (positions[0], positions[-1]) if positions else (None, None)
            self.commands[command.id] = ((command.account, command.digest), *ends)
        return positions

    def _append(self, one: StoredEvent) -> int:
        stream = one.originator_id
        assert isinstance(stream, UUID)
        row = (len(self.rows) + 1, self.clock().isoformat(), stream, one.originator_version, one.topic, one.state)
        self.rows.append(row)
        self.streams.setdefault(stream, []).append(row)
        return row[0]

    def select_events(self, originator_id: Any, *, gt: Any = None, lte: Any = None, desc: bool = False, limit: Any = None) -> Any:
        rows = self.streams.get(originator_id, [])[gt or 0 : lte]
        events = [StoredEvent(row[2], row[3], row[4], row[5]) for row in (reversed(rows) if desc else rows)]
        return events[:limit]

    def select_notifications(self, start: Any, limit: int, stop: Any = None, topics: Any = (), *, inclusive_of_start: bool = True) -> Any:
        first = (start or 1) - (1 if inclusive_of_start else 0)
        return [Notification(row[2], row[3], row[4], row[5], row[0]) for row in self.rows[first:stop][:limit]]

    def max_notification_id(self) -> int | None:
        return len(self.rows) or None

    def subscribe(self, gt: Any = None, topics: Any = ()) -> Any:
        raise NotImplementedError("nothing that is tested in memory follows the log")

    def after(self, position: int, limit: int) -> Any:
        return self.rows[position : position + limit]

    def of(self, streams: Sequence[UUID], upto: int | None = None) -> Any:
        return [row for row in self.rows[:upto] if row[2] in set(streams)]

    def since(self, stream: UUID, version: int) -> Any:
        return [(row[0], row[1], *row[3:]) for row in self.rows if row[2] == stream and row[3] >= version]

    def recorded_at(self, position: int) -> datetime | None:
        return datetime.fromisoformat(self.rows[position - 1][1]) if 0 < position <= len(self.rows) else None

    def position_at(self, instant: datetime) -> int:
        return max((row[0] for row in self.rows if datetime.fromisoformat(row[1]) <= instant), default=0)

    def command(self, command_id: UUID) -> Any:
        return self.commands.get(command_id)
