"""The smallest set of events that alone gives an answer: found by leaving events out and asking again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from math import comb
from typing import Literal, NamedTuple

Ask = Callable[[frozenset[int]], Hashable]  # the answer that a set of events alone gives
Proof = Literal["all", "sum", "relevant", "each", "needed"]
SUREST: tuple[Proof, ...] = ("all", "sum", "relevant", "each", "needed")
BUDGET = 5_000  # sets asked about, at most, to prove that none is smaller
WORDINGS = 8  # events of one addend that are tried in every combination
NEIGHBOURS = 40  # events of a stream that are tried two by two


class Found(NamedTuple):
    """The set, by ascending position, and how sure it is that none is smaller (nor, of its size, earlier).

    `all`: every other was asked about. `sum`: no fewer and no earlier addends make the sum. `relevant`: every other of the events
    that made a difference anywhere was asked about. `each`: too many for that; left out of all that happened, each of its events alone
    changes the answer. `needed`: none of its events can be left out of it.
    """

    chosen: tuple[int, ...]
    proof: Proof


def smallest(ask: Ask, streams: Iterable[Sequence[int]], budget: int = BUDGET, apart: bool = False) -> Found:
    """The smallest set of the events of some streams that gives the answer which all of them give.

    `apart`: what one stream gives stands in the answer by itself, whatever the others give; so each is searched alone.
    """
    listed = [sorted(one) for one in streams]
    if apart and len(listed) > 1:
        return _apart(ask, listed, budget)
    events = sorted(each for one in listed for each in one)
    wanted = ask(frozenset(events))
    needed = reduced(ask, events, wanted)
    if _sets(len(events), len(needed)) <= budget:
        return Found(_first(ask, events, len(needed), wanted), "all")
    if _sets(len(needed), len(needed)) > budget:
        return _unproved(ask, events, needed, wanted)
    relevant = sorted(relevance(ask, listed, needed))
    if _sets(len(relevant), len(needed)) <= budget:
        return Found(_first(ask, relevant, len(needed), wanted), "relevant")
    return _unproved(ask, events, needed, wanted)


def _unproved(ask: Ask, events: Iterable[int], needed: Sequence[int], wanted: Hashable) -> Found:
    everything = frozenset(events)
    return Found(tuple(needed), "each" if all(ask(everything - {one}) != wanted for one in needed) else "needed")


def _apart(ask: Ask, streams: Sequence[Sequence[int]], budget: int) -> Found:
    everything = frozenset(each for one in streams for each in one)
    found = [_beside(ask, everything.difference(one), one, budget // len(streams)) for one in streams]
    chosen = tuple(sorted(each for one in found for each in one.chosen))
    return Found(chosen, max((one.proof for one in found), key=SUREST.index))


def _beside(ask: Ask, others: frozenset[int], stream: Sequence[int], budget: int) -> Found:
    return smallest(lambda some: ask(others | some), [stream], budget)


def addends(worth: Callable[[frozenset[int]], Decimal], groups: Sequence[Sequence[int]], budget: int = BUDGET) -> Found | None:
    """The smallest set of events with the same sum as all of them, where the sum is that of groups of events (a payment and its corrections),
    each worth what it is worth whatever else happened. None where there is too much to try.
    """
    if any(len(one) > WORDINGS for one in groups):
        return None
    choices = [_choices(worth, sorted(one)) for one in groups]
    target = sum((worth(frozenset(one)) for one in groups), Decimal(0))
    reached: dict[Decimal, tuple[int, ...]] = {Decimal(0): ()}
    for n, choice in enumerate(choices):
        least = target - sum((max(one) for one in choices[n + 1 :]), Decimal(0))
        most = target - sum((min(one) for one in choices[n + 1 :]), Decimal(0))
        further: dict[Decimal, tuple[int, ...]] = {}
        for total, chosen in reached.items():
            for value, events in choice.items():
                if least <= total + value <= most:  # else nothing that follows leads to the sum
                    other = tuple(sorted(chosen + events))
                    further[total + value] = min(further.get(total + value, other), other, key=_order)
        reached = further
        if len(reached) > budget:
            return None
    return Found(reached[target], "sum")


def _choices(worth: Callable[[frozenset[int]], Decimal], group: Sequence[int]) -> dict[Decimal, tuple[int, ...]]:
    """What the events of a group can be worth, each with the first of the smallest sets that are worth it."""
    found: dict[Decimal, tuple[int, ...]] = {}
    for size in range(len(group) + 1):
        for some in combinations(group, size):
            found.setdefault(worth(frozenset(some)), some)
    return found


def _order(events: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return len(events), events


def reduced(ask: Ask, events: Sequence[int], wanted: Hashable) -> list[int]:
    """A set none of whose events can be left out: later ones are left out first, in halves, then one by one."""
    kept, size = list(events), max(1, len(events) // 2)
    while True:
        before, end = len(kept), len(kept)
        while end > 0:
            rest = kept[: max(0, end - size)] + kept[end:]
            kept = rest if len(rest) < len(kept) and ask(frozenset(rest)) == wanted else kept
            end -= size
        if size == 1 and len(kept) == before:
            return kept
        size = size if size == 1 else size // 2


def relevance(ask: Ask, streams: Sequence[Sequence[int]], needed: Sequence[int]) -> set[int]:
    """The events whose presence changes the answer somewhere: alone, beside all others, beside the needed, beside one other."""
    everything = frozenset(each for one in streams for each in one)
    beside = [frozenset[int](), everything, frozenset(needed), *(frozenset(needed) - {one} for one in needed)]

    def differs(event: int, rest: frozenset[int]) -> bool:
        return ask(rest | {event}) != ask(rest - {event})

    found = set(needed)
    for stream in streams:
        found |= {event for event in stream if any(differs(event, rest) for rest in beside)}
    for stream in streams:
        others = stream if len(stream) <= NEIGHBOURS else [one for one in stream if one in found]
        found |= {event for event in stream if event not in found
                  and any(differs(event, rest) for other in others if other != event for rest in (frozenset({other}), everything - {other}))}  # fmt: skip
    return found


def _sets(events: int, size: int) -> int:
    return sum(comb(events, n) for n in range(size + 1))


def _first(ask: Ask, events: Sequence[int], size: int, wanted: Hashable) -> tuple[int, ...]:
    """The first set, of the smallest size and then of the lowest positions, that gives the wanted answer."""
    every = (one for n in range(size + 1) for one in combinations(events, n) if ask(frozenset(one)) == wanted)
    return next(every)


def closed(chosen: Iterable[int], births: Mapping[int, int]) -> frozenset[int]:
    """The set with the births of its streams. `births`: of each event, the position of its stream's first."""
    return frozenset(each for one in chosen for each in (one, births[one]))


__all__ = ["BUDGET", "Ask", "Found", "Proof", "addends", "closed", "reduced", "relevance", "smallest"]
