"""What has happened to a case until it is decided."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from domain.events import Event, event, with_more
from domain.rules import Basis
from domain.terms import Proof
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.breach.case import Case


class Proposed(msgspec.Struct, frozen=True):
    """The sanction that a notice tells of."""

    decision_types: list[str]
    fine: Money | None = None
    measures: list[str] = []


@event("case.opened/1", day="opened_on")
class CaseOpened(Event):
    """A case per finding. `side` is the side of the contract that is said to be in breach."""

    number: str
    finding: UUID
    contract: UUID
    region: str
    authority: str
    contractors: list[str]
    party: str
    side: str
    behaviour: str
    kind: str
    occurred_on: date
    opened_on: date
    facts: str
    contract_clause: str | None
    evidence: list[Proof]
    contract_value: Money | None

    @property
    def keeper(self) -> str | None:
        """Who handles it at first: who recorded it. A case against the authority nobody, until it is handed over."""
        return self.by if self.side == "contractor" else None

    def apply(self, case: Case) -> None:
        case.opened(self)


@event("case.works_classed/1", day="classed_on")
class CaseWorksClassed(Event):
    """The class of works that the contract told when the case was opened: hydraulic or municipal."""

    works: str
    classed_on: date

    def apply(self, case: Case) -> None:
        case.works = self.works


@event("case.handed_over/1", day="handed_over_on")
class CaseHandedOver(Event):
    to: str
    handed_over_on: date
    why: str

    def apply(self, case: Case) -> None:
        case.keep(self.to)


@event("case.recusal_decided/1", day="decided_on")
class RecusalDecided(Event):
    account: str
    recused: bool
    decided_on: date
    why: str

    def apply(self, case: Case) -> None:
        if self.recused:
            case.recused.add(self.account)
        else:
            case.recused.discard(self.account)


@event("case.notice_served/1", day="served_on")
class NoticeServed(Event):
    """`window_on` is the day that starts the periods: the service's own day, later for a public notice."""

    served_on: date
    window_on: date
    method: str
    document_number: str | None
    proposed: Proposed
    hearing: bool
    proof: list[str]

    def apply(self, case: Case) -> None:
        case.noticed(self)


@event("case.statement_received/1", day="received_on")
class StatementReceived(Event):
    received_on: date
    text: str
    evidence: list[str]

    def apply(self, case: Case) -> None:
        case.stated(self)


@event("case.hearing_requested/1", day="requested_on")
class HearingRequested(Event):
    requested_on: date

    def apply(self, case: Case) -> None:
        case.hearing_requested_on = self.requested_on


@event("case.hearing_notified/1", day="notified_on")
class HearingNotified(Event):
    notified_on: date
    to_be_held_on: date
    chair: str

    def apply(self, case: Case) -> None:
        case.hearing_on, case.chair = self.to_be_held_on, self.chair


@event("case.hearing_heard/1", day="held_on")
class HearingHeard(Event):
    held_on: date
    chair: str
    record: str

    def apply(self, case: Case) -> None:
        case.heard(self)


@event("case.legal_review_passed/1", day="passed_on")
class LegalReviewPassed(Event):
    passed_on: date
    opinion: str

    def apply(self, case: Case) -> None:
        case.reviewed_by_law(self)


@event("case.collective_decision_made/1", day="decided_on")
class CollectiveDecisionMade(Event):
    decided_on: date
    members: list[str]
    record: str

    def apply(self, case: Case) -> None:
        case.collective_on = self.decided_on


@event("case.rectification_ordered/1", day="ordered_on")
class RectificationOrdered(Event):
    ordered_on: date
    due_on: date
    requirements: str
    basis: Basis | None

    def apply(self, case: Case) -> None:
        case.rectifying("ordered", self.ordered_on)
        case.rectification_due_on = self.due_on


@event("case.rectification_reported/1", day="reported_on")
class RectificationReported(Event):
    reported_on: date
    text: str
    evidence: list[str]

    def apply(self, case: Case) -> None:
        case.rectifying("reported", self.reported_on)


@event("case.rectification_verified/1", day="verified_on")
class RectificationVerified(Event):
    """Passed, or failed and escalated: the order stays open for a new report."""

    passed: bool
    verified_on: date
    note: str

    def apply(self, case: Case) -> None:
        case.rectifying("passed" if self.passed else "failed", self.verified_on)


@event("case.breach_confirmed/2", day="confirmed_on", upcasts={"case.breach_confirmed/1": with_more(ended_on=None, harm=False)})
class BreachConfirmed(Event):
    """`excuses`: those that were weighed and did not excuse. `ended_on`: the last day of what went on; `harm`: to life, health or
    finance (version 1 knew neither): both decide how long it may be penalised."""

    confirmed_on: date
    kind: str
    grounds: str
    excuses: list[str]
    basis: list[Basis]
    ended_on: date | None
    harm: bool

    def apply(self, case: Case) -> None:
        case.confirmed(self)


@event("case.dismissed/2", day="dismissed_on", upcasts={"case.dismissed/1": with_more(excuses=[])})
class CaseDismissed(Event):
    """`excuses`: those that hold good (version 1 knew none)."""

    dismissed_on: date
    grounds: str
    excuses: list[str]

    def apply(self, case: Case) -> None:
        case.status = "dismissed"


@event("case.finding_referred/1", day="referred_on")
class FindingReferred(Event):
    to: str
    referred_on: date
    why: str

    def apply(self, case: Case) -> None:
        case.status, case.referred_on = "referred", self.referred_on


@event("case.referral_answered/1", day="answered_on")
class ReferralAnswered(Event):
    """`outcome` is confirmed, dismissed or returned."""

    outcome: str
    answered_on: date
    text: str

    def apply(self, case: Case) -> None:
        case.referral_answered(self)


@event("case.transferred/1", day="transferred_on")
class TransferredToAuthority(Event):
    to: str
    transferred_on: date
    why: str

    def apply(self, case: Case) -> None:
        case.status = "transferred"
