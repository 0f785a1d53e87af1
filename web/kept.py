"""Kept: what was typed into a page whose session was over, sealed for the account that the form had been made for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote
from uuid import UUID, uuid4

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from stores.upload_checks import UploadRefused
from web.api.evidence import bring
from web.asking import Asking, office_of
from web.problems import refused, typed_in, wants_page

FORM = "kept:"
MOST = 20  # an account's; the oldest go first
MOST_TEXT = 2 * 1024 * 1024  # characters; nothing longer is taken anywhere
LIMITS: Mapping[str, int] = {"max_files": 1000, "max_fields": 10_000, "max_part_size": 2 * 1024 * 1024}  # of a page's form: 200 rows fit


class Typed(NamedTuple):
    """A form as it was sent: where to, its fields in their order, and whether the page there can show them again."""

    to: str
    fields: list[tuple[str, str | UploadFile]]  # as a form has them; text only
    reopens: bool


async def not_signed_in(request: Request, error: HTTPException) -> Response:
    """A form that comes after its session is kept, and waits behind the sign-in."""
    if request.method != "POST" or not wants_page(request):
        return refused(request, error)
    async with request.form(**LIMITS) as form:
        id = await run_in_threadpool(keep, request, form)
    return RedirectResponse(f"/sign-in?next={quote(f'/kept/{id}')}", 303) if id else refused(request, error)


def maker(request: Request, form: FormData) -> UUID | None:
    """The account that a form was made for, as the page that showed it sealed it there."""
    return office_of(request).vault.drafts.account_of(str(form.get("whose") or ""))


def keep(request: Request, form: FormData) -> str | None:
    """Keep a form for the account that it was made for: its id; None when it is nobody's who may still act."""
    office, account = office_of(request), maker(request, form)
    actor = office.actor(account) if account else None
    if account is None or actor is None:
        return None
    fields = typed_in(form) + _files(Asking(request, office, actor, "a session that is over"), form)
    if sum(len(name) + len(value) for name, value in fields) > MOST_TEXT:
        return None
    drafts, id = office.vault.drafts, uuid4().hex
    route = request.scope.get("route")
    reopens = str(getattr(route, "name", "")).startswith("post ")
    query = f"?{request.url.query}" if request.url.query else ""
    drafts.keep(account, FORM + id, {"to": request.url.path + query, "fields": fields, "reopens": reopens}, office.now)
    for old, _ in [one for one in drafts.of(account) if one[0].startswith(FORM)][MOST:]:
        drafts.drop(account, old)
    return id


def _files(asking: Asking, form: FormData) -> list[tuple[str, str]]:
    """New files, brought as evidence: their digests stand in their places."""
    found = []
    for name, file in form.multi_items():
        if isinstance(file, UploadFile) and file.filename and not file.file.closed:
            try:
                content = file.file.read(asking.office.settings.max_upload + 1)
                found.append((f"{name}-kept", str(bring(asking, content, file.filename)["digest"])))
            except UploadRefused:
                continue  # chosen again at the form, it is refused there, with the reason
    return found


def kept_form(asking: Asking, id: str) -> Typed | None:
    """What was kept under this id for this account and nobody else."""
    found = asking.office.vault.drafts.get(UUID(asking.actor.account), FORM + id) if id else None
    return None if found is None else Typed(found["to"], [(name, value) for name, value in found["fields"]], found["reopens"])


def forget(asking: Asking, id: str) -> None:
    """It has been sent."""
    if id:
        asking.office.vault.drafts.drop(UUID(asking.actor.account), FORM + id)
