"""The doctor: one look at all that an installation rests on. It changes nothing."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa

from stores.vault import Tampered
from web.keeping import last_backup
from web.looks.tongue import tongue
from web.office import Office
from web.verifying import Findings, _packs
from web.weather import MB, Notice

OK, NOTE, BAD = "ok", "note", "bad"
LAST_VERIFIED = "last_verified"  # the vault's settings: when, of how many events, and whether it held
ROOMY = 1024 * MB
OVERDUE_BACKUP, OVERDUE_VERIFICATION = timedelta(days=2), timedelta(days=8)
WAL_FAULT = ((3, 7, 0), (3, 51, 2))  # SQLite's: two connections that write and checkpoint at once may spoil the file
DURABLE = {"synchronous_commit": ("on", "remote_apply"), "fsync": ("on",), "full_page_writes": ("on",)}


class Finding(NamedTuple):
    """What was looked at, how it is (ok, note, bad), and a sentence."""

    name: str
    state: str
    what: str


def examine(office: Office) -> list[Finding]:
    """Every finding, in the order in which an operator would want them."""
    return [one for look in LOOKS for one in look(office)]


def said(notice: Notice) -> str:
    """A notice in the shell's language."""
    return tongue("en").said(notice.sentence, **notice.values)


def _settings(office: Office) -> Iterator[Finding]:
    store = "PostgreSQL" if office.settings.database_url else f"SQLite in {office.settings.data}"
    yield Finding("settings", OK, f"{store}{', a trial' if office.is_trial else ''}")
    if not office.settings.base_url and not office.is_trial:
        yield Finding("settings", NOTE, "LVYUE_BASE_URL is not set: only requests to the very address that people type are taken for our own")


def _permissions(office: Office) -> Iterator[Finding]:
    data, key = office.settings.data, office.settings.master_key
    open_to = [one.name for one in (data / "vault.db", data / "ledger.db", data / "evidence") if one.exists() and one.stat().st_mode & 0o077]
    if open_to and data.stat().st_mode & 0o077:
        yield Finding("permissions", NOTE, f"others on this machine may read {', '.join(open_to)} in {data}: chmod 700 {data}")
    else:
        yield Finding("permissions", OK, f"{data} is its owner's")
    if key.stat().st_mode & 0o077:
        yield Finding("key file", BAD, f"others on this machine may read {key}: chmod 600 {key}")
    elif key.resolve().parent == data.resolve():
        yield Finding("key file", NOTE, f"{key} lies beside what it opens: keep it elsewhere (LVYUE_KEY_FILE)")
    else:
        yield Finding("key file", OK, f"{key} opens the vault")


def _disk(office: Office) -> Iterator[Finding]:
    free, least = shutil.disk_usage(office.settings.data).free, office.settings.least_free
    state = BAD if free < least else NOTE if free < ROOMY else OK
    until = f"below {least // MB} MB nothing is recorded"
    if office.settings.database_url:
        until = "files of evidence need them; of its own disk the database speaks for itself"
    yield Finding("disk", state, f"{free // MB} MB are free; {until}")


def _database(office: Office) -> Iterator[Finding]:
    look = _postgres if office.settings.database_url else _sqlite
    yield from look(office)


def _sqlite(office: Office) -> Iterator[Finding]:
    for name, engine in (("ledger.db", office.recorder.engine), ("vault.db", office.vault.engine)):
        with engine.connect() as conn:
            told = tuple(conn.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in ("journal_mode", "synchronous"))
        yield Finding("durability", OK if told == ("wal", 2) else BAD, f"{name}: journal_mode {told[0]}, synchronous {told[1]} (wal and 2 are wanted)")
    if WAL_FAULT[0] <= sqlite3.sqlite_version_info <= WAL_FAULT[1]:
        yield Finding("SQLite", NOTE, f"{sqlite3.sqlite_version} has a fault in its write-ahead log, mended in 3.51.3: let one process write, and keep backups")
    else:
        yield Finding("SQLite", OK, sqlite3.sqlite_version)


