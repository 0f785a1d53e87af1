"""Why, by brute force: on random histories the named set alone gives the answer, and no smaller one does, nor an earlier one of its size."""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterator
from decimal import Decimal
from itertools import combinations
from math import comb
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from domain.breach.rules import MAY
from domain.contract import commands as contracts
from domain.events import Told, as_corrected
from domain.party.party import party_id
from domain.repair.rules import MAY as REPAIR_MAY
from domain.smallest import addends, smallest
from domain.terms import PaymentTerm
from projections.cards.case import case_card
from projections.cards.contract import contract_card
from projections.cards.party import party_card
from projections.cards.plain import Depth
from projections.cards.standing import standing_card
from projections.temporal.moment import Moment
from projections.why.field import UnknownField, path_of
from projections.why.question import Known, Question, Subject
from tests.domain.nevers.walk import Walk
from tests.domain.office import A, Office, yuan

EXAMPLES = int(os.environ.get("LVYUE_STEPS", "0"))  # 0: as many as a suite has time for
MOST = 4_000 if EXAMPLES else 200  # sets of one size tried by brute force
ASKED = ("confirmation", "sanction", "legal-review", "publication", "repair")
FIELDS = {
    "cases": ("status", "kind", "keeper", "notice/window_on", "confirmation/kind", "rectification/passed", "statement/received_on", "sanctions",
              "sanctions/0/status", "sanctions/0/points", "sanctions/0/publicity/last_day", "loops", "loops/0/due/on", "objections/0/outcome"),
    "contracts": ("status", "paid", "payments/P1/state", "obligations/0/fulfilled_on", "cases", "loops/0/due/on", "findings"),
    "standing": ("points", "in_publicity", "records/0/why", "class/code", "records/0/periods/credit/most"),
}  # fmt: skip


def told_of(office: Office, streams: list[UUID]) -> dict[UUID, list[Told]]:
    return office.ledger.of(streams)


def whole_of(office: Office, kind: str, main: UUID, told: dict[UUID, list[Told]], name: str = "loops") -> Any:
    """The resource as a database that was told these events alone would show it, by the product's cards."""
    depth: Depth = "due" if name.startswith("loops") else "terms" if name.startswith("payments") else "none"

    def card(stream: UUID) -> Any:
        make = contract_card if kind == "contracts" and stream == main else case_card
        return make(as_corrected(told[stream]), office.book, office.today, 0, 0, depth)

    others = [card(one) for one in told if one != main]
    if kind == "standing":
        party = party_card(as_corrected(told[main]), 0, 0)
        assert party is not None
        return standing_card(party, others, office.book, office.today)
    shown = card(main)
    if kind == "contracts":
        shown["cases"] = [one["id"] for one in others]
        shown["loops"] = [each for one in (shown, *others) for each in one["loops"]]
    return shown


def read(value: Any, steps: list[Any]) -> Any:
    """The field, found by a reader of our own."""
    for step in steps:
        try:
            value = next(one for one in value if one[step.key] == step.value) if hasattr(step, "key") else value[step]
        except (KeyError, IndexError, StopIteration, TypeError):
            return "nothing"
    return sorted(value, key=repr) if isinstance(value, list) else value


def plain(value: Any) -> Hashable:
    """Comparable, without the days of deadlines, which the search leaves out."""

    def bare(one: Any) -> Any:
        if isinstance(one, dict):
            return {name: bare(each) for name, each in one.items() if name not in ("days", "position")}
        return [bare(each) for each in one] if isinstance(one, list) else one

    return msgspec.json.encode(bare(value))


