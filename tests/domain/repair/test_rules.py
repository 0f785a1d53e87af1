"""Each rule of a repair refuses something."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from domain.breach import commands as breach
from domain.repair import commands as repairs
from domain.repair import rules
from domain.repair.events import Document, Missing
from domain.repair.repair import Repair
from domain.terms import Proof
from tests.domain.office import DIGEST, LARGER, Office, applied, day, published, refused, sanctioned
from tests.domain.scenario import broken_by, rules_of

KEEPER = "county-supervisor"
PAPERS = {"fulfilment_proof": [DIGEST], "commitment": "不再发生"}
Setup = Callable[[], tuple[Office, UUID, UUID]]


def ask(setup: Setup, who: str, command: Callable[..., Any], at: str | None = None, **terms: Any) -> Callable[[], Any]:
    def act() -> Any:
        office, _, repair = setup()
        via = terms.pop("via", "web")
        if at:
            office.at(at)
        return office.ask(who, command, repair, via=via, **terms)

    return act


def then(setup: Setup, *acts: tuple[str, str, Callable[..., Any], dict[str, Any]]) -> Setup:
    def done() -> tuple[Office, UUID, UUID]:
        office, case, repair = setup()
        for on, who, command, terms in acts:
            office.at(on).ask(who, command, repair, **terms)
        return office, case, repair

    return done


def apply(setup: Setup = published, on: str = "2026-07-29", **terms: Any) -> Callable[[], Any]:
    def act() -> Any:
        office, _, sanction = setup()
        return office.at(on).ask("company-a", repairs.apply_for_repair, sanction=sanction, **{**PAPERS, **terms})

    return act


def early() -> tuple[Office, UUID, UUID]:
    office, case, sanction = published()
    repair = office.at("2026-07-24").ask("company-a", repairs.apply_for_repair, sanction=sanction, **PAPERS, insist=True)
    return office, case, repair.id


accepted = then(applied, ("2026-07-31", KEEPER, repairs.accept_repair, {}))
supplement = then(applied, ("2026-07-30", KEEPER, repairs.request_supplement, {"items": [Missing("fulfilment_proof", "不清楚")]}))
approved = then(accepted, ("2026-08-03", "decider2", repairs.decide_repair, {"outcome": "approved"}))
rejected = then(early, ("2026-07-27", KEEPER, repairs.reject_repair, {"reason": "过早"}))
objected = then(rejected, ("2026-07-28", "company-a", repairs.object_to_repair, {"grounds": "不早"}))
extended = then(accepted, ("2026-08-03", KEEPER, repairs.extend_repair, {"reason": "复杂"}))
unfulfilled = then(accepted, ("2026-08-03", KEEPER, repairs.verify_repair, {"fulfilled": False}))


def by_one_who_recorded() -> Any:
    office = Office()
    contract = office.at("2026-01-12").contract()
    proof = [Proof(DIGEST, office.id_of("decider2"))]
    case = office.at("2026-04-08").finding(contract, occurred_on=day("2026-04-02"), evidence=proof)
    office.at("2026-04-09").ask(KEEPER, breach.serve_notice, case, proposed=LARGER)
    office.at("2026-04-13").ask("company-a", breach.receive_statement, case, text="x")
    office.at("2026-04-20").ask("legal", breach.pass_legal_review, case)
    office.at("2026-04-24").ask("decider", breach.confirm_breach, case, grounds="x")
    _, sanction = office.at("2026-04-29").ask("decider", breach.decide_sanction, case, decision_types=["fine_larger"],
                                              fine=LARGER.fine, document_number="遂水罚〔2026〕6号", grounds="x")  # fmt: skip
    office.ask(KEEPER, breach.serve_sanction, case)
    repair = office.at("2026-07-29").ask("company-a", repairs.apply_for_repair, sanction=sanction, **PAPERS).id
    office.ask(KEEPER, repairs.accept_repair, repair)
    return office.ask("decider2", repairs.decide_repair, repair, outcome="approved")


def by_one_recused() -> Any:
    office, case, repair = accepted()
    office.ask("decider", breach.decide_recusal, case, account="decider2", recused=True, reason="亲属")
    return office.ask("decider2", repairs.decide_repair, repair, outcome="approved")


def by_the_applicant() -> Any:
    office, _, sanction = published()
    repair = office.at("2026-07-29").ask("everything", repairs.apply_for_repair, sanction=sanction, **PAPERS).id
    office.ask("everything", repairs.accept_repair, repair)
    return office.ask("everything", repairs.decide_repair, repair, outcome="approved")


def of_a_revoked_sanction() -> Any:
    office, case, repair = accepted()
    office.ask("decider", breach.revoke_sanction, case, grounds="程序违法")
    return office.ask("decider2", repairs.decide_repair, repair, outcome="approved")


def after_a_ban(on: str = "2029-08-03") -> Callable[[], Any]:
    def act() -> Any:
        office, _, repair = accepted()
        sanction = office.ledger.get(Repair, repair).sanction
        office.at("2026-08-03").ask("decider2", repairs.record_false_material, repair, text="伪造缴款书")
        office.ask("decider2", repairs.decide_repair, repair, outcome="refused", grounds="材料虚假")
        return office.at(on).ask("company-a", repairs.apply_for_repair, sanction=sanction, **PAPERS)

    return act


def objection(**terms: Any) -> Callable[[], Any]:
    def act() -> Any:
        office, _, repair = objected()
        who = terms.pop("who", "decider2")
        number = terms.pop("objection", next(iter(office.ledger.get(Repair, repair).objections)))
        return office.ask(who, repairs.decide_repair_objection, repair, number, **{"outcome": "rejected", "grounds": "x", **terms})

    return act


def refused_by_decider2_twice() -> Any:
    office, _, repair = accepted()
    office.at("2026-08-03").ask("decider2", repairs.decide_repair, repair, outcome="refused", grounds="未履行")
    _, number = office.ask("company-a", repairs.object_to_repair, repair, grounds="已履行")
    return office.ask("decider2", repairs.decide_repair_objection, repair, number, outcome="rejected", grounds="x")


def not_served() -> tuple[Office, UUID, UUID]:
    return sanctioned()


def revoked() -> tuple[Office, UUID, UUID]:
    office, case, sanction = published()
    office.at("2026-05-20").ask("decider", breach.revoke_sanction, case, grounds="x")
    return office, case, sanction


decide = repairs.decide_repair
TABLE: dict[str, Callable[[], Any]] = {
    "sanction_can_be_repaired": apply(revoked),
    "sanction_was_served": apply(not_served),
    "application_has_happened": apply(applied_on=day("2026-07-30")),
    "no_application_is_open": lambda: apply(lambda: _again())(),
    "party_is_not_barred": after_a_ban(),
    "papers_are_complete": apply(commitment=" "),
    "commitment_was_signed": apply(commitment_signed_on=day("2026-07-30")),
    "application_waits": ask(accepted, KEEPER, repairs.accept_repair),
    "supplement_is_awaited": ask(applied, "company-a", repairs.provide_supplement, documents=[Document("fulfilment_proof", DIGEST)]),
    "application_is_accepted": ask(applied, "decider2", decide, outcome="approved"),
    "application_is_open": ask(rejected, "company-a", repairs.withdraw_repair),
    "it_was_turned_down": ask(applied, "company-a", repairs.object_to_repair, grounds="x"),
    "no_objection_is_open": ask(objected, "company-a", repairs.object_to_repair, grounds="x"),
    "repair_is_approved": ask(accepted, KEEPER, repairs.acknowledge_repair, recipient="credit-china"),
    "repair_was_granted": ask(accepted, "decider2", repairs.revoke_repair, grounds="x"),
    "it_has_happened": ask(applied, KEEPER, repairs.accept_repair, accepted_on=day("2026-07-30")),
    "it_follows_the_last_step": ask(supplement, "company-a", repairs.provide_supplement,
                                    documents=[Document("fulfilment_proof", DIGEST)], provided_on=day("2026-07-29")),
    "something_is_missing": ask(applied, KEEPER, repairs.request_supplement, items=[Missing("fulfilment_proof", " ")]),
    "only_papers_of_the_pack_are_asked": ask(applied, KEEPER, repairs.request_supplement, items=[Missing("identity", "要看")]),
    "something_is_provided": ask(supplement, "company-a", repairs.provide_supplement, documents=[]),
    "rejection_has_a_reason": ask(applied, KEEPER, repairs.reject_repair, reason=" "),
    "application_was_not_too_early": ask(early, KEEPER, repairs.accept_repair),
    "term_was_not_extended": ask(extended, KEEPER, repairs.extend_repair, reason="更复杂"),
    "outcome_is_known": ask(accepted, "decider2", decide, outcome="maybe"),
    "decision_has_grounds": ask(accepted, "decider2", decide, outcome="refused"),
    "document_number_is_well_formed": ask(accepted, "decider2", decide, outcome="approved", document_number="七号"),
    "repair_minimum_period_not_reached": apply(on="2026-07-28"),
    "fulfilment_is_proved": ask(unfulfilled, "decider2", decide, outcome="approved"),
    "commitment_is_given": lambda: _without_commitment(),
    "sanction_still_stands": of_a_revoked_sanction,
    "not_one_who_recorded_it": by_one_who_recorded,
    "not_recused": by_one_recused,
    "not_the_applicant": by_the_applicant,
    "a_person_decides_at_a_page": ask(accepted, "decider2", decide, outcome="approved", via="cli"),
    "objection_is_open": objection(objection=UUID(int=7)),
    "objection_outcome_is_known": objection(outcome="maybe"),
    "another_decider": refused_by_decider2_twice,
    "recipient_is_awaited": ask(approved, KEEPER, repairs.acknowledge_repair, recipient="nobody"),
}  # fmt: skip


def _again() -> tuple[Office, UUID, UUID]:
    office, case, repair = applied()
    sanction = office.ledger.get(Repair, repair).sanction
    assert sanction is not None
    return office, case, sanction


def _without_commitment() -> Any:
    """The pack asks for both papers at once; a later pack may not, and approval asks all the same."""
    office, _, repair = accepted()
    found = office.ledger.get(Repair, repair)
    found.kinds.discard("credit_commitment")
    from domain.breach.case import Case, Law

    case = office.ledger.get(Case, found.case)  # type: ignore[arg-type]
    law = Law(office.book, office.today, office.id_of("decider2"))
    found.decide("approved", None, "", office.today, case, law, by=law.by)


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_each_rule_refuses(rule: str) -> None:
    assert rule in broken_by(TABLE[rule])


def test_no_rule_is_without_a_case() -> None:
    assert rules_of(rules) - TABLE.keys() == set()
    assert TABLE.keys() - rules_of(rules) == set()


def test_after_the_ban_one_may_apply_again() -> None:
    with refused("sanction_can_be_repaired"):  # by then its publicity is over, which is another matter
        office, case, repair = accepted()
        sanction = office.ledger.get(Repair, repair).sanction
        office.at("2026-08-03").ask("decider2", repairs.record_false_material, repair, text="伪造")
        office.ask("decider2", decide, repair, outcome="refused", grounds="虚假")
        office.at("2029-08-04").clock(case)
        office.ask("company-a", repairs.apply_for_repair, sanction=sanction, **PAPERS)


def test_an_objection_that_is_upheld_brings_the_application_back_to_a_desk() -> None:
    office, _, repair = accepted()
    office.at("2026-08-03").ask("decider2", decide, repair, outcome="refused", grounds="未履行")
    assert office.loops(repair) == {}
    _, number = office.ask("company-a", repairs.object_to_repair, repair, grounds="已履行")
    office.ask("decider", repairs.decide_repair_objection, repair, number, outcome="upheld", grounds="已履行")
    assert office.loops(repair).keys() == {"repair_acceptance"}
    office.ask(KEEPER, repairs.accept_repair, repair)
    office.ask("decider2", decide, repair, outcome="approved")


def test_an_extension_is_added_to_the_term_that_was_running() -> None:
    office, _, repair = accepted()
    assert office.loops(repair)["repair_decision"].due_on == day("2026-08-11")
    office.at("2026-08-10").ask(KEEPER, repairs.extend_repair, repair, reason="复杂")
    assert office.loops(repair)["repair_decision"].due_on == day("2026-08-25")


def test_time_to_supplement_runs_out_and_the_authority_goes_on() -> None:
    office, _, repair = supplement()
    assert office.loops(repair)["repair_supplement"].ends_on == day("2026-08-13")
    office.at("2026-08-14").clock(repair)
    loop = office.loops(repair)["repair_acceptance"]
    assert loop.due_on == day("2026-08-17")  # one of three days was used before the clock stopped
    office.ask(KEEPER, repairs.accept_repair, repair)


def test_documents_of_a_repair_are_numbered_once() -> None:
    office, _, repair = accepted()
    assert broken_by(lambda: office.ask("decider2", decide, repair, outcome="approved", document_number="遂水罚〔2026〕6号")) == {"document_number_is_free"}
