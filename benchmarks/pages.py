"""How long pages take, in the process and over HTTP, with few contracts and with many.

    python -m benchmarks.pages [--contracts N …] [--databases sqlite postgresql] [--requests N] [--seconds N]

Prints, at each size: how fast every view is told again, from a log that is long (50,000 contracts are a million events) by several
processes; median and p95 of the contract list as a page and as JSON (now; as known at random positions of
the past; as known then of random days) and of its query alone, of a contract, a case, a case with a thousand events,
the desk and a public record, all asked in turn; then requests a second of the public look-up beside a bare FastAPI
route on the same server (uvicorn, one worker, 16 connections), and its p99 at 200 requests a second; and how long
`lvyue serve` takes from its start to the first page, with these data.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent
from starlette.testclient import TestClient

from benchmarks import histories, offices
from benchmarks.measuring import DATABASES, folder, head, memory, percentile, places, spread, timed
from domain.access.account import account_id
from domain.act import CHINA
from domain.breach.events import CaseOpened, RectificationReported
from domain.events import encode
from domain.terms import Proof
from projections import cases, contracts, sanctions
from projections.regions import Scope
from projections.temporal.moment import Moment
from projections.views import VIEWS
from web.app import serving
from web.office import Office, open_office
from web.retelling import retell
from web.settings import Settings

CONNECTIONS, RATE, STARTS = 16, 200, 5
KINDS = ("now", "known_at", "both")
Measure = Callable[[], float]


def long_case(office: Office) -> str:
    """A case with a thousand events; its id."""
    stream, by = uuid4(), str(account_id(histories.supervisor(histories.CITY)))
    code, _ = histories.organisation("firm", 1)
    opened = CaseOpened(
        by=by, number="440823-AJ-2026-999999", finding=uuid4(), contract=uuid4(), region="440823", authority="CN-USCC:x", contractors=[],
        party=f"CN-USCC:{code}", side="contractor", behaviour="QLT-01", kind="administrative", occurred_on=histories.LAST, opened_on=histories.LAST,
        facts="长案", contract_clause=None, evidence=[Proof(histories.PROOF, by)], contract_value=None,
    )  # fmt: skip
    said = [RectificationReported(by=by, reported_on=histories.LAST, text=f"第 {n} 次整改报告", evidence=[histories.PROOF]) for n in range(999)]
    office.recorder.insert_events([StoredEvent(stream, n, one.topic, encode(one)) for n, one in enumerate([opened, *said], 1)])
    return str(stream)


class Asked:
    """Pages and queries of one office, each asked once a turn."""

    def __init__(self, office: Office, seed: int = 1) -> None:
        self.office, self.dice, self.head = office, Random(seed), office.ledger.head()
        self.client = TestClient(serving(office), base_url="http://127.0.0.1:8000", follow_redirects=False)
        far = datetime(2099, 1, 1, tzinfo=CHINA)
        account = account_id(histories.supervisor(histories.CITY))
        self.signed = {"Authorization": f"Bearer {office.vault.tokens.make(account, 'benchmark', office.now, far)}"}
        with office.looking() as conn:
            self.contracts = [str(one) for one in conn.scalars(sa.select(contracts.register.c.owner).distinct().limit(500))]
            self.cases = [str(one) for one in conn.scalars(sa.select(cases.cases.c.owner).distinct().limit(500))]
            public = sa.select(sanctions.sanctions.c.party).where(sanctions.sanctions.c.public.is_(True)).distinct().limit(200)
            self.parties = list(conn.scalars(public))

    def get(self, address: str) -> float:
        took = time.perf_counter()
        answer = self.client.get(address, headers=self.signed)
        took = time.perf_counter() - took
        assert answer.status_code == 200, (address, answer.status_code, answer.text[:300])
        return took

    def past(self, kind: str) -> tuple[int | None, date | None]:
        known_at = self.dice.randrange(self.head // 10, self.head) if kind != "now" else None
        return known_at, histories.FIRST + timedelta(self.dice.randrange(60, 900)) if kind == "both" else None

    def listed(self, path: str, kind: str) -> float:
        known_at, as_of = self.past(kind)
        return self.get(path + "?" + "&".join(f"{name}={value}" for name, value in (("known_at", known_at), ("as_of", as_of)) if value))

    def queried(self, kind: str) -> float:
        known_at, as_of = self.past(kind)
        moment = Moment(self.office.today, known_at, as_of)
        with self.office.views.connect() as conn:
            return timed(lambda: contracts.contracts(conn, moment, Scope([histories.CITY], []), contracts.Filters(), 51))

    def measures(self, long: str) -> dict[str, Measure]:
        def one(path: str, ids: Sequence[str]) -> Measure:
            return lambda: self.get(path.format(self.dice.choice(ids)))

        found: dict[str, Measure] = {}
        for kind in KINDS:
            found[f"query of the list, {kind}"] = lambda kind=kind: self.queried(kind)
            found[f"/api/v1/contracts, {kind}"] = lambda kind=kind: self.listed("/api/v1/contracts", kind)
            found[f"/contracts, {kind}"] = lambda kind=kind: self.listed("/contracts", kind)
        found["/contracts/{id}"], found["/cases/{id}"] = one("/contracts/{}", self.contracts), one("/cases/{}", self.cases)
        found["/cases/{id}, 1,000 events"] = lambda: self.get(f"/cases/{long}")
        found["/ (the desk)"], found["/public?q="] = lambda: self.get("/"), one("/public?q={}", [ref.partition(":")[2] for ref in self.parties])
        found["/public/{party}"] = one("/public/{}", self.parties)
        return found


def in_process(asked: Asked, long: str, requests: int) -> dict[str, list[float]]:
    measures = asked.measures(long)
    told: dict[str, list[float]] = {name: [] for name in measures}
    for name, measure in measures.items():
        try:
            measure()
        except AssertionError as refused:
            print(f"  NOT MEASURED {name}: {refused}")
            del told[name]
    for _ in range(requests):
        for name in told:
            told[name].append(measures[name]())
    width = max(map(len, told))
    for name, took in told.items():
        print(f"  {name:<{width}}  {spread(took)}")
    return told


# ---- over HTTP


def serve(data: Path, url: str | None, port: int) -> None:
    """The application, and beside it a bare route."""
    import uvicorn
    from fastapi import FastAPI

    office = open_office(Settings(data=data, database_url=url, assets="none", clock=offices.AFTER.isoformat() + "!", rate=0))  # no limit
    bare, ours = FastAPI(), serving(office)

    @bare.get("/bare")
    def answer() -> dict[str, str]:
        return {"status": "ok"}

    async def either(scope: Any, receive: Any, send: Any) -> None:
        await (bare if scope.get("path") == "/bare" else ours)(scope, receive, send)

    uvicorn.run(either, host="127.0.0.1", port=port, log_level="warning", access_log=False)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n".encode())
    told = await reader.readuntil(b"\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 200"), told
    await reader.readexactly(int(told.lower().split(b"content-length:")[1].split(b"\r\n")[0]))


async def closed_loop(port: int, paths: Sequence[str], seconds: float) -> float:
    """Requests a second of so many connections, each asking again as soon as it is answered, for one after another."""
    until, done, asked = time.monotonic() + seconds, 0, cycle(paths)

    async def client() -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < until:
            await _ask(reader, writer, next(asked))
            done += 1
        writer.close()

    await asyncio.gather(*[client() for _ in range(CONNECTIONS)])
    return done / seconds


async def fixed_rate(port: int, paths: Sequence[str], seconds: float) -> list[float]:
    """Seconds from when each request was due to its answer, at a fixed rate whatever the server does."""
    idle: asyncio.Queue[Any] = asyncio.Queue()
    for _ in range(64):
        idle.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    took, start, asked = list[float](), time.monotonic() + 0.1, cycle(paths)

    async def one(due: float) -> None:
        await asyncio.sleep(due - time.monotonic())
        connection = await idle.get()
        await _ask(*connection, next(asked))
        idle.put_nowait(connection)
        took.append(time.monotonic() - due)

    await asyncio.gather(*[one(start + n / RATE) for n in range(int(RATE * seconds))])
    return took


def over_http(data: Path, url: str | None, look_ups: Sequence[str], seconds: float) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "benchmarks.pages", "--serve", str(data), str(port), *([url] if url else [])]
    server = subprocess.Popen(program, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    try:
        _wait_for(server, port)
        rates = [[asyncio.run(closed_loop(port, paths, seconds)) for paths in (["/bare"], look_ups)] for _ in range(3)]
        bare, ours = (statistics.median(one) for one in zip(*rates, strict=True))
        print(f"  public look-up over HTTP, of {len(look_ups)} firms {ours:,.0f} requests/s, a bare route {bare:,.0f}: {ours / bare:.2f} x")
        took = asyncio.run(fixed_rate(port, look_ups, seconds * 2))
        print(f"  the same at {RATE} requests/s: {spread(took)}   p99 {percentile(took, 0.99) * 1000:.2f} ms")
    finally:
        server.terminate()
        server.wait()


def first_page(data: Path, url: str | None) -> None:
    """From the start of the program, whose modules and templates are compiled, to its first page."""
    took = list[float]()
    for _ in range(STARTS + 1):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        environment = {
            **os.environ,
            "LVYUE_DATA": str(data),
            "LVYUE_CLOCK": offices.AFTER.isoformat() + "!",
            "PYTHONDONTWRITEBYTECODE": "",
            **({"LVYUE_DATABASE_URL": url} if url else {}),
        }
        begun = time.perf_counter()
        server = subprocess.Popen(
            [sys.executable, "-m", "web.cli", "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            _wait_for(server, port, patience=0.01)
            asyncio.run(_one(port, "/sign-in"))
            took.append(time.perf_counter() - begun)
        finally:
            server.terminate()
            server.wait()
    print(f"  from `lvyue serve` to its first page: {spread(took[1:])}")


async def _one(port: int, path: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await _ask(reader, writer, path)
    writer.close()


def _wait_for(server: subprocess.Popen[bytes], port: int, patience: float = 0.1) -> None:
    for _ in range(int(60 / patience)):
        assert server.poll() is None, "the server did not start"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(patience)
        else:
            return
    raise AssertionError("the server did not answer in a minute")


def measure(database: str, many: int, requests: int, seconds: float) -> dict[str, list[float]]:
    with folder() as here, places([database]) as place:
        url = place(database, "pages") if database == "postgresql" else None
        with offices.office(here / "data", url) as (office, clock):
            offices.people(office)
            events = offices.fill(office, clock, many)
            long = long_case(office)
            took = timed(lambda: retell(VIEWS, office))
            rate, most = office.ledger.head() / took, memory(RUSAGE_CHILDREN)
            print(f"\n{database}: every view told again in {took:.1f} s, {rate:,.0f} events/s, by processes of {most:,.0f} MiB at the most")
            head(f"{database}: {many:,} contracts, {events:,} events; {requests} requests of each, in turn")
            asked = Asked(office)
            told = in_process(asked, long, requests)
            look_ups = ["/public/api/parties/" + one for one in asked.parties]
        over_http(here / "data", url, look_ups, seconds)
        first_page(here / "data", url)
        return told


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--contracts", nargs="+", type=int, default=[1_000, 100_000])
    asked.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    asked.add_argument("--requests", type=int, default=100)
    asked.add_argument("--seconds", type=float, default=5.0)
    asked.add_argument("--serve", nargs="+", help=argparse.SUPPRESS)
    wanted = asked.parse_args()
    if wanted.serve:
        return serve(Path(wanted.serve[0]), wanted.serve[2] if len(wanted.serve) > 2 else None, int(wanted.serve[1]))
    for database in wanted.databases:
        told = [measure(database, many, wanted.requests, wanted.seconds) for many in wanted.contracts]
        if len(told) > 1:
            head(f"{database}: p95 with {wanted.contracts[-1]:,} contracts, as a multiple of that with {wanted.contracts[0]:,}")
            for name in told[0].keys() & told[-1].keys():
                print(f"  {name:<34} {percentile(told[-1][name], 0.95) / percentile(told[0][name], 0.95):.2f}")
    return None


if __name__ == "__main__":
    main()
