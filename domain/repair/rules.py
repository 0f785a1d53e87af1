"""When may something be done in a repair application? One predicate a rule; the docstring is the sentence."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.events import SYSTEM
from domain.rules import Verdict, at, that
from domain.values.document_number import parse
from domain.values.fault import Malformed

if TYPE_CHECKING:
    from domain.breach.case import Case, Law, Sanction
    from domain.repair.events import Document, Missing
    from domain.repair.repair import Application, Before, Repair

SHELL = "cli"
OPEN = ("applied", "supplement_requested", "accepted", "verified")


# -- applying


@at("/sanction")
def sanction_can_be_repaired(case: Case, sanction: Sanction, asked: Application, law: Law, *_: Any) -> bool:
    """这个决定不需要修复：没有产生公示期限，或已经撤销、期满、修复。"""
    return sanction.repairable_from is not None and not sanction.revoked and sanction.ended is None


@at("/sanction")
def sanction_was_served(case: Case, sanction: Sanction, asked: Application, law: Law, *_: Any) -> bool:
    """决定还没有送达。"""
    return sanction.served_on is not None and sanction.served_on <= asked.applied_on


@at("/applied_on")
def application_has_happened(case: Case, sanction: Sanction, asked: Application, law: Law, *_: Any) -> Verdict:
    """申请日期 {on} 还没有到。"""
    return that(asked.applied_on <= law.today, on=asked.applied_on)


@at("/sanction")
def no_application_is_open(case: Case, sanction: Sanction, asked: Application, law: Law, before: Before) -> Verdict:
    """这个决定已有一件修复申请正在办理（{receipt}）。"""
    one = before.application
    return that(one is None or not one.is_open, receipt=one.receipt if one else "")


@at("/sanction")
def party_is_not_barred(case: Case, sanction: Sanction, asked: Application, law: Law, before: Before) -> Verdict:
    """因提供虚假材料，{until} 以前不得申请信用修复。"""
    until = before.barred_until
    basis = law.book.rule("repair.false_material_ban", asked.applied_on).basis
    return that(until is None or asked.applied_on > until, basis=basis, until=until)


@at("/sanction")
def minimum_period_has_passed(case: Case, sanction: Sanction, asked: Application, law: Law, *_: Any) -> Verdict:
    """最短公示期还没有满，最早 {earliest} 可以申请修复。仍要提交的，请选择“仍要提交”。"""
    earliest = sanction.repairable_from
    early = earliest is not None and asked.applied_on < earliest
    return that(not early, basis=law.book.rule("repair.earliest", asked.applied_on).basis, earliest=earliest)


minimum_period_has_passed.__name__ = "repair_minimum_period_not_reached"


@at("/fulfilment_proof")
def papers_are_complete(case: Case, sanction: Sanction, asked: Application, law: Law, *_: Any) -> Verdict:
    """还缺少：{kinds}。"""
    rule = law.book.rule("repair.materials", asked.applied_on)
    words = {"fulfilment_proof": "履行义务的证明", "credit_commitment": "信用承诺书"}
    missing = [kind for kind in (rule.items or ()) if kind not in asked.kinds]
    return that(not missing, basis=rule.basis, kinds="、".join(words.get(kind, kind) for kind in missing))


@at("/commitment/signed_on")
def commitment_was_signed(case: Case, sanction: Sanction, asked: Application, law: Law, *_: Any) -> bool:
    """承诺书的签署日期还没有到。"""
    return asked.commitment_signed_on is None or asked.commitment_signed_on <= law.today


# -- handling


def application_waits(repair: Repair, *_: Any) -> bool:
    """申请不在待受理状态。"""
    return repair.status == "applied"


def supplement_is_awaited(repair: Repair, *_: Any) -> bool:
    """没有要求补正。"""
    return repair.status == "supplement_requested"


def application_is_accepted(repair: Repair, *_: Any) -> bool:
    """申请还没有受理，或已经作出决定。"""
    return repair.status in ("accepted", "verified")


def application_is_open(repair: Repair, *_: Any) -> bool:
    """申请已经办结。"""
    return repair.status in OPEN


def it_was_turned_down(repair: Repair, *_: Any) -> bool:
    """只能对不予受理或不予修复提出异议。"""
    return repair.status in ("rejected", "refused")


def no_objection_is_open(repair: Repair, *_: Any) -> bool:
    """已有一件异议正在办理。"""
    return all(outcome is not None for outcome in repair.objections.values())


def repair_is_approved(repair: Repair, *_: Any) -> bool:
    """修复还没有批准。"""
    return repair.status == "approved"


def repair_was_granted(repair: Repair, *_: Any) -> bool:
    """没有可以撤销的修复决定。"""
    return repair.status in ("approved", "synchronised")


def it_has_happened(repair: Repair, *rest: Any) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    on = next(one for one in rest if isinstance(one, date))
    return that(on <= rest[-1].today, on=on)


def it_follows_the_last_step(repair: Repair, *rest: Any) -> Verdict:
    """日期 {on} 早于申请的上一步 {before}。"""
    on = next(one for one in rest if isinstance(one, date))
    return that(on >= repair.last_on, on=on, before=repair.last_on)


@at("/items")
def something_is_missing(repair: Repair, items: list[Missing], *_: Any) -> bool:
    """请写明要补正什么、为什么。"""
    return bool(items) and all(one.reason.strip() for one in items)


@at("/items")
def only_papers_of_the_pack_are_asked(repair: Repair, items: list[Missing], on: date, law: Law) -> Verdict:
    """现行规定没有要求 {kinds}，不能要求提供。"""
    rule = law.book.rule("repair.materials", repair.applied_on)
    extra = [one.kind for one in items if one.kind not in (rule.items or ())]
    return that(not extra, basis=rule.basis, kinds="、".join(extra))


@at("/documents")
def something_is_provided(repair: Repair, documents: list[Document], *_: Any) -> bool:
    """请附上补正的材料。"""
    return bool(documents)


@at("/reason")
def rejection_has_a_reason(repair: Repair, text: str, *_: Any) -> bool:
    """请写明理由。"""
    return bool(text.strip())


@at("/sanction")
def application_was_not_too_early(repair: Repair, on: date, law: Law) -> Verdict:
    """最短公示期到 {earliest} 才满，不能受理。"""
    early = repair.applied_on < repair.repairable_from
    return that(
        not early, basis=law.book.rule("repair.earliest", repair.applied_on).basis, earliest=repair.repairable_from
    )


def term_was_not_extended(repair: Repair, *_: Any) -> bool:
    """期限已经延长过一次。"""
    return not repair.extended


# -- deciding


@at("/outcome")
def outcome_is_known(repair: Repair, outcome: str, *_: Any) -> bool:
    """结果只能是 approved 准予修复或 refused 不予修复。"""
    return outcome in ("approved", "refused")


@at("/grounds")
def decision_has_grounds(repair: Repair, outcome: str, grounds: str, *_: Any) -> bool:
    """请写明理由。"""
    return outcome != "refused" or bool(grounds.strip())


def minimum_period_is_over(repair: Repair, outcome: str, grounds: str, on: date, *rest: Any) -> Verdict:
    """最短公示期到 {earliest} 才满，不能准予修复。"""
    law: Law = rest[-1]
    early = on < repair.repairable_from or repair.applied_on < repair.repairable_from
    return that(
        not early, basis=law.book.rule("repair.earliest", repair.applied_on).basis, earliest=repair.repairable_from
    )


minimum_period_is_over.__name__ = "repair_minimum_period_not_reached"


def fulfilment_is_proved(repair: Repair, *_: Any) -> bool:
    """没有履行义务的证明，或经核实没有履行，不能准予修复。"""
    return repair.verified if repair.verified is not None else "fulfilment_proof" in repair.kinds


def commitment_is_given(repair: Repair, *_: Any) -> bool:
    """没有信用承诺书，不能准予修复。"""
    return "credit_commitment" in repair.kinds


def sanction_still_stands(repair: Repair, *rest: Any) -> bool:
    """决定已经撤销，或公示已经结束，没有可以修复的记录。"""
    case: Case = rest[-2]
    one = case.sanctions.get(repair.sanction) if repair.sanction else None
    return one is not None and not one.revoked and one.ended is None


@at("/document_number")
def document_number_is_well_formed(repair: Repair, *rest: Any) -> Verdict:
    """{fault}"""
    number: str | None = rest[-3]
    if number is None:
        return that(True)
    try:
        parse(number)
    except Malformed as malformed:
        return that(False, fault=str(malformed))
    return that(True)


def not_recused(repair: Repair, *rest: Any) -> bool:
    """您已在本案中回避。"""
    case, law = rest[-2], rest[-1]
    return law.by not in case.recused


def a_person_decides_at_a_page(repair: Repair, *rest: Any) -> bool:
    """决定由人在页面上或经接口作出，不能由系统或在命令行作出。"""
    law: Law = rest[-1]
    return law.by != SYSTEM and law.via != SHELL


def not_one_who_recorded_it(repair: Repair, *rest: Any) -> bool:
    """您登记了这项发现或上传了它的证据，不能决定它的修复。"""
    case, law = rest[-2], rest[-1]
    return law.by not in case.recorders


def not_the_applicant(repair: Repair, *rest: Any) -> bool:
    """您提交了这份申请，不能再决定它。"""
    return bool(rest[-1].by != repair.applicant)


@at("/objection")
def objection_is_open(repair: Repair, objection: UUID, *_: Any) -> bool:
    """没有这件待决定的异议。"""
    return repair.objections.get(objection, "") is None


@at("/outcome")
def objection_outcome_is_known(repair: Repair, objection: UUID, outcome: str, *_: Any) -> bool:
    """结果只能是 upheld 成立或 rejected 不成立。"""
    return outcome in ("upheld", "rejected")


def another_decider(repair: Repair, *rest: Any) -> bool:
    """作出原决定的人不能决定对它的异议。"""
    return bool(rest[-1].by != repair.decider)


@at("/recipient")
def recipient_is_awaited(repair: Repair, recipient: str, *_: Any) -> Verdict:
    """{recipient} 不在等待确认的接收方之中，或已经确认。"""
    return that(recipient in repair.waiting, recipient=recipient)


APPLY = (
    sanction_can_be_repaired, sanction_was_served, application_has_happened, no_application_is_open, party_is_not_barred,
    papers_are_complete, commitment_was_signed,
)  # fmt: skip
EARLY = (minimum_period_has_passed,)
DATED = (it_has_happened, it_follows_the_last_step)
JUDGE = (not_one_who_recorded_it, not_recused, not_the_applicant, a_person_decides_at_a_page)
SUPPLEMENT_REQUEST = (application_waits, *DATED, something_is_missing, only_papers_of_the_pack_are_asked)
SUPPLEMENT = (supplement_is_awaited, *DATED, something_is_provided)
ACCEPT = (application_waits, *DATED, application_was_not_too_early)
REJECT = (application_waits, *DATED, rejection_has_a_reason)
VERIFY = (application_is_accepted, *DATED)
EXTEND = (application_is_accepted, term_was_not_extended, rejection_has_a_reason, *DATED)
DECIDE = (
    application_is_accepted, *DATED, outcome_is_known, decision_has_grounds, document_number_is_well_formed, *JUDGE,
)  # fmt: skip
APPROVE = (minimum_period_is_over, fulfilment_is_proved, commitment_is_given, sanction_still_stands)
ACKNOWLEDGE = (repair_is_approved, recipient_is_awaited, *DATED)
OBJECT = (it_was_turned_down, no_objection_is_open, rejection_has_a_reason, *DATED)
OBJECTION_DECISION = (objection_is_open, objection_outcome_is_known, *DATED, another_decider, *JUDGE)
WITHDRAW = (application_is_open, *DATED)
FALSE_MATERIAL = (rejection_has_a_reason, *DATED, *JUDGE)
REVOKE = (repair_was_granted, rejection_has_a_reason, *DATED, *JUDGE)

MAY = {
    "supplement-request": (application_waits,), "supplement": (supplement_is_awaited,), "acceptance": (application_waits,),
    "rejection": (application_waits,), "verification": (application_is_accepted,), "extension": (application_is_accepted, term_was_not_extended),
    "decision": (application_is_accepted,), "acknowledgements": (repair_is_approved,), "objections": (it_was_turned_down, no_objection_is_open),
    "withdrawal": (application_is_open,), "revocation": (repair_was_granted,), "false-material": (),
}  # fmt: skip
