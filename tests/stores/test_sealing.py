"""Sealed text opens with its person's key, for its own field, unchanged; and never again once the key is gone."""

import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from stores.sealing import Erased, KeyLost, Sealer, Tampered, is_sealed, is_sealed_document, subject_of
from stores.vault import Vault, argon2id, sqlite_url, vault_engine
from tests.stores.conftest import OpenVault

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PERSON = UUID(int=42)


@pytest.fixture(scope="module")
def shared_sealer(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealer]:
    engine = vault_engine(sqlite_url(shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("sealing"))))
    yield Sealer(Vault(engine, bytes(range(32)), argon2id(8, 1, 1)).persons)
    engine.dispose()


@pytest.fixture
def sealer(open_file: OpenVault) -> Sealer:
    """A sealer on a vault of its own."""
    return Sealer(open_file().persons)


# ---------------------------------------------------------------- text

ANY_TEXT = st.text(st.characters(codec=None))  # lone surrogates too


@given(st.uuids(), st.text(max_size=20), ANY_TEXT)
def test_round_trip(shared_sealer: Sealer, subject: UUID, field: str, text: str) -> None:
    sealed = shared_sealer.seal(subject, field, text)
    assert is_sealed(sealed)
    assert subject_of(sealed) == subject
    assert sealed.startswith(f"sealed:1:{subject.hex}:")
    assert shared_sealer.unseal(sealed, field) == text


@given(st.text(), st.data())
def test_any_changed_character_is_found(shared_sealer: Sealer, text: str, data: st.DataObject) -> None:
    sealed = shared_sealer.seal(PERSON, "contact.name", text)
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from("AZaz09+/=: \n") | st.characters())
    assume(other != sealed[at])
    with pytest.raises((Tampered, KeyLost)):  # a changed subject has no key
        shared_sealer.unseal(sealed[:at] + other + sealed[at + 1 :], "contact.name")


@given(st.text(), st.data())
def test_a_cut_text_is_found(shared_sealer: Sealer, text: str, data: st.DataObject) -> None:
    sealed = shared_sealer.seal(PERSON, "contact.name", text)
    with pytest.raises(Tampered):
        shared_sealer.unseal(sealed[: data.draw(st.integers(0, len(sealed) - 1))], "contact.name")


@pytest.mark.parametrize("text", ["", "a", "ab", "abc"])
def test_another_spelling_of_the_same_bytes_is_found(sealer: Sealer, text: str) -> None:
    sealed = sealer.seal(PERSON, "contact.name", text)
    head, coded = sealed.rsplit(":", 1)
    last = coded.rstrip("=")
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/":
        other = f"{head}:{last[:-1]}{letter}{'=' * (len(coded) - len(last))}"
        if other != sealed:
            with pytest.raises(Tampered):
                sealer.unseal(other, "contact.name")


def test_moved_to_another_field_or_subject(sealer: Sealer) -> None:
    sealed = sealer.seal(PERSON, "contact.name", "张三")
    sealer.seal(UUID(int=43), "contact.name", "李四")
    with pytest.raises(Tampered):
        sealer.unseal(sealed, "contact.phone")
    with pytest.raises(Tampered):
        sealer.unseal(sealed.replace(PERSON.hex, UUID(int=43).hex), "contact.name")


@pytest.mark.parametrize("text", ["", "张三", "sealed:1:", "sealed:1:00:AAAA", "sealed:2:" + "0" * 32 + ":" + "A" * 40])
def test_plain_text_is_not_sealed(sealer: Sealer, text: str) -> None:
    assert not is_sealed(text)
    with pytest.raises(Tampered):
        sealer.unseal(text, "contact.name")


def test_the_same_text_never_looks_the_same(sealer: Sealer) -> None:
    assert len({sealer.seal(PERSON, "contact.name", "张三") for _ in range(100)}) == 100


def test_a_key_that_was_never_here(sealer: Sealer, open_file: OpenVault, migrated_sqlite: Path, tmp_path: Path) -> None:
    sealed = sealer.seal(PERSON, "contact.name", "张三")
    other = Path(shutil.copy(migrated_sqlite, tmp_path / "other.db"))
    with pytest.raises(KeyLost):
        Sealer(open_file(other).persons).unseal(sealed, "contact.name")


def test_another_process_opens_what_was_sealed(sealer: Sealer, open_file: OpenVault) -> None:
    sealed = sealer.seal(PERSON, "contact.name", "张三")
    assert Sealer(open_file().persons).unseal(sealed, "contact.name") == "张三"


# ---------------------------------------------------------------- erasure


def test_erased_is_none_for_ever(sealer: Sealer, open_file: OpenVault) -> None:
    sealed = sealer.seal(PERSON, "contact.name", "张三")
    other = sealer.seal(UUID(int=43), "contact.name", "李四")
    assert sealer.erase(PERSON, NOW)
    assert not sealer.erase(PERSON, NOW)
    assert sealer.unseal(sealed, "contact.name") is None
    assert sealer.unseal(sealed, "any field at all") is None
    assert sealer.unseal(other, "contact.name") == "李四"
    with pytest.raises(Erased):
        sealer.seal(PERSON, "contact.name", "张三")
    vault = open_file()
    assert vault.persons.destroyed_at(PERSON) == NOW
    assert Sealer(vault.persons).unseal(sealed, "contact.name") is None


