"""What the law of the day makes of a decision: its class, points and periods; the day from which service counts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from domain.breach.events import Proposed
    from domain.breach.memory import Remembered
    from domain.policy.book import Book
    from domain.rules import Basis

from domain.policy.publicity import regime_of

PUBLIC_NOTICE = "public"


def service_day(book: Book, method: str, served_on: date) -> date:
    """The day that starts the periods: the service's own, later by the period of the law for a public notice."""
    if method != PUBLIC_NOTICE:
        return served_on
    return book.deadline("penalty.public_notice", served_on, with_days=False)[0].on


def service_basis(book: Book, method: str, served_on: date) -> Basis:
    """The rule that says from which day service by this method counts."""
    name = "penalty.public_notice" if method == PUBLIC_NOTICE else f"penalty.service_{method}"
    return book.rule(name, served_on).basis


def classified(case: Remembered, asked: Proposed, decided_on: date, book: Book, from_day: date | None = None) -> dict[str, Any]:
    """Class, points and periods of the decision types under the law of `decided_on`; periods run from `from_day`."""
    found = book.classification(asked.decision_types, decided_on, regime_of(case.works))
    start = from_day or decided_on
    civil = case.kind == "civil"
    enterprise = case.side == "contractor"
    penal = case.kind == "administrative" and enterprise and found.max_months > 0
    return {
        "national_class": "none" if civil else found.national_class,
        "industry_class": "none" if civil else found.industry_class or "none",
        "points": found.points if enterprise and not civil else found.points * 0,
        "to_be_published": penal and found.publish,
        "repairable_from": book.repairable_from(start, found) if penal else None,
        "last_day": book.last_day(start, found) if penal else None,
        "basis": list(found.basis),
    }
