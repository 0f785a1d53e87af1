"""When may a party be registered or changed?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from domain.rules import Verdict, at, that
from domain.values.uscc import explain

if TYPE_CHECKING:
    from domain.party.party import Party

SIZES = ("large", "medium", "small", "micro")


@at("/id")
def party_is_new(party: Party, scheme: str, code: str, name: str, size: str | None, *_: object) -> Verdict:
    """主体 {code} 已经登记，名称为“{name}”。"""
    return that(not party.name, code=code, name=party.name)


@at("/id")
def code_is_well_formed(party: Party, scheme: str, code: str, name: str, size: str | None, *_: object) -> Verdict:
    """{fault}"""
    fault = explain(code) if scheme == "CN-USCC" else None
    return that(fault is None, fault=fault)


@at("/name")
def party_has_a_name(party: Party, scheme: str, code: str, name: str, size: str | None, *_: object) -> bool:
    """请填写主体名称。"""
    return bool(name.strip())


@at("/size")
def size_is_known(party: Party, scheme: str, code: str, name: str, size: str | None, *_: object) -> bool:
    """企业规模只能是 large、medium、small、micro（大、中、小、微）之一，或不填。"""
    return size is None or size in SIZES


def party_is_known(party: Party, *_: object) -> bool:
    """没有这个主体。"""
    return bool(party.name)


@at("/name")
def new_name_differs(party: Party, name: str, on: date, today: date) -> bool:
    """新名称与现名称相同，或没有填写。"""
    return bool(name.strip()) and name.strip() != party.name


@at("/renamed_on")
def renaming_has_happened(party: Party, name: str, on: date, today: date) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(on <= today, on=on)


@at("/renamed_on")
def renaming_follows_the_last_name(party: Party, name: str, on: date, today: date) -> Verdict:
    """日期 {on} 早于现名称的登记日期 {since}。"""
    return that(on >= party.named_on, on=on, since=party.named_on)


@at("/registered_on")
def registering_has_happened(party: Party, scheme: str, code: str, name: str, size: str | None, on: date, today: date) -> Verdict:
    """登记日期 {on} 还没有到。"""
    return that(on <= today, on=on)


def it_has_happened(party: Party, on: date, today: date) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(on <= today, on=on)


REGISTER = (party_is_new, code_is_well_formed, party_has_a_name, size_is_known, registering_has_happened)
RENAME = (party_is_known, new_name_differs, renaming_has_happened, renaming_follows_the_last_name)
KNOWN = (party_is_known,)
PAST_ACT = (party_is_known, it_has_happened)
