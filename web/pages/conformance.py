"""The page of conformance: each history against the declared loops and the rules of procedure, each deviation with clause and owner."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from web.api.conformance import AUDITOR, found_by
from web.api.lists import cursor, key_of
from web.asking import Asking
from web.conformance import KINDS, put_on_desks
from web.looks.looks import leave_note
from web.looks.tongue import lazy, tongue_of
from web.pages.showing import address, facet, show, time_of
from web.places import page_of
from web.words import word

router = APIRouter(include_in_schema=False)
PAGE = 50


@router.get("/audit/conformance")
def show_conformance(
    request: Request, kind: str = Query("", pattern=f"^({'|'.join(KINDS)})?$"), side: str = Query("", pattern="^(authority)?$"), after: str | None = None,
    asking: Asking = AUDITOR,
) -> Response:  # fmt: skip
    """As it was known and held at the moment asked about."""
    found = found_by(asking, kind, side)
    start = key[0] if (key := key_of(after, int)) else 0
    rows = found["rows"]
    ours = Counter(bool(one["of_authority"]) for one in found["deviations"] if not kind or one["kind"] == kind)
    facets = [facet(request, "kind", [(name, found["counts"][name]) for name in KINDS if found["counts"][name]], lazy("类别"), "deviation")]
    if ours[True]:
        facets.append({"label": lazy("谁的"), "choices": [
            {"label": lazy("全部"), "n": ours.total(), "href": address(request, side=None), "current": not side},
            {"label": word("side_of", "authority"), "n": ours[True], "href": address(request, side="authority"), "current": side == "authority"}]})  # fmt: skip
    further = address(request) + ("&" if "?" in address(request) else "?") + f"after={cursor(start + PAGE)}"
    return show(
        request,
        "audit/conformance.html",
        time=time_of(asking),
        found=found,
        items=[_row(request, asking, one) for one in rows[start : start + PAGE]],
        total=len(rows),
        facets=facets,
        next=further if len(rows) > start + PAGE else None,
        narrowed=bool(kind or side),
        unowned=0 if asking.looks_back else sum(one["state"] == "unowned" for one in found["deviations"]),
    )


@router.post("/audit/conformance")
def receive_findings(asking: Asking = AUDITOR) -> Response:
    """What nobody owns yet goes to the deciders."""
    put_on_desks(asking.office, asking.actor)
    return leave_note(RedirectResponse("/audit/conformance", 303), lazy("查出的违反程序已登记在案，由审批人答复。"))


def _row(request: Request, asking: Asking, one: Mapping[str, Any]) -> dict[str, Any]:
    on = {"contract": "contracts", "case": "cases", "repair": "repairs", "commitment": "commitments"}[one["subject"]]
    names = asking.office.names({one["account"]} if one["account"] else set())
    return {**one, "text": tongue_of(request).said(one["sentence"], **one["values"]), "href": page_of(on, one["id"], asking.actor),
            "what": word("deviation", one["kind"]), "owed_by": word("owed_by", one["owner"]), "who": names.get(one["account"], ""),
            "said": word("procedure_outcome", one["answer"]) if one["answer"] else word("answering", one["state"])}  # fmt: skip
