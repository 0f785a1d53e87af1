"""Statements on a PostgreSQL connection, prepared once and sent as they are: the driver's cursors cost more than the statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.generators import execute

_FAILED = {pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE}


class Wire:
    """One connection, in autocommit. Every statement is one round trip, and every distinct one stays prepared."""

    def __init__(self, conn: psycopg.Connection[Any]) -> None:
        self.conn = conn
        self._names: dict[str, bytes] = {}
        self._number = count()
        self._reading = Transformer(conn)

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query whose parameters are question marks. Raises what the driver raises."""
        name = self._names.get(query) or self._prepare(query)
        sent, formats = zip(*map(_sent, values), strict=True) if values else ((), ())
        self.conn.pgconn.send_query_prepared(name, sent, formats, pq.Format.BINARY)
        answer = self._answer()
        self._reading.set_pgresult(answer)
        try:
            return self._reading.load_rows(0, answer.ntuples, tuple)
        finally:
            self._reading.set_pgresult(None)

    def _prepare(self, query: str) -> bytes:
        name = b"wire_%d" % next(self._number)  # never given twice: who is interrupted here may have prepared it
        self.conn.pgconn.send_prepare(name, _numbered(query))
        self._answer()
        self._names[query] = name
        return name

    def _answer(self) -> pq.abc.PGresult:
        answer: pq.abc.PGresult = self.conn.wait(execute(self.conn.pgconn))[0]
        if answer.status in _FAILED:
            raise psycopg.errors.error_from_result(answer)
        return answer


@cache
def _numbered(query: str) -> bytes:
    number = count(1)
    return re.sub(r"\?", lambda _: f"${next(number)}", query).encode()


def _sent(value: Any) -> tuple[bytes, pq.Format]:
    """Numbers as text, for whatever width the statement expects; text as bytes of a stated length."""
    match value:
        case bytes():
            return value, pq.Format.BINARY
        case str():
            return value.encode(), pq.Format.BINARY
        case UUID():
            return value.bytes, pq.Format.BINARY
        case _:
            return str(int(value)).encode(), pq.Format.TEXT
