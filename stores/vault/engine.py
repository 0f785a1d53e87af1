"""The vault's connections: what each one is set to, and the one way in for reading and for writing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, event, make_url, text

from stores.patience import CONNECTING, patient

SCHEMA = "vault"
WRITER_LOCK = 0x6C76797565_01  # advisory lock of the vault's one writer; "lvyue", 1
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: what was acknowledged survives a power cut
    "busy_timeout": 15000,
    "secure_delete": 1,  # a destroyed key is overwritten, not only unlinked
    "foreign_keys": 1,
}
WRITES = {"vault_writes": True}


class NotDurable(RuntimeError):
    """The database did not take a setting on which the vault's promise rests."""


def sqlite_url(file: Path) -> URL:
    """The URL of a vault in one SQLite file."""
    return URL.create("sqlite", database=str(file))


def vault_engine(url: str | URL) -> Engine:
    """An engine for the vault: a SQLite file, or the schema `vault` of a PostgreSQL database."""
    url = make_url(url)
    if url.get_backend_name() == "sqlite":
        return _sqlite(patient(url))
    pool = {"pool_size": 8, "max_overflow": 32, "pool_timeout": CONNECTING, "pool_pre_ping": True}
    return _postgres(patient(url.set(drivername="postgresql+psycopg"), **pool))


def _sqlite(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin ourselves: see `begin`
        for name, value in SQLITE_PRAGMAS.items():
            connection.execute(f"PRAGMA {name}={value}")
            (found,) = connection.execute(f"PRAGMA {name}").fetchone()
            if found != value:
                raise NotDurable(f"PRAGMA {name} is {found!r}, must be {value!r}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("vault_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(engine: Engine) -> Engine:
    @event.listens_for(engine, "connect")
    def settle(connection: Any, _record: Any) -> None:
        connection.autocommit = True
        connection.execute(f"SET search_path TO {SCHEMA}")
        connection.execute("SET synchronous_commit TO on")
        connection.autocommit = False

    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction of the vault's one writer: on either database the next one waits, so no part races itself."""
    with engine.execution_options(**WRITES).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
        yield connection
