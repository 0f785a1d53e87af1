"""Follow the ledger: rows and bookmarks move in one transaction for all views; one SELECT of events serves them all."""

import gc
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa

from domain.act import CHINA
from domain.events import Told, as_corrected
from projections.temporal import bookmark as books
from projections.temporal.bookmark import Mark, Overtaken
from projections.temporal.engine import writing
from projections.temporal.rows import BookOf
from projections.temporal.view import View
from projections.temporal.working import Poison, WorkingSet
from projections.temporal.writing import Unwritable

log = logging.getLogger(__name__)


class Log(Protocol):
    """What a follower needs of the ledger."""

    def after(self, position: int, limit: int) -> Sequence[Told]: ...
    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]: ...


def _no_book(position: int) -> Any:
    raise LookupError("nobody handed in the policy book")


class Follower:
    """Keeps views told. It holds its working sets between one catch-up and the next; any thread may ask it."""

    def __init__(self, views: Sequence[View], ledger: Log, engine: sa.Engine, book_of: BookOf | None = None, batch: int = 2_000) -> None:
        self._ledger, self._engine, self._batch = ledger, engine, batch
        self._book_of = book_of or _no_book
        self._views = {view.name: view for view in views}
        self._sets = {view.name: WorkingSet(view.table, view.fold, view.kinds) for view in views}
        self._marks: dict[str, Mark] | None = None  # as this follower left them; None: to be read again
        self._routes = Routes(self._views)
        self._lock = threading.Lock()

    def catch_up(self) -> int:
        """Tell every view that is going what it has not heard; returns the position that all of them have reached.

        An event that cannot be folded stops its view, loudly, just before it; the others go on.
        """
        with self._lock:
            return self._catch_up()

    def upto(self, position: int, patience: float = 5.0) -> int:
        """Catch up unless that is done, for `patience` seconds at most, or wait for whoever does; how far it is."""
        until = time.monotonic() + patience
        if self.stopped() and self._lock.acquire(timeout=patience):
            try:
                self._look()  # has somebody mended it?
            finally:
                self._lock.release()
        while (reached := self._reached()) < position:
            if not self._lock.acquire(timeout=max(0.0, until - time.monotonic())):
                return reached
            try:
                reached = self._reached()
                return reached if reached >= position else self._catch_up(position, until)
            finally:
                self._lock.release()
        return reached

    def stopped(self) -> dict[str, int]:
        """The views that have stopped, as last seen, and where each of them stands."""
        return {name: mark.position for name, mark in (self._marks or {}).items() if mark.stopped is not None}

    def going(self) -> bool:
        """Whether any view goes on, as last seen."""
        return bool(self._going())

    def forget(self) -> None:
        """Read everything anew: the views are not those that were left."""
        with self._lock:
            self._marks = None

    def advance(self, conn: sa.Connection, told: Sequence[Told], only: Sequence[str] | None = None) -> dict[str, Mark]:
        """One batch in the caller's transaction; returns the bookmarks as they will be once it commits.

        Raises Overtaken; Unwritable, with the view's name, when the database refuses a row.
        """
        last = told[-1].position
        movers = {name: mark for name, mark in self._going().items() if mark.position < last}
        if only is not None:
            movers = {name: movers[name] for name in only if name in movers}
        books.move(conn, movers.values(), last)  # first: it orders followers, and swaps, by the lock on the row
        past, book_of = Pasts(self._ledger, told), remembered(self._book_of)
        news = self._routes.news(told, past, {name: mark.position for name, mark in movers.items()})
        left = {name: mark._replace(position=last) for name, mark in movers.items()}
        for name, heard in news.items():
            poison = self._tell(conn, name, heard, past, book_of)
            if poison is not None:
                log.error("view %s stopped at position %s", name, poison.position, exc_info=poison.__cause__)
                left[name] = books.stop(conn, left[name], poison.position - 1, str(poison))
        return left

    def rest(self, conn: sa.Connection) -> int | None:
        """All there is to tell, in the caller's transaction; where that ends, or None when a view has stopped."""
        self._take(books.read(conn, self._views, held=True))
        while (going := self._going()) and (told := self._ledger.after(_least(going), self._batch)):
            self._keep({**(self._marks or {}), **self.advance(conn, told)})
        return _least(going) if len(going) == len(self._views) else None

    def _tell(self, conn: sa.Connection, name: str, heard: list[Told], past: "Pasts", book_of: BookOf) -> Poison | None:
        future = next((n for n, one in enumerate(heard) if ahead(one)), None)
        try:
            poison = self._sets[name].tell(conn, heard[:future], past, book_of)
        except Unwritable as why:
            raise Unwritable(name, *why.args) from why
        if poison is None and future is not None:
            one = heard[future]
            return Poison(one.position, ValueError(f"dated {one.day}, after its recording, {one.recorded_at}"))
        return poison

    def _catch_up(self, enough: int | None = None, until: float | None = None) -> int:
        """To the head, or until `enough` is reached or the time is over: a page need not wait for all that is imported."""
        if self._marks is None or any(mark.stopped for mark in self._marks.values()):
            self._look()
        while self._step() and (enough is None or self._reached() < enough) and (until is None or time.monotonic() < until):
            pass
        return self._reached()

    def _step(self) -> bool:
        """One batch; False when there is nothing new."""
        if not (going := self._going()):
            return False
        told = self._ledger.after(_least(going), self._batch)
        if not told:
            return False
        try:
            self._commit(told)
        except Overtaken:
            self._look()
        except Unwritable as why:
            self._look()
            self._one_by_one(why.args[0], told)
        return True

    def _commit(self, told: Sequence[Told], only: Sequence[str] | None = None) -> None:
        try:
            with collector_resting(), writing(self._engine).begin() as conn:
                left = self.advance(conn, told, only)
        except BaseException:
            self._marks = None
            raise
        self._keep({**(self._marks or {}), **left})

    def _one_by_one(self, name: str, told: Sequence[Told]) -> None:
        """The database refused a row somewhere in this batch: find the event that said it, and stop there."""
        for one in told:
            if (mark := self._going().get(name)) is None:
                return None
            if one.position <= mark.position:
                continue
            try:
                self._commit([one], [name])
            except Overtaken:
                return self._look()
            except Unwritable as why:
                log.error("view %s stopped at position %s", name, one.position, exc_info=why)
                with writing(self._engine).begin() as conn:
                    books.move(conn, [mark], one.position - 1)
                    books.stop(conn, mark, one.position - 1, f"{one.position}: {why.args[-1]}")
                return self._look()
        return None

    def _going(self) -> dict[str, Mark]:
        return {name: mark for name, mark in (self._marks or {}).items() if mark.stopped is None}

    def _reached(self) -> int:
        return _least(self._going())

    def _look(self) -> None:
        """Read where the bookmarks are; what is held of a view is good only where this follower left it."""
        with self._engine.connect() as conn:
            self._take(books.read(conn, self._views))

    def _take(self, marks: dict[str, Mark]) -> None:
        if unopened := self._views.keys() - marks.keys():
            raise LookupError(f"never opened: {sorted(unopened)}")
        for name, working in self._sets.items():
            if self._marks is None or marks.get(name) != self._marks.get(name):
                working.forget()
        self._marks = marks

    def _keep(self, marks: dict[str, Mark]) -> None:
        for name, mark in marks.items():
            if mark.stopped is not None:
                self._sets[name].forget()
        self._marks = marks


