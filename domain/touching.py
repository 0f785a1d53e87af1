"""晚到的真相: which decisions, notices and publications rested on what a late or corrected event now shows to be otherwise.

Asked in the append that records the event; each one found is told to its case, where it opens a loop.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain import loops
from domain.act import Act
from domain.aggregate import Aggregate
from domain.breach import catalogue
from domain.breach import events as b
from domain.breach.case import Case
from domain.contract import events as c
from domain.contract.contract import Contract
from domain.events import SYSTEM, Event, Told, as_corrected, name_of
from domain.index import Index
from domain.ledger import stream_id
from domain.policy.book import Book
from domain.repair import events as r
from domain.repair.repair import Repair

# What each decision rests on, in its case and its repair; what those rest on in turn, it rests on too.
HEARD: tuple[type[Event], ...] = (b.NoticeServed, b.StatementReceived, b.HearingHeard, b.RectificationVerified)
GROUNDS: Mapping[type[Event], tuple[type[Event], ...]] = {
    b.NoticeServed: (b.CaseOpened,),
    b.RectificationOrdered: (b.CaseOpened,),
    b.BreachConfirmed: (b.CaseOpened, *HEARD),
    b.CaseDismissed: (b.CaseOpened, *HEARD),
    b.FindingReferred: (b.CaseOpened,),
    b.TransferredToAuthority: (b.CaseOpened,),
    b.SanctionDecided: (b.BreachConfirmed, b.LegalReviewPassed, b.CollectiveDecisionMade, *HEARD),
    b.ObjectionDecided: (b.SanctionDecided, b.ObjectionFiled),
    b.SanctionCorrected: (b.SanctionDecided,),
    b.RecordReclassified: (b.SanctionDecided,),
    b.SanctionPublished: (b.SanctionDecided, b.SanctionServed),
    r.RepairApproved: (b.SanctionDecided, b.SanctionFulfilled, r.RepairApplied, r.SupplementProvided, r.RepairVerified),
    r.RepairRefused: (b.SanctionDecided, b.SanctionFulfilled, r.RepairApplied, r.SupplementProvided, r.RepairVerified),
    r.RepairRejected: (b.SanctionDecided, b.SanctionFulfilled, r.RepairApplied, r.SupplementProvided),
}
TOUCHABLE: tuple[type[Event], ...] = (b.CaseOpened, *GROUNDS)
ABOUT_ITSELF = frozenset(Event.__struct_fields__)


@cache
def rests_on(kind: type[Event]) -> frozenset[type[Event]]:
    """Every kind of event that a decision of this kind rests on, at first or at second hand."""
    direct = GROUNDS.get(kind, ())
    return frozenset(direct).union(*[rests_on(one) for one in direct])


def touched(act: Act, changed: Sequence[Aggregate]) -> list[Aggregate]:
    """Tell the cases that are touched by what is about to be recorded; gives those that are not among `changed`."""
    mine: dict[UUID, Case] = {one.id: one for one in changed if isinstance(one, Case)}
    cases = dict(mine)
    for one in changed:
        for told in [each for each in one.pending_events if is_late(each.event, act.today)]:
            for case, place in _touched_by(act, one, told, cases):
                _tell(act, case, place, told)
    return [case for stream, case in cases.items() if stream not in mine and case.pending_events]


def is_late(event: Event, today: date) -> bool:
    """Is it said again, or told after its day?"""
    return event.corrects is not None or event.day < today


def _touched_by(act: Act, one: Aggregate, fact: Told, cases: dict[UUID, Case]) -> Iterator[tuple[Case, Told]]:
    match one:
        case Contract() if one.findings:
            stored = _stored(act, one.id)
            told = [*stored, *one.history[len(stored) :]]
            for case in [_case(act, stream, cases) for stream in one.findings.values()]:
                yield from ((case, place) for place in _by_contract(act, told, fact, case))
        case Case():
            places = [*_stored(act, one.id), *_of_repairs(act, one)]
            yield from ((one, place) for place in places if _rested(place, fact, one.id))
        case Repair() if one.case is not None:
            case = _case(act, one.case, cases)
            yield from ((case, place) for place in _stored(act, one.id) if _rested(place, fact, one.id))


def _case(act: Act, stream: UUID, cases: dict[UUID, Case]) -> Case:
    if stream not in cases:
        cases[stream] = act.ledger.get(Case, stream)
    return cases[stream]


def _stored(act: Act, stream: UUID) -> list[Told]:
    return act.ledger.of([stream]).get(stream, [])


def _of_repairs(act: Act, case: Case) -> list[Told]:
    found: list[Told] = []
    for sanction in case.sanctions:
        last = act.ledger.find(Index, stream_id("repair-of", str(sanction)))
        found += _stored(act, last.owner) if last is not None and last.owner is not None else []
    return found


def _rested(place: Told, fact: Told, stream: UUID) -> bool:
    """Does this decision rest on the corrected event, or would it have on the late one?"""
    if type(fact.event) not in rests_on(type(place.event)) or place.event.corrects is not None:
        return False
    if place.stream == stream and fact.event.corrects is not None:
        return fact.event.corrects < place.version
    return fact.event.corrects is not None or fact.event.day < place.event.day


# -- what a finding rests on in its contract


class Ground(NamedTuple):
    """What of a contract a finding and what follows it rest on: as it was known then, and as it is known now."""

    overdue: frozenset[str]
    check: tuple[Any, ...]
    price: Any


def _by_contract(act: Act, told: list[Told], fact: Told, case: Case) -> Iterator[Told]:
    """The finding, or what followed it, where the contract looked otherwise; with the finding falls all that follows."""
    finding_touched = False
    now = [one for one in told if one.version <= fact.version]
    for place in _stored(act, case.id):
        if not isinstance(place.event, TOUCHABLE) or place.event.corrects is not None:
            continue
        if not finding_touched and not _shows_otherwise(now, fact, place, case, act.book):
            continue
        finding_touched = finding_touched or isinstance(place.event, b.CaseOpened)
        yield place


def _shows_otherwise(now: list[Told], fact: Told, place: Told, case: Case, book: Book) -> bool:
    """Does the contract look otherwise than it did when this was done, and is it this fact that makes it so?"""
    if fact.event.corrects is None and fact.event.day >= place.event.day:
        return False
    then = [one for one in now if 0 < one.position <= place.position]
    ground = _ground(now, case, place.day, book)
    return ground != _ground(now[:-1], case, place.day, book) and ground != _ground(then, case, place.day, book)


def _ground(told: list[Told], case: Case, on: date, book: Book) -> Ground:
    behaviour = catalogue.behaviour(book, case.behaviour, case.opened_on)
    placed = as_corrected(told)
    stands = [one.event for one in placed]
    overdue = frozenset(name for day in (case.occurred_on, on) for name in _overdue(placed, behaviour.rests_on if behaviour else (), day, book))
    finding = next((one for one in stands if isinstance(one, c.FindingRecorded) and one.case == case.id), None)
    check = [_content(one) for one in stands if finding is not None and finding.check is not None and getattr(one, "check", None) == finding.check]
    priced = behaviour is not None and behaviour.fine is not None and behaviour.fine.of == "contract_price"
    price = [one.value for one in stands if priced and isinstance(one, c.ContractSigned | c.ContractAmended) and one.day <= on]
    return Ground(overdue, tuple(check), price)


def _overdue(stands: list[Told], kinds: Sequence[str], day: date, book: Book) -> list[str]:
    """Which loops of these kinds were overdue on a day."""
    if not kinds:
        return []
    kept = loops.told((one for one in stands if one.day <= day), book).loops
    return [f"{name} {day}" for name, one in kept.items() if one.kind in kinds and one.due_on is not None and one.due_on < day]


def _content(event: Event) -> Any:
    """What an event says, without who said it and why again."""
    return {name: value for name, value in msgspec.to_builtins(event).items() if name not in ABOUT_ITSELF}


# -- telling it


def _tell(act: Act, case: Case, place: Told, fact: Told) -> None:
    """Once for each that is touched; one that waits for its answer is answered in the light of all."""
    told = [one.event for one in case.history if isinstance(one.event, b.DecisionTouched)]
    if any((one.stream, one.version) == (place.stream, place.version) and case.touches[one.touch].outcome is None for one in told):
        return
    case.touch({
        "what": name_of(type(place.event)), "stream": place.stream, "version": place.version, "position": place.position, "fact": name_of(type(fact.event)),
        "fact_stream": fact.stream, "fact_version": fact.version, "fact_day": fact.event.day,
    }, act.today, SYSTEM, act.via)  # fmt: skip
