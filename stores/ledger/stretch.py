"""One stretch of the log under verification: its rows, their leaves, and the nodes over them, page by page."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from domain.proof.tree import HASH_BYTES
from stores.ledger import pages as read
from stores.ledger.pages import Pages, Row, open_pages

Decodes = Callable[[str, bytes], str | None]  # topic, state -> what is wrong with them, or None

_MALFORMED = (struct.error, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the log is not what it should be; `until` where only the range is known in which something differs."""

    check: str
    position: int
    stream: str | None
    version: int | None
    topic: str | None
    what: str
    until: int | None = None


def differs(check: str, position: int, what: str, until: int | None = None) -> Difference:
    """A difference whose event is yet to be named."""
    return Difference(check, position, None, None, None, what, None if until == position else until)


@dataclass(frozen=True, slots=True)
class Span:
    """What to look at: positions past `first` up to `last`, both whole pages, and no row past `end`."""

    first: int
    last: int
    end: int
    leaves: int
    page: int


@dataclass(slots=True)
class Stretch:
    """What was found in a span."""

    span: Span
    rows: int = 0  # that stand where they should
    leaves: int = 0
    whole: bool = True  # every position up to here is there, once
    began: str = ""  # when its first and its last row were recorded
    ended: str = ""
    tops: list[bytes] = field(default_factory=list)  # the root of every full page of leaves: all that is kept
    differences: list[Difference] = field(default_factory=list)


def examine_elsewhere(place: str, span: Span, decodes: Decodes | None) -> Stretch:
    """The same in a process of its own, with a snapshot of its own: what lies before `end` never changes."""
    pages = open_pages(place, span.page)
    try:
        return examine(pages, span, decodes)
    finally:
        pages.close()


def examine(pages: Pages, span: Span, decodes: Decodes | None) -> Stretch:
    """Check order and bytes of a span's rows, and the nodes over each of its pages."""
    found = Stretch(span)
    rows = pages.rows(span.first if span.first else -(1 << 63), min(span.last, span.end))
    for first in range(span.first, span.last, span.page):
        page = next(rows, []) if found.whole else []
        page = _in_order(found, page, first)
        stored = read.nodes(pages, 0, first, first + span.page) if first < span.leaves else []
        found.differences += _bytes(page, stored, first, decodes)
        found.leaves += len(stored)
        found.tops += _subtree(found, pages, stored, first)
        found.rows += len(page)
        if found.whole and len(page) < min(span.page, span.end - first):
            found.whole = False
            found.differences.append(differs("order", first + len(page) + 1, "it is missing"))
    return found


def _in_order(found: Stretch, page: list[Row], first: int) -> list[Row]:
    """The rows up to the first that stands where it should not."""
    positions = [row[0] for row in page]
    if positions != list(range(first + 1, first + 1 + len(page))):
        wrong = next(n for n, position in enumerate(positions) if position != first + 1 + n)
        expected, stands = first + 1 + wrong, positions[wrong]
        what = f"it is missing: the next is {stands}" if stands > expected else f"it stands where {expected} should"
        found.differences.append(differs("order", min(stands, expected), what))
        page, found.whole = page[:wrong], False
    if not page:
        return page
    times = [found.ended, *[row[5] for row in page]]
    if set(map(type, times)) != {str}:
        times = [str(one) for one in times]  # that one is found by its leaf
    if times != sorted(times):
        back = next(n for n in range(1, len(times)) if times[n] < times[n - 1])
        found.differences.append(differs("order", first + back, "it was recorded before the one before it"))
    found.began, found.ended = found.began or times[1], times[-1]
    return page


def _bytes(page: list[Row], stored: list[bytes], first: int, decodes: Decodes | None) -> list[Difference]:
    found = []
    try:
        leaves = _leaves(page)
    except _MALFORMED:
        leaves = [_leaf_if_well_formed(row) for row in page]
    if leaves != stored[: len(leaves)]:
        wrong = next(n for n, leaf in enumerate(leaves) if n >= len(stored) or leaf != stored[n])
        what = "its leaf in the tree is another" if wrong < len(stored) else "it has no leaf in the tree"
        found.append(differs("bytes", first + 1 + wrong, what))
    if decodes is not None:
        told = ((row[0], decodes(row[3], row[4])) for row in page)
        found += [differs("bytes", position, what) for position, what in told if what is not None]
    return found


def _subtree(found: Stretch, pages: Pages, stored: list[bytes], first: int) -> list[bytes]:
    """Compute the page's nodes from its leaves and compare them; the root of a full page."""
    level, below = 0, stored
    while len(below) > 1:
        level, below = level + 1, above(below)
        found.differences += compare(pages, level, first >> level, below)
    return below if len(stored) == pages.page else []


def compare(pages: Pages, level: int, first: int, computed: list[bytes]) -> list[Difference]:
    """The first stored node that is not as computed."""
    stored = read.nodes(pages, level, first, first + len(computed))
    if stored == computed:
        return []
    wrong = next((n for n, (a, b) in enumerate(zip(stored, computed, strict=False)) if a != b), len(stored))
    return [under(level, first + wrong, f"a node of level {level} is not the hash of those below it")]


def under(level: int, index: int, what: str) -> Difference:
    """A difference somewhere under a node."""
    return differs("tree", (index << level) + 1, what, (index + 1) << level)


def above(below: Sequence[bytes]) -> list[bytes]:
    """The nodes of the next level over whole pairs."""
    told = b"".join(below)
    return [sha256(b"\x01" + told[at : at + 2 * HASH_BYTES]).digest() for at in range(0, len(told) - HASH_BYTES, 2 * HASH_BYTES)]


class _Names(dict[str, bytes]):
    """Topics as they stand in a leaf; there are few, and each comes often."""

    def __missing__(self, topic: str) -> bytes:
        if len(self) > read.PAGE:
            self.clear()
        name = topic.encode()
        self[topic] = told = struct.pack(">I", len(name)) + name
        return told


_names = _Names()
_placed, _measured, _counted = struct.Struct(">xQH").pack, struct.Struct(">Q").pack, struct.Struct(">q").pack


def _leaves(page: Sequence[Row]) -> list[bytes]:
    """Leaf hashes of rows, written from domain.proof.leaf's words and not with its code."""
    join, names = b"".join, _names
    return [
        sha256(
            join(
                (
                    _placed(position, len(at)),
                    at.encode("ascii"),
                    stream,
                    _counted(version),
                    names[topic],
                    _measured(len(state)),
                    state,
                )
            )
        ).digest()
        for position, stream, version, topic, state, at in page
    ]


def _leaf_if_well_formed(row: Row) -> bytes:
    """SQLite keeps what it is given, in whatever type; the same bytes as another type are not the same row."""
    try:
        position, stream, *rest = row
        if isinstance(stream, str) and stream == stream.lower() and len(stream) == 32:
            stream = bytes.fromhex(stream)
        return _leaves([(position, stream, *rest)])[0]
    except _MALFORMED:
        return b""
