"""Views told again while clients read and write over HTTP: nobody may see an empty list, or an older one.

    python -m benchmarks.retelling [--databases sqlite postgresql] [--contracts 3000] [--rebuilds 3] [--readers 4] [--writers 2] [--servers 2]

`lvyue serve` answers; each reader asks for the list of contracts again and again, each writer signs one after another, and
`lvyue rebuild` tells every view again beside them and swaps it in, so many times. A reader must be answered each time, with a
full page, and with at least as many contracts as were acknowledged before it asked and as it saw before. In the end the views
equal a rebuild, byte for byte. Prints what was counted; exit status 1 where a promise did not hold.
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks import histories, offices
from benchmarks.endurance import REGION, Client, ended, free_port, started
from benchmarks.measuring import DATABASES, folder, head, percentile, postgres_server
from domain.access.account import account_id
from domain.act import CHINA
from web.comparing import compare_views
from web.office import open_office
from web.settings import Settings

PAGE = 100  # contracts that a reader asks for at once


class Seen(NamedTuple):
    """What readers saw while the views were told again."""

    reads: int
    refused: dict[str, int]  # answered with anything but a page: a status or an error, how often
    short: int  # pages with fewer rows than there are
    older: int  # fewer contracts than acknowledged before, or than seen before
    slowest: float  # seconds
    p95: float
    written: int
    rebuilds: list[float]  # seconds of each
    differing: list[str]


class _Reader(threading.Thread):
    """Reads the list until told to stop."""

    def __init__(self, port: int, token: str, acknowledged: Callable[[], int], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.acknowledged, self.stop = port, token, acknowledged, stop
        self.took, self.refused, self.short, self.older = list[float](), Counter[str](), 0, 0

    def run(self) -> None:
        most = 0
        while not self.stop.is_set():
            least, began = self.acknowledged(), time.perf_counter()
            told = listed(self.port, self.token)
            self.took.append(time.perf_counter() - began)
            if isinstance(told, str):
                self.refused[told] += 1
                continue
            total, shown = told
            self.short += shown != min(total, PAGE)
            self.older += total < max(least, most)
            most = max(most, total)
            self.stop.wait(0.02)


def listed(port: int, token: str) -> tuple[int, int] | str:
    """How many contracts there are, and how many stand on the page; a status or an error where there was no page."""
    conn = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        conn.request("GET", f"/api/v1/contracts?limit={PAGE}", headers={"Authorization": f"Bearer {token}"})
        answer = conn.getresponse()
        body = answer.read()
        if answer.status != 200:
            return str(answer.status)
        told = json.loads(body)
        return int(told["total"]), len(told["items"])
    except OSError as why:
        return type(why).__name__
    finally:
        conn.close()


def swap(data: Path, url: str | None, contracts: int, rebuilds: int, readers: int, writers: int, servers: int) -> Seen:
    """Serve, read and write, telling every view again so many times; what the readers saw."""
    with offices.office(data, url) as (opened, clock):
        offices.people(opened)
        offices.fill(opened, clock, contracts)
        opened.settle()
        names = (histories.supervisor(histories.CITY), histories.supervisor(REGION))
        reading, writing = (opened.vault.tokens.make(account_id(name), "retelling", opened.now, datetime(2090, 1, 1, tzinfo=CHINA)) for name in names)
    port, environment = free_port(), {"LVYUE_DATA": str(data)} | ({} if url is None else {"LVYUE_DATABASE_URL": url})
    server = started("serve", "--port", port, *(() if url is None else ("--workers", servers)), environment=environment)
    stop, took = threading.Event(), list[float]()
    try:
        before = _answered(port, reading)
        clients = [Client(f"R{n}", port, writing, stop) for n in range(writers)]
        looking = [_Reader(port, reading, lambda: before + sum(len(one.done) for one in clients), stop) for _ in range(readers)]
        for one in (*clients, *looking):
            one.start()
        for _ in range(rebuilds):
            began = time.perf_counter()
            if started("rebuild", environment=environment).wait() != 0:
                raise SystemExit("the views could not be told again")
            took.append(time.perf_counter() - began)
        stop.set()
        for one in (*clients, *looking):
            one.join(120)
    finally:
        stop.set()
        ended([server])
    seconds = [each for one in looking for each in one.took]
    refused = sum((one.refused for one in looking), Counter[str]())
    short, older = sum(one.short for one in looking), sum(one.older for one in looking)
    return Seen(
        len(seconds), dict(refused), short, older, max(seconds), percentile(seconds, 0.95), sum(len(one.done) for one in clients), took, _differing(data, url)
    )


def _answered(port: int, token: str) -> int:
    """How many contracts there are, once the server answers."""
    until = time.monotonic() + 300
    while isinstance(told := listed(port, token), str):
        if time.monotonic() > until:
            raise SystemExit("the server did not start")
        time.sleep(0.2)
    return told[0]


def _differing(data: Path, url: str | None) -> list[str]:
    office = open_office(Settings(data=data, database_url=url, assets="none"))
    try:
        return [f"{one.position}: {one.what}" for one in compare_views(office)[1]]
    finally:
        office.close()


def _shown(database: str, seen: Seen) -> bool:
    """Print what was seen; whether every promise held."""
    print(f"  {len(seen.rebuilds)} rebuilds of {', '.join(f'{one:.1f}' for one in seen.rebuilds)} s; {seen.written:,} contracts written meanwhile")
    print(f"  {seen.reads:,} pages read: {seen.refused or 0} refused, {seen.short} short or empty, {seen.older} older; "
          f"p95 {seen.p95 * 1000:,.0f} ms, the slowest {seen.slowest * 1000:,.0f} ms")  # fmt: skip
    print(f"  different from a rebuild: {seen.differing or 'nothing'}", flush=True)
    return not (seen.refused or seen.short or seen.older or seen.differing) and bool(seen.reads and seen.written)


def measure(databases: Sequence[str], asked: argparse.Namespace) -> bool:
    held = True
    for database in databases:
        head(f"{database}: {asked.readers} read and {asked.writers} write while every view is told again {asked.rebuilds} times")
        size = (asked.contracts, asked.rebuilds, asked.readers, asked.writers, asked.servers)
        with folder() as here:
            if database == "sqlite":
                held &= _shown(database, swap(here / "data", None, *size))
                continue
            with postgres_server() as fresh:
                held &= _shown(database, swap(here / "data", fresh("retelling"), *size))
    return held


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--databases", nargs="+", choices=DATABASES, default=list(DATABASES))
    for name, value in (("contracts", 3_000), ("rebuilds", 3), ("readers", 4), ("writers", 2), ("servers", 2)):
        options.add_argument(f"--{name}", type=int, default=value)
    asked = options.parse_args()
    raise SystemExit(0 if measure(asked.databases, asked) else 1)


if __name__ == "__main__":
    main()
