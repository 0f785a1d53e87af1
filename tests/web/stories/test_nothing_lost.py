"""A real server, many at once, killed at random moments: what it acknowledged is there, once."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.shared import ROOT
from tests.web import kept
from tests.web.office import contract_body, copied_world, reopened

COUNTY = "county-supervisor"
AT = "2026-01-12T09:00:00+08:00"
STARTS_WITHIN = 60.0


class Server:
    """`lvyue serve` over a data folder, at a port of its own."""

    def __init__(self, data: Path, token: str) -> None:
        self.data, self.token = data, token
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        where = {} if (url := kept.url(self.data)) is None else {"LVYUE_DATABASE_URL": url}
        env = {**os.environ, **where, "LVYUE_CLOCK": AT, "LVYUE_ASSETS": "none", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--data", str(self.data), "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=env, cwd=self.data.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        until = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                if httpx2.get(f"{self.url}/healthz", timeout=2).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
            assert self.process.poll() is None, self.process.stderr and self.process.stderr.read().decode()[-2000:]
            assert time.monotonic() < until, "the server did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            if self.process.stderr:
                self.process.stderr.close()
            self.process = None

    def post(self, client: httpx2.Client, path: str, body: Any, key: str, seen: int | None = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key} | ({} if seen is None else {"If-Match": f'"{seen}"'})
        return client.post(f"{self.url}/api/v1{path}", json=body, headers=headers, timeout=30)

    def get(self, path: str, **query: Any) -> Any:
        answer = httpx2.get(f"{self.url}/api/v1{path}", params=query or None, headers={"Authorization": f"Bearer {self.token}"}, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(params=kept.STORES)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    made = copied_world(tmp_path / "data", store=request.param)
    one = Server(tmp_path / "data", made.token(COUNTY))
    made.close()
    one.start()
    yield one
    one.kill()
    kept.forget(tmp_path / "data")


def test_nothing_acknowledged_is_missing_or_doubled_after_a_kill(server: Server) -> None:
    dice, wanted = random.Random(20260112), {f"N-{n}": contract_body(number=f"N-{n}") for n in range(120)}
    acknowledged: dict[str, str] = {}
    turn = threading.Lock()

    def write(numbers: list[str], going: threading.Event) -> None:
        with httpx2.Client() as client:
            for number in numbers:
                if not going.is_set():
                    return
                try:
                    answer = server.post(client, "/contracts", wanted[number], f"key-{number}")
                except httpx2.TransportError:
                    return
                assert answer.status_code == 201, answer.text
                with turn:
                    assert acknowledged.setdefault(number, answer.json()["id"]) == answer.json()["id"], "a retry got another contract"

    for _ in range(2):
        left, going = [one for one in wanted if one not in acknowledged], threading.Event()
        going.set()
        with ThreadPoolExecutor(8) as pool:
            # Some numbers are sent by two at once, as by an impatient client.
            futures = [pool.submit(write, [*left[n::8], *left[(n + 1) % 8 :: 8]], going) for n in range(8)]
            time.sleep(dice.uniform(0.2, 0.8))
            server.kill()
            going.clear()
            for one in futures:
                one.result()
        server.start()
        there = everything(server)
        assert {number: there.get(number) for number in acknowledged} == {number: [stream] for number, stream in acknowledged.items()}
        assert all(len(streams) == 1 for streams in there.values()), "the same number twice"
    going = threading.Event()
    going.set()
    with ThreadPoolExecutor(8) as pool:
        for one in [pool.submit(write, list(wanted)[n::8], going) for n in range(8)]:
            one.result()
    there = everything(server)
    assert {number: one[0] for number, one in there.items()} == acknowledged
    assert set(acknowledged) == set(wanted), "every retry after the kill was answered"
    # Many change one contract from the same version: one is told 200, the others that it moved on.
    contract = acknowledged["N-0"]
    with httpx2.Client() as client, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(server.post, client, f"/contracts/{contract}/checks", {"planned_on": "2026-02-01"}, f"c{n}", 1) for n in range(8)]
        statuses = sorted(one.result().status_code for one in asked)
    assert statuses == [200] + [412] * 7
    assert server.get(f"/contracts/{contract}")["version"] == 2
    server.kill()
    check_the_log(server.data)


def everything(server: Server) -> dict[str, list[str]]:
    """Contract ids by number, over every page of the list."""
    found: dict[str, list[str]] = {}
    after: dict[str, str] = {}
    while True:
        page = server.get("/contracts", limit=200, **after)
        for one in page["items"]:
            found.setdefault(one["number"], []).append(one["id"])
        if page["next"] is None:
            assert sum(len(one) for one in found.values()) == page["total"]
            return found
        after = {"after": page["next"]}


def check_the_log(data: Path) -> None:
    """The office opens again as it was left, and its positions have no gap."""
    world = reopened(data, "2026-01-13")
    try:
        ledger = world.office.ledger
        told = ledger.after(0, 100_000)
        assert [one.position for one in told] == list(range(1, ledger.head() + 1))
        assert world.office.caught_up() == ledger.head()
        assert [one for one in world.office.standings() if one.stopped] == []
    finally:
        world.close()
