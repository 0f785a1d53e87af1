"""闭环事项: the closed loop as data. What opens each loop, what closes it, who owes it, by when, and what comes next.

The desk, the lifecycle picture, what-comes-next, reminders and the closure of a case all read this one table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from domain.breach import events as b
from domain.contract import events as c
from domain.events import Event, Told
from domain.loops.breaches import BREACH, breach_of
from domain.loops.breaches import KIND as BREACHED
from domain.loops.case import CASE
from domain.loops.commitment import COMMITMENT
from domain.loops.contract import CONTRACT
from domain.loops.facts import note, note_law
from domain.loops.organisation import ORGANISATION
from domain.loops.policy import POLICY
from domain.loops.receipt import receipt_of
from domain.loops.recount import follow_window, recount
from domain.loops.repair import REPAIR
from domain.loops.sanction import SANCTION
from domain.loops.shape import AGREED, STAGES, Facts, Kept, Loop, Open, Opening
from domain.policy.events import DeadlinesRecounted
from domain.repair import events as r

if TYPE_CHECKING:
    from domain.policy.book import Book

__all__ = [
    "AGREED",
    "CONCERNED",
    "KIND",
    "LOOPS",
    "STAGES",
    "Facts",
    "Kept",
    "Loop",
    "Open",
    "Opening",
    "expired",
    "note",
    "note_law",
    "open_on",
    "opened",
    "receipt_of",
    "tell",
    "told",
]

LOOPS: tuple[Loop, ...] = (*CONTRACT, *CASE, *SANCTION, *REPAIR, *BREACH, *POLICY, *ORGANISATION, *COMMITMENT)
KIND = {loop.kind: loop for loop in LOOPS}
_opening: dict[type[Event], list[Loop]] = {}
_closing: dict[type[Event], list[Loop]] = {}
for _loop in LOOPS:
    for _kind in _loop.opens:
        _opening.setdefault(_kind, []).append(_loop)
    for _kind in _loop.closes:
        _closing.setdefault(_kind, []).append(_loop)

OTHERS = (
    c.ContractAmended,
    c.ContractAssigned,
    b.CaseHandedOver,
    b.CaseWorksClassed,
    b.RecusalDecided,
    r.RecipientAcknowledged,
    DeadlinesRecounted,
)  # open and close none
CONCERNED: tuple[type[Event], ...] = tuple(dict.fromkeys([*_opening, *_closing, *OTHERS]))


def tell(event: Event, kept: Kept, book: Book, position: int = 0) -> None:
    """Fold one event into the loops of its stream: note, close, open. `book`: as known at its log position (0: not yet recorded)."""
    if isinstance(event, DeadlinesRecounted):
        recount(kept, book, position, event.on)
        return
    before = dict(kept.facts)
    note(event, kept.facts, position)
    note_law(event, kept.facts, book)
    breaches: list[tuple[Open, Opening]] = []
    for loop in _closing.get(type(event), ()):
        keys = loop.closes[type(event)](event, kept.facts)
        ended = _of_kind(kept, loop.kind) if keys is None else [f"{loop.kind}:{key}" for key in keys]
        for name in ended:
            if name in kept.loops:
                one = kept.loops[name]
                del kept.loops[name]  # so that it is heard by those who watch what is closed, which `pop` is not
                breaches += [(one, breach)] if (breach := breach_of(loop, one, event, book)) is not None else []
    for loop in _opening.get(type(event), ()):
        for opening in loop.opens[type(event)](event, before if loop.kind == "withdrawal" else kept.facts):
            kept.loops[f"{loop.kind}:{opening.key}"] = _place(loop, opening, opening.start or event.day, kept.facts, book, position)
    for one, breach in breaches:
        kept.loops[f"{BREACHED}:{breach.key}"] = replace(_place(KIND[BREACHED], breach, event.day, kept.facts, book, position), stage=one.stage)
    _after(event, kept)


def _of_kind(kept: Kept, kind: str) -> list[str]:
    return [one for one in kept.loops if one.partition(":")[0] == kind]


def _after(event: Event, kept: Kept) -> None:
    match event:
        case r.RepairAccepted() if (running := kept.loops.get("repair_decision:")) is not None and running.due_on is not None:
            kept.facts["decide_by"] = running.due_on.isoformat()
        case b.NoticeServed() if (waiting := kept.loops.get("confirmation:")) is not None:
            kept.loops["confirmation:"] = follow_window(waiting, date.fromisoformat(kept.facts["window_end"]))
        case b.SanctionPublished():
            kept.facts["public"] = {**kept.facts.get("public", {}), str(event.sanction): event.published_on.isoformat()}
        case b.PublicityEnded() | b.PublicityWithdrawn():
            kept.facts["public"] = {one: since for one, since in kept.facts.get("public", {}).items() if one != str(event.sanction)}
        case b.StatementReceived() if (waiting := kept.loops.get("confirmation:")) is not None:
            kept.loops["confirmation:"] = replace(waiting, opens_on=event.received_on)


def _place(loop: Loop, opening: Opening, start: date, facts: Facts, book: Book, position: int = 0) -> Open:
    stopped = loop.stage == "repair" and loop.owed_by != "applicant"
    one = Open(
        kind=loop.kind, key=opening.key, stage=loop.stage, owed_by=opening.owed_by or loop.owed_by,
        next=opening.next or loop.next, title=opening.title, start=start, rule=opening.rule, length=opening.length,
        unit="date", due_on=opening.due_on, provisional=False, opens_on=opening.opens_on or start, ends_on=None,
        stops=[list(one) for one in facts.get("stops", [])] if stopped else [], total=opening.total,
        total_from=opening.total_from, basis=None, account=opening.account, counted=position,
    )  # fmt: skip
    receipt, basis = receipt_of(one, book, with_days=False, today=start)  # a clock that still stands has stood until now
    if receipt is None:
        return replace(one, basis=basis)
    return replace(
        one, due_on=receipt.on, unit=receipt.unit, provisional=receipt.provisional, basis=basis,
        ends_on=receipt.on if loop.window else opening.ends_on,
    )  # fmt: skip


def opened(kind: str, opening: Opening, book: Book, position: int = 0) -> Open:
    """A loop as an opening alone would make it, by the book as known at a position (0: by this one), for showing what is or was due."""
    if opening.start is None:
        raise ValueError(f"an opening of {kind} without a start")
    return _place(KIND[kind], opening, opening.start, {}, book.known_at(position) if position else book, position)


def open_on(loops: Iterable[Open], day: date) -> list[Open]:
    """Those that are open on a day: begun, and not a window that has run out."""
    return [one for one in loops if one.opens_on <= day and (one.ends_on is None or day <= one.ends_on)]


def told(events: Iterable[Told], book: Book) -> Kept:
    """The loops of one stream, told from its events in order, each by the book as it was known then."""
    kept = Kept({}, {})
    for one in events:
        if isinstance(one.event, CONCERNED):
            tell(one.event, kept, book.known_at(one.position) if one.position else book, one.position)
    return kept


def expired(loops: Iterable[Open], day: date) -> list[tuple[Open, date]]:
    """Windows whose end lies before a day and is not yet recorded: (loop, its last day)."""
    return [(one, one.ends_on) for one in loops if one.ends_on is not None and one.ends_on < day]
