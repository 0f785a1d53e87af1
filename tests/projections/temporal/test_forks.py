"""Every interval that holds a point stands under a node on the way to it; and pages are found the way we mean."""

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from projections import loops
from projections.temporal.engine import open_views_engine
from projections.temporal.follow import catch_up
from projections.temporal.forks import fork_of, path_to
from projections.temporal.moment import Moment, at
from projections.temporal.rebuild import rebuild
from projections.temporal.view import open_views
from tests.projections.temporal.facts import DAY0, VIEWS, ListLedger, book_of, duties, random_history, register

numbers = st.one_of(st.integers(1, 300), st.integers(1, 2**40 - 1))
NOW, PASTS = Moment(DAY0), [Moment(DAY0, 900), Moment(DAY0, None, DAY0), Moment(DAY0, 900, DAY0)]


@given(numbers, numbers, numbers)
def test_an_interval_stands_on_the_way_to_each_of_its_points(a: int, b: int, c: int) -> None:
    first, point, last = sorted((a, b, c))
    assert fork_of(first, last + 1) in path_to(point)


@given(st.integers(1, 300), st.integers(1, 300))
def test_the_fork_is_the_multiple_of_the_highest_power_of_two(a: int, b: int) -> None:
    first, last = sorted((a, b))
    assert fork_of(first, last + 1) == max(range(first, last + 1), key=lambda number: number & -number)
    assert len(path_to(first)) <= 40


def test_what_lies_beyond_the_forks_is_refused() -> None:
    with pytest.raises(OverflowError):
        fork_of(1, 2**40 + 1)


def plan(conn: sa.Connection, moment: Moment, table: sa.Table, *order: str) -> str:
    """How the database finds the first page of an authority's rows."""
    mine = at(moment, table) & (table.c.authority == "机构1")
    return explained(conn, sa.select(table).where(mine).order_by(*(table.c[name] for name in order)).limit(50))


def explained(conn: sa.Connection, page: sa.Select[Any]) -> str:
    explain = "EXPLAIN QUERY PLAN" if conn.dialect.name == "sqlite" else "EXPLAIN"
    written = page.compile(conn, compile_kwargs={"literal_binds": True})
    return str(conn.exec_driver_sql(f"{explain} {written}").all())


@pytest.mark.parametrize("told_again", [False, True])
def test_pages_use_the_indexes_made_for_them(engine: sa.Engine, told_again: bool) -> None:
    ledger = ListLedger(random_history(1500, seed=8, late=0.02))
    open_views(VIEWS, engine)
    catch_up(VIEWS, ledger, engine, book_of)
    if told_again:
        rebuild(VIEWS, ledger, engine, book_of)
    with engine.connect() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET enable_seqscan = off")  # these tables are small, those of an office are not
        for moment in PASTS:
            assert "_forks" in plan(conn, moment, duties, "due_on", "owner", "key")
            assert "_0_ever" in plan(conn, moment, register, "value", "owner")
        assert "_0_now" in plan(conn, NOW, duties, "due_on", "owner", "key")
        assert "_0_now" in plan(conn, NOW, register, "value", "owner")


@pytest.mark.parametrize(("wanted", "contracts", "index"), [
    (loops.Wanted(), [UUID(int=1), UUID(int=2)], "_contract_of"),
    (loops.Wanted(contract=UUID(int=1)), [], "_contract_of"),
    (loops.Wanted(case=UUID(int=1)), [], "_case_of"),
    (loops.Wanted(owner=UUID(int=1)), [], "autoindex"),
])  # fmt: skip
def test_what_is_open_of_few_things_is_found_by_them(tmp_path: Path, wanted: loops.Wanted, contracts: list[UUID], index: str) -> None:
    """At whatever moment of the past: their rows are few, all that stood then are many."""
    engine = open_views_engine(f"sqlite:///{tmp_path}/views.db")
    open_views([loops.view], engine)
    with engine.connect() as conn:
        for moment in PASTS:
            page = sa.select(loops.table).where(*loops._where(moment, wanted, contracts))
            assert index in explained(conn, page), explained(conn, page)
    engine.dispose()
