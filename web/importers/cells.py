"""The cells of a row under their headings, each read as what its column holds."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import msgspec

from domain.values.fault import Fault, Malformed
from domain.values.money import Money
from projections.exports.columns import EXAMPLE, Column, Sheet
from web.importers.headings import Head, Heading
from web.importers.record import Note, Place
from web.importers.written import Placeholder, cell_money, currency_of, day_of, serial_day

_OPTIONAL_KINDS = {
    "title": "text", "due_on": "day", "owed_by": "choice", "fulfilled_on": "day",
    "value": "money", "term_days": "number", "after": "code", "paid_on": "day", "paid": "money",
}  # fmt: skip
_WORDS_FOR = {
    "货物": "CG", "物资": "CG", "采购": "CG", "工程": "SG", "信息化系统": "XX", "运维": "YW",
    "小微": "small", "小微企业": "small", "在建": "performing", "执行中": "performing", "履约中": "performing",
    "已完工": "completed", "完成": "completed", "已履行完毕": "completed", "履行完毕": "completed",
    "解除": "terminated",
    "已终止": "terminated", "终止": "terminated", "暂停": "suspended", "保函": "bank_guarantee", "验收": "fulfilment",
    "补充协议": "amendment", "支付": "payment", "供应商": "contractor", "承包人": "contractor", "采购人": "authority",
    "业主": "authority", "发包人": "authority",
}  # fmt: skip
_SUFFIXES = ("企业", "类", "合同", "服务")


class Strange(Exception):
    """A word that none of a column's choices is; worth a note."""


class Read(msgspec.Struct):
    """A row's values by key, what is wrong with it, and what is odd about it."""

    row: int
    values: dict[str, Any]
    faults: list[Note]
    notes: list[Note]


class Reader:
    """Reads the rows of one sheet."""

    def __init__(self, file: str, sheet_name: str | None, heading: Heading) -> None:
        self.file, self.sheet_name, self.heading = file, sheet_name, heading
        self._columns = [(head.index, head.key, _reading(head, heading.sheet), head) for head in heading.columns]
        self._number = next((head.index for head in heading.columns if head.key == "number"), None)
        self._currency = next((head for head in heading.columns if head.key == "currency"), None)

    def rows(self, rows: Iterator[tuple[int, Sequence[Any]]]) -> Iterator[tuple[Read, Sequence[Any]]]:
        """Every row below the heading that is neither empty nor the template's example."""
        for number, cells in rows:
            if number <= self.heading.last_row or _is_empty(cells) or self._is_example(cells):
                continue
            yield self.read(number, cells), cells

    def read(self, number: int, cells: Sequence[Any]) -> Read:
        """One row."""
        read = Read(number, {}, [], [])
        width = len(cells)
        currency = self._row_currency(number, cells, read)
        for index, key, reading, head in self._columns:
            if index >= width:
                continue
            cell = cells[index]
            if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()):
                continue
            try:
                value = reading(cell, currency)
            except Malformed as error:
                read.faults.append(Note.of(error.fault, self.place(number, head.title)))
                continue
            except Placeholder:
                self._note(read, head, "day_placeholder", "日期“{given}”只是占位，按未知处理", given=str(cell)[:40])
                continue
            except Strange:
                self._note(read, head, "choice_unknown", "“{given}”不在可选的词中，按未知处理", given=str(cell)[:40])
                continue
            if type(value) is tuple:
                value, rounded = value
                if rounded:
                    sentence = "金额 {given} 已四舍五入到 {rounded}"
                    self._note(read, head, "money_rounded", sentence, given=str(cell)[:40], rounded=str(value.amount))
            read.values[key] = value
        return read

    def place(self, row: int, column: str | None = None) -> Place:
        """A place in this sheet."""
        return Place(self.file, row, self.sheet_name, column)

    def title(self, key: str) -> str:
        """The title of a column here; of one that is not here, our own."""
        for head in self.heading.columns:
            if head.key == key:
                return head.title
        return next((column.zh for column in self.heading.sheet.columns if column.key == key), key)

    def _note(self, read: Read, head: Head, code: str, sentence: str, **params: Any) -> None:
        read.notes.append(Note(code, self.place(read.row, head.title), sentence, params))

    def _row_currency(self, number: int, cells: Sequence[Any], read: Read) -> str:
        head = self._currency
        if head is None or head.index >= len(cells) or not str(cells[head.index] or "").strip():
            return "CNY"
        if (code := currency_of(str(cells[head.index]))) is None:
            sentence = "币种“{given}”不认识，请写三个大写字母，例如 CNY"
            fault = Fault("money_currency", sentence, {"given": str(cells[head.index])[:40]})
            read.faults.append(Note.of(fault, self.place(number, head.title)))
        return code or "CNY"

    def _is_example(self, cells: Sequence[Any]) -> bool:
        if self._number is None or self._number >= len(cells):
            return False
        cell = cells[self._number]
        return isinstance(cell, str) and cell.strip().startswith(EXAMPLE)


