"""Parties: the search, and one party's credit file with its standing and why."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.ledger import NotThere
from domain.party.party import party_id
from domain.policy.tables import GoodBehaviour
from domain.values.fault import Malformed
from domain.values.party import PartyRef
from projections import cases, contracts, parties, sanctions
from projections.recall import until
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import authority, resources
from web.acts.corrections import pages
from web.api.lists import Named, Size, Words, cursor, key_of
from web.api.reads import contract_row
from web.asking import Asking, Signed
from web.commitments import of_party as commitments_of
from web.looks.tongue import lazy, tongue_of
from web.office import Office
from web.pages.asked import REGIMES, asked_fields
from web.pages.commitments import type_name
from web.pages.showing import OFFICE_READERS, UNKNOWN, address, behaviour_name, decision_names, facet, line_items, named, region_facet, show, time_of, twins
from web.places import is_applicant
from web.telling import told_entries

router = APIRouter(include_in_schema=False)
PAGE = 25
ACTS = (
    ("renaming", lazy("登记更名"), ("supervisor",)),
    ("credit-checks", lazy("查询信用"), ("supervisor", "decider", "legal")),
    ("grades", lazy("登记信用等级"), ("supervisor",)),
    ("good-behaviour", lazy("登记良好行为"), ("supervisor",)),
)


@router.get("/parties")
def list_parties(request: Request, asking: Signed, q: Words = "", size: Size = "", region: Named = "", after: str | None = None) -> Response:
    if is_applicant(asking.actor):
        mine = sorted(asking.actor.parties())
        with asking.office.looking() as conn:
            known = parties.names(conn, asking.moment, mine)  # before its first contract there is no file of it
        return RedirectResponse(f"/parties/{mine[0]}" if len(mine) == 1 and mine[0] in known else "/my", 303)
    if not asking.actor.roles & OFFICE_READERS:
        return show(request, "cases/shut.html", 403)
    office, moment, key, filters = asking.office, asking.moment, key_of(after, str, UUID), parties.Filters(q.strip(), size, region)
    with office.looking() as conn:
        rows = parties.list_parties(conn, moment, filters, PAGE + 1, key)
        tally, wanted = parties.tally(conn, moment, filters), filters._asdict()
        every = parties.count(conn, moment) if filters.q else tally.count({})
        public = sanctions.counts_in_force(conn, moment, [row.ref for row in rows[:PAGE]])
    after_this = cursor(rows[PAGE - 1].name, rows[PAGE - 1].owner) if len(rows) > PAGE else None
    here = address(request)
    return show(
        request,
        "parties/list.html",
        time=time_of(asking),
        items=[_row(row, public) for row in rows[:PAGE]],
        total=tally.count(wanted),
        every=every,
        filters=filters,
        facets=[facet(request, "size", tally.facets(wanted)["size"], lazy("规模"), "size"), region_facet(request, tally.facets(wanted)["region"])],
        twins=twins(request, "/parties"),
        may_register="supervisor" in asking.actor.roles,
        first=here if after else None,
        next=f"{here}{'&' if '?' in here else '?'}after={after_this}" if after_this else None,
    )


def _row(row: Any, public: dict[str, int]) -> dict[str, Any]:
    return {
        "ref": row.ref,
        "id": row.id,
        "scheme": row.scheme,
        "name": row.name,
        "former": [one[0] for one in row.former],
        "size": row.size,
        "region": row.region,
        "public": public.get(row.ref, 0),
    }


@router.get("/parties/{scheme}:{code:path}")
def show_party(request: Request, asking: Signed, scheme: str, code: str) -> Response:
    """The credit file. Offices and auditors see every party's; an applicant sees their own."""
    office, moment, ref = asking.office, asking.moment, party_ref(asking, f"{scheme}:{code}")
    shown = resources.party(office, ref, moment)
    office.record_read(asking.actor, "credit-file", str(ref))
    with office.looking() as conn:
        standing = resources.standing(office, conn, ref, moment)
        owned = contracts.of_party(conn, moment, str(ref))
        found = cases.of_party(conn, moment, str(ref))
        promised = commitments_of(conn, moment, asking.actor, str(ref))
        own_record = authority.is_authority(conn, moment, asking.actor, str(ref))
        against_authority = any(row.party == str(ref) and row.side == "authority" for row in found)
    seen = [row for row in found if row.side == "contractor" and row.party == str(ref) and asking.actor.sees(row.region, row.parties)]
    return show(
        request,
        "parties/file.html",
        time=time_of(asking),
        party=shown,
        standing=standing,
        records=[_record(office, request, one, moment) for one in standing["records"]],
        contracts=[contract_row(row, moment, 0) for row in owned if asking.actor.sees(row.region, [one[0] for one in row.contractors])],
        cases=[
            {
                "id": str(row.owner),
                "number": row.number,
                "behaviour": behaviour_name(office, request, row.behaviour, row.opened_on),
                "kind": row.kind,
                "status": row.status,
                "opened_on": row.opened_on,
            }
            for row in seen
        ],
        commitments=[{**one, "type": type_name(office, request, one["kind"], date.fromisoformat(one["made_on"]))} for one in promised],
        good=[{**one, "name": _good(office, request, one)} for one in shown["good_behaviour"]],
        authority_side=against_authority and not standing["records"],
        own_record=own_record,
        checked_by=office.names({one["by"] for one in shown["credit_checks"]}),
        applicant=is_applicant(asking.actor),
        items=[] if is_applicant(asking.actor) else _items(asking, request, ref, moment),
        regimes=REGIMES,
        why_fields=[
            *asked_fields(request, "standing", standing, f"/parties/{ref}/why", "standing/"),
            *asked_fields(request, "parties", shown, f"/parties/{ref}/why"),
        ],
        acts=[] if asking.looks_back else [(title, f"/parties/{ref}/{path}") for path, title, roles in ACTS if asking.actor.roles & set(roles)],
    )


