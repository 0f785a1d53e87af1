"""Lived equals retold; of several followers one wins; poison stops one view; a swap under load never steps back."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from domain.events import Told
from projections.temporal import follow
from projections.temporal.bookmark import bookmark
from projections.temporal.engine import snapshot
from projections.temporal.follow import Follower, catch_up
from projections.temporal.rebuild import Stopped, rebuild
from projections.temporal.rows import BookUnread
from projections.temporal.view import View, open_views, positions, resume, state_of
from projections.temporal.working import WorkingSet
from tests.projections.temporal.definition import content
from tests.projections.temporal.facts import DAY0, VIEWS, ListLedger, Paid, book_of, fact, random_history, register

REGISTER, DUTIES, PUBLICITY = VIEWS


def everything(engine: sa.Engine) -> list[list[Any]]:
    return [content(engine, view) for view in VIEWS]


def test_lived_equals_retold(engine: sa.Engine) -> None:
    story = random_history(2500, seed=7, late=0.15, corrected=0.05)
    ledger = ListLedger()
    open_views(VIEWS, engine)
    hot = Follower(VIEWS, ledger, engine, book_of)
    for end in range(1, 201):  # one event after a click
        ledger.told = story[:end]
        assert hot.catch_up() == end
    for end in range(200, 2501, 450):
        ledger.told = story[:end]
        catch_up(VIEWS, ledger, engine, book_of, batch=77)
    ledger.told = story
    assert hot.catch_up() == 2500
    lived = everything(engine)
    assert all(len(rows) > 100 for rows in lived)
    for _ in range(2):
        rebuild(VIEWS, ledger, engine, book_of)
        assert everything(engine) == lived
    assert positions(VIEWS, engine) == {"register": 2500, "duties": 2500, "publicity": 2500}


def test_lives_that_are_dropped_are_loaded_again(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    story = random_history(1500, seed=12, late=0.15, corrected=0.05)
    open_views(VIEWS, engine)
    catch_up(VIEWS, ListLedger(story), engine, book_of, batch=2000)
    kept = everything(engine)
    monkeypatch.setattr(WorkingSet.__init__, "__defaults__", (3,))  # lives, between batches
    rebuild(VIEWS, ListLedger(story), engine, book_of, batch=10)
    assert everything(engine) == kept


def test_of_several_followers_one_wins(engine: sa.Engine) -> None:
    story, ledger = random_history(3000, seed=3), ListLedger()
    open_views(VIEWS, engine)
    done, failures = threading.Event(), list[BaseException]()

    def follow_on(batch: int) -> None:
        mine = Follower(VIEWS, ledger, engine, book_of, batch)
        try:
            while not done.is_set():
                mine.catch_up()
                time.sleep(0.003)
            mine.catch_up()
        except BaseException as why:
            failures.append(why)

    threads = [threading.Thread(target=follow_on, args=(batch,)) for batch in (13, 50, 101, 256)]
    for thread in threads:
        thread.start()
    for end in range(0, 3001, 30):
        ledger.told = story[:end]
        time.sleep(0.005)
    ledger.told = story
    done.set()
    for thread in threads:
        thread.join()
    assert not failures
    lived = everything(engine)
    assert set(positions(VIEWS, engine).values()) == {3000}
    rebuild(VIEWS, ledger, engine, book_of)
    assert everything(engine) == lived


def test_threads_share_one_follower_and_wait_for_it(engine: sa.Engine) -> None:
    story, ledger = random_history(300, seed=4), ListLedger()
    open_views(VIEWS, engine)
    hot, problems = Follower(VIEWS, ledger, engine, book_of), list[Any]()

    def click(numbers: range) -> None:
        for n in numbers:
            with lock:
                ledger.told = story[: len(ledger.told) + 1]
                mine = len(ledger.told)
            if hot.upto(mine) < mine or min(positions(VIEWS, engine).values()) < mine:
                problems.append(n)

    lock = threading.Lock()
    threads = [threading.Thread(target=click, args=(range(75),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
    assert hot.upto(300) == 300


def poisoned(story: list[Told], **change: Any) -> tuple[list[Told], int]:
    """The story with one payment that cannot be told; and its position."""
    bad = next(n for n, one in enumerate(story) if n > 300 and isinstance(one.event, Paid) and not one.event.corrects)
    event = Paid(**{name: getattr(story[bad].event, name) for name in story[bad].event.__struct_fields__} | change)
    return [*story[:bad], replace(story[bad], event=event), *story[bad + 1 :]], story[bad].position


@pytest.mark.parametrize("amount", [None, 2**80], ids=["the fold refuses it", "the database refuses it"])
def test_poison_stops_its_view_just_before_it_and_no_other(engine: sa.Engine, amount: Any, caplog: pytest.LogCaptureFixture) -> None:
    story = random_history(500, seed=5, streams=8, corrected=0.0)
    sick, bad = poisoned(story, amount=amount)
    ledger = ListLedger(sick)
    open_views(VIEWS, engine)
    hot = Follower(VIEWS, ledger, engine, book_of)
    hot.catch_up()
    register_stands, *others = state_of(VIEWS, engine)
    assert register_stands.position == bad - 1
    assert register_stands.stopped is not None
    assert register_stands.stopped.startswith(f"{bad}: ")
    assert [(one.position, one.stopped) for one in others] == [(500, None), (500, None)]
    assert "register stopped" in caplog.text
    before = content(engine, REGISTER)
    assert max(row[2] for row in before) < bad
    ledger.told = [*sick, *random_history(510, seed=5, streams=8, corrected=0.0)[500:]]
    assert hot.catch_up() == 510  # the others go on
    assert content(engine, REGISTER) == before

    with pytest.raises(Stopped, match="register"):
        rebuild([REGISTER, DUTIES], ledger, engine, book_of)
    assert content(engine, REGISTER) == before
    assert not sa.inspect(engine).has_table("register__retold")

    ledger.told = [*story, *ledger.told[500:]]
    resume(REGISTER, engine)  # what stopped it is mended
    assert hot.catch_up() == 510
    lived = everything(engine)
    rebuild(VIEWS, ledger, engine, book_of)
    assert everything(engine) == lived


def test_an_event_dated_after_its_recording_is_poison_by_the_day_in_china(engine: sa.Engine) -> None:
    stream = random_history(1, seed=1)[0].stream
    signed = fact("sign", DAY0, 3)
    night = random_history(1, seed=1)[0].recorded_at.replace(hour=16, minute=30)  # past midnight in China
    told = [Told(stream, 1, signed, 1, night), Told(stream, 2, fact("pay", DAY0 + timedelta(days=1), 3), 2, night)]
    ledger = ListLedger([*told, Told(stream, 3, fact("pay", DAY0 + timedelta(days=2), 3), 3, night)])
    open_views(VIEWS, engine)
    catch_up(VIEWS, ledger, engine, book_of)
    stands = {one.name: one for one in state_of(VIEWS, engine)}
    assert stands["register"].position == 2
    assert "dated 2026-01-03" in str(stands["register"].stopped)
    assert stands["duties"] == ("duties", 3, None)


def test_a_book_that_cannot_be_read_is_no_poison(engine: sa.Engine) -> None:
    ledger = ListLedger(random_history(100, seed=2))
    open_views(VIEWS, engine)

    def broken(position: int) -> Any:
        raise ConnectionError("the ledger is away")

    hot = Follower(VIEWS, ledger, engine, broken)
    with pytest.raises(BookUnread):
        hot.catch_up()
    assert {(one.position, one.stopped) for one in state_of(VIEWS, engine)} == {(0, None)}
    assert catch_up(VIEWS, ledger, engine, book_of) == 100


def test_with_nothing_new_one_question_is_asked_and_none_of_the_views(engine: sa.Engine) -> None:
    ledger = ListLedger(random_history(100, seed=2))
    open_views(VIEWS, engine)
    hot = Follower(VIEWS, ledger, engine, book_of)
    hot.catch_up()
    asked, ledger.asked = list[str](), 0
    sa.event.listen(engine, "before_cursor_execute", lambda conn, cursor, statement, *_: asked.append(statement))
    assert hot.catch_up() == 100
    assert (ledger.asked, asked) == (1, [])


def test_a_view_that_is_new_or_of_another_shape_is_told_from_the_start(engine: sa.Engine) -> None:
    ledger = ListLedger(random_history(300, seed=2))
    assert open_views([DUTIES], engine) == ["duties"]
    catch_up([DUTIES], ledger, engine, book_of)
    assert open_views(VIEWS, engine) == ["register", "publicity"]
    assert open_views(VIEWS, engine) == []
    catch_up(VIEWS, ledger, engine, book_of)
    lived = everything(engine)
    newer = View(register, REGISTER.fold, edition=2)
    assert open_views([newer], engine) == ["register"]
    catch_up(VIEWS, ledger, engine, book_of)
    assert everything(engine) == lived


def test_a_view_never_opened_is_said_so(engine: sa.Engine) -> None:
    open_views([DUTIES], engine)
    with pytest.raises(LookupError, match="register"):
        catch_up(VIEWS, ListLedger(), engine)


def test_a_hot_follower_notices_that_its_view_was_told_again(engine: sa.Engine) -> None:
    story = random_history(400, seed=9)
    ledger = ListLedger(story[:300])
    open_views(VIEWS, engine)
    catch_up(VIEWS, ledger, engine, book_of)
    with engine.execution_options(writing=True).begin() as conn:  # somebody has spoilt the rows
        conn.execute(sa.update(register).values(value=-1))
    hot = Follower(VIEWS, ledger, engine, book_of)
    ledger.told = story[:350]
    hot.catch_up()  # holds spoilt rows now
    rebuild([REGISTER], ledger, engine, book_of)
    ledger.told = story
    hot.catch_up()
    lived = everything(engine)
    rebuild(VIEWS, ledger, engine, book_of)
    assert everything(engine) == lived


def test_a_follower_killed_before_its_commit_leaves_nothing(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = ListLedger(random_history(200, seed=6))
    open_views(VIEWS, engine)
    hot = Follower(VIEWS, ledger, engine, book_of, batch=50)
    tell, calls = follow.WorkingSet.tell, [0]

    def killed(self: Any, *rest: Any) -> Any:
        calls[0] += 1
        told = tell(self, *rest)
        if calls[0] == 5:
            raise KeyboardInterrupt
        return told

    monkeypatch.setattr(follow.WorkingSet, "tell", killed)
    with pytest.raises(KeyboardInterrupt):
        hot.catch_up()
    assert set(positions(VIEWS, engine).values()) == {50}
    assert hot.catch_up() == 200
    lived = everything(engine)
    rebuild(VIEWS, ledger, engine, book_of)
    assert everything(engine) == lived


def read_on(engine: sa.Engine, done: threading.Event, problems: list[Any], reads: list[int]) -> None:
    """A page of 100, and the newest row: never short, never older than before."""
    last, t = 0, register.c
    while not done.is_set():
        try:
            with engine.connect() as conn:
                page = len(conn.execute(sa.select(t.owner).where(t.authority == "机构1").limit(100)).all())
                newest = conn.scalar(sa.select(sa.func.max(t.since))) or 0
            if page != 100 or newest < last:
                problems.append((page, newest, last))
            last, reads[0] = newest, reads[0] + 1
        except Exception as why:
            problems.append(why)
        time.sleep(0.002)


def test_readers_do_not_notice_a_swap(engine: sa.Engine) -> None:
    """A log that grows, a follower, readers, and views told again: no failed read, no short page, no step back."""
    story, ledger, done = random_history(9000, seed=11), ListLedger(), threading.Event()
    ledger.told = story[:3000]
    open_views(VIEWS, engine)
    catch_up(VIEWS, ledger, engine, book_of)
    problems, reads = list[Any](), [0]

    def follow_on() -> None:
        hot, end = Follower(VIEWS, ledger, engine, book_of), 3000
        while not done.is_set():
            end = min(end + 20, 9000)
            ledger.told = story[:end]
            try:
                hot.catch_up()
            except Exception as why:
                problems.append(why)
            time.sleep(0.01)

    readers = [threading.Thread(target=read_on, args=(engine, done, problems, reads)) for _ in range(2)]
    threads = [*readers, threading.Thread(target=follow_on)]
    for thread in threads:
        thread.start()
    for _ in range(2):
        rebuild(VIEWS, ledger, engine, book_of)
    done.set()
    for thread in threads:
        thread.join()
    assert not problems, problems[:5]
    assert reads[0] > 20
    catch_up(VIEWS, ledger, engine, book_of)
    lived = everything(engine)
    rebuild(VIEWS, ledger, engine, book_of)
    assert everything(engine) == lived
    with engine.connect() as conn:
        assert conn.scalar(sa.select(sa.func.count()).select_from(bookmark)) == len(VIEWS)


def test_a_page_sees_one_moment_whoever_tells_the_views_on_or_again(engine: sa.Engine) -> None:
    history = random_history(400, seed=5)
    open_views(VIEWS, engine)
    ledger = ListLedger(history[:200])
    catch_up(VIEWS, ledger, engine, book_of)
    names, again = [view.name for view in VIEWS], list[Exception]()

    def anew() -> None:
        try:
            rebuild(VIEWS, ledger, engine, book_of)
        except Exception as error:
            again.append(error)

    def rows(conn: sa.Connection, view: View) -> int:
        return int(conn.scalar(sa.select(sa.func.count()).select_from(view.table)) or 0)

    with snapshot(engine, names) as conn:
        last = rows(conn, VIEWS[-1])  # they are swapped in their order
        ledger.told = list(history)
        with engine.connect() as other:
            others = [rows(other, view) for view in VIEWS]
        catch_up(VIEWS, ledger, engine, book_of)
        thread = threading.Thread(target=anew)
        thread.start()
        thread.join(2)  # on SQLite it is done by then, on PostgreSQL it waits for this page
        assert [*(rows(conn, view) for view in VIEWS[:-1]), last] == others
        assert rows(conn, VIEWS[-1]) == last
    thread.join()
    assert again == []
    with snapshot(engine, names) as conn:
        assert [rows(conn, view) for view in VIEWS] != others
