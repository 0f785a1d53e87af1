"""What a draft pack would have made otherwise, as a workbook to take away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, Any

from projections.exports.columns import Column, Sheet
from projections.exports.workbook import add_sheet, opened, put

SHEET = Sheet("trial", "试算", "Trial", (
    Column("party", "主体代码", "Party", "code", width=28), Column("name", "主体", "Name", width=30), Column("subject", "类别", "Of", width=10),
    Column("number", "编号", "Number", "code", width=26), Column("what", "什么", "What", width=22), Column("about", "文号或事项", "About", width=26),
    Column("before", "现行规则", "As adopted", width=16), Column("after", "试算规则", "Under the draft", width=16),
))  # fmt: skip


def write_trial(rows: Iterable[Sequence[Any]], stream: IO[bytes], lang: str) -> None:
    """A line for each difference, its cells in the order of the columns."""
    book = opened(stream)
    page = add_sheet(book, SHEET, lang)
    for n, row in enumerate(rows, 1):
        for place, value in enumerate(row):
            put(page, n, place, value)
    book.close()
