"""Deadline receipts: the stories and vectors by hand, an independent package, and what holds of every count."""

from bisect import bisect_right
from datetime import date, timedelta
from functools import cache

import holidays
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.days.deadline import Day, Receipt, Stop, Unit, days_left, deadline, working_days_between
from tests.domain.days.calendars import china

CHINA = china()
DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text if len(text) == 10 else f"2026-{text}")


def told(receipt: Receipt) -> dict[str, str]:
    return {each.on.isoformat()[5:]: each.why for each in receipt.days}


# ---------------------------------------------------------------- working days

VECTORS = [
    ("2025-01-24", 5, "2025-02-07"),
    ("2025-09-26", 7, "2025-10-13"),
    ("2026-02-09", 7, "2026-02-25"),
    ("2026-02-13", 1, "2026-02-14"),
    ("2026-04-30", 3, "2026-05-08"),
    ("2026-09-18", 1, "2026-09-20"),
    ("2026-09-24", 7, "2026-10-12"),
    ("2026-09-30", 10, "2026-10-20"),
    ("2026-11-23", 7, "2026-12-02"),
    ("2026-02-09", 5, "2026-02-14"),  # story 2: the last day is a Saturday that is worked
    ("2026-04-29", 7, "2026-05-12"),  # story 3: publish and serve
    ("2026-05-20", 3, "2026-05-25"),  # story 5: correct the published item
]


@pytest.mark.parametrize(("start", "count", "end"), VECTORS)
def test_working_days_by_hand(start: str, count: int, end: str) -> None:
    receipt = deadline(day(start), count, "working_days", CHINA)
    assert (receipt.on, receipt.provisional) == (day(end), False)
    assert (receipt.start, receipt.count, receipt.unit) == (day(start), count, "working_days")


def test_each_day_says_why_it_counts_or_not() -> None:
    receipt = deadline(day("02-12"), 4, "working_days", CHINA)
    rest = {f"02-{n}": "holiday" for n in range(15, 24)}
    assert told(receipt) == {"02-13": "counted", "02-14": "make_up", **rest, "02-24": "counted", "02-25": "counted"}
    assert told(deadline(day("03-06"), 1, "working_days", CHINA)) == {
        "03-07": "rest_day",
        "03-08": "rest_day",
        "03-09": "counted",
    }


def test_a_day_is_told_in_the_shape_of_the_api() -> None:
    receipt = deadline(day("04-30"), 1, "working_days", CHINA, [Stop(day("05-05"), day("05-06"), "停")])
    shown = list(msgspec.to_builtins(receipt)["days"])
    assert shown[0] == {"on": "2026-05-01", "counts": False, "why": "holiday"}
    assert shown[-2:] == [
        {"on": "2026-05-06", "counts": False, "why": "clock_stopped", "event": "停"},
        {"on": "2026-05-07", "counts": True, "why": "counted"},
    ]


def test_a_count_into_a_year_without_a_notice_is_provisional() -> None:
    receipt = deadline(day("12-29"), 7, "working_days", CHINA)
    assert (receipt.on, receipt.provisional) == (day("2027-01-08"), True)
    assert told(receipt)["01-01"] == "holiday"


@pytest.mark.parametrize(("start", "provisional"), [("12-25", False), ("12-28", True)])
def test_a_count_that_touches_the_years_end_is_provisional(start: str, provisional: bool) -> None:
    assert deadline(day(start), 1, "working_days", CHINA).provisional is provisional


def test_without_days_the_end_is_the_same() -> None:
    whole = deadline(day("02-09"), 7, "working_days", CHINA)
    assert deadline(day("02-09"), 7, "working_days", CHINA, with_days=False) == msgspec.structs.replace(whole, days=())


# ---------------------------------------------------------------- stops

SUPPLEMENT = Stop(day("07-30"), day("08-03"), "补正")


def test_days_of_waiting_for_a_supplement_do_not_count() -> None:
    """Story 3: applied 07-29; asked 07-30, given 08-03; so 07-31 and 08-03 are not counted."""
    accept = deadline(day("07-29"), 3, "working_days", CHINA, [SUPPLEMENT])
    assert accept.on == day("08-05")
    assert [each.on for each in accept.days if each.why == "clock_stopped"] == [day("07-31"), day("08-03")]
    assert {each.event for each in accept.days if each.why == "clock_stopped"} == {"补正"}
    assert told(accept)["08-01"] == "rest_day"
    assert deadline(day("07-29"), 3, "working_days", CHINA).on == day("08-03")
    assert deadline(day("07-29"), 10, "working_days", CHINA, [SUPPLEMENT]).on == day("08-14")
    assert deadline(day("07-29"), 10, "working_days", CHINA).on == day("08-12")


