"""The calendar that the tests count on, from the `chinese_calendar` package: 2004 to 2026."""

from functools import cache

from chinese_calendar import constants  # type: ignore[import-untyped]

from domain.days.calendar import Calendar

FIXED = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节", (10, 1): "国庆节", (10, 2): "国庆节", (10, 3): "国庆节"}


@cache
def china() -> Calendar:
    return Calendar(
        holidays={day: str(name) for day, name in constants.holidays.items()},
        make_up=[day for day in constants.workdays if day.weekday() >= 5],
        first_year=2004,
        last_year=2026,
        fixed=FIXED,
        open_days=3,
    )
