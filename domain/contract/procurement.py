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


class Award(msgspec.Struct, frozen=True):
    """授标: who won, for how much; `id` is what a contract of this process names it by."""

    id: str
    contractors: list[Contractor]
    value: Money | None = None
    awarded_on: date | None = None
    status: str | None = None


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
    awards: list[Award]
    value: Money | None
    status: str | None
    released_at: str | None
    remarks: list[str]
    received_on: date

    def apply(self, procurement: Procurement) -> None:
        procurement.releases.add(self.digest)
        if procurement.released_at is not None and (self.released_at or "") < procurement.released_at:
            return  # an older word does not replace a newer one
        procurement.released_at = self.released_at
        procurement.authority = self.authority or procurement.authority
        procurement.awards.update({one.id: one for one in self.awards if one.contractors})


class Procurement(Aggregate):
    """Knows the sides of a process, for a contract whose own file does not name them."""

    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.releases: set[str] = set()
        self.released_at: str | None = None
        self.authority: Authority | None = None
        self.awards: dict[str, Award] = {}

    def receive(self, terms: dict[str, Any], today: date, **said: Any) -> bool:
        """False when this document has been received before."""
        if terms["digest"] in self.releases:
            return False
        self.happen(ProcurementReleaseReceived(received_on=today, **terms, **said))
        return True

    def contractors_of(self, award: str | None) -> Sequence[Contractor]:
        """Who won the award that a contract names; of several awards none is guessed at, of a single one it is that."""
        if award is not None and award in self.awards:
            return self.awards[award].contractors
        return next(iter(self.awards.values())).contractors if len(self.awards) == 1 else ()
