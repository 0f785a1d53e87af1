"""Objection, review, change and the end of a case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from domain.act import Act
from domain.breach import catalogue
from domain.breach.case import Case
from domain.breach.commands.common import (
    DECIDERS,
    KEEPERS,
    kept,
    law_of,
    number_taken,
    only_the_system,
    which,
)
from domain.breach.events import Proposed
from domain.values.money import Money

OpenLoops = Callable[[UUID, date], list[str]]  # the loops of a case, and of what hangs on it, open on a day


def file_objection(act: Act, case_id: UUID, *, grounds: str, evidence: Sequence[str] = (), filed_on: date | None = None) -> tuple[Case, UUID]:
    case = kept(act, case_id, (*KEEPERS, "applicant"))
    objection = case.file_objection(case.party, grounds, list(evidence), filed_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case, objection


def decide_objection(
    act: Act,
    case_id: UUID,
    objection: UUID,
    *,
    outcome: str,
    grounds: str,
    fine: Money | None = None,
    decided_on: date | None = None,
) -> Case:
    case = kept(act, case_id, DECIDERS)
    case.decide_objection(objection, outcome, fine, grounds, decided_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def correct_sanction(
    act: Act,
    case_id: UUID,
    *,
    grounds: str,
    decision_types: Sequence[str] | None = None,
    fine: Money | None = None,
    document_number: str | None = None,
    corrected_on: date | None = None,
    sanction: UUID | None = None,
) -> Case:
    case = kept(act, case_id, DECIDERS)
    one = case.sanctions.get(which(case, sanction))
    types = list(decision_types) if decision_types is not None else (one.decision_types if one else [])
    fined = any(catalogue.is_fine(code) for code in types)
    asked = Proposed(types, fine or (one.fine if one and fined else None))
    case.correct_sanction(which(case, sanction), asked, document_number, grounds, corrected_on or act.today, law_of(act), **act.said)
    taken = [number_taken(act, case.authority, document_number, case.id)] if document_number else []
    act.save(case, *taken)
    return case


def revoke_sanction(act: Act, case_id: UUID, *, grounds: str, revoked_on: date | None = None, sanction: UUID | None = None) -> Case:
    case = kept(act, case_id, DECIDERS)
    case.revoke_sanction(which(case, sanction), grounds, revoked_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def reclassify_record(act: Act, case_id: UUID, *, grounds: str, reclassified_on: date | None = None, sanction: UUID | None = None) -> Case:
    case = kept(act, case_id, DECIDERS)
    case.reclassify(which(case, sanction), grounds, reclassified_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def open_review(act: Act, case_id: UUID, *, path: str, reference: str = "", opened_on: date | None = None) -> tuple[Case, UUID]:
    case = kept(act, case_id, (*KEEPERS, "legal"))
    review = case.open_review(path, reference, opened_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case, review


def end_review(act: Act, case_id: UUID, review: UUID, *, outcome: str, note: str = "", ended_on: date | None = None) -> Case:
    case = kept(act, case_id, (*KEEPERS, "legal"))
    case.end_review(review, outcome, note, ended_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def answer_touch(act: Act, case_id: UUID, touch: UUID, *, outcome: str, grounds: str, answered_on: date | None = None) -> Case:
    """Does what was decided stand, now that it is known to have rested on something else?"""
    case = kept(act, case_id, DECIDERS)
    case.answer_touch(touch, outcome, grounds, answered_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def close_case(act: Act, case_id: UUID, *, reason: str, open_loops: OpenLoops) -> Case:
    case = kept(act, case_id, (*KEEPERS, *DECIDERS))
    case.close(reason, open_loops(case.id, act.today), act.today, law_of(act), **act.said)
    act.save(case)
    return case


def end_window(act: Act, case_id: UUID, loop: str, on: date) -> Case:
    """The clock's record that a window ran out. Only the system asks this."""
    only_the_system(act)
    case: Case = act.ledger.get(Case, case_id)
    case.end_window(loop, on, law_of(act), **act.said)
    act.save(case)
    return case
