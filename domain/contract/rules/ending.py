"""When may a contract pass to another, or what was held be given back?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.rules import Verdict, at, that
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.contract.contract import Contract
    from domain.contract.events import ContractAssigned


@at("/leaves")
def leaver_is_in_the_contract(contract: Contract, on: date, today: date, said: ContractAssigned) -> Verdict:
    """{party} 不是本合同现在的一方。"""
    return that(contract.side_of(said.leaves) is not None, party=said.leaves)


@at("/comes")
def comer_is_not_in_it_yet(contract: Contract, on: date, today: date, said: ContractAssigned) -> Verdict:
    """{party} 已经是本合同的一方。"""
    return that(contract.side_of(said.comes.ref) is None, party=said.comes.ref)


@at("/assigned_on")
def assignment_follows_the_one_before(contract: Contract, on: date, today: date, said: ContractAssigned) -> Verdict:
    """日期 {on} 早于这一方进入合同的日期 {since}。"""
    since = contract.came_on.get(said.leaves, contract.holds_from)
    return that(on >= since, on=on, since=since)


@at("/rationale")
def assignment_has_a_rationale(contract: Contract, on: date, today: date, said: ContractAssigned) -> bool:
    """请写明转让的原因和对方的同意。"""
    return bool(said.rationale.strip())


# -- what ends


@at("/warranty_ends_on")
def warranty_follows_the_completion(contract: Contract, on: date, today: date, warranty_ends_on: date | None) -> Verdict:
    """质量保证期届满日 {ends} 早于完成日期。"""
    return that(warranty_ends_on is None or warranty_ends_on >= on, ends=warranty_ends_on)


@at("/value")
def no_more_is_returned_than_is_held(contract: Contract, on: date, today: date, value: Money | None, because: str) -> Verdict:
    """退还的金额超过所收的履约保证金 {held}。"""
    held = contract.security.value if contract.security else None
    too_much = value is not None and held is not None and (value.currency != held.currency or value.amount > held.amount)
    return that(not too_much and (value is None or value.amount >= 0), held=held.amount if held else "")


@at("/kept_because")
def what_is_kept_of_the_security_has_a_reason(contract: Contract, on: date, today: date, value: Money | None, because: str) -> bool:
    """没有全部退还的，请写明理由。"""
    return _has_a_reason(contract.security.value if contract.security else None, value, because)


@at("/kept_because")
def what_is_kept_of_the_retention_has_a_reason(contract: Contract, on: date, today: date, value: Money | None, because: str) -> bool:
    """没有全部退还的，请写明理由。"""
    return _has_a_reason(contract.retained, value, because)


def _has_a_reason(held: Money | None, value: Money | None, because: str) -> bool:
    less = held is not None and value is not None and value.currency == held.currency and value.amount < held.amount
    return not less or bool(because.strip())
