"""The repair planner: from when a record can be repaired, with which papers, on what basis, and what stands in the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.policy.book import Book, NoPackInForce, NoSuchRule
from domain.repair.rules import OPEN
from domain.rules import Basis
from projections import sanctions


class Plan(NamedTuple):
    """What can be done about one record on a day.

    `state`: over (nothing to repair), none (never public), unserved, applied (an application is open), early, now. `earliest` is the
    first lawful day, `papers` the kinds that the pack in force on the day of applying asks for.
    """

    state: str
    earliest: date | None
    papers: tuple[str, ...]
    basis: tuple[Basis, ...]
    fulfilled: bool
    application: str | None
    receipt: str | None


def plan_of(book: Book, row: Any, applications: Sequence[Any], on: date) -> Plan:
    """The plan for a row of the sanctions view and its applications (rows of the repairs view)."""
    earliest: date | None = row.repairable_from
    applying = max(on, earliest) if earliest else on
    papers, basis = _asked(book, applying)
    running = next((one for one in applications if one.status in (*OPEN, "approved")), None)
    status = sanctions.status_on(row, on)
    if status in ("repaired", "expired", "revoked"):
        state = "over"
    elif earliest is None:
        state = "none"
    elif running is not None:
        state = "applied"
    elif row.served_on is None:
        state = "unserved"
    else:
        state = "early" if on < earliest else "now"
    return Plan(
        state, earliest, papers, basis, row.fulfilled_on is not None, str(running.owner) if running else None, running.receipt if running else None
    )


def _asked(book: Book, on: date) -> tuple[tuple[str, ...], tuple[Basis, ...]]:
    """The papers, and the rules that the first day and the papers rest on."""
    try:
        materials, earliest = book.rule("repair.materials", on), book.rule("repair.earliest", on)
    except (NoPackInForce, NoSuchRule):
        return (), ()
    return tuple(materials.items or ()), (earliest.basis, materials.basis)
