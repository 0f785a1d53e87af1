"""Imports asked for by programs: a file brought, a job that can be followed and stopped."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request, UploadFile
from fastapi.responses import JSONResponse, Response

from domain.contract.commands import KEEPERS
from domain.ledger import NotThere
from stores.vault import Job
from web.api.routing import reading
from web.asking import Asking, Signed, only
from web.importers.jobs import ask_import, progress_of, report_of
from web.office import Office

router = reading(tags=["imports"])
OVER = ("done", "failed", "cancelled", "interrupted")


def job_of(asking: Asking, named: str) -> Job:
    """A job of this account. Raises NotThere."""
    try:
        found = asking.office.vault.jobs.get(UUID(named))
    except ValueError:
        found = None
    if found is None or str(found.account) != asking.actor.account:
        raise NotThere("jobs", named)
    return found


def told(office: Office, job: Job) -> dict[str, Any]:
    """A job as it is answered; `result` is what `import --json` prints, once there is one."""
    counts = {name: value for name, value in progress_of(job).items() if name != "began"}
    return {
        "id": str(job.id), "kind": job.kind, "state": job.state, "dry_run": bool(job.request.get("dry_run")), "done": job.done, "total": job.total,
        "counts": counts, "message": job.message if job.state == "failed" else "", "created_at": job.created.isoformat(timespec="seconds"),
        "heartbeat_at": job.heartbeat.isoformat(timespec="seconds"), "cancelling": job.cancel and job.state == "running",
        "result": _result(report_of(office, job)) if job.state in OVER else None,
    }  # fmt: skip


def _result(report: dict[str, Any] | None) -> dict[str, Any] | None:
    """What `import --json` prints: the page's own additions are left out."""
    if report is None:
        return None
    files = [{**one, **{kind: [_plain(entry) for entry in one[kind]] for kind in ("rejects", "notes")}} for one in report["files"]]
    return {**{name: value for name, value in report.items() if name not in ("columns", "rejects_digest")}, "files": files}


def _plain(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name not in ("sentence", "params")}


def rejects_of(asking: Asking, job: Job) -> Response:
    """The reject file of a job as an attachment. Raises NotThere."""
    report = report_of(asking.office, job)
    if report is None or not report.get("rejects_digest") or (content := asking.office.evidence.open(report["rejects_digest"])) is None:
        raise NotThere("rejects", job.id)
    named = f"attachment; filename*=UTF-8''{quote(str(report['reject_file']))}"
    headers = {"Content-Disposition": named, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.post("/imports", status_code=202, summary="导入合同文件")
def post_import(
    request: Request, file: UploadFile, dry_run: bool = Query(False, description="只检查，不写入"), asking: Asking = only(*KEEPERS)
) -> JSONResponse:  # fmt: skip
    """Queue the import of a file: 202 and the job, whose address is in Location."""
    office = asking.office
    content = file.file.read(office.settings.max_upload + 1)
    job = ask_import(office, asking.actor.account, content, file.filename or "", dry_run=dry_run, key=request.headers.get("idempotency-key"))
    shown = told(office, job_of(asking, str(job)))
    return JSONResponse(shown, 202, {"Location": f"/api/v1/jobs/{job}"})


@router.get("/imports", summary="本账户的导入")
def list_imports(asking: Asking = only(*KEEPERS)) -> JSONResponse:
    """The latest imports of this account, newest first."""
    jobs = asking.office.vault.jobs.of(UUID(asking.actor.account))
    items = [{**told(asking.office, job), "result": None} for job in jobs]
    return JSONResponse({"items": items, "next": None, "position": asking.office.ledger.head(), "total": len(items)})


@router.get("/jobs/{id}", summary="任务")
def get_job(id: str, asking: Signed) -> JSONResponse:
    """How far a job is, and what came of it."""
    return JSONResponse(told(asking.office, job_of(asking, id)))


@router.get("/jobs/{id}/rejects", summary="退回文件")
def get_rejects(id: str, asking: Signed) -> Response:
    """What stayed out, with the reasons, to be mended and imported again."""
    return rejects_of(asking, job_of(asking, id))


@router.post("/jobs/{id}/cancellation", summary="停止任务")
def cancel_job(id: str, asking: Signed) -> JSONResponse:
    """Ask a job to stop where it is; what it has written stays."""
    job = job_of(asking, id)
    asking.office.vault.jobs.cancel(job.id, asking.office.now)
    return JSONResponse(told(asking.office, job_of(asking, id)))
