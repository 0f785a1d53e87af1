"""Several processes that tell each a share of the streams tell together what one tells; a memory is kept of now alone."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from projections.temporal import fill, rebuild
from projections.temporal.engine import open_views_engine, writing
from projections.temporal.fill import Desk, Elsewhere
from projections.temporal.follow import Follower, catch_up
from projections.temporal.moment import UNTOLD
from projections.temporal.rows import Rows
from projections.temporal.tables import json, temporal_table
from projections.temporal.view import View, beside, make, open_views, state_of
from projections.temporal.working import WorkingSet
from tests.projections.temporal.definition import content
from tests.projections.temporal.facts import VIEWS, Amended, ListLedger, Paid, Signed, book_of, random_history

SIZE = 1200


def story(poisoned: bool = False) -> ListLedger:
    told = random_history(SIZE, seed=5, late=0.15, corrected=0.05)
    if poisoned:
        last = next(one for one in reversed(told) if isinstance(one.event, Paid))
        told[last.position - 1] = type(last)(last.stream, last.version, Paid(on=last.event.day, amount=None), last.position, last.recorded_at)
    return ListLedger(told)


@contextmanager
def desk(url: str, poisoned: bool) -> Iterator[Desk]:
    engine = open_views_engine(url)
    yield Desk(VIEWS, story(poisoned), engine, book_of)
    engine.dispose()


def address(engine: sa.Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_shares_tell_together_what_one_tells(engine: sa.Engine) -> None:
    open_views(VIEWS, engine)
    catch_up(VIEWS, story(), engine, book_of)
    lived, fresh = [content(engine, view) for view in VIEWS], [beside(view) for view in VIEWS]
    with writing(engine).begin() as conn:
        for one in fresh:
            make(conn, one)
    opened = Elsewhere(SIZE, partial(desk, address(engine), False))
    for share in story().shares(SIZE, 3):
        assert fill._fill(opened, fill.Share([one.name for one in fresh], 70, *share)) == set()
    assert [content(engine, one) for one in fresh] == lived


@pytest.mark.parametrize("poisoned", [False, True])
def test_processes_of_their_own(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, poisoned: bool) -> None:
    engine = open_views_engine(f"sqlite:///{tmp_path}/views.db")
    monkeypatch.setattr(rebuild, "MANY", 0)
    monkeypatch.setattr(fill, "processes", lambda: 2)
    open_views(VIEWS, engine)
    catch_up(VIEWS, story(poisoned), engine, book_of)
    lived, stand = [content(engine, view) for view in VIEWS], state_of(VIEWS, engine)
    with pytest.raises(rebuild.Stopped, match="register cannot be told") if poisoned else nullcontext():
        rebuild.rebuild(VIEWS, story(poisoned), engine, book_of, 300, Elsewhere(SIZE, partial(desk, address(engine), poisoned)))
    assert [content(engine, view) for view in VIEWS] == lived
    assert [(one.name, one.position) for one in state_of(VIEWS, engine)] == [(one.name, one.position) for one in stand]
    assert any(one.stopped for one in stand) is poisoned
    engine.dispose()


totals = temporal_table("totals", sa.Column("amounts", json), sa.Column("paid", sa.BigInteger()), memory=True)


def tell_totals(event: Signed | Amended | Paid, rows: Rows) -> None:
    """What was paid, as rows of their own; the memory is a list."""
    amounts = (rows.get() or {}).get("amounts") or []
    if isinstance(event, Paid):
        amounts.append(event.amount)
        rows.put(f"paid {len(amounts)}", paid=sum(amounts))
    rows.put(amounts=amounts)


@pytest.mark.parametrize("lives", [5_000, 3])
def test_a_memory_is_kept_as_it_is_now_and_of_no_moment_before(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, lives: int) -> None:
    monkeypatch.setattr(WorkingSet.__init__, "__defaults__", (lives,))  # few: earlier days are told from the log again
    view, ledger = View(totals, tell_totals), story()
    open_views([view], engine)
    follower, whole = Follower([view], ledger, engine, book_of, batch=7), ledger.told
    for end in (*range(1, 60), SIZE):
        ledger.told = whole[:end]
        follower.catch_up()
    stepwise = content(engine, view)
    with engine.connect() as conn:
        memories = sa.select(totals.c.owner, totals.c.until).where(totals.c.key == "")
        held = conn.execute(memories).all()
        assert {row.until for row in held} == {UNTOLD}
        assert len({row.owner for row in held}) == len(held), "one of each stream"
        known = conn.scalar(sa.select(sa.func.count()).where(totals.c.key != "", totals.c.until < UNTOLD))
    assert known, "corrected rows are kept as they were known"
    rebuild.rebuild([view], ledger, engine, book_of)
    assert content(engine, view) == stepwise
