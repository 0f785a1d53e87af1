"""更正: what was recorded wrongly is said again — the same event with one field in other words, and a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from domain.access.account import Organisation
from domain.act import Act
from domain.actor import NotYourRole
from domain.aggregate import Aggregate
from domain.breach import events as b
from domain.breach.case import Case
from domain.breach.commands.common import law_of
from domain.contract import events as c
from domain.contract.contract import Contract
from domain.corrections import rules
from domain.corrections.rules import may_be_corrected
from domain.events import Event, Told, as_corrected
from domain.ledger import MovedOn, NotThere
from domain.party.commitment import Commitment
from domain.party.party import Party
from domain.repair.repair import Repair
from domain.rules import hold

__all__ = ["correct", "may_be_corrected"]

KEEPERS = ("supervisor",)
KINDS: tuple[type[Aggregate], ...] = (Contract, Case, Repair, Party, Commitment, Organisation)


def correct(act: Act, kind: type[Aggregate], stream: UUID, position: int, field: str, value: Any, reason: str) -> Aggregate:
    """Say an event of this stream again, with one field as it should have been. `position` is its place in the log;
    a correction stands for what it corrects. `value` is JSON. What rests on the old wording is folded anew."""
    if kind not in KINDS:
        raise NotThere("event", position)
    aggregate: Any = act.ledger.get(kind, stream)
    told = act.ledger.of([stream]).get(stream, [])
    stands = as_corrected(told)
    root = _root(told, stands, position)
    _permit(act, aggregate, root.event)
    if act.seen is not None and act.seen != aggregate.version:
        raise MovedOn(stream, aggregate.version)
    said = _said_again(act, root, field, value, reason)
    _judge(act, kind, stands, root, said, field, reason)
    assert said is not None  # noqa: S101  value_fits_the_field held
    _four_eyes(act, aggregate, said)
    aggregate.happen(said)
    act.save(aggregate, *_twin(act, aggregate, said, field))
    return aggregate  # type: ignore[no-any-return]


def _root(told: list[Told], stands: list[Told], position: int) -> Told:
    """The event as it now stands, whether its first wording or a later one was pointed at. Raises NotThere."""
    pointed = next((one for one in told if one.position == position), None)
    if pointed is None:
        raise NotThere("event", position)
    first = {one.version: one.event.corrects for one in told}
    version = pointed.version
    while (before := first[version]) is not None:
        version = before
    return next(one for one in stands if one.version == version)


def _permit(act: Act, aggregate: Any, event: Event) -> None:
    region, parties = getattr(aggregate, "region", None), getattr(aggregate, "parties", None) or [getattr(aggregate, "party", "")]
    if type(event) in rules.THEIR_OWN:
        act.permit((*KEEPERS, "decider", "legal", "chair"), region, parties, aggregate.id)
        if act.by != event.by:
            raise NotYourRole(())
    else:
        act.permit(KEEPERS, None if isinstance(aggregate, Party) else region, parties, aggregate.id)


def _said_again(act: Act, root: Told, field: str, value: Any, reason: str) -> Event | None:
    """The same event class with one field changed; None when the value is not of the field's type."""
    whole = msgspec.to_builtins(root.event)
    if field not in whole or field in rules.OWN:
        return None
    whole |= {field: value, **act.said, "corrects": root.version, "reason": reason.strip()}
    try:
        return msgspec.convert(whole, type(root.event))
    except (msgspec.ValidationError, ValueError):
        return None


def _judge(act: Act, kind: type[Aggregate], stands: list[Told], root: Told, said: Event | None, field: str, reason: str) -> None:
    old = [one.event for one in stands]
    new = [said if said is not None and one.version == root.version else one.event for one in stands]
    hold(rules.RULES, rules.Asked(root.event, said, field, reason, act.today, old, new))
    if said is None:
        return
    place = stands.index(root)
    if (still := rules.STILL.get(type(said))) is not None:
        still(_folded(kind, root.stream, new[:place]), said, act.today, act.book)
    after = _folded(kind, root.stream, new)
    if isinstance(after, Contract):
        hold((rules.payments_stay_within_their_terms,), after)
    if isinstance(after, Organisation):
        hold((rules.years_are_made_public_once,), after)


def _four_eyes(act: Act, aggregate: Any, said: Event) -> None:
    """Whoever says again what was found is one who recorded it: never one who has judged the case."""
    if not isinstance(said, c.FindingRecorded | b.CaseOpened):
        return
    case: Case = act.ledger.get(Case, said.case) if isinstance(said, c.FindingRecorded) else aggregate
    judges = [one.event.by for one in act.ledger.of([case.id])[case.id] if type(one.event) in rules.JUDGED]
    hold(rules.FOUR_EYES, judges, case.occurred_on, law_of(act))


def _folded(kind: type[Aggregate], stream: UUID, events: list[Event]) -> Aggregate:
    """As if each had been said rightly the first time."""
    said = [msgspec.structs.replace(one, corrects=None) for one in events]
    return kind.folded(None, [Told(stream, n, one) for n, one in enumerate(said, 1)]) or kind(stream)


def _twin(act: Act, aggregate: Aggregate, said: Event, field: str) -> list[Aggregate]:
    """A finding stands in its contract and in its case: what both say is said again in both."""
    if field not in rules.TWINS:
        return []
    if isinstance(said, c.FindingRecorded):
        return [_again(act, act.ledger.get(Case, said.case), b.CaseOpened, said, field)]
    if isinstance(said, b.CaseOpened):
        return [_again(act, act.ledger.get(Contract, said.contract), c.FindingRecorded, said, field)]
    return []


def _again(act: Act, other: Aggregate, kind: type[Event], said: Any, field: str) -> Aggregate:
    stands = as_corrected(act.ledger.of([other.id])[other.id])
    twin = next(one for one in stands if isinstance(one.event, kind) and getattr(one.event, "finding", None) == said.finding)
    changed: dict[str, Any] = {field: getattr(said, field), "corrects": twin.version, "reason": said.reason, **act.said}
    other.happen(msgspec.structs.replace(twin.event, **changed))
    return other
