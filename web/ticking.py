"""The clock's work: ends of windows that ran out unused are recorded, once, dated at their last day, by the system."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from domain import loops as loop_table
from domain.act import Act, digest_of
from domain.breach.commands import end_window, expire_publicity
from domain.events import SYSTEM, as_corrected
from domain.ledger import AlreadyDone, Command
from domain.loops import Open, receipt_of
from domain.loops.commands import recount_deadlines
from domain.repair.commands import end_repair_window
from domain.rules import RuleBroken
from projections.cards.plain import loop_id
from projections.loops import counted_before, open_of, ran_out
from projections.temporal.moment import Moment
from stores.ledger.faults import Unavailable
from web.office import Office

log = logging.getLogger(__name__)
EVERY = 3.0  # seconds between two looks at what has run out
SWEPT_EVERY = timedelta(hours=1)
AT_ONCE = 500
LONGEST_REST = 5.0  # seconds
AWAY = (OperationalError, NoConnectionFree, Unavailable)


class Over(NamedTuple):
    """A window that has run out: whose it is, which, and its last day."""

    owner: UUID
    subject: str
    loop: Open
    on: date


def due(office: Office, limit: int = AT_ONCE) -> list[Over]:
    """Windows whose last day is over and whose end is not yet recorded, the oldest first."""
    with office.looking() as conn:
        rows = ran_out(conn, Moment(office.today), limit)
    return [Over(row.owner, row.subject, open_of(row), row.ends_on) for row in rows]


def due_of(office: Office, stream: UUID, subject: str) -> list[Over]:
    """The same of one stream, asked of the log itself."""
    told = office.ledger.of([stream]).get(stream, [])
    kept = loop_table.told(as_corrected(told), office.book)
    return [Over(stream, subject, one, on) for one, on in loop_table.expired(kept.loops.values(), office.today)]


def _ending(over: Over) -> Callable[[Act], object]:
    """The command that records an end: what it is depends on whose window it was."""
    owner, one, on = over.owner, over.loop, over.on
    name = f"{one.kind}:{one.key}"
    if over.subject == "repair":
        return lambda act: end_repair_window(act, owner, name, on)
    if one.kind == "publicity":
        return lambda act: expire_publicity(act, owner, UUID(one.key), on)
    return lambda act: end_window(act, owner, name, on)


def end(office: Office, over: Over) -> bool:
    """Record one end, unless another has; whether it was recorded now."""
    id = loop_id(over.owner, over.loop)
    once = Command(id, SYSTEM, digest_of(f"{id}:{over.on}".encode()))
    try:
        return office.system(_ending(over), once).again is None
    except AlreadyDone:
        return False


def end_all(office: Office, windows: Iterable[Over]) -> tuple[int, list[Over]]:
    """Record ends; how many were recorded now, and those that were refused, loudly: a window must not stop the others."""
    recorded, refused = 0, list[Over]()
    for over in windows:
        try:
            recorded += end(office, over)
        except RuleBroken as why:
            log.error("the end of %s:%s of %s %s, on %s, was refused: %s",
                      over.loop.kind, over.loop.key, over.subject, over.owner, over.on, why)  # fmt: skip
            refused.append(over)
    return recorded, refused


def tick(office: Office) -> int:
    """Record every end that is due, and count anew what a change of the law moves; how many ends were recorded now."""
    recorded, seen = 0, set[UUID]()
    while windows := [one for one in due(office) if loop_id(one.owner, one.loop) not in seen]:
        seen |= {loop_id(one.owner, one.loop) for one in windows}
        recorded += end_all(office, windows)[0]
    recount(office)
    return recorded


def recount(office: Office) -> int:
    """Where packs or calendars came since open deadlines were counted: count them anew; how many streams have days that moved."""
    at = office.book.changed_at
    if office.recounted == at:
        return 0
    with office.looking() as conn:
        streams = counted_before(conn, Moment(office.today), at)
    moved = sum(_recounted(office, subject, stream) for stream, subject in _moving(office, streams))
    office.recounted = at
    return moved


def _recounted(office: Office, subject: str, stream: UUID) -> bool:
    return bool(office.system(lambda act: recount_deadlines(act, subject, stream)).outcome)


def _moving(office: Office, rows: Iterable[Any]) -> list[tuple[UUID, str]]:
    """The streams in which some open deadline would be another today."""
    found: dict[UUID, str] = {}
    for row in rows:
        if row.owner not in found:
            receipt, _ = receipt_of(replace(open_of(row), counted=0), office.book, with_days=False, today=office.today)
            if receipt is not None and (receipt.on, receipt.provisional) != (row.due_on, bool(row.provisional)):
                found[row.owner] = row.subject
    return list(found.items())


def sweep(office: Office) -> int:
    """Have the vault forget drafts, sessions, tokens and jobs that are long over, once an hour of the clock; how many rows."""
    now = office.now
    if office.swept is not None and timedelta(0) <= now - office.swept < SWEPT_EVERY:
        return 0
    office.swept = now
    return office.vault.sweep(now)


def keep_ticking(office: Office, stop: threading.Event, told: Callable[[bool], None] = lambda recorded: None) -> None:
    """Tick until asked to stop; `told(True)` after each round in which nothing due was left."""
    while not stop.is_set():
        if (shut := office.weather.shut()) is None:
            tick(office)
            sweep(office)
        told(shut is None)
        stop.wait(EVERY)


def keep_following(office: Office, stop: threading.Event) -> None:
    """Keep the views told: at once when this process appends, and now and then for what others append."""
    news = threading.Event()
    office.recorder.listeners.add(news)
    try:
        while not stop.is_set():
            if office.caught_up() < office.ledger.head() and office.follower.going():
                continue  # it was let go before the end, for those who wait to read
            news.wait(1.0)
            news.clear()
    finally:
        office.recorder.listeners.discard(news)


def supervised(name: str, work: Callable[[], None], stop: threading.Event) -> threading.Thread:
    """A daemon thread that does its work until asked to stop; what goes wrong is logged, and it begins again after a rest.

    A store that is away is told in a line; everything else is a mistake, and told whole.
    """

    def run() -> None:
        rest = 1.0
        while not stop.is_set():
            try:
                work()
                rest = 1.0
            except AWAY as why:
                log.error("%s has lost a store, and asks again in %.0f s: %s", name, rest, str(why).partition("\n")[0])
                stop.wait(rest)
                rest = min(rest * 2, LONGEST_REST)
            except Exception:
                log.exception("%s failed; it begins again in %.0f s", name, LONGEST_REST)
                stop.wait(LONGEST_REST)

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread
