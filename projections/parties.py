"""主体 — which firms and bodies are known, under which names?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.party.events import PartyRegistered, PartyRenamed
from projections.regions import within
from projections.search import matches
from projections.tally import Tally, tally_of
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import json, temporal_table, text
from projections.temporal.view import View

parties = temporal_table(
    "parties",
    sa.Column("ref", text),
    sa.Column("scheme", text),
    sa.Column("id", text),
    sa.Column("name", text),
    sa.Column("former", json),  # [[name, until]]
    sa.Column("former_names", text),
    sa.Column("size", text),
    sa.Column("region", text),
    pages=[("ref",), ("name", "owner")],
    searches=("id", "name", "former_names"),
)


def fold(event: PartyRegistered | PartyRenamed, rows: Rows) -> None:
    match event:
        case PartyRegistered():
            rows.put(
                ref=f"{event.scheme}:{event.id}",
                scheme=event.scheme,
                id=event.id,
                name=event.name,
                former=[],
                former_names="",
                size=event.size,
                region=event.region,
            )
        case PartyRenamed():
            if row := rows.get():
                former = [*row["former"], [row["name"], event.renamed_on.isoformat()]]
                rows.revise(name=event.name, former=former, former_names=" ".join(str(one[0]) for one in former))


view = View(parties, fold)


def matching(moment: Moment, word: str) -> sa.Select[Any]:
    """The refs of parties that hold a word, to be asked for inside another question."""
    return sa.select(parties.c.ref).where(at(moment, parties), matches(parties, word))


class Filters(NamedTuple):
    q: str = ""
    size: str = ""
    region: str = ""


def list_parties(conn: sa.Connection, moment: Moment, filters: Filters = Filters(), limit: int = 50, after: tuple[str, UUID] | None = None) -> Sequence[Any]:
    """By name."""
    c = parties.c
    page = sa.select(parties).where(*_where(moment, filters))
    if after:
        page = page.where(sa.tuple_(c.name, c.owner) > sa.tuple_(sa.literal(after[0]), sa.literal(after[1], sa.Uuid())))
    return conn.execute(page.order_by(c.name, c.owner).limit(limit)).all()


def _where(moment: Moment, filters: Filters) -> list[sa.ColumnElement[bool]]:
    where = [at(moment, parties), *([matches(parties, filters.q)] if filters.q else []), *([parties.c.size == filters.size] if filters.size else [])]
    return [*where, within(parties.c.region, [filters.region])] if filters.region else where


def tally(conn: sa.Connection, moment: Moment, filters: Filters = Filters()) -> Tally:
    """Counts of the parties that what is looked for leaves; size and region are narrowed in the tally."""
    return tally_of(conn, {"size": parties.c.size, "region": parties.c.region}, _where(moment, Filters(filters.q)))


def count(conn: sa.Connection, moment: Moment, filters: Filters = Filters()) -> int:
    return int(conn.scalar(sa.select(sa.func.count()).select_from(parties).where(*_where(moment, filters))) or 0)


def _named(moment: Moment) -> sa.Select[Any]:
    c = parties.c
    return sa.select(c.ref, c.name).where(at(moment, parties), c.ref.in_(sa.bindparam("refs", expanding=True)))


@cache
def _named_now() -> sa.Select[Any]:
    """Composed once: nearly every page asks."""
    return _named(Moment(date.min))


def names(conn: sa.Connection, moment: Moment, refs: Collection[str]) -> dict[str, str]:
    """Names by scheme:id."""
    if not refs:
        return {}
    named = _named(moment) if moment != Moment(moment.clock) else _named_now()
    rows = conn.execute(named, {"refs": list(refs)})
    return {ref: name for ref, name in rows}


def find(conn: sa.Connection, moment: Moment, ref: str) -> Any | None:
    return conn.execute(sa.select(parties).where(at(moment, parties), parties.c.ref == ref)).first()
