"""How a spreadsheet's columns were understood, for whoever is about to import it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from stores.upload_checks import UploadRefused
from web.importers.detect import check_workbook, format_of
from web.importers.headings import LOOKED_THROUGH, Heading, find_heading
from web.importers.sheet import NotReadable, Page, csv_page, workbook


def columns_seen(path: Path) -> list[dict[str, Any]]:
    """Every column with a title: its sheet, title, what it was taken for (None: nothing), unit and a sample. None of OCDS."""
    form = format_of(path)
    if form == "ocds":
        return []
    try:
        pages = [csv_page(path)] if form == "csv" else workbook(path, check_workbook)
        return [column for page in pages for column in _of_page(page)]
    except (NotReadable, UploadRefused):
        return []  # told as a reject of the whole file


def _of_page(page: Page) -> Iterator[dict[str, Any]]:
    first = list(islice(page.rows(), LOOKED_THROUGH))
    heading = find_heading(first, page.name or "")
    if heading is None:
        return
    samples = next((cells for number, cells in first if number > heading.last_row and any(str(cell or "").strip() for cell in cells)), ())
    known = {head.index: head for head in heading.columns}
    for index, title in enumerate(heading.titles):
        if not title:
            continue
        head = known.get(index)
        sample = samples[index] if index < len(samples) else None
        yield {
            "sheet": page.name, "title": title, "taken_for": None if head is None else _called(heading, head.key),
            "unit": "万元" if head is not None and head.unit == Decimal(10_000) else None, "sample": str(sample)[:40] if sample not in (None, "") else None,
        }  # fmt: skip


def _called(heading: Heading, key: str) -> str:
    """Our own title for a column; a numbered one is its kind and number."""
    found = next((column.zh for column in heading.sheet.columns if column.key == key), None)
    if found is not None:
        return found
    kind, number, _ = key.split(".")
    return f"{'履约义务' if kind == 'obligation' else '付款'}{number}"
