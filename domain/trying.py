"""假如: what the law makes of each event, asked of two books; where they differ, the event as the other would have had it.

Nobody's act is changed: who did what, and when, stays. Only what the law derived from it is derived again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.breach import catalogue
from domain.breach import events as b
from domain.breach.case import Case
from domain.breach.penalty import classified, service_day
from domain.events import Event, Told
from domain.policy.book import Book
from domain.repair import events as r

BookOf = Callable[[int], Book]
Made = dict[str, Any]
Failure = (LookupError, ValueError)  # the book has no answer: no pack, rule, code or period


class Rejudged(NamedTuple):
    """A stream as a draft would have had it (the same object where it is the same), and where the draft had no answer."""

    told: Sequence[Told]
    failed: list[tuple[int, str]]


def drafted(book_of: BookOf, add: Callable[[Book], Book]) -> BookOf:
    """The book as known at each position, the draft added to it."""
    made: dict[int, tuple[Book, Book]] = {}

    def with_draft(position: int) -> Book:
        book = book_of(position)
        if id(book) not in made:
            made[id(book)] = (book, add(book))
        return made[id(book)][1]

    return with_draft


def _notice(case: Case, e: b.NoticeServed, book: Book) -> Made:
    penal = case.kind == "administrative"
    return {"window_on": service_day(book, e.method, e.served_on), "hearing": penal and catalogue.hearing_offered(book, e.proposed.decision_types, e.served_on)}


def _order(case: Case, e: b.RectificationOrdered, book: Book) -> Made:
    return {} if e.basis is None else {"due_on": book.deadline("office.rectify", e.ordered_on, with_days=False)[0].on}


def _decision(case: Case, e: b.SanctionDecided, book: Book) -> Made:
    asked = b.Proposed(e.decision_types, e.fine, e.measures)
    return {**classified(case, asked, e.decided_on, book), "recipients": catalogue.recipients(book, e.decided_on)}


def _correction(case: Case, e: b.SanctionCorrected, book: Book) -> Made:
    made = classified(case, b.Proposed(e.decision_types, e.fine), case.sanctions[e.sanction].decided_on, book)
    return {name: value for name, value in made.items() if name != "to_be_published"}


def _reclassified(case: Case, e: b.RecordReclassified, book: Book) -> Made:
    one = case.sanctions[e.sanction]
    made = classified(case, b.Proposed(one.decision_types, one.fine), e.reclassified_on, book, from_day=one.decided_on)
    return {name: value for name, value in made.items() if name != "to_be_published"}


def _service(case: Case, e: b.SanctionServed, book: Book) -> Made:
    return {"effective_on": service_day(book, e.method, e.served_on)}


def _measure(case: Case, e: b.MeasureApplied, book: Book) -> Made:
    return {"ends_on": catalogue.measure_end(book, e.measure, e.applied_on, case.sanctions[e.sanction].decided_on)}


def _publication(case: Case, e: b.SanctionPublished, book: Book) -> Made:
    last = case.sanctions[e.sanction].last_day
    return {} if last is None else {"until": last}


MADE_BY_LAW: Mapping[type[Event], Callable[[Case, Any, Book], Made]] = {
    b.NoticeServed: _notice, b.RectificationOrdered: _order, b.SanctionDecided: _decision, b.SanctionCorrected: _correction,
    b.RecordReclassified: _reclassified, b.SanctionServed: _service, b.MeasureApplied: _measure, b.SanctionPublished: _publication,
}  # fmt: skip


def rejudged_case(stands: Sequence[Told], book_of: BookOf, draft_of: BookOf) -> tuple[Rejudged, dict[UUID, date]]:
    """A case (in its latest wording), and the first day of repair of those of its sanctions that have another."""
    now, then = Case(stands[0].stream), Case(stands[0].stream)
    told, failed = list[Told](), list[tuple[int, str]]()
    for one in stands:
        event = one.event
        if (make := MADE_BY_LAW.get(type(event))) is not None:
            changed, why = _changed(make, event, (now, book_of(one.position)), (then, draft_of(one.position)))
            failed += [(one.position, why)] if why else []
            event = msgspec.structs.replace(event, **changed) if changed else event
        other = one if event is one.event else msgspec.structs.replace(one, event=event)
        now.retell(one)
        then.retell(other)
        told.append(other)
    days = {key: (now.sanctions[key].repairable_from, each.repairable_from) for key, each in then.sanctions.items()}
    differs = any(one is not was for one, was in zip(told, stands, strict=True))
    return Rejudged(told if differs else stands, failed), {key: would for key, (was, would) in days.items() if would is not None and would != was}


def _changed(make: Callable[[Case, Any, Book], Made], event: Event, now: tuple[Case, Book], then: tuple[Case, Book]) -> tuple[Made, str]:
    """What the two make of an event otherwise, as the second makes it; or why the second cannot."""
    try:
        was = make(now[0], event, now[1])
    except Failure:
        return {}, ""  # nor has the law of the day an answer: what was recorded stands
    try:
        would = make(then[0], event, then[1])
    except Failure as why:
        return {}, str(why)
    return {name: value for name, value in would.items() if was.get(name) != value}, ""


def rejudged_repair(stands: Sequence[Told], repairable: Mapping[UUID, date]) -> Rejudged:
    """An application, where the sanction that it is about could first be repaired on another day."""
    first = stands[0].event
    if not isinstance(first, r.RepairApplied) or first.sanction not in repairable:
        return Rejudged(stands, [])
    return Rejudged([msgspec.structs.replace(one, event=_from_that_day(one.event, repairable)) for one in stands], [])


def _from_that_day(event: Event, repairable: Mapping[UUID, date]) -> Event:
    if isinstance(event, r.RepairApplied) and event.sanction in repairable:
        return msgspec.structs.replace(event, repairable_from=repairable[event.sanction])
    return event
