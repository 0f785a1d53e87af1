"""How row versions reach their table in bulk: COPY on PostgreSQL, the driver's executemany on SQLite."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from projections.search import gram_text
from projections.temporal.forks import fork_of
from projections.temporal.moment import NO_END, UNTOLD
from projections.temporal.rows import RowVersion
from projections.temporal.tables import value_columns

COPY_FROM = 200  # rows; below this one INSERT is quicker than setting up a COPY
Bind = Callable[[Any], Any]


class Unwritable(Exception):
    """The database, or a column's type, refuses what a fold said."""


class Writing:
    """The statements for one table on one database, and how each value is handed to its driver."""

    def __init__(self, table: sa.Table, dialect: sa.Dialect) -> None:
        self._postgresql = dialect.name == "postgresql"
        self._names, self._searches = value_columns(table), table.info["searches"]
        self._forks = "fork" in table.c
        self._binds = [(name, _bind(table.c[name].type, dialect)) for name in self._names]
        self._day: Bind = (lambda day: day) if self._postgresql else date.isoformat
        self._owner: Bind = (lambda owner: owner) if self._postgresql else (lambda owner: owner.hex)
        quote = dialect.identifier_preparer.quote
        columns, name = [quote(column.name) for column in table.c], quote(table.name)
        marks = ", ".join(["%s" if self._postgresql else "?"] * len(columns))
        self._insert = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  our own names
        self._copy = f"COPY {name} ({', '.join(columns)}) FROM STDIN"
        self._close = _closing(name, self._forks, self._postgresql)

    def insert(self, conn: sa.Connection, rows: Sequence[RowVersion]) -> None:
        """Add row versions. Raises Unwritable."""
        if not rows:
            return
        try:
            stored = [self._tuple(row) for row in rows]
        except (TypeError, ValueError, ArithmeticError, AttributeError) as why:
            raise Unwritable(repr(why)) from why
        with _content_refused(conn):
            if self._postgresql and len(rows) >= COPY_FROM:
                raw: Any = conn.connection.driver_connection
                with raw.cursor() as cursor, cursor.copy(self._copy) as copy:
                    for row in stored:
                        copy.write_row(row)
            else:
                conn.exec_driver_sql(self._insert, stored)

    def close(self, conn: sa.Connection, rows: Sequence[RowVersion]) -> None:
        """Let stored row versions be known no longer than until their `until`."""
        if not rows:
            return
        day, whose = self._day, self._owner
        ends = [
            (row.until, *((fork_of(row.since, row.until),) if self._forks else ()),
             whose(row.owner), row.key, row.since, day(row.valid_from))
            for row in rows
        ]  # fmt: skip
        if self._postgresql:
            conn.exec_driver_sql(self._close, tuple(list(column) for column in zip(*ends, strict=True)))
        else:
            conn.exec_driver_sql(self._close, ends)

    def _tuple(self, row: RowVersion) -> tuple[Any, ...]:
        day, values = self._day, row.values
        stored = [self._owner(row.owner), row.key, row.since, day(row.valid_from), row.until, day(row.valid_to)]
        if self._forks:
            stored.append(0 if row.until == UNTOLD else fork_of(row.since, row.until))
            days = (row.valid_from.toordinal(), row.valid_to.toordinal())
            stored.append(0 if row.valid_to == NO_END else fork_of(*days))
        for name, bind in self._binds:
            value = values[name]
            stored.append(None if value is None else bind(value))
        if self._searches:
            stored.append(gram_text([values[name] for name in self._searches]))
        return tuple(stored)


def _bind(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Bind:
    """From a column's Python value to its driver's; raises TypeError on a value of another kind."""
    sqlite = dialect.name == "sqlite"
    if isinstance(kind, sa.JSON):
        return _only(str)  # canonical text already
    if isinstance(kind, sa.Uuid):
        return _only(UUID, (lambda value: value.hex) if sqlite else None)
    if isinstance(kind, sa.Date):
        return _only(date, date.isoformat if sqlite else None)
    for column, value in ((sa.Boolean, bool), (sa.Integer, int), (sa.Text, str), (sa.String, str)):
        if isinstance(kind, column):
            return _only(value)
    return kind.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)


def _only(kind: type, to: Bind | None = None) -> Bind:
    def bind(value: Any) -> Any:
        if not isinstance(value, kind):
            raise TypeError(f"{value!r} is no {kind.__name__}")
        return to(value) if to else value

    return bind


def _closing(table: str, forks: bool, postgresql: bool) -> str:
    if not postgresql:
        ends = "until = ?, fork = ?" if forks else "until = ?"
        return f"UPDATE {table} SET {ends} WHERE owner = ? AND key = ? AND since = ? AND valid_from = ?"  # noqa: S608
    names = ["until", *(["fork"] if forks else []), "owner", "key", "since", "valid_from"]
    kinds = ["bigint", *(["bigint"] if forks else []), "uuid", "text", "bigint", "date"]
    return (
        f"UPDATE {table} t SET until = v.until{', fork = v.fork' if forks else ''}"  # noqa: S608
        f" FROM unnest({', '.join(f'%s::{kind}[]' for kind in kinds)}) v({', '.join(names)})"
        " WHERE (t.owner, t.key, t.since, t.valid_from) = (v.owner, v.key, v.since, v.valid_from)"
    )


class _content_refused:  # noqa: N801  read as a verb
    """What a row says is at fault, not the connection to the database: say so by Unwritable."""

    def __init__(self, conn: sa.Connection) -> None:
        driver: Any = conn.dialect.loaded_dbapi
        self._faults = (
            sa.exc.DataError, sa.exc.IntegrityError, sa.exc.ProgrammingError,
            driver.DataError, driver.IntegrityError, driver.ProgrammingError, OverflowError, ValueError,
        )  # fmt: skip

    def __enter__(self) -> None: ...

    def __exit__(self, kind: Any, why: BaseException | None, trace: Any) -> None:
        if isinstance(why, self._faults):
            raise Unwritable(repr(why)) from why
