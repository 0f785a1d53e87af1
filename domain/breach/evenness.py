"""Even-handedness 同案同办: what like findings got, and in what a decision departs from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from domain.breach import catalogue
from domain.policy.missing import NoPackInForce, NoSuchRule
from domain.policy.tables import Rule
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.policy.book import Book

PERCENT, YUAN = "percent", "CNY"  # of the contract's price where the law reckons so, else the amount


class Like(NamedTuple):
    """What one decision on a like finding came to. `price` is the contract's, in CNY."""

    national_class: str
    fine: Decimal | None = None
    price: Decimal | None = None
    measures: tuple[str, ...] = ()


LikeDecisions = Callable[[UUID], Sequence[Like]]  # of other cases of the same behaviour, kind and side as this one's


def none_known(case: UUID) -> Sequence[Like]:
    """For who decides where no other case is kept: there is nothing to compare with."""
    return ()


class Spread(NamedTuple):
    """What a number of decisions came to: fines as `unit`, None where none was fined; how many had each class and measure."""

    n: int
    fined: int
    unit: str
    low: Decimal | None
    median: Decimal | None
    high: Decimal | None
    classes: Mapping[str, int]
    measures: Mapping[str, int]


def unit_of(book: Book, behaviour: str, on: date, price: Decimal | None) -> str:
    """Fines of a behaviour are compared as the law reckons them."""
    found = catalogue.behaviour(book, behaviour, on)
    by_price = found is not None and found.fine is not None and found.fine.of == "contract_price"
    return PERCENT if by_price and price else YUAN


def measured(fine: Decimal | None, price: Decimal | None, unit: str) -> Decimal | None:
    """A fine in the unit of the comparison; None when there is none, or no price to reckon it by."""
    if fine is None or unit == YUAN:
        return fine
    return fine * 100 / price if price else None


def spread(like: Sequence[Like], unit: str) -> Spread:
    """Median and range of the fines, and the counts."""
    fines = [one for each in like if (one := measured(each.fine, each.price, unit)) is not None]
    low, middle, high = (min(fines), Decimal(median(fines)), max(fines)) if fines else (None, None, None)
    measures = Counter(code for one in like for code in set(one.measures))
    return Spread(len(like), len(fines), unit, low, middle, high, Counter(one.national_class for one in like), measures)


class Compared(NamedTuple):
    """A decision beside its like: all of them, and those of its own class, with whom fine and measures are compared."""

    one: Like
    every: Spread
    alike: Spread
    fine: Decimal | None

    @property
    def away(self) -> Decimal | None:
        """How far the fine is from the median, in per cent of it."""
        if self.fine is None or not self.alike.median:
            return None
        return abs(self.fine - self.alike.median) * 100 / self.alike.median

    @property
    def unusual_measures(self) -> list[str]:
        """Those that none of its like had, and the lack of those that all had."""
        had = self.alike.measures
        odd = {code for code in self.one.measures if not had.get(code)}
        return sorted(odd | {code for code, n in had.items() if n == self.alike.n and code not in self.one.measures})


def compare(book: Book, behaviour: str, on: date, one: Like, like: Sequence[Like]) -> Compared:
    unit = unit_of(book, behaviour, on, one.price)
    alike = [each for each in like if each.national_class == one.national_class]
    return Compared(one, spread(like, unit), spread(alike, unit), measured(one.fine, one.price, unit))


def rule(book: Book, name: str, on: date) -> Rule | None:
    """A rule of comparison; None in an office that has not adopted the pack, which then asks for no reason."""
    try:
        return book.rule(f"comparison.{name}", on)
    except (NoSuchRule, NoPackInForce):
        return None


def enough(book: Book, n: int, on: date, name: str = "fewest") -> bool:
    """Are there as many as a comparison takes?"""
    fewest = rule(book, name, on)
    return fewest is not None and isinstance(fewest.value, int) and n >= fewest.value


def in_yuan(money: Money | None) -> Decimal | None:
    """An amount that may be compared: of the law's own money alone."""
    return money.amount if money is not None and money.currency == YUAN else None
