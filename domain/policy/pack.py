"""A policy pack: one version of one instrument, read from its TOML file, checked, and never changed."""

import calendar
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Annotated, Any, TypeVar, cast

import msgspec

from domain.policy import faults
from domain.policy.faults import Checking, PackFault, PackRejected, Path
from domain.policy.tables import TABLES, AnyRow, CalendarYear, Name, Rule
from domain.rules import Basis

__all__ = ["Basis", "Head", "Pack", "PackFault", "PackRejected", "Rule", "read_pack", "shipped"]

_SATURDAY = calendar.SATURDAY
_AT_LINE = re.compile(r"at line (\d+)")
_VALUES = ("count", "value", "amount", "percent", "list", "min_months", "max_months", "known")

R = TypeVar("R", bound=AnyRow)


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What the pack is: the instrument, its number, from when until when it is in force, and what it replaces.

    `family` is the line of instruments that follow one another; `prefix` begins the full names of its rules.
    """

    key: Annotated[str, msgspec.Meta(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")]
    version: Annotated[int, msgspec.Meta(ge=1)]
    title: Name
    issuer: Name
    number: Name
    effective_from: date
    effective_until: date | None = None
    family: Name
    prefix: str = ""
    source: str
    note: str
    replaces: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """`rules` by full name; `tables` by the name of the table; `digest` is the SHA-256 of the bytes, in hex."""

    head: Head
    digest: str
    rules: Mapping[str, Rule]
    tables: Mapping[str, tuple[AnyRow, ...]]
    _codes: Mapping[str, Mapping[str, AnyRow]]

    @property
    def key(self) -> str:
        return self.head.key

    @property
    def version(self) -> int:
        return self.head.version

    def rows(self, kind: type[R]) -> tuple[R, ...]:
        """The rows of that kind, in the order of the file."""
        return cast(tuple[R, ...], self.tables.get(kind.table, ()))

    def row(self, kind: type[R], code: str) -> R | None:
        """The row with that code."""
        return cast(R | None, self._codes.get(kind.table, {}).get(code))

    def basis(self, row: AnyRow) -> Basis:
        """The basis that a row is: its table and code stand for the rule's name."""
        code = getattr(row, "code", getattr(row, "year", ""))
        return Basis(self.key, self.version, f"{row.table}.{code}", getattr(row, "clause", ""), _status(row))


def _status(row: AnyRow) -> Any:
    return getattr(row, "status", "unconfirmed")


@lru_cache(maxsize=128)
def read_pack(data: bytes, name: str) -> Pack:
    """The pack in the file's bytes; the same bytes are read once. Raises PackRejected with every fault of the file."""
    text, given = _parsed(data, name)
    checking = Checking(text)
    head = checking.struct(Head, {key: given[key] for key in given if not _is_body(given[key])}, ())
    rules = _rules(checking, head, given.get("rules", {}))
    tables = {table: _rows(checking, table, rows) for table, rows in given.items() if table != "rules" and _is_body(rows)}
    if head is not None and head.effective_until is not None and head.effective_until < head.effective_from:
        checking.fault(("effective_until",), faults.BACKWARDS)
    if checking.faults:
        raise PackRejected(name, checking.faults)
    codes = {table: MappingProxyType({_code(row): row for row in rows}) for table, rows in tables.items()}
    return Pack(
        head,
        hashlib.sha256(data).hexdigest(),
        MappingProxyType({rule.full_name: rule for rule in rules}),
        MappingProxyType(tables),
        MappingProxyType(codes),
    )


def shipped() -> list[tuple[str, bytes]]:
    """The packs that come with the software: file name and bytes, by name."""
    folder = files("domain.policy.packs")
    found = [(file.name, file.read_bytes()) for file in folder.iterdir() if file.name.endswith(".toml")]
    return sorted(found)


def _is_body(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and any(isinstance(one, dict) for one in value))


def _parsed(data: bytes, name: str) -> tuple[str, dict[str, Any]]:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PackRejected(name, [PackFault(line, "", faults.NOT_UTF8)]) from None
    try:
        return text, tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        line = int(found[1]) if found else len(text.splitlines())
        raise PackRejected(name, [PackFault(line, "", faults.NOT_TOML, str(error))]) from None


