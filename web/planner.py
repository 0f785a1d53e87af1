"""The repair planner: from when a record can be repaired, what is missing, with which papers, and how long such repairs took."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.breach.evenness import enough
from domain.days.calendar import Calendar
from domain.days.deadline import working_days_between
from domain.policy.book import Book, NoPackInForce, NoSuchRule
from domain.repair.rules import OPEN
from domain.rules import Basis
from projections import repairs, sanctions
from projections.cards.plain import basis as basis_json
from projections.temporal.moment import Moment
from web.office import Office

RECENT = 500  # finished repairs that are looked at: enough for a median, and a page stays quick


class Took(NamedTuple):
    """How long repairs of a class took, in working days from the application to the decision, the applicant's own left out."""

    n: int
    median: int | None
    low: int | None
    high: int | None
    enough: bool


class Plan(NamedTuple):
    """What can be done about one record on a day.

    `state`: over (nothing to repair), none (never public), unserved, applied (an application is open), early, now. `earliest` is the
    first lawful day, `papers` the kinds that the pack in force on the day of applying asks for; `missing` what does not hold yet:
    service, fulfilment, minimum_period, barred.
    """

    state: str
    earliest: date | None
    papers: tuple[str, ...]
    basis: tuple[Basis, ...]
    fulfilled: bool
    application: str | None
    receipt: str | None
    missing: tuple[str, ...]
    barred_until: date | None
    last_day: date | None  # none where it is shown until it is fulfilled
    took: Took


class Planner:
    """Plans of several records at one moment; what finished repairs took is asked once."""

    def __init__(self, office: Office, conn: sa.Connection, moment: Moment) -> None:
        self._conn, self._moment, self._book = conn, moment, office.book_at(moment)
        self._took: Mapping[str, Took] | None = None

    def plan(self, row: Any, applications: Sequence[Any]) -> Plan:
        """For a row of the sanctions view and its applications (rows of the repairs view)."""
        if self._took is None:
            self._took = took_by_class(self._book, self._conn, self._moment)
        barred = repairs.barred_until(self._conn, self._moment, row.party)
        took = self._took.get(row.national_class, Took(0, None, None, None, False))
        return plan_of(self._book, row, applications, self._moment.day, barred, took)


def plan_of(book: Book, row: Any, applications: Sequence[Any], on: date, barred: date | None, took: Took) -> Plan:
    """See Planner.plan. `barred`: the last day on which its party may not apply."""
    lawful: date | None = row.repairable_from
    barred = barred if barred is not None and barred >= on else None
    earliest = max(lawful, barred + timedelta(1)) if lawful and barred else lawful
    papers, basis = _asked(book, max(on, earliest) if earliest else on)
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
    wanting = {"service": row.served_on is None, "fulfilment": row.fulfilled_on is None, "minimum_period": lawful is not None and on < lawful,
               "barred": barred is not None}  # fmt: skip
    missing = tuple(name for name, lacks in wanting.items() if lacks) if state in ("unserved", "early", "now") else ()
    return Plan(state, earliest, papers, basis, row.fulfilled_on is not None, str(running.owner) if running else None,
                running.receipt if running else None, missing, barred, None if sanctions.until_fulfilled(row) else row.last_day, took)  # fmt: skip


def _asked(book: Book, on: date) -> tuple[tuple[str, ...], tuple[Basis, ...]]:
    """The papers, and the rules that the first day and the papers rest on."""
    try:
        materials, earliest = book.rule("repair.materials", on), book.rule("repair.earliest", on)
    except (NoPackInForce, NoSuchRule):
        return (), ()
    return tuple(materials.items or ()), (earliest.basis, materials.basis)


# -- how long such repairs took


def took_by_class(book: Book, conn: sa.Connection, moment: Moment) -> dict[str, Took]:
    """By national class of the decision that was to be repaired; of the most recent ones."""
    rows = repairs.decided(conn, moment, RECENT)
    classes = sanctions.classes(conn, moment, {row.sanction for row in rows})
    spans: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        spans[classes.get(row.sanction, "none")].append(days_taken(row.applied_on, row.decided_on, row.stops or (), book.calendar(row.decided_on)))
    return {code: told(found, book, moment.day) for code, found in spans.items()}


def told(days: Sequence[int], book: Book, on: date) -> Took:
    """Median and range; not told where there are too few to say what is usual."""
    if not enough(book, len(days), on, "fewest_ended"):
        return Took(len(days), None, None, None, False)
    return Took(len(days), round(median(days)), min(days), max(days), True)


def days_taken(applied_on: date, decided_on: date, stops: Sequence[Sequence[str | None]], calendar: Calendar) -> int:
    """Working days after the application through the decision, without those on which the applicant was asked for more."""
    whole = working_days_between(applied_on, decided_on, calendar)
    for after, through in stops:
        first = max(date.fromisoformat(str(after)), applied_on)
        last = min(date.fromisoformat(through), decided_on) if through else decided_on
        whole -= max(working_days_between(first, last, calendar), 0)
    return max(whole, 0)


def plan_json(row: Any, plan: Plan) -> dict[str, Any]:
    """PLAN as the API tells it."""
    return {
        "sanction": str(row.sanction), "document_number": row.document_number, "state": plan.state, "earliest": _iso(plan.earliest),
        "last_day": _iso(plan.last_day), "papers": list(plan.papers), "missing": list(plan.missing), "fulfilled_on": _iso(row.fulfilled_on),
        "barred_until": _iso(plan.barred_until), "application": plan.application, "receipt": plan.receipt,
        "took": {"n": plan.took.n, "enough": plan.took.enough, "unit": "working_days", "median": plan.took.median, "low": plan.took.low,
                 "high": plan.took.high},
        "basis": [basis_json(one) for one in plan.basis],
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
