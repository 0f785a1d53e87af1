"""When may a breach be put right, confirmed, dismissed or sent elsewhere?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from domain.breach import catalogue
from domain.breach.rules.common import day_of, law_in
from domain.breach.rules.state import KINDS
from domain.rules import Verdict, at, that

if TYPE_CHECKING:
    from domain.breach.case import Case, Law, Weighed


# -- rectification


@at("/due_on")
def rectification_ends_later(case: Case, on: date, due_on: date, requirements: str, law: Law) -> bool:
    """整改期限早于责令日期。"""
    return due_on >= on


@at("/requirements")
def requirements_are_stated(case: Case, on: date, due_on: date, requirements: str, law: Law) -> bool:
    """请写明整改要求。"""
    return bool(requirements.strip())


@at("/text")
def report_says_something(case: Case, on: date, text: str, law: Law) -> bool:
    """请写明整改情况。"""
    return bool(text.strip())


def it_follows_the_rectification(case: Case, on: date, *_: Any) -> Verdict:
    """日期 {on} 早于整改的上一步 {before}。"""
    before = case.rectification_on
    return that(before is None or on >= before, on=on, before=before)


# -- confirmation, referral


@at("/kind")
def kind_is_known(case: Case, on: date, kind: str, *_: Any) -> bool:
    """性质只能是 civil、management 或 administrative。"""
    return kind in KINDS


@at("/kind")
def kind_is_not_heavier_than_noticed(case: Case, on: date, kind: str, *_: Any) -> Verdict:
    """告知时的性质是 {noticed}，不能按更重的 {kind} 认定；要加重的，另行登记发现并重新告知。"""
    heavier = kind in KINDS and case.kind in KINDS and KINDS.index(kind) > KINDS.index(case.kind)
    return that(not heavier, noticed=case.kind, kind=kind)


@at("/kind")
def behaviour_has_that_kind(case: Case, on: date, kind: str, grounds: str, found: Weighed, law: Law) -> Verdict:
    """行为 {code} 按目录只能作为 {kinds} 处理。"""
    row = catalogue.behaviour(law.book, case.behaviour, on)
    kinds = tuple(row.kinds) if row else ()
    return that(not kinds or kind in kinds or kind not in KINDS, code=case.behaviour, kinds="、".join(kinds))


@at("/excuses")
def excuses_are_known(case: Case, *rest: Any) -> Verdict:
    """免责事由 {codes} 不在现行目录中。"""
    found, law = weighed_in(rest), law_in(rest)
    wrong = set(found.excuses) - catalogue.excuses(law.book, day_of(rest))
    return that(not wrong, codes="、".join(sorted(wrong)))


@at("/excuses")
def excuses_raised_are_weighed(case: Case, *rest: Any) -> Verdict:
    """合同中提出的免责事由 {codes} 还没有考虑；成立的，不予认定。"""
    found = weighed_in(rest)
    left = found.raised - set(found.excuses)
    return that(not left, codes="、".join(sorted(left)))


@at("/ended_on")
def act_ended_after_it_began(case: Case, on: date, kind: str, grounds: str, found: Weighed, law: Law) -> Verdict:
    """行为终了日期 {ended} 早于发生日期 {occurred}，或晚于认定日期。"""
    ended = found.ended_on
    return that(ended is None or case.occurred_on <= ended <= on, ended=ended, occurred=case.occurred_on)


def weighed_in(rest: tuple[Any, ...]) -> Weighed:
    found: Weighed = rest[-2]
    return found


@at("/to")
def transfer_names_the_authority(case: Case, on: date, to: str, why: str, law: Law) -> bool:
    """请写明移送给哪个机关，以及移送的理由。"""
    return bool(to.strip()) and bool(why.strip())


@at("/outcome")
def referral_outcome_is_known(case: Case, on: date, outcome: str, law: Law) -> bool:
    """结果只能是 confirmed 认定、dismissed 不予认定或 returned 退回。"""
    return outcome in ("confirmed", "dismissed", "returned")


@at("/answered_on")
def answer_follows_the_referral(case: Case, on: date, outcome: str, law: Law) -> Verdict:
    """日期 {on} 早于移送日期 {referred}。"""
    return that(case.referred_on is None or on >= case.referred_on, on=on, referred=case.referred_on)
