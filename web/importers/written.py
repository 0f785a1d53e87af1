"""Days and amounts as people and programs write them."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Any

from domain.values.fault import Fault, Malformed
from domain.values.money import MINOR_UNITS, Money, parse_money
from web.importers.record import UNKNOWN_CURRENCY

_EARLIEST, _LATEST = 1900, 2200
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?$", re.DOTALL)
_YEAR_FIRST = re.compile(r"([0-9]{4})[-/.年 ]+([0-9]{1,2})[-/.月 ]+([0-9]{1,2})(?:日|号)?(?:[T ].*)?$", re.DOTALL)
_YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})(?: .*)?$")
_PLAIN = re.compile(r"(19|20|21)([0-9]{2})([0-9]{2})([0-9]{2})$")
_SERIAL = re.compile(r"[1-9][0-9]{3,5}(?:\.[0-9]+)?$")
_EXCEL = date(1899, 12, 30)
# 1950 to 2199: a smaller number in a column of days is a year or a slip, not a day of 1905.
_FIRST_SERIAL, _LAST_SERIAL = 18_264, 109_574
_CHINA = timezone(timedelta(hours=8))
_MONEY_WORDS = {
    "元": "CNY", "人民币": "CNY", "人民币元": "CNY", "RMB": "CNY", "¥": "CNY", "CNY": "CNY",
    "美元": "USD", "$": "USD", "欧元": "EUR", "€": "EUR", "港元": "HKD", "港币": "HKD", "日元": "JPY", "英镑": "GBP",
}  # fmt: skip
_CURRENCY = re.compile(r"[A-Z]{3}$")
_EUROPEAN = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+$|-?[0-9]+,[0-9]{1,2}$")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?$")
_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?$|-?\.[0-9]+$")


class Placeholder(Exception):
    """A day that publishers write where they have none, such as 0001-01-01."""


@lru_cache(maxsize=16384)
def day_of(text: str) -> date:
    """The day that a text says, as written there (no change of time zone). Raises Malformed (day_form), Placeholder."""
    spelt = text.strip()
    if not spelt.isascii():
        spelt = unicodedata.normalize("NFKC", spelt)
    if (found := _ISO.match(spelt) or _YEAR_FIRST.match(spelt)) is not None:
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if (found := _PLAIN.match(spelt)) is not None:
        return _day(int(found[1] + found[2]), int(found[3]), int(found[4]), text)
    if (found := _YEAR_LAST.match(spelt)) is not None:
        return _year_last(int(found[1]), int(found[2]), int(found[3]), text)
    if _SERIAL.match(spelt):
        return serial_day(float(spelt), text)
    raise _no_day(text)


def serial_day(number: float, text: str | None = None) -> date:
    """The day of a number in a cell: 20260301 as digits, or a spreadsheet's count of days. Raises Malformed."""
    if not math.isfinite(number):
        raise _no_day(text or str(number))
    whole = int(number)
    if number == whole and (found := _PLAIN.match(str(whole))) is not None:
        return _day(int(found[1] + found[2]), int(found[3]), int(found[4]), text or str(whole))
    if _FIRST_SERIAL <= whole <= _LAST_SERIAL:
        return _EXCEL + timedelta(days=whole)
    raise _no_day(text or str(number))


def stamp_day(number: int) -> date:
    """The day of a count of seconds or milliseconds since 1970, in Shanghai. Raises Malformed."""
    seconds = number / 1000 if abs(number) > 10**11 else number
    try:
        return datetime.fromtimestamp(seconds, _CHINA).date()
    except (OverflowError, ValueError, OSError):
        raise _no_day(str(number)) from None


def is_plain_day(text: str) -> bool:
    """Whether it is written as RFC 3339 writes a day or an instant."""
    return _ISO.match(text) is not None


def currency_of(text: str) -> str | None:
    """The code of a currency named in a file, or None when it names none that we know."""
    spelt = unicodedata.normalize("NFKC", text).strip().upper()
    if spelt in _MONEY_WORDS:
        return _MONEY_WORDS[spelt]
    return spelt if _CURRENCY.match(spelt) else None


def number_of(text: str, comma_decimal: bool = True) -> Decimal:
    """A number as any country writes it, where it has one reading only; with `comma_decimal` 1,5 is one and a half.
    Raises Malformed (number_form)."""
    spelt = unicodedata.normalize("NFKC", text).strip().replace("\u00a0", "").replace(" ", "").lstrip("$€£¥")
    if _GROUPED.match(spelt):
        return Decimal(spelt.replace(",", ""))
    if _DECIMAL.match(spelt):
        return Decimal(spelt)
    if comma_decimal and _EUROPEAN.match(spelt):
        return Decimal(spelt.replace(".", "").replace(",", "."))
    raise Malformed(Fault("number_form", "“{given}”不是数值", {"given": text[:80]}))


def money_of(amount: Decimal, currency: str | None) -> tuple[Money, bool]:
    """The amount as money, and whether it had to be rounded to the minor unit. Raises Malformed (money_*)."""
    code = currency or UNKNOWN_CURRENCY
    try:
        return Money(amount, code), False
    except Malformed as error:
        if error.fault.code != "money_too_fine":
            raise
        return Money.rounded(amount, code), True


def cell_money(value: Any, unit: Decimal, currency: str) -> tuple[Money, bool]:
    """A cell's amount under a heading that says the unit (1 or 10000 …). Raises Malformed (money_*)."""
    if isinstance(value, bool):
        raise Malformed(Fault("money_form", "“{given}”不是金额", {"given": str(value)}))
    if isinstance(value, int | float):
        # A spreadsheet holds fifteen digits; what a float has beyond them is noise.
        spelt = format(value, ".15g")
        return money_of(number_of(spelt) * unit, currency)
    text = str(value)
    try:
        return money_of(number_of(text, comma_decimal=False) * unit, currency)
    except Malformed as error:
        if error.fault.code != "number_form":
            raise
    money = parse_money(text, "万元" if unit == 10_000 else "元", currency)
    return money, False


def minor_units(currency: str) -> int:
    """Decimal places of a currency's smallest unit, two where we do not know."""
    return MINOR_UNITS.get(currency, 2)


def _year_last(first: int, second: int, year: int, text: str) -> date:
    if first > 12 >= second:
        return _day(year, second, first, text)
    if second > 12 >= first:
        return _day(year, first, second, text)
    if first == second:
        return _day(year, first, second, text)
    sentence = "日期“{given}”分不清月和日，请写作 2026-03-01"
    raise Malformed(Fault("day_ambiguous", sentence, {"given": text[:40]}))


def _day(year: int, month: int, day: int, text: str) -> date:
    if year < _EARLIEST:
        raise Placeholder(text)
    try:
        found = date(year, month, day)
    except ValueError:
        raise _no_day(text) from None
    if year >= _LATEST:
        raise _no_day(text)
    return found


def _no_day(text: str) -> Malformed:
    return Malformed(Fault("day_form", "“{given}”不是日期，请写作 2026-03-01", {"given": text[:40]}))
