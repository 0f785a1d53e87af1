"""When may an account be made or changed?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.actor import OFFICE, ROLES, Grant
from domain.rules import Verdict, at, that
from domain.values.fault import Malformed
from domain.values.party import PartyRef

if TYPE_CHECKING:
    from domain.access.account import Account, Organisation
    from domain.access.events import OverdueDisclosed


@at("/name")
def account_name_is_free(account: Account, name: str) -> Verdict:
    """账户名 {name} 已被使用，请换一个。"""
    return that(not account.name, name=name)


@at("/name")
def account_has_a_name(account: Account, name: str) -> bool:
    """请填写账户名，不含换行等控制字符。"""
    return bool(name.strip()) and name.isprintable()


@at("/role")
def role_is_known(account: Account, grant: Grant) -> Verdict:
    """没有名为 {role} 的角色。"""
    return that(grant.role in ROLES, role=grant.role)


@at("/region")
def grant_has_region_or_party(account: Account, grant: Grant) -> bool:
    """申请人角色要指明主体，其他角色要指明行政区划。"""
    applicant = grant.role == "applicant"
    return (grant.party is not None) == applicant and (grant.region is not None) != applicant


@at("/party")
def granted_party_is_named_rightly(account: Account, grant: Grant) -> Verdict:
    """主体代码有误：{fault}"""
    try:
        PartyRef.parse(grant.party or "local:none")
    except Malformed as malformed:
        return that(False, fault=str(malformed))
    return that(True)


@at("/role")
def administrators_do_not_decide(account: Account, grant: Grant) -> bool:
    """系统管理员不能同时是审批人、法制审核员或听证主持人，反过来也一样。"""
    held = {one.role for one in account.grants} | {grant.role}
    return "administrator" not in held or not held & JUDGING


def account_is_in_use(account: Account, grant: Grant) -> bool:
    """账户已停用。"""
    return not account.disabled


# -- delegation


@at("/to")
def delegate_is_another_person(delegate: Account, giver: Account, *_: object) -> bool:
    """要委托给另一个在用的账户。"""
    return delegate.id != giver.id and bool(delegate.name) and not delegate.disabled


@at("/to")
def administrators_are_no_delegates(delegate: Account, *_: object) -> bool:
    """系统管理员不能受委托办案。"""
    return not delegate.administers


def giver_has_something_to_delegate(delegate: Account, giver: Account, *_: object) -> bool:
    """只有监管员、审批人、法制审核员和听证主持人可以委托，并且只委托自己的职责。"""
    return any(grant.role in OFFICE for grant in giver.grants)


@at("/ends_on")
def delegation_lies_ahead(delegate: Account, giver: Account, starts_on: date, ends_on: date, today: date) -> bool:
    """委托从今天或以后开始，到它的截止日为止。"""
    return today <= starts_on <= ends_on


def delegation_is_in_force(delegate: Account, giver: str) -> bool:
    """没有这项委托，或它已经结束。"""
    return giver in delegate.delegations


# -- invitation


@at("/name")
def account_is_there(account: Account, has_password: bool) -> bool:
    """没有这个账户，或它已停用。"""
    return bool(account.name) and not account.disabled


@at("/name")
def account_has_no_password_yet(account: Account, has_password: bool) -> Verdict:
    """账户 {name} 已经有密码，不能再发邀请。"""
    return that(not has_password, name=account.name)


# -- disclosure


@at("/disclosed_on")
def disclosure_has_happened(organisation: Organisation, said: OverdueDisclosed, today: date) -> Verdict:
    """日期 {on} 还没有到；只能登记已经公开的。"""
    return that(said.disclosed_on <= today, on=said.disclosed_on)


@at("/year")
def disclosed_year_is_over(organisation: Organisation, said: OverdueDisclosed, today: date) -> Verdict:
    """{year} 年还没有结束，要等它结束以后公开。"""
    return that(said.year < said.disclosed_on.year, year=said.year)


@at("/year")
def year_is_not_disclosed_yet(organisation: Organisation, said: OverdueDisclosed, today: date) -> Verdict:
    """{year} 年度的逾期款项已经登记公开。"""
    return that(said.year not in organisation.disclosed, year=said.year)


@at("/amount")
def disclosed_figures_agree(organisation: Organisation, said: OverdueDisclosed, today: date) -> bool:
    """合同数量和金额不能小于零；有一份合同就有金额，没有合同就没有金额。"""
    return said.contracts >= 0 and said.amount.amount >= 0 and (said.contracts == 0) == (said.amount.amount == 0)


@at("/place")
def disclosure_has_a_place(organisation: Organisation, said: OverdueDisclosed, today: date) -> bool:
    """请写明在哪里公开的，例如网址或报刊。"""
    return bool(said.place.strip())


JUDGING = {"decider", "legal", "chair"}

CREATE = (account_name_is_free, account_has_a_name)
DELEGATE = (delegate_is_another_person, administrators_are_no_delegates, giver_has_something_to_delegate, delegation_lies_ahead)
END_DELEGATION = (delegation_is_in_force,)
DISCLOSE = (disclosure_has_happened, disclosed_year_is_over, year_is_not_disclosed_yet, disclosed_figures_agree, disclosure_has_a_place)
INVITE = (account_is_there, account_has_no_password_yet)
GRANT = (role_is_known, grant_has_region_or_party, granted_party_is_named_rightly, administrators_do_not_decide, account_is_in_use)
