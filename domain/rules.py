"""A rule is a named predicate: its name is its code, its docstring the sentence that a person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeVar

import msgspec


class Basis(msgspec.Struct, frozen=True):
    """What a decision rests on: the rule, the pack and version it stands in, the clause of the law, how sure it is."""

    pack: str
    version: int
    rule: str
    clause: str
    status: str


class Verdict(NamedTuple):
    """Does a rule hold; and if not, what its sentence needs, which clause it rests on, from when it would hold."""

    holds: bool
    basis: Basis | None
    earliest: date | None
    values: Mapping[str, Any]


def that(holds: bool, *, basis: Basis | None = None, earliest: date | None = None, **values: Any) -> Verdict:
    """A verdict with what the sentence of the rule needs to be said."""
    return Verdict(holds, basis, earliest, values)


Rule = Callable[..., "bool | Verdict"]
R = TypeVar("R", bound=Rule)


def at(pointer: str) -> Callable[[R], R]:
    """Say which field of the command a rule is about, as a JSON pointer."""

    def point(rule: R) -> R:
        rule.pointer = pointer  # type: ignore[attr-defined]
        return rule

    return point


class Broken(msgspec.Struct, frozen=True):
    """One broken rule as it is told: code, sentence and its values, where, under which clause, from when it holds."""

    code: str
    sentence: str
    pointer: str | None = None
    basis: Basis | None = None
    earliest: date | None = None
    values: Mapping[str, Any] = {}

    @property
    def said(self) -> str:
        return self.sentence.format_map(self.values)


class RuleBroken(Exception):
    """A command was refused; nothing has been recorded. All broken rules of the command are told together."""

    def __init__(self, broken: list[Broken]) -> None:
        super().__init__(" ".join(one.said for one in broken))
        self.broken = broken


def ask(rule: Rule, *subjects: Any) -> Broken | None:
    """What is to be told of one rule, or None when it holds."""
    answer = rule(*subjects)
    verdict = answer if isinstance(answer, Verdict) else that(answer)
    if verdict.holds:
        return None
    sentence = (rule.__doc__ or rule.__name__).strip()
    values = verdict.values if verdict.earliest is None else {"earliest": verdict.earliest, **verdict.values}
    return Broken(rule.__name__, sentence, getattr(rule, "pointer", None), verdict.basis, verdict.earliest, values)


def hold(rules: Iterable[Rule], *subjects: Any) -> None:
    """Refuse unless every rule holds of the subjects, naming all that do not."""
    hold_all((rules, *subjects))


def hold_all(*asked: tuple[Any, ...]) -> None:
    """The same of several steps that one command takes: each its rules, then their subjects. What is broken is told together, each once."""
    wrong = [told for rules, *subjects in asked for rule in rules if (told := ask(rule, *subjects)) is not None]
    if wrong:
        raise RuleBroken(list({(one.code, one.pointer): one for one in wrong}.values()))


def holding(rules: Iterable[Rule], *subjects: Any) -> bool:
    """Would all of these rules hold? (For showing what may be done, not for deciding.)"""
    return all(ask(rule, *subjects) is None for rule in rules)
