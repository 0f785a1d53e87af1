"""How fast all the views there are hear of events: caught up, told again, and one's own write.

    python -m benchmarks.follow [--events N …] [--databases sqlite postgresql] [--rounds N] [--profile]

Prints for each database and size: SELECT + decode alone, catching up (batches of 2,000), a full rebuild (batches of
5,000), one transaction an event (over the first thousand events of the same log), the memory held at the most, and how
long after a commit a reader of all views sees it. Every size runs in a process of its own, so that memory is its own.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import subprocess
import sys
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from benchmarks import histories, offices
from benchmarks.measuring import DATABASES, folder, head, in_turn, memory, places, spread, table, timed
from domain.actor import THE_SYSTEM
from domain.contract import commands
from domain.contract.events import ContractSigned
from domain.values.money import Money
from projections import contracts
from projections.temporal.engine import writing
from projections.temporal.follow import Follower
from projections.temporal.view import open_views, state_of
from projections.views import VIEWS
from web.office import Office
from web.retelling import retell

FEW = 1_000


class Stretch:
    """The ledger up to a position, as a follower reads it."""

    def __init__(self, office: Office, upto: int) -> None:
        self._ledger, self._upto = office.ledger, upto
        self.of = office.ledger.of

    def after(self, position: int, limit: int) -> Any:
        return self._ledger.after(position, min(limit, max(0, self._upto - position)))


def empty(office: Office) -> None:
    """Views as they are made, with nothing told."""
    with writing(office.views).begin() as conn:
        for view in VIEWS:
            view.table.drop(conn, checkfirst=True)
    open_views(VIEWS, office.views)


def decoded(office: Office) -> None:
    position, upto = 0, office.ledger.head()
    while position < upto:
        position = office.ledger.after(position, 5_000)[-1].position


def rates(office: Office, rounds: int) -> None:
    events = office.ledger.head()
    few = min(FEW, events)

    def read() -> float:
        return events / timed(lambda: decoded(office))

    def caught_up() -> float:
        empty(office)
        return events / timed(Follower(VIEWS, office.ledger, office.views, office.law_at).catch_up)

    def rebuilt() -> float:
        return events / timed(lambda: retell(VIEWS, office))

    def singly() -> float:
        empty(office)
        first: Any = Stretch(office, few)
        return few / timed(Follower(VIEWS, first, office.views, office.law_at, batch=1).catch_up)

    measures = {"a transaction an event": singly, "SELECT + decode": read, "caught up": caught_up, "rebuilt": rebuilt}
    table(in_turn(measures, rounds), "events/s", "a transaction an event")
    stopped = [(one.name, one.stopped) for one in state_of(VIEWS, office.views) if one.stopped]
    assert not stopped, stopped


def own_write(office: Office, writes: int = 100) -> None:
    """Payments, each followed by a page's look at it."""
    office.caught_up()
    unpaid = _with_money_to_pay(office, writes)
    took = list[float]()
    for stream, ref in unpaid:
        done = office.do(lambda act, stream=stream, ref=ref: commands.record_payment(act, stream, ref=ref, value=Money(Decimal("0.01"), "CNY")), THE_SYSTEM)
        start = time.perf_counter()
        with office.looking(done.position) as conn:
            found = conn.execute(sa.select(contracts.register.c.paid).where(contracts.register.c.owner == stream, contracts.register.c.since == done.position))
            assert found.first() is not None
        took.append(time.perf_counter() - start)
    print(f"  one's own write on a page of {len(VIEWS)} views, after the commit: {spread(took)}")


def _with_money_to_pay(office: Office, wanted: int) -> list[tuple[Any, str]]:
    """The newest contracts: little of them is paid."""
    found, position = list[tuple[Any, str]](), office.ledger.head()
    while position > 0 and len(found) < wanted:
        position = max(0, position - 5_000)
        told = office.ledger.after(position, 5_000)
        found += [(one.stream, one.event.payments[-1].ref) for one in reversed(told) if isinstance(one.event, ContractSigned)]
    return found[:wanted]


def profile(office: Office) -> None:
    empty(office)
    cpu = time.process_time()
    took = timed(lambda: retell(VIEWS, office))
    print(f"rebuilt {office.ledger.head():,} events in {took:.1f} s, {time.process_time() - cpu:.1f} s of them on the processor; then under the profiler:")
    with cProfile.Profile() as told:
        retell(VIEWS, office)
    pstats.Stats(told).sort_stats("tottime").print_stats(40)


def measure(database: str, events: int, rounds: int, profiled: bool) -> None:
    with folder() as here, places([database]) as place:
        url = place(database, "follow") if database == "postgresql" else None
        with offices.office(here / "data", url) as (office, clock):
            offices.people(office)
            took = timed(lambda: offices.fill(office, clock, events // histories.PER_CONTRACT + 50, events))
            clock.set(offices.AFTER + timedelta(1))
            written = office.ledger.head()
            if profiled:
                return profile(office)
            head(f"{database}: {written:,} events of {events // histories.PER_CONTRACT:,} contracts, written at {written / took:,.0f} events/s")
            rates(office, rounds)
            own_write(office, min(100, events // 200))
            print(f"  memory at the most: {memory():,.0f} MiB")
    return None


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", nargs="+", type=int, default=[10_000, 100_000])
    asked.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--profile", action="store_true")
    wanted = asked.parse_args()
    runs = [(database, events) for events in wanted.events for database in wanted.databases]
    if len(runs) == 1:
        return measure(*runs[0], wanted.rounds, wanted.profile)
    for database, events in runs:
        again = [sys.executable, "-m", "benchmarks.follow", "--events", str(events), "--databases", database, "--rounds", str(wanted.rounds)]
        subprocess.run([*again, *(["--profile"] if wanted.profile else [])], check=True)
    return None


if __name__ == "__main__":
    main()
