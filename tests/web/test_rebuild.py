"""Views told again while people read and write: nobody sees an empty list, or an older one than before."""

import threading
from itertools import pairwise
from typing import Any

import pytest

from projections import contracts
from projections.temporal import rebuild as rebuilding
from projections.temporal.engine import writing
from projections.temporal.rebuild import rebuild
from projections.views import VIEWS
from tests.web.office import World, contract_body
from web import setting_up
from web.comparing import compare_views
from web.setting_up import migrate

COUNTY = "county-supervisor"


class Life:
    """What two clients have written, and what four have read of it."""

    def __init__(self, world: World) -> None:
        self.world, self.done = world, threading.Event()
        self.written, self.reads, self.wrong = 0, 0, list[Any]()
        self._turn = threading.Lock()

    def write(self) -> None:
        me = self.world.ask(COUNTY)
        while not self.done.is_set():
            me.post("/contracts", contract_body())
            with self._turn:
                self.written += 1

    def read(self) -> None:
        me, most = self.world.ask(COUNTY), 0
        while not self.done.is_set():
            least = self.written  # acknowledged before this look began
            found = me.look("/contracts", limit=200)
            total = found.json()["total"] if found.status_code == 200 else -1
            shown = len(found.json()["items"]) if found.status_code == 200 else -1
            if found.status_code != 200 or total < max(least, most) or shown != min(total, 200):
                self.wrong.append((found.status_code, total, shown, least, most))
            most, self.reads = max(most, total), self.reads + 1


def test_four_read_and_two_write_while_every_view_is_told_again_and_swapped(any_world: World) -> None:
    world = any_world
    me = world.ask(COUNTY)
    for _ in range(3):
        me.post("/contracts", contract_body())
    life, office = Life(world), world.office
    life.written = 3
    threads = [threading.Thread(target=life.write) for _ in range(2)] + [threading.Thread(target=life.read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(30):
        if n > 1 and life.reads > 8:
            break
        rebuild(VIEWS, office.ledger, office.views, lambda position: office.book.known_at(position))
    life.done.set()
    for thread in threads:
        thread.join()
    assert life.wrong == []
    assert life.reads > 8
    assert me.get("/contracts")["total"] == life.written
    assert compare_views(office)[1] == []


def test_the_log_is_shared_out_by_whole_streams(any_world: World) -> None:
    ledger, me = any_world.office.ledger, any_world.ask(COUNTY)
    for _ in range(4):
        me.post("/contracts", contract_body())
    upto = ledger.head() - 2
    assert upto > 20
    for parts in (1, 2, 5):
        shares = ledger.shares(upto, parts)
        batches = [batch for start, below in shares for batch in ledger.by_stream(start, below, upto, 3)]
        assert sorted(one.position for batch in batches for one in batch) == list(range(1, upto + 1))
        assert len({one.stream for batch in batches for one in batch}) == sum(len({one.stream for one in batch}) for batch in batches)
        assert all(earlier.version < later.version for batch in batches for earlier, later in pairwise(batch) if earlier.stream == later.stream)
        assert len(shares) <= parts
    assert list(ledger.by_stream(*ledger.shares(0, 2)[0], 0, 3)) == []


def test_tables_made_anew_over_a_long_log_are_told_as_a_rebuild_tells_them(in_files: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told, office = list[list[str]](), in_files.office
    in_files.ask(COUNTY).post("/contracts", contract_body())
    with writing(office.views).begin() as conn:
        contracts.register.drop(conn)  # as if it were of another shape than the code's
    really = setting_up.retell
    monkeypatch.setattr(setting_up, "retell", lambda views, office: (told.append([one.name for one in views]), really(views, office)))
    migrate(office.settings)[0].close()
    assert told == []  # a short log is followed sooner
    with writing(office.views).begin() as conn:
        contracts.register.drop(conn)
    monkeypatch.setattr(setting_up, "MANY", 1)
    monkeypatch.setattr(rebuilding, "MANY", 1)
    migrate(office.settings)[0].close()
    assert told == [["contracts"]]
    assert compare_views(office)[1] == []
