"""A list as a file: CSV and workbook in the reader's words, JSON with the codes; no cell is ever a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.responses import Response

from projections.exports.columns import Column, Sheet
from projections.exports.workbook import add_sheet, csv_safe, opened, put
from web.looks.tongue import Tongue, tongue_of
from web.words import word

Json = dict[str, Any]
KINDS = ("csv", "xlsx", "json")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Cell(NamedTuple):
    """A column: the key of a row, its heading, and the table of words for its codes."""

    key: str
    label: str
    words: str = ""
    width: int = 16


def file_of(request: Request, name: str, title: str, cells: Sequence[Cell], rows: Iterable[Json], more: Json | None = None) -> Response:
    """The rows as the file that the address ends in (csv, xlsx, json). `more` is told in JSON beside the items."""
    kind, speaks = request.url.path.rpartition(".")[2], tongue_of(request)
    if kind == "json":
        items = list(rows)
        told = {"items": items, "total": len(items), **(more or {})}
        content, media_type = json.dumps(told, ensure_ascii=False).encode(), "application/json"
    elif kind == "xlsx":
        content, media_type = _workbook(speaks, title, cells, rows), XLSX
    else:
        content, media_type = _csv(speaks, cells, rows), "text/csv; charset=utf-8"
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}.{kind}"'})


def _csv(speaks: Tongue, cells: Sequence[Cell], rows: Iterable[Json]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([speaks.said(cell.label) for cell in cells])
    writer.writerows([csv_safe(_said(speaks, cell, row)) for cell in cells] for row in rows)
    return ("\ufeff" + text.getvalue()).encode("utf-8", "replace")


def _workbook(speaks: Tongue, title: str, cells: Sequence[Cell], rows: Iterable[Json]) -> bytes:
    stream = io.BytesIO()
    with opened(stream) as book:
        columns = tuple(Column(cell.key, said := speaks.said(cell.label), said, width=cell.width) for cell in cells)
        page = add_sheet(book, Sheet("list", speaks.said(title), speaks.said(title), columns), speaks.lang)
        days = book.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        for at, row in enumerate(rows, 1):
            for place, cell in enumerate(cells):
                value = _said(speaks, cell, row)
                if (day := _day(value)) is not None:
                    page.write_datetime(at, place, day, days)
                else:
                    put(page, at, place, value)
    return stream.getvalue()


def _said(speaks: Tongue, cell: Cell, row: Json) -> Any:
    value = row[cell.key]
    if isinstance(value, list):
        return speaks.said("、").join(str(one) for one in value)
    if cell.words and value is not None:
        return speaks.said(word(cell.words, value))
    return value


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or len(value) != len("2026-01-01"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
