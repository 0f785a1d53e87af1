"""The crowd at the door: how often one account or source may ask, how many requests run at once, how slowly one may be sent.

Nothing here asks the stores, so a refusal costs next to nothing however many there are. What was typed into a form that is refused
goes back with the refusal, as long as that too stays cheap.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic
from typing import NamedTuple
from weakref import WeakKeyDictionary

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request, cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from stores.vault import source_of
from web.looks.tongue import lazy
from web.problems import problem, wants_page
from web.too_large import text_in

CROWDED = lazy("同时办理的请求太多，这一个没有办，没有记录任何东西。请隔几秒再试。")
ALWAYS = ("/healthz", "/readyz", "/metrics", "/static/", "/assets/")  # who watches over the office must reach it
WAITS = "/api/v1/feed"  # holds no worker while it waits, and has limits of its own
READ_WAITS, CHANGE_WAITS = 2.0, 10.0  # seconds in which a place may become free; what was typed is worth more patience
BURST = 20  # seconds' worth of requests that may come at once
SHARED = 10  # one source may be an office of many accounts
KEPT = 10_000  # accounts and sources that are remembered
SILENCE, SLOWEST = 20.0, 50_000  # seconds; bytes in a second, of a body
GIVEN_BACK = 256 * 1024  # bytes of a form that is kept until it has a place: all that a person types, and no photo
BACK = 5  # forms in a second, of everybody, that are read to be given back
MOST_HEADERS, MOST_HEADER_BYTES, LONGEST_ADDRESS = 100, 32 * 1024, 8 * 1024


class Bucket(NamedTuple):
    left: float
    at: float


class Pace:
    """How often each of many may ask: `rate` in a second, BURST seconds' worth at once."""

    def __init__(self, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self.rate, self.clock = rate, clock
        self.buckets: OrderedDict[bytes, Bucket] = OrderedDict()

    def wait(self, key: bytes, times: float = 1) -> float:
        """Takes one from who asks; seconds to wait where there is none. `times`: how many share the key."""
        if not self.rate:
            return 0.0
        rate, now = self.rate * times, self.clock()
        left, at = self.buckets.pop(key, Bucket(rate * BURST, now))
        left = min(rate * BURST, left + (now - at) * rate)
        self.buckets[key] = Bucket(left - 1 if left >= 1 else left, now)
        if len(self.buckets) > KEPT:
            self.buckets.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / rate


class Crowd:
    """ASGI middleware inside the guard. `rate`: requests of one account in a second (0: no limit); `at_once`: requests that run at a time."""

    def __init__(self, app: ASGIApp, rate: float = 100, at_once: int = 16, silence: float = SILENCE) -> None:
        self.app, self.pace, self.at_once, self.silence = app, Pace(rate), at_once, silence
        self.back = Pace(BACK)
        self._places: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(ALWAYS):
            await self.app(scope, receive, send)
        elif (status := too_much(scope)) is not None:
            await problem(Request(scope), status)(scope, receive, send)
        elif (wait := self.too_often(scope)) > 0:
            if gives_back(scope):
                self._keep(scope, await self._whole(receive))
            await problem(Request(scope), 429, headers={"Retry-After": str(math.ceil(wait))})(scope, receive, send)
        elif scope["path"] == WAITS:
            await self.app(scope, receive, send)
        else:
            await self._run(scope, receive, send)

    def too_often(self, scope: Scope) -> float:
        """Seconds until this source, and the account behind the token or session, may ask again."""
        source, secret = source_of((scope.get("client") or ("",))[0]), secret_of(Headers(scope=scope))
        waits = self.pace.wait(b"source" + source.encode(), SHARED if secret else 1)
        return max(waits, self.pace.wait(hashlib.sha256(secret.encode("utf-8", "replace")).digest()) if secret else 0.0)

    async def _run(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run it once there is a place; who still sends a body has none yet, so that slow ones take up no room."""
        patience = READ_WAITS if scope["method"] in ("GET", "HEAD") else CHANGE_WAITS
        places = self._places.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self.at_once))
        if has_body(scope):
            async with self._place_when_sent(places, scope, receive, patience) as slowly:
                await self.app(scope, slowly, send)
            return
        try:
            if places.locked():
                await asyncio.wait_for(places.acquire(), patience)
            else:
                await places.acquire()  # at once
        except TimeoutError:
            await problem(Request(scope), 503, "crowded", headers={"Retry-After": "2"})(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            places.release()

    @asynccontextmanager
    async def _place_when_sent(self, places: asyncio.Semaphore, scope: Scope, receive: Receive, patience: float) -> AsyncIterator[Receive]:
        """Receives a body: raises 408 where it comes too slowly, 503 where there is no place when it is there."""
        began, taken, whole, held = monotonic(), 0, False, False
        kept: list[bytes] | None = [] if gives_back(scope) else None

        async def slowly() -> Message:
            nonlocal taken, whole, held
            if whole:
                return await receive()
            try:
                left = self.silence + taken / SLOWEST - (monotonic() - began)
                message = await asyncio.wait_for(receive(), max(0.0, left))
            except TimeoutError:
                raise HTTPException(408, headers={"Connection": "close"}) from None
            taken += len(message.get("body", b""))
            if kept is not None:
                kept.append(message.get("body", b""))
            if message["type"] == "http.request" and not message.get("more_body", False):
                whole = True
                try:
                    await asyncio.wait_for(places.acquire(), patience)
                except TimeoutError:
                    self._keep(scope, None if kept is None else b"".join(kept))
                    raise HTTPException(503, str(CROWDED), headers={"Retry-After": "2"}) from None
                held = True
            return message

        try:
            yield slowly
        finally:
            if held:
                places.release()

    async def _whole(self, receive: Receive) -> bytes | None:
        """A small body, to its end; None where it does not come in time or its sender has gone."""
        found, more = [], True
        try:
            async with asyncio.timeout(self.silence):
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        return None
                    found.append(message.get("body", b""))
                    more = message.get("more_body", False)
        except TimeoutError:
            return None
        return b"".join(found)

    def _keep(self, scope: Scope, body: bytes | None) -> None:
        """Leaves the text of a form for the page that refuses it."""
        if body is not None and self.back.wait(b"") == 0:
            scope.setdefault("state", {})["form"] = text_in(Headers(scope=scope).get("content-type", ""), body)


def gives_back(scope: Scope) -> bool:
    """Is it a form of a person's who is signed in, small enough to be held on to?"""
    request = Request(scope)
    length = request.headers.get("content-length", "")
    small = length.isdecimal() and 0 < int(length) <= GIVEN_BACK
    return scope["method"] == "POST" and small and "lvyue_session" in request.cookies and wants_page(request)


def too_much(scope: Scope) -> int | None:
    """414 for an address, 431 for headers that nobody's browser sends."""
    if len(scope["raw_path"] or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
        return 414
    headers = scope["headers"]
    if len(headers) > MOST_HEADERS or sum(len(name) + len(value) for name, value in headers) > MOST_HEADER_BYTES:
        return 431
    return None


def secret_of(headers: Headers) -> str:
    """The token or session that a request carries; what it is worth is asked later."""
    return headers.get("authorization") or cookie_parser(headers.get("cookie", "")).get("lvyue_session", "")


def has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
