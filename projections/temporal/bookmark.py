"""The bookmark: how far each telling of a view has come, moved by compare-and-swap in the transaction of its rows."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple
from uuid import uuid4

import sqlalchemy as sa

from projections.temporal.tables import big

bookmark = sa.Table(
    "bookmark",
    sa.MetaData(),
    sa.Column("view", sa.Text(), primary_key=True),
    sa.Column("telling", sa.Text(), nullable=False, unique=True),  # another each time it is told from the start
    sa.Column("position", big, nullable=False),
    sa.Column("stopped", sa.Text()),  # at which event, and why; until somebody has mended it
    sa.Column("shape", sa.Text(), nullable=False),  # a digest of the columns it was told into
)


class Mark(NamedTuple):
    """One view's bookmark, as read."""

    view: str
    telling: str
    position: int
    stopped: str | None
    shape: str


class Overtaken(Exception):
    """Another follower moved the bookmark first, or another telling has taken this one's place."""


def read(conn: sa.Connection, views: Iterable[str], held: bool = False) -> dict[str, Mark]:
    """The bookmarks there are; `held`: nobody else moves them before this transaction ends."""
    mine = sa.select(bookmark).where(bookmark.c.view.in_(list(views))).order_by(bookmark.c.view)
    return {row.view: Mark(*row) for row in conn.execute(mine.with_for_update() if held else mine)}


def move(conn: sa.Connection, marks: Iterable[Mark], to: int) -> None:
    """Move bookmarks, all or none, from where they were read. Raises Overtaken.

    Their rows are locked in the order of their names, whatever order they lie in: followers that meet never deadlock.
    """
    for at, those in groupby(sorted(marks, key=lambda mark: mark.position), key=lambda mark: mark.position):
        tellings = [mark.telling for mark in those]
        still = bookmark.c.telling.in_(tellings) & (bookmark.c.position == at) & bookmark.c.stopped.is_(None)
        held = sa.select(bookmark.c.telling).where(still).order_by(bookmark.c.view).with_for_update()
        mine = bookmark.c.telling.in_(held)
        if conn.execute(sa.update(bookmark).where(mine).values(position=to)).rowcount != len(tellings):
            raise Overtaken(f"from {at}")


def stop(conn: sa.Connection, mark: Mark, position: int, why: str) -> Mark:
    """Let a bookmark that this transaction has moved stand at a position, for a reason, until it is mended."""
    mine = bookmark.c.telling == mark.telling
    conn.execute(sa.update(bookmark).where(mine).values(position=position, stopped=why))
    return mark._replace(position=position, stopped=why)


def begin(conn: sa.Connection, view: str, shape: str) -> None:
    """A telling from the start."""
    forget(conn, view)
    conn.execute(sa.insert(bookmark).values(view=view, telling=uuid4().hex, position=0, shape=shape))


def filled(conn: sa.Connection, view: str, position: int) -> None:
    """A telling that nobody follows yet has come so far."""
    conn.execute(sa.update(bookmark).where(bookmark.c.view == view).values(position=position))


def forget(conn: sa.Connection, view: str) -> None:
    """Take a view's bookmark away."""
    conn.execute(sa.delete(bookmark).where(bookmark.c.view == view))


def succeed(conn: sa.Connection, fresh: str, view: str) -> None:
    """Let a fresh telling take the place of the living one."""
    forget(conn, view)
    conn.execute(sa.update(bookmark).where(bookmark.c.view == fresh).values(view=view))
