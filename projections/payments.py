"""款项 — what does each authority owe on its contracts, by when, and what of it is paid?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from domain import loops
from domain.contract.events import ContractAmended, ContractAssigned, ContractSigned, LateRateAgreed, ObligationFulfilled, PaymentMade
from domain.policy.events import DeadlinesRecounted
from domain.rules import Basis
from projections.regions import Scope, within
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import Exact, json, temporal_table, text
from projections.temporal.view import View

payments = temporal_table(
    "payments",
    sa.Column("ref", text),
    sa.Column("title", text),
    sa.Column("number", text),
    sa.Column("authority", text),
    sa.Column("region", text),
    sa.Column("party", text),  # the lead contractor
    sa.Column("small", sa.Boolean()),
    sa.Column("rates", json),  # agreed for lateness: [[since, per cent, per day or year]]
    sa.Column("value", Exact()),
    sa.Column("currency", text),
    sa.Column("due_on", sa.Date()),  # unknown until what it follows is done
    sa.Column("basis", json),
    sa.Column("paid", Exact()),
    sa.Column("steps", json),  # [[day, amount]] in its currency
    sa.Column("paid_on", sa.Date()),  # in full
    sa.Column("facts", json),  # of the contract, in the row without a key
    pages=[("authority", "due_on", "owner", "key")],
    memory=True,
)
Concerned = ContractSigned | ContractAmended | ContractAssigned | LateRateAgreed | ObligationFulfilled | PaymentMade | DeadlinesRecounted
CENT = Decimal("0.01")


def fold(event: Concerned, rows: Rows) -> None:
    held = rows.get() or {}
    if isinstance(event, DeadlinesRecounted) and not held:
        return  # of a case or an application
    facts: dict[str, Any] = held.get("facts") or {}
    loops.note(event, facts)
    loops.note_law(event, facts, rows.book)
    if held and isinstance(event, ObligationFulfilled | PaymentMade):
        rows.revise(facts=facts)  # whose they are stays as it was
    else:
        _say_whose(event, held, facts, rows)
    if isinstance(event, PaymentMade) and event.ref:
        _pay(event, rows)
    if isinstance(event, DeadlinesRecounted):
        for moved in event.moved:
            kind, _, key = moved.loop.partition(":")
            if kind == "payment":
                rows.revise(key, due_on=moved.due_on)
    _due(event, facts, rows)


def _say_whose(event: Concerned, held: dict[str, Any], facts: dict[str, Any], rows: Rows) -> None:
    """Whose the payments are, in each row; and which there are, where they are agreed."""
    whose: dict[str, Any] = {name: held.get(name) for name in ("number", "authority", "region", "party", "small")}
    if isinstance(event, ContractSigned):
        whose = {"number": event.number, "authority": event.authority.ref, "region": event.region, "small": bool(facts.get("small")),
                 "party": next((one.ref for one in sorted(event.contractors, key=lambda one: not one.lead)), None)}  # fmt: skip
    whose["rates"] = facts.get("rates", [])
    if isinstance(event, ContractAssigned):
        whose |= _assigned(event, whose, facts)
    if isinstance(event, ContractAssigned | LateRateAgreed):
        for key in filter(None, rows.keys()):
            rows.revise(key, **whose)
    rows.put(facts=facts, **whose)
    if isinstance(event, ContractSigned | ContractAmended):
        for term in event.payments:
            old = rows.get(term.ref) or {}
            rows.put(term.ref, ref=term.ref, title=term.title, value=term.value.amount.quantize(CENT), currency=term.value.currency,
                     paid=old.get("paid", Decimal(0)), steps=old.get("steps", []), paid_on=old.get("paid_on"), **whose)  # fmt: skip


def _assigned(event: ContractAssigned, whose: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Another stands in the place of one of the sides; what is owed is owed by, or to, whoever stands there then."""
    if event.side == "authority":
        return {"authority": event.comes.ref}
    return {"small": bool(facts.get("small")), "party": event.comes.ref if whose["party"] == event.leaves else whose["party"]}


def _pay(event: PaymentMade, rows: Rows) -> None:
    row = rows.get(str(event.ref))
    if row is None or row["currency"] != event.value.currency:
        return
    steps = [*(row["steps"] or []), [event.paid_on.isoformat(), str(event.value.amount)]]
    paid = sum((Decimal(amount) for _, amount in steps), Decimal(0)).quantize(CENT)
    last = date.fromisoformat(max(day for day, _ in steps))
    rows.revise(str(event.ref), steps=steps, paid=paid, paid_on=last if paid >= row["value"] else None)


def _due(event: Any, facts: dict[str, Any], rows: Rows) -> None:
    opens = loops.KIND["payment"].opens.get(type(event))
    for opening in opens(event, facts) if opens else ():
        one = loops.opened("payment", opening, rows.book)
        rows.revise(opening.key, due_on=one.due_on, basis=None if one.basis is None else [*_parts(one.basis)])


def _parts(basis: Basis) -> tuple[str, int, str, str, str]:
    return basis.pack, basis.version, basis.rule, basis.clause, basis.status


view = View(payments, fold, edition=3)


def of_authority(conn: sa.Connection, moment: Moment, authority: str, scope: Scope) -> Sequence[Any]:
    """Every payment that an authority owes or owed, the earliest due first, those not yet due last."""
    c = payments.c
    page = sa.select(payments).where(at(moment, payments), c.authority == authority, c.ref.is_not(None), within(c.region, scope.regions))
    return conn.execute(page.order_by(c.due_on.is_(None), c.due_on, c.owner, c.key)).all()


def basis_of(row: Any) -> Basis | None:
    return Basis(*row.basis) if row.basis else None
