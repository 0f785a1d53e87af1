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
Column = list[Any]
Convert = Callable[[Column], Column]
Stored = list[tuple[Any, ...]]


class Unwritable(Exception):
    """The database, or a column's type, refuses what a fold said."""


class Writing:
    """The statements for one table on one database, and how each column is handed to its driver."""

    def __init__(self, table: sa.Table, dialect: sa.Dialect) -> None:
        self._postgresql = dialect.name == "postgresql"
        self._searches, self._forks = table.info["searches"], "fork" in table.c
        self._values = [(name, _converting(table.c[name], dialect)) for name in value_columns(table)]
        self._day, self._owner = _converting(table.c.valid_from, dialect), _converting(table.c.owner, dialect)
        self._key = _converting(table.c.key, dialect)
        quote = dialect.identifier_preparer.quote
        columns, name = [quote(column.name) for column in table.c], quote(table.name)
        marks = ", ".join(["%s" if self._postgresql else "?"] * len(columns))
        self._insert = f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  our own names
        self._copy = f"COPY {name} ({', '.join(columns)}) FROM STDIN"
        self._close = _closing(name, self._forks, self._postgresql)
        self._remove = _removing(name, self._postgresql)

    def stored(self, rows: Sequence[RowVersion]) -> Stored:
        """Row versions as the driver takes them. Raises Unwritable."""
        try:
            return list(zip(*self._columns(rows), strict=True)) if rows else []
        except (TypeError, ValueError, ArithmeticError, AttributeError) as why:
            raise Unwritable(repr(why)) from why

    def insert(self, conn: sa.Connection, stored: Stored) -> None:
        """Add row versions. Raises Unwritable."""
        if not stored:
            return
        with _content_refused(conn):
            if self._postgresql and len(stored) >= COPY_FROM:
                self._copy_in(conn, stored)
            else:
                conn.exec_driver_sql(self._insert, stored)

    def _copy_in(self, conn: sa.Connection, stored: Stored) -> None:
        raw: Any = conn.connection.driver_connection
        driver: Any = conn.dialect.loaded_dbapi
        try:
            with raw.cursor() as cursor, cursor.copy(self._copy) as copy:
                for row in stored:
                    copy.write_row(row)
        except driver.OperationalError as why:  # told as SQLAlchemy tells the loss of any other statement
            raise sa.exc.OperationalError(self._copy, None, why) from why

    def close(self, conn: sa.Connection, rows: Sequence[RowVersion]) -> None:
        """Let stored row versions be known no longer than until their `until`."""
        if not rows:
            return
        forks = [[fork_of(row.since, row.until) for row in rows]] if self._forks else []
        self._of_many(conn, self._close, [[row.until for row in rows], *forks, *self._names(rows)])

    def remove(self, conn: sa.Connection, rows: Sequence[RowVersion]) -> None:
        """Take stored row versions away."""
        if rows:
            self._of_many(conn, self._remove, self._names(rows))

    def _names(self, rows: Sequence[RowVersion]) -> list[Column]:
        """The columns of the primary key."""
        return [
            self._owner([row.owner for row in rows]),
            self._key([row.key for row in rows]),
            [row.since for row in rows],
            self._day([row.valid_from for row in rows]),
        ]

    def _of_many(self, conn: sa.Connection, statement: str, columns: list[Column]) -> None:
        conn.exec_driver_sql(statement, tuple(columns) if self._postgresql else list(zip(*columns, strict=True)))

    def _columns(self, rows: Sequence[RowVersion]) -> list[Column]:
        """In the order of the table, column by column: that is several times quicker than row by row."""
        said = [row.values for row in rows]
        columns = [*self._names(rows), [row.until for row in rows], self._day([row.valid_to for row in rows])]
        if self._forks:
            columns.append([0 if row.until == UNTOLD else fork_of(row.since, row.until) for row in rows])
            columns.append([0 if row.valid_to == NO_END else _day_fork(row) for row in rows])
        spoken = zip(*[values.values() for values in said], strict=True)  # a row's values stand in the order of the columns
        columns += [convert(list(column)) for (_, convert), column in zip(self._values, spoken, strict=True)]
        if self._searches:
            columns.append([gram_text(tuple([values[name] for name in self._searches])) for values in said])
        return columns


def _day_fork(row: RowVersion) -> int:
    return fork_of(row.valid_from.toordinal(), row.valid_to.toordinal())


def _converting(column: sa.Column[Any], dialect: sa.Dialect) -> Convert:
    """From a column's Python values to its driver's; raises TypeError on a value of another kind."""
    kind, to = _bind(column.type, dialect)

    def convert(values: Column) -> Column:
        for found in set(map(type, values)):
            if not issubclass(found, (kind, type(None))):
                raise TypeError(f"{column.name} holds {kind.__name__}, not {found.__name__}")
        return values if to is None else list(map(_Bound(to).__getitem__, values))

    return convert


class _Bound(dict[Any, Any]):
    """What the driver is handed for each of a batch's values: the same ones come again and again."""

    def __init__(self, to: Callable[[Any], Any]) -> None:
        super().__init__({None: None})
        self._to = to

    def __missing__(self, value: Any) -> Any:
        bound = self[value] = self._to(value)
        return bound


def _bind(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> tuple[type, Callable[[Any], Any] | None]:
    """The Python type of a column's values, and what turns one of them into the driver's."""
    sqlite = dialect.name == "sqlite"
    if isinstance(kind, sa.JSON):
        return str, None  # canonical text already
    if isinstance(kind, sa.Uuid):
        return UUID, UUID.hex.fget if sqlite else None  # type: ignore[attr-defined]
    if isinstance(kind, sa.Date):
        return date, date.isoformat if sqlite else None
    for column, value in ((sa.Boolean, bool), (sa.Integer, int), (sa.String, str)):
        if isinstance(kind, column):
            return value, None
    return object, kind.dialect_impl(dialect).bind_processor(dialect)


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


def _removing(table: str, postgresql: bool) -> str:
    if not postgresql:
        return f"DELETE FROM {table} WHERE owner = ? AND key = ? AND since = ? AND valid_from = ?"  # noqa: S608
    return (
        f"DELETE FROM {table} t USING unnest(%s::uuid[], %s::text[], %s::bigint[], %s::date[]) v(owner, key, since, valid_from)"  # noqa: S608
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
