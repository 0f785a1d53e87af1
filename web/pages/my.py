"""What a company sees: what stands against it, until when, what it can do and from when; its cases and applications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.breach import events as b
from domain.ledger import NotThere
from projections import cases, contracts, parties, repairs, sanctions
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import resources
from web.api.reads import contract_row
from web.asking import Asking, Signed
from web.commitments import of_party as commitments_of
from web.desk import desk_of
from web.looks.tongue import lazy, tongue_of
from web.office import Office
from web.pages.asked import asked_fields
from web.pages.cases import exhibits, proposed_of, sanction_of
from web.pages.letters import letters_of_case, letters_of_repair
from web.pages.repairs import told_of
from web.pages.showing import acts_of, behaviour_name, decision_names, line_items, loops_shown, show, time_of, uuid_of
from web.places import next_page
from web.planner import Plan, Planner
from web.telling import told_entries

router = APIRouter(include_in_schema=False)
OURS = (b.LegalReviewPassed, b.RecusalDecided, b.CollectiveDecisionMade, b.CaseHandedOver)  # the office's own affairs


def _mine(asking: Asking) -> list[str]:
    return sorted(asking.actor.parties())


@router.get("/my")
def show_my(request: Request, asking: Signed) -> Response:
    """Everything of the parties that this account acts for. Others have no /my."""
    if not _mine(asking):
        return RedirectResponse("/", 303) if "applicant" not in asking.actor.roles else show(request, "cases/shut.html", 403)
    office, moment = asking.office, asking.moment
    firms = [_firm(request, asking, ref, moment) for ref in _mine(asking)]
    desk = desk_of(office, asking.actor, moment)
    lang = tongue_of(request).lang
    owed = [_asked(one, raw) for raw in [*desk["overdue"], *desk["soon"], *desk["later"]] for one in loops_shown(office, [raw], moment, lang=lang)]
    return show(request, "my/my.html", time=time_of(asking), firms=firms, owed=owed)


OWED = {
    "statement_window": lazy("陈述申辩：同意不同意，都可以说"),
    "hearing_window": lazy("要求听证：要不要由您定"),
    "rectification": lazy("报告整改情况"),
    "repair_supplement": lazy("补正材料"),
    "fulfilment": lazy("履行决定"),
    "commitment": lazy("兑现承诺，并报告履行情况"),
}
ANSWERED = ("statement_window", "hearing_window", "rectification", "repair_supplement", "commitment")  # at a page of the applicant's own
YOU = lazy("您")


def _asked(one: Mapping[str, Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """A loop as its party reads it: what is asked of them, and where to do it."""
    what, case = raw["about"], raw["about"].get("case")
    href = next_page(raw) if one["kind"] in ANSWERED else f"/my/cases/{case}" if case else f"/contracts/{what['contract']}" if what.get("contract") else None
    return {
        **one,
        "title": OWED.get(one["kind"], one["title"]),
        "note": " · ".join(part for part in (one["note"], what.get("case_number") or what.get("name")) if part),
        "href": href,
        "owed_by": YOU,
        "who": "",
    }


def _firm(request: Request, asking: Asking, ref: str, moment: Moment) -> dict[str, Any]:
    office = asking.office
    office.record_read(asking.actor, "my", ref)
    with office.looking() as conn:
        party = parties.find(conn, moment, ref)
        rows = [row for row in sanctions.of_party(conn, moment, ref) if row.side == "contractor"]
        open_cases = [row for row in cases.of_party(conn, moment, ref) if asking.actor.sees(row.region, row.parties)]
        mine = {row.sanction: list(repairs.of_sanction(conn, moment, row.sanction)) for row in rows}
        planner = Planner(office, conn, moment)
        records = [record_of(office, request, row, planner.plan(row, mine[row.sanction]), moment) for row in rows]
        owned = contracts.of_party(conn, moment, ref)
        promised = commitments_of(conn, moment, asking.actor, ref)
    return {
        "ref": ref,
        "name": party.name if party else ref,
        "code": ref.partition(":")[2],
        "records": records,
        "standing": [one for one in records if one["status"] not in ("repaired", "expired", "revoked")],
        "over": [one for one in records if one["status"] in ("repaired", "expired", "revoked")],
        "cases": [
            {
                "id": str(row.owner),
                "number": row.number,
                "status": row.status,
                "opened_on": row.opened_on,
                "theirs": row.party != ref,
                "behaviour": behaviour_name(office, request, row.behaviour, row.opened_on),
            }
            for row in open_cases
        ],
        "repairs": [
            {"id": str(one.owner), "receipt": one.receipt, "status": one.status, "applied_on": one.applied_on, "document_number": one.document_number}
            for found in mine.values()
            for one in found
        ],
        "commitments": promised,
        "contracts": [contract_row(row, moment, 0) for row in owned],
    }


def record_of(office: Office, request: Request, row: Any, plan: Plan, moment: Moment) -> dict[str, Any]:
    """A sanction as its party reads it: what, until when, and what can be done about it."""
    return {
        **resources.sanction_row(row, moment.day),
        "behaviour_name": behaviour_name(office, request, row.behaviour, row.decided_on),
        "types": decision_names(office, request, row.decision_types, row.decided_on),
        "plan": plan,
    }


@router.get("/my/cases/{id}")
def show_my_case(request: Request, asking: Signed, id: str) -> Response:
    office, moment, stream = asking.office, asking.moment, uuid_of(id, "cases")
    shown = resources.case(office, asking.actor, stream, moment)
    whose = [shown["party"], *_concerned(asking, office, stream, moment)]
    if not set(whose) & set(_mine(asking)):
        return RedirectResponse(f"/cases/{stream}", 303)
    office.record_read(asking.actor, "case", str(stream))
    with office.looking() as conn:
        names = parties.names(conn, moment, {shown["party"], shown["authority"]})
        contract = contracts.named(conn, moment, {UUID(shown["contract"])}).get(UUID(shown["contract"]))
        rows = {str(row.sanction): row for row in sanctions.of_party(conn, moment, shown["party"]) if row.owner == stream}
        planner = Planner(office, conn, moment)
        plans = {one: planner.plan(row, list(repairs.of_sanction(conn, moment, row.sanction))) for one, row in rows.items()}
    acts = acts_of(request, asking, "cases", shown, shown["may"], whose)
    told = [one for each in resources.streams(office, "cases", [stream], moment).values() for one in each.told if not isinstance(one.event, OURS)]
    speaks = tongue_of(request)
    return show(
        request,
        "my/case.html",
        time=time_of(asking),
        why_fields=asked_fields(request, "cases", shown, f"/cases/{shown['id']}/why"),
        case=shown,
        acts=acts,
        owed=_ours(loops_shown(office, [one for one in shown["loops"] if one["owed_by"] == "party"], moment, acts)),
        theirs=loops_shown(office, [one for one in shown["loops"] if one["owed_by"] not in ("party", "rule")], moment),
        party_name=names.get(shown["party"], shown["party"]),
        authority_name=names.get(shown["authority"], shown["authority"]),
        contract=contract,
        proposed=proposed_of(office, request, shown),
        behaviour=behaviour_name(office, request, shown["behaviour"], date.fromisoformat(shown["opened_on"])),
        against_us=shown["party"] in _mine(asking),
        sanctions=[
            {
                **sanction_of(office, request, one),
                "plan": plans.get(one["id"]),
            }
            for one in shown["sanctions"]
        ],
        letters=letters_of_case(office, shown, issued_only=True),
        exhibits=exhibits(office, (shown["statement"] or {}).get("evidence", [])),
        items=line_items(told_entries(office, speaks, entries(told)), speaks),
    )


def _ours(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the party is asked, in the order of OWED."""
    order = list(OWED)
    return sorted(
        ({**one, "title": OWED.get(one["kind"], one["title"])} for one in found),
        key=lambda one: order.index(one["kind"]) if one["kind"] in order else len(order),
    )


