"""Whether the packs in force on a day fit together: every code that one of them names stands where it must."""

from collections.abc import Iterator
from datetime import date

import msgspec

from domain.policy.book import Book
from domain.policy.pack import Pack
from domain.policy.tables import Behaviour, CheckItem, ContractType, DecisionClass, DecisionName, DecisionPoints

_PENALTY_LISTS = ("hearing_for", "hearing_for_other", "legal_review_for", "collective_for")


class LooseEnd(msgspec.Struct, frozen=True):
    """A code that a pack names at some place, and that nothing in force answers to."""

    pack: str
    where: str
    code: str


def loose_ends(book: Book, on: date) -> list[LooseEnd]:
    """Every loose end on a day. Raises NoPackInForce when a family has no pack on it."""
    behaviours, repair, credit, penalty, office = (
        book.pack(family, on) for family in ("behaviours", "repair", "credit", "penalty", "office")
    )
    types = {row.code for row in behaviours.rows(DecisionName)}
    classed = {row.code for row in repair.rows(DecisionClass)}
    named: list[tuple[Pack, str, str, set[str]]] = [
        *((behaviours, row.code, code, types) for row in behaviours.rows(Behaviour) for code in row.decision_types),
        *((behaviours, "decision_types", code, classed) for code in types),
        *((repair, "decision_classes", code, types) for code in classed),
        *((credit, "decision_points", row.code, types) for row in credit.rows(DecisionPoints)),
        *((penalty, f"penalty.{name}", code, types) for name in _PENALTY_LISTS for code in _listed(penalty, name)),
        *((repair, "repair.class", name, _classes(repair)) for name in _used(repair)),
        *_check_items(office),
    ]
    return [LooseEnd(pack.key, where, code) for pack, where, code, known in named if code not in known]


def _listed(penalty: Pack, name: str) -> tuple[str, ...]:
    rule = penalty.rules.get(f"penalty.{name}")
    return rule.items or () if rule else ()


def _used(repair: Pack) -> set[str]:
    return {row.national_class for row in repair.rows(DecisionClass)}


def _classes(repair: Pack) -> set[str]:
    start = "repair.class."
    return {name.removeprefix(start) for name in repair.rules if name.startswith(start)}


def _check_items(office: Pack) -> Iterator[tuple[Pack, str, str, set[str]]]:
    types = {row.code for row in office.rows(ContractType)} | {"all"}
    return ((office, row.code, code, types) for row in office.rows(CheckItem) for code in row.applies)
