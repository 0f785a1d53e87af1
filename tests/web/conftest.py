"""Offices to ask: on SQLite, and for what both databases must answer alike on a real PostgreSQL as well.

`LVYUE_TEST_STORE=postgresql` lets every test with a `world` run on PostgreSQL alone: the whole of the web room, when
somebody wants to know. Tests that lay hands on the SQLite files skip then.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import fresh_database
from tests.web.office import World, copied_world, new_world, reopened

ALONE = os.environ.get("LVYUE_TEST_STORE", "sqlite")
MakeWorld = Callable[[Path, str], World]


@pytest.fixture(scope="session")
def settled_on_postgres(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], World]]:
    """Makes settled offices on PostgreSQL, each a copy of one database, in the time that a copy takes."""
    folder, made = tmp_path_factory.mktemp("settled") / "data", list[str]()
    server = postgres_url.replace("postgresql+psycopg://", "postgresql://")
    template = fresh_database(postgres_url)
    new_world(folder, database_url=template[1]).close()

    def copy(data: Path) -> World:
        name, url = fresh_database(postgres_url, template[0])
        made.append(name)
        shutil.copytree(folder, data, dirs_exist_ok=True)
        return reopened(data, database_url=url)

    yield copy
    with psycopg.connect(server, autocommit=True) as session:
        for name in (*made, template[0]):
            session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def make_world(request: pytest.FixtureRequest) -> MakeWorld:
    """`make_world(data, store)`: a settled office in an empty folder, its databases there or on PostgreSQL."""

    def make(data: Path, store: str) -> World:
        if store == "postgresql":
            on_postgres: Callable[[Path], World] = request.getfixturevalue("settled_on_postgres")
            return on_postgres(data)
        return copied_world(data)

    return make


@pytest.fixture
def world(make_world: MakeWorld, tmp_path: Path) -> Iterator[World]:
    """A settled trial office on 2026-01-12, on SQLite unless LVYUE_TEST_STORE says otherwise."""
    made = make_world(tmp_path / "data", ALONE)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_world(request: pytest.FixtureRequest, make_world: MakeWorld, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite and on PostgreSQL."""
    made = make_world(tmp_path / "data", request.param)
    yield made
    made.close()
