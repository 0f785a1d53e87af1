"""What has happened to a repair application."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from domain.events import Event, event
from domain.rules import Basis

if TYPE_CHECKING:
    from domain.repair.repair import Repair


class Document(msgspec.Struct, frozen=True):
    """A paper of the application: its kind, and what was handed in for it."""

    kind: str
    digest: str


class Missing(msgspec.Struct, frozen=True):
    """What is asked for, and why."""

    kind: str
    reason: str


@event("repair.applied/1", day="applied_on")
class RepairApplied(Event):
    """`contact` is sealed. `insisted`: sent although the planner said it was too early."""

    receipt: str
    case: UUID
    sanction: UUID
    party: str
    region: str
    document_number: str
    applied_on: date
    documents: list[Document]
    commitment: str
    commitment_signed_on: date | None
    contact_name: str
    contact_phone: str
    insisted: bool
    repairable_from: date
    recipients: list[str]
    basis: list[Basis]

    def apply(self, repair: Repair) -> None:
        repair.applied(self)


@event("repair.supplement_requested/1", day="requested_on")
class SupplementRequested(Event):
    items: list[Missing]
    requested_on: date

    def apply(self, repair: Repair) -> None:
        repair.status, repair.handled_by = "supplement_requested", self.by
        repair.last_on = self.requested_on
        repair.windows_ended.clear()  # a window of its own, though an earlier one ran out


@event("repair.supplement_provided/1", day="provided_on")
class SupplementProvided(Event):
    documents: list[Document]
    provided_on: date

    def apply(self, repair: Repair) -> None:
        repair.status = "applied"
        repair.kinds |= {one.kind for one in self.documents}
        repair.last_on = self.provided_on


@event("repair.accepted/1", day="accepted_on")
class RepairAccepted(Event):
    accepted_on: date

    def apply(self, repair: Repair) -> None:
        repair.status, repair.last_on = "accepted", self.accepted_on


@event("repair.rejected/1", day="rejected_on")
class RepairRejected(Event):
    """Not accepted; `codes` name the rules of the pack that are not met."""

    text: str
    codes: list[str]
    rejected_on: date
    earliest: date | None

    def apply(self, repair: Repair) -> None:
        repair.status, repair.decider, repair.last_on = "rejected", self.by, self.rejected_on


@event("repair.verified/1", day="verified_on")
class RepairVerified(Event):
    fulfilled: bool
    verified_on: date

    def apply(self, repair: Repair) -> None:
        repair.verified, repair.last_on = self.fulfilled, self.verified_on
        repair.status = "verified" if self.fulfilled else "accepted"


@event("repair.term_extended/1", day="extended_on")
class RepairTermExtended(Event):
    extended_on: date
    why: str
    basis: Basis

    def apply(self, repair: Repair) -> None:
        repair.extended, repair.last_on = True, self.extended_on


@event("repair.approved/1", day="decided_on")
class RepairApproved(Event):
    decided_on: date
    document_number: str | None
    grounds: str
    basis: list[Basis]

    def apply(self, repair: Repair) -> None:
        repair.decide_as("approved", self.by, self.decided_on)


@event("repair.refused/1", day="decided_on")
class RepairRefused(Event):
    decided_on: date
    document_number: str | None
    grounds: str
    basis: list[Basis]

    def apply(self, repair: Repair) -> None:
        repair.decide_as("refused", self.by, self.decided_on)


@event("repair.objection_filed/1", day="filed_on")
class RepairObjectionFiled(Event):
    objection: UUID
    grounds: str
    filed_on: date

    def apply(self, repair: Repair) -> None:
        repair.objections[self.objection], repair.last_on = None, self.filed_on


@event("repair.objection_decided/1", day="decided_on")
class RepairObjectionDecided(Event):
    objection: UUID
    outcome: str
    grounds: str
    decided_on: date

    def apply(self, repair: Repair) -> None:
        repair.objections[self.objection], repair.last_on = self.outcome, self.decided_on
        if self.outcome == "upheld":
            repair.status, repair.verified = "applied", None


@event("repair.withdrawn/1", day="withdrawn_on")
class RepairWithdrawn(Event):
    withdrawn_on: date

    def apply(self, repair: Repair) -> None:
        repair.status, repair.last_on = "withdrawn", self.withdrawn_on


@event("repair.recipient_acknowledged/1", day="acknowledged_on")
class RecipientAcknowledged(Event):
    recipient: str
    reference: str
    acknowledged_on: date

    def apply(self, repair: Repair) -> None:
        repair.waiting.discard(self.recipient)


@event("repair.synchronised/1", day="synchronised_on")
class RepairSynchronised(Event):
    """The last recipient has acknowledged: publicity ended, sharing stopped, measures lifted, everywhere."""

    synchronised_on: date

    def apply(self, repair: Repair) -> None:
        repair.status = "synchronised"


@event("repair.false_material_recorded/1", day="recorded_on")
class FalseMaterialRecorded(Event):
    text: str
    barred_until: date
    recorded_on: date
    basis: Basis

    def apply(self, repair: Repair) -> None:
        repair.barred_until = self.barred_until


@event("repair.revoked/1", day="revoked_on")
class RepairRevoked(Event):
    grounds: str
    revoked_on: date

    def apply(self, repair: Repair) -> None:
        repair.status = "revoked"


@event("repair.window_ended/1", day="ended_on")
class RepairWindowEnded(Event):
    """The applicant's time to supplement ran out."""

    loop: str
    ended_on: date

    def apply(self, repair: Repair) -> None:
        repair.windows_ended.add(self.loop)
        if repair.status == "supplement_requested":
            repair.status = "applied"
