"""Endurance: readers that tail a growing log, and processes that are killed, on both databases.

    python -m benchmarks.endurance [--databases sqlite postgresql] [--writers 16] [--events 20000] [--kills 50] [--workers 3] [--servers 2] [--every 4]

tail: so many writers, in four processes, append while a reader tails the log by position and another through a
subscription: no position may be skipped or doubled. kill: `lvyue serve` answers clients that write contracts, several
`lvyue worker` tell the views, and one of them at a time is killed (SIGKILL) and started again; now and then the database
ends every connection. On SQLite `serve` tells the views itself: there it is the one that is killed. In the end every
acknowledged contract is there, the log verifies, and the views equal a rebuild, byte for byte. Prints what was counted;
exit status 1 where a promise did not hold.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
from eventsourcing.persistence import StoredEvent

from benchmarks import histories, offices
from benchmarks.measuring import DATABASES, folder, head, postgres_server
from domain.access.account import account_id
from domain.act import CHINA
from projections.temporal.view import state_of
from projections.views import VIEWS
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger
from stores.ledger.verify import verify
from web.comparing import compare_views
from web.office import open_office
from web.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
REGION, PROCESSES = "440823", 4
AT = "2026-11-23T09:00:00+08:00"


# ---- a reader that tails


class Tailed(NamedTuple):
    """What readers saw of so many events."""

    events: int
    skipped: int
    doubled: int
    seconds: float


def _now() -> datetime:
    return datetime.now(CHINA)


def _write(url: str, threads: int, each: int) -> None:
    engine = open_ledger(url)
    recorder = EventRecorder(engine, _now)

    def one(_: int) -> None:
        stream = uuid4()
        for n in range(1, each + 1):
            recorder.insert_events([StoredEvent(stream, n, "a/1", b"{}")])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(one, range(threads)))
    engine.dispose()


def tail(url: str, writers: int, events: int, processes: int = PROCESSES) -> Tailed:
    """Append by many, read by two; what the readers saw between them."""
    engine = open_ledger(url)
    create_ledger(engine)
    reader, each = EventRecorder(engine, _now), events // writers
    whole, seen, heard = each * writers, list[int](), list[int]()
    subscription = reader.subscribe(gt=0)

    def follow() -> None:
        while len(seen) < whole:
            seen.extend(row.position for row in reader.after(seen[-1] if seen else 0, 500))

    def listen() -> None:
        for told in subscription:
            heard.append(told.id)
            if len(heard) >= whole:
                return

    threads = [threading.Thread(target=work) for work in (follow, listen)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.starmap(_write, [(url, writers // processes, each)] * processes)
    for thread in threads:
        thread.join(120)
    subscription.stop()
    engine.dispose()
    wrong = [(whole - len(set(one)), len(one) - len(set(one))) for one in (seen, heard)]
    in_order = all(one == sorted(one) for one in (seen, heard))
    return Tailed(whole, max(w[0] for w in wrong), max(w[1] for w in wrong) + (not in_order), time.perf_counter() - start)


# ---- workers that are killed


class Killed(NamedTuple):
    """What was left after so many kills."""

    kills: int
    acknowledged: int
    lost: int
    doubled: int
    events: int
    differing: list[str]
    whole: bool
    reached: bool


def started(*asked: object, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """`lvyue` with these words, by the clock of this run."""
    told = {**os.environ, "PYTHONPATH": str(ROOT), "LVYUE_LOG_LEVEL": "ERROR", "LVYUE_ASSETS": "none", "LVYUE_CLOCK": AT, **environment}
    return subprocess.Popen([sys.executable, "-m", "web.cli", *map(str, asked)], env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _body(number: str) -> dict[str, Any]:
    (bureau, name), (firm, firm_name) = histories.organisation("authority", 4), histories.organisation("firm", 1)
    value = {"amount": "1000000.00", "currency": "CNY"}
    return {"number": number, "name": "堤防加固工程", "type": "SG", "region": REGION, "signed_on": "2026-11-02", "starts_on": "2026-11-02",
            "ends_on": "2027-11-02", "authority": {"scheme": "CN-USCC", "id": bureau, "name": name},
            "contractors": [{"scheme": "CN-USCC", "id": firm, "name": firm_name, "size": "small", "lead": True}], "value": value,
            "obligations": [{"ref": "M1", "owed_by": "contractor", "title": "一期", "due_on": "2027-03-31"}],
            "payments": [{"ref": "P1", "after": "M1", "value": value, "term_days": 30}], "security": None, "retention_percent": "0"}  # fmt: skip


class Client(threading.Thread):
    """Writes contracts, each until it is acknowledged, until told to stop."""

    def __init__(self, name: str, port: int, token: str, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.prefix, self.port, self.token, self.stop, self.done = name, port, token, stop, list[str]()

    def run(self) -> None:
        n = 0
        while not self.stop.is_set():
            n += 1
            number = f"{self.prefix}-{n}"
            if self._until_told(number):
                self.done.append(number)

    def _until_told(self, number: str) -> bool:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": number, "Content-Type": "application/json"}
        body = json.dumps(_body(number))
        while not self.stop.is_set():
            conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            try:
                conn.request("POST", "/api/v1/contracts", body, headers)
                answer = conn.getresponse()
                answer.read()
                if answer.status in (200, 201):
                    return True
                if answer.status not in (409, 412, 429, 503):
                    raise SystemExit(f"{number}: {answer.status}")
            except (OSError, http.client.HTTPException):  # killed before it answered, or in the midst of it
                pass
            finally:
                conn.close()
            self.stop.wait(0.05)
        return False


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def ended(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """All asked to end, and waited for."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def kill(url: str | None, data: Path, kills: int, workers: int = 3, servers: int = 2, clients: int = 4, every: float = 1.0) -> Killed:
    """Serve, write and tell, killing a process every so many seconds; what is left when all is told. `url` None: on SQLite."""
    with offices.office(data, url) as (opened, _):
        offices.people(opened)
        token = opened.vault.tokens.make(account_id(histories.supervisor(REGION)), "endurance", opened.now, datetime(2090, 1, 1, tzinfo=CHINA))
    port, environment = free_port(), {"LVYUE_DATA": str(data)} | ({} if url is None else {"LVYUE_DATABASE_URL": url})
    serve = ("serve", "--port", port) if url is None else ("serve", "--port", port, "--workers", servers)
    # Whom it hits: a worker; on SQLite the one process that there is.
    victims: list[tuple[object, ...]] = [serve] if url is None else [("worker",)] * workers
    others = [] if url is None else [started(*serve, environment=environment)]
    running, stop, dice = [started(*one, environment=environment) for one in victims], threading.Event(), random.Random(1)
    writing = [Client(f"E{n}", port, token, stop) for n in range(clients)]
    try:
        for one in writing:
            one.start()
        _wait(lambda: any(one.done for one in writing), 120)
        for turn in range(kills):
            if url is None:  # killed at work, not while it starts
                told = sum(len(one.done) for one in writing)
                _wait(lambda told=told: sum(len(one.done) for one in writing) > told, 120)
            time.sleep(dice.uniform(0.2, 1.8) * every)
            if url is not None and turn % 10 == 1:
                _end_connections(url)
            n = dice.randrange(len(victims))
            running[n].send_signal(signal.SIGKILL)
            running[n].wait()
            running[n] = started(*victims[n], environment=environment)
        stop.set()
        for one in writing:
            one.join(60)
        reached = _caught_up(url, data, 120)
    finally:
        stop.set()
        ended([*running, *others])
    return _left(url, data, kills, [number for one in writing for number in one.done], reached)


