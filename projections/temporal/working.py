"""The working set: the lives that a batch of events touches, loaded together, folded in memory, flushed in bulk."""

from collections.abc import Sequence
from itertools import islice
from typing import Any, Protocol
from uuid import UUID

import msgspec
import sqlalchemy as sa

from domain.events import Told
from projections.temporal.moment import NO_END, UNTOLD
from projections.temporal.rows import BookOf, BookUnread, Fold, Life, RowVersion, Shape
from projections.temporal.tables import BOUNDS, value_columns
from projections.temporal.writing import Stored, Writing


class Past(Protocol):
    """A stream up to an event, or before it, as it stands then: each event in its latest wording."""

    def __call__(self, one: Told, before: bool = False) -> list[Told]: ...


A_SELECT = 500  # streams; more makes the statement long and no quicker


class Poison(Exception):
    """An event that could not be folded."""

    def __init__(self, position: int, why: Exception) -> None:
        super().__init__(f"{position}: {why!r}")
        self.position = position


class WorkingSet:
    """What one follower holds of one view. Good only while the bookmark is where it left it."""

    def __init__(self, table: sa.Table, fold: Fold, kinds: tuple[type, ...], most_lives: int = 5_000, *, blank: bool = False) -> None:
        self._blank = blank  # nothing of these streams is stored yet
        self._table, self._fold, self._kinds, self._most = table, fold, kinds, most_lives
        names = value_columns(table)
        json = frozenset(name for name in names if isinstance(table.c[name].type, sa.JSON))
        self._memory = table.info["memory"]
        self._shape = Shape(dict.fromkeys(names), json, self._memory)
        self._writing: Writing | None = None
        self._lives: dict[UUID, Life] = {}
        self._learned: list[RowVersion] = []
        self._outdated: list[RowVersion] = []
        self._forgotten: list[RowVersion] = []
        self._ready: Stored | None = None  # what was learned, where it has been made ready

    def forget(self) -> None:
        """Start from the table again: what was held may not be what is stored."""
        self._lives.clear()
        self._learned, self._outdated, self._forgotten, self._ready = [], [], [], None

    def tell(self, conn: sa.Connection, news: Sequence[Told], past: Past, book_of: BookOf) -> Poison | None:
        """Load, fold, flush. An event that cannot be folded ends the batch just before it and comes back."""
        poison = self.hear(conn, news, past, book_of)
        self.flush(conn)
        return poison

    def hear(self, conn: sa.Connection, news: Sequence[Told], past: Past, book_of: BookOf) -> Poison | None:
        """Load and fold; what it comes to is written by `flush`."""
        self._load(conn, news)
        for one in news:
            try:
                self._tell(one, past, book_of)
            except BookUnread:
                raise
            except Exception as why:
                return Poison(one.position, why)
        return None

    def _tell(self, one: Told, past: Past, book_of: BookOf) -> None:
        life = self._lives[one.stream]
        if one.event.corrects is None:
            if not life.whole and one.event.day < life.last_change:
                life.remember(self._retold(past(one, before=True), book_of))
            changes = life.tell(one, self._fold, self._shape, one.position, book_of)
        else:
            changes = life.become(self._retold(past(one), book_of), one.stream, one.position)
        for learned, outdated in changes:
            self._learned += learned
            for row in outdated:
                if row.stored:
                    (self._forgotten if self._memory and not row.key else self._outdated).append(row)

    def _retold(self, told: list[Told], book_of: BookOf) -> Life:
        life = Life()
        for one in told:
            if isinstance(one.event, self._kinds):
                for _ in life.tell(one, self._fold, self._shape, 0, book_of):
                    pass
        return life

    def _load(self, conn: sa.Connection, news: Sequence[Told]) -> None:
        """Have at hand the lives that the events are about. A stream's first event has no past to load."""
        missing = {one.stream: one.version for one in reversed(news) if one.stream not in self._lives}
        for stream in missing:
            self._lives[stream] = Life()
        known = [] if self._blank else sorted(stream for stream, version in missing.items() if version > 1)
        for stream in known:
            self._lives[stream].whole = not self._memory
        c = self._table.c
        columns = [c[name] for name in (*BOUNDS, *self._shape.blank)]
        for start in range(0, len(known), A_SELECT):
            here = c.owner.in_(known[start : start + A_SELECT]) & (c.until == sa.literal_column(str(UNTOLD)))
            for row in conn.execute(sa.select(*columns).where(here).order_by(c.valid_from)):
                self._lives[row[0]].add_stored(self._version(tuple(row)))

    def _version(self, row: tuple[Any, ...]) -> RowVersion:
        owner, key, since, valid_from, until, valid_to, *values = row
        named = dict(zip(self._shape.blank, values, strict=True))
        for name in self._shape.json:
            if named[name] is not None:
                named[name] = msgspec.json.encode(named[name], order="sorted").decode()
        return RowVersion(key, valid_from, valid_to, named, owner, since, until, stored=True)

    def make_ready(self, dialect: sa.Dialect) -> None:
        """What was learned in the shape of its table, ahead of `flush`, which then holds the database for less long. Raises Unwritable."""
        if self._writing is None:
            self._writing = Writing(self._table, dialect)
        if self._memory:
            self._learned = [row for row in self._learned if row.key or (row.until, row.valid_to) == (UNTOLD, NO_END)]
        self._ready = self._writing.stored(self._learned)

    def flush(self, conn: sa.Connection) -> None:
        """Insert what was learned (some of it already outdated again), close what was stored and is outdated."""
        if self._ready is None:
            self.make_ready(conn.dialect)
        assert self._writing is not None  # noqa: S101  made with what is ready
        self._writing.insert(conn, self._ready or [])
        self._writing.close(conn, self._outdated)
        self._writing.remove(conn, self._forgotten)
        for row in self._learned:
            row.stored = True
        self._learned, self._outdated, self._forgotten, self._ready = [], [], [], None
        if (over := len(self._lives) - self._most) > 0:
            for stream in list(islice(self._lives, over + self._most // 2)):
                del self._lives[stream]
