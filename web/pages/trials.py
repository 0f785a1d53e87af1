"""Pages of trying a draft pack on history: bring one or choose a proposed one, follow the job, see what would have differed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from domain.ledger import NotThere
from domain.policy.faults import PackRejected
from stores.upload_checks import XLSX
from stores.vault import Job
from web import policies, trying
from web.api.imports import OVER, job_of
from web.asking import Asking, only
from web.looks.looks import is_fragment
from web.looks.tongue import lazy, tongue_of
from web.pages.imports import STATES
from web.pages.showing import show
from web.places import page_of

router = APIRouter(include_in_schema=False)
TRIER = only(*trying.ROLES)
SHOWN = 200  # differences on the page; all of them stand in the workbook
CHOOSE = lazy("请先选择一个文件，或选一个已提出的规则包。")
COUNTED = (
    ("sanction", lazy("惩戒")), ("period", lazy("公示期限")), ("repair_date", lazy("修复日期")), ("deadline", lazy("办理期限")),
    ("no_answer", lazy("没有规则可依")),
)  # fmt: skip


def _page(request: Request, asking: Asking, status: int = 200, error: str | None = None, faults: Any = ()) -> Response:
    office = asking.office
    jobs = [{"id": str(job.id), "name": f"{job.request['key']}@{job.request['version']}", "state": STATES[job.state], "created": job.created}
            for job in trying.trials_of(office, asking.actor.account)]  # fmt: skip
    return show(request, "trials/new.html", status, jobs=jobs, proposed=policies.proposals(office), error=error, faults=faults)


@router.get("/policy-trials")
def show_form(request: Request, asking: Asking = TRIER) -> Response:
    return _page(request, asking)


@router.post("/policy-trials")
def bring(request: Request, file: Annotated[UploadFile | None, File()] = None, digest: Annotated[str, Form(max_length=200)] = "",
          asking: Asking = TRIER) -> Response:  # fmt: skip
    """A draft comes in, or a proposed one is chosen: its trial is queued. Nothing is written to the log."""
    office = asking.office
    if file is not None and file.filename:
        name, content = file.filename, file.file.read(office.settings.max_upload + 1)
    elif any(one["digest"] == digest for one in policies.proposals(office)):
        name, content = "pack.toml", office.evidence.read(digest)
    else:
        return _page(request, asking, 422, tongue_of(request).said(CHOOSE))
    try:
        job = trying.ask_trial(office, asking.actor.account, name, content)
    except PackRejected as rejected:
        return _page(request, asking, 422, faults=rejected.faults)
    return RedirectResponse(f"/policy-trials/{job}", 303)


def _trial(asking: Asking, named: str) -> Job:
    """A trial of this account. Raises NotThere."""
    job = job_of(asking, named)
    if job.kind != trying.KIND:
        raise NotThere("trial", named)
    return job


@router.get("/policy-trials/{id}")
def show_trial(request: Request, id: str, asking: Asking = TRIER) -> Response:
    """Where a trial is, and what came of it; a running page asks every second and loads anew when it is over."""
    job = _trial(asking, id)
    if job.state in OVER and is_fragment(request):
        return Response(status_code=200, headers={"HX-Refresh": "true"})
    found = _result(asking, job)
    return show(
        request,
        "trials/trial.html",
        job=job,
        name=f"{job.request['key']}@{job.request['version']}",
        state=STATES[job.state],
        over=job.state in OVER,
        found=found,
        counted=COUNTED,
        rows=[_row(row, asking) for row in found["differences"][:SHOWN]] if found else [],
        more=max(0, len(found["differences"]) - SHOWN) if found else 0,
    )


def _result(asking: Asking, job: Job) -> Mapping[str, Any] | None:
    """What of it this reader may see; a look at it is on record."""
    found = trying.result_of(asking.office, job) if job.state == "done" else None
    if found is None:
        return None
    asking.office.record_read(asking.actor, "policy-trial", str(job.id))
    return trying.seen_by(asking.actor, found)


def _row(row: Mapping[str, Any], asking: Asking) -> dict[str, Any]:
    readable = asking.actor.sees(row["region"])
    on = {"contract": "contracts", "case": "cases", "repair": "repairs", "commitment": "commitments"}[row["subject"]]
    return {**row, "of": trying.SUBJECTS[row["subject"]], "href": page_of(on, row["id"], asking.actor) if readable else None,
            "said": trying.what_of(dict(row)), "was": trying.value_of(dict(row), "before"), "would": trying.value_of(dict(row), "after")}  # fmt: skip


@router.get("/policy-trials/{id}/trial.xlsx")
def take_away(request: Request, id: str, asking: Asking = TRIER) -> Response:
    """The workbook."""
    job = _trial(asking, id)
    found = _result(asking, job)
    if found is None:
        raise NotThere("trial", id)
    stream = io.BytesIO()
    trying.write_workbook(dict(found), stream, tongue_of(request))
    return Response(stream.getvalue(), media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="trial-{job.request["key"]}.xlsx"'})


@router.post("/policy-trials/{id}/cancellation")
def cancel(id: str, asking: Asking = TRIER) -> Response:
    job = _trial(asking, id)
    asking.office.vault.jobs.cancel(job.id, asking.office.now)
    return RedirectResponse(f"/policy-trials/{id}", 303)
