"""Pages of importing: bring a file, see what would happen, confirm, follow the job, take away what was rejected."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from domain.contract.commands import KEEPERS
from projections.exports.template import write_template
from stores.upload_checks import XLSX, UploadRefused
from stores.vault import Job
from web.api.imports import OVER, job_of, rejects_of
from web.asking import Asking, Signed, only
from web.importers.jobs import ask_again, ask_import, name_of, progress_of, report_of
from web.looks.looks import Looks, is_fragment, leave_note
from web.looks.tongue import Tongue, lazy, tongue_of

router = APIRouter(include_in_schema=False)
KEEPER = only(*KEEPERS)
FAULTS, NOTES, JOBS = 15, 15, 20
HINT = lazy("xlsx、csv、json 或 jsonl，不超过 {most} MB。先逐行检查，确认以后才写入。")
CHOOSE = lazy("请先选择一个文件。")
STATES: Mapping[str, tuple[str, str]] = {
    "queued": (lazy("等待"), "idle"), "running": (lazy("进行中"), "now"), "done": (lazy("完成"), "done"), "failed": (lazy("失败"), "late"),
    "cancelled": (lazy("已取消"), "hold"), "interrupted": (lazy("中断"), "late"),
}  # fmt: skip
QUEUED_AGAIN = lazy("已重新排队；已经导入的不会重复。")


def _looks(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


def _page(request: Request, asking: Asking, status: int = 200, error: str | None = None) -> Response:
    office = asking.office
    jobs = [{"id": str(job.id), "name": name_of(office, job), "job": job, "dry_run": bool(job.request.get("dry_run")), "state": STATES[job.state],
             "counts": progress_of(job)} for job in office.vault.jobs.of(UUID(asking.actor.account), JOBS) if job.kind == "import"]  # fmt: skip
    hint = tongue_of(request).said(HINT, most=office.settings.max_upload // 1024 // 1024)
    field = {"label": lazy("合同文件"), "accept": ".xlsx,.xls,.csv,.json,.jsonl", "error": error, "hint": hint}
    return _looks(request).render(request, "imports/new.html", status, jobs=jobs, field=field, key=str(uuid4()))


@router.get("/imports")
def show(request: Request, asking: Asking = KEEPER) -> Response:
    return _page(request, asking)


@router.get("/imports/template.xlsx")
def template(asking: Asking = KEEPER) -> Response:
    """The spreadsheet to fill in."""
    stream = io.BytesIO()
    write_template(stream)
    return Response(stream.getvalue(), media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="lvyue-template.xlsx"'})


@router.post("/imports")
def bring(request: Request, file: Annotated[UploadFile | None, File()] = None, idempotency: Annotated[str, Form(max_length=200)] = "",
          asking: Asking = KEEPER) -> Response:  # fmt: skip
    """A file comes in: it is looked through first, nothing is recorded."""
    office, speaks = asking.office, tongue_of(request)
    content = file.file.read(office.settings.max_upload + 1) if file is not None else b""
    if file is None or not file.filename:
        return _page(request, asking, 422, speaks.said(CHOOSE))
    try:
        job = ask_import(office, asking.actor.account, content, file.filename, dry_run=True, key=idempotency or None)
    except UploadRefused as refused:
        return _page(request, asking, 422, speaks.said(refused.sentence, **refused.values))
    return RedirectResponse(f"/jobs/{job}", 303)


@router.get("/jobs/{id}")
def show_job(request: Request, id: str, asking: Signed) -> Response:
    """Where a job is; asked for by a running page every second, which is told to load anew when it is over."""
    job = job_of(asking, id)
    if job.state in OVER and is_fragment(request):
        return Response(status_code=200, headers={"HX-Refresh": "true"})
    return _looks(request).render(request, "imports/job.html", block="job", **_shown(asking, job, tongue_of(request)))


def _said(entries: list[dict[str, Any]], speaks: Tongue) -> list[dict[str, Any]]:
    """Faults and notes in the reader's language."""
    return [{**one, "text": speaks.said(one["sentence"], **one["params"])} for one in entries]


