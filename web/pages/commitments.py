"""Credit commitments: the list, and one of them with its outcome, its clock and its acts. An applicant sees their own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.ledger import NotThere
from projections import commitments, contracts, loops, parties
from projections.loops import Wanted
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import resources
from web.api.lists import CommitmentStatus, Named, Words, cursor, key_of, scope_of
from web.asking import Asking, Signed
from web.commitments import commitment_row
from web.looks.tongue import lazy, tongue_of
from web.naming import called
from web.office import Office
from web.pages.asked import asked_fields
from web.pages.cases import exhibits
from web.pages.showing import (
    OFFICE_READERS,
    acts_of,
    address,
    corrections_of,
    facet,
    line_items,
    loops_shown,
    region_facet,
    show,
    time_of,
    twins,
    uuid_of,
)
from web.places import is_applicant, page_of
from web.searching import about_case
from web.telling import told_entries

router = APIRouter(include_in_schema=False)
PAGE = 25


@router.get("/commitments")
def list_commitments(
    request: Request, asking: Signed, q: Words = "", status: CommitmentStatus = "", kind: Named = "", party: Named = "", region: Named = "",
    after: str | None = None,
) -> Response:  # fmt: skip
    if not asking.actor.roles & {*OFFICE_READERS, "applicant"}:
        return show(request, "cases/shut.html", 403)
    office, moment, scope, key = asking.office, asking.moment, scope_of(asking.actor), key_of(after, date.fromisoformat, UUID)
    filters = commitments.Filters(q.strip(), status, kind, party, region, about_case(moment))
    office.record_read(asking.actor, "commitments", str(request.url.query)[:500])
    with office.looking() as conn:
        rows = commitments.list_commitments(conn, moment, scope, filters, PAGE + 1, key)
        tally, wanted = commitments.tally(conn, moment, scope, filters), filters.plain()
        every = tally.count({}) if not filters.q and not party else commitments.count(conn, moment, scope)
        names = parties.names(conn, moment, {ref for row in rows for ref in (row.party, row.received_by)})
        due = {row.owner: loops.open_loops(conn, moment, Wanted(owner=row.owner), 1) for row in rows[:PAGE]}
    after_this = cursor(rows[PAGE - 1].made_on, rows[PAGE - 1].owner) if len(rows) > PAGE else None
    here, found = address(request), tally.facets(wanted)
    return show(
        request,
        "commitments/list.html",
        time=time_of(asking),
        items=[_row(office, request, row, names, due[row.owner], moment) for row in rows[:PAGE]],
        total=tally.count(wanted),
        every=every,
        filters=filters,
        facets=[
            facet(request, "status", found["status"], lazy("状态"), "commitment_status"),
            facet(request, "kind", found["kind"], lazy("承诺类型"), lambda code: type_name(office, request, code, moment.day)),
            region_facet(request, found["region"]),
        ],
        twins=twins(request, "/commitments") if asking.actor.roles & OFFICE_READERS else [],
        may_register="supervisor" in asking.actor.roles and not asking.looks_back,
        first=here if after else None,
        next=f"{here}{'&' if '?' in here else '?'}after={after_this}" if after_this else None,
    )


def _row(office: Office, request: Request, row: Any, names: Mapping[str, str], due: Any, moment: Moment) -> dict[str, Any]:
    loop = resources.loop_row(office, due[0], moment) if due else None
    return {
        **commitment_row(row),
        "type": type_name(office, request, row.kind, row.made_on),
        "party_name": names.get(row.party, row.party),
        "loop": loops_shown(office, [loop], moment)[0] if loop else None,
    }


def type_name(office: Office, request: Request, code: str, on: date) -> str:
    """A type of commitment by its name in the pack in force on the day."""
    return called(office.book, tongue_of(request).lang, "commitment_type", code, on)


@router.get("/commitments/{id}")
def show_commitment(request: Request, asking: Signed, id: str) -> Response:
    office, moment, stream = asking.office, asking.moment, uuid_of(id, "commitments")
    shown = resources.commitment(office, asking.actor, stream, moment)
    office.record_read(asking.actor, "commitment", str(stream))
    speaks, acts = tongue_of(request), acts_of(request, asking, "commitments", shown, shown["may"], [shown["party"]])
    found = list(resources.streams(office, "commitments", [stream], moment).values())
    with office.looking() as conn:
        names = parties.names(conn, moment, {shown["party"], shown["received_by"]})
        about = contracts.named(conn, moment, [UUID(shown["contract"])] if shown["contract"] else [])
    return show(
        request,
        "commitments/commitment.html",
        time=time_of(asking),
        commitment=shown,
        type=type_name(office, request, shown["kind"], date.fromisoformat(shown["made_on"])),
        names=names,
        contract=_contract(asking, about, shown["contract"]),
        repair=page_of("repairs", shown["repair"], asking.actor) if shown["repair"] else None,
        exhibits={part: exhibits(office, digests) for part, digests in _papers(shown)},
        acts=acts,
        owed=loops_shown(office, shown["loops"], moment, acts, speaks.lang),
        applicant=is_applicant(asking.actor),
        why_fields=asked_fields(request, "commitments", shown, f"/commitments/{stream}/why"),
        items=line_items(told_entries(office, speaks, entries(one for each in found for one in each.told)), speaks,
                         corrections_of(asking, {"commitments": found})),
    )  # fmt: skip


def _papers(shown: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    return [("made", shown["evidence"]), *((part, shown[part]["evidence"]) for part in ("report", "kept", "breach") if shown[part])]


def _contract(asking: Asking, about: Mapping[UUID, Any], id: str | None) -> dict[str, str] | None:
    """The contract that it is about, for who may know of it."""
    if id is None or (row := about.get(UUID(id))) is None:
        return None
    try:
        resources.find(asking.office, asking.actor, "contracts", UUID(id), asking.moment)
    except NotThere:
        return None
    return {"id": id, "number": row.number, "name": row.name}
