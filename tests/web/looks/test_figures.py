"""Days, instants, money and shares as they are read."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from web.looks.figures import capitals, day_text, instant_text, money_text, percent_text, share_text

FRIDAY = date(2026, 11, 27)


@pytest.mark.parametrize(("style", "year", "zh", "en"), [
    ("table", 2026, "11-27 周五", "Fri 27 Nov"),
    ("table", None, "2026-11-27 周五", "Fri 27 Nov 2026"),
    ("said", 2026, "11月27日（周五）", "Friday 27 November"),
    ("said", 2025, "2026年11月27日（周五）", "Friday 27 November 2026"),
    ("letter", 2026, "2026年11月27日", "27 November 2026"),
    ("month", 2026, "2026年11月", "November 2026"),
    ("plain", 2026, "2026-11-27", "2026-11-27"),
])  # fmt: skip
def test_a_day_is_written_in_both_languages(style: str, year: int | None, zh: str, en: str) -> None:
    assert (day_text(FRIDAY, "zh", style, year), day_text("2026-11-27", "en", style, year)) == (zh, en)


def test_an_instant_is_on_shanghais_clock() -> None:
    late = datetime(2026, 4, 29, 16, 30, tzinfo=UTC)
    assert instant_text(late, "zh", "plain") == "2026-04-30 00:30"
    assert instant_text("2026-11-23T10:42:17+08:00", "zh", "exact") == "2026年11月23日 10:42:17"
    assert day_text(late, "zh", "plain") == "2026-04-30"
    assert instant_text(None, "zh") == day_text("", "en") == "—"


def test_an_unknown_style_is_an_error() -> None:
    for lang in ("zh", "en"):
        with pytest.raises(ValueError, match="no style"):
            day_text(FRIDAY, lang, "pretty")


@pytest.mark.parametrize(("value", "unit", "zh", "en"), [
    ({"amount": "48265000.00", "currency": "CNY"}, "", "4,826.50 万元", "CNY 48,265,000.00"),
    ({"amount": "14479.50", "currency": "CNY"}, "", "14,479.50 元", "CNY 14,479.50"),
    ("12345.67", "", "12,345.67 元", "CNY 12,345.67"),
    (Decimal("9653000"), "wan", "965.30 万元", "CNY 9,653,000.00"),
    ({"amount": "100", "currency": "USD"}, "", "USD 100.00", "USD 100.00"),
    (None, "", "—", "—"),
])  # fmt: skip
def test_money(value: object, unit: str, zh: str, en: str) -> None:
    assert (money_text(value, "zh", unit), money_text(value, "en", unit)) == (zh, en)


def test_a_column_of_money_leaves_the_unit_to_its_head() -> None:
    assert money_text("48265000", "en", "wan", bare=True) == "4,826.50"


def test_shares() -> None:
    assert (percent_text("2.4"), percent_text(None), share_text(33785500, 48265000), share_text(1, 0)) == ("2.4%", "—", "70.0%", "—")


@pytest.mark.parametrize(("value", "text"), [
    (236736, "贰拾叁万陆仟柒佰叁拾陆元整"), (0, "零元整"), (10, "壹拾元整"), (100000, "壹拾万元整"), (1010000, "壹佰零壹万元整"),
    ("0.05", "伍分"), ("1.05", "壹元零伍分"), ("20.50", "贰拾元伍角整"), (100010000, "壹亿零壹万元整"), (1000001, "壹佰万零壹元整"),
    (20000000, "贰仟万元整"), (100200, "壹拾万零贰佰元整"), ("304416.00", "叁拾万肆仟肆佰壹拾陆元整"), (10000000001, "壹佰亿零壹元整"),
])  # fmt: skip
def test_an_amount_in_capital_numerals(value: object, text: str) -> None:
    assert capitals(value) == text
