"""The loops of a credit commitment: the party keeps it by its day, the office looks whether it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from domain.events import Event
from domain.loops.shape import Closes, Facts, Loop, Opening, every
from domain.party import events as p

RULE, REVIEW = "office.commitment", "office.commitment_review"


def _made(e: Any, f: Facts) -> Iterable[Opening]:
    start, ends = date.fromisoformat(f["promised_on"]), f.get("promised_until")
    if ends is not None:
        yield Opening(start=start, due_on=date.fromisoformat(ends), title=f["matter"])
    else:
        yield Opening(start=start, rule=RULE, title=f["matter"])


def _past(e: Any, f: Facts) -> Iterable[Opening]:
    """From the day after its last: kept or not, somebody has to say so."""
    last = date.fromisoformat(f["promised_last"])
    yield Opening(start=last, rule=_review(f), opens_on=last + timedelta(days=1), title=f["matter"])


def _reported(e: p.CommitmentReported, f: Facts) -> Iterable[Opening]:
    yield Opening(start=e.reported_on, rule=_review(f), title=f["matter"])


def _review(f: Facts) -> str | None:
    """An office whose pack gives no time for it has no day for it."""
    return REVIEW if f.get("reviewed") else None


OUTCOMES: Mapping[type[Event], Closes] = {p.CommitmentKept: every, p.CommitmentBroken: every, p.CommitmentWithdrawn: every}
COMMITMENT: tuple[Loop, ...] = (
    Loop(
        "commitment", "信用承诺", "checks", "party", "report", {p.CommitmentMade: _made, p.CommitmentReopened: _made},
        {p.CommitmentReported: every, **OUTCOMES}, holds_case=False,
    ),
    Loop(
        "commitment_review", "承诺核查", "checks", "supervisor", "fulfilment",
        {p.CommitmentMade: _past, p.CommitmentReopened: _past, p.CommitmentReported: _reported}, OUTCOMES, holds_case=False,
    ),
)  # fmt: skip
