"""合同登记册 — which contracts are there, of what value, between whom, and how do they stand?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain.contract.events import (
    ContractAmended,
    ContractAssigned,
    ContractCompleted,
    ContractResumed,
    ContractSettled,
    ContractSigned,
    ContractSuspended,
    ContractTerminated,
    PaymentMade,
)
from projections.regions import EVERYTHING, Scope, named_in, within
from projections.search import matches
from projections.tally import Tally
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import Exact, json, temporal_table, text
from projections.temporal.view import View

register = temporal_table(
    "contracts",
    sa.Column("number", text),
    sa.Column("name", text),
    sa.Column("type", text),
    sa.Column("region", text),
    sa.Column("authority", text),
    sa.Column("authority_name", text),
    sa.Column("contractors", json),  # [[scheme:id, name]], the lead first
    sa.Column("former", json),  # [[scheme:id, name]]: whose place another has taken
    sa.Column("contractor_names", text),
    sa.Column("codes", text),
    sa.Column("status", text),
    sa.Column("value", Exact()),
    sa.Column("currency", text),
    sa.Column("paid", Exact()),  # in the contract's currency
    sa.Column("signed_on", sa.Date()),
    sa.Column("holds_from", sa.Date()),
    sa.Column("starts_on", sa.Date()),
    sa.Column("ends_on", sa.Date()),
    sa.Column("imported", sa.Boolean()),
    pages=[("holds_from", "owner"), ("region", "holds_from", "owner"), ("number",), ("authority", "holds_from", "owner")],
    counts=("type", "status", "region", "starts_on"),
    searches=("number", "name", "authority_name", "contractor_names", "codes"),
)


def fold(
    event: ContractSigned | ContractAmended | ContractAssigned | ContractSuspended | ContractResumed | ContractCompleted | ContractTerminated
    | ContractSettled | PaymentMade, rows: Rows,
) -> None:  # fmt: skip
    match event:
        case ContractSigned():
            sides = sorted(event.contractors, key=lambda one: not one.lead)
            rows.put(
                number=event.number, name=event.name, type=event.type, region=event.region, authority=event.authority.ref,
                authority_name=event.authority.name, contractors=[[one.ref, one.name] for one in sides], former=[],
                contractor_names=" ".join(one.name for one in sides), codes=" ".join([event.authority.id, *[one.id for one in sides]]),
                status="performing", value=_cents(event.value.amount) if event.value else None,
                currency=event.value.currency if event.value else None, paid=Decimal(0), signed_on=event.signed_on,
                holds_from=event.holds_from, starts_on=event.starts_on, ends_on=event.ends_on, imported=event.via == "import",
            )  # fmt: skip
        case ContractAmended():
            if event.value:
                rows.revise(value=_cents(event.value.amount))
            if event.ends_on:
                rows.revise(ends_on=event.ends_on)
        case ContractAssigned():
            _assign(event, rows)
        case ContractSuspended():
            rows.revise(status="suspended")
        case ContractResumed():
            rows.revise(status="performing")
        case ContractCompleted():
            rows.revise(status="completed")
        case ContractTerminated():
            rows.revise(status="terminated")
        case ContractSettled():
            rows.revise(status="settled")
        case PaymentMade():
            if (row := rows.get()) and row["currency"] in (None, event.value.currency):
                rows.revise(paid=row["paid"] + _cents(event.value.amount))


def _assign(event: ContractAssigned, rows: Rows) -> None:
    if (row := rows.get()) is None:
        return
    comes, own = event.comes, event.side == "authority"
    name = row["authority_name"] if own else next((one[1] for one in row["contractors"] if one[0] == event.leaves), event.leaves)
    sides = row["contractors"] if own else [[comes.ref, comes.name] if one[0] == event.leaves else one for one in row["contractors"]]
    authority = {"authority": comes.ref, "authority_name": comes.name} if own else {}
    everybody: list[str] = [comes.ref if own else str(row["authority"]), *[one[0] for one in sides], event.leaves]
    rows.revise(
        **authority, contractors=sides, former=[*row["former"], [event.leaves, name]], contractor_names=" ".join(one[1] for one in sides),
        codes=" ".join(ref.partition(":")[2] for ref in everybody),
    )  # fmt: skip


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


view = View(register, fold)


def matching(moment: Moment, word: str) -> sa.Select[Any]:
    """The ids of contracts that hold a word, to be asked for inside another question."""
    return sa.select(register.c.owner).where(at(moment, register), matches(register, word))


class Filters(NamedTuple):
    """What a list of contracts may be narrowed by; all of it stands in the address."""

    q: str = ""
    status: str = ""
    type: str = ""
    region: str = ""
    authority: str = ""
    party: str = ""


def _where(moment: Moment, scope: Scope, filters: Filters, counting: bool = False) -> list[sa.ColumnElement[bool]]:
    c = register.c
    signed = (c.status == "performing") & (c.starts_on > moment.day)
    where = [at(moment, register, counting), within(c.region, scope.regions) | sa.or_(sa.false(), *[named_in(c.contractors, one) for one in scope.parties])]
    if filters.q:
        where.append(matches(register, filters.q))
    if filters.status:
        where.append(signed if filters.status == "signed" else (c.status == filters.status) & (sa.not_(signed) | c.starts_on.is_(None)))
    where += [column == wanted for column, wanted in ((c.type, filters.type), (c.authority, filters.authority)) if wanted]
    if filters.region:
        where.append(within(c.region, [filters.region]))
    if filters.party:
        where.append((c.authority == filters.party) | named_in(c.contractors, filters.party))
    return where


def contracts(
    conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters(), limit: int = 50,
    after: tuple[date, UUID] | None = None,
) -> Sequence[Any]:  # fmt: skip
    """The latest signed first. `after` is (holds_from, owner) of the last one seen.

    Nothing holds, or is recorded, before its day: of the past, what was signed after the moment's day need not be walked over.
    """
    c = register.c
    page = sa.select(register).where(*_where(moment, scope, filters)).order_by(c.holds_from.desc(), c.owner.desc()).limit(limit)
    if moment != Moment(moment.clock):
        page = page.where(c.holds_from <= moment.day)
    if after:
        page = page.where(sa.tuple_(c.holds_from, c.owner) < sa.tuple_(sa.literal(after[0], sa.Date()), sa.literal(after[1], sa.Uuid())))
    return conn.execute(page).all()


def tally(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> Tally:
    """Counts of the contracts that what is looked for leaves; status, type and region are narrowed in the tally."""
    c = register.c
    where = _where(moment, scope, filters._replace(status="", type="", region=""), counting=True)
    columns = (c.type, c.status, c.region)  # in the order of the index: then rows are counted as they are met, and not sorted first
    told = conn.execute(sa.select(*columns, sa.func.count(), sa.func.count(sa.case((c.starts_on > moment.day, 1)))).where(*where).group_by(*columns))
    cells = list[tuple[tuple[str, ...], int]]()
    for kind, status, region, n, ahead in told:
        signed = ahead if status == "performing" else 0
        cells += [((one, kind or "", region or ""), many) for one, many in ((status, n - signed), ("signed", signed)) if many]
    return Tally(("status", "type", "region"), cells)


def count(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> int:
    return tally(conn, moment, scope, filters).count(filters._asdict())


def facets(conn: sa.Connection, moment: Moment, scope: Scope = EVERYTHING, filters: Filters = Filters()) -> dict[str, list[tuple[str, int]]]:
    """How many there are of each status, type and region, the other filters kept."""
    return tally(conn, moment, scope, filters).facets(filters._asdict())


def numbered(conn: sa.Connection, moment: Moment, number: str) -> list[UUID]:
    """The contracts that bear a number, whoever's they are."""
    return list(conn.scalars(sa.select(register.c.owner).where(at(moment, register), register.c.number == number)))


