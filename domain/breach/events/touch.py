"""What becomes of a decision when what it rested on turns out to have been otherwise."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from domain.events import Event, event
from domain.rules import Basis

if TYPE_CHECKING:
    from domain.breach.case import Case


@event("case.decision_touched/1", day="found_on")
class DecisionTouched(Event):
    """Something in this case rests on a fact that is now known to be otherwise.

    `stream` and `version` say where the touched event stands (the case itself, or its repair), `position` its place in
    the log; `fact_stream` and `fact_version` where the late or correcting event stands, `fact_day` when that happened.
    """

    touch: UUID
    what: str
    stream: UUID
    version: int
    position: int
    fact: str
    fact_stream: UUID
    fact_version: int
    fact_day: date
    found_on: date

    def apply(self, case: Case) -> None:
        case.touched(self)


@event("case.touch_answered/1", day="answered_on")
class TouchAnswered(Event):
    """`outcome` is stands, corrected or revoked."""

    touch: UUID
    outcome: str
    grounds: str
    answered_on: date

    def apply(self, case: Case) -> None:
        case.touches[self.touch].outcome = self.outcome


@event("procedure.breach_found/1", day="found_on")
class ProcedureBreachFound(Event):
    """A rule of procedure is found not to have been kept in this contract, case or application: a finding against the authority.

    `place` is the version, here, of the event that did not keep it; `basis` the clause that it did not keep.
    """

    rule: str
    place: int
    found_on: date
    basis: Basis | None

    @property
    def loop(self) -> str:
        """What is to be answered, as ProcedureAnswered names it."""
        return f"{self.rule}:{self.place}"


@event("procedure.answered/1", day="answered_on")
class ProcedureAnswered(Event):
    """What is said to a breach of procedure: it stands in the contract, the case or the application in which it happened.

    `loop` is what was late, as kind:key, or the rule that was not kept and its place; `outcome` is explained, remedied or pursued.
    """

    loop: str
    outcome: str
    grounds: str
    answered_on: date
