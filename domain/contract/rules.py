"""When may something be recorded of a contract? One predicate a rule; the docstring is the sentence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from domain.policy.book import Book, NoPackInForce, UnknownCode
from domain.policy.tables import Behaviour
from domain.rules import Verdict, at, that
from domain.terms import CheckItem
from domain.values.money import Money
from domain.values.uscc import explain

if TYPE_CHECKING:
    from domain.contract.contract import Contract
    from domain.contract.events import ContractAmended, ContractSigned, FindingRecorded

SMALL = ("medium", "small", "micro")
SIDES = ("contractor", "authority")
KINDS = ("civil", "management", "administrative")
RUNNING = ("performing", "suspended")


# -- signing


@at("/number")
def contract_has_a_number(signing: ContractSigned, today: date, book: Book) -> bool:
    """请填写合同编号。"""
    return bool(signing.number.strip())


@at("/name")
def contract_has_a_name(signing: ContractSigned, today: date, book: Book) -> bool:
    """请填写合同名称。"""
    return bool(signing.name.strip())


@at("/signed_on")
def signing_has_happened(signing: ContractSigned, today: date, book: Book) -> Verdict:
    """签订日期 {on} 还没有到；只能登记已经签订的合同。"""
    return that(signing.holds_from <= today, on=signing.holds_from)


@at("/ends_on")
def term_is_in_order(signing: ContractSigned, today: date, book: Book) -> bool:
    """合同终止日期早于起始日期。"""
    return signing.starts_on is None or signing.ends_on is None or signing.starts_on <= signing.ends_on


@at("/authority/id")
def authority_code_is_well_formed(signing: ContractSigned, today: date, book: Book) -> Verdict:
    """甲方代码有误：{fault}"""
    fault = explain(signing.authority.id) if signing.authority.scheme == "CN-USCC" else None
    return that(fault is None, fault=fault)


@at("/contractors")
def there_is_a_contractor(signing: ContractSigned, today: date, book: Book) -> bool:
    """请至少填写一个乙方。"""
    return bool(signing.contractors)


@at("/contractors")
def contractor_codes_are_well_formed(signing: ContractSigned, today: date, book: Book) -> Verdict:
    """乙方代码有误：{fault}"""
    faults = [f"{c.name}：{fault}" for c in signing.contractors if c.scheme == "CN-USCC" and (fault := explain(c.id))]
    return that(not faults, fault="；".join(faults))


@at("/contractors")
def contractors_are_different(signing: ContractSigned, today: date, book: Book) -> bool:
    """同一乙方填写了两次，或甲方同时是乙方。"""
    refs = [one.ref for one in signing.contractors]
    return len(set(refs)) == len(refs) and signing.authority.ref not in refs


@at("/obligations")
def references_are_unique(signing: ContractSigned, today: date, book: Book) -> bool:
    """履约义务和付款的编号不能重复。"""
    refs = [*[one.ref for one in signing.obligations], *[one.ref for one in signing.payments]]
    return len(set(refs)) == len(refs)


@at("/obligations")
def sides_are_known(signing: ContractSigned, today: date, book: Book) -> bool:
    """义务的承担方只能是 contractor（乙方）或 authority（甲方）。"""
    return all(one.owed_by in SIDES for one in signing.obligations)


@at("/payments")
def payments_follow_an_obligation(signing: ContractSigned, today: date, book: Book) -> Verdict:
    """付款 {refs} 所依据的义务不在本合同中。"""
    known = {one.ref for one in signing.obligations}
    refs = [one.ref for one in signing.payments if one.after is not None and one.after not in known]
    return that(not refs, refs="、".join(refs))


@at("/payments")
def payments_stay_within_the_value(signing: ContractSigned, today: date, book: Book) -> bool:
    """各期付款之和超过合同金额。"""
    if signing.value is None:
        return True
    same = [one.value.amount for one in signing.payments if one.value.currency == signing.value.currency]
    return sum(same) <= signing.value.amount


@at("/value")
def value_is_not_negative(signing: ContractSigned, today: date, book: Book) -> bool:
    """金额不能是负数。"""
    values = [signing.value, *[one.value for one in signing.payments]]
    return all(value is None or value.amount >= 0 for value in values)


@at("/payments")
def small_firm_is_paid_in_time(signing: ContractSigned, today: date, book: Book) -> Verdict:
    """乙方是中小企业，付款期限最长 {days} 日；{refs} 约定的期限更长。"""
    if not any(one.size in SMALL for one in signing.contractors):
        return that(True)
    rule = book.rule("sme.max_days", signing.holds_from)
    refs = [one.ref for one in signing.payments
            if one.value.currency == "CNY" and one.term_days is not None and one.term_days > (rule.count or 0)]
    return that(not refs, basis=rule.basis, days=rule.count, refs="、".join(refs))


@at("/security/value")
def security_is_within_its_ceiling(signing: ContractSigned, today: date, book: Book) -> Verdict:
    """履约保证金超过合同金额的 {percent}%。"""
    if signing.security is None or signing.value is None or signing.value.currency != "CNY":
        return that(True)
    rule = book.rule("procurement.security_ceiling", signing.holds_from)
    within = signing.security.value.amount * 100 <= signing.value.amount * (rule.percent or 0)
    return that(signing.security.value.currency != signing.value.currency or within, basis=rule.basis, percent=rule.percent)


@at("/retention_percent")
def retention_is_within_its_ceiling(signing: ContractSigned, today: date, book: Book) -> Verdict:
    """质量保证金比例超过 {percent}%。"""
    if not signing.retention_percent:
        return that(True)
    rule = book.rule("procurement.retention_ceiling", signing.holds_from)
    return that(0 <= signing.retention_percent <= (rule.percent or 0), basis=rule.basis, percent=rule.percent)


# -- acts on a contract


def contract_is_signed(contract: Contract, *_: object) -> bool:
    """没有这份合同。"""
    return bool(contract.status)


def it_has_happened(contract: Contract, on: date, today: date, *_: object) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(on <= today, on=on)


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
    """合同还在履行，完成或终止以后才能结算。"""
    return contract.status in ("completed", "terminated")


# -- amendments


@at("/obligations")
def amendment_keeps_what_is_done(contract: Contract, amendment: ContractAmended, book: Book) -> Verdict:
    """{refs} 已经履行，不能再变更。"""
    refs = [one.ref for one in amendment.obligations if one.ref in contract.fulfilled]
    return that(not refs, refs="、".join(refs))


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


# -- checks

MODES = ("routine", "double_random", "special", "audit", "complaint")


@at("/mode")
def check_mode_is_known(contract: Contract, planned_on: date, mode: str, today: date) -> Verdict:
    """检查方式 {mode} 不在可选范围：routine 日常、double_random 双随机、special 专项、audit 稽察、complaint 投诉核查。"""
    return that(mode in MODES, mode=mode)


def check_is_planned(contract: Contract, check: UUID, *_: object) -> bool:
    """没有这次计划中的检查，或它已经完成、取消。"""
    return contract.checks.get(check) == "planned"


@at("/reason")
def cancellation_has_a_reason(contract: Contract, check: UUID, why: str) -> bool:
    """请写明取消检查的理由。"""
    return bool(why.strip())


@at("/carried_out_on")
def check_has_happened(contract: Contract, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], today: date) -> Verdict:
    """检查日期 {on} 还没有到。"""
    return that(on <= today, on=on)


@at("/carried_out_on")
def check_follows_the_signing(contract: Contract, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], today: date) -> Verdict:
    """检查日期 {on} 早于合同签订日 {signed}。"""
    return that(on >= contract.holds_from, on=on, signed=contract.holds_from)


@at("/inspectors")
def two_people_inspect(contract: Contract, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], today: date) -> bool:
    """检查应当由两名以上检查人员进行，请填写两个不同的人。"""
    return len({one.strip() for one in inspectors if one.strip()}) >= 2


@at("/items")
def results_are_known(contract: Contract, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], today: date) -> bool:
    """检查结果只能是 pass（合格）、fail（不合格）或 not_checked（未检查），至少填一项。"""
    return bool(items) and all(item.result in ("pass", "fail", "not_checked") for item in items)


# -- obligations and payments


@at("/ref")
def obligation_is_in_the_contract(contract: Contract, ref: str, *_: object) -> Verdict:
    """义务 {ref} 不在本合同中。"""
    return that(ref in contract.obligations, ref=ref)


@at("/ref")
def obligation_is_open(contract: Contract, ref: str, *_: object) -> Verdict:
    """义务 {ref} 已经履行或免除。"""
    return that(ref not in contract.fulfilled and ref not in contract.waived, ref=ref)


@at("/fulfilled_on")
def fulfilment_has_happened(contract: Contract, ref: str, on: date, today: date) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(on <= today, on=on)


@at("/fulfilled_on")
def fulfilment_follows_the_signing(contract: Contract, ref: str, on: date, today: date) -> Verdict:
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
    return that(term is None or term.value.currency == value.currency, ref=ref or "", currency=term.value.currency if term else "")


@at("/value")
def payment_is_not_too_much(contract: Contract, on: date, today: date, ref: str | None, value: Money) -> Verdict:
    """付款 {ref} 超过应付余额 {left}。"""
    term = contract.payments.get(ref or "")
    if term is None or term.value.currency != value.currency:
        return that(True)
    left = term.value.amount - sum(one.amount for one in contract.paid.get(ref or "", []))
    return that(value.amount <= left, ref=ref or "", left=left)


# -- findings


def _behaviour(book: Book, code: str, on: date) -> Behaviour | None:
    try:
        return book.behaviour(code, on)
    except (UnknownCode, NoPackInForce):
        return None


@at("/kind")
def finding_kind_is_known(contract: Contract, found: FindingRecorded, today: date, book: Book) -> bool:
    """发现的性质只能是 civil（违约）、management（管理）或 administrative（行政处罚）。"""
    return found.kind in KINDS


@at("/behaviour")
def behaviour_is_in_the_catalogue(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """行为 {code} 不在现行行为目录中。"""
    return that(_behaviour(book, found.behaviour, today) is not None, code=found.behaviour)


@at("/party")
def party_is_in_the_contract(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """{party} 不是本合同的一方。"""
    return that(contract.side_of(found.party) is not None, party=found.party)


@at("/behaviour")
def behaviour_is_of_that_side(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """行为 {code} 不是{side}可能有的行为。"""
    behaviour, side = _behaviour(book, found.behaviour, today), contract.side_of(found.party)
    if behaviour is None or side is None:
        return that(True)
    sides = {"authority" if one == "authority" else "contractor" for one in (behaviour.side, *behaviour.also)}
    return that(side in sides, code=found.behaviour,
                side="甲方" if side == "authority" else "乙方")


@at("/kind")
def behaviour_may_be_of_that_kind(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """行为 {code} 按目录只能作为 {kinds} 处理。"""
    behaviour = _behaviour(book, found.behaviour, today)
    kinds = tuple(behaviour.kinds) if behaviour else ()
    return that(not kinds or found.kind in kinds or found.kind not in KINDS, code=found.behaviour, kinds="、".join(kinds))


@at("/occurred_on")
def breach_has_happened(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """发生日期 {on} 还没有到。"""
    return that(found.occurred_on <= today, on=found.occurred_on)


@at("/occurred_on")
def breach_follows_the_signing(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """发生日期 {on} 早于合同签订日 {signed}。"""
    return that(found.occurred_on >= contract.holds_from, on=found.occurred_on, signed=contract.holds_from)


@at("/check")
def check_belongs_to_the_contract(contract: Contract, found: FindingRecorded, today: date, book: Book) -> bool:
    """所引的检查不属于本合同，或还没有进行。"""
    return found.check is None or contract.checks.get(found.check) == "done"


@at("/facts")
def facts_are_stated(contract: Contract, found: FindingRecorded, today: date, book: Book) -> bool:
    """请写明发现的事实。"""
    return bool(found.facts.strip())


SIGN_IMPORTED = (contract_has_a_number, there_is_a_contractor)
SIGN = (
    contract_has_a_number, contract_has_a_name, signing_has_happened, term_is_in_order, authority_code_is_well_formed,
    there_is_a_contractor, contractor_codes_are_well_formed, contractors_are_different, references_are_unique,
    sides_are_known, payments_follow_an_obligation, payments_stay_within_the_value, value_is_not_negative,
    small_firm_is_paid_in_time, security_is_within_its_ceiling, retention_is_within_its_ceiling,
)  # fmt: skip
PAST_ACT = (contract_is_signed, it_has_happened, it_follows_the_signing)
RUNNING_ACT = (*PAST_ACT, contract_is_running)
PUBLISH = (*PAST_ACT, publication_is_new)
FILE = (*PAST_ACT, filing_is_new)
AMEND = ()
AMENDMENT = (there_is_a_rationale, amendment_keeps_what_is_done, amended_payments_follow_an_obligation, supplement_is_within_its_ceiling)
PLAN_CHECK = (contract_is_signed, contract_is_not_settled, check_mode_is_known)
CANCEL_CHECK = (check_is_planned, cancellation_has_a_reason)
CARRY_OUT = (check_is_planned, check_has_happened, check_follows_the_signing, two_people_inspect, results_are_known)
FULFIL = (contract_is_signed, obligation_is_in_the_contract, obligation_is_open, fulfilment_has_happened, fulfilment_follows_the_signing)
WAIVE = FULFIL
PAY = (*PAST_ACT, payment_is_in_the_contract, payment_is_positive, payment_is_in_its_currency, payment_is_not_too_much)
FINDING = (
    contract_is_signed, finding_kind_is_known, behaviour_is_in_the_catalogue, party_is_in_the_contract,
    behaviour_is_of_that_side, behaviour_may_be_of_that_kind, breach_has_happened, breach_follows_the_signing,
    check_belongs_to_the_contract, facts_are_stated,
)  # fmt: skip
SETTLE = (*PAST_ACT, contract_has_ended)
