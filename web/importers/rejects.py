"""The reject file: what stayed out, in the form of what came in, with the reasons, to be mended and imported again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from projections.exports.columns import CONTRACTS, REASON, ROW
from projections.exports.workbook import csv_safe, opened, put
from web.importers.record import Reject, SheetRow

REASONS = "_rejected"
"""The member of a rejected release that says why; the import pays no heed to it."""
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_SUFFIXES = {"ocds": ".jsonl", "csv": ".csv", "xlsx": ".xlsx"}


def entries(reject: Reject) -> list[dict[str, Any]]:
    """A reject as the JSON report tells it: one entry for each reason."""
    return [
        {
            "row": fault.place.row if fault.place.row is not None else reject.row,
            "sheet": fault.place.sheet,
            "column": fault.place.column,
            "pointer": fault.place.pointer,
            "code": fault.code,
            "reason": fault.text,
        }
        for fault in reject.faults
    ]


def write_rejects(rejects: Iterable[Reject], folder: Path, name: str, form: str) -> Path | None:
    """Write the rejects of one file beside each other: `form` ocds, csv or xlsx; the file's path.

    None when there is nothing to mend in it (no rejects, or a file that could not be read at all).
    """
    wanted = [one for one in rejects if one.original is not None]
    if not wanted:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{Path(name).stem}.rejects{_SUFFIXES[form]}"
    {"ocds": _write_lines, "csv": _write_csv, "xlsx": _write_xlsx}[form](wanted, path)
    return path


def _write_lines(rejects: list[Reject], path: Path) -> None:
    """A release a line; parts of one contract that stay out for several reasons are one line."""
    lines: dict[str, tuple[Mapping[str, Any], list[dict[str, Any]]]] = {}
    for reject in rejects:
        original = reject.original
        key = repr((original.get("ocid"), original.get("id"), reject.part_of or reject.pointer))
        lines.setdefault(key, (original, []))[1].extend(entries(reject))
    with path.open("wb") as file:
        for original, reasons in lines.values():
            body = {key: value for key, value in original.items() if key != REASONS}
            file.write(_ENCODER.encode({REASONS: reasons, **body}) + b"\n")


def _grouped(rejects: list[Reject]) -> tuple[list[str], list[tuple[Reject, SheetRow]]]:
    """The titles of all rejected rows together (sheets of one workbook may differ), and the rows."""
    titles: dict[str, None] = {}
    rows = [(one, one.original) for one in rejects if isinstance(one.original, SheetRow) and one.original.headings]
    for _, original in rows:
        titles.update(dict.fromkeys(title for title in original.headings if title and title not in {REASON, ROW}))
    return list(titles), rows


def _cells(titles: list[str], original: SheetRow) -> list[Any]:
    by_title = dict(zip(reversed(original.headings), reversed(_padded(original)), strict=True))
    return [by_title.get(title) for title in titles]


def _padded(original: SheetRow) -> list[Any]:
    cells = list(original.cells[: len(original.headings)])
    return cells + [None] * (len(original.headings) - len(cells))


def _write_csv(rejects: list[Reject], path: Path) -> None:
    titles, rows = _grouped(rejects)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([REASON, ROW, *map(csv_safe, titles)])
        for reject, original in rows:
            cells = [csv_safe(_plain(cell)) for cell in _cells(titles, original)]
            writer.writerow([csv_safe(reject.reason), reject.row, *cells])


def _write_xlsx(rejects: list[Reject], path: Path) -> None:
    titles, rows = _grouped(rejects)
    with path.open("wb") as file:
        book = opened(file, in_order=False)
        page = book.add_worksheet(CONTRACTS.zh)
        for place, title in enumerate([REASON, ROW, *titles]):
            page.write_string(0, place, title)
        for number, (reject, original) in enumerate(rows, 1):
            for place, cell in enumerate([reject.reason, reject.row, *_cells(titles, original)]):
                put(page, number, place, _plain(cell))
        _write_others(book, rejects)
        book.close()


def _write_others(book: Any, rejects: list[Reject]) -> None:
    """The rows of other sheets that belong to what was rejected."""
    pages: dict[str, tuple[Any, int]] = {}
    for reject in rejects:
        if not isinstance(reject.original, SheetRow):
            continue
        for sheet, headings, row, cells in reject.original.others:
            if sheet not in pages:
                page = book.add_worksheet(sheet)
                for place, title in enumerate([REASON, ROW, *headings]):
                    page.write_string(0, place, title)
                pages[sheet] = (page, 1)
            page, number = pages[sheet]
            own = [f.text for f in reject.faults if f.place.sheet == sheet and f.place.row == row]
            for place, cell in enumerate(["；".join(own), row, *cells]):
                put(page, number, place, _plain(cell))
            pages[sheet] = (page, number + 1)


def _plain(cell: Any) -> Any:
    """A cell as it can be written again; a moment of the day that nobody wrote is left out."""
    if isinstance(cell, datetime):
        return cell.date() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    if isinstance(cell, date | int | float | str) or cell is None:
        return cell
    return str(cell)
