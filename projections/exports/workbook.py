"""An xlsx file being written: our headings, cells that no spreadsheet takes for a formula, exact amounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]

from projections.exports.columns import Column, Sheet

LAST_ROW = 1_048_576
_LONGEST = 32_767
_EXACT_DIGITS = 15
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class TooManyRows(Exception):
    """More rows than a worksheet holds."""


def opened(stream: IO[bytes], in_order: bool = True) -> Any:
    """A new workbook; with `in_order` its rows are written once, from the top, and not held in memory."""
    options = {
        "constant_memory": in_order,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd",
    }
    return xlsxwriter.Workbook(stream, options)


def add_sheet(book: Any, sheet: Sheet, lang: str, columns: Sequence[Column] | None = None) -> Any:
    """A worksheet with its headings; `lang` zh, en, or both (Chinese, English in the second line)."""
    page = book.add_worksheet(sheet.en if lang == "en" else sheet.zh)
    plain = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EEF4", "border": 1})
    must = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#FBE9D7", "border": 1})
    formats = {"code": book.add_format({"num_format": "@"}), "text": None, "choice": None}
    formats |= {
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
    }
    for place, column in enumerate(columns or sheet.columns):
        page.set_column(place, place, column.width, formats.get(column.kind))
        page.write_string(0, place, heading(column, lang), must if column.required else plain)
    page.freeze_panes(1, 1)
    return page


def heading(column: Column, lang: str) -> str:
    """A column's title in a language."""
    return {"zh": column.zh, "en": column.en}.get(lang, f"{column.zh}\n{column.en}")


def put(page: Any, row: int, place: int, value: Any) -> None:
    """One cell: text stays text, whatever it begins with; an amount with more digits than a cell holds is text too."""
    if row >= LAST_ROW:
        raise TooManyRows(f"一个工作表最多 {LAST_ROW} 行")
    if value is None or value == "":
        return
    if isinstance(value, date):
        page.write_datetime(row, place, value)
    elif isinstance(value, Decimal) and len(value.as_tuple().digits) <= _EXACT_DIGITS:
        page.write_number(row, place, float(value))
    elif isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(row, place, value)
    else:
        page.write_string(row, place, str(value)[:_LONGEST])


def csv_safe(value: Any) -> str:
    """A CSV cell that no spreadsheet takes for a formula; our import takes the apostrophe off again."""
    spelt = "" if value is None else str(value)
    return "'" + spelt if spelt[:1] in _FORMULA and isinstance(value, str) else spelt
