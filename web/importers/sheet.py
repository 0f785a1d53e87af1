"""Spreadsheets and CSV as rows of cells, numbered as Excel numbers them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from domain.values.fault import Fault

Rows = Iterator[tuple[int, Sequence[Any]]]
Check = Callable[[bytes, str], object]
_CHUNK = 1 << 20
_DELIMITERS = (",", "\t", ";", "，")
_LONGEST_CELL = 1_000_000


class NotReadable(Exception):
    """This file is no spreadsheet that can be read; `fault` says why."""

    def __init__(self, code: str, sentence: str, **params: Any) -> None:
        super().__init__(sentence)
        self.fault = Fault(code, sentence, params)


class Page(msgspec.Struct, frozen=True):
    """A sheet: its name (None for a CSV file), and its rows from the top each time they are asked for."""

    name: str | None
    rows: Callable[[], Rows]
    hidden: bool = False


def workbook(path: Path, check: Check | None) -> list[Page]:
    """The sheets of an xlsx, xls, xlsb or ods file; `check` looks at the packed file before it is unpacked, and raises
    when it must not be. Raises NotReadable."""
    # calamine is asked for only when a workbook comes: it takes a while to load.
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    packed = path.read_bytes()
    if not packed:
        raise NotReadable("file_empty", "文件是空的")
    if check is not None:
        check(packed, path.name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(packed))
    except CalamineError as error:
        raise NotReadable("not_a_workbook", "不是能读取的电子表格（可能损坏或加密）：{what}", what=str(error)[:200]) from None
    return [
        Page(told.name, _sheet_rows(book, told.name), told.visible is not SheetVisibleEnum.Visible)
        for told in book.sheets_metadata
        if told.typ is SheetTypeEnum.WorkSheet
    ]


def _sheet_rows(book: Any, name: str) -> Callable[[], Rows]:
    from python_calamine import CalamineError

    opened: list[Any] = []  # a sheet is taken apart once, however often its rows are asked for

    def rows() -> Rows:
        try:
            if not opened:
                opened.append(book.get_sheet_by_name(name))
            yield from enumerate(opened[0].iter_rows(), 1)  # empty rows above the first full one are told too
        except CalamineError as error:
            sentence = "工作表“{sheet}”不能读取：{what}"
            raise NotReadable("sheet_broken", sentence, sheet=name, what=str(error)[:200]) from None

    return rows


# ------------------------------------------------------------------ CSV


def csv_page(path: Path) -> Page:
    """A CSV file in UTF-8, UTF-16 or GB18030, with comma, tab or semicolon. Raises NotReadable."""
    if not path.stat().st_size:
        raise NotReadable("file_empty", "文件是空的")
    encoding = _encoding(path)
    return Page(None, lambda: _csv_rows(path, encoding))


def _encoding(path: Path) -> str:
    """Decode the whole file, a piece at a time, by each encoding in turn until one fits."""
    with path.open("rb") as file:
        start = file.read(4096)
    if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        candidates: tuple[str, ...] = ("utf-16",)
    elif b"\0" in start:
        # Two bytes a character, without a mark: the noughts are the upper halves of commas and digits.
        candidates = ("utf-16-le",) if start[1::2].count(0) > start[::2].count(0) else ("utf-16-be",)
    else:
        candidates = ("utf-8-sig", "gb18030")
    for encoding in candidates:
        if _fits(path, encoding):
            return encoding
    raise NotReadable("encoding_unknown", "无法识别文件编码，请另存为 UTF-8 或 xlsx")


def _fits(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_CHUNK):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _csv_rows(path: Path, encoding: str) -> Rows:
    csv.field_size_limit(_LONGEST_CELL)
    with path.open("r", encoding=encoding, newline="") as file:
        head = file.read(65_536)
    delimiter = max(_DELIMITERS, key=lambda sign: _evenness(head, sign))
    with path.open("r", encoding=encoding, newline="") as file:
        reader = csv.reader((line.replace("\0", "") for line in file), delimiter=delimiter)
        number = 0
        try:
            for number, cells in enumerate(reader, 1):
                yield number, [_unquoted(cell) for cell in cells]
        except csv.Error as error:
            raise NotReadable("csv_broken", "第 {row} 行之后不能读取：{what}", row=number, what=str(error)) from None


def _evenness(head: str, sign: str) -> int:
    """How many columns a delimiter makes, in the line where it makes the most."""
    return max((line.count(sign) for line in head.splitlines()[:40]), default=0)


def _unquoted(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from reading it as a formula."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in "=+-@\t\r" else cell
