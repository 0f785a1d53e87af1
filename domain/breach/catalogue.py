"""What the catalogues of the law say of behaviours, decision types and measures, asked as a case asks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import NamedTuple

from domain.policy.book import Book, NoBasisInForce, NoPackInForce, UnknownCode
from domain.policy.classification import NATIONAL
from domain.policy.tables import Behaviour, ContractType, Excuse, Measure, Recipient
from domain.rules import Basis
from domain.values.money import Money

CENT = Decimal("0.01")


class Limits(NamedTuple):
    """What a fine may be, in CNY, and under which clause."""

    low: Decimal
    high: Decimal
    basis: Basis


def behaviour(book: Book, code: str, on: date) -> Behaviour | None:
    """The behaviour in the catalogue of the day, if it stands there."""
    try:
        return book.behaviour(code, on)
    except (UnknownCode, NoPackInForce):
        return None


def behaviour_basis(book: Book, code: str, on: date) -> list[Basis]:
    found = behaviour(book, code, on)
    return [book.row_basis(found, on)] if found else []


def may_decide(book: Book, code: str, kind: str, decision_type: str, on: date) -> bool:
    """May this type follow this behaviour, in a case of this kind? A penalty needs the penalty procedure."""
    found = behaviour(book, code, on)
    if found is None or decision_type not in found.decision_types:
        return False
    return kind == "administrative" or book.decision_type(decision_type, on).kind == kind


def is_fine(decision_type: str) -> bool:
    """Types of fine share the first part of their code."""
    return decision_type.partition("_")[0] == "fine"


def fine_limits(book: Book, code: str, contract_value: Money | None, on: date) -> Limits | None:
    """The range the law gives; None when it gives none, or none that can be reckoned from what is known."""
    found = behaviour(book, code, on)
    if found is None or found.fine is None:
        return None
    price = contract_value.amount if contract_value and contract_value.currency == "CNY" and found.fine.of == "contract_price" else None
    bounds = found.fine.bounds(price)
    if bounds is None:
        return None
    row = book.row_basis(found, on)
    low, high = (bound.quantize(CENT, rounding) for bound, rounding in zip(bounds, (ROUND_CEILING, ROUND_FLOOR), strict=True))
    return Limits(low, high, Basis(row.pack, row.version, row.rule, found.fine.clause, row.status))


def weight(book: Book, decision_types: Sequence[str], on: date) -> tuple[int, int, Decimal]:
    """How heavy a decision is: class, longest period, points."""
    if not decision_types:
        return (0, 0, Decimal(0))
    found = book.classification(decision_types, on)
    return (NATIONAL.index(found.national_class), found.max_months, found.points)


def hearing_offered(book: Book, decision_types: Sequence[str], on: date) -> bool:
    return any(book.decision_type(code, on).hearing for code in decision_types)


def needs_legal_review(book: Book, decision_types: Sequence[str], on: date) -> bool:
    return any(book.decision_type(code, on).legal_review for code in decision_types)


def needs_collective_decision(book: Book, decision_types: Sequence[str], on: date) -> bool:
    return any(book.decision_type(code, on).collective for code in decision_types)


def excuses(book: Book, on: date) -> set[str]:
    """The codes of what may excuse a breach."""
    return {one.code for one in book.rows(Excuse, on)}


def measure_basis(book: Book, code: str, on: date) -> Basis | None:
    """The legal basis of a credit measure on a day; None when it has none, or is a civil remedy."""
    try:
        return book.measure_basis(code, on) if book.measure(code, on).credit_measure else None
    except (UnknownCode, NoBasisInForce, NoPackInForce):
        return None


def measure_fits(book: Book, code: str, side: str, on: date) -> bool:
    """Is the measure one against this side? One that is not in the catalogue has no basis, which is told elsewhere."""
    try:
        return book.measure(code, on).side == side
    except (UnknownCode, NoPackInForce):
        return True


def measure_end(book: Book, code: str, from_day: date, on: date) -> date | None:
    """The last day of a measure with a term; None when something else ends it."""
    measure: Measure = book.measure(code, on)
    if measure.until != "term" or measure.max_months is None:
        return None
    return book.period(from_day, measure.max_months, "months", with_days=False).on


def recipients(book: Book, on: date) -> list[str]:
    """Who must acknowledge a repair."""
    return [one.code for one in book.rows(Recipient, on)]


def under_procurement(book: Book, contract_type: str, on: date) -> bool:
    """Are contracts of this type published and filed under procurement law?"""
    return any(one.code == contract_type and one.procurement for one in book.rows(ContractType, on))
