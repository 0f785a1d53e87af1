"""What the verifier reads: the tables themselves, by the drivers alone, in one snapshot."""

from __future__ import annotations

import sqlite3
from binascii import unhexlify
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote
from uuid import UUID

PAGE = 4096  # events at a time; a power of two, so that a page of leaves is a whole subtree


class Place(NamedTuple):
    """Whose event it is, for a person to find it by."""

    stream: str
    version: int
    topic: str


# Position, stream (16 bytes), version, topic, state, recorded_at; but SQLite keeps whatever it is given, in any type.
Row = tuple[int, Any, Any, Any, Any, Any]

_ROWS = """
    SELECT position, originator_id, originator_version, topic, state, recorded_at FROM events
    WHERE position > {0} AND position <= {0} ORDER BY position
"""
_ROWS_ON_POSTGRES = """
    SELECT position, uuid_send(originator_id), originator_version, topic, state, recorded_at FROM events
    WHERE position > {0} AND position <= {0} ORDER BY position
"""
_NODES = "SELECT hash FROM tree_nodes WHERE level = {0} AND idx >= {0} AND idx < {0} ORDER BY idx"
_COUNT = "SELECT count(*) FROM tree_nodes WHERE level = {0} AND idx < {0}"
_LEVELS = "SELECT level, count(*), min(idx), max(idx) FROM tree_nodes GROUP BY level"
_HEAD = "SELECT size, root, frontier FROM tree_head"
_PLACE = "SELECT originator_id, originator_version, topic FROM events WHERE position = {0}"
_READS = "SELECT seq, at, account, kind, subject, digest FROM reads ORDER BY seq"
# By stream and version, as the index has them: every version one more than the last, and later in the log.
_BY_STREAM = "SELECT originator_version, position FROM events ORDER BY originator_id, originator_version"
_STREAMS = """
    SELECT count(DISTINCT originator_id), sum(CASE WHEN originator_version = 1 THEN 1 ELSE 0 END) FROM events
"""
# By stream and position: slower, and only asked when something is wrong, to name the first place where it is.
_FIRST_OUT_OF_TURN = """
    SELECT min(position) FROM (SELECT position, originator_version AS version,
                                      row_number() OVER (PARTITION BY originator_id ORDER BY position) AS turn
                               FROM events) AS told
    WHERE version <> turn
"""


