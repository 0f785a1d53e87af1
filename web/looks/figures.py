"""Days, instants, money and shares as people read them, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

ZONE = ZoneInfo("Asia/Shanghai")
NOTHING = "—"
ZH_WEEKDAYS = "一二三四五六日"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WAN = Decimal(10_000)


def as_day(value: date | str) -> date:
    """A day from a day, an instant (its day in Shanghai) or their ISO text."""
    if isinstance(value, datetime):
        return as_instant(value).date()
    if isinstance(value, date):
        return value
    return as_instant(value).date() if "T" in value else date.fromisoformat(value)


def as_instant(value: datetime | str) -> datetime:
    """An instant on Shanghai's clock; one without an offset is taken to be on it already."""
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    return instant.replace(tzinfo=ZONE) if instant.tzinfo is None else instant.astimezone(ZONE)


def day_text(value: date | str | None, lang: str, style: str = "table", year: int | None = None) -> str:
    """A day in words.

    `table` 2026-11-27 周五 (11-27 周五 when `year` is its year) · `said` 2026年11月27日（周五） · `plain` 2026-11-27 ·
    `letter` 2026年11月27日 · `month` 2026年11月.
    """
    if value is None or value == "":
        return NOTHING
    day = as_day(value)
    return _chinese_day(day, style, year) if lang == "zh" else _english_day(day, style, year)


def _chinese_day(day: date, style: str, year: int | None) -> str:
    weekday, same = f"周{ZH_WEEKDAYS[day.weekday()]}", day.year == year
    written = f"{day.month}月{day.day}日" if same else f"{day.year}年{day.month}月{day.day}日"
    match style:
        case "table":
            return f"{day:%m-%d} {weekday}" if same else f"{day.isoformat()} {weekday}"
        case "said":
            return f"{written}（{weekday}）"
        case "letter":
            return f"{day.year}年{day.month}月{day.day}日"
        case "month":
            return f"{day.year}年{day.month}月"
        case "plain":
            return day.isoformat()
    raise ValueError(f"a day has no style {style!r}")


def _english_day(day: date, style: str, year: int | None) -> str:
    weekday, month = WEEKDAYS[day.weekday()], MONTHS[day.month - 1]
    ending = "" if day.year == year else f" {day.year}"
    match style:
        case "table":
            return f"{weekday[:3]} {day.day} {month[:3]}{ending}"
        case "said":
            return f"{weekday} {day.day} {month}{ending}"
        case "letter":
            return f"{day.day} {month} {day.year}"
        case "month":
            return f"{month} {day.year}"
        case "plain":
            return day.isoformat()
    raise ValueError(f"a day has no style {style!r}")


def instant_text(value: datetime | str | None, lang: str, style: str = "table", year: int | None = None) -> str:
    """An instant to the minute on Shanghai's clock; `exact` is to the second; other styles are those of a day."""
    if value is None or value == "":
        return NOTHING
    instant = as_instant(value)
    if style == "exact":
        return f"{day_text(instant, lang, 'letter')} {instant:%H:%M:%S}"
    return f"{day_text(instant, lang, style, year)} {instant:%H:%M}"


def time_tag(value: date | datetime | str, text: str) -> Markup:
    """The `<time>` that carries a day or instant for machines and its text for people."""
    machine = value if isinstance(value, str) else value.isoformat()
    return Markup('<time datetime="{}" class="nw">{}</time>').format(machine, text)


def money_text(value: Any, lang: str, unit: str = "", bare: bool = False) -> str:
    """An amount: `{"amount","currency"}`, or a number of CNY yuan.

    `unit` is `wan` (万元), `yuan` (元), or empty: 万元 when nothing is lost by it. `bare`: no unit.
    """
    if value is None or value == "":
        return NOTHING
    amount, currency = _amount(value)
    if currency != "CNY":
        return f"{currency} {amount:,.2f}"
    if not unit:
        unit = "wan" if abs(amount) >= WAN and amount % 100 == 0 and lang == "zh" else "yuan"
    number = _grouped(amount / WAN if unit == "wan" else amount)
    if bare:
        return number
    if lang == "zh":
        return f"{number} {'万元' if unit == 'wan' else '元'}"
    return f"CNY {_grouped(amount)}"


def _amount(value: Any) -> tuple[Decimal, str]:
    if isinstance(value, Mapping):
        return Decimal(str(value["amount"])), str(value.get("currency") or "CNY")
    if hasattr(value, "amount"):
        return Decimal(str(value.amount)), str(getattr(value, "currency", None) or "CNY")
    return Decimal(str(value)), "CNY"


def _grouped(amount: Decimal) -> str:
    return f"{amount.quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


def percent_text(value: Any, places: int = 1) -> str:
    """A number of per cent (2.4 is `2.4%`)."""
    return NOTHING if value is None or value == "" else f"{Decimal(str(value)):.{places}f}%"


def share_text(part: Any, whole: Any, places: int = 1) -> str:
    """What part of the whole, in per cent; a dash when there is no whole."""
    return percent_text(Decimal(str(part)) / Decimal(str(whole)) * 100, places) if whole else NOTHING


def capitals(value: Any) -> str:
    """An amount of yuan in the capital numerals of decisions and bills: 20.50 is 贰拾元伍角整."""
    cents = int((_amount(value)[0] * 100).to_integral_value(ROUND_HALF_UP))
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    text = f"{_capital_integer(yuan)}元" if yuan or not cents else ""
    if not jiao and not fen:
        return text + "整"
    middle = f"{DIGITS[jiao]}角" if jiao else ("零" if yuan else "")
    return text + middle + (f"{DIGITS[fen]}分" if fen else "整")


DIGITS = "零壹贰叁肆伍陆柒捌玖"


def _capital_integer(number: int) -> str:
    if number == 0:
        return DIGITS[0]
    groups: list[str] = []
    for name in ("", "万", "亿", "万亿"):
        number, part = divmod(number, 10_000)
        groups.append(_capital_group(part, padded=number > 0) + (name if part else ""))
    return "".join(reversed(groups)).replace("零零", "零").rstrip("零")


def _capital_group(part: int, padded: bool) -> str:
    if not part:
        return "零" if padded else ""
    text, gap = "", padded and part < 1000
    for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = part // unit % 10
        if digit:
            text += ("零" if gap else "") + DIGITS[digit] + name
        gap = (not digit and bool(text)) or (gap and not digit)
    return text
