"""时间线 — what happened, in sentences: one source sentence an event, with the values that fill it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from domain.access import events as a
from domain.breach import events as b
from domain.contract import events as c
from domain.contract.procurement import ProcurementReleaseReceived
from domain.events import Event, Told
from domain.party import events as p
from domain.policy import events as o
from domain.repair import events as r

# Sentences name who did what. `{who}` is the account; the other places are the event's own fields, told by `values`.
SENTENCES: Mapping[type[Event], str] = {
    c.ContractSigned: "{authority}与{contractors}签订合同，金额 {value}。",
    c.WorksClassed: "{who}登记工程类别：{works}。",
    c.LateRateAgreed: "约定逾期付款的利率：{per} {percent}%。",
    b.CaseWorksClassed: "按合同登记的工程类别（{works}）适用信用管理规定。",
    c.ContractPublished: "{who}登记：合同于当日公告。",
    c.ContractFiled: "{who}登记：合同于当日备案。",
    c.ContractAmended: "合同变更：{rationale}",
    c.CheckPlanned: "{who}安排 {planned_on} 进行履约检查（{mode}）。",
    c.CheckCancelled: "{who}取消了一次履约检查：{why}",
    c.CheckCarriedOut: "检查人员到现场检查 {count} 项，不合格 {failed} 项。",
    c.ContractAssigned: "{leaves} 退出，由{comes}承接：{rationale}",
    c.ObligationFulfilled: "义务 {ref} 履行完毕。",
    c.ObligationWaived: "义务 {ref} 免除：{why}",
    c.ExcuseRaised: "提出免责事由：{text}",
    c.PaymentMade: "甲方支付 {value}（{ref}）。",
    c.FindingRecorded: "{who}登记发现 {behaviour}：{facts}",
    c.ContractSuspended: "合同中止：{why}",
    c.ContractResumed: "合同恢复履行。",
    c.ContractCompleted: "合同履行完成。",
    c.ContractTerminated: "合同终止：{why}",
    c.SecurityReturned: "履约保证金退还。",
    c.RetentionReleased: "质量保证金退还。",
    c.ContractSettled: "合同结算。",
    c.ExternalReleaseReceived: "收到外部公布的合同资料（{ocid}）。",
    ProcurementReleaseReceived: "收到外部公布的采购资料（{ocid}）。",
    b.CaseOpened: "{who}立案 {number}（{behaviour}）。",
    b.CaseHandedOver: "案件移交他人经办。",
    b.RecusalDecided: "{who}决定回避事项：{why}",
    b.NoticeServed: "{who}送达告知书（{method}）。",
    b.StatementReceived: "收到陈述申辩：{text}",
    b.HearingRequested: "当事人要求听证。",
    b.HearingNotified: "{who}通知 {to_be_held_on} 举行听证。",
    b.HearingHeard: "听证举行：{record}",
    b.LegalReviewPassed: "法制审核员{who}审核通过：{opinion}",
    b.CollectiveDecisionMade: "集体讨论决定：{record}",
    b.RectificationOrdered: "{who}责令整改，{due_on} 前完成：{requirements}",
    b.RectificationReported: "当事人报告整改情况：{text}",
    b.RectificationVerified: "{who}复核整改，{result}。",
    b.BreachConfirmed: "审批人{who}认定违约：{grounds}",
    b.CaseDismissed: "审批人{who}不予认定：{grounds}",
    b.FindingReferred: "{who}将案件移送{to}。",
    b.ReferralAnswered: "上级答复移送：{text}",
    b.TransferredToAuthority: "案件移送{to}处理。",
    b.SanctionDecided: "审批人{who}作出决定 {document_number}：{grounds}",
    b.DepartureExplained: "与同类决定不同，理由：{grounds}",
    b.MeasureApplied: "惩戒措施 {measure} 开始执行。",
    b.MeasureLifted: "惩戒措施 {measure} 解除。",
    b.SanctionServed: "{who}送达决定书（{method}）。",
    b.RepairNoticeServed: "信用修复告知书一并送达。",
    b.SanctionPublished: "{who}公示决定 {document_number}，至 {until} 为止。",
    b.SanctionFulfilled: "当事人履行了决定。",
    b.EnforcementDemanded: "{who}催告履行。",
    b.CourtAsked: "{who}向{court}申请强制执行。",
    b.WindowEnded: "期限届满，未行使。",
    b.ObjectionFiled: "当事人提出异议：{grounds}",
    b.ObjectionMarked: "记录加注“异议处理中”。",
    b.ObjectionDecided: "审批人{who}对异议作出决定（{outcome}）：{grounds}",
    b.ReviewOpened: "复议或诉讼开始（{path}）；记录保留并加注。",
    b.ReviewEnded: "复议或诉讼结束（{review_outcome}）。",
    b.SanctionCorrected: "决定变更：{grounds}",
    b.SanctionRevoked: "决定撤销：{grounds}",
    b.RecordReclassified: "记录重新归类：{grounds}",
    b.PublicityEnded: "公示结束（{why}）。",
    b.PublicityWithdrawn: "{who}撤下公示：{why}",
    b.DecisionTouched: "“{touched}”所依据的事实，现在知道是另外的样子，须复核答复。",
    b.TouchAnswered: "审批人{who}对事实有变作出答复（{touch_outcome}）：{grounds}",
    b.ProcedureBreachFound: "查出没有依规办理：{procedure_rule}，须由没有经办的审批人答复。",
    b.ProcedureAnswered: "审批人{who}对违反程序作出答复（{procedure_outcome}）：{grounds}",
    b.CaseClosed: "{who}结案：{why}",
    r.RepairApplied: "企业申请信用修复，回执 {receipt}。",
    r.SupplementRequested: "{who}要求补正：{items}",
    r.SupplementProvided: "企业补正材料。",
    r.RepairAccepted: "{who}受理修复申请。",
    r.RepairRejected: "{who}不予受理：{text}",
    r.RepairVerified: "{who}核实履行情况，{result}。",
    r.RepairTermExtended: "{who}延长办理期限：{why}",
    r.RepairApproved: "审批人{who}准予修复：{grounds}",
    r.RepairRefused: "审批人{who}不予修复：{grounds}",
    r.RepairObjectionFiled: "企业对修复处理提出异议：{grounds}",
    r.RepairObjectionDecided: "审批人{who}对修复异议作出决定（{outcome}）。",
    r.RepairWithdrawn: "企业撤回修复申请。",
    r.RecipientAcknowledged: "{recipient}确认已停止公示和共享。",
    r.RepairSynchronised: "全部接收方均已确认，修复同步完成。",
    r.FalseMaterialRecorded: "{who}记录虚假材料：{text}",
    r.RepairRevoked: "修复决定撤销：{grounds}",
    r.RepairWindowEnded: "补正期限届满。",
    p.PartyRegistered: "主体登记：{name}。",
    p.PartyRenamed: "更名为{name}。",
    p.CreditChecked: "{who}查询信用（{purpose}）。",
    p.GoodBehaviourRecorded: "登记良好行为 {good_behaviour}：{note}",
    p.GradeReceived: "收到信用等级 {grade}（{scheme}）。",
    p.CommitmentMade: "作出信用承诺 {number}（{commitment_type}）：{matter}。",
    p.CommitmentReported: "报告承诺的履行情况：{text}",
    p.CommitmentKept: "{who}核查：承诺已经兑现。{note}",
    p.CommitmentBroken: "{who}认定违诺：{facts}",
    p.CommitmentWithdrawn: "承诺撤回。{why}",
    p.CommitmentReopened: "承诺恢复为履行中：{why}",
    a.TrialStarted: "本库为试用库。",
    a.AccountCreated: "{who}开设账户 {name}。",
    a.RoleGranted: "{who}授予角色 {role}。",
    a.RoleWithdrawn: "{who}收回角色 {role}。",
    a.AccountDisabled: "{who}停用账户。",
    a.InvitationMade: "{who}邀请本人设置密码。",
    a.DelegationGranted: "{who}委托他人办案，{starts_on} 至 {ends_on}：{why}",
    a.DelegationEnded: "{who}结束一项委托。",
    a.OrganisationRegistered: "登记机构 {name}。",
    a.OverdueDisclosed: "{year} 年度逾期未付中小企业款项已公开：合同 {contracts} 份，金额 {amount}，公开于{place}。",
    a.LogContinued: "日志在丢失之后接着记录：原有 {known} 条，留下 {size} 条。",
    a.SubjectErased: "按请求销毁了一名自然人资料的密钥。",
    o.PackProposed: "{who}提出规则包 {key} 第 {version} 版。",
    o.PackDropped: "{who}撤回规则包：{why}",
    o.PackAdopted: "规则包 {key} 第 {version} 版采用。",
    o.CalendarYearPublished: "{year} 年放假安排公布。",
    o.DeadlinesRecounted: "规则或者放假安排有变，重新计算未办结的期限：{count} 项有变动。",
}
CORRECTION = "更正（{reason}）：{sentence}"
LANE: Mapping[type[Event], str] = {
    kind: lane
    for lane, kinds in {
        "authority": (c.ContractSigned, c.PaymentMade, c.ContractSettled, c.SecurityReturned, c.RetentionReleased, c.ContractCompleted,
                      c.ContractTerminated, c.ContractSuspended, c.ContractResumed, c.ContractAmended),
        "contractor": (c.ObligationFulfilled, c.ExcuseRaised, b.StatementReceived, b.HearingRequested, b.RectificationReported, b.SanctionFulfilled,
                       b.ObjectionFiled, p.CommitmentMade, p.CommitmentReported, p.CommitmentWithdrawn,
                       r.RepairApplied, r.SupplementProvided, r.RepairWithdrawn, r.RepairObjectionFiled),
        "decider": (b.BreachConfirmed, b.CaseDismissed, b.SanctionDecided, b.DepartureExplained, b.ObjectionDecided, b.SanctionCorrected, b.SanctionRevoked,
                    b.RecordReclassified, b.LegalReviewPassed, b.HearingHeard, b.CollectiveDecisionMade, r.RepairApproved, r.RepairRefused,
                    r.RepairObjectionDecided, r.RepairRevoked, b.TouchAnswered, b.ProcedureAnswered),
    }.items()
    for kind in kinds
}  # fmt: skip
BAD = (
    c.FindingRecorded,
    b.BreachConfirmed,
    b.SanctionDecided,
    b.SanctionPublished,
    r.RepairRejected,
    r.RepairRefused,
    c.ContractTerminated,
    b.DecisionTouched,
    b.ProcedureBreachFound,
    p.CommitmentBroken,
)
GOOD = (
    c.ContractSigned,
    c.ObligationFulfilled,
    c.PaymentMade,
    c.ContractCompleted,
    c.ContractSettled,
    b.CaseDismissed,
    b.CaseClosed,
    r.RepairApproved,
    r.RepairSynchronised,
    b.SanctionFulfilled,
    p.CommitmentKept,
)
HIDDEN = (b.ObjectionMarked,)


def entries(told: Iterable[Told]) -> list[dict[str, Any]]:
    """What happened, in the order of the log: one entry an event, ready to be said in the reader's language."""
    return [_entry(one) for one in sorted(told, key=lambda one: one.position)]


def _entry(one: Told) -> dict[str, Any]:
    event = one.event
    kind = type(event)
    late = (one.recorded_at.date() - event.day).days if one.recorded_at else 0
    return {
        "position": one.position, "stream": str(one.stream), "version": one.version, "topic": event.topic, "on": event.day.isoformat(),
        "recorded_at": one.recorded_at.isoformat(timespec="seconds") if one.recorded_at else None, "by": event.by, "via": event.via,
        "sentence": SENTENCES[kind], "values": values(event), "lane": LANE.get(kind, "supervisor"),
        "tone": "bad" if isinstance(event, BAD) else "good" if isinstance(event, GOOD) else "", "late_days": max(late, 0),
        "corrected": event.corrects is not None, "reason": event.reason, "hidden": isinstance(event, HIDDEN),
    }  # fmt: skip


def values(event: Event) -> dict[str, Any]:
    """The event's own fields as plain values, and the few that a sentence needs beside them."""
    plain: dict[str, Any] = {name: _said(value) for name, value in msgspec.to_builtins(event).items() if name not in ("via", "corrects")}
    match event:
        case c.ContractSigned():
            plain.update(authority=event.authority.name, contractors="、".join(one.name for one in event.contractors))
        case c.ContractAssigned():
            plain["comes"] = event.comes.name
        case c.CheckCarriedOut():
            plain.update(count=len(event.items), failed=sum(item.result == "fail" for item in event.items))
        case b.RectificationVerified():
            plain["result"] = "passed" if event.passed else "failed"
        case p.CommitmentMade():
            plain["commitment_type"] = event.kind
        case p.GoodBehaviourRecorded():
            plain["good_behaviour"] = event.code
        case b.DecisionTouched():
            plain["touched"] = event.what
        case b.ProcedureBreachFound():
            plain["procedure_rule"] = event.rule
        case b.ProcedureAnswered():
            plain["procedure_outcome"] = event.outcome
        case b.TouchAnswered():
            plain["touch_outcome"] = event.outcome
        case b.ReviewEnded():
            plain["review_outcome"] = event.outcome
        case o.DeadlinesRecounted():
            plain["count"] = len(event.moved)
        case r.RepairVerified():
            plain["result"] = "passed" if event.fulfilled else "failed"
        case r.SupplementRequested():
            plain["items"] = "；".join(item.reason for item in event.items)
    return plain


def _said(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"amount", "currency"}:
        return {"amount": str(value["amount"]), "currency": value["currency"]}
    return value
