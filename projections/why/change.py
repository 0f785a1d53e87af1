"""What would change an answer: the coming days on which it changes by itself, and what is open now and would change it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec.inspect import (
    BoolType,
    DateTimeType,
    DateType,
    DecimalType,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    NoneType,
    StrType,
    StructType,
    Type,
    UnionType,
    UUIDType,
    type_info,
)

from domain.breach import events as b
from domain.contract import events as c
from domain.events import Event, Told
from domain.loops import KIND
from domain.repair import events as r
from domain.values.money import Money
from projections.cards.plain import Json
from projections.why.question import Question

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
SHOWN = 4  # days on which the answer changes by itself: the first few
ABOUT = ("sanction", "objection", "review", "check", "ref", "recipient", "measure")  # fields that say which loop an event closes
ACTS: Mapping[str, Mapping[str, type[Event]]] = {
    "contracts": {"suspension": c.ContractSuspended, "resumption": c.ContractResumed, "completion": c.ContractCompleted,
                  "termination": c.ContractTerminated, "settlement": c.ContractSettled},
    "cases": {"correction": b.SanctionCorrected, "revocation": b.SanctionRevoked, "reclassification": b.RecordReclassified, "closure": b.CaseClosed},
    "repairs": {"withdrawal": r.RepairWithdrawn, "revocation": r.RepairRevoked},
}  # fmt: skip
SUPPOSED = {"why": "repaired", "outcome": "upheld", "kind": "administrative", "passed": True}


class Turn(NamedTuple):
    """A day from which the answer is another one by itself, and which one (None: the field is gone)."""

    on: date
    value: Any


def turns(question: Question, whole: Json) -> list[Turn]:
    """The first coming days on which the answer changes, asked again with the clock at every day that the resource names."""
    before, found = question.ask(question.every), list[Turn]()
    for day in sorted({at for named in _days(whole) for at in (named, named + timedelta(days=1)) if at > question.day}):
        then = replace(question, day=day)
        if (answer := then.ask(then.every)) != before:
            before = answer
            found.append(Turn(day, not then.refused() if then.act is not None else then.shown()))
            if len(found) == SHOWN:
                break
    return found


def _days(value: Any) -> Iterator[date]:
    if isinstance(value, dict):
        for one in value.values():
            yield from _days(one)
    elif isinstance(value, list):
        for one in value:
            yield from _days(one)
    elif isinstance(value, str) and DAY.fullmatch(value):
        yield date.fromisoformat(value)


def closings(question: Question, loops: list[Json]) -> Iterator[tuple[Json, str]]:
    """The open loops whose closing gives another answer: each with the topic of the event that closes it.

    Asked again as if the event had happened: with the least in it that an event of its kind must say.
    """
    for loop in loops:
        table = KIND[loop["kind"]]
        kind = next((one for one in table.closes if one not in table.opens), None)
        if kind is not None and _differs(question, UUID(str(loop["subject"]).rpartition("/")[2]), kind, f"{loop['kind']}:{loop['key']}"):
            yield loop, kind.topic


def acts(question: Question, may: Collection[str], key: str) -> Iterator[tuple[str, str]]:
    """Of the acts open to somebody that close no loop, those that give another answer, each with the topic of its event.

    `key`: the id of the sanction that they are about.
    """
    for act, kind in ACTS.get(question.subject.kind, {}).items():
        if act in may and _differs(question, question.subject.main, kind, f":{key}"):
            yield act, kind.topic


def _differs(question: Question, stream: UUID, kind: type[Event], loop: str) -> bool:
    supposed = _supposed(kind, loop, question.day)
    if supposed is None:
        return False
    last = max(question.every)
    then = replace(question, extra=(Told(stream, last + 1, supposed, last + 1),))
    return then.ask(then.every) != question.ask(question.every)


# -- an event that is only supposed


def _supposed(kind: type[Event], loop: str, on: date) -> Event | None:
    """The least that such an event can say about a loop (`kind:key`); None for one that says more than plain values."""
    key = loop.partition(":")[2]
    given: dict[str, Any] = {"by": "system", "loop": loop}
    for one in msgspec.structs.fields(kind):
        if not one.required or one.encode_name in given:
            continue
        told = _key_of(one.name, key) if one.name in ABOUT else SUPPOSED.get(one.name)
        given[one.name] = _least(type_info(one.type), on) if told is None else told
    try:
        return msgspec.convert(given, kind, strict=False)  # what an event of this kind does not have is passed over
    except (msgspec.ValidationError, ValueError):
        return None


def _key_of(name: str, key: str) -> str:
    first, _, second = key.partition("/")
    return second or first if name == "measure" else first


def _least(kind: Type, on: date) -> Any:
    match kind:
        case UnionType(types) if any(isinstance(one, NoneType) for one in types):
            return None
        case StrType():
            return "—"
        case DateType() | DateTimeType():
            return on.isoformat()
        case BoolType():
            return True
        case IntType() | FloatType() | DecimalType():
            return 0
        case UUIDType():
            return str(UUID(int=0))
        case LiteralType(values):
            return values[0]
        case ListType():
            return []
        case StructType(cls) if cls is Money:
            return {"amount": "0", "currency": "CNY"}
    return None
