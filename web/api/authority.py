"""An authority's own record for programs."""

from __future__ import annotations

from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse

from domain.ledger import NotThere
from domain.values.fault import Malformed
from domain.values.party import PartyRef
from web import authority, receipts
from web.api.doings import answer
from web.api.reads import Why, resource_told
from web.api.routing import reading
from web.asking import Signed

router = reading()


@router.get("/parties/{id}/authority-record", tags=["parties"])
def read_record(request: Request, asking: Signed, id: str, why: Why = None) -> JSONResponse:
    """For the authority's own office, those above it, and auditors there; nobody else is told that there is one.

    Why is asked of what it is as an organisation: `disclosed/2026/amount`, `loops/<id>/due/on`.
    """
    if why is not None:
        shown, _ = authority.organisation(asking.office, asking.actor, ref_of(id), asking.moment)
        asking.office.record_read(asking.actor, "authority-record", id[:500])
        return resource_told(request, asking, "organisations", shown, why)
    told = authority.record(asking.office, asking.actor, ref_of(id), asking.moment)
    asking.office.record_read(asking.actor, "authority-record", id[:500])
    return answer(request, told, position=asking.moment.known_at or asking.office.ledger.head())


@router.get("/parties/{id}/deadlines/{loop}", tags=["parties"], summary="期限凭据")
def authority_deadline(request: Request, asking: Signed, id: str, loop: UUID) -> JSONResponse:
    """A due date of the authority itself, with every day that it was before."""
    ref = ref_of(id)
    told = receipts.of_authority(asking, ref, loop)
    asking.office.record_read(asking.actor, "authority-record", str(ref))
    return answer(request, told)


def ref_of(text: str) -> PartyRef:
    try:
        return PartyRef.parse(text)
    except Malformed:
        raise NotThere("authority", text) from None