class Asked(Walk):
    """A walk at whose end fields are asked about."""

    finds = True
    waits = (1, 1, 4, 8, 30, 95, 400)

    def never(self) -> None:
        """The nevers are asked elsewhere."""

    def teardown(self) -> None:
        if not hasattr(self, "office"):
            return
        cases = list(dict.fromkeys(self.cases))
        for main in cases[:1]:
            self._fields("cases", main, [main])
            self._acts(main)
        assert self.contract is not None
        self._fields("contracts", self.contract, [self.contract, *cases])
        self._fields("standing", party_id(*A.split(":")), [party_id(*A.split(":")), *[one for one in cases if self._against(one)]])

    def _against(self, case: UUID) -> bool:
        first: Any = self.office.events(case)[0]
        return bool(first.party == A)

    def _fields(self, kind: str, main: UUID, streams: list[UUID]) -> None:
        told = told_of(self.office, streams)
        whole = whole_of(self.office, kind, main, told)
        for name in FIELDS[kind]:
            try:
                steps = path_of(whole, name)
            except UnknownField:
                continue
            question = Question(self._subject(kind, main, told), steps)
            check(question, told, main, lambda some, steps=steps, name=name: plain(read(whole_of(self.office, kind, main, some, name), steps)), name)

    def _acts(self, case: UUID) -> None:
        told = told_of(self.office, [case, *self.office.repairs_of(case)])
        for act in (*MAY, "repair"):  # whatever the state, each can be tried with what the commands ask
            assert isinstance(Question(self._subject("cases", case, told), ["may", act], act).refused(), list)
        for repair in self.office.repairs_of(case):
            for act in REPAIR_MAY:
                assert isinstance(Question(self._subject("repairs", repair, told), ["may", act], act).refused(), list)
        for act in ASKED:
            question = Question(self._subject("cases", case, told), ["may", act], act)
            check(question, told, case, lambda some, question=question: tuple(
                one.code for one in question.refused(frozenset(each.position for of in some.values() for each in of))), act)  # fmt: skip

    def _subject(self, kind: str, main: UUID, told: dict[UUID, list[Told]]) -> Subject:
        kinds = dict.fromkeys(self.repairs, "repairs") | {main: "parties" if kind == "standing" else kind}
        known = {stream: Known(kinds.get(stream, "cases"), each) for stream, each in told.items()}
        office = self.office
        return Subject(kind, main, known, Moment(office.today), office.book, office.id_of("decider"), frozenset({"440800"}))


def check(question: Question, told: dict[UUID, list[Told]], main: UUID, answer: Any, name: str) -> None:
    """Against every set that brute force has the time for."""
    found = question.least()
    events = {one.position: one for each in told.values() for one in each}
    births = {stream: each[0] for stream, each in told.items()}
    wanted = answer(told)
    named = {one.position for one, _ in question.named(found)}
    assert answer(alone(events, births, main, found.chosen)) == wanted, f"{name}: {found} alone does not give the answer"
    assert named == {one.position for each in alone(events, births, main, found.chosen).values() for one in each}
    for some in smaller(sorted(set(events) - {births[main].position}), found.chosen):
        assert answer(alone(events, births, main, some)) != wanted, f"{name}: {some} gives it too, not only {found}"
    for less in (found.chosen[:n] + found.chosen[n + 1 :] for n in range(len(found.chosen))):
        assert answer(alone(events, births, main, less)) != wanted, f"{name}: {less} is enough of {found}"


def alone(events: dict[int, Told], births: dict[UUID, Told], main: UUID, some: tuple[int, ...]) -> dict[UUID, list[Told]]:
    """The streams as if these events, and the births of their streams, were all that ever happened."""
    kept = {one.position: one for n in some for one in (events[n], births[events[n].stream])} | {births[main].position: births[main]}
    found: dict[UUID, list[Told]] = {}
    for position in sorted(kept):
        found.setdefault(kept[position].stream, []).append(kept[position])
    return found


