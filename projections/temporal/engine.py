"""The database that the views live in. They can always be told again, so their commits need not wait for the disk."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

SCHEMA = "views"
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=20000", "cache_size=-65536")


def open_views_engine(url: str | sa.URL, schema: str = SCHEMA, made: Callable[..., sa.Engine] = sa.create_engine) -> sa.Engine:
    """An engine for the views: a file of their own on SQLite, a schema of their own on PostgreSQL, where `made` makes it."""
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(address)
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
        return engine
    options = f"-c search_path={schema} -c synchronous_commit=off"
    pool = {"pool_size": 8, "max_overflow": 32, "pool_timeout": 3, "pool_pre_ping": True}
    return made(address, connect_args={"options": options}, execution_options={"views_schema": schema}, **pool)


def writing(engine: sa.Engine) -> sa.Engine:
    """The same engine, for whoever means to write: SQLite takes its lock at once instead of failing midway."""
    return engine.execution_options(writing=True)


@contextmanager
def snapshot(engine: sa.Engine, tables: Iterable[str]) -> Iterator[sa.Connection]:
    """A connection that sees some views as of one moment, however others tell them on or swap them.

    PostgreSQL's tables are held against a swap before the moment is taken: one that is swapped in later would be seen as it was then, half told.
    """
    if engine.dialect.name != "postgresql":
        with engine.connect() as conn:
            yield conn
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as conn:
        quote = conn.dialect.identifier_preparer.quote
        conn.exec_driver_sql(f"LOCK TABLE {', '.join(map(quote, sorted(tables)))} IN ACCESS SHARE MODE")
        yield conn


def _prepare(raw: Any, _: Any) -> None:
    raw.isolation_level = None  # the driver leaves BEGIN to us
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")


def _begin(conn: sa.Connection) -> None:
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("writing") else "BEGIN")