def _postgres(office: Office) -> Iterator[Finding]:
    with office.recorder.engine.connect() as conn:
        version = str(conn.scalar(sa.text("SHOW server_version")))
        for name, wanted in DURABLE.items():
            told = str(conn.scalar(sa.text(f"SHOW {name}")))
            yield Finding("durability", OK if told in wanted else BAD, f"{name} is {told}")
        sums = conn.scalar(sa.text("SHOW data_checksums"))
        wanted_here, there = 3 * 40, int(str(conn.scalar(sa.text("SHOW max_connections"))))
    yield Finding("PostgreSQL", OK, version)
    if sums != "on":
        yield Finding("PostgreSQL", NOTE, "data_checksums is off: a page that the disk spoils is not noticed by the server")
    if there < wanted_here:
        yield Finding("PostgreSQL", NOTE, f"max_connections is {there}; one busy process may ask for {wanted_here}")


def _clock(office: Office) -> Iterator[Finding]:
    behind = office.weather.clock()
    yield Finding("clock", BAD, said(behind)) if behind else Finding("clock", OK, office.now.isoformat(timespec="seconds"))


def _log(office: Office) -> Iterator[Finding]:
    size, root = office.recorder.tree_head()
    shut = office.weather.shut()
    if shut is not None:
        yield Finding("log", BAD, f"open for reading only ({shut.code}): {said(shut)}")
    else:
        yield Finding("log", OK, f"{size} events, root {root.hex()[:16]}")
    try:
        known = office.vault.anchor.last()
    except Tampered as why:
        yield Finding("anchor", BAD, str(why))
        return
    yield Finding("anchor", OK if known else NOTE, f"the vault remembers {known[0]} events" if known else "the vault remembers no size of the log")


def _law(office: Office) -> Iterator[Finding]:
    found = Findings()
    _packs(office, found)
    if found.first is not None:
        yield Finding("packs", BAD, found.first["what"])
    for note in found.notes:
        yield Finding("packs", NOTE, f"{note} `lvyue migrate` adopts it.")
    if found.first is None and not found.notes:
        yield Finding("packs", OK, f"{found.checks[0]['checked']} adopted, as shipped")


def _views(office: Office) -> Iterator[Finding]:
    head, standings = office.ledger.head(), office.standings()
    for one in standings:
        if one.stopped:
            again = f"after a fix it goes on at the next start; or: lvyue rebuild {one.name}"
            yield Finding("views", BAD, f"{one.name} stopped at {one.position}: {one.stopped}; {again}")
    lag = max((head - one.position for one in standings if not one.stopped), default=0)
    yield Finding("views", NOTE if lag else OK, f"{lag} events behind: is `lvyue serve` or `lvyue worker` running?" if lag else f"told up to {head}")


def _past(office: Office) -> Iterator[Finding]:
    told = office.vault.settings.get(LAST_VERIFIED)
    if told is None:
        yield Finding("verification", NOTE, "never verified here: lvyue verify")
    else:
        said = json.loads(told)
        old = office.now - datetime.fromisoformat(said["at"]) > OVERDUE_VERIFICATION
        state = BAD if not said["ok"] else NOTE if old else OK
        yield Finding("verification", state, f"{said['at']}, {said['events']} events: {'all as recorded' if said['ok'] else 'something differed'}")
    kept = last_backup(office)
    if kept is None:
        yield Finding("backup", NOTE, "never made: lvyue backup DIR")
    else:
        at, events, folder = kept
        yield Finding("backup", NOTE if office.now - at > OVERDUE_BACKUP else OK, f"{at.isoformat()}, {events} events, in {folder}")


def _jobs(office: Office) -> Iterator[Finding]:
    counts = office.vault.jobs.counts()
    wrong = {state: n for state, n in counts.items() if state in ("failed", "interrupted")}
    said = ", ".join(f"{n} {state}" for state, n in sorted(counts.items())) or "none"
    yield Finding("jobs", NOTE if wrong else OK, said)


LOOKS: tuple[Callable[[Office], Iterator[Finding]], ...] = (
    _settings, _permissions, _disk, _database, _clock, _log, _law, _views, _past, _jobs,
)  # fmt: skip
