"""Applications for repair, for the office: the list, and one application with its papers, its clock and its acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.breach.case import Case
from domain.repair.repair import Repair
from projections import commitments, loops, parties, repairs, sanctions
from projections.loops import Wanted
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import resources
from web.api.lists import Named, RepairStatus, Words, cursor, key_of, scope_of
from web.asking import Asking, Signed
from web.looks.tongue import lazy, tongue_of
from web.office import Office
from web.pages.asked import asked_fields
from web.pages.cases import exhibits
from web.pages.letters import letters_of_repair
from web.pages.showing import (
    OFFICE_READERS,
    acts_of,
    address,
    asked_of,
    behaviour_name,
    corrections_of,
    decision_names,
    facet,
    line_items,
    loops_shown,
    recipient_name,
    region_facet,
    show,
    time_of,
    twins,
    uuid_of,
)
from web.searching import about_repair
from web.telling import told_entries

router = APIRouter(include_in_schema=False)
PAGE = 25


@router.get("/repairs")
def list_repairs(
    request: Request, asking: Signed, q: Words = "", status: RepairStatus = "", party: Named = "", region: Named = "", after: str | None = None
) -> Response:
    if not asking.actor.roles & OFFICE_READERS:
        return RedirectResponse("/my", 303) if "applicant" in asking.actor.roles else show(request, "cases/shut.html", 403)
    office, moment, scope, key = asking.office, asking.moment, scope_of(asking.actor), key_of(after, date.fromisoformat, UUID)
    filters = repairs.Filters(q.strip(), status, party, region, about_repair(moment))
    office.record_read(asking.actor, "repairs", str(request.url.query)[:500])
    with office.looking() as conn:
        rows = repairs.list_repairs(conn, moment, scope, filters, PAGE + 1, key)
        tally, wanted = repairs.tally(conn, moment, scope, filters), filters.plain()
        every = tally.count({}) if not filters.q and not party else repairs.count(conn, moment, scope)
        names = parties.names(conn, moment, {row.party for row in rows})
        due = {row.owner: loops.open_loops(conn, moment, Wanted(owner=row.owner), 1) for row in rows[:PAGE]}
    items = [_row(office, row, names, due[row.owner], moment) for row in rows[:PAGE]]
    after_this = cursor(rows[PAGE - 1].applied_on, rows[PAGE - 1].owner) if len(rows) > PAGE else None
    here = address(request)
    return show(
        request,
        "repairs/list.html",
        time=time_of(asking),
        items=items,
        total=tally.count(wanted),
        every=every,
        filters=filters,
        facets=[facet(request, "status", tally.facets(wanted)["status"], lazy("状态"), "repair_status"), region_facet(request, tally.facets(wanted)["region"])],
        twins=twins(request, "/repairs"),
        first=here if after else None,
        next=f"{here}{'&' if '?' in here else '?'}after={after_this}" if after_this else None,
    )


def _row(office: Office, row: Any, names: Mapping[str, str], due: Any, moment: Moment) -> dict[str, Any]:
    loop = resources.loop_row(office, due[0], moment) if due else None
    return {
        "id": str(row.owner),
        "receipt": row.receipt,
        "party": names.get(row.party, row.party),
        "document_number": row.document_number,
        "status": row.status,
        "applied_on": row.applied_on,
        "loop": loops_shown(office, [loop], moment)[0] if loop else None,
    }


@router.get("/repairs/{id}")
def show_repair(request: Request, asking: Signed, id: str) -> Response:
    office, moment, stream = asking.office, asking.moment, uuid_of(id, "repairs")
    shown = resources.repair(office, asking.actor, stream, moment)
    if not asking.actor.roles & OFFICE_READERS:
        return RedirectResponse(f"/my/repairs/{stream}", 303)
    office.record_read(asking.actor, "repair", str(stream))
    acts = acts_of(request, asking, "repairs", shown, shown["may"], [shown["party"]]) + _answers(asking, shown)
    facts = told_of(request, asking, shown, stream, moment)
    return show(
        request,
        "repairs/repair.html",
        time=time_of(asking),
        acts=acts,
        owed=loops_shown(office, shown["loops"], moment, acts, tongue_of(request).lang),
        eyes=eyes_of(office, asking, shown, stream),
        asked=asked_of(request, asking, "repairs", shown),
        letters=letters_of_repair(shown),
        **facts,
    )


def told_of(request: Request, asking: Asking, shown: Mapping[str, Any], stream: UUID, moment: Moment) -> dict[str, Any]:
    """What the office's page and the applicant's both show of an application."""
    office, speaks = asking.office, tongue_of(request)
    with office.looking() as conn:
        names = parties.names(conn, moment, {shown["party"]})
        row = sanctions.find(conn, moment, UUID(shown["sanction"]))
        promised = commitments.of_repair(conn, moment, stream)
    on = date.fromisoformat(shown["applied_on"])
    found = resources.streams(office, "repairs", [stream], moment).values()
    told = [one for each in found for one in each.told]
    papers = [
        {
            **paper,
            "state": _state(paper, shown["documents"][place + 1 :]),
            "exhibit": exhibits(office, [paper["digest"]])[0] if paper["digest"] else None,
        }
        for place, paper in enumerate(shown["documents"])
    ]
    record = None
    if row is not None:
        record = {
            **resources.sanction_row(row, moment.day),
            "behaviour_name": behaviour_name(office, request, row.behaviour, row.decided_on),
            "types": decision_names(office, request, row.decision_types, row.decided_on),
        }
    return {
        "repair": shown,
        "promised": promised,
        "why_fields": asked_fields(request, "repairs", shown, f"/repairs/{stream}/why"),
        "party_name": names.get(shown["party"], shown["party"]),
        "record": record,
        "papers": papers,
        "items": line_items(told_entries(office, speaks, entries(told)), speaks, corrections_of(asking, {"repairs": found})),
        "acknowledgements": [{**one, "name": recipient_name(office, request, one["recipient"], on)} for one in shown["acknowledgements"]],
        "materials": office.book.rule("repair.materials", on),
    }


def _state(paper: Mapping[str, Any], later: Sequence[Mapping[str, Any]]) -> str:
    """A paper that was asked for again and has come again is replaced."""
    again = paper["state"] == "to_be_replaced" and any(one["kind"] == paper["kind"] for one in later)
    return "replaced" if again else str(paper["state"])


def eyes_of(office: Office, asking: Asking, shown: Mapping[str, Any], stream: UUID) -> dict[str, Any]:
    """May this reader decide the application? Whoever recorded the case, applied, or stands recused may not."""
    repair, case = office.ledger.get(Repair, stream), office.ledger.get(Case, UUID(str(shown["case"])))
    me = asking.actor.account
    barred = []
    if me in case.recorders:
        barred.append(RECORDED)
    if me in case.recused:
        barred.append(RECUSED)
    if me == repair.applicant:
        barred.append(APPLIED)
    return {"judge": asking.actor.holds(("decider",), str(shown["region"])), "barred": barred}


RECORDED, RECUSED = lazy("您登记了这项发现或上传了它的证据，不能决定它的修复。"), lazy("您已在本案中回避。")
APPLIED = lazy("您提交了这份申请，不能再决定它。")


def _answers(asking: Asking, shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    if asking.looks_back or not asking.actor.holds(("decider",), shown["region"], [shown["party"]]):
        return []
    return [
        {
            "on": "repairs",
            "may": "objections",
            "title": lazy("决定异议"),
            "href": f"/repairs/{shown['id']}/objections/{one['id']}/decision",
            "grave": False,
            "name": "objection",
        }
        for one in shown["objections"]
        if one["outcome"] is None
    ]
