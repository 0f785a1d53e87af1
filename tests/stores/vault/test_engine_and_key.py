"""What the vault's connections are set to, and how the master key is made, found and recognised."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, insert

from stores.vault import KeyFileMissing, Tampered, Vault, WrongKey, open_vault
from stores.vault.engine import reading, writing
from stores.vault.key import MasterKey, create_key, read_key
from stores.vault.tables import settings
from tests.stores.vault.conftest import CHEAP, KEY


def test_sqlite_keeps_what_it_acknowledged(sqlite: str) -> None:
    from stores.vault import vault_engine

    engine = vault_engine(sqlite)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1
    engine.dispose()


def test_a_failed_transaction_leaves_nothing(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as connection:
            connection.execute(insert(settings).values(name="a", value="b"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(engine) as connection:
        assert connection.execute(settings.select()).all() == []


def test_a_moment_without_zone_is_refused(vault: Vault, now: datetime) -> None:
    with pytest.raises(Exception, match="time zone"):
        vault.sessions.start(uuid4(), now.replace(tzinfo=None))


def test_the_key_file_is_made_for_an_empty_vault(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "master.key"
    open_vault(engine, file, CHEAP)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(read_key(file)) == 32
    assert [path.name for path in file.parent.iterdir()] == ["master.key"]
    open_vault(engine, file, CHEAP)


def test_a_missing_key_file_is_not_made_anew(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    open_vault(engine, file, CHEAP)
    file.unlink()
    with pytest.raises(KeyFileMissing, match="LVYUE_KEY_FILE"):
        open_vault(engine, file, CHEAP)
    assert not file.exists()


def test_another_key_is_wrong(engine: Engine, vault: Vault, tmp_path: Path) -> None:
    file = tmp_path / "other.key"
    create_key(file)
    with pytest.raises(WrongKey, match="LVYUE_KEY_FILE"):
        open_vault(engine, file, CHEAP)
    Vault(engine, KEY, CHEAP)


@pytest.mark.parametrize("content", [b"", b"not base64!", b"AAAA", "密钥".encode(), b"A" * 44])
def test_a_file_that_is_no_key(engine: Engine, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "master.key"
    file.write_bytes(content)
    with pytest.raises(WrongKey, match=r"master\.key"):
        open_vault(engine, file, CHEAP)


def test_a_vault_that_lost_its_mark_is_not_given_another(engine: Engine, vault: Vault) -> None:
    vault.persons.make([uuid4()])
    with writing(engine) as connection:
        connection.execute(delete(settings))
    with pytest.raises(WrongKey):
        Vault(engine, bytes(32), CHEAP)


def test_two_that_make_the_key_file_at_once_agree(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: create_key(file), range(8)))
    assert len(keys) == 1


@given(st.binary(), st.text())
def test_wrapping_round_trip(secret: bytes, purpose: str) -> None:
    key = MasterKey(KEY)
    wrapped = key.wrap(secret, purpose)
    assert key.unwrap(wrapped, purpose) == secret
    with pytest.raises(Tampered):
        key.unwrap(wrapped, purpose + "!")
    with pytest.raises(Tampered):
        MasterKey(bytes(32)).unwrap(wrapped, purpose)


@given(st.binary(), st.data())
def test_wrapped_bytes_cannot_be_changed(secret: bytes, data: st.DataObject) -> None:
    key = MasterKey(KEY)
    wrapped = bytearray(key.wrap(secret, "p"))
    at = data.draw(st.integers(0, len(wrapped) - 1))
    wrapped[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Tampered):
        key.unwrap(bytes(wrapped), "p")


def test_settings(vault: Vault) -> None:
    assert vault.settings.get("theme") is None
    vault.settings.set("theme", "dark")
    vault.settings.set("theme", "light")
    assert vault.settings.get("theme") == "light"
    vault.settings.set("theme", None)
    assert vault.settings.get("theme") is None


def test_receipt_codes(vault: Vault) -> None:
    code = vault.receipt_codes.issue("XF-2026-000123")
    assert vault.receipt_codes.issue("XF-2026-000123") == code == vault.receipt_codes.code("XF-2026-000123")
    assert len(code) == 8
    assert vault.receipt_codes.matches("XF-2026-000123", f" {code[:4].lower()} {code[4:]} ")
    assert not vault.receipt_codes.matches("XF-2026-000123", "22222222" if code != "22222222" else "33333333")
    assert not vault.receipt_codes.matches("XF-2026-000124", code)
    assert not vault.receipt_codes.matches("XF-2026-000123", "")
    assert vault.receipt_codes.code("XF-2026-000124") is None
    assert vault.receipt_codes.issue("XF-2026-000124") != code


def test_drafts(vault: Vault, engine: Engine, now: datetime) -> None:
    account, other = UUID(int=1), UUID(int=2)
    vault.drafts.keep(account, "contract/new", {"name": "张三的合同", "items": ["a", None, 3]}, now)
    assert vault.drafts.get(account, "contract/new") == {"name": "张三的合同", "items": ["a", None, 3]}
    assert vault.drafts.get(other, "contract/new") is None
    assert vault.drafts.of(account) == [("contract/new", now)]
    with reading(engine) as connection:
        (stored,) = connection.exec_driver_sql("SELECT fields FROM drafts").one()
    assert "张三".encode() not in bytes(stored)
    vault.drafts.drop(account, "contract/new")
    assert vault.drafts.get(account, "contract/new") is None
