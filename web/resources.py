"""Resources: what is shown of a contract, a case, an application, a party — to whom, and as of which moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from domain import loops as loop_table
from domain.actor import Actor
from domain.breach.case import Case
from domain.breach.events import TELLS_THE_PARTY, CaseOpened
from domain.breach.rules import MAY as CASE_MAY
from domain.contract.events import ContractAssigned, ContractSigned, FindingRecorded
from domain.contract.interest import Stretch, cents, day_by_day
from domain.events import Told, as_corrected
from domain.ledger import NotThere
from domain.party.commitment import Commitment
from domain.party.events import CommitmentMade
from domain.party.party import party_id
from domain.party.rules.commitment import MAY as COMMITMENT_MAY
from domain.repair.events import RepairApplied
from domain.repair.repair import Repair
from domain.repair.rules import MAY as REPAIR_MAY
from domain.rules import holding
from domain.values.party import PartyRef
from projections import cases as case_list
from projections import repairs as repair_list
from projections import sanctions as sanction_list
from projections.cards.case import case_card
from projections.cards.commitment import commitment_card
from projections.cards.contract import contract_card
from projections.cards.party import party_card
from projections.cards.plain import Depth, Json, loop, urgent_first
from projections.cards.repair import repair_card
from projections.cards.standing import FIRM, standing_card
from projections.loops import open_of
from projections.recall import until
from projections.temporal.moment import Moment
from web.office import Office

CARDS: Mapping[str, Callable[..., Json | None]] = {"contracts": contract_card, "cases": case_card, "repairs": repair_card, "commitments": commitment_card}
BIRTHS: Mapping[str, type] = {"contracts": ContractSigned, "cases": CaseOpened, "repairs": RepairApplied, "commitments": CommitmentMade}
PARTY_ROLES = ("applicant",)


class Whose(NamedTuple):
    """What access asks of a resource: its region, and the parties that may see it as applicants."""

    region: str
    parties: list[str]
    former: tuple[str, ...] = ()  # contractors whose place another has taken: what was found of them stays theirs


class Stream(NamedTuple):
    """A stream as it is known at a moment, and what it says today of who may see it."""

    id: UUID
    told: list[Told]  # corrected and cut for the moment
    version: int
    position: int
    whose: Whose


def whose(told: Sequence[Told]) -> Whose | None:
    """Whose a stream is. A case is its party's from the notice on: what was found would warn it; a firm concerned in what was found of an
    authority knows at once."""
    match event := told[0].event:
        case ContractSigned():
            return _assigned(Whose(event.region, [one.ref for one in event.contractors]), told)
        case CaseOpened():
            concerned = list(event.contractors) if event.side == "authority" else []
            return Whose(event.region, [event.party, *concerned] if is_told(told) else concerned)
        case RepairApplied() | CommitmentMade():
            return Whose(event.region, [event.party])
    return None


def is_told(case: Iterable[Told]) -> bool:
    """Has the party been told of its case?"""
    return any(isinstance(one.event, TELLS_THE_PARTY) for one in case)


def _assigned(mine: Whose, told: Iterable[Told]) -> Whose:
    """A contract is theirs who stand in it now."""
    for said in (one.event for one in told):
        if isinstance(said, ContractAssigned):
            left = (said.leaves,) if said.side == "contractor" else ()
            mine = Whose(mine.region, [said.comes.ref if party == said.leaves else party for party in mine.parties], (*mine.former, *left))
    return mine


def streams(office: Office, kind: str, ids: Sequence[UUID], moment: Moment) -> dict[UUID, Stream]:
    """Streams of one kind that are known at a moment."""
    found: dict[UUID, Stream] = {}
    for stream, told in office.ledger.of(list(ids)).items():
        if not isinstance(told[0].event, BIRTHS[kind]):
            continue
        mine = whose(as_corrected(told))  # who may see is decided by what is known today
        known = told if moment.known_at is None else [one for one in told if one.position <= moment.known_at]
        if mine is not None and (holding_then := until(known, moment)):
            found[stream] = Stream(stream, holding_then, known[-1].version, known[-1].position, mine)
    return found


def find(office: Office, actor: Actor, kind: str, stream: UUID, moment: Moment) -> Stream:
    """One stream that this person may know of. Raises NotThere."""
    found = streams(office, kind, [stream], moment).get(stream)
    if found is None or not actor.sees(found.whose.region, found.whose.parties):
        raise NotThere(kind, stream)
    return found._replace(told=[one for one in found.told if may_know(office, actor, found.whose, one.event)])


def may_know(office: Office, actor: Actor, mine: Whose, event: Any) -> bool:
    """A partner in a contract is not told what was found of another, nor anybody of themselves before the notice; of the authority, all are."""
    if not isinstance(event, FindingRecorded) or actor.sees(mine.region):
        return True
    if event.party not in (*mine.parties, *mine.former):
        return True
    return event.party in actor.parties() and is_told(office.ledger.of([event.case]).get(event.case, []))


def card(office: Office, kind: str, stream: Stream, moment: Moment, depth: Depth = "days") -> Json:
    """The card of a stream. Raises NotThere when nothing of it holds at the moment."""
    made = CARDS[kind](stream.told, office.book_at(moment), moment.day, stream.version, stream.position, depth)
    if made is None:
        raise NotThere(kind, stream.id)
    return made


def seen_streams(office: Office, actor: Actor, kind: str, ids: Sequence[UUID], moment: Moment) -> list[Stream]:
    """Of some streams those that this person may know of, in the order asked for."""
    found = streams(office, kind, ids, moment) if ids else {}
    known = [found[one] for one in ids if one in found]
    return [one for one in known if actor.sees(one.whose.region, one.whose.parties)]


def known_loops(actor: Actor, rows: Iterable[Any]) -> list[Any]:
    """Of the open loops of a contract and its cases those that this person may know of: a partner's case is the partner's."""
    return [one for one in rows if one.case is None or actor.sees(one.region, [one.party])]


def below(office: Office, kind: str, stream: UUID, moment: Moment) -> list[tuple[str, list[UUID]]]:
    """The cases of a contract and the applications of those; the applications of a case."""
    with office.looking() as conn:
        case_ids = case_list.of_contract(conn, moment, stream) if kind == "contracts" else [stream] if kind == "cases" else []
        repair_ids = [one for case in case_ids for one in repair_list.of_case(conn, moment, case)]
    return [("cases", case_ids if kind == "contracts" else []), ("repairs", repair_ids)]


def contract(office: Office, actor: Actor, stream: UUID, moment: Moment) -> Json:
    """CONTRACT with the loops of its cases and their applications beside its own."""
    found = find(office, actor, "contracts", stream, moment)
    shown = card(office, "contracts", found, moment)
    loops, cases = list(shown["loops"]), list[str]()
    for kind, ids in below(office, "contracts", stream, moment):
        for other in seen_streams(office, actor, kind, ids, moment):
            loops += card(office, kind, other, moment)["loops"]
            cases += [str(other.id)] if kind == "cases" else []
    shown["cases"] = cases
    shown["loops"] = urgent_first(named_loops(office, loops))
    return office.unseal(shown)  # type: ignore[no-any-return]


def case(office: Office, actor: Actor, stream: UUID, moment: Moment) -> Json:
    """CASE, and what this person may do in it now."""
    return case_with(office, actor, stream, moment)[0]


def case_with(office: Office, actor: Actor, stream: UUID, moment: Moment) -> tuple[Json, Stream, list[Stream]]:
    """The same, with what it was told from: the case's stream, and those of its applications."""
    found = find(office, actor, "cases", stream, moment)
    shown = card(office, "cases", found, moment)
    with office.looking() as conn:
        repair_ids = repair_list.of_case(conn, moment, stream)
    loops, applications = list(shown["loops"]), seen_streams(office, actor, "repairs", repair_ids, moment)
    for other in applications:
        loops += card(office, "repairs", other, moment)["loops"]
    shown["repairs"] = [str(one.id) for one in applications]
    shown["loops"] = urgent_first(named_loops(office, loops))
    shown["may"] = may(actor, "cases", found)
    return office.unseal(shown), found, applications


