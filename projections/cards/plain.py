"""Plain JSON values for what cards show: money, dates, bases, deadlines, loops."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID, uuid5

import msgspec

from domain import loops as loop_table
from domain.days.deadline import Receipt
from domain.events import Told
from domain.loops import Open, receipt_of
from domain.loops.breaches import KIND as BREACHED
from domain.rules import Basis
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.policy.book import Book

Json = dict[str, Any]


def money(value: Money | None) -> Json | None:
    return None if value is None else {"amount": f"{value.amount:f}", "currency": value.currency}


def day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def basis(value: Basis | None) -> Json | None:
    return None if value is None else dict(msgspec.to_builtins(value))


def due(receipt: Receipt | None, rests_on: Basis | None, on: date) -> Json | None:
    """DUE: a deadline with every day that counted or did not, as seen on a day."""
    if receipt is None:
        return None
    days = [{"on": one.on.isoformat(), "counts": one.counts, "why": one.why, **({"event": one.event} if one.event else {})} for one in receipt.days]
    return {
        "on": receipt.on.isoformat(), "from": receipt.start.isoformat(), "count": receipt.count, "unit": receipt.unit,
        "overdue": on > receipt.on, "provisional": receipt.provisional, "basis": basis(rests_on), "days": days,
    }  # fmt: skip


def loop_id(owner: UUID, one: Open) -> UUID:
    """What names one loop of one stream; also the command id under which its window's end is recorded."""
    return uuid5(owner, f"{one.kind}:{one.key}:{one.start}")


def stop(after: str | None, through: str | None, event: str | None, resumed: str | None = None) -> Json:
    """A stop of the clock: the days after `after` through `through` (null: it still stands), by which event, ended by which."""
    return {"after": after, "through": through, "event": event, "resumed": resumed}


PLACES = {"contract": "contracts", "case": "cases", "repair": "repairs", "policy": "policy", "organisation": "parties", "commitment": "commitments"}


def loop(owner: UUID, subject: str, one: Open, book: Book, on: date, days: bool = True, named: str | None = None) -> Json:
    """LOOP: what is owed, by whom, by when, under which rule, and which act comes next; `days`: with each day of the deadline.

    `named`: by what its subject is addressed, where that is not the stream's id.
    """
    receipt, rests_on = receipt_of(one, book, with_days=days, today=on)
    told = due(receipt, rests_on, on)
    if told is not None and one.start is not None:
        told["from"] = one.start.isoformat()
    return {
        "id": str(loop_id(owner, one)), "kind": one.kind, "key": one.key, "title": one.title, "stage": one.stage,
        "subject": f"/api/v1/{PLACES[subject]}/{named or owner}", "owed_by": one.owed_by, "account": one.account, "state": "open",
        "due": told, "next": one.next, "window": one.ends_on is not None, "stops": [stop(*each) for each in one.stops],
        "moved": None if one.moved_on is None else {"was": day(one.was), "on": one.moved_on.isoformat()},
    }  # fmt: skip


def urgent_first(loops: Iterable[Json]) -> list[Json]:
    return sorted(loops, key=lambda one: ((one["due"] or {}).get("on") or "9999-12-31", one["kind"], one["id"]))


# How much of a card is made: all with each day of the deadlines; loops with their due day alone; the terms of payments and no loops; neither.
Depth = Literal["days", "due", "terms", "none"]


def loops_of(stream: UUID, subject: str, told: Sequence[Told], book: Book, on: date, depth: Depth) -> list[Json]:
    """The loops of a stream that are open on a day, the most urgent first; not what the office owes for its own procedure."""
    if depth in ("terms", "none"):
        return []
    open_now = loop_table.open_on(loop_table.told(told, book).loops.values(), on)
    return urgent_first(loop(stream, subject, one, book, on, depth == "days") for one in open_now if one.kind != BREACHED)
