"""The clock's work: the end of a window is recorded once, by whoever is first, dated at the window's last day."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from domain.access.account import Account, account_id
from domain.access.commands import create_account
from domain.act import CHINA
from domain.actor import Grant
from domain.breach import commands as breach
from domain.breach.events import Proposed
from domain.contract.commands import sign_contract
from domain.events import SYSTEM, Told
from domain.terms import Authority, Contractor
from domain.values.money import Money
from projections.loops import table as loops
from projections.temporal.moment import Moment, at
from stores.ledger.faults import Unavailable
from web import ticking
from web.clock import TrialClock
from web.office import Office, open_office
from web.setting_up import migrate
from web.settings import Settings

FIRST = date(2026, 2, 9)
LAST = date(2026, 2, 14)  # five working days later: a Saturday that is worked
PROPOSED = Proposed(["order_to_correct"])


def clock(day: date = FIRST) -> TrialClock:
    return TrialClock(datetime(day.year, day.month, day.day, 9, tzinfo=CHINA), stands=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Some cases whose statement windows all end on one day."""
    office, _ = migrate(Settings(data=tmp_path), trial=True, clock=clock())
    office.system(lambda act: create_account(act, "lin", "林", grants=(Grant("supervisor", "440823"),)))
    for n in range(3):
        _case(office, n)
    office.close()
    return tmp_path


def _case(office: Office, n: int) -> UUID:
    lin = office.ledger.get(Account, account_id("lin")).actor
    contractor = Contractor("CN-USCC", "91440800MA4X00000Y", "湛江市试例水利工程有限公司", "small", True)
    contract = office.do(lambda act: sign_contract(
        act, number=f"K-{n}", name="堤防", type="SG", region="440823", authority=Authority("CN-USCC", "11440823000000000T", "遂溪县水务局"),
        contractors=[contractor], signed_on=date(2026, 1, 5), value=Money(Decimal(1_000_000), "CNY")), lin).outcome  # fmt: skip
    _, _, case = office.do(lambda act: breach.record_finding(
        act, contract.id, behaviour="PER-01", kind="management", party=contractor.ref, facts="不在岗"), lin).outcome  # fmt: skip
    office.do(lambda act: breach.serve_notice(act, case.id, proposed=PROPOSED), lin)
    return case.id  # type: ignore[no-any-return]


@contextmanager
def at_day(folder: Path, day: date) -> Iterator[Office]:
    office = open_office(Settings(data=folder), clock(day))
    try:
        yield office
    finally:
        office.close()


def ends(office: Office) -> list[Told]:
    return [one for one in office.ledger.after(0, 10_000) if one.event.topic.startswith("case.window_ended")]


def test_nothing_is_recorded_before_the_last_day_is_over(folder: Path) -> None:
    with at_day(folder, LAST) as office:
        assert ticking.due(office) == []
        assert ticking.tick(office) == 0
        assert ends(office) == []


def test_each_end_is_recorded_by_the_system_dated_at_the_last_day(folder: Path) -> None:
    with at_day(folder, LAST + timedelta(days=5)) as office:
        assert ticking.tick(office) == 3
        told = ends(office)
        assert [(one.event.day, one.event.by, one.event.via) for one in told] == [(LAST, SYSTEM, "clock")] * 3
        assert ticking.tick(office) == 0
        with office.looking() as conn:
            rows = conn.execute(loops.select().where(at(Moment(office.today), loops), loops.c.kind == "statement_window")).all()
        assert rows == []


def test_two_workers_at_once_record_each_end_once(folder: Path) -> None:
    day, barrier, counts = LAST + timedelta(days=1), threading.Barrier(4), list[int]()

    def work() -> None:
        with at_day(folder, day) as office:
            windows = ticking.due(office)  # all have seen the same, before any has recorded one
            barrier.wait(30)
            counts.append(ticking.end_all(office, windows)[0])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert len(counts) == 4
    assert sum(counts) == 3
    with at_day(folder, day) as office:
        assert len(ends(office)) == 3
        assert len({one.stream for one in ends(office)}) == 3


def test_an_end_that_is_refused_is_told_and_stops_no_other(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with at_day(folder, LAST + timedelta(days=1)) as office:
        good, *others = ticking.due(office)
        early = good._replace(on=office.today)
        with caplog.at_level(logging.ERROR):
            recorded, refused = ticking.end_all(office, [early, *others])
        assert recorded == 2
        assert refused == [early]
        assert "was refused" in caplog.text


def test_the_same_of_one_stream_without_the_views(folder: Path) -> None:
    with at_day(folder, LAST + timedelta(days=1)) as office:
        whole = ticking.due(office)
        for over in whole:
            assert ticking.due_of(office, over.owner, "case") == [over]


def test_a_supervised_thread_begins_again_after_a_failure(caplog: pytest.LogCaptureFixture) -> None:
    stop, again, tries = threading.Event(), threading.Event(), list[int]()

    def work() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("the disk went away")
        again.set()
        stop.wait(10)

    thread = ticking.supervised("work", work, stop)
    assert again.wait(20)
    stop.set()
    thread.join(5)
    assert len(tries) == 2
    assert "begins again" in caplog.text
    assert "the disk went away" in caplog.text


def test_it_keeps_ticking_and_tells_when_nothing_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ticking, "EVERY", 0.01)
    stop, told = threading.Event(), threading.Event()
    with at_day(folder, LAST + timedelta(days=1)) as office:
        thread = ticking.supervised("clock", lambda: ticking.keep_ticking(office, stop, lambda done: told.set()), stop)
        follower = ticking.supervised("follower", lambda: ticking.keep_following(office, stop), stop)
        assert told.wait(30)
        stop.set()
        thread.join(10)
        follower.join(10)
        assert len(ends(office)) == 3
        assert office.swept == office.now


def test_the_clock_has_the_vault_forget_what_is_long_over(folder: Path) -> None:
    day = LAST + timedelta(days=1)
    with at_day(folder, day) as office:
        lin, old = account_id("lin"), office.now - timedelta(days=91)
        office.vault.drafts.keep(lin, "old", {"text": "一"}, old)
        office.vault.drafts.keep(lin, "new", {"text": "二"}, office.now)
        token = office.vault.sessions.start(lin, old - timedelta(days=30))
        assert ticking.sweep(office) == 2
        assert [form for form, _ in office.vault.drafts.of(lin)] == ["new"]
        assert office.vault.sessions.find(token, office.now) is None
        office.vault.drafts.keep(lin, "old", {"text": "一"}, old)
        assert ticking.sweep(office) == 0  # once an hour is enough
        office.swept = office.now - ticking.SWEPT_EVERY
        assert ticking.sweep(office) == 1


def test_what_is_supervised_begins_again_whatever_stopped_it(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, begun = threading.Event(), list[int]()
    monkeypatch.setattr(ticking, "LONGEST_REST", 0.01)

    def work() -> None:
        begun.append(1)
        if len(begun) == 1:
            raise Unavailable("the database is away")
        if len(begun) == 2:
            raise KeyError("a mistake")
        stop.set()

    ticking.supervised("follower", work, stop).join(30)
    assert len(begun) == 3
    assert "follower has lost a store" in caplog.text
    assert "a mistake" in caplog.text
