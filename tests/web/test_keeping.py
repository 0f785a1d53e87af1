"""Kept, brought back, carried elsewhere: the same log with the same root, and nothing of a person that was erased."""

import json
import shutil
from pathlib import Path
from uuid import uuid5

import pytest
import sqlalchemy as sa

from domain.access.account import account_id
from domain.access.commands import erase_subject
from stores.carrying_over import NotEmpty
from stores.ledger import tables
from stores.ledger.verify import verify, verify_reads
from tests.web.office import World, contract_body, reopened
from web import moving
from web.comparing import compare_views
from web.keeping import NotABackup, back_up, go_on, restore
from web.office import Office, Unfinished, open_office
from web.settings import Settings
from web.verifying import verify_office
from web.weather import Notice

COUNTY = "county-supervisor"
PERSON = uuid5(account_id("decider"), "person")
LEDGER = [table for table in tables.metadata.sorted_tables if table is not tables.tree_head]


def lived_in(world: World) -> str:
    """Something to keep: contracts, a file, looks on record."""
    me = world.ask(COUNTY)
    contract = me.post("/contracts", contract_body(), key="k-1").json()
    digest = me.bring()
    world.office.record_read(world.office.actor(account_id("auditor")) or pytest.fail("no auditor"), "case", "x")
    assert contract["number"]
    return digest


def rows(office: Office) -> dict[str, list[tuple[object, ...]]]:
    with office.recorder.engine.connect() as conn:
        return {table.name: [tuple(row) for row in conn.execute(sa.select(table).order_by(*table.primary_key))] for table in LEDGER}


def forget(world: World) -> None:
    world.office.do(lambda act: erase_subject(act, PERSON), via="cli")
    world.office.sealer.erase(PERSON, world.office.now)


def test_what_is_kept_comes_back_on_the_other_database_and_moves_home_again(world: World, tmp_path: Path, postgres: str) -> None:
    digest = lived_in(world)
    office, kept_in = world.office, tmp_path / "kept"
    kept = back_up(office, kept_in)
    with pytest.raises(NotEmpty):
        back_up(office, kept_in)
    forget(world)  # after the backup: the vault that was kept still has the key
    world.ask(COUNTY).post("/contracts", contract_body())
    later = tmp_path / "later"
    back_up(office, later)
    before, root = rows(office), office.recorder.tree_head()
    key = office.settings.master_key

    # The log of the later backup, with the vault of the earlier one: the key comes back, and is destroyed again.
    there = Settings(data=tmp_path / "there", database_url=postgres, key_file=key, assets="none")
    told, found = restore(there, later, kept_in / "vault")
    assert (told.events, found["ok"]) == (root[0], True), found
    with pytest.raises(NotEmpty):
        restore(there, kept_in)
    again = World(open_office(there), world.clock)
    try:
        assert rows(again.office) == before
        assert again.office.recorder.tree_head() == root
        assert again.office.vault.persons.find_all([PERSON]) == {PERSON: None}
        assert again.office.evidence.open(digest) == office.evidence.open(digest)
        assert again.ask(COUNTY).get("/contracts")["total"] == 2

        # Home again, to a folder.
        home = f"sqlite:///{tmp_path / 'home'}"
        moved = moving.move(again.office, home)
        assert (moved.events, moved.root, moved.reads) == (root[0], root[1].hex(), kept.reads)
        refused = again.ask(COUNTY).post("/contracts", contract_body(), status=503)
        assert "已经迁到" in refused.json()["detail"]
        assert again.ask(COUNTY).look("/contracts").status_code == 200
        with pytest.raises(NotEmpty):
            moving.move(again.office, home)
        assert moving.stay(again.office)
    finally:
        again.close()
    arrived = World(open_office(Settings(data=tmp_path / "home", key_file=key, assets="none")), world.clock)
    try:
        assert rows(arrived.office) == before
        assert verify_office(arrived.office)["ok"]
        assert compare_views(arrived.office)[1] == []
        assert verify_reads(tmp_path / "home" / "ledger.db") is None
        arrived.ask(COUNTY).post("/contracts", contract_body())
        assert arrived.ask(COUNTY).get("/contracts")["total"] == 3
    finally:
        arrived.close()


