"""What has happened to the law as data: packs proposed and adopted, calendars published."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from domain.events import Event, event

if TYPE_CHECKING:
    from domain.aggregate import Aggregate
    from domain.policy.shelf import Shelf


@event("policy.pack_proposed/1", day="on")
class PackProposed(Event):
    key: str
    version: int
    digest: str
    on: date

    def apply(self, shelf: Shelf) -> None:
        shelf.proposed[self.digest] = (self.key, self.version, self.by)


@event("policy.pack_dropped/1", day="on")
class PackDropped(Event):
    digest: str
    why: str
    on: date

    def apply(self, shelf: Shelf) -> None:
        shelf.proposed.pop(self.digest, None)


@event("policy.pack_adopted/1", day="on")
class PackAdopted(Event):
    """`digest` is of the pack's bytes; those bytes, kept as evidence, are what is evaluated."""

    key: str
    version: int
    digest: str
    on: date

    def apply(self, shelf: Shelf) -> None:
        shelf.proposed.pop(self.digest, None)
        shelf.adopted[(self.key, self.version)] = self.digest


@event("policy.calendar_year_published/1", day="on")
class CalendarYearPublished(Event):
    """`off` are rest days with their holiday's name, `work` the weekend days that are worked."""

    year: int
    off: list[tuple[date, str]]
    work: list[date]
    source: str
    on: date

    def apply(self, shelf: Shelf) -> None:
        shelf.years.add(self.year)


class Moved(msgspec.Struct, frozen=True):
    """An open loop, by `kind:key`, whose last day is another than was counted, or is no longer provisional."""

    loop: str
    was: date | None
    due_on: date | None
    provisional: bool


@event("policy.deadlines_recounted/1", day="on")
class DeadlinesRecounted(Event):
    """Told in the stream whose open loops it is about: the law has changed since they were counted.

    From here on they are counted by the book as it is known at this event; `moved` says what came of it then.
    """

    moved: list[Moved]
    on: date

    def apply(self, aggregate: Aggregate) -> None:
        aggregate.recounted()
