"""A question about one resource: the answer that some of the events of its streams give, by the product's own folds and rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from domain.breach.case import Case, Law
from domain.breach.trying import refused as refused_in_case
from domain.events import Told
from domain.policy.book import Book
from domain.repair.repair import Repair
from domain.repair.trying import APPLY, not_yet
from domain.repair.trying import refused as refused_in_repair
from domain.rules import Broken
from domain.smallest import Found, addends, closed, smallest
from projections.cards.case import case_card
from projections.cards.commitment import commitment_card
from projections.cards.contract import contract_card
from projections.cards.organisation import organisation_card
from projections.cards.party import party_card
from projections.cards.plain import Depth, Json, urgent_first
from projections.cards.repair import repair_card
from projections.cards.standing import standing_card
from projections.recall import until
from projections.temporal.moment import Moment
from projections.why.field import MISSING, Step, follow
from projections.why.sums import addends_of

CARDS: Mapping[str, Callable[..., Json | None]] = {"contracts": contract_card, "cases": case_card, "repairs": repair_card, "commitments": commitment_card,
                                               "organisations": organisation_card}  # fmt: skip
BESIDE = {"loops", "cases", "repairs"}  # what a resource tells of other streams than its own
APART = {("contracts", "loops"), ("contracts", "cases"), ("cases", "loops"), ("cases", "repairs")}  # lists of what each stream gives by itself
DEPTHS: Mapping[str, Depth] = {"loops": "due", "due": "due", "waiting_for": "due", "payments": "terms"}  # what else is told from no loops or terms
Refuse = Callable[[str], list[Broken]]


class Known(NamedTuple):
    """A stream that the question may look at: its kind, everything that is known of it, and whether whoever asks may read it."""

    kind: str
    told: list[Told]
    readable: bool = True


@dataclass(frozen=True)
class Subject:
    """What is asked about: the streams concerned, the moment, the law as it was known then, and who asks.

    `bars`: what refuses an act to this person whatever happened (a role that is not theirs).
    """

    kind: str
    main: UUID
    streams: Mapping[UUID, Known]
    moment: Moment
    book: Book
    by: str
    regions: frozenset[str] = frozenset()
    bars: Refuse = lambda act: []


@dataclass
class Question:
    """One field of a subject; `act` instead, where it asks whether something may be done."""

    subject: Subject
    steps: Sequence[Step]
    act: str | None = None
    depth: Depth = "none"
    day: date = date.min
    extra: Sequence[Told] = ()  # what is only supposed to have happened besides
    _cards: dict[Any, Json | None] = field(default_factory=dict, init=False)
    _answers: dict[frozenset[int], Hashable] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        root = self.steps[0] if self.steps else ""
        self.day = self.day if self.day != date.min else self.subject.moment.day
        self.depth = (DEPTHS.get(str(root), "none")) if self.depth == "none" else self.depth
        mine = self.subject.streams if self._looks_beside(root) else {self.subject.main: self.subject.streams[self.subject.main]}
        self._events = {one.position: one for known in mine.values() for one in known.told}
        self._kinds = {stream: known.kind for stream, known in mine.items()}
        self.births = {one.position: known.told[0].position for known in mine.values() for one in known.told}
        self.birth = mine[self.subject.main].told[0].position

    def _looks_beside(self, root: Step) -> bool:
        return root in BESIDE or self.act is not None or self.subject.kind == "standing"

    # -- asking

    def ask(self, chosen: frozenset[int]) -> Hashable:
        """The answer of some events, with the births of their streams, as something that can be compared."""
        if chosen not in self._answers:
            self._answers[chosen] = self._comparable(closed(chosen, self.births) | {self.birth})
        return self._answers[chosen]

    def _comparable(self, positions: frozenset[int]) -> Hashable:
        if self.act is not None:
            return tuple(one.code for one in self.refused(positions))
        value = self.value(positions)
        return None if value is MISSING else msgspec.json.encode(value)

    @property
    def every(self) -> frozenset[int]:
        return frozenset(self._events)

    def value(self, positions: frozenset[int] | None = None) -> Any:
        """The field as these events (none said: all) tell it; MISSING where it is not there."""
        return follow(self._whole(self._told(positions)), self.steps)

    def shown(self) -> Any:
        """The value as JSON; None where it is not there."""
        value = self.value()
        return None if value is MISSING else value

    @property
    def has_it(self) -> bool:
        return self.value() is not MISSING

    def open_loops(self) -> list[Json]:
        """What is open in the streams looked at, the most urgent first."""
        then = replace(self, depth="due")
        cards = [then._card(stream, told) for stream, told in then._told(None).items()]
        return urgent_first(loop for card in cards if card is not None for loop in card.get("loops", ()))

    def least(self) -> Found:
        """The smallest set of events that gives the answer; the birth of the subject's own stream stands beside every set."""
        if (groups := addends_of(self.subject.kind, self.steps, list(self._events.values()))) is not None:
            summed = addends(self._worth, groups)
            if summed is not None and self.ask(frozenset(summed.chosen)) == self.ask(self.every):
                return summed
        own: dict[UUID, list[int]] = {}
        for position, one in self._events.items():
            if position != self.birth:
                own.setdefault(one.stream, []).append(position)
        return smallest(self.ask, own.values(), apart=self.act is None and (self.subject.kind, self.steps[0]) in APART)

    def _worth(self, positions: frozenset[int]) -> Decimal:
        value = self.value(closed(positions, self.births) | {self.birth})
        return Decimal(value["amount"])

    def named(self, found: Found) -> list[tuple[Told, bool]]:
        """The events of a set in the order of the log, and of each whether it stands there as the birth of its stream alone."""
        chosen = set(found.chosen)
        return [(self._events[one], one not in chosen) for one in sorted(closed(found.chosen, self.births) | {self.birth})]

    # -- telling

    def _told(self, positions: frozenset[int] | None) -> dict[UUID, list[Told]]:
        found: dict[UUID, list[Told]] = {}
        for position in sorted(self._events if positions is None else positions):
            one = self._events[position]
            found.setdefault(one.stream, []).append(one)
        for one in self.extra:
            if one.stream in found:
                found[one.stream].append(one)
        return found

    def _whole(self, told: Mapping[UUID, list[Told]]) -> Json:
        kind, main = self.subject.kind, self.subject.main
        cards = {stream: card for stream, each in told.items() if (card := self._card(stream, each)) is not None}
        whole = dict(cards.get(main) or {})
        if kind == "contracts":
            whole["cases"] = [str(one) for one in cards if self._kinds[one] == "cases"]
        if kind == "cases":
            whole["repairs"] = [str(one) for one in cards if self._kinds[one] == "repairs"]
        if kind in ("contracts", "cases") and self.depth in ("days", "due"):
            whole["loops"] = urgent_first(each for card in cards.values() for each in card["loops"])
        if kind == "standing" and whole:
            return standing_card(whole, [card for stream, card in cards.items() if stream != main], self.subject.book, self.day)
        return whole

    def _card(self, stream: UUID, told: list[Told]) -> Json | None:
        key = (stream, tuple(one.position for one in told))
        if key not in self._cards or self.extra:
            self._cards[key] = self._made(self._kinds[stream], told)
        return self._cards[key]

    def _made(self, kind: str, told: list[Told]) -> Json | None:
        known = until(told, self.subject.moment)
        if kind == "parties":
            return party_card(known, 0, 0)
        return CARDS[kind](known, self.subject.book, self.day, 0, 0, self.depth)

    # -- permissions

    def refused(self, positions: frozenset[int] | None = None) -> list[Broken]:
        """What refuses the act: first to whom it is not given at all, then the rules that are broken."""
        assert self.act is not None  # noqa: S101  asked of permissions alone
        told, subject = self._told(positions), self.subject
        law = Law(subject.book, self.day, subject.by, subject.regions)
        bars = subject.bars(self.act)
        if subject.kind == "repairs":
            repair = self._aggregate(Repair, told[subject.main])
            case = next((self._aggregate(Case, each) for stream, each in told.items() if self._kinds[stream] == "cases"), None)
            return bars + refused_in_repair(repair, case, self.act, law)
        case = self._aggregate(Case, told[subject.main])
        if self.act != APPLY:
            return bars + refused_in_case(case, self.act, law)
        earlier = [self._aggregate(Repair, each) for stream, each in told.items() if self._kinds[stream] == "repairs"]
        return bars + not_yet(case, earlier, law)

    def _aggregate(self, kind: Any, told: list[Told]) -> Any:
        """The aggregate of these events alone: one that finds what it is about left out changes nothing."""
        aggregate = kind(told[0].stream)
        for one in until(told, self.subject.moment):
            try:
                one.event.apply(aggregate)
            except LookupError:
                continue  # what it is about was left out
        if any(one.event.corrects is not None for one in told):
            aggregate.wordings(told)
        return aggregate


__all__ = ["Known", "Question", "Subject"]
