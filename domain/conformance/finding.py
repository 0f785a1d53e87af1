"""Putting on record that a rule of procedure was not kept: from then on it is a loop that a decider answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache, partial
from typing import Any
from uuid import UUID

from domain.access.acting import acting, counts_as
from domain.act import Act
from domain.aggregate import Aggregate
from domain.breach.case import Case
from domain.breach.commands import DECIDERS
from domain.breach.events import ProcedureBreachFound
from domain.conformance.history import Knowing, of_procedure
from domain.contract.contract import Contract
from domain.events import SYSTEM, Told, as_corrected
from domain.index import Index
from domain.ledger import Ledger, stream_id
from domain.party.commitment import Commitment
from domain.policy.book import Book
from domain.repair.repair import Repair
from domain.touching import touched

AUDITORS = ("auditor",)
Judged = Contract | Case | Repair | Commitment


def knowing_of(ledger: Ledger, book_of: Callable[[int], Book], today: date) -> Knowing:
    """What the check asks beside the histories; each account and case once."""

    @cache
    def regions(account: str) -> frozenset[str]:
        actor = acting(ledger, UUID(account), today) if account != SYSTEM else None
        return actor.regions(DECIDERS) if actor is not None else frozenset()

    @cache
    def case(stream: UUID | None) -> Case | None:
        return ledger.find(Case, stream) if stream is not None else None

    return Knowing(book_of, regions, partial(counts_as, ledger), lambda repair: case(repair.case))


def record_breaches(act: Act, kind: type[Judged], stream: UUID) -> int:
    """By an auditor: whatever the check finds in a contract, a case or an application and is not yet on record; how many there were."""
    found: Any = act.ledger.get(kind, stream)
    act.permit(AUDITORS, found.region, getattr(found, "parties", None) or [found.party], stream)
    count = _record(act, found, act.ledger.of([stream])[stream], act.by, _knowing(act))
    if count:
        act.save(found)
    return count


def what_follows(act: Act, changed: Sequence[Aggregate]) -> list[Aggregate]:
    """What is recorded in the same append by the system: the decisions touched, and the rules that a correction shows not to have been kept."""
    return [*touched(act, changed), *_shown_by_corrections(act, changed)]


def _shown_by_corrections(act: Act, changed: Sequence[Aggregate]) -> Iterator[Aggregate]:
    """In what is corrected, and where a decision is, in the applications that rest on it; gives those not among `changed`."""
    for one in changed:
        if not isinstance(one, Judged) or all(told.event.corrects is None for told in one.pending_events):
            continue
        knowing = _knowing(act)
        _record(act, one, _whole(act, one), SYSTEM, knowing)
        for repair in _repairs_of(act, one, changed):
            if _record(act, repair, _whole(act, repair), SYSTEM, knowing._replace(case_of=lambda _, case=one: case)):  # type: ignore[misc]
                yield repair


def _knowing(act: Act) -> Knowing:
    return knowing_of(act.ledger, lambda position: act.book.known_at(position) if position else act.book, act.today)


def _whole(act: Act, one: Aggregate) -> list[Told]:
    """A stream with what is about to be recorded in it."""
    stored = act.ledger.of([one.id]).get(one.id, [])
    return [*stored, *one.history[len(stored) :]]


def _repairs_of(act: Act, one: Judged, changed: Sequence[Aggregate]) -> Iterator[Repair]:
    for sanction in one.sanctions if isinstance(one, Case) else ():
        last = act.ledger.find(Index, stream_id("repair-of", str(sanction)))
        if last is not None and last.owner is not None and all(other.id != last.owner for other in changed):
            yield act.ledger.get(Repair, last.owner)


def _record(act: Act, one: Any, told: Sequence[Told], by: str, knowing: Knowing) -> int:
    """Each once, whether or not it was answered; how many were recorded."""
    known = {each.event.loop for each in told if isinstance(each.event, ProcedureBreachFound)}
    new = [found for found in of_procedure(as_corrected(told), knowing) if found.loop not in known]
    for found in new:
        one.happen(ProcedureBreachFound(rule=found.code, place=int(found.key), found_on=act.today, basis=found.basis, by=by, via=act.via))
    return len(new)
