"""What may follow a decision: service, publicity, fulfilment, objection, review, change, closure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.breach.rules.common import METHODS, day_of, is_from_above, is_one_of, law_in
from domain.breach.rules.sanction import (
    fine_goes_with_its_type,
    fine_is_within_its_range,
    is_heavier,
    types_are_of_the_behaviour,
)
from domain.breach.rules.state import UNDECIDED
from domain.rules import Verdict, at, that
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.breach.case import Case, Law
    from domain.breach.events import Proposed


@at("/sanction")
def sanction_is_of_this_case(case: Case, sanction: UUID, *_: Any) -> bool:
    """本案没有这个惩戒决定。"""
    return sanction in case.sanctions and not case.sanctions[sanction].revoked


def sanction_day_has_come(case: Case, sanction: UUID, *rest: Any) -> Verdict:
    """日期 {on} 还没有到，或早于决定日期。"""
    one, on = case.sanctions.get(sanction), day_of(rest)
    return that(on <= law_in(rest).today and (one is None or on >= one.decided_on), on=on)


def it_follows_the_service(case: Case, sanction: UUID, on: date, *_: Any) -> Verdict:
    """日期 {on} 早于决定送达生效的日期 {served}。"""
    one = case.sanctions.get(sanction)
    served = one.served_on if one else None
    return that(served is None or on >= served, on=on, served=served)


@at("/method")
def service_method_is_known(case: Case, sanction: UUID, on: date, method: str, law: Law) -> bool:
    """送达方式只能是 direct 直接、post 邮寄、electronic 电子、public 公告之一。"""
    return method in METHODS


def publicity_is_not_over(case: Case, sanction: UUID, on: date, law: Law) -> Verdict:
    """公示最长期限已于 {last} 届满，不能再公示。"""
    one = case.sanctions.get(sanction)
    last = case.shown_until(one, law.book) if one else None
    return that(last is None or max(on, law.today) <= last, last=last)


@at("/demanded_on")
def fulfilment_is_overdue(case: Case, sanction: UUID, on: date, law: Law) -> Verdict:
    """履行期限到 {end}，期满不履行才催告。"""
    one = case.sanctions.get(sanction)
    if one is None or one.served_on is None:
        return that(True)
    rule = "penalty.pay_fine" if one.fine is not None else "office.fulfilment"
    receipt, basis = law.book.deadline(rule, one.served_on, with_days=False)
    return that(on > receipt.on, basis=basis, end=receipt.on)


@at("/asked_on")
def demand_was_in_vain(case: Case, sanction: UUID, on: date, court: str, law: Law) -> Verdict:
    """催告书送达满 {days} 个工作日（到 {end}）仍不履行的，才能申请。"""
    one = case.sanctions.get(sanction)
    if one is None or one.demanded_on is None:
        return that(True)
    receipt, basis = law.book.deadline("penalty.demand", one.demanded_on, with_days=False)
    return that(on > receipt.on, basis=basis, end=receipt.on, days=receipt.count)


@at("/asked_on")
def remedies_are_over(case: Case, sanction: UUID, on: date, court: str, law: Law) -> Verdict:
    """可以复议、诉讼的期限到 {end}；期满而没有复议、诉讼的，才能申请。"""
    one = case.sanctions.get(sanction)
    end = case.remedies_end(one, law.book) if one else None
    return that(not case.review_pending and (end is None or on > end), basis=law.book.rule("penalty.court", on).basis, end=end)


@at("/asked_on")
def court_is_asked_in_time(case: Case, sanction: UUID, on: date, court: str, law: Law) -> Verdict:
    """申请强制执行的期限已于 {end} 届满。"""
    one = case.sanctions.get(sanction)
    last = case.remedies_end(one, law.book) if one else None
    if last is None:
        return that(True)
    receipt, basis = law.book.deadline("penalty.court", last, with_days=False)
    return that(on <= receipt.on, basis=basis, end=receipt.on)


@at("/court")
def court_is_named(case: Case, sanction: UUID, on: date, court: str, law: Law) -> bool:
    """请写明向哪个法院申请。"""
    return bool(court.strip())


@at("/measure")
def measure_is_applied(case: Case, sanction: UUID, measure: str, on: date, law: Law) -> bool:
    """这项措施没有在执行。"""
    return sanction in case.sanctions and case.sanctions[sanction].measures.get(measure) == "applied"


def lifting_has_happened(case: Case, sanction: UUID, measure: str, on: date, law: Law) -> Verdict:
    """日期 {on} 还没有到，或早于采取措施的日期。"""
    since = case.sanctions[sanction].applied.get(measure) if sanction in case.sanctions else None
    return that(on <= law.today and (since is None or on >= since), on=on)


# -- objection, review


def objection_follows_what_it_is_about(case: Case, on: date, *_: Any) -> Verdict:
    """日期 {on} 早于所异议的决定 {decided}。"""
    decided = case.sanction.decided_on if case.sanction else case.confirmed_on
    return that(decided is None or on >= decided, on=on, decided=decided)


@at("/objection")
def objection_is_open(case: Case, objection: UUID, *_: Any) -> bool:
    """没有这件待决定的异议。"""
    return case.objections.get(objection, "") is None


@at("/decided_on")
def answer_follows_the_objection(case: Case, objection: UUID, *rest: Any) -> Verdict:
    """日期 {on} 还没有到，或早于提出异议的日期 {filed}。"""
    on, filed = day_of(rest), case.objected.get(objection, (None, date.min))[1]
    return that(filed <= on <= law_in(rest).today, on=on, filed=filed)


@at("/outcome")
def objection_outcome_is_known(case: Case, objection: UUID, outcome: str, *_: Any) -> bool:
    """结果只能是 upheld 成立、upheld_in_part 部分成立或 rejected 不成立。"""
    return outcome in ("upheld", "upheld_in_part", "rejected")


@at("/fine")
def partly_upheld_names_less(case: Case, objection: UUID, outcome: str, fine: Money | None, *_: Any) -> bool:
    """部分成立的，要写明减少以后的罚款金额；没有罚款的决定，用更正办理。"""
    if outcome != "upheld_in_part":
        return True
    old = case.sanction.fine if case.sanction else None
    return old is not None and fine is not None and fine.currency == old.currency and 0 < fine.amount < old.amount


def another_decider(case: Case, *rest: Any) -> bool:
    """原决定的审批人不能决定对它的异议。"""
    return not is_one_of(case, rest, case.people()["decider"])


@at("/path")
def review_path_is_known(case: Case, path: str, *_: Any) -> bool:
    """途径只能是 reconsideration 行政复议或 suit 行政诉讼。"""
    return path in ("reconsideration", "suit")


def review_has_happened(case: Case, path: object, *rest: Any) -> Verdict:
    """日期 {on} 还没有到。"""
    on = day_of(rest)
    return that(on <= law_in(rest).today, on=on)


def review_follows_what_it_is_about(case: Case, path: object, *rest: Any) -> Verdict:
    """日期 {on} 早于所复议、诉讼的决定 {decided}。"""
    on, decided = day_of(rest), case.sanction.decided_on if case.sanction else case.confirmed_on
    return that(decided is None or on >= decided, on=on, decided=decided)


def review_is_open(case: Case, review: UUID, *_: Any) -> bool:
    """没有这件正在进行的复议或诉讼。"""
    return case.reviews.get(review, "") is None


@at("/outcome")
def review_outcome_is_known(case: Case, review: UUID, outcome: str, *_: Any) -> bool:
    """结果只能是 upheld 维持、changed 变更、revoked 撤销或 withdrawn 撤回。"""
    return outcome in ("upheld", "changed", "revoked", "withdrawn")


def review_ends_later(case: Case, review: UUID, *rest: Any) -> Verdict:
    """日期 {on} 早于复议、诉讼开始的日期 {opened}。"""
    on, opened = day_of(rest), case.reviewed.get(review, date.min)
    return that(on >= opened, on=on, opened=opened)


# -- change, end


@at("/sanction")
def sanction_is_public(case: Case, sanction: UUID, *_: Any) -> bool:
    """这个决定没有在公示。"""
    return sanction in case.sanctions and case.sanctions[sanction].public


@at("/grounds")
def change_has_grounds(case: Case, sanction: UUID, asked: Proposed, on: date, grounds: str, *_: Any) -> bool:
    """请写明理由。"""
    return bool(grounds.strip())


@at("/decision_types")
def correction_is_not_heavier(case: Case, sanction: UUID, asked: Proposed, on: date, *rest: Any) -> bool:
    """更正不能加重原决定。"""
    one = case.sanctions.get(sanction)
    return one is None or not is_heavier(law_in(rest).book, asked, one.proposed, one.decided_on)


@at("/decision_types")
def corrected_types_are_of_the_behaviour(case: Case, sanction: UUID, asked: Proposed, *rest: Any) -> Verdict:
    """处理种类 {types} 不适用于行为 {behaviour}（{kind}）。"""
    return types_are_of_the_behaviour(case, asked, _decided(case, sanction, rest), law_in(rest))


@at("/fine")
def corrected_fine_goes_with_its_type(case: Case, sanction: UUID, asked: Proposed, *rest: Any) -> bool:
    """选了罚款就要写金额，没有选罚款就不能写金额。"""
    return bool(asked.decision_types) and fine_goes_with_its_type(case, asked, day_of(rest), law_in(rest))


@at("/fine")
def corrected_fine_is_within_its_range(case: Case, sanction: UUID, asked: Proposed, *rest: Any) -> Verdict:
    """罚款 {fine} 元不在 {low} 元至 {high} 元之内（{clause}）。"""
    return fine_is_within_its_range(case, asked, _decided(case, sanction, rest), law_in(rest))


def _decided(case: Case, sanction: UUID, rest: tuple[Any, ...]) -> date:
    """The law of the day of the decision judges what it may be changed to."""
    one = case.sanctions.get(sanction)
    return one.decided_on if one else day_of(rest)


def publicity_has_run_out(case: Case, sanction: UUID, on: date, law: Law) -> Verdict:
    """公示最长期限到 {last}，还没有届满，或者决定还没有履行。"""
    one = case.sanctions.get(sanction)
    last = case.shown_until(one, law.book) if one else None
    return that(last is not None and on == last < law.today, last=last or (one.last_day if one else None))


def window_has_run_out(case: Case, loop: str, on: date, law: Law) -> Verdict:
    """期限到 {on}，还没有届满。"""
    return that(on < law.today, on=on)


@at("/reason")
def closure_has_a_reason(case: Case, why: str, *_: Any) -> bool:
    """请写明结案理由。"""
    return bool(why.strip())


def no_loop_is_open(case: Case, why: str, still_open: list[str], *_: Any) -> Verdict:
    """还有未闭环的事项：{loops}。"""
    return that(not still_open, loops="、".join(still_open))


def case_was_settled(case: Case, *_: Any) -> bool:
    """案件还没有认定、不予认定或者整改验收，不能结案。"""
    if case.status in UNDECIDED:
        return case.rectification == "passed" and case.kind != "administrative"
    return case.status != "referred"


def decider_goes_without_a_sanction(case: Case, *rest: Any) -> bool:
    """认定了违约而不作惩戒的，由本案登记人以外的审批人说明理由后结案。"""
    law = law_in(rest)
    settled = case.status != "confirmed" or case.kind == "civil" or case.sanctions or case.confirmer is None
    if settled or (case.kind == "management" and case.rectification == "passed"):
        return True
    here = is_from_above(case, law) if case.against_authority else bool(law.regions)
    return here and not is_one_of(case, rest, case.recorders)
