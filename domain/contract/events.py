"""What has happened to a contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from domain.events import Event, event, with_more
from domain.terms import Authority, CheckItem, Contractor, Obligation, PaymentTerm, Proof, Security
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.contract.contract import Contract


@event("contract.signed/1", day="holds_from")
class ContractSigned(Event):
    """`signed_on` may be unknown (an import); the contract then holds from its earliest known day."""

    number: str
    name: str
    type: str
    region: str
    signed_on: date | None
    holds_from: date
    starts_on: date | None
    ends_on: date | None
    authority: Authority
    contractors: list[Contractor]
    value: Money | None
    obligations: list[Obligation]
    payments: list[PaymentTerm]
    security: Security | None
    retention_percent: Decimal
    government_procurement: bool | None = None
    source: str | None = None
    ocid: str | None = None

    def apply(self, contract: Contract) -> None:
        contract.signed(self)


@event("contract.works_classed/1", day="classed_on")
class WorksClassed(Event):
    """Which credit regime the contract's works come under: hydraulic, or municipal. What was not classed is under neither alone."""

    works: str
    classed_on: date

    def apply(self, contract: Contract) -> None:
        contract.works = self.works


@event("contract.late_rate_agreed/1", day="agreed_on")
class LateRateAgreed(Event):
    """约定逾期利率: in per cent `per` day or year, for what falls due from then on; `lpr` as in LateRate. Nothing agreed: the law's own."""

    percent: Decimal
    per: str
    lpr: Decimal | None
    agreed_on: date

    def apply(self, contract: Contract) -> None:
        contract.lpr = self.lpr


@event("contract.published/1", day="published_on")
class ContractPublished(Event):
    published_on: date
    url: str | None = None

    def apply(self, contract: Contract) -> None:
        contract.published_on = self.published_on


@event("contract.filed/1", day="filed_on")
class ContractFiled(Event):
    filed_on: date
    number: str | None = None

    def apply(self, contract: Contract) -> None:
        contract.filed_on = self.filed_on


@event("contract.amended/1", day="amended_on")
class ContractAmended(Event):
    """变更/补充协议: new value and end, obligations and payments that are added or replaced by ref."""

    number: str | None
    amended_on: date
    rationale: str
    value: Money | None
    ends_on: date | None
    obligations: list[Obligation]
    payments: list[PaymentTerm]

    def apply(self, contract: Contract) -> None:
        contract.amended(self)


@event("contract.assigned/1", day="assigned_on")
class ContractAssigned(Event):
    """合同转让: from that day on another stands in the place of one of the sides, with its rights and duties."""

    leaves: str
    comes: Contractor
    side: str
    assigned_on: date
    rationale: str
    evidence: list[str]

    def apply(self, contract: Contract) -> None:
        contract.assigned(self)


@event("contract.check_planned/1", day="recorded_on")
class CheckPlanned(Event):
    check: UUID
    planned_on: date
    mode: str
    recorded_on: date

    def apply(self, contract: Contract) -> None:
        contract.checks[self.check] = "planned"


@event("contract.check_cancelled/1", day="cancelled_on")
class CheckCancelled(Event):
    check: UUID
    cancelled_on: date
    why: str

    def apply(self, contract: Contract) -> None:
        contract.checks[self.check] = "cancelled"


@event("contract.check_carried_out/1", day="carried_out_on")
class CheckCarriedOut(Event):
    """`inspectors` are account ids or sealed names; two at least."""

    check: UUID
    carried_out_on: date
    inspectors: list[str]
    items: list[CheckItem]
    note: str = ""

    def apply(self, contract: Contract) -> None:
        contract.check_done(self)


@event("contract.obligation_fulfilled/1", day="fulfilled_on")
class ObligationFulfilled(Event):
    ref: str
    fulfilled_on: date
    evidence: list[str]

    def apply(self, contract: Contract) -> None:
        contract.fulfilled[self.ref] = self.fulfilled_on


