"""What anybody may look up, now: a company's record, an application's progress, whether a letter or receipt is genuine."""

from __future__ import annotations

import hmac
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from domain.events import Event
from domain.values import uscc
from domain.values.fault import Malformed
from domain.values.party import PartyRef, is_person, masked
from projections import parties, repairs, sanctions
from projections.search import grams
from projections.temporal.moment import Moment
from web import resources
from web.api.lists import cursor, key_of
from web.api.open_routes import tracked
from web.asking import now_only, office_of
from web.office import Office
from web.pages.my import HEADS, steps_of
from web.pages.showing import UNKNOWN, behaviour_name, decision_names, recipient_name, show

router = APIRouter(prefix="/public", include_in_schema=False, dependencies=[Depends(now_only)])
FOUND, NOTICES, SHORTEST = 20, 20, 2
SEARCHED = Annotated[str, Query(max_length=100)]
NOINDEX = {"X-Robots-Tag": "noindex, nofollow"}


def public_party(ref: str, name: str) -> dict[str, Any]:
    """A party as the public sees it."""
    person = is_person(ref)
    return {
        "ref": None if person else ref,
        "id": None if person else ref.partition(":")[2],
        "name": masked(name) if person else name,
        "person": person,
    }


def items_of(office: Office, request: Request, rows: Any, names: dict[str, str]) -> list[dict[str, Any]]:
    """Sanctions in their publicity: only what the public may know of them."""
    return [
        {
            "party": public_party(row.party, names.get(row.party, "")),
            "document_number": row.document_number,
            "behaviour": behaviour_name(office, request, row.behaviour, row.decided_on),
            "clause": _clause(office, row),
            "types": decision_names(office, request, row.decision_types, row.decided_on),
            "decided_on": row.decided_on,
            "fine": None if row.fine is None else {"amount": f"{row.fine:.2f}", "currency": row.currency},
            "published_on": row.published_on,
            "last_day": row.last_day,
            "until_fulfilled": sanctions.until_fulfilled(row),
            "authority": names.get(row.authority, ""),
            "national_class": row.national_class,
            "marks": sanctions.marked(row),
        }
        for row in rows
    ]


def _clause(office: Office, row: Any) -> str:
    try:
        return office.book.behaviour(row.behaviour, row.decided_on).clause
    except UNKNOWN:
        return ""


def _names(conn: Any, moment: Moment, rows: Any) -> dict[str, str]:
    return parties.names(conn, moment, {ref for row in rows for ref in (row.party, row.authority)})


@router.get("")
def search(request: Request, q: SEARCHED = "", after: Annotated[str | None, Query(max_length=400)] = None) -> Response:
    """By name or code; without a question, what was published last. At most twenty at a time, and never how many there are in all."""
    office, key, q = office_of(request), key_of(after, date.fromisoformat, UUID, str), q.strip()
    moment = Moment(office.today)
    found: list[dict[str, Any]] = []
    short = bool(q) and len(grams(q).replace(" ", "")) < SHORTEST  # with one character the register could be taken away, a page at a time
    with office.looking() as conn:
        if q and not short:
            found = [
                {
                    **public_party(row.ref, row.name),
                    "former": [] if is_person(row.ref) else [one[0] for one in row.former],
                    "n": len(sanctions.in_force(conn, moment, row.ref, limit=FOUND)),
                }
                for row in _found(conn, moment, q)
                if not is_person(row.ref)
            ]
        rows = [] if q else sanctions.in_force(conn, moment, None, "", NOTICES + 1, key)
        names = _names(conn, moment, rows)
    items = items_of(office, request, rows[:NOTICES], names)
    following = cursor(rows[NOTICES - 1].decided_on, rows[NOTICES - 1].owner, rows[NOTICES - 1].key) if len(rows) > NOTICES else None
    return show(request, "public/search.html", q=q, found=found, short=short, most=FOUND, items=items, at=office.now, following=following, paged=bool(after))


def _found(conn: Any, moment: Moment, q: str) -> list[Any]:
    """A code exactly; a name by its words."""
    if not uscc.diagnose(q):
        row = parties.find(conn, moment, f"CN-USCC:{uscc.normalise(q)}")
        return [row] if row is not None else []
    return list(parties.list_parties(conn, moment, parties.Filters(q), FOUND))


@router.get("/track")
def ask_track(request: Request, receipt: Annotated[str, Query(max_length=60)] = "") -> Response:
    return show(request, "public/track.html", receipt=receipt.strip(), wrong=False, state=None, at=office_of(request).now)


