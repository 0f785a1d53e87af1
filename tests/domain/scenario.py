"""given(what has happened).when(an act).then(what happens) — or .refused(by which rule); and tables of refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest

from domain.aggregate import Aggregate
from domain.events import Event, Told
from domain.rules import RuleBroken

STREAM = UUID(int=1)


def given(kind: type[Aggregate], *happened: Event) -> Given:
    """An aggregate to which this has happened."""
    return Given(kind, happened)


class Given:
    def __init__(self, kind: type[Aggregate], happened: Iterable[Event]) -> None:
        told = [Told(STREAM, version, event) for version, event in enumerate(happened, 1)]
        self.aggregate: Any = kind.folded(None, told) or kind(STREAM)

    def when(self, act: Callable[[Any], Any]) -> When:
        return When(self.aggregate, act)


class When:
    def __init__(self, aggregate: Any, act: Callable[[Any], Any]) -> None:
        self.aggregate, self.act = aggregate, act

    def then(self, *expected: tuple[type[Event], dict[str, Any]]) -> None:
        """Exactly these events, in order, each with these fields among its own."""
        self.act(self.aggregate)
        happened = [one.event for one in self.aggregate.pending_events]
        assert [type(one) for one in happened] == [kind for kind, _ in expected]
        for event, (_, fields) in zip(happened, expected, strict=True):
            assert {name: getattr(event, name) for name in fields} == fields

    def refused(self, *codes: str) -> None:
        """By these rules and no others, and nothing has happened."""
        with pytest.raises(RuleBroken) as refusal:
            self.act(self.aggregate)
        assert {one.code for one in refusal.value.broken} == set(codes)
        assert self.aggregate.pending_events == []


# -- tables of refusals


def rules_of(module: ModuleType) -> set[str]:
    """The codes of every rule that stands in a tuple of the module."""
    tuples = [value for name, value in vars(module).items() if name.isupper() and isinstance(value, tuple)]
    return {rule.__name__ for one in tuples for rule in one if callable(rule)}


def broken_by(act: Callable[[], Any]) -> set[str]:
    """The rules that refuse an act."""
    with pytest.raises(RuleBroken) as refusal:
        act()
    for one in refusal.value.broken:
        assert one.said, f"{one.code} has nothing to say"
        assert "{" not in one.said, f"{one.code} leaves a gap: {one.said}"
    return {one.code for one in refusal.value.broken}
