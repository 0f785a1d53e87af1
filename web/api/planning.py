"""The repair planner for programs: one plan a decision of a case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse

from projections import repairs, sanctions
from web import resources
from web.api.doings import answer
from web.api.routing import reading
from web.asking import Asking, Signed
from web.planner import Plan, Planner, plan_json

router = reading()


@router.get("/cases/{id}/repair-plan", tags=["cases"])
def read_plan(request: Request, asking: Signed, id: UUID) -> JSONResponse:
    """Earliest lawful day, what is missing, the papers that are needed, and how long such repairs took."""
    shown = resources.case(asking.office, asking.actor, id, asking.moment)
    asking.office.record_read(asking.actor, "case", str(id))
    items = [plan_json(row, plan) for row, plan in plans_of(asking, shown)]
    return answer(request, {"items": items, "next": None, "position": asking.moment.known_at or asking.office.ledger.head(), "total": len(items)})


def plans_of(asking: Asking, case: dict[str, Any]) -> list[tuple[Any, Plan]]:
    """Each decision of a case with its plan; decisions against an authority are not repaired."""
    office, moment = asking.office, asking.moment
    with office.looking() as conn:
        planner = Planner(office, conn, moment)
        rows = [row for row in sanctions.of_party(conn, moment, case["party"]) if str(row.owner) == case["id"] and row.side == "contractor"]
        return [(row, planner.plan(row, list(repairs.of_sanction(conn, moment, row.sanction)))) for row in rows]
