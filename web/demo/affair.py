"""An affair: what the steps of one case have in hand on the stage — its people, its days, its words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain.breach.case import Case
from web.demo.lives import Life
from web.demo.matters import BY_CODE
from web.demo.people import COMPANY_A, COMPANY_B
from web.demo.plans import DAYS, Plan
from web.demo.stage import SUPERVISORS, Stage
from web.demo.tales import (
    tell,
)

APPLICANTS = {COMPANY_A: "company-a", COMPANY_B: "company-b"}
LETTERS = {"notice": "履告", "sanction": "履罚", "repair": "履修", "handled": "履处"}


class Stalled(Exception):
    """Nobody has taken the next step yet."""


class Affair:
    """One case: what its steps have in hand. Each step is a command of the person whose step it is."""

    def __init__(self, stage: Stage, life: Life, plan: Plan, name: object, facts: str | None = None, party: str | None = None,
                 passing: bool = False) -> None:  # fmt: skip
        self.stage, self.life, self.plan = stage, life, plan
        self.rng: Random = stage.rng("case", name)
        self.region = life.terms.region
        self.keeper = SUPERVISORS[self.region]
        self.decider, self.other = self.rng.sample(("decider", "decider2"), 2)
        self.party = party or self.rng.choice(life.terms.firms).ref
        self.applicant = APPLICANTS.get(self.party, self.keeper)
        self.matter = BY_CODE.get(plan.code)
        self.facts = facts or tell(self.rng, self.matter.facts if self.matter else ("{spot}",))
        self.passing = passing  # one of those that just happen: not where the contract is over by then
        self.id: UUID | None = None
        self.repairs: list[UUID] = []

    # ---- time

    def when(self, step: str) -> date:
        """The day of a step; Stalled where the plan ends before it."""
        if self.plan.stop == step:
            raise Stalled(step)
        if step in self.plan.on:
            day = self.stage.until - timedelta(days=self.plan.on[step])
        else:
            low, high = DAYS[step]
            day = self.stage.today + timedelta(days=self.rng.randrange(low, high + 1) * self.plan.slow)
        return max(self.stage.working(day), self.stage.today)

    # ---- acting

    @property
    def case(self) -> UUID:
        assert self.id is not None  # noqa: S101  steps follow the opening
        return self.id

    def now(self) -> Case:
        return self.stage.office.ledger.get(Case, self.case)

    def do(self, who: str, command: Callable[..., Any], **terms: Any) -> Any:
        return self.stage.do(who, lambda act: command(act, self.case, **terms))

    def say(self, sentences: tuple[str, ...]) -> str:
        clause = f"第 {self.matter.clause} 条" if self.matter else "有关条款"
        return tell(self.rng, sentences, clause=clause)

    def number(self, kind: str) -> str:
        return self.stage.document_number(self.region, LETTERS[kind])
