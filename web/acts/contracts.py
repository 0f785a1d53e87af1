"""What may be asked of contracts."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BeforeValidator, Field

from domain.act import Act
from domain.breach.commands import record_finding
from domain.contract import commands
from domain.evidence import proofs
from web.acts.doing import Body, Doing, Outcome, Target
from web.acts.passing import passes
from web.acts.values import (
    AuthorityIn,
    CheckItemIn,
    ContractorIn,
    Day,
    Digest,
    Kind,
    LateRateIn,
    MoneyIn,
    ObligationIn,
    Party,
    PaymentIn,
    Region,
    SecurityIn,
    Short,
    SuccessorIn,
    Text,
    money,
    ui,
)
from web.looks.tongue import lazy

KEEPERS = ("supervisor",)
# Acts on a whole contract, by the statuses in which they make sense; those on one obligation, payment or check stand beside it.
UNSETTLED = ("signed", "performing", "suspended", "completed", "terminated")
MAKES_SENSE: Mapping[str, tuple[str, ...]] = {
    "checks": UNSETTLED, "findings": (*UNSETTLED, "settled"), "payments": UNSETTLED, "amendments": ("signed", "performing", "suspended"),
    "excuses": UNSETTLED, "assignment": UNSETTLED, "suspension": ("signed", "performing"), "resumption": ("suspended",),
    "completion": ("signed", "performing", "suspended"), "termination": ("signed", "performing", "suspended"), "settlement": ("completed", "terminated"),
}  # fmt: skip


class Contract(Body):
    number: Short = ui(lazy("合同编号"), hint=lazy("例如 440823-SWJ-SG-2026-00012"))
    name: Short = ui(lazy("合同名称"))
    type: Short = ui(lazy("合同类型"), "select", options="contract_types")
    region: Region = ui(lazy("行政区划"), "select", options="regions")
    signed_on: Day | None = ui(lazy("签订日期"), "date", default=None)
    starts_on: Day | None = ui(lazy("起始日期"), "date", default=None)
    ends_on: Day | None = ui(lazy("终止日期"), "date", default=None)
    authority: AuthorityIn = ui(lazy("甲方"), "group")
    contractors: list[ContractorIn] = ui(lazy("乙方"), "rows")
    value: MoneyIn | None = ui(lazy("合同金额"), "money", default=None)
    obligations: list[ObligationIn] = ui(lazy("履约义务"), "rows", default_factory=list)
    payments: list[PaymentIn] = ui(lazy("付款"), "rows", default_factory=list)
    security: SecurityIn | None = ui(lazy("履约保证金"), "group", default=None)
    retention_percent: Annotated[Decimal, BeforeValidator(lambda v: str(v or "0")), Field(ge=0, le=100, max_digits=8)] = ui(
        lazy("质量保证金比例（%）"), "number", default=Decimal(0)
    )
    late_rate: LateRateIn | None = ui(lazy("约定的逾期利率"), "group", default=None)
    government_procurement: bool | None = ui(lazy("适用政府采购法"), "select", options="yes_no", default=None)
    works: Literal["hydraulic", "municipal"] | None = ui(
        lazy("工程类别"), "select", options="works", default=None, hint=lazy("决定以后的案件适用水利还是住建的信用管理规定；不填则按水利")
    )


def sign(act: Act, target: Target, body: Contract) -> Outcome:
    contract = commands.sign_contract(
        act,
        number=body.number,
        name=body.name,
        type=body.type,
        region=body.region,
        signed_on=body.signed_on,
        starts_on=body.starts_on,
        ends_on=body.ends_on,
        authority=body.authority.authority(),
        contractors=[one.contractor() for one in body.contractors],
        value=money(body.value),
        obligations=[one.obligation() for one in body.obligations],
        payments=[one.term() for one in body.payments],
        security=body.security.security() if body.security else None,
        retention_percent=body.retention_percent,
        government_procurement=body.government_procurement,
        works=body.works,
        late_rate=body.late_rate.late_rate() if body.late_rate else None,
    )
    return Outcome(contract.id)


class Remark(NamedTuple):
    """A sentence beside the answer, and its values."""

    sentence: str
    values: dict[str, str]


def remarks(body: Any, signing: Any) -> list[Remark]:
    """A party already known keeps its name and size; a differing one that was sent along is ignored, and said so."""
    told: list[Remark] = []
    for sent, kept in zip([body.authority, *body.contractors], [signing.authority, *signing.contractors], strict=True):
        if sent.name.strip() != kept.name:
            told.append(Remark(OTHER_NAME, {"party": kept.ref, "kept": kept.name, "sent": sent.name}))
        if (size := getattr(sent, "size", None)) and size != kept.size:
            told.append(Remark(OTHER_SIZE, {"party": kept.ref, "kept": kept.size, "sent": size}))
    return told


OTHER_NAME = lazy("{party}：已登记的名称是“{kept}”，送来的“{sent}”未采用。")
OTHER_SIZE = lazy("{party}：已登记的规模是 {kept}，送来的 {sent} 未采用。")


class Works(Body):
    works: Literal["hydraulic", "municipal"] = ui(lazy("工程类别"), "radio", options="works")
    classed_on: Day | None = ui(lazy("登记日期"), "date", default=None)


class Publication(Body):
    published_on: Day | None = ui(lazy("公告日期"), "date", default=None)
    url: Short | None = ui(lazy("公告网址"), "url", default=None)


class Filing(Body):
    filed_on: Day | None = ui(lazy("备案日期"), "date", default=None)
    number: Short | None = ui(lazy("备案编号"), default=None)


class Amendment(Body):
    amended_on: Day | None = ui(lazy("变更日期"), "date", default=None)
    number: Short | None = ui(lazy("补充协议编号"), default=None)
    rationale: Text = ui(lazy("变更理由"), "textarea")
    value: MoneyIn | None = ui(lazy("变更后的合同金额"), "money", default=None)
    ends_on: Day | None = ui(lazy("变更后的终止日期"), "date", default=None)
    obligations: list[ObligationIn] = ui(lazy("新增或替换的义务"), "rows", default_factory=list)
    payments: list[PaymentIn] = ui(lazy("新增或替换的付款"), "rows", default_factory=list)
    late_rate: LateRateIn | None = ui(lazy("新约定的逾期利率"), "group", default=None)


class Assignment(Body):
    """Another takes the place of a side: `leaves` is scheme:id."""

    assigned_on: Day | None = ui(lazy("转让日期"), "date", default=None)
    leaves: Party = ui(lazy("哪一方退出"), "select", options="sides_of_contract")
    comes: SuccessorIn = ui(lazy("由谁承接"), "group")
    rationale: Text = ui(lazy("转让的原因和对方的同意"), "textarea")
    evidence: list[Digest] = ui(lazy("转让协议和同意"), "file", default_factory=list)


class PlannedCheck(Body):
    planned_on: Day = ui(lazy("计划日期"), "date")
    mode: Short = ui(lazy("检查方式"), "select", options="check_modes", default="routine")


class CheckResult(Body):
    carried_out_on: Day | None = ui(lazy("检查日期"), "date", default=None)
    inspectors: list[Short] = ui(lazy("检查人员（两人以上，一行一个）"), "lines")
    items: list[CheckItemIn] = ui(lazy("检查项"), "rows")
    note: Text = ui(lazy("说明"), "textarea", default="")


class Reason(Body):
    reason: Text = ui(lazy("理由"), "textarea")


class Fulfilment(Body):
    fulfilled_on: Day | None = ui(lazy("履行日期"), "date", default=None)
    evidence: list[Digest] = ui(lazy("证明材料"), "file", default_factory=list)


class Waiver(Body):
    waived_on: Day | None = ui(lazy("免除日期"), "date", default=None)
    reason: Text = ui(lazy("理由"), "textarea")


class Payment(Body):
    ref: Short = ui(lazy("付款编号"), "select", options="payments_open")
    paid_on: Day | None = ui(lazy("付款日期"), "date", default=None)
    value: MoneyIn = ui(lazy("付款金额"), "money")
    note: Text = ui(lazy("说明"), default="")


class Finding(Body):
    behaviour: Short = ui(lazy("行为"), "select", options="behaviours")
    kind: Kind = ui(lazy("性质"), "radio", options="kinds")
    party: Party = ui(lazy("责任方"), "select", options="sides_of_contract")
    check: Annotated[str | None, Field(pattern=r"^[0-9a-fA-F-]{32,36}$")] = ui(lazy("在哪次检查中发现"), "select", options="checks_done", default=None)
    occurred_on: Day | None = ui(lazy("发生日期"), "date", default=None)
    facts: Text = ui(lazy("事实"), "textarea")
    contract_clause: Short | None = ui(lazy("合同条款"), default=None)
    evidence: list[Digest] = ui(lazy("证据"), "photo", default_factory=list)


def find(act: Act, target: Target, body: Finding) -> Outcome:
    check = UUID(body.check) if body.check else None
    contract, finding, case = record_finding(
        act,
        target.id,
        behaviour=body.behaviour,
        kind=body.kind,
        party=body.party,
        facts=body.facts,
        occurred_on=body.occurred_on,
        check=check,
        contract_clause=body.contract_clause,
        evidence=proofs(act, body.evidence),
    )
    return Outcome(contract.id, {"finding": finding, "case": case.id})


class Excuse(Body):
    kind: Short = ui(lazy("事由"), "select", options="excuses")
    ref: Short | None = ui(lazy("涉及的义务编号"), default=None)
    text: Text = ui(lazy("说明"), "textarea")
    raised_on: Day | None = ui(lazy("提出日期"), "date", default=None)
    evidence: list[Digest] = ui(lazy("证明材料"), "file", default_factory=list)


class Suspension(Body):
    suspended_on: Day | None = ui(lazy("中止日期"), "date", default=None)
    reason: Text = ui(lazy("理由"), "textarea")


class Resumption(Body):
    resumed_on: Day | None = ui(lazy("恢复日期"), "date", default=None)


class Completion(Body):
    completed_on: Day | None = ui(lazy("完成日期"), "date", default=None)
    evidence: list[Digest] = ui(lazy("验收材料"), "file", default_factory=list)
    warranty_ends_on: Day | None = ui(lazy("质量保证期届满日"), "date", default=None, hint=lazy("质量保证金从这天以后退还；不填则从完成日起算"))


class Termination(Body):
    terminated_on: Day | None = ui(lazy("终止日期"), "date", default=None)
    by_side: Literal["authority", "contractor", "both"] | None = ui(lazy("由哪一方解除"), "select", options="either_side", default=None)
    at_fault: Literal["authority", "contractor", "both"] | None = ui(lazy("因哪一方的原因"), "select", options="either_side", default=None)
    reason: Text = ui(lazy("理由"), "textarea")


class Return(Body):
    returned_on: Day | None = ui(lazy("退还日期"), "date", default=None)
    value: MoneyIn | None = ui(lazy("退还金额"), "money", default=None, hint=lazy("不填则全部退还"))
    kept_because: Text = ui(lazy("没有全部退还的理由"), "textarea", default="")


class Release(Body):
    released_on: Day | None = ui(lazy("退还日期"), "date", default=None)
    value: MoneyIn | None = ui(lazy("退还金额"), "money", default=None)
    kept_because: Text = ui(lazy("没有全部退还的理由"), "textarea", default="")


class Settlement(Body):
    settled_on: Day | None = ui(lazy("结算日期"), "date", default=None)
    value: MoneyIn | None = ui(lazy("结算金额"), "money", default=None)


DOINGS: tuple[Doing, ...] = (
    Doing("contracts", "", Contract, sign, KEEPERS, lazy("登记合同"), (lazy("合同进入登记册，各项履约义务和付款开始计时。"), lazy("还没有登记过的甲方、乙方一并登记。")), page="new"),
    Doing("contracts", "/publication", Publication, passes(commands.publish_contract), KEEPERS, lazy("登记合同公告"), (lazy("合同公告这一项闭环。"),)),
    Doing("contracts", "/works", Works, passes(commands.class_works), KEEPERS, lazy("登记工程类别"),
          (lazy("从现在起立的案件，按这一类工程适用信用管理规定；已经立的案件不变。"),)),
    Doing("contracts", "/filing", Filing, passes(commands.file_contract), KEEPERS, lazy("登记合同备案"), (lazy("合同备案这一项闭环。"),)),
    Doing("contracts", "/amendments", Amendment, passes(commands.amend_contract), KEEPERS, lazy("登记合同变更"), (lazy("变更后的金额、期限、义务和付款从变更日期起算。"),)),
    Doing("contracts", "/assignment", Assignment, passes(commands.assign_contract), KEEPERS, lazy("登记合同转让"), (lazy("从这天起由承接方履行，没有履行的义务和以后的付款都归它；以前的违约仍归退出的一方。"),), grave=True),
    Doing("contracts", "/checks", PlannedCheck, passes(commands.plan_check, beside="check"), KEEPERS, lazy("安排履约检查"), (lazy("检查出现在监管员的待办里，到计划日期为止。"),)),
    Doing("contracts", "/checks/{check}/result", CheckResult, passes(commands.carry_out_check, "check"), KEEPERS, lazy("登记检查结果"), (lazy("这次检查闭环。发现问题的，接着登记发现。"),)),
    Doing("contracts", "/checks/{check}/cancellation", Reason, passes(commands.cancel_check, "check"), KEEPERS, lazy("取消检查"), (lazy("这次检查闭环，理由留在时间线上。"),), grave=True),
    Doing("contracts", "/obligations/{ref}/fulfilment", Fulfilment, passes(commands.fulfil_obligation, "ref"), KEEPERS, lazy("登记义务履行"), (lazy("这项义务闭环；依据它的付款开始计算期限。"),)),
    Doing("contracts", "/obligations/{ref}/waiver", Waiver, passes(commands.waive_obligation, "ref"), KEEPERS, lazy("免除义务"), (lazy("这项义务闭环，理由留在时间线上。"),), grave=True),
    Doing("contracts", "/payments", Payment, passes(commands.record_payment), KEEPERS, lazy("登记付款"), (lazy("付清以后，这期付款闭环。"),)),
    Doing("contracts", "/findings", Finding, find, (*KEEPERS, "applicant"), lazy("登记发现"), (lazy("立一件案件；接下来由监管员告知当事人。"), lazy("您和上传证据的人不能再审核或决定这件案件。"))),
    Doing("contracts", "/excuses", Excuse, passes(commands.raise_excuse), (*KEEPERS, "applicant"), lazy("提出免责事由"), (lazy("记入合同，认定时由审批人考虑。"),)),
    Doing("contracts", "/suspension", Suspension, passes(commands.suspend_contract), KEEPERS, lazy("中止合同"), (lazy("合同标为中止，直到恢复或结束。"),), grave=True),
    Doing("contracts", "/resumption", Resumption, passes(commands.resume_contract), KEEPERS, lazy("恢复合同"), (lazy("合同恢复履行。"),)),
    Doing("contracts", "/completion", Completion, passes(commands.complete_contract), KEEPERS, lazy("登记合同完成"), (lazy("接下来是退还保证金和结算。"),)),
    Doing("contracts", "/termination", Termination, passes(commands.terminate_contract), KEEPERS, lazy("终止合同"), (lazy("没有履行的义务闭环；终止本身不是违约。"),), grave=True),
    Doing("contracts", "/settlement", Settlement, passes(commands.settle_contract), KEEPERS, lazy("登记结算"), (lazy("结算闭环。"),)),
    Doing("contracts", "/security-return", Return, passes(commands.return_security), KEEPERS, lazy("退还履约保证金"), (lazy("保证金这一项闭环。"),)),
    Doing("contracts", "/retention-release", Release, passes(commands.release_retention), KEEPERS, lazy("退还质量保证金"), (lazy("质量保证金这一项闭环。"),)),
)  # fmt: skip
