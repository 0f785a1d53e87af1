"""What programs can read of even-handedness: what like findings of a case got, and the spread by office and year."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse

from domain.actor import OFFICE, NotYourRole
from projections import sanctions
from web import evenness, resources
from web.api.doings import answer
from web.api.lists import scope_of
from web.api.routing import reading
from web.asking import Asking, Signed, only

router = reading()
READERS = (*sorted(OFFICE), "auditor")


@router.get("/cases/{id}/comparison", tags=["cases"])
def read_comparison(request: Request, asking: Signed, id: UUID) -> JSONResponse:
    """What the same behaviour of the same kind got in other cases. For offices and auditors."""
    shown = resources.case(asking.office, asking.actor, id, asking.moment)
    if not asking.actor.holds(READERS, shown["region"]):
        raise NotYourRole(READERS)
    asking.office.record_read(asking.actor, "comparison", str(id))
    return answer(request, evenness.comparison(asking.office, shown, asking.moment), position=asking.moment.known_at or asking.office.ledger.head())


@router.get("/audit/spread", tags=["audit"])
def read_spread(request: Request, behaviour: str = "", kind: str = "", asking: Asking = only("auditor")) -> JSONResponse:
    """Fines, classes and measures by authority and year, with how many departed and said why."""
    asking.office.record_read(asking.actor, "spread", str(request.url.query)[:500])
    return answer(request, spread_of(asking, behaviour, kind), position=asking.moment.known_at or asking.office.ledger.head())


def spread_of(asking: Asking, behaviour: str, kind: str) -> dict[str, Any]:
    """The spread of one behaviour of one kind (unnamed: the one most often decided), and what else there is to look at."""
    office, moment = asking.office, asking.moment
    with office.looking() as conn:
        found = sanctions.decided(conn, moment, scope_of(asking.actor))
    subjects = evenness.subjects(found)
    if not behaviour and subjects:
        behaviour, kind = subjects[0][:2]
    elif not kind:
        kind = next((other for code, other, _ in subjects if code == behaviour), "")
    told = evenness.by_office_and_year(office.book_at(moment), found, behaviour, kind, moment)
    return {**told, "subjects": [{"behaviour": code, "kind": other, "n": n} for code, other, n in subjects]}
