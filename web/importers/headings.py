"""Which row of a sheet is its heading, and what each column of it means."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

import msgspec

from projections.exports.columns import CONTRACTS, NUMBERED, REASON, ROW, SHEETS, Sheet
from web.importers.written import currency_of

LOOKED_THROUGH = 30
"""The heading is sought in so many rows from the top."""
_BRACKETS = re.compile(r"[（(\[【]([^）)\]】]*)[）)\]】]")
_NOISE = re.compile(r"[\s_\-*:：.。、,，#№]+")
_NUMBERED = re.compile(r"(\D+?)\s*([0-9]{1,2}|[一二三四五六七八九十])(\D*)$")
_HAN_DIGITS = {char: number for number, char in enumerate("一二三四五六七八九十", 1)}
_UNITS = {"元": 1, "圆": 1, "千元": 1000, "万元": 10_000, "万": 10_000, "百万元": 10**6, "亿元": 10**8, "亿": 10**8}
_UNIT_AT_END = re.compile(r"(?:[/／]|单位)?(亿元|百万元|万元|千元|元)$")
_TELLING = frozenset({"name", "authority_name", "contractor_name", "value", "signed_on"})


class Head(msgspec.Struct, frozen=True):
    """A column that is understood: `key` of its sheet, or `obligation.2.due_on`; how much one of its units is."""

    index: int
    key: str
    title: str
    unit: Decimal = Decimal(1)
    currency: str | None = None


class Heading(msgspec.Struct, frozen=True):
    """A sheet's heading: which rows it takes, and its columns; `strange` are titles that nobody understands."""

    sheet: Sheet
    last_row: int
    columns: tuple[Head, ...]
    titles: tuple[str, ...]
    strange: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(head.key for head in self.columns)

    @property
    def missing(self) -> list[str]:
        """The Chinese titles of columns that must be there and are not."""
        have = self.keys
        return [
            column.zh for column in self.sheet.columns
            if column.required and column.key not in have and not _stands_in(column.key, have)
        ]  # fmt: skip


def _stands_in(key: str, have: frozenset[str]) -> bool:
    """A party's code does for its name."""
    return key.endswith("_name") and key.removesuffix("_name") + "_id" in have


def find_heading(rows: Sequence[tuple[int, Sequence[Any]]], sheet_name: str) -> Heading | None:
    """The heading among a sheet's first rows; None when there is none. The sheet's name decides between equals."""
    named = _sheet_called(sheet_name)
    best: tuple[int, Heading] | None = None
    for position, (number, cells) in enumerate(rows):
        below = rows[position + 1] if position + 1 < len(rows) else None
        for last, titles in _wordings(number, cells, below):
            for sheet in SHEETS if named is None else (named, *SHEETS):
                heading = _understood(sheet, last, titles)
                score = _score(heading, named is sheet)
                if score and (best is None or score > best[0]):
                    best = (score, heading)
    return None if best is None else best[1]


def _wordings(number: int, cells: Sequence[Any], below: tuple[int, Sequence[Any]] | None) -> Iterable[tuple[int, tuple[str, ...]]]:
    """The row as a heading by itself, and together with the row below, under titles that span several columns."""
    upper = tuple(_title(cell) for cell in cells)
    if sum(map(bool, upper)) < 2:
        return
    yield number, upper
    if below is None:
        return
    lower = tuple(_title(cell) for cell in below[1])
    if not any(lower):
        return
    joined, spanning = [], ""
    for place in range(max(len(upper), len(lower))):
        own = upper[place] if place < len(upper) else ""
        under = lower[place] if place < len(lower) else ""
        spanning = own or (spanning if under else "")
        joined.append(f"{spanning}\n{under}" if under and spanning else own or under)
    yield below[0], tuple(joined)


def _title(cell: Any) -> str:
    return cell.strip() if isinstance(cell, str) else ""


def _sheet_called(name: str) -> Sheet | None:
    plain = _plain(name)
    for sheet in SHEETS:
        if plain in {_plain(word) for word in (sheet.zh, sheet.en, *sheet.synonyms)}:
            return sheet
    return None


def _score(heading: Heading, named: bool) -> int:
    keys = heading.keys
    if heading.sheet is CONTRACTS:
        fits = len(keys & _TELLING) >= 2 or (named and len(keys) >= 2)
    else:
        fits = "number" in keys and len(keys) >= 3 and (named or not heading.missing)
    if not fits:
        return 0
    return 4 * len(keys) - len(heading.strange) + (40 if named else 0) + (2 if heading.sheet is CONTRACTS else 0)


