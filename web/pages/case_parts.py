"""What stands on a case's page beside the record itself: four eyes, the rule in force, the steps, what like cases got."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import Request

from domain.breach import catalogue
from domain.breach.case import Case
from domain.policy.book import Book
from domain.policy.publicity import regime_of
from domain.values.money import Money
from projections import contracts, parties, sanctions
from projections.temporal.moment import Moment
from web import resources
from web.asking import Asking
from web.looks import figures
from web.looks.tongue import lazy, tongue_of
from web.office import Office
from web.pages.showing import UNKNOWN, named
from web.words import word

PARTS = (
    ("recorded", lazy("登记发现、提供证据")),
    ("keeper", lazy("经办")),
    ("legal", lazy("法制审核")),
    ("chair", lazy("主持听证")),
    ("confirmed", lazy("违约认定")),
    ("decided", lazy("决定惩戒")),
    ("objection", lazy("决定异议")),
    ("recused", lazy("已回避")),
)
BARS = {
    "recorded": lazy("您登记了这项发现或提供了它的证据，不能再审核、主持或决定本案。"),
    "recused": lazy("您已在本案中回避。"),
    "legal": lazy("您作了法制审核，不能再决定本案。"),
    "chair": lazy("您主持了听证，不能再决定本案。"),
    "decided": lazy("您作出了决定；对它的异议要由另一名审批人答复。"),
}
JUDGES = ("decider", "legal", "chair")


def four_eyes(office: Office, asking: Asking, shown: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """Who has which part, and whether this reader may decide: parts [(label, names)], `barred` sentences, `judge`."""
    holders: dict[str, set[str]] = {
        "recorded": set(case.recorders),
        "keeper": {case.keeper} - {""},
        "legal": set(case.reviewers),
        "chair": set(case.chairs) | ({case.chair} if case.chair else set()),
        "confirmed": {case.confirmer} if case.confirmer else set(),
        "decided": {one.decider for one in case.sanctions.values()},
        "objection": {one["decided_by"] for one in shown["objections"] if one.get("decided_by")},
        "recused": set(case.recused),
    }
    names = office.names({account for accounts in holders.values() for account in accounts if account})
    parts = [(label, [names[one] for one in sorted(holders[key]) if one]) for key, label in PARTS if holders[key]]
    me = asking.actor.account
    judge = asking.actor.holds(JUDGES, str(shown["region"]))
    barred = [sentence for key, sentence in BARS.items() if me in holders[key] and not (key == "legal" and "decider" not in asking.actor.roles)]
    return {"parts": parts, "barred": barred, "judge": judge}


# -- the rule in force


def rule_day(shown: Mapping[str, Any], moment: Moment) -> date:
    """The day whose law the page shows: the decision's, else the confirmation's, else today."""
    sanction = shown["sanctions"][-1] if shown["sanctions"] else None
    told = sanction["decided_on"] if sanction else (shown["confirmation"] or {}).get("confirmed_on")
    return date.fromisoformat(told) if told else moment.day


def rule_of(office: Office, request: Request, shown: Mapping[str, Any], value: Money | None, moment: Moment) -> dict[str, Any] | None:
    """The behaviour's clause and consequence, and what the packs make of the decision types at hand. `value`: the contract's price."""
    on, book = rule_day(shown, moment), office.book_at(moment)
    try:
        row = book.behaviour(shown["behaviour"], on)
        pack = book.pack("behaviours", on)
    except UNKNOWN:
        return None
    types, proposed = types_of(shown)
    return {
        "on": on,
        "code": row.code,
        "name": named(row, request),
        "consequence": row.consequence,
        "clause": row.clause,
        "status": row.status,
        "pack": f"{pack.key}@{pack.version}",
        "decides": list(_decides(book, request, shown, value, types, on)),
        "proposed": proposed,
        "types": types,
    }


def types_of(shown: Mapping[str, Any]) -> tuple[list[str], bool]:
    """The decision types that the case is about now, and whether they are only proposed."""
    if shown["sanctions"]:
        return list(shown["sanctions"][-1]["decision_types"]), False
    return list(((shown["notice"] or {}).get("proposed") or {}).get("decision_types", ())), True


def _decides(book: Book, request: Request, shown: Mapping[str, Any], value: Money | None, types: list[str], on: date) -> Iterable[dict[str, Any]]:
    speaks = tongue_of(request)
    limits = catalogue.fine_limits(book, shown["behaviour"], value, on)
    if limits is not None:
        span = speaks.said(SPAN, low=figures.money_text(limits.low, speaks.lang), high=figures.money_text(limits.high, speaks.lang))
        yield {"what": lazy("罚款幅度"), "result": span, "basis": [limits.basis]}
    if not types:
        return
    try:
        found = book.classification(types, on, regime_of(shown.get("works")))
    except (*UNKNOWN, ValueError):
        return
    months = speaks.said(MONTHS, **{"class": speaks.said(word("national_class", found.national_class)), "low": found.min_months, "high": found.max_months})
    yield {"what": lazy("失信等级与公示期"), "result": months, "basis": [one for one in found.basis if "points" not in one.rule]}
    yield {
        "what": lazy("扣分"),
        "result": speaks.said(POINTS, points=f"{found.points:.1f}"),
        "basis": [one for one in found.basis if "points" in one.rule],
    }
    procedure = [
        ("hearing_for", lazy("听证"), catalogue.hearing_offered),
        ("legal_review_for", lazy("法制审核"), catalogue.needs_legal_review),
        ("collective_for", lazy("集体讨论"), catalogue.needs_collective_decision),
    ]
    for rule, what, asks in procedure:
        yield {
            "what": what,
            "result": speaks.said(NEEDED if asks(book, types, on) else NOT_NEEDED),
            "basis": [book.rule(f"penalty.{rule}", on).basis],
        }


SPAN = lazy("{low} 至 {high}")
MONTHS = lazy("{class}，公示 {low} 至 {high} 个月")
POINTS = lazy("{points} 分，几项取最重一项")
NEEDED, NOT_NEEDED = lazy("需要"), lazy("不需要")


# -- like cases


def like_cases(office: Office, asking: Asking, conn: sa.Connection, shown: Mapping[str, Any], moment: Moment) -> list[dict[str, Any]]:
    """What the same behaviour got before, in other cases; names only of those that this reader may see."""
    rows = sanctions.like(conn, moment, shown["behaviour"], UUID(str(shown["id"])))
    owners = contracts.named(conn, moment, {row.contract for row in rows if row.contract})
    names = parties.names(conn, moment, {row.party for row in rows})
    found = []
    for row in rows:
        contract = owners.get(row.contract)
        value = contract.value if contract is not None and contract.currency == "CNY" else None
        share = Decimal(row.fine) / Decimal(value) * 100 if row.fine and value and row.currency == "CNY" else None
        seen = asking.actor.sees(row.region, [row.party])
        found.append(
            {
                **resources.sanction_row(row, moment.day),
                "share": share,
                "value": value,
                "seen": seen,
                "name": names.get(row.party, row.party) if seen else None,
            }
        )
    return found


def ruler_of(
    office: Office, request: Request, shown: Mapping[str, Any], value: Money | None, likes: list[dict[str, Any]], moment: Moment
) -> dict[str, Any] | None:
    """The discretion ruler: in per cent of the contract's price where the law says so, else in 万元; None where it gives no range."""
    on, speaks = rule_day(shown, moment), tongue_of(request)
    book = office.book_at(moment)
    row = catalogue.behaviour(book, shown["behaviour"], on)
    limits = catalogue.fine_limits(book, shown["behaviour"], value, on)
    if row is None or row.fine is None or limits is None or limits.high <= limits.low:
        return None
    percent = row.fine.of is not None and value is not None
    unit = value.amount / 100 if percent and value else figures.WAN
    low, high = limits.low / unit, limits.high / unit

    def measured(fine: Mapping[str, Any] | None) -> Decimal | None:
        return None if fine is None or fine["currency"] != "CNY" else Decimal(str(fine["amount"])) / unit

    got = [one["share"] if percent else measured(one["fine"]) for one in likes]
    notified = measured(((shown["notice"] or {}).get("proposed") or {}).get("fine"))
    draft = measured(shown["sanctions"][-1]["fine"]) if shown["sanctions"] else None
    ticks = [low + (high - low) * n / 4 for n in range(5)]
    amounts = (
        {f"{float(tick):g}": figures.money_text(tick * unit, speaks.lang, "" if speaks.lang == "zh" else "yuan", bare=speaks.lang != "zh") for tick in ticks}
        if percent
        else {}
    )
    return {
        "low": _plain(low),
        "high": _plain(high),
        "ceiling": _plain(notified) if notified is not None and low <= notified <= high else None,
        "like": [_plain(one) for one in got if one is not None and low <= one <= high],
        "amounts": amounts,
        "draft": _plain(draft) if draft is not None and low <= draft <= high else None,
        "unit": "%" if percent else WAN_YUAN,
        "notified": notified,
        "beyond": notified is not None and not low <= notified <= high,
    }


WAN_YUAN = lazy(" 万元")


def _plain(value: Decimal) -> Decimal:
    """Two places at most, without idle noughts."""
    rounded = value.quantize(Decimal("0.01"))
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral() else rounded.normalize()
