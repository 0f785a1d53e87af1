"""Why: one value of a contract, a case, an application or a credit file, opened to what makes it so and what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.repair.trying import APPLY
from projections.why.field import UnknownField, follow, path_of
from web import resources
from web.acts.doing import Doing
from web.asking import Asking, Signed
from web.carrying import contract_id
from web.looks import figures
from web.looks.tongue import Tongue, lazy, tongue_of
from web.pages.parties import party_ref
from web.pages.showing import is_id, show, time_of, uuid_of
from web.places import list_of, page_of
from web.why import why
from web.words import WORDS, word

router = APIRouter(include_in_schema=False)
Json = dict[str, Any]
SHELVES = {"contracts": lazy("合同"), "cases": lazy("案件"), "repairs": lazy("信用修复"), "parties": lazy("主体"), "standing": lazy("主体")}
LABELS: Mapping[str, str] = {
    "status": lazy("状态"), "kind": lazy("性质"), "points": lazy("扣分"), "national_class": lazy("失信等级"), "industry_class": lazy("行业等级"),
    "repairable_from": lazy("可以申请修复的日期"), "last_day": lazy("公示最后一日"), "due": lazy("期限"), "paid": lazy("已付"), "state": lazy("付款状态"),
    "interest": lazy("逾期利息"), "in_publicity": lazy("正在公示的记录"), "grade": lazy("信用等级"), "class": lazy("监管类别"), "counts": lazy("是否计分"),
    "why": lazy("是否计分"), "counts_until": lazy("计分到哪天"), "periods": lazy("行业公示期"), "least": lazy("最短公示到"), "most": lazy("最长公示到"),
    "waiting_for": lazy("在等谁"), "step": lazy("办到第几步"), "name": lazy("名称"), "value": lazy("合同金额"), "ends_on": lazy("结束日期"),
    "fulfilled_on": lazy("履行日期"), "sanctions": lazy("惩戒决定"), "loops": lazy("未闭环的事项"), "payments": lazy("款项"), "obligations": lazy("履约义务"),
    "supplement": lazy("补正"), "decision": lazy("处理决定"), "records": lazy("信用记录"), "fine": lazy("罚款"), "may": lazy("能不能办"),
    "acknowledgements": lazy("各平台的确认"), "checks": lazy("履约检查"), "publicity": lazy("公示"),
}  # fmt: skip
TABLES: Mapping[str, str] = {"contracts": "contract_status", "cases": "case_status", "repairs": "repair_status", "sanctions": "sanction_status",
                             "records": "sanction_status"}  # fmt: skip
STATES: Mapping[str, str] = {"paid": lazy("已付"), "overdue": lazy("逾期"), "due": lazy("待付"), "waiting": lazy("未到"), "counts": lazy("计入"),
                             "lighter": lazy("不计：同一行为只计最重的一项"), "repaired": lazy("不计：已经修复"), "revoked": lazy("不计：已经撤销"),
                             "over": lazy("不计：公示期已满")}  # fmt: skip
YES, NO, MAY, MAY_NOT = lazy("是"), lazy("否"), lazy("可以办"), lazy("现在不能办")
APPLYING = lazy("申请信用修复")


@router.get("/contracts/{id}/why")
def why_of_contract(request: Request, asking: Signed, id: str, field: str = "status") -> Response:
    shown = resources.contract(asking.office, asking.actor, contract_id(asking.office, asking, id), asking.moment)
    if shown["cases"]:
        asking.office.record_read(asking.actor, "contract", shown["id"])
    return _page(request, asking, "contracts", shown, field, str(shown["number"]))


@router.get("/cases/{id}/why")
def why_of_case(request: Request, asking: Signed, id: str, field: str = "status") -> Response:
    shown = resources.case(asking.office, asking.actor, uuid_of(id, "cases"), asking.moment)
    asking.office.record_read(asking.actor, "case", str(shown["id"]))
    return _page(request, asking, "cases", shown, field, str(shown["number"]))


@router.get("/repairs/{id}/why")
def why_of_repair(request: Request, asking: Signed, id: str, field: str = "status") -> Response:
    shown = resources.repair(asking.office, asking.actor, uuid_of(id, "repairs"), asking.moment)
    asking.office.record_read(asking.actor, "repair", str(shown["id"]))
    return _page(request, asking, "repairs", shown, field, str(shown["receipt"]))


@router.get("/parties/{scheme}:{code:path}/why")
def why_of_party(request: Request, asking: Signed, scheme: str, code: str, field: str = "standing/points") -> Response:
    """What the credit file shows: the party's own fields, and under `standing/` what counts for and against it."""
    office, moment, ref = asking.office, asking.moment, party_ref(asking, f"{scheme}:{code}")
    shown = resources.party(office, ref, moment)
    office.record_read(asking.actor, "credit-file", str(ref))
    root, _, rest = field.partition("/")
    if root != "standing":
        return _page(request, asking, "parties", shown, field, str(shown["name"]))
    with office.looking() as conn:
        standing = resources.standing(office, conn, ref, moment)
    return _page(request, asking, "standing", standing, rest, str(shown["name"]))