def test_a_supplement_given_on_the_day_it_was_asked_for_stops_nothing() -> None:
    stop = Stop(day("07-30"), day("07-30"), "补正")
    assert deadline(day("07-29"), 3, "working_days", CHINA, [stop]).on == day("08-03")


def test_an_open_stop_lasts_through_today_and_is_provisional() -> None:
    stop = Stop(day("07-30"), None, "补正")
    receipt = deadline(day("07-29"), 3, "working_days", CHINA, [stop], today=day("08-10"))
    assert (receipt.on, receipt.provisional) == (day("08-12"), True)
    with pytest.raises(ValueError, match="补正"):
        deadline(day("07-29"), 3, "working_days", CHINA, [stop])


def test_an_open_stop_after_the_end_changes_nothing() -> None:
    receipt = deadline(day("07-29"), 1, "working_days", CHINA, [Stop(day("07-30"), None, "补正")], today=day("08-10"))
    assert (receipt.on, receipt.provisional) == (day("07-30"), False)


def test_overlapping_stops_stop_a_day_once() -> None:
    stops = [SUPPLEMENT, Stop(day("07-31"), day("08-04"), "听证")]
    receipt = deadline(day("07-29"), 3, "working_days", CHINA, stops)
    assert receipt.on == day("08-06")
    assert {each.on: each.event for each in receipt.days if each.event} == {
        day("07-31"): "补正",
        day("08-03"): "补正",
        day("08-04"): "听证",
    }


def test_stopped_calendar_days_include_days_of_rest() -> None:
    receipt = deadline(day("07-29"), 5, "calendar_days", CHINA, [SUPPLEMENT])
    assert receipt.on == day("08-07")
    assert [each.on.day for each in receipt.days if not each.counts] == [31, 1, 2, 3]


def test_a_period_of_months_moves_on_by_the_days_that_the_clock_stood() -> None:
    receipt = deadline(day("07-29"), 1, "months", CHINA, [SUPPLEMENT], roll=False)
    assert receipt.on == day("09-02")
    assert [each.on for each in receipt.days] == [day("07-31"), day("08-01"), day("08-02"), day("08-03")]


# ---------------------------------------------------------------- calendar days, months, years, dates


def test_thirty_days_of_payment() -> None:
    """Story 6: accepted 2026-04-20, due 2026-05-20."""
    receipt = deadline(day("04-20"), 30, "calendar_days", CHINA)
    assert receipt.on == day("05-20")
    assert {each.why for each in receipt.days} == {"counted"}
    assert len(receipt.days) == 30


def test_a_last_day_without_work_hands_its_place_on() -> None:
    receipt = deadline(day("09-21"), 10, "calendar_days", CHINA)  # 10-01
    assert receipt.on == day("10-08")
    assert receipt.days[-1] == Day(day("10-08"), True, "rolled")
    assert [each.why for each in receipt.days[-8:-1]] == ["holiday"] * 7
    assert sum(each.counts for each in receipt.days) == 10
    assert deadline(day("09-21"), 10, "calendar_days", CHINA, roll=False).on == day("10-01")


def test_a_worked_saturday_does_not_roll() -> None:
    assert deadline(day("02-04"), 10, "calendar_days", CHINA).on == day("02-14")


def test_rolling_goes_past_days_on_which_the_clock_stood() -> None:
    stop = Stop(day("03-07"), day("03-09"), "停")
    receipt = deadline(day("03-05"), 2, "calendar_days", CHINA, [stop])  # full on Saturday 03-07
    assert receipt.on == day("03-10")
    assert told(receipt) == {
        "03-06": "counted",
        "03-07": "rest_day",
        "03-08": "rest_day",
        "03-09": "clock_stopped",
        "03-10": "rolled",
    }


