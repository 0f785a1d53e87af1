"""Delegation: a colleague does for a while what I may do; what they do counts as mine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from domain.access.account import account_id
from domain.access.commands import end_delegation, grant_delegation
from domain.actor import OFFICE
from domain.rules import RuleBroken
from projections import accounts
from web.asking import Asking, only
from web.delegating import lent, may_end
from web.importers.written import Placeholder, day_of
from web.looks.looks import Looks, leave_note
from web.looks.tongue import lazy, tongue_of
from web.words import WORDS

router = APIRouter(include_in_schema=False, prefix="/delegations")
COLLEAGUE = only(*sorted(OFFICE), "administrator")


def _page(request: Request, asking: Asking, status: int = 200, given: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None) -> Response:
    office, me, speaks = asking.office, asking.actor.account, tongue_of(request)
    with office.looking() as conn:
        rows = accounts.list_accounts(conn, office.moment())
    names = {row.account: f"{row.name} {office.unseal(row.display, 'display')}".strip() for row in rows}
    shown = [
        {"to": one.to, "to_name": names[str(account_id(one.to))], "giver": one.giver_id, "giver_name": names.get(one.giver_id, one.giver),
         "from": one.starts_on, "until": one.ends_on, "why": one.why, "mine": one.giver_id == me}
        for one in lent(rows, asking.actor, office.moment())
    ]  # fmt: skip
    colleagues = [(row.name, names[row.account]) for row in rows if not row.disabled and row.account != me and _may_receive(row)]
    asked: list[dict[str, Any]] = [
        {"name": "to", "label": lazy("委托给"), "kind": "select", "options": colleagues, "required": True},
        {"name": "starts_on", "label": lazy("从哪天起"), "kind": "date", "hint": lazy("不填从今天起")},
        {"name": "ends_on", "label": lazy("到哪天止"), "kind": "date", "required": True},
        {"name": "why", "label": lazy("理由")},
    ]
    fields = [{**one, "value": (given or {}).get(one["name"]), "error": (errors or {}).get(one["name"])} for one in asked]
    mine = [speaks.said(WORDS["role"][role]) for role in sorted(asking.actor.roles & OFFICE)]
    looks: Looks = request.app.state.looks
    return looks.render(request, "administration/delegations.html", status, lent=shown, fields=fields, mine=mine)


def _may_receive(row: Any) -> bool:
    roles = {role for role, _, _ in row.grants}
    return bool(roles & OFFICE) and "administrator" not in roles


@router.get("")
def show(request: Request, asking: Asking = COLLEAGUE) -> Response:
    return _page(request, asking)


@router.post("")
def grant(
    request: Request,
    to: Annotated[str, Form(max_length=100)] = "",
    starts_on: Annotated[str, Form(max_length=40)] = "",
    ends_on: Annotated[str, Form(max_length=40)] = "",
    why: Annotated[str, Form(max_length=300)] = "",
    asking: Asking = COLLEAGUE,
) -> Response:
    given, speaks = {"to": to, "starts_on": starts_on, "ends_on": ends_on, "why": why}, tongue_of(request)
    days: dict[str, date] = {}
    errors: dict[str, str] = {}
    for name in ("starts_on", "ends_on"):
        try:
            if given[name].strip() or name == "ends_on":
                days[name] = day_of(given[name])
        except (ValueError, Placeholder):
            errors[name] = speaks.said(lazy("日期应写作 2026-04-29"))
    if errors:
        return _page(request, asking, 422, given, errors)
    try:
        asking.office.do(lambda act: grant_delegation(act, to, ends_on=days["ends_on"], starts_on=days.get("starts_on"), why=why), asking.actor)
    except RuleBroken as refused:
        told = {(one.pointer or "/to")[1:]: speaks.said(one.sentence, **one.values) for one in refused.broken}
        return _page(request, asking, 422, given, told)
    return leave_note(RedirectResponse("/delegations", 303), lazy("已委托 {name}。"), name=to)


@router.post("/{name}/end")
def end(name: str, giver: Annotated[str, Form(max_length=60)] = "", asking: Asking = COLLEAGUE) -> Response:
    """By the giver, the one who was to act, or an administrator; what is not theirs is not there."""
    office = asking.office
    may_end(asking.actor, name, giver)
    office.do(lambda act: end_delegation(act, name, giver=giver or None), asking.actor)
    return leave_note(RedirectResponse("/delegations", 303), lazy("委托已经结束。"))
