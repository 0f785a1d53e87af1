"""When may something be said again, and which of it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from domain.access import events as a
from domain.access import rules as access_rules
from domain.access.account import Organisation
from domain.breach import events as b
from domain.breach.case import Law
from domain.contract import events as c
from domain.contract import rules as contract_rules
from domain.contract.contract import Contract
from domain.corrections.order import out_of_order
from domain.events import Event
from domain.party import events as p
from domain.party import rules as party_rules
from domain.party.commitment import Commitment
from domain.party.party import Party
from domain.party.rules import commitment as commitment_rules
from domain.policy import events as o
from domain.policy.book import Book
from domain.repair import events as r
from domain.rules import Verdict, ask, at, hold, that
from domain.terms import LateRate

OWN = frozenset({"by", "via", "corrects", "reason"})  # what an event says of itself is nobody's to change

# Who and what an event is about: said wrongly, it is another event, of another thing.
BIRTH = frozenset({
    "authority", "basis", "behaviour", "case", "check", "code_digest", "comes", "leaves", "contract", "contractors", "digest", "document_number",
    "finding", "hearing", "id", "kind", "number", "objection", "ocid", "party", "receipt", "received_by", "recipient", "recipients", "region", "repair",
    "review", "sanction", "scheme", "side", "source", "window_on",
})  # fmt: skip
RENUMBERED = frozenset({c.ContractFiled, c.ContractAmended})  # theirs are other people's numbers, taken down as they were read

# Changed by acts of law (SanctionCorrected, ObjectionDecided …), or told by the system; never by a correction.
DECISIONS = frozenset({
    b.RecusalDecided, b.BreachConfirmed, b.CaseDismissed, b.FindingReferred, b.ReferralAnswered, b.TransferredToAuthority,
    b.SanctionDecided, b.DepartureExplained, b.MeasureApplied, b.MeasureLifted, b.SanctionPublished, b.ObjectionMarked, b.ObjectionDecided, b.SanctionCorrected,
    b.SanctionRevoked, b.RecordReclassified, b.CaseWorksClassed, b.PublicityEnded, b.PublicityWithdrawn, b.CaseClosed, b.WindowEnded, b.CaseHandedOver,
    b.DecisionTouched, b.TouchAnswered, b.ProcedureAnswered, b.ProcedureBreachFound,
    r.RepairRejected, r.RepairApproved, r.RepairRefused, r.RepairTermExtended, r.RepairObjectionDecided, r.RepairSynchronised,
    r.RepairWindowEnded, r.FalseMaterialRecorded, r.RepairRevoked, c.ExternalReleaseReceived, o.DeadlinesRecounted, p.CommitmentWithdrawn, p.CommitmentReopened,
    a.OrganisationRegistered,  # under another name it is registered again
})  # fmt: skip

# Said by one who reviews, chairs or decides: only they say it again.
THEIR_OWN = frozenset({b.HearingHeard, b.LegalReviewPassed, b.CollectiveDecisionMade, p.CommitmentBroken})
JUDGED = frozenset({
    b.LegalReviewPassed, b.HearingHeard, b.CollectiveDecisionMade, b.BreachConfirmed, b.CaseDismissed, b.SanctionDecided, b.SanctionCorrected,
    b.ObjectionDecided, b.RecordReclassified,
})  # fmt: skip
TWINS = frozenset({"facts", "occurred_on", "contract_clause"})  # what a finding and its case both say


class Asked(NamedTuple):
    """What a rule may ask of a correction: the event as it stands and as it would stand, and all of its stream."""

    old: Event
    new: Event | None
    field: str
    reason: str
    today: date
    stands: list[Event]
    would_stand: list[Event]


def may_be_said_again(event: Event, field: str) -> bool:
    """Not what makes it this event; and not who brought the evidence of a finding, which four eyes counts."""
    if field == "number":
        return type(event) in RENUMBERED
    if field in ("authority", "contractors"):
        return isinstance(event, c.ContractSigned)  # in other names; see who_contracted_stays
    if field == "evidence":
        return not isinstance(event, c.FindingRecorded | b.CaseOpened)
    return field not in BIRTH or (field == "kind" and isinstance(event, c.ExcuseRaised))


# -- rules


@at("/field")
def field_is_one_of_its_own(asked: Asked) -> Verdict:
    """这件事没有 {field} 这一项。"""
    return that(asked.field in asked.old.__struct_fields__ and asked.field not in OWN, field=asked.field)


@at("/field")
def field_may_be_said_again(asked: Asked) -> Verdict:
    """{field} 说的是这件事本身，不能更正；登记错了的，另行登记。"""
    return that(may_be_said_again(asked.old, asked.field), field=asked.field)


@at("/position")
def event_is_no_decision(asked: Asked) -> bool:
    """决定和由决定产生的记录不能更正，要依法变更、撤销。"""
    return type(asked.old) not in DECISIONS


@at("/reason")
def correction_has_a_reason(asked: Asked) -> bool:
    """请写明更正的理由。"""
    return bool(asked.reason.strip())


@at("/value")
def value_fits_the_field(asked: Asked) -> Verdict:
    """这个值不能作为 {field}。"""
    return that(asked.new is not None or asked.field not in asked.old.__struct_fields__, field=asked.field)


@at("/value")
def something_changes(asked: Asked) -> bool:
    """更正后的内容和原来一样。"""
    return asked.new is None or getattr(asked.new, asked.field, None) != getattr(asked.old, asked.field, None)


@at("/value")
def who_contracted_stays(asked: Asked) -> bool:
    """甲方、乙方是谁不能更正，只能更正名称、规模和牵头方；登记错了的，另行登记。"""
    old, new = asked.old, asked.new
    if not isinstance(old, c.ContractSigned) or not isinstance(new, c.ContractSigned):
        return True
    return old.authority.ref == new.authority.ref and [one.ref for one in old.contractors] == [one.ref for one in new.contractors]


@at("/value")
def corrected_day_has_come(asked: Asked) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(asked.new is None or asked.new.day <= asked.today, on=asked.new.day if asked.new else "")


@at("/value")
def corrected_day_keeps_the_order(asked: Asked) -> Verdict:
    """更正以后，{later} 就早于它所依据的 {earlier}。"""
    before = set(out_of_order(asked.stands))
    wrong = [pair for pair in out_of_order(asked.would_stand) if pair not in before]
    later, earlier = wrong[0] if wrong else (date.min, date.min)
    return that(asked.new is None or not wrong, later=later, earlier=earlier)


@at("/position")
def another_person_says_again_what_was_found(judges: list[str], since: date, law: Law) -> bool:
    """您审核、主持或决定过本案，登记的发现要由别人更正。"""
    return not law.same(law.by, judges, since)


FOUR_EYES = (another_person_says_again_what_was_found,)
RULES = (
    field_is_one_of_its_own, field_may_be_said_again, event_is_no_decision, correction_has_a_reason, value_fits_the_field,
    something_changes, who_contracted_stays, corrected_day_has_come, corrected_day_keeps_the_order,
)  # fmt: skip


# -- what the rules of the chapter say of the new wording


def _of_signing(contract: Contract, said: c.ContractSigned, today: date, book: Book) -> None:
    imported = said.source is not None
    hold(contract_rules.SIGN_IMPORTED if imported else contract_rules.SIGN, said, today, book)


def _of_payment(contract: Contract, said: c.PaymentMade, today: date, book: Book) -> None:
    if said.ref is not None:
        hold(contract_rules.PAY, contract, said.paid_on, today, said.ref, said.value)


def _of_fulfilment(contract: Contract, said: c.ObligationFulfilled, today: date, book: Book) -> None:
    hold(contract_rules.FULFIL, contract, said.ref, said.fulfilled_on, today)


def _of_waiver(contract: Contract, said: c.ObligationWaived, today: date, book: Book) -> None:
    hold(contract_rules.WAIVE, contract, said.ref, said.waived_on, today, said.why)


def _of_amendment(contract: Contract, said: c.ContractAmended, today: date, book: Book) -> None:
    hold(contract_rules.AMENDMENT, contract, said, book)


def _of_assignment(contract: Contract, said: c.ContractAssigned, today: date, book: Book) -> None:
    hold(contract_rules.ASSIGN, contract, said.assigned_on, today, said)


def _of_completion(contract: Contract, said: c.ContractCompleted, today: date, book: Book) -> None:
    if said.via != "import":
        hold(contract_rules.COMPLETE, contract, said.completed_on, today, said.warranty_ends_on)


def _of_return(contract: Contract, said: c.SecurityReturned, today: date, book: Book) -> None:
    hold(contract_rules.RETURN_SECURITY, contract, said.returned_on, today, said.value, said.kept_because)


def _of_release(contract: Contract, said: c.RetentionReleased, today: date, book: Book) -> None:
    hold(contract_rules.RELEASE_RETENTION, contract, said.released_on, today, said.value, said.kept_because)


def _of_excuse(contract: Contract, said: c.ExcuseRaised, today: date, book: Book) -> None:
    hold(contract_rules.EXCUSE, contract, said.raised_on, today, said.kind, said.text, book)


def _of_check(contract: Contract, said: c.CheckCarriedOut, today: date, book: Book) -> None:
    hold(contract_rules.CARRY_OUT, contract, said.check, said.carried_out_on, said.inspectors, said.items, today, book)


def _of_works(contract: Contract, said: c.WorksClassed, today: date, book: Book) -> None:
    hold(contract_rules.CLASS_WORKS, contract, said.classed_on, today, said.works)


def _of_late_rate(contract: Contract, said: c.LateRateAgreed, today: date, book: Book) -> None:
    hold(contract_rules.AGREE_LATE_RATE, contract, said.agreed_on, today, LateRate(said.percent, said.per, said.lpr), book)


def _of_finding(contract: Contract, said: c.FindingRecorded, today: date, book: Book) -> None:
    hold(contract_rules.FINDING, contract, said, today, book)


def _of_registering(party: Party, said: p.PartyRegistered, today: date, book: Book) -> None:
    hold(party_rules.REGISTER, party, said.scheme, said.id, said.name, said.size, said.registered_on, today)


def _of_renaming(party: Party, said: p.PartyRenamed, today: date, book: Book) -> None:
    hold(party_rules.RENAME, party, said.name, said.renamed_on, today)


def _of_disclosure(organisation: Organisation, said: a.OverdueDisclosed, today: date, book: Book) -> None:
    hold(access_rules.DISCLOSE, organisation, said, today)


def _of_commitment(commitment: Commitment, said: p.CommitmentMade, today: date, book: Book) -> None:
    hold(commitment_rules.MAKE, commitment, said, today, None)


STILL: dict[type[Event], Callable[[Any, Any, date, Book], None]] = {
    c.ContractSigned: _of_signing, c.PaymentMade: _of_payment, c.ObligationFulfilled: _of_fulfilment, c.ObligationWaived: _of_waiver,
    c.ContractAssigned: _of_assignment, c.ContractCompleted: _of_completion, c.SecurityReturned: _of_return, c.RetentionReleased: _of_release,
    c.ExcuseRaised: _of_excuse, c.ContractAmended: _of_amendment, c.CheckCarriedOut: _of_check, c.WorksClassed: _of_works, c.LateRateAgreed: _of_late_rate,
    c.FindingRecorded: _of_finding,
    p.PartyRegistered: _of_registering, p.PartyRenamed: _of_renaming, p.CommitmentMade: _of_commitment, a.OverdueDisclosed: _of_disclosure,
}  # fmt: skip


@at("/value")
def years_are_made_public_once(organisation: Organisation) -> Verdict:
    """更正以后，{year} 年度就登记公开了两次。"""
    twice = [year for year in organisation.disclosed if organisation.disclosed.count(year) > 1]
    return that(not twice, year=twice[0] if twice else "")


@at("/value")
def payments_stay_within_their_terms(contract: Contract) -> Verdict:
    """更正以后，付款 {refs} 超过应付金额。"""
    refs = [ref for ref in contract.paid if ref in contract.payments and contract.left(ref) < 0]
    return that(not refs, refs="、".join(refs))


def may_be_corrected(event: Event, field: str) -> bool:
    """For forms: would a correction of this field be heard at all?"""
    asked = Asked(event, event, field, "x", date.max, [], [])
    return all(ask(rule, asked) is None for rule in (field_is_one_of_its_own, field_may_be_said_again, event_is_no_decision))
