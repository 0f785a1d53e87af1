"""惩戒与公示 — which sanctions were decided, of whom, and which of them are public on a day?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.breach.evenness import YUAN, Like, in_yuan
from domain.breach.events import (
    BreachConfirmed,
    CaseOpened,
    DepartureExplained,
    ObjectionDecided,
    ObjectionFiled,
    PublicityEnded,
    PublicityWithdrawn,
    RecordReclassified,
    ReviewEnded,
    ReviewOpened,
    SanctionCorrected,
    SanctionDecided,
    SanctionFulfilled,
    SanctionPublished,
    SanctionRevoked,
    SanctionServed,
)
from domain.policy.publicity import needs_fulfilment, shown_until
from domain.values.party import USCC_SCHEME
from projections.regions import Scope, within
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import Exact, json, temporal_table, text
from projections.temporal.view import View

sanctions = temporal_table(
    "sanctions",
    sa.Column("sanction", sa.Uuid()),
    sa.Column("party", text),
    sa.Column("side", text),
    sa.Column("region", text),
    sa.Column("authority", text),
    sa.Column("contract", sa.Uuid()),
    sa.Column("behaviour", text),
    sa.Column("kind", text),
    sa.Column("document_number", text),
    sa.Column("decision_types", json),
    sa.Column("fine", Exact()),
    sa.Column("currency", text),
    sa.Column("price", Exact()),  # the contract's, in CNY
    sa.Column("measures", json),
    sa.Column("departed", sa.Boolean()),  # with a reason why it is not what like findings got
    sa.Column("national_class", text),
    sa.Column("industry_class", text),
    sa.Column("points", Exact(1)),
    sa.Column("decided_on", sa.Date()),
    sa.Column("served_on", sa.Date()),
    sa.Column("fulfilled_on", sa.Date()),
    sa.Column("published_on", sa.Date()),
    sa.Column("public", sa.Boolean()),
    sa.Column("repairable_from", sa.Date()),
    sa.Column("last_day", sa.Date()),
    sa.Column("waits", sa.Boolean()),  # publicity outlasts its last day until the decision is fulfilled
    sa.Column("ended", text),
    sa.Column("marks", json),  # [[objection or review, its id]]: what is pending against it; it stays as it is meanwhile
    pages=[("party", "decided_on", "owner"), ("sanction",), ("public", "decided_on", "owner"), ("behaviour", "decided_on", "owner")],
)


def fold(
    event: CaseOpened | BreachConfirmed | SanctionDecided | DepartureExplained | SanctionServed
     | SanctionFulfilled | SanctionPublished | SanctionCorrected | SanctionRevoked
    | RecordReclassified | PublicityWithdrawn | PublicityEnded | ObjectionFiled | ObjectionDecided | ReviewOpened | ReviewEnded, rows: Rows,
) -> None:  # fmt: skip
    match event:
        case CaseOpened():
            rows.put(
                party=event.party,
                side=event.side,
                region=event.region,
                authority=event.authority,
                contract=event.contract,
                behaviour=event.behaviour,
                kind=event.kind,
                price=in_yuan(event.contract_value),
            )
        case BreachConfirmed():
            rows.revise(kind=event.kind)
        case SanctionDecided():
            case = rows.get() or {}
            rows.put(
                str(event.sanction), sanction=event.sanction, document_number=event.document_number, decision_types=event.decision_types,
                fine=event.fine.amount if event.fine else None, currency=event.fine.currency if event.fine else None,
                national_class=event.national_class, industry_class=event.industry_class, points=_tenths(event.points),
                decided_on=event.decided_on, public=False, waits=needs_fulfilment(rows.book, event.decided_on), measures=event.measures, departed=False,
                marks=[], repairable_from=event.repairable_from, last_day=event.last_day,
                **{name: case.get(name) for name in ("party", "side", "region", "authority", "contract", "behaviour", "kind", "price")},
            )  # fmt: skip
        case DepartureExplained():
            rows.revise(str(event.sanction), departed=True)
        case SanctionServed():
            rows.revise(str(event.sanction), served_on=event.effective_on)
        case SanctionFulfilled():
            one = rows.get(str(event.sanction)) or {}
            last = shown_until(one.get("last_day"), event.fulfilled_on, bool(one.get("waits")))
            rows.revise(str(event.sanction), fulfilled_on=event.fulfilled_on, last_day=last)
        case SanctionPublished():
            rows.revise(str(event.sanction), published_on=event.published_on, public=True)
        case SanctionCorrected():
            changes = {"document_number": event.document_number} if event.document_number else {}
            rows.revise(
                str(event.sanction), decision_types=event.decision_types, fine=event.fine.amount if event.fine else None,
                currency=event.fine.currency if event.fine else None, national_class=event.national_class, industry_class=event.industry_class,
                points=_tenths(event.points), repairable_from=event.repairable_from, last_day=_shown(rows, event), **changes,
            )  # fmt: skip
        case RecordReclassified():
            rows.revise(
                str(event.sanction),
                national_class=event.national_class,
                industry_class=event.industry_class,
                points=_tenths(event.points),
                repairable_from=event.repairable_from,
                last_day=_shown(rows, event),
            )
        case SanctionRevoked():
            rows.revise(str(event.sanction), public=False, ended="revoked")
        case PublicityWithdrawn():
            rows.revise(str(event.sanction), public=False)
        case PublicityEnded():
            rows.revise(str(event.sanction), public=False, ended=event.why)
        case ObjectionFiled():
            _mark(rows, [str(event.sanction)], "objection", event.objection)
        case ReviewOpened():
            _mark(rows, rows.keys(), "review", event.review)
        case ObjectionDecided():
            _unmark(rows, str(event.objection))
        case ReviewEnded():
            _unmark(rows, str(event.review))


def _shown(rows: Rows, event: SanctionCorrected | RecordReclassified) -> date | None:
    """The last day of what was corrected or classified anew: not before a fulfilment that its publicity waited for."""
    one = rows.get(str(event.sanction)) or {}
    return shown_until(event.last_day, one.get("fulfilled_on"), bool(one.get("waits")))


def _mark(rows: Rows, keys: Collection[str], kind: str, what: UUID) -> None:
    """The decisions that stand carry a mark of what is pending against them."""
    for key in keys:
        if (row := rows.get(key)) and row["sanction"] is not None and row["ended"] != "revoked":
            rows.revise(key, marks=[*row["marks"], [kind, str(what)]])


def _unmark(rows: Rows, what: str) -> None:
    for key, row in [(key, rows.get(key)) for key in rows.keys()]:  # noqa: SIM118  no mapping: it cannot be walked
        if row and row["marks"]:
            rows.revise(key, marks=[one for one in row["marks"] if one[1] != what])


def _tenths(points: Decimal) -> Decimal:
    return points.quantize(Decimal("0.1"))


view = View(sanctions, fold, edition=2)


def until_fulfilled(row: Any) -> bool:
    """Is it public until it is fulfilled, whatever its last day?"""
    return bool(row.waits) and row.fulfilled_on is None


def status_on(row: Any, day: date) -> str:
    """decided, served, published, repaired, expired or revoked; the end of publicity is computed, never waited for."""
    if row.ended is not None:
        return str(row.ended)
    if row.public and row.last_day is not None and day > row.last_day and not until_fulfilled(row):
        return "expired"
    return "published" if row.public else "served" if row.served_on is not None else "decided"


def marked(row: Any) -> dict[str, bool]:
    """Is an objection, a review or suit pending against it?"""
    kinds = {kind for kind, _ in row.marks or []}
    return {"objection": "objection" in kinds, "review": "review" in kinds}


def shown_on(day: date) -> sa.ColumnElement[bool]:
    """What is published is shown until its last day, or beyond it where it waits for its fulfilment."""
    c = sanctions.c
    return (c.last_day >= day) | (c.waits.is_(True) & c.fulfilled_on.is_(None))


def _in_force(moment: Moment) -> sa.Select[Any]:
    c = sanctions.c
    page = sa.select(sanctions).where(at(moment, sanctions), c.public.is_(True), shown_on(moment.day), c.side == "contractor")
    return page.order_by(c.decided_on.desc(), c.owner.desc(), c.key.desc())


@cache
def _record() -> sa.Select[Any]:
    """Of one party, composed once: to compose a statement takes longer than to carry it out, and no page is asked for more."""
    today: Any = sa.bindparam("today", type_=sa.Date())
    return _in_force(Moment(today)).where(sanctions.c.party == sa.bindparam("party")).limit(sa.bindparam("most", type_=sa.Integer()))


def in_force(
    conn: sa.Connection, moment: Moment, party: str | None = None, q: str = "", limit: int = 50, after: tuple[date, UUID, str] | None = None
) -> Sequence[Any]:
    """What may be shown to the public on the day: published, not ended, not past its last day; never an authority's."""
    c = sanctions.c
    if party is not None and moment == Moment(moment.clock) and not q and after is None:
        return conn.execute(_record(), {"today": moment.clock, "party": party, "most": limit}).all()
    page = _in_force(moment).limit(limit)
    if party is not None:
        page = page.where(c.party == party)
    if q:  # by code a firm alone is found: an answer to a person's number, even a part of it, would say whose it is
        firm = c.party.startswith(f"{USCC_SCHEME}:", autoescape=True) & c.party.contains(q, autoescape=True)
        page = page.where(firm | c.document_number.contains(q, autoescape=True))
    if after:
        last = sa.tuple_(sa.literal(after[0], sa.Date()), sa.literal(after[1], sa.Uuid()), sa.literal(after[2]))
        page = page.where(sa.tuple_(c.decided_on, c.owner, c.key) < last)
    return conn.execute(page).all()


