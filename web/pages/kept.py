"""The page behind a sign-in at which a form waits that was sent when the session was over."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from web.asking import Signed
from web.kept import kept_form
from web.looks.looks import Looks
from web.looks.tongue import lazy
from web.problems import problem

router = APIRouter(include_in_schema=False)
NOT_YOURS = lazy("登录前填的内容不在这里：它是用另一个账号填的，或者已经办过了。请用填表时的账号登录。")


@router.get("/kept/{id}")
def show_kept(request: Request, asking: Signed, id: str) -> Response:
    """On to the page of the act, filled; where the page cannot be filled again, the fields and a button that sends them."""
    found = kept_form(asking, id)
    if found is None:
        return problem(request, 404, detail=NOT_YOURS)
    if found.reopens:
        return RedirectResponse(f"{found.to}{'&' if '?' in found.to else '?'}kept={id}", 303)
    looks: Looks = request.app.state.looks
    return looks.render(request, "kept.html", typed=found)