def _is_empty(cells: Sequence[Any]) -> bool:
    return not any(cell is not None and cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in cells)


# ------------------------------------------------------------------ one cell

Reading = Callable[[Any, str], Any]


def _reading(head: Head, sheet: Sheet) -> Reading:
    column = next((column for column in sheet.columns if column.key == head.key), None)
    kind = column.kind if column is not None else _OPTIONAL_KINDS[head.key.rsplit(".", 1)[1]]
    if kind == "money":
        unit, own = head.unit, head.currency
        return lambda cell, currency: cell_money(cell, unit, own or currency)
    if kind == "choice":
        return _choice(column if column is not None else _side())
    return {"day": _day, "code": _code, "number": _number, "percent": _percent}.get(kind, _text)


def _side() -> Column:
    from projections.exports.columns import SIDES

    return Column("owed_by", "责任方", "Owed by", "choice", choices=SIDES)


def _text(cell: Any, _: str) -> str:
    if isinstance(cell, str):
        return " ".join(cell.split()) if "\n" not in cell else "\n".join(" ".join(line.split()) for line in cell.splitlines())
    return _spelt(cell)


def _code(cell: Any, _: str) -> str:
    if isinstance(cell, str):
        return cell.strip() if cell.isascii() else unicodedata.normalize("NFKC", cell).strip()
    if isinstance(cell, float) and abs(cell) >= 1e15:
        sentence = "编号以数值存放，超过 15 位已失真（{given}），请把该列设为文本后重新填写"
        raise Malformed(Fault("code_as_number", sentence, {"given": format(cell, ".0f")}))
    return _spelt(cell)


def _spelt(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return str(cell)


def _day(cell: Any, _: str) -> date:
    if isinstance(cell, str):
        return day_of(cell)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return serial_day(float(cell))
    raise Malformed(Fault("day_form", "“{given}”不是日期，请写作 2026-03-01", {"given": str(cell)[:40]}))


def _number(cell: Any, _: str) -> int:
    found = _decimal(str(cell).removesuffix("天").removesuffix("日") if isinstance(cell, str) else cell)
    if found != found.to_integral_value() or not 0 <= found < 100_000:
        raise _no_number(cell)
    return int(found)


def _percent(cell: Any, _: str) -> str:
    """A percentage: 3, "3%", and 0.03 in a cell that shows 3%."""
    spelt = unicodedata.normalize("NFKC", cell).strip() if isinstance(cell, str) else ""
    found = _decimal(spelt.removesuffix("%") if spelt else cell)
    if not spelt and 0 < found < Decimal("0.2"):
        found *= 100
    if not 0 <= found <= 100:
        raise _no_number(cell)
    return format(found.normalize(), "f")


def _decimal(cell: Any) -> Decimal:
    spelt = format(cell, ".15g") if isinstance(cell, float) else unicodedata.normalize("NFKC", str(cell)).strip()
    try:
        found = Decimal(spelt)
    except InvalidOperation:
        raise _no_number(cell) from None
    if not found.is_finite() or found.adjusted() > 18:
        raise _no_number(cell)
    return found


def _no_number(cell: Any) -> Malformed:
    return Malformed(Fault("number_form", "“{given}”不是合适的数值", {"given": str(cell)[:40]}))


def _choice(column: Column) -> Reading:
    words: Mapping[str, str] = {
        **{code.lower(): code for code, _ in column.choices},
        **{word.lower(): code for code, word in column.choices},
    }
    codes = {code for code, _ in column.choices}

    @lru_cache(maxsize=1024)
    def choose(text: str) -> str:
        spelt = unicodedata.normalize("NFKC", text).strip().lower()
        tries = [spelt, spelt.split(" ")[0], *(spelt.removesuffix(end) for end in _SUFFIXES), spelt.removeprefix("已")]
        tries += [one + "型" for one in tries if len(one) == 1]
        for one in tries:
            if (code := words.get(one) or _WORDS_FOR.get(one)) in codes and code is not None:
                return code
        if column.required:
            given = {"given": text[:40], "choices": "、".join(word for _, word in column.choices)}
            raise Malformed(Fault("choice_unknown", "“{given}”不在可选的词中：{choices}", given))
        raise Strange

    return lambda cell, _: choose(str(cell))


def money_or_none(value: Any) -> Money | None:
    """A value of a money column, if there was one."""
    return value if isinstance(value, Money) else None
