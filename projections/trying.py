"""规则包试算: all of history told twice, under the law as adopted and with a draft in it; nothing is written.

The rows compared are those that a rebuild would make: the folds of the views `loops` and `sanctions` themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import sqlalchemy as sa

from domain import loops as loop_table
from domain.breach.events import CaseOpened, SanctionDecided
from domain.contract.events import ContractSigned
from domain.events import Told, as_corrected
from domain.loops import Kept, Open
from domain.party.events import CommitmentMade
from domain.policy.heard import Alike, Heard
from domain.policy.pack import Pack
from domain.repair.events import RepairApplied
from domain.trying import BookOf, Failure, Rejudged, drafted, rejudged_case, rejudged_repair
from projections import cases, commitments, contracts, loops, repairs, sanctions
from projections.temporal.moment import NO_END
from projections.temporal.rows import BookUnread, Life, Shape
from projections.temporal.tables import value_columns
from projections.temporal.view import View

AT_ONCE = 200  # streams read together
FIELDS: Mapping[str, str] = {
    "national_class": "sanction", "industry_class": "sanction", "points": "sanction", "last_day": "period", "repairable_from": "repair_date",
}  # fmt: skip
KINDS = ("sanction", "period", "repair_date", "deadline", "no_answer")
Key = tuple[str, str]  # a sanction and its field; a loop and the day from which it runs
Facts = dict[Key, Any]


class Log(Protocol):
    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]: ...


class Difference(NamedTuple):
    """What would have been otherwise: of which company, in which contract, case or application."""

    kind: str
    subject: str
    id: UUID
    number: str
    party: str
    region: str
    what: str  # a field of the sanction, or a kind of loop
    about: str  # a document number, or a loop's key
    before: Any
    after: Any
    case: UUID | None = None
    contract: UUID | None = None


class Tried(NamedTuple):
    events: int
    streams: int
    differences: list[Difference]


def with_draft(book_of: BookOf, draft: Pack) -> BookOf:
    """The law of each position as if the draft had been adopted before everything, and last."""
    return drafted(book_of, lambda book: book.trying(draft))


def owners(conn: sa.Connection) -> list[tuple[str, list[UUID]]]:
    """Every contract, case, application and commitment that the views know, cases before applications."""
    views = (("contract", contracts.view), ("case", cases.view), ("repair", repairs.view), ("commitment", commitments.view))
    return [(subject, list(conn.scalars(sa.select(view.table.c.owner).distinct().order_by(view.table.c.owner)))) for subject, view in views]


def tried(log: Log, streams: Iterable[tuple[str, Sequence[UUID]]], book_of: BookOf, draft: Pack, on_way: Callable[[int, int], bool] | None = None) -> Tried:
    """Run history under a draft. `on_way(done, whole)` is told of each step; it may ask to stop by True."""
    work = [(subject, list(ids)) for subject, ids in streams]
    whole, done, events = sum(len(ids) for _, ids in work), 0, 0
    trial = _Trial(book_of, with_draft(book_of, draft))
    found: list[Difference] = []
    for subject, ids in work:
        for start in range(0, len(ids), AT_ONCE):
            some = ids[start : start + AT_ONCE]
            for told in log.of(some).values():
                events += len(told)
                found += trial.differences(subject, told)
            done += len(some)
            if on_way is not None and on_way(done, whole):
                return Tried(events, done, found)
    return Tried(events, whole, found)


class _Trial:
    """The two books, and what a case changes for its applications."""

    def __init__(self, book_of: BookOf, draft_of: BookOf) -> None:
        self._book_of, self._draft_of = book_of, draft_of
        self._heard: dict[int, tuple[Heard, Alike]] = {}
        self._repairable: dict[UUID, date] = {}
        self._shapes = {view.name: _shape(view) for view in (loops.view, sanctions.view)}

    def differences(self, subject: str, told: list[Told]) -> Iterator[Difference]:
        stands = as_corrected(told)
        other = self._rejudged(subject, stands)
        about = whose(subject, stands[0])
        if about is None:
            return
        heard = list[int]()
        now, _ = self.facts(stands, lambda position: self._listening(position, heard))
        if other.told is stands and self._answered_alike(heard):
            return  # told again it would be the same
        then, missing = self.facts(other.told, self._draft_of)
        for position, why in [*other.failed, *missing]:
            yield about._replace(kind="no_answer", what=why, about=str(position))
        if missing:
            return
        documents = {str(one.event.sanction): one.event.document_number for one in stands if isinstance(one.event, SanctionDecided)}
        for (name, part), was, would in _unlike(now, then):
            field = part in FIELDS
            kind, what = (FIELDS[part], part) if field else ("deadline", name.partition(":")[0])
            named = (documents.get(name) or name) if field else name.partition(":")[2]
            yield about._replace(kind=kind, what=what, about=named, before=was, after=would)

    def _listening(self, position: int, heard: list[int]) -> Any:
        """The book of a position, which remembers what this stream asks of it."""
        book = self._book_of(position)
        if id(book) not in self._heard:
            self._heard[id(book)] = (Heard(book), Alike(book, self._draft_of(position)))
        if id(book) not in heard:
            heard.append(id(book))
            self._heard[id(book)][0].asked.clear()
        return self._heard[id(book)][0]

    def _answered_alike(self, heard: Iterable[int]) -> bool:
        return all(alike.on(one.asked) for one, alike in (self._heard[book] for book in heard))

    def _rejudged(self, subject: str, stands: list[Told]) -> Rejudged:
        if subject == "case" and isinstance(stands[0].event, CaseOpened):
            other, moved = rejudged_case(stands, self._book_of, self._draft_of)
            self._repairable |= moved
            return other
        return rejudged_repair(stands, self._repairable) if subject == "repair" else Rejudged(stands, [])

    def facts(self, stands: Sequence[Told], book_of: Callable[[int], Any]) -> tuple[Facts, list[tuple[int, str]]]:
        """What the views would hold of a stream: sanctions by field, loops by their beginning with the day they are due."""
        at = stands[0].position
        try:
            found = facts_of(sanctions.view, self._rows(sanctions.view, stands, book_of)) if isinstance(stands[0].event, CaseOpened) else {}
            if any(later.day < one.day for one, later in pairwise(stands)):
                return found | facts_of(loops.view, self._rows(loops.view, stands, book_of)), []
            running = _Running()
            for one in stands:
                at = one.position
                running.day = one.day
                if isinstance(one.event, loop_table.CONCERNED):
                    loop_table.tell(one.event, Kept(running.facts, running), book_of(at), at)
            return found | running.due, []
        except (BookUnread, *Failure) as why:
            return {}, [(at, str(why))]

    def _rows(self, view: View, stands: Sequence[Told], book_of: Callable[[int], Any]) -> Iterator[tuple[str, date, Mapping[str, Any]]]:
        """The view's own fold, late events in their place among the days."""
        life, shape = Life(), self._shapes[view.name]
        for one in stands:
            if isinstance(one.event, view.kinds):
                for _ in life.tell(one, view.fold, shape, one.position, book_of):
                    pass
        return ((row.key, row.valid_to, row.values) for rows in life.versions.values() for row in rows)


