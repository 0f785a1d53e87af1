"""An aggregate decides. It remembers only what a later decision needs, folded from its own stream."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Self
from uuid import UUID

from domain.events import Event, Told, as_corrected


class Aggregate:
    """One stream. `happen` appends an event and folds it; guards stand in the command methods, before it."""

    def __init__(self, stream: UUID) -> None:
        self.id = stream
        self.version = 0
        self._pending: list[Told] = []
        self._told: list[Told] = []
        self.recounted_at = 0  # the version at which its open deadlines were last counted anew

    def recounted(self) -> None:
        self.recounted_at = self.version

    def happen(self, event: Event) -> None:
        """Record what has been decided. A correction is folded in the place of what it corrects."""
        self.version += 1
        one = Told(self.id, self.version, event)
        self._pending.append(one)
        self._told.append(one)
        if event.corrects is None:
            event.apply(self)
        else:
            self._fold_again()

    def _fold_again(self) -> None:
        told, pending, version = self._told, self._pending, self.version
        self.__init__(self.id)  # type: ignore[misc]
        for one in as_corrected(told):
            self.version = one.version
            one.event.apply(self)
        self.wordings(told)
        self._told, self._pending, self.version = told, pending, version

    def retell(self, one: Told) -> None:
        """Take in one event as it was told; nothing is decided and nothing will be recorded."""
        self.version = one.version
        self._told.append(one)
        one.event.apply(self)

    def wordings(self, told: Sequence[Told]) -> None:
        """Every wording of every event, told after a correction: for who has had a part, which nothing takes away."""

    @property
    def history(self) -> Sequence[Told]:
        """All that this stream has been told, in the wording of then; what is stored has its place in the log only where it was asked for."""
        return self._told

    def known_at(self, version: int) -> int:
        """The log position of an event of this stream, or of the last recount after it; 0 while it is being recorded."""
        wanted = max(version, self.recounted_at)
        return next((one.position for one in reversed(self._told) if one.version == wanted), 0)

    def told(self, version: int) -> Told | None:
        """The event at a version of this stream, as it was first said."""
        return self._told[version - 1] if 0 < version <= len(self._told) else None

    def collect_events(self) -> Sequence[Told]:
        pending, self._pending = self._pending, []
        return pending

    @property
    def pending_events(self) -> list[Told]:
        return self._pending

    @classmethod
    def folded(cls, _: Self | None, told: Iterable[Told]) -> Self | None:
        """Rebuild from a stream's events in order; None when there are none (a projector for the library)."""
        events = list(told)
        if not events:
            return None
        aggregate = cls(events[0].stream)
        corrected = any(one.event.corrects is not None for one in events)
        for one in as_corrected(events) if corrected else events:
            aggregate.version = one.version
            one.event.apply(aggregate)
        if corrected:
            aggregate.wordings(events)
        aggregate.version, aggregate._told = events[-1].version, events
        return aggregate
