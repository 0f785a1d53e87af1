"""Procurement 采购过程: what is known of a contracting process by its ocid, before and beside its contracts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from domain.aggregate import Aggregate
from domain.events import Event, event
from domain.ledger import stream_id
from domain.terms import Authority, Contractor
from domain.values.money import Money


class Winner(msgspec.Struct, frozen=True):
    """中标人: one of those who won an award; `award` is what a contract of this process names it by, `value` the whole award's."""

    award: str
    scheme: str
    id: str
    name: str
    size: str | None = None
    lead: bool = False
    value: Money | None = None
    awarded_on: date | None = None


def procurement_id(ocid: str) -> UUID:
    """A procurement's stream follows from its ocid."""
    return stream_id("procurement", ocid)


@event("procurement.release_received/1", day="received_on")
class ProcurementReleaseReceived(Event):
    """A publisher's document told of a process without a contract; it is kept whole under its digest."""

    ocid: str
    digest: str
    name: str
    authority: Authority | None
    winners: list[Winner]
    value: Money | None
    status: str | None
    released_at: str | None
    received_on: date

    def apply(self, procurement: Procurement) -> None:
        procurement.received(self)


class Procurement(Aggregate):
    """Knows the sides of a process, for a contract whose own file does not name them."""

    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.releases: set[str] = set()
        self.released_at = ""
        self.authority: Authority | None = None
        self.awards: dict[str, list[Contractor]] = {}

    def received(self, said: ProcurementReleaseReceived) -> None:
        """The sides as the latest release names them; an older one only adds what no other has said."""
        self.releases.add(said.digest)
        told: dict[str, list[Contractor]] = {}
        for one in said.winners:
            told.setdefault(one.award, []).append(Contractor(one.scheme, one.id, one.name, one.size, one.lead))
        if (said.released_at or "") >= self.released_at:
            self.released_at = said.released_at or ""
            self.authority, self.awards = said.authority or self.authority, self.awards | told
        else:
            self.authority, self.awards = self.authority or said.authority, told | self.awards

    def receive(self, terms: dict[str, Any], today: date, **said: Any) -> bool:
        """False when this document has been received before."""
        if terms["digest"] in self.releases:
            return False
        self.happen(ProcurementReleaseReceived(received_on=today, **terms, **said))
        return True

    def contractors_of(self, award: str | None) -> Sequence[Contractor]:
        """Who won the award that a contract names; of several awards none is guessed at, a single one it is."""
        if award is not None and award in self.awards:
            return self.awards[award]
        return next(iter(self.awards.values())) if len(self.awards) == 1 else ()
