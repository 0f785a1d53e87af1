"""Pages of the administrator: accounts and roles, organisations, the packs in force. Deciding a case is never theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from domain.access.account import account_id
from domain.access.commands import disable_account, grant_role, register_organisation, withdraw_role
from domain.actor import ROLES, Grant
from domain.rules import RuleBroken
from projections import accounts
from web.acts.values import ref_of
from web.asking import Asking, only
from web.inviting import make
from web.looks.looks import Looks, leave_note
from web.looks.tongue import lazy, tongue_of
from web.regions import REGIONS, region_name
from web.words import word

router = APIRouter(include_in_schema=False, prefix="/administration")
ADMINISTRATOR = only("administrator")


def _looks(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


def _fields(lang: str, given: Mapping[str, str], errors: Mapping[str, str]) -> list[dict[str, Any]]:
    roles = [(role, word("role", role)) for role in ROLES]
    fields: list[dict[str, Any]] = [
        {"name": "name", "label": lazy("账户名"), "required": True, "hint": lazy("登录用，不含姓名以外的个人信息")},
        {"name": "display", "label": lazy("姓名"), "hint": lazy("加密保存，可以按请求删除")},
        {"name": "role", "label": lazy("角色"), "kind": "select", "options": roles, "required": True},
        {
            "name": "region",
            "label": lazy("行政区划"),
            "kind": "select",
            "options": [(code, f"{code} {region_name(code, lang)}") for code in REGIONS],
            "hint": lazy("申请人不选"),
        },
        {"name": "party", "label": lazy("代表的主体"), "hint": lazy("只有申请人填，例如 CN-USCC:91440800MA4X00000Y")},
    ]
    return [{**one, "value": given.get(one["name"]), "error": errors.get(one["name"])} for one in fields]


def _page(
    request: Request, asking: Asking, status: int = 200, given: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None,
    invited: Mapping[str, Any] | None = None,
) -> Response:  # fmt: skip
    office = asking.office
    with office.looking() as conn:
        moment = office.moment()
        rows = accounts.list_accounts(conn, moment)
        organisations = accounts.list_organisations(conn, moment)
    lang = tongue_of(request).lang
    places = {code: region_name(code, lang) for code in {one.region for one in organisations} | {grant[1] for row in rows for grant in row.grants if grant[1]}}
    shown = [
        {
            "name": row.name,
            "display": office.unseal(row.display, "display"),
            "disabled": row.disabled,
            "waits": not row.disabled and row.kind == "person" and not office.vault.credentials.has(UUID(row.account)),
            "kind": row.kind,
            "grants": [{"role": role, "region": region, "party": party, "where": places.get(region, "")} for role, region, party in row.grants],
        }
        for row in rows
    ]
    packs = [
        {
            "key": pack.key,
            "version": pack.version,
            "title": pack.head.title,
            "number": pack.head.number,
            "from": pack.head.effective_from,
            "until": pack.head.effective_until,
            "position": position,
        }
        for position, pack in office.book.packs
    ]
    return _looks(request).render(
        request,
        "administration/accounts.html",
        status,
        accounts=shown,
        organisations=organisations,
        packs=packs,
        places=places,
        fields=_fields(lang, given or {}, errors or {}),
        standings=office.standings(),
        invited=invited,
        head=office.ledger.head(),
    )


@router.get("")
def show(request: Request, asking: Asking = ADMINISTRATOR) -> Response:
    return _page(request, asking)


@router.post("/accounts")
def add_account(
    request: Request,
    name: Annotated[str, Form(max_length=100)] = "",
    display: Annotated[str, Form(max_length=100)] = "",
    role: Annotated[str, Form()] = "",
    region: Annotated[str, Form()] = "",
    party: Annotated[str, Form(max_length=200)] = "",
    asking: Asking = ADMINISTRATOR,
) -> Response:
    """Make an account with its first role; its person chooses the password, by the link that is shown this once."""
    given = {"name": name, "display": display, "role": role, "region": region, "party": party}
    return _inviting(request, asking, given, name, display, Grant(role, region or None, str(ref_of(party)) if party.strip() else None))


@router.post("/accounts/{name}/invitation")
def invite_again(request: Request, name: str, asking: Asking = ADMINISTRATOR) -> Response:
    """A new link for who has not chosen a password yet; the one before is worth nothing any more."""
    return _inviting(request, asking, {}, name)


def _inviting(request: Request, asking: Asking, given: Mapping[str, str], name: str, display: str = "", grant: Grant | None = None) -> Response:
    try:
        told = make(asking.office, name, display, grant, asking.actor, base=str(request.base_url))
    except RuleBroken as refused:
        speaks, errors = tongue_of(request), dict[str, str]()
        for one in refused.broken:
            place, sentence = (one.pointer or "/name")[1:], speaks.said(one.sentence, **one.values)
            errors[place] = f"{errors[place]} {sentence}" if place in errors else sentence
        return _page(request, asking, 422, given, errors)
    return _page(request, asking, invited={"name": told.name, "address": told.address, "expires": told.expires})


@router.post("/accounts/{name}/grants")
def change_grant(
    request: Request,
    name: str,
    role: Annotated[str, Form()],
    region: Annotated[str, Form()] = "",
    party: Annotated[str, Form()] = "",
    withdraw: Annotated[str, Form()] = "",
    asking: Asking = ADMINISTRATOR,
) -> Response:
    grant = Grant(role, region or None, party or None)
    command = withdraw_role if withdraw else grant_role
    try:
        asking.office.do(lambda act: command(act, name, grant), asking.actor)
    except RuleBroken as refused:
        speaks = tongue_of(request)
        sentence = "；".join(speaks.said(one.sentence, **one.values) for one in refused.broken)
        return leave_note(RedirectResponse("/administration", 303), sentence, "late")
    return leave_note(RedirectResponse("/administration", 303), lazy("账户 {name} 的角色已更改。"), name=name)


@router.post("/accounts/{name}/disabling")
def disable(name: str, asking: Asking = ADMINISTRATOR) -> Response:
    """The account holds nothing from now on, and its sessions and tokens end at once."""
    asking.office.do(lambda act: disable_account(act, name), asking.actor)
    asking.office.vault.shut_out(account_id(name), asking.office.now)
    return leave_note(RedirectResponse("/administration", 303), lazy("账户 {name} 已停用，登录随即失效。"), name=name)


@router.post("/organisations")
def add_organisation(
    request: Request,
    code: Annotated[str, Form(max_length=60)],
    name: Annotated[str, Form(max_length=200)],
    region: Annotated[str, Form(pattern=r"^\d{6}$")],
    asking: Asking = ADMINISTRATOR,
) -> Response:
    ref = ref_of(code)
    asking.office.do(lambda act: register_organisation(act, ref.scheme, ref.id, name, region), asking.actor)
    return leave_note(RedirectResponse("/administration", 303), lazy("机构 {name} 已登记。"), name=name)
