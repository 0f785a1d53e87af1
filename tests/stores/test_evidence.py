"""Evidence: what was put is there, whole, once; what is lost or damaged is named."""

import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.evidence import About, Damaged, Evidence, Fault, Lost, NotADigest
from stores.sealing import Erased, Sealer
from tests.stores.conftest import OpenVault

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff photo"


@pytest.fixture
def sealer(open_file: OpenVault) -> Sealer:
    """A sealer on a vault of its own."""
    return Sealer(open_file().persons)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the evidence lies."""
    return tmp_path / "evidence"


@pytest.fixture
def evidence(folder: Path, sealer: Sealer) -> Evidence:
    """An empty store."""
    return Evidence(folder, sealer)


def _file(folder: Path, digest: str) -> Path:
    name = digest.removeprefix("sha256:")
    return folder / name[:2] / name[2:4] / name


def test_put_and_read(evidence: Evidence, folder: Path) -> None:
    digest = evidence.put(PHOTO, "张三工地.jpg", "image/jpeg")
    assert digest == "sha256:" + hashlib.sha256(PHOTO).hexdigest()
    assert evidence.has(digest)
    assert evidence.read(digest) == evidence.open(digest) == PHOTO
    assert evidence.name_of(digest) == "张三工地.jpg"
    about = evidence.about(digest)
    assert about is not None
    assert (about.size, about.media_type) == (len(PHOTO), "image/jpeg")
    assert _file(folder, digest).read_bytes() == PHOTO
    assert stat.S_IMODE(_file(folder, digest).stat().st_mode) == 0o600
    assert list((folder / "incoming").iterdir()) == []


def test_a_name_stands_nowhere_in_the_clear(evidence: Evidence, folder: Path) -> None:
    evidence.put(PHOTO, "zhangsan.jpg", "image/jpeg")
    evidence.put_sealed(b"zhangsan owes", "zhangsan.xlsx")
    for path in folder.rglob("*"):
        assert b"zhangsan" not in (path.read_bytes() if path.is_file() else b"")
        assert "zhangsan" not in path.name


def test_without_keys_a_name_is_kept_as_it_is(folder: Path) -> None:
    evidence = Evidence(folder)
    digest = evidence.put(b"pack", "repair-2026.toml", "text/plain")
    assert evidence.about(digest) == About("repair-2026.toml", 4, "text/plain")
    assert evidence.name_of(digest) == "repair-2026.toml"
    with pytest.raises(RuntimeError, match="without keys"):
        evidence.put_sealed(b"x")


def test_putting_again_changes_nothing(evidence: Evidence, folder: Path) -> None:
    first = evidence.put(PHOTO, "a.jpg", "image/jpeg")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert evidence.put(BytesIO(PHOTO), "b.jpg", "image/jpeg") == first
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_putting_again_mends_a_damaged_file(evidence: Evidence, folder: Path) -> None:
    digest = evidence.put(PHOTO)
    _file(folder, digest).write_bytes(b"rot")
    evidence.put(PHOTO)
    assert evidence.read(digest) == PHOTO


def test_a_stream_larger_than_one_step(evidence: Evidence) -> None:
    content = bytes(range(256)) * 10_000
    digest = evidence.put(BytesIO(content))
    assert evidence.read(digest) == content
    assert evidence.about(digest) == About("", len(content), "application/octet-stream")


def test_a_stream_that_breaks_leaves_nothing(evidence: Evidence, folder: Path) -> None:
    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("connection lost")

    with pytest.raises(OSError, match="connection lost"):
        evidence.put(Broken())
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_many_at_once(evidence: Evidence) -> None:
    with ThreadPoolExecutor(8) as pool:
        digests = set(pool.map(lambda _: evidence.put(PHOTO, "a.jpg"), range(24)))
    assert len(digests) == 1
    assert list(evidence.check()) == []


@given(st.binary(max_size=300), st.text(max_size=50))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    evidence = Evidence(tmp_path_factory.getbasetemp() / "round-trip")
    digest = evidence.put(content)
    assert evidence.read(digest) == content
    assert digest in evidence.digests()


@pytest.mark.parametrize(
    "digest",
    ["", "sha256:", "sha256:../../etc/passwd", "sha256:" + "A" * 64, "md5:" + "a" * 64, f"sha256:{'a' * 63}/"],
)
def test_what_is_no_digest_reaches_no_file(evidence: Evidence, digest: str) -> None:
    for ask in (evidence.read, evidence.has, evidence.open, evidence.about):
        with pytest.raises(NotADigest):
            ask(digest)


def test_lost_and_damaged(evidence: Evidence, folder: Path) -> None:
    whole, lost, damaged, cut = (evidence.put(bytes([n]) * 100) for n in range(4))
    never = "sha256:" + "0" * 64
    _file(folder, lost).unlink()
    content = bytearray(_file(folder, damaged).read_bytes())
    content[50] ^= 1
    _file(folder, damaged).write_bytes(content)
    _file(folder, cut).write_bytes(b"\3" * 99)
    found = set(evidence.check(expected=[whole, never]))
    assert found == {Fault(lost, "lost"), Fault(never, "lost"), Fault(damaged, "damaged"), Fault(cut, "damaged")}
    with pytest.raises(Lost):
        evidence.read(lost)
    with pytest.raises(Damaged):
        evidence.read(damaged)
    assert not evidence.has(lost)


def test_drafts_of_a_crash_are_swept(evidence: Evidence, folder: Path) -> None:
    digest = evidence.put(PHOTO)
    (folder / "incoming" / "half").write_bytes(b"ha")
    assert list(evidence.digests()) == [digest]
    assert evidence.sweep(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert evidence.sweep(datetime.now(UTC) + timedelta(hours=1)) == 1
    assert evidence.read(digest) == PHOTO


# ---------------------------------------------------------------- sealed


def test_a_sealed_document(evidence: Evidence, folder: Path) -> None:
    content = '{"contactPoint": {"name": "张三"}}'.encode()
    digest = evidence.put_sealed(content, "张三.json", "application/json")
    stored = evidence.read(digest)
    assert digest == "sha256:" + hashlib.sha256(stored).hexdigest()
    assert "张三".encode() not in stored
    assert evidence.open(digest) == content
    assert evidence.name_of(digest) == "张三.json"
    assert evidence.put_sealed(content, "again.json") == digest
    about = evidence.about(digest)
    assert about is not None
    assert about.size == len(content)


def test_an_erased_document_stays_whole_and_unreadable(evidence: Evidence, sealer: Sealer, folder: Path) -> None:
    content = b"names people"
    digest = evidence.put_sealed(content, "people.csv")
    sealer.erase(evidence.subject(digest), NOW)
    assert list(evidence.check()) == []
    assert evidence.open(digest) is None
    assert evidence.name_of(digest) is None
    assert evidence.read(digest)  # the ciphertext, for the proof
    with pytest.raises(Erased):
        evidence.put_sealed(content)


def test_the_name_of_a_photo_can_be_erased_alone(evidence: Evidence, sealer: Sealer) -> None:
    digest = evidence.put(PHOTO, "张三.jpg")
    sealer.erase(evidence.subject(digest), NOW)
    assert evidence.name_of(digest) is None
    assert evidence.open(digest) == PHOTO
    assert evidence.put(PHOTO, "张三.jpg") == digest


def test_what_is_said_is_json(evidence: Evidence, folder: Path) -> None:
    digest = evidence.put(PHOTO, "a.jpg", "image/jpeg")
    said = json.loads(_file(folder, digest).with_suffix(".json").read_text("utf-8"))
    assert said.keys() == {"name", "size", "media_type"}
