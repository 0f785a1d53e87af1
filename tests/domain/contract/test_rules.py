"""Each rule of a contract refuses something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from domain.breach import commands as breach
from domain.contract import commands as contracts
from domain.contract import rules
from domain.contract.contract import Contract
from domain.contract.events import ContractSigned
from domain.corrections import correct
from domain.terms import Authority, CheckItem, Contractor, LateRate, Obligation, PaymentTerm, Security
from domain.values.money import Money
from tests.domain.office import FIRM_A, FIRM_B, SUIXI, A, B, Office, day, refused, yuan
from tests.domain.policy.books import shipped_book
from tests.domain.scenario import broken_by, given, rules_of

KEEPER = "county-supervisor"


def signing(**changed: Any) -> Callable[[], Any]:
    """The terms of a contract, put on record by the aggregate alone, with something changed."""
    terms: dict[str, Any] = {
        "number": "1", "name": "渠道", "type": "SG", "region": "440823", "signed_on": day("2026-01-12"), "holds_from": day("2026-01-12"),
        "starts_on": None, "ends_on": None, "authority": SUIXI, "contractors": [FIRM_A], "value": yuan(100),
        "obligations": [Obligation("M1", "contractor", "x")], "payments": [PaymentTerm("P1", yuan(100), "M1", 60)],
        "security": None, "retention_percent": Decimal(0),
    }  # fmt: skip
    return lambda: Contract(UUID(int=1)).sign({**terms, **changed}, day("2026-01-12"), shipped_book(), by="x")


def performing(on: str = "2026-03-02") -> tuple[Office, UUID]:
    office = Office()
    contract = office.at("2026-01-12").contract(
        security=Security(yuan(100_000), "cash"), retention_percent=Decimal(3),
        payments=[PaymentTerm("P1", yuan(300_000), "M1", 30), PaymentTerm("P2", yuan(600_000), "M2", 30)],
    )  # fmt: skip
    return office.at(on), contract


def fulfilled() -> tuple[Office, UUID]:
    office, contract = performing()
    office.ask(KEEPER, contracts.fulfil_obligation, contract, "M1")
    office.ask(KEEPER, contracts.record_payment, contract, ref="P1", value=yuan(100_000))
    return office, contract


def completed() -> tuple[Office, UUID]:
    office, contract = fulfilled()
    office.ask(KEEPER, contracts.waive_obligation, contract, "M2", reason="不再需要")
    office.at("2026-04-01").ask(KEEPER, contracts.complete_contract, contract)
    return office, contract


def settled() -> tuple[Office, UUID]:
    office, contract = completed()
    office.ask(KEEPER, contracts.record_payment, contract, ref="P1", value=yuan(200_000))
    for command in (contracts.settle_contract, contracts.return_security, contracts.release_retention):
        office.ask(KEEPER, command, contract)
    return office, contract


def suspended() -> tuple[Office, UUID]:
    office, contract = performing()
    office.ask(KEEPER, contracts.suspend_contract, contract, reason="汛期")
    return office, contract


def planned() -> tuple[Office, UUID, UUID]:
    office, contract = performing()
    _, check = office.ask(KEEPER, contracts.plan_check, contract, office.today)
    return office, contract, check


def ask(setup: Callable[[], tuple[Any, ...]], command: Callable[..., Any], *args: Any, **terms: Any) -> Callable[[], Any]:
    def act() -> Any:
        office, contract, *rest = setup()
        return office.ask(KEEPER, command, contract, *[rest[0] if one is ... else one for one in args], **terms)

    return act


def amend(**terms: Any) -> Callable[[], Any]:
    return ask(fulfilled, contracts.amend_contract, **{"rationale": "变更", **terms})


def check(**terms: Any) -> Callable[[], Any]:
    done = {"inspectors": ["甲", "乙"], "items": [CheckItem("CK-01", "pass")]}
    return ask(planned, contracts.carry_out_check, ..., **{**done, **terms})


def find(**terms: Any) -> Callable[[], Any]:
    found = {"behaviour": "QLT-01", "kind": "administrative", "party": A, "facts": "x"}
    return ask(performing, breach.record_finding, **{**found, **terms})


def unsigned() -> Any:
    return Contract(UUID(int=1)).publish(day("2026-01-12"), None, day("2026-01-12"), by="x")


def assign(setup: Callable[[], tuple[Any, ...]] = performing, **terms: Any) -> Callable[[], Any]:
    given_terms: dict[str, Any] = {"leaves": A, "comes": FIRM_B, "rationale": "经甲方同意"}
    return ask(setup, contracts.assign_contract, **{**given_terms, **terms})


def assigned() -> tuple[Office, UUID]:
    office, contract = performing()
    office.ask(KEEPER, contracts.assign_contract, contract, leaves=A, comes=FIRM_B, rationale="经甲方同意")
    return office, contract


def rate(percent: str, per: str, lpr: Decimal | None = None) -> Callable[[], Any]:
    return lambda: Office().at("2026-01-12").contract(late_rate=LateRate(Decimal(percent), per, lpr))


LONG = [PaymentTerm("P1", yuan(100), "M1", 61)]
BAD = "91440800MA4X00000A"

TABLE: dict[str, Callable[[], Any]] = {
    "contract_has_a_number": signing(number=" "),
    "works_are_known": lambda: Office().at("2026-01-12").contract(works="naval"),
    "late_rate_is_a_rate": rate("0", "day", Decimal(3)),
    "late_rate_is_by_day_or_year": rate("4", "month", Decimal(3)),
    "its_floor_is_stated": rate("4", "year"),
    "its_floor_is_as_it_was": ask(lambda: _rated(), contracts.amend_contract, rationale="x", late_rate=LateRate(Decimal(4), "year", Decimal("2.9"))),
    "late_rate_is_not_below_its_floor": rate("0.008", "day", Decimal(3)),
    "contract_has_a_name": signing(name=" "),
    "signing_has_happened": signing(holds_from=day("2026-01-13")),
    "term_is_in_order": signing(starts_on=day("2026-02-01"), ends_on=day("2026-01-31")),
    "authority_code_is_well_formed": signing(authority=Authority("CN-USCC", BAD, "x")),
    "there_is_a_contractor": signing(contractors=[]),
    "contractor_codes_are_well_formed": signing(contractors=[Contractor("CN-USCC", BAD, "x")]),
    "contractors_are_different": signing(contractors=[FIRM_A, FIRM_A]),
    "references_are_unique": signing(payments=[PaymentTerm("M1", yuan(1))]),
    "sides_are_known": signing(obligations=[Obligation("M1", "nobody", "x")]),
    "payments_follow_an_obligation": signing(payments=[PaymentTerm("P1", yuan(1), "M9")]),
    "payments_stay_within_the_value": signing(payments=[PaymentTerm("P1", yuan(101))]),
    "small_firm_is_paid_in_time": signing(payments=LONG),
    "security_is_within_its_ceiling": signing(security=Security(yuan("10.01"), "cash")),
    "retention_is_within_its_ceiling": signing(retention_percent=Decimal("3.1")),
    "contract_is_signed": unsigned,
    "it_has_happened": ask(performing, contracts.publish_contract, day("2026-03-03")),
    "it_follows_the_signing": ask(performing, contracts.publish_contract, day("2026-01-11")),
    "contract_is_running": ask(completed, contracts.amend_contract, rationale="x"),
    "contract_is_performing": ask(suspended, contracts.suspend_contract, reason="x"),
    "contract_is_suspended": ask(performing, contracts.resume_contract),
    "contract_is_not_settled": ask(settled, contracts.plan_check, day("2026-05-01")),
    "publication_is_new": ask(lambda: _published(), contracts.publish_contract),
    "filing_is_new": ask(lambda: _filed(), contracts.file_contract),
    "it_follows_the_last_change": ask(suspended, contracts.resume_contract, resumed_on=day("2026-03-01")),
    "there_is_a_reason": ask(performing, contracts.terminate_contract, reason=" "),
    "contractor_owes_nothing_more": ask(performing, contracts.complete_contract),
    "completion_follows_fulfilment": ask(lambda: _all_done(), contracts.complete_contract, completed_on=day("2026-03-01")),
    "security_is_held": ask(settled, contracts.return_security),
    "retention_is_held": ask(settled, contracts.release_retention),
    "contract_has_ended": ask(performing, contracts.settle_contract),
    "what_is_due_is_paid": ask(completed, contracts.settle_contract),
    "there_is_a_rationale": amend(rationale=" "),
    "amendment_keeps_what_is_done": amend(obligations=[Obligation("M1", "contractor", "x")]),
    "amended_references_are_unique": amend(obligations=[Obligation("P2", "contractor", "x")]),
    "amended_sides_are_known": amend(obligations=[Obligation("M3", "nobody", "x")]),
    "amended_payments_follow_an_obligation": amend(payments=[PaymentTerm("P3", yuan(1), "M9")]),
    "amendment_keeps_what_is_paid": amend(payments=[PaymentTerm("P1", yuan(99_999), "M1")]),
    "amended_payments_stay_within_the_value": amend(payments=[PaymentTerm("P3", yuan(100_001), "M2")]),
    "small_firm_is_still_paid_in_time": amend(payments=[PaymentTerm("P2", yuan(1), "M2", 61)]),
    "supplement_is_within_its_ceiling": amend(value=yuan(1_100_001)),
    "check_mode_is_known": ask(performing, contracts.plan_check, day("2026-03-03"), "surprise"),
    "check_is_planned": ask(performing, contracts.cancel_check, UUID(int=7), "x"),
    "cancellation_has_a_reason": ask(planned, contracts.cancel_check, ..., " "),
    "check_has_happened": check(carried_out_on=day("2026-03-03")),
    "check_follows_the_signing": check(carried_out_on=day("2026-01-11")),
    "two_people_inspect": check(inspectors=["甲", "甲"]),
    "results_are_known": check(items=[CheckItem("CK-01", "so-so")]),
    "obligation_is_in_the_contract": ask(performing, contracts.fulfil_obligation, "M9"),
    "obligation_is_open": ask(fulfilled, contracts.fulfil_obligation, "M1"),
    "fulfilment_has_happened": ask(performing, contracts.fulfil_obligation, "M1", fulfilled_on=day("2026-03-03")),
    "fulfilment_follows_the_signing": ask(performing, contracts.fulfil_obligation, "M1", fulfilled_on=day("2026-01-11")),
    "waiver_has_a_reason": ask(performing, contracts.waive_obligation, "M1", reason=" "),
    "excuse_is_known": ask(performing, contracts.raise_excuse, kind="rain", text="x"),
    "excuse_says_something": ask(performing, contracts.raise_excuse, kind="force_majeure", text=" "),
    "payment_is_in_the_contract": ask(performing, contracts.record_payment, ref="P9", value=yuan(1)),
    "payment_is_positive": ask(performing, contracts.record_payment, ref="P1", value=yuan(0)),
    "payment_is_in_its_currency": ask(performing, contracts.record_payment, ref="P1", value=Money(Decimal(1), "USD")),
    "payment_is_not_too_much": ask(fulfilled, contracts.record_payment, ref="P1", value=yuan(200_001)),
    "finding_kind_is_known": find(kind="moral"),
    "behaviour_is_in_the_catalogue": find(behaviour="QLT-99"),
    "party_is_in_the_contract": find(party=B),
    "behaviour_is_of_that_side": find(party=SUIXI.ref),
    "behaviour_may_be_of_that_kind": find(behaviour="PER-01"),
    "breach_has_happened": find(occurred_on=day("2026-03-03")),
    "breach_follows_the_signing": find(occurred_on=day("2026-01-11")),
    "check_belongs_to_the_contract": find(check=UUID(int=7)),
    "facts_are_stated": find(facts=" "),
    "contract_number_is_free": lambda: (office := Office().at("2026-01-12")) and [office.contract(number="12") for _ in range(2)],
    "leaver_is_in_the_contract": assign(leaves="CN-USCC:91440800MA4X00099Z"),
    "comer_is_not_in_it_yet": assign(comes=FIRM_A),
    "assignment_follows_the_one_before": assign(assigned, leaves=B, comes=FIRM_A, assigned_on=day("2026-03-01")),
    "assignment_has_a_rationale": assign(rationale=" "),
    "warranty_follows_the_completion": ask(lambda: _all_done(), contracts.complete_contract, warranty_ends_on=day("2026-03-01")),
    "no_more_is_returned_than_is_held": ask(completed, contracts.return_security, value=yuan(100_001)),
    "what_is_kept_of_the_security_has_a_reason": ask(completed, contracts.return_security, value=yuan(99_999)),
    "what_is_kept_of_the_retention_has_a_reason": ask(completed, contracts.release_retention, value=yuan(29_999)),
}  # fmt: skip


def _rated() -> tuple[Office, UUID]:
    office = Office()
    return office, office.at("2026-01-12").contract(late_rate=LateRate(Decimal(4), "year", Decimal(3)))


def _published() -> tuple[Office, UUID]:
    office, contract = performing()
    office.ask(KEEPER, contracts.publish_contract, contract)
    return office, contract


def _filed() -> tuple[Office, UUID]:
    office, contract = performing()
    office.ask(KEEPER, contracts.file_contract, contract)
    return office, contract


def _all_done() -> tuple[Office, UUID]:
    office, contract = performing()
    for ref in ("M1", "M2"):
        office.ask(KEEPER, contracts.fulfil_obligation, contract, ref)
    return office, contract


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_each_rule_refuses(rule: str) -> None:
    assert rule in broken_by(TABLE[rule])


def test_no_rule_is_without_a_case() -> None:
    assert rules_of(rules) - TABLE.keys() == set()
    assert TABLE.keys() - rules_of(rules) == set()


def test_terms_that_are_in_order_are_signed() -> None:
    assert signing()() is None


def test_an_import_knows_less_and_is_taken_all_the_same() -> None:
    terms = {
        "number": "1", "name": "", "type": "", "region": "", "signed_on": None, "holds_from": date(2026, 1, 12), "starts_on": None,
        "ends_on": None, "authority": Authority("local", "x", "x"), "contractors": [Contractor("local", "y", "y")], "value": None,
        "obligations": [], "payments": [], "security": None, "retention_percent": Decimal(0),
    }  # fmt: skip
    given(Contract).when(lambda one: one.sign(terms, date(2026, 1, 12), shipped_book(), True, by="x")).then((ContractSigned, {"signed_on": None}))


def test_an_agreed_rate_has_its_floor_for_small_firms_alone() -> None:
    """At the floor it is taken; a large firm's contract has none, nor has one made before there was such a law."""
    office = Office().at("2026-01-12")
    with refused("late_rate_is_not_below_its_floor") as floor:
        office.contract(late_rate=LateRate(Decimal("2.99"), "year", Decimal(3)))
    (broken,) = floor.broken
    assert broken.basis is not None
    assert (broken.basis.clause, broken.values["lpr"]) == ("《保障中小企业款项支付条例》（国务院令第802号）第十七条", Decimal(3))
    office.contract(late_rate=LateRate(Decimal(3), "year", Decimal(3)))
    large = Contractor("CN-USCC", "91440800MA4X000012", "湛江市样本建设有限公司", "large")
    office.contract(contractors=[large], late_rate=LateRate(Decimal("0.001"), "day"))
    office.contract(signed_on=date(2020, 8, 31), late_rate=LateRate(Decimal(1), "year"))


