"""The definition of law 7, on plain dictionaries, and the comparison of a database of row versions with it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from msgspec.structs import replace

from domain.act import CHINA
from domain.events import Told
from projections.temporal import moment as moments
from projections.temporal.bookmark import bookmark
from projections.temporal.follow import Follower
from projections.temporal.moment import Moment
from projections.temporal.tables import value_columns
from projections.temporal.view import View, open_views, state_of
from tests.projections.temporal.facts import DAY0, VIEWS, ListLedger, book_of, evening


def remaining(told: Sequence[Told], known_at: int, as_of: date) -> list[Told]:
    """What was recorded up to K, each in the latest wording that K knows, in the place of the first, dated until D."""
    first: dict[tuple[UUID, int], Told] = {}  # by any wording's place: the one that was first said there
    latest: dict[int, Told] = {}
    for one in told:
        if one.position > known_at:
            continue
        corrects = one.event.corrects
        root = one if corrects is None else first[one.stream, corrects]
        first[one.stream, one.version] = root
        latest[root.position] = replace(root, event=one.event)
    return [one for _, one in sorted(latest.items()) if one.event.day <= as_of]


class Plain:
    """The rows of one stream in a plain table that knows no time."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.now: Told

    stream = property(lambda self: self.now.stream)
    version = property(lambda self: self.now.version)
    position = property(lambda self: self.now.position)
    recorded_at = property(lambda self: self.now.recorded_at)
    book = property(lambda self: book_of(self.now.position))

    def get(self, key: str = "") -> Any:
        row = self.rows.get(key)
        return row and {name: list(value) if isinstance(value, list) else value for name, value in row.items()}

    def keys(self) -> list[str]:
        return list(self.rows)

    def put(self, key: str = "", **values: Any) -> None:
        self.rows[key] = values

    def revise(self, key: str = "", **changes: Any) -> None:
        if key in self.rows:
            self.rows[key] = {**self.rows[key], **changes}

    def remove(self, key: str = "") -> None:
        self.rows.pop(key, None)


def plain(view: View, left: Sequence[Told]) -> dict[Any, Any]:
    tables: dict[UUID, Plain] = {}
    for one in left:
        if isinstance(one.event, view.kinds):
            rows: Any = tables.setdefault(one.stream, Plain())
            rows.now = one
            view.fold(one.event, rows)
    blank = dict.fromkeys(value_columns(view.table))
    return {(owner, key): {**blank, **row} for owner, table in tables.items() for key, row in table.rows.items()}


def shown(conn: sa.Connection, view: View, moment: Moment) -> dict[Any, Any]:
    rows = conn.execute(sa.select(view.table).where(moments.at(moment, view.table))).all()
    names = value_columns(view.table)
    answer = {(row.owner, row.key): {name: getattr(row, name) for name in names} for row in rows}
    assert len(answer) == len(rows), "two rows say that they hold at one moment"
    return answer


def content(engine: sa.Engine, view: View) -> list[Any]:
    """Every row version with all its bounds."""
    t = view.table
    with engine.connect() as conn:
        rows = conn.execute(sa.select(t).order_by(t.c.owner, t.c.key, t.c.since, t.c.valid_from))
        return [tuple(row) for row in rows]


def empty(engine: sa.Engine) -> None:
    open_views(VIEWS, engine)
    with engine.execution_options(writing=True).begin() as conn:
        for view in VIEWS:
            conn.execute(sa.delete(view.table))
        conn.execute(sa.update(bookmark).values(position=0, stopped=None))


def database(engine: sa.Engine, told: Sequence[Told], turns: Sequence[int]) -> None:
    """Told by two followers that take turns, a batch each of the given sizes, then by the second to the end."""
    empty(engine)
    ledger = ListLedger()
    two = [Follower(VIEWS, ledger, engine, book_of, batch=max(1, size)) for size in (*turns, 7, 7)[:2]]
    end = 0
    for n, size in enumerate(turns):
        end += size
        ledger.told = list(told[:end])
        two[n % 2].catch_up()
    ledger.told = list(told)
    two[1].catch_up()
    assert [standing.stopped for standing in state_of(VIEWS, engine)] == [None] * len(VIEWS)


def check(engine: sa.Engine, told: Sequence[Told], known_at: int, days: int, turns: Sequence[int]) -> None:
    """The rows at four moments are those of the definition."""
    database(engine, told, turns)
    last = told[-1].recorded_at or evening(DAY0)
    today, as_of = last.astimezone(CHINA).date(), DAY0 + timedelta(days=days)
    known = [one for one in told if one.position <= known_at]
    recorded = [one.recorded_at.astimezone(CHINA).date() for one in known if one.recorded_at]
    moments_of = [
        Moment(today),
        Moment(today, None, as_of),
        Moment(max(recorded, default=DAY0), known_at),
        Moment(today, known_at, as_of),
    ]
    with engine.connect() as conn:
        for moment in moments_of:
            left = remaining(told, 2**62 if moment.known_at is None else moment.known_at, moment.day)
            for view in VIEWS:
                assert shown(conn, view, moment) == plain(view, left), (view.name, moment)