def test_a_subject_erased_before_it_had_a_key(sealer: Sealer) -> None:
    assert sealer.erase(PERSON, NOW)
    with pytest.raises(Erased):
        sealer.seal(PERSON, "contact.name", "张三")


def test_an_erasure_by_another_process_is_noticed(open_file: OpenVault) -> None:
    clock = [0.0]
    here, there = Sealer(open_file().persons, lambda: clock[0]), Sealer(open_file().persons)
    sealed = here.seal(PERSON, "contact.name", "张三")
    there.erase(PERSON, NOW)
    clock[0] += 0.21
    assert here.unseal(sealed, "contact.name") is None
    with pytest.raises(Erased):
        here.seal(PERSON, "contact.name", "张三")


def test_a_key_read_before_an_erasure_is_not_remembered_after_it(sealer: Sealer, open_file: OpenVault, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = sealer.seal(PERSON, "contact.name", "张三")
    slow, persons = Sealer(open_file().persons), open_file().persons
    read, erased = threading.Event(), threading.Event()

    def find(subject: UUID) -> bytes | None:
        key = persons.find(subject)
        read.set()
        assert erased.wait(10)
        return key

    monkeypatch.setattr(slow._persons, "find", find)
    reader = threading.Thread(target=slow.unseal, args=(sealed, "contact.name"))
    reader.start()
    assert read.wait(10)
    slow.erase(PERSON, NOW)
    erased.set()
    reader.join()
    assert slow.unseal(sealed, "contact.name") is None


def test_a_destroyed_key_is_gone_from_the_files(sealer: Sealer, open_file: OpenVault, vault_file: Path) -> None:
    sealer.seal(PERSON, "contact.name", "张三")
    with open_file().engine.connect() as connection:
        (wrapped,) = connection.exec_driver_sql("SELECT wrapped FROM person_keys").one()
    files = [vault_file, vault_file.with_name("vault.db-wal")]
    assert any(wrapped in path.read_bytes() for path in files)
    sealer.erase(PERSON, NOW)
    assert not any(wrapped in path.read_bytes() for path in files if path.exists())


# ---------------------------------------------------------------- many


def test_prepare_makes_many_keys_at_once(sealer: Sealer, open_file: OpenVault) -> None:
    persons = [uuid4() for _ in range(1200)]
    sealer.erase(persons[0], NOW)
    sealer.prepare([*persons, *persons])
    sealed = [sealer.seal(person, "name", str(person)) for person in persons[1:]]
    with pytest.raises(Erased):
        sealer.seal(persons[0], "name", "x")
    fresh = Sealer(open_file().persons)
    fresh.prepare(persons)
    assert [fresh.unseal(text, "name") for text in sealed] == [str(person) for person in persons[1:]]


def test_threads_that_meet_a_new_person_share_one_key(sealer: Sealer) -> None:
    sealed: list[str] = []
    threads = [threading.Thread(target=lambda n=n: sealed.append(sealer.seal(PERSON, "name", str(n)))) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {sealer.unseal(text, "name") for text in sealed} == {str(n) for n in range(8)}


def test_unsealing_asks_the_vault_once_a_person(sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = sealer.seal(PERSON, "name", "张三")
    monkeypatch.setattr(sealer._persons, "find", lambda subject: pytest.fail("asked again"))
    for _ in range(1000):
        assert sealer.unseal(sealed, "name") == "张三"


# ---------------------------------------------------------------- documents


@given(st.binary(max_size=2000))
def test_documents_round_trip(shared_sealer: Sealer, content: bytes) -> None:
    sealed = shared_sealer.seal_document(content)
    assert is_sealed_document(sealed)
    assert shared_sealer.seal_document(content) == sealed  # the same document, imported again, is the same
    assert shared_sealer.unseal_document(sealed) == content


@given(st.binary(min_size=1, max_size=200), st.data())
def test_any_changed_byte_of_a_document_is_found(shared_sealer: Sealer, content: bytes, data: st.DataObject) -> None:
    sealed = bytearray(shared_sealer.seal_document(content))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Tampered, KeyLost)):
        shared_sealer.unseal_document(bytes(sealed))


def test_an_erased_document(sealer: Sealer) -> None:
    content = "姓名：张三".encode()
    sealed = sealer.seal_document(content)
    other = sealer.seal_document(b"other")
    sealer.erase(sealer.document(content), NOW)
    assert sealer.unseal_document(sealed) is None
    assert sealer.unseal_document(other) == b"other"
    with pytest.raises(Erased):
        sealer.seal_document(content)


def test_a_documents_subject_tells_nothing_without_the_master_key(open_file: OpenVault, migrated_sqlite: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(migrated_sqlite, tmp_path / "other.db"))
    here, there = Sealer(open_file().persons), Sealer(open_file(other, bytes(32)).persons)
    assert here.document(b"x") == here.document(b"x")
    assert here.document(b"x") != here.document(b"y")
    assert here.document(b"x") != there.document(b"x")
