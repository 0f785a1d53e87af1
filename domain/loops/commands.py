"""What the clock asks of a stream when the law has changed: that its open deadlines be counted anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from domain import loops
from domain.act import Act
from domain.breach.case import Case
from domain.contract.contract import Contract
from domain.events import as_corrected
from domain.loops.recount import moves
from domain.party.commitment import Commitment
from domain.policy.events import DeadlinesRecounted, Moved
from domain.repair.repair import Repair

SUBJECTS: Mapping[str, Any] = {"contract": Contract, "case": Case, "repair": Repair, "commitment": Commitment}


def recount_deadlines(act: Act, subject: str, stream: UUID) -> list[Moved]:
    """Count the open loops of a contract, case, repair or commitment by the book of today; on record when a day has moved."""
    found = act.ledger.get(SUBJECTS[subject], stream)
    kept = loops.told(as_corrected(act.ledger.of([stream])[stream]), act.book)
    moved = moves(kept, act.book, 0, act.today)
    if moved:
        found.happen(DeadlinesRecounted(moved=moved, on=act.today, **act.said))
        act.save(found)
    return moved
