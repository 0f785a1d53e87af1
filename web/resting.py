"""Resting: the rules of the packs on which an act would rest if it were done now, as the act's own rules ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

import msgspec

from domain.actor import Actor
from domain.breach.case import Case, Law
from domain.breach.commands.common import DECIDERS
from domain.breach.rules import MAY as CASE_MAY
from domain.breach.trying import refused as refused_in_case
from domain.policy.book import Book
from domain.policy.heard import Heard, Question
from domain.policy.tables import Row
from domain.repair.repair import Repair
from domain.repair.rules import MAY as REPAIR_MAY
from domain.repair.trying import refused as refused_in_repair
from domain.rules import Basis
from projections.cards.plain import Json
from web.office import Office

ACTS: Mapping[str, Mapping[str, Any]] = {"cases": CASE_MAY, "repairs": REPAIR_MAY}


def rests_on(office: Office, actor: Actor, on: str, act: str | None, stream: UUID, beside: Iterable[Json] = ()) -> list[Json]:
    """BASIS of every rule that the act's own rules ask about when it is tried now, and those told `beside` it; the unconfirmed first, each once."""
    asked = _asked(office, actor, on, act, stream) if act in ACTS.get(on, {}) else []
    found = [*(dict(msgspec.to_builtins(one)) for one in asked), *beside]
    each = {(one["pack"], one["version"], one["rule"]): one for one in found if one["pack"] not in ("contract", "decision", "commitment")}
    return sorted(each.values(), key=lambda one: (one["status"] == "confirmed", one["pack"], one["rule"]))


def _asked(office: Office, actor: Actor, on: str, act: str | None, stream: UUID) -> list[Basis]:
    heard: Any = Heard(office.book)
    law = Law(heard, office.today, actor.account, actor.regions(DECIDERS))
    if on == "cases":
        refused_in_case(office.ledger.get(Case, stream), str(act), law)
    else:
        repair = office.ledger.get(Repair, stream)
        refused_in_repair(repair, office.ledger.find(Case, repair.case) if repair.case else None, str(act), law)
    return [basis for question in heard.asked for basis in _bases(office.book, question)]


def _bases(book: Book, question: Question) -> Iterator[Basis]:
    """What an answer of the book carries; nothing where it has no answer."""
    name, given, named = question
    try:
        answer = getattr(book, name)(*given, **dict(named))
    except (LookupError, ValueError):
        return
    if isinstance(answer, Row) and not isinstance(getattr(answer, "basis", None), Basis):
        yield book.row_basis(answer, given[-1])
        return
    for part in answer if isinstance(answer, tuple) else (answer,):
        carried = part if isinstance(part, Basis) else getattr(part, "basis", None)
        yield from (one for one in (carried if isinstance(carried, list | tuple) else [carried]) if isinstance(one, Basis))
