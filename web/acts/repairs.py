"""What may be asked of repair applications."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from domain.act import Act
from domain.repair import commands
from domain.repair.events import Document, Missing
from web.acts.doing import Body, Doing, Nothing, Outcome, Target
from web.acts.passing import passes
from web.acts.values import Day, Digest, Short, Text, ui
from web.looks.tongue import lazy

KEEPERS, DECIDERS, APPLICANT = ("supervisor",), ("decider",), ("applicant", "supervisor")


class CommitmentIn(Body):
    text: Text = ui(lazy("信用承诺书"), "textarea")
    signed_on: Day | None = ui(lazy("签署日期"), "date", default=None)


class ContactIn(Body):
    name: Short = ui(
        lazy("联系人"),
        default="",
    )
    phone: Short = ui(lazy("电话"), "tel", default="")


class Application(Body):
    sanction: UUID = ui(lazy("对哪个决定申请修复"), "select", options="sanctions_repairable")
    fulfilment_proof: list[Digest] = ui(lazy("履行义务的证明"), "file", default_factory=list)
    identity: list[Digest] = ui(lazy("身份证明或授权委托书"), "file", lazy("只有依旧规定作出的决定才需要"), default_factory=list)
    commitment: CommitmentIn | None = ui(lazy("信用承诺"), "group", default=None)
    contact: ContactIn | None = ui(lazy("联系方式"), "group", default=None)


def apply(act: Act, target: Target, body: Application) -> Outcome:
    commitment, contact = body.commitment, body.contact
    repair = commands.apply_for_repair(
        act,
        sanction=body.sanction,
        fulfilment_proof=body.fulfilment_proof,
        identity=body.identity,
        commitment=commitment.text if commitment else "",
        commitment_signed_on=commitment.signed_on if commitment else None,
        contact_name=contact.name if contact else "",
        contact_phone=contact.phone if contact else "",
        insist=target.places.get("insist") == "true",
    )
    return Outcome(repair.id)


class MissingIn(Body):
    kind: Short = ui(lazy("材料"), "select", options="repair_materials")
    reason: Text = ui(lazy("为什么"), "textarea")

    def missing(self) -> Missing:
        return Missing(self.kind, self.reason)


class SupplementRequest(Body):
    items: list[MissingIn] = ui(lazy("要补正的材料"), "rows")


class DocumentIn(Body):
    kind: Short = ui(lazy("材料"), "select", options="repair_materials")
    digest: Digest = ui(lazy("文件"), "file")

    def document(self) -> Document:
        return Document(self.kind, self.digest)


class Supplement(Body):
    documents: list[DocumentIn] = ui(lazy("补正的材料"), "rows")


class Rejection(Body):
    reason: Text = ui(lazy("不予受理的理由"), "textarea")


class Verification(Body):
    fulfilled: bool = ui(lazy("义务已经履行"), "checkbox")


class Extension(Body):
    reason: Text = ui(lazy("延长的理由"), "textarea")


class Decision(Body):
    outcome: Literal["approved", "refused"] = ui(lazy("决定"), "radio", options="repair_outcomes")
    document_number: Short | None = ui(lazy("修复决定书文号"), default=None)
    grounds: Text = ui(lazy("理由"), "textarea", default="")


class Acknowledgement(Body):
    recipient: Short = ui(lazy("接收方"), "select", options="recipients_waiting")
    on: Day | None = ui(lazy("确认日期"), "date", default=None)
    reference: Short = ui(lazy("回执编号"), default="")


class Objection(Body):
    grounds: Text = ui(lazy("异议理由"), "textarea")


class ObjectionDecision(Body):
    outcome: Literal["upheld", "rejected"] = ui(lazy("结果"), "radio", options="repair_objection_outcomes")
    grounds: Text = ui(lazy("理由"), "textarea", default="")


class FalseMaterial(Body):
    text: Text = ui(lazy("虚假材料的情况"), "textarea")


class Revocation(Body):
    grounds: Text = ui(lazy("撤销理由"), "textarea")


DOINGS: tuple[Doing, ...] = (
    Doing("repairs", "", Application, apply, APPLICANT, lazy("申请信用修复"), (lazy("给您一个回执编号和查询码，凭它不登录也能查进度。"), lazy("监管员要在期限内决定是否受理。")), page="new", query=("insist",)),
    Doing("repairs", "/supplement-request", SupplementRequest, passes(commands.request_supplement), KEEPERS, lazy("要求补正"), (lazy("补正期间不计入我们的办理期限。"),), may="supplement-request"),
    Doing("repairs", "/supplement", Supplement, passes(commands.provide_supplement), APPLICANT, lazy("补正材料"), (lazy("办理期限接着计算。"),), may="supplement"),
    Doing("repairs", "/acceptance", Nothing, passes(commands.accept_repair), KEEPERS, lazy("受理"), (lazy("决定的期限从受理日起算。"),), may="acceptance"),
    Doing("repairs", "/rejection", Rejection, passes(commands.reject_repair), KEEPERS, lazy("不予受理"), (lazy("申请人可以提出异议。"),), may="rejection"),
    Doing("repairs", "/verification", Verification, passes(commands.verify_repair), KEEPERS, lazy("核实履行"), (), may="verification"),
    Doing("repairs", "/extension", Extension, passes(commands.extend_repair), ("supervisor", "decider"), lazy("延长期限"), (lazy("只能延长一次，并告知申请人。"),), may="extension"),
    Doing("repairs", "/decision", Decision, passes(commands.decide_repair), DECIDERS, lazy("决定修复"), (lazy("准予修复的，公开页面立即不再显示，措施解除，通知各接收方。"),), may="decision"),
    Doing("repairs", "/acknowledgements", Acknowledgement, passes(commands.acknowledge_repair), KEEPERS, lazy("登记接收方确认"), (lazy("全部确认以后，案件才能结案。"),), may="acknowledgements"),
    Doing("repairs", "/objections", Objection, passes(commands.object_to_repair, beside="objection"), APPLICANT, lazy("提出异议"), (lazy("由另一名审批人决定。"),), may="objections"),
    Doing("repairs", "/objections/{objection}/decision", ObjectionDecision, passes(commands.decide_repair_objection, "objection"), DECIDERS, lazy("决定异议"), ()),
    Doing("repairs", "/false-material", FalseMaterial, passes(commands.record_false_material), DECIDERS, lazy("记录虚假材料"), (), grave=True, may="false-material"),
    Doing("repairs", "/withdrawal", Nothing, passes(commands.withdraw_repair), ("applicant",), lazy("撤回申请"), (lazy("以后可以重新申请。"),), grave=True, may="withdrawal"),
    Doing("repairs", "/revocation", Revocation, passes(commands.revoke_repair), DECIDERS, lazy("撤销修复"), (), grave=True, may="revocation"),
)  # fmt: skip