def smaller(events: list[int], chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every smaller set, and those of its size with lower positions, as far as there is time."""
    for size in range(len(chosen) + 1):
        if comb(len(events), size) > MOST:
            return
        for some in combinations(events, size):
            if some == chosen:
                return
            yield some


def test_the_set_is_the_smallest_on_random_histories() -> None:
    quiet = settings(max_examples=EXAMPLES or 5, stateful_step_count=EXAMPLES or 12, deadline=None, database=None, derandomize=not EXAMPLES,
                     phases=[Phase.generate], suppress_health_check=list(HealthCheck))  # fmt: skip
    run_state_machine_as_test(Asked, settings=quiet)


@pytest.mark.parametrize("seed", range(30))
def test_any_function_of_sets_is_answered_by_its_smallest(seed: int) -> None:
    """Whatever the answer depends on, also where an event more makes it another."""
    dice, events = Random(seed), list(range(1, 9))
    table: dict[frozenset[int], int] = {}

    def ask(some: frozenset[int]) -> int:
        return table.setdefault(some, dice.randrange(3))

    found = smallest(ask, [events[:4], events[4:]])
    right = [one for n in range(9) for one in combinations(events, n) if ask(frozenset(one)) == ask(frozenset(events))]
    assert found.chosen == right[0]


@pytest.mark.parametrize("seed", range(20))
def test_what_each_stream_gives_by_itself_is_searched_alone(seed: int) -> None:
    dice, streams = Random(seed), [(1, 4, 5), (2, 3), (6, 7, 8)]
    tables: list[dict[frozenset[int], int]] = [{} for _ in streams]

    def ask(some: frozenset[int]) -> tuple[int, ...]:
        return tuple(table.setdefault(some & frozenset(one), dice.randrange(2)) for table, one in zip(tables, streams, strict=True))

    found = smallest(ask, streams, apart=True)
    right = (one for n in range(9) for one in combinations(range(1, 9), n) if ask(frozenset(one)) == ask(frozenset(range(1, 9))))
    assert (found.chosen, found.proof) == (next(right), "all")


@pytest.mark.parametrize("seed", range(40))
def test_a_sum_is_answered_by_the_fewest_addends_that_make_it(seed: int) -> None:
    """Also where some are worth nothing or less than nothing, and where corrections say an addend again."""
    dice = Random(seed)
    groups = [[1], [2, 9], [3], [4, 8, 10], [5], [6], [7]]
    tables = [{frozenset(some): Decimal(dice.choice((-1, 0, 1, 2, 3))) for n in range(1, 4) for some in combinations(one, n)} for one in groups]

    def worth(some: frozenset[int]) -> Decimal:
        return sum((table.get(some & frozenset(one), Decimal(0)) for table, one in zip(tables, groups, strict=True)), Decimal(0))

    found = addends(worth, groups)
    right = (one for n in range(11) for one in combinations(range(1, 11), n) if worth(frozenset(one)) == worth(frozenset(range(1, 11))))
    assert found == (next(right), "sum")


def test_what_has_been_paid_rests_on_every_payment_however_many() -> None:
    office = Office()
    contract = office.at("2026-01-12").contract(payments=[PaymentTerm(f"P{n}", yuan(f"{n + 100}.00"), "M1") for n in range(40)])
    office.ask("county-supervisor", contracts.fulfil_obligation, contract, "M1")
    for n in range(40):
        office.ask("county-supervisor", contracts.record_payment, contract, ref=f"P{n}", value=yuan(f"{n + 100}.00"))
    told = office.ledger.of([contract])
    question = Question(Subject("contracts", contract, {contract: Known("contracts", told[contract])}, Moment(office.today), office.book, ""), ["paid"])
    found = question.least()
    paid = [one.position for one in told[contract] if one.event.topic == "contract.payment_made/1"]
    assert (list(found.chosen), found.proof) == (paid, "sum")
    assert len(question._answers) + len(question._cards) < 300, "not every set was asked about"


def test_too_many_to_try_are_still_each_needed() -> None:
    """A sum of thirty payments needs each of them: what cannot be proved the smallest says so."""
    events = list(range(1, 61))
    found = smallest(lambda some: sum(one for one in some if one % 2), [events], budget=500)
    assert found.chosen == tuple(range(1, 61, 2))
    assert found.proof == "each"
    enough = smallest(lambda some: len(some) >= 20, [events], budget=500)
    assert (len(enough.chosen), enough.proof) == (20, "needed"), "any other twenty would do as well"
    few = smallest(lambda some: sum(one for one in some if one in (7, 30, 55)), [events], budget=500)
    assert (few.chosen, few.proof) == ((7, 30, 55), "relevant")
