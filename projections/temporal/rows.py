"""What a fold sees (`Rows`), and how one more event becomes row versions (`Life`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from domain.events import Told
from projections.temporal.moment import NO_END, UNTOLD

Values = dict[str, Any]
Fold = Callable[[Any, "Rows"], None]
BookOf = Callable[[int], Any]
_said, _read = msgspec.json.Encoder(order="sorted").encode, msgspec.json.Decoder().decode


class BookUnread(Exception):
    """The policy book could not be had: no fault of the event that asked for it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns that a fold fills, and those of them that hold JSON.

    JSON is kept as its canonical text: it compares by value, exactly, and no fold can change a row that is told.
    `memory`: the row without a key is what the fold remembers.
    """

    blank: Values
    json: frozenset[str]
    memory: bool = False

    def row(self, before: Values, said: Values, at_hand: dict[str, Any] | None = None) -> Values:
        """`before` with what is said now. Raises TypeError on a column that the table has not."""
        for name in self.json:
            if (value := said.get(name)) is not None:
                said[name] = written = _said(value).decode()
                if at_hand is not None:
                    at_hand[written] = value
        row = {**before, **said}
        if len(row) != len(self.blank):
            raise TypeError(f"no such columns: {sorted(row.keys() - self.blank.keys())}")
        return row

    def plain(self, row: Values, at_hand: dict[str, Any]) -> Values:
        """A copy for a fold to read. What is at hand is given away: it is for the fold to change."""
        copy = dict(row)
        for name in self.json:
            if (written := row[name]) is not None:
                copy[name] = at_hand.pop(written) if written in at_hand else _read(written)
        return copy


class RowVersion(msgspec.Struct, eq=False):
    """What a row says, the positions between which we knew it, the days on which it holds."""

    key: str
    valid_from: date
    valid_to: date
    values: Values
    owner: UUID
    since: int
    until: int = UNTOLD
    stored: bool = False


class Rows:
    """The rows of one stream as they hold on one day: get, put, revise, remove by key. All that a fold may touch.

    A fold takes nothing for granted: any earlier event may be left out, as dated later or as said otherwise since.
    """

    __slots__ = ("_book_of", "_day", "_life", "_shape", "_told", "written")

    def __init__(self, life: Life, shape: Shape, told: Told, day: date, book_of: BookOf) -> None:
        self._life, self._shape, self._told, self._day, self._book_of = life, shape, told, day, book_of
        self.written: dict[str, Values | None] = {}

    @property
    def stream(self) -> UUID:
        """Whose event it is."""
        return self._told.stream

    @property
    def version(self) -> int:
        """The event's place in its stream; of a correction, that of the event which it says again."""
        return self._told.version

    @property
    def position(self) -> int:
        """The event's place in the log; of a correction, that of the event which it says again."""
        return self._told.position

    @property
    def recorded_at(self) -> datetime | None:
        """When that place in the log was recorded."""
        return self._told.recorded_at

    @property
    def book(self) -> Any:
        """The policy book as known at that place in the log. Raises BookUnread."""
        try:
            return self._book_of(self._told.position)
        except Exception as why:
            raise BookUnread(f"at position {self._told.position}: {why!r}") from why

    def get(self, key: str = "") -> Values | None:
        """A copy of what the row says, or None when there is none on this day."""
        row = self.held(key)
        return None if row is None else self._shape.plain(row, self._life.at_hand)

    def keys(self) -> list[str]:
        """The keys of the rows that there are on this day."""
        return [key for key in {**self._life.versions, **self.written} if self.held(key) is not None]

    def put(self, key: str = "", **values: Any) -> None:
        """Let the row say exactly this; columns not named are None. Raises TypeError on an unknown column.

        What is remembered belongs to the row from here on: the fold leaves it as it is.
        """
        self._say(key, self._shape.blank, values)

    def revise(self, key: str = "", **changes: Any) -> None:
        """Change some columns of a row, where there is one. Raises TypeError on an unknown column."""
        if (row := self.held(key)) is not None:
            self._say(key, row, changes)

    def remove(self, key: str = "") -> None:
        """Let there be no such row from this day on."""
        self.written[key] = None

    def _say(self, key: str, before: Values, said: Values) -> None:
        if key or not self._shape.memory:
            self.written[key] = self._shape.row(before, said)
        else:
            self._life.at_hand.clear()
            self.written[key] = self._shape.row(before, said, self._life.at_hand)

    def held(self, key: str) -> Values | None:
        """What the row says on this day, as it is kept."""
        if key in self.written:
            return self.written[key]
        for row in reversed(self._life.versions.get(key, ())):
            if row.valid_from <= self._day:
                return row.values if self._day < row.valid_to else None
        return None


Change = tuple[list[RowVersion], list[RowVersion]]  # learned, outdated


