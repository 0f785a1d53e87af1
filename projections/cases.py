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
from projections.search import About, matches
from projections.tally import Tally, tally_of
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
    sa.Column("documents", text),  # numbers of its notices and decisions
    pages=[("opened_on", "owner"), ("region", "opened_on", "owner"), ("contract",), ("party", "opened_on", "owner"), ("behaviour", "opened_on", "owner")],
    searches=("number", "party", "behaviour", "facts", "documents"),
)
STATUS: dict[type, str] = {
    NoticeServed: "notified", RectificationOrdered: "rectifying", BreachConfirmed: "confirmed", CaseDismissed: "dismissed",
    FindingReferred: "referred", TransferredToAuthority: "transferred", SanctionPublished: "published",
    CaseClosed: "closed",
}  # fmt: skip


def _tell_party(rows: Rows) -> None:
    """From now on it is its party's to see."""
    if (row := rows.get()) and row["party"] not in row["parties"]:
        rows.revise(parties=[row["party"], *row["parties"]])


def _add_document(rows: Rows, number: str | None) -> None:
    if number and (row := rows.get()):
        rows.revise(documents=f"{row['documents']} {number}".strip())


def fold(
    event: CaseOpened | CaseHandedOver | NoticeServed | RectificationOrdered | BreachConfirmed | CaseDismissed | FindingReferred
    | ReferralAnswered | TransferredToAuthority | SanctionDecided | SanctionPublished | PublicityEnded | CaseClosed, rows: Rows,
) -> None:  # fmt: skip
    match event:
        case CaseOpened():
            rows.put(
                number=event.number, contract=event.contract, region=event.region, authority=event.authority, party=event.party,
                parties=list(event.contractors) if event.side == "authority" else [], side=event.side, behaviour=event.behaviour,
                kind=event.kind, status="opened", opened_on=event.opened_on, occurred_on=event.occurred_on, facts=event.facts,
                keeper=event.keeper, documents="",
            )  # fmt: skip
        case CaseHandedOver():
            rows.revise(keeper=event.to)
        case NoticeServed():
            _tell_party(rows)
            _add_document(rows, event.document_number)
            if (row := rows.get()) and row["status"] == "opened":
                rows.revise(status="notified")
        case RectificationOrdered():
            _tell_party(rows)
            if (row := rows.get()) and row["status"] in ("opened", "notified"):
                rows.revise(status="rectifying")
        case ReferralAnswered():
            rows.revise(status={"confirmed": "confirmed", "dismissed": "dismissed"}.get(event.outcome, "notified"))
        case PublicityEnded():
            if event.why == "repaired":
                rows.revise(status="repaired")
        case SanctionDecided():
            _add_document(rows, event.document_number)
            rows.revise(status="sanctioned")
        case BreachConfirmed():
            rows.revise(status="confirmed", kind=event.kind)
        case _:
            rows.revise(status=STATUS[type(event)])


view = View(cases, fold, edition=3)


class Filters(NamedTuple):
    q: str = ""
    status: str = ""
    kind: str = ""
    behaviour: str = ""
    party: str = ""
    region: str = ""
    about: About | None = None  # where else the words of `q` may stand

    def plain(self) -> dict[str, str]:
        """The filters alone, as they stand in an address."""
        return {name: value for name, value in self._asdict().items() if name != "about"}


def _where(moment: Moment, scope: Scope, filters: Filters) -> list[sa.ColumnElement[bool]]:
    c = cases.c
    where = [at(moment, cases), within(c.region, scope.regions) | sa.or_(sa.false(), *[named_in(c.parties, one) for one in scope.parties])]
    if filters.q:
        about = filters.about
        beside = (lambda word: [c.contract.in_(about.contracts(word)), c.party.in_(about.parties(word))]) if about else (lambda word: [])
        where.append(matches(cases, filters.q, beside))
    if filters.region:
        where.append(within(c.region, [filters.region]))
    wanted = ((c.status, filters.status), (c.kind, filters.kind), (c.behaviour, filters.behaviour), (c.party, filters.party))
    return [*where, *[column == one for column, one in wanted if one]]


def list_cases(
    conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters(), limit: int = 50, after: tuple[date, UUID] | None = None
) -> Sequence[Any]:
    """The latest opened first; `after` is (opened_on, owner) of the last one seen."""
    c = cases.c
    page = sa.select(cases).where(*_where(moment, scope, filters)).order_by(c.opened_on.desc(), c.owner.desc()).limit(limit)
    if after:
        page = page.where(sa.tuple_(c.opened_on, c.owner) < sa.tuple_(sa.literal(after[0], sa.Date()), sa.literal(after[1], sa.Uuid())))
    return conn.execute(page).all()


def tally(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> Tally:
    """Counts of the cases that what is looked for leaves; status, kind, behaviour and region are narrowed in the tally."""
    columns = {name: cases.c[name] for name in ("status", "kind", "behaviour", "region")}
    return tally_of(conn, columns, _where(moment, scope, filters._replace(status="", kind="", behaviour="", region="")))


def count(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> int:
    return int(conn.scalar(sa.select(sa.func.count()).select_from(cases).where(*_where(moment, scope, filters))) or 0)


def facets(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> dict[str, list[tuple[str, int]]]:
    """How many there are of each status, kind, behaviour and region, the other filters kept."""
    return tally(conn, moment, scope, filters).facets(filters.plain())


def numbered(conn: sa.Connection, moment: Moment, number: str) -> list[UUID]:
    """The cases that bear a number."""
    return list(conn.scalars(sa.select(cases.c.owner).where(at(moment, cases), cases.c.number == number)))


def of_contract(conn: sa.Connection, moment: Moment, contract: UUID) -> list[UUID]:
    """The cases that came of a contract, in the order of their opening."""
    c = cases.c
    return list(conn.scalars(sa.select(c.owner).where(at(moment, cases), c.contract == contract).order_by(c.opened_on, c.owner)))


def under(moment: Moment, contracts: sa.Select[Any]) -> sa.Select[Any]:
    """The ids of cases that came of some contracts, to be asked for inside another question."""
    return sa.select(cases.c.owner).where(at(moment, cases), cases.c.contract.in_(contracts))


def of_party(conn: sa.Connection, moment: Moment, party: str) -> Sequence[Any]:
    """Cases against a party; and, for a contractor, those against an authority in which it is concerned."""
    c = cases.c
    concerned = (c.party == party) | named_in(c.parties, party)
    return conn.execute(sa.select(cases).where(at(moment, cases), concerned).order_by(c.opened_on.desc(), c.owner.desc())).all()


def against_authority(conn: sa.Connection, moment: Moment, authority: str, regions: Collection[str] | None) -> Sequence[Any]:
    """Cases in which an authority is at fault, the latest opened first."""
    c = cases.c
    page = sa.select(cases).where(at(moment, cases), c.party == authority, c.side == "authority", within(c.region, regions))
    return conn.execute(page.order_by(c.opened_on.desc(), c.owner.desc())).all()


def named(conn: sa.Connection, moment: Moment, owners: Collection[UUID]) -> dict[UUID, Any]:
    if not owners:
        return {}
    rows = conn.execute(sa.select(cases).where(at(moment, cases), cases.c.owner.in_(list(owners))))
    return {row.owner: row for row in rows}
