"""What may be asked of a repair application. One function a command: look, permit, decide, save."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.act import Act, new_id
from domain.actor import NotYourRole
from domain.breach.case import Case
from domain.breach.commands import case_of_sanction, law_of, number_taken
from domain.index import Index, Numbers, numbers_id
from domain.ledger import MovedOn, NotThere, stream_id
from domain.party.commitments import lapsed_with, promised_with, revived_with
from domain.repair.events import Document, Missing
from domain.repair.repair import Application, Before, Repair

KEEPERS = ("supervisor",)
DECIDERS = ("decider",)


def kept(act: Act, repair_id: UUID, roles: Sequence[str]) -> Repair:
    repair: Repair = act.ledger.get(Repair, repair_id)
    act.permit(roles, repair.region, [repair.party], repair_id)
    if act.seen is not None and act.seen != repair.version:
        raise MovedOn(repair.id, repair.version)
    return repair


def apply_for_repair(
    act: Act, *, sanction: UUID, fulfilment_proof: Sequence[str] = (), identity: Sequence[str] = (), commitment: str = "",
    commitment_signed_on: date | None = None, contact_name: str = "", contact_phone: str = "", insist: bool = False,
    applied_on: date | None = None,
) -> Repair:  # fmt: skip
    """A company applies."""
    case = case_of_sanction(act, sanction)
    act.permit(("applicant", *KEEPERS), case.region, [case.party], sanction)
    if (one := case.sanctions.get(sanction)) is None:
        raise NotThere("sanction", sanction)
    repair = Repair(new_id())
    numbers_stream = numbers_id("office", "repair", act.today.year)
    numbers = act.ledger.find(Numbers, numbers_stream) or Numbers(numbers_stream)
    receipt = f"XF-{act.today.year}-{numbers.next(act.today, **act.said):06}"
    asked = Application(
        [*[Document("fulfilment_proof", one) for one in fulfilment_proof], *[Document("identity", one) for one in identity]],
        commitment,
        commitment_signed_on,
        applied_on or act.today,
        insist,
    )
    contact = (
        act.sealed(repair.id, "contact_name", contact_name),
        act.sealed(repair.id, "contact_phone", contact_phone),
    )
    last = _last(act, "repair-of", str(sanction))
    before = Before(_held(act, last), _barred_until(act, case.party))
    repair.apply_for(case, one, asked, receipt, contact, before, law_of(act), **act.said)
    last.take("repair-of", str(sanction), repair.id, act.today, **act.said)
    receipts = Index.of("repair-receipt", receipt, repair.id, act.today, **act.said)
    promised = promised_with(act, repair.id, receipt, text=commitment, made_on=commitment_signed_on or asked.applied_on, **_about(repair, case))
    act.save(repair, numbers, last, receipts, *promised, unchanged=[case])
    return repair


def _about(repair: Repair, case: Case) -> dict[str, str]:
    """Who promised what to whom, with an application."""
    sanction = case.sanctions.get(repair.sanction) if repair.sanction else None
    return {"party": repair.party, "region": repair.region, "received_by": case.authority, "matter": sanction.document_number if sanction else repair.receipt}


def _last(act: Act, kind: str, key: str) -> Index:
    """Who had a key last; saving the next fails when somebody takes it at the same time."""
    stream = stream_id(kind, key)
    return act.ledger.find(Index, stream) or Index(stream)


def _held(act: Act, index: Index) -> Repair | None:
    return act.ledger.get(Repair, index.owner) if index.owner is not None else None


def _barred_until(act: Act, party: str) -> date | None:
    barred = _held(act, _last(act, "repair-bar", party))
    return barred.barred_until if barred else None


def request_supplement(act: Act, repair_id: UUID, *, items: Sequence[Missing], requested_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, KEEPERS)
    repair.request_supplement(list(items), requested_on or act.today, law_of(act), **act.said)
    act.save(repair)
    return repair


def provide_supplement(act: Act, repair_id: UUID, *, documents: Sequence[Document], provided_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, ("applicant", *KEEPERS))
    repair.provide_supplement(list(documents), provided_on or act.today, law_of(act), **act.said)
    act.save(repair)
    return repair


def accept_repair(act: Act, repair_id: UUID, *, accepted_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, KEEPERS)
    repair.accept(accepted_on or act.today, law_of(act), **act.said)
    act.save(repair)
    return repair


def reject_repair(act: Act, repair_id: UUID, *, reason: str, rejected_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, KEEPERS)
    repair.reject(reason, rejected_on or act.today, law_of(act), **act.said)
    act.save(repair, *lapsed_with(act, repair.id, reason, rejected_on or act.today))
    return repair


def verify_repair(act: Act, repair_id: UUID, *, fulfilled: bool = True, verified_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, KEEPERS)
    repair.verify(fulfilled, verified_on or act.today, law_of(act), **act.said)
    act.save(repair)
    return repair


def extend_repair(act: Act, repair_id: UUID, *, reason: str, extended_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, (*KEEPERS, *DECIDERS))
    repair.extend(reason, extended_on or act.today, law_of(act), **act.said)
    act.save(repair)
    return repair


def _case(act: Act, repair: Repair) -> Case:
    if repair.case is None:
        raise NotThere("case", repair.id)
    return act.ledger.get(Case, repair.case)


def decide_repair(
    act: Act,
    repair_id: UUID,
    *,
    outcome: str,
    grounds: str = "",
    document_number: str | None = None,
    decided_on: date | None = None,
) -> Repair:
    """An approval ends the publicity and the measures of its case in the same append."""
    repair = kept(act, repair_id, DECIDERS)
    case, day = _case(act, repair), decided_on or act.today
    repair.decide(outcome, document_number, grounds, day, case, law_of(act), **act.said)
    taken = [number_taken(act, case.authority, document_number, repair.id)] if document_number else []
    if outcome == "approved" and repair.sanction is not None:
        case.end_publicity(repair.sanction, day, "repaired", **act.said)
        act.save(repair, case, *taken)
    else:
        act.save(repair, *taken, *lapsed_with(act, repair.id, grounds, day), unchanged=[case])
    return repair


def acknowledge_repair(act: Act, repair_id: UUID, *, recipient: str, reference: str = "", on: date | None = None) -> Repair:
    repair = kept(act, repair_id, KEEPERS)
    repair.acknowledge(recipient, reference, on or act.today, law_of(act), **act.said)
    act.save(repair)
    return repair


def object_to_repair(act: Act, repair_id: UUID, *, grounds: str, filed_on: date | None = None) -> tuple[Repair, UUID]:
    repair = kept(act, repair_id, ("applicant", *KEEPERS))
    objection = repair.object_to(grounds, filed_on or act.today, law_of(act), **act.said)
    act.save(repair)
    return repair, objection


def decide_repair_objection(act: Act, repair_id: UUID, objection: UUID, *, outcome: str, grounds: str = "", decided_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, DECIDERS)
    repair.decide_objection(objection, outcome, grounds, decided_on or act.today, _case(act, repair), law_of(act), **act.said)
    act.save(repair, *(revived_with(act, repair.id, grounds, decided_on or act.today) if outcome == "upheld" else ()))
    return repair


def withdraw_repair(act: Act, repair_id: UUID, *, withdrawn_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, ("applicant",))
    repair.withdraw(withdrawn_on or act.today, law_of(act), **act.said)
    act.save(repair, *lapsed_with(act, repair.id, "", withdrawn_on or act.today))
    return repair


def record_false_material(act: Act, repair_id: UUID, *, text: str, recorded_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, DECIDERS)
    repair.record_false_material(text, recorded_on or act.today, _case(act, repair), law_of(act), **act.said)
    bar = _last(act, "repair-bar", repair.party)
    bar.take("repair-bar", repair.party, repair.id, act.today, **act.said)
    act.save(repair, bar)
    return repair


def revoke_repair(act: Act, repair_id: UUID, *, grounds: str, revoked_on: date | None = None) -> Repair:
    repair = kept(act, repair_id, DECIDERS)
    repair.revoke(grounds, revoked_on or act.today, _case(act, repair), law_of(act), **act.said)
    act.save(repair)
    return repair


def end_repair_window(act: Act, repair_id: UUID, loop: str, on: date) -> Repair:
    """The clock's record that the time to supplement ran out. Only the system asks this."""
    if not act.actor.is_system:
        raise NotYourRole(())
    repair: Repair = act.ledger.get(Repair, repair_id)
    repair.end_window(loop, on, act.today, **act.said)
    act.save(repair)
    return repair
