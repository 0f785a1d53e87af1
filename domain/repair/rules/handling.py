"""When may an application be handled and decided?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.events import SYSTEM
from domain.rules import Verdict, at, that
from domain.values.document_number import parse
from domain.values.fault import Malformed

if TYPE_CHECKING:
    from domain.breach.case import Case, Law
    from domain.repair.events import Document, Missing
    from domain.repair.repair import Repair

SHELL = "cli"
OPEN = ("applied", "supplement_requested", "accepted", "verified")


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
    return that(not early, basis=law.book.rule("repair.earliest", repair.applied_on).basis, earliest=repair.repairable_from)


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
    return that(not early, basis=law.book.rule("repair.earliest", repair.applied_on).basis, earliest=repair.repairable_from)


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
    return not law.same(law.by, case.recused, case.occurred_on)


def a_person_decides_at_a_page(repair: Repair, *rest: Any) -> bool:
    """决定由人在页面上或经接口作出，不能由系统或在命令行作出。"""
    law: Law = rest[-1]
    return law.by != SYSTEM and law.via != SHELL


def not_one_who_recorded_it(repair: Repair, *rest: Any) -> bool:
    """您登记了这项发现或上传了它的证据，不能决定它的修复。"""
    case, law = rest[-2], rest[-1]
    return not law.same(law.by, case.recorders, case.occurred_on)


def not_the_applicant(repair: Repair, *rest: Any) -> bool:
    """您提交了这份申请，不能再决定它。"""
    case, law = rest[-2], rest[-1]
    return not law.same(law.by, repair.applicants, case.occurred_on)


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
    law: Law = rest[-1]
    return not law.same(law.by, [repair.decider] if repair.decider else [], repair.applied_on)


@at("/recipient")
def recipient_is_awaited(repair: Repair, recipient: str, *_: Any) -> Verdict:
    """{recipient} 不在等待确认的接收方之中，或已经确认。"""
    return that(recipient in repair.waiting, recipient=recipient)
