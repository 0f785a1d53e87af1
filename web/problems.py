"""Refusals and failures in the reader's language: RFC 9457 for programs, a page for people, never a stack trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from domain.rules import Broken
from web.looks.looks import NOBODY, Looks
from web.looks.tongue import Tongue, lazy, tongue_of
from web.validation import spoken

# status: (type, title, detail)
SAID: Mapping[int, tuple[str, str, str]] = {
    400: ("bad-request", lazy("看不懂这个请求"), lazy("地址或内容的写法不对，请检查后再发。")),
    401: ("not-signed-in", lazy("需要先登录"), lazy("您还没有登录，或者登录已经过期。")),
    403: ("forbidden", lazy("您的角色不能做这件事"), lazy("如工作需要，请由本单位管理员授权。")),
    404: ("not-found", lazy("没有找到"), lazy("这里没有您要的内容，或者它不在您的权限之内。")),
    405: ("method-not-allowed", lazy("这个地址不能这样用"), lazy("请从页面上的链接或按钮进入。")),
    406: ("not-acceptable", lazy("没有您要的格式"), lazy("这个地址不提供所要求的格式。")),
    408: ("too-slow", lazy("内容传得太慢"), lazy("等了很久也没有收完，没有记录任何东西。请检查网络后再发。")),
    409: ("moved-on", lazy("您看过之后，它被改过了"), lazy("请先看看改了什么，再决定要不要提交。")),
    412: ("stale", lazy("版本已经过时"), lazy("请重新读取，再用新的版本号提交。")),
    413: ("too-large", lazy("内容太大"), lazy("超过了一次能收的大小，请分开提交。")),
    414: ("address-too-long", lazy("地址太长"), lazy("请缩短搜索的内容或减少筛选。")),
    415: ("unsupported-media-type", lazy("不收这种格式"), lazy("请用文档里写明的格式发送。")),
    422: ("not-valid", lazy("有几处需要改"), lazy("没有记录任何东西，改好后可以再提交。")),
    428: ("version-wanted", lazy("要说明是依据哪个版本改的"), lazy("请在 If-Match 里写上所读取的版本号。")),
    429: ("too-many-requests", lazy("请求太密了"), lazy("没有记录任何东西。请隔一会儿再发。")),
    431: ("headers-too-large", lazy("请求头太多或太大"), lazy("请清除本站的 Cookie，或减少请求头后再发。")),
    500: ("our-fault", lazy("我们这边出错了"), lazy("没有办成。请把请求编号告诉管理员，他能据此查到原因。")),
    507: ("disk-full", lazy("服务器的磁盘满了"), lazy("现在不能记录，没有记录任何东西；查看不受影响。请告诉管理员腾出空间。")),
    503: ("not-now", lazy("现在办不了"), lazy("系统暂时不能读写，没有记录任何东西。运行状况页写明了原因。")),
}
TITLES: Mapping[str, tuple[str, str]] = {
    "uncertain": (lazy("不能确定是否已经记录"), lazy("提交时数据库断开了。请过一会儿看看是否已经记下；原样再提交一次也可以，不会重复记录。")),
    "rule-broken": (lazy("按规定现在不能这样办"), lazy("没有记录任何东西。")),
    "crowded": (lazy("现在人太多"), lazy("同时办理的请求太多，这一个没有办，没有记录任何东西。请隔几秒再试。")),
    "cross-origin": (lazy("跨站请求已拒绝"), lazy("这个请求不是从本系统的页面发出的。请从本系统的页面重新提交。")),
}
FRAMEWORKS = ("Content Too Large", "There was an error parsing the body")  # its own words, in no language of ours
AT_THE_DOOR = (408, 414, 429, 431)
CARRIED = ("whose", "seen", "idempotency", "next")  # what a form holds that nobody typed
PHRASES = {status.value: status.phrase for status in HTTPStatus}


def problem(
    request: Request,
    status: int,
    type: str | None = None,
    title: str | None = None,
    detail: str | None = None,
    errors: Iterable[Broken | Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Response:
    """What went wrong, as the caller wants to read it. `type` is a name under `/problems/`; sentences are source text.

    `errors` are broken rules, or mappings with `code`, `pointer`, `detail`, `basis` and `values` for the detail.
    """
    speaks = tongue_of(request)
    kind, told, more = SAID.get(status, SAID[500] if status >= 500 else SAID[400])
    kind = type or kind
    told, more = TITLES.get(kind, (told, more))
    body = {
        "type": f"/problems/{kind}",
        "title": speaks.said(title or told),
        "status": status,
        "detail": speaks.said(detail or more, **values),
        "errors": [error_of(one, speaks) for one in errors],
    }
    return _as_page(request, body, headers) if wants_page(request) else _as_json(request, body, headers)


def error_of(error: Broken | Mapping[str, Any], speaks: Tongue) -> dict[str, Any]:
    """One error in the reader's language, ready for JSON and for the page."""
    if isinstance(error, Broken):
        told: dict[str, Any] = {
            "code": error.code, "pointer": error.pointer, "detail": speaks.said(error.sentence, **error.values),
            "basis": msgspec.to_builtins(error.basis),
        }  # fmt: skip
        return told | ({"earliest": error.earliest.isoformat()} if error.earliest else {})
    told = {"code": None, "pointer": None, "basis": None, **error}
    told["detail"] = speaks.said(str(told.get("detail") or ""), **told.pop("values", {}))
    return told


