"""The ledger's database, opened so that what is committed is on disk, or not opened at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from stores.patience import CONNECTING, patient

BUSY_MS = 10_000  # how long a writer waits for another process's commit before it gives up
_SQLITE_FULL = 2
_DURABLE_ON_POSTGRES = {"on", "remote_apply"}

_turns: WeakKeyDictionary[sa.Engine, RLock] = WeakKeyDictionary()


class NotDurable(Exception):
    """This database would acknowledge a commit that a power cut takes back."""


def open_ledger(place: str | Path) -> sa.Engine:
    """The engine over a ledger at a path or an SQLAlchemy URL. Raises NotDurable where commits are not synced.

    SQLite transactions begin DEFERRED; with the execution option `writes=True` they begin IMMEDIATE.
    """
    url = _url(place)
    engine = patient(url, poolclass=sa.QueuePool, pool_size=8, max_overflow=32, pool_timeout=CONNECTING, pool_pre_ping=_elsewhere(url))
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_sqlite)
    else:
        sa.event.listen(engine, "connect", check_postgres)
    try:
        engine.connect().close()
    except BaseException:
        engine.dispose()
        raise
    return engine


def turn(engine: sa.Engine) -> RLock:
    """The one place in this process from which SQLite is written: waiting here is fair, SQLite's own waiting sleeps."""
    return _turns.setdefault(engine, RLock())


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that holds the right to write from its first statement."""
    if engine.dialect.name != "sqlite":
        with engine.begin() as conn:
            yield conn
        return
    with turn(engine), engine.execution_options(writes=True).begin() as conn:
        yield conn


def _elsewhere(url: sa.URL) -> bool:
    """A server may have been started anew since a connection was last used; a file has not."""
    return url.get_backend_name() != "sqlite"


def _url(place: str | Path) -> sa.URL:
    if isinstance(place, Path) or "://" not in place:
        return sa.URL.create("sqlite", database=str(place))
    url = sa.make_url(place)
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _prepare_sqlite(dbapi: Any, _record: object) -> None:
    """Set what durability rests on, then ask whether it is so: a build, a file or a mount may refuse in silence."""
    dbapi.isolation_level = None  # we say BEGIN ourselves
    cursor = dbapi.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS:d}")
    mode = cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    cursor.execute("PRAGMA synchronous=FULL")
    level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    cursor.close()
    if mode != "wal" or level != _SQLITE_FULL:
        dbapi.close()
        raise NotDurable(f"journal_mode is {mode} and synchronous is {level}; the ledger needs wal and {_SQLITE_FULL}")


def _begin_sqlite(conn: sa.Connection) -> None:
    # A writer takes its slot at once: a reader that turned writer could find the log grown, and would be refused.
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("writes") else "BEGIN DEFERRED")


def check_postgres(dbapi: Any, _record: object) -> None:
    """Refuse a session whose commits are answered before they are on disk."""
    level = dbapi.execute("SHOW synchronous_commit").fetchone()[0]
    dbapi.rollback()
    if level not in _DURABLE_ON_POSTGRES:
        dbapi.close()
        raise NotDurable(f"synchronous_commit is {level}; the ledger needs on")
