"""The calendar as the packs and the notices published since give it."""

from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from domain.days.calendar import Calendar
from domain.policy.missing import NoSuchRule
from domain.policy.pack import Pack
from domain.policy.tables import CalendarYear, FixedDay

DAY_OFF = "放假"


class PublishedYear(msgspec.Struct, frozen=True):
    """A year's notice, recorded at a position: its days off (by name) and its weekend days that are worked."""

    position: int
    year: int
    off: Mapping[date, str]
    work: frozenset[date]
    source: str


def calendar_of(pack: Pack, published: Sequence[PublishedYear]) -> Calendar:
    """The pack's years, each replaced by what was published later.

    A notice also decides single days of the year before it. Only years without a gap before them count as published.
    """
    holidays: dict[date, str] = {}
    work: set[date] = set()
    years: set[int] = set()
    for row in pack.rows(CalendarYear):
        years.add(row.year)
        holidays.update({day: name for name, days in row.off.items() for day in days})
        work.update(row.work)
    for notice in published:
        years.add(notice.year)
        decided = notice.work | notice.off.keys()
        holidays = {day: name for day, name in holidays.items() if _stays(day, notice.year, decided)}
        holidays |= notice.off
        work = {day for day in work if _stays(day, notice.year, decided)} | notice.work
    last = next(year for year in range(min(years), max(years) + 1) if year + 1 not in years)
    fixed = {(row.month, row.day): row.zh for row in pack.rows(FixedDay)}
    return Calendar(holidays, work, min(years), last, fixed, _open_days(pack))


def _stays(day: date, year: int, decided: frozenset[date]) -> bool:
    return day.year != year and day not in decided


def _open_days(pack: Pack) -> int:
    rule = pack.rules.get("calendar.year_end_open_days")
    if rule is None or not isinstance(rule.value, int):
        raise NoSuchRule("calendar.year_end_open_days", pack.key)
    return rule.value
