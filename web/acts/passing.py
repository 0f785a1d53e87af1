"""Handing a body's fields to a command as they are: most doings are no more than that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from domain.act import Act
from web.acts.doing import Body, Outcome, Run, Target

WAYS = ("money", "contractor", "obligation", "term", "item", "security", "late_rate", "proposed", "document", "missing")


def plain(value: Any) -> Any:
    """A body's value as the domain's own record."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, Body):
        for way in WAYS:
            if hasattr(value, way) and callable(getattr(value, way)):
                return getattr(value, way)()
    return value


def passes(command: Callable[..., Any], *places: str, beside: str = "", renamed: Mapping[str, str] | None = None) -> Run:
    """`places` are names in the address that follow the id; `beside` names the id that the command gives beside its aggregate."""
    names = dict(renamed or {})

    def run(act: Act, target: Target, body: Any) -> Outcome:
        fields = {names.get(name, name): plain(getattr(body, name)) for name in type(body).model_fields}
        named = [target.places[place] if place in ("ref", "measure") else target.uuid(place) for place in places]
        result = command(act, target.id, *named, **fields)
        aggregate, other = result if isinstance(result, tuple) else (result, None)
        return Outcome(aggregate.id, {beside: other} if beside else {})

    return run
