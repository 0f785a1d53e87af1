"""What may be asked of cases."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import model_validator

from domain.access.account import Account, account_id
from domain.act import Act
from domain.breach import commands
from domain.breach.case import Case
from domain.breach.events import Proposed
from web.acts.doing import Body, Doing, Outcome, Target
from web.acts.passing import passes
from web.acts.values import Day, Digest, Kind, Method, MoneyIn, ProposedIn, Short, Text, money, ui
from web.looks.tongue import lazy

KEEPERS, DECIDERS, EITHER = ("supervisor",), ("decider",), ("supervisor", "decider")
PARTY = ("supervisor", "applicant")


class Notice(Body):
    served_on: Day | None = ui(lazy("送达日期"), "date", default=None)
    method: Method = ui(lazy("送达方式"), "select", options="methods", default="direct")
    document_number: Short | None = ui(lazy("告知书文号"), default=None, hint=lazy("例如 湛水告〔2026〕3号"))
    proposed: ProposedIn = ui(lazy("拟作处理"), "group")
    proof: list[Digest] = ui(lazy("送达证明"), "file", default_factory=list)


def notice(act: Act, target: Target, body: Notice) -> Outcome:
    proposed = Proposed(list(body.proposed.decision_types), money(body.proposed.fine), list(body.proposed.measures))
    case = commands.serve_notice(act, target.id, proposed=proposed, served_on=body.served_on, method=body.method,
                                 document_number=body.document_number or None, proof=body.proof)
    return Outcome(case.id)


class Statement(Body):
    received_on: Day | None = ui(lazy("收到日期"), "date", default=None)
    text: Text = ui(lazy("陈述申辩"), "textarea")
    evidence: list[Digest] = ui(lazy("证明材料"), "file", default_factory=list)


class HearingRequest(Body):
    requested_on: Day | None = ui(lazy("要求日期"), "date", default=None)


class HearingNotice(Body):
    notified_on: Day | None = ui(lazy("通知日期"), "date", default=None)
    to_be_held_on: Day = ui(lazy("举行日期"), "date")
    chair: Short = ui(lazy("主持人"), "select", options="chairs")


class HearingRecord(Body):
    held_on: Day | None = ui(lazy("举行日期"), "date", default=None)
    chair: Short | None = ui(lazy("主持人"), "select", options="chairs", default=None)
    record: Text = ui(lazy("听证笔录"), "textarea")


class Hearing(Body):
    """One of: {requested_on} | {notified_on, to_be_held_on, chair} | {held_on, chair, record}."""

    requested_on: Day | None = None
    notified_on: Day | None = None
    to_be_held_on: Day | None = None
    held_on: Day | None = None
    chair: Short | None = None
    record: Text | None = None

    @model_validator(mode="after")
    def one_of_three(self) -> Hearing:
        if self.to_be_held_on is not None and not self.chair:
            raise ValueError(lazy("听证通知要写明主持人 chair"))
        return self


def hearing(act: Act, target: Target, body: Hearing) -> Outcome:
    """The body says which of the three it is."""
    if body.record is not None or body.held_on is not None:
        case = commands.hold_hearing(act, target.id, record=body.record or "", chair=account_named(act, body.chair), held_on=body.held_on)
    elif body.to_be_held_on is not None:
        case = commands.notify_hearing(act, target.id, to_be_held_on=body.to_be_held_on, chair=account_named(act, body.chair) or "",
                                       notified_on=body.notified_on)
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


class LegalReview(Body):
    passed_on: Day | None = ui(lazy("通过日期"), "date", default=None)
    opinion: Text = ui(lazy("审核意见"), "textarea", default="")


class Collective(Body):
    decided_on: Day | None = ui(lazy("讨论日期"), "date", default=None)
    members: list[Short] = ui(lazy("参加人员（一行一个）"), "lines")
    record: Text = ui(lazy("讨论记录"), "textarea", default="")


class Recusal(Body):
    account: Short = ui(lazy("账户"), "select", options="accounts")
    recused: bool = ui(lazy("应当回避"), "checkbox", default=True)
    reason: Text = ui(lazy("理由"), "textarea", default="")


def recusal(act: Act, target: Target, body: Recusal) -> Outcome:
    case = commands.decide_recusal(act, target.id, account=account_named(act, body.account) or "", recused=body.recused, reason=body.reason)
    return Outcome(case.id)


class HandOver(Body):
    to: Short = ui(lazy("移交给"), "select", options="accounts")
    reason: Text = ui(lazy("理由"), "textarea", default="")


def hand_over(act: Act, target: Target, body: HandOver) -> Outcome:
    return Outcome(commands.hand_over(act, target.id, to=account_named(act, body.to) or "", reason=body.reason).id)


class Rectification(Body):
    ordered_on: Day | None = ui(lazy("责令日期"), "date", default=None)
    due_on: Day | None = ui(lazy("整改期限"), "date", default=None, hint=lazy("不填则按规则包的默认期限"))
    requirements: Text = ui(lazy("整改要求"), "textarea")


class RectificationReport(Body):
    text: Text = ui(lazy("整改情况"), "textarea")
    evidence: list[Digest] = ui(lazy("证明材料"), "photo", default_factory=list)
    reported_on: Day | None = ui(lazy("报告日期"), "date", default=None)


class RectificationResult(Body):
    passed: bool = ui(lazy("整改到位"), "checkbox")
    verified_on: Day | None = ui(lazy("复核日期"), "date", default=None)
    note: Text = ui(lazy("说明"), "textarea", default="")


class Confirmation(Body):
    confirmed_on: Day | None = ui(lazy("认定日期"), "date", default=None)
    kind: Kind | None = ui(lazy("性质"), "select", options="kinds", default=None, hint=lazy("不选则按登记发现时的性质"))
    grounds: Text = ui(lazy("认定理由"), "textarea")
    excuses: list[Short] = ui(lazy("考虑过的免责事由"), "multi", options="excuses", default_factory=list)


class Dismissal(Body):
    grounds: Text = ui(lazy("不予认定的理由"), "textarea")
    dismissed_on: Day | None = ui(lazy("日期"), "date", default=None)


class Referral(Body):
    to: Short = ui(lazy("移送给"))
    referred_on: Day | None = ui(lazy("移送日期"), "date", default=None)
    reason: Text = ui(lazy("理由"), "textarea", default="")


class ReferralAnswer(Body):
    outcome: Literal["confirmed", "dismissed", "returned"] = ui(lazy("答复"), "radio", options="referral_outcomes")
    answered_on: Day | None = ui(lazy("答复日期"), "date", default=None)
    text: Text = ui(lazy("内容"), "textarea", default="")


class Transfer(Body):
    to: Short = ui(lazy("移送给"))
    transferred_on: Day | None = ui(lazy("移送日期"), "date", default=None)
    reason: Text = ui(lazy("理由"), "textarea", default="")


class SanctionIn(Body):
    decided_on: Day | None = ui(lazy("决定日期"), "date", default=None)
    document_number: Short = ui(lazy("决定书文号"), hint=lazy("例如 湛水罚〔2026〕1号"))
    decision_types: list[Short] = ui(lazy("处理种类"), "multi", options="decision_types")
    fine: MoneyIn | None = ui(lazy("罚款"), "money", default=None)
    measures: list[Short] = ui(lazy("惩戒措施"), "multi", options="measures", default_factory=list)
    grounds: Text = ui(lazy("决定理由"), "textarea")


def sanction(act: Act, target: Target, body: SanctionIn) -> Outcome:
    case, decided = commands.decide_sanction(
        act, target.id, decision_types=body.decision_types, document_number=body.document_number, grounds=body.grounds,
        decided_on=body.decided_on, fine=money(body.fine), measures=body.measures)
    return Outcome(case.id, {"sanction": decided})


class Service(Body):
    served_on: Day | None = ui(lazy("送达日期"), "date", default=None)
    method: Method = ui(lazy("送达方式"), "select", options="methods", default="direct")
    repair_notice: bool = ui(lazy("信用修复告知书一并送达"), "checkbox", default=True)
    sanction: UUID | None = None
    proof: list[Digest] = ui(lazy("送达证明"), "file", default_factory=list)


def service(act: Act, target: Target, body: Service) -> Outcome:
    """A decision that is served already can still be given its repair notice."""
    case = act.ledger.get(Case, target.id)
    one = case.sanctions.get(body.sanction) if body.sanction else case.sanction
    if one is not None and one.served_on is not None and not one.repair_notice and body.repair_notice:
        return Outcome(commands.serve_repair_notice(act, target.id, served_on=body.served_on, sanction=body.sanction).id)
    return passes(commands.serve_sanction)(act, target, body)


class Publication(Body):
    published_on: Day | None = ui(lazy("公示日期"), "date", default=None)
    sanction: UUID | None = None


class SanctionFulfilment(Body):
    fulfilled_on: Day | None = ui(lazy("履行日期"), "date", default=None)
    evidence: list[Digest] = ui(lazy("证明材料"), "file", default_factory=list)
    sanction: UUID | None = None


class Objection(Body):
    grounds: Text = ui(lazy("异议理由"), "textarea")
    evidence: list[Digest] = ui(lazy("证明材料"), "file", default_factory=list)


class ObjectionDecision(Body):
    outcome: Literal["upheld", "upheld_in_part", "rejected"] = ui(lazy("结果"), "radio", options="objection_outcomes")
    fine: MoneyIn | None = ui(lazy("减少以后的罚款"), "money", default=None)
    grounds: Text = ui(lazy("理由"), "textarea")
    decided_on: Day | None = ui(lazy("决定日期"), "date", default=None)


class Correction(Body):
    decision_types: list[Short] | None = ui(lazy("更正后的处理种类"), "multi", options="decision_types", default=None)
    fine: MoneyIn | None = ui(lazy("更正后的罚款"), "money", default=None)
    document_number: Short | None = ui(lazy("更正决定文号"), default=None)
    grounds: Text = ui(lazy("更正理由"), "textarea")
    corrected_on: Day | None = ui(lazy("更正日期"), "date", default=None)
    sanction: UUID | None = None


class Review(Body):
    """{path, reference, opened_on} opens one; {review, outcome, note, ended_on} ends it."""

    path: Literal["reconsideration", "suit"] | None = ui(lazy("途径"), "select", options="review_paths", default=None)
    reference: Short = ui(lazy("案号"), default="")
    opened_on: Day | None = ui(lazy("受理日期"), "date", default=None)
    review: UUID | None = None
    outcome: Literal["upheld", "changed", "revoked", "withdrawn"] | None = None
    note: Text = ""
    ended_on: Day | None = None


def review(act: Act, target: Target, body: Review) -> Outcome:
    if body.outcome is not None:
        case = commands.end_review(act, target.id, body.review or UUID(int=0), outcome=body.outcome, note=body.note, ended_on=body.ended_on)
        return Outcome(case.id)
    case, opened = commands.open_review(act, target.id, path=body.path or "", reference=body.reference, opened_on=body.opened_on)
    return Outcome(case.id, {"review": opened})


class Reclassification(Body):
    grounds: Text = ui(lazy("理由"), "textarea")
    reclassified_on: Day | None = ui(lazy("日期"), "date", default=None)
    sanction: UUID | None = None


class Lifting(Body):
    reason: Text = ui(lazy("理由"), "textarea", default="")
    lifted_on: Day | None = ui(lazy("解除日期"), "date", default=None)
    sanction: UUID | None = None


class Demand(Body):
    demanded_on: Day | None = ui(lazy("催告日期"), "date", default=None)
    sanction: UUID | None = None


class Revocation(Body):
    grounds: Text = ui(lazy("撤销理由"), "textarea")
    revoked_on: Day | None = ui(lazy("撤销日期"), "date", default=None)
    sanction: UUID | None = None


class Withdrawal(Body):
    reason: Text = ui(lazy("理由"), "textarea", default="")
    withdrawn_on: Day | None = ui(lazy("撤下日期"), "date", default=None)
    sanction: UUID | None = None


class Closure(Body):
    reason: Text = ui(lazy("结案理由"), "textarea")


def closure(open_loops: commands.OpenLoops) -> Any:
    """What a case must ask of later chapters is handed in."""

    def run(act: Act, target: Target, body: Closure) -> Outcome:
        return Outcome(commands.close_case(act, target.id, reason=body.reason, open_loops=open_loops).id)

    return run


def doings(open_loops: commands.OpenLoops) -> tuple[Doing, ...]:
    """The rows, given how a case's open loops are asked for."""
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
        Doing("cases", "/sanction", SanctionIn, sanction, DECIDERS, lazy("作出惩戒决定"), (lazy("送达和公示的期限从决定日起算。"), lazy("类别、扣分和公示期限按决定日有效的规则包确定。")), grave=True, may="sanction"),
        Doing("cases", "/service", Service, service, KEEPERS, lazy("送达决定书"), (lazy("履行期限从送达日起算；信用记录从送达起成立。"),), may="service"),
        Doing("cases", "/publication", Publication, passes(commands.publish_sanction), KEEPERS, lazy("公示"), (lazy("任何人都能在公开页面查到，直到公示期满、修复或撤销。"),), grave=True, may="publication"),
        Doing("cases", "/fulfilment", SanctionFulfilment, passes(commands.fulfil_sanction), KEEPERS, lazy("登记履行"), (lazy("履行这一项闭环；履行是修复的条件。"),), may="fulfilment"),
        Doing("cases", "/objections", Objection, passes(commands.file_objection, beside="objection"), PARTY, lazy("提出异议"), (lazy("记录随即加注，由原审批人以外的人决定。"),), may="objections"),
        Doing("cases", "/objections/{objection}/decision", ObjectionDecision, passes(commands.decide_objection, "objection"), DECIDERS, lazy("决定异议"), (lazy("成立的撤销决定；部分成立的减轻，并更正公示。"),)),
        Doing("cases", "/review", Review, review, ("supervisor", "legal"), lazy("登记复议或诉讼"), (lazy("记录保留并加注，不停止公示。"),), may="review"),
        Doing("cases", "/correction", Correction, passes(commands.correct_sanction), DECIDERS, lazy("更正决定"), (lazy("公示的内容要在期限内更正，原来的版本仍可证明。"),), may="correction"),
        Doing("cases", "/reclassification", Reclassification, passes(commands.reclassify_record), DECIDERS, lazy("重新归类"), (lazy("按今天有效的规则包重新确定类别和期限。"),), may="reclassification"),
        Doing("cases", "/measures/{measure}/lifting", Lifting, passes(commands.lift_measure, "measure"), KEEPERS, lazy("解除措施"), ()),
        Doing("cases", "/enforcement-demand", Demand, passes(commands.demand_enforcement), KEEPERS, lazy("催告履行"), (), may="enforcement-demand"),
        Doing("cases", "/revocation", Revocation, passes(commands.revoke_sanction), DECIDERS, lazy("撤销决定"), (lazy("公示要在期限内撤下；扣分和措施一并消失。"),), grave=True, may="revocation"),
        Doing("cases", "/withdrawal-of-publicity", Withdrawal, passes(commands.withdraw_publicity), KEEPERS, lazy("撤下公示"), (lazy("公开页面立即不再显示。"),), may="withdrawal-of-publicity"),
        Doing("cases", "/closure", Closure, closure(open_loops), EITHER, lazy("结案"), (lazy("还有未闭环的事项时不能结案。"),), may="closure"),
    )  # fmt: skip


def hearing_notice(act: Act, target: Target, body: HearingNotice) -> Outcome:
    case = commands.notify_hearing(act, target.id, to_be_held_on=body.to_be_held_on, chair=account_named(act, body.chair) or "", notified_on=body.notified_on)
    return Outcome(case.id)


def hearing_record(act: Act, target: Target, body: HearingRecord) -> Outcome:
    case = commands.hold_hearing(act, target.id, record=body.record, chair=account_named(act, body.chair), held_on=body.held_on)
    return Outcome(case.id)
