"""An authority's own record 政务诚信: what it owes, how punctual it was, what was found against it. Never an enterprise's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from domain.access.account import organisation_id
from domain.actor import OFFICE, Actor
from domain.contract.interest import Stretch, agreed_rates, cents, rate_of, stretches
from domain.events import Told
from domain.ledger import NotThere
from domain.policy.book import Book
from domain.policy.missing import NoPackInForce, NoSuchRule
from domain.values.party import PartyRef
from projections import accounts, cases, contracts, loops, parties, payments, sanctions
from projections.cards.organisation import organisation_card
from projections.cards.plain import basis as basis_json
from projections.recall import until
from projections.regions import Scope
from projections.temporal.moment import Moment
from web.office import Office
from web.resources import loop_row, named_loops

Json = dict[str, Any]
READERS = (*sorted(OFFICE), "auditor")
SHOWN = 200
GROUPS = {
    "payments": ("payment",), "acceptance": ("obligation",), "returns": ("security", "retention", "settlement", "suspension"),
    "answers": ("referral", "objection", "review", "repair_acceptance", "repair_decision", "repair_objection", "repair_synchronisation"),
    "publication": ("publication", "withdrawal", "contract_published", "contract_filed"), "disclosure": ("disclosure",),
}  # fmt: skip


def region_of(conn: sa.Connection, moment: Moment, ref: str) -> str | None:
    """The region of an authority: as an organisation of this installation, else that of its first contract; None where there is none."""
    registered = next((one.region for one in accounts.list_organisations(conn, moment) if one.ref == ref), None)
    return registered or contracts.region_of_authority(conn, moment, ref)


def may_read(actor: Actor, region: str | None) -> bool:
    """The authority's own office, those above it, and auditors there."""
    return region is not None and actor.holds(READERS, region)


def record(office: Office, actor: Actor, ref: PartyRef, moment: Moment) -> Json:
    """Raises NotThere for who may not read it, and for what is no authority."""
    book, own = office.book_at(moment), str(ref)
    with office.looking() as conn:
        region = region_of(conn, moment, own)
        if not may_read(actor, region):
            raise NotThere("authority", own)
        regions = actor.regions(READERS)
        rows = payments.of_authority(conn, moment, own, Scope(regions))
        owed = loops.owed_of_authority(conn, moment, own, regions)
        found = cases.against_authority(conn, moment, own, regions)
        published = sanctions.to_be_published(conn, moment, Scope(regions), own)
        names = parties.names(conn, moment, {own, *(row.party for row in rows if row.party)})
    told = [_payment(book, row, names, moment.day) for row in rows]
    return {
        "authority": own, "name": names.get(own, own), "region": region, "on": moment.day.isoformat(), "totals": _totals(told),
        "version": len(_stream(office, ref, moment)),
        "payments": [one for one in told if one["late_days"] or one["state"] == "overdue"],
        "duties": _duties(owed, moment.day),
        "overdue": named_loops(office, [loop_row(office, row, moment, False) for row in owed if row.due_on and row.due_on < moment.day][:SHOWN]),
        "publicity": punctual(book, published, moment.day),
        "cases": [{"id": str(row.owner), "number": row.number, "contract": str(row.contract), "behaviour": row.behaviour, "kind": row.kind,
                   "status": row.status, "opened_on": row.opened_on.isoformat()} for row in found],
        "disclosure": _disclosure(book, rows, moment.day), "disclosed": _disclosed(office, ref, moment),
        "to_disclose": next((int(row.loop_key) for row in owed if row.kind == "disclosure"), None),
    }  # fmt: skip


# -- payments


def _payment(book: Book, row: Any, names: dict[str, str], on: date) -> Json:
    ran = _interest(book, row, on)
    over = row.due_on is not None and row.due_on < (row.paid_on or on)
    state = "paid" if row.paid_on else "overdue" if over else "due" if row.due_on else "waiting"
    return {
        "contract": str(row.owner), "number": row.number, "ref": row.ref, "title": row.title, "party": row.party,
        "party_name": names.get(row.party, row.party), "small": bool(row.small), "value": _money(row.value, row.currency),
        "paid": _money(row.paid, row.currency), "due_on": _iso(row.due_on), "paid_on": _iso(row.paid_on), "state": state,
        "late_days": ((row.paid_on or on) - row.due_on).days if over else 0,
        "interest": None if not ran else _money(sum((one.interest for one in ran), Decimal(0)), "CNY"),
        "basis": basis_json(payments.basis_of(row)),
    }  # fmt: skip


def _interest(book: Book, row: Any, on: date) -> list[Stretch]:
    if row.currency != "CNY" or row.due_on is None:
        return []
    rate = rate_of(agreed_rates(row.rates), row.small, row.due_on, book)
    if rate is None:
        return []
    paid = [(date.fromisoformat(day), Decimal(amount)) for day, amount in row.steps or ()]
    return stretches(row.value, paid, row.due_on, on, rate.percent)


def _money(value: Decimal, currency: str) -> Json:
    return {"amount": f"{cents(value):.2f}", "currency": currency}


