"""What anybody may ask: is it up, and what is public now."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from time import monotonic
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from domain.ledger import NotThere
from domain.values.fault import Malformed
from domain.values.party import PartyRef, is_person, masked
from projections import parties, repairs, sanctions
from projections.temporal.moment import Moment
from stores.vault import source_of
from web import resources
from web.api.lists import Limit, cursor, key_of
from web.api.routing import named
from web.asking import now_only, office_of
from web.office import Office

router = APIRouter(generate_unique_id_function=named)


@router.get("/healthz", include_in_schema=False)
def healthz() -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", include_in_schema=False)
def readyz(request: Request) -> JSONResponse:
    """Ready when every view follows the log, the ends of windows already due are recorded, and the log may be written."""
    office = office_of(request)
    office.caught_up()
    stopped = [one.name for one in office.standings() if one.stopped]
    ended, shut = getattr(request.app.state, "windows_recorded", True), office.weather.shut()
    ready = not stopped and ended and shut is None
    told = {"status": "ready" if ready else "not ready", "stopped": stopped, "shut": shut and shut.code}
    return JSONResponse(told, 200 if ready else 503)


public = APIRouter(prefix="/public/api", tags=["public"], dependencies=[Depends(now_only)], generate_unique_id_function=named)


def public_row(row: Any, names: dict[str, str]) -> dict[str, Any]:
    """A sanction in its publicity, as the public sees it."""
    scheme, _, code = row.party.partition(":")
    name = names.get(row.party, "")
    person = is_person(row.party)
    return {
        "party": {"scheme": scheme, "id": None if person else code, "name": masked(name) if person else name}, "document_number": row.document_number,
        "decision_types": row.decision_types, "fine": None if row.fine is None else {"amount": f"{row.fine:.2f}", "currency": row.currency},
        "decided_on": row.decided_on.isoformat(), "published_on": row.published_on.isoformat() if row.published_on else None,
        "last_day": row.last_day.isoformat(), "until_fulfilled": sanctions.until_fulfilled(row),
        "authority": names.get(row.authority, row.authority), "national_class": row.national_class,
        "behaviour": row.behaviour, **sanctions.marked(row),
    }  # fmt: skip


def _now(office: Office) -> Moment:
    return Moment(office.today)


def names_of(office: Office, conn: Any, moment: Moment, rows: Any) -> dict[str, str]:
    return parties.names(conn, moment, {ref for row in rows for ref in (row.party, row.authority)})


Told = dict[str, Any]


class Said:
    """What the public is told, which follows from the log and the day alone: kept until either has moved on, or some seconds have passed."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[int, date, int], dict[Hashable, Told]] = ((0, date.min, 0), {})

    def again(self, office: Office, asked: Hashable, tell: Callable[[], Told]) -> JSONResponse:
        """The answer to a question, told anew unless it is known to be the same; it says when it was asked for."""
        told = self._told(office)
        found = tell() if told is None or (kept := told.get(asked)) is None else kept
        if told is not None and len(told) < MOST_KEPT and len(found["items"]) <= MOST_ROWS:
            told[asked] = found
        return JSONResponse({"queried_at": office.now.isoformat(timespec="seconds"), **found})

    def _told(self, office: Office) -> dict[Hashable, Told] | None:
        """What was told of today at the head of the log; None while views do not show it all, which may change by itself."""
        head = office.ledger.head()
        try:
            shown = office.caught_up(head)
        except sa.exc.OperationalError:
            return None
        if shown < head or office.follower.stopped():
            return None
        at, (kept_at, told) = (shown, office.today, int(monotonic() / KEPT_FOR)), self._kept
        if kept_at != at:
            self._kept = (at, told := {})
        return told


MOST_KEPT, MOST_ROWS, KEPT_FOR = 500, 50, 5.0  # answers; rows of each; seconds, for somebody may tell the views again beside us


def _said(request: Request) -> Said:
    said: Said = request.app.state.said
    return said


@public.get("/sanctions")
def public_sanctions(request: Request, limit: Limit = 50, after: str | None = None, q: Annotated[str, Query(max_length=100)] = "") -> JSONResponse:
    office, last = office_of(request), key_of(after, date.fromisoformat, UUID, str)

    def tell() -> Told:
        moment = _now(office)
        with office.looking() as conn:
            rows = sanctions.in_force(conn, moment, None, q, limit + 1, last)
            names = names_of(office, conn, moment, rows)
        following = cursor(rows[limit - 1].decided_on, rows[limit - 1].owner, rows[limit - 1].key) if len(rows) > limit else None
        return {"items": [public_row(row, names) for row in rows[:limit]], "next": following}

    return _said(request).again(office, ("list", limit, after, q), tell)


@public.get("/parties/{id}")
def public_party(request: Request, id: str) -> JSONResponse:
    office = office_of(request)
    try:
        ref = PartyRef.parse(id)
    except Malformed:
        raise NotThere("parties", id) from None

    def tell() -> Told:
        moment = _now(office)
        with office.looking() as conn:
            rows = sanctions.in_force(conn, moment, str(ref), limit=200)
            names = parties.names(conn, moment, {str(ref), *(row.authority for row in rows)})
        if str(ref) not in names or is_person(str(ref)):
            raise NotThere("parties", id)
        shown = {"scheme": ref.scheme, "id": ref.id, "name": names[str(ref)]}
        return {"party": shown, "items": [public_row(row, names) for row in rows], "next": None}

    return _said(request).again(office, ref, tell)


@public.get("/applications/{receipt}")
def public_application(request: Request, receipt: str, code: Annotated[str, Query(max_length=40)] = "") -> JSONResponse:
    """Where an application is, for whoever has its receipt number and code."""
    office = office_of(request)
    if not tracked(office, request, receipt, code):
        raise NotThere("applications", receipt)
    moment = _now(office)
    with office.looking() as conn:
        stream = repairs.receipted(conn, moment, receipt)
    if stream is None:
        raise NotThere("applications", receipt)
    found = resources.streams(office, "repairs", [stream], moment)[stream]
    card = resources.card(office, "repairs", found, moment)
    shown = ("receipt", "status", "step", "of", "waiting_for", "due", "applied_on", "document_number", "acknowledgements")
    papers = [{"kind": paper["kind"], "state": paper["state"]} for paper in card["documents"]]
    return JSONResponse({"queried_at": office.now.isoformat(timespec="seconds"), **{name: card[name] for name in shown}, "documents": papers})


def tracked(office: Office, request: Request, receipt: str, code: str) -> bool:
    """Does the code belong to the receipt? Guessing is throttled per source. Raises 429."""
    source, name = source_of(request.client.host if request.client else ""), f"receipt:{receipt}"
    if office.vault.throttle.wait(name, source, office.now):
        raise HTTPException(429, headers={"Retry-After": "60"})
    if office.vault.receipt_codes.matches(receipt, code):
        office.vault.throttle.succeeded(name, source, office.now)
        return True
    office.vault.throttle.admit(name, source, office.now)
    return False


router.routes.extend(public.routes)