def counts_in_force(conn: sa.Connection, moment: Moment, refs: Collection[str]) -> dict[str, int]:
    """How many of each of some parties the public is shown on the day."""
    c = sanctions.c
    page = sa.select(c.party, sa.func.count()).where(at(moment, sanctions), c.public.is_(True), shown_on(moment.day), c.side == "contractor")
    return {ref: int(n) for ref, n in conn.execute(page.where(c.party.in_(list(refs))).group_by(c.party))} if refs else {}


def of_party(conn: sa.Connection, moment: Moment, party: str) -> Sequence[Any]:
    """Every sanction of a party, the latest first."""
    c = sanctions.c
    page = sa.select(sanctions).where(at(moment, sanctions), c.party == party, c.sanction.is_not(None))
    return conn.execute(page.order_by(c.decided_on.desc(), c.owner.desc())).all()


def like(conn: sa.Connection, moment: Moment, behaviour: str, but: UUID | None = None, limit: int = 12) -> Sequence[Any]:
    """What the same behaviour got before, in other cases."""
    c = sanctions.c
    page = sa.select(sanctions).where(at(moment, sanctions), c.behaviour == behaviour, c.sanction.is_not(None))
    if but is not None:
        page = page.where(c.owner != but)
    return conn.execute(page.order_by(c.decided_on.desc(), c.owner.desc()).limit(limit)).all()