def wants_page(request: Request) -> bool:
    """People read pages: all but the API and the figures, unless JSON was asked for."""
    path, accepted = request.url.path, request.headers.get("accept", "")
    if path.startswith(("/api/", "/public/api/")) or path == "/metrics":
        return False
    return "text/html" in accepted or "json" not in accepted


def _as_json(request: Request, body: Mapping[str, Any], headers: Mapping[str, str] | None) -> Response:
    answer = JSONResponse(body, body["status"], dict(headers or {}), media_type="application/problem+json")
    answer.headers["Content-Language"] = tongue_of(request).tag
    answer.headers["Vary"] = "Accept, Accept-Language, Cookie"
    return answer


def _as_page(request: Request, body: Mapping[str, Any], headers: Mapping[str, str] | None) -> Response:
    # The frame asks the stores who is here; after a failure, or at the guard's door, nothing may be asked of them.
    looks: Looks = request.app.state.looks
    bare = body["status"] >= 500 or body["status"] in AT_THE_DOOR or body["type"] == "/problems/cross-origin"
    wait, unread = (headers or {}).get("Retry-After", ""), getattr(request.state, "form", None) is None
    shown: dict[str, Any] = {"problem": body, "request_id": getattr(request.state, "request_id", ""), "typed": _typed(request)}
    shown |= {"wait": int(wait) if wait.isdecimal() else None, "unkept": request.method == "POST" and unread}
    if bare:
        shown["frame"] = NOBODY
    return looks.render(request, "error.html", body["status"], headers=headers, **shown)


def typed_in(form: FormData) -> list[tuple[str, str]]:
    """The text in a form, in its order, but for passwords."""
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str) and "password" not in name]


def _typed(request: Request) -> Mapping[str, Any] | None:
    """What was typed into the form that is refused, so that it can be sent again; None when nothing was, or it was not read."""
    form = getattr(request.state, "form", None) or getattr(request, "_form", None)
    fields = typed_in(form) if isinstance(form, FormData) else []
    if not any(value.strip() for name, value in fields if name not in CARRIED):
        return None
    query = f"?{request.url.query}" if request.url.query else ""
    return {"to": request.url.path + query, "fields": fields}


def install(app: Starlette, looks: Looks) -> None:
    """Every refusal of the application is answered by `problem`; what fails altogether, the guard answers."""
    app.state.looks = looks
    handlers: Mapping[int | type[Exception], Callable[[Request, Any], Response]] = {
        HTTPException: refused,
        RequestValidationError: _not_valid,
    }
    for kind, answer in handlers.items():
        app.add_exception_handler(kind, answer)


def refused(request: Request, error: HTTPException) -> Response:
    if error.status_code == 401 and request.method == "GET" and wants_page(request):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/sign-in?next={quote(request.url.path + query)}", 303)
    said = None if error.detail in (None, "", PHRASES.get(error.status_code), *FRAMEWORKS) else str(error.detail)
    return problem(request, error.status_code, detail=said, headers=error.headers)


def _not_valid(request: Request, error: RequestValidationError) -> Response:
    return problem(request, 422, errors=[spoken(one) for one in error.errors()])
