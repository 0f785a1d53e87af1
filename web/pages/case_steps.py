"""The steps of a case: which were taken and when, which is due by when, which lie ahead."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from fastapi import Request

from domain.breach import catalogue
from web.looks import figures
from web.looks.tongue import lazy, tongue_of
from web.office import Office
from web.pages.case_parts import types_of
from web.pages.showing import UNKNOWN, decision_names, joined
from web.words import word


def steps_of(office: Office, request: Request, shown: Mapping[str, Any], loops: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """From the opening to the closure: {label, state, on, note, due, late}, with the date each step has or is due by."""
    by_kind: dict[str, dict[str, Any]] = {}
    for one in loops:
        by_kind.setdefault(one["kind"], one)
    speaks, made = tongue_of(request), []
    ended = shown["status"] in ("dismissed", "transferred", "closed")

    def step(label: str, on: str | None, kinds: tuple[str, ...], note: str = "", wanted: bool = True) -> None:
        loop = next((by_kind[kind] for kind in kinds if kind in by_kind), None)
        if on is None and loop is None and (ended or not wanted):
            return
        state = "now" if loop is not None else "done" if on is not None else ""
        made.append(
            {
                "label": label,
                "state": state,
                "on": on,
                "note": note,
                "due": loop["due"] if loop else None,
                "owed_by": loop["owed_by"] if loop else None,
            }
        )

    def said(sentence: str, **values: Any) -> str:
        return speaks.said(sentence, **values)

    notice, hearing, sanction = shown["notice"], shown["hearing"], (shown["sanctions"] or [None])[-1]
    types, _ = types_of(shown)
    on = date.fromisoformat(shown["opened_on"])
    penal = shown["kind"] == "administrative"
    step(lazy("立案"), shown["opened_on"], ())
    served = said(METHOD, method=said(word("method", notice["method"])), number=notice["document_number"] or "—") if notice else ""
    step(lazy("告知"), notice and notice["served_on"], ("notice",), served)
    heard, window = shown["statement"], by_kind.get("statement_window")
    silent = _end(office, "office.statement_window", notice) if notice is not None and heard is None and window is None else None
    step(lazy("陈述申辩"), heard["received_on"] if heard else silent, ("statement_window",), said(SILENT) if silent else "")
    held = hearing["held_on"] if hearing else None
    offered = bool(notice and notice["hearing"])
    unasked = _end(office, "penalty.hearing_request", notice) if offered and hearing is None and "hearing_window" not in by_kind else None
    step(lazy("听证"), held or unasked, ("hearing_window", "hearing_notice", "hearing"), said(UNASKED) if unasked else "", wanted=offered)
    reviewed = shown["legal_review"]
    needs_review = penal and bool(types) and _asks(catalogue.needs_legal_review, office, types, on)
    step(lazy("法制审核"), reviewed and reviewed["passed_on"], ("legal_review",), reviewed["opinion"] if reviewed else "", wanted=needs_review)
    confirmed, dismissed = shown["confirmation"], shown["dismissal"]
    step(
        lazy("违约认定"),
        (confirmed or {}).get("confirmed_on") or (dismissed or {}).get("dismissed_on"),
        ("confirmation", "referral"),
        said(word("outcome", "dismissed")) if dismissed else said(word("kind", confirmed["kind"])) if confirmed else "",
    )
    if shown["rectification"]:
        mended = shown["rectification"]
        step(
            lazy("整改"),
            mended["verified_on"],
            ("rectification",),
            said(word("result", "passed" if mended["passed"] else "failed")) if mended["verified_on"] else "",
        )
    kind_lets = (confirmed or {}).get("kind", shown["kind"]) != "civil"
    together = shown["collective_decision"]
    step(
        lazy("集体讨论"),
        together and together["decided_on"],
        ("collective_decision",),
        together["record"] if together else "",
        wanted="collective_decision" in by_kind,
    )
    step(lazy("惩戒决定"), sanction and sanction["decided_on"], ("sanction",), _decided(office, request, sanction), wanted=kind_lets)
    if kind_lets:
        _after(step, said, shown, sanction, by_kind)
    step(lazy("案件办结"), (shown["closure"] or {}).get("closed_on"), (), (shown["closure"] or {}).get("reason", ""))
    return made


METHOD = lazy("{method}，文号 {number}")
SILENT = lazy("期限已满，没有陈述")
UNASKED = lazy("没有要求听证")
NOT_PUBLISHED = lazy("按规则不公示")


def _end(office: Office, rule: str, notice: Mapping[str, Any]) -> str | None:
    """The last day of a window that a notice opened."""
    try:
        return office.book.deadline(rule, date.fromisoformat(notice["window_on"]), with_days=False)[0].on.isoformat()
    except UNKNOWN:
        return None


def _asks(question: Any, office: Office, types: list[str], on: date) -> bool:
    try:
        return bool(question(office.book, types, on))
    except UNKNOWN:
        return False


def _decided(office: Office, request: Request, sanction: Mapping[str, Any] | None) -> str:
    if sanction is None:
        return ""
    speaks = tongue_of(request)
    parts = decision_names(office, request, sanction["decision_types"], date.fromisoformat(sanction["decided_on"]))
    if sanction["fine"]:
        parts.append(figures.money_text(sanction["fine"], speaks.lang))
    return f"{sanction['document_number']} · {joined(parts, speaks)}"


def _after(step: Any, said: Any, shown: Mapping[str, Any], sanction: Mapping[str, Any] | None, loops: Mapping[str, Any]) -> None:
    """What follows a decision."""
    got: Mapping[str, Any] = sanction or {}
    step(lazy("送达"), got.get("served_on"), ("service", "repair_notice", "public_notice"))
    public = sanction is None or sanction["to_be_published"] or sanction["published_on"]
    step(lazy("公示"), got.get("published_on"), ("publication", "withdrawal"), "", wanted=bool(public))
    step(lazy("履行"), got.get("fulfilled_on"), ("fulfilment",))
    for label, on, kind in (
        (lazy("催告"), got.get("enforcement_demanded_on"), "enforcement"),
        (lazy("申请强制执行"), (got.get("court") or {}).get("asked_on"), "court"),
    ):
        step(label, on, (kind,), wanted=kind in loops)
    ended = got.get("ended_on") if got.get("status") == "repaired" else None
    repairable = sanction is None or got.get("repairable_from") is not None
    note = said(FROM, day=date.fromisoformat(got["repairable_from"])) if got.get("repairable_from") and not ended else ""
    kinds = ("repair_acceptance", "repair_supplement", "repair_decision", "repair_synchronisation", "repair_objection")
    step(lazy("修复"), ended, kinds, note, wanted=repairable)


FROM = lazy("{day}起可以申请")