def like_decisions(conn: sa.Connection, moment: Moment, case: UUID) -> list[Like]:
    """What other cases of the same behaviour, kind and side came to; what was revoked does not stand."""
    c = sanctions.c
    mine = conn.execute(sa.select(c.behaviour, c.kind, c.side).where(at(moment, sanctions), c.owner == case, c.key == "")).first()
    if mine is None:
        return []
    found = sa.select(c.national_class, c.fine, c.currency, c.price, c.measures).where(
        at(moment, sanctions), c.sanction.is_not(None), c.owner != case, c.behaviour == mine.behaviour, c.kind == mine.kind,
        c.side == mine.side, c.ended.is_distinct_from("revoked"))  # fmt: skip
    return [_like(row) for row in conn.execute(found)]


def _like(row: Any) -> Like:
    return Like(row.national_class, row.fine if row.currency == YUAN else None, row.price, tuple(row.measures or ()))


class Decided(NamedTuple):
    """One decision, for a comparison of offices and years."""

    authority: str
    year: int
    behaviour: str
    kind: str
    departed: bool
    like: Like


def decided(conn: sa.Connection, moment: Moment, scope: Scope, side: str = "contractor") -> list[Decided]:
    """Every decision that stands, in the regions of the scope."""
    c = sanctions.c
    found = sa.select(c.authority, c.decided_on, c.behaviour, c.kind, c.departed, c.national_class, c.fine, c.currency, c.price, c.measures).where(
        at(moment, sanctions), c.sanction.is_not(None), c.side == side, within(c.region, scope.regions), c.ended.is_distinct_from("revoked")
    )
    return [Decided(row.authority, row.decided_on.year, row.behaviour, row.kind, bool(row.departed), _like(row)) for row in conn.execute(found)]


def classes(conn: sa.Connection, moment: Moment, wanted: Collection[UUID]) -> dict[UUID, str]:
    """The national class of each of these decisions."""
    c = sanctions.c
    found = conn.execute(sa.select(c.sanction, c.national_class).where(at(moment, sanctions), c.sanction.in_(list(wanted))))
    return {row.sanction: row.national_class for row in found}


def to_be_published(conn: sa.Connection, moment: Moment, scope: Scope, authority: str | None = None) -> Sequence[Any]:
    """The decisions that are to be published: decided_on, published_on, document_number, owner; of all authorities, or of one."""
    c = sanctions.c
    page = sa.select(c.decided_on, c.published_on, c.document_number, c.owner).where(
        at(moment, sanctions), c.sanction.is_not(None), c.last_day.is_not(None), within(c.region, scope.regions)
    )
    if authority is not None:
        page = page.where(c.authority == authority)
    return conn.execute(page.order_by(c.decided_on)).all()


def find(conn: sa.Connection, moment: Moment, sanction: UUID) -> Any | None:
    return conn.execute(sa.select(sanctions).where(at(moment, sanctions), sanctions.c.sanction == sanction)).first()