class SqlitePages:
    """A snapshot of a ledger file, opened for reading only."""

    def __init__(self, path: Path, page: int) -> None:
        self.page = page
        self._conn = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None)
        self._conn.execute("BEGIN")

    def close(self) -> None:
        self._conn.close()

    def query(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        return self._conn.execute(query.replace("{0}", "?"), values).fetchall()

    def stream(self, query: str, *values: int) -> Iterator[list[tuple[Any, ...]]]:
        """A query's answer, a page at a time."""
        cursor = self._conn.execute(query.replace("{0}", "?"), values)
        while page := cursor.fetchmany(self.page):
            yield page

    def rows(self, past: int, upto: int) -> Iterator[list[Row]]:
        """The rows past a position up to another, a page at a time; streams as text where a row is malformed."""
        try:
            for page in self.stream(_ROWS, past, upto):
                yield _with_bytes(page)
                past = page[-1][0]
        except sqlite3.OperationalError:  # a text that is no UTF-8, and will be the first that differs
            self._conn.text_factory = lambda text: text.decode(errors="surrogateescape")
            for page in self.stream(_ROWS, past, upto):
                yield _with_bytes(page)


class PostgresPages:
    """A snapshot of a ledger in a PostgreSQL database."""

    def __init__(self, url: str, page: int) -> None:
        import psycopg

        self.page = page

        self._conn = psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1))
        self._conn.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        self._conn.read_only = True

    def close(self) -> None:
        self._conn.close()

    def query(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        with self._conn.cursor(binary=True) as cursor:
            return cursor.execute(query.replace("{0}", "%s").encode(), values).fetchall()

    def stream(self, query: str, *values: int) -> Iterator[list[tuple[Any, ...]]]:
        """A query's answer, a page at a time."""
        with self._conn.cursor("pages", binary=True) as cursor:
            cursor.execute(query.replace("{0}", "%s").encode(), values)
            while page := cursor.fetchmany(self.page):
                yield page

    def rows(self, past: int, upto: int) -> Iterator[list[Row]]:
        """The rows past a position up to another, a page at a time."""
        return self.stream(_ROWS_ON_POSTGRES, past, upto)


Pages = SqlitePages | PostgresPages


def open_pages(place: str | Path, page: int | None = None) -> Pages:
    """A snapshot of the ledger at a path, or at an SQLite or PostgreSQL URL, read so many rows at a time."""
    told, page = str(place), page or PAGE
    if told.startswith("postgresql"):
        return PostgresPages(told, page)
    path = Path(told.removeprefix("sqlite:///"))
    if not path.is_file():
        raise FileNotFoundError(path)
    return SqlitePages(path, page)


def nodes(pages: Pages, level: int, first: int, last: int) -> list[bytes]:
    """The stored hashes of a level from index `first` to before `last`."""
    return [node for (node,) in pages.query(_NODES, level, first, last)]


def count_nodes(pages: Pages, level: int, before: int) -> int:
    """How many nodes of a level stand before an index."""
    count: int = pages.query(_COUNT, level, before)[0][0]
    return count


def ends(pages: Pages) -> tuple[int, int]:
    """The last position of the log, 0 when it is empty, and how many rows there are."""
    ((last, count),) = pages.query("SELECT coalesce(max(position), 0), count(*) FROM events")
    return last, count


def levels(pages: Pages) -> dict[int, tuple[int, int, int]]:
    """How many nodes each level has, the first index and the last."""
    return {level: (count, low, high) for level, count, low, high in pages.query(_LEVELS)}


def heads(pages: Pages) -> list[tuple[int, bytes, bytes]]:
    """Size, root, frontier; one row where all is well."""
    return [(size, bytes(root), bytes(frontier)) for size, root, frontier in pages.query(_HEAD)]


def place(pages: Pages, position: int) -> Place | None:
    """Whose event stands at a position."""
    found = pages.query(_PLACE, position)
    if not found:
        return None
    stream, version, topic = found[0]
    return Place(_uuid(stream), version, str(topic))


def first_out_of_turn(pages: Pages) -> int | None:
    """The first position at which a stream's versions do not count 1, 2, 3 …"""
    if _in_turn(pages):
        return None
    found: int | None = pages.query(_FIRST_OUT_OF_TURN)[0][0]
    return found


def _in_turn(pages: Pages) -> bool:
    """Whether every row begins a stream, or follows the row before it in version and in place.

    Streams follow one another here unmarked; that as many rows begin one as there are streams keeps them apart.
    """
    ((streams, begun),) = pages.query(_STREAMS)
    before: list[tuple[Any, ...]] = []
    for page in pages.stream(_BY_STREAM):
        pairs = zip([*before, *page], page if before else page[1:], strict=False)
        if not before and page[0][0] != 1:
            return False
        try:
            if any(b != 1 and (b != a + 1 or q < p) for (a, p), (b, q) in pairs):
                return False
        except TypeError:  # a version that is no number
            return False
        before = page[-1:]
    return bool(streams == (begun or 0))


def _with_bytes(page: list[tuple[Any, ...]]) -> list[Row]:
    """Streams as their 16 bytes; the page as it is where one is written otherwise than we write it."""
    try:
        ids = [row[1] for row in page]
        streams = unhexlify("".join(ids))
        if set(map(len, ids)) == {32} and streams.hex() == "".join(ids):
            return [(p, streams[16 * n : 16 * n + 16], v, t, s, at) for n, (p, _, v, t, s, at) in enumerate(page)]
    except (ValueError, TypeError):
        pass
    return page


def reads(pages: Pages) -> Iterator[tuple[int, bytes, bytes, bytes, bytes, bytes]]:
    """The chain of reads, in order; texts as their UTF-8 bytes."""
    for page in pages.stream(_READS):
        for seq, *rest in page:
            at, account, kind, subject, digest = [v.encode() if isinstance(v, str) else v for v in rest]
            yield seq, at, account, kind, subject, digest


def _uuid(stream: Any) -> str:
    try:
        return str(UUID(str(stream)))
    except ValueError:
        return str(stream)  # malformed; a person may still know it
