"""Rebuild: views told again from the first event, beside the living ones, and put in their place in one transaction."""

from collections.abc import Callable, Sequence
from functools import partial
from time import sleep

import sqlalchemy as sa

from projections.temporal import bookmark as books
from projections.temporal.engine import writing
from projections.temporal.fill import MANY, Elsewhere, fill
from projections.temporal.follow import Follower, Log
from projections.temporal.plans import settle_plans
from projections.temporal.rows import BookOf
from projections.temporal.view import View, beside, index, make, state_of

PATIENCE = 60  # times that a swap waits for a slow reader, half a second each


class Stopped(Exception):
    """A view could not be told as far as the living one, which stays in its place."""


def rebuild(
    views: Sequence[View],
    ledger: Log,
    engine: sa.Engine,
    book_of: BookOf | None = None,
    batch: int = 5_000,
    elsewhere: Elsewhere | None = None,
) -> None:
    """Tell views again and swap them in; readers see the one or the other, and never less than they have seen.

    A long log is shared among several processes, where it is said how each of them opens a desk.

    Raises Stopped, after every other view has been swapped, for those that cannot be told as far as they were.
    """
    fresh = [beside(view) for view in views]
    with writing(engine).begin() as conn:
        for one in fresh:
            one.table.drop(conn, checkfirst=True)
            make(conn, one)
    if elsewhere is not None and elsewhere.upto >= MANY:
        _fill(fresh, engine, batch, elsewhere)
    Follower(fresh, ledger, engine, book_of, batch).catch_up()
    stopped = {name: why for name, _, why in state_of(fresh, engine) if why is not None}
    failed = list[str]()
    for view, one in zip(views, fresh, strict=True):
        try:
            if one.name not in stopped:
                _finish(engine, view, one)
            _patiently(partial(_swap, view, one, ledger, engine, book_of))
        except Stopped as why:
            failed.append(f"{why} ({stopped.get(one.name)})")
            _discard(engine, one)
    if failed:
        raise Stopped("; ".join(failed))


def _fill(fresh: Sequence[View], engine: sa.Engine, batch: int, elsewhere: Elsewhere) -> None:
    """By several processes up to a position; what they could not tell begins at 0 again, to stop where it must."""
    stopped = fill(elsewhere, [one.name for one in fresh], batch)
    with writing(engine).begin() as conn:
        for one in fresh:
            if one.name in stopped:
                one.table.drop(conn)
                make(conn, one)
            else:
                books.filled(conn, one.name, elsewhere.upto)


def _finish(engine: sa.Engine, view: View, fresh: View) -> None:
    """Indexes only now, when the rows are in; and PostgreSQL's figures, which move with the table."""
    with writing(engine).begin() as conn:
        index(conn, fresh, view.name)
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql(f"ANALYZE {conn.dialect.identifier_preparer.quote(fresh.name)}")


def _discard(engine: sa.Engine, fresh: View) -> None:
    with writing(engine).begin() as conn:
        fresh.table.drop(conn, checkfirst=True)
        books.forget(conn, fresh.name)


def _swap(view: View, fresh: View, ledger: Log, engine: sa.Engine, book_of: BookOf | None) -> None:
    follower = Follower([fresh], ledger, engine, book_of)
    follower.catch_up()  # what came meanwhile, before anything is locked
    with writing(engine).begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.exec_driver_sql("SET LOCAL lock_timeout = '500ms'")  # else readers queue behind us behind a slow one
        living = books.read(conn, [view.name], held=True).get(view.name)  # from here on nobody moves it
        told = follower.rest(conn)
        if told is None or told < (living.position if living else 0):
            raise Stopped(f"{view.name} cannot be told as far as {living.position if living else 0}")
        view.table.drop(conn, checkfirst=True)
        quote = conn.dialect.identifier_preparer.quote
        conn.exec_driver_sql(f"ALTER TABLE {quote(fresh.name)} RENAME TO {quote(view.name)}")
        books.succeed(conn, fresh.name, view.name)
        settle_plans(conn, view.name)


def _patiently(attempt: Callable[[], None]) -> None:
    for left in reversed(range(PATIENCE)):
        try:
            return attempt()
        except sa.exc.OperationalError:  # a reader held the table for longer than we wait
            if not left:
                raise
            sleep(0.5)
    return None
