"""机构卡片 — what an authority's own stream as an organisation of this installation says of it, as plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from domain.access.events import OrganisationRegistered, OverdueDisclosed
from domain.events import Told
from projections.cards.plain import Depth, Json, day, loops_of, money

if TYPE_CHECKING:
    from domain.policy.book import Book


def organisation_card(told: Sequence[Told], book: Book, on: date, version: int, position: int, depth: Depth = "days") -> Json | None:
    """ORGANISATION as seen on a day; None when none of its events is known. What it made public, the latest last."""
    if not told or not isinstance(told[0].event, OrganisationRegistered):
        return None
    card: Json = {"disclosed": []}
    for one in told:
        match one.event:
            case OrganisationRegistered() as e:
                card.update(scheme=e.scheme, code=e.code, ref=f"{e.scheme}:{e.code}", name=e.name, region=e.region)
                card.setdefault("registered_on", day(e.on))
            case OverdueDisclosed() as e:
                card["disclosed"].append({"year": e.year, "contracts": e.contracts, "amount": money(e.amount), "place": e.place,
                                          "disclosed_on": day(e.disclosed_on), "position": one.position})  # fmt: skip
    stream = told[0].stream
    return {"id": str(stream), **card, "loops": loops_of(stream, "organisation", told, book, on, depth), "version": version, "position": position}
