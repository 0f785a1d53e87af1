"""Vaults in SQLite files, opened as often as a test likes, each time as another process would."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from migrations import upgrade
from stores.vault import Vault, argon2id, sqlite_url, vault_engine

KEY = bytes(range(32))
OpenVault = Callable[..., Vault]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty, migrated vault, to copy."""
    file = tmp_path_factory.mktemp("vault") / "vault.db"
    engine = vault_engine(sqlite_url(file))
    upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture
def vault_file(migrated_sqlite: Path, tmp_path: Path) -> Path:
    """The file of this test's empty vault."""
    return Path(shutil.copy(migrated_sqlite, tmp_path))


@pytest.fixture
def open_file(vault_file: Path) -> Iterator[OpenVault]:
    """`open_file(file=vault_file, key=KEY) -> Vault`, closed at the end."""
    opened: list[Vault] = []

    def open_one(file: Path = vault_file, key: bytes = KEY) -> Vault:
        opened.append(Vault(vault_engine(sqlite_url(file)), key, argon2id(8, 1, 1)))
        return opened[-1]

    yield open_one
    for vault in opened:
        vault.engine.dispose()
