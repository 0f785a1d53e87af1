"""From the notice to the confirmation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.act import Act
from domain.breach.case import Case, Weighed
from domain.breach.commands.common import (
    DECIDERS,
    KEEPERS,
    account_of,
    kept,
    law_of,
    number_taken,
)
from domain.breach.events import Proposed
from domain.contract.contract import Contract


def serve_notice(
    act: Act,
    case_id: UUID,
    *,
    proposed: Proposed,
    served_on: date | None = None,
    method: str = "direct",
    document_number: str | None = None,
    proof: Sequence[str] = (),
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.serve_notice(served_on or act.today, method, document_number, proposed, list(proof), law_of(act), **act.said)
    taken = [number_taken(act, case.authority, document_number, case.id)] if document_number else []
    act.save(case, *taken)
    return case


def receive_statement(act: Act, case_id: UUID, *, text: str, received_on: date | None = None, evidence: Sequence[str] = ()) -> Case:
    case = kept(act, case_id, (*KEEPERS, "applicant"))
    case.receive_statement(received_on or act.today, text, list(evidence), law_of(act), **act.said)
    act.save(case)
    return case


def request_hearing(act: Act, case_id: UUID, *, requested_on: date | None = None) -> Case:
    case = kept(act, case_id, (*KEEPERS, "applicant"))
    case.request_hearing(requested_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def notify_hearing(act: Act, case_id: UUID, *, to_be_held_on: date, chair: str, notified_on: date | None = None) -> Case:
    case = kept(act, case_id, KEEPERS)
    chair = account_of(act, chair, "/chair", ("chair",), case.region)
    case.notify_hearing(notified_on or act.today, to_be_held_on, chair, law_of(act), **act.said)
    act.save(case)
    return case


def hold_hearing(act: Act, case_id: UUID, *, record: str, chair: str | None = None, held_on: date | None = None) -> Case:
    case = kept(act, case_id, ("chair",))
    chair = account_of(act, chair, "/chair", ("chair",), case.region) if chair else act.by
    case.hear(held_on or act.today, chair, record, law_of(act), **act.said)
    act.save(case)
    return case


def pass_legal_review(act: Act, case_id: UUID, *, opinion: str = "", passed_on: date | None = None) -> Case:
    case = kept(act, case_id, ("legal",))
    case.pass_legal_review(passed_on or act.today, opinion, law_of(act), **act.said)
    act.save(case)
    return case


def decide_together(act: Act, case_id: UUID, *, members: Sequence[str], record: str = "", decided_on: date | None = None) -> Case:
    case = kept(act, case_id, DECIDERS)
    who = [account_of(act, one, "/members") for one in members]
    case.decide_together(decided_on or act.today, who, record, law_of(act), **act.said)
    act.save(case)
    return case


def order_rectification(act: Act, case_id: UUID, *, requirements: str, due_on: date | None = None, ordered_on: date | None = None) -> Case:
    case = kept(act, case_id, (*KEEPERS, *DECIDERS))
    case.order_rectification(ordered_on or act.today, due_on, requirements, law_of(act), **act.said)
    act.save(case)
    return case


def report_rectification(act: Act, case_id: UUID, *, text: str, evidence: Sequence[str] = (), reported_on: date | None = None) -> Case:
    case = kept(act, case_id, (*KEEPERS, "applicant"))
    case.report_rectification(reported_on or act.today, text, list(evidence), law_of(act), **act.said)
    act.save(case)
    return case


def verify_rectification(act: Act, case_id: UUID, *, passed: bool, verified_on: date | None = None, note: str = "") -> Case:
    case = kept(act, case_id, KEEPERS)
    case.verify_rectification(verified_on or act.today, passed, note, law_of(act), **act.said)
    act.save(case)
    return case


def confirm_breach(
    act: Act,
    case_id: UUID,
    *,
    grounds: str,
    confirmed_on: date | None = None,
    kind: str | None = None,
    excuses: Sequence[str] = (),
    ended_on: date | None = None,
    harm: bool = False,
) -> Case:
    """`excuses` are those weighed: every one that was raised in the contract until then must be among them."""
    case, on = kept(act, case_id, DECIDERS), confirmed_on or act.today
    found = Weighed(list(excuses), _raised(act, case, on), ended_on, harm)
    case.confirm(on, kind, grounds, found, law_of(act), **act.said)
    act.save(case)
    return case


def _raised(act: Act, case: Case, on: date) -> frozenset[str]:
    """The excuses raised in the contract by a day."""
    contract = act.ledger.find(Contract, case.contract) if case.contract else None
    return frozenset(kind for kind, raised_on in contract.excuses if raised_on <= on) if contract else frozenset()


def dismiss_case(act: Act, case_id: UUID, *, grounds: str, dismissed_on: date | None = None, excuses: Sequence[str] = ()) -> Case:
    """`excuses` are those that hold good."""
    case = kept(act, case_id, DECIDERS)
    case.dismiss(dismissed_on or act.today, grounds, list(excuses), law_of(act), **act.said)
    act.save(case)
    return case


def refer_finding(act: Act, case_id: UUID, *, to: str, referred_on: date | None = None, reason: str = "") -> Case:
    case = kept(act, case_id, KEEPERS)
    case.refer(to, referred_on or act.today, reason, law_of(act), **act.said)
    act.save(case)
    return case


def answer_referral(act: Act, case_id: UUID, *, outcome: str, answered_on: date | None = None, text: str = "") -> Case:
    case = kept(act, case_id, KEEPERS)
    case.answer_referral(outcome, answered_on or act.today, text, law_of(act), **act.said)
    act.save(case)
    return case


def transfer_case(act: Act, case_id: UUID, *, to: str, transferred_on: date | None = None, reason: str = "") -> Case:
    case = kept(act, case_id, DECIDERS)
    case.transfer(to, transferred_on or act.today, reason, law_of(act), **act.said)
    act.save(case)
    return case
