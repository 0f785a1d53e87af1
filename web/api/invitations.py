"""Invitations for programs: an administrator invites, the invited person chooses the password."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.exceptions import HTTPException

from domain.actor import Grant
from domain.rules import Broken, RuleBroken
from stores.vault import Busy, NotSignedIn, PasswordRefused, source_of
from web.acts.doing import Body
from web.acts.values import ref_of
from web.api.doings import answer
from web.api.routing import reading
from web.asking import Asking, office_of, only
from web.inviting import accept, make

router = reading(tags=["invitations"])
ADMINISTRATOR = only("administrator")


class Invited(Body):
    """A new account with its role; without a role, one that is there and has no password yet."""

    name: str = Field(min_length=1, max_length=100)
    display: str = Field("", max_length=100)
    role: str | None = Field(None, max_length=40)
    region: str | None = Field(None, max_length=6)
    party: str | None = Field(None, max_length=200)


class Chosen(Body):
    code: str = Field(min_length=1, max_length=200)
    password: str = Field(max_length=1000)


@router.post("/invitations", status_code=201, summary="邀请设置密码")
def post_invitation(request: Request, body: Invited, asking: Asking = ADMINISTRATOR) -> JSONResponse:
    """The code is told this once. Sent again with the same key, a new code takes the place of the first."""
    once = asking.once(request.headers.get("idempotency-key"), body.model_dump_json().encode())
    grant = Grant(body.role, body.region, str(ref_of(body.party)) if body.party else None) if body.role else None
    told = make(asking.office, body.name, body.display, grant, asking.actor, asking.via, once, str(request.base_url))
    return answer(request, {"account": told.name, "code": told.code, "address": told.address, "expires": told.expires.isoformat(timespec="seconds")}, 201)


@router.post("/invitations/acceptance", summary="受邀人设置密码")
def post_acceptance(request: Request, body: Chosen) -> JSONResponse:
    """By whoever holds the code; it is used up. 422 where it is none, used or over, or the password will not do."""
    source = source_of(request.client.host if request.client else "")
    try:
        found = accept(office_of(request), body.code, body.password, source)
    except Busy:
        raise HTTPException(503, headers={"Retry-After": "5"}) from None
    except PasswordRefused as refused:
        raise _broken(refused.code, refused.sentence, "/password", refused.values) from None
    except NotSignedIn as refused:
        if seconds := int(refused.wait.total_seconds()):
            raise HTTPException(429, headers={"Retry-After": str(seconds)}) from None
        raise _broken("invitation_is_open", "邀请链接无效，或者已经用过、已经过期。请向管理员再要一个。", "/code", {}) from None
    return answer(request, {"account": found.name})


def _broken(code: str, sentence: str, pointer: str, values: dict[str, Any]) -> RuleBroken:
    return RuleBroken([Broken(code, sentence, pointer, values=values)])
