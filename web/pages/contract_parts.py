"""The parts of a contract's page: what happened, the swimlane, the closed loop, money, evidence, and what may be done now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import Request

from domain.events import Told
from domain.loops import STAGES
from projections import cases as case_list
from projections import repairs as repair_list
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import resources
from web.acts.contracts import MAKES_SENSE
from web.acts.doing import Doing
from web.api.evidence import is_open
from web.asking import Asking
from web.looks.tongue import Tongue, lazy
from web.naming import note_on
from web.pages.act_page import kept
from web.pages.showing import is_id, why_of, working_days_left
from web.places import is_applicant, next_page, page_path
from web.telling import told_entries
from web.words import word

Json = dict[str, Any]
MOST_DOTS = 24
LANES = (("authority", lazy("甲方")), ("contractor", lazy("乙方")), ("supervisor", lazy("监管员")), ("decider", lazy("审批人")))
OWERS = {
    "authority": "authority",
    "contractor": "contractor",
    "party": "contractor",
    "applicant": "contractor",
    "decider": "decider",
    "legal": "decider",
    "chair": "decider",
}
LABELS: Mapping[str, str] = {
    "contract.signed": lazy("签订合同"), "contract.published": lazy("合同公告"), "contract.filed": lazy("合同备案"), "contract.amended": lazy("合同变更"),
    "contract.check_planned": lazy("安排检查"), "contract.check_cancelled": lazy("取消检查"), "contract.check_carried_out": lazy("现场检查"),
    "contract.obligation_fulfilled": lazy("义务履行"), "contract.obligation_waived": lazy("免除义务"), "contract.excuse_raised": lazy("免责事由"),
    "contract.payment_made": lazy("付款"), "contract.finding_recorded": lazy("登记发现"), "contract.suspended": lazy("合同中止"),
    "contract.resumed": lazy("恢复履行"), "contract.completed": lazy("履行完成"), "contract.terminated": lazy("合同终止"),
    "contract.settled": lazy("合同结算"), "contract.security_returned": lazy("退保证金"), "contract.retention_released": lazy("退质保金"),
    "case.opened": lazy("立案"), "case.notice_served": lazy("告知"), "case.statement_received": lazy("陈述申辩"), "case.hearing_requested": lazy("要求听证"),
    "case.hearing_notified": lazy("听证通知"), "case.hearing_heard": lazy("听证"), "case.legal_review_passed": lazy("法制审核"),
    "case.collective_decision_made": lazy("集体讨论"), "case.rectification_ordered": lazy("责令整改"), "case.rectification_reported": lazy("整改报告"),
    "case.rectification_verified": lazy("整改复核"), "case.breach_confirmed": lazy("认定违约"), "case.dismissed": lazy("不予认定"),
    "case.sanction_decided": lazy("惩戒决定"), "case.sanction_served": lazy("决定送达"), "case.sanction_published": lazy("公示"),
    "case.sanction_fulfilled": lazy("履行决定"), "case.objection_filed": lazy("提出异议"), "case.objection_decided": lazy("异议决定"),
    "case.sanction_corrected": lazy("决定变更"), "case.sanction_revoked": lazy("撤销决定"), "case.publicity_ended": lazy("公示结束"),
    "case.closed": lazy("结案"), "repair.applied": lazy("申请修复"), "repair.accepted": lazy("受理修复"), "repair.approved": lazy("准予修复"),
    "repair.refused": lazy("不予修复"), "repair.supplement_requested": lazy("要求补正"), "repair.supplement_provided": lazy("补正材料"),
    "repair.synchronised": lazy("修复同步"),
}  # fmt: skip
LATE = lazy("{n} 天以后才登记")
AHEAD = lazy("{who}应办：{what}")
NOTED = lazy("{what}（{note}）")


def streams_of(asking: Asking, stream: UUID) -> dict[str, list[resources.Stream]]:
    """The contract, its cases and their applications, as far as this person may know of them; reading of cases is on record."""
    office, moment = asking.office, asking.moment
    found = {"contracts": [resources.find(office, asking.actor, "contracts", stream, moment)]}
    with office.looking() as conn:
        case_ids = case_list.of_contract(conn, moment, stream)
        repair_ids = [one for case in case_ids for one in repair_list.of_case(conn, moment, case)]
    for kind, ids in (("cases", case_ids), ("repairs", repair_ids)):
        found[kind] = resources.seen_streams(office, asking.actor, kind, ids, moment)
    if found["cases"]:
        office.record_read(asking.actor, "timeline", str(stream))
    return found


def told_of(asking: Asking, speaks: Tongue, streams: Mapping[str, Sequence[resources.Stream]]) -> list[Json]:
    """What happened, oldest first, numbered."""
    told: list[Told] = [one for some in streams.values() for stream in some for one in stream.told]
    return [{**one, "n": n} for n, one in enumerate(told_entries(asking.office, speaks, entries(told)), 1)]


# -- what is next


def next_rows(asking: Asking, card: Json, moment: Moment, lang: str) -> list[Json]:
    """Open loops as `loops.next` shows them, with the page where each is closed and its deadline's own page."""
    shown = []
    for one in card["loops"]:
        due = one["due"]
        left = working_days_left(asking.office, moment.day, date.fromisoformat(due["on"])) if due else None
        note = note_on(asking.office.book, lang, one["kind"], one["title"], moment.day) if one["title"] and not is_id(one["title"]) else ""
        if due and due["unit"] == "date":
            due = {**due, "from": None}  # agreed as a day: there is no period to tell
        shown.append(
            {
                "title": word("loop", one["kind"]),
                "note": note,
                "href": None if asking.looks_back else _mine(asking, one),
                "who": one["account"] or "",
                "owed_by": word("owed_by", one["owed_by"]),
                "due": due,
                "left": left,
                "why": why_of(one),
                "receipt": f"/contracts/{card['id']}/deadlines/{one['id']}",
                "id": one["id"],
                "role": one["owed_by"],
            }
        )
    return shown