def _understood(sheet: Sheet, last_row: int, titles: tuple[str, ...]) -> Heading:
    best: dict[str, tuple[int, Head]] = {}
    strange: list[str] = []
    count = 0
    for index, title in enumerate(titles):
        if not title:
            continue
        found = _meaning(sheet.key, title)
        if found is None:
            if not _is_ours(title):
                strange.append(shown_title(title))
            continue
        rank, key, unit, currency = found
        if key == "obligation.n.title":
            count += 1
            key = f"obligation.{count}.title"
        head = Head(index, key, shown_title(title), unit, currency)
        if key not in best or rank < best[key][0]:
            if key in best:
                strange.append(best[key][1].title)
            best[key] = (rank, head)
        else:
            strange.append(head.title)
    columns = tuple(sorted((head for _, head in best.values()), key=lambda head: head.index))
    return Heading(sheet, last_row, columns, tuple(shown_title(title) for title in titles), tuple(strange))


def shown_title(title: str) -> str:
    """A title as a person is told of it: one line; of our two-line headings the first."""
    lines = [line.strip() for line in title.splitlines() if line.strip()]
    if len(lines) == 2 and lines[1].isascii():
        return lines[0]
    return "".join(lines)


def _is_ours(title: str) -> bool:
    return _plain(title) in {_plain(REASON), _plain(ROW), "序号", "行号"}


@lru_cache(maxsize=4096)
def _meaning(sheet: str, title: str) -> tuple[int, str, Decimal, str | None] | None:
    """Rank (0 the column's own name, later synonyms less), key, unit and currency of a title."""
    unit, currency = _unit(title)
    for spelt in _spellings(title):
        if (found := _WORDS[sheet].get(spelt)) is not None:
            return found[0], found[1], unit, currency
    if sheet == CONTRACTS.key:
        for spelt in _spellings(title):
            if (key := _numbered(spelt)) is not None:
                return 0, key, unit, currency
    return None


def _spellings(title: str) -> list[str]:
    """The title whole, line by line, and without a unit at its end."""
    lines = [line for line in re.split(r"[\n\r/]+", title) if line.strip()]
    spelt = [_plain(title), *(_plain(line) for line in lines), *(_plain(line) for line in reversed(lines[1:]))]
    spelt += [_UNIT_AT_END.sub("", one) for one in spelt]
    return list(dict.fromkeys(one for one in spelt if one))


def _unit(title: str) -> tuple[Decimal, str | None]:
    """What one in this column is: 万元 is 10000; and in which currency, where the title says so."""
    unit, currency = Decimal(1), None
    inside = [found.strip() for found in _BRACKETS.findall(unicodedata.normalize("NFKC", title))]
    at_end = _UNIT_AT_END.search(_plain(title))
    for told in inside + ([at_end[1]] if at_end else []):
        plain = told.replace("单位", "").strip(":： ").removeprefix("人民币")
        foreign = plain[1:] if plain[:1] in {"万", "亿"} and plain[1:] not in {"", "元"} else plain
        if plain in _UNITS:
            unit = Decimal(_UNITS[plain])
        elif (code := currency_of(foreign)) is not None:
            currency = code
            unit = Decimal(_UNITS.get(plain[: len(plain) - len(foreign)], 1))
    return unit, currency


def _plain(title: str) -> str:
    return _NOISE.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", title))).lower()


def _numbered(spelt: str) -> str | None:
    found = _NUMBERED.match(spelt)
    if found is None:
        return "obligation.n.title" if spelt in {"履约义务", "义务内容"} else None
    base, written, suffix = found.groups()
    number = int(written) if written.isdigit() else _HAN_DIGITS[written]
    for kind, fields in NUMBERED.items():
        main, words = fields[0]
        if base not in {_plain(word) for word in words}:
            continue
        if not suffix or suffix in {"内容", "名称", "金额", "title", "value", "amount"}:
            return f"{kind}.{number}.{main}"
        for key, synonyms in fields[1:]:
            if suffix in {_plain(word) for word in synonyms}:
                return f"{kind}.{number}.{key}"
    return None


def _words(sheet: Sheet) -> dict[str, tuple[int, str]]:
    words: dict[str, tuple[int, str]] = {}
    for column in sheet.columns:
        for rank, word in enumerate((column.zh, column.en, *column.synonyms)):
            known = words.get(plain := _plain(word))
            if known is None or rank < known[0]:
                words[plain] = (rank, column.key)
    return words


_WORDS = {sheet.key: _words(sheet) for sheet in SHEETS}
