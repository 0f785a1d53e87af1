"""How long a draft pack is tried on a made-up history: `python -m benchmarks.trying [EVENTS]`.

Events straight through the recorder into SQLite, the views told once (not measured); then the trial, in CPU seconds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from datetime import datetime
from pathlib import Path

from benchmarks.histories import FIRST, PER_CONTRACT, history, write
from domain.act import CHINA
from domain.ledger import Ledger
from projections.temporal.engine import open_views_engine
from projections.temporal.follow import Follower
from projections.temporal.view import open_views
from projections.trying import owners, tried
from projections.views import VIEWS
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger
from stores.vault import sqlite_url
from tests.domain.policy.books import changed, shipped_book

NEXT, LONGER = ("version = 1", "version = 2"), ("min_months = 3", "min_months = 6")


def main(events: int = 100_000) -> None:
    book = shipped_book()
    with tempfile.TemporaryDirectory() as folder:
        engine, clock = open_ledger(Path(folder) / "ledger.db"), [datetime(FIRST.year, 1, 1, tzinfo=CHINA)]
        create_ledger(engine)
        recorder = EventRecorder(engine, lambda: clock[0])
        written = write(history(events // PER_CONTRACT), recorder, lambda at: clock.__setitem__(0, at))
        ledger, views = Ledger(recorder), open_views_engine(sqlite_url(Path(folder) / "views.db"))
        open_views(VIEWS, views)
        Follower(VIEWS, ledger, views, lambda _: book).catch_up()
        with views.connect() as conn:
            streams = owners(conn)
        for name, pack in (
            ("repair-2023, three months become six", changed("repair-2023", NEXT, LONGER, LONGER)),
            ("double-publicity-2018, seven days become five", changed("double-publicity-2018", NEXT, ("count = 7", "count = 5"))),
        ):  # fmt: skip
            began, cpu = time.perf_counter(), time.process_time()
            found = tried(ledger, streams, lambda _: book, pack)
            print(f"{name}: {written:,} events, {found.streams:,} streams, {time.process_time() - cpu:.1f} s CPU ({time.perf_counter() - began:.1f} s passed);",
                  dict(Counter(one.kind for one in found.differences)))  # fmt: skip


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:2]))
