"""The page of an authority's own record: what it owes, how punctual it was, what was found against it."""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web import authority
from web.api.authority import ref_of
from web.asking import Signed
from web.looks.tongue import lazy, tongue_of
from web.pages.asked import asked_fields
from web.pages.showing import behaviour_name, loops_shown, show, time_of
from web.regions import region_name

router = APIRouter(include_in_schema=False)
DUTIES = {
    "payments": lazy("付款"), "acceptance": lazy("验收和甲方的其他义务"), "returns": lazy("保证金、结算、恢复履行"),
    "answers": lazy("答复：异议、复议、移送、修复"),
    "publication": lazy("公示、公告、备案"), "disclosure": lazy("逾期款项年度公开"), "other": lazy("案件办理的其他期限"),
}  # fmt: skip


@router.get("/parties/{id}/authority-record")
def show_record(request: Request, asking: Signed, id: str) -> Response:
    office, moment, ref = asking.office, asking.moment, ref_of(id)
    told = authority.record(office, asking.actor, ref, moment)
    office.record_read(asking.actor, "authority-record", str(ref))
    lang, own = tongue_of(request).lang, authority.organisation_if_any(office, asking.actor, ref, moment)
    owed = own["loops"] if own else []
    return show(
        request,
        "parties/authority.html",
        time=time_of(asking),
        told=told,
        can_disclose=asking.actor.holds(("supervisor",), told["region"]),
        region_name=region_name(told["region"], lang),
        duties=[{**one, "label": DUTIES[one["duty"]]} for one in told["duties"]],
        owed=loops_shown(office, [{**one, "subject": f"/api/v1/parties/{ref}"} for one in owed], moment, lang=lang),
        why_fields=asked_fields(request, "organisations", own, f"/parties/{ref}/why") if own else [],
        overdue=loops_shown(office, told["overdue"], moment, lang=lang),
        cases=[{**one, "name": behaviour_name(office, request, one["behaviour"], date.fromisoformat(one["opened_on"]))} for one in told["cases"]],
        json=f"/api/v1/parties/{quote(str(ref), safe=':')}/authority-record",
    )
