"""The smallest set of events that alone gives an answer: found by leaving events out and asking again."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from math import comb
from typing import Literal, NamedTuple

Ask = Callable[[frozenset[int]], Hashable]  # the answer that a set of events alone gives
Proof = Literal["all", "relevant", "needed"]
BUDGET = 5_000  # sets asked about, at most, to prove that none is smaller
NEIGHBOURS = 40  # events of a stream that are tried two by two


class Found(NamedTuple):
    """The set, by ascending position, and how sure it is that none is smaller (nor, of its size, earlier).

    `all`: every other was asked about. `relevant`: every other of the events that made a difference anywhere.
    `needed`: too many for that; none of its events can be left out.
    """

    chosen: tuple[int, ...]
    proof: Proof


def smallest(ask: Ask, streams: Iterable[Sequence[int]], budget: int = BUDGET) -> Found:
    """The smallest set of the events of some streams that gives the answer which all of them give."""
    listed = [sorted(one) for one in streams]
    events = sorted(each for one in listed for each in one)
    wanted = ask(frozenset(events))
    needed = reduced(ask, events, wanted)
    if _sets(len(events), len(needed)) <= budget:
        return Found(_first(ask, events, len(needed), wanted), "all")
    if _sets(len(needed), len(needed)) > budget:
        return Found(tuple(needed), "needed")
    relevant = sorted(relevance(ask, listed, needed))
    if _sets(len(relevant), len(needed)) <= budget:
        return Found(_first(ask, relevant, len(needed), wanted), "relevant")
    return Found(tuple(needed), "needed")


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


__all__ = ["BUDGET", "Ask", "Found", "Proof", "closed", "reduced", "relevance", "smallest"]