def _shown(asking: Asking, job: Job, speaks: Tongue) -> dict[str, Any]:
    office = asking.office
    report = report_of(office, job) if job.state in OVER else None
    one: dict[str, Any] = report["files"][0] if report and report["files"] else {}
    counts = {name: (report or progress_of(job)).get(name, 0) for name in ("imported", "unchanged", "rejected", "without_contract")}
    rows, columns = one.get("rows", job.done), (report or {}).get("columns", [])
    return {
        "job": job, "name": name_of(office, job), "dry_run": bool(job.request.get("dry_run")), "state": STATES[job.state], "over": job.state in OVER,
        "report": report, "rows": rows, "counts": counts, "pace": _pace(job), "bar": _bar(counts, rows, job.total), "most": FAULTS,
        "faults": _said(one.get("rejects", [])[:FAULTS], speaks), "more": max(0, one.get("faults", 0) - FAULTS),
        "notes": _said(one.get("notes", [])[:NOTES], speaks),
        "noted": one.get("noted", 0), "columns": sorted(columns, key=lambda column: column["taken_for"] is not None),
        "several": len({column["sheet"] for column in columns}) > 1, "key": str(uuid4()),
    }  # fmt: skip


def _pace(job: Job) -> dict[str, int] | None:
    """Rows a second, and the seconds that are left at that pace."""
    began = progress_of(job).get("began")
    if job.state != "running" or began is None or not job.done:
        return None
    seconds = max((job.heartbeat - datetime.fromisoformat(began)).total_seconds(), 0.5)
    rate = max(1, round(job.done / seconds))
    return {"rate": rate, "left": max(0, -(-(job.total - job.done) // rate)) if job.total else 0}


def _bar(counts: Mapping[str, int], rows: int, total: int | None) -> list[dict[str, Any]]:
    """The pieces of the bar: how many rows came to what, in thousandths of its width."""
    whole = max(total or 0, rows, 1)
    pieces, at = [], 0
    for tone, n in (("done", counts["imported"]), ("", counts["unchanged"]), ("open", counts["without_contract"]), ("late", counts["rejected"])):
        width = round(n * 1000 / whole)
        if width:
            pieces.append({"x": at, "width": max(2, width - 2), "tone": tone})
        at += width
    return pieces


@router.post("/jobs/{id}/confirmation")
def confirm(request: Request, id: str, idempotency: Annotated[str, Form(max_length=200)] = "", asking: Asking = KEEPER) -> Response:
    """What was looked through is imported now; pressed twice, it is one import."""
    job = job_of(asking, id)
    asked = {**job.request, "dry_run": False, "rows": job.done}
    report = report_of(asking.office, job)
    if report and report["files"]:
        asked["rows"] = report["files"][0]["rows"]
    return RedirectResponse(f"/jobs/{ask_again(asking.office, asking.actor.account, asked, f'confirm {job.id}')}", 303)


@router.post("/jobs/{id}/cancellation")
def cancel(id: str, asking: Signed) -> Response:
    job = job_of(asking, id)
    asking.office.vault.jobs.cancel(job.id, asking.office.now)
    return RedirectResponse(f"/jobs/{id}", 303)


@router.post("/jobs/{id}/again")
def again(id: str, asking: Signed) -> Response:
    """Queue once more what failed, was cancelled or interrupted."""
    job = job_of(asking, id)
    asking.office.vault.jobs.again(job.id, asking.office.now)
    return leave_note(RedirectResponse(f"/jobs/{id}", 303), QUEUED_AGAIN)


@router.get("/jobs/{id}/rejects")
def take_rejects(id: str, asking: Signed) -> Response:
    return rejects_of(asking, job_of(asking, id))
