"""信用承诺卡片 — everything that one commitment's own stream says of it, as plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from domain.events import Told
from domain.party import events as p
from projections.cards.plain import Depth, Json, basis, day, loops_of

if TYPE_CHECKING:
    from domain.policy.book import Book


def commitment_card(told: Sequence[Told], book: Book, on: date, version: int, position: int, depth: Depth = "days") -> Json | None:
    """COMMITMENT as seen on a day; None when none of its events is known."""
    if not told or not isinstance(told[0].event, p.CommitmentMade):
        return None
    card: Json = {}
    for one in told:
        _tell(card, one)
    stream = told[0].stream
    loops = loops_of(stream, "commitment", told, book, on, depth)
    card.update(due=next((one["due"] for one in loops if one["due"]), None), loops=loops)
    return {"id": str(stream), **card, "version": version, "position": position}


def _tell(card: Json, one: Told) -> None:
    match one.event:
        case p.CommitmentMade() as e:
            card.update(
                {
                    "number": e.number, "kind": e.kind, "party": e.party, "region": e.region, "received_by": e.received_by, "matter": e.matter,
                    "text": e.text, "liability": e.liability, "made_on": day(e.made_on), "ends_on": day(e.ends_on), "evidence": list(e.evidence),
                    "contract": str(e.contract) if e.contract else None, "repair": str(e.repair) if e.repair else None, "status": "open",
                    "report": None, "kept": None, "breach": None, "withdrawal": None, "reopened": None, "basis": basis(e.basis),
                }
            )  # fmt: skip
        case p.CommitmentReported() as e:
            card.update(status="reported", report={"reported_on": day(e.reported_on), "text": e.text, "evidence": list(e.evidence)})
        case p.CommitmentKept() as e:
            card.update(status="kept", kept={"kept_on": day(e.kept_on), "note": e.note, "evidence": list(e.evidence), "by": e.by})
        case p.CommitmentBroken() as e:
            card.update(status="broken", breach={"broken_on": day(e.broken_on), "facts": e.facts, "evidence": list(e.evidence), "by": e.by})
        case p.CommitmentWithdrawn() as e:
            card.update(status="withdrawn", withdrawal={"withdrawn_on": day(e.withdrawn_on), "reason": e.why})
        case p.CommitmentReopened() as e:
            card.update(status="open", report=None, kept=None, breach=None, withdrawal=None, reopened={"reopened_on": day(e.reopened_on), "reason": e.why})
