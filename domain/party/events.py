"""What has happened to a party."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from domain.events import Event, event
from domain.rules import Basis

if TYPE_CHECKING:
    from domain.party.commitment import Commitment
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


# -- credit commitments, each a stream of its own


@event("commitment.made/1", day="made_on")
class CommitmentMade(Event):
    """信用承诺: `kind` is its type, `matter` what it is about, `received_by` the authority that took it; where `ends_on` is not said, the rule's term.

    `contract` or `repair`: the contract that it is about, the application that it goes with.
    """

    number: str
    kind: str
    party: str
    region: str
    received_by: str
    matter: str
    text: str
    liability: str
    made_on: date
    ends_on: date | None
    evidence: list[str]
    contract: UUID | None
    repair: UUID | None
    basis: Basis | None

    def apply(self, commitment: Commitment) -> None:
        commitment.status, commitment.party, commitment.region, commitment.repair = "open", self.party, self.region, self.repair
        commitment.recorders, commitment.made_on, commitment.last_on = {self.by}, self.made_on, self.made_on


@event("commitment.reported/1", day="reported_on")
class CommitmentReported(Event):
    """The party, or the office for it, says how the promise was kept; the office is to look."""

    text: str
    evidence: list[str]
    reported_on: date

    def apply(self, commitment: Commitment) -> None:
        commitment.status, commitment.last_on = "reported", self.reported_on
        commitment.recorders.add(self.by)


@event("commitment.kept/1", day="kept_on")
class CommitmentKept(Event):
    note: str
    evidence: list[str]
    kept_on: date

    def apply(self, commitment: Commitment) -> None:
        commitment.status, commitment.last_on, commitment.decider = "kept", self.kept_on, self.by


@event("commitment.broken/1", day="broken_on")
class CommitmentBroken(Event):
    """违诺: found by another person than who recorded it. A sanction for it takes a finding and a case of its own."""

    facts: str
    evidence: list[str]
    broken_on: date

    def apply(self, commitment: Commitment) -> None:
        commitment.status, commitment.last_on, commitment.decider = "broken", self.broken_on, self.by


@event("commitment.withdrawn/1", day="withdrawn_on")
class CommitmentWithdrawn(Event):
    """By the party before it was kept or broken; or with the application that it went with."""

    why: str
    withdrawn_on: date

    def apply(self, commitment: Commitment) -> None:
        commitment.status, commitment.last_on = "withdrawn", self.withdrawn_on


@event("commitment.reopened/1", day="reopened_on")
class CommitmentReopened(Event):
    """What was found of it is taken back, or its application is taken up again: it is open as at first."""

    why: str
    reopened_on: date

    def apply(self, commitment: Commitment) -> None:
        commitment.status, commitment.last_on, commitment.decider = "open", self.reopened_on, None
