"""Faults of a pack's file: what is wrong, where, and for what reason; and where in the text a key stands."""

import re
from collections.abc import Iterable
from typing import Any, get_type_hints

import msgspec

MISSING = "缺少这一项"
UNKNOWN = "不认识的项"
WRONG = "取值不合要求"
REPEATED = "重复出现"
NO_VALUE = "规则没有给出任何数值、期限或者清单"
HALF_A_PERIOD = "期限的数量和单位必须同时给出"
BACKWARDS = "下限大于上限"
NOT_TOML = "不是有效的 TOML"
NOT_UTF8 = "不是 UTF-8 文本"
NOT_A_WEEKEND = "调休上班日必须是周末，且不能同时是放假日"
OTHER_YEAR = "日期不在这一年"
NOT_TOML_OR_JSON = "不是有效的 TOML 或 JSON"
ONE_YEAR = "一个文件写一年的放假安排"
NO_DAY_OFF = "没有这一年的放假日：安排还没有公布，或者文件不完整"

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""^\s*("[^"]+"|'[^']+'|[A-Za-z0-9_-]+)\s*=""")
_SEGMENT = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_-]+)""")


class PackFault(msgspec.Struct, frozen=True):
    """One fault: the line (from 1), the key, the reason, and what the value was said to be."""

    line: int
    key: str
    reason: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.line}: {self.key}: {self.reason}{f'（{self.detail}）' if self.detail else ''}"


class PackRejected(Exception):
    """A pack's file that cannot be adopted, with every fault found in it."""

    def __init__(self, name: str, faults: Iterable[PackFault]) -> None:
        self.name = name
        self.faults = tuple(sorted(faults, key=lambda fault: fault.line))
        super().__init__("\n".join(f"{name}:{fault}" for fault in self.faults))


class Lines:
    """On which line of the text a key or a table stands, found by searching the text."""

    def __init__(self, text: str) -> None:
        self._at: dict[Path, int] = {}
        counts: dict[str, int] = {}
        here: Path = ()
        for number, line in enumerate(text.splitlines(), 1):
            if header := _HEADER.match(line):
                here = _path(header[1], header[2], counts)
                self._at.setdefault(here, number)
                self._at.setdefault(here[:1], number)
            elif key := _KEY.match(line):
                self._at.setdefault((*here, key[1].strip("\"'")), number)

    def of(self, path: Path) -> int:
        """The line of the path, else of the nearest thing around it that has one."""
        while path and path not in self._at:
            path = path[:-1]
        return self._at.get(path, 1)


def _path(brackets: str, inside: str, counts: dict[str, int]) -> Path:
    """`[rules.a.b]` is (rules, a, b); the third `[[rows]]` is (rows, 2), and `[rows.x]` after it (rows, 2, x)."""
    parts = ["".join(found) for found in _SEGMENT.findall(inside)]
    if brackets == "[[":
        counts[parts[0]] = counts.get(parts[0], -1) + 1
    if parts[0] in counts:
        return (parts[0], counts[parts[0]], *parts[1:])
    return tuple(parts)


class Checking:
    """Collects the faults of one file."""

    def __init__(self, text: str) -> None:
        self._lines = Lines(text)
        self.faults: list[PackFault] = []

    def fault(self, path: Path, reason: str, detail: str = "") -> None:
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
        self.faults.append(PackFault(self._lines.of(path), key, reason, detail))

    def struct(self, kind: type[Any], given: Any, path: Path, **known: Any) -> Any:
        """The record made of what was given, or None; each fault of each field is noted."""
        if not isinstance(given, dict):
            self.fault(path, WRONG, type(given).__name__)
            return None
        before = len(self.faults)
        hints = get_type_hints(kind, include_extras=True)
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind) if field.name not in known}
        for name in given.keys() - fields.keys():
            self.fault((*path, name), UNKNOWN)
        values: dict[str, Any] = dict(known)
        for name, field in fields.items():
            if name in given:
                values[field.name] = self._value(hints[field.name], given[name], (*path, name))
            elif field.required:
                self.fault((*path, name), MISSING)
        return kind(**values) if len(self.faults) == before else None

    def _value(self, hint: Any, given: Any, path: Path) -> Any:
        try:
            return msgspec.convert(given, hint)
        except msgspec.ValidationError as error:
            self.fault(path, WRONG, str(error))
            return None