@event("contract.obligation_waived/1", day="waived_on")
class ObligationWaived(Event):
    ref: str
    waived_on: date
    why: str

    def apply(self, contract: Contract) -> None:
        contract.waived.add(self.ref)


@event("contract.excuse_raised/1", day="raised_on")
class ExcuseRaised(Event):
    """Force majeure, the other side's fault, an agreed extension, a right to suspend, a pending dispute."""

    ref: str | None
    kind: str
    text: str
    evidence: list[str]
    raised_on: date

    def apply(self, contract: Contract) -> None:
        contract.excuses.append((self.kind, self.raised_on))


@event("contract.payment_made/1", day="paid_on")
class PaymentMade(Event):
    """`ref` names the term it pays; None where a file does not say."""

    ref: str | None
    paid_on: date
    value: Money
    note: str = ""

    def apply(self, contract: Contract) -> None:
        contract.pay(self)


@event("contract.finding_recorded/1", day="found_on")
class FindingRecorded(Event):
    """违约（问题）发现: what was found, of whom, when it occurred. A case is opened with it."""

    finding: UUID
    case: UUID
    behaviour: str
    kind: str
    party: str
    check: UUID | None
    occurred_on: date
    found_on: date
    facts: str
    contract_clause: str | None
    evidence: list[Proof]

    def apply(self, contract: Contract) -> None:
        contract.finding(self)


@event("contract.suspended/1", day="suspended_on")
class ContractSuspended(Event):
    suspended_on: date
    why: str

    def apply(self, contract: Contract) -> None:
        contract.become("suspended", self.suspended_on)


@event("contract.resumed/1", day="resumed_on")
class ContractResumed(Event):
    resumed_on: date

    def apply(self, contract: Contract) -> None:
        contract.become("performing", self.resumed_on)


@event("contract.completed/2", day="completed_on", upcasts={"contract.completed/1": with_more(warranty_ends_on=None)})
class ContractCompleted(Event):
    """`warranty_ends_on`: the last day of the warranty, after which the retention is released (version 1 knew none)."""

    completed_on: date
    evidence: list[str] = msgspec.field(default_factory=list)
    warranty_ends_on: date | None = None

    def apply(self, contract: Contract) -> None:
        contract.become("completed", self.completed_on)


@event("contract.terminated/2", day="terminated_on", upcasts={"contract.terminated/1": with_more(at_fault=None)})
class ContractTerminated(Event):
    """Ended before completion; by itself never a breach. `at_fault`: the side that is said to be (version 1 knew none)."""

    terminated_on: date
    by_side: str | None
    why: str
    at_fault: str | None

    def apply(self, contract: Contract) -> None:
        contract.become("terminated", self.terminated_on)


@event("contract.security_returned/2", day="returned_on", upcasts={"contract.security_returned/1": with_more(value=None, kept_because="")})
class SecurityReturned(Event):
    """`value`: what was returned, all of it when none is said; `kept_because`: why the rest was not (version 1 knew neither)."""

    returned_on: date
    value: Money | None
    kept_because: str

    def apply(self, contract: Contract) -> None:
        contract.security_returned = True


@event("contract.retention_released/2", day="released_on", upcasts={"contract.retention_released/1": with_more(kept_because="")})
class RetentionReleased(Event):
    """`kept_because`: why some of it was not released (version 1 did not know)."""

    released_on: date
    value: Money | None
    kept_because: str

    def apply(self, contract: Contract) -> None:
        contract.retention_released = True


@event("contract.settled/1", day="settled_on")
class ContractSettled(Event):
    settled_on: date
    value: Money | None = None

    def apply(self, contract: Contract) -> None:
        contract.become("settled", self.settled_on)


@event("contract.external_release_received/1", day="received_on")
class ExternalReleaseReceived(Event):
    """A publisher's document said something of this contract; it is kept whole under its digest."""

    digest: str
    ocid: str | None
    released_at: str | None
    remarks: list[str]
    received_on: date

    def apply(self, contract: Contract) -> None:
        contract.releases.add(self.digest)
