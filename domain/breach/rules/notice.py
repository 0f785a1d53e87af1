"""When may a party be told, be heard, and a case be reviewed?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from domain.breach import catalogue
from domain.breach.rules.common import METHODS, day_of, law_in
from domain.rules import Verdict, at, that

if TYPE_CHECKING:
    from domain.breach.case import Case, Law
    from domain.breach.events import Proposed


def another_person_takes_over(case: Case, to: str, law: Law) -> bool:
    """案件已经由这个人经办。"""
    return bool(to) and to != case.keeper


@at("/to")
def recused_person_does_not_take_over(case: Case, to: str, law: Law) -> bool:
    """这个人已在本案中回避，不能接手。"""
    return not law.same(to, case.recused, case.occurred_on)


@at("/account")
def another_person_decides_the_recusal(case: Case, account: str, law: Law) -> bool:
    """自己的回避由别人决定。"""
    return not law.same(law.by, [account], case.occurred_on)


# -- notice and statement


@at("/method")
def method_is_known(case: Case, proposed: Proposed, method: str, *_: Any) -> bool:
    """送达方式只能是 direct 直接、post 邮寄、electronic 电子、public 公告之一。"""
    return method in METHODS


@at("/served_on")
def notice_has_happened(case: Case, proposed: Proposed, method: str, on: date, *rest: Any) -> Verdict:
    """送达日期 {on} 还没有到。"""
    return that(on <= law_in(rest).today, on=on)


@at("/served_on")
def notice_follows_the_opening(case: Case, proposed: Proposed, method: str, on: date, *rest: Any) -> Verdict:
    """送达日期 {on} 早于立案日 {opened}。"""
    return that(on >= case.opened_on, on=on, opened=case.opened_on)


@at("/served_on")
def notice_follows_the_one_before(case: Case, proposed: Proposed, method: str, on: date, *rest: Any) -> Verdict:
    """送达日期 {on} 早于上一次告知的送达日 {before}。"""
    before = case.notice.served_on if case.notice else None
    return that(before is None or on >= before, on=on, before=before)


@at("/proposed/decision_types")
def proposed_types_are_of_the_kind(case: Case, proposed: Proposed, *rest: Any) -> Verdict:
    """处理种类 {types} 不适用于行为 {behaviour}（{kind}）。"""
    law = law_in(rest)
    types = proposed.decision_types
    wrong = [code for code in types if not catalogue.may_decide(law.book, case.behaviour, case.kind, code, law.today)]
    return that(not wrong, types="、".join(wrong), behaviour=case.behaviour, kind=case.kind)


@at("/text")
def statement_says_something(case: Case, on: date, text: str, law: Law) -> bool:
    """请填写陈述申辩的内容。"""
    return bool(text.strip())


# -- hearing


@at("/requested_on")
def hearing_window_is_open(case: Case, on: date, law: Law) -> Verdict:
    """要求听证的期限已于 {end} 届满。"""
    end = case.hearing_window_end(law.book)
    basis = law.book.rule("penalty.hearing_request", on).basis
    return that(end is None or on <= end, basis=basis, end=end)


@at("/notified_on")
def hearing_notice_follows_the_request(case: Case, on: date, *_: Any) -> Verdict:
    """日期 {on} 早于要求听证的日期 {requested}。"""
    requested = case.hearing_requested_on
    return that(requested is None or on >= requested, on=on, requested=requested)


@at("/to_be_held_on")
def hearing_is_notified_in_time(case: Case, on: date, held_on: date, chair: str, law: Law) -> Verdict:
    """听证应当在通知之后至少 {days} 个工作日举行，最早 {earliest}。"""
    receipt, basis = law.book.deadline("penalty.hearing_notice", on, with_days=False)
    return that(held_on >= receipt.on, basis=basis, earliest=receipt.on, days=receipt.count)


@at("/chair")
def notified_chair_did_not_investigate(case: Case, on: date, held_on: date, chair: str, law: Law) -> bool:
    """听证主持人不能是登记发现、经办、审核或决定本案的人，也不能是已经回避的人。"""
    return _may_chair(case, chair, law)


@at("/chair")
def chair_did_not_investigate(case: Case, on: date, chair: str, record: str, law: Law) -> bool:
    """听证主持人不能是登记发现、经办、审核或决定本案的人，也不能是已经回避的人。"""
    return _may_chair(case, chair, law)


def _may_chair(case: Case, chair: str, law: Law) -> bool:
    people = case.people()
    barred = people["recorder"] | people["keeper"] | people["legal"] | people["decider"] | case.recused
    return bool(chair) and not law.same(chair, barred, case.occurred_on)


@at("/chair")
def the_chair_records_it(case: Case, on: date, chair: str, record: str, law: Law) -> bool:
    """听证由主持人本人登记。"""
    return law.by == chair


@at("/held_on")
def hearing_day_has_come(case: Case, on: date, chair: str, record: str, law: Law) -> Verdict:
    """听证定于 {day} 举行。"""
    return that(case.hearing_on is None or on >= case.hearing_on, day=case.hearing_on)


@at("/record")
def hearing_has_a_record(case: Case, on: date, chair: str, record: str, law: Law) -> bool:
    """请填写听证笔录。"""
    return bool(record.strip())


# -- legal review, collective decision


@at("/passed_on")
def statement_was_heard_first(case: Case, on: date, law: Law) -> Verdict:
    """陈述申辩期到 {end}，期满或收到陈述以后才能审核。"""
    end = case.window_end(law.book)
    return that(case.was_heard_by(on) or (end is not None and on > end), end=end)


@at("/passed_on")
def hearing_was_held_first(case: Case, on: date, law: Law) -> bool:
    """当事人要求了听证，听证举行以后才能审核。"""
    return case.hearing_requested_on is None or (case.hearing_held_on is not None and on >= case.hearing_held_on)


@at("/members")
def several_decide_together(case: Case, on: date, members: list[str], law: Law) -> bool:
    """集体讨论应当有两人以上。"""
    return any(not law.same(members[0], [one], case.occurred_on) for one in members[1:])


@at("/members")
def members_did_not_investigate(case: Case, on: date, members: list[str], law: Law) -> bool:
    """登记发现、审核、主持听证或者已经回避的人，不能参加集体讨论决定。"""
    people = case.people()
    barred = people["recorder"] | people["legal"] | people["chair"] | case.recused
    return not any(law.same(one, barred, case.occurred_on) for one in members)


@at("/confirmed_on")
def window_is_used_or_over(case: Case, *rest: Any) -> Verdict:
    """陈述申辩期到 {end} 届满；收到陈述申辩或期满以后才能决定。"""
    law, on = law_in(rest), day_of(rest)
    end = case.window_end(law.book)
    if end is None:  # no notice, no window: `notice_was_served` stands before this rule and says that
        return that(True)
    basis = law.book.rule("office.statement_window", on).basis
    return that(case.was_heard_by(on) or on > end, basis=basis, end=end)
