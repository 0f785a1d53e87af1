"""信用承诺 — who has promised what to whom, and was it kept?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.party.events import CommitmentBroken, CommitmentKept, CommitmentMade, CommitmentReopened, CommitmentReported, CommitmentWithdrawn
from projections.regions import EVERYTHING, Scope, within
from projections.search import About, matches
from projections.tally import Tally, tally_of
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import temporal_table, text
from projections.temporal.view import View

commitments = temporal_table(
    "commitments",
    sa.Column("number", text),
    sa.Column("kind", text),
    sa.Column("party", text),
    sa.Column("region", text),
    sa.Column("received_by", text),
    sa.Column("matter", text),
    sa.Column("status", text),
    sa.Column("made_on", sa.Date()),
    sa.Column("ends_on", sa.Date()),
    sa.Column("changed_on", sa.Date()),
    sa.Column("contract", sa.Uuid()),
    sa.Column("repair", sa.Uuid()),
    pages=[("made_on", "owner"), ("region", "made_on", "owner"), ("party", "made_on", "owner"), ("number",), ("contract",), ("repair",)],
    searches=("number", "party", "matter"),
)
STATUS: dict[type, str] = {
    CommitmentReported: "reported", CommitmentKept: "kept", CommitmentBroken: "broken", CommitmentWithdrawn: "withdrawn", CommitmentReopened: "open",
}  # fmt: skip


def fold(
    event: CommitmentMade | CommitmentReported | CommitmentKept | CommitmentBroken | CommitmentWithdrawn | CommitmentReopened, rows: Rows
) -> None:  # fmt: skip
    if isinstance(event, CommitmentMade):
        rows.put(
            number=event.number, kind=event.kind, party=event.party, region=event.region, received_by=event.received_by, matter=event.matter,
            status="open", made_on=event.made_on, ends_on=event.ends_on, changed_on=event.made_on, contract=event.contract, repair=event.repair,
        )  # fmt: skip
    else:
        rows.revise(status=STATUS[type(event)], changed_on=event.day)


view = View(commitments, fold)


class Filters(NamedTuple):
    q: str = ""
    status: str = ""
    kind: str = ""
    party: str = ""
    region: str = ""
    about: About | None = None  # where else the words of `q` may stand

    def plain(self) -> dict[str, str]:
        """The filters alone, as they stand in an address."""
        return {name: value for name, value in self._asdict().items() if name != "about"}


def list_commitments(
    conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters(), limit: int = 50, after: tuple[date, UUID] | None = None
) -> Sequence[Any]:
    """The latest first; an applicant's by their parties, an office's by its regions."""
    c = commitments.c
    page = sa.select(commitments).where(*_where(moment, scope, filters)).order_by(c.made_on.desc(), c.owner.desc()).limit(limit)
    if after:
        page = page.where(sa.tuple_(c.made_on, c.owner) < sa.tuple_(sa.literal(after[0], sa.Date()), sa.literal(after[1], sa.Uuid())))
    return conn.execute(page).all()


def _where(moment: Moment, scope: Scope, filters: Filters) -> list[sa.ColumnElement[bool]]:
    c = commitments.c
    mine = c.party.in_(list(scope.parties)) if scope.parties else sa.false()
    where = [at(moment, commitments), within(c.region, scope.regions) | mine]
    where += [column == one for column, one in ((c.status, filters.status), (c.kind, filters.kind), (c.party, filters.party)) if one]
    if filters.region:
        where.append(within(c.region, [filters.region]))
    if filters.q:
        about = filters.about
        beside = (lambda word: [c.contract.in_(about.contracts(word)), c.party.in_(about.parties(word))]) if about else (lambda word: [])
        where.append(matches(commitments, filters.q, beside))
    return where


def tally(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> Tally:
    """Counts of the commitments that what is looked for leaves; status, kind and region are narrowed in the tally."""
    columns = {"status": commitments.c.status, "kind": commitments.c.kind, "region": commitments.c.region}
    return tally_of(conn, columns, _where(moment, scope, filters._replace(status="", kind="", region="")))


def count(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> int:
    return int(conn.scalar(sa.select(sa.func.count()).select_from(commitments).where(*_where(moment, scope, filters))) or 0)


def by_status(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING) -> dict[str, int]:
    """How many commitments stand at each status."""
    return dict(sorted(tally(conn, moment, scope).facets({})["status"]))


def of_party(conn: sa.Connection, moment: Moment, party: str) -> Sequence[Any]:
    """Every commitment of a party, the latest first."""
    c = commitments.c
    return conn.execute(sa.select(commitments).where(at(moment, commitments), c.party == party).order_by(c.made_on.desc(), c.owner.desc())).all()


def of_repair(conn: sa.Connection, moment: Moment, repair: UUID) -> UUID | None:
    """The commitment that goes with an application."""
    found: UUID | None = conn.scalar(sa.select(commitments.c.owner).where(at(moment, commitments), commitments.c.repair == repair))
    return found


def of_these(conn: sa.Connection, moment: Moment, ids: Sequence[UUID]) -> list[UUID]:
    """The commitments that are about these contracts, or go with these applications."""
    c = commitments.c
    return list(conn.scalars(sa.select(c.owner).where(at(moment, commitments), c.contract.in_(ids) | c.repair.in_(ids))))


def numbered(conn: sa.Connection, moment: Moment, number: str) -> UUID | None:
    found: UUID | None = conn.scalar(sa.select(commitments.c.owner).where(at(moment, commitments), commitments.c.number == number))
    return found
