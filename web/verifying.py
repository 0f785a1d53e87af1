"""Verifying an installation whole: the log by its own reader, the views against a replay, evidence and packs by digest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.events import decode
from domain.policy.events import PackAdopted
from domain.policy.pack import read_pack, shipped
from stores.evidence import Damaged, Lost
from stores.ledger.verify import Report, verify, verify_reads
from stores.vault import Tampered
from web.comparing import Differing, compare_views
from web.office import Office

Progress = Callable[[int, int, str], None]
DIGEST = re.compile(rb"sha256:[0-9a-f]{64}")
TRIAL = "access.trial_started"
NAMES = ("order", "bytes", "tree", "checkpoint", "views", "evidence", "packs")
PAGE = 2_000


@dataclass
class Findings:
    """What has been found so far; the first difference that is told stays the first."""

    checks: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    first: dict[str, Any] | None = None

    def check(self, name: str, ok: bool, checked: int) -> None:
        self.checks.append({"name": name, "ok": ok, "checked": checked})

    def differs(self, check: str, position: int | None, what: str, row: Any = None) -> None:
        if self.first is None:
            whose = {"stream": str(row.stream), "version": row.version, "topic": row.topic} if row is not None else {
                "stream": None, "version": None, "topic": None}  # fmt: skip
            self.first = {"check": check, "position": position, **whose, "what": what}


def undecodable(topic: str, state: bytes) -> str | None:
    """What is wrong with stored bytes as an event of that topic, or None."""
    try:
        decode(topic, state)
    except Exception as error:  # whatever a decoder says of bytes that somebody has changed
        return f"it cannot be read as {topic}: {type(error).__name__}: {error}"
    return None


def verify_office(office: Office, told: Progress = lambda *_: None) -> dict[str, Any]:
    """Everything that `verify --json` says."""
    found, steps = Findings(), len(NAMES) - 3
    told(0, steps, "the log")
    anchor = _anchor(office, found)
    report = verify(_place(office), [anchor] if anchor else [], undecodable)
    _tell_log(found, report, anchor)
    _verify_reads(office, found)
    for n, (name, step) in enumerate((("views", _views), ("evidence", _evidence), ("packs", _packs)), 1):
        told(n, steps, name)
        try:
            step(office, found)
        except Exception as error:  # a log that was changed can break whatever is told from it
            if report.ok and not isinstance(error, Damaged | Lost):
                raise
            found.check(name, False, 0)
            found.differs(name, None, f"{type(error).__name__}: {error}")
    told(steps, steps, "")
    checkpoint = None if anchor is None else {"size": anchor[0], "root": anchor[1].hex(), "signed_at": None}
    return {"ok": found.first is None and all(one["ok"] for one in found.checks), "trial": is_marked(office), "events": report.events,
            "root": report.root.hex(), "checkpoint": checkpoint, "checks": found.checks, "first_difference": found.first, "notes": found.notes}  # fmt: skip


def is_marked(office: Office) -> bool:
    """Does the log begin with the mark of a trial? By its topic alone: the rest may have been changed."""
    first = office.recorder.rows(1, 1)
    return bool(first) and first[0].topic.startswith(TRIAL)


# ---- the log


def _place(office: Office) -> str | Path:
    return office.settings.database_url or office.settings.data / "ledger.db"


def _anchor(office: Office, found: Findings) -> tuple[int, bytes] | None:
    office.settle()
    try:
        return office.vault.anchor.last()
    except Tampered as error:
        found.differs("checkpoint", None, str(error))
        return None


def _tell_log(found: Findings, report: Report, anchor: tuple[int, bytes] | None) -> None:
    names = {"anchor": "checkpoint"}
    for check in report.checks:
        name = names.get(check.name, check.name)
        broken = name == "checkpoint" and found.first is not None
        found.check(name, check.ok and not broken, check.checked)
    if (first := report.first) is not None:
        found.first = {"check": names.get(first.check, first.check), "position": first.position, "stream": first.stream, "version": first.version,
                       "topic": first.topic, "what": first.what}  # fmt: skip
    if anchor is None and found.first is None and report.events:
        found.notes.append("The vault remembers no size of this log: a cut at its end could not be seen.")


def _verify_reads(office: Office, found: Findings) -> None:
    """The chain of who looked at what; told only where it is broken."""
    broken = verify_reads(_place(office))
    if broken is not None:
        found.check("reads", False, broken.position - 1)
        found.differs("reads", broken.position, broken.what)


# ---- what is told from it


def _views(office: Office, found: Findings) -> None:
    checked, differing = compare_views(office)
    found.check("views", not differing, checked)
    if differing:
        first = min(differing, key=lambda one: one.position)
        found.differs("views", first.position, first.what, _row(office, first))


def _row(office: Office, differing: Differing) -> Any:
    rows = office.recorder.rows(differing.position, 1)
    return rows[0] if rows and rows[0].position == differing.position else None


def _rows(office: Office) -> Iterator[Any]:
    position = 0
    while rows := office.recorder.after(position, PAGE):
        yield from rows
        position = rows[-1].position


def _evidence(office: Office, found: Findings) -> None:
    """Every file that an event cites is here and whole; another that is damaged is told in a note."""
    cited: dict[str, Any] = {}
    for row in _rows(office):
        for digest in DIGEST.findall(row.state):
            cited.setdefault(digest.decode(), row)
    faults = list(office.evidence.check(cited))
    wrong = sorted((one for one in faults if one.digest in cited), key=lambda one: cited[one.digest].position)
    found.check("evidence", not wrong, len(cited))
    for one in wrong:
        row = cited[one.digest]
        found.differs("evidence", row.position, f"the file {one.digest} is {one.what}", row)
    found.notes += [f"The file {one.digest}, which no event cites, is {one.what}." for one in faults if one.digest not in cited]


def _packs(office: Office, found: Findings) -> None:
    """Every adopted pack is kept and can be read; a shipped one that differs waits to be adopted."""
    adopted, checked, ok = dict[tuple[str, int], str](), 0, True
    for row in _rows(office):
        if not row.topic.startswith(PackAdopted.topic.partition("/")[0]):
            continue
        event = decode(row.topic, row.state)
        assert isinstance(event, PackAdopted)  # noqa: S101  its topic says so
        adopted[(event.key, event.version)] = event.digest
        checked += 1
        if (wrong := _pack_fault(office, event)) is not None:
            ok = False
            found.differs("packs", row.position, wrong, row)
    found.check("packs", ok, checked)
    for name, data in shipped():
        pack = read_pack(data, name)
        if adopted.get((pack.key, pack.version), "").removeprefix("sha256:") != pack.digest:
            found.notes.append(f"The shipped pack {pack.key}/{pack.version} is not the one that was adopted.")


def _pack_fault(office: Office, event: PackAdopted) -> str | None:
    try:
        pack = read_pack(office.evidence.read(event.digest), f"{event.key}.toml")
    except (Lost, Damaged) as error:
        return f"the bytes of {event.key}/{event.version} are not here: {error}"
    if (pack.key, pack.version) != (event.key, event.version):
        return f"the bytes of {event.key}/{event.version} are those of {pack.key}/{pack.version}"
    return None
