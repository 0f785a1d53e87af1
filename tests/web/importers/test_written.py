"""Days and amounts as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.fault import Malformed
from web.importers.written import Placeholder, cell_money, currency_of, day_of, number_of, serial_day

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    "spelt",
    [
        "2026-03-01", "2026.3.1", "2026年3月1日", "2026/3/1", "20260301", "２０２６年３月１日",
        " 2026-3-1 ", "2026-03-01 08:00:00",
        "2026-03-01T23:59:59Z", "2026 年 3 月 1 日", "46082", "2026年3月1号",
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(spelt: str) -> None:
    assert day_of(spelt) == DAY


@pytest.mark.parametrize("spelt", ["", "x", "2026-02-30", "2026-13-01", "2026", "3", "20261301", "2026-03", "99999999"])
def test_what_is_no_day(spelt: str) -> None:
    with pytest.raises(Malformed) as caught:
        day_of(spelt)
    assert caught.value.fault.code == "day_form"


def test_a_day_that_two_countries_read_differently_is_refused() -> None:
    with pytest.raises(Malformed) as caught:
        day_of("03/04/2026")
    assert caught.value.fault.code == "day_ambiguous"
    assert day_of("13/04/2026") == day_of("04/13/2026") == date(2026, 4, 13)


def test_placeholders_are_no_days() -> None:
    with pytest.raises(Placeholder):
        day_of("0001-01-01T00:00:00Z")


@given(st.dates(date(1950, 1, 1), date(2199, 12, 31)))
def test_serials_are_days(day: date) -> None:
    assert serial_day(float((day - date(1899, 12, 30)).days)) == day
    assert serial_day(float(day.strftime("%Y%m%d"))) == day


@given(st.text(max_size=20))
def test_any_text_is_a_day_or_refused(text: str) -> None:
    try:
        assert 1900 <= day_of(text).year < 2200
    except (Malformed, Placeholder):
        return


@pytest.mark.parametrize(
    ("cell", "unit", "amount"),
    [
        ("1,234,567.89", 1, "1234567.89"),
        ("１２３．４５", 10_000, "1234500.00"),
        ("¥1000", 1, "1000.00"),
        ("50万元", 1, "500000.00"),
        ("1000元", 10_000, "1000.00"),
        ("1.2亿元", 1, "120000000.00"),
        (123.45, 10_000, "1234500.00"),
        (0.1 + 0.2, 1, "0.30"),
        (1000000, 1, "1000000.00"),
        ("人民币 12 元整", 1, "12.00"),
        ("1e3", 1, "1000.00"),
    ],
)
def test_amounts(cell: object, unit: int, amount: str) -> None:
    money, rounded = cell_money(cell, Decimal(unit), "CNY")
    assert (str(money.amount), money.currency, rounded) == (amount, "CNY", False)


def test_more_places_than_a_cent_are_rounded_and_told() -> None:
    money, rounded = cell_money("12.34567", Decimal(1), "CNY")
    assert (str(money.amount), rounded) == ("12.35", True)


@pytest.mark.parametrize("cell", ["abc", "-5", "1.2.3", "12,34", True, "1e400", float("inf"), "#N/A", "五万"])
def test_what_is_no_amount(cell: object) -> None:
    with pytest.raises(Malformed):
        cell_money(cell, Decimal(1), "CNY")


def test_numbers_of_other_countries_where_they_have_one_reading() -> None:
    assert number_of("1.234.567,5") == Decimal("1234567.5")
    assert number_of("1,234,567.5") == Decimal("1234567.5")
    assert [currency_of(word) for word in ("人民币", "usd", "美元", "pounds")] == ["CNY", "USD", "USD", None]
