"""What has happened to a party."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.events import Event, event

if TYPE_CHECKING:
    from domain.party.party import Party


@event("party.registered/1", day="registered_on")
class PartyRegistered(Event):
    """`size` is large, medium, small or micro, where known."""

    scheme: str
    id: str
    name: str
    size: str | None
    region: str | None
    registered_on: date

    def apply(self, party: Party) -> None:
        party.name, party.size, party.region = self.name, self.size, self.region
        party.named_on = self.registered_on


@event("party.renamed/1", day="renamed_on")
class PartyRenamed(Event):
    name: str
    renamed_on: date

    def apply(self, party: Party) -> None:
        party.name, party.named_on = self.name, self.renamed_on


@event("party.credit_checked/1", day="checked_on")
class CreditChecked(Event):
    """Somebody looked the party up for a purpose (an award, an approval)."""

    purpose: str
    checked_on: date


@event("party.good_behaviour_recorded/1", day="recognised_on")
class GoodBehaviourRecorded(Event):
    code: str
    level: str
    recognised_by: str
    note: str
    recognised_on: date


@event("party.grade_received/1", day="received_on")
class GradeReceived(Event):
    """A grade made elsewhere, in its own scheme."""

    scheme: str
    grade: str
    graded_by: str
    valid_until: date | None
    received_on: date