def repair(office: Office, actor: Actor, stream: UUID, moment: Moment) -> Json:
    """REPAIR; the tracking code is told only to its applicant and to those who receive applications."""
    found = find(office, actor, "repairs", stream, moment)
    shown = card(office, "repairs", found, moment)
    shown["loops"] = named_loops(office, shown["loops"])
    shown["may"] = may(actor, "repairs", found)
    if actor.holds(("applicant", "supervisor"), found.whose.region, found.whose.parties):
        codes = office.vault.receipt_codes  # issued when first told: a crash after the application loses nothing
        shown["code"] = codes.code(shown["receipt"]) or codes.issue(shown["receipt"])
    return office.unseal(shown)  # type: ignore[no-any-return]


def commitment(office: Office, actor: Actor, stream: UUID, moment: Moment) -> Json:
    """COMMITMENT, and what this person may do about it now."""
    found = find(office, actor, "commitments", stream, moment)
    shown = card(office, "commitments", found, moment)
    shown["loops"] = named_loops(office, shown["loops"])
    shown["may"] = may(actor, "commitments", found)
    return office.unseal(shown)  # type: ignore[no-any-return]


DECIDING = {"confirmation", "dismissal", "sanction", "legal-review", "hearing", "correction", "revocation", "reclassification"}
ROLES: dict[str, dict[str, tuple[str, ...]]] = {"cases": {}, "repairs": {}, "commitments": {}}  # filled from the doings


