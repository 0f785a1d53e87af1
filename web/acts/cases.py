"""What may be asked of cases."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from domain.access.account import Account, account_id
from domain.act import Act
from domain.breach import commands
from domain.breach.case import Case
from domain.breach.evenness import LikeDecisions, none_known
from domain.breach.events import Proposed
from web.acts.case_bodies import (
    Closure,
    Collective,
    Confirmation,
    Correction,
    Court,
    Demand,
    Dismissal,
    HandOver,
    Hearing,
    HearingNotice,
    HearingRecord,
    HearingRequest,
    LegalReview,
    Lifting,
    Notice,
    Objection,
    ObjectionDecision,
    Publication,
    Reclassification,
    Rectification,
    RectificationReport,
    RectificationResult,
    Recusal,
    Referral,
    ReferralAnswer,
    Review,
    ReviewEnd,
    Revocation,
    SanctionFulfilment,
    SanctionIn,
    ServedDecision,
    Statement,
    TouchAnswer,
    Transfer,
    Withdrawal,
)
from web.acts.doing import Doing, Outcome, Run, Target
from web.acts.passing import passes
from web.acts.values import money
from web.looks.tongue import lazy

KEEPERS, DECIDERS, EITHER = ("supervisor",), ("decider",), ("supervisor", "decider")
PARTY = ("supervisor", "applicant")


def notice(act: Act, target: Target, body: Notice) -> Outcome:
    proposed = Proposed(list(body.proposed.decision_types), money(body.proposed.fine), list(body.proposed.measures))
    case = commands.serve_notice(
        act, target.id, proposed=proposed, served_on=body.served_on, method=body.method, document_number=body.document_number or None, proof=body.proof
    )
    return Outcome(case.id)


def hearing(act: Act, target: Target, body: Hearing) -> Outcome:
    """The body says which of the three it is."""
    if body.record is not None or body.held_on is not None:
        case = commands.hold_hearing(act, target.id, record=body.record or "", chair=account_named(act, body.chair), held_on=body.held_on)
    elif body.to_be_held_on is not None:
        case = commands.notify_hearing(
            act, target.id, to_be_held_on=body.to_be_held_on, chair=account_named(act, body.chair) or "", notified_on=body.notified_on
        )
    else:
        case = commands.request_hearing(act, target.id, requested_on=body.requested_on)
    return Outcome(case.id)


def account_named(act: Act, name: str | None) -> str | None:
    """An account's id by its id or its sign-in name; what is neither is kept as it is, and the rules refuse it."""
    if not name:
        return None
    try:
        return str(UUID(name))
    except ValueError:
        found = act.ledger.find(Account, account_id(name))
        return str(found.id) if found else name


def recusal(act: Act, target: Target, body: Recusal) -> Outcome:
    case = commands.decide_recusal(act, target.id, account=account_named(act, body.account) or "", recused=body.recused, reason=body.reason)
    return Outcome(case.id)


def hand_over(act: Act, target: Target, body: HandOver) -> Outcome:
    return Outcome(commands.hand_over(act, target.id, to=account_named(act, body.to) or "", reason=body.reason).id)


def sanction(like: LikeDecisions) -> Run:
    """What like findings got is handed in."""

    def run(act: Act, target: Target, body: SanctionIn) -> Outcome:
        case, decided = commands.decide_sanction(
            act,
            target.id,
            decision_types=body.decision_types,
            document_number=body.document_number,
            grounds=body.grounds,
            decided_on=body.decided_on,
            fine=money(body.fine),
            measures=body.measures,
            departure=body.departure,
            like=like,
        )
        return Outcome(case.id, {"sanction": decided})

    return run


def service(act: Act, target: Target, body: ServedDecision) -> Outcome:
    """A decision that is served already can still be given its repair notice."""
    case = act.ledger.get(Case, target.id)
    one = case.sanctions.get(body.sanction) if body.sanction else case.sanction
    if one is not None and one.served_on is not None and not one.repair_notice and body.repair_notice:
        return Outcome(commands.serve_repair_notice(act, target.id, served_on=body.served_on, sanction=body.sanction).id)
    return passes(commands.serve_sanction)(act, target, body)


def review(act: Act, target: Target, body: Review) -> Outcome:
    if body.outcome is not None:
        case = commands.end_review(act, target.id, body.review or UUID(int=0), outcome=body.outcome, note=body.note, ended_on=body.ended_on)
        return Outcome(case.id)
    case, opened = commands.open_review(act, target.id, path=body.path or "", reference=body.reference, opened_on=body.opened_on)
    return Outcome(case.id, {"review": opened})