def _mine(asking: Asking, loop: Json) -> str | None:
    """The page of the act, for those who are to do it: an authority's and a contractor's doings are recorded by the supervisor."""
    roles = {"authority": {"supervisor"}, "contractor": {"supervisor"}, "party": {"supervisor", "applicant"}}
    return next_page(loop) if asking.actor.roles & roles.get(loop["owed_by"], {loop["owed_by"]}) else None


# -- pictures


def swimlane(told: Sequence[Json], ahead: Sequence[Json], speaks: Tongue, card: Json) -> tuple[list[Json], list[Json]]:
    """Lanes and dots: the last of what happened, and what lies ahead."""
    names = {"authority": card["authority"]["name"], "contractor": next((one["name"] for one in card["contractors"]), "")}
    lanes = [{"key": key, "name": name, "note": _short(names.get(key, ""))} for key, name in LANES]
    dots = []
    for one in sorted(told, key=lambda one: (one["on"], one["n"]))[-MOST_DOTS:]:
        label = LABELS.get(str(one["topic"]).partition("/")[0])
        if label:
            kind = {"bad": "bad", "good": "ok"}.get(one["tone"], "back" if one["late_days"] > 1 else "")
            dots.append(_dot(one["n"], one["lane"], one["on"], speaks.said(label), kind))
    for n, one in enumerate(ahead[:6], len(told) + 1):
        dots.append(_dot(n, OWERS.get(one["role"], "supervisor"), one["due"]["on"], speaks.said(one["title"]), "todo"))
    return lanes, dots


def _dot(n: int, lane: str, on: str, label: str, kind: str) -> Json:
    return {"n": n, "lane": lane, "on": on, "label": label, "kind": kind, "href": f"#e{n}"}


def _short(name: str) -> str:
    """A name that fits its lane; a longer one stands in the page's head, never cut."""
    return name if len(name) <= 6 else ""


def ahead_of(rows: Sequence[Json], day: date) -> list[Json]:
    """What falls due from today on, the earliest first."""
    return sorted((one for one in rows if one["due"] and one["due"]["on"] >= day.isoformat()), key=lambda one: str(one["due"]["on"]))


def line(told: Sequence[Json], ahead: Sequence[Json], speaks: Tongue, corrected: Mapping[int, str]) -> list[Json]:
    """The timeline, newest first, what lies ahead above it; `corrected`: where each event is corrected."""
    items = []
    for n, one in reversed(list(enumerate(ahead, len(told) + 1))):
        what = speaks.said(NOTED, what=one["title"], note=speaks.said(one["note"])) if one["note"] else speaks.said(one["title"])
        items.append({"n": n, "on": one["due"]["on"], "text": speaks.said(AHEAD, who=one["owed_by"], what=what), "small": "", "tone": "todo", "id": f"e{n}"})
    for one in sorted(told, key=lambda one: (one["on"], one["n"]), reverse=True):
        small = speaks.said(LATE, n=one["late_days"]) if one["late_days"] else ""
        tone = {"bad": "late", "good": "ok"}.get(one["tone"], "")
        items.append({"n": one["n"], "on": one["on"], "text": one["text"], "small": small, "tone": tone, "id": f"e{one['n']}",
                      "correct": corrected.get(one["position"])})  # fmt: skip
    return items


def ring(card: Json, cases: Sequence[Json], repairs: Sequence[Json]) -> list[Json]:
    """The six steps of the loop, each with how it stands; done is only what was done."""
    arose = {"signing": True, "checks": any(one["status"] == "done" for one in card["checks"]), "findings": bool(cases),
             "sanctions": any(one["sanctions"] for one in cases), "repair": any(one["status"] in REPAIRED for one in repairs),
             "closed": card["status"] == "settled" and not card["loops"]}  # fmt: skip
    unlike = {("checks", "none"): UNCHECKED, ("repair", "none"): UNREPAIRED if repairs else NOTES["none"]}
    steps = []
    for stage in STAGES:
        mine = [one for one in card["loops"] if one["stage"] == stage]
        late = any(one["due"] and one["due"]["overdue"] for one in mine)
        state = "late" if late else "open" if mine else "done" if arose[stage] else "todo" if stage == "closed" else "none"
        note = PERFORMING if stage == "checks" and state == "open" and not any(one["kind"] == "planned_check" for one in mine) else NOTES[state]
        steps.append({"name": word("stage", stage), "state": state, "note": unlike.get((stage, state), note), "n": len(mine)})
    return steps


