"""What is said when something is asked of a case: one body a doing."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import model_validator

from web.acts.doing import Body
from web.acts.values import Day, Digest, Kind, Method, MoneyIn, ProposedIn, Short, Text, ui
from web.looks.tongue import lazy


class Notice(Body):
    served_on: Day | None = ui(lazy("送达日期"), "date", default=None)
    method: Method = ui(lazy("送达方式"), "select", options="methods", default="direct")
    document_number: Short | None = ui(lazy("告知书文号"), default=None, hint=lazy("例如 湛水告〔2026〕3号"))
    proposed: ProposedIn = ui(lazy("拟作处理"), "group")
    proof: list[Digest] = ui(lazy("送达证明"), "file", default_factory=list)


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


class HandOver(Body):
    to: Short = ui(lazy("移交给"), "select", options="accounts")
    reason: Text = ui(lazy("理由"), "textarea", default="")


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
    excuses: list[Short] = ui(lazy("考虑过而不成立的免责事由"), "multi", options="excuses", default_factory=list)
    ended_on: Day | None = ui(lazy("行为终了日期"), "date", default=None, hint=lazy("行为有连续或者继续状态的才填，追究时效从这天起算"))
    harm: bool = ui(lazy("涉及生命健康安全、金融安全且有危害后果"), "checkbox", default=False)


class Dismissal(Body):
    grounds: Text = ui(lazy("不予认定的理由"), "textarea")
    excuses: list[Short] = ui(lazy("成立的免责事由"), "multi", options="excuses", default_factory=list)
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
    reason: Text = ui(lazy("理由"), "textarea")


class SanctionIn(Body):
    decided_on: Day | None = ui(lazy("决定日期"), "date", default=None)
    document_number: Short = ui(lazy("决定书文号"), hint=lazy("例如 湛水罚〔2026〕1号"))
    decision_types: list[Short] = ui(lazy("处理种类"), "multi", options="decision_types")
    fine: MoneyIn | None = ui(lazy("罚款"), "money", default=None)
    measures: list[Short] = ui(lazy("惩戒措施"), "multi", options="measures", default_factory=list)
    grounds: Text = ui(lazy("决定理由"), "textarea")
    departure: Text = ui(lazy("与同类决定不同的理由"), "textarea", default="", hint=lazy("只在与同类决定差别大时填写，随决定一并记录"))


class ServedDecision(Body):
    served_on: Day | None = ui(lazy("送达日期"), "date", default=None)
    method: Method = ui(lazy("送达方式"), "select", options="methods", default="direct")
    repair_notice: bool = ui(lazy("信用修复告知书一并送达"), "checkbox", default=True)
    sanction: UUID | None = None
    proof: list[Digest] = ui(lazy("送达证明"), "file", default_factory=list)


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


class TouchAnswer(Body):
    outcome: Literal["stands", "corrected", "revoked"] = ui(lazy("结果"), "radio", options="touch_outcomes")
    grounds: Text = ui(lazy("理由"), "textarea")
    answered_on: Day | None = ui(lazy("答复日期"), "date", default=None)


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


class ReviewEnd(Body):
    review: UUID = ui(lazy("哪一件"), "select", options="reviews_open")
    outcome: Literal["upheld", "changed", "revoked", "withdrawn"] = ui(lazy("结果"), "select", options="review_outcomes")
    ended_on: Day | None = ui(lazy("结束日期"), "date", default=None)
    note: Text = ui(lazy("说明"), "textarea", default="")


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


class Court(Body):
    asked_on: Day | None = ui(lazy("申请日期"), "date", default=None)
    court: Short = ui(lazy("向哪个法院申请"))
    reference: Short = ui(lazy("案号"), default="")
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