def _totals(told: Sequence[Json]) -> Json:
    """How many there are, were late and are overdue; amounts in CNY alone."""
    overdue = [one for one in told if one["state"] == "overdue"]

    def yuan(rows: Iterable[Json]) -> Json:
        open_amounts = (Decimal(one["value"]["amount"]) - Decimal(one["paid"]["amount"]) for one in rows if one["value"]["currency"] == "CNY")
        return _money(sum(open_amounts, Decimal(0)), "CNY")

    return {
        "payments": len(told), "paid": sum(one["state"] == "paid" for one in told), "late": sum(bool(one["late_days"]) for one in told),
        "overdue": len(overdue), "overdue_amount": yuan(overdue), "small_overdue": sum(one["small"] for one in overdue),
        "small_overdue_amount": yuan(one for one in overdue if one["small"]),
        "interest": _money(sum((Decimal(one["interest"]["amount"]) for one in told if one["interest"]), Decimal(0)), "CNY"),
    }  # fmt: skip


def _disclosure(book: Book, rows: Sequence[Any], on: date) -> Json | None:
    """What is to be disclosed of the last year: contracts with small firms, and amounts, that were overdue at its end."""
    try:
        rule = book.rule_if_any("sme.disclosure", on)
    except NoSuchRule:
        return None
    if rule is None:
        return None
    end = date(on.year - 1, 12, 31)
    contracts, left = overdue_at(rows, end)
    return {"year": end.year, "due_on": f"{on.year}-{rule.value}", "contracts": contracts, "amount": _money(left, "CNY"), "basis": basis_json(rule.basis)}


def overdue_at(rows: Iterable[Any], end: date) -> tuple[int, Decimal]:
    """Contracts with small firms of which something was overdue on a day, and how much, in CNY."""
    late = [row for row in rows if row.small and row.currency == "CNY" and row.due_on and row.due_on < end and (row.paid_on is None or row.paid_on > end)]
    left = sum((row.value - sum(Decimal(amount) for day, amount in row.steps or () if day <= end.isoformat()) for row in late), Decimal(0))
    return len({row.owner for row in late}), left


def overdue_of(office: Office, ref: str, year: int) -> Json:
    """What an authority has to make public of a year, as it is known now."""
    with office.looking() as conn:
        rows = payments.of_authority(conn, office.moment(), ref, Scope(None))
    contracts, left = overdue_at(rows, date(year, 12, 31))
    return {"contracts": contracts, "amount": _money(left, "CNY")}


def _stream(office: Office, ref: PartyRef, moment: Moment) -> Sequence[Told]:
    """What is known of it as an organisation of this installation; none where it is none."""
    stream = organisation_id(ref.scheme, ref.id)
    return office.ledger.of([stream], moment.known_at).get(stream, [])


def organisation_if_any(office: Office, actor: Actor, ref: PartyRef, moment: Moment) -> Json | None:
    """ORGANISATION; None for an authority that is none of this installation."""
    try:
        return organisation(office, actor, ref, moment)[0]
    except NotThere:
        return None


def organisation(office: Office, actor: Actor, ref: PartyRef, moment: Moment) -> tuple[Json, list[Told]]:
    """ORGANISATION, and what it is told from. Raises NotThere for who may not read its record, and for what is no organisation of this installation."""
    with office.looking() as conn:
        readable = is_authority(conn, moment, actor, str(ref))
    known = _stream(office, ref, moment)
    told = until(known, moment)
    card = organisation_card(told, office.book_at(moment), moment.day, len(known), known[-1].position) if readable and known else None
    if card is None:
        raise NotThere("authority", ref)
    return card, told


def _disclosed(office: Office, ref: PartyRef, moment: Moment) -> list[Json]:
    """What it has made public, the latest first."""
    known = _stream(office, ref, moment)
    card = organisation_card(until(known, moment), office.book_at(moment), moment.day, len(known), 0, "none") if known else None
    return list(reversed(card["disclosed"])) if card else []


# -- the other duties


def _duties(owed: Sequence[Any], on: date) -> list[Json]:
    """Open and overdue loops by what the duty is."""
    counts, late = Counter(row.kind for row in owed), Counter(row.kind for row in owed if row.due_on and row.due_on < on)
    grouped = {name: (sum(counts[kind] for kind in kinds), sum(late[kind] for kind in kinds)) for name, kinds in GROUPS.items()}
    known = {kind for kinds in GROUPS.values() for kind in kinds}
    grouped["other"] = (sum(n for kind, n in counts.items() if kind not in known), sum(n for kind, n in late.items() if kind not in known))
    return [{"duty": name, "open": n, "overdue": over} for name, (n, over) in grouped.items()]


def punctual(book: Book, rows: Sequence[Any], on: date) -> Json:
    """Decisions published within the time of the law, to the single one."""
    in_time = late = waiting = 0
    outside: list[str] = []
    for row in rows:
        try:
            last = book.deadline("publicity.publish", row.decided_on, with_days=False)[0].on
        except (NoSuchRule, NoPackInForce):
            continue  # before there was such a rule nothing was late
        if row.published_on is None and on <= last:
            waiting += 1
        elif row.published_on is not None and row.published_on <= last:
            in_time += 1
        else:
            late += 1
            outside.append(row.document_number)
    return {"in_time": in_time, "late": late, "waiting": waiting, "outside": outside}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def is_authority(conn: sa.Connection, moment: Moment, actor: Actor, ref: str) -> bool:
    """Is there such a record that this person may read?"""
    return may_read(actor, region_of(conn, moment, ref))
