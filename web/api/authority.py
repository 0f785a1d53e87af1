"""An authority's own record for programs."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from domain.ledger import NotThere
from domain.values.fault import Malformed
from domain.values.party import PartyRef
from web import authority
from web.api.doings import answer
from web.asking import Signed

router = APIRouter()


@router.get("/parties/{id}/authority-record", tags=["parties"])
def read_record(request: Request, asking: Signed, id: str) -> JSONResponse:
    """For the authority's own office, those above it, and auditors there; nobody else is told that there is one."""
    told = authority.record(asking.office, asking.actor, ref_of(id), asking.moment)
    asking.office.record_read(asking.actor, "authority-record", id[:500])
    return answer(request, told, position=asking.moment.known_at or asking.office.ledger.head())


def ref_of(text: str) -> PartyRef:
    try:
        return PartyRef.parse(text)
    except Malformed:
        raise NotThere("authority", text) from None
