"""Conformance for programs: every deviation that an auditor may know of, at any moment."""

from __future__ import annotations

from typing import Any

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from web.api.lists import Limit, cursor, key_of, listed
from web.api.routing import reading
from web.asking import Asking, only
from web.conformance import KINDS, checked, conformance, put_on_desks

router = reading(tags=["audit"])
AUDITOR = only("auditor")


def found_by(asking: Asking, kind: str = "", side: str = "") -> dict[str, Any]:
    """What is found in this auditor's regions; narrowed to a kind, or to what is the authority's own. A look at it is on record."""
    office = asking.office
    office.record_read(asking.actor, "conformance", f"{kind} {side}".strip() or "all")
    found = conformance(office, asking.moment, checked(office, asking.moment), lambda region: asking.actor.holds(("auditor",), region))
    rows = [one for one in found["deviations"] if (not kind or one["kind"] == kind) and (side != "authority" or one["of_authority"])]
    return {**found, "rows": rows}


class OnRecord(BaseModel):
    """How many breaches of procedure are newly on a decider's desk."""

    recorded: int


@router.post("/audit/conformance/findings", summary="违反程序的，交审批人答复")
def post_findings(asking: Asking = AUDITOR) -> OnRecord:
    """Record every breach of procedure that is found now and that nobody owns yet; asked again, there is nothing left."""
    return OnRecord(recorded=put_on_desks(asking.office, asking.actor, asking.via))


@router.get("/audit/conformance", summary="依规办理")
def get_conformance(
    kind: str = Query("", pattern=f"^({'|'.join(KINDS)})?$"), side: str = Query("", pattern="^(authority)?$"), limit: Limit = 50, after: str | None = None,
    asking: Asking = AUDITOR,
) -> JSONResponse:  # fmt: skip
    """{"items", "next", "position", "total"} of deviations, with `ok`, `checked` and `counts` beside them."""
    found = found_by(asking, kind, side)
    key = key_of(after, int)
    start = key[0] if key else 0
    page = found["rows"][start : start + limit + 1]
    told = listed(page, limit, cursor(start + limit), found["position"], len(found["rows"]))
    return JSONResponse({**told, "ok": found["ok"], "checked": found["checked"], "counts": found["counts"], "as_of": found["as_of"]})
