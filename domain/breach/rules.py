"""When may something be done in a case? One predicate a rule; the docstring is the sentence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.breach import catalogue
from domain.rules import Verdict, at, that
from domain.values.document_number import parse
from domain.values.fault import Malformed
from domain.values.money import Money
from domain.values.region import covers, superior

if TYPE_CHECKING:
    from domain.breach.case import Case, Law
    from domain.breach.events import Proposed

METHODS = ("direct", "post", "electronic", "public")
KINDS = ("civil", "management", "administrative")
UNDECIDED = ("opened", "notified")
ENDED = ("dismissed", "closed", "transferred")


# -- the state of the case (these alone say what may come next)


def case_is_open(case: Case, *_: Any) -> bool:
    """案件已经办结。"""
    return bool(case.status) and case.status not in ENDED


def breach_is_not_yet_decided(case: Case, *_: Any) -> bool:
    """案件已经作出认定或处理。"""
    return case.status in UNDECIDED


def notice_may_be_served(case: Case, *_: Any) -> bool:
    """决定已经作出，不能再告知。"""
    return case.status in (*UNDECIDED, "confirmed", "referred") and case.sanction is None


def notice_was_served(case: Case, *_: Any) -> bool:
    """还没有送达告知书。"""
    return case.notice is not None


def statement_is_not_yet_in(case: Case, *_: Any) -> bool:
    """陈述申辩已经收到。"""
    return case.statement_on is None


def breach_is_confirmed(case: Case, *_: Any) -> bool:
    """违约还没有认定，不能作出惩戒决定。"""
    return case.confirmed_on is not None and case.status == "confirmed"


def no_sanction_stands(case: Case, *_: Any) -> bool:
    """本案已有惩戒决定。"""
    return case.sanction is None


def hearing_was_offered(case: Case, *_: Any) -> bool:
    """告知的处理不属于可以要求听证的范围。"""
    return case.notice is not None and case.notice.hearing


def hearing_is_not_yet_requested(case: Case, *_: Any) -> bool:
    """已经要求听证。"""
    return case.hearing_requested_on is None


def hearing_was_requested(case: Case, *_: Any) -> bool:
    """当事人没有要求听证。"""
    return case.hearing_requested_on is not None


def hearing_was_notified(case: Case, *_: Any) -> bool:
    """还没有送达听证通知书。"""
    return case.hearing_on is not None


def hearing_was_not_held(case: Case, *_: Any) -> bool:
    """听证已经举行。"""
    return case.hearing_held_on is None


def legal_review_is_open(case: Case, *_: Any) -> bool:
    """法制审核已经通过。"""
    return case.legal_passed_on is None


def nothing_is_being_rectified(case: Case, *_: Any) -> bool:
    """整改已经责令，尚未验收完毕。"""
    return case.rectification in (None, "passed", "failed")


def rectification_is_ordered(case: Case, *_: Any) -> bool:
    """没有待完成的整改。"""
    return case.rectification in ("ordered", "failed", "reported")


def rectification_may_be_verified(case: Case, *_: Any) -> bool:
    """整改还没有报告。"""
    return case.rectification == "reported"


def case_is_referred(case: Case, *_: Any) -> bool:
    """案件没有移送上级。"""
    return case.status == "referred"


def referral_may_be_made(case: Case, *_: Any) -> bool:
    """只有对甲方的发现才移送上级处理。"""
    return case.against_authority and case.status in UNDECIDED


def a_sanction_stands(case: Case, *_: Any) -> bool:
    """本案没有有效的惩戒决定。"""
    return case.sanction is not None


def sanction_waits_for_service(case: Case, *_: Any) -> bool:
    """决定已经送达，或本案没有决定。"""
    return case.sanction is not None and case.sanction.served_on is None


def repair_notice_is_due(case: Case, *_: Any) -> bool:
    """信用修复告知书已经送达，或决定还没有送达。"""
    return case.sanction is not None and case.sanction.served_on is not None and not case.sanction.repair_notice


def sanction_waits_for_publication(case: Case, *_: Any) -> bool:
    """决定还没有送达，或已经公示、已经结束公示。"""
    one = case.sanction
    return one is not None and one.served_on is not None and not one.public and one.ended is None


def kind_is_published(case: Case, *_: Any) -> bool:
    """只有行政处罚决定才公示。"""
    return case.kind == "administrative" and not case.against_authority and case.sanction is not None and case.sanction.last_day is not None


def sanction_waits_for_fulfilment(case: Case, *_: Any) -> bool:
    """决定还没有送达，或已经履行。"""
    return case.sanction is not None and case.sanction.served_on is not None and case.sanction.fulfilled_on is None


def there_is_something_to_object_to(case: Case, *_: Any) -> bool:
    """还没有可以提出异议的认定或决定。"""
    return case.sanction is not None or case.status == "confirmed"


def no_objection_is_open(case: Case, *_: Any) -> bool:
    """已有一件异议正在办理。"""
    return all(outcome is not None for outcome in case.objections.values())


def publicity_may_be_withdrawn(case: Case, *_: Any) -> bool:
    """没有正在公示的信息。"""
    return any(one.public for one in case.sanctions.values())


# -- dates


def it_has_happened(case: Case, on: date, *rest: Any) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(on <= rest[-1].today, on=on)


def it_follows_the_opening(case: Case, on: date, *_: Any) -> Verdict:
    """日期 {on} 早于立案日 {opened}。"""
    return that(on >= case.opened_on, on=on, opened=case.opened_on)


def it_follows_the_notice(case: Case, on: date, *_: Any) -> Verdict:
    """日期 {on} 早于告知书送达日 {served}。"""
    return that(case.notice is None or on >= case.notice.served_on, on=on, served=case.notice.served_on if case.notice else "")


# -- four eyes


def not_one_who_recorded_it(case: Case, *rest: Any) -> bool:
    """您登记了这项发现或上传了它的证据，不能再审核、主持或决定本案。"""
    return rest[-1].by not in case.recorders


def not_one_who_reviewed_it(case: Case, *rest: Any) -> bool:
    """您是本案的法制审核员，不能再决定本案。"""
    return bool(rest[-1].by != case.legal_reviewer)


def not_the_chair(case: Case, *rest: Any) -> bool:
    """您是本案的听证主持人，不能再审核或决定本案。"""
    return bool(rest[-1].by != case.chair)


def not_one_who_decided_it(case: Case, *rest: Any) -> bool:
    """您是本案的审批人，不能再审核或主持本案。"""
    return rest[-1].by not in case.people()["decider"]


def not_recused(case: Case, *rest: Any) -> bool:
    """您已在本案中回避。"""
    return rest[-1].by not in case.recused


# -- handing over, notice, statement, hearing


def another_person_takes_over(case: Case, to: str, law: Law) -> bool:
    """案件已经由这个人经办。"""
    return bool(to) and to != case.keeper


@at("/method")
def method_is_known(case: Case, proposed: Proposed, method: str, on: date, law: Law) -> bool:
    """送达方式只能是 direct 直接、post 邮寄、electronic 电子、public 公告之一。"""
    return method in METHODS


@at("/served_on")
def notice_has_happened(case: Case, proposed: Proposed, method: str, on: date, law: Law) -> Verdict:
    """送达日期 {on} 还没有到。"""
    return that(on <= law.today, on=on)


@at("/served_on")
def notice_follows_the_opening(case: Case, proposed: Proposed, method: str, on: date, law: Law) -> Verdict:
    """送达日期 {on} 早于立案日 {opened}。"""
    return that(on >= case.opened_on, on=on, opened=case.opened_on)


@at("/proposed/decision_types")
def proposed_types_are_of_the_kind(case: Case, proposed: Proposed, *rest: Any) -> Verdict:
    """处理种类 {types} 不适用于行为 {behaviour}（{kind}）。"""
    law: Law = rest[-1]
    wrong = [code for code in proposed.decision_types if not catalogue.may_decide(law.book, case.behaviour, case.kind, code, law.today)]
    return that(not wrong, types="、".join(wrong), behaviour=case.behaviour, kind=case.kind)


@at("/text")
def statement_says_something(case: Case, on: date, text: str, law: Law) -> bool:
    """请填写陈述申辩的内容。"""
    return bool(text.strip())


@at("/requested_on")
def hearing_window_is_open(case: Case, on: date, law: Law) -> Verdict:
    """要求听证的期限已于 {end} 届满。"""
    end = case.hearing_window_end(law.book)
    basis = law.book.rule("penalty.hearing_request", on).basis
    return that(end is None or on <= end, basis=basis, end=end)


@at("/to_be_held_on")
def hearing_is_notified_in_time(case: Case, on: date, held_on: date, chair: str, law: Law) -> Verdict:
    """听证应当在通知之后至少 {days} 个工作日举行，最早 {earliest}。"""
    receipt, basis = law.book.deadline("penalty.hearing_notice", on, with_days=False)
    return that(held_on >= receipt.on, basis=basis, earliest=receipt.on, days=receipt.count)


@at("/chair")
def notified_chair_did_not_investigate(case: Case, on: date, held_on: date, chair: str, law: Law) -> bool:
    """听证主持人不能是登记发现、审核或决定本案的人。"""
    return _may_chair(case, chair)


@at("/chair")
def chair_did_not_investigate(case: Case, on: date, chair: str, record: str, law: Law) -> bool:
    """听证主持人不能是登记发现、审核或决定本案的人。"""
    return _may_chair(case, chair)


def _may_chair(case: Case, chair: str) -> bool:
    people = case.people()
    return bool(chair) and chair not in people["recorder"] | people["legal"] | people["decider"]


@at("/held_on")
def hearing_day_has_come(case: Case, on: date, chair: str, record: str, law: Law) -> Verdict:
    """听证定于 {day} 举行。"""
    return that(case.hearing_on is None or on >= case.hearing_on, day=case.hearing_on)


@at("/record")
def hearing_has_a_record(case: Case, on: date, chair: str, record: str, law: Law) -> bool:
    """请填写听证笔录。"""
    return bool(record.strip())


@at("/passed_on")
def statement_was_heard_first(case: Case, on: date, law: Law) -> Verdict:
    """陈述申辩期到 {end}，期满或收到陈述以后才能审核。"""
    end = case.window_end(law.book)
    return that(case.statement_on is not None or (end is not None and law.today > end), end=end)


@at("/members")
def several_decide_together(case: Case, on: date, members: list[str], law: Law) -> bool:
    """集体讨论应当有两人以上。"""
    return len(set(members)) > 1


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


# -- confirmation, dismissal, referral


@at("/confirmed_on")
def window_is_used_or_over(case: Case, *rest: Any) -> Verdict:
    """陈述申辩期到 {end} 届满；收到陈述申辩或期满以后才能决定。"""
    law: Law = rest[-1]
    end = case.window_end(law.book)
    basis = law.book.rule("office.statement_window", law.today).basis
    over = end is not None and law.today > end
    return that(case.statement_on is not None or over, basis=basis, end=end)


@at("/kind")
def kind_is_known(case: Case, on: date, kind: str, grounds: str, law: Law) -> bool:
    """性质只能是 civil、management 或 administrative。"""
    return kind in KINDS


@at("/grounds")
def grounds_are_given(case: Case, *rest: Any) -> bool:
    """请写明理由。"""
    texts = [one for one in rest if isinstance(one, str)]
    return bool(texts) and bool(texts[-1].strip())


def authority_is_judged_from_above(case: Case, *rest: Any) -> Verdict:
    """对甲方的发现由上一级行政区划的审批人决定；没有上级的，移送。"""
    law: Law = rest[-1]
    return that(not case.against_authority or _from_above(case, law), region=superior(case.region))


def _from_above(case: Case, law: Law) -> bool:
    return any(region != case.region and covers(region, case.region) for region in law.regions)


@at("/outcome")
def referral_outcome_is_known(case: Case, on: date, outcome: str, law: Law) -> bool:
    """结果只能是 confirmed 认定、dismissed 不予认定或 returned 退回。"""
    return outcome in ("confirmed", "dismissed", "returned")


# -- sanction


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
    law: Law = rest[-1]
    wrong = [code for code in asked.decision_types if not catalogue.may_decide(law.book, case.behaviour, case.kind, code, on)]
    basis = next(iter(catalogue.behaviour_basis(law.book, case.behaviour, on)), None)
    return that(not wrong, basis=basis, types="、".join(wrong), behaviour=case.behaviour, kind=case.kind)


@at("/fine")
def fine_goes_with_its_type(case: Case, asked: Proposed, on: date, *rest: Any) -> bool:
    """选了罚款就要写金额，没有选罚款就不能写金额。"""
    fined = any(catalogue.is_fine(code) for code in asked.decision_types)
    return fined == (asked.fine is not None and asked.fine.amount > 0)


@at("/fine")
def fine_is_within_its_range(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """罚款 {fine} 元不在 {low} 元至 {high} 元之内（{clause}）。"""
    law: Law = rest[-1]
    if asked.fine is None or asked.fine.currency != "CNY":
        return that(True)
    limits = catalogue.fine_limits(law.book, case.behaviour, case.contract_value, on)
    if limits is None:
        return that(True)
    within = limits.low <= asked.fine.amount <= limits.high
    return that(within, basis=limits.basis, fine=asked.fine.amount, low=limits.low, high=limits.high, clause=limits.basis.clause)


@at("/decided_on")
def decision_has_happened(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """决定日期 {on} 还没有到。"""
    return that(on <= rest[-1].today, on=on)


@at("/decided_on")
def decision_follows_confirmation(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """决定日期 {on} 早于认定日期 {confirmed}。"""
    return that(case.confirmed_on is None or on >= case.confirmed_on, on=on, confirmed=case.confirmed_on)


@at("/decided_on")
def hearing_window_is_over_or_held(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """当事人可以要求听证，期限到 {end}；期满或听证举行以后才能决定。"""
    law: Law = rest[-1]
    end = case.hearing_window_end(law.book)
    if end is None or case.hearing_held_on is not None:
        return that(True)
    basis = law.book.rule("penalty.hearing_request", on).basis
    over = case.hearing_requested_on is None and min(on, law.today) > end
    return that(over, basis=basis, end=end)


def legal_review_is_passed(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """这类决定要先经法制审核。"""
    law: Law = rest[-1]
    needed = case.kind == "administrative" and catalogue.needs_legal_review(law.book, asked.decision_types, on)
    return that(not needed or case.legal_passed_on is not None, basis=law.book.rule("penalty.legal_review_for", on).basis)


def collective_decision_is_made(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """这类决定要先经集体讨论。"""
    law: Law = rest[-1]
    needed = case.kind == "administrative" and catalogue.needs_collective_decision(law.book, asked.decision_types, on)
    return that(not needed or case.collective_on is not None, basis=law.book.rule("penalty.collective_for", on).basis)


def limitation_has_not_run(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """违法行为发生在 {occurred}，追究时效已于 {end} 届满。"""
    law: Law = rest[-1]
    if case.kind != "administrative":
        return that(True)
    receipt, basis = law.book.deadline("penalty.limitation", case.occurred_on, with_days=False)
    return that(case.opened_on <= receipt.on, basis=basis, occurred=case.occurred_on, end=receipt.on)


@at("/decision_types")
def sanction_is_not_heavier_than_notified(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """决定比告知的更重；陈述申辩不能加重处理，要加重须重新告知。"""
    law: Law = rest[-1]
    notified = case.notice.proposed if case.notice else None
    if notified is None:
        return that(True)
    basis = law.book.rule("penalty.no_aggravation", on).basis
    heavier = catalogue.weight(law.book, asked.decision_types, on) > catalogue.weight(law.book, notified.decision_types, on)
    more = asked.fine is not None and (notified.fine is None or asked.fine.currency != notified.fine.currency or asked.fine.amount > notified.fine.amount)
    extra = set(asked.measures) - set(notified.measures)
    return that(not (heavier or more or extra), basis=basis)


@at("/measures")
def measures_have_a_basis(case: Case, asked: Proposed, on: date, *rest: Any) -> Verdict:
    """措施 {codes} 在 {on} 没有有效的法律依据，不能采取。"""
    law: Law = rest[-1]
    wrong = [code for code in asked.measures if catalogue.measure_basis(law.book, code, on) is None]
    return that(not wrong, codes="、".join(wrong), on=on)


@at("/document_number")
def document_number_is_well_formed(case: Case, asked: Proposed, on: date, number: str, law: Law) -> Verdict:
    """{fault}"""
    try:
        parse(number)
    except Malformed as malformed:
        return that(False, fault=str(malformed))
    return that(True)


# -- after the decision


@at("/sanction")
def sanction_is_of_this_case(case: Case, sanction: UUID, *_: Any) -> bool:
    """本案没有这个惩戒决定。"""
    return sanction in case.sanctions and not case.sanctions[sanction].revoked


def sanction_day_has_come(case: Case, sanction: UUID, on: date, *rest: Any) -> Verdict:
    """日期 {on} 还没有到，或早于决定日期。"""
    one = case.sanctions.get(sanction)
    return that(on <= rest[-1].today and (one is None or on >= one.decided_on), on=on)


@at("/method")
def service_method_is_known(case: Case, sanction: UUID, on: date, method: str, law: Law) -> bool:
    """送达方式只能是 direct 直接、post 邮寄、electronic 电子、public 公告之一。"""
    return method in METHODS


def publicity_is_not_over(case: Case, sanction: UUID, on: date, law: Law) -> Verdict:
    """公示最长期限已于 {last} 届满，不能再公示。"""
    one = case.sanctions.get(sanction)
    return that(one is None or one.last_day is None or on <= one.last_day, last=one.last_day if one else "")


@at("/measure")
def measure_is_applied(case: Case, sanction: UUID, measure: str, on: date, law: Law) -> bool:
    """这项措施没有在执行。"""
    return sanction in case.sanctions and case.sanctions[sanction].measures.get(measure) == "applied"


def lifting_has_happened(case: Case, sanction: UUID, measure: str, on: date, law: Law) -> Verdict:
    """日期 {on} 还没有到。"""
    return that(on <= law.today, on=on)


# -- objections, reviews, revocation, closure


@at("/objection")
def objection_is_open(case: Case, objection: UUID, *_: Any) -> bool:
    """没有这件待决定的异议。"""
    return case.objections.get(objection, "") is None


@at("/outcome")
def objection_outcome_is_known(case: Case, objection: UUID, outcome: str, *_: Any) -> bool:
    """结果只能是 upheld 成立、upheld_in_part 部分成立或 rejected 不成立。"""
    return outcome in ("upheld", "upheld_in_part", "rejected")


@at("/fine")
def partly_upheld_names_less(case: Case, objection: UUID, outcome: str, fine: Money | None, *_: Any) -> bool:
    """部分成立的，要写明减少以后的罚款金额。"""
    old = case.sanction.fine if case.sanction else None
    return outcome != "upheld_in_part" or old is None or (fine is not None and fine.currency == old.currency and fine.amount < old.amount)


def another_decider(case: Case, *rest: Any) -> bool:
    """原决定的审批人不能决定对它的异议。"""
    return rest[-1].by not in case.people()["decider"]


@at("/decision_types")
def correction_is_not_heavier(case: Case, sanction: UUID, asked: Proposed, on: date, grounds: str, law: Law) -> bool:
    """更正不能加重原决定。"""
    one = case.sanctions.get(sanction)
    if one is None:
        return True
    heavier = catalogue.weight(law.book, asked.decision_types, one.decided_on) > catalogue.weight(law.book, one.decision_types, one.decided_on)
    more = asked.fine is not None and (one.fine is None or asked.fine.amount > one.fine.amount)
    return not (heavier or more)


@at("/path")
def review_path_is_known(case: Case, path: str, *_: Any) -> bool:
    """途径只能是 reconsideration 行政复议或 suit 行政诉讼。"""
    return path in ("reconsideration", "suit")


def review_has_happened(case: Case, path: object, *rest: Any) -> Verdict:
    """日期 {on} 还没有到。"""
    return that(rest[-2] <= rest[-1].today, on=rest[-2])


def review_is_open(case: Case, review: UUID, *_: Any) -> bool:
    """没有这件正在进行的复议或诉讼。"""
    return case.reviews.get(review, "") is None


@at("/reason")
def closure_has_a_reason(case: Case, why: str, *_: Any) -> bool:
    """请写明结案理由。"""
    return bool(why.strip())


def case_is_not_closed(case: Case, *_: Any) -> bool:
    """案件已经结案。"""
    return bool(case.status) and case.status != "closed"


def no_loop_is_open(case: Case, why: str, still_open: list[str], *_: Any) -> Verdict:
    """还有未闭环的事项：{loops}。"""
    return that(not still_open, loops="、".join(still_open))


LIVING = (case_is_open,)
FOUR_EYES = (not_one_who_recorded_it, not_recused)
DATED = (it_has_happened, it_follows_the_opening)
DECIDER = (*FOUR_EYES, not_one_who_reviewed_it, not_the_chair)

NOTICE_STATE = (case_is_open, notice_may_be_served)
STATEMENT_STATE = (case_is_open, notice_was_served, statement_is_not_yet_in, no_sanction_stands)
REQUEST_STATE = (case_is_open, notice_was_served, hearing_was_offered, hearing_is_not_yet_requested)
HEARING_NOTICE_STATE = (case_is_open, hearing_was_requested, hearing_was_not_held)
HEARING_STATE = (case_is_open, hearing_was_notified, hearing_was_not_held)
LEGAL_STATE = (case_is_open, notice_was_served, legal_review_is_open, no_sanction_stands)
RECTIFY_STATE = (case_is_open, nothing_is_being_rectified)
REPORT_STATE = (case_is_open, rectification_is_ordered)
VERIFY_STATE = (case_is_open, rectification_may_be_verified)
CONFIRM_STATE = (case_is_open, breach_is_not_yet_decided, notice_was_served)
DISMISS_STATE = (case_is_open, breach_is_not_yet_decided)
SANCTION_STATE = (case_is_open, breach_is_confirmed, no_sanction_stands, civil_breach_gets_no_sanction, notice_was_served)

HAND_OVER = (case_is_open, another_person_takes_over)
NOTICE = (*NOTICE_STATE, method_is_known, notice_has_happened, notice_follows_the_opening, proposed_types_are_of_the_kind)
STATEMENT = (*STATEMENT_STATE, *DATED, it_follows_the_notice, statement_says_something)
HEARING_REQUEST = (*REQUEST_STATE, *DATED, it_follows_the_notice, hearing_window_is_open)
HEARING_NOTICE = (*HEARING_NOTICE_STATE, *DATED, hearing_is_notified_in_time, notified_chair_did_not_investigate)
HEARING = (*HEARING_STATE, *DATED, hearing_day_has_come, chair_did_not_investigate, hearing_has_a_record)
LEGAL_REVIEW = (*LEGAL_STATE, *DATED, statement_was_heard_first, *FOUR_EYES, not_the_chair, not_one_who_decided_it)
COLLECTIVE = (*LIVING, *DATED, several_decide_together)
RECTIFICATION = (*RECTIFY_STATE, *DATED, rectification_ends_later, requirements_are_stated)
RECTIFICATION_REPORT = (*REPORT_STATE, *DATED, report_says_something)
RECTIFICATION_RESULT = (*VERIFY_STATE, *DATED)
CONFIRM = (*CONFIRM_STATE, *DATED, window_is_used_or_over, kind_is_known, grounds_are_given, *DECIDER, authority_is_judged_from_above)
DISMISS = (*DISMISS_STATE, *DATED, grounds_are_given, *DECIDER, authority_is_judged_from_above)
REFER = (*LIVING, referral_may_be_made, *DATED)
REFERRAL_ANSWER = (case_is_referred, *DATED, referral_outcome_is_known)
TRANSFER = (*LIVING, breach_is_not_yet_decided, *DATED)
SANCTION = (
    *SANCTION_STATE, something_is_decided, types_are_of_the_behaviour, fine_goes_with_its_type, fine_is_within_its_range,
    decision_has_happened, decision_follows_confirmation, window_is_used_or_over, hearing_window_is_over_or_held, legal_review_is_passed,
    collective_decision_is_made, limitation_has_not_run, sanction_is_not_heavier_than_notified, measures_have_a_basis,
    document_number_is_well_formed, *DECIDER, authority_is_judged_from_above,
)  # fmt: skip
SERVE = (case_is_open, sanction_waits_for_service, sanction_is_of_this_case, sanction_day_has_come, service_method_is_known)
REPAIR_NOTICE = (case_is_open, repair_notice_is_due, sanction_is_of_this_case, sanction_day_has_come)
PUBLISH = (case_is_open, kind_is_published, sanction_waits_for_publication, sanction_is_of_this_case, sanction_day_has_come, publicity_is_not_over)
FULFIL = (case_is_open, sanction_waits_for_fulfilment, sanction_is_of_this_case, sanction_day_has_come)
ENFORCE = FULFIL
LIFT = (sanction_is_of_this_case, measure_is_applied, lifting_has_happened)
OBJECTION = (case_is_open, there_is_something_to_object_to, no_objection_is_open, *DATED, grounds_are_given)
OBJECTION_DECISION = (objection_is_open, objection_outcome_is_known, partly_upheld_names_less, *FOUR_EYES, another_decider, not_one_who_reviewed_it)
CORRECT = (a_sanction_stands, sanction_is_of_this_case, correction_is_not_heavier, grounds_are_given, *FOUR_EYES)
REVOKE = (case_is_open, a_sanction_stands, sanction_is_of_this_case, grounds_are_given, *FOUR_EYES)
RECLASSIFY = (a_sanction_stands, sanction_is_of_this_case, grounds_are_given, *FOUR_EYES)
WITHDRAW = (publicity_may_be_withdrawn, sanction_day_has_come)
REVIEW = (case_is_open, there_is_something_to_object_to, review_path_is_known, review_has_happened)
REVIEW_END = (review_is_open, review_has_happened)
CLOSE = (case_is_not_closed, closure_has_a_reason, no_loop_is_open)

MAY = {
    "notice": NOTICE_STATE, "statement": STATEMENT_STATE, "hearing-request": REQUEST_STATE, "hearing-notice": HEARING_NOTICE_STATE,
    "hearing": HEARING_STATE, "legal-review": LEGAL_STATE, "rectification": RECTIFY_STATE, "rectification/report": REPORT_STATE,
    "rectification/result": VERIFY_STATE, "confirmation": CONFIRM_STATE, "dismissal": DISMISS_STATE, "referral": (case_is_open, referral_may_be_made),
    "referral/answer": (case_is_referred,), "transfer": (case_is_open, breach_is_not_yet_decided), "sanction": SANCTION_STATE,
    "service": (case_is_open, sanction_waits_for_service), "publication": (case_is_open, kind_is_published, sanction_waits_for_publication),
    "fulfilment": (case_is_open, sanction_waits_for_fulfilment), "objections": (case_is_open, there_is_something_to_object_to, no_objection_is_open),
    "correction": (a_sanction_stands,), "revocation": (case_is_open, a_sanction_stands), "withdrawal-of-publicity": (publicity_may_be_withdrawn,),
    "hand-over": LIVING, "recusal": LIVING, "collective-decision": LIVING, "review": (case_is_open, there_is_something_to_object_to),
    "reclassification": (a_sanction_stands,), "enforcement-demand": (case_is_open, sanction_waits_for_fulfilment), "closure": (case_is_not_closed,),
}  # fmt: skip
