"""Answering a breach of procedure, in the contract, the case or the application in which it happened."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain import loops
from domain.act import Act
from domain.breach.commands import DECIDERS
from domain.breach.events import ProcedureAnswered, ProcedureBreachFound
from domain.conformance import rules
from domain.conformance.finding import Judged
from domain.events import as_corrected
from domain.ledger import MovedOn
from domain.loops.breaches import KIND
from domain.rules import hold


def answer_breach(act: Act, kind: type[Judged], stream: UUID, loop: str, *, outcome: str, grounds: str, answered_on: date | None = None) -> Judged:
    """By a decider other than who was late, or did not keep the rule: it is explained, remedied, or somebody is held to account for it."""
    found: Any = act.ledger.get(kind, stream)
    act.permit(DECIDERS, found.region, getattr(found, "parties", None) or [found.party], stream)
    if act.seen is not None and act.seen != found.version:
        raise MovedOn(stream, found.version)
    told = act.ledger.of([stream])[stream]
    one = loops.told(as_corrected(told), act.book).loops.get(f"{KIND}:{loop}")
    places = {each.event.loop: each.event.place for each in told if isinstance(each.event, ProcedureBreachFound)}
    done_by = next((each.event.by for each in told if one is not None and places.get(loop) in (None, each.version)
                    and (loop in places or each.position == one.counted)), "")  # fmt: skip
    on = answered_on or act.today
    hold(rules.ANSWER, rules.Asked(one.start if one is not None else None, done_by, act.by, act.via, outcome, grounds, on, act.today))
    found.happen(ProcedureAnswered(loop=loop, outcome=outcome, grounds=grounds, answered_on=on, **act.said))
    act.save(found)
    answered: Judged = found
    return answered
