"""The days of a company's case as a calendar file: what is asked of them by when, when repair opens, when publicity ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.ledger import NotThere
from web import resources
from web.api.planning import plans_of
from web.asking import Signed
from web.calendar_file import MEDIA_TYPE, Entry, calendar_file
from web.looks.tongue import Tongue, lazy, tongue_of
from web.pages.my import OWED
from web.pages.showing import uuid_of
from web.planner import Plan
from web.words import word

router = APIRouter(include_in_schema=False)
OPENS = lazy("可以申请信用修复：{number}")
BRING = lazy("要带：{papers}。")
ENDS = lazy("公示最后一天：{number}")
DUE = lazy("最晚：{what}（{number}）")
NAME = lazy("案件 {number} 的日子")
ALIVE = ("unserved", "early", "now")


@router.get("/my/cases/{id}/calendar.ics")
def read_calendar(request: Request, asking: Signed, id: str) -> Response:
    """All-day entries; a calendar that takes the file in again moves them to where they are then."""
    office, stream, speaks = asking.office, uuid_of(id, "cases"), tongue_of(request)
    shown = resources.case(office, asking.actor, stream, asking.moment)
    if shown["party"] not in asking.actor.parties():
        raise NotThere("cases", id)
    office.record_read(asking.actor, "case", str(stream))
    base = (office.settings.base_url or str(request.base_url)).rstrip("/")
    url = f"{base}/my/cases/{stream}"
    entries = [*_owed(speaks, shown, url), *(one for row, plan in plans_of(asking, shown) for one in _planned(speaks, row, plan, url))]
    body = calendar_file(speaks.said(NAME, number=shown["number"]), entries, office.now)
    return Response(body, media_type=MEDIA_TYPE, headers={"Content-Disposition": f'attachment; filename="{shown["number"]}.ics"'})


def _owed(speaks: Tongue, shown: Mapping[str, Any], url: str) -> Iterator[Entry]:
    """What the party is asked, on its last day."""
    for one in shown["loops"]:
        if one["owed_by"] == "party" and one["due"]:
            what = OWED.get(one["kind"], word("loop", one["kind"]))
            summary = speaks.said(DUE, what=speaks.said(what), number=shown["number"])
            yield Entry(UUID(shown["id"]), one["id"], date.fromisoformat(one["due"]["on"]), summary, url=url)


def _planned(speaks: Tongue, row: Any, plan: Plan, url: str) -> Iterator[Entry]:
    if plan.state in ALIVE and plan.earliest is not None:
        papers = speaks.said(lazy("、")).join(speaks.said(word("paper", code)) for code in plan.papers)
        yield Entry(row.sanction, "repairable", plan.earliest, speaks.said(OPENS, number=row.document_number), speaks.said(BRING, papers=papers), url)
    if plan.state in (*ALIVE, "applied") and plan.last_day is not None:
        yield Entry(row.sanction, "last-day", plan.last_day, speaks.said(ENDS, number=row.document_number), url=url)