def test_a_rate_said_again_keeps_its_floor() -> None:
    office, contract = _rated()
    agreed = next(one for one in office.told(contract) if one.event.topic.startswith("contract.late_rate_agreed/"))
    with refused("late_rate_is_not_below_its_floor"):
        office.ask(KEEPER, correct, Contract, contract, agreed.position, "percent", "2.5", reason="录错")
    office.ask(KEEPER, correct, Contract, contract, agreed.position, "percent", "3.5", reason="录错")


def test_what_is_wrong_with_a_contract_and_what_is_said_beside_it_is_told_together() -> None:
    office = Office().at("2026-01-12")
    office.contract(number="12")
    rate = LateRate(Decimal(200), "week")
    told = broken_by(lambda: office.contract(number="12", starts_on=day("2026-01-12"), ends_on=day("2025-01-01"), works="dykes", late_rate=rate))
    assert {"term_is_in_order", "contract_number_is_free", "works_are_known", "late_rate_is_a_rate", "late_rate_is_by_day_or_year"} <= told
    assert "contract_is_signed" not in told
    contract = office.contract(number="13")
    amended = broken_by(lambda: office.ask(KEEPER, contracts.amend_contract, contract, rationale=" ", late_rate=rate))
    assert {"there_is_a_rationale", "late_rate_is_a_rate"} <= amended


