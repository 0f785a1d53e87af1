"""Deadline receipts as pages: how one due date of a contract, a case or an application was counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.ledger import NotThere
from web import authority, receipts, resources
from web.api.authority import ref_of
from web.asking import Asking, Signed
from web.carrying import contract_id
from web.looks.tongue import lazy, tongue_of
from web.naming import note_on
from web.pages.showing import is_id, show, time_of, uuid_of
from web.why import sentences
from web.words import word

router = APIRouter(include_in_schema=False)
Json = dict[str, Any]
Crumbs = list[tuple[Any, str | None]]
LISTS = {"contracts": lazy("合同"), "cases": lazy("案件"), "repairs": lazy("修复"), "commitments": lazy("信用承诺")}


@router.get("/contracts/{id}/deadlines/{loop}")
def show_of_contract(request: Request, asking: Signed, id: str, loop: str) -> Response:
    """Of a contract, its cases and their applications."""
    return _page(request, asking, "contracts", contract_id(asking.office, asking, id), loop)


@router.get("/cases/{id}/deadlines/{loop}")
def show_of_case(request: Request, asking: Signed, id: str, loop: str) -> Response:
    """Of a case and its applications; the look is on record."""
    return _page(request, asking, "cases", uuid_of(id, "cases"), loop)


@router.get("/repairs/{id}/deadlines/{loop}")
def show_of_repair(request: Request, asking: Signed, id: str, loop: str) -> Response:
    """Of an application for repair; the look is on record."""
    return _page(request, asking, "repairs", uuid_of(id, "repairs"), loop)


@router.get("/commitments/{id}/deadlines/{loop}")
def show_of_commitment(request: Request, asking: Signed, id: str, loop: str) -> Response:
    """Of a credit commitment; the look is on record."""
    return _page(request, asking, "commitments", uuid_of(id, "commitments"), loop)


@router.get("/parties/{id}/deadlines/{loop}")
def show_of_authority(request: Request, asking: Signed, id: str, loop: str) -> Response:
    """Of an authority itself; the look is on record."""
    office, ref = asking.office, ref_of(id)
    seen = receipts.found_of_authority(asking, ref, uuid_of(loop, "loop"))
    shown, _ = authority.organisation(office, asking.actor, ref, asking.moment)
    office.record_read(asking.actor, "authority-record", str(ref))
    here = f"/parties/{ref}/authority-record"
    crumbs: Crumbs = [(lazy("主体"), "/parties"), (shown["name"], here), (lazy("期限凭据"), None)]
    told = receipts.shown(asking, "organisation", seen, str(ref))
    return _receipt(request, asking, told, seen, str(shown["name"]), crumbs, f"/api/v1/parties/{ref}/deadlines/{loop}")


def _page(request: Request, asking: Asking, kind: str, stream: UUID, loop: str) -> Response:
    office, moment = asking.office, asking.moment
    subject, seen = receipts.found(asking, kind, stream, uuid_of(loop, "loop"))
    told = receipts.shown(asking, subject, seen)
    card = resources.card(office, kind, resources.find(office, asking.actor, kind, stream, moment), moment)
    if kind != "contracts":
        office.record_read(asking.actor, kind.removesuffix("s"), str(stream))
    name = str(card.get("number") or card.get("receipt"))
    crumbs: Crumbs = [(LISTS[kind], f"/{kind}"), (name, f"/{kind}/{stream}"), (lazy("期限凭据"), None)]
    return _receipt(request, asking, told, seen, str(card.get("name") or name), crumbs, f"/api/v1/{kind}/{stream}/deadlines/{loop}")


def _receipt(request: Request, asking: Asking, told: Json, seen: Sequence[receipts.Seen], about: str, crumbs: Crumbs, json: str) -> Response:
    office, moment, speaks = asking.office, asking.moment, tongue_of(request)
    one, due = told["loop"], told["loop"]["due"]
    if due is None:
        raise NotThere("loop", one["id"])
    said = sentences(office, asking.actor, speaks, [seen[0].from_event, seen[-1].from_event])
    lang, named = speaks.lang, one["title"] and not is_id(one["title"])
    note = note_on(office.book, lang, one["kind"], one["title"], moment.day) if named else ""
    return show(
        request,
        "law/deadline.html",
        told=told,
        said=said,
        due=due,
        title=word("loop", one["kind"]),
        note=note,
        owed_by=word("owed_by", one["owed_by"]),
        about=about,
        crumbs=crumbs,
        json=json,
        time=time_of(asking),
    )
