"""What is stored of an event never changes unnoticed: its topic, its fields, their types, and the bytes of old ones."""

from __future__ import annotations

import os
import types
import typing
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Union, get_args, get_origin
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import domain.access.events
import domain.breach.events
import domain.contract.events
import domain.contract.procurement
import domain.corrections
import domain.evidence
import domain.index
import domain.loops
import domain.party.events
import domain.policy.events
import domain.repair.events  # noqa: F401  every chapter's events are registered when it is imported
from domain.access.events import AccountCreated
from domain.events import KINDS, Event, UnknownTopic, decode, encode
from domain.values.money import Money

APPROVED = Path(__file__).parent / "approved" / "events.txt"
PLAIN = (str, int, bool, Decimal, date, datetime, UUID)
BYTES = Path(__file__).parent / "approved"


def said(kind: Any) -> str:
    """A type as it is written in the approved file."""
    if get_origin(kind) in (Union, types.UnionType):
        return " | ".join(said(one) for one in get_args(kind))
    if get_origin(kind) in (list, tuple):
        return f"{get_origin(kind).__name__}[{', '.join(said(one) for one in get_args(kind))}]"
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        fields = ", ".join(f"{name}: {said(one)}" for name, one in typing.get_type_hints(kind).items() if name in kind.__struct_fields__)
        return f"{kind.__name__}({fields})"
    return "None" if kind is type(None) else str(kind.__name__)


def shape(topic: str, kind: type[Event]) -> str:
    hints = typing.get_type_hints(kind)
    own = [name for name in kind.__struct_fields__ if name not in Event.__struct_fields__]
    lines = [f"{topic}  day={kind.day_field}", *[f"    {name}: {said(hints[name])}" for name in own]]
    return "\n".join(lines)


def shapes() -> str:
    common = "\n".join(f"    {name}: {said(typing.get_type_hints(Event)[name])}" for name in Event.__struct_fields__)
    every = [shape(topic, kind) for topic, kind in sorted(KINDS.items())]
    return "\n".join([f"every event\n{common}", *every]) + "\n"


def test_shapes_are_as_approved() -> None:
    """A changed shape needs an upcast under a new topic; then approve it with LVYUE_APPROVE=1."""
    if os.environ.get("LVYUE_APPROVE"):
        APPROVED.write_text(shapes(), encoding="utf-8")
    assert shapes() == APPROVED.read_text(encoding="utf-8")


def _inside(kind: Any) -> Iterator[Any]:
    """Every type in a field, lists and records opened."""
    if get_origin(kind) in (Union, types.UnionType, list, tuple):
        for one in get_args(kind):
            yield from _inside(one)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        assert kind.__struct_config__.frozen, f"{kind.__name__} is not frozen"
        for name, one in typing.get_type_hints(kind).items():
            if name in kind.__struct_fields__:
                yield from _inside(one)
    else:
        yield kind


@pytest.mark.parametrize("topic", sorted(KINDS))
def test_events_hold_plain_things_alone(topic: str) -> None:
    kind = KINDS[topic]
    hints = typing.get_type_hints(kind)
    wrong = {name: one for name in kind.__struct_fields__ for one in _inside(hints[name]) if one not in (*PLAIN, type(None))}
    assert wrong == {}
    assert hints[kind.day_field] is date


@pytest.mark.parametrize("topic", sorted(KINDS))
def test_records_are_flat(topic: str) -> None:
    """A record in an event holds plain things and lists of them; of records only money, and a notice's proposal."""
    for name, kind in typing.get_type_hints(KINDS[topic]).items():
        for record in _records(kind) if name in KINDS[topic].__struct_fields__ else ():
            within = [one for field in typing.get_type_hints(record).values() for one in _records(field)]
            assert set(within) <= {Money}, f"{record.__name__} in {topic}"


def _records(kind: Any) -> Iterator[type]:
    if get_origin(kind) in (Union, types.UnionType, list, tuple):
        for one in get_args(kind):
            yield from _records(one)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield kind


TEXT = st.text(max_size=12).filter(lambda text: not any("\ud800" <= sign <= "\udfff" for sign in text))
AMOUNTS = st.decimals(0, 10**9, places=2)
st.register_type_strategy(Money, st.builds(Money, AMOUNTS, st.just("CNY")))
VALUES: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXT, int: st.integers(0, 2**53), bool: st.booleans(), Decimal: AMOUNTS, date: st.dates(), UUID: st.uuids(),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Money: st.builds(Money, AMOUNTS, st.just("CNY")), type(None): st.none(),
}  # fmt: skip


def of(kind: Any) -> st.SearchStrategy[Any]:
    if kind in VALUES:
        return VALUES[kind]
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*[of(one) for one in get_args(kind)])
    if get_origin(kind) is list:
        return st.lists(of(get_args(kind)[0]), max_size=2)
    if get_origin(kind) is tuple:
        return st.tuples(*[of(one) for one in get_args(kind)])
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: of(hints[name]) for name in kind.__struct_fields__})


@pytest.mark.parametrize("topic", sorted({kind.topic for kind in KINDS.values()}))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_every_event_comes_back_as_it_went(topic: str, data: st.DataObject) -> None:
    event = data.draw(of(KINDS[topic]))
    state = encode(event)
    assert decode(topic, state) == event
    assert encode(decode(topic, state)) == state


def test_old_bytes_are_still_read() -> None:
    """The one real upcast: version 1 of an account knew only persons."""
    old = (BYTES / "access.account_created.1.json").read_bytes()
    account = decode("access.account_created/1", old)
    assert account == AccountCreated(name="li", display="sealed:1", kind="person", on=date(2026, 1, 5), by="system", via="cli")
    assert account.topic == "access.account_created/2"
    assert decode(account.topic, encode(account)) == account


MORE: dict[str, dict[str, Any]] = {  # what events of an older shape did not say
    "case.breach_confirmed/1": {"ended_on": None, "harm": False},
    "case.dismissed/1": {"excuses": []},
    "contract.completed/1": {"warranty_ends_on": None},
    "contract.terminated/1": {"at_fault": None},
    "contract.security_returned/1": {"value": None, "kept_because": ""},
    "contract.retention_released/1": {"kept_because": ""},
}


@pytest.mark.parametrize("topic", sorted(MORE))
def test_old_bytes_that_say_less_are_read_as_such(topic: str) -> None:
    event = decode(topic, (BYTES / f"{topic.replace('/', '.')}.json").read_bytes())
    assert event.topic == topic[:-1] + "2"
    assert {name: getattr(event, name) for name in MORE[topic]} == MORE[topic]
    assert decode(event.topic, encode(event)) == event


def test_an_unknown_topic_is_told_as_such() -> None:
    with pytest.raises(UnknownTopic):
        decode("contract.eaten/1", b"{}")


def test_unknown_fields_of_a_known_topic_do_not_hide_a_missing_one() -> None:
    with pytest.raises(msgspec.ValidationError):
        decode("contract.published/1", b'{"by":"x","url":null}')
