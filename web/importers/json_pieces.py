"""JSON files and JSON Lines of any size, cut into their releases and records; each is decoded when asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from domain.values.fault import Fault
from web.importers.json_decoder import Decoded, Decoder, Unreadable, repeated, skip, text_of
from web.importers.record import Note, Place, Reject

CACHED = 16_000_000
"""Files up to so many bytes are decoded once and kept; larger ones are decoded again, piece by piece."""
LARGEST_DOCUMENT = 1_000_000_000
"""Bytes; a single JSON document is held in memory as text, so a larger one has to come as JSON Lines."""
_LONGEST_FIRST = 4_000_000
_BLANK = b"\xef\xbb\xbf \t\r\n\x00"
_RELEASE_KEYS = frozenset({"ocid", "tag", "contracts", "awards", "tender", "planning", "initiationType", "buyer"})
_LISTS = ("records", "releases")


class Piece(msgspec.Struct):
    """One release or record, where it stands, and the package around it (publisher and so on)."""

    ocid: str | None
    is_record: bool
    pointer: str
    load: Callable[[], Decoded]
    package: Mapping[str, Any]


def cut(path: Path, name: str) -> Iterator[Piece | Reject]:
    """Every release and record of a file, in its order. A file that is none gives one Reject."""
    try:
        yield from _cut_lines(path, name) if _is_lines(path) else _cut_document(path, name)
    except Unreadable as error:
        place = Place(name)
        yield Reject(place, (Note.of(error.fault, place),))


# ------------------------------------------------------------------ one document


def _cut_document(path: Path, name: str) -> Iterator[Piece | Reject]:
    if path.stat().st_size > LARGEST_DOCUMENT:
        raise Unreadable("file_too_large", "单个 JSON 文件过大，请改用 JSON Lines（每行一个发布）")
    text = text_of(path.read_bytes())
    start = skip(text, 0)
    if start == len(text):
        raise Unreadable("file_empty", "文件是空的")
    document = _Document(text, keep=len(text) <= CACHED)
    if text[start] == "[":
        pieces = (piece for item in document.items(start, "") for piece in _classify(item, {}))
        yield from _found(pieces, name, "发布或记录的数组")
    elif text[start] == "{":
        yield from _cut_object(document, start, name)
    else:
        Decoder().whole(text)
        raise Unreadable("not_ocds", "是 JSON，但不是 OCDS 发布包、记录包、发布或记录")


class _Item(msgspec.Struct):
    pointer: str
    value: Any
    load: Callable[[], Decoded]


class _Listed(msgspec.Struct):
    load: Callable[[], Decoded]
    pieces: list[Piece | Note]


class _Document:
    """A JSON text whose lists are walked item by item."""

    def __init__(self, text: str, keep: bool) -> None:
        self.text, self.keep = text, keep
        self._decoder, self._full = Decoder(skim=not keep), Decoder()
        self._last: tuple[int, Decoded] | None = None

    def head(self, start: int) -> tuple[dict[str, Any], dict[str, list[_Listed]], list[Fault]]:
        """The members of the object at `start`; its lists of records and releases apart, item by item; what was odd."""
        head: dict[str, Any] = {}
        lists: dict[str, list[_Listed]] = {}
        odd: list[Fault] = []
        position = skip(self.text, start + 1)
        while self.text[position : position + 1] != "}":
            key, position = self._key(position)
            if key in head or key in lists:
                odd.append(repeated([key]))
            if key in _LISTS and self.text[position : position + 1] == "[":
                # The package's head is filled in while its pieces already know it: items are not held until its end.
                lists[key] = [_Listed(item.load, list(_element(item, head, is_record=key == "records"))) for item in self.items(position, f"/{key}")]
                position = self._end
            else:
                decoded, position = self._full.at(self.text, position)
                head[key] = decoded.value
                odd += decoded.odd
            position = self._comma(position, "}")
        self._nothing_after(position + 1)
        return head, lists, odd

    def items(self, start: int, pointer: str) -> Iterator[_Item]:
        """The items of the list at `start`."""
        position, number = skip(self.text, start + 1), 0
        while self.text[position : position + 1] != "]":
            decoded, end = self._decoder.at(self.text, position)
            yield _Item(f"{pointer}/{number}", decoded.value, self._loader(decoded, position))
            position, number = self._comma(end, "]"), number + 1
        self._end = position + 1
        if not pointer:
            self._nothing_after(self._end)

    def _loader(self, decoded: Decoded, start: int) -> Callable[[], Decoded]:
        if self.keep:
            return lambda: decoded
        return lambda: self._again(start)

    def _again(self, start: int) -> Decoded:
        if self._last is None or self._last[0] != start:
            self._last = (start, self._full.at(self.text, start)[0])
        return self._last[1]

    def _key(self, position: int) -> tuple[str, int]:
        decoded, position = self._decoder.at(self.text, position)
        position = skip(self.text, position)
        if not isinstance(decoded.value, str) or self.text[position : position + 1] != ":":
            raise self._wrong(position)
        return decoded.value, skip(self.text, position + 1)

    def _comma(self, position: int, closing: str) -> int:
        position = skip(self.text, position)
        sign = self.text[position : position + 1]
        if sign == ",":
            position = skip(self.text, position + 1)
            if self.text[position : position + 1] == closing:
                raise self._wrong(position)
        elif sign != closing:
            raise self._wrong(position)
        return position

    def _nothing_after(self, position: int) -> None:
        if skip(self.text, position) != len(self.text):
            raise self._wrong(skip(self.text, position))

    def _wrong(self, position: int) -> Unreadable:
        line = self.text.count("\n", 0, position) + 1
        return Unreadable("not_json", "不是有效的 JSON：第 {line} 行附近不完整或有多余的内容", line=line)


def _cut_object(document: _Document, start: int, name: str) -> Iterator[Piece | Reject]:
    head, lists, odd = document.head(start)
    if lists and not _says_record(head):
        if not any(listed.pieces for items in lists.values() for listed in items):
            raise Unreadable("package_empty", "发布包（记录包）中没有任何发布或记录")
        for key in _LISTS:
            for listed in lists.get(key, ()):
                yield from _named(iter(listed.pieces), name)
        return
    whole = dict(head)
    for key, items in lists.items():
        whole[key] = [listed.load().value for listed in items]
    decoded = Decoded(whole, odd)
    yield from _found(_classify(_Item("", whole, lambda: decoded), {}), name, "OCDS 发布包、记录包、发布或记录")


# ------------------------------------------------------------------ a value a line


def _cut_lines(path: Path, name: str) -> Iterator[Piece | Reject]:
    keep, offset, read = path.stat().st_size <= CACHED, 0, 0
    decoder, cache = Decoder(skim=not keep), _Lines(path)
    with path.open("rb") as file:
        for number, line in enumerate(file):
            begin, offset = offset, offset + len(line)
            if not line.strip(_BLANK):
                continue
            read += 1
            try:
                decoded = decoder.whole(text_of(line))
            except Unreadable as error:
                place = Place(name, row=number + 1)
                yield Reject(place, (Note.of(error.fault, place),))
                continue
            load = cache.kept(decoded) if keep else cache.loader(begin, len(line))
            yield from _named(_classify(_Item(f"/{number}", decoded.value, load), {}), name)
    if not read:
        raise Unreadable("file_empty", "文件是空的")


class _Lines:
    """A line is read again when it is asked for; the last one is kept."""

    def __init__(self, path: Path) -> None:
        self._path, self._last = path, (-1, Decoded(None, []))

    @staticmethod
    def kept(decoded: Decoded) -> Callable[[], Decoded]:
        return lambda: decoded

    def loader(self, begin: int, length: int) -> Callable[[], Decoded]:
        return lambda: self._again(begin, length)

    def _again(self, begin: int, length: int) -> Decoded:
        if self._last[0] != begin:
            with self._path.open("rb") as file:
                file.seek(begin)
                self._last = (begin, Decoder().whole(text_of(file.read(length))))
        return self._last[1]


def _is_lines(path: Path) -> bool:
    """Whether a file is a value a line, whatever its name says: its first line is one, and another follows. A file
    that is called so, but is one value over many lines, is that value."""
    called = path.suffix.lower() in {".jsonl", ".ndjson"}
    with path.open("rb") as file:
        lines = [line for line in (file.readline(_LONGEST_FIRST) for _ in range(3)) if line.strip(_BLANK)][:2]
    if len(lines) < 2:
        return called and bool(lines)
    return any(_is_value(line) for line in lines) and (called or lines[1].lstrip().startswith(b"{"))


def _is_value(line: bytes) -> bool:
    if len(line) == _LONGEST_FIRST:
        return True
    try:
        return isinstance(Decoder().whole(text_of(line)).value, dict | list)
    except Unreadable:
        return False


# ------------------------------------------------------------------ what is what


def _found(pieces: Iterator[Piece | Note], name: str, expected: str) -> Iterator[Piece | Reject]:
    known = list(pieces)
    if not any(isinstance(piece, Piece) for piece in known):
        raise Unreadable("not_ocds", "是 JSON，但不是 {expected}", expected=expected)
    yield from _named(iter(known), name)


def _named(pieces: Iterator[Piece | Note], name: str) -> Iterator[Piece | Reject]:
    for piece in pieces:
        if isinstance(piece, Note):
            place = Place(name, pointer=piece.place.pointer)
            yield Reject(place, (Note(piece.code, place, piece.sentence, piece.params),))
        else:
            yield piece


def _classify(item: _Item, package: Mapping[str, Any]) -> Iterator[Piece | Note]:
    """What a value of unknown kind holds: a release, a record, a package of them, a list of any of these."""
    value = item.value
    if isinstance(value, list):
        for number in range(len(value)):
            yield from _classify(_within(item, number), package)
    elif not isinstance(value, dict):
        yield _not_one(item)
    elif _says_record(value):
        yield from _element(item, package, is_record=True)
    elif any(isinstance(value.get(key), list | dict) for key in _LISTS):
        head = {key: member for key, member in value.items() if key not in _LISTS}
        for key in _LISTS:
            if value.get(key) is not None:
                yield from _element(_within(item, key), head, is_record=key == "records")
    elif _RELEASE_KEYS & value.keys():
        yield from _element(item, package, is_record=False)
    else:
        yield _not_one(item)


def _says_record(value: Mapping[str, Any]) -> bool:
    if "compiledRelease" in value or "versionedRelease" in value:
        return True
    return "ocid" in value and "tag" not in value and isinstance(value.get("releases"), list)


def _element(item: _Item, package: Mapping[str, Any], is_record: bool) -> Iterator[Piece | Note]:
    """An item of a list of releases or records."""
    value = item.value
    if isinstance(value, list):
        for number in range(len(value)):
            yield from _element(_within(item, number), package, is_record)
    elif isinstance(value, dict):
        yield Piece(_ocid(value), is_record or _says_record(value), item.pointer, item.load, package)
    else:
        yield _not_one(item)


def _ocid(value: Mapping[str, Any]) -> str | None:
    inside = [value, value.get("compiledRelease"), value.get("versionedRelease")]
    releases = value.get("releases")
    for holder in inside + (releases if isinstance(releases, list) else []):
        ocid = holder.get("ocid") if isinstance(holder, dict) else None
        if isinstance(ocid, str | int | Decimal) and not isinstance(ocid, bool) and str(ocid).strip():
            return str(ocid).strip()
    return None


def _within(item: _Item, key: str | int) -> _Item:
    outside = item.load  # not the item: it holds the decoded value, and these functions outlive it

    def load() -> Decoded:
        outer = outside()
        return Decoded(outer.value[key], outer.odd)

    return _Item(f"{item.pointer}/{key}", item.value[key], load)


def _not_one(item: _Item) -> Note:
    sentence = "不是 OCDS 发布或记录，而是 {kind}"
    return Note("not_a_release", Place("", pointer=item.pointer), sentence, {"kind": type(item.value).__name__})
