"""The migrations make exactly the tables that the code declares, and leave a later release's database alone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from migrations import NewerThanKnown, is_current, newer_than_known, upgrade
from stores.vault.engine import sqlite_url, vault_engine, writing
from stores.vault.tables import metadata


@pytest.fixture
def engine(any_database: str) -> Iterator[Engine]:
    """The engine of a vault of its own: these tests change its very tables."""
    engine = vault_engine(any_database)
    upgrade(engine)
    yield engine
    engine.dispose()


def test_no_drift(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_drift_would_be_seen(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE settings ADD COLUMN planted INTEGER"))
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) != []


def test_declared_constraints_hold(engine: Engine) -> None:
    found = inspect(engine)
    for table in metadata.sorted_tables:
        checks = {str(c.name) for c in table.constraints if c.__visit_name__ == "check_constraint"}
        assert {str(c["name"]) for c in found.get_check_constraints(table.name)} >= checks


def test_twice_changes_nothing(engine: Engine) -> None:
    upgrade(engine)
    assert is_current(engine)


def test_an_empty_database_is_neither_newer_nor_current(any_database: str) -> None:
    engine = vault_engine(any_database)
    assert not newer_than_known(engine)
    assert not is_current(engine)
    engine.dispose()


def test_a_newer_database_is_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'vault_9999'"))
    assert newer_than_known(engine)
    with pytest.raises(NewerThanKnown):
        upgrade(engine)


def test_two_at_once(any_database: str) -> None:
    engines = [vault_engine(any_database) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(upgrade, engines))
    assert all(is_current(engine) for engine in engines)
    for engine in engines:
        engine.dispose()


def test_from_any_folder_and_into_a_folder_with_a_strange_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "数据 100%, a b"
    folder.mkdir()
    monkeypatch.chdir(folder)
    engine = vault_engine(sqlite_url(folder / "vault.db"))
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


def test_postgresql_tables_stand_in_a_schema_of_their_own(postgres: str) -> None:
    engine = vault_engine(postgres)
    upgrade(engine)
    assert set(inspect(engine).get_table_names(schema="vault")) == {*metadata.tables, "alembic_version"}
    assert inspect(engine).get_table_names(schema="public") == []
    engine.dispose()
