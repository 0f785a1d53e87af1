"""案件登记册 — which cases are there, against whom, and how far has each come?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.breach.events import (
    BreachConfirmed,
    CaseClosed,
    CaseDismissed,
    CaseHandedOver,
    CaseOpened,
    FindingReferred,
    NoticeServed,
    PublicityEnded,
    RectificationOrdered,
    ReferralAnswered,
    SanctionDecided,
    SanctionPublished,
    TransferredToAuthority,
)
from projections.regions import EVERYTHING, Scope, named_in, within
from projections.search import matches
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import json, temporal_table, text
from projections.temporal.view import View

cases = temporal_table(
    "cases",
    sa.Column("number", text),
    sa.Column("contract", sa.Uuid()),
    sa.Column("region", text),
    sa.Column("authority", text),
    sa.Column("party", text),
    sa.Column("parties", json),
    sa.Column("side", text),
    sa.Column("behaviour", text),
    sa.Column("kind", text),
    sa.Column("status", text),
    sa.Column("opened_on", sa.Date()),
    sa.Column("occurred_on", sa.Date()),
    sa.Column("facts", text),
    sa.Column("keeper", text),
    pages=[("opened_on", "owner"), ("region", "opened_on", "owner"), ("contract",), ("party", "opened_on", "owner"), ("behaviour", "opened_on", "owner")],
    searches=("number", "party", "behaviour", "facts"),
)
STATUS: dict[type, str] = {
    NoticeServed: "notified", RectificationOrdered: "rectifying", BreachConfirmed: "confirmed", CaseDismissed: "dismissed",
    FindingReferred: "referred", TransferredToAuthority: "transferred", SanctionDecided: "sanctioned", SanctionPublished: "published",
    CaseClosed: "closed",
}  # fmt: skip


def fold(
    event: CaseOpened | CaseHandedOver | NoticeServed | RectificationOrdered | BreachConfirmed | CaseDismissed | FindingReferred
    | ReferralAnswered | TransferredToAuthority | SanctionDecided | SanctionPublished | PublicityEnded | CaseClosed, rows: Rows,
) -> None:  # fmt: skip
    match event:
        case CaseOpened():
            rows.put(
                number=event.number, contract=event.contract, region=event.region, authority=event.authority, party=event.party,
                parties=[event.party, *(event.contractors if event.side == "authority" else [])], side=event.side, behaviour=event.behaviour,
                kind=event.kind, status="opened", opened_on=event.opened_on, occurred_on=event.occurred_on, facts=event.facts, keeper=event.by,
            )  # fmt: skip
        case CaseHandedOver():
            rows.revise(keeper=event.to)
        case NoticeServed():
            if (row := rows.get()) and row["status"] == "opened":
                rows.revise(status="notified")
        case RectificationOrdered():
            if (row := rows.get()) and row["status"] in ("opened", "notified"):
                rows.revise(status="rectifying")
        case ReferralAnswered():
            rows.revise(status={"confirmed": "confirmed", "dismissed": "dismissed"}.get(event.outcome, "notified"))
        case PublicityEnded():
            if event.why == "repaired":
                rows.revise(status="repaired")
        case BreachConfirmed():
            rows.revise(status="confirmed", kind=event.kind)
        case _:
            rows.revise(status=STATUS[type(event)])


view = View(cases, fold)


class Filters(NamedTuple):
    q: str = ""
    status: str = ""
    kind: str = ""
    behaviour: str = ""
    party: str = ""


def _where(moment: Moment, scope: Scope, filters: Filters) -> list[sa.ColumnElement[bool]]:
    c = cases.c
    where = [at(moment, cases), within(c.region, scope.regions) | sa.or_(sa.false(), *[named_in(c.parties, one) for one in scope.parties])]
    if filters.q:
        where.append(matches(cases, filters.q))
    wanted = ((c.status, filters.status), (c.kind, filters.kind), (c.behaviour, filters.behaviour), (c.party, filters.party))
    return [*where, *[column == one for column, one in wanted if one]]


def list_cases(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters(), limit: int = 50,
               after: tuple[date, UUID] | None = None) -> Sequence[Any]:
    """The latest opened first; `after` is (opened_on, owner) of the last one seen."""
    c = cases.c
    page = sa.select(cases).where(*_where(moment, scope, filters)).order_by(c.opened_on.desc(), c.owner.desc()).limit(limit)
    if after:
        page = page.where(sa.tuple_(c.opened_on, c.owner) < sa.tuple_(sa.literal(after[0], sa.Date()), sa.literal(after[1], sa.Uuid())))
    return conn.execute(page).all()


def count(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> int:
    return int(conn.scalar(sa.select(sa.func.count()).select_from(cases).where(*_where(moment, scope, filters))) or 0)


def facets(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> dict[str, list[tuple[str, int]]]:
    c, found = cases.c, dict[str, list[tuple[str, int]]]()
    for name, column in (("status", c.status), ("kind", c.kind)):
        where = _where(moment, scope, filters._replace(**{name: ""}))
        rows = conn.execute(sa.select(column, sa.func.count()).where(*where).group_by(column).order_by(sa.func.count().desc(), column))
        found[name] = [(str(value or ""), int(n)) for value, n in rows]
    return found


def of_contract(conn: sa.Connection, moment: Moment, contract: UUID) -> list[UUID]:
    """The cases that came of a contract, in the order of their opening."""
    c = cases.c
    return list(conn.scalars(sa.select(c.owner).where(at(moment, cases), c.contract == contract).order_by(c.opened_on, c.owner)))


def of_party(conn: sa.Connection, moment: Moment, party: str) -> Sequence[Any]:
    """Cases against a party; and, for a contractor, those against an authority in which it is concerned."""
    c = cases.c
    concerned = (c.party == party) | named_in(c.parties, party)
    return conn.execute(sa.select(cases).where(at(moment, cases), concerned).order_by(c.opened_on.desc(), c.owner.desc())).all()


def named(conn: sa.Connection, moment: Moment, owners: Collection[UUID]) -> dict[UUID, Any]:
    if not owners:
        return {}
    rows = conn.execute(sa.select(cases).where(at(moment, cases), cases.c.owner.in_(list(owners))))
    return {row.owner: row for row in rows}
