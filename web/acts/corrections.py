"""Saying again what was recorded wrongly: one event, one of its fields, the reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from domain.access.account import Organisation
from domain.act import Act
from domain.actor import Actor
from domain.aggregate import Aggregate
from domain.breach.case import Case
from domain.contract.contract import Contract
from domain.corrections import correct, may_be_corrected
from domain.corrections.rules import THEIR_OWN
from domain.events import Event, Told, as_corrected
from domain.ledger import NotThere, stream_id
from domain.party.commitment import Commitment
from domain.party.party import Party, party_id
from domain.repair.repair import Repair
from web.acts.cases import account_named
from web.acts.cells import cell_at, with_value
from web.acts.doing import Body, Doing, Outcome, Run, Target
from web.acts.values import Digest, Short, Text, json_value, ui
from web.acts.wordings import said_of
from web.looks.tongue import lazy

OFFICE = ("supervisor", "decider", "legal", "chair")


class Correction(Body):
    """`position` is the event's place in the log, as the timeline tells it; `value` is JSON."""

    position: Annotated[int, Field(ge=1, le=2**62)] = ui(lazy("日志位置"), "number")
    field: Short = ui(lazy("哪一项"))
    value: Annotated[Any, AfterValidator(json_value)] = ui(lazy("应当是"))
    reason: Text = ui(lazy("更正理由"), "textarea")


class Rewording(Body):
    """The same at a page: the value is typed as people write it."""

    position: Annotated[int, Field(ge=1, le=2**62)] = ui(lazy("日志位置"), "hidden")
    field: Short = ui(lazy("哪一项"), "select", options="wordings")
    value: Text = ui(lazy("应当是"), "textarea", lazy("日期写 2026-04-29，金额写 100000 或 10万元，几个人一行一个；留空是没有这一项"), default="")
    files: list[Digest] = ui(lazy("应当是这些文件"), "file", lazy("只在更正文件时用"), default_factory=list)
    reason: Text = ui(lazy("更正理由"), "textarea")


def corrects(kind: type[Aggregate]) -> Run:
    def run(act: Act, target: Target, body: Correction | Rewording) -> Outcome:
        field, value = typed(act, target, body) if isinstance(body, Rewording) else (body.field, body.value)
        value = sealed(act, target, field, value)
        return Outcome(correct(act, kind, target.id, body.position, field, value, body.reason).id)

    return run


def typed(act: Act, target: Target, body: Rewording) -> tuple[str, Any]:
    """What was typed, as a field and its JSON. Raises NotThere, RuleBroken."""
    if body.field == "chair":
        return "chair", account_named(act, body.value.strip())
    event = standing(act.ledger.of([target.id]).get(target.id, []), body.position).event
    if (cell := cell_at(event, body.field)) is not None and cell.kind == "files":
        return with_value(event, body.field, body.files)
    return said_of(act.book, act.today, event, body.field, body.value)


def standing(told: list[Told], position: int) -> Told:
    """The event at a position of the log, in its latest wording. Raises NotThere."""
    pointed = next((one for one in told if one.position == position), None)
    if pointed is None:
        raise NotThere("event", position)
    corrects = {one.version: one.event.corrects for one in told}
    version = pointed.version
    while (before := corrects[version]) is not None:
        version = before
    return next(one for one in as_corrected(told) if one.version == version)


def may_say_again(actor: Actor, region: str | None, event: Event) -> bool:
    """Is this event this person's to correct? The supervisor's; what one said who reviewed or chaired, theirs alone."""
    if type(event) in THEIR_OWN:
        return actor.holds(OFFICE, region) and event.by == actor.account
    return actor.holds(("supervisor",), region)


def pages(actor: Actor, on: str, name: object, region: str | None, told: Iterable[Told]) -> dict[int, str]:
    """The page of correction of every event that this person may correct, by position; `name`: of the thing, in its address."""
    return {
        one.position: f"/{on}/{name}/corrections?position={one.position}"
        for one in told
        if may_say_again(actor, region, one.event) and any(may_be_corrected(one.event, name) for name in one.event.__struct_fields__)
    }


def sealed(act: Act, target: Target, field: str, value: Any) -> Any:
    """A natural person's particulars go into the log sealed, in a correction as at first."""
    if field in ("contact_name", "contact_phone") and isinstance(value, str):
        return act.sealed(target.id, field, value)
    if field == "inspectors" and isinstance(value, list):
        return [act.sealed(stream_id("inspector", one.strip()), "inspector", one.strip()) if isinstance(one, str) else one for one in value]
    return value


def corrects_disclosure(act: Act, target: Target, body: Correction | Rewording) -> Outcome:
    """Of an authority as an organisation; what came of it is shown with the party."""
    corrects(Organisation)(act, target, body)
    return Outcome(party_id(target.places["scheme"], target.places["code"]))


WILL = (lazy("原来的记录不改动；更正作为新的一条记在它的位置上，并写明理由。"),)
DOINGS: tuple[Doing, ...] = (
    Doing("contracts", "/corrections", Correction, corrects(Contract), ("supervisor",), lazy("更正记录"), WILL, form=Rewording),
    Doing("cases", "/corrections", Correction, corrects(Case), OFFICE, lazy("更正记录"), WILL, form=Rewording),
    Doing("parties", "/corrections", Correction, corrects(Party), ("supervisor",), lazy("更正记录"), WILL, form=Rewording),
    Doing("parties", "/disclosures/corrections", Correction, corrects_disclosure, ("supervisor",), lazy("更正逾期款项公开"), WILL, form=Rewording),
    Doing("commitments", "/corrections", Correction, corrects(Commitment), ("supervisor", "decider"), lazy("更正记录"), WILL, form=Rewording),
    Doing("repairs", "/corrections", Correction, corrects(Repair), OFFICE, lazy("更正记录"), WILL, form=Rewording),
)  # fmt: skip
