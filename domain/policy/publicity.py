"""How long an industry's credit regime publishes a record: a range of months, longer when bad records are repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import msgspec

from domain.policy.book import Book
from domain.policy.missing import NoPackInForce, NoSuchRule
from domain.policy.pack import Basis, Rule

REGIMES = ("credit", "municipal-credit")  # hydraulic works; municipal works
WORKS: Mapping[str | None, tuple[str, ...]] = {"hydraulic": ("credit",), "municipal": ("municipal-credit",)}
EVERY = "bad"  # the class of a regime that does not tell classes apart


def regimes_of(works: str | None) -> tuple[str, ...]:
    """The credit regimes that records of such works come under: either, where it was not said which."""
    return WORKS.get(works, REGIMES)


def regime_of(works: str | None) -> str:
    """The one that classes a decision: the hydraulic one, unless the works are municipal."""
    return regimes_of(works)[0]


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """The last day of publicity lies between `least` and `most`, both counted from the decision.

    `repeats` are the days of later bad records that lengthen it: within the shortest period, or only within the longest.
    """

    regime: str
    least: date
    most: date
    repeats: tuple[date, ...]
    basis: tuple[Basis, ...]


@lru_cache(maxsize=2048)  # a page asks of each record of a party, and why it is so of each again
def period(book: Book, regime: str, industry_class: str, decided_on: date, later: tuple[date, ...] = ()) -> Period | None:
    """What the regime in force on the decision's day makes of a record; None where it says nothing of it.

    `later`: the days of the party's later bad records, each of which lengthens a period that it falls into.
    """
    try:
        rules = book.pack(regime, decided_on).rules
    except NoPackInForce:
        return None
    rule = rules.get(f"{regime}.publicity.{industry_class}") or rules.get(f"{regime}.publicity.{EVERY}")
    if rule is None:
        return None
    repeat = rules.get(f"{regime}.publicity.repeat")
    shortest = _lengthened(book, decided_on, rule.min_months or 0, repeat.min_months or 0 if repeat else 0, later)
    longest = _lengthened(book, decided_on, rule.max_months or 0, repeat.max_months or 0 if repeat else 0, later)
    return Period(
        regime=regime,
        least=shortest[0],
        most=longest[0],
        repeats=tuple(dict.fromkeys((*shortest[1], *longest[1]))),
        basis=_basis(rule, repeat if longest[1] else None),
    )


def _lengthened(book: Book, start: date, months: int, more: int, later: Sequence[date]) -> tuple[date, list[date]]:
    """The last day after so many months, and which later records fell into the period while it ran."""
    end, fell = _after(book, start, months), []
    for day in sorted(later):
        if more and start < day <= end:
            end = _after(book, end, more)
            fell.append(day)
    return end, fell


def _after(book: Book, start: date, months: int) -> date:
    return book.period(start, months, "months", with_days=False, roll=False).on if months else start


def _basis(*rules: Rule | None) -> tuple[Basis, ...]:
    return tuple(rule.basis for rule in rules if rule is not None)


# -- when publicity ends


def needs_fulfilment(book: Book, decided_on: date) -> bool:
    """By the switch in force on the decision's day: does publicity outlast its last day until the decision is fulfilled?"""
    try:
        rule = book.rule_if_any("publicity.expiry_needs_fulfilment", decided_on)
    except NoSuchRule:
        return False
    return rule is not None and bool(rule.value)


def shown_until(last_day: date | None, fulfilled_on: date | None, needs: bool) -> date | None:
    """The last day on which a record is shown: that of its class, or where it needs it the later day of its fulfilment.

    What still waits for its fulfilment (`needs`, and nothing fulfilled) is shown beyond the day that this gives.
    """
    return max(last_day, fulfilled_on) if needs and last_day is not None and fulfilled_on is not None else last_day