def _concerned(asking: Asking, office: Office, stream: UUID, moment: Moment) -> list[str]:
    """The parties that the case concerns beside the one it is against: the contractors where an authority is at fault."""
    return resources.find(office, asking.actor, "cases", stream, moment).whose.parties


@router.get("/my/repairs/new")
def begin_repair(request: Request, asking: Signed, sanction: str = "") -> Response:
    """Before applying: for which record, with which papers, from when; the form itself is the act's page."""
    if not _mine(asking):
        return show(request, "cases/shut.html", 403)
    office, moment = asking.office, asking.moment
    with office.looking() as conn:
        rows = [row for ref in _mine(asking) for row in sanctions.of_party(conn, moment, ref) if row.side == "contractor"]
        planner = Planner(office, conn, moment)
        plans = [planner.plan(row, list(repairs.of_sanction(conn, moment, row.sanction))) for row in rows]
    records = [record_of(office, request, row, plan, moment) for row, plan in zip(rows, plans, strict=True)]
    if sanction and not any(one["id"] == sanction for one in records):
        raise NotThere("sanctions", sanction)
    chosen = next((one for one in records if one["id"] == sanction), None)
    return show(
        request,
        "my/new_repair.html",
        time=time_of(asking),
        records=[one for one in records if one["plan"].state in ("now", "early", "unserved", "applied")],
        chosen=chosen,
        fee=office.book.rule_if_any("repair.fee", moment.day),
    )


