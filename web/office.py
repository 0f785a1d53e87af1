"""The Office: everything connected. The one place that builds the stores, the ledger, the views and the book."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa

from domain.access.account import TRIAL, Account, Trial
from domain.access.acting import acting
from domain.act import CHINA, Act
from domain.actor import THE_SYSTEM, Actor
from domain.conformance.finding import what_follows
from domain.events import SYSTEM
from domain.ledger import Command, Ledger, MovedOn, Saved
from domain.policy.book import Book
from domain.policy.shelf import SHELF, book_of
from projections.temporal.engine import open_views_engine, snapshot
from projections.temporal.follow import Follower
from projections.temporal.moment import Moment
from projections.temporal.view import Standing, begin_again_beyond, open_views, state_of
from projections.views import VIEWS
from stores.carrying_over import is_begun
from stores.evidence import Evidence
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.patience import patient
from stores.sealing import Sealer, is_sealed
from stores.vault import Vault, open_vault, sqlite_url, vault_engine
from web import every_event
from web.anchoring import Anchoring
from web.clock import Clock, NotATrial, real_clock, trial_clock
from web.settings import Settings
from web.viewing import ViewsFile
from web.weather import Weather

log = logging.getLogger(__name__)
assert every_event.MODULES  # noqa: S101  whoever reads the log must know what stands in it

T = TypeVar("T")
BOOK_SECONDS = 0.1  # for which a page need not ask whether the law has changed
NEVER = float("-inf")
TABLES = [view.name for view in VIEWS]
TRIES = 8  # against others who change the same thing at the same moment


@dataclass(frozen=True)
class Done:
    """What a command gave, and up to which log position it has been recorded. `again`: it had been done before."""

    outcome: Any
    position: int
    again: Saved | None = None


class Office:
    """An installation, opened. Made by `open_office`."""

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        recorder: EventRecorder,
        anchoring: Anchoring,
        vault: Vault,
        evidence: Evidence,
        sealer: Sealer,
        views: sa.Engine,
    ) -> None:
        self.settings, self.clock, self.recorder, self.anchoring, self.vault = settings, clock, recorder, anchoring, vault
        self.evidence, self.sealer, self.views = evidence, sealer, views
        self.ledger = Ledger(recorder)
        self._book: tuple[int, Book] = (-1, Book())
        self._book_lock, self._book_looked_at = threading.Lock(), NEVER
        self._law: tuple[int, Book] = (-1, Book())  # a book, and the position up to which it is whole
        self._names: dict[str, str] = {SYSTEM: SYSTEM}  # an account's name never changes
        self.swept: datetime | None = None  # when the vault was last asked to forget what is long over
        self.recounted = 0  # the adoption or notice up to which open deadlines have been counted
        self.follower = Follower(VIEWS, self.ledger, views, self.law_at)
        self.views_file = ViewsFile(views, self.follower.forget)
        self.weather = Weather(self, real_clock=False)
        self.patience = 600.0  # seconds for which a look waits for views that are behind; who serves people says less

    # -- the law

    @property
    def book(self) -> Book:
        """Every pack adopted so far, for reading by: what another process adopted is seen a moment later."""
        if monotonic() - self._book_looked_at < BOOK_SECONDS:
            return self._book[1]
        return self._book_now()

    def _book_now(self) -> Book:
        """Every pack adopted so far, for deciding by; read anew when the shelf has grown."""
        looked_at = monotonic()
        return self._book_at(self.recorder.stream_version(SHELF), looked_at)

    def _book_at(self, version: int, looked_at: float) -> Book:
        if self._book[0] != version:
            with self._book_lock:
                told = self.ledger.of([SHELF]).get(SHELF, [])
                self._book = (version, book_of(told, self.evidence.read))
        self._book_looked_at = looked_at
        return self._book[1]

    def law_at(self, position: int) -> Book:
        """The book as known at a position, for whoever asks of each: it is looked up anew only when the log has grown."""
        if position > self._law[0]:
            head = self.ledger.head()  # first: what is read then holds at least all that was adopted up to here
            self._law = (head, self._book_now())
        return self._law[1].known_at(position)

    def book_at(self, moment: Moment) -> Book:
        """The book as it was known at a moment."""
        return self.book if moment.known_at is None else self.book.known_at(moment.known_at)

    # -- time

    @property
    def now(self) -> datetime:
        return self.clock().astimezone(CHINA)

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def is_trial(self) -> bool:
        return self.ledger.find(Trial, TRIAL) is not None

    def moment(self, known_at: int | datetime | None = None, as_of: datetime | date | None = None) -> Moment:
        """The moment that a reader asks about. Only `known_at` given: `as_of` is the same moment."""
        position, clock = known_at if isinstance(known_at, int) else None, self.today
        if isinstance(known_at, datetime):
            position, clock = self.ledger.position_at(known_at), min(known_at.astimezone(CHINA).date(), clock)
        elif position is not None:
            position = min(position, self.ledger.head())
            recorded = self.ledger.recorded_at(max(position, 1))  # before the first event: the day on which it came
            clock = recorded.astimezone(CHINA).date() if recorded else clock
        day = as_of.astimezone(CHINA).date() if isinstance(as_of, datetime) else as_of
        return Moment(clock, position, day)

    # -- acting

    def actor(self, account: UUID | str) -> Actor | None:
        """An account as it stands today, with what is delegated to it; None when there is none or it is disabled."""
        return acting(self.ledger, account if isinstance(account, UUID) else UUID(account), self.today)

    def act(self, actor: Actor, *, via: str = "web", seen: int | None = None, command: Command | None = None, at: datetime | None = None) -> Act:
        return self._act(self._book_now(), actor, via, seen, command, at)

    def _act(self, book: Book, actor: Actor, via: str, seen: int | None, command: Command | None, at: datetime | None) -> Act:
        return Act(self.ledger, book, actor, at or self.now, via, seen, command, self.sealer.seal, what_follows)

    def do(
        self,
        command: Callable[[Act], T],
        actor: Actor = THE_SYSTEM,
        *,
        via: str = "web",
        seen: int | None = None,
        once: Command | None = None,
        at: datetime | None = None,
    ) -> Done:
        """Carry out a command. When others got in between and nobody's look was stale, it is decided anew."""
        for left in reversed(range(TRIES)):
            looked_at = monotonic()
            before, version = self.ledger.asked(once, SHELF) if once is not None else (None, self.recorder.stream_version(SHELF))
            if before is not None:
                return Done(None, before.last or self.ledger.head(), before)
            act = self._act(self._book_at(version, looked_at), actor, via, seen, once, at)
            try:
                outcome = command(act)
            except MovedOn:
                if seen is not None or not left:
                    raise
                continue
            self._book_looked_at = NEVER  # it may have been an adoption
            last = max((saved.last or 0 for saved in act.saved), default=0)
            return Done(outcome, last or self.ledger.head())
        raise AssertionError("unreachable")

    def system(self, command: Callable[[Act], T], once: Command | None = None, at: datetime | None = None) -> Done:
        """What the clock or the installation itself does."""
        return self.do(command, THE_SYSTEM, via="clock", once=once, at=at)

    # -- looking

    def caught_up(self, position: int | None = None) -> int:
        """Bring the views at least to a position (the head, when none is said), unless that takes too long; how far they are."""
        self.views_file.keep()
        return self.follower.upto(self.ledger.head() if position is None else position, self.patience)

    @contextmanager
    def looking(self, position: int | None = None) -> Iterator[sa.Connection]:
        """A connection to the views, which show at least what this process knows to be recorded, all as of one moment.

        Views that cannot be written just now are shown as they are: every page says how far that is.
        """
        try:
            self.caught_up(position)
        except sa.exc.OperationalError as why:
            if not is_full(why):
                raise
            log.error("the views cannot be told on: %s", why.orig)
        with snapshot(self.views, TABLES) as conn:
            yield conn

    def standings(self) -> list[Standing]:
        return state_of(VIEWS, self.views)

    def record_read(self, actor: Actor, kind: str, subject: str) -> None:
        """On record, durably, before the answer leaves."""
        self.recorder.record_read(actor.account, kind, subject, self.now)

    def unseal(self, value: Any, field: str = "") -> Any:
        """The same value with every sealed text opened; what was erased reads 【已删除】."""
        if isinstance(value, str):
            return (self.sealer.unseal(value, field) or "【已删除】") if is_sealed(value) else value
        if isinstance(value, dict):
            return {name: self.unseal(one, SEALED_AS.get(str(name), str(name))) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.unseal(one, field) for one in value]
        return value

    def names(self, accounts: Collection[str]) -> dict[str, str]:
        """Sign-in names by account id, the system's included."""
        for account in set(accounts) - self._names.keys():
            try:
                known = self.ledger.find(Account, UUID(account))
            except ValueError:
                known = None
            if known is not None:
                self._names[account] = known.name
        return {account: self._names.get(account, account) for account in {SYSTEM, *accounts}}

    def settle(self) -> None:
        """The vault knows how long the log is, from now on and for certain."""
        self.anchoring.settle()

    def close(self) -> None:
        self.anchoring.close()
        self.recorder.engine.dispose()
        self.vault.engine.dispose()
        self.views.dispose()