STATES: Mapping[str, tuple[type[Any], Mapping[str, Any]]] = {
    "cases": (Case, CASE_MAY), "repairs": (Repair, REPAIR_MAY), "commitments": (Commitment, COMMITMENT_MAY),
}  # fmt: skip


def may(actor: Actor, kind: str, found: Stream) -> list[str]:
    """The acts that the state, as it was known, allows and this person's roles cover; who recorded a case does not decide it."""
    decides, table = STATES[kind]
    aggregate: Any = decides.folded(None, found.told)
    mine = found.whose
    barred = kind == "cases" and actor.account in aggregate.recorders
    allowed = [
        act for act, rules in table.items()
        if actor.holds(ROLES[kind].get(act, ()), mine.region, mine.parties) and not (barred and act in DECIDING) and holding(rules, aggregate)
    ]  # fmt: skip
    return list(dict.fromkeys("hearing" if act.startswith("hearing") else act for act in allowed))


def named_loops(office: Office, loops: Iterable[Json]) -> list[Json]:
    """Loops with their account's sign-in name in place of its id."""
    told = list(loops)
    names = office.names({one["account"] for one in told if one["account"]})
    return [{**one, "account": names.get(one["account"], one["account"])} for one in told]


def interest(office: Office, actor: Actor, stream: UUID, ref: str, moment: Moment) -> Json:
    """What lateness of one payment costs, day by day, with the term it is late by. Raises NotThere where nothing has run."""
    shown = contract(office, actor, stream, moment)
    term = next((one for one in shown["payments"] if one["ref"] == ref and one["interest"]), None)
    if term is None:
        raise NotThere("payment", ref)
    told = [Stretch(date.fromisoformat(one["from"]), date.fromisoformat(one["through"]), Decimal(one["unpaid"]),
                    Decimal(one["unpaid"]) * Decimal(term["interest"]["percent"]) / 100 * one["days"]) for one in term["interest"]["stretches"]]  # fmt: skip
    days = [{"on": on.isoformat(), "unpaid": f"{unpaid:.2f}", "interest": f"{cents(daily):f}", "sum": f"{cents(total):f}"}
            for on, unpaid, daily, total in day_by_day(told)]  # fmt: skip
    return {"contract": shown["id"], "number": shown["number"], "name": shown["name"], "ref": ref, "title": term["title"], "value": term["value"],
            "paid": term["paid"], "due": term["due"], "interest": {**term["interest"], "days": days}}  # fmt: skip


