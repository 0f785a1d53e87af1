"""Contracts: the list with its facets and files, one contract with everything it closes, its deadlines, its page on site."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData, UploadFile

from domain.actor import NotYourRole
from stores.upload_checks import UploadRefused
from web import resources
from web.api.evidence import bring, get_evidence
from web.api.lists import ContractStatus
from web.asking import Asking, Signed
from web.carrying import contract_id
from web.looks.looks import Looks, leave_note
from web.looks.tongue import lazy, tongue_of
from web.pages import contract_parts as parts
from web.pages.act_page import kept
from web.pages.acts import sent
from web.pages.asked import asked_fields
from web.pages.contract_list import TONES, as_file, listed, type_names
from web.pages.showing import corrections_of, time_of
from web.places import is_applicant
from web.regions import region_name
from web.words import WORDS, word

router = APIRouter(include_in_schema=False)
Json = dict[str, Any]
SENT: Any = Depends(sent)
TAKEN = lazy("收到 {n} 个文件，已作为证据保存；登记发现时会附上。")
NONE_TAKEN = lazy("没有选照片。请先拍照或选择文件。")
KEEPERS = ("supervisor",)


def _looks(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


# -- the list


@router.get("/contracts")
def show_contracts(request: Request, asking: Signed, status: ContractStatus = "") -> Response:
    """The list; htmx asks for its table alone."""
    registers = "supervisor" in asking.actor.roles and not asking.looks_back
    return _looks(request).render(request, "contracts/list.html", block="found", registers=registers, time=time_of(asking), **listed(request, asking))


@router.get("/contracts.csv")
@router.get("/contracts.xlsx")
@router.get("/contracts.json")
def send_contracts(request: Request, asking: Signed, status: ContractStatus = "") -> Response:
    """The same list as a file."""
    kind = request.url.path.rpartition(".")[2]
    content, media_type = as_file(request, asking, kind)
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="contracts.{kind}"'})


# -- one contract


@router.get("/contracts/{id}")
def show_contract(request: Request, asking: Signed, id: str) -> Response:
    office, moment, speaks = asking.office, asking.moment, tongue_of(request)
    stream = contract_id(office, asking, id)
    card = resources.contract(office, asking.actor, stream, moment)
    streams = parts.streams_of(asking, stream)
    cases = [_carded(asking, "cases", one) for one in streams["cases"]]
    repairs = [_carded(asking, "repairs", one) for one in streams["repairs"]]
    rows, told = parts.next_rows(asking, card, moment, speaks.lang), parts.told_of(asking, speaks, streams)
    ahead = parts.ahead_of(rows, moment.day)
    lanes, dots = parts.swimlane(told, ahead, speaks, card)
    return _looks(request).render(
        request, "contracts/contract.html", card=card, cases=cases, repairs=repairs, next=rows, lanes=lanes, dots=dots, ring=parts.ring(card, cases, repairs),
        line=parts.line(told, ahead, speaks, corrections_of(asking, streams)), money=parts.money(card), evidence=parts.evidence(asking, card, cases),
        acts=parts.acts(request, asking, card), files=asking.actor.parties() if is_applicant(asking.actor) else None,
        keeps=_keeps(asking, card), tone=TONES.get(card["status"], ""), type_name=type_names(asking, request).get(card["type"], card["type"]),
        region_name=region_name(card["region"], speaks.lang), words=WORDS, time=time_of(asking),
        case_pages="/my/cases" if is_applicant(asking.actor) else "/cases",
        late=[one for one in rows if one["due"] and one["due"]["overdue"]],
        why_fields=asked_fields(request, "contracts", card, f"/contracts/{stream}/why"))  # fmt: skip


def _carded(asking: Asking, kind: str, stream: resources.Stream) -> Json:
    card: Json = asking.office.unseal(resources.card(asking.office, kind, stream, asking.moment))
    return card


def _keeps(asking: Asking, card: Json) -> bool:
    """May this person record what is done for one obligation, payment or check?"""
    return not asking.looks_back and asking.actor.holds(KEEPERS, card["region"])


@router.get("/contracts/{id}/interest/{ref}")
def show_interest(request: Request, asking: Signed, id: str, ref: str) -> Response:
    """What lateness of one payment costs, day by day, to print."""
    told = resources.interest(asking.office, asking.actor, contract_id(asking.office, asking, id), ref, asking.moment)
    return _looks(request).render(request, "contracts/interest.html", told=told, time=time_of(asking))


@router.get("/evidence/{digest}")
def send_evidence(asking: Signed, digest: str) -> Response:
    """A file, to whom it may be shown; the reading is on record."""
    return get_evidence(asking, digest)


# -- on site


def _on_site(asking: Asking, id: str) -> Json:
    """The contract on whose site somebody stands. Raises NotThere, NotYourRole."""
    card = resources.contract(asking.office, asking.actor, contract_id(asking.office, asking, id), asking.moment)
    if not asking.actor.holds(KEEPERS, card["region"]):
        raise NotYourRole(KEEPERS)
    return card


def _draft_name(card: Json) -> str:
    """The draft of the finding that is still to be written, which keeps the photos."""
    return f"contracts.findings:/contracts/{card['id']}/findings"


@router.get("/m/{id}")
def show_site(request: Request, asking: Signed, id: str) -> Response:
    return _site(request, asking, _on_site(asking, id))


def _site(request: Request, asking: Asking, card: Json, status: int = 200, error: Any = None) -> Response:
    draft = asking.office.vault.drafts.get(UUID(asking.actor.account), _draft_name(card)) or {}
    planned = sorted((one for one in card["checks"] if one["status"] == "planned"), key=lambda one: str(one["planned_on"]))
    late = [one for one in card["loops"] if one["due"] and one["due"]["overdue"]]
    photo = {"name": "photo", "label": lazy("照片"), "kind": "photo", "required": True, "value": [], "error": error, "accept": "image/*"}
    return _looks(request).render(
        request,
        "contracts/site.html",
        status,
        card=card,
        planned=planned[0] if planned else None,
        photo=photo,
        taken=draft.get("evidence") or [],
        late=[word("loop", one["kind"]) for one in late],
        time=time_of(asking),
    )


@router.post("/m/{id}")
def take_photos(request: Request, asking: Signed, id: str, form: FormData = SENT) -> Response:
    """Photos become evidence at once, and wait in the draft of a finding."""
    card = _on_site(asking, id)
    try:
        brought = [
            bring(asking, one.file.read(asking.office.settings.max_upload + 1), one.filename)
            for one in form.getlist("photo")
            if isinstance(one, UploadFile) and one.filename
        ]
    except UploadRefused as refused:
        return _site(request, asking, card, 422, tongue_of(request).written(refused.sentence, **refused.values))
    brought += [{"digest": str(one)} for one in form.getlist("photo-kept")]  # taken while the session was over
    if not brought:
        return _site(request, asking, card, 422, NONE_TAKEN)
    account, drafts = UUID(asking.actor.account), asking.office.vault.drafts
    draft = drafts.get(account, _draft_name(card)) or {}
    files = {one["digest"]: one for one in [*(draft.get("evidence") or []), *(kept(asking, str(one["digest"])) for one in brought)] if one}
    drafts.keep(account, _draft_name(card), {**draft, "evidence": list(files.values())}, asking.office.now)
    return leave_note(RedirectResponse(f"/m/{card['id']}", 303), TAKEN, n=len(brought))
