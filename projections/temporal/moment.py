"""The two time axes: a moment on both, and the one helper that every query of a view goes through."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from projections.temporal.forks import HEIGHT, path_to

UNTOLD = 2**63 - 1  # the log position that never comes: nothing has yet replaced this row
NO_END = date(9999, 12, 31)  # the day that never comes: nothing dated later has yet replaced this row
DAYS_HIGH = 22  # powers of two in the ordinal of NO_END
# Literals, not parameters: otherwise neither database sees that the partial index of now answers the query.
_UNTOLD = sa.literal_column(str(UNTOLD), sa.BigInteger())
_NO_END = sa.literal_column(f"'{NO_END}'", sa.Date())
LIVE = f"until = {UNTOLD} AND valid_to = '{NO_END}'"


@dataclass(frozen=True)
class Moment:
    """The log position known at (None: all that is told), and the day asked about (None: the clock's).

    Beside a past `known_at` alone, `clock` is the day on which that position was recorded: no event is dated
    after the day of its recording, so then, as now, the last stretch of days is the one that holds.
    """

    clock: date
    known_at: int | None = None
    as_of: date | None = None

    @property
    def day(self) -> date:
        """The day that queries compare what lies ahead with (due, ends, repairable from)."""
        return self.as_of or self.clock


def at(moment: Moment, table: sa.Table, counting: bool = False, few: bool = False) -> sa.ColumnElement[bool]:
    """The rows of a temporal table that were known, and held, at a moment. `counting` them, not showing a page of them.

    `few`: those of some streams or subjects alone, which are found by these and not by forks.
    """
    row, known_at, as_of = table.c, moment.known_at, moment.as_of
    known = row.until == _UNTOLD if known_at is None else (row.since <= known_at) & (row.until > known_at)
    holds = row.valid_to == _NO_END if as_of is None else (row.valid_from <= as_of) & (row.valid_to > as_of)
    by_forks = not few and ((counting and "fork" in row) or table.info["short_lived"])
    if not by_forks or (known_at is None and as_of is None):
        return known & holds
    ordinal = None if as_of is None else as_of.toordinal()
    return known & holds & _forks(row.fork, known_at) & _forks(row.day_fork, ordinal, DAYS_HIGH)


def _forks(fork: sa.ColumnElement[int], point: int | None, height: int = HEIGHT) -> sa.ColumnElement[bool]:
    """Rows without an end stand under 0; those that ended, under one of the few nodes on the way to the point."""
    if not point:
        return fork == sa.literal_column("0")
    return fork.in_([0, *path_to(point, height)])