def named(conn: sa.Connection, moment: Moment, owners: Collection[UUID]) -> dict[UUID, Any]:
    """Rows by contract id, to put names beside ids."""
    if not owners:
        return {}
    rows = conn.execute(sa.select(register).where(at(moment, register), register.c.owner.in_(list(owners))))
    return {row.owner: row for row in rows}


def of_party(conn: sa.Connection, moment: Moment, party: str, limit: int = 200) -> Sequence[Any]:
    """The contracts that a party stands in, on either side."""
    c = register.c
    page = sa.select(register).where(at(moment, register), (c.authority == party) | named_in(c.contractors, party) | named_in(c.former, party))
    return conn.execute(page.order_by(c.holds_from.desc(), c.owner.desc()).limit(limit)).all()


def status_on(row: Any, day: date) -> str:
    """A contract whose term has not begun is signed, not yet performing."""
    return "signed" if row.status == "performing" and row.starts_on is not None and row.starts_on > day else str(row.status)


def region_of_authority(conn: sa.Connection, moment: Moment, authority: str) -> str | None:
    """The region of the first of an authority's contracts; None where it has none."""
    c = register.c
    page = sa.select(c.region).where(at(moment, register), c.authority == authority).order_by(c.holds_from, c.owner).limit(1)
    found: str | None = conn.scalar(page)
    return found
