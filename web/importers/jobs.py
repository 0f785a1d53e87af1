"""An import as a job: asked for on a page or by a program, run by the worker, its report sealed until its account reads it."""

from __future__ import annotations

import json
import logging
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.ledger import OtherBody
from stores.upload_checks import XLS, XLSX, UploadRefused, check_upload
from stores.vault import Job, JobOver
from web.importers.columns_seen import columns_seen
from web.importers.outcome import Outcome
from web.importers.record import Note
from web.importers.writing import Options, Source, import_files
from web.office import Office

log = logging.getLogger(__name__)
KIND = "import"
ACCEPTED = (XLSX, XLS, "text/csv", "application/json", "application/x-ndjson")
MOST_REJECTS = 300
"""Told in a report; all of them stand in the reject file."""
BEATS = 0.5  # seconds between two signs of life
PAUSE = 0.003  # seconds after each batch, for whoever else writes
_NAME, _REPORT = "job.name", "job.report"


def check_source(office: Office, content: bytes, name: str) -> str:
    """The media type of a file that may be imported. Raises UploadRefused."""
    if len(content) > office.settings.max_upload:
        raise UploadRefused("upload_too_large", "文件超过 {most} MB。请拆分后再上传，或请管理员用命令行导入", most=office.settings.max_upload // 1024 // 1024)
    media_type = check_upload(content, name)
    if media_type not in ACCEPTED:
        raise UploadRefused("import_type", "导入只接受 xlsx、csv、json、jsonl 文件")
    return media_type


def ask_import(office: Office, account: str, content: bytes, name: str, *, dry_run: bool, key: str | None = None) -> UUID:
    """Keep the file sealed and queue its import; the same key gives the same job. Raises UploadRefused, OtherBody."""
    media_type = check_source(office, content, name)
    digest = office.evidence.put_sealed(content, name, media_type)
    sealed = office.sealer.seal(office.evidence.subject(digest), _NAME, name)
    return ask_again(office, account, {"digest": digest, "name": sealed, "dry_run": dry_run, "rows": None}, key)


def ask_again(office: Office, account: str, request: Mapping[str, Any], key: str | None = None) -> UUID:
    """Queue an import of a file that is kept already. Raises OtherBody when the key was used for another."""
    asked = {**request, "key": key}
    for job in office.vault.jobs.of(UUID(account)) if key else ():
        if job.kind == KIND and job.request.get("key") == key:
            if any(job.request[name] != asked[name] for name in ("digest", "dry_run")):
                raise OtherBody(key)
            return job.id
    return office.vault.jobs.ask(KIND, UUID(account), asked, office.now)


def name_of(office: Office, job: Job) -> str:
    """What the file was called."""
    return office.sealer.unseal(job.request["name"], _NAME) or "【已删除】"


def report_of(office: Office, job: Job) -> dict[str, Any] | None:
    """What came of a job that is over: `import --json` with `columns` and `rejects_digest`; None where there is none."""
    if not isinstance(job.result, dict) or "sealed" not in job.result:
        return None
    text = office.sealer.unseal(job.result["sealed"], _REPORT)
    return None if text is None else json.loads(text)


def progress_of(job: Job) -> dict[str, Any]:
    """How far it is: counts so far, and since when it runs."""
    try:
        told = json.loads(job.message) if job.message else {}
    except ValueError:
        told = {}
    return told if isinstance(told, dict) else {}


def run_import(office: Office, job: Job) -> None:
    """Run a job that was taken; its end is on record in the vault."""
    jobs = office.vault.jobs
    try:
        with tempfile.TemporaryDirectory(prefix="lvyue-import-") as folder:
            outcome, report = _run(office, job, Path(folder))
    except JobOver:
        return  # taken for dead by another worker, which will have said so
    except Exception as mistake:
        log.exception("import %s came to nothing", job.id)
        jobs.fail(job.id, f"{type(mistake).__name__}", office.now)
        return
    sealed = office.sealer.seal(office.evidence.subject(job.request["digest"]), _REPORT, json.dumps(report, ensure_ascii=False))
    (jobs.stopped if outcome.stopped else jobs.finish)(job.id, {"sealed": sealed}, office.now)


def _run(office: Office, job: Job, folder: Path) -> tuple[Outcome, dict[str, Any]]:
    name = name_of(office, job)
    content = office.evidence.open(job.request["digest"])
    if content is None:
        raise LookupError("the file has been erased")
    path = folder / f"import{Path(name).suffix.lower()}"
    path.write_bytes(content)
    actor = office.actor(job.account)
    if actor is None:
        raise PermissionError("the account is disabled")
    options = Options(dry_run=bool(job.request["dry_run"]), rejects=folder / "rejects", pause=PAUSE)
    outcome = import_files(office, [Source(path, name)], actor, options, _Beating(office, job))
    return outcome, _report(office, outcome, path, name)


def _report(office: Office, outcome: Outcome, path: Path, name: str) -> dict[str, Any]:
    """As `import --json`, cut to what a page can show; the reject file is kept, sealed, under its digest."""
    reject_file = outcome.reject_file
    called = f"{Path(name).stem}.rejects{reject_file.suffix}" if reject_file else None
    digest = office.evidence.put_sealed(reject_file.read_bytes(), str(called)) if reject_file else None
    told = outcome.told() | {"reject_file": called}
    for one, source in zip(told["files"], outcome.files, strict=True):
        faults = [fault for reject in source.rejects for fault in reject.faults]
        one["faults"] = len(faults)
        one["rejects"] = [_sayable(entry, fault) for entry, fault in zip(one["rejects"][:MOST_REJECTS], faults, strict=False)]
        one["notes"] = [_sayable(entry, note) for entry, note in zip(one["notes"], source.notes, strict=True)]
        one["reject_file"] = called
    return told | {"rejects_digest": digest, "columns": columns_seen(path)}


def _sayable(entry: dict[str, Any], note: Note) -> dict[str, Any]:
    """With the source sentence and its values, so that a page can say it in its reader's language."""
    return entry | {"sentence": note.sentence, "params": {name: str(value) for name, value in note.params.items()}}


class _Beating:
    """Signs of life, and the ear for a wish to stop."""

    def __init__(self, office: Office, job: Job) -> None:
        self._office, self._job, self._began = office, job, office.now
        self._last: datetime | None = None

    def __call__(self, outcome: Outcome) -> bool:
        now = self._office.now
        if self._last is not None and (now - self._last).total_seconds() < BEATS:
            return False
        self._last = now
        counts = {name: outcome.total(name) for name in ("imported", "unchanged", "rejected", "without_contract")}
        message = json.dumps({**counts, "began": self._began.isoformat()})
        return self._office.vault.jobs.beat(self._job.id, now, outcome.done, self._job.request.get("rows"), message)
