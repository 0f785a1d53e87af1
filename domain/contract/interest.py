"""逾期利息: what late payment to a small firm costs, day by day, on what is unpaid on each day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

CENT = Decimal("0.01")
_DAY = timedelta(days=1)


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
