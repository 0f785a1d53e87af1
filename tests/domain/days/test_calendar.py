"""What kind of day each day is, against the published notices and two independent packages."""

import json
from datetime import date, timedelta
from typing import Any

import holidays
import pytest

from domain.days.calendar import Calendar
from tests.domain.days.calendars import china
from tests.shared import shared

CHINA = china()


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-02-13", "working"),
        ("2026-02-14", "make_up"),
        ("2026-02-15", "holiday"),
        ("2026-02-24", "working"),
        ("2026-03-01", "rest_day"),
        ("2026-05-02", "holiday"),
        ("2022-12-31", "holiday"),
        ("2018-12-29", "make_up"),
        ("2027-01-01", "holiday"),
        ("2027-01-02", "rest_day"),
        ("2027-01-04", "working"),
        ("2027-10-03", "holiday"),
    ],
)
def test_each_day_is_of_one_kind(day: str, kind: str) -> None:
    assert CHINA.kind(date.fromisoformat(day)) == kind


@pytest.mark.parametrize(
    ("day", "settled"),
    [
        ("2003-12-31", False),
        ("2004-01-01", True),
        ("2025-12-31", True),
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2026-12-31", False),
        ("2027-06-15", False),
    ],
)
def test_a_day_is_settled_once_no_notice_can_change_it(day: str, settled: bool) -> None:
    assert CHINA.is_settled(date.fromisoformat(day)) is settled


def test_how_many_days_a_years_end_leaves_open_is_data() -> None:
    closed = Calendar({}, (), 2026, 2026, open_days=0)
    assert closed.is_settled(date(2026, 12, 31))
    assert not Calendar({}, (), 2026, 2026, open_days=5).is_settled(date(2026, 12, 27))


def test_fixed_holidays_apply_to_unpublished_years_alone() -> None:
    calendar = Calendar({}, (), 2026, 2026, fixed={(6, 3): "试日"})
    assert calendar.kind(date(2026, 6, 3)) == "working"
    assert calendar.kind(date(2027, 6, 3)) == "holiday"
    assert calendar.kind(date(2025, 6, 3)) == "holiday"


def test_every_day_agrees_with_the_holidays_package() -> None:
    oracle = holidays.country_holidays("CN", years=range(2015, 2027))
    days = [date(2015, 1, 1) + timedelta(n) for n in range((date(2026, 12, 31) - date(2015, 1, 1)).days + 1)]
    assert [day for day in days if CHINA.is_working(day) != oracle.is_working_day(day)] == []


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_every_day_agrees_with_the_published_notices(year: int) -> None:
    told: dict[str, Any] = json.loads(shared("data", "cn-holidays", f"{year}.json").read_text("utf-8"))
    assert told["days"]
    for day in told["days"]:
        assert CHINA.kind(date.fromisoformat(day["date"])) == ("holiday" if day["isOffDay"] else "make_up")


def test_a_calendar_cannot_be_changed_through_what_it_was_made_of() -> None:
    off, worked, fixed = {date(2026, 6, 3): "试日"}, {date(2026, 6, 6)}, {(6, 5): "试日"}
    calendar = Calendar(off, worked, 2026, 2026, fixed)
    for source in (off, worked, fixed):
        source.clear()
    assert calendar.kind(date(2026, 6, 3)) == "holiday"
    assert calendar.kind(date(2026, 6, 6)) == "make_up"
    assert calendar.kind(date(2027, 6, 5)) == "holiday"
    with pytest.raises(TypeError):
        calendar.holidays[date(2026, 6, 4)] = "另一日"  # type: ignore[index]
    with pytest.raises(AttributeError):
        calendar.last_year = 2030  # type: ignore[misc]


@pytest.mark.parametrize(
    ("off", "worked", "first", "last"),
    [
        ({}, [date(2026, 6, 3)], 2026, 2026),
        ({date(2026, 6, 6): "试日"}, [date(2026, 6, 6)], 2026, 2026),
        ({}, [], 2027, 2026),
    ],
    ids=["a weekday made up", "off and worked", "backwards"],
)
def test_a_table_that_contradicts_itself_is_refused(off: dict[date, str], worked: list[date], first: int, last: int) -> None:
    with pytest.raises(ValueError, match=r"weekend day|backwards"):
        Calendar(off, worked, first, last)
