"""How fast the log is verified, beside SHA-256 over the same bytes.

    python -m benchmarks.verify [--events N …] [--databases sqlite postgresql] [--rounds N]

Prints events a second of the verifier (order, bytes, tree, head; by itself shared among processes where the log is
long), of the verifier in one process, and of reading nothing but hashing: one SHA-256 over each event's stored bytes.
"""

from __future__ import annotations

import argparse
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any

from benchmarks import histories
from benchmarks.measuring import DATABASES, head, in_turn, memory, places, table, timed
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger
from stores.ledger.verify import verify


def measure(database: str, events: int, rounds: int) -> None:
    with places([database]) as place:
        url = place(database, "log")
        engine = open_ledger(url)
        create_ledger(engine)
        clock: list[datetime] = []
        recorder = EventRecorder(engine, lambda: clock[-1])
        history = islice(histories.history(events // histories.PER_CONTRACT + 50), events)
        written = histories.write(history, recorder, clock.append)
        states = [row.state for start in range(0, written, 10_000) for row in recorder.after(start, 10_000)]
        size = sum(map(len, states)) / len(states)
        engine.dispose()

        def hashed() -> float:
            return written / timed(lambda: [sha256(state).digest() for state in states])

        def verified(workers: int | None) -> float:
            found: list[Any] = []
            took = timed(lambda: found.append(verify(url, workers=workers)))
            assert found[0].ok, found[0].first
            assert found[0].events == written
            return written / took

        head(f"{database}: {written:,} events of {size:.0f} bytes on the average")
        measures = {"SHA-256 of the same bytes": hashed, "verify": lambda: verified(None), "verify, one process": lambda: verified(1)}
        table(in_turn(measures, rounds), "events/s", "SHA-256 of the same bytes")
        print(f"  memory at the most, with the bytes to hash: {memory():,.0f} MiB")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", nargs="+", type=int, default=[100_000, 1_000_000])
    asked.add_argument("--databases", nargs="+", choices=DATABASES, default=["sqlite"])
    asked.add_argument("--rounds", type=int, default=3)
    wanted = asked.parse_args()
    for database in wanted.databases:
        for events in wanted.events:
            measure(database, events, wanted.rounds)


if __name__ == "__main__":
    main()
