"""Deadline receipts: how one due date of a contract, a case or an application was counted, and what it was before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from domain import loops as loop_table
from domain.events import Told
from domain.ledger import NotThere
from domain.loops import Kept, Open
from domain.policy.book import Book
from domain.values.party import PartyRef
from projections.cards.plain import Json, loop, loop_id
from web import authority, resources
from web.asking import Asking


class Seen(NamedTuple):
    """A loop as it stood from an event on; the first and the last tell when it opened and closed."""

    one: Open
    from_event: Told
    open: bool


def receipt(asking: Asking, kind: str, stream: UUID, loop: UUID) -> Json:
    """RECEIPT: the loop (open, or as it last stood) with every day of its count, and each day that it was due before.

    A contract's page also knows the loops of its cases and applications. Raises NotThere.
    """
    subject, seen = found(asking, kind, stream, loop)
    return shown(asking, subject, seen)


def found(asking: Asking, kind: str, stream: UUID, loop: UUID) -> tuple[str, list[Seen]]:
    """The kind of stream that a loop is in, and every state in which it stood. Raises NotThere."""
    for subject, told in _streams(asking, kind, stream):
        if seen := history(told, asking.office.book_at(asking.moment), loop):
            return subject, seen
    raise NotThere("loop", loop)


def history(told: list[Told], book: Book, loop: UUID) -> list[Seen]:
    """Every state in which a loop stood, from its opening on; the last one says whether it is still open."""
    kept, seen = Kept({}, {}), list[Seen]()
    for one in told:
        if not isinstance(one.event, loop_table.CONCERNED):
            continue
        loop_table.tell(one.event, kept, book.known_at(one.position), one.position)
        now = next((each for each in kept.loops.values() if loop_id(one.stream, each) == loop), None)
        if now is not None and (not seen or now != seen[-1].one):
            seen.append(Seen(now, one, True))
        elif now is None and seen and seen[-1].open:
            seen.append(Seen(seen[-1].one, one, False))
    return seen


def of_authority(asking: Asking, ref: PartyRef, loop: UUID) -> Json:
    """RECEIPT of a loop of an authority itself. Raises NotThere."""
    return shown(asking, "organisation", found_of_authority(asking, ref, loop), str(ref))


def found_of_authority(asking: Asking, ref: PartyRef, loop: UUID) -> list[Seen]:
    """Every state in which a loop of an authority itself stood. Raises NotThere."""
    _, told = authority.organisation(asking.office, asking.actor, ref, asking.moment)
    if seen := history(told, asking.office.book_at(asking.moment), loop):
        return seen
    raise NotThere("loop", loop)


def _streams(asking: Asking, kind: str, stream: UUID) -> Iterator[tuple[str, list[Told]]]:
    office, actor, moment = asking.office, asking.actor, asking.moment
    yield kind, resources.find(office, actor, kind, stream, moment).told
    for other, ids in resources.below(office, kind, stream, moment):
        for found in resources.seen_streams(office, actor, other, ids, moment):
            yield other, found.told


def shown(asking: Asking, kind: str, seen: list[Seen], named: str | None = None) -> Json:
    """RECEIPT of a loop that was found; `named`: by what its subject is addressed, where that is not the stream's id."""
    book, moment = asking.office.book_at(asking.moment), asking.moment
    last = seen[-1]
    told = loop(last.from_event.stream, kind.removesuffix("s"), last.one, book, moment.day, named=named)
    versions: list[dict[str, Any]] = []
    for state in seen:
        due = state.one.due_on and state.one.due_on.isoformat()
        if not versions or (due, state.one.provisional) != (versions[-1]["on"], versions[-1]["provisional"]):
            at = state.from_event
            versions.append({"on": due, "provisional": state.one.provisional, "position": at.position,
                             "known": (at.recorded_at.date() if at.recorded_at else at.event.day).isoformat(), "topic": at.event.topic})  # fmt: skip
    if not last.open:
        told["state"] = "closed"
        if told["due"]:
            told["due"]["overdue"] = last.from_event.event.day.isoformat() > told["due"]["on"]
    return {"loop": resources.named_loops(asking.office, [told])[0], "versions": versions,
            "opened_by": _event(seen[0].from_event), "closed_by": None if last.open else _event(last.from_event)}  # fmt: skip


def _event(one: Told) -> Json:
    return {"position": one.position, "topic": one.event.topic, "on": one.event.day.isoformat()}
