"""修复申请 — who has applied for which record's repair, and where is each application?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.repair.events import (
    FalseMaterialRecorded,
    RepairAccepted,
    RepairApplied,
    RepairApproved,
    RepairObjectionDecided,
    RepairRefused,
    RepairRejected,
    RepairRevoked,
    RepairSynchronised,
    RepairVerified,
    RepairWindowEnded,
    RepairWithdrawn,
    SupplementProvided,
    SupplementRequested,
)
from projections.regions import EVERYTHING, Scope, within
from projections.search import About, matches
from projections.tally import Tally, tally_of
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import json, temporal_table, text
from projections.temporal.view import View

repairs = temporal_table(
    "repairs",
    sa.Column("receipt", text),
    sa.Column("case", sa.Uuid()),
    sa.Column("sanction", sa.Uuid()),
    sa.Column("party", text),
    sa.Column("region", text),
    sa.Column("document_number", text),
    sa.Column("status", text),
    sa.Column("applied_on", sa.Date()),
    sa.Column("changed_on", sa.Date()),
    sa.Column("decided_on", sa.Date()),  # approved or refused
    sa.Column("stops", json),  # [[after, through]]: the days that were the applicant's own
    sa.Column("barred_until", sa.Date()),
    pages=[("applied_on", "owner"), ("region", "applied_on", "owner"), ("receipt",), ("party", "applied_on", "owner"), ("case",)],
    searches=("receipt", "party", "document_number"),
)
STATUS: dict[type, str] = {
    RepairAccepted: "accepted", RepairRejected: "rejected",
    RepairApproved: "approved", RepairRefused: "refused", RepairWithdrawn: "withdrawn", RepairSynchronised: "synchronised",
    RepairRevoked: "revoked",
}  # fmt: skip


def fold(
    event: RepairApplied | SupplementRequested | SupplementProvided | RepairAccepted | RepairRejected | RepairVerified | RepairApproved
    | RepairRefused | RepairWithdrawn | RepairSynchronised | RepairRevoked | RepairObjectionDecided
    | RepairWindowEnded | FalseMaterialRecorded, rows: Rows,
) -> None:  # fmt: skip
    match event:
        case SupplementRequested():
            stops = [*_stops(rows), [event.requested_on.isoformat(), None]]
            rows.revise(status="supplement_requested", changed_on=event.day, stops=stops)
        case SupplementProvided():
            rows.revise(status="applied", changed_on=event.day, stops=_ended(rows, event.day))
        case RepairWindowEnded():
            rows.revise(stops=_ended(rows, event.day))
        case FalseMaterialRecorded():
            rows.revise(barred_until=event.barred_until)
        case RepairApproved() | RepairRefused():
            rows.revise(status=STATUS[type(event)], changed_on=event.day, decided_on=event.day)
        case RepairApplied():
            rows.put(
                receipt=event.receipt,
                case=event.case,
                sanction=event.sanction,
                party=event.party,
                region=event.region,
                document_number=event.document_number,
                status="applied",
                applied_on=event.applied_on,
                changed_on=event.applied_on,
                stops=[],
            )
        case RepairVerified():
            rows.revise(changed_on=event.day, **({"status": "verified"} if event.fulfilled else {}))
        case RepairObjectionDecided():
            rows.revise(changed_on=event.day, **({"status": "applied"} if event.outcome == "upheld" else {}))
        case _:
            rows.revise(status=STATUS[type(event)], changed_on=event.day)


def _stops(rows: Rows) -> list[list[str | None]]:
    return list((rows.get() or {}).get("stops") or [])


def _ended(rows: Rows, on: date) -> list[list[str | None]]:
    """The stop that still stands ends; the clock runs again from the day after."""
    return [[after, through or on.isoformat()] for after, through in _stops(rows)]


view = View(repairs, fold)


class Filters(NamedTuple):
    q: str = ""
    status: str = ""
    party: str = ""
    region: str = ""
    about: About | None = None  # where else the words of `q` may stand

    def plain(self) -> dict[str, str]:
        """The filters alone, as they stand in an address."""
        return {name: value for name, value in self._asdict().items() if name != "about"}


def list_repairs(
    conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters(), limit: int = 50, after: tuple[date, UUID] | None = None
) -> Sequence[Any]:
    """The latest application first; an applicant's by their parties, an office's by its regions."""
    c = repairs.c
    page = sa.select(repairs).where(*_where(moment, scope, filters)).order_by(c.applied_on.desc(), c.owner.desc()).limit(limit)
    if after:
        page = page.where(sa.tuple_(c.applied_on, c.owner) < sa.tuple_(sa.literal(after[0], sa.Date()), sa.literal(after[1], sa.Uuid())))
    return conn.execute(page).all()


def _where(moment: Moment, scope: Scope, filters: Filters) -> list[sa.ColumnElement[bool]]:
    c = repairs.c
    mine = c.party.in_(list(scope.parties)) if scope.parties else sa.false()
    where = [at(moment, repairs), within(c.region, scope.regions) | mine]
    where += [column == one for column, one in ((c.status, filters.status), (c.party, filters.party)) if one]
    if filters.region:
        where.append(within(c.region, [filters.region]))
    if filters.q:
        about = filters.about
        beside = (lambda word: [c.case.in_(about.contracts(word)), c.party.in_(about.parties(word))]) if about else (lambda word: [])
        where.append(matches(repairs, filters.q, beside))
    return where


def tally(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> Tally:
    """Counts of the applications that what is looked for leaves; status and region are narrowed in the tally."""
    columns = {"status": repairs.c.status, "region": repairs.c.region}
    return tally_of(conn, columns, _where(moment, scope, filters._replace(status="", region="")))


def count(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> int:
    return int(conn.scalar(sa.select(sa.func.count()).select_from(repairs).where(*_where(moment, scope, filters))) or 0)


def by_status(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING) -> dict[str, int]:
    """How many applications stand at each status."""
    return dict(sorted(tally(conn, moment, scope).facets({})["status"]))


def receipted(conn: sa.Connection, moment: Moment, receipt: str) -> UUID | None:
    found: UUID | None = conn.scalar(sa.select(repairs.c.owner).where(at(moment, repairs), repairs.c.receipt == receipt))
    return found


def of_case(conn: sa.Connection, moment: Moment, case: UUID) -> list[UUID]:
    c = repairs.c
    return list(conn.scalars(sa.select(c.owner).where(at(moment, repairs), c.case == case).order_by(c.applied_on, c.owner)))


def of_sanction(conn: sa.Connection, moment: Moment, sanction: UUID) -> Sequence[Any]:
    return conn.execute(sa.select(repairs).where(at(moment, repairs), repairs.c.sanction == sanction)).all()


def barred_until(conn: sa.Connection, moment: Moment, party: str) -> date | None:
    """The last day on which a party that brought false material may not apply."""
    found: date | None = conn.scalar(sa.select(sa.func.max(repairs.c.barred_until)).where(at(moment, repairs), repairs.c.party == party))
    return found


def decided(conn: sa.Connection, moment: Moment, most: int) -> Sequence[Any]:
    """The latest that were approved or refused: sanction, applied_on, decided_on, stops."""
    c = repairs.c
    page = sa.select(c.sanction, c.applied_on, c.decided_on, c.stops).where(at(moment, repairs), c.decided_on.is_not(None))
    return conn.execute(page.order_by(c.decided_on.desc(), c.owner.desc()).limit(most)).all()
