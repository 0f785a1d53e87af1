"""The verifier of the log: reads the tables by a way of its own and names the first position that differs."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from domain.proof.tree import EMPTY_ROOT, HASH_BYTES, Frontier, root_at
from stores.ledger import pages as read
from stores.ledger.pages import PAGE, Pages, Row, open_pages

Decodes = Callable[[str, bytes], str | None]  # topic, state -> what is wrong with them, or None

_Read = tuple[int, bytes, bytes, bytes, bytes, bytes]
_MALFORMED = (struct.error, TypeError, ValueError, AttributeError)
_ORDER = ("order", "bytes", "tree", "anchor")


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


@dataclass(slots=True)
class Check:
    """One question put to the whole log."""

    name: str
    ok: bool = True
    checked: int = 0


@dataclass(slots=True)
class Report:
    """What the verifier found."""

    events: int = 0
    root: bytes = EMPTY_ROOT
    checks: list[Check] = field(default_factory=lambda: [Check(name) for name in _ORDER])
    first: Difference | None = None

    @property
    def ok(self) -> bool:
        return self.first is None


def verify(place: str | Path, anchors: Iterable[tuple[int, bytes]] = (), decodes: Decodes | None = None) -> Report:
    """Check order, bytes and tree of a whole log, and that it begins with every anchor (size, root).

    `place` is a path, or the URL of an SQLite or PostgreSQL database; it is only read. `decodes` may be asked of
    every row. Take the anchors from where they are kept before calling: the log only grows.
    """
    pages = open_pages(place)
    try:
        return _Verifier(pages, decodes).report(sorted(anchors))
    finally:
        pages.close()


class _Verifier:
    def __init__(self, pages: Pages, decodes: Decodes | None) -> None:
        self._pages, self._decodes = pages, decodes
        self._found = Report()
        self._checks = {check.name: check for check in self._found.checks}
        self._tops: list[bytes] = []  # the root of every full page of leaves: all that is kept of what was read
        self._last = ""  # when the last row was recorded
        self._whole = True  # positions have counted 1, 2, 3 … so far

    def report(self, anchors: Sequence[tuple[int, bytes]]) -> Report:
        leaves = self._levels()
        self._pass(leaves)
        self._tops_of_tree(leaves)
        self._head(leaves)
        self._turns()
        for size, root in anchors:
            self._anchor(size, root, leaves)
        self._found.root = self._root(leaves) or b""
        self._name()
        return self._found

    # ---- rows and leaves, a page at a time

    def _pass(self, leaves: int) -> None:
        rows = self._pages.rows()
        for first in range(0, 1 << 62, PAGE):
            page = next(rows, []) if self._whole else []
            stored = read.nodes(self._pages, 0, first, first + PAGE) if first < leaves else []
            if not page and not stored:
                self._found.events = first if self._whole else self._found.events
                break
            page = self._in_order(page, first)
            self._bytes(page, stored, first)
            self._subtree(stored, first)
            if self._whole and len(page) < PAGE:  # the log ends here
                self._found.events = first + len(page)
                self._whole = False

    def _in_order(self, page: list[Row], first: int) -> list[Row]:
        """The rows up to the first that stands where it should not."""
        check = self._checks["order"]
        positions = [row[0] for row in page]
        if positions != list(range(first + 1, first + 1 + len(page))):
            wrong = next(n for n, position in enumerate(positions) if position != first + 1 + n)
            expected, found = first + 1 + wrong, positions[wrong]
            what = (
                f"it is missing: the next one is {found}" if found > expected else f"it stands where {expected} should"
            )
            self._differs("order", min(found, expected), what)
            page, self._whole, self._found.events = page[:wrong], False, first + wrong
        times = [self._last, *[row[5] for row in page]]
        if set(map(type, times)) != {str}:
            times = [str(one) for one in times]  # that one is found by its leaf
        if times != sorted(times):
            back = next(n for n in range(1, len(times)) if times[n] < times[n - 1])
            self._differs("order", first + back, "it was recorded before the one before it")
        self._last = times[-1]
        check.checked += len(page)
        return page

    def _bytes(self, page: list[Row], stored: list[bytes], first: int) -> None:
        try:
            leaves = _leaves(page)
        except _MALFORMED:
            leaves = [_leaf_if_well_formed(row) for row in page]
        self._checks["bytes"].checked += len(page)
        if leaves != stored[: len(leaves)]:
            wrong = next(n for n, leaf in enumerate(leaves) if n >= len(stored) or leaf != stored[n])
            what = "its leaf in the tree is another" if wrong < len(stored) else "it has no leaf in the tree"
            self._differs("bytes", first + 1 + wrong, what)
        if self._decodes is not None:
            for row in page:
                wrong_with_it = self._decodes(row[3], row[4])
                if wrong_with_it is not None:
                    self._differs("bytes", row[0], wrong_with_it)

    # ---- the tree, from its stored leaves

    def _levels(self) -> int:
        """Check that every level has the nodes that it should, and give the number of leaves."""
        told = read.levels(self._pages)
        leaves = told.get(0, (0, 0, 0))[0]
        for level in range(max([leaves.bit_length() - 1, *told]) + 1):
            count, low, high = told.pop(level, (0, 0, -1))
            expected = leaves >> level
            if (count, low, high) != (expected, 0, expected - 1):
                index = self._first_hole(level, min(count, expected))
                self._differs("tree", (index << level) + 1, f"level {level} has {count} nodes, not {expected}", level)
        return leaves

    def _first_hole(self, level: int, count: int) -> int:
        """The first index from which on a level does not hold what it should: its nodes count 0, 1, 2 …"""
        low, high = 0, count
        while low < high:
            middle = (low + high + 1) // 2
            if len(read.nodes(self._pages, level, 0, middle)) == middle:
                low = middle
            else:
                high = middle - 1
        return low

    def _subtree(self, stored: list[bytes], first: int) -> None:
        """Compute the page's nodes from its leaves and compare them with the stored ones."""
        self._checks["tree"].checked += len(stored)
        level, below = 0, stored
        while len(below) > 1:
            level, below = level + 1, _above(below)
            self._compare(level, first >> level, below)
        if len(stored) == PAGE:
            self._tops += below

    def _tops_of_tree(self, leaves: int) -> None:
        level, below = PAGE.bit_length() - 1, self._tops
        while len(below) > 1:
            level, below = level + 1, _above(below)
            self._compare(level, 0, below)

    def _compare(self, level: int, first: int, computed: list[bytes]) -> None:
        stored = read.nodes(self._pages, level, first, first + len(computed))
        if stored != computed:
            wrong = next((n for n, (a, b) in enumerate(zip(stored, computed, strict=False)) if a != b), len(stored))
            position = ((first + wrong) << level) + 1
            self._differs("tree", position, f"a node of level {level} is not the hash of those below it", level)

    def _head(self, leaves: int) -> None:
        told = read.heads(self._pages)
        if len(told) != 1:
            self._differs("tree", 1, f"the tree has {len(told)} heads")
            return
        size, root, frontier = told[0]
        if size != leaves:
            self._differs("tree", min(size, leaves) + 1, f"the head says {size} leaves, and {leaves} are stored")
        elif (root, frontier) != (self._root(leaves), self._frontier(leaves)):
            self._differs("tree", 1, "the head's root is not the tree's", until=max(leaves, 1))
        if self._found.events < max(size, leaves):
            self._differs("order", self._found.events + 1, f"it is missing: the tree has {max(size, leaves)} leaves")

    def _frontier(self, leaves: int) -> bytes | None:
        edges, at = [], 0
        for level in reversed(range(leaves.bit_length())):
            if leaves >> level & 1:
                edges.append(self._node(level, at >> level))
                at += 1 << level
        return None if b"" in edges else Frontier(leaves, edges).to_bytes()

    def _root(self, size: int) -> bytes | None:
        try:
            return root_at(self._present, size)
        except LookupError:
            return None

    def _present(self, level: int, index: int) -> bytes:
        if not (node := self._node(level, index)):
            raise LookupError(level, index)
        return node

    def _node(self, level: int, index: int) -> bytes:
        found = read.nodes(self._pages, level, index, index + 1)
        return bytes(found[0]) if found else b""

    # ---- streams, anchors

    def _turns(self) -> None:
        if (position := read.first_out_of_turn(self._pages)) is not None:
            self._differs("order", position, "its version is not the next of its stream")

    def _anchor(self, size: int, root: bytes, leaves: int) -> None:
        check = self._checks["anchor"]
        known = min(self._found.events, leaves)
        if known < size:
            self._differs("anchor", known + 1, f"it is missing: the log once had {size} events", until=size)
        elif check.ok and self._root(size) != root:
            self._differs(
                "anchor", check.checked + 1, f"the first {size} events are not those once vouched for", until=size
            )
        if check.ok:
            check.checked = size  # what is wrong lies after the last anchor that held

    def _differs(
        self, check: str, position: int, what: str, level: int | None = None, until: int | None = None
    ) -> None:
        self._checks[check].ok = False
        if level is not None:
            until = position - 1 + (1 << level)
        found, old = (
            Difference(check, position, None, None, None, what, until if until != position else None),
            self._found.first,
        )
        if old is None or _rank(found) < _rank(old):
            self._found.first = found

    def _name(self) -> None:
        """Say whose event the first difference is."""
        one = self._found.first
        if one is not None and one.until is None and (whose := read.place(self._pages, one.position)) is not None:
            self._found.first = Difference(one.check, one.position, *whose, one.what)


