"""Cells: the single values of an event, those inside its lists of parts among them, each under a path: `payments/0/value`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from domain.events import Event
from domain.values.money import Money

FILES = frozenset({"evidence", "proof"})  # lists of digests
IDENTITY = frozenset({"ref", "scheme", "id", "digest", "code", "by"})  # which part it is, inside a part
KINDS = {date: "date", Money: "money", bool: "bool", Decimal: "number", int: "whole", str: "text", list[str]: "list"}


class Cell(NamedTuple):
    """One value: its path, what it stands in (the event, or one of its parts) and under which name; `part` says which part."""

    path: str
    owner: Any
    name: str
    part: str | None = None

    @property
    def value(self) -> Any:
        return getattr(self.owner, self.name)

    @property
    def kind(self) -> str | None:
        """How it is written: date money bool number whole list text files; None for what is made of parts."""
        return kind_of(self.owner, self.name)

    @property
    def may_be_empty(self) -> bool:
        return any(_type(self.owner, self.name) == one | None for one in KINDS)


def _type(owner: Any, name: str) -> Any:
    return next(one.type for one in msgspec.structs.fields(owner) if one.name == name)


def kind_of(owner: Any, name: str) -> str | None:
    """See `Cell.kind`."""
    given = _type(owner, name)
    kind = next((kind for known, kind in KINDS.items() if given in (known, known | None)), None)
    return "files" if kind == "list" and name in FILES else kind


def cells(event: Event, name: str) -> Iterator[Cell]:
    """The cells of one field of an event: itself, or those of its parts."""
    if kind_of(event, name) is not None:
        yield Cell(name, event, name)
        return
    value = getattr(event, name)
    parts = [(f"{n}", one) for n, one in enumerate(value)] if isinstance(value, list) else [("", value)]
    for n, part in parts:
        if isinstance(part, msgspec.Struct):
            which = str(next((getattr(part, one) for one in ("ref", "code", "kind") if hasattr(part, one)), "")) if n else ""
            path = f"{name}/{n}" if n else name
            for one in part.__struct_fields__:
                if one not in IDENTITY and kind_of(part, one) not in (None, "files"):
                    yield Cell(f"{path}/{one}", part, one, which)


def cell_at(event: Event, path: str) -> Cell | None:
    """The cell of a path; None when it leads nowhere."""
    name = path.partition("/")[0]
    if name not in event.__struct_fields__:
        return None
    return next((one for one in cells(event, name) if one.path == path), None)


def with_value(event: Event, path: str, value: Any) -> tuple[str, Any]:
    """The field that a path leads into, and that field's JSON with the one value changed."""
    name, *steps = path.split("/")
    if not steps:
        return name, value
    whole: Any = msgspec.to_builtins(getattr(event, name))
    inner = whole
    for step in steps[:-1]:
        inner = inner[int(step)]
    inner[steps[-1]] = value
    return name, whole