def catch_up(views: Sequence[View], ledger: Log, engine: sa.Engine, book_of: BookOf | None = None, batch: int = 2_000) -> int:
    """As `Follower.catch_up`, once."""
    return Follower(views, ledger, engine, book_of, batch).catch_up()


@contextmanager
def collector_resting() -> Iterator[None]:
    """A batch makes thousands of rows, all of which stay: to look through them for cycles took a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Routes:
    """Which events each view is about."""

    def __init__(self, views: Mapping[str, View]) -> None:
        self._views = views
        self._names: dict[type, list[str]] = {}

    def news(self, told: Sequence[Told], past: "Pasts", heard: Mapping[str, int] | None = None) -> dict[str, list[Told]]:
        """For each view, in order, what is about it; where `heard` is given, of its views, what lies past that position."""
        news: dict[str, list[Told]] = defaultdict(list)
        for one in told:
            if one.event.corrects is None:
                about = self._about(type(one.event))
            else:
                about = list({name: None for kind in past.kinds(one.stream) for name in self._about(kind)})
            for name in about:
                if heard is None or one.position > heard.get(name, one.position):
                    news[name].append(one)
        return news

    def _about(self, kind: type) -> list[str]:
        names = self._names.get(kind)
        if names is None:
            names = [name for name, view in self._views.items() if issubclass(kind, view.kinds)]
            self._names[kind] = names
        return names


class Pastlog(Protocol):
    """What the corrected streams are read from."""

    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]: ...


def _least(marks: dict[str, Mark]) -> int:
    return min((mark.position for mark in marks.values()), default=0)


def ahead(one: Told) -> bool:
    """Is an event dated after the day, in China, of its recording?"""
    recorded: datetime | None = one.recorded_at
    return recorded is None or one.event.day > recorded.astimezone(CHINA).date()


class Pasts:
    """The streams that a batch corrects, or adds to late, read once for all views."""

    def __init__(self, ledger: "Pastlog", told: Sequence[Told]) -> None:
        self._ledger, self._upto = ledger, max(one.position for one in told)
        streams = list({one.stream: None for one in told if one.event.corrects is not None})
        self._told = ledger.of(streams, self._upto) if streams else {}
        self._stands: dict[tuple[int, bool], list[Told]] = {}

    def kinds(self, stream: UUID) -> set[type]:
        return {type(one.event) for one in self._told[stream]}

    def __call__(self, one: Told, before: bool = False) -> list[Told]:
        """The stream as it stands after an event, or before it: each event in its latest wording, in its first place."""
        if one.stream not in self._told:
            self._told |= self._ledger.of([one.stream], self._upto)
        asked, last = (one.position, before), one.position - before
        if asked not in self._stands:
            self._stands[asked] = as_corrected(each for each in self._told[one.stream] if each.position <= last)
        return self._stands[asked]


def remembered(book_of: BookOf) -> BookOf:
    """Each position's book asked for once a batch, by whichever view is first."""
    asked: dict[int, Any] = {}

    def remembering(position: int) -> Any:
        if position not in asked:
            asked[position] = book_of(position)
        return asked[position]

    return remembering
