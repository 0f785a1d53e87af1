"""When may a contract be put on record, and with which terms?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from domain.contract.interest import DAY, YEAR, yearly
from domain.policy.book import Book
from domain.policy.tables import Rule
from domain.rules import Verdict, at, that
from domain.terms import Contractor, LateRate, PaymentTerm
from domain.values.uscc import explain

if TYPE_CHECKING:
    from domain.contract.contract import Contract
    from domain.contract.events import ContractSigned

SMALL = ("medium", "small", "micro")
SIDES = ("contractor", "authority")


@at("/number")
def contract_has_a_number(signing: ContractSigned, today: date, book: Book) -> bool:
    """请填写合同编号。"""
    return bool(signing.number.strip())


@at("/number")
def contract_number_is_free(signing: ContractSigned, taken: bool) -> Verdict:
    """合同编号 {number} 在这个甲方已经使用。"""
    return that(not taken, number=signing.number)


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


@at("/payments")
def small_firm_is_paid_in_time(signing: ContractSigned, today: date, book: Book) -> Verdict:
    """乙方是中小企业，付款期限最长 {days} 日；{refs} 约定的期限更长。"""
    return paid_in_time(signing.contractors, signing.payments, book, signing.holds_from)


def paid_in_time(contractors: Sequence[Contractor], payments: Sequence[PaymentTerm], book: Book, on: date) -> Verdict:
    """Is no term agreed with a small firm longer than the law lets it be? For money in CNY alone."""
    if not any(one.size in SMALL for one in contractors):
        return that(True)
    rule = book.rule_if_any("sme.max_days", on)
    if rule is None:  # signed before there was such a rule
        return that(True)
    longest, yuan = rule.count or 0, [one for one in payments if one.value.currency == "CNY"]
    refs = [one.ref for one in yuan if one.term_days is not None and one.term_days > longest]
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


# -- what late payment costs by agreement


@at("/late_rate/percent")
def late_rate_is_a_rate(contract: Contract, on: date, today: date, rate: LateRate, book: Book) -> bool:
    """逾期利率应当大于零，不超过百分之百。"""
    return 0 < rate.percent <= 100


@at("/late_rate/per")
def late_rate_is_by_day_or_year(contract: Contract, on: date, today: date, rate: LateRate, book: Book) -> bool:
    """逾期利率只能按 day 日或 year 年约定。"""
    return rate.per in (DAY, YEAR)


@at("/late_rate/lpr")
def its_floor_is_stated(contract: Contract, on: date, today: date, rate: LateRate, book: Book) -> Verdict:
    """乙方是中小企业，请填写合同订立时的一年期贷款市场报价利率，约定的逾期利率不得低于它。"""
    rule = _floor(contract, book)
    return that(rule is None or (rate.lpr is not None and rate.lpr > 0), basis=rule.basis if rule else None)


@at("/late_rate/lpr")
def its_floor_is_as_it_was(contract: Contract, on: date, today: date, rate: LateRate, book: Book) -> Verdict:
    """合同订立时的一年期贷款市场报价利率已经登记为 {lpr}%，不随变更而变；登记错了的，请更正。"""
    return that(contract.lpr is None or rate.lpr is None or rate.lpr == contract.lpr, lpr=contract.lpr)


@at("/late_rate/percent")
def late_rate_is_not_below_its_floor(contract: Contract, on: date, today: date, rate: LateRate, book: Book) -> Verdict:
    """乙方是中小企业，约定的逾期利率不得低于合同订立时的一年期贷款市场报价利率 {lpr}%；约定的折合年利率 {yearly}%。"""
    rule = _floor(contract, book)
    if rule is None or rate.lpr is None or rate.per not in (DAY, YEAR):
        return that(True)
    found = yearly(rate.percent, rate.per, on, book)
    return that(found >= rate.lpr, basis=rule.basis, lpr=rate.lpr, yearly=found)


def _floor(contract: Contract, book: Book) -> Rule | None:
    """The rule that gives an agreed rate its floor: for small firms, since there is such a law."""
    if not any(one.size in SMALL for one in contract.contractors):
        return None
    return book.rule_if_any("sme.agreed_interest", contract.holds_from)
