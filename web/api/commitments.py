"""Credit commitments for programs: the list, and one of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse

from projections import commitments
from web import receipts, resources
from web.api.doings import answer
from web.api.lists import CommitmentStatus, Limit, Named, Words, cursor, key_of, listed, scope_of
from web.api.reads import Why, resource_told
from web.api.routing import reading
from web.asking import Signed
from web.commitments import commitment_row
from web.searching import about_case

router = reading(tags=["commitments"])


@router.get("/commitments")
def list_commitments(
    request: Request, asking: Signed, limit: Limit = 50, after: str | None = None, q: Words = "", status: CommitmentStatus = "", kind: Named = "",
    party: Named = "", region: Named = "",
) -> JSONResponse:  # fmt: skip
    office, moment, scope = asking.office, asking.moment, scope_of(asking.actor)
    filters, last = commitments.Filters(q, status, kind, party, region, about_case(moment)), key_of(after, date.fromisoformat, UUID)
    office.record_read(asking.actor, "commitments", str(request.url.query)[:500])
    with office.looking() as conn:
        rows = commitments.list_commitments(conn, moment, scope, filters, limit + 1, last)
        total = commitments.count(conn, moment, scope, filters)
    following = cursor(rows[limit - 1].made_on, rows[limit - 1].owner) if len(rows) > limit else None
    return answer(request, listed([commitment_row(row) for row in rows], limit, following, moment.known_at or office.ledger.head(), total))


@router.get("/commitments/{id}")
def read_commitment(request: Request, asking: Signed, id: UUID, why: Why = None) -> JSONResponse:
    shown = resources.commitment(asking.office, asking.actor, id, asking.moment)
    asking.office.record_read(asking.actor, "commitment", str(id))
    return resource_told(request, asking, "commitments", shown, why)


@router.get("/commitments/{id}/deadlines/{loop}", summary="期限凭据")
def commitment_deadline(request: Request, asking: Signed, id: UUID, loop: UUID) -> JSONResponse:
    """A due date with each day that counted or did not, and every day that it was before."""
    asking.office.record_read(asking.actor, "commitment", str(id))
    return answer(request, receipts.receipt(asking, "commitments", id, loop))
