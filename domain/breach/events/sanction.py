"""What has happened to a sanction, and to its case after the decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from domain.events import Event, event
from domain.rules import Basis
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.breach.case import Case


@event("case.sanction_decided/1", day="decided_on")
class SanctionDecided(Event):
    """The decision document, its class and points under the law of its day, and what lies ahead because of it."""

    sanction: UUID
    decided_on: date
    document_number: str
    decision_types: list[str]
    fine: Money | None
    measures: list[str]
    grounds: str
    national_class: str
    industry_class: str
    points: Decimal
    to_be_published: bool
    repairable_from: date | None
    last_day: date | None
    recipients: list[str]
    basis: list[Basis]

    def apply(self, case: Case) -> None:
        case.sanctioned(self)


@event("case.departure_explained/1", day="decided_on")
class DepartureExplained(Event):
    """Why a decision is not what like findings got, said with it. `basis`: the rules that asked; of their own accord: none."""

    sanction: UUID
    decided_on: date
    grounds: str
    compared: int
    basis: list[Basis]


@event("case.measure_applied/1", day="applied_on")
class MeasureApplied(Event):
    sanction: UUID
    measure: str
    applied_on: date
    ends_on: date | None
    basis: Basis

    def apply(self, case: Case) -> None:
        case.measure(self.sanction, self.measure, "applied", self.applied_on)


@event("case.measure_lifted/1", day="lifted_on")
class MeasureLifted(Event):
    sanction: UUID
    measure: str
    lifted_on: date
    why: str

    def apply(self, case: Case) -> None:
        case.measure(self.sanction, self.measure, "lifted", self.lifted_on)


@event("case.sanction_served/1", day="served_on")
class SanctionServed(Event):
    sanction: UUID
    served_on: date
    effective_on: date
    method: str
    proof: list[str]

    def apply(self, case: Case) -> None:
        case.sanctions[self.sanction].served_on = self.effective_on


@event("case.repair_notice_served/1", day="served_on")
class RepairNoticeServed(Event):
    """信用修复告知书, served together with the decision."""

    sanction: UUID
    served_on: date

    def apply(self, case: Case) -> None:
        case.sanctions[self.sanction].repair_notice = True


@event("case.sanction_published/1", day="published_on")
class SanctionPublished(Event):
    """`until` is the last day of publicity; gone at the midnight that ends it."""

    sanction: UUID
    published_on: date
    until: date
    party: str
    document_number: str
    decision_types: list[str]
    authority: str

    def apply(self, case: Case) -> None:
        case.published(self)


@event("case.sanction_fulfilled/1", day="fulfilled_on")
class SanctionFulfilled(Event):
    sanction: UUID
    fulfilled_on: date
    evidence: list[str]

    def apply(self, case: Case) -> None:
        case.sanctions[self.sanction].fulfilled_on = self.fulfilled_on


@event("case.enforcement_demanded/1", day="demanded_on")
class EnforcementDemanded(Event):
    sanction: UUID
    demanded_on: date

    def apply(self, case: Case) -> None:
        case.sanctions[self.sanction].demanded_on = self.demanded_on


@event("case.court_asked/1", day="asked_on")
class CourtAsked(Event):
    """申请法院强制执行: the demand was in vain and the time for review and suit is over."""

    sanction: UUID
    asked_on: date
    court: str
    reference: str

    def apply(self, case: Case) -> None:
        case.sanctions[self.sanction].court_asked_on = self.asked_on


@event("case.window_ended/1", day="ended_on")
class WindowEnded(Event):
    """A window ran out unused; recorded once, by the system, dated at its end."""

    loop: str
    ended_on: date

    def apply(self, case: Case) -> None:
        case.windows_ended.add(self.loop)


@event("case.objection_filed/1", day="filed_on")
class ObjectionFiled(Event):
    objection: UUID
    sanction: UUID | None
    filed_on: date
    party: str
    grounds: str
    evidence: list[str]

    def apply(self, case: Case) -> None:
        case.objections[self.objection] = None
        case.objected[self.objection] = (self.sanction, self.filed_on)


@event("case.objection_marked/1", day="marked_on")
class ObjectionMarked(Event):
    """The record carries a mark while the objection is open."""

    objection: UUID
    marked_on: date


@event("case.objection_decided/1", day="decided_on")
class ObjectionDecided(Event):
    """`outcome` is upheld, upheld_in_part or rejected."""

    objection: UUID
    outcome: str
    decided_on: date
    grounds: str

    def apply(self, case: Case) -> None:
        case.objections[self.objection] = self.outcome


@event("case.review_opened/1", day="opened_on")
class ReviewOpened(Event):
    """`path` is reconsideration (复议) or suit (诉讼). The record stays published, with a mark."""

    review: UUID
    path: str
    opened_on: date
    reference: str

    def apply(self, case: Case) -> None:
        case.reviews[self.review] = None
        case.reviewed[self.review] = self.opened_on


@event("case.review_ended/1", day="ended_on")
class ReviewEnded(Event):
    """`outcome` is upheld (the decision stands), changed, revoked or withdrawn."""

    review: UUID
    outcome: str
    ended_on: date
    note: str

    def apply(self, case: Case) -> None:
        case.reviews[self.review] = self.outcome
        case.review_ended_on = self.ended_on


@event("case.sanction_corrected/1", day="corrected_on")
class SanctionCorrected(Event):
    """An act of law: the decision is changed. The earlier one stays provable."""

    sanction: UUID
    corrected_on: date
    document_number: str | None
    decision_types: list[str]
    fine: Money | None
    grounds: str
    national_class: str
    industry_class: str
    points: Decimal
    repairable_from: date | None
    last_day: date | None
    basis: list[Basis]

    def apply(self, case: Case) -> None:
        case.corrected(self)


@event("case.sanction_revoked/1", day="revoked_on")
class SanctionRevoked(Event):
    sanction: UUID
    revoked_on: date
    grounds: str

    def apply(self, case: Case) -> None:
        case.revoked(self)


@event("case.record_reclassified/1", day="reclassified_on")
class RecordReclassified(Event):
    """A record's class under another version of the law: an event, never a silent recomputing."""

    sanction: UUID
    reclassified_on: date
    national_class: str
    industry_class: str
    points: Decimal
    repairable_from: date | None
    last_day: date | None
    grounds: str
    basis: list[Basis]

    def apply(self, case: Case) -> None:
        case.reclassified(self)


@event("case.publicity_ended/1", day="ended_on")
class PublicityEnded(Event):
    """`why` is repaired, expired or revoked."""

    sanction: UUID
    ended_on: date
    why: str

    def apply(self, case: Case) -> None:
        case.publicity_ended(self)


@event("case.publicity_withdrawn/1", day="withdrawn_on")
class PublicityWithdrawn(Event):
    sanction: UUID
    withdrawn_on: date
    why: str

    def apply(self, case: Case) -> None:
        case.publicity_withdrawn(self.sanction)


@event("case.closed/1", day="closed_on")
class CaseClosed(Event):
    closed_on: date
    why: str

    def apply(self, case: Case) -> None:
        case.status = "closed"
