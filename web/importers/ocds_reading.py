"""One contracting process being read: its members taken out with care, and everything odd about them written down."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from domain.values.fault import Malformed
from domain.values.money import Money
from web.importers.ocds_merge import Node
from web.importers.ocds_shape import shown
from web.importers.record import UNKNOWN_CURRENCY, Note, Place
from web.importers.written import Placeholder, currency_of, day_of, is_plain_day, money_of, number_of, stamp_day

MOST_NOTES = 300
"""A record tells so many oddities one by one, and of the rest only how many there are."""


class Notes:
    """Notes of one record, each place and code once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[tuple[str, str | None, str], Note] = {}

    def add(self, code: str, pointer: str, sentence: str, **params: Any) -> None:
        """Write an oddity down."""
        self.keep(Note(code, Place(self.file, pointer=pointer), sentence, params))

    def keep(self, note: Note) -> None:
        """Write one down that is a note already."""
        self._found.setdefault((note.code, note.place.pointer, note.sentence), note)

    def fault(self, error: Malformed, pointer: str) -> Note:
        """What was wrong with a value, at its place; not kept."""
        return Note.of(error.fault, Place(self.file, pointer=pointer))

    def all(self) -> tuple[Note, ...]:
        """Everything found; beyond MOST_NOTES only their number."""
        found = list(self._found.values())
        if len(found) <= MOST_NOTES:
            return tuple(found)
        rest = Note("more_notes", Place(self.file), "另有 {count} 处不规范", {"count": len(found) - MOST_NOTES})
        return (*found[:MOST_NOTES], rest)


class Wrong(Exception):
    """A value that cannot be read; `note` says where and why."""

    def __init__(self, note: Note) -> None:
        super().__init__(note.code)
        self.note = note


def objects(node: Node, key: str, notes: Notes) -> Iterator[Node]:
    """The objects of a list, however it is written: null, one object alone, lists within lists. Others are noted."""
    yield from _objects(node.get(key), node.where(key), notes)


def _objects(value: Any, at: str, notes: Notes) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _objects(item, f"{at}/{number}", notes)
    elif value is not None:
        notes.add("not_an_object", at, "此处应为对象，文件中是 {given}，未采用", given=shown(value))


def child(node: Node | None, key: str) -> Node | None:
    """A member that is an object; of a list of one, that one. (What else it is, the shape check tells.)"""
    value = None if node is None else node.get(key)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, Node) else None


def text(node: Node | None, key: str) -> str | None:
    """A member as text, trimmed; numbers are written out. None when there is nothing."""
    value = None if node is None else node.get(key)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    return str(value).strip() or None


def day(node: Node | None, key: str, notes: Notes) -> date | None:
    """The day of a date-time, as the file writes it. Raises Wrong when there is something that is no day."""
    if node is None:
        return None
    value, at = node.get(key), node.where(key)
    if isinstance(value, Node) and "$date" in value:
        value = value["$date"]
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, int) and not isinstance(value, bool):
            found = day_of(str(value)) if 19_000_000 < value < 22_000_000 else _stamped(value)
        elif isinstance(value, str):
            found = day_of(value)
        else:
            raise Wrong(Note("day_form", Place(notes.file, pointer=at), "“{given}”不是日期", {"given": shown(value)}))
    except Placeholder:
        notes.add("day_placeholder", at, "日期“{given}”只是占位，按未知处理", given=shown(value))
        return None
    except Malformed as error:
        raise Wrong(notes.fault(error, at)) from None
    if not isinstance(value, str) or not is_plain_day(value):
        notes.add("day_spelt_otherwise", at, "日期写作“{given}”，读作 {read}", given=shown(value), read=found.isoformat())
    return found


def _stamped(value: int) -> date:
    if value <= 0:
        raise Placeholder(str(value))
    return stamp_day(value)


def money(node: Node | None, key: str, notes: Notes) -> Money | None:
    """A Value, or a bare number. Raises Wrong when the amount cannot be read or is less than nothing."""
    if node is None or node.get(key) is None:
        return None
    value, at = child(node, key), node.where(key)
    if value is None:
        raw, where, named = node[key], at, None
        if isinstance(raw, list):
            if not raw:
                return None
            raise Wrong(Note("money_form", Place(notes.file, pointer=at), "金额应为对象，文件中是数组"))
    else:
        raw, where, named = value.get("amount"), value.where("amount"), value.get("currency")
    if raw is None or (isinstance(raw, str) and raw.strip() in {"", "-"}):
        return None
    try:
        amount = _amount(raw, where, notes)
        found, rounded = money_of(amount, _currency(named, value.where("currency") if value is not None else at, notes))
    except Malformed as error:
        raise Wrong(notes.fault(error, where)) from None
    if rounded:
        notes.add("money_rounded", where, "金额 {given} 已四舍五入到 {read}", given=shown(raw), read=str(found.amount))
    return found


def _amount(raw: Any, at: str, notes: Notes) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | str):
        raise Wrong(Note("money_form", Place(notes.file, pointer=at), "“{given}”不是金额", {"given": shown(raw)}))
    if not isinstance(raw, str):
        return Decimal(raw)
    amount = number_of(raw)
    notes.add("number_as_text", at, "数值写成了文字“{given}”，读作 {read}", given=raw[:80], read=str(amount))
    return amount


def _currency(named: Any, at: str, notes: Notes) -> str:
    if named is None or named == "":
        notes.add("currency_missing", at, "没有写明币种")
        return UNKNOWN_CURRENCY
    found = currency_of(named) if isinstance(named, str) else None
    if found is None:
        notes.add("currency_unknown", at, "币种“{given}”不认识", given=shown(named))
        return UNKNOWN_CURRENCY
    if found != named:
        notes.add("currency_spelt_otherwise", at, "币种“{given}”读作 {read}", given=named, read=found)
    return found