def test_a_number_is_used_once_within_an_authority() -> None:
    office = Office().at("2026-01-12")
    office.contract(number="12")
    assert broken_by(lambda: office.contract(number=" 12 ")) == {"contract_number_is_free"}
    office.contract(number="12", authority=Authority("CN-USCC", "11440825000000000P", "徐闻县水务局"))


def test_one_behaviour_makes_one_case_unless_it_was_dismissed() -> None:
    """Never 4: two sets of points for one behaviour."""
    office, contract = performing()
    first = office.finding(contract)
    assert broken_by(lambda: office.finding(contract)) == {"behaviour_is_not_in_a_case"}
    office.finding(contract, occurred_on=day("2026-03-01"))
    office.ask("decider", breach.dismiss_case, first, grounds="证据不足")
    office.finding(contract)


def test_the_evidence_of_the_check_counts_for_four_eyes() -> None:
    office, contract, check = planned()
    items = [CheckItem("CK-07", "fail", "x", ["sha256:aa"])]
    office.ask("everything", contracts.carry_out_check, contract, check, inspectors=["甲", "乙"], items=items)
    case = office.finding(contract, check=check)
    assert broken_by(lambda: office.ask("everything", breach.dismiss_case, case, grounds="x")) == {"not_one_who_recorded_it"}


def test_loops_of_an_amendment() -> None:
    office, contract = fulfilled()
    office.ask(KEEPER, contracts.amend_contract, contract, rationale="x", payments=[
        PaymentTerm("P1", yuan(100_000), "M1", 10), PaymentTerm("P3", yuan(50_000), "M1", 45)], value=yuan(1_000_000))  # fmt: skip
    loops = office.loops(contract)
    assert "payment:P1" not in loops  # paid in full by now
    assert loops["payment:P3"].due_on == day("2026-04-16")  # of an obligation that was fulfilled before it was agreed
