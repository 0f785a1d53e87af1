"""A vault of its own for each test, on SQLite and on PostgreSQL; passwords are hashed cheaply."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete

from migrations import upgrade
from stores.vault import Vault, argon2id, sqlite_url, vault_engine
from stores.vault.engine import writing
from stores.vault.tables import metadata
from tests import postgres

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
KEY = bytes(range(32))
CHEAP = argon2id(memory_kib=8, passes=1, lanes=1)


@pytest.fixture(scope="session")
def migrated_postgres(stopped_at_the_end: None) -> Iterator[Engine]:
    """The engine of a migrated vault, to empty after use."""
    engine = vault_engine(postgres.fresh())
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """The engine of an empty, migrated vault."""
    if request.param == "sqlite":
        engine = vault_engine(sqlite_url(shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path)))
        yield engine
        engine.dispose()
        return
    engine = request.getfixturevalue("migrated_postgres")
    yield engine
    with writing(engine) as connection:
        for table in metadata.sorted_tables:
            connection.execute(delete(table))


@pytest.fixture
def vault(engine: Engine) -> Vault:
    """A vault with KEY."""
    return Vault(engine, KEY, CHEAP)


@pytest.fixture
def now() -> datetime:
    """The moment at which a test begins."""
    return NOW
