"""The sanction, its service and its publicity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.act import Act
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
from domain.breach.evenness import LikeDecisions, none_known
from domain.breach.events import Proposed
from domain.index import Index
from domain.values.money import Money


def decide_sanction(
    act: Act,
    case_id: UUID,
    *,
    decision_types: Sequence[str],
    document_number: str,
    grounds: str,
    decided_on: date | None = None,
    fine: Money | None = None,
    measures: Sequence[str] = (),
    departure: str = "",
    like: LikeDecisions = none_known,
) -> tuple[Case, UUID]:
    """`departure`: why it is not what like findings got, which `like` tells."""
    case = kept(act, case_id, DECIDERS)
    asked = Proposed(list(decision_types), fine, list(measures))
    on, law = decided_on or act.today, law_of(act)
    sanction = case.decide_sanction(asked, on, document_number, grounds, law, departure, like(case_id), **act.said)
    taken = number_taken(act, case.authority, document_number, case.id)
    act.save(case, taken, Index.of("sanction", str(sanction), case.id, act.today, **act.said))
    return case, sanction


def serve_sanction(
    act: Act,
    case_id: UUID,
    *,
    served_on: date | None = None,
    method: str = "direct",
    repair_notice: bool = True,
    sanction: UUID | None = None,
    proof: Sequence[str] = (),
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.serve_sanction(which(case, sanction), served_on or act.today, method, list(proof), repair_notice, law_of(act), **act.said)
    act.save(case)
    return case


def serve_repair_notice(act: Act, case_id: UUID, *, served_on: date | None = None, sanction: UUID | None = None) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.serve_repair_notice(which(case, sanction), served_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def publish_sanction(act: Act, case_id: UUID, *, published_on: date | None = None, sanction: UUID | None = None) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.publish_sanction(which(case, sanction), published_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def fulfil_sanction(
    act: Act,
    case_id: UUID,
    *,
    fulfilled_on: date | None = None,
    evidence: Sequence[str] = (),
    sanction: UUID | None = None,
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.fulfil_sanction(which(case, sanction), fulfilled_on or act.today, list(evidence), law_of(act), **act.said)
    act.save(case)
    return case


def demand_enforcement(act: Act, case_id: UUID, *, demanded_on: date | None = None, sanction: UUID | None = None) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.demand_enforcement(which(case, sanction), demanded_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def ask_court(act: Act, case_id: UUID, *, court: str, asked_on: date | None = None, reference: str = "", sanction: UUID | None = None) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.ask_court(which(case, sanction), asked_on or act.today, court, reference, law_of(act), **act.said)
    act.save(case)
    return case


def lift_measure(
    act: Act,
    case_id: UUID,
    measure: str,
    *,
    reason: str = "",
    lifted_on: date | None = None,
    sanction: UUID | None = None,
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.lift_measure(which(case, sanction), measure, lifted_on or act.today, reason, law_of(act), **act.said)
    act.save(case)
    return case


def withdraw_publicity(act: Act, case_id: UUID, *, reason: str = "", withdrawn_on: date | None = None, sanction: UUID | None = None) -> Case:
    case = kept(act, case_id, KEEPERS)
    wanted = sanction or next((one.id for one in case.sanctions.values() if one.public), UUID(int=0))
    case.withdraw_publicity(wanted, withdrawn_on or act.today, reason, law_of(act), **act.said)
    act.save(case)
    return case


def expire_publicity(act: Act, case_id: UUID, sanction: UUID, on: date) -> Case:
    """The clock's record that the longest publicity has ended. Only the system asks this."""
    only_the_system(act)
    case: Case = act.ledger.get(Case, case_id)
    case.expire_publicity(sanction, on, law_of(act), **act.said)
    act.save(case)
    return case