def _end_connections(url: str) -> None:
    """As a database that is started anew: every process loses what it holds."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as session:
        session.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")


def _wait(until: Any, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not (held := until()) and time.monotonic() < end:
        time.sleep(0.2)
    return bool(held)


def _caught_up(url: str | None, data: Path, seconds: float) -> bool:
    """Whether the workers alone bring every view to the head."""
    office = open_office(Settings(data=data, database_url=url, assets="none"))
    try:
        return _wait(lambda: all(one.position == office.ledger.head() for one in state_of(VIEWS, office.views)), seconds)
    finally:
        office.close()


def _left(url: str | None, data: Path, kills: int, acknowledged: list[str], reached: bool) -> Killed:
    office = open_office(Settings(data=data, database_url=url, assets="none"))
    try:
        signed = [one.event.number for one in _told(office) if one.event.topic.startswith("contract.signed/")]
        differing = [f"{one.position}: {one.what}" for one in compare_views(office)[1]]
        known = set(signed)
        return Killed(kills, len(acknowledged), len(set(acknowledged) - known), len(signed) - len(known), office.ledger.head(), differing,
                      verify(url or data / "ledger.db").ok, reached)  # fmt: skip
    finally:
        office.close()


def _told(office: Any) -> Any:
    position = 0
    while told := office.ledger.after(position, 2_000):
        yield from told
        position = told[-1].position


@contextmanager
def _places(database: str) -> Iterator[tuple[str, str | None, Path]]:
    """Where the log to tail is, and where the installation: its database (None: in its folder) and its folder."""
    with folder() as here:
        if database == "sqlite":
            yield f"sqlite:///{here / 'tail.db'}", None, here / "data"
            return
        with postgres_server() as fresh:
            yield fresh("tail"), fresh("kill"), here / "data"


def endure(database: str, asked: argparse.Namespace) -> bool:
    """Print what was counted on a database; whether every promise held."""
    with _places(database) as (log, url, data):
        head(f"{database}: a reader tails {asked.events:,} events of {asked.writers} writers")
        tailed = tail(log, asked.writers, asked.events)
        print(f"  {tailed.events:,} events in {tailed.seconds:.1f} s: {tailed.skipped} skipped, {tailed.doubled} doubled or out of order", flush=True)
        who = "one server, which is" if url is None else f"{asked.servers} servers and {asked.workers} workers, of which one is"
        head(f"{database}: {who} killed {asked.kills} times")
        left = kill(url, data, asked.kills, asked.workers, asked.servers, every=asked.every)
        print(f"  {left.acknowledged:,} acknowledged, {left.lost} lost, {left.doubled} doubled; {left.events:,} events")
        print(f"  the log is {'whole' if left.whole else 'BROKEN'}")
        print(f"  views at the head by what runs alone: {left.reached}; different from a rebuild: {left.differing or 'nothing'}", flush=True)
    return not (tailed.skipped or tailed.doubled or left.lost or left.doubled or left.differing) and left.whole and left.reached


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    for name, value in (("writers", 16), ("events", 20_000), ("kills", 50), ("workers", 3), ("servers", 2)):
        options.add_argument(f"--{name}", type=int, default=value)
    options.add_argument("--every", type=float, default=4.0, help="seconds between two kills, on the average")
    asked = options.parse_args()
    held = [endure(database, asked) for database in asked.databases]
    raise SystemExit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
