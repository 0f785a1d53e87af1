"""Credit commitments: each rule refuses something; the loops of a promise; what is promised with an application for repair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from domain.access import commands as access
from domain.actor import NotYourRole
from domain.conformance import commands as conformance
from domain.corrections import correct
from domain.ledger import NotThere
from domain.party import commitments
from domain.party.commitment import Commitment, commitment_of_repair
from domain.party.rules import commitment as rules
from domain.repair import commands as repairs
from domain.values.party import PartyRef
from tests.domain.office import COUNTY, DIGEST, SUIXI, A, B, Office, applied, day, published, refused
from tests.domain.scenario import broken_by, rules_of

KEEPER, OTHER = "county-supervisor", "city-supervisor"
AUTHORITY = PartyRef(SUIXI.scheme, SUIXI.id)
FIRM = PartyRef.parse(A)


def office_with_a_firm(on: str = "2026-03-02") -> Office:
    office = Office().at("2026-01-12")
    office.contract()
    office.ask("administrator", access.register_organisation, SUIXI.scheme, SUIXI.id, SUIXI.name, COUNTY)
    return office.at(on)


def make(office: Office, who: str = KEEPER, **terms: Any) -> UUID:
    given: dict[str, Any] = {"kind": "09", "matter": "农民工工资", "text": "按月足额支付", "ends_on": day("2026-06-30")}
    party = terms.pop("party", FIRM)
    made: UUID = office.ask(who, commitments.make_commitment, party, terms.pop("received_by", AUTHORITY), **{**given, **terms}).id
    return made


def promised(**terms: Any) -> tuple[Office, UUID]:
    office = office_with_a_firm()
    return office, make(office, **terms)


def broken() -> tuple[Office, UUID]:
    office, one = promised()
    office.at("2026-07-02").ask(OTHER, commitments.break_commitment, one, facts="拖欠两个月")
    return office, one


def withdrawn() -> tuple[Office, UUID]:
    office, one = promised()
    office.ask("company-a", commitments.withdraw_commitment, one, reason="不再需要")
    return office, one


def making(**terms: Any) -> Callable[[], Any]:
    return lambda: make(office_with_a_firm(), **terms)


def ask(setup: Callable[[], tuple[Office, UUID]], who: str, command: Callable[..., Any], **terms: Any) -> Callable[[], Any]:
    def act() -> Any:
        office, one = setup()
        return office.ask(who, command, one, **terms)

    return act


def with_application() -> tuple[Office, UUID]:
    office, _, repair = applied()
    return office, commitment_of_repair(repair)


TABLE: dict[str, Callable[[], Any]] = {
    "commitment_type_is_known": making(kind="77"),
    "commitment_names_its_matter": making(matter=" "),
    "commitment_says_something": making(text=" "),
    "commitment_was_made": making(made_on=day("2026-03-03")),
    "commitment_ends_after_it_was_made": making(ends_on=day("2026-03-01")),
    "commitment_is_of_a_party_to_the_contract": making(contract=UUID(int=1), sides=lambda _: [B]),
    "commitment_is_open": ask(withdrawn, "company-a", commitments.report_commitment, text="已付"),
    "its_day_has_come": ask(promised, KEEPER, commitments.keep_commitment, kept_on=day("2026-03-03")),
    "it_follows_the_step_before": ask(promised, KEEPER, commitments.keep_commitment, kept_on=day("2026-03-01")),
    "report_says_something": ask(promised, "company-a", commitments.report_commitment, text=" "),
    "breach_of_promise_is_stated": ask(promised, OTHER, commitments.break_commitment, facts=" "),
    "step_back_has_a_reason": ask(promised, "company-a", commitments.withdraw_commitment, reason=" "),
    "it_goes_with_no_application": ask(with_application, "company-a", commitments.withdraw_commitment, reason="x"),
    "commitment_has_an_outcome": ask(promised, OTHER, commitments.reopen_commitment, reason="x"),
    "another_person_judges_it": ask(promised, KEEPER, commitments.break_commitment, facts="x"),
    "another_person_takes_it_back": ask(broken, OTHER, commitments.reopen_commitment, reason="x"),
    "a_person_judges_at_a_page": ask(promised, OTHER, commitments.break_commitment, facts="x", via="cli"),
}


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_each_rule_refuses(rule: str) -> None:
    assert rule in broken_by(TABLE[rule])


def test_no_rule_is_without_a_case() -> None:
    assert rules_of(rules) == TABLE.keys()


def test_an_unknown_party_and_an_unknown_authority_are_told_together() -> None:
    office = office_with_a_firm()
    nobody = PartyRef("CN-USCC", "91440800MA4X00003D")
    assert broken_by(lambda: make(office, party=nobody, received_by=nobody)) == {"authority_receives_commitments", "promising_party_is_known"}
    assert broken_by(lambda: make(office, who="county2-supervisor")) == {"authority_receives_commitments"}, "another county's is not known of"
    with pytest.raises(NotYourRole):
        make(office, who="county-decider")


def test_a_promise_is_owed_by_its_party_and_then_looked_at_by_the_office() -> None:
    office, one = promised()
    owed = office.loops(one)
    assert {name: (loop.owed_by, loop.due_on) for name, loop in owed.items()} == {"commitment": ("party", day("2026-06-30"))}
    assert set(office.loops(one, on=day("2026-07-01"))) == {"commitment", "commitment_review"}, "past its day somebody has to say"
    assert office.all_loops(one)["commitment_review:"].due_on == day("2026-07-14"), "ten working days after its end"
    office.at("2026-05-06").ask("company-a", commitments.report_commitment, one, text="已付清", evidence=[DIGEST])
    assert {name: (loop.owed_by, loop.due_on) for name, loop in office.loops(one).items()} == {"commitment_review": ("supervisor", day("2026-05-19"))}
    office.at("2026-05-07").ask(KEEPER, commitments.keep_commitment, one, note="属实")
    assert office.all_loops(one) == {}
    with refused("commitment_is_open"):
        office.ask(OTHER, commitments.break_commitment, one, facts="x")


def test_one_without_an_end_runs_for_the_rules_term() -> None:
    office, one = promised(ends_on=None)
    loop = office.loops(one)["commitment"]
    assert (loop.due_on, loop.basis and loop.basis.rule, loop.basis and loop.basis.status) == (day("2027-03-02"), "commitment", "unconfirmed")


def test_what_was_found_of_it_can_be_taken_back_by_another() -> None:
    office, one = broken()
    assert office.all_loops(one) == {}
    office.at("2026-07-03").ask("decider", commitments.reopen_commitment, one, reason="工资由总包代付")
    assert set(office.loops(one)) == {"commitment", "commitment_review"}
    office.ask(KEEPER, commitments.keep_commitment, one)
    assert office.ledger.get(Commitment, one).status == "kept"


def test_a_delegate_is_no_other_person() -> None:
    office, one = promised()
    office.at("2026-07-02").ask(KEEPER, access.grant_delegation, "deputy", ends_on=day("2026-12-31"))
    with refused("another_person_judges_it"):
        office.ask("deputy", commitments.break_commitment, one, facts="x")


def test_only_its_party_and_the_office_know_of_it() -> None:
    office, one = promised()
    for who in ("company-b", "county2-supervisor", "administrator"):
        with pytest.raises(NotThere):
            office.ask(who, commitments.report_commitment, one, text="x")
    with pytest.raises(NotYourRole):
        office.ask("company-a", commitments.keep_commitment, one)


def test_an_application_for_repair_brings_its_commitment() -> None:
    office, _, repair = applied()
    one = office.ledger.get(Commitment, commitment_of_repair(repair))
    made = office.events(one.id)[0]
    assert (one.status, one.party, made.day) == ("open", A, day("2026-07-28"))
    assert (made.kind, made.text, made.repair) == ("03", "不再发生", repair)  # type: ignore[attr-defined]
    office.at("2026-07-31").ask("company-a", repairs.withdraw_repair, repair)
    assert office.ledger.get(Commitment, one.id).status == "withdrawn"
    assert office.all_loops(one.id) == {}


def test_it_lapses_with_a_rejected_application_and_is_back_when_that_is_taken_up_again() -> None:
    office, _, sanction = published()
    papers: dict[str, Any] = {"fulfilment_proof": [DIGEST], "commitment": "不再发生"}
    repair = office.at("2026-07-24").ask("company-a", repairs.apply_for_repair, sanction=sanction, **papers, insist=True)
    one = commitment_of_repair(repair.id)
    office.at("2026-07-27").ask(KEEPER, repairs.reject_repair, repair.id, reason="过早")
    assert office.ledger.get(Commitment, one).status == "withdrawn"
    _, objection = office.at("2026-07-28").ask("company-a", repairs.object_to_repair, repair.id, grounds="不早")
    office.at("2026-07-29").ask("decider2", repairs.decide_repair_objection, repair.id, objection, outcome="upheld")
    assert office.ledger.get(Commitment, one).status == "open"


def test_a_wrong_day_is_said_again_and_the_loops_follow() -> None:
    office, one = promised()
    position = office.told(one)[0].position
    with refused("commitment_ends_after_it_was_made"):
        office.ask(KEEPER, correct, Commitment, one, position, "ends_on", "2026-03-01", "抄错")
    with refused("field_may_be_said_again"):
        office.ask(KEEPER, correct, Commitment, one, position, "party", B, "抄错")
    office.ask(KEEPER, correct, Commitment, one, position, "ends_on", "2026-07-31", "抄错")
    assert office.loops(one)["commitment"].due_on == day("2026-07-31")


def test_looking_at_it_late_is_a_breach_of_procedure_that_a_decider_answers() -> None:
    office, one = promised()
    office.at("2026-07-15").ask(KEEPER, commitments.keep_commitment, one)
    owed = office.loops(one)
    assert {loop.owed_by for loop in owed.values()} == {"decider"}
    (loop,) = owed.values()
    office.ask("decider", conformance.answer_breach, Commitment, one, loop.key, outcome="explained", grounds="人手不足")
    assert office.all_loops(one) == {}
