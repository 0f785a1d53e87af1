"""`verify` on a whole installation: well as it is; each planted change is named, and where."""

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.web.demo import made
from web.verifying import NAMES, verify_office


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    shutil.copytree(small, folder)
    return folder


def verified(folder: Path) -> dict[str, Any]:
    with made.opened(folder) as office:
        return verify_office(office)


def changed(folder: Path, file: str, statement: str, *values: Any) -> None:
    with sqlite3.connect(folder / file) as db:
        assert db.execute(statement, values).rowcount == 1
    db.close()


def test_a_demonstration_verifies_whole(copy: Path) -> None:
    found = verified(copy)
    assert found["ok"], found["first_difference"]
    assert found["first_difference"] is None
    assert found["trial"] is True
    assert [one["name"] for one in found["checks"]] == list(NAMES)
    assert all(one["checked"] > 0 for one in found["checks"])
    assert found["checkpoint"]["size"] == found["events"]
    assert found["checkpoint"]["root"] == found["root"]
    assert found["notes"] == []
    assert not list(copy.glob("views_again*"))


def test_a_changed_event_is_named(copy: Path) -> None:
    with sqlite3.connect(copy / "ledger.db") as db:
        asked = "SELECT min(position) FROM events WHERE topic LIKE 'contract.signed/%' AND CAST(state AS TEXT) LIKE '%湛江%'"
        [(signed,)] = db.execute(asked).fetchall()
    db.close()
    changed(copy, "ledger.db", "UPDATE events SET state = replace(state, '湛江', '佛山') WHERE position = ?", signed)
    found = verified(copy)
    assert not found["ok"]
    first = found["first_difference"]
    assert (first["position"], first["check"]) == (signed, "bytes")
    assert first["topic"].startswith("contract.signed")
    assert first["stream"]


def test_a_cut_at_the_end_is_seen_by_what_the_vault_remembers(copy: Path) -> None:
    whole = verified(copy)["events"]
    changed(copy, "ledger.db", "DELETE FROM events WHERE position = ?", whole)
    found = verified(copy)
    assert not found["ok"]
    assert found["first_difference"]["position"] == whole


CHANGES: dict[str, Callable[[Path], None]] = {
    "a value": lambda folder: changed(folder, "views.db", "UPDATE contracts SET name = name || '。' WHERE rowid = (SELECT min(rowid) FROM contracts)"),
    "a row less": lambda folder: changed(folder, "views.db", "DELETE FROM loops WHERE rowid = (SELECT max(rowid) FROM loops)"),
    "a bound": lambda folder: changed(folder, "views.db", "UPDATE cases SET until = until - 1 WHERE rowid = (SELECT min(rowid) FROM cases)"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_view_that_is_not_what_the_log_tells_is_named(copy: Path, change: str) -> None:
    CHANGES[change](copy)
    found = verified(copy)
    assert not found["ok"]
    first = found["first_difference"]
    assert first["check"] == "views"
    assert first["position"] > 0
    assert first["topic"], first
    assert [one["name"] for one in found["checks"] if not one["ok"]] == ["views"]


def evidence(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "evidence").glob("??/??/*") if path.suffix == "" and path.stat().st_size > 0)


def cited_picture(folder: Path) -> Path:
    return next(path for path in evidence(folder) if path.read_bytes().startswith(b"\x89PNG"))


def test_evidence_that_is_lost_or_damaged_is_named_with_the_event_that_cites_it(copy: Path) -> None:
    picture = cited_picture(copy)
    content = picture.read_bytes()
    picture.write_bytes(content[:-1] + b"\0")
    damaged = verified(copy)["first_difference"]
    assert damaged["check"] == "evidence"
    assert picture.name in damaged["what"]
    assert "damaged" in damaged["what"]
    assert damaged["topic"].startswith("evidence.lodged")
    picture.unlink()
    lost = verified(copy)
    assert "lost" in lost["first_difference"]["what"]
    assert lost["first_difference"]["position"] == damaged["position"]


def test_a_pack_that_is_not_what_was_adopted_is_named(copy: Path) -> None:
    pack = next(path for path in evidence(copy) if b'key = "calendar-cn"' in path.read_bytes()[:4000])
    with made.opened(copy) as office:
        assert office.book  # read while it is whole: what is adopted is evaluated, and kept
        pack.write_bytes(pack.read_bytes() + b"# another\n")
        found = verify_office(office)
    assert not found["ok"]
    assert {one["name"] for one in found["checks"] if not one["ok"]} == {"evidence", "packs"}


def test_bytes_that_nobody_can_read_are_named(copy: Path) -> None:
    from web.verifying import undecodable

    assert undecodable("contract.signed/1", b"{}") is not None
    assert undecodable("contract.signed/99", b"{}") is not None
    changed(copy, "ledger.db", "UPDATE events SET state = ? WHERE position = 50", b"not json")
    found = verified(copy)
    assert found["first_difference"]["position"] == 50
    assert "bytes" in {one["name"] for one in found["checks"] if not one["ok"]}
