"""Delegation for programs: a colleague does for a while what I may do; what they do counts as mine."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import Field

from domain.access.account import account_id
from domain.access.commands import end_delegation, grant_delegation
from domain.actor import OFFICE
from domain.ledger import AlreadyDone
from projections import accounts
from web.acts.doing import Body
from web.api.doings import answer
from web.api.routing import reading
from web.asking import Asking, only
from web.delegating import Lent, lent, may_end

router = reading(tags=["delegations"])
COLLEAGUE = only(*sorted(OFFICE), "administrator")


class Delegation(Body):
    """To whom, by sign-in name, from when (today, where it is not said) until when, and why."""

    to: str = Field(min_length=1, max_length=100)
    starts_on: date | None = None
    ends_on: date
    why: str = Field("", max_length=300)


class Ending(Body):
    """Whose delegation ends, by sign-in name; whoever asks, where it is not said."""

    giver: str | None = Field(None, max_length=100)


def _lent(asking: Asking) -> list[Lent]:
    with asking.office.looking() as conn:
        return lent(accounts.list_accounts(conn, asking.moment), asking.actor, asking.moment)


def _shown(one: Lent) -> dict[str, Any]:
    return {"to": one.to, "giver": one.giver, "starts_on": one.starts_on.isoformat(), "ends_on": one.ends_on.isoformat(), "why": one.why}


@router.get("/delegations", summary="委托")
def list_delegations(request: Request, asking: Asking = COLLEAGUE) -> JSONResponse:
    """What one gave or received and is not over; an administrator sees all."""
    items = [_shown(one) for one in _lent(asking)]
    position = asking.moment.known_at or asking.office.ledger.head()
    return answer(request, {"items": items, "next": None, "position": position, "total": len(items)})


@router.post("/delegations", status_code=201, summary="委托同事办案")
def post_delegation(request: Request, body: Delegation, asking: Asking = COLLEAGUE) -> JSONResponse:
    """Let a colleague do what one may oneself; 422 for an administrator, for oneself, or for days that are past."""
    _do(request, asking, lambda act: grant_delegation(act, body.to, ends_on=body.ends_on, starts_on=body.starts_on, why=body.why), body)
    begins = body.starts_on or asking.office.today
    mine = [one for one in _lent(asking) if one.giver_id == asking.actor.account and account_id(one.to) == account_id(body.to)]
    made = next(one for one in reversed(mine) if (one.starts_on, one.ends_on) == (begins, body.ends_on))
    return answer(request, _shown(made), 201, location=f"/api/v1/delegations/{quote(made.to)}")


@router.post("/delegations/{name}/end", summary="结束委托")
def post_end(request: Request, name: str, body: Ending, asking: Asking = COLLEAGUE) -> JSONResponse:
    """By the giver, the one who was to act, or an administrator; what is not theirs is not there (404)."""
    giver = str(account_id(body.giver)) if body.giver else asking.actor.account
    may_end(asking.actor, name, giver)
    _do(request, asking, lambda act: end_delegation(act, name, giver=giver), body)
    return answer(request, {"to": name, "giver": body.giver or asking.actor.name, "ended_on": asking.office.today.isoformat()})


def _do(request: Request, asking: Asking, command: Any, body: Body) -> None:
    """Once, where the request has a key."""
    with suppress(AlreadyDone):  # by the same request, sent at the same moment: what it did stands
        once = asking.once(request.headers.get("idempotency-key"), body.model_dump_json().encode())
        asking.office.do(command, asking.actor, via=asking.via, once=once)
    asking.office.caught_up()