def _rank(one: Difference) -> tuple[int, int, int]:
    """What is known more nearly comes first: a wrong leaf makes every node above it wrong too."""
    end = one.until or one.position
    return end, end - one.position, _ORDER.index(one.check)


class _Names(dict[str, bytes]):
    """Topics as they stand in a leaf; there are few, and each comes often."""

    def __missing__(self, topic: str) -> bytes:
        if len(self) > PAGE:
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


def _above(below: Sequence[bytes]) -> list[bytes]:
    told = b"".join(below)
    return [
        sha256(b"\x01" + told[at : at + 2 * HASH_BYTES]).digest()
        for at in range(0, len(told) - HASH_BYTES, 2 * HASH_BYTES)
    ]


# ---- the chain of reads


def verify_reads(place: str | Path, anchor: tuple[int, bytes] | None = None) -> Difference | None:
    """The first entry of the reads that is not bound to the one before it; `position` is its number.

    `anchor` is the last (number, digest) known from elsewhere: without it a cut at the end cannot be seen.
    """
    pages = open_pages(place)
    try:
        return _first_unbound(read.reads(pages), anchor)
    finally:
        pages.close()


def _first_unbound(entries: Iterable[_Read], anchor: tuple[int, bytes] | None) -> Difference | None:
    digest, expected = bytes(32), 1
    for seq, *texts, stored in entries:
        if seq != expected:
            return _unbound(min(seq, expected), f"entry {expected} is missing")
        fields = b"".join(struct.pack(">I", len(text)) + text for text in texts)
        digest = sha256(digest + struct.pack(">Q", seq) + fields).digest()
        if digest != stored or (anchor is not None and seq == anchor[0] and digest != anchor[1]):
            return _unbound(seq, "its digest is not that of its words and of the entry before it")
        expected += 1
    if anchor is not None and expected <= anchor[0]:
        return _unbound(expected, f"entry {expected} is missing: there were once {anchor[0]}")
    return None


def _unbound(seq: int, what: str) -> Difference:
    return Difference("reads", seq, None, None, None, what)