@router.post("/track")
def track(request: Request, receipt: Annotated[str, Form(max_length=60)] = "", code: Annotated[str, Form(max_length=40)] = "") -> Response:
    """Where an application is, for whoever has both; guessing is throttled. Raises 429."""
    office, receipt = office_of(request), receipt.strip().upper()
    moment = Moment(office.today)
    stream = None
    if receipt and code.strip() and tracked(office, request, receipt, code):
        with office.looking() as conn:
            stream = repairs.receipted(conn, moment, receipt)
    if stream is None:
        return show(request, "public/track.html", 422, receipt=receipt, wrong=True, state=None, at=office.now)
    found = resources.streams(office, "repairs", [stream], moment)[stream]
    card = resources.card(office, "repairs", found, moment)
    on = date.fromisoformat(card["applied_on"])
    state = {name: card[name] for name in ("receipt", "status", "step", "of", "waiting_for", "due", "applied_on", "document_number")}
    state["since"] = found.told[-1].event.day
    state["papers"] = [{"kind": paper["kind"], "state": paper["state"]} for paper in card["documents"]]
    state["acknowledgements"] = [{"name": recipient_name(office, request, one["recipient"], on), "on": one["on"]} for one in card["acknowledgements"]]
    return show(
        request,
        "public/track.html",
        receipt=receipt,
        wrong=False,
        state=state,
        head=HEADS[card["status"]][0],
        steps=steps_of(card),
        at=office.now,
        headers=NOINDEX,
    )


@router.get("/verify")
def verify(request: Request, number: SEARCHED = "", code: SEARCHED = "") -> Response:
    """Is it genuine? A letter's code against the log; a receipt's or a document's number against what is public now."""
    office, number = office_of(request), number.strip()
    position, _, given = code.strip().partition("-")
    letter = matches(office, number, position.strip(), given.strip().lower()) if code.strip() else None
    moment = Moment(office.today)
    with office.looking() as conn:
        rows = [row for row in sanctions.in_force(conn, moment, None, number, NOTICES) if row.document_number == number] if number else []
        names = _names(conn, moment, rows)
        receipt = bool(number) and repairs.receipted(conn, moment, number.upper()) is not None
    return show(
        request,
        "public/verify.html",
        number=number,
        code=code.strip(),
        letter=letter,
        receipt=receipt,
        items=items_of(office, request, rows, names),
        asked=bool(number or code),
        at=office.now,
        headers=NOINDEX,
    )


ENOUGH = 16  # hex digits of a hash: 64 bits cannot be guessed


def matches(office: Office, number: str, position: str, given: str) -> dict[str, Any]:
    """Does the log hold, at that position, the record that a letter was printed from? Tells nothing that the letter does not say itself."""
    size, _ = office.recorder.tree_head()
    if not (position.isascii() and position.isdecimal() and 1 <= int(position[:18]) <= size) or len(given) < ENOUGH:
        return {"genuine": False}
    at = int(position)
    leaf = office.recorder.tree_node(0, at - 1).hex()
    if not hmac.compare_digest(leaf[: len(given)].encode(), given.encode()):
        return {"genuine": False}
    told = office.ledger.after(at - 1, 1)
    return {
        "genuine": True,
        "position": at,
        "recorded_at": office.ledger.recorded_at(at),
        "number": _agrees(told[0].event, number) if told and number else None,
    }


def _agrees(event: Event, number: str) -> bool | None:
    """Does the number on the letter stand in the record? None: the record has none of its own."""
    known = {str(getattr(event, name)) for name in ("document_number", "receipt") if getattr(event, name, None)}
    return number in known if known else None


@router.get("/{scheme}:{code:path}")
def show_record(request: Request, scheme: str, code: str) -> Response:
    """One party's record as a certificate: what is public at this moment, and when that was."""
    office = office_of(request)
    try:
        ref = PartyRef.parse(f"{scheme}:{code}")
    except Malformed:
        raise HTTPException(404) from None
    moment = Moment(office.today)
    with office.looking() as conn:
        party = parties.find(conn, moment, str(ref))
        if party is None or is_person(str(ref)):
            return show(request, "public/unknown.html", 404, code=ref.id if not is_person(str(ref)) else "", at=office.now, headers=NOINDEX)
        rows = sanctions.in_force(conn, moment, str(ref), limit=200)
        names = _names(conn, moment, rows)
    size, root = office.recorder.tree_head()
    base = (office.settings.base_url or str(request.base_url)).rstrip("/")
    return show(
        request,
        "public/record.html",
        party=public_party(party.ref, party.name),
        former=[one[0] for one in party.former],
        items=items_of(office, request, rows, names),
        at=office.now,
        size=size,
        root=root.hex()[:32],
        here=f"{base}/public/{ref}",
        headers=NOINDEX,
    )