def is_full(error: Exception) -> bool:
    """Did a database refuse to write for want of room? In SQLite's words, or PostgreSQL's."""
    return "disk is full" in str(error) or "No space left" in str(error)


class Unfinished(Exception):
    """A move or a restore into this database has not come to its end."""


SEALED_AS = {"inspectors": "inspector", "name": "contact_name", "phone": "contact_phone"}  # a card's word for a sealed field


def end_of_day(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59, 999999), CHINA)


def engines(settings: Settings) -> tuple[sa.Engine, sa.Engine, sa.Engine]:
    """Ledger, vault and views: three SQLite files, or three schemas of one PostgreSQL database."""
    if settings.database_url:
        url = sa.make_url(settings.database_url).set(drivername="postgresql+psycopg")
        return open_ledger(url.render_as_string(hide_password=False)), vault_engine(url), open_views_engine(url, made=patient)
    settings.data.mkdir(parents=True, exist_ok=True)
    ledger = open_ledger(settings.data / "ledger.db")
    return ledger, vault_engine(sqlite_url(settings.data / "vault.db")), open_views_engine(sqlite_url(settings.data / "views.db"))


def open_office(settings: Settings, clock: Clock | None = None) -> Office:
    """Open an installation that has been migrated. Raises NotATrial, WrongKey, NotDurable, Unfinished, and what the databases raise."""
    ledger, vault_place, views = engines(settings)
    vault = open_vault(vault_place, settings.master_key)
    if is_begun(vault_place):
        raise Unfinished
    sealer = Sealer(vault.persons)
    ticking: list[Clock] = [clock or real_clock]
    anchoring = Anchoring(vault.anchor.remember)
    recorder = EventRecorder(ledger, lambda: ticking[0](), anchoring, lambda: office.weather.admit())
    open_views(VIEWS, views)
    office = Office(settings, lambda: ticking[0](), recorder, anchoring, vault, Evidence(settings.data / "evidence", sealer), sealer, views)
    office.weather = Weather(office, real_clock=clock is None and settings.clock is None)
    if settings.clock and clock is None:
        if not office.is_trial:
            raise NotATrial(settings.clock)
        head = recorder.max_notification_id()
        ticking[0] = trial_clock(settings.clock, recorder.recorded_at(head) if head else None)
    office.weather.look_at_the_log()
    begin_again_beyond(VIEWS, views, office.ledger.head())
    return office
