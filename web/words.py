"""Words for codes: what a reader sees where the data says `direct` or `pass`. One table for pages, timelines and forms."""

from __future__ import annotations

from collections.abc import Mapping

from domain import loops
from web.looks.tongue import lazy

WORDS: Mapping[str, Mapping[str, str]] = {
    "account": {"system": lazy("系统")},
    "method": {"direct": lazy("直接送达"), "post": lazy("邮寄送达"), "electronic": lazy("电子送达"), "public": lazy("公告送达")},
    "mode": {"routine": lazy("日常检查"), "random": lazy("双随机抽查"), "special": lazy("专项检查"), "audit": lazy("稽察"), "yearly": lazy("年度履约评估"), "complaint": lazy("投诉核查")},
    "result": {"pass": lazy("合格"), "fail": lazy("不合格"), "not_checked": lazy("未检查"), "passed": lazy("整改到位"), "failed": lazy("没有到位")},
    "kind": {"civil": lazy("违约（民事）"), "management": lazy("管理措施"), "administrative": lazy("行政处罚")},
    "side": {"authority": lazy("甲方"), "contractor": lazy("乙方"), "both": lazy("双方")},
    "per": {"day": lazy("按日"), "year": lazy("按年")},
    "works": {"hydraulic": lazy("水利工程"), "municipal": lazy("市政供排水工程")},
    "size": {"large": lazy("大型"), "medium": lazy("中型"), "small": lazy("小型"), "micro": lazy("微型")},
    "form": {"cash": lazy("现金"), "bank_guarantee": lazy("银行保函"), "surety": lazy("担保"), "insurance": lazy("保险")},
    "why": {"repaired": lazy("已修复"), "expired": lazy("期满"), "revoked": lazy("已撤销")},
    "outcome": {"upheld": lazy("成立"), "upheld_in_part": lazy("部分成立"), "rejected": lazy("不成立"), "approved": lazy("准予修复"), "refused": lazy("不予修复"),
                "confirmed": lazy("认定"), "dismissed": lazy("不予认定"), "returned": lazy("退回"), "changed": lazy("变更"), "revoked": lazy("撤销"), "withdrawn": lazy("撤回")},
    "procedure_outcome": {"explained": lazy("已说明理由"), "remedied": lazy("已补救"), "pursued": lazy("已追究责任")},
    "touch_outcome": {"stands": lazy("维持"), "corrected": lazy("已更正"), "revoked": lazy("撤销")},
    "touched": {"case.opened": lazy("违约发现"), "case.notice_served": lazy("告知"), "case.rectification_ordered": lazy("责令整改"),
                "case.breach_confirmed": lazy("违约认定"), "case.dismissed": lazy("不予认定"), "case.finding_referred": lazy("移送上级"),
                "case.transferred": lazy("移送主管机关"), "case.sanction_decided": lazy("惩戒决定"), "case.objection_decided": lazy("异议决定"),
                "case.sanction_corrected": lazy("更正的决定"), "case.record_reclassified": lazy("重新归类"), "case.sanction_published": lazy("公示"),
                "repair.approved": lazy("准予修复"), "repair.refused": lazy("不予修复"), "repair.rejected": lazy("修复不予受理")},
    "deviation": {"procedure": lazy("程序"), "unclosed": lazy("未闭环即结案"), "overdue": lazy("逾期未办"), "late": lazy("逾期办理")},
    "answering": {"answered": lazy("已答复"), "waiting": lazy("待答复"), "unowned": lazy("尚未交人答复")},
    "procedure_rule": {
        "two_people_inspect": lazy("检查不足两人"),
        "notice_was_served": lazy("没有先告知"), "window_is_used_or_over": lazy("陈述申辩期未满就决定"),
        "statement_was_heard_first": lazy("没有先听取陈述申辩"), "hearing_was_offered_where_due": lazy("应当告知听证而没有告知"),
        "hearing_window_is_over_or_held": lazy("听证期限未满、听证未举行就决定"), "hearing_was_held_first": lazy("没有先举行听证"),
        "hearing_is_notified_in_time": lazy("听证通知太晚"), "legal_review_is_passed": lazy("没有法制审核"),
        "collective_decision_is_made": lazy("没有集体讨论"), "limitation_has_not_run": lazy("超过追究时效"),
        "sanction_is_not_heavier_than_notified": lazy("决定重于告知"), "measures_have_a_basis": lazy("措施没有依据"),
        "repair_minimum_period_not_reached": lazy("最短公示期未满就修复"), "fulfilment_is_proved": lazy("没有履行证明就修复"),
        "commitment_is_given": lazy("没有信用承诺就修复"), "not_one_who_recorded_it": lazy("登记发现的人又作决定"),
        "not_one_who_reviewed_it": lazy("法制审核的人又作决定"), "not_one_who_decided_it": lazy("作决定的人又审核"), "not_the_chair": lazy("听证主持人又作决定"),
        "not_recused": lazy("应当回避的人办理"), "not_the_applicant": lazy("申请人自己作决定"), "chair_did_not_investigate": lazy("经办人主持听证"),
        "notified_chair_did_not_investigate": lazy("指定经办人主持听证"), "members_did_not_investigate": lazy("经办人参加集体讨论"),
        "another_decider": lazy("作原决定的人又处理异议"), "authority_is_judged_from_above": lazy("没有由上级决定"),
    },
    "side_of": {"authority": lazy("甲方一侧")},
    "review_outcome": {"upheld": lazy("维持"), "changed": lazy("变更"), "revoked": lazy("撤销"), "withdrawn": lazy("撤回申请")},
    "path": {"reconsideration": lazy("行政复议"), "suit": lazy("行政诉讼")},
    "role": {"supervisor": lazy("监管员"), "decider": lazy("审批人"), "legal": lazy("法制审核员"), "chair": lazy("听证主持人"), "auditor": lazy("审计员"),
             "applicant": lazy("申请人"), "administrator": lazy("管理员")},
    "owed_by": {"supervisor": lazy("监管员"), "decider": lazy("审批人"), "legal": lazy("法制审核员"), "chair": lazy("听证主持人"), "authority": lazy("甲方"),
                "contractor": lazy("乙方"), "party": lazy("当事人"), "applicant": lazy("申请人"), "superior": lazy("上级"), "rule": lazy("按规则自动结束"), "outside": lazy("复议机关或法院"), "administrator": lazy("管理员")},
    "contract_status": {"signed": lazy("已签订"), "performing": lazy("履行中"), "suspended": lazy("中止"), "completed": lazy("已完成"), "terminated": lazy("已终止"), "settled": lazy("已结算")},
    "case_status": {"opened": lazy("已立案"), "notified": lazy("已告知"), "confirmed": lazy("已认定"), "dismissed": lazy("不予认定"), "referred": lazy("已移送上级"),
                    "transferred": lazy("已移送"), "rectifying": lazy("整改中"), "sanctioned": lazy("已决定"), "published": lazy("公示中"), "repaired": lazy("已修复"), "closed": lazy("已结案")},
    "sanction_status": {"decided": lazy("已决定"), "served": lazy("已送达"), "published": lazy("公示中"), "repaired": lazy("已修复"), "expired": lazy("公示期满"), "revoked": lazy("已撤销")},
    "repair_status": {"applied": lazy("待受理"), "supplement_requested": lazy("待补正"), "accepted": lazy("已受理"), "rejected": lazy("不予受理"), "verified": lazy("已核实"),
                      "approved": lazy("准予修复"), "refused": lazy("不予修复"), "withdrawn": lazy("已撤回"), "synchronised": lazy("已同步"), "revoked": lazy("已撤销修复")},
    "commitment_status": {"open": lazy("履行中"), "reported": lazy("待核查"), "kept": lazy("已兑现"), "broken": lazy("违诺"), "withdrawn": lazy("已撤回")},
    "national_class": {"none": lazy("不计入"), "minor": lazy("轻微"), "ordinary": lazy("一般"), "serious": lazy("严重")},
    "industry_class": {"none": lazy("无"), "ordinary": lazy("一般"), "heavier": lazy("较重"), "serious": lazy("严重")},
    "stage": {"signing": lazy("签署"), "checks": lazy("检查"), "findings": lazy("认定"), "sanctions": lazy("惩戒"), "repair": lazy("修复"), "closed": lazy("闭环")},
    "paper": {"fulfilment_proof": lazy("履行义务的证明"), "credit_commitment": lazy("信用承诺书"), "identity": lazy("身份证明")},
    "paper_state": {"received": lazy("已收到"), "to_be_replaced": lazy("需要补正")},
    "waiting_for": {"authority": lazy("等我们办理"), "applicant": lazy("等您补正"), "recipient": lazy("等各平台确认")},
    "via": {"web": lazy("页面"), "api": lazy("接口"), "cli": lazy("命令行"), "import": lazy("导入"), "clock": lazy("时钟")},
    "loop": {loop.kind: lazy(loop.zh) for loop in loops.LOOPS},
}  # fmt: skip


def word(table: str, code: str | None) -> str:
    """The word for a code, in the source language; the code itself where none is known."""
    return "" if code is None else WORDS.get(table, {}).get(code, code)
