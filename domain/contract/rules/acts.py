"""When may an act of performance be recorded of a contract?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.contract.rules.signing import SIDES, paid_in_time
from domain.policy.book import Book
from domain.policy.tables import Excuse
from domain.rules import Verdict, at, that
from domain.terms import PaymentTerm
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.contract.contract import Contract
    from domain.contract.events import ContractAmended

RUNNING = ("performing", "suspended")
WORKS = ("hydraulic", "municipal")


def contract_is_signed(contract: Contract, *_: object) -> bool:
    """没有这份合同。"""
    return bool(contract.status)


def it_has_happened(contract: Contract, on: date, today: date, *_: object) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(on <= today, on=on)


@at("/works")
def works_are_known(contract: Contract, on: date, today: date, works: str) -> bool:
    """工程类别只能是 hydraulic 水利工程或 municipal 市政供排水工程。"""
    return works in WORKS


def it_follows_the_signing(contract: Contract, on: date, today: date, *_: object) -> Verdict:
    """日期 {on} 早于合同签订日 {signed}。"""
    return that(on >= contract.holds_from, on=on, signed=contract.holds_from)


def contract_is_running(contract: Contract, *_: object) -> Verdict:
    """合同已经{status}，不能再登记这件事。"""
    words = {"completed": "完成", "terminated": "终止", "settled": "结算"}
    return that(contract.status in RUNNING, status=words.get(contract.status, contract.status))


def contract_is_performing(contract: Contract, *_: object) -> bool:
    """合同不在履行中，不能中止。"""
    return contract.status == "performing"


def contract_is_suspended(contract: Contract, *_: object) -> bool:
    """合同没有中止，不需要恢复。"""
    return contract.status == "suspended"


def it_follows_the_last_change(contract: Contract, on: date, *_: object) -> Verdict:
    """日期 {on} 早于合同进入现在状态的日期 {since}。"""
    return that(on >= contract.since, on=on, since=contract.since)


@at("/reason")
def there_is_a_reason(contract: Contract, on: date, today: date, why: str) -> bool:
    """请写明理由。"""
    return bool(why.strip())


@at("/completed_on")
def completion_follows_fulfilment(contract: Contract, on: date, *_: object) -> Verdict:
    """完成日期 {on} 早于义务履行的日期 {last}。"""
    days = [day for ref, day in contract.fulfilled.items() if contract.obligations[ref].owed_by == "contractor"]
    last = max(days, default=None)
    return that(last is None or on >= last, on=on, last=last)


def contract_is_not_settled(contract: Contract, *_: object) -> bool:
    """合同已经结算。"""
    return contract.status != "settled"


def publication_is_new(contract: Contract, *_: object) -> bool:
    """合同已经公告。"""
    return contract.published_on is None


def filing_is_new(contract: Contract, *_: object) -> bool:
    """合同已经备案。"""
    return contract.filed_on is None


def contractor_owes_nothing_more(contract: Contract, *_: object) -> Verdict:
    """乙方还有义务没有履行：{refs}。"""
    done = contract.fulfilled.keys() | contract.waived
    refs = [ref for ref, one in contract.obligations.items() if one.owed_by == "contractor" and ref not in done]
    return that(not refs, refs="、".join(refs))


def security_is_held(contract: Contract, *_: object) -> bool:
    """本合同没有待退的履约保证金。"""
    return contract.security is not None and not contract.security_returned


def retention_is_held(contract: Contract, *_: object) -> bool:
    """本合同没有待退的质量保证金。"""
    return contract.retention and not contract.retention_released


def contract_has_ended(contract: Contract, *_: object) -> bool:
    """合同还在履行，完成或终止以后才能结算；已经结算的不再结算。"""
    return contract.status in ("completed", "terminated")


@at("/value")
def what_is_due_is_paid(contract: Contract, on: date, today: date, value: Money | None) -> Verdict:
    """还有到期的款项没有付清：{refs}。"""
    if value is not None:
        total = sum(one.amount for made in contract.paid.values() for one in made if one.currency == value.currency)
        held = contract.retention_percent if contract.retention and not contract.retention_released else 0
        return that(total * 100 >= value.amount * (100 - held), refs=f"{value.amount} {value.currency}")
    ended = contract.status == "completed"
    refs = [ref for ref, one in contract.payments.items() if contract.left(ref) > 0 and _is_due(contract, one, ended)]
    return that(not refs, refs="、".join(refs))


def _is_due(contract: Contract, one: PaymentTerm, ended: bool) -> bool:
    return one.after in contract.fulfilled if one.after is not None else ended


@at("/kind")
def excuse_is_known(contract: Contract, on: date, today: date, kind: str, text: str, book: Book) -> Verdict:
    """免责事由 {kind} 不在现行目录中。"""
    return that(any(one.code == kind for one in book.rows(Excuse, on)), kind=kind)


@at("/text")
def excuse_says_something(contract: Contract, on: date, today: date, kind: str, text: str, book: Book) -> bool:
    """请写明免责事由的事实。"""
    return bool(text.strip())


# -- amendments


@at("/obligations")
def amendment_keeps_what_is_done(contract: Contract, amendment: ContractAmended, book: Book) -> Verdict:
    """{refs} 已经履行或免除，不能再变更。"""
    refs = [one.ref for one in amendment.obligations if one.ref in contract.fulfilled or one.ref in contract.waived]
    return that(not refs, refs="、".join(refs))


@at("/obligations")
def amended_references_are_unique(contract: Contract, amendment: ContractAmended, book: Book) -> bool:
    """履约义务和付款的编号不能重复，也不能互相占用。"""
    owed, paid = [one.ref for one in amendment.obligations], [one.ref for one in amendment.payments]
    repeated = len({*owed, *paid}) < len(owed) + len(paid)
    return not repeated and not contract.payments.keys() & set(owed) and not contract.obligations.keys() & set(paid)


@at("/obligations")
def amended_sides_are_known(contract: Contract, amendment: ContractAmended, book: Book) -> bool:
    """义务的承担方只能是 contractor（乙方）或 authority（甲方）。"""
    return all(one.owed_by in SIDES for one in amendment.obligations)


@at("/payments")
def amendment_keeps_what_is_paid(contract: Contract, amendment: ContractAmended, book: Book) -> Verdict:
    """付款 {refs} 变更后的金额少于已付金额，或改变了币种。"""
    refs = [
        one.ref
        for one in amendment.payments
        if (made := contract.paid.get(one.ref)) and (made[0].currency != one.value.currency or sum(paid.amount for paid in made) > one.value.amount)
    ]
    return that(not refs, refs="、".join(refs))


@at("/payments")
def amended_payments_stay_within_the_value(contract: Contract, amendment: ContractAmended, book: Book) -> bool:
    """各期付款之和超过变更后的合同金额。"""
    value = amendment.value or contract.value
    if value is None:
        return True
    terms = {**contract.payments, **{one.ref: one for one in amendment.payments}}
    return sum(one.value.amount for one in terms.values() if one.value.currency == value.currency) <= value.amount


@at("/payments")
def small_firm_is_still_paid_in_time(contract: Contract, amendment: ContractAmended, book: Book) -> Verdict:
    """乙方是中小企业，付款期限最长 {days} 日；{refs} 约定的期限更长。"""
    return paid_in_time(contract.contractors, amendment.payments, book, amendment.amended_on)


@at("/payments")
def amended_payments_follow_an_obligation(contract: Contract, amendment: ContractAmended, book: Book) -> Verdict:
    """付款 {refs} 所依据的义务不在本合同中。"""
    known = contract.obligations.keys() | {one.ref for one in amendment.obligations}
    refs = [one.ref for one in amendment.payments if one.after is not None and one.after not in known]
    return that(not refs, refs="、".join(refs))


@at("/value")
def supplement_is_within_its_ceiling(contract: Contract, amendment: ContractAmended, book: Book) -> Verdict:
    """补充合同累计增加的金额超过原合同金额的 {percent}%。"""
    old, new = contract.signed_value, amendment.value
    if old is None or new is None or old.currency != "CNY" or new.currency != "CNY":
        return that(True)
    rule = book.rule("procurement.supplement_ceiling", amendment.amended_on)
    return that((new.amount - old.amount) * 100 <= old.amount * (rule.percent or 0), basis=rule.basis, percent=rule.percent)


def there_is_a_rationale(contract: Contract, amendment: ContractAmended, book: Book) -> bool:
    """请写明变更理由。"""
    return bool(amendment.rationale.strip())


# -- obligations and payments


@at("/ref")
def obligation_is_in_the_contract(contract: Contract, ref: str, *_: object) -> Verdict:
    """义务 {ref} 不在本合同中。"""
    return that(ref in contract.obligations, ref=ref)


@at("/ref")
def obligation_is_open(contract: Contract, ref: str, *_: object) -> Verdict:
    """义务 {ref} 已经履行或免除。"""
    return that(ref not in contract.fulfilled and ref not in contract.waived, ref=ref)


@at("/reason")
def waiver_has_a_reason(contract: Contract, ref: str, on: date, today: date, why: str) -> bool:
    """请写明免除的理由。"""
    return bool(why.strip())


@at("/fulfilled_on")
def fulfilment_has_happened(contract: Contract, ref: str, on: date, today: date, *_: object) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(on <= today, on=on)


@at("/fulfilled_on")
def fulfilment_follows_the_signing(contract: Contract, ref: str, on: date, today: date, *_: object) -> Verdict:
    """日期 {on} 早于合同签订日 {signed}。"""
    return that(on >= contract.holds_from, on=on, signed=contract.holds_from)


@at("/ref")
def payment_is_in_the_contract(contract: Contract, on: date, today: date, ref: str | None, value: Money) -> Verdict:
    """付款 {ref} 不在本合同中。"""
    return that(ref in contract.payments, ref=ref or "")


@at("/value")
def payment_is_positive(contract: Contract, on: date, today: date, ref: str | None, value: Money) -> bool:
    """付款金额应当大于零。"""
    return value.amount > 0


@at("/value")
def payment_is_in_its_currency(contract: Contract, on: date, today: date, ref: str | None, value: Money) -> Verdict:
    """付款 {ref} 的币种是 {currency}。"""
    term = contract.payments.get(ref or "")
    return that(
        term is None or term.value.currency == value.currency,
        ref=ref or "",
        currency=term.value.currency if term else "",
    )


@at("/value")
def payment_is_not_too_much(contract: Contract, on: date, today: date, ref: str | None, value: Money) -> Verdict:
    """付款 {ref} 超过应付余额 {left}。"""
    term = contract.payments.get(ref or "")
    if term is None or term.value.currency != value.currency:
        return that(True)
    left = contract.left(ref or "")
    return that(value.amount <= left, ref=ref or "", left=left)
