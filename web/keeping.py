"""Keeping: a backup that is made while people write, and a restore that proves itself before it is believed."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

import migrations
from domain.access.commands import continue_log
from domain.access.events import SubjectErased
from stores.carrying_over import BEGUN, NotEmpty, Size, copy_ledger, copy_vault, is_begun, is_empty_ledger, is_empty_vault, snapshot
from stores.ledger.engine import open_ledger
from stores.ledger.tables import create_ledger
from stores.ledger.verify import verify
from stores.vault import Vault, open_vault, sqlite_url, vault_engine
from stores.vault.key import flush_folder, read_key
from stores.vault.tables import anchor as anchor_table
from web.office import Office, engines, open_office
from web.settings import Settings
from web.verifying import undecodable, verify_office
from web.weather import fork

Progress = Callable[[int, int, str], None]
FORMAT = 1
LAST_BACKUP = "last_backup"  # the vault's settings: when, of how many events, and where to
MANIFEST = "manifest.json"


class NotABackup(Exception):
    """The folder holds no whole backup; the argument says what is wrong with it."""


class NotForked(Exception):
    """The log is the one that the vault remembers: there is nothing to decide."""


class Kept(NamedTuple):
    """What a backup holds."""

    events: int
    root: str
    reads: int
    evidence: int
    made_at: str

    @property
    def size(self) -> tuple[int, bytes]:
        return self.events, bytes.fromhex(self.root)


# ---- backup


def back_up(office: Office, folder: Path, vault_folder: Path | None = None, told: Progress = lambda *_: None) -> Kept:
    """Ledger and evidence into `folder`/ledger, the vault into a folder of its own. Raises NotEmpty, NotABackup."""
    ledger, vault = folder / "ledger", vault_folder or folder / "vault"
    for place in (ledger, vault):
        if place.exists() and any(place.iterdir()):
            raise NotEmpty(place)
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    office.settle()
    size = _ledger_into(office, ledger / "ledger.db", told)
    files = sum(_files_into(office.settings.data / "evidence", ledger / "evidence"))  # after the log: what it cites is there
    kept = Kept(size.events, size.root.hex(), size.reads, files, office.now.isoformat(timespec="seconds"))
    _vault_into(office, vault / "vault.db", kept)
    report = verify(ledger / "ledger.db", [kept.size])
    if not report.ok:
        raise NotABackup(f"the copy is not the log: {report.first}")
    for place in (vault, ledger):  # last: without it this is no backup
        _write(place / MANIFEST, json.dumps({"format": FORMAT, **kept._asdict()}, indent=2).encode() + b"\n")
    office.vault.settings.set(LAST_BACKUP, json.dumps({"at": kept.made_at, "events": kept.events, "folder": str(folder)}))
    return kept


def _ledger_into(office: Office, file: Path, told: Progress) -> Size:
    target = open_ledger(file)
    try:
        create_ledger(target)
        with snapshot(office.recorder.engine) as source:
            size = copy_ledger(source, target, told)
    finally:
        target.dispose()
    _in_one_file(file)
    return size


def _vault_into(office: Office, file: Path, kept: Kept) -> None:
    """The vault as it is after the log was copied; but it remembers the copied log, which is shorter by what came since."""
    target = vault_engine(sqlite_url(file))
    try:
        migrations.upgrade(target)
        with snapshot(office.vault.engine) as source:
            copy_vault(source, target, without=(anchor_table,))
        Vault(target, read_key(office.settings.master_key)).anchor.remember(*kept.size)
    finally:
        target.dispose()
    _in_one_file(file)


def _in_one_file(file: Path) -> None:
    """A database that is read from then on, also where nothing can be written beside it."""
    conn = sqlite3.connect(file)
    try:
        conn.execute("PRAGMA journal_mode=DELETE")
    finally:
        conn.close()
    file.chmod(0o600)
    flush_folder(file.parent)


def _files_into(source: Path, target: Path) -> Iterator[int]:
    """Copy what is not there yet; evidence is named by its digest and never changes."""
    for file in sorted(source.glob("??/??/*")):
        copy = target / file.relative_to(source)
        if not copy.exists():
            copy.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(copy, file.read_bytes())
        yield 0 if copy.suffix == ".json" else 1


def _write(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
    flush_folder(file.parent)


# ---- restore


def look_at(folder: Path) -> Kept:
    """What a backup says of itself, proved against its log. Raises NotABackup."""
    try:
        said = json.loads((folder / "ledger" / MANIFEST).read_text("utf-8"))
        if said.pop("format") != FORMAT:
            raise NotABackup("it was made by another version of this software")
        kept = Kept(**said)
    except (OSError, ValueError, KeyError, TypeError) as why:
        raise NotABackup(f"there is no {MANIFEST} of a finished backup in {folder / 'ledger'}") from why
    report = verify(folder / "ledger" / "ledger.db", [kept.size], undecodable)
    if report.first is not None:
        raise NotABackup(f"its log differs at position {report.first.position}: {report.first.what}")
    if (report.events, report.root.hex()) != (kept.events, kept.root):
        raise NotABackup(f"its log has {report.events} events and another root than was noted when it was made")
    return kept


def restore(settings: Settings, folder: Path, vault_folder: Path | None = None, told: Progress = lambda *_: None) -> tuple[Kept, dict[str, Any]]:
    """Fill an empty installation from a backup; what was in it, and what `verify` says of it now.

    The vault is the backup's, unless the installation's own is still there. Raises NotEmpty, NotABackup, WrongKey.
    """
    kept = look_at(folder)
    ledger, vault, views = engines(settings)
    try:
        create_ledger(ledger)
        migrations.upgrade(vault)
        begun = is_begun(vault)
        with ledger.connect() as conn:
            if not begun and not is_empty_ledger(conn):
                raise NotEmpty("ledger")
        _vault_back(settings, vault, vault_folder or folder / "vault")
        sum(_files_into(folder / "ledger" / "evidence", settings.data / "evidence"))
        with _read_only(folder / "ledger" / "ledger.db") as source, snapshot(source) as conn:
            copy_ledger(conn, ledger, told, anew=begun)
        open_vault(vault, settings.master_key).settings.set(BEGUN, None)
    finally:
        for engine in (ledger, vault, views):
            engine.dispose()
    office = open_office(settings.model_copy(update={"clock": None}))
    try:
        destroy_erased(office)
        office.caught_up()
        return kept, verify_office(office)
    finally:
        office.close()


def _vault_back(settings: Settings, vault: sa.Engine, folder: Path) -> None:
    with vault.connect() as conn:
        own = not is_empty_vault(conn)
    if own and not is_begun(vault):
        return  # it was not lost, and knows more than any backup of it
    if not (folder / MANIFEST).is_file():
        raise NotABackup(f"there is no backup of the vault in {folder}")
    with _read_only(folder / "vault.db") as source:
        Vault(source, read_key(settings.master_key))  # is it the right key?
        with snapshot(source) as conn:
            copy_vault(conn, vault, begin=True)


@contextmanager
def _read_only(file: Path) -> Iterator[sa.Engine]:
    engine = sa.create_engine(f"sqlite:///file:{file.resolve()}?mode=ro&uri=true")
    try:
        yield engine
    finally:
        engine.dispose()


def destroy_erased(office: Office) -> int:
    """Destroy every key that the log says is erased, and that has come back; how many."""
    position, destroyed = 0, 0
    while rows := office.recorder.after(position, 2_000, [SubjectErased.topic]):
        position = rows[-1].position
        for one in office.ledger.of([row.stream for row in rows]).values():
            for told in one:
                if isinstance(told.event, SubjectErased):
                    destroyed += office.sealer.erase(UUID(told.event.subject), office.now)
    return destroyed


def go_on(office: Office, reason: str) -> tuple[int, int]:
    """Decide to continue a log that lost its end: on record, and remembered by the vault; (size, as it was known).

    Raises NotForked where there is nothing to decide.
    """
    known, size = office.vault.anchor.last(), office.ledger.head()
    if known is None or fork(office) is None:
        raise NotForked
    with office.weather.set_aside():
        office.do(lambda act: continue_log(act, known[0], known[1].hex(), reason), via="cli")
    office.vault.anchor.replace(*office.recorder.tree_head())
    office.weather.look_at_the_log()
    return size, known[0]


def last_backup(office: Office) -> tuple[datetime, int, str] | None:
    """When the last backup was made here, of how many events, and where to."""
    told = office.vault.settings.get(LAST_BACKUP)
    if told is None:
        return None
    said = json.loads(told)
    return datetime.fromisoformat(said["at"]), said["events"], said["folder"]