@pytest.mark.parametrize(
    ("start", "count", "unit", "end"),
    [
        ("2026-04-29", 3, "months", "2026-07-29"),  # story 3: repairable from
        ("2026-04-29", 1, "years", "2027-04-29"),  # story 3: last day of publicity
        ("2025-12-10", 3, "months", "2026-03-10"),  # story 7
        ("2025-12-10", 3, "years", "2028-12-10"),
        ("2025-12-10", 12, "months", "2026-12-10"),
        ("2026-01-31", 1, "months", "2026-02-28"),
        ("2023-12-31", 2, "months", "2024-02-29"),
        ("2024-02-29", 1, "years", "2025-02-28"),
        ("2024-02-29", 4, "years", "2028-02-29"),
        ("2026-11-30", 3, "months", "2027-02-28"),
        ("2026-04-29", 0, "months", "2026-04-29"),
    ],
)
def test_months_and_years_end_on_the_corresponding_day(start: str, count: int, unit: Unit, end: str) -> None:
    receipt = deadline(day(start), count, unit, CHINA, roll=False)
    assert receipt == Receipt(day(start), day(end), count, unit)


def test_months_roll_where_the_rule_says_so() -> None:
    receipt = deadline(day("04-01"), 1, "months", CHINA)
    assert receipt.on == day("05-06")
    assert told(receipt) == {f"05-0{n}": "holiday" for n in range(1, 6)} | {"05-06": "rolled"}
    assert deadline(day("04-01"), 1, "months", CHINA, roll=False).on == day("05-01")


def test_only_a_period_that_may_roll_waits_for_a_notice() -> None:
    assert not deadline(day("04-29"), 1, "years", CHINA, roll=False).provisional
    assert deadline(day("04-29"), 1, "years", CHINA).provisional
    assert deadline(day("12-20"), 10, "calendar_days", CHINA).provisional
    assert not deadline(day("12-20"), 8, "calendar_days", CHINA).provisional


def test_a_date_is_itself() -> None:
    assert deadline(day("10-01"), 0, "date", CHINA) == Receipt(day("10-01"), day("10-01"), 0, "date")


def test_no_days_end_at_once_or_on_the_next_working_day() -> None:
    for unit in ("working_days", "calendar_days", "months"):
        assert deadline(day("09-30"), 0, unit, CHINA).on == day("09-30")
        receipt = deadline(day("10-01"), 0, unit, CHINA)
        assert receipt.on == day("10-08")
        assert sum(each.counts for each in receipt.days) == 0
        assert deadline(day("10-01"), 0, unit, CHINA, roll=False).on == day("10-01")


@pytest.mark.parametrize(("count", "unit"), [(-1, "working_days"), (-1, "months"), (3, "date")])
def test_what_is_no_period_is_refused(count: int, unit: Unit) -> None:
    with pytest.raises(ValueError, match=str(count)):
        deadline(day("10-01"), count, unit, CHINA)


# ---------------------------------------------------------------- days left


@pytest.mark.parametrize(("today", "left"), [("09-24", 7), ("09-28", 6), ("10-05", 4), ("10-10", 1), ("10-12", 0), ("10-13", -1)])
def test_working_days_left(today: str, left: int) -> None:
    assert days_left(deadline(day("09-24"), 7, "working_days", CHINA), day(today), CHINA) == left


def test_a_weekend_after_the_end_is_late_too() -> None:
    receipt = deadline(day("03-05"), 1, "working_days", CHINA)  # Friday 03-06
    assert days_left(receipt, day("03-07"), CHINA) == -1


def test_before_the_count_begins_all_of_it_is_left() -> None:
    assert days_left(deadline(day("09-24"), 7, "working_days", CHINA), day("09-01"), CHINA) == 7


@pytest.mark.parametrize(("today", "left"), [("05-10", 10), ("05-20", 0), ("05-21", -1)])
def test_calendar_days_left(today: str, left: int) -> None:
    assert days_left(deadline(day("04-20"), 30, "calendar_days", CHINA), day(today), CHINA) == left


def test_working_days_between_counts_either_way() -> None:
    assert working_days_between(day("09-24"), day("10-12"), CHINA) == 7
    assert working_days_between(day("10-12"), day("09-24"), CHINA) == -7
    assert working_days_between(day("09-24"), day("09-24"), CHINA) == 0


# ---------------------------------------------------------------- an independent package

FIRST, LAST = date(2015, 1, 1), date(2026, 12, 31)
STARTS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days + 1)]


@cache
def oracle_days() -> list[date]:
    """Every working day 2015 to 2026, as the `holidays` package has them."""
    oracle = holidays.country_holidays("CN", years=range(FIRST.year, LAST.year + 1))
    return [each for each in STARTS if oracle.is_working_day(each)]


