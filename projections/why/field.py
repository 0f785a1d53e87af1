"""The path to one field of a resource: `status`, `sanctions/0/points`, `loops/<id>/due/on`, `may/confirmation`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from projections.cards.plain import Json

NAMING = ("id", "ref", "recipient", "measure", "regime", "digest", "year", "position", "code")  # what tells one element of a list from another
COUNTERS = ("id", "version", "position")  # of the log, not of what happened


class UnknownField(Exception):
    """The resource has no such field."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Named(NamedTuple):
    """A step into a list, to the element that a key names: the same element however many events are left out."""

    key: str
    value: Any


class Member(NamedTuple):
    """A step into a list of plain values: is this one in it?"""

    value: str


Step = str | int | Named | Member
MISSING = object()


def path_of(whole: Json, field: str) -> list[Step]:
    """The steps to a field of a resource. Raises UnknownField."""
    parts = field.strip("/").split("/")
    if not parts[0] or parts[0] in COUNTERS:
        raise UnknownField(field)
    value: Any = whole
    steps: list[Step] = []
    for n, part in enumerate(parts):
        if isinstance(value, list) and value and not isinstance(value[0], dict) and not part.isdigit():
            return [*steps, Member("/".join(parts[n:]))]
        step = _step(value, part)
        value = follow(value, [step]) if step is not None else MISSING
        if step is None or value is MISSING:
            raise UnknownField(field)
        steps.append(step)
    return steps


def _step(value: Any, part: str) -> Step | None:
    if isinstance(value, dict):
        return part
    if not isinstance(value, list):
        return None
    if part.isdigit() and int(part) < len(value):
        return _named(value, int(part))
    return next((Named(key, one[key]) for key in NAMING for one in value if isinstance(one, dict) and str(one.get(key)) == part), None)


def _named(listed: Sequence[Any], n: int) -> Step:
    """The element by what names it, where something does."""
    for key in NAMING:
        values = [one.get(key) if isinstance(one, dict) else None for one in listed]
        if None not in values and len(set(map(str, values))) == len(values):
            return Named(key, values[n])
    return n


def follow(value: Any, steps: Sequence[Step]) -> Any:
    """What stands at the end of the steps; MISSING where they lead nowhere."""
    for step in steps:
        match step:
            case Named(key, wanted):
                value = next((one for one in value if one.get(key) == wanted), MISSING) if isinstance(value, list) else MISSING
            case Member(wanted):
                value = wanted in value if isinstance(value, list) else MISSING
            case int():
                value = value[step] if isinstance(value, list) and step < len(value) else MISSING
            case _:
                value = value.get(step, MISSING) if isinstance(value, dict) else MISSING
    return value


def bases(whole: Json, steps: Sequence[Step]) -> list[Json]:
    """The rules that the value at the end of the steps carries, or else the nearest thing around it."""
    around = [follow(whole, steps[:n]) for n in range(len(steps) + 1)]
    for value in reversed(around):
        if found := list(_carried(value, deep=value is around[-1])):
            return found
    return []


def _carried(value: Any, deep: bool) -> Iterator[Json]:
    if isinstance(value, dict):
        own = value.get("basis")
        yield from (own if isinstance(own, list) else [own] if own else [])
        for name, one in value.items():
            if deep and name != "basis":
                yield from _carried(one, deep)
    elif isinstance(value, list) and deep:
        for one in value:
            yield from _carried(one, deep)