NOTES = {"late": lazy("有逾期"), "open": lazy("未办完"), "done": lazy("完成"), "none": lazy("未发生"), "todo": lazy("未到")}
UNCHECKED, PERFORMING, UNREPAIRED = lazy("没有检查过"), lazy("履约未完"), lazy("没有修复成")
REPAIRED = ("approved", "synchronised")


def money(card: Json) -> Json | None:
    """What is owed and paid, added up by day; None where nothing can be drawn (no dated payment, or another currency)."""
    if not card["value"] or card["value"]["currency"] != "CNY":
        return None
    owed = _added((one["due"]["on"], one["value"]["amount"]) for one in card["payments"] if one["due"] and one["value"]["currency"] == "CNY")
    paid = _added((one["paid_on"], one["value"]["amount"]) for one in card["payments_made"] if one["value"]["currency"] == "CNY")
    if not owed and not paid:
        return None
    days = [day for day, _ in owed + paid] + [card["ends_on"] or ""]
    return {"owed": [(card["holds_from"], Decimal(0)), *owed], "paid": paid, "until": max(days)}


def _added(parts: Iterable[tuple[str, str]]) -> list[tuple[str, Decimal]]:
    total, found = Decimal(0), []
    for day, amount in sorted(parts):
        total += Decimal(amount)
        found.append((day, total))
    return found


# -- evidence


def evidence(asking: Asking, card: Json, cases: Sequence[Json]) -> list[Json]:
    """Every file that the contract and its cases rest on, with where it belongs and whether this person may open it."""
    found: dict[str, Json] = {}
    about = [(digest, lazy("义务 {ref}"), {"ref": one["ref"]}, one["fulfilled_on"]) for one in card["obligations"] for digest in one["evidence"] or ()]
    items = [(check["carried_out_on"], item) for check in card["checks"] for item in check["items"]]
    about += [(digest, lazy("检查"), {}, on) for on, item in items for digest in item.get("evidence") or ()]
    about += [(digest, lazy("发现 {behaviour}"), {"behaviour": one["behaviour"]}, one["found_on"]) for one in card["findings"] for digest in one["evidence"]]
    about += [(digest, lazy("免责事由"), {}, one["raised_on"]) for one in card["excuses"] for digest in one["evidence"] or ()]
    about += [(one["digest"], lazy("外部公布的资料"), {}, one["received_on"]) for one in card["sources"] if one["digest"]]
    about += [(digest, lazy("案件 {number}"), {"number": case["number"]}, case["opened_on"]) for case in cases for digest in case["evidence"]]
    for digest, of, values, on in about:
        if digest not in found and (file := kept(asking, digest)) is not None:
            found[digest] = {**file, "opens": not is_applicant(asking.actor) or is_open(asking, digest), "of": of, "values": values, "on": on}
    return sorted(found.values(), key=lambda one: str(one["on"] or ""), reverse=True)


# -- what may be done


def acts(request: Request, asking: Asking, card: Json) -> list[Json]:
    """The acts on the whole contract that this person may do in the state that it is in; none while looking back."""
    if asking.looks_back:
        return []
    parties = [f"{one['scheme']}:{one['id']}" for one in card["contractors"]]
    doings: Mapping[str, Doing] = request.app.state.doings
    found = []
    for one in doings.values():
        name = one.path.lstrip("/")
        if one.on == "contracts" and one.path and "{" not in one.path and _makes_sense(name, card) and asking.actor.holds(one.roles, card["region"], parties):
            found.append({"title": one.title, "href": page_path(one).format(id=card["id"]), "grave": one.grave, "name": name})
    order = list(MAKES_SENSE)
    return sorted(found, key=lambda one: order.index(one["name"]) if one["name"] in order else len(order))


def _makes_sense(name: str, card: Json) -> bool:
    ended = card["status"] in ("completed", "terminated", "settled")
    match name:
        case "publication" | "filing":
            return card[name] is None and any(one["next"] == name and one["kind"].startswith("contract_") for one in card["loops"])
        case "security-return":
            return ended and bool(card["security"]) and not card.get("security_returned_on")
        case "retention-release":
            return ended and Decimal(card["retention_percent"]) > 0 and not card.get("retention_released_on")
        case "payments":
            return card["status"] in MAKES_SENSE[name] and any(one["state"] != "paid" for one in card["payments"])
    return card["status"] in MAKES_SENSE.get(name, ())
