"""Pages of acts: one form for every doing, made from its body; what it will do stands beside it before it is done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from domain.events import Told
from domain.ledger import MovedOn, OtherBody
from domain.policy.missing import NoPackInForce
from domain.rules import RuleBroken
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import forms, resources, typed
from web.acts import cases as case_acts
from web.acts import commitments as commitment_acts
from web.acts import contracts as contract_acts
from web.acts import corrections as correction_acts
from web.acts import parties as party_acts
from web.acts import procedure as procedure_acts
from web.acts import repairs as repair_acts
from web.acts.doing import Body, Doing
from web.api.evidence import bring
from web.api.refusals import NO_PACK
from web.asking import Asking, Signed
from web.carrying import Carried, carry_out
from web.forms import Tree, Wrong
from web.kept import LIMITS, forget, keep, kept_form, maker
from web.looks.looks import leave_note
from web.looks.tongue import lazy
from web.pages import wording
from web.pages.act_page import Page, kept, opened, shown, subject_of
from web.places import page_of, page_path
from web.prefilled import prefilled
from web.telling import told_entries

router = APIRouter(include_in_schema=False)
DONE = lazy("已办理：{title}。")
REMARKED = lazy("已办理：{title}。{remarks}")
AGAIN = lazy("这一件已经办过了，没有重复登记。")
KEPT = lazy("草稿已存，可以以后再来填。文件也留着。")
DROPPED = lazy("草稿已删去。")
SENT_BEFORE = lazy("这张表已经提交过一次，内容与现在不同。如果确实要再办一件，请再提交一次。")


def show_act(request: Request, asking: Asking, doing: Doing) -> Response:
    """The page as it is opened: prefilled, or as the draft left it."""
    page = opened(request, asking, doing)
    page.tree = prefilled(doing, page.choices, request.query_params)
    stands = wording.typed_now(asking, page.speaks, page.corrected, str(page.tree.get("field") or ""))
    page.tree |= {**stands, "files": [kept(asking, one) for one in stands["files"]]} if stands else {}
    if (waiting := kept_form(asking, page.waiting)) is not None:
        _read(page, FormData(waiting.fields))
        page.waited = True
        return shown(page)
    draft = asking.office.vault.drafts.get(page.account, page.draft_name)
    if draft is not None:
        page.tree, page.drafted = {**page.tree, **draft}, True
    return shown(page)


# -- receiving


async def sent(request: Request) -> AsyncIterator[FormData]:
    """The whole form, files included; they are closed when the answer has left."""
    async with request.form(**LIMITS) as form:
        request.state.form = form
        yield form


def receive_act(request: Request, asking: Asking, doing: Doing, form: FormData) -> Response:
    """A sent form: a draft, a change of its rows, or the act itself."""
    page = opened(request, asking, doing, {name: str(form.get(name) or request.query_params.get(name, "")) for name in doing.query})
    if maker(request, form) not in (None, page.account):  # opened under another account in this very browser
        return RedirectResponse(f"/kept/{keep(request, form)}", 303)
    _read(page, form)
    if form.get("again"):
        return shown(page)
    if form.get("discard"):
        asking.office.vault.drafts.drop(page.account, page.draft_name)
        return leave_note(RedirectResponse(page.address, 303), DROPPED)
    if form.get("add") or form.get("drop"):
        page.tree = forms.with_row(page.tree, doing.asked, str(form.get("add") or ""))
        page.tree = forms.without_row(page.tree, str(form.get("drop") or ""))
        return shown(page)
    if form.get("draft") and not page.wrong:
        asking.office.vault.drafts.keep(page.account, page.draft_name, page.tree, asking.office.now)
        return leave_note(RedirectResponse(page.address, 303), KEPT)
    return _done_or_refused(page)


def _read(page: Page, form: FormData) -> None:
    asking = page.asking

    def keep(file: UploadFile) -> Tree:
        content = file.file.read(asking.office.settings.max_upload + 1)
        return dict(bring(asking, content, file.filename or ""))

    reading = forms.Reading(form, keep, lambda digest: kept(asking, digest))
    page.tree, page.wrong = reading.tree(page.doing.asked), reading.wrong
    seen, page.key = str(form.get("seen") or ""), str(form.get("idempotency") or page.key)[:200]
    if page.doing.path:
        page.seen = int(seen) if seen.isdecimal() and len(seen) < 16 else -1


def _done_or_refused(page: Page) -> Response:
    page.tree = forms.without_empty_rows(page.tree, page.doing.asked)
    body, wrong = typed.body_of(page.doing.asked, page.tree, page.currency)
    page.wrong += wrong
    if body is None or page.wrong:
        return shown(page, 422)
    try:
        return _after(page, _carried(page, body))
    except RuleBroken as refused:
        page.broken = refused.broken
    except NoPackInForce as missing:
        page.wrong.append(Wrong(None, NO_PACK, {"on": missing.on, "family": missing.family}))
    except OtherBody:
        page.key = str(uuid4())
        page.wrong.append(Wrong(None, SENT_BEFORE))
    except MovedOn:
        return shown(_moved_on(page), 409)
    return shown(page, 422)


def _carried(page: Page, body: Body) -> Carried:
    return carry_out(page.asking, page.doing, page.target, body, seen=page.seen if page.doing.path else None, key=page.key)


def _moved_on(page: Page) -> Page:
    """The same page over the thing as it stands now, with what happened since it was looked at."""
    asking, old = page.asking, page.seen or 0
    told = [one for one in _known(page) if one.version > old]
    changes = list(reversed(told_entries(asking.office, page.speaks, entries(told))))
    if told and page.doing.on == "contracts":  # what has happened may be a finding: reading of it is on record
        asking.office.record_read(asking.actor, "timeline", str(page.target.id))
    subject, about = subject_of(asking, page.doing, page.target)
    return replace(page, subject=subject, about=about, seen=subject["version"], changes=changes)


def _known(page: Page) -> list[Told]:
    """What this person may know of the thing acted on."""
    office, actor, on = page.asking.office, page.asking.actor, page.doing.on
    told = office.ledger.of([page.target.id]).get(page.target.id, [])
    if on not in resources.BIRTHS:
        return told
    mine = resources.find(office, actor, on, page.target.id, Moment(office.today)).whose
    return [one for one in told if resources.may_know(office, actor, mine, one.event)]


def _after(page: Page, done: Carried) -> Response:
    """On to what came of it, with a word of what was done."""
    page.asking.office.vault.drafts.drop(page.account, page.draft_name)
    forget(page.asking, page.waiting)
    actor, doing = page.asking.actor, page.doing
    if "case" in done.beside:
        to = page_of("cases", done.beside["case"], actor)
    elif doing.on == "parties":
        to = _party_page(page, done.id) + ("/authority-record" if doing.path.startswith("/disclosures") else "")
    else:
        to = page_of(doing.on, done.id, actor)
    answer = RedirectResponse(to, 303)
    if done.again:
        return leave_note(answer, AGAIN, "soon")
    remarks = "".join(page.speaks.said(one.sentence, **one.values) for one in done.remarks)
    return leave_note(answer, DONE if not remarks else REMARKED, title=page.speaks.said(doing.title), **({"remarks": remarks} if remarks else {}))


def _party_page(page: Page, stream: UUID) -> str:
    first: Any = page.asking.office.ledger.of([stream])[stream][0].event
    return page_of("parties", f"{first.scheme}:{first.id}", page.asking.actor)


# -- routes

ALL = (
    *party_acts.DOINGS,
    *contract_acts.DOINGS,
    *case_acts.doings(lambda *_: []),
    *repair_acts.DOINGS,
    *commitment_acts.DOINGS,
    *correction_acts.DOINGS,
    *procedure_acts.DOINGS,
)


def _add(row: Doing) -> None:
    name = row.name  # the table's rows are bound to an office when the application is made

    def doing_of(request: Request) -> Doing:
        found: Doing = request.app.state.doings[name]
        return found

    def show(request: Request, asking: Signed) -> Response:
        return show_act(request, asking, doing_of(request))

    def receive(request: Request, asking: Signed, form: FormData = SENT) -> Response:
        return receive_act(request, asking, doing_of(request), form)

    router.add_api_route(page_path(row), show, methods=["GET"], name=f"page {name}")
    router.add_api_route(page_path(row), receive, methods=["POST"], name=f"post {name}")


SENT: Any = Depends(sent)
for _row in ALL:
    if _row.page is not None:
        _add(_row)