def closure(open_loops: commands.OpenLoops) -> Any:
    """What a case must ask of later chapters is handed in."""

    def run(act: Act, target: Target, body: Closure) -> Outcome:
        return Outcome(commands.close_case(act, target.id, reason=body.reason, open_loops=open_loops).id)

    return run


def doings(open_loops: commands.OpenLoops, like: LikeDecisions = none_known) -> tuple[Doing, ...]:
    """The rows, given how a case's open loops are asked for, and what like findings got."""
    return (
        Doing("cases", "/notice", Notice, notice, KEEPERS, lazy("送达告知书"), (lazy("陈述申辩期从送达日起算；可以要求听证的，听证要求期同时起算。"), lazy("决定不得比告知的更重。")), may="notice"),
        Doing("cases", "/statement", Statement, passes(commands.receive_statement), PARTY, lazy("陈述申辩"), (lazy("审批人收到陈述以后才能决定，并且不得因此加重处理。"),), may="statement"),
        Doing("cases", "/hearing", Hearing, hearing, (*PARTY, "chair"), lazy("听证"), page=None, may="hearing"),
        Doing("cases", "/hearing", HearingRequest, passes(commands.request_hearing), PARTY, lazy("要求听证"), (lazy("听证举行以前不会作出决定。"),), page="/hearing-request", api=False, may="hearing-request"),
        Doing("cases", "/hearing", HearingNotice, hearing_notice, KEEPERS, lazy("通知听证"), (lazy("听证主持人的待办里出现这场听证。"),), page="/hearing-notice", api=False, may="hearing-notice"),
        Doing("cases", "/hearing", HearingRecord, hearing_record, ("chair",), lazy("登记听证笔录"), (lazy("听证闭环。"),), page="/hearing-record", api=False, may="hearing"),
        Doing("cases", "/recusal", Recusal, recusal, DECIDERS, lazy("决定回避"), (lazy("回避的人不能再审核、主持或决定本案。"),), may="recusal"),
        Doing("cases", "/hand-over", HandOver, hand_over, EITHER, lazy("移交案件"), (lazy("案件出现在接手人的待办里。"),), may="hand-over"),
        Doing("cases", "/legal-review", LegalReview, passes(commands.pass_legal_review), ("legal",), lazy("法制审核"), (lazy("您不能再决定本案。"),), may="legal-review"),
        Doing("cases", "/collective-decision", Collective, passes(commands.decide_together), DECIDERS, lazy("登记集体讨论"), (), may="collective-decision"),
        Doing("cases", "/referral", Referral, passes(commands.refer_finding), KEEPERS, lazy("移送上级"), (lazy("等待上级答复，到期限为止。"),), may="referral"),
        Doing("cases", "/referral/answer", ReferralAnswer, passes(commands.answer_referral), KEEPERS, lazy("登记上级答复"), (), may="referral/answer"),
        Doing("cases", "/transfer", Transfer, passes(commands.transfer_case), DECIDERS, lazy("移送有权机关"), (lazy("本案在这里办结。"),), grave=True, may="transfer"),
        Doing("cases", "/rectification", Rectification, passes(commands.order_rectification), EITHER, lazy("责令整改"), (lazy("当事人要在期限内报告整改情况，由监管员复核。"),), may="rectification"),
        Doing("cases", "/rectification/report", RectificationReport, passes(commands.report_rectification), PARTY, lazy("报告整改"), (lazy("监管员的待办里出现复核。"),), may="rectification/report"),
        Doing("cases", "/rectification/result", RectificationResult, passes(commands.verify_rectification), KEEPERS, lazy("复核整改"), (lazy("到位的，整改闭环；没有到位的，重新计算期限。"),), may="rectification/result"),
        Doing("cases", "/confirmation", Confirmation, passes(commands.confirm_breach), DECIDERS, lazy("认定违约"), (lazy("接下来可以作出惩戒决定，也可以不惩戒结案。"),), may="confirmation"),
        Doing("cases", "/dismissal", Dismissal, passes(commands.dismiss_case), DECIDERS, lazy("不予认定"), (lazy("案件办结，不留信用记录。"),), may="dismissal"),
        Doing("cases", "/sanction", SanctionIn, sanction(like), DECIDERS, lazy("作出惩戒决定"), (lazy("送达和公示的期限从决定日起算。"), lazy("类别、扣分和公示期限按决定日有效的规则包确定。")), grave=True, may="sanction"),
        Doing("cases", "/service", ServedDecision, service, KEEPERS, lazy("送达决定书"), (lazy("履行期限从送达日起算；信用记录从送达起成立。"),), may="service"),
        Doing("cases", "/publication", Publication, passes(commands.publish_sanction), KEEPERS, lazy("公示"), (lazy("任何人都能在公开页面查到，直到公示期满、修复或撤销。"),), grave=True, may="publication"),
        Doing("cases", "/fulfilment", SanctionFulfilment, passes(commands.fulfil_sanction), KEEPERS, lazy("登记履行"), (lazy("履行这一项闭环；履行是修复的条件。"),), may="fulfilment"),
        Doing("cases", "/objections", Objection, passes(commands.file_objection, beside="objection"), PARTY, lazy("提出异议"), (lazy("记录随即加注，由原审批人以外的人决定。"),), may="objections"),
        Doing("cases", "/objections/{objection}/decision", ObjectionDecision, passes(commands.decide_objection, "objection"), DECIDERS, lazy("决定异议"), (lazy("成立的撤销决定；部分成立的减轻，并更正公示。"),)),
        Doing("cases", "/review", Review, review, ("supervisor", "legal"), lazy("登记复议或诉讼"), (lazy("记录保留并加注，不停止公示。"),), may="review"),
        Doing("cases", "/review", ReviewEnd, review_end, ("supervisor", "legal"), lazy("登记复议或诉讼结果"), (lazy("复议或诉讼这一项闭环，记录上的加注去掉。"), lazy("变更或撤销的，还要另行更正或撤销决定。")), page="/review-end", api=False),
        Doing("cases", "/correction", Correction, passes(commands.correct_sanction), DECIDERS, lazy("更正决定"), (lazy("公示的内容要在期限内更正，原来的版本仍可证明。"),), may="correction"),
        Doing("cases", "/reclassification", Reclassification, passes(commands.reclassify_record), DECIDERS, lazy("重新归类"), (lazy("按今天有效的规则包重新确定类别和期限。"),), may="reclassification"),
        Doing("cases", "/measures/{measure}/lifting", Lifting, passes(commands.lift_measure, "measure"), KEEPERS, lazy("解除措施"), ()),
        Doing("cases", "/enforcement-demand", Demand, passes(commands.demand_enforcement), KEEPERS, lazy("催告履行"), (lazy("催告期满仍不履行的，可以申请法院强制执行。"),), may="enforcement-demand"),
        Doing("cases", "/court-enforcement", Court, passes(commands.ask_court), KEEPERS, lazy("申请强制执行"), (lazy("履行仍由法院执行后登记。"),), grave=True, may="court-enforcement"),
        Doing("cases", "/revocation", Revocation, passes(commands.revoke_sanction), DECIDERS, lazy("撤销决定"), (lazy("公示要在期限内撤下；扣分和措施一并消失。"),), grave=True, may="revocation"),
        Doing("cases", "/withdrawal-of-publicity", Withdrawal, passes(commands.withdraw_publicity), KEEPERS, lazy("撤下公示"), (lazy("公开页面立即不再显示。"),), may="withdrawal-of-publicity"),
        Doing("cases", "/touches/{touch}/answer", TouchAnswer, passes(commands.answer_touch, "touch"), DECIDERS, lazy("答复：原来的事实有变"), (lazy("维持的，写明为什么仍然成立；撤销的，决定随答复撤销，没有决定的不予认定。"), lazy("没有答复以前，案件不能结案。"))),
        Doing("cases", "/closure", Closure, closure(open_loops), EITHER, lazy("结案"), (lazy("还有未闭环的事项时不能结案。"),), may="closure"),
    )  # fmt: skip


def hearing_notice(act: Act, target: Target, body: HearingNotice) -> Outcome:
    case = commands.notify_hearing(act, target.id, to_be_held_on=body.to_be_held_on, chair=account_named(act, body.chair) or "", notified_on=body.notified_on)
    return Outcome(case.id)


def hearing_record(act: Act, target: Target, body: HearingRecord) -> Outcome:
    case = commands.hold_hearing(act, target.id, record=body.record, chair=account_named(act, body.chair), held_on=body.held_on)
    return Outcome(case.id)


def review_end(act: Act, target: Target, body: ReviewEnd) -> Outcome:
    case = commands.end_review(act, target.id, body.review, outcome=body.outcome, note=body.note, ended_on=body.ended_on)
    return Outcome(case.id)
