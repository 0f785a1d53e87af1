"""逾期利息: what late payment to a small firm costs, day by day, on what is unpaid on each day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

from domain.rules import Basis

if TYPE_CHECKING:
    from domain.policy.book import Book

CENT = Decimal("0.01")
DAYS_OF_YEAR = "office.days_of_year"
DAY, YEAR = "day", "year"  # by which a rate may be agreed
_DAY = timedelta(days=1)


class Agreed(NamedTuple):
    """A rate as it was agreed, in per cent `per` day or year, for what falls due from `since` on."""

    since: date
    percent: Decimal
    per: str


class Rate(NamedTuple):
    """What one day costs, in per cent, exact. `basis`: the rule that sets it; None: `agreed`, a year's shared out by `reckoned`."""

    percent: Decimal
    basis: Basis | None
    agreed: Agreed | None = None
    reckoned: Basis | None = None


def agreed_rates(kept: Iterable[Sequence[str]] | None) -> list[Agreed]:
    """Rates as views and facts keep them: [since, per cent, per day or year]."""
    return [Agreed(date.fromisoformat(since), Decimal(percent), per) for since, percent, per in kept or ()]


def rate_of(agreed: Iterable[Agreed], small: bool, last: date, book: Book) -> Rate | None:
    """By which rate lateness is reckoned of what was due on `last`: the one agreed by then, else, for a small firm, the law's. None where neither is."""
    held = sorted((one for one in agreed if one.since <= last), key=lambda one: one.since)
    if held:
        one = held[-1]
        reckoned = book.rule(DAYS_OF_YEAR, last).basis if one.per == YEAR else None
        return Rate(one.percent / _days(last, book) if one.per == YEAR else one.percent, None, one, reckoned)
    rule = book.rule_if_any("sme.daily_interest", last) if small else None
    return Rate(rule.percent, rule.basis) if rule is not None and rule.percent is not None else None


def yearly(percent: Decimal, per: str, on: date, book: Book) -> Decimal:
    """A rate in per cent a year."""
    return percent if per == YEAR else percent * _days(on, book)


def _days(on: date, book: Book) -> int:
    return int(book.rule(DAYS_OF_YEAR, on).value or 0)


class Stretch(NamedTuple):
    """Days from `first` through `last` on which the same amount is unpaid. `interest` is exact, not rounded to cents."""

    first: date
    last: date
    unpaid: Decimal
    interest: Decimal

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def daily(self) -> Decimal:
        return self.interest / self.days


def stretches(value: Decimal, paid: Iterable[tuple[date, Decimal]], last: date, through: date, percent: Decimal) -> list[Stretch]:
    """From the day after `last`, the due day, through the day asked about. What is paid on a day is not unpaid on it.

    `percent` is the rate of a day, in per cent. Payments in another order, or above the value, do no harm.
    """
    steps = sorted(paid)
    begin, unpaid, found = last + _DAY, value, list[Stretch]()
    for on, amount in [*steps, (through + _DAY, Decimal(0))]:
        end = min(on - _DAY, through)
        if unpaid > 0 and begin <= end:
            found.append(Stretch(begin, end, unpaid, unpaid * percent / 100 * ((end - begin).days + 1)))
        begin, unpaid = max(begin, on), unpaid - amount
    return found


def day_by_day(found: Iterable[Stretch]) -> Iterator[tuple[date, Decimal, Decimal, Decimal]]:
    """(day, unpaid, the day's interest, all so far), exact."""
    total = Decimal(0)
    for one in found:
        for n in range(one.days):
            total += one.daily
            yield one.first + n * _DAY, one.unpaid, one.daily, total


def cents(amount: Decimal) -> Decimal:
    """As it is told: halves away from nothing."""
    return amount.quantize(CENT, ROUND_HALF_UP)
