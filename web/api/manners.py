"""Manners of a well-made HTTP interface that the framework leaves open: HEAD, OPTIONS, Allow, media types, odd bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.routing import Match, Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.problems import problem

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
API = "/api/"
FORMS = "multipart/form-data"


class Manners:
    """ASGI middleware inside the guard. `routes` answers which methods an address knows, `stopped` where views stand still."""

    def __init__(self, app: ASGIApp, routes: Router, stopped: Callable[[], Mapping[str, int]] = dict) -> None:
        self.app, self.routes, self.stopped = app, routes, stopped

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif "\0" in scope["path"] or b"%00" in scope["query_string"]:
            await problem(Request(scope), 400)(scope, receive, send)
        elif scope["method"] == "OPTIONS" and (allowed := self.allowed(scope)):
            await send({"type": "http.response.start", "status": 204, "headers": [(b"allow", allowed)]})
            await send({"type": "http.response.body", "body": b""})
        elif not acceptable(scope):
            await problem(Request(scope), 415)(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self.app({**scope, "method": "GET"}, receive, headless(send))
        else:
            await self.app(scope, receive, self.told(scope, send))

    def allowed(self, scope: Scope) -> bytes:
        """What the address knows, as `Allow` says it; empty when there is no such address."""
        known = [method for method in METHODS if self.knows({**scope, "method": method})]
        more = (["HEAD"] if "GET" in known else []) + ["OPTIONS"]
        return ", ".join([*known, *more]).encode() if known else b""

    def knows(self, scope: Scope) -> bool:
        return any(route.matches(scope)[0] is Match.FULL for route in self.routes.routes)

    def told(self, scope: Scope, send: Send) -> Send:
        """A 405 names every method of the address, whichever route refused it; the API names views that have stopped."""

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if message["status"] == 405:
                    headers["Allow"] = self.allowed(scope).decode()
                if API in scope["path"] and (stopped := self.stopped()):
                    headers["Lvyue-Stopped"] = ", ".join(f"{name}={at}" for name, at in stopped.items())
            await send(message)

        return telling


def acceptable(scope: Scope) -> bool:
    """Programs send JSON, files as a form; a body of another kind is not guessed at."""
    headers = Headers(scope=scope)
    empty = headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
    if empty or scope["method"] in ("GET", "HEAD") or not scope["path"].startswith(API):
        return True
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("application/json", FORMS) or (kind.startswith("application/") and kind.endswith("+json"))


def headless(send: Send) -> Send:
    """The same answer without its body."""

    async def sending(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return sending
