"""Fields that are sums: the events of which each addend is told, so that the fewest with the same sum can be found exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.contract.events import PaymentMade
from domain.events import Event, Told
from domain.values.money import Money

SUMS: dict[tuple[str, str], type[Event]] = {("contracts", "paid"): PaymentMade}


def addends_of(kind: str, steps: Sequence[Any], told: Sequence[Told]) -> list[list[int]] | None:
    """The log positions of each addend (what was said, and its corrections), of one stream; None where the field is no sum of these alone.

    Amounts of several currencies are not added up: which of them counts depends on more than the payments.
    """
    wanted = SUMS.get((kind, str(steps[0]))) if len(steps) == 1 else None
    amounts = [value for one in told if isinstance(value := getattr(one.event, "value", None), Money)]
    if wanted is None or len({one.currency for one in amounts}) != 1 or getattr(told[0].event, "value", None) is None:
        return None
    groups: dict[int, list[int]] = {}
    root: dict[int, int] = {}
    for one in told:
        first = root[one.version] = root.get(one.event.corrects, one.event.corrects) if one.event.corrects is not None else one.version
        if isinstance(one.event, wanted):
            groups.setdefault(first, []).append(one.position)
    return list(groups.values())
