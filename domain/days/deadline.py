"""A deadline receipt: from which day, by which count, day for day, to which day; and how many days are left."""

import calendar as months
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec

from domain.days.calendar import Calendar

Unit = Literal["working_days", "calendar_days", "months", "years", "date"]
Why = Literal["counted", "make_up", "rest_day", "holiday", "clock_stopped", "rolled"]

_DAY = timedelta(days=1)
_MONTHS = {"months": 1, "years": 12}


class Stop(msgspec.Struct, frozen=True):
    """The clock stood on the days after `after`, up to and with `through` (None: it still stands), by `event`."""

    after: date
    through: date | None
    event: str


class Day(msgspec.Struct, frozen=True, omit_defaults=True):
    """One day of the count; `event` names what stopped the clock."""

    on: date
    counts: bool
    why: Why
    event: str | None = None


class Receipt(msgspec.Struct, frozen=True):
    """How a last day was reached. `provisional`: a calendar to come, or a clock that still stands, can move it.

    `days` holds every day after `start` of a count of days, with exactly `count` of them counted (a last day on which
    nobody works hands its place to the day it rolled to); for months and years only the days that moved the end.
    """

    start: date
    on: date
    count: int
    unit: Unit
    provisional: bool = False
    days: tuple[Day, ...] = ()


def deadline(
    start: date,
    count: int,
    unit: Unit,
    calendar: Calendar,
    stops: Sequence[Stop] = (),
    roll: bool = True,
    with_days: bool = True,
    today: date | None = None,
) -> Receipt:
    """The last day of a period; the day that starts it is not counted (CC 201).

    Working days: those that are worked. Calendar days: all. Months, years: to the corresponding day, else the last of
    the month (CC 202), and on by as many days as the clock stood. With `roll` a last day that is not worked moves on to
    the next that is (CC 203; periods of working days always end on one). A "date" is the start itself and never moves.
    `today` is needed while a stop is open: it is taken to last through today. Raises ValueError for a negative count,
    a "date" with a count, or an open stop without `today`.
    """
    if count < 0 or (unit == "date" and count):
        raise ValueError(f"no period has {count} {unit}")
    if unit == "date":
        return Receipt(start, start, 0, unit)
    clock = _Clock(calendar, stops, today)
    last = _last(clock, start, count, unit)
    on = _rolled(clock, last) if roll else last
    provisional = clock.stands_before(on) or _is_unsettled(calendar, start, last, on, unit, roll)
    days = tuple(_told(clock, start, last, on, count, unit)) if with_days else ()
    return Receipt(start, on, count, unit, provisional, days)


def days_left(receipt: Receipt, today: date, calendar: Calendar) -> int:
    """Days from tomorrow through the last one, working days for a count of working days, else calendar days; 0 on the
    last day itself. Once it is past, minus the calendar days since, whatever the unit: late is late on a Sunday too."""
    if today >= receipt.on or receipt.unit != "working_days":
        return (receipt.on - today).days
    return working_days_between(max(today, receipt.start), receipt.on, calendar)


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start`, up to and with `end`; below nothing when `end` comes first."""
    if end < start:
        return -working_days_between(end, start, calendar)
    return sum(map(calendar.is_working, _days_between(start, end)))


class _Clock:
    """Which days count, and for what reason the others do not."""

    def __init__(self, calendar: Calendar, stops: Sequence[Stop], today: date | None) -> None:
        if today is None and (standing := [stop.event for stop in stops if stop.through is None]):
            raise ValueError(f"the clock still stands ({standing[0]}): say which day it is")
        self._calendar = calendar
        self._stops = [(stop.after, stop.through or today or stop.after, stop.event) for stop in stops]
        self._open_after = [stop.after for stop in stops if stop.through is None]
        self.ever_stops = bool(stops)

    def stands_before(self, day: date) -> bool:
        """Does a stop that has no end yet hold back this day?"""
        return any(after < day for after in self._open_after)

    def any_day(self, day: date) -> Day:
        """A day in a count of calendar days."""
        event = self._stopped(day)
        return Day(day, True, "counted") if event is None else Day(day, False, "clock_stopped", event)

    def working_day(self, day: date) -> Day:
        """A day in a count of working days. Rest is told as rest even when the clock stood: it never counts."""
        kind = self._calendar.kind(day)
        if kind == "rest_day" or kind == "holiday":
            return Day(day, False, kind)
        if (event := self._stopped(day)) is not None:
            return Day(day, False, "clock_stopped", event)
        return Day(day, True, "counted" if kind == "working" else "make_up")

    def _stopped(self, day: date) -> str | None:
        return next((event for after, through, event in self._stops if after < day <= through), None)


def _last(clock: _Clock, start: date, count: int, unit: Unit) -> date:
    """The day on which the count is full, before it rolls."""
    if unit == "working_days":
        return _counted_to(clock.working_day, start, count)
    if unit != "calendar_days":
        count = (_corresponding(start, count * _MONTHS[unit]) - start).days
    return _counted_to(clock.any_day, start, count) if clock.ever_stops else start + count * _DAY


def _counted_to(told: Callable[[date], Day], start: date, count: int) -> date:
    day = start
    while count:
        day += _DAY
        count -= told(day).counts
    return day


def _corresponding(start: date, count: int) -> date:
    """The day of the same number so many months on, else the last day of that month (CC 202)."""
    years, month = divmod(start.month - 1 + count, 12)
    year, month = start.year + years, month + 1
    return date(year, month, min(start.day, months.monthrange(year, month)[1]))


def _rolled(clock: _Clock, last: date) -> date:
    while not clock.working_day(last).counts:
        last += _DAY
    return last


def _is_unsettled(calendar: Calendar, start: date, last: date, on: date, unit: Unit, roll: bool) -> bool:
    """Can a notice to come move the end? Settled days have no gap between them, so the two outermost decide."""
    if unit == "working_days":
        first = min(start + _DAY, last)
    elif roll:
        first = last
    else:
        return False
    return not (calendar.is_settled(first) and calendar.is_settled(on))


def _told(clock: _Clock, start: date, last: date, on: date, count: int, unit: Unit) -> Iterator[Day]:
    """The days after the start as the receipt lists them."""
    if unit == "working_days" and count:
        yield from (clock.working_day(day) for day in _days_between(start, on))
        return
    # Only days that moved the end are told of months and years, and without a stop none before the last one did.
    everyone = unit == "calendar_days"
    before = _days_between(start, last - _DAY if on > last else last) if everyone or clock.ever_stops else ()
    yield from (told for told in map(clock.any_day, before) if everyone or not told.counts)
    if on > last:
        yield from (clock.working_day(day) for day in _days_between(max(last - _DAY, start), on - _DAY))
        yield Day(on, count > 0, "rolled")


def _days_between(start: date, end: date) -> Iterator[date]:
    return (start + n * _DAY for n in range(1, (end - start).days + 1))
