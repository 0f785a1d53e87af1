"""Counting open deadlines anew when the law has changed: which days move, and what is kept of the days they were."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from domain.loops.receipt import receipt_of
from domain.loops.shape import Kept, Open
from domain.policy.events import Moved

if TYPE_CHECKING:
    from domain.policy.book import Book


def recount(kept: Kept, book: Book, position: int, on: date) -> None:
    """Count every open loop by the book as known at `position`. What moves keeps the day that it was, and since when."""
    _count_window(kept, book, position, on)
    for name in list(kept.loops):
        kept.loops[name] = _counted(kept.loops[name], book, position, on)
    if (running := kept.loops.get("repair_decision:")) is not None and running.due_on is not None and "decide_by" in kept.facts:
        kept.facts["decide_by"] = running.due_on.isoformat()


def moves(before: Kept, book: Book, position: int, on: date) -> list[Moved]:
    """What a recount at this position would move: loops with another last day, or no longer (or newly) provisional."""
    after = Kept(dict(before.facts), dict(before.loops))
    recount(after, book, position, on)
    pairs = [(name, one, after.loops[name]) for name, one in before.loops.items()]
    return [Moved(name, old.due_on, new.due_on, new.provisional) for name, old, new in pairs
            if (old.due_on, old.provisional) != (new.due_on, new.provisional)]  # fmt: skip


def follow_window(waiting: Open, end: date) -> Open:
    """The confirmation waits for the end of the statement window."""
    return replace(waiting, opens_on=end + timedelta(days=1))


def _count_window(kept: Kept, book: Book, position: int, on: date) -> None:
    """A statement window that still runs moves what waits for its end."""
    window = next((one for name, one in kept.loops.items() if name.partition(":")[0] == "statement_window"), None)
    if window is None or _is_over(window, on):
        return
    receipt, _ = receipt_of(replace(window, counted=position), book, with_days=False)
    waiting = kept.loops.get("confirmation:")
    if receipt is None or receipt.on.isoformat() == kept.facts.get("window_end"):
        return
    old, kept.facts["window_end"] = kept.facts.get("window_end"), receipt.on.isoformat()
    if waiting is not None:
        follows = waiting.start is not None and waiting.start.isoformat() == old
        kept.loops["confirmation:"] = follow_window(replace(waiting, start=receipt.on) if follows else waiting, receipt.on)


def _counted(one: Open, book: Book, position: int, on: date) -> Open:
    receipt, basis = receipt_of(replace(one, counted=position), book, with_days=False, today=on)
    if receipt is None or one.unit == "date" or _is_over(one, on):
        return one
    new = replace(one, counted=position, due_on=receipt.on, provisional=receipt.provisional, basis=basis,
                       ends_on=receipt.on if one.ends_on is not None and one.ends_on == one.due_on else one.ends_on)  # fmt: skip
    if (new.due_on, new.provisional) == (one.due_on, one.provisional):
        return new
    return replace(new, was=one.due_on, moved_on=on)


def _is_over(one: Open, on: date) -> bool:
    """A window that has run out stays run out, whatever the law says later."""
    return one.ends_on is not None and one.ends_on < on
