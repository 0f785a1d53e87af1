"""`/feed`: programs follow what is recorded; who waits for more holds no worker thread."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from projections.temporal.moment import Moment
from web.api.lists import FURTHEST, Limit
from web.api.routing import reading
from web.asking import Asking, Signed
from web.feed import Past, past
from web.looks.tongue import lazy, tongue_of
from web.office import Office

router = reading(tags=["log"])
BATCH = "application/cloudevents-batch+json"
LONGEST = 30  # seconds
LOOKS = 1.0  # seconds between two looks at what other processes record
OF_ONE, OF_ALL = 4, 64  # that wait at once
TOO_MANY = lazy("同时等待的请求太多：一个账户最多 {of_one} 个。请隔几秒再问，或者不带 wait。")


class Bell(threading.Event):
    """Set by whichever thread appends; heard in the loop that waits."""

    def __init__(self) -> None:
        super().__init__()
        self.loop, self.heard = asyncio.get_running_loop(), asyncio.Event()

    def set(self) -> None:
        self.loop.call_soon_threadsafe(self.heard.set)


@asynccontextmanager
async def bell_of(office: Office) -> AsyncIterator[Bell]:
    bell = Bell()
    office.recorder.listeners.add(bell)
    try:
        yield bell
    finally:
        office.recorder.listeners.discard(bell)


@contextmanager
def waiting(request: Request, account: str) -> Iterator[None]:
    """A place among those who wait. Raises 429 when there are too many."""
    places: Counter[str] = request.app.state.waiting
    if places[account] >= OF_ONE or places.total() >= OF_ALL:
        raise HTTPException(429, tongue_of(request).said(TOO_MANY, of_one=OF_ONE), headers={"Retry-After": "5"})
    places[account] += 1
    try:
        yield
    finally:
        places[account] -= 1
        if not places[account]:
            del places[account]


def look(request: Request, asking: Asking, after: int, limit: int, moment: Moment) -> Past:
    """What there is now, decided by what the account may see now."""
    office = asking.office
    if office.ledger.head() <= after:
        return Past([], after, False)
    if (actor := office.actor(asking.actor.account)) is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    found = past(office, actor, tongue_of(request), after, moment, limit)
    if found.of_cases:
        office.record_read(actor, "feed", f"{after}-{found.position}")
    return found


@router.get("/feed", response_class=Response)
async def read_feed(
    request: Request, asking: Signed, after: Annotated[int, Query(ge=0, le=FURTHEST)] = 0, wait: Annotated[int, Query(ge=0, le=LONGEST)] = 0, limit: Limit = 100
) -> Response:
    """CloudEvents 1.0, a batch: what was recorded past `after`. Without any, `wait` says how many seconds to wait for some.

    `Lvyue-Position` is where to go on: events that are not for the caller are passed over.
    """
    moment = await run_sync(lambda: asking.moment)
    found = await run_sync(look, request, asking, after, limit, moment)
    if wait and not found.events and moment.known_at is None:
        with waiting(request, asking.actor.account):
            found = await _when_there_is_more(request, asking, found, limit, moment, wait)
    return Response(
        json.dumps(found.events, ensure_ascii=False).encode(),
        media_type=BATCH,
        headers={"Lvyue-Position": str(found.position), "Content-Language": tongue_of(request).tag},
    )


async def _when_there_is_more(request: Request, asking: Asking, found: Past, limit: int, moment: Moment, seconds: float) -> Past:
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    async with bell_of(asking.office) as bell:
        while not found.events and (left := end - loop.time()) > 0 and not await request.is_disconnected():
            with suppress(TimeoutError):  # others may have recorded something without our hearing
                await asyncio.wait_for(bell.heard.wait(), min(left, LOOKS))
            bell.heard.clear()
            found = await run_sync(look, request, asking, found.position, limit, moment)
    return found
