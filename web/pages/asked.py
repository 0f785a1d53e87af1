"""What is shown of a thing and can be asked why: one table of fields, from which its pages list them; and their names and values in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import Request

from domain.repair.trying import APPLY
from projections.why.field import NAMING, UnknownField, follow, path_of
from web.acts.doing import Doing
from web.looks import figures
from web.looks.tongue import Tongue, lazy, tongue_of
from web.words import WORDS, word

Json = dict[str, Any]
# A star stands for every element of a list. What is not there is passed over.
ASKED: Mapping[str, Sequence[str]] = {
    "contracts": ("status", "value", "paid", "ends_on", "obligations/*/due_on", "obligations/*/fulfilled_on", "payments/*/state", "payments/*/due/on",
                  "payments/*/paid", "payments/*/interest", "checks/*/status", "checks/*/carried_out_on", "loops/*/due/on"),
    "cases": ("status", "kind", "notice/window_on", "confirmation/kind", "rectification/due_on", "rectification/passed", "sanctions/*/status",
              "sanctions/*/national_class", "sanctions/*/industry_class", "sanctions/*/points", "sanctions/*/fine", "sanctions/*/repairable_from",
              "sanctions/*/publicity/last_day", "sanctions/*/effective_on", "sanctions/*/fulfilled_on", "objections/*/outcome", "reviews/*/outcome",
              "loops/*/due/on"),
    "repairs": ("status", "step", "waiting_for", "due/on", "supplement/provided_on", "decision/outcome", "repairable_from", "loops/*/due/on"),
    "commitments": ("status", "made_on", "ends_on", "kept/kept_on", "breach/broken_on", "loops/*/due/on"),
    "organisations": ("disclosed/*/contracts", "disclosed/*/amount", "disclosed/*/disclosed_on", "loops/*/due/on"),
    "standing": ("points", "in_publicity", "class/code", "grade/grade", "records/*/status", "records/*/points", "records/*/counts",
                 "records/*/repairable_from", "records/*/last_day", "records/*/periods/*/least", "records/*/periods/*/most"),
    "parties": ("name", "size"),
}  # fmt: skip
LABELS: Mapping[str, str] = {
    "status": lazy("状态"), "kind": lazy("性质"), "points": lazy("扣分"), "national_class": lazy("失信等级"), "industry_class": lazy("行业等级"),
    "repairable_from": lazy("可以申请修复的日期"), "last_day": lazy("公示最后一日"), "due": lazy("期限"), "paid": lazy("已付"), "state": lazy("付款状态"),
    "interest": lazy("逾期利息"), "in_publicity": lazy("正在公示的记录"), "grade": lazy("信用等级"), "class": lazy("监管类别"), "counts": lazy("是否计分"),
    "why": lazy("是否计分"), "counts_until": lazy("计分到哪天"), "periods": lazy("行业公示期"), "least": lazy("最短公示到"), "most": lazy("最长公示到"),
    "waiting_for": lazy("在等谁"), "step": lazy("办到第几步"), "name": lazy("名称"), "value": lazy("合同金额"), "ends_on": lazy("结束日期"),
    "fulfilled_on": lazy("履行日期"), "sanctions": lazy("惩戒决定"), "loops": lazy("未闭环的事项"), "payments": lazy("款项"), "obligations": lazy("履约义务"),
    "supplement": lazy("补正"), "decision": lazy("处理决定"), "records": lazy("信用记录"), "fine": lazy("罚款"), "may": lazy("能不能办"),
    "due_on": lazy("应完成"), "window_on": lazy("陈述申辩到"), "passed": lazy("整改通过"), "outcome": lazy("结果"), "provided_on": lazy("补齐日期"),
    "effective_on": lazy("视为送达"), "carried_out_on": lazy("检查日期"), "confirmation/kind": lazy("认定的性质"), "size": lazy("规模"),
    "contracts": lazy("公开的合同数量"), "amount": lazy("公开的金额"), "disclosed_on": lazy("公开日期"),
    "made_on": lazy("作出承诺的日期"), "kept_on": lazy("认定兑现的日期"), "broken_on": lazy("认定违诺的日期"),
    "acknowledgements": lazy("各平台的确认"), "checks": lazy("履约检查"), "publicity": lazy("公示"),
}  # fmt: skip
TABLES: Mapping[str, str] = {"contracts": "contract_status", "cases": "case_status", "repairs": "repair_status", "commitments": "commitment_status",
                             "sanctions": "sanction_status", "records": "sanction_status"}  # fmt: skip
STATES: Mapping[str, str] = {"paid": lazy("已付"), "overdue": lazy("逾期"), "due": lazy("待付"), "waiting": lazy("未到"), "counts": lazy("计入"),
                             "lighter": lazy("不计：同一行为只计最重的一项"), "repaired": lazy("不计：已经修复"), "revoked": lazy("不计：已经撤销"),
                             "over": lazy("不计：公示期已满"),
                             "planned": lazy("已计划"), "done": lazy("已检查"), "cancelled": lazy("已取消")}  # fmt: skip
LISTED = {"checks"}  # whose status is a word of STATES
REGIMES: Mapping[str, str] = {"credit": lazy("水利行业"), "municipal-credit": lazy("住建（市政）行业")}
YES, NO, MAY, MAY_NOT = lazy("是"), lazy("否"), lazy("可以办"), lazy("现在不能办")
APPLYING = lazy("申请信用修复")


def asked_fields(request: Request, kind: str, whole: Mapping[str, Any], at: str, before: str = "") -> list[Json]:
    """The fields of the table that this thing has: {title, value, href}. `at`: the page that says why; `before`: what stands before a field there."""
    kept = {name: value for name in ("known_at", "as_of") if (value := request.query_params.get(name))}
    return [
        {"title": label_of(request, kind, whole, field), "value": said_of(request, kind, field, value),
         "href": f"{at}?{urlencode({'field': before + field, **kept}, safe='/')}"}
        for pattern in ASKED[kind] for field, value in _there(whole, pattern.split("/")) if value not in (None, "", [])
    ]  # fmt: skip


def _there(value: Any, parts: Sequence[str], before: str = "") -> Iterator[tuple[str, Any]]:
    """Every field that a pattern names, with its value."""
    if not parts:
        yield before, value
    elif parts[0] != "*":
        if isinstance(value, dict) and parts[0] in value:
            yield from _there(value[parts[0]], parts[1:], f"{before}/{parts[0]}" if before else parts[0])
    elif isinstance(value, list):
        for one in value:
            name = next((str(one[key]) for key in NAMING if one.get(key) is not None), None)
            if name is not None:
                yield from _there(one, parts[1:], f"{before}/{name}")


def title_of(request: Request, kind: str, act: str) -> str:
    doings: Mapping[str, Doing] = request.app.state.doings
    found = next((one for one in doings.values() if one.on == kind and act in (one.path.lstrip("/"), one.may)), None)
    return APPLYING if act == APPLY else str(found.title) if found else act


# -- a field in the reader's words


def label_of(request: Request, kind: str, shown: Mapping[str, Any], field: str) -> str:
    """What the field is called: the last of its parts that has a name, with what it belongs to."""
    speaks, parts = tongue_of(request), field.split("/")
    if parts[0] == "may":
        return speaks.said(title_of(request, kind, "/".join(parts[1:])))
    named = LABELS.get(field) or next((LABELS[one] for one in reversed(parts) if one in LABELS), None)
    about = _about(speaks, shown, field, parts)
    told = speaks.said(named) if named else field
    return speaks.said(OF, about=about, what=told) if about else told


OF = lazy("{about} 的{what}")


def _about(speaks: Tongue, shown: Mapping[str, Any], field: str, parts: Sequence[str]) -> str:
    """The element of a list that the field is of, as people name it."""
    if len(parts) < 3:
        return ""
    try:
        one = follow(shown, path_of(dict(shown), field)[:2])
    except UnknownField:
        return ""
    if not isinstance(one, dict):
        return ""
    if parts[0] == "loops":
        return speaks.said(word("loop", str(one["kind"])))
    if parts[0] == "checks":
        return figures.day_text(one["planned_on"], speaks.lang, "letter") + speaks.said(LABELS["checks"])
    told = str(next((one[name] for name in ("document_number", "title", "ref", "recipient", "year") if one.get(name)), ""))
    return " · ".join([told, *(speaks.said(REGIMES[one]) for one in parts[2:] if one in REGIMES)])


def said_of(request: Request, kind: str, field: str, value: Any) -> str:
    """The value in the reader's words; nothing for what is more than one value."""
    speaks, parts = tongue_of(request), field.split("/")
    leaf, root = parts[-1], parts[0]
    if parts[0] == "may":
        return speaks.said(MAY if value else MAY_NOT)
    if isinstance(value, bool):
        return speaks.said(YES if value else NO)
    if value is None:
        return "—"
    if isinstance(value, dict) and {"amount", "currency"} <= value.keys():
        return figures.money_text(value, speaks.lang)
    if isinstance(value, list | dict):
        return ""
    text = str(value)
    if leaf == "status" and root not in LISTED:
        return speaks.said(word(TABLES.get(root if root in TABLES else kind, "case_status"), text))
    if leaf in WORDS:
        return speaks.said(word(leaf, text))
    if leaf in ("state", "why", "status") and text in STATES:
        return speaks.said(STATES[text])
    return figures.day_text(text, speaks.lang, "letter") if _is_day(text) else text


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-01-01") and bool(date.fromisoformat(text))
    except ValueError:
        return False