def _page(request: Request, asking: Asking, kind: str, shown: Json, field: str, title: str) -> Response:
    speaks, moment, field = tongue_of(request), asking.moment, field.strip("/")
    answer = why(asking.office, asking.actor, speaks, kind, shown, field, moment)
    own = str(shown.get("ref") or shown.get("party")) if kind in ("parties", "standing") else str(shown["id"])
    on = "parties" if kind == "standing" else kind
    home = page_of(on, own, asking.actor)
    return show(
        request,
        "why.html",
        time=time_of(asking),
        answer=answer,
        crumbs=[(SHELVES[kind], list_of(on, asking.actor)), (title, home)],
        what=_label(request, kind, shown, field),
        value=_said(request, kind, field, answer["value"]),
        births=all(one["birth"] for one in answer["events"]),
        events=[{**one, "href": _place(asking, one["href"])} for one in answer["events"]],
        unsure=sum(one["status"] != "confirmed" for one in answer["clauses"]),
        days=[{"on": one["on"], "value": _said(request, kind, field, one["value"])} for one in answer["would_change"] if one["kind"] == "day"],
        acts=[_act(request, asking, kind, one) for one in answer["would_change"] if one["kind"] != "day"],
        twin=f"/api/v1/{on}/{own}{'/standing' if kind == 'standing' else ''}?{urlencode({'why': field, **_moment(request)})}",
    )


def _moment(request: Request) -> dict[str, str]:
    return {name: value for name in ("known_at", "as_of") if (value := request.query_params.get(name))}


def _place(asking: Asking, href: str | None) -> str | None:
    """The page of what the API calls by its own address."""
    if href is None:
        return None
    on, _, id = href.removeprefix("/api/v1/").partition("/")
    return page_of(on, id, asking.actor)


def _act(request: Request, asking: Asking, kind: str, one: Json) -> Json:
    """Something open that would change the answer: a loop with who owes it by when, or an act of this reader's."""
    if one["kind"] == "loop":
        key = str(one["key"])
        note = key if key and not is_id(key) and key != one["loop"] else ""
        return {"title": word("loop", one["loop"]), "note": note, "who": word("owed_by", one["owed_by"]), "due": one["due"],
                "by_itself": one["owed_by"] == "rule", "href": _place(asking, one["href"])}  # fmt: skip
    return {"title": _title_of(request, kind, one["act"]), "note": "", "who": None, "due": None, "href": _place(asking, one["href"])}


def _title_of(request: Request, kind: str, act: str) -> str:
    doings: Mapping[str, Doing] = request.app.state.doings
    found = next((one for one in doings.values() if one.on == kind and act in (one.path.lstrip("/"), one.may)), None)
    return APPLYING if act == APPLY else str(found.title) if found else act


# -- a field in the reader's words


def _label(request: Request, kind: str, shown: Json, field: str) -> str:
    """What the field is called: the last of its parts that has a name, with what it belongs to."""
    speaks, parts = tongue_of(request), field.split("/")
    if parts[0] == "may":
        return speaks.said(_title_of(request, kind, "/".join(parts[1:])))
    named = next((LABELS[one] for one in reversed(parts) if one in LABELS), None)
    about = _about(speaks, shown, field, parts)
    told = speaks.said(named) if named else field
    return speaks.said(OF, about=about, what=told) if about else told


OF = lazy("{about} 的{what}")


def _about(speaks: Tongue, shown: Json, field: str, parts: Sequence[str]) -> str:
    """The element of a list that the field is of, as people name it."""
    if len(parts) < 3:
        return ""
    try:
        one = follow(shown, path_of(shown, field)[:2])
    except UnknownField:
        return ""
    if not isinstance(one, dict):
        return ""
    if parts[0] == "loops":
        return speaks.said(word("loop", str(one["kind"])))
    return str(next((one[name] for name in ("document_number", "title", "ref", "recipient") if one.get(name)), ""))


def _said(request: Request, kind: str, field: str, value: Any) -> str:
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
    if leaf == "status":
        return speaks.said(word(TABLES.get(root if root in TABLES else kind, "case_status"), text))
    if leaf in WORDS:
        return speaks.said(word(leaf, text))
    if leaf in ("state", "why") and text in STATES:
        return speaks.said(STATES[text])
    return figures.day_text(text, speaks.lang, "letter") if _is_day(text) else text


def _is_day(text: str) -> bool:
    try:
        return len(text) == len("2026-01-01") and bool(date.fromisoformat(text))
    except ValueError:
        return False