def party(office: Office, ref: PartyRef, moment: Moment) -> Json:
    """PARTY by scheme and code. Raises NotThere."""
    stream = party_id(ref.scheme, ref.id)
    told = office.ledger.of([stream]).get(stream, [])
    known = told if moment.known_at is None else [one for one in told if one.position <= moment.known_at]
    shown = party_card(until(known, moment), known[-1].version, known[-1].position) if known else None
    if shown is None:
        raise NotThere("parties", ref)
    return shown


def party_visible(actor: Actor, ref: PartyRef) -> bool:
    """Offices and auditors know every party; an applicant knows their own."""
    return bool(actor.roles - {"applicant", "administrator"}) or str(ref) in actor.parties()


def standing(office: Office, conn: sa.Connection, ref: PartyRef, moment: Moment) -> Json:
    """信用状况: what counts on the day, computed from the party's records and never stored."""
    told = streams(office, "cases", cases_against(conn, ref, moment), moment)
    made = [card(office, "cases", one, moment, "none") for one in told.values()]
    return standing_card(party(office, ref, moment), made, office.book_at(moment), moment.day)


def cases_against(conn: sa.Connection, ref: PartyRef, moment: Moment) -> list[UUID]:
    """The cases against a party as a contractor: an authority's never enter a credit file."""
    return [row.owner for row in case_list.of_party(conn, moment, str(ref)) if row.side == FIRM and row.party == str(ref)]


def sanction_row(row: Any, on: date) -> Json:
    """A sanction as a list shows it."""
    return {
        "id": str(row.sanction), "case": str(row.owner), "status": sanction_list.status_on(row, on), "document_number": row.document_number,
        "decision_types": row.decision_types, "fine": None if row.fine is None else {"amount": f"{row.fine:.2f}", "currency": row.currency},
        "national_class": row.national_class, "industry_class": row.industry_class, "points": f"{row.points:.1f}",
        "decided_on": _iso(row.decided_on), "served_on": _iso(row.served_on), "published_on": _iso(row.published_on),
        "fulfilled_on": _iso(row.fulfilled_on), "repairable_from": _iso(row.repairable_from), "last_day": _iso(row.last_day),
        "until_fulfilled": sanction_list.until_fulfilled(row),
        "behaviour": row.behaviour, "party": row.party, "authority": row.authority, "region": row.region,
        **sanction_list.marked(row),
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def loop_row(office: Office, row: Any, moment: Moment, days: bool = True) -> Json:
    """LOOP from its row in the view."""
    named = row.authority if row.subject == "organisation" else None
    return loop(row.owner, row.subject, open_of(row), office.book_at(moment), moment.day, days, named)


def still_open(office: Office) -> Callable[[UUID, date], list[str]]:
    """What keeps a case from being closed: its own loops that must be closed first, and those of its applications."""

    def ask(stream: UUID, on: date) -> list[str]:
        told = office.ledger.of([stream]).get(stream, [])
        now = Moment(on)
        own = loop_table.told(until(told, now), office.book).loops.values()
        names = [loop_table.KIND[one.kind].zh for one in loop_table.open_on(own, on) if loop_table.KIND[one.kind].holds_case]
        with office.looking() as conn:
            applications = repair_list.of_case(conn, now, stream)
        for other in office.ledger.of(applications).values():
            kept = loop_table.told(until(other, now), office.book).loops.values()
            names += [loop_table.KIND[one.kind].zh for one in loop_table.open_on(kept, on)]
        return list(dict.fromkeys(names))

    return ask
