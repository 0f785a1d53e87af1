"""The desk 我的待办: what one person owes today, as far as they are the ones who owe it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa

from domain.actor import Actor
from domain.policy.missing import NoPackInForce, NoSuchRule
from projections import accounts, cases, contracts, loops, parties
from projections.loops import Wanted
from projections.temporal.moment import Moment
from web.office import Office
from web.resources import loop_row, named_loops

# What is owed outside (a superior, a court) is for the supervisor to chase; what a rule ends by itself, nobody owes.
OWES = {"supervisor": ("supervisor", "authority", "superior", "outside"), "decider": ("decider",), "legal": ("legal",), "chair": ("chair",),
        "administrator": ("administrator",), "applicant": ("applicant", "party", "contractor")}  # fmt: skip
NOWHERE = ("administrator",)  # what they owe (a pack to adopt) is of no region
DECIDING = ("decider", "legal", "chair")  # what they owe waits for a decision
SHOWN = 200


class Owed(NamedTuple):
    """What an account owes in one of its roles."""

    role: str
    wanted: Wanted


def owed_by(actor: Actor, organisations: Sequence[str]) -> list[Owed]:
    """One question for each role that this account holds."""
    asked = []
    for role, owers in OWES.items():
        if role not in actor.roles:
            continue
        if role == "applicant":
            asked.append(Owed(role, Wanted(owed_by=owers, parties=actor.parties())))
        elif role in NOWHERE:
            asked.append(Owed(role, Wanted(owed_by=owers)))
        else:
            asked.append(Owed(role, Wanted(regions=actor.regions((role,)), owed_by=owers, authorities=organisations)))
    return asked


def soon_until(office: Office, moment: Moment) -> date:
    """The day until which something is due soon: a number of working days that the office's pack gives."""
    receipt, _ = office.book_at(moment).deadline("office.due_soon", moment.day, with_days=False)
    return receipt.on


class Desk(NamedTuple):
    """What is owed on a day: rows of the view in each group, the most urgent first, and of all how many there are and when they fall due."""

    rows: dict[str, list[Any]]
    counts: dict[str, int]
    soon: date | None  # None: no rule of the office held yet, so that nothing could be owed
    due_days: Mapping[date | None, int]


def desk_rows(office: Office, actor: Actor, moment: Moment, most: int = SHOWN) -> Desk:
    """Overdue, due soon, and the rest, each a list of at most `most` loops; counted are also those that wait for a decision."""
    rows: dict[str, list[Any]] = {"overdue": [], "soon": [], "later": []}
    counts, due_days = dict.fromkeys((*rows, "waiting"), 0), Counter[date | None]()
    try:
        soon = soon_until(office, moment)
    except (NoSuchRule, NoPackInForce):
        return Desk(rows, counts, None, due_days)
    with office.looking() as conn:
        refs = [row.ref for row in accounts.list_organisations(conn, moment)]
        for role, wanted in owed_by(actor, refs):
            due = loops.by_day(conn, moment, wanted)
            due_days.update(due)
            counts["waiting"] += sum(due.values()) if role in DECIDING else 0
            for name, span in _spans(moment.day, soon).items():
                if here := sum(n for day, n in due.items() if _group(day, moment.day, soon) == name):
                    counts[name] += here
                    rows[name] += loops.open_loops(conn, moment, wanted._replace(**span), most, here)
    return Desk(rows, counts, soon, due_days)


def told(office: Office, rows: Sequence[Any], moment: Moment, days: bool = True) -> list[dict[str, Any]]:
    """LOOPs from their rows in the view, in their order, each with what it is about."""
    with office.looking() as conn:
        titles = _titles(conn, moment, rows)
    return named_loops(office, [_row(office, row, moment, titles, days) for row in rows])


def desk_of(office: Office, actor: Actor, moment: Moment, days: bool = True, most: int = SHOWN) -> dict[str, Any]:
    """DESK: each group's loops, and how many there are."""
    desk = desk_rows(office, actor, moment, most)
    each = iter(told(office, [row for rows in desk.rows.values() for row in rows], moment, days))
    groups = {name: list(islice(each, len(rows))) for name, rows in desk.rows.items()}
    counts = {name: desk.counts[name] for name in groups}
    until = (desk.soon or moment.day).isoformat()
    return {**groups, "counts": {**counts, "all": sum(counts.values())}, "soon_until": until, "day": moment.day.isoformat()}


def _group(due: date | None, day: date, soon: date) -> str:
    return "later" if due is None or due > soon else "soon" if due >= day else "overdue"


def _spans(day: date, soon: date) -> dict[str, dict[str, Any]]:
    return {
        "overdue": {"due_until": day - timedelta(days=1)},
        "soon": {"due_from": day, "due_until": soon},
        "later": {"due_from": soon + timedelta(days=1), "undated": True},
    }


def _row(office: Office, row: Any, moment: Moment, titles: dict[Any, dict[str, Any]], days: bool) -> dict[str, Any]:
    return {**loop_row(office, row, moment, days), "about": titles.get(row.case) or titles.get(row.contract) or titles.get(row.owner) or {}}


def _titles(conn: sa.Connection, moment: Moment, rows: Sequence[Any]) -> dict[Any, dict[str, Any]]:
    """What each loop is about: the contract's number and name, and the case's number where it is a case's; else whose matter it is."""
    told: dict[Any, dict[str, Any]] = {}
    case_rows = cases.named(conn, moment, {row.case for row in rows if row.case})
    owners = {row.contract for row in rows if row.contract} | {one.contract for one in case_rows.values()}
    contract_rows = contracts.named(conn, moment, owners)
    for owner, one in contract_rows.items():
        told[owner] = {"contract": str(owner), "number": one.number, "name": one.name, "region": one.region}
    for owner, one in case_rows.items():
        told[owner] = {**told.get(one.contract, {}), "case": str(owner), "case_number": one.number, "party": one.party}
    alone = {row.owner: ref for row in rows if not row.contract and not row.case and (ref := row.party or row.authority)}
    names = parties.names(conn, moment, set(alone.values()))
    return told | {owner: {"party": ref, "party_name": names.get(ref, ref)} for owner, ref in alone.items()}
