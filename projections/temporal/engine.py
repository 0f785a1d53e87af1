"""The database that the views live in. They can always be told again, so their commits need not wait for the disk."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa

SCHEMA = "views"
WAITS = 20  # seconds for SQLite's lock
GAP = 0.02  # seconds for which who fills tables leaves SQLite's lock to others between two batches
PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={WAITS * 1000}", "cache_size=-65536")


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
    if not conn.get_execution_options().get("writing"):
        conn.exec_driver_sql("BEGIN")
        return
    raw: Any = conn.connection.driver_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        if not _taken(raw):
            conn.exec_driver_sql("BEGIN IMMEDIATE")  # fails as it did, and is told as the engine tells errors
    finally:
        raw.execute(f"PRAGMA busy_timeout={int(WAITS * 1000)}")


def _taken(raw: Any) -> bool:
    """Asks for SQLite's lock every few milliseconds: its own waiting sleeps longer and longer, and misses the short time
    for which those who fill tables leave it."""
    until = monotonic() + WAITS
    while monotonic() < until:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as why:
            if why.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
            sleep(GAP / 4)
        else:
            return True
    return False
