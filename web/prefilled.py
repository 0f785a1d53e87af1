"""Prefilled: what a form already holds when its page is opened, from the thing acted on and from the address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR
from decimal import Decimal
from typing import Any

from starlette.datastructures import QueryParams

from web import forms
from web.acts.doing import Body, Doing
from web.authority import overdue_of
from web.options import Choices

Json = dict[str, Any]


def prefilled(doing: Doing, choices: Choices, query: QueryParams) -> Json:
    """The tree of a page that was just opened."""
    tree = forms.blank(doing.asked)
    if doing.name in PREFILL:
        tree |= PREFILL[doing.name](choices)
    tree |= _asked(doing.asked, query)
    if doing.name == "contracts.payments":
        tree |= _left_to_pay(choices.subject, str(tree.get("ref") or ""))
    if doing.name == "parties.disclosures":
        tree |= _overdue_at_end(choices, str(tree.get("year") or ""))
    return tree


def _overdue_at_end(choices: Choices, year: str) -> Json:
    """What the office itself reckons of that year; what was made public may be something else."""
    if not year.isascii() or not year.isdecimal() or not MINYEAR < int(year) < MAXYEAR:
        return {}
    found = overdue_of(choices.asking.office, f"{choices.subject['scheme']}:{choices.subject['id']}", int(year))
    return {"contracts": str(found["contracts"]), "amount": {"amount": found["amount"]["amount"], "unit": "yuan"}}


def _asked(body: type[Body], query: QueryParams) -> Json:
    """What the address says of plain fields: `?ref=P1`."""
    told: Json = {}
    for piece in forms.pieces(body):
        if piece.name in query and piece.kind in ("text", "select", "radio", "date", "number", "code", "hidden"):
            told[piece.name] = query[piece.name][:300]
        elif piece.name in query and piece.kind == "multi":
            told[piece.name] = query.getlist(piece.name)
    return told


def _money(value: Any) -> Json:
    return {"amount": value["amount"] if value else "", "unit": "yuan"}


def _left_to_pay(subject: Json, ref: str) -> Json:
    for one in subject.get("payments", ()):
        if one["ref"] == ref and one["state"] != "paid":
            return {"value": {"amount": str(Decimal(one["value"]["amount"]) - Decimal(one["paid"]["amount"])), "unit": "yuan"}}
    return {}


def _as_notified(choices: Choices) -> Json:
    proposed = (choices.subject.get("notice") or {}).get("proposed")
    if not proposed:
        return {}
    allowed = {one[0] for one in choices.of("measures")}
    measures = [one for one in proposed["measures"] if one in allowed]
    return {"decision_types": list(proposed["decision_types"]), "fine": _money(proposed["fine"]), "measures": measures}


def _as_decided(choices: Choices) -> Json:
    sanctions = choices.subject.get("sanctions") or []
    return {"decision_types": list(sanctions[-1]["decision_types"]), "fine": _money(sanctions[-1]["fine"])} if sanctions else {}


def _to_check(choices: Choices) -> Json:
    return {"items": [{"code": code, "result": "not_checked", "note": "", "evidence": []} for code, *_ in choices.of("check_items")]}


def _only_region(choices: Choices) -> Json:
    regions = choices.of("regions")
    return {"region": regions[0][0]} if len(regions) == 1 else {}


def _only_receiver(choices: Choices) -> Json:
    receivers = choices.of("receivers")
    return {"received_by": receivers[0][0]} if len(receivers) == 1 else {}


PREFILL: Mapping[str, Callable[[Choices], Json]] = {
    "cases.sanction": _as_notified, "cases.correction": _as_decided, "contracts.checks.{check}.result": _to_check, "contracts.new": _only_region,
    "parties.new": _only_region, "commitments.new": _only_receiver,
}  # fmt: skip
