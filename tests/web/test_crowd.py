"""Bad weather at the door: too often, too many at once, too slow, too large; each told in the reader's language, and over soon."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import pytest
import uvicorn
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from web.cli.patient import Patient
from web.crowd import BURST, SHARED, Crowd, Pace
from web.looks import Looks, routes
from web.problems import install
from web.security import Guard

Told = TypeVar("Told")


def run(doing: Coroutine[Any, Any, Told]) -> Told:
    """Runs it in a thread of its own: a browser test of the same process may have left its loop running in this one."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, doing).result()


def app_of(**limits: Any) -> FastAPI:
    app = FastAPI(openapi_url=None)
    looks = Looks(source="none")

    @app.get("/api/v1/slow")
    def slow(seconds: float = 0.2) -> dict[str, bool]:
        time.sleep(seconds)
        return {"done": True}

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/quick")
    @app.get("/api/v1/quick")
    def quick() -> dict[str, bool]:
        return {"done": True}

    @app.post("/api/v1/take")
    async def take(request: Request) -> dict[str, int]:
        return {"taken": len(await request.body())}

    app.router.routes.extend(routes(looks))
    install(app, looks)
    app.add_middleware(Crowd, **limits)
    app.add_middleware(Guard, source="none")
    return app


def test_a_pace_lets_a_burst_through_and_then_as_much_as_was_agreed() -> None:
    now = [0.0]
    pace = Pace(2, lambda: now[0])
    assert [pace.wait(b"a") for _ in range(2 * BURST)] == [0.0] * 2 * BURST
    assert pace.wait(b"a") == 0.5
    assert pace.wait(b"b") == 0.0
    now[0] += 0.5
    assert (pace.wait(b"a"), pace.wait(b"a")) == (0.0, 0.5)
    assert Pace(0).wait(b"a") == 0.0


def test_too_often_is_429_with_the_seconds_to_wait_and_nobody_else_pays() -> None:
    with TestClient(app_of(rate=0.05)) as client:  # one in twenty seconds
        mine = {"Authorization": "Bearer mine"}
        assert client.get("/api/v1/quick", headers=mine).status_code == 200
        refused = client.get("/api/v1/quick", headers=mine | {"Accept-Language": "en"})
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert refused.json()["title"] == "Too many requests"
        page = client.get("/quick", headers=mine | {"Accept": "text/html"})
        assert page.status_code == 429
        assert "请求太密了" in page.text
        assert client.get("/healthz", headers=mine).status_code == 200
        for n in range(SHARED - 3):
            assert client.get("/api/v1/quick", headers={"Authorization": f"Bearer {n}"}).status_code == 200
        assert client.get("/api/v1/quick", headers={"Authorization": "Bearer made up again"}).status_code == 429  # the source is counted too


@pytest.fixture(scope="module")
def served() -> Any:
    """A server of its own process's thread, with room for four."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app_of(at_once=4, rate=0, silence=1.0), http=Patient, log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
        thread.start()
        end = time.monotonic() + 20
        while not server.started and time.monotonic() < end:
            time.sleep(0.01)
        yield sock.getsockname()
        server.should_exit = True
        thread.join(10)


async def _asked(place: Any, request: bytes, rest: bytes = b"", after: float = 0.0) -> tuple[int, bytes]:
    """Status and everything that came back; 0 where the connection was closed without a word."""
    reader, writer = await asyncio.open_connection(*place)
    writer.write(request)
    await writer.drain()
    if after:
        await asyncio.sleep(after)
    writer.write(rest)
    told = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    return (int(told.split(b" ", 2)[1]) if told else 0), told


def get(path: str, *more: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: testserver", "Connection: close", *more, "", ""]).encode()


def test_ten_times_too_many_are_refused_clearly_and_all_is_well_within_five_seconds(served: Any) -> None:
    async def storm() -> list[tuple[int, bytes]]:
        return await asyncio.gather(*(_asked(served, get("/api/v1/slow?seconds=0.5")) for _ in range(4 * 10 * 4)))

    answers = run(storm())
    statuses = Counter(status for status, _ in answers)
    assert set(statuses) == {200, 503}, statuses
    assert statuses[503] > statuses[200] > 4
    refused = next(told for status, told in answers if status == 503).decode()
    assert "retry-after: 2" in refused.lower()
    assert json.loads(refused.partition("\r\n\r\n")[2])["type"] == "/problems/crowded"
    began = time.monotonic()
    assert run(_asked(served, get("/api/v1/quick")))[0] == 200
    assert time.monotonic() - began < 5


def test_slow_bodies_take_no_place_and_are_given_up(served: Any) -> None:
    head = b"POST /api/v1/take HTTP/1.1\r\nHost: testserver\r\nOrigin: http://testserver\r\nConnection: close\r\nContent-Length: 100\r\n\r\n"

    async def crawl() -> tuple[list[tuple[int, bytes]], tuple[int, bytes]]:
        slow = [asyncio.create_task(_asked(served, head + b"x")) for _ in range(12)]
        await asyncio.sleep(0.2)
        quick = await _asked(served, get("/api/v1/quick"))
        return await asyncio.gather(*slow), quick

    slow, quick = run(crawl())
    assert quick[0] == 200
    assert {status for status, _ in slow} == {408}
    assert "too-slow" in slow[0][1].decode()
    assert run(_asked(served, head, b"x" * 100, after=0.1))[0] == 200


def test_headers_that_never_end_are_hung_up_on(served: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Patient, "patience", 0.5)
    began = time.monotonic()
    assert run(_asked(served, b"GET / HTTP/1.1\r\nHost:", b" testserver\r\nX-A: 1\r\n", after=0.1))[0] == 0
    assert run(_asked(served, b""))[0] == 0
    assert time.monotonic() - began < 10
    assert run(_asked(served, get("/api/v1/slow?seconds=1")))[0] == 200  # an answer may take longer


def test_addresses_and_headers_beyond_measure() -> None:
    client = TestClient(app_of())
    for path, headers, status in (("/api/v1/quick?q=" + "x" * 9000, {}, 414), ("/api/v1/quick", {f"X-{n}": "1" for n in range(120)}, 431),
                                  ("/api/v1/quick", {"X-Long": "x" * 40_000}, 431)):  # fmt: skip
        refused = client.get(path, headers=headers)
        assert refused.status_code == status
        assert refused.json()["detail"]
        assert refused.headers["x-request-id"]
