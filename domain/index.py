"""Uniqueness and running numbers, as aggregates: what is taken is a stream whose first version refuses the second."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.aggregate import Aggregate
from domain.events import Event, event
from domain.ledger import stream_id


@event("index.taken/1", day="on")
class Taken(Event):
    """This key of this kind belongs to that stream."""

    kind: str
    key: str
    owner: UUID
    on: date

    def apply(self, index: Index) -> None:
        index.owner = self.owner


class Index(Aggregate):
    """One key of one kind, and whose it is."""

    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.owner: UUID | None = None

    @classmethod
    def of(cls, kind: str, key: str, owner: UUID, on: date, **said: Any) -> Index:
        """Take a key for an owner; saving it fails when somebody has it already."""
        index = cls(stream_id(kind, key))
        index.take(kind, key, owner, on, **said)
        return index

    def take(self, kind: str, key: str, owner: UUID, on: date, **said: Any) -> None:
        """A key that passes from owner to owner: whoever saves the next version first has it."""
        self.happen(Taken(kind=kind, key=key, owner=owner, on=on, **said))


@event("index.number_issued/1", day="on")
class NumberIssued(Event):
    number: int
    on: date

    def apply(self, numbers: Numbers) -> None:
        numbers.last = self.number


class Numbers(Aggregate):
    """Running numbers: one stream per issuer, kind and year."""

    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.last = 0

    def next(self, on: date, **said: Any) -> int:
        self.happen(NumberIssued(number=self.last + 1, on=on, **said))
        return self.last


def numbers_id(issuer: str, kind: str, year: int) -> UUID:
    return stream_id("numbers", f"{issuer}/{kind}/{year}")
