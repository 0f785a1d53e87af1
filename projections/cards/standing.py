"""信用状况卡片 — what counts for and against a party on a day: told from its own stream and its cases', never stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from domain.policy.missing import NoPackInForce, NoSuchRule
from domain.policy.publicity import period, regimes_of
from domain.policy.tables import SamplingClass
from projections.cards.plain import Json, basis

if TYPE_CHECKING:
    from domain.policy.book import Book
    from domain.policy.pack import Rule

SERIOUS = "serious"
FIRM = "contractor"  # whose records a credit file holds: never an authority's
COPIED = ("id", "status", "document_number", "decision_types", "fine", "national_class", "industry_class", "points", "decided_on", "published_on",
          "fulfilled_on", "repairable_from")  # fmt: skip


def standing_card(party: Json, cases: Sequence[Json], book: Book, on: date) -> Json:
    """STANDING of a party (its PARTY) from the cases against it (each a CASE), on a day."""
    made = [_record(case, one) for case in cases if case["side"] == FIRM and case["party"] == party["ref"] for one in case["sanctions"]]
    records = [one for one in made if one["served_on"] is not None and date.fromisoformat(one["served_on"]) <= on]
    records.sort(key=lambda one: (one["decided_on"], one["case"], one["id"]), reverse=True)
    for one in records:
        one["periods"] = _periods(one, records, book)
    _count(records, book, on)
    grades = [{**one, "valid": _valid(one, on)} for one in party["grades"]]
    counting = [one for one in records if one["counts"]]
    return {
        "party": party["ref"], "on": on.isoformat(), "points": f"{sum((Decimal(one['points']) for one in counting), Decimal(0)):.1f}",
        "records": records, "in_publicity": sum(one["status"] == "published" for one in records), "grades": grades,
        "grade": _grade(grades, records, book, on), "class": _class(grades, records, book, on),
    }  # fmt: skip


def _record(case: Json, one: Json) -> Json:
    """A sanction as a credit record: it exists from the day on which the decision counts as served."""
    return {
        **{name: one[name] for name in COPIED}, "case": case["id"], "served_on": one["effective_on"],
        "last_day": None if one["publicity"] is None else one["publicity"]["last_day"],
        "until_fulfilled": one["until_fulfilled"], "contract": case["contract"],
        "behaviour": case["behaviour"], "occurred_on": case["occurred_on"], "party": case["party"], "authority": case["authority"],
        "region": case["region"], "works": case["works"], "basis": one["basis"], "review": any(each["outcome"] is None for each in case["reviews"]),
        "objection": any(each["outcome"] is None and each["sanction"] == one["id"] for each in case["objections"]),
    }  # fmt: skip


def _periods(one: Json, records: Sequence[Json], book: Book) -> list[Json]:
    """How long each regime would publish it; a later bad record of the party lengthens the period that it falls into."""
    decided_on = date.fromisoformat(one["decided_on"])
    others = (other for other in records if other["status"] != "revoked" and _act(other) != _act(one))
    later = tuple(sorted(on for other in others if (on := date.fromisoformat(other["decided_on"])) > decided_on))
    classed = {"credit": one["industry_class"], "municipal-credit": one["national_class" if one["works"] == "municipal" else "industry_class"]}
    regimes = [regime for regime in regimes_of(one["works"]) if classed[regime] != "none"]
    found = [period(book, regime, one["industry_class"] or "", decided_on, later) for regime in regimes]
    return [{"regime": it.regime, "from": one["decided_on"], "least": it.least.isoformat(), "most": it.most.isoformat(),
             "repeats": [day.isoformat() for day in it.repeats], "basis": [basis(each) for each in it.basis]} for it in found if it]  # fmt: skip


# -- points: of one behaviour the heaviest counts once


def _count(records: Sequence[Json], book: Book, on: date) -> None:
    """Say of each record whether its points count on the day, until when, and why (not)."""
    rule = _rule(book, "credit.heaviest_once", on)
    heaviest: dict[object, Json] = {}
    for one in records:
        one["counts_until"] = None if one["until_fulfilled"] else one["last_day"] or next((it["most"] for it in one["periods"]), None)
        one["why"] = _spent(one, on) or "counts"
        if one["why"] == "counts" and rule is not None and rule.value:
            before = heaviest.setdefault(_act(one), one)
            if before is not one:
                lighter, heavier = (before, one) if Decimal(one["points"]) > Decimal(before["points"]) else (one, before)
                lighter["why"], heaviest[_act(one)] = "lighter", heavier
    for one in records:
        one["counts"] = one["why"] == "counts"


def _rule(book: Book, name: str, on: date) -> Rule | None:
    try:
        return book.rule_if_any(name, on)
    except NoSuchRule:
        return None


def _spent(one: Json, on: date) -> str | None:
    if one["status"] in ("revoked", "repaired"):
        return str(one["status"])
    return "over" if one["counts_until"] is not None and on.isoformat() > one["counts_until"] else None


def _act(one: Json) -> object:
    """The one behaviour that several decisions may be about: what was done, in which contract, on which day."""
    return one["contract"], one["behaviour"], one["occurred_on"]


# -- grades made elsewhere, and the class for supervision


def _valid(grade: Json, on: date) -> bool:
    return bool(grade["received_on"] <= on.isoformat() <= (grade["valid_until"] or "9999-12-31"))


def _grade(grades: Sequence[Json], records: Sequence[Json], book: Book, on: date) -> Json | None:
    """The last grade received that is valid on the day, with its scheme; cancelled where a decision in force cancels it."""
    valid = [one for one in grades if one["valid"]]
    if not valid:
        return None
    last = max(reversed(valid), key=lambda one: str(one["received_on"]))  # of one day, the one told last
    rule = _rule(book, "credit.grade_cancelled", on)
    cancels = [one for one in records if one["counts"] and rule is not None and set(one["decision_types"]) & set(rule.items or ())]
    return {**last, "cancelled_by": cancels[0]["id"] if cancels else None, "basis": basis(rule.basis) if cancels and rule else None}


def _class(grades: Sequence[Json], records: Sequence[Json], book: Book, on: date) -> Json | None:
    """A to D for supervision: by the grade in the scheme that the pack names, lowest while a serious record counts."""
    try:
        rows, worst, scheme = book.rows(SamplingClass, on), book.rule("sampling.serious_record", on), book.rule("sampling.grade_scheme", on)
    except (NoPackInForce, NoSuchRule):
        return None
    serious = [one for one in records if one["counts"] and SERIOUS in (one["national_class"], one["industry_class"])]
    if serious:
        return {"code": worst.value, "by": "record", "record": serious[0]["id"], "grade": None, "basis": [basis(worst.basis)]}
    last = _grade([one for one in grades if one["scheme"] in (scheme.items or ())], records, book, on)
    grade = last["grade"] if last is not None and last["cancelled_by"] is None else ""
    row = next((one for one in rows if grade in one.grades), None) or next((one for one in rows if "" in one.grades), None)
    if row is None:
        return None
    by = "grade" if grade and grade in row.grades else "no_grade"
    bases: list[Mapping[str, object] | None] = [basis(book.row_basis(row, on)), *([basis(scheme.basis)] if last is not None else [])]
    return {"code": row.code, "by": by, "record": None, "grade": grade if by == "grade" else None, "basis": bases}
