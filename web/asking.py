"""An asking: what one request has in hand — the office, who asks, and about which moment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID, uuid5

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from domain.act import CHINA, digest_of
from domain.actor import Actor
from domain.ledger import Command, stream_id
from projections.temporal.moment import Moment
from web.looks.tongue import lazy
from web.office import Office, end_of_day

COOKIE = "lvyue_session"
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1900, 2200)  # beyond them nothing of ours can have happened, and zones and calendars end


class BadMoment(Exception):
    """`known_at` or `as_of` cannot be read."""

    def __init__(self, name: str, given: str) -> None:
        super().__init__(name, given)
        self.name, self.given = name, given


@dataclass
class Asking:
    """One signed-in request."""

    request: Request
    office: Office
    actor: Actor
    token: str | None = None  # the session's, of a person in a browser

    @property
    def via(self) -> str:
        return "web" if self.token else "api"

    @property
    def moment(self) -> Moment:
        """What the query asks about; now, when it says nothing. Raises BadMoment."""
        return moment_of(self.office, self.request)

    @property
    def looks_back(self) -> bool:
        return any(self.request.query_params.get(name) for name in ("known_at", "as_of"))

    def once(self, key: str | None, body: bytes) -> Command | None:
        """The command id that a retry repeats, bound to this account, this address and this body."""
        if not key:
            return None
        own = uuid5(stream_id("command", self.actor.account), key)
        return Command(own, self.actor.account, digest_of(self.request.url.path.encode() + b"\n" + body))


def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


def moment_of(office: Office, request: Request) -> Moment:
    known_at = _known_at(request.query_params.get("known_at"))
    as_of = _as_of(request.query_params.get("as_of"))
    return office.moment(known_at, as_of)


def _known_at(given: str | None) -> int | datetime | None:
    if not given:
        return None
    if given.isascii() and given.isdecimal() and len(given) < 16:
        return int(given)
    return _instant("known_at", given)


def _as_of(given: str | None) -> datetime | None:
    return _instant("as_of", given) if given else None


def _instant(name: str, given: str) -> datetime:
    """An instant with its zone, or a bare date: the end of that day in China."""
    try:
        if DAY.fullmatch(given) and int(given[:4]) in YEARS:
            return end_of_day(date.fromisoformat(given))
        instant = datetime.fromisoformat(given.replace(" ", "+"))
    except ValueError:
        raise BadMoment(name, given) from None
    if instant.year not in YEARS:
        raise BadMoment(name, given)
    return instant if instant.tzinfo else instant.replace(tzinfo=CHINA)


def bearer_of(request: Request) -> str | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" and secret.strip() else None


def who_asks(request: Request) -> tuple[Actor | None, str | None]:
    """The account behind a token or a session, as it stands today, and the session's token. Kept for the request."""
    if hasattr(request.state, "who"):
        told: tuple[Actor | None, str | None] = request.state.who
        return told
    office = office_of(request)
    account: UUID | None = None
    secret, cookie = bearer_of(request), request.cookies.get(COOKIE)
    if secret is not None:
        token = office.vault.tokens.find(secret, office.now)
        account, cookie = (token.account if token else None), None
    elif cookie:
        session = office.vault.sessions.find(cookie, office.now)
        account = session.account if session else None
    actor = office.actor(account) if account else None
    request.state.who = (actor, cookie if actor else None)
    return request.state.who  # type: ignore[no-any-return]


def signed_in(request: Request) -> Asking:
    """Whoever is signed in; everybody else is asked to sign in (401)."""
    actor, token = who_asks(request)
    if actor is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    return Asking(request, office_of(request), actor, token)


Signed = Annotated[Asking, Depends(signed_in)]


def only(*roles: str) -> Any:
    """Whoever is signed in with one of these roles; others 403."""

    def check(asking: Signed) -> Asking:
        if not asking.actor.roles & set(roles):
            raise HTTPException(403)
        return asking

    return Depends(check)


NOT_HERE = lazy("公开页面只显示现在的情况，不接受 known_at 和 as_of。")


async def now_only(request: Request) -> None:
    """Public routes know only now (400). It waits for nothing, so it needs no thread."""
    if "known_at" in request.query_params or "as_of" in request.query_params:
        raise HTTPException(400, str(NOT_HERE))