class _Running(dict[str, Open]):
    """The open loops of a stream told in the order of its days, and when each was due that stood at the end of a day.

    For such a stream it holds what the view's rows would say, at a fraction of the work.
    """

    def __init__(self) -> None:
        super().__init__()
        self.day = date.min
        self.facts: dict[str, Any] = {}
        self.due: Facts = {}
        self._fresh: dict[str, tuple[date, Key, Any]] = {}  # put on this day, with what stood there before

    def __setitem__(self, name: str, one: Open) -> None:
        key = (name, str(one.start))
        self._take_back(name)
        self._fresh[name] = (self.day, key, self.due.get(key, _NOTHING))
        self.due[key] = one.due_on
        super().__setitem__(name, one)

    def __delitem__(self, name: str) -> None:
        self._take_back(name)
        super().__delitem__(name)

    def _take_back(self, name: str) -> None:
        """What stood for less than a day is in no row."""
        day, key, before = self._fresh.pop(name, (date.min, ("", ""), None))
        if day != self.day:
            return
        if before is _NOTHING:
            self.due.pop(key, None)
        else:
            self.due[key] = before


_NOTHING = object()


def facts_of(view: View, rows: Iterable[tuple[str, date, Mapping[str, Any]]]) -> Facts:
    """What of a view's rows, as known now, is compared: (key, last day, values) in the order of their days."""
    if view is sanctions.view:
        return {(key, name): values[name] for key, end, values in rows if key and end == NO_END for name in FIELDS}
    return {(key, str(values["start"])): values["due_on"] for key, _, values in rows if key}


def _shape(view: View) -> Shape:
    names = value_columns(view.table)
    return Shape(dict.fromkeys(names), frozenset(name for name in names if isinstance(view.table.c[name].type, sa.JSON)))


def _unlike(now: Facts, then: Facts) -> Iterator[tuple[Key, Any, Any]]:
    """Where two tellings differ; a loop that begins on another day is one loop, not two."""
    gone = {key: now[key] for key in now if key not in then}
    for key, would in then.items():
        if key in now:
            if now[key] != would:
                yield key, now[key], would
            continue
        twin = next((one for one in gone if one[0] == key[0]), None)
        was = gone.pop(twin) if twin is not None else None
        if was != would:
            yield key, was, would
    for key, was in gone.items():
        yield key, was, None


def whose(subject: str, first: Told) -> Difference | None:
    """A difference in this stream, with nothing said of it yet."""
    bare = Difference("", subject, first.stream, "", "", "", "", "", None, None)
    match first.event:
        case ContractSigned() as e:
            party = next((one.ref for one in sorted(e.contractors, key=lambda one: not one.lead)), e.authority.ref)
            return bare._replace(number=e.number, party=party, region=e.region, contract=first.stream)
        case CaseOpened() as e:
            return bare._replace(number=e.number, party=e.party, region=e.region, case=first.stream, contract=e.contract)
        case RepairApplied() as e:
            return bare._replace(number=e.receipt, party=e.party, region=e.region, case=e.case)
        case CommitmentMade() as e:
            return bare._replace(number=e.number, party=e.party, region=e.region, contract=e.contract)
    return None
