"""One history, told event by event, against the table of loops and the rules of procedure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from domain import loops
from domain.act import CHINA
from domain.aggregate import Aggregate
from domain.breach import events as b
from domain.breach.case import Case, Law
from domain.conformance.deviation import Deviation
from domain.conformance.procedure import CLAUSES, OF_A_CASE, OF_A_CONTRACT, OF_A_REPAIR, OWNER, Asked
from domain.contract.contract import Contract
from domain.contract.events import ContractSigned
from domain.events import Event, Told
from domain.loops import KIND, Kept, Open, receipt_of
from domain.loops.breaches import KIND as BREACHED
from domain.party.events import CommitmentBroken, CommitmentKept, CommitmentWithdrawn
from domain.policy.book import Book
from domain.repair.repair import Repair
from domain.rules import Basis, Rule, ask

MOOT = (b.CaseDismissed, b.TransferredToAuthority)  # end whatever was still owed, rightly


class Knowing(NamedTuple):
    """What is asked beside the history: the law of a position, where an account decides, for whom an account counts, a case."""

    book_of: Callable[[int], Book]
    regions_of: Callable[[str], frozenset[str]]
    counts_as: Callable[[str, date], frozenset[str]]
    case_of: Callable[[Any], Case | None]


def deviations(stands: Sequence[Told], day: date, knowing: Knowing) -> Iterator[Deviation]:
    """Every deviation of a stream as it stands, in its latest wording, seen on a day; with its answer, or whether it waits for one."""
    if not stands:
        return
    answers = {one.event.loop: one.event.outcome for one in stands if isinstance(one.event, b.ProcedureAnswered)}
    kept = Kept({}, _Watched())
    for found in [*_of_loops(stands, day, knowing, kept), *of_procedure(stands, knowing)]:
        yield found._replace(answer=answers.get(found.loop), waiting=f"{BREACHED}:{found.loop}" in kept.loops)


# -- the table of loops


class _Watched(dict[str, Open]):
    """The open loops of a stream, and those that the event at hand has closed."""

    def __init__(self) -> None:
        super().__init__()
        self.closed: list[Open] = []

    def __delitem__(self, name: str) -> None:
        self.closed.append(self[name])
        super().__delitem__(name)


def _of_loops(stands: Sequence[Told], day: date, knowing: Knowing, kept: Kept) -> Iterator[Deviation]:
    """What was done late or left undone; tells the loops of the stream into `kept` on the way."""
    watched: Any = kept.loops
    for one in stands:
        if not isinstance(one.event, loops.CONCERNED):
            continue
        watched.closed.clear()
        loops.tell(one.event, kept, knowing.book_of(one.position), one.position)
        for loop in watched.closed:
            if _dated(loop) and loop.due_on is not None and one.day > loop.due_on and not _moot(loop, one.event):
                yield _deviation("late", loop, one.day, one.position, knowing)
        if isinstance(one.event, b.CaseClosed):
            for loop in loops.open_on(watched.values(), one.day):
                if KIND[loop.kind].holds_case:
                    yield _deviation("unclosed", loop, one.day, one.position, knowing)
    for loop in loops.open_on(watched.values(), day):
        if _dated(loop) and loop.due_on is not None and loop.due_on < day:
            yield _deviation("overdue", loop, None, 0, knowing)


def _moot(loop: Open, event: Event) -> bool:
    """Does the event end the matter itself, so that this is no longer owed? A superior's answer is what the referral waited for."""
    if isinstance(event, CommitmentKept | CommitmentBroken | CommitmentWithdrawn):
        return loop.kind == "commitment"  # a promise is not kept late because the office looked late
    return isinstance(event, MOOT) or (isinstance(event, b.ReferralAnswered) and loop.kind != "referral")


def _dated(loop: Open) -> bool:
    """Does somebody owe it by its day? A window ends by itself, and what a rule ends nobody owes."""
    return not KIND[loop.kind].window and loop.owed_by not in ("rule", "outside")


def _deviation(kind: str, loop: Open, on: date | None, position: int, knowing: Knowing) -> Deviation:
    basis = loop.basis or receipt_of(loop, knowing.book_of(loop.counted or position), with_days=False)[1]
    events = tuple(place for place in (loop.counted, position) if place)
    return Deviation(kind, loop.kind, loop.key, KIND[loop.kind].zh, {}, loop.owed_by, loop.account, basis, loop.due_on, on, events)


# -- the rules of procedure


def of_procedure(stands: Sequence[Told], knowing: Knowing) -> Iterator[Deviation]:
    """Every rule of procedure that an event of a contract, a case or an application did not keep."""
    kind, table = _judged(stands[0].event)
    if kind is None or not any(type(one.event) in table for one in stands):
        return
    aggregate = kind(stands[0].stream)
    before: list[int] = []
    for one in stands:
        if (asked := table.get(type(one.event))) is not None:
            yield from _not_kept(aggregate, one, asked, before[-1:], knowing)
        aggregate.retell(one)
        before.append(one.position)


def _judged(first: Event) -> tuple[type[Aggregate] | None, Mapping[type[Event], Asked]]:
    if isinstance(first, ContractSigned):
        return Contract, OF_A_CONTRACT
    if isinstance(first, b.CaseOpened):
        return Case, OF_A_CASE
    return (Repair, OF_A_REPAIR) if first.topic.startswith("repair.applied/") else (None, {})


def _not_kept(aggregate: Any, one: Told, asked: Asked, before: list[int], knowing: Knowing) -> Iterator[Deviation]:
    book, event = knowing.book_of(one.position), one.event
    recorded = one.recorded_at.astimezone(CHINA).date() if one.recorded_at else one.day
    law = Law(book, recorded, event.by, knowing.regions_of(event.by), event.via, knowing.counts_as)
    case = knowing.case_of(aggregate) if isinstance(aggregate, Repair) else None
    if isinstance(aggregate, Repair) and case is None:
        return
    about = (*asked.about(event), *([case] if case is not None else []), *asked.told(law))
    for rule in asked.procedure:
        clause = _clause(rule, book, one.day)
        if clause is not None and (broken := ask(rule, aggregate, *about)) is not None:
            owner = OWNER.get(type(event), "decider")
            yield Deviation("procedure", broken.code, str(one.version), broken.sentence, broken.values, owner, event.by, broken.basis or clause, None, one.day,
                            (*before, one.position))  # fmt: skip


def _clause(rule: Rule, book: Book, on: date) -> Basis | None:
    """The rule of the packs that makes it procedure on the day; None while none was in force."""
    try:
        found = book.rule_if_any(CLAUSES[rule.__name__], on)
    except LookupError:
        return None
    return found.basis if found is not None else None
