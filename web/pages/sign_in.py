"""Signing in and out."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from domain.access.account import Account, account_id
from stores.vault import Busy, NotSignedIn, source_of
from web.asking import COOKIE, office_of, who_asks
from web.looks.looks import Looks
from web.looks.tongue import lazy, tongue_of
from web.problems import problem

router = APIRouter(include_in_schema=False)
WRONG = lazy("账户或密码不正确。")
WAIT = lazy("试得太多了，请过 {seconds} 秒再试。")


def _looks(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


def own_address(text: str) -> str:
    """An address on this site only; anything else leads to the front page."""
    return text if text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable() else "/"


@router.get("/sign-in")
def show_sign_in(request: Request, next: str = "/") -> Response:
    return _looks(request).render(request, "sign_in.html", next=own_address(next), account="", error=None)


@router.post("/sign-in")
def sign_in(
    request: Request,
    account: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    office = office_of(request)
    found = office.ledger.find(Account, account_id(account)) if account.strip() else None
    mine: UUID | None = found.id if found is not None and not found.disabled else None
    source = source_of(request.client.host if request.client else "")
    try:
        token = office.vault.sign_in(account.strip().lower(), mine, password, source, office.now)
    except Busy:
        return problem(request, 503, headers={"Retry-After": "5"})
    except NotSignedIn as refused:
        seconds = int(refused.wait.total_seconds())
        speaks = tongue_of(request)
        error = speaks.said(WAIT, seconds=seconds) if seconds else speaks.said(WRONG)
        return _looks(request).render(request, "sign_in.html", 422, next=own_address(next), account=account, error=error)
    answer = RedirectResponse(own_address(next), 303)
    answer.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=request.url.scheme == "https", path="/")
    return answer


@router.post("/sign-out")
def sign_out(request: Request) -> Response:
    _, token = who_asks(request)
    if token:
        office_of(request).vault.sessions.end(token, office_of(request).now)
    answer = RedirectResponse("/sign-in", 303)
    answer.delete_cookie(COOKIE, path="/")
    return answer
