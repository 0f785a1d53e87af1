"""Saying again what was recorded wrongly: one event, one of its fields, the reason."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from domain.act import Act
from domain.aggregate import Aggregate
from domain.breach.case import Case
from domain.contract.contract import Contract
from domain.corrections import correct
from domain.ledger import stream_id
from domain.repair.repair import Repair
from web.acts.doing import Body, Doing, Outcome, Run, Target
from web.acts.values import Short, Text, json_value, ui
from web.looks.tongue import lazy

OFFICE = ("supervisor", "decider", "legal", "chair")


class Correction(Body):
    """`position` is the event's place in the log, as the timeline tells it; `value` is JSON."""

    position: Annotated[int, Field(ge=1, le=2**62)] = ui(lazy("日志位置"), "number")
    field: Short = ui(lazy("哪一项"))
    value: Annotated[Any, AfterValidator(json_value)] = ui(lazy("应当是"))
    reason: Text = ui(lazy("更正理由"), "textarea")


def corrects(kind: type[Aggregate]) -> Run:
    def run(act: Act, target: Target, body: Correction) -> Outcome:
        value = sealed(act, target, body.field, body.value)
        return Outcome(correct(act, kind, target.id, body.position, body.field, value, body.reason).id)

    return run


def sealed(act: Act, target: Target, field: str, value: Any) -> Any:
    """A natural person's particulars go into the log sealed, in a correction as at first."""
    if field in ("contact_name", "contact_phone") and isinstance(value, str):
        return act.sealed(target.id, field, value)
    if field == "inspectors" and isinstance(value, list):
        return [act.sealed(stream_id("inspector", one.strip()), "inspector", one.strip()) if isinstance(one, str) else one for one in value]
    return value


WILL = (lazy("原来的记录不改动；更正作为新的一条记在它的位置上，并写明理由。"),)
DOINGS: tuple[Doing, ...] = (
    Doing("contracts", "/corrections", Correction, corrects(Contract), ("supervisor",), lazy("更正记录"), WILL, page=None),
    Doing("cases", "/corrections", Correction, corrects(Case), OFFICE, lazy("更正记录"), WILL, page=None),
    Doing("repairs", "/corrections", Correction, corrects(Repair), OFFICE, lazy("更正记录"), WILL, page=None),
)  # fmt: skip
