"""同案同办: what like findings got, shown before a sanction is signed, and how offices and years differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.breach.case import Case
from domain.breach.evenness import Like, LikeDecisions, Spread, enough, in_yuan, rule, spread, unit_of
from domain.policy.book import Book
from domain.policy.tables import Rule
from projections import sanctions
from projections.cards.plain import basis
from projections.sanctions import Decided
from projections.temporal.moment import Moment
from web.office import Office

Json = dict[str, Any]
CLASSES = ("none", "minor", "ordinary", "serious")
RULES = ("fewest", "fine_departs", "class_departs", "measures_depart")


def like_decisions(office: Office) -> LikeDecisions:
    """Asked now, with what was just recorded."""

    def ask(case: UUID) -> Sequence[Like]:
        with office.looking() as conn:
            return sanctions.like_decisions(conn, Moment(office.today), case)

    return ask


def comparison(office: Office, case: Json, moment: Moment) -> Json:
    """What like findings of a case got, by class: fines with median and range, measures; which rules ask for a reason."""
    book, on = office.book_at(moment), moment.day
    with office.looking() as conn:
        like = sanctions.like_decisions(conn, moment, UUID(str(case["id"])))
    unit = unit_of(book, case["behaviour"], on, in_yuan(office.ledger.get(Case, UUID(str(case["id"]))).contract_value))
    every = spread(like, unit)
    return {
        "behaviour": case["behaviour"], "kind": case["kind"], "n": every.n, "enough": enough(book, every.n, on), "unit": unit,
        "classes": _by_class(like, unit), "measures": [{"measure": code, "n": n} for code, n in sorted(every.measures.items())],
        "rules": [basis(one.basis) for one in rules_of(book, on)],
    }  # fmt: skip


def rules_of(book: Book, on: date) -> list[Rule]:
    """The rules of the day that ask for a reason."""
    return [found for name in RULES if (found := rule(book, name, on)) is not None]


def _by_class(like: Sequence[Like], unit: str) -> list[Json]:
    found = []
    for code in CLASSES:
        if mine := [one for one in like if one.national_class == code]:
            found.append({"national_class": code, **spread_json(spread(mine, unit))})
    return found


def spread_json(one: Spread) -> Json:
    """Count, and the fines' range and median in the unit of the comparison."""
    return {"n": one.n, "fined": one.fined, "low": _written(one.low), "median": _written(one.median), "high": _written(one.high)}


def _written(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"


# -- by office and year


def subjects(found: Sequence[Decided]) -> list[tuple[str, str, int]]:
    """What there is to compare: behaviour, kind and how many decisions, the most first."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for one in found:
        counts[one.behaviour, one.kind] += 1
    return sorted(((behaviour, kind, n) for (behaviour, kind), n in counts.items()), key=lambda one: (-one[2], one[0], one[1]))


def by_office_and_year(book: Book, found: Sequence[Decided], behaviour: str, kind: str, moment: Moment) -> Json:
    """The decisions on one behaviour of one kind, by authority and year, and all of them together."""
    mine = [one for one in found if (one.behaviour, one.kind) == (behaviour, kind)]
    priced = any(one.like.price for one in mine)
    unit = unit_of(book, behaviour, moment.day, Decimal(1) if priced else None)
    groups: dict[tuple[str, int], list[Decided]] = defaultdict(list)
    for one in mine:
        groups[one.authority, one.year].append(one)
    rows = [{"authority": authority, "year": year, **_row(group, unit)} for (authority, year), group in sorted(groups.items())]
    return {"behaviour": behaviour, "kind": kind, "unit": unit, "rows": rows, "all": _row(mine, unit)}


def _row(group: Sequence[Decided], unit: str) -> Json:
    one = spread([each.like for each in group], unit)
    classes = {code: one.classes[code] for code in CLASSES if one.classes.get(code)}
    return {**spread_json(one), "classes": classes, "measures": dict(sorted(one.measures.items())), "departures": sum(each.departed for each in group)}


__all__ = ["by_office_and_year", "comparison", "like_decisions", "spread_json", "subjects"]
