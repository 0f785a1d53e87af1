"""What a loop is: its kind as a row of the table, an opening, and an open one as it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from domain.events import Event
from domain.rules import Basis

STAGES = ("signing", "checks", "findings", "sanctions", "repair", "closed")
AGREED_DAY = "agreed-day"  # in the place of a second rule: the day itself was agreed, and ends it if it comes first
AGREED = Basis("contract", 1, "agreed", "合同约定", "confirmed")
SET = Basis("decision", 1, "set", "决定或通知写明", "confirmed")  # a day that an authority's own act names
PROMISED = Basis("commitment", 1, "promised", "承诺书写明", "confirmed")  # a day that a commitment names
OF_CONTRACT = ("signing", "checks", "closed")


class Opening(NamedTuple):
    """A loop that an event opens: from when, and by which rule (or own day) it is due."""

    key: str = ""
    start: date | None = None
    rule: str | None = None
    due_on: date | None = None
    length: int | None = None
    opens_on: date | None = None
    owed_by: str | None = None
    title: str = ""
    total: str | None = None  # a second rule that also ends it: (rule counted from `total_from`)
    total_from: date | None = None
    account: str | None = None
    next: str | None = None  # where the table's own would lead astray
    ends_on: date | None = None  # the day after which nobody can close it any more


Facts = MutableMapping[str, Any]
Opens = Callable[[Any, Facts], Iterable[Opening]]
Closes = Callable[[Any, Facts], "Iterable[str] | None"]  # keys; None: every open one of this kind


class Loop(NamedTuple):
    """One kind of loop. A window closes by its own end; everything else only by an event."""

    kind: str
    zh: str
    stage: str
    owed_by: str
    next: str
    opens: Mapping[type[Event], Opens]
    closes: Mapping[type[Event], Closes]
    window: bool = False
    holds_case: bool = True  # must be closed before its case may be


class Open(msgspec.Struct, frozen=True):
    """An open loop as it is kept in a view: everything that its deadline can be told from again."""

    kind: str
    key: str
    stage: str
    owed_by: str
    next: str
    title: str
    start: date | None
    rule: str | None
    length: int | None
    unit: str
    due_on: date | None
    provisional: bool
    opens_on: date
    ends_on: date | None  # of a window: its last day
    stops: list[list[str | None]]
    total: str | None
    total_from: date | None
    basis: Basis | None
    account: str | None
    counted: int = 0  # the log position whose book it is counted by
    was: date | None = None  # what it was before it was counted anew
    moved_on: date | None = None  # when that was


class Kept(NamedTuple):
    """How loops are kept: the facts of the stream, and its open loops by `kind:key`."""

    facts: Facts
    loops: MutableMapping[str, Open]


# -- ways to open and close


def every(_: Any, __: Facts) -> None:
    """Closes every open loop of its kind."""


def by(field: str) -> Closes:
    """Closes the loop whose key the event names."""
    return lambda e, f: [str(getattr(e, field))]


def once(rule: str, start: str, **more: Any) -> Opens:
    """Opens one loop, due by a rule counted from a day that the event names."""
    return lambda e, f: [Opening(start=getattr(e, start), rule=rule, **more)]


def end(kind: str) -> Closes:
    """Closes the window whose end was recorded."""
    return lambda e, f: [e.loop.partition(":")[2]] if e.loop.partition(":")[0] == kind else ()


def amount(text: str) -> Decimal:
    return Decimal(text)
