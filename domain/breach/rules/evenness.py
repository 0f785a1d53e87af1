"""May a decision depart from what like findings got? With a reason that is recorded with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from domain.breach.evenness import Compared, enough, rule
from domain.rules import Verdict, at, that

if TYPE_CHECKING:
    from domain.breach.case import Case, Law


def _asks(law: Law, name: str, on: date, n: int) -> Any:
    """The rule that asks for a reason; None where it does not stand, or there is too little to compare with."""
    return rule(law.book, name, on) if enough(law.book, n, on) else None


@at("/departure")
def class_is_usual_or_explained(case: Case, compared: Compared, on: date, departure: str, law: Law) -> Verdict:
    """{n} 件同类决定都不是这次的失信等级，请写明偏离的理由。"""
    asks = _asks(law, "class_departs", on, compared.every.n)
    if asks is None or departure.strip() or compared.every.classes.get(compared.one.national_class):
        return that(True)
    return that(False, basis=asks.basis, n=compared.every.n)


@at("/departure")
def fine_is_usual_or_explained(case: Case, compared: Compared, on: date, departure: str, law: Law) -> Verdict:
    """罚款与 {n} 件同类决定的中位数相差 {away}%，超过 {most}%，请写明偏离的理由。"""
    asks, away = _asks(law, "fine_departs", on, compared.alike.fined), compared.away
    if asks is None or departure.strip() or away is None or away <= asks.percent:
        return that(True)
    return that(False, basis=asks.basis, n=compared.alike.fined, away=f"{away:.0f}", most=f"{asks.percent:f}")


@at("/departure")
def measures_are_usual_or_explained(case: Case, compared: Compared, on: date, departure: str, law: Law) -> Verdict:
    """措施 {codes} 与 {n} 件同类决定不同，请写明偏离的理由。"""
    asks, codes = _asks(law, "measures_depart", on, compared.alike.n), compared.unusual_measures
    if asks is None or departure.strip() or not codes:
        return that(True)
    return that(False, basis=asks.basis, n=compared.alike.n, codes="、".join(codes))


EVEN_HANDED = (class_is_usual_or_explained, fine_is_usual_or_explained, measures_are_usual_or_explained)