HEADS: Mapping[str, tuple[str, bool]] = {
    "applied": (lazy("我们收到了申请，正在决定是否受理，您不需要做什么"), False),
    "supplement_requested": (lazy("请您补正材料；补齐以前，我们的时钟停着"), True),
    "accepted": (lazy("我们正在审查，您不需要做什么"), False),
    "verified": (lazy("履行情况已经核实，等审批人决定，您不需要做什么"), False),
    "approved": (lazy("准予修复：公开页面已经撤下，正在通知各平台"), False),
    "synchronised": (lazy("修复完成：各平台都已停止公示和共享"), False),
    "rejected": (lazy("没有受理：看看理由，改好可以再申请，也可以提出异议"), True),
    "refused": (lazy("没有准予修复：看看理由，可以再申请，也可以提出异议"), True),
    "withdrawn": (lazy("您撤回了申请，以后可以重新申请"), False),
    "revoked": (lazy("修复决定被撤销了，公示可能恢复"), False),
}
STEPS = (lazy("收件，决定是否受理"), lazy("受理，审查"), lazy("核实履行，作出决定"), lazy("停止公示、停止共享、解除措施"), lazy("办结"))
FINAL = ("rejected", "refused", "withdrawn", "synchronised", "revoked")


@router.get("/my/repairs/{id}")
def show_my_repair(request: Request, asking: Signed, id: str) -> Response:
    office, moment, stream = asking.office, asking.moment, uuid_of(id, "repairs")
    shown = resources.repair(office, asking.actor, stream, moment)
    if shown["party"] not in _mine(asking):
        return RedirectResponse(f"/repairs/{stream}", 303)
    office.record_read(asking.actor, "repair", str(stream))
    told = resources.find(office, asking.actor, "repairs", stream, moment).told
    head, act_now = HEADS[shown["status"]]
    acts = acts_of(request, asking, "repairs", shown, shown["may"], [shown["party"]])
    names = office.names({one["account"] for one in shown["loops"] if one["account"]})
    base = (office.settings.base_url or str(request.base_url)).rstrip("/")
    return show(
        request,
        "my/repair.html",
        time=time_of(asking),
        head=head,
        act_now=act_now,
        since=told[-1].event.day,
        steps=steps_of(shown),
        acts=acts,
        names=names,
        letters=letters_of_repair(shown),
        track_url=f"{base}/public/track?receipt={shown['receipt']}",
        owed=shown["loops"][0] if shown["loops"] else None,
        **told_of(request, asking, shown, stream, moment),
    )


def steps_of(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The five steps, the current one marked; an application that ended early stops where it did."""
    now, status = int(shown["step"]), shown["status"]
    made = []
    for number, label in enumerate(STEPS, 1):
        state = "done" if number < now or (number == now and status in FINAL) else "now" if number == now else ""
        made.append({"label": label, "state": state, "current": number == now, "status": status if number == now else None})
    return made[:now] if status in FINAL else made