def test_a_move_that_was_interrupted_opens_for_nobody_and_is_begun_anew(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived_in(world)
    target = Settings(data=tmp_path / "target", key_file=world.office.settings.master_key, assets="none")
    copied = moving.copy_ledger

    class Killed(BaseException):
        pass

    for when in ("before the log", "after the log"):

        def stopping(*asked: object, when: str = when, **more: object) -> None:
            if when == "after the log":
                copied(*asked, **more)  # type: ignore[arg-type]
            raise Killed

        monkeypatch.setattr(moving, "copy_ledger", stopping)
        with pytest.raises(Killed):
            moving.move(world.office, f"sqlite:///{target.data}")
        with pytest.raises(Unfinished):
            open_office(target)
        world.ask(COUNTY).post("/contracts", contract_body())  # this one goes on
    monkeypatch.setattr(moving, "copy_ledger", copied)
    moved = moving.move(world.office, f"sqlite:///{target.data}")
    assert moved.root == world.office.recorder.tree_head()[1].hex()
    assert verify(target.data / "ledger.db", [(moved.events, bytes.fromhex(moved.root))]).ok
    with pytest.raises(moving.Unfit):
        moving.settings_at(target, "mysql://x/y")


def test_a_restore_that_would_fork_the_log_is_only_read_until_somebody_decides(in_files: World, tmp_path: Path) -> None:
    """The vault survived, and remembers more than the backup of the log holds."""
    world = in_files
    lived_in(world)
    kept = back_up(world.office, tmp_path / "kept")
    world.ask(COUNTY).post("/contracts", contract_body())
    known, data = world.office.ledger.head(), world.office.settings.data
    world.close()
    for file in data.glob("ledger.db*"):
        file.unlink()
    _, found = restore(Settings(data=data, assets="none"), tmp_path / "kept")
    assert (found["ok"], found["first_difference"]["check"]) == (False, "checkpoint")
    again = reopened(data)
    try:
        shut = again.office.weather.shut()
        assert isinstance(shut, Notice)
        assert shut.values == {"size": kept.events, "known": known}
        refused = again.ask(COUNTY).post("/contracts", contract_body(), status=503)
        assert refused.json()["type"] == "/problems/log-is-shorter"
        assert again.ask(COUNTY).get("/contracts")["total"] == 1
        assert go_on(again.office, "服务器磁盘损坏，丢失一条") == (kept.events, known)
        again.ask(COUNTY).post("/contracts", contract_body())
        assert verify_office(again.office)["ok"]
        event = again.office.ledger.after(kept.events, 1)[0].event
        assert (event.topic, event.reason) == ("access.log_continued/1", "服务器磁盘损坏，丢失一条")
    finally:
        again.close()
    still = reopened(data)
    assert still.office.weather.shut() is None
    still.close()


def test_a_backup_that_is_not_whole_is_refused(world: World, tmp_path: Path) -> None:
    lived_in(world)
    back_up(world.office, tmp_path / "kept", tmp_path / "apart")
    ledger, empty = tmp_path / "kept" / "ledger", Settings(data=tmp_path / "empty", key_file=world.office.settings.master_key)
    with pytest.raises(NotABackup, match="no backup of the vault"):
        restore(empty, tmp_path / "kept")
    manifest = json.loads((ledger / "manifest.json").read_text())
    (ledger / "manifest.json").write_text(json.dumps(manifest | {"root": "00" * 32}))
    with pytest.raises(NotABackup):
        restore(empty, tmp_path / "kept", tmp_path / "apart")
    (ledger / "manifest.json").unlink()
    with pytest.raises(NotABackup, match="manifest"):
        restore(empty, tmp_path / "kept", tmp_path / "apart")
    (ledger / "manifest.json").write_text(json.dumps(manifest))
    shutil.copy(world.office.settings.master_key, tmp_path / "other.key")
    (tmp_path / "other.key").write_text("A" * 43 + "=")
    from stores.vault import WrongKey

    with pytest.raises(WrongKey):
        restore(empty.model_copy(update={"key_file": tmp_path / "other.key"}), tmp_path / "kept", tmp_path / "apart")
    _, found = restore(empty, tmp_path / "kept", tmp_path / "apart")
    assert found["ok"]
