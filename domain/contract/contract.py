"""Contract 合同 decides what may be recorded of its performance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from domain.act import new_id
from domain.aggregate import Aggregate
from domain.contract import events, rules
from domain.events import Told
from domain.rules import hold, hold_all
from domain.terms import CheckItem, Contractor, LateRate, Obligation, PaymentTerm, Proof, Security
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.policy.book import Book


class Beside(NamedTuple):
    """What may be said with the signing: the class of works, the agreed rate of late payment."""

    works: str | None = None
    late_rate: LateRate | None = None


NOTHING = Beside()


def _beside(said: Beside, signing: events.ContractSigned, on: date, today: date, book: Book) -> Iterator[tuple[Any, ...]]:
    """What is to be asked of it, as if the contract were signed."""
    if said == NOTHING:
        return
    signed = Contract(UUID(int=0))
    signing.apply(signed)
    if said.works is not None:
        yield rules.WORKS, signed, on, today, said.works
    if said.late_rate is not None:
        yield rules.LATE_RATE, signed, on, today, said.late_rate, book


class Contract(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.number = ""
        self.region = ""
        self.works: str | None = None  # hydraulic or municipal, where it was said
        self.lpr: Decimal | None = None  # the one-year loan prime rate when it was made, where it was said
        self.type = ""
        self.status = ""
        self.holds_from = date.min
        self.authority = ""
        self.left_on: dict[str, tuple[str, date]] = {}  # a party that another has taken the place of: its side, and since when
        self.came_on: dict[str, date] = {}
        self.contractors: list[Contractor] = []
        self.value: Money | None = None
        self.signed_value: Money | None = None
        self.obligations: dict[str, Obligation] = {}
        self.payments: dict[str, PaymentTerm] = {}
        self.paid: dict[str, list[Money]] = {}
        self.fulfilled: dict[str, date] = {}
        self.waived: set[str] = set()
        self.checks: dict[UUID, str] = {}
        self.check_proofs: dict[UUID, list[Proof]] = {}
        self.findings: dict[UUID, UUID] = {}
        self.found: dict[tuple[str, str, date], list[UUID]] = {}
        self.security: Security | None = None
        self.retention = False
        self.retention_percent = Decimal(0)
        self.since = date.min  # when it came into the state that it is in
        self.published_on: date | None = None
        self.filed_on: date | None = None
        self.security_returned = False
        self.retention_released = False
        self.releases: set[str] = set()
        self.excuses: list[tuple[str, date]] = []  # (kind, raised on)

    # -- remember

    def signed(self, said: events.ContractSigned) -> None:
        self.number, self.region, self.type, self.status = said.number, said.region, said.type, "performing"
        self.holds_from, self.authority, self.contractors = said.holds_from, said.authority.ref, said.contractors
        self.value = self.signed_value = said.value
        self.obligations = {one.ref: one for one in said.obligations}
        self.payments = {one.ref: one for one in said.payments}
        self.security, self.retention = said.security, said.retention_percent > 0
        self.retention_percent, self.since = said.retention_percent, said.holds_from

    def assigned(self, said: events.ContractAssigned) -> None:
        self.left_on[said.leaves] = (said.side, said.assigned_on)
        self.came_on[said.comes.ref] = said.assigned_on
        self.left_on.pop(said.comes.ref, None)
        if said.side == "authority":
            self.authority = said.comes.ref
        else:
            self.contractors = [said.comes if one.ref == said.leaves else one for one in self.contractors]

    def amended(self, said: events.ContractAmended) -> None:
        self.value = said.value or self.value
        self.obligations |= {one.ref: one for one in said.obligations}
        self.payments |= {one.ref: one for one in said.payments}

    def pay(self, said: events.PaymentMade) -> None:
        self.paid.setdefault(said.ref or "", []).append(said.value)

    def check_done(self, said: events.CheckCarriedOut) -> None:
        self.checks[said.check] = "done"
        self.check_proofs[said.check] = [Proof(digest, said.by) for item in said.items for digest in item.evidence]

    def wordings(self, told: Sequence[Told]) -> None:
        for one in told:
            if isinstance(one.event, events.CheckCarriedOut):
                brought = [Proof(digest, one.event.by) for item in one.event.items for digest in item.evidence]
                kept = self.check_proofs.setdefault(one.event.check, [])
                kept += [proof for proof in brought if proof not in kept]

    def finding(self, said: events.FindingRecorded) -> None:
        self.findings[said.finding] = said.case
        self.found.setdefault((said.party, said.behaviour, said.occurred_on), []).append(said.case)

    def become(self, status: str, on: date) -> None:
        self.status, self.since = status, on

    @property
    def retained(self) -> Money | None:
        """What is held back of the contract's value."""
        return self.value.percent(self.retention_percent) if self.value is not None and self.retention else None

    def left(self, ref: str) -> Decimal:
        """What of a payment is still to be paid."""
        term = self.payments[ref].value
        return term.amount - sum(one.amount for one in self.paid.get(ref, []) if one.currency == term.currency)

    @property
    def parties(self) -> list[str]:
        """Both sides, as scheme:id; the authority first."""
        return [self.authority, *[one.ref for one in self.contractors]]

    def side_of(self, party: str, on: date | None = None) -> str | None:
        """On which side a party stands; with `on`, stood that day: who has left answers for what was before."""
        if on is not None and party in self.left_on and on < self.left_on[party][1]:
            return self.left_on[party][0]
        if party not in self.parties or (on is not None and on < self.came_on.get(party, on)):
            return None
        return "authority" if party == self.authority else "contractor"

    # -- decide

    def sign(
        self, terms: dict[str, Any], today: date, book: Book, imported: bool = False, *, beside: Beside = NOTHING, taken: bool = False, **said: Any,
    ) -> None:  # fmt: skip
        """With what is said beside it. `taken`: has this authority a contract of this number?"""
        signing = events.ContractSigned(**terms, **said)
        on = min(signing.holds_from, today)
        hold_all(
            (rules.SIGN_IMPORTED if imported else rules.SIGN, signing, today, book), (rules.NUMBER, signing, taken), *_beside(beside, signing, on, today, book)
        )
        self.happen(signing)
        if beside.works is not None:
            self.class_works(beside.works, on, today, **said)
        if beside.late_rate is not None:
            self.agree_late_rate(beside.late_rate, on, today, book, **said)

    def class_works(self, works: str, on: date, today: date, **said: Any) -> None:
        hold(rules.CLASS_WORKS, self, on, today, works)
        self.happen(events.WorksClassed(works=works, classed_on=on, **said))

    def agree_late_rate(self, rate: LateRate, on: date, today: date, book: Book, **said: Any) -> None:
        hold(rules.AGREE_LATE_RATE, self, on, today, rate, book)
        self.happen(events.LateRateAgreed(percent=rate.percent, per=rate.per, lpr=rate.lpr, agreed_on=on, **said))

    def publish(self, on: date, url: str | None, today: date, **said: Any) -> None:
        hold(rules.PUBLISH, self, on, today)
        self.happen(events.ContractPublished(published_on=on, url=url, **said))

    def file(self, on: date, number: str | None, today: date, **said: Any) -> None:
        hold(rules.FILE, self, on, today)
        self.happen(events.ContractFiled(filed_on=on, number=number, **said))

    def amend(self, terms: dict[str, Any], today: date, book: Book, imported: bool = False, late_rate: LateRate | None = None, **said: Any) -> None:
        amendment = events.ContractAmended(**terms, **said)
        steps: list[tuple[Any, ...]] = [] if imported else [(rules.AMENDMENT, self, amendment, book)]
        steps += [(rules.LATE_RATE, self, amendment.amended_on, today, late_rate, book)] if late_rate is not None else []
        hold_all((rules.PAST_ACT if imported else rules.RUNNING_ACT, self, amendment.amended_on, today), *steps)
        self.happen(amendment)
        if late_rate is not None:
            self.agree_late_rate(late_rate, amendment.amended_on, today, book, **said)

    def assign(self, terms: dict[str, Any], today: date, **said: Any) -> None:
        assignment = events.ContractAssigned(side=self.side_of(terms["leaves"]) or "", **terms, **said)
        hold(rules.ASSIGN, self, assignment.assigned_on, today, assignment)
        self.happen(assignment)

    def plan_check(self, planned_on: date, mode: str, today: date, book: Book, **said: Any) -> UUID:
        hold(rules.PLAN_CHECK, self, planned_on, mode, today, book)
        check = new_id()
        self.happen(events.CheckPlanned(check=check, planned_on=planned_on, mode=mode, recorded_on=today, **said))
        return check

    def cancel_check(self, check: UUID, why: str, today: date, **said: Any) -> None:
        hold(rules.CANCEL_CHECK, self, check, why)
        self.happen(events.CheckCancelled(check=check, cancelled_on=today, why=why, **said))

    def carry_out_check(self, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], note: str, today: date, book: Book, **said: Any) -> None:
        hold(rules.CARRY_OUT, self, check, on, inspectors, items, today, book)
        self.happen(events.CheckCarriedOut(check=check, carried_out_on=on, inspectors=inspectors, items=items, note=note, **said))

    def fulfil(self, ref: str, on: date, evidence: list[str], today: date, **said: Any) -> None:
        hold(rules.FULFIL, self, ref, on, today)
        self.happen(events.ObligationFulfilled(ref=ref, fulfilled_on=on, evidence=evidence, **said))

    def waive(self, ref: str, why: str, on: date, today: date, **said: Any) -> None:
        hold(rules.WAIVE, self, ref, on, today, why)
        self.happen(events.ObligationWaived(ref=ref, waived_on=on, why=why, **said))

    def raise_excuse(self, terms: dict[str, Any], on: date, today: date, book: Book, **said: Any) -> None:
        hold(rules.EXCUSE, self, on, today, terms["kind"], terms["text"], book)
        self.happen(events.ExcuseRaised(raised_on=on, **terms, **said))

    def record_payment(self, ref: str | None, on: date, value: Money, note: str, today: date, imported: bool = False, **said: Any) -> None:
        hold(rules.PAST_ACT if imported else rules.PAY, self, on, today, ref, value)
        self.happen(events.PaymentMade(ref=ref, paid_on=on, value=value, note=note, **said))

    def record_finding(self, terms: dict[str, Any], case: UUID, evidence: list[Proof], today: date, book: Book, **said: Any) -> UUID:
        finding = new_id()
        found = events.FindingRecorded(finding=finding, case=case, evidence=evidence, found_on=today, **terms, **said)
        hold(rules.FINDING, self, found, today, book)
        self.happen(found)
        return finding

    def suspend(self, on: date, why: str, today: date, **said: Any) -> None:
        hold(rules.SUSPEND, self, on, today, why)
        self.happen(events.ContractSuspended(suspended_on=on, why=why, **said))

    def resume(self, on: date, today: date, **said: Any) -> None:
        hold(rules.RESUME, self, on, today)
        self.happen(events.ContractResumed(resumed_on=on, **said))

    def complete(
        self, on: date, evidence: list[str], today: date, imported: bool = False, warranty_ends_on: date | None = None, **said: Any
    ) -> None:  # fmt: skip
        hold(rules.PAST_ACT if imported else rules.COMPLETE, self, on, today, warranty_ends_on)
        self.happen(events.ContractCompleted(completed_on=on, evidence=evidence, warranty_ends_on=warranty_ends_on, **said))

    def terminate(
        self, on: date, by_side: str | None, why: str, today: date, imported: bool = False, at_fault: str | None = None, **said: Any
    ) -> None:  # fmt: skip
        hold(rules.PAST_ACT if imported else rules.TERMINATE, self, on, today, why)
        self.happen(events.ContractTerminated(terminated_on=on, by_side=by_side, why=why, at_fault=at_fault, **said))

    def return_security(self, on: date, value: Money | None, kept_because: str, today: date, **said: Any) -> None:
        hold(rules.RETURN_SECURITY, self, on, today, value, kept_because)
        self.happen(events.SecurityReturned(returned_on=on, value=value, kept_because=kept_because, **said))

    def release_retention(self, on: date, value: Money | None, kept_because: str, today: date, **said: Any) -> None:
        hold(rules.RELEASE_RETENTION, self, on, today, value, kept_because)
        self.happen(events.RetentionReleased(released_on=on, value=value, kept_because=kept_because, **said))

    def settle(self, on: date, value: Money | None, today: date, imported: bool = False, **said: Any) -> None:
        hold(rules.PAST_ACT if imported else rules.SETTLE, self, on, today, value)
        self.happen(events.ContractSettled(settled_on=on, value=value, **said))

    def receive_release(self, terms: dict[str, Any], today: date, **said: Any) -> bool:
        """False when this document has been received before."""
        if terms["digest"] in self.releases:
            return False
        self.happen(events.ExternalReleaseReceived(received_on=today, **terms, **said))
        return True
