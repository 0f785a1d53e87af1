"""When may a sanction be decided, and which?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from domain.breach import catalogue
from domain.breach.rules.common import law_in
from domain.rules import Verdict, at, that

if TYPE_CHECKING:
    from domain.breach.case import Case
    from domain.breach.events import Proposed


# -- what is decided


@at("/decision_types")
def something_is_decided(case: Case, asked: Proposed, *_: Any) -> bool:
    """请选择至少一个处理种类。"""
    return bool(asked.decision_types)


def civil_breach_gets_no_sanction(case: Case, *_: Any) -> bool:
    """民事违约只有合同责任，不作惩戒决定。"""
    return case.kind != "civil"


@at("/decision_types")
def types_are_of_the_behaviour(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """处理种类 {types} 不适用于行为 {behaviour}（{kind}）。"""
    book, types = law_in(rest).book, asked.decision_types
    wrong = [code for code in types if not catalogue.may_decide(book, case.behaviour, case.kind, code, on)]
    basis = next(iter(catalogue.behaviour_basis(book, case.behaviour, on)), None)
    return that(not wrong, basis=basis, types="、".join(wrong), behaviour=case.behaviour, kind=case.kind)


@at("/fine")
def fine_goes_with_its_type(case: Case, asked: Proposed, on: date, *rest: Any) -> bool:
    """选了罚款就要写金额，没有选罚款就不能写金额。"""
    fined = any(catalogue.is_fine(code) for code in asked.decision_types)
    return fined == (asked.fine is not None and asked.fine.amount > 0)


@at("/fine")
def fine_is_in_yuan(case: Case, asked: Proposed, *_: Any) -> bool:
    """罚款以人民币计。"""
    return asked.fine is None or asked.fine.currency == "CNY"


@at("/fine")
def fine_is_within_its_range(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """罚款 {fine} 元不在 {low} 元至 {high} 元之内（{clause}）。"""
    if asked.fine is None or asked.fine.currency != "CNY":
        return that(True)
    limits = catalogue.fine_limits(law_in(rest).book, case.behaviour, case.contract_value, on)
    if limits is None:
        return that(True)
    fine, low, high = asked.fine.amount, limits.low, limits.high
    return that(low <= fine <= high, basis=limits.basis, fine=fine, low=low, high=high, clause=limits.basis.clause)


@at("/measures")
def measures_have_a_basis(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """措施 {codes} 在 {on} 没有有效的法律依据，不能采取。"""
    wrong = [code for code in asked.measures if catalogue.measure_basis(law_in(rest).book, code, on) is None]
    return that(not wrong, codes="、".join(wrong), on=on)


@at("/measures")
def measures_are_of_that_side(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """措施 {codes} 不是对这一方的措施。"""
    wrong = [code for code in asked.measures if not catalogue.measure_fits(law_in(rest).book, code, case.side, on)]
    return that(not wrong, codes="、".join(wrong))


# -- when, and after what


@at("/decided_on")
def decision_has_happened(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """决定日期 {on} 还没有到。"""
    return that(on <= law_in(rest).today, on=on)


@at("/decided_on")
def decision_follows_confirmation(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """决定日期 {on} 早于认定日期 {confirmed}。"""
    return that(case.confirmed_on is None or on >= case.confirmed_on, on=on, confirmed=case.confirmed_on)


@at("/decided_on")
def hearing_window_is_over_or_held(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """当事人可以要求听证，期限到 {end}；期满或听证举行以后才能决定。"""
    book = law_in(rest).book
    end = case.hearing_window_end(book)
    if end is None or (case.hearing_held_on is not None and case.hearing_held_on <= on):
        return that(True)
    over = case.hearing_requested_on is None and on > end
    return that(over, basis=book.rule("penalty.hearing_request", on).basis, end=end)


@at("/decision_types")
def hearing_was_offered_where_due(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """这类决定要先告知当事人有要求听证的权利，须重新告知。"""
    book = law_in(rest).book
    due = case.kind == "administrative" and catalogue.hearing_offered(book, asked.decision_types, on)
    offered = case.notice is not None and case.notice.hearing
    return that(not due or offered, basis=book.rule("penalty.hearing_for", on).basis)


def legal_review_is_passed(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """这类决定要先经法制审核。"""
    book = law_in(rest).book
    needed = case.kind == "administrative" and catalogue.needs_legal_review(book, asked.decision_types, on)
    passed = case.legal_passed_on is not None and case.legal_passed_on <= on
    return that(not needed or passed, basis=book.rule("penalty.legal_review_for", on).basis)


def collective_decision_is_made(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """这类决定要先经集体讨论。"""
    book = law_in(rest).book
    needed = case.kind == "administrative" and catalogue.needs_collective_decision(book, asked.decision_types, on)
    made = case.collective_on is not None and case.collective_on <= on
    return that(not needed or made, basis=book.rule("penalty.collective_for", on).basis)


def limitation_has_not_run(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """违法行为终了于 {occurred}，追究时效已于 {end} 届满。"""
    if case.kind != "administrative":
        return that(True)
    since = case.ended_on or case.occurred_on
    rule = "penalty.limitation_long" if case.harm else "penalty.limitation"
    receipt, basis = law_in(rest).book.deadline(rule, since, on=on, with_days=False)  # by the law of the day of the decision
    return that(case.opened_on <= receipt.on, basis=basis, occurred=since, end=receipt.on)


@at("/decision_types")
def sanction_is_not_heavier_than_notified(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """决定比告知的更重；陈述申辩不能加重处理，要加重须重新告知。"""
    if case.notice is None:
        return that(True)
    book = law_in(rest).book
    heavier = is_heavier(book, asked, case.notice.proposed, on) or set(asked.measures) - set(case.notice.proposed.measures)
    return that(not heavier, basis=book.rule("penalty.no_aggravation", on).basis)


def is_heavier(book: Any, asked: Proposed, than: Proposed, on: date) -> bool:
    """A heavier class, longer, more points; more penalties at once; a higher fine."""
    weightier = catalogue.weight(book, asked.decision_types, on) > catalogue.weight(book, than.decision_types, on)
    several = len(set(asked.decision_types)) > max(1, len(set(than.decision_types)))
    fine, old = asked.fine, than.fine
    more = fine is not None and (old is None or fine.currency != old.currency or fine.amount > old.amount)
    return weightier or several or more