def _rules(checking: Checking, head: Head | None, given: Any) -> list[Rule]:
    """The rules, also those in tables within tables (`[rules.class.minor]` is `class.minor`)."""
    found = []
    for name, fields in _flat(given):
        path: Path = ("rules", *name.split("."))
        known = {"pack": head.key if head else "", "version": head.version if head else 0, "name": name}
        full = {} if "full_name" in fields else {"full_name": f"{_prefix(head)}.{name}"}
        rule = checking.struct(Rule, fields, path, **known, **full)
        _check_rule(checking, fields, path)
        if rule is not None:
            found.append(rule)
    _check_repeats(checking, [(rule.full_name, ("rules", *rule.name.split("."))) for rule in found])
    return found


def _prefix(head: Head | None) -> str:
    return (head.prefix or head.family) if head else ""


def _flat(given: Any, before: str = "") -> list[tuple[str, dict[str, Any]]]:
    """A table that holds only tables is a step of the name; any other is a rule."""
    found = []
    for name, value in given.items() if isinstance(given, dict) else ():
        full = f"{before}{name}"
        if isinstance(value, dict) and value and all(isinstance(one, dict) for one in value.values()):
            found += _flat(value, f"{full}.")
        else:
            found.append((full, value if isinstance(value, dict) else {}))
    return found


def _check_rule(checking: Checking, fields: dict[str, Any], path: Path) -> None:
    if not any(key in fields for key in _VALUES):
        checking.fault(path, faults.NO_VALUE)
    if ("unit" in fields) != ("count" in fields):
        checking.fault((*path, "unit" if "unit" in fields else "count"), faults.HALF_A_PERIOD)
    _check_order(checking, fields, path, "min_months", "max_months")


def _check_order(checking: Checking, fields: Mapping[str, Any], path: Path, least: str, most: str) -> None:
    low, high = fields.get(least), fields.get(most)
    if isinstance(low, int | Decimal) and isinstance(high, int | Decimal) and low > high:
        checking.fault((*path, least), faults.BACKWARDS)


def _rows(checking: Checking, table: str, given: Any) -> tuple[AnyRow, ...]:
    kind = TABLES.get(table)
    if kind is None or not isinstance(given, list):
        checking.fault((table,), faults.UNKNOWN)
        return ()
    found: list[AnyRow] = []
    paths: list[tuple[str, Path]] = []
    for index, fields in enumerate(given):
        path: Path = (table, index)
        row = checking.struct(kind, fields, path)
        if row is not None:
            _check_row(checking, row, fields, path)
            found.append(row)
            paths.append((_code(row), path))
    _check_repeats(checking, paths)
    return tuple(found)


def _code(row: AnyRow) -> str:
    """What tells one row of a table from another."""
    for key in ("code", "year"):
        if hasattr(row, key):
            return str(getattr(row, key))
    return f"{getattr(row, 'month', '')}-{getattr(row, 'day', '')}"


def _check_row(checking: Checking, row: AnyRow, fields: dict[str, Any], path: Path) -> None:
    _check_order(checking, fields, path, "min_months", "max_months")
    for name in ("fine", "fine_person"):
        fine = fields.get(name)
        if isinstance(fine, dict):
            _check_order(checking, fine, (*path, name), "min", "max")
            _check_order(checking, fine, (*path, name), "min_percent", "max_percent")
    if isinstance(row, CalendarYear):
        _check_year(checking, row, path)


def _check_year(checking: Checking, row: CalendarYear, path: Path) -> None:
    off = {day for days in row.off.values() for day in days}
    for day in row.work:
        if day.weekday() < _SATURDAY or day in off:
            checking.fault((*path, "work"), faults.NOT_A_WEEKEND, day.isoformat())
    for name, days in {"work": row.work, **row.off}.items():
        at = (*path, "work") if name == "work" else (*path, "off", name)
        for day in days:
            if day.year != row.year:
                checking.fault(at, faults.OTHER_YEAR, day.isoformat())


def _check_repeats(checking: Checking, named: list[tuple[str, Path]]) -> None:
    seen: set[str] = set()
    for name, path in named:
        if name in seen:
            checking.fault(path, faults.REPEATED, name)
        seen.add(name)
