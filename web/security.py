"""The guard at the door: headers, an id for every request; what is cross-site, too large or fails is answered here."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Collection, Mapping

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.looks.assets import CDN, Source
from web.problems import problem
from web.too_large import text_of

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KNOWN = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
MEGABYTE = 1024 * 1024
# Pages carry photos and spreadsheets; JSON does not.
LARGEST: Mapping[str, int] = {
    "": 64 * MEGABYTE,
    "/api/": 2 * MEGABYTE,
    "/api/v1/evidence": 64 * MEGABYTE,
    "/api/v1/imports": 64 * MEGABYTE,
}
STRICT = (b"strict-transport-security", b"max-age=31536000")
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def policy(source: Source) -> str:
    """The content security policy: nothing inline, nothing foreign but the one pinned script where a CDN has it."""
    scripts = f"'self' {CDN}" if source == "cdn" else "'self'"
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self'; img-src 'self'; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def same_origin(headers: Headers, trusted: Collection[str]) -> bool:
    """Whether a browser says that the request comes from our own pages.

    `Sec-Fetch-Site` first; to a plain-HTTP intranet host browsers send none, so then `Origin` against `Host`.
    Neither: no.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin in trusted:
        return True
    if site is not None:
        return site in ("same-origin", "none")
    return origin is not None and origin.partition("://")[2] == headers.get("host")


class Guard:
    """ASGI middleware round the whole application.

    `trusted`: public origins (`https://lvyue.example.gov.cn`) that a proxy in front of us answers for.
    `answered` counts answers by method and status.
    `largest`: bytes a request may carry, by the beginning of its path (beside LARGEST); the longest that fits counts.
    A request with a Bearer token carries no cookie that a stranger's page could ride on: it is not asked where it
    comes from.
    """

    def __init__(
        self,
        app: ASGIApp,
        source: Source = "cdn",
        trusted: Collection[str] = (),
        largest: Mapping[str, int] | None = None,
        answered: Counter[tuple[str, int]] | None = None,
    ) -> None:
        self.app, self.trusted = app, frozenset(trusted)
        self.answered = Counter[tuple[str, int]]() if answered is None else answered
        self.largest = {**LARGEST, **(largest or {})}
        headers = {
            "Content-Security-Policy": policy(source),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
            "Cache-Control": "no-store",
        }
        self.headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        name = request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = name
        began = False

        async def guarded(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                began = True
                self.answered[scope["method"] if scope["method"] in KNOWN else "other", message["status"]] += 1
                self.mark(message["headers"], name, scope["scheme"])
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=name):
            try:
                await self.admit(scope, receive, guarded)
            except Exception:
                # The reader gets a page without the inside of it; the server's log gets the rest.
                if not began:
                    await problem(Request(scope), 500)(scope, receive, guarded)
                raise

    async def admit(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, limit = Headers(scope=scope), self.limit(scope["path"])
        if self.refuses(scope["method"], headers):
            await problem(Request(scope), 403, "cross-origin")(scope, receive, send)
        elif (length := headers.get("content-length", "0")).isdecimal() and int(length) <= limit:
            await self.app(scope, counted(receive, limit), send)
        else:
            request = Request(scope, receive)
            if scope["method"] == "POST" and limit == self.largest[""]:
                request.state.form = await text_of(request)
            await problem(request, 413 if length.isdecimal() else 400)(scope, receive, send)

    def limit(self, path: str) -> int:
        return self.largest[max((start for start in self.largest if path.startswith(start)), key=len)]

    def refuses(self, method: str, headers: Headers) -> bool:
        bearer = headers.get("authorization", "").lower().startswith("bearer ")
        return method not in SAFE and not bearer and not same_origin(headers, self.trusted)

    def mark(self, headers: list[tuple[bytes, bytes]], name: str, scheme: str) -> None:
        """Adds what the answer did not say for itself (evidence and downloads are stricter than pages)."""
        said = {header for header, _ in headers}
        headers += [one for one in self.headers if one[0] not in said]
        headers.append((b"x-request-id", name.encode()))
        if scheme == "https" and STRICT[0] not in said:
            headers.append(STRICT)


def request_id(headers: Headers) -> str:
    """The id that a proxy gave the request, if it is one, else a new one."""
    told = headers.get("x-request-id", "")
    return told if REQUEST_ID.fullmatch(told) else uuid.uuid4().hex


def counted(receive: Receive, limit: int) -> Receive:
    """Receives a body and refuses (413) the byte after the last that is allowed, whatever length was announced."""
    taken = 0

    async def receive_counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413)
        return message

    return receive_counted
