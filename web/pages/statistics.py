"""The page of figures: open matters by age and owner, publicity in time, counts by stage."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.asking import Asking, only
from web.looks.tongue import lazy
from web.pages.showing import show, time_of
from web.statistics import statistics
from web.words import word

router = APIRouter(include_in_schema=False)
READERS = only("supervisor", "decider", "legal", "chair", "auditor")
AGES = {"ahead": lazy("未到期"), "week": lazy("逾期 7 天内"), "month": lazy("8 至 30 天"), "quarter": lazy("31 至 90 天"), "older": lazy("90 天以上"),
        "undated": lazy("没有期限")}  # fmt: skip
COUNTS = (("contracts", lazy("合同"), "contract_status", "/contracts?status="), ("cases", lazy("案件"), "case_status", "/cases?status="),
          ("repairs", lazy("修复申请"), "repair_status", "/repairs?status="),
          ("commitments", lazy("信用承诺"), "commitment_status", "/commitments?status="))  # fmt: skip


@router.get("/statistics")
def show_statistics(request: Request, asking: Asking = READERS) -> Response:
    told = statistics(asking)
    counts: list[dict[str, Any]] = [
        {"title": title, "rows": [(word(table, code), n, href + code) for code, n in sorted(told[name].items(), key=lambda one: -one[1])]}
        for name, title, table, href in COUNTS]  # fmt: skip
    owners = [{**one, "label": word("owed_by", one["owed_by"])} for one in told["loops"]["by_owner"]]
    stages = [{**one, "label": word("stage", one["stage"])} for one in told["loops"]["by_stage"]]
    return show(request, "statistics.html", time=time_of(asking), told=told, ages=AGES, owners=owners, stages=stages, counts=counts)