def _items(asking: Asking, request: Request, ref: PartyRef, moment: Moment) -> list[dict[str, Any]]:
    """What was put on record of the party itself, each with the page where it is corrected."""
    office, stream = asking.office, party_id(ref.scheme, ref.id)
    told = [one for one in office.ledger.of([stream])[stream] if moment.known_at is None or one.position <= moment.known_at]
    known = until(told, moment)
    where = {} if asking.looks_back else pages(asking.actor, "parties", ref, None, known)
    return line_items(told_entries(office, tongue_of(request), entries(known)), tongue_of(request), where)


def party_ref(asking: Asking, text: str) -> PartyRef:
    try:
        ref = PartyRef.parse(text)
    except Malformed:
        raise NotThere("parties", text) from None
    if not resources.party_visible(asking.actor, ref):
        raise NotThere("parties", text)
    return ref


def _record(office: Office, request: Request, one: dict[str, Any], moment: Moment) -> dict[str, Any]:
    """A record in the reader's words; `said` tells whether its points count on the day, and why (not)."""
    day = moment.day
    return {
        **one,
        "said": COUNTING[one["why"]],
        "behaviour_name": behaviour_name(office, request, one["behaviour"], day),
        "types": decision_names(office, request, one["decision_types"], day),
    }


COUNTING = {
    "counts": lazy("计入：已送达，公示期未满"),
    "revoked": lazy("不计：已经撤销"),
    "repaired": lazy("不计：已经修复"),
    "over": lazy("不计：公示期已满"),
    "lighter": lazy("不计：同一行为只计最重的一项"),
}


def _good(office: Office, request: Request, one: dict[str, Any]) -> str:
    try:
        return named(office.book.row(GoodBehaviour, one["code"], date.fromisoformat(one["recognised_on"])), request)
    except UNKNOWN:
        return str(one["code"])
