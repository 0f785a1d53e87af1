"""When may a company apply for repair?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from domain.rules import Verdict, at, that

if TYPE_CHECKING:
    from domain.breach.case import Case, Law, Sanction
    from domain.repair.repair import Application, Before


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
