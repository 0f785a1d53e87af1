"""A view: a table and the fold that tells it; and how views are opened and what is known of how they stand."""

import hashlib
import inspect
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple
from uuid import uuid4

import sqlalchemy as sa

from projections.temporal import bookmark as books
from projections.temporal.engine import writing
from projections.temporal.plans import settle_plans
from projections.temporal.rows import Fold
from projections.temporal.tables import page_indexes

OPENING = 0x6C7679  # one process at a time makes tables


@dataclass(frozen=True, eq=False)
class View:
    """A table and the fold that tells it. The annotation of the fold's first argument says which events it is about.

    `edition` is raised when the fold changes in a way that what is already told must be told again.
    """

    table: sa.Table
    fold: Fold
    edition: int = 1

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.table.name

    @cached_property
    def kinds(self) -> tuple[type, ...]:
        """The event classes that the view is about."""
        first = next(iter(inspect.signature(self.fold).parameters))
        about: Any = typing.get_type_hints(self.fold)[first]
        if isinstance(about, types.UnionType) or typing.get_origin(about) is typing.Union:
            return typing.get_args(about)
        return (about,)

    @property
    def shape(self) -> str:
        """A digest of the columns, the indexes and the edition."""
        columns = [(column.name, str(column.type), column.nullable) for column in self.table.c]
        written = f"{columns} {self.table.info} {self.edition}"
        return hashlib.sha256(written.encode()).hexdigest()[:16]


def beside(view: View) -> View:
    """The same view in a table beside the living one, where it is told again."""
    return replace(view, table=view.table.to_metadata(sa.MetaData(), name=f"{view.name}__retold"))


class Standing(NamedTuple):
    """How far a view has been told; and, if it has stopped, at which event and why."""

    name: str
    position: int
    stopped: str | None


def open_views(views: Sequence[View], engine: sa.Engine) -> list[str]:
    """Make the tables that are missing or of another shape than the code's; returns their names. They begin at 0."""
    made = list[str]()
    with writing(engine).begin() as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(sa.select(sa.func.pg_advisory_xact_lock(OPENING)))
            if schema := conn.get_execution_options().get("views_schema"):
                conn.execute(sa.schema.CreateSchema(schema, if_not_exists=True))
        books.bookmark.create(conn, checkfirst=True)
        marks = books.read(conn, [view.name for view in views])
        for view in views:
            mark = marks.get(view.name)
            if mark is None or mark.shape != view.shape or not sa.inspect(conn).has_table(view.name):
                view.table.drop(conn, checkfirst=True)
                make(conn, view)
                index(conn, view, view.name)
                settle_plans(conn, view.name)
                made.append(view.name)
    return made


def state_of(views: Sequence[View], engine: sa.Engine) -> list[Standing]:
    """How the views stand, in the order asked for; one that was never opened stands at 0."""
    with engine.connect() as conn:
        marks = books.read(conn, [view.name for view in views])
    nothing = books.Mark("", "", 0, None, "")
    return [Standing(view.name, *marks.get(view.name, nothing)[2:4]) for view in views]


def positions(views: Sequence[View], engine: sa.Engine) -> dict[str, int]:
    """How far each view that is going has come; those that have stopped are left out."""
    return {name: position for name, position, stopped in state_of(views, engine) if stopped is None}


def resume(view: View, engine: sa.Engine) -> None:
    """Let a view that stopped go on from where it stopped: for when only what stopped it was at fault, else rebuild."""
    mine = books.bookmark.c.view == view.name
    with writing(engine).begin() as conn:
        conn.execute(sa.update(books.bookmark).where(mine).values(stopped=None, telling=uuid4().hex))


def resume_all(views: Sequence[View], engine: sa.Engine) -> list[str]:
    """Let every view that stopped try again; their names. For when a program starts, which may fold better than the last."""
    halted = [one.name for one in state_of(views, engine) if one.stopped is not None]
    for view in views:
        if view.name in halted:
            resume(view, engine)
    return halted


def begin_again_beyond(views: Sequence[View], engine: sa.Engine, head: int) -> list[str]:
    """Tell anew, from the first event, the views that know more than the log: it is not the log that they were told from."""
    beyond = [view for view, stands in zip(views, state_of(views, engine), strict=True) if stands.position > head]
    with writing(engine).begin() as conn:
        for view in beyond:
            books.forget(conn, view.name)
    return open_views(beyond, engine) if beyond else []


def make(conn: sa.Connection, view: View) -> None:
    """The bare table, and its bookmark at 0."""
    view.table.create(conn)
    books.begin(conn, view.name, view.shape)


def index(conn: sa.Connection, view: View, name: str) -> None:
    """The indexes of its pages, under names that no other telling has; `name` is the one it will go by."""
    for made in page_indexes(view.table, f"{name}_{uuid4().hex[:6]}"):
        made.create(conn)
