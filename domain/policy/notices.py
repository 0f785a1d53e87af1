"""A year's notice of days off, read from its file: a `[[years]]` table as in the calendar pack, or JSON of days with `isOffDay`."""

import calendar
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import msgspec

from domain.policy import faults
from domain.policy.faults import Checking, PackRejected, Path
from domain.policy.tables import Name

_AT_LINE = re.compile(r"line (\d+)")


class YearNotice(msgspec.Struct, frozen=True, kw_only=True):
    """A year's days off (by the holiday's name) and the weekend days that are worked; some may lie in a year beside it."""

    year: int
    source: Name
    work: tuple[date, ...]
    off: dict[str, tuple[date, ...]]
    status: str = "confirmed"
    facts: str = ""

    @property
    def days_off(self) -> list[tuple[date, str]]:
        return sorted((day, name) for name, days in self.off.items() for day in days)


def read_notice(data: bytes, name: str) -> YearNotice:
    """The notice in the file's bytes. Raises PackRejected with every fault, its line and reason."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PackRejected(name, [faults.PackFault(data[: error.start].count(b"\n") + 1, "", faults.NOT_UTF8)]) from None
    given, path = _given(text, name)
    checking = _Dated(text) if text.lstrip().startswith("{") else Checking(text)
    notice = checking.struct(YearNotice, given, path)
    if notice is not None:
        _check(checking, notice, path)
    if checking.faults:
        raise PackRejected(name, checking.faults)
    found: YearNotice = notice
    return found


def _given(text: str, name: str) -> tuple[dict[str, Any], Path]:
    """The one year that the file tells of, as a table of the calendar pack, and where in the file it stands."""
    try:
        if text.lstrip().startswith("{"):
            return _of_days(json.loads(text)), ()
        given = tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        found = _AT_LINE.search(str(error))
        raise PackRejected(name, [faults.PackFault(int(found[1]) if found else 1, "", faults.NOT_TOML_OR_JSON, str(error))]) from None
    years = given.get("years")
    if years is None:
        return given, ()
    if not isinstance(years, list) or len(years) != 1:
        raise PackRejected(name, [faults.PackFault(1, "years", faults.ONE_YEAR)])
    return years[0], ("years", 0)


def _of_days(given: Any) -> dict[str, Any]:
    """`{year, papers, days: [{name, date, isOffDay}]}` as a table of the calendar pack."""
    if not isinstance(given, dict):
        return {}
    found: dict[str, Any] = {"work": [], "off": {}, **{key: given[key] for key in ("year",) if key in given}}
    if papers := given.get("papers"):
        found["source"] = "；".join(map(str, papers))
    for day in given.get("days") or ():
        if isinstance(day, dict) and day.get("isOffDay"):
            found["off"].setdefault(str(day.get("name")), []).append(day.get("date"))
        else:
            found["work"].append(day.get("date") if isinstance(day, dict) else day)
    return found


def _check(checking: Checking, notice: YearNotice, path: Path) -> None:
    off = [day for days in notice.off.values() for day in days]
    if not any(day.year == notice.year for day in off):
        checking.fault((*path, "off"), faults.NO_DAY_OFF)
    for at, day in _placed(notice, path):
        if abs(day.year - notice.year) > 1:
            checking.fault(at, faults.OTHER_YEAR, day.isoformat())
        if at[-1] == "work" and (day.weekday() < calendar.SATURDAY or day in off):
            checking.fault(at, faults.NOT_A_WEEKEND, day.isoformat())
        if [*off, *notice.work].count(day) > 1 and day not in set(notice.work) & set(off):
            checking.fault(at, faults.REPEATED, day.isoformat())


def _placed(notice: YearNotice, path: Path) -> Iterator[tuple[Path, date]]:
    every: Mapping[Path, tuple[date, ...]] = {(*path, "work"): notice.work, **{(*path, "off", name): days for name, days in notice.off.items()}}
    return ((at, day) for at, days in every.items() for day in days)


class _Dated(Checking):
    """Of a file of days: a fault stands on the line on which its day does."""

    def __init__(self, text: str) -> None:
        super().__init__("")
        self._text = text.splitlines()

    def fault(self, path: Path, reason: str, detail: str = "") -> None:
        wanted = detail or (f'"{path[-1]}"' if path else "")
        line = next((n for n, line in enumerate(self._text, 1) if wanted and wanted in line), 1)
        self.faults.append(faults.PackFault(line, ".".join(map(str, path)), reason, detail))
