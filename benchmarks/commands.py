"""How fast one command is: aggregate loaded, decided, durable; beside the library alone and beside a bare insert.

    python -m benchmarks.commands [--databases sqlite postgresql] [--commands N] [--rounds N] [--clients N]

The command records a payment of a contract whose stream holds eight events: `Act`, access, rules of the domain, command
id, tree and stamp, one durable commit. The library's application has an aggregate of eight events as well, decides by
a bare comparison and saves through its own recorder. The bare insert commits one row of the same size.
"as the web asks it" goes through the office: the book, a look for an earlier answer, and the anchor in the vault.
From the second time on that a contract is asked of, what was read of it is kept and only newer events are read, as in
service; "nothing kept" reads the stream whole each time. The library keeps aggregates where it is told to, so it is
measured in both ways as well.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import StoredEvent

from benchmarks import histories, offices
from benchmarks.measuring import DATABASES, folder, head, in_turn, places, table, timed
from benchmarks.pool import stand_in
from domain.act import CHINA, Act
from domain.actor import Actor, Grant
from domain.contract import commands as contract
from domain.contract.events import ContractFiled, ContractPublished, ContractSigned, ObligationFulfilled
from domain.events import Event, encode
from domain.ledger import Command, Ledger
from domain.policy.book import Book
from domain.policy.pack import read_pack, shipped
from domain.terms import Authority, Contractor, Obligation, PaymentTerm
from domain.values.money import Money
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger

ROW_BYTES = 160  # of a stored payment
REGION, DAY, NOW = "440823", date(2026, 4, 29), datetime(2026, 4, 29, 9, tzinfo=CHINA)
ACTOR = Actor(str(uuid4()), "supervisor", (Grant("supervisor", REGION),))
CENT = Money(Decimal("0.01"), "CNY")
Ask = Callable[[int], None]  # the n-th command


# ---- ours


def our_past(stream: UUID) -> list[StoredEvent]:
    """Eight events of a contract that is being performed."""
    code, name = histories.organisation("authority", 0)
    firm, firm_name = histories.organisation("firm", 1)
    duties = [Obligation(f"M{n}", "contractor", "主体工程", DAY) for n in range(1, 8)]
    terms = [PaymentTerm(f"P{n}", Money(Decimal(100_000), "CNY"), f"M{n}", 30) for n in range(1, 8)]
    said: dict[str, Any] = {"by": ACTOR.account}
    told: list[Event] = [
        ContractSigned(
            number=stream.hex, name="堤防加固工程", type="SG", region=REGION, signed_on=date(2026, 1, 5), holds_from=date(2026, 1, 5), starts_on=None,
            ends_on=None, authority=Authority("CN-USCC", code, name), contractors=[Contractor("CN-USCC", firm, firm_name, "small", True)],
            value=Money(Decimal(1_000_000), "CNY"), obligations=duties, payments=terms, security=None, retention_percent=Decimal(0), **said,
        ),
        ContractPublished(published_on=date(2026, 1, 6), **said), ContractFiled(filed_on=date(2026, 1, 7), **said),
        *[ObligationFulfilled(ref=f"M{n}", fulfilled_on=date(2026, 2, n), evidence=[], **said) for n in range(1, 6)],
    ]  # fmt: skip
    return [StoredEvent(stream, n, one.topic, encode(one)) for n, one in enumerate(told, 1)]


class Ours:
    """The domain's command over our ledger."""

    def __init__(self, url: str, streams: int) -> None:
        self.engine = open_ledger(url)
        create_ledger(self.engine)
        self.recorder = EventRecorder(self.engine, lambda: NOW)
        self.ledger, self.forgetful = Ledger(self.recorder), Ledger(self.recorder, kept=0)
        self.book = Book((n, read_pack(text, name)) for n, (name, text) in enumerate(shipped(), 1))
        self.streams = [uuid4() for _ in range(streams)]
        self.recorder.insert_events([row for stream in self.streams for row in our_past(stream)])

    def ask(self, n: int) -> None:
        self._pay(self.ledger, n)

    def ask_forgetful(self, n: int) -> None:
        self._pay(self.forgetful, n)

    def _pay(self, ledger: Ledger, n: int) -> None:
        act = Act(ledger, self.book, ACTOR, NOW, "api", None, Command(uuid4(), ACTOR.account, "0" * 64))
        contract.record_payment(act, self.streams[n % len(self.streams)], ref="P1", value=CENT)


# ---- the library alone


class Payments(Aggregate):
    """The same decision as little as it can be."""

    @event("Signed")
    def __init__(self, number: str, name: str, value: int) -> None:
        self.number, self.name, self.value, self.paid = number, name, value, 0

    @event("Fulfilled")
    def fulfil(self, ref: str, by: str) -> None:
        self.ref = ref

    def pay(self, ref: str, amount: int, on: str, by: str) -> None:
        if self.paid + amount > self.value:
            raise ValueError("more than is owed")
        self.record(ref, amount, on, by)

    @event("Paid")
    def record(self, ref: str, amount: int, on: str, by: str) -> None:
        self.paid += amount


class Library:
    """The library's application on its own recorder."""

    def __init__(self, url: str, streams: int, kept: int = 0) -> None:
        if not url.startswith("sqlite") and not kept:
            print(f"\nThe library's pool of connections: {_pool()}.")
        self.app: Application[UUID] = Application(env=_environment(url) | ({"AGGREGATE_CACHE_MAXSIZE": str(kept)} if kept else {}))
        self.streams = []
        for n in range(streams):
            made = Payments(number=str(n), name="堤防加固工程", value=100_000_000)
            for ref in range(1, 8):
                made.fulfil(f"M{ref}", ACTOR.account)
            self.app.save(made)
            self.streams.append(made.id)

    def ask(self, n: int) -> None:
        found: Payments = self.app.repository.get(self.streams[n % len(self.streams)])
        found.pay("P1", 1, "2026-04-29", ACTOR.account)
        self.app.save(found)


