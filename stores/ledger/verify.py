"""The verifier of the log: reads the tables by a way of its own and names the first position that differs."""

from __future__ import annotations

import os
import pickle
import struct
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

from domain.proof.tree import EMPTY_ROOT, Frontier, root_at
from stores.ledger import pages as read
from stores.ledger.pages import Pages, open_pages
from stores.ledger.stretch import (
    Decodes,
    Difference,
    Span,
    Stretch,
    above,
    compare,
    differs,
    examine,
    examine_elsewhere,
    under,
)

ALONE = 100_000  # events that one process verifies sooner than several would have begun to
_MOST_WORKERS = 4
_LEVELS = 63  # of a tree whose leaves a position can count

_Read = tuple[int, bytes, bytes, bytes, bytes, bytes]
_ORDER = ("order", "bytes", "tree", "anchor")


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


def verify(
    place: str | Path,
    anchors: Iterable[tuple[int, bytes]] = (),
    decodes: Decodes | None = None,
    workers: int | None = None,
) -> Report:
    """Check order, bytes and tree of a whole log, and that it begins with every anchor (size, root).

    `place` is a path, or the URL of an SQLite or PostgreSQL database; it is only read. `decodes` may be asked of
    every row. Take the anchors from where they are kept before calling: the log only grows. A long log is shared
    among `workers` processes, as many as there are processors (four at most) unless told.
    """
    pages = open_pages(place)
    try:
        return _Verifier(pages, str(place), decodes, workers).report(sorted(anchors))
    finally:
        pages.close()


class _Verifier:
    def __init__(self, pages: Pages, place: str, decodes: Decodes | None, workers: int | None) -> None:
        self._pages, self._place, self._decodes, self._workers = pages, place, decodes, workers
        self._found = Report()
        self._checks = {check.name: check for check in self._found.checks}

    def report(self, anchors: Sequence[tuple[int, bytes]]) -> Report:
        leaves, (end, rows) = self._levels(), read.ends(self._pages)
        with self._examined(leaves, end, rows) as stretches:
            self._turns()  # meanwhile, where others examine
            self._join(list(stretches))
        self._head(leaves)
        for size, root in anchors:
            self._anchor(size, root, leaves)
        self._found.root = self._root(leaves) or b""
        self._name()
        return self._found

    # ---- rows, leaves and the lower levels

    @contextmanager
    def _examined(self, leaves: int, end: int, rows: int) -> Iterator[Iterator[Stretch]]:
        """The stretches of the log, examined here or by others."""
        length = max(leaves, min(end, rows))  # a row beyond stands behind a gap, which lies before
        workers = self._share(length)
        spans = [Span(a, b, end, leaves, self._pages.page) for a, b in _edges(length, self._pages.page, workers)]
        if workers == 1:
            yield (examine(self._pages, span, self._decodes) for span in spans)
            return
        # Spawned, not forked: whoever calls may have threads, and connections that no child may touch.
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            asked = [pool.submit(examine_elsewhere, self._place, span, self._decodes) for span in spans]
            yield (one.result() for one in asked)

    def _share(self, events: int) -> int:
        if self._workers is not None:
            return self._workers
        return min(len(os.sched_getaffinity(0)), _MOST_WORKERS) if events >= ALONE and _sendable(self._decodes) else 1

    def _join(self, stretches: Sequence[Stretch]) -> None:
        tops, whole, ended = list[bytes](), True, ""
        for one in stretches:
            tops += one.tops
            self._checks["order"].checked += one.rows
            self._checks["bytes"].checked += one.rows
            self._checks["tree"].checked += one.leaves
            for difference in one.differences:
                self._differs(difference)
            if one.began and one.began < ended:
                self._differs(differs("order", one.span.first + 1, "it was recorded before the one before it"))
            ended = one.ended or ended
            self._found.events += one.rows if whole else 0
            whole = whole and one.whole
        level = self._pages.page.bit_length() - 1
        while len(tops) > 1:
            level, tops = level + 1, above(tops)
            for difference in compare(self._pages, level, 0, tops):
                self._differs(difference)

    # ---- the tree as a whole

    def _levels(self) -> int:
        """Check that every level has the nodes that it should, and give the number of leaves."""
        told = read.levels(self._pages)
        leaves = told.get(0, (0, 0, 0))[0]
        if strange := [level for level in told if level not in range(_LEVELS)]:
            self._differs(differs("tree", 1, f"there are nodes of level {strange[0]}", max(leaves, 1)))
        for level in range(_LEVELS):
            count, low, high = told.get(level, (0, 0, -1))
            expected = leaves >> level
            if (count, low, high) != (expected, 0, expected - 1):
                hole = self._first_hole(level, min(count, expected))
                self._differs(under(level, hole, f"level {level} has {count} nodes, not {expected}"))
        return leaves

    def _first_hole(self, level: int, count: int) -> int:
        """The first index from which on a level does not hold what it should: its nodes count 0, 1, 2 …"""
        low, high = 0, count
        while low < high:
            middle = (low + high + 1) // 2
            if read.count_nodes(self._pages, level, middle) == middle:
                low = middle
            else:
                high = middle - 1
        return low

    def _head(self, leaves: int) -> None:
        told = read.heads(self._pages)
        if len(told) != 1:
            self._differs(differs("tree", 1, f"the tree has {len(told)} heads", max(leaves, 1)))
            return
        size, root, frontier = told[0]
        if size != leaves:
            what = f"the head says {size} leaves, and {leaves} are stored"
            self._differs(differs("tree", min(size, leaves) + 1, what))
        elif (root, frontier) != (self._root(leaves), self._frontier(leaves)):
            self._differs(differs("tree", 1, "the head's root is not the tree's", max(leaves, 1)))
        if self._found.events < max(size, leaves):
            what = f"it is missing: the tree has {max(size, leaves)} leaves"
            self._differs(differs("order", self._found.events + 1, what))

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
            self._differs(differs("order", position, "its version is not the next of its stream"))

    def _anchor(self, size: int, root: bytes, leaves: int) -> None:
        check = self._checks["anchor"]
        known = min(self._found.events, leaves)
        if known < size:
            self._differs(differs("anchor", known + 1, f"it is missing: the log once had {size} events"))
        elif check.ok and self._root(size) != root:
            what = f"the first {size} events are not those once vouched for"
            self._differs(differs("anchor", check.checked + 1, what, size))
        if check.ok:
            check.checked = size  # what is wrong lies after the last anchor that held

    def _differs(self, one: Difference) -> None:
        self._checks[one.check].ok = False
        if self._found.first is None or _rank(one) < _rank(self._found.first):
            self._found.first = one

    def _name(self) -> None:
        """Say whose event the first difference is."""
        one = self._found.first
        if one is not None and one.until is None and (whose := read.place(self._pages, one.position)) is not None:
            self._found.first = Difference(one.check, one.position, *whose, one.what)


def _edges(length: int, page: int, workers: int) -> Iterator[tuple[int, int]]:
    """The log in as many stretches of whole pages."""
    count = -(-max(length, 1) // page)
    edges = (count * n // workers * page for n in range(workers + 1))
    return ((first, last) for first, last in pairwise(edges) if first < last)


def _sendable(decodes: Decodes | None) -> bool:
    """Whether another process can be given it: a module's function can, one made on the spot cannot."""
    try:
        pickle.dumps(decodes)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


def _rank(one: Difference) -> tuple[int, int, int]:
    """What is known more nearly comes first: a wrong leaf makes every node above it wrong too."""
    end = one.until or one.position
    return end, end - one.position, _ORDER.index(one.check)


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
