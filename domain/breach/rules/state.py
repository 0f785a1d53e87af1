"""What state a case is in: these rules alone say what may come next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from domain.breach.case import Case

KINDS = ("civil", "management", "administrative")  # from the lightest
UNDECIDED = ("opened", "notified")
ENDED = ("dismissed", "closed", "transferred")


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


def collective_decision_may_be_made(case: Case, *_: Any) -> bool:
    """行政处罚告知以后、决定以前才集体讨论；讨论过的不再讨论。"""
    return case.kind == "administrative" and case.notice is not None and case.collective_on is None


def a_sanction_stands(case: Case, *_: Any) -> bool:
    """本案没有有效的惩戒决定。"""
    return case.sanction is not None


def sanction_waits_for_service(case: Case, *_: Any) -> bool:
    """决定已经送达，或本案没有决定。"""
    return case.sanction is not None and case.sanction.served_on is None


def repair_notice_is_due(case: Case, *_: Any) -> bool:
    """信用修复告知书已经送达，或决定还没有送达，或这个决定不产生公示期限。"""
    one = case.sanction
    return one is not None and one.served_on is not None and not one.repair_notice and one.repairable_from is not None


def sanction_waits_for_publication(case: Case, *_: Any) -> bool:
    """决定还没有送达，或已经公示、已经结束公示。"""
    one = case.sanction
    return one is not None and one.served_on is not None and (not one.public or one.stale) and one.ended is None


def kind_is_published(case: Case, *_: Any) -> bool:
    """只有行政处罚决定才公示。"""
    one = case.sanction
    return case.kind == "administrative" and not case.against_authority and one is not None and one.last_day is not None


def sanction_waits_for_fulfilment(case: Case, *_: Any) -> bool:
    """决定还没有送达，或已经履行。"""
    return case.sanction is not None and case.sanction.served_on is not None and case.sanction.fulfilled_on is None


def enforcement_was_demanded(case: Case, *_: Any) -> bool:
    """还没有催告。"""
    return case.sanction is not None and case.sanction.demanded_on is not None


def court_was_not_asked(case: Case, *_: Any) -> bool:
    """已经申请法院强制执行。"""
    return case.sanction is None or case.sanction.court_asked_on is None


def penalty_is_enforced_by_a_court(case: Case, *_: Any) -> bool:
    """只有行政处罚决定才申请法院强制执行。"""
    return case.kind == "administrative"


def there_is_something_to_object_to(case: Case, *_: Any) -> bool:
    """还没有可以提出异议的认定或决定。"""
    return case.sanction is not None or case.status == "confirmed"


def no_objection_is_open(case: Case, *_: Any) -> bool:
    """已有一件异议正在办理。"""
    return all(outcome is not None for outcome in case.objections.values())


def publicity_may_be_withdrawn(case: Case, *_: Any) -> bool:
    """没有要撤下的公示：只有撤销或更正了的决定才撤下公示。"""
    return any(one.public and (one.revoked or one.stale) for one in case.sanctions.values())


def case_is_not_closed(case: Case, *_: Any) -> bool:
    """案件已经结案。"""
    return bool(case.status) and case.status != "closed"
