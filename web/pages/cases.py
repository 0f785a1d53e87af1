"""Cases: the list, and one case with everything that whoever decides must have before them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.breach.case import Case
from projections import cases, contracts, loops, parties
from projections.loops import Wanted
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import resources
from web.api.lists import CaseStatus, Kind, Named, Words, cursor, key_of, scope_of
from web.asking import Asking, Signed
from web.looks.tongue import lazy, tongue_of
from web.office import Office
from web.pages.asked import asked_fields
from web.pages.case_parts import four_eyes, like_cases, rule_of, ruler_of
from web.pages.case_steps import steps_of
from web.pages.contract_parts import LABELS
from web.pages.letters import letters_of_case
from web.pages.long_line import LinePage, line_page
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
    measure_names,
    region_facet,
    show,
    time_of,
    twins,
    uuid_of,
)
from web.searching import about_case
from web.telling import told_entries
from web.words import word

router = APIRouter(include_in_schema=False)
PAGE = 25


@router.get("/cases")
def list_cases(
    request: Request,
    asking: Signed,
    q: Words = "",
    status: CaseStatus = "",
    kind: Kind = "",
    behaviour: Named = "",
    party: Named = "",
    region: Named = "",
    after: str | None = None,
) -> Response:
    if not asking.actor.roles & OFFICE_READERS:
        return _elsewhere(request, asking, "/my")
    office, moment, scope, key = asking.office, asking.moment, scope_of(asking.actor), key_of(after, date.fromisoformat, UUID)
    filters = cases.Filters(q.strip(), status, kind, behaviour, party, region, about_case(moment))
    office.record_read(asking.actor, "cases", str(request.url.query)[:500])
    with office.looking() as conn:
        rows = cases.list_cases(conn, moment, scope, filters, PAGE + 1, key)
        tally, wanted = cases.tally(conn, moment, scope, filters), filters.plain()
        every = tally.count({}) if not filters.q and not party else cases.count(conn, moment, scope)
        names = parties.names(conn, moment, {row.party for row in rows})
        following = {row.owner: _first(loops.open_loops(conn, moment, Wanted(case=row.owner), 5)) for row in rows[:PAGE]}
    items = [_row(office, request, row, names, following[row.owner], moment) for row in rows[:PAGE]]
    after_this = cursor(rows[PAGE - 1].opened_on, rows[PAGE - 1].owner) if len(rows) > PAGE else None
    return show(
        request,
        "cases/list.html",
        time=time_of(asking),
        items=items,
        total=tally.count(wanted),
        every=every,
        filters=filters,
        first=address(request) if after else None,
        facets=_facets(asking, request, tally.facets(wanted)),
        twins=twins(request, "/cases"),
        next=address(request) + ("&" if "?" in address(request) else "?") + f"after={after_this}" if after_this else None,
    )


def _facets(asking: Asking, request: Request, found: Mapping[str, Sequence[tuple[str, int]]]) -> list[dict[str, Any]]:
    return [
        facet(request, "status", found["status"], lazy("状态"), "case_status"),
        facet(request, "kind", found["kind"], lazy("性质"), "kind"),
        facet(request, "behaviour", found["behaviour"], lazy("行为"), lambda code: behaviour_name(asking.office, request, code, asking.moment.day)),
        region_facet(request, found["region"]),
    ]


def _elsewhere(request: Request, asking: Asking, applicants: str) -> Response:
    """Applicants have pages of their own; nobody else is let in."""
    if "applicant" in asking.actor.roles:
        return RedirectResponse(applicants, 303)
    return show(request, "cases/shut.html", 403)


def _first(found: Any) -> Any:
    """The most urgent loop that somebody acts on; None when only a publicity runs."""
    return next((one for one in found if one.owed_by != "rule"), None)


def _row(office: Office, request: Request, row: Any, names: dict[str, str], due: Any, moment: Moment) -> dict[str, Any]:
    named = resources.named_loops(office, [resources.loop_row(office, due, moment)] if due is not None else [])
    return {
        "id": str(row.owner),
        "number": row.number,
        "party": names.get(row.party, row.party),
        "behaviour": behaviour_name(office, request, row.behaviour, row.opened_on),
        "code": row.behaviour,
        "kind": row.kind,
        "status": row.status,
        "opened_on": row.opened_on,
        "side": row.side,
        "loop": next(iter(loops_shown(office, named, moment)), None),
    }


@router.get("/cases/{id}")
def show_case(request: Request, asking: Signed, id: str) -> Response:
    office, moment, stream = asking.office, asking.moment, uuid_of(id, "cases")
    shown, found, applications = resources.case_with(office, asking.actor, stream, moment)
    if not asking.actor.roles & OFFICE_READERS:
        return RedirectResponse(f"/my/cases/{stream}", 303)
    office.record_read(asking.actor, "case", str(stream))
    with office.looking() as conn:
        contract = contracts.named(conn, moment, {UUID(shown["contract"])}).get(UUID(shown["contract"]))
        names = parties.names(conn, moment, {shown["party"], shown["authority"]})
        likes = like_cases(office, asking, conn, shown, moment)
    whose, told = [shown["party"]], cast("Case", Case.folded(None, found.told))
    acts = acts_of(request, asking, "cases", shown, shown["may"], whose) + _answers(asking, shown, whose)
    loops_told = loops_shown(office, shown["loops"], moment, acts, tongue_of(request).lang)
    owed = [_based(_to_repair(one, raw), shown) for one, raw in zip(loops_told, shown["loops"], strict=True)]
    line = line_page(request, [one for each in (found, *applications) for one in each.told])
    corrected = corrections_of(asking, {"cases": [_within(found, line)], "repairs": [_within(one, line) for one in applications]})
    return show(
        request,
        "cases/case.html",
        time=time_of(asking),
        case=shown,
        party_name=names.get(shown["party"], shown["party"]),
        authority_name=names.get(shown["authority"], shown["authority"]),
        contract=contract,
        eyes=four_eyes(office, asking, shown, told),
        rule=rule_of(office, request, shown, told.contract_value, moment),
        likes=likes,
        ruler=ruler_of(office, request, shown, told.contract_value, likes, moment),
        owed=owed,
        steps=steps_of(office, request, shown, loops_shown(office, shown["loops"], moment)),
        acts=acts,
        asked=asked_of(request, asking, "cases", shown),
        why_fields=asked_fields(request, "cases", shown, f"/cases/{stream}/why"),
        letters=letters_of_case(office, shown),
        items=line_items(told_entries(office, tongue_of(request), entries(line.told)), tongue_of(request), corrected),
        older=line.older,
        exhibits=exhibits(office, shown["evidence"]),
        labels=LABELS,
        proposed=proposed_of(office, request, shown),
        sanctions=[sanction_of(office, request, one) for one in shown["sanctions"]],
        behaviour=behaviour_name(office, request, shown["behaviour"], date.fromisoformat(shown["opened_on"])),
    )


def _within(stream: resources.Stream, line: LinePage) -> resources.Stream:
    """Of a stream what stands on this page of the timeline."""
    return stream._replace(told=[one for one in stream.told if line.told and one.position >= line.told[0].position])


def _answers(asking: Asking, shown: dict[str, Any], whose: list[str]) -> list[dict[str, Any]]:
    """Acts on a part of the case: an objection to answer, a measure to lift."""
    made: list[dict[str, Any]] = []
    if asking.looks_back:
        return made
    if asking.actor.holds(("decider",), shown["region"], whose):
        made += [
            {
                "on": "cases",
                "may": "objections",
                "title": lazy("决定异议"),
                "href": f"/cases/{shown['id']}/objections/{one['id']}/decision",
                "grave": False,
                "name": "objection",
            }
            for one in shown["objections"]
            if one["outcome"] is None
        ]
        made += [
            {
                "on": "cases",
                "may": "touches",
                "title": tongue_of(asking.request).said(lazy("答复：{what}的事实有变"), what=lazy(word("touched", one["what"]))),
                "href": f"/cases/{shown['id']}/touches/{one['id']}/answer",
                "grave": False,
                "name": "touch",
            }
            for one in shown["touches"]
            if one["outcome"] is None
        ]
    if asking.actor.holds(("supervisor", "legal"), shown["region"], whose):
        made += [
            {
                "on": "cases",
                "may": "review",
                "title": lazy("登记复议或诉讼结果"),
                "href": f"/cases/{shown['id']}/review-end?review={one['id']}",
                "grave": False,
                "name": "review-end",
            }
            for one in shown["reviews"]
            if one["outcome"] is None
        ]
    if asking.actor.holds(("supervisor",), shown["region"], whose):
        made += [
            {
                "on": "cases",
                "may": "measures",
                "title": lazy("解除措施"),
                "href": f"/cases/{shown['id']}/measures/{measure['measure']}/lifting",
                "grave": False,
                "name": "lifting",
            }
            for one in shown["sanctions"]
            for measure in one["measures_applied"]
            if measure["lifted_on"] is None
        ]
    return made


def _to_repair(one: dict[str, Any], loop: dict[str, Any]) -> dict[str, Any]:
    """A repair's loops lead to the application's own page."""
    base = str(loop["subject"]).removeprefix("/api/v1")
    return {**one, "href": base} if base.startswith("/repairs/") else one


def _based(one: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    """The end of publicity rests on what the decision says its class rests on."""
    if one["kind"] != "publicity" or not one["due"]:
        return one
    basis = next((each for sanction in shown["sanctions"] for each in sanction["basis"] if ".class." in f".{each['rule']}."), one["due"]["basis"])
    return {**one, "due": {**one["due"], "basis": basis}}


def exhibits(office: Office, digests: list[str]) -> list[dict[str, Any]]:
    """What was brought as evidence: name, size, kind, and where it can be fetched."""
    found = []
    for digest in digests:
        about = office.evidence.about(digest)
        found.append(
            {
                "digest": digest,
                "name": office.evidence.name_of(digest) or digest[:19],
                "size": about.size if about else None,
                "media_type": about.media_type if about else None,
                "href": f"/api/v1/evidence/{digest}",
            }
        )
    return found


def proposed_of(office: Office, request: Request, shown: dict[str, Any]) -> dict[str, Any] | None:
    """What the notice said would come."""
    if shown["notice"] is None:
        return None
    on = date.fromisoformat(shown["notice"]["served_on"])
    asked = shown["notice"]["proposed"]
    return {
        "types": decision_names(office, request, asked["decision_types"], on),
        "fine": asked["fine"],
        "measures": measure_names(office, request, asked["measures"], on),
    }


def sanction_of(office: Office, request: Request, one: dict[str, Any]) -> dict[str, Any]:
    on = date.fromisoformat(one["decided_on"])
    return {
        **one,
        "types": decision_names(office, request, one["decision_types"], on),
        "measure_names": measure_names(office, request, one["measures"], on),
    }