def _pool() -> str:
    if stand_in():
        return "a stand-in, lighter than psycopg-pool, which is not installed: it favours the library"
    return f"psycopg-pool {version('psycopg-pool')}"


def _environment(url: str) -> dict[str, str]:
    if url.startswith("sqlite"):
        return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": url.removeprefix("sqlite:///"), "SQLITE_LOCK_TIMEOUT": "30"}
    at = sa.make_url(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_DBNAME": str(at.database), "POSTGRES_HOST": str(at.host or at.query["host"]),
        "POSTGRES_PORT": str(at.port or 5432), "POSTGRES_USER": str(at.username), "POSTGRES_PASSWORD": str(at.password or "none"),
        "POSTGRES_POOL_SIZE": "40", "POSTGRES_MAX_OVERFLOW": "10",
    }  # fmt: skip


# ---- a bare insert


class Bare:
    """One committed row at a time, by the driver."""

    def __init__(self, url: str, streams: int) -> None:
        self.url, self.kept = url, threading.local()
        create = "CREATE TABLE IF NOT EXISTS bare (n INTEGER PRIMARY KEY, state BLOB)"
        if not url.startswith("sqlite"):
            create = "CREATE TABLE IF NOT EXISTS bare (n BIGSERIAL PRIMARY KEY, state BYTEA)"
        self._connection().execute(create)

    def _connection(self) -> Any:
        if not hasattr(self.kept, "conn"):
            if self.url.startswith("sqlite"):
                self.kept.conn = sqlite3.connect(self.url.removeprefix("sqlite:///"), timeout=60, isolation_level=None)
                self.kept.conn.execute("PRAGMA journal_mode=WAL")
                self.kept.conn.execute("PRAGMA synchronous=FULL")
            else:
                import psycopg

                self.kept.conn = psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)
        return self.kept.conn

    def ask(self, n: int) -> None:
        mark = "?" if self.url.startswith("sqlite") else "%s"
        self._connection().execute(f"INSERT INTO bare (state) VALUES ({mark})", (os.urandom(ROW_BYTES),))


# ---- measuring


def alone(ask: Ask, commands: int) -> float:
    """Commands a second of one client."""

    def work() -> None:
        for n in range(commands):
            ask(n)

    return commands / timed(work)


def together(ask: Ask, commands: int, clients: int) -> float:
    """Commands a second of so many clients, each with streams of its own."""
    wrong: list[BaseException] = []

    def client(first: int) -> None:
        try:
            for n in range(first, commands, clients):
                ask(n)
        except BaseException as error:
            wrong.append(error)

    def work() -> None:
        threads = [threading.Thread(target=client, args=(first,)) for first in range(clients)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

    took = timed(work)
    if wrong:
        raise wrong[0]
    return commands / took


def office_asks(data: Path, url: str | None, streams: int) -> Iterator[Ask]:
    """The same command as a request asks it."""
    with offices.office(data, url) as (office, clock):
        clock.set(NOW)
        ids = [uuid4() for _ in range(streams)]
        office.recorder.insert_events([row for stream in ids for row in our_past(stream)])

        def ask(n: int) -> None:
            stream, once = ids[n % streams], Command(uuid4(), ACTOR.account, "0" * 64)
            office.do(lambda act: contract.record_payment(act, stream, ref="P1", value=CENT), ACTOR, via="api", once=once)

        yield ask


def measure(database: str, commands: int, rounds: int, clients: int) -> None:
    streams = max(commands, clients)
    with folder() as here, places([database]) as place:
        ours, library = Ours(place(database, "ours"), streams), Library(place(database, "library"), streams)
        bare = Bare(place(database, "bare"), streams)
        opened = office_asks(here, None if database == "sqlite" else place(database, "office"), streams)
        keeping = Library(place(database, "keeping"), streams, kept=streams)
        asks: dict[str, Ask] = {
            "library": library.ask, "library, keeping": keeping.ask, "ours": ours.ask, "ours, nothing kept": ours.ask_forgetful,
            "ours, as the web asks it": next(opened), "bare insert": bare.ask,
        }  # fmt: skip
        for ask in asks.values():
            alone(ask, min(50, commands))
        head(f"{database}: one client, {commands} commands a round, {rounds} rounds in turn")
        table(in_turn({name: lambda ask=ask: alone(ask, commands) for name, ask in asks.items()}, rounds), "commands/s", "library")
        head(f"{database}: {clients} clients")
        told = in_turn({name: lambda ask=ask: together(ask, commands, clients) for name, ask in asks.items()}, rounds)
        table(told, "commands/s", "library")
        table({name: told[name] for name in ("ours", "ours, nothing kept", "bare insert")}, "commands/s", "bare insert")
        for _ in opened:
            raise AssertionError("one office is opened")
        library.app.close()
        keeping.app.close()
        ours.engine.dispose()


def main(given: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--databases", nargs="+", choices=DATABASES, default=DATABASES)
    asked.add_argument("--commands", type=int, default=1_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--clients", type=int, default=32)
    wanted = asked.parse_args(given)
    for database in wanted.databases:
        measure(database, wanted.commands, wanted.rounds, wanted.clients)


if __name__ == "__main__":
    main(sys.argv[1:])
