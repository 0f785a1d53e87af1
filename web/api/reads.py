"""What programs can read: resources, lists, timelines, the desk."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from fastapi import Query, Request
from fastapi.responses import JSONResponse

from domain.events import Told, encode
from domain.ledger import NotThere
from domain.values.fault import Malformed
from domain.values.party import PartyRef
from projections import cases, contracts, loops, parties, repairs
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import resources
from web.api.doings import answer
from web.api.lists import CaseStatus, ContractStatus, Kind, Limit, Named, RepairStatus, Size, Words, cursor, key_of, listed, scope_of
from web.api.routing import reading
from web.asking import Asking, Signed
from web.carrying import contract_id
from web.commitments import of_party as commitments_of
from web.desk import desk_of
from web.looks.tongue import lazy, tongue_of
from web.office import Office
from web.searching import about_case, about_repair
from web.statistics import statistics
from web.telling import told_entries
from web.why import why as why_of

router = reading()
WHY = lazy("为什么：字段的路径（status、sanctions/0/points、loops/0/due/on、may/confirmation）。答复改为 Why：最少的事件、依据、什么会改变它")
Why = Annotated[str | None, Query(description=str(WHY))]


def _told(request: Request, asking: Asking, kind: str, shown: dict[str, Any], why: str | None, **headers: Any) -> JSONResponse:
    """A resource; or, where it is asked why, what makes one field of it so."""
    if why is None:
        return answer(request, shown, **headers)
    told = why_of(asking.office, asking.actor, tongue_of(request), kind, shown, why, asking.moment)
    return answer(request, told, position=_known(asking))


def resource_told(request: Request, asking: Asking, kind: str, shown: dict[str, Any], why: str | None) -> JSONResponse:
    """The same, with its version and what is known."""
    return _told(request, asking, kind, shown, why, version=shown["version"], position=_known(asking))


def _known(asking: Asking) -> int:
    """The log position that an answer knows: the one asked about, else the head."""
    return asking.moment.known_at or asking.office.ledger.head()


def _record(asking: Asking, kind: str, subject: str) -> None:
    """Reads of cases, credit files and audit data are on record before the answer leaves."""
    asking.office.record_read(asking.actor, kind, subject[:500])


@router.get("/contracts", tags=["contracts"])
def list_contracts(
    request: Request,
    asking: Signed,
    limit: Limit = 50,
    after: str | None = None,
    q: Words = "",
    status: ContractStatus = "",
    type: Named = "",
    region: Named = "",
    authority: Named = "",
    party: Named = "",
) -> JSONResponse:
    office, moment, scope = asking.office, asking.moment, scope_of(asking.actor)
    filters = contracts.Filters(q, status, type, region, authority, party)
    last = key_of(after, date.fromisoformat, UUID)
    with office.looking() as conn:
        rows = contracts.contracts(conn, moment, scope, filters, limit + 1, last)
        total = contracts.count(conn, moment, scope, filters)
        owners = [row.owner for row in rows[:limit]]
        open_now = _open_for(asking, loops.by_contract(conn, moment, owners)) if asking.actor.parties() else loops.of_many(conn, moment, owners)
    following = cursor(rows[limit - 1].holds_from, rows[limit - 1].owner) if len(rows) > limit else None
    items = [contract_row(row, moment, open_now.get(row.owner, 0)) for row in rows]
    return answer(request, listed(items, limit, following, moment.known_at or office.ledger.head(), total))


def _open_for(asking: Asking, found: dict[UUID, list[Any]]) -> dict[UUID, int]:
    return {owner: len(resources.known_loops(asking.actor, rows)) for owner, rows in found.items()}


def contract_row(row: Any, moment: Moment, open_loops: int) -> dict[str, Any]:
    """A contract as a list shows it."""
    scheme, _, code = row.authority.partition(":")

    def money(value: Any) -> Any:
        return None if value is None or row.currency is None else {"amount": f"{value:.2f}", "currency": row.currency}

    return {
        "id": str(row.owner), "number": row.number, "name": row.name, "type": row.type, "region": row.region,
        "status": contracts.status_on(row, moment.day), "authority": {"scheme": scheme, "id": code, "name": row.authority_name},
        "contractors": [{"scheme": ref.partition(":")[0], "id": ref.partition(":")[2], "name": name} for ref, name in row.contractors],
        "value": money(row.value), "paid": money(row.paid), "signed_on": _iso(row.signed_on), "starts_on": _iso(row.starts_on),
        "ends_on": _iso(row.ends_on), "open_loops": open_loops,
    }  # fmt: skip


def case_row(row: Any) -> dict[str, Any]:
    """A case as a list shows it."""
    return {
        "id": str(row.owner), "number": row.number, "contract": str(row.contract), "region": row.region, "party": row.party, "side": row.side,
        "behaviour": row.behaviour, "kind": row.kind, "status": row.status, "opened_on": _iso(row.opened_on),
    }  # fmt: skip


def repair_row(row: Any) -> dict[str, Any]:
    """An application as a list shows it."""
    return {
        "id": str(row.owner),
        "receipt": row.receipt,
        "case": str(row.case),
        "sanction": str(row.sanction),
        "party": row.party,
        "document_number": row.document_number,
        "status": row.status,
        "applied_on": _iso(row.applied_on),
    }


def party_row(row: Any) -> dict[str, Any]:
    """A party as a list shows it."""
    return {"scheme": row.scheme, "id": row.id, "ref": row.ref, "name": row.name, "size": row.size, "region": row.region, "former": row.former}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


@router.get("/contracts/{id}", tags=["contracts"])
def read_contract(request: Request, asking: Signed, id: str, why: Why = None) -> JSONResponse:
    shown = resources.contract(asking.office, asking.actor, contract_id(asking.office, asking, id), asking.moment)
    if shown["cases"]:  # its findings stand in it
        _record(asking, "contract", shown["id"])
    return resource_told(request, asking, "contracts", shown, why)


def _streams_of(office: Office, asking: Asking, stream: UUID, moment: Moment) -> dict[UUID, list[Told]]:
    """The streams of a contract, its cases and their applications that this person may see; reading of cases is on record."""
    found = {stream: resources.find(office, asking.actor, "contracts", stream, moment).told}
    with office.looking() as conn:
        case_ids = cases.of_contract(conn, moment, stream)
        repair_ids = [one for case in case_ids for one in repairs.of_case(conn, moment, case)]
    for kind, ids in (("cases", case_ids), ("repairs", repair_ids)):
        found |= {other.id: other.told for other in resources.seen_streams(office, asking.actor, kind, ids, moment)}
    if len(found) > 1:
        _record(asking, "timeline", str(stream))
    return found


@router.get("/contracts/{id}/timeline", tags=["contracts"])
def read_timeline(request: Request, asking: Signed, id: str) -> JSONResponse:
    office, moment = asking.office, asking.moment
    stream = contract_id(office, asking, id)
    told = [one for events in _streams_of(office, asking, stream, moment).values() for one in events]
    items = told_entries(office, tongue_of(request), entries(told))
    return answer(request, {"items": items, "next": None, "position": moment.known_at or office.ledger.head(), "total": len(items)})


@router.get("/contracts/{id}/events", tags=["contracts"])
def read_events(request: Request, asking: Signed, id: str) -> JSONResponse:
    office, moment = asking.office, asking.moment
    stream = contract_id(office, asking, id)
    found = resources.find(office, asking.actor, "contracts", stream, moment)
    told = [one for one in office.ledger.of([stream], moment.known_at).get(stream, []) if moment.as_of is None or one.day <= moment.as_of]
    _record(asking, "events", str(stream))
    items = [event_row(one) for one in told if resources.may_know(office, asking.actor, found.whose, one.event)]
    return answer(request, {"items": items, "next": None, "position": moment.known_at or office.ledger.head(), "total": len(items)})


def event_row(one: Told) -> dict[str, Any]:
    """An event as it lies in the log, its body as JSON."""
    return {
        "position": one.position,
        "stream": str(one.stream),
        "version": one.version,
        "topic": one.event.topic,
        "on": one.event.day.isoformat(),
        "recorded_at": one.recorded_at.isoformat(timespec="seconds") if one.recorded_at else None,
        "body": msgspec.json.decode(encode(one.event)),
    }


@router.get("/contracts/{id}/loops", tags=["contracts"])
def read_loops(request: Request, asking: Signed, id: str) -> JSONResponse:
    shown = resources.contract(asking.office, asking.actor, contract_id(asking.office, asking, id), asking.moment)
    items = shown["loops"]
    return answer(request, {"items": items, "next": None, "position": shown["position"], "total": len(items)})


@router.get("/contracts/{id}/interest/{ref}", tags=["contracts"])
def read_interest(request: Request, asking: Signed, id: str, ref: str) -> JSONResponse:
    """What lateness of one payment to a small firm costs, day by day."""
    shown = resources.interest(asking.office, asking.actor, contract_id(asking.office, asking, id), ref, asking.moment)
    return answer(request, shown, position=_known(asking))


@router.get("/cases", tags=["cases"])
def list_cases(
    request: Request,
    asking: Signed,
    limit: Limit = 50,
    after: str | None = None,
    q: Words = "",
    status: CaseStatus = "",
    kind: Kind = "",
    behaviour: Named = "",
    party: Named = "",
    region: Named = "",
) -> JSONResponse:
    office, moment, scope = asking.office, asking.moment, scope_of(asking.actor)
    filters, last = cases.Filters(q, status, kind, behaviour, party, region, about_case(moment)), key_of(after, date.fromisoformat, UUID)
    _record(asking, "cases", str(request.url.query))
    with office.looking() as conn:
        rows = cases.list_cases(conn, moment, scope, filters, limit + 1, last)
        total = cases.count(conn, moment, scope, filters)
    following = cursor(rows[limit - 1].opened_on, rows[limit - 1].owner) if len(rows) > limit else None
    items = [case_row(row) for row in rows]
    return answer(request, listed(items, limit, following, moment.known_at or office.ledger.head(), total))


@router.get("/cases/{id}", tags=["cases"])
def read_case(request: Request, asking: Signed, id: UUID, why: Why = None) -> JSONResponse:
    shown = resources.case(asking.office, asking.actor, id, asking.moment)
    _record(asking, "case", str(id))
    return resource_told(request, asking, "cases", shown, why)


@router.get("/repairs", tags=["repairs"])
def list_repairs(
    request: Request,
    asking: Signed,
    limit: Limit = 50,
    after: str | None = None,
    q: Words = "",
    status: RepairStatus = "",
    party: Named = "",
    region: Named = "",
) -> JSONResponse:
    office, moment, scope = asking.office, asking.moment, scope_of(asking.actor)
    filters, last = repairs.Filters(q, status, party, region, about_repair(moment)), key_of(after, date.fromisoformat, UUID)
    _record(asking, "repairs", str(request.url.query))
    with office.looking() as conn:
        rows = repairs.list_repairs(conn, moment, scope, filters, limit + 1, last)
        total = repairs.count(conn, moment, scope, filters)
    following = cursor(rows[limit - 1].applied_on, rows[limit - 1].owner) if len(rows) > limit else None
    items = [repair_row(row) for row in rows]
    return answer(request, listed(items, limit, following, moment.known_at or office.ledger.head(), total))


@router.get("/repairs/{id}", tags=["repairs"])
def read_repair(request: Request, asking: Signed, id: UUID, why: Why = None) -> JSONResponse:
    shown = resources.repair(asking.office, asking.actor, id, asking.moment)
    _record(asking, "repair", str(id))
    return resource_told(request, asking, "repairs", shown, why)


@router.get("/parties", tags=["parties"])
def list_parties(
    request: Request, asking: Signed, limit: Limit = 50, after: str | None = None, q: Words = "", size: Size = "", region: Named = ""
) -> JSONResponse:
    office, moment, filters, last = asking.office, asking.moment, parties.Filters(q, size, region), key_of(after, str, UUID)
    if not asking.actor.roles - {"applicant", "administrator"}:
        mine = sorted(asking.actor.parties())
        items = [resources.party(office, PartyRef.parse(ref), moment) for ref in mine]
        return answer(request, {"items": items, "next": None, "position": moment.known_at or office.ledger.head(), "total": len(items)})
    with office.looking() as conn:
        rows = parties.list_parties(conn, moment, filters, limit + 1, last)
        total = parties.count(conn, moment, filters)
    following = cursor(rows[limit - 1].name, rows[limit - 1].owner) if len(rows) > limit else None
    items = [party_row(row) for row in rows]
    return answer(request, listed(items, limit, following, moment.known_at or office.ledger.head(), total))


def _party(asking: Asking, id: str) -> PartyRef:
    try:
        ref = PartyRef.parse(id)
    except Malformed:
        raise NotThere("parties", id) from None
    if not resources.party_visible(asking.actor, ref):
        raise NotThere("parties", id)
    return ref


@router.get("/parties/{id}", tags=["parties"])
def read_party(request: Request, asking: Signed, id: str, why: Why = None) -> JSONResponse:
    shown = resources.party(asking.office, _party(asking, id), asking.moment)
    return resource_told(request, asking, "parties", shown, why)


@router.get("/parties/{id}/standing", tags=["parties"])
def read_standing(request: Request, asking: Signed, id: str, why: Why = None) -> JSONResponse:
    ref, moment = _party(asking, id), asking.moment
    resources.party(asking.office, ref, moment)
    _record(asking, "standing", str(ref))
    with asking.office.looking() as conn:
        shown = resources.standing(asking.office, conn, ref, moment)
    return _told(request, asking, "standing", shown, why)


@router.get("/parties/{id}/credit-file", tags=["parties"])
def read_credit_file(request: Request, asking: Signed, id: str) -> JSONResponse:
    office, ref, moment = asking.office, _party(asking, id), asking.moment
    shown = resources.party(office, ref, moment)
    _record(asking, "credit-file", str(ref))
    with office.looking() as conn:
        shown["standing"] = resources.standing(office, conn, ref, moment)
        shown["commitments"] = commitments_of(conn, moment, asking.actor, str(ref))
        rows = contracts.of_party(conn, moment, str(ref))
        shown["contracts"] = [contract_row(row, moment, 0) for row in rows if asking.actor.sees(row.region, [one[0] for one in row.contractors])]
        found = cases.of_party(conn, moment, str(ref))
        shown["cases"] = [
            {"id": str(row.owner), "number": row.number, "behaviour": row.behaviour, "kind": row.kind, "status": row.status, "opened_on": _iso(row.opened_on)}
            for row in found
            if row.side == "contractor" and asking.actor.sees(row.region, row.parties)
        ]
    return answer(request, shown, version=shown["version"], position=_known(asking))


@router.get("/desk", tags=["desk"])
def read_desk(request: Request, asking: Signed) -> JSONResponse:
    desk = desk_of(asking.office, asking.actor, asking.moment)
    return answer(request, desk, position=asking.moment.known_at or asking.office.ledger.head())


@router.get("/statistics", tags=["desk"])
def read_statistics(request: Request, asking: Signed) -> JSONResponse:
    return answer(request, statistics(asking))
