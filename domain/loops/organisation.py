"""The loop of an authority itself: each year, what it owes small firms overdue is made public."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from domain.access.events import OrganisationRegistered, OverdueDisclosed
from domain.events import Event
from domain.loops.shape import Facts, Loop, Opening
from domain.policy.missing import NoSuchRule

if TYPE_CHECKING:
    from domain.policy.book import Book

RULE = "sme.disclosure"  # its value is a day of the year, MM-DD


def note_year(event: Event, facts: Facts, book: Book) -> None:
    """Which year is to be made public next, and whether this event opens it. The years follow one another: the next waits for the one before."""
    opens: int | None = None
    match event:
        case OrganisationRegistered() if "disclosing" not in facts:
            opens = event.on.year  # of the years before nothing is known here
        case OverdueDisclosed():
            facts["disclosed"] = [*facts.get("disclosed", []), event.year]
            if facts.get("disclosing") == event.year:
                opens = event.year + 1
                while opens in facts["disclosed"]:
                    opens += 1
    if opens is not None and day_of(opens + 1, book) is not None:
        facts["disclosing"] = opens
        facts["disclosure_opens"] = True
    else:
        facts.pop("disclosure_opens", None)


def day_of(year: int, book: Book) -> date | None:
    """The day in a year until which the year before is to be made public; None while no law says so."""
    try:
        rule = book.rule_if_any(RULE, date(year, 1, 1))
    except NoSuchRule:
        return None
    return date.fromisoformat(f"{year}-{rule.value}") if rule is not None else None


def _next(event: Any, facts: Facts) -> Iterable[Opening]:
    if facts.get("disclosure_opens"):
        year = facts["disclosing"]
        yield Opening(str(year), start=date(year + 1, 1, 1), rule=RULE, title=str(year))


ORGANISATION: tuple[Loop, ...] = (
    Loop(
        "disclosure",
        "逾期款项公开",
        "checks",
        "authority",
        "disclosures",
        {OrganisationRegistered: _next, OverdueDisclosed: _next},
        {OverdueDisclosed: lambda e, f: [str(e.year)]},
        holds_case=False,
    ),
)
