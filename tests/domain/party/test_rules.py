"""Parties: each rule refuses something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.contract.contract import Contract
from domain.party import commands as parties
from domain.party import rules
from domain.party.party import Party
from tests.domain.office import FIRM_A, Office, day
from tests.domain.scenario import STREAM, broken_by, rules_of

KEEPER = "county-supervisor"


def register(code: str = FIRM_A.id, name: str = "某公司", **terms: Any) -> Callable[[], Any]:
    def act() -> Any:
        office = Office().at("2026-03-02")
        office.ask(KEEPER, parties.register_party, "CN-USCC", "91440800MA4X000012", "已有")
        return office.ask(KEEPER, parties.register_party, "CN-USCC", code, name, **terms)

    return act


def rename(name: str, on: str) -> Callable[[], Any]:
    def act() -> Any:
        office = Office().at("2026-03-02")
        office.ask(KEEPER, parties.register_party, "CN-USCC", FIRM_A.id, "某公司")
        return office.ask(KEEPER, parties.rename_party, "CN-USCC", FIRM_A.id, name, day(on))

    return act


def good(on: str) -> Callable[[], Any]:
    def act() -> Any:
        office = Office().at("2026-03-02")
        office.ask(KEEPER, parties.register_party, "CN-USCC", FIRM_A.id, "某公司")
        terms = {"code": "G01", "level": "city", "recognised_by": "市政府", "note": ""}
        return office.ask(KEEPER, parties.record_good_behaviour, "CN-USCC", FIRM_A.id, day(on), **terms)

    return act


TABLE: dict[str, Callable[[], Any]] = {
    "party_is_new": register("91440800MA4X000012"),
    "code_is_well_formed": register("91440800MA4X00000A"),
    "party_has_a_name": register(name=" "),
    "size_is_known": register(size="huge"),
    "registering_has_happened": register(registered_on=day("2026-03-03")),
    "party_is_known": lambda: Party(STREAM).check_credit("x", day("2026-03-02"), by="x"),
    "new_name_differs": rename("某公司", "2026-03-02"),
    "renaming_has_happened": rename("新公司", "2026-03-03"),
    "renaming_follows_the_last_name": rename("新公司", "2026-03-01"),
    "it_has_happened": good("2026-03-03"),
}


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_each_rule_refuses(rule: str) -> None:
    assert rule in broken_by(TABLE[rule])


def test_no_rule_is_without_a_case() -> None:
    assert rules_of(rules) == TABLE.keys()


def test_a_known_party_keeps_its_name_and_size() -> None:
    office = Office().at("2026-01-12")
    office.ask(KEEPER, parties.register_party, "CN-USCC", FIRM_A.id, "本名", size="medium")
    contract = office.ledger.get(Contract, office.contract())
    assert [(one.name, one.size) for one in contract.contractors] == [("本名", "medium")]
