"""An invited person chooses the password of their account. Open to whoever holds the code."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from stores.vault import Busy, NotSignedIn, PasswordRefused, source_of
from web.asking import office_of
from web.inviting import accept, invited
from web.looks.looks import Looks, leave_note
from web.looks.tongue import lazy, tongue_of
from web.pages.sign_in import WAIT
from web.problems import problem

router = APIRouter(include_in_schema=False)
SPENT = lazy("邀请链接无效，或者已经用过、已经过期。请向管理员再要一个。")
UNLIKE = lazy("两次填写的密码不一样。")
CHOSEN = lazy("密码已设好，请用账户 {name} 登录。")


def _page(request: Request, code: str, name: str, status: int = 200, refused: str = "", errors: dict[str, str] | None = None) -> Response:
    looks: Looks = request.app.state.looks
    return looks.render(request, "invitation.html", status, code=code, name=name, refused=refused, errors=errors or {})


def _spent(request: Request, refused: NotSignedIn) -> Response:
    seconds = int(refused.wait.total_seconds())
    return _page(request, "", "", 422, tongue_of(request).said(WAIT, seconds=seconds) if seconds else tongue_of(request).said(SPENT))


@router.get("/invitation")
def show_invitation(request: Request, code: str = "") -> Response:
    """The form, for as long as the code is good."""
    try:
        found = invited(office_of(request), code[:200], _source(request))
    except NotSignedIn as refused:
        return _spent(request, refused)
    return _page(request, code, found.name)


@router.post("/invitation")
def choose_password(request: Request, code: Annotated[str, Form(max_length=200)] = "", password: Annotated[str, Form(max_length=1000)] = "",
                    again: Annotated[str, Form(max_length=1000)] = "") -> Response:  # fmt: skip
    """Choose it, once; then sign in with it."""
    office, speaks = office_of(request), tongue_of(request)
    try:
        name = invited(office, code, _source(request)).name
        if password != again:
            return _page(request, code, name, 422, errors={"again": speaks.said(UNLIKE)})
        accept(office, code, password, _source(request))
    except Busy:
        return problem(request, 503, headers={"Retry-After": "5"})
    except PasswordRefused as refused:
        return _page(request, code, name, 422, errors={"password": speaks.said(refused.sentence, **refused.values)})
    except NotSignedIn as refused:
        return _spent(request, refused)
    return leave_note(RedirectResponse("/sign-in", 303), CHOSEN, name=name)


def _source(request: Request) -> str:
    return source_of(request.client.host if request.client else "")
