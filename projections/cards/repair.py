"""修复申请卡片 — everything that one application's own stream says of it, as plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from domain.events import Told
from domain.repair import events as r
from projections.cards.plain import Depth, Json, basis, day, loops_of

if TYPE_CHECKING:
    from domain.policy.book import Book

STEPS = {
    "applied": 1,
    "supplement_requested": 1,
    "rejected": 2,
    "accepted": 2,
    "verified": 3,
    "refused": 4,
    "approved": 4,
    "synchronised": 5,
    "withdrawn": 1,
    "revoked": 5,
}
LAST_STEP = 5
WAITS = {"applied": "authority", "accepted": "authority", "verified": "authority", "supplement_requested": "applicant", "approved": "recipient"}


def repair_card(told: Sequence[Told], book: Book, on: date, version: int, position: int, depth: Depth = "days") -> Json | None:
    """REPAIR as seen on a day; None when none of its events is known. The tracking code is never kept in the clear."""
    if not told or not isinstance(told[0].event, r.RepairApplied):
        return None
    card: Json = {}
    for one in told:
        _tell(card, one)
    stream = told[0].stream
    loops = loops_of(stream, "repair", told, book, on, depth)
    status = card["status"]
    waits = WAITS.get(status)
    if any(one["kind"] == "repair_acceptance" for one in loops):
        waits = "authority"
    card.update(step=STEPS[status], of=LAST_STEP, waiting_for=waits, due=next((one["due"] for one in loops if one["due"]), None), loops=loops)
    return {"id": str(stream), **card, "version": version, "position": position}


def _tell(card: Json, one: Told) -> None:
    match one.event:
        case r.RepairApplied() as e:
            papers = [{"kind": paper.kind, "digest": paper.digest, "state": "received", "received_on": day(e.applied_on)} for paper in e.documents]
            if e.commitment.strip():
                papers.append({"kind": "credit_commitment", "digest": None, "state": "received", "received_on": day(e.applied_on)})
            card.update(
                {
                    "receipt": e.receipt,
                    "case": str(e.case),
                    "sanction": str(e.sanction),
                    "party": e.party,
                    "region": e.region,
                    "document_number": e.document_number,
                    "status": "applied",
                    "applied_on": day(e.applied_on),
                    "documents": papers,
                    "commitment": {"text": e.commitment, "signed_on": day(e.commitment_signed_on)},
                    "contact": {"name": e.contact_name, "phone": e.contact_phone},
                    "insisted": e.insisted,
                    "repairable_from": day(e.repairable_from),
                    "acknowledgements": [{"recipient": name, "on": None} for name in e.recipients],
                    "supplement": None,
                    "decision": None,
                    "rejection": None,
                    "extension": None,
                    "objections": [],
                    "basis": [basis(one) for one in e.basis],
                }
            )
        case r.SupplementRequested() as e:
            card.update(
                status="supplement_requested",
                supplement={
                    "requested_on": day(e.requested_on),
                    "provided_on": None,
                    "items": [{"kind": item.kind, "reason": item.reason} for item in e.items],
                },
            )
            for item in e.items:
                for paper in card["documents"]:
                    if paper["kind"] == item.kind:
                        paper["state"] = "to_be_replaced"
        case r.SupplementProvided() as e:
            card["status"] = "applied"
            card["supplement"] = {**(card["supplement"] or {}), "provided_on": day(e.provided_on)}
            card["documents"] += [{"kind": paper.kind, "digest": paper.digest, "state": "received", "received_on": day(e.provided_on)} for paper in e.documents]
        case r.RepairWindowEnded():
            card["status"] = "applied" if card["status"] == "supplement_requested" else card["status"]
        case r.RepairAccepted() as e:
            card.update(status="accepted", accepted_on=day(e.accepted_on))
        case r.RepairRejected() as e:
            card.update(
                status="rejected", rejection={"reason": e.text, "codes": e.codes, "rejected_on": day(e.rejected_on), "earliest": day(e.earliest), "by": e.by}
            )
        case r.RepairVerified() as e:
            card.update(verified={"fulfilled": e.fulfilled, "verified_on": day(e.verified_on)}, **({"status": "verified"} if e.fulfilled else {}))
        case r.RepairTermExtended() as e:
            card["extension"] = {"extended_on": day(e.extended_on), "reason": e.why, "basis": basis(e.basis)}
        case r.RepairApproved() | r.RepairRefused() as e:
            outcome = "approved" if isinstance(e, r.RepairApproved) else "refused"
            card.update(
                status=outcome,
                decision={
                    "outcome": outcome,
                    "decided_on": day(e.decided_on),
                    "document_number": e.document_number,
                    "grounds": e.grounds,
                    "by": e.by,
                    "basis": [basis(one) for one in e.basis],
                },
            )
        case r.RepairObjectionFiled() as e:
            card["objections"].append({"id": str(e.objection), "grounds": e.grounds, "filed_on": day(e.filed_on), "outcome": None, "decided_on": None})
        case r.RepairObjectionDecided() as e:
            for objection in card["objections"]:
                if objection["id"] == str(e.objection):
                    objection.update(outcome=e.outcome, decided_on=day(e.decided_on), decision_grounds=e.grounds)
            if e.outcome == "upheld":
                card["status"] = "applied"
        case r.RepairWithdrawn() as e:
            card.update(status="withdrawn", withdrawn_on=day(e.withdrawn_on))
        case r.RecipientAcknowledged() as e:
            for recipient in card["acknowledgements"]:
                if recipient["recipient"] == e.recipient:
                    recipient.update(on=day(e.acknowledged_on), reference=e.reference)
        case r.RepairSynchronised() as e:
            card.update(status="synchronised", synchronised_on=day(e.synchronised_on))
        case r.FalseMaterialRecorded() as e:
            card["false_material"] = {"text": e.text, "recorded_on": day(e.recorded_on), "barred_until": day(e.barred_until), "basis": basis(e.basis)}
        case r.RepairRevoked() as e:
            card.update(status="revoked", revoked_on=day(e.revoked_on), revocation_grounds=e.grounds)
