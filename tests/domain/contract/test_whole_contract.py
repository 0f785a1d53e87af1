"""The whole contract: assignment, yearly reviews, the warranty, what is kept back, and for whose fault it ended."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from domain.contract import commands as contracts
from domain.contract.contract import Contract
from domain.terms import CheckItem, Contractor, PaymentTerm, Security
from tests.domain.office import BUREAU, FIRM_A, FIRM_B, SUIXI, A, B, Office, day, refused, yuan

KEEPER = "county-supervisor"


def office_with(**terms: object) -> tuple[Office, UUID]:
    office = Office()
    return office, office.at("2026-01-12").contract(**terms)


def yearly(office: Office, contract: UUID) -> None:
    _, check = office.ask(KEEPER, contracts.plan_check, contract, office.today, "yearly")
    office.ask(KEEPER, contracts.carry_out_check, contract, check, inspectors=["甲", "乙"], items=[CheckItem("CK-06", "pass")])


def test_what_was_before_the_assignment_stays_with_who_left_and_what_is_after_is_the_others() -> None:
    office, contract = office_with()
    office.at("2026-03-02").ask(KEEPER, contracts.assign_contract, contract, leaves=A, comes=FIRM_B, rationale="经甲方书面同意")
    found = office.ledger.get(Contract, contract)
    assert (found.parties, found.contractors[0].lead) == ([SUIXI.ref, B], True)
    office.at("2026-03-10")
    case = office.finding(contract, party=A, occurred_on=day("2026-02-20"))
    assert office.events(case)[0].side == "contractor"  # type: ignore[attr-defined]
    with refused("party_is_in_the_contract"):
        office.finding(contract, party=A, occurred_on=day("2026-03-02"))
    with refused("party_is_in_the_contract"):
        office.finding(contract, party=B, occurred_on=day("2026-03-01"))
    office.finding(contract, party=B, occurred_on=day("2026-03-02"))


def test_an_authority_that_another_takes_the_place_of_answers_for_its_time() -> None:
    office, contract = office_with()
    office.at("2026-03-02").ask(KEEPER, contracts.assign_contract, contract, leaves=SUIXI.ref,
                                comes=Contractor("CN-USCC", BUREAU.id, BUREAU.name), rationale="机构改革")  # fmt: skip
    assert office.ledger.get(Contract, contract).authority == BUREAU.ref
    late = office.at("2026-03-10").finding(contract, party=SUIXI.ref, behaviour="GOV-01", kind="management", occurred_on=day("2026-02-20"))
    assert (office.events(late)[0].authority, office.events(late)[0].side) == (SUIXI.ref, "authority")  # type: ignore[attr-defined]


def test_payments_to_a_small_firm_that_comes_are_capped_from_then_on() -> None:
    big = Contractor("CN-USCC", FIRM_A.id, FIRM_A.name, "large", True)
    office, contract = office_with(contractors=[big], payments=[PaymentTerm("P1", yuan(300_000), "M1", None)])
    office.at("2026-03-02").ask(KEEPER, contracts.assign_contract, contract, leaves=A, comes=FIRM_B, rationale="经甲方书面同意")
    office.at("2026-03-31").ask(KEEPER, contracts.fulfil_obligation, contract, "M1")
    assert office.due(office.loops(contract)["payment:P1"]) == day("2026-04-30")


def test_a_contract_of_years_is_reviewed_each_year_until_less_than_a_year_is_left() -> None:
    office, contract = office_with(ends_on=day("2028-06-30"))
    one = office.loops(contract)["yearly_check"]
    assert (office.due(one), one.owed_by, one.basis and one.basis.status) == (day("2027-01-12"), "supervisor", "unconfirmed")
    yearly(office.at("2027-01-08"), contract)
    assert office.due(office.loops(contract)["yearly_check"]) == day("2028-01-10"), "a Saturday rolls on"
    yearly(office.at("2027-12-20"), contract)
    assert "yearly_check" not in office.loops(contract), "it ends before another year is over"
    office.ask(KEEPER, contracts.amend_contract, contract, rationale="续期", ends_on=day("2029-12-31"))
    assert office.due(office.loops(contract)["yearly_check"]) == day("2028-12-20")
    office.ask(KEEPER, contracts.terminate_contract, contract, reason="协商一致", by_side="both", at_fault=None)
    assert "yearly_check" not in office.loops(contract)


def test_a_contract_of_a_year_wants_no_yearly_review() -> None:
    office, contract = office_with(ends_on=day("2027-01-12"))
    assert "yearly_check" not in office.loops(contract)
    office.ask(KEEPER, contracts.amend_contract, contract, rationale="延期", ends_on=day("2027-06-30"))
    assert "yearly_check" in office.loops(contract)


def test_the_retention_is_owed_from_the_end_of_the_warranty() -> None:
    office, contract = office_with(obligations=[], payments=[], retention_percent=Decimal(3))
    office.at("2026-06-30").ask(KEEPER, contracts.complete_contract, contract, warranty_ends_on=day("2028-06-30"))
    assert "retention" not in office.loops(contract)
    office.ask(KEEPER, contracts.settle_contract, contract)
    loops = office.at("2028-06-30").loops(contract)
    assert office.due(loops["retention"]) == day("2028-07-14"), "14 days after the warranty, though long settled"
    office.at("2028-07-10").ask(KEEPER, contracts.release_retention, contract, value=yuan(20_000), kept_because="修补费用抵扣")
    assert office.loops(contract) == {}


def test_what_is_kept_of_a_security_after_a_termination_for_fault_is_said() -> None:
    office, contract = office_with(obligations=[], payments=[], security=Security(yuan(100_000), "cash"))
    office.at("2026-06-30").ask(KEEPER, contracts.terminate_contract, contract, reason="擅自停工", by_side="authority", at_fault="contractor")
    assert "security" in office.loops(contract)
    with refused("what_is_kept_of_the_security_has_a_reason"):
        office.ask(KEEPER, contracts.return_security, contract, value=yuan(0))
    office.ask(KEEPER, contracts.return_security, contract, value=yuan(0), kept_because="按合同 12.3 条不予退还")
    assert "security" not in office.loops(contract)


def test_an_excuse_is_remembered_by_its_contract() -> None:
    office, contract = office_with()
    office.at("2026-04-01").ask("company-a", contracts.raise_excuse, contract, kind="force_majeure", text="台风", ref="M1")
    assert office.ledger.get(Contract, contract).excuses == [("force_majeure", day("2026-04-01"))]
