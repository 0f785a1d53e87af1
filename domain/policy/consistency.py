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


def misfits(book: Book, pack: Pack) -> list[str]:
    """Why a book with this pack would not serve: names of two families, rules that its forerunner has and it has not, codes left loose."""
    since = pack.head.effective_from
    try:
        after = book.with_pack(book.changed_at + 1, pack)
        before = book.pack_if_any(pack.head.family, max(since, _known_since(book)))
        missing = sorted(before.rules.keys() - pack.rules.keys()) if before else []
        loose = {(one.where, one.code) for one in loose_ends(after, max(since, _known_since(after)))}
        known = {(one.where, one.code) for one in loose_ends(book, max(since, _known_since(book)))}
        if pack.head.family == "calendar":
            after.calendar(since)
    except (ValueError, LookupError) as why:
        return [str(why)]
    return [*missing, *(f"{where} {code}" for where, code in sorted(loose - known))]


def _known_since(book: Book) -> date:
    """The first day on which every family that decisions need has a pack."""
    return max(min(pack.head.effective_from for _, pack in book.packs if pack.head.family == family)
               for family in ("behaviours", "repair", "credit", "penalty", "office"))  # fmt: skip


def loose_ends(book: Book, on: date) -> list[LooseEnd]:
    """Every loose end on a day. Raises NoPackInForce when a family has no pack on it."""
    behaviours, repair, credit, penalty, office = (book.pack(family, on) for family in ("behaviours", "repair", "credit", "penalty", "office"))
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
