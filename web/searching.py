"""Searching: what a case or an application is about, in which the words of a question may stand as well as in itself."""

from __future__ import annotations

from projections import cases, contracts, parties
from projections.search import About
from projections.temporal.moment import Moment


def about_case(moment: Moment) -> About:
    """Its contract (number, name, sides) and its party (code, names)."""
    return About(lambda word: contracts.matching(moment, word), lambda word: parties.matching(moment, word))


def about_repair(moment: Moment) -> About:
    """The same, of the case that it came of."""
    return About(lambda word: cases.under(moment, contracts.matching(moment, word)), lambda word: parties.matching(moment, word))
