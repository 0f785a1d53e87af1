"""What a form field is made of: a dict with few keys, filled up with the defaults that the form macros rely on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

Field = Mapping[str, Any]
DEFAULTS: Field = {
    "kind": "text", "required": False, "value": None, "hint": None, "error": None, "options": (), "rows": (),
    "min": None, "max": None, "step": None, "minlength": None, "maxlength": None, "size": None, "pattern": None,
    "list": None, "autocomplete": None, "inputmode": None, "accept": None, "lines": 4, "unit": "yuan",
}  # fmt: skip


def whole(field: Field) -> dict[str, Any]:
    """The field with every key; a sum of money as {amount, unit}; an empty list of errors as none."""
    filled: dict[str, Any] = {**DEFAULTS, **field}
    filled["error"] = filled["error"] or None
    if filled["kind"] == "money":
        value = filled["value"]
        filled["value"] = (
            {"amount": value.get("amount"), "unit": value.get("unit") or filled["unit"]}
            if isinstance(value, Mapping)
            else {"amount": value, "unit": filled["unit"]}
        )
    return filled


def placed(rows: Field, index: int) -> list[dict[str, Any]]:
    """The fields of one row, named `{rows}-{index}-{field}`, whether or not they were named so already."""
    prefix = f"{rows['name']}-{index}-"
    return [{**cell, "name": prefix + str(cell["name"]).removeprefix(prefix)} for cell in rows["rows"][index]]


def wrong(fields: Iterable[Field]) -> list[dict[str, Any]]:
    """Every field that has an error, those inside rows too, in the order of the page."""
    found: list[dict[str, Any]] = []
    for field in map(whole, fields):
        if field["error"]:
            found.append(field)
        for index in range(len(field["rows"])):
            found += wrong(placed(field, index))
    return found


def has_files(fields: Iterable[Field]) -> bool:
    """Whether the form must be sent as multipart."""
    return any(field.get("kind") in ("file", "photo") or any(has_files(row) for row in field.get("rows") or ()) for field in fields)


def is_iso_day(value: Any) -> bool:
    """Whether a date input can show the value; what it cannot is kept as it was typed, in a text input."""
    if isinstance(value, date):
        return True
    try:
        return date.fromisoformat(str(value)).isoformat() == str(value)
    except ValueError:
        return False


def size_text(octets: int) -> str:
    """A file's size: 1,536 is `1.5 KB`."""
    if octets < 1024:
        return f"{octets} B"
    size, unit = octets / 1024, "KB"
    for larger in ("MB", "GB"):
        if size >= 1024:
            size, unit = size / 1024, larger
    return f"{size:.1f} {unit}"


def chosen(field: Field) -> Sequence[str]:
    """The values ticked in a radio or multi field, as text."""
    value = field["value"]
    if value is None:
        return ()
    return [str(value)] if isinstance(value, (str, bool, int)) else [str(one) for one in value]
