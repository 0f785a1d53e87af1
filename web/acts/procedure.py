"""Answering what the office did after its day."""

from __future__ import annotations

from typing import Literal

from domain.act import Act
from domain.breach.case import Case
from domain.conformance.commands import answer_breach
from domain.conformance.finding import Judged
from domain.contract.contract import Contract
from domain.party.commitment import Commitment
from domain.repair.repair import Repair
from web.acts.doing import Body, Doing, Outcome, Run, Target
from web.acts.values import Day, Text, ui
from web.looks.tongue import lazy


class ProcedureAnswer(Body):
    outcome: Literal["explained", "remedied", "pursued"] = ui(lazy("结果"), "radio", options="procedure_outcomes")
    grounds: Text = ui(lazy("理由"), "textarea")
    answered_on: Day | None = ui(lazy("答复日期"), "date", default=None)


def answers(kind: type[Judged]) -> Run:
    def run(act: Act, target: Target, body: ProcedureAnswer) -> Outcome:
        told = answer_breach(act, kind, target.id, target.places["loop"], outcome=body.outcome, grounds=body.grounds, answered_on=body.answered_on)
        return Outcome(told.id)

    return run


WILL = (lazy("这件事本身不因此改变；它和答复都留在记录里。"),)
DOINGS: tuple[Doing, ...] = tuple(
    Doing(on, "/procedure/{loop}/answer", ProcedureAnswer, answers(kind), ("decider",), lazy("答复：违反程序"), WILL)
    for on, kind in (("contracts", Contract), ("cases", Case), ("repairs", Repair), ("commitments", Commitment))
)
