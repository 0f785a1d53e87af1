"""Recalling a stream: its events as they were known at one moment and dated until another (architecture, law 7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol
from uuid import UUID

from domain.events import Told, as_corrected
from projections.temporal.moment import Moment


class Log(Protocol):
    """What recalling needs of the ledger."""

    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]: ...


def recall(log: Log, streams: Sequence[UUID], moment: Moment) -> dict[UUID, list[Told]]:
    """Each stream's events in their latest wording and first place, without those dated after the day asked about."""
    if not streams:
        return {}
    return {stream: until(told, moment) for stream, told in log.of(list(streams), moment.known_at).items()}


def until(told: Iterable[Told], moment: Moment) -> list[Told]:
    """One stream's events, corrected, and cut at the day asked about."""
    events = as_corrected(told)
    return events if moment.as_of is None else [one for one in events if one.event.day <= moment.as_of]