def oracle_end(start: date, count: int) -> date | None:
    place = bisect_right(oracle_days(), start) + count - 1
    return oracle_days()[place] if place < len(oracle_days()) else None


@given(st.sampled_from(STARTS), st.integers(1, 120))
def test_any_length_agrees_with_the_holidays_package(start: date, count: int) -> None:
    if (end := oracle_end(start, count)) is not None:
        assert deadline(start, count, "working_days", CHINA).on == end


# ---------------------------------------------------------------- what holds of every count

starts = st.dates(date(2014, 1, 1), date(2028, 12, 31))
counts = st.integers(0, 60)
units = st.sampled_from(["working_days", "calendar_days", "months", "years"])


@st.composite
def stops(draw: st.DrawFn) -> tuple[Stop, ...]:
    begun = draw(st.lists(st.tuples(starts, st.integers(0, 40)), max_size=3))
    return tuple(Stop(after, after + timedelta(n), f"停{i}") for i, (after, n) in enumerate(begun))


near = st.tuples(st.dates(date(2026, 8, 1), date(2026, 12, 31)), st.integers(0, 40), st.integers(0, 30))


@given(starts, counts, units, stops(), st.booleans())
def test_a_greater_count_never_ends_earlier(start: date, count: int, unit: Unit, stops: tuple[Stop, ...], roll: bool) -> None:
    one, next_one = (deadline(start, n, unit, CHINA, stops, roll, False).on for n in (count, count + 1))
    assert start <= one <= next_one
    if unit == "working_days" and count:
        assert one < next_one


@given(starts, st.integers(0, 40), counts, units, st.booleans())
def test_a_later_start_never_ends_earlier(start: date, later: int, count: int, unit: Unit, roll: bool) -> None:
    assert (
        deadline(start, count, unit, CHINA, roll=roll, with_days=False).on
        <= deadline(start + timedelta(later), count, unit, CHINA, roll=roll, with_days=False).on
    )


@given(starts, counts, st.sampled_from(["working_days", "calendar_days"]), stops(), st.booleans())
def test_the_days_listed_are_all_days_and_exactly_so_many_count(start: date, count: int, unit: Unit, stops: tuple[Stop, ...], roll: bool) -> None:
    receipt = deadline(start, count, unit, CHINA, stops, roll)
    assert [each.on for each in receipt.days] == [start + n * DAY for n in range(1, (receipt.on - start).days + 1)]
    assert sum(each.counts for each in receipt.days) == count
    assert not count or receipt.days[-1].counts
    assert all((each.why == "clock_stopped") == (each.event is not None) for each in receipt.days)


@given(near, st.sampled_from(["working_days", "calendar_days"]))
def test_a_stop_never_shortens_and_its_days_never_count(drawn: tuple[date, int, int], unit: Unit) -> None:
    start, count, length = drawn
    stop = Stop(start + 3 * DAY, start + timedelta(3 + length), "停")
    free, stopped = deadline(start, count, unit, CHINA), deadline(start, count, unit, CHINA, [stop])
    assert stopped.on >= free.on
    assert not [each for each in stopped.days if each.counts and stop.after < each.on <= (stop.through or each.on)]
    assert free.on > stop.after or stopped == free


@given(starts, st.integers(1, 60), units, stops())
def test_a_rolled_deadline_never_lands_on_a_day_that_does_not_count(start: date, count: int, unit: Unit, stops: tuple[Stop, ...]) -> None:
    on = deadline(start, count, unit, CHINA, stops, with_days=False).on
    assert CHINA.is_working(on)
    assert not [stop for stop in stops if stop.through and stop.after < on <= stop.through]


@given(starts, st.integers(1, 60))
def test_counting_and_measuring_agree(start: date, count: int) -> None:
    assert working_days_between(start, deadline(start, count, "working_days", CHINA).on, CHINA) == count


@given(starts, counts, units, st.booleans())
def test_a_notice_moves_no_receipt_that_is_not_provisional(start: date, count: int, unit: Unit, roll: bool) -> None:
    """Whatever the notice of 2027 says, here: everything is off from 2026-12-29 to 2027-02-28."""
    receipt = deadline(start, count, unit, CHINA, roll=roll)
    off = {date(2026, 12, 29) + timedelta(n): "假" for n in range(62)}
    known = type(CHINA)({**CHINA.holidays, **off}, CHINA.make_up, 2004, 2027)
    assert receipt.provisional or start.year < 2004 or deadline(start, count, unit, known, roll=roll) == receipt