@dataclass(slots=True)
class Life:
    """What is known now of one stream: for each key its row versions, in order of the days on which they hold."""

    versions: dict[str, list[RowVersion]] = field(default_factory=dict)
    last_change: date = date.min  # no row begins or ends after it
    whole: bool = True  # False: of the row without a key only its last stretch of days is at hand
    at_hand: dict[str, Any] = field(default_factory=dict)  # what was last remembered, by its text: read once it need not be decoded

    def tell(self, told: Told, fold: Fold, shape: Shape, position: int, book_of: BookOf) -> Iterator[Change]:
        """Fold one more event into every stretch of days from its own day on; what is new is known from `position` on.

        Being the last in log order, it comes last in each stretch: so each stretch stays what a fold of only the
        events dated until then would give. All stretches are folded before any row is touched.
        """
        day = told.event.day
        if day >= self.last_change or not (later := self._changes_after(day)):
            rows = Rows(self, shape, told, day, book_of)
            fold(told.event, rows)
            return iter([self._append(rows, day, position)])
        cuts = [day, *later]
        stretches = [Rows(self, shape, told, cut, book_of) for cut in cuts]
        for rows in stretches:
            fold(told.event, rows)
        return self._insert(stretches, [*cuts, NO_END], position)

    def become(self, other: Life, owner: UUID, position: int) -> Iterator[Change]:
        """Know, from this position on, what the other life says."""
        self.whole = True
        self.last_change = max(self.last_change, other.last_change)
        for key in dict.fromkeys([*self.versions, *other.versions]):
            tail = [RowVersion(key, row.valid_from, row.valid_to, row.values, owner, position) for row in other.versions.get(key, ())]
            yield self._splice(key, date.min, tail, position)

    def remember(self, told: Life) -> None:
        """Have the row without a key at hand for earlier days too, as they were told from the log anew."""
        held = self.versions.get("", [])
        first = held[0].valid_from if held else NO_END
        earlier = [row for row in told.versions.get("", ()) if row.valid_from < first]
        for row in earlier:
            row.valid_to = min(row.valid_to, first)
        self.versions[""], self.whole = [*earlier, *held], True

    def add_stored(self, row: RowVersion) -> None:
        """Take in a row version read from the table; they come in order of their days."""
        self.versions.setdefault(row.key, []).append(row)
        self.last_change = max(self.last_change, row.valid_from, row.valid_to if row.valid_to < NO_END else date.min)

    def _changes_after(self, day: date) -> list[date]:
        bounds = (cut for rows in self.versions.values() for row in rows for cut in (row.valid_from, row.valid_to))
        return sorted({cut for cut in bounds if day < cut < NO_END})

    def _append(self, rows: Rows, day: date, position: int) -> Change:
        """The usual case, in order of days: nothing begins or ends after this day, so only last rows can change."""
        learned: list[RowVersion] = []
        outdated: list[RowVersion] = []
        owner = rows.stream
        for key, values in rows.written.items():
            versions = self.versions.setdefault(key, [])
            last = versions[-1] if versions and versions[-1].valid_to > day else None
            if (last.values if last else None) == values:
                continue
            first = len(learned)
            if last is not None:
                versions.pop()
                last.until = position
                outdated.append(last)
                if last.valid_from < day:
                    learned.append(RowVersion(key, last.valid_from, day, last.values, owner, position))
            if values is not None:
                learned.append(RowVersion(key, day, NO_END, values, owner, position))
            versions += learned[first:]
            self.last_change = day
        return learned, outdated

    def _insert(self, stretches: list[Rows], cuts: list[date], position: int) -> Iterator[Change]:
        """A late event: what it does to each stretch of days takes the place of what that stretch held."""
        day, owner = cuts[0], stretches[0].stream
        for key in dict.fromkeys(key for rows in stretches for key in rows.written):
            tail = [
                RowVersion(key, cut, end, values, owner, position)
                for cut, end, rows in zip(cuts, cuts[1:], stretches, strict=False)
                if (values := rows.held(key)) is not None
            ]
            yield self._splice(key, day, tail, position)

    def _splice(self, key: str, day: date, tail: list[RowVersion], position: int) -> Change:
        """Let `tail` hold from `day` on; what says the same as before stays as it was."""
        rows = self.versions.setdefault(key, [])
        first = len(rows)
        while first and rows[first - 1].valid_to > day:
            first -= 1
        old = rows[first:]
        if old and old[0].valid_from < day:
            tail = [RowVersion(key, old[0].valid_from, day, old[0].values, old[0].owner, position), *tail]
        new = _joined(tail)
        was, learned = {row.valid_from: row for row in old}, list[RowVersion]()
        for n, row in enumerate(new):
            before = was.get(row.valid_from)
            if before is not None and before.valid_to == row.valid_to and before.values == row.values:
                new[n] = was.pop(row.valid_from)
            else:
                learned.append(row)
        for row in was.values():
            row.until = position
        rows[first:] = new
        return learned, list(was.values())


def _joined(rows: list[RowVersion]) -> list[RowVersion]:
    """Neighbours that say the same are one."""
    joined = list[RowVersion]()
    for row in rows:
        if joined and joined[-1].valid_to == row.valid_from and joined[-1].values == row.values:
            joined[-1].valid_to = row.valid_to
        else:
            joined.append(row)
    return joined
