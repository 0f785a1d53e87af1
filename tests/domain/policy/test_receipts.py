"""Every receipt of the shipped calendar against an independent count: each start day 2015 to 2026, each length to 120 days.

The second source is the `holidays` package. `LVYUE_EXHAUSTIVE=1` asks for every pair of start and length by itself.
"""

import os
from bisect import bisect_left, bisect_right
from datetime import date, timedelta
from functools import cache

import holidays
import pytest

from domain.days.calendar import Calendar
from domain.days.deadline import deadline
from tests.domain.policy.books import shipped_book

FIRST, LAST, LONGEST = date(2015, 1, 1), date(2026, 12, 31), 120
STARTS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]
ONE_IN = 1 if os.environ.get("LVYUE_EXHAUSTIVE") else 60


@cache
def worked() -> list[date]:
    """Every working day 2015 to 2026, as the package has them."""
    oracle = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    return [day for day in STARTS if oracle.is_working_day(day)]


def calendar() -> Calendar:
    return shipped_book().calendar()


def test_the_two_sources_differ_in_one_day() -> None:
    """2005-12-31, a Saturday that the package does not have as worked; and before 2004 neither has notices to compare."""
    days = [date(2004, 1, 1) + timedelta(n) for n in range((LAST - date(2004, 1, 1)).days + 1)]
    oracle = holidays.country_holidays("CN", years=range(2004, LAST.year + 1))
    assert [day for day in days if calendar().is_working(day) != oracle.is_working_day(day)] == [date(2005, 12, 31)]


def test_each_day_of_every_count_of_working_days() -> None:
    """The days that count are, one by one, the package's next working days: so a count of any length ends where it says."""
    ours, theirs = calendar(), worked()
    for start in STARTS:
        place = bisect_right(theirs, start)
        expected = theirs[place : place + LONGEST]
        if not expected:
            continue
        receipt = deadline(start, len(expected), "working_days", ours)
        assert [day.on for day in receipt.days if day.counts] == expected, start
        assert receipt.on == expected[-1]
        assert len(receipt.days) == (receipt.on - start).days


@pytest.mark.parametrize("unit", ["working_days", "calendar_days"])
def test_every_start_and_length(unit: str) -> None:
    ours, theirs, asked = calendar(), worked(), 0
    for start in STARTS:
        place = bisect_right(theirs, start)
        for count in range(1 + start.toordinal() % ONE_IN, LONGEST + 1, ONE_IN):
            at = place + count - 1 if unit == "working_days" else bisect_left(theirs, start + timedelta(count))
            if at < len(theirs):
                asked += 1
                assert deadline(start, count, unit, ours, with_days=False).on == theirs[at], (start, count)  # type: ignore[arg-type]
    assert asked > len(STARTS) * (LONGEST // ONE_IN) * 0.97  # counts that leave 2026 have no second source


def test_a_calendar_that_is_a_day_off_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = calendar()
    wrong = Calendar({**ours.holidays, date(2015, 3, 11): "?"}, ours.make_up, ours.first_year, ours.last_year, ours.fixed, ours.open_days)
    monkeypatch.setattr("tests.domain.policy.test_receipts.calendar", lambda: wrong)
    with pytest.raises(AssertionError):
        test_each_day_of_every_count_of_working_days()
