"""The definition of law 7, made an office: told, in log order, what was recorded up to K, as K words it, without what is dated after D."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

import msgspec
from eventsourcing.persistence import StoredEvent

from domain.act import CHINA
from domain.events import Told, as_corrected, encode
from tests.web.office import World, a_world


def told_by_definition(world: World, since: int, known_at: int, as_of: date) -> list[Told]:
    """The events after `since` as the definition has them, in the order of the log."""
    streams: dict[Any, list[Told]] = {}
    for one in world.office.ledger.after(0, known_at):
        streams.setdefault(one.stream, []).append(one)
    kept = [one for told in streams.values() for one in as_corrected(told) if one.day <= as_of and one.position > since]
    return sorted(kept, key=lambda one: one.position)


@contextmanager
def defined(world: World, since: int, known_at: int, as_of: date, day: str) -> Iterator[World]:
    """An office that was told just that, on top of the same beginning; its clock stands at D."""
    with a_world(day) as other:
        assert other.office.ledger.head() == since, "both began alike"
        other.clock.set(datetime.combine(as_of, time(23, 59, 59), CHINA))
        versions = {one.stream: one.version for one in other.office.ledger.after(0, since)}
        for _, together in groupby(told_by_definition(world, since, known_at, as_of), key=lambda one: one.stream):
            stored = []
            for one in together:
                versions[one.stream] = versions.get(one.stream, 0) + 1
                plain = msgspec.structs.replace(one.event, corrects=None, reason=None)
                stored.append(StoredEvent(one.stream, versions[one.stream], plain.topic, encode(plain)))
            other.office.recorder.insert_events(stored)
        yield other


LEFT_OUT = ("version", "position", "code", "recorded_at", "queried_at", "late_days", "corrected", "reason", "by")


def plain(value: Any) -> Any:
    """Without what counts events and log positions: these are the log's own, not what it tells."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items() if name not in LEFT_OUT}
    return [plain(one) for one in value] if isinstance(value, list) else value
