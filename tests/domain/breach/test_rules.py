"""Each rule of a case refuses something: a table case a rule, asked through the commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from domain.breach import commands as breach
from domain.breach import rules
from domain.breach.case import Case
from domain.breach.events import CaseOpened, Proposed
from domain.contract import commands as contracts
from domain.corrections import correct
from domain.terms import Proof
from domain.values.money import Money
from tests.domain.office import (
    DIGEST,
    LARGER,
    SUIXI,
    Office,
    confirmed,
    day,
    noticed,
    opened,
    published,
    sanctioned,
    served,
    yuan,
)
from tests.domain.scenario import broken_by, given, rules_of

Setup = Callable[[], tuple[Any, ...]]
FINE = {"decision_types": ["fine_larger"], "fine": yuan(30_000), "document_number": "遂水罚〔2026〕7号", "grounds": "证据"}
HEAVY = Proposed(["fine_huge"], yuan(40_000))
EVERYBODY = "everything"


def ask(setup: Setup, who: str, command: Callable[..., Any], *args: Any, at: str | None = None, **terms: Any) -> Callable[[], Any]:
    """An act on the case that a setup leaves; `_` among the arguments is the sanction."""

    def act() -> Any:
        office, case, *rest = setup()
        via = terms.pop("via", "web")
        if at is not None:
            office.at(at)
        filled = [rest[0] if one is ... else one for one in args]
        return office.ask(who, command, case, *filled, via=via, **terms)

    return act


def then(setup: Setup, *acts: tuple[str, str, Callable[..., Any], dict[str, Any]]) -> Setup:
    """What a setup leaves, and some acts more: (day, who, command, terms)."""

    def done() -> tuple[Any, ...]:
        office, case, *rest = setup()
        for on, who, command, terms in acts:
            office.at(on).ask(who, command, case, **terms)
        return (office, case, *rest)

    return done


def dismissed() -> tuple[Office, UUID]:
    office, case = opened()
    office.ask("decider", breach.dismiss_case, case, grounds="证据不足")
    return office, case


def against_authority(**terms: Any) -> tuple[Office, UUID]:
    office = Office()
    contract = office.at("2026-01-12").contract()
    given_terms = {"party": SUIXI.ref, "behaviour": "GOV-01", "kind": "management", "occurred_on": day("2026-04-02")}
    return office, office.at("2026-04-08").finding(contract, **{**given_terms, **terms})


def management() -> tuple[Office, UUID]:
    return opened(behaviour="PER-01", kind="management")


def civil() -> tuple[Office, UUID]:
    return opened(kind="civil")


PATROL = Proposed(["order_to_correct"])
managed = then(management, ("2026-04-09", "county-supervisor", breach.serve_notice, {"proposed": PATROL}),
               ("2026-04-10", "company-a", breach.receive_statement, {"text": "知道了"}))  # fmt: skip
requested = then(noticed, ("2026-04-10", "company-a", breach.request_hearing, {}))
notified = then(requested, ("2026-04-13", "county-supervisor", breach.notify_hearing, {"to_be_held_on": day("2026-04-22"), "chair": "chair"}))
heard = then(notified, ("2026-04-22", "chair", breach.hold_hearing, {"record": "笔录"}))
ordered = then(opened, ("2026-04-08", "county-supervisor", breach.order_rectification, {"requirements": "返工"}))
reported = then(ordered, ("2026-04-12", "company-a", breach.report_rectification, {"text": "已返工"}))
objected = then(served, ("2026-05-08", "company-a", breach.file_objection, {"grounds": "罚款过高"}))
reviewed = then(served, ("2026-05-08", "legal", breach.open_review, {"path": "suit", "reference": "（2026）粤0823行初1号"}))
referred = then(against_authority, ("2026-04-08", "county-supervisor", breach.refer_finding, {"to": "市局"}))
stated = then(noticed, ("2026-04-13", "company-a", breach.receive_statement, {"text": "已返工"}))
revoked = then(published, ("2026-05-20", "decider", breach.revoke_sanction, {"grounds": "程序违法"}))


def with_objection(command: Callable[..., Any], who: str = "decider2", on: str = "2026-05-12", **terms: Any) -> Callable[[], Any]:
    def act() -> Any:
        office, case, *_ = objected()
        objection = next(iter(office.ledger.get(Case, case).objections))
        return office.at(on).ask(who, command, case, terms.pop("objection", objection), **terms)

    return act


def with_review(**terms: Any) -> Callable[[], Any]:
    def act() -> Any:
        office, case, *_ = reviewed()
        review = next(iter(office.ledger.get(Case, case).reviews))
        on = terms.pop("at", "2026-06-01")
        return office.at(on).ask("legal", breach.end_review, case, terms.pop("review", review), **terms)

    return act


def by_recorder(command: Callable[..., Any], setup: Setup = stated, **terms: Any) -> Callable[[], Any]:
    """Asked by one who uploaded the evidence of the finding."""

    def act() -> Any:
        office = Office()
        contract = office.at("2026-01-12").contract()
        proof = [Proof(DIGEST, office.id_of("decider"))]
        case = office.at("2026-04-08").finding(contract, occurred_on=day("2026-04-02"), evidence=proof)
        return office.ask("decider", command, case, **terms)

    return act


def recused(who: str) -> Setup:
    def setup() -> tuple[Office, UUID]:
        office, case = stated()
        office.ask("decider2", breach.decide_recusal, case, account=who, recused=True, reason="亲属")
        return office, case

    return setup


def old_case(setup_occurred: str = "2023-04-01") -> tuple[Office, UUID]:
    office = Office()
    contract = office.at("2026-01-12").contract(signed_on=day("2023-01-12"), obligations=[], payments=[])
    case = office.at("2026-04-08").finding(contract, occurred_on=day(setup_occurred))
    office.at("2026-04-09").ask("county-supervisor", breach.serve_notice, case, proposed=LARGER)
    office.at("2026-04-13").ask("company-a", breach.receive_statement, case, text="已返工")
    office.at("2026-04-20").ask("legal", breach.pass_legal_review, case)
    office.at("2026-04-24").ask("decider", breach.confirm_breach, case, grounds="证据")
    return office, case


def serial(signed: Setup, **terms: Any) -> Callable[[], Any]:
    return ask(signed, "decider", breach.decide_sanction, at="2026-04-29", **{**FINE, **terms})


notice = {"proposed": LARGER}
demanded = then(served, ("2026-05-25", "county-supervisor", breach.demand_enforcement, {}))
handled = then(managed, ("2026-04-24", "decider", breach.confirm_breach, {"grounds": "证据"}),
               ("2026-04-29", "decider", breach.decide_sanction,
                {"decision_types": ["order_to_correct"], "document_number": "遂水改〔2026〕1号", "grounds": "x"}),
               ("2026-05-06", "county-supervisor", breach.serve_sanction, {}))  # fmt: skip


def excused() -> tuple[Office, UUID]:
    office, case = stated()
    contract = office.ledger.get(Case, case).contract
    assert contract is not None
    office.ask("company-a", contracts.raise_excuse, contract, kind="force_majeure", text="台风")
    return office, case


close = {"reason": "办结", "open_loops": lambda case, on: []}
held = breach.hold_hearing
order = breach.order_rectification

TABLE: dict[str, Callable[[], Any]] = {
    # state
    "case_is_open": ask(dismissed, "county-supervisor", breach.serve_notice, **notice),
    "breach_is_not_yet_decided": ask(confirmed, "decider", breach.confirm_breach, grounds="再次"),
    "notice_may_be_served": ask(served, "county-supervisor", breach.serve_notice, **notice),
    "notice_was_served": ask(opened, "company-a", breach.receive_statement, text="申辩"),
    "statement_is_not_yet_in": ask(stated, "company-a", breach.receive_statement, text="再说"),
    "breach_is_confirmed": serial(stated),
    "no_sanction_stands": serial(sanctioned),
    "hearing_was_offered": ask(managed, "company-a", breach.request_hearing),
    "hearing_is_not_yet_requested": ask(requested, "company-a", breach.request_hearing),
    "hearing_was_requested": ask(noticed, "county-supervisor", breach.notify_hearing, to_be_held_on=day("2026-04-22"), chair="chair"),
    "hearing_was_notified": ask(requested, "chair", held, record="笔录"),
    "hearing_was_not_held": ask(heard, "chair", held, record="笔录"),
    "legal_review_is_open": ask(confirmed, "legal", breach.pass_legal_review),
    "nothing_is_being_rectified": ask(ordered, "county-supervisor", order, requirements="返工"),
    "rectification_is_ordered": ask(opened, "company-a", breach.report_rectification, text="已改"),
    "rectification_may_be_verified": ask(ordered, "county-supervisor", breach.verify_rectification, passed=True),
    "case_is_referred": ask(against_authority, "county-supervisor", breach.answer_referral, outcome="confirmed"),
    "referral_may_be_made": ask(opened, "county-supervisor", breach.refer_finding, to="市局"),
    "a_sanction_stands": ask(confirmed, "decider", breach.revoke_sanction, grounds="无"),
    "sanction_waits_for_service": ask(served, "county-supervisor", breach.serve_sanction),
    "repair_notice_is_due": ask(served, "county-supervisor", breach.serve_repair_notice),
    "sanction_waits_for_publication": ask(sanctioned, "county-supervisor", breach.publish_sanction),
    "kind_is_published": ask(confirmed, "county-supervisor", breach.publish_sanction),
    "sanction_waits_for_fulfilment": ask(sanctioned, "county-supervisor", breach.fulfil_sanction),
    "there_is_something_to_object_to": ask(noticed, "company-a", breach.file_objection, grounds="不服"),
    "no_objection_is_open": ask(objected, "company-a", breach.file_objection, grounds="不服"),
    "publicity_may_be_withdrawn": ask(published, "county-supervisor", breach.withdraw_publicity),
    "case_is_not_closed": ask(then(dismissed, ("2026-04-08", "county-supervisor", breach.close_case, close)), "decider", breach.close_case, **close),
    "case_was_settled": ask(noticed, "county-supervisor", breach.close_case, **close),
    "decider_goes_without_a_sanction": ask(confirmed, "county-supervisor", breach.close_case, **close),
    # days
    "it_has_happened": ask(noticed, "company-a", breach.receive_statement, text="申辩", received_on=day("2026-04-10")),
    "it_follows_the_opening": ask(opened, "decider", breach.dismiss_case, grounds="无", dismissed_on=day("2026-04-07")),
    "it_follows_the_notice": ask(noticed, "company-a", breach.receive_statement, text="申辩", received_on=day("2026-04-08")),
    "notice_has_happened": ask(opened, "county-supervisor", breach.serve_notice, **notice, served_on=day("2026-04-09")),
    "notice_follows_the_opening": ask(opened, "county-supervisor", breach.serve_notice, **notice, served_on=day("2026-04-07")),
    "notice_follows_the_one_before": ask(noticed, "county-supervisor", breach.serve_notice, **notice, served_on=day("2026-04-08")),
    "hearing_notice_follows_the_request": ask(requested, "county-supervisor", breach.notify_hearing, chair="chair",
                                              notified_on=day("2026-04-09"), to_be_held_on=day("2026-05-22")),
    "hearing_day_has_come": ask(notified, "chair", held, record="笔录", at="2026-04-21"),
    "it_follows_the_rectification": ask(reported, "county-supervisor", breach.verify_rectification, passed=True, verified_on=day("2026-04-11")),
    "answer_follows_the_referral": ask(then(referred), "county-supervisor", breach.answer_referral, outcome="confirmed",
                                       at="2026-04-20", answered_on=day("2026-04-07")),
    "decision_has_happened": ask(confirmed, "decider", breach.decide_sanction, **FINE, decided_on=day("2026-04-25")),
    "decision_follows_confirmation": serial(confirmed, decided_on=day("2026-04-23")),
    "sanction_day_has_come": ask(sanctioned, "county-supervisor", breach.serve_sanction, served_on=day("2026-04-28")),
    "it_follows_the_service": ask(served, "county-supervisor", breach.publish_sanction, published_on=day("2026-05-05")),
    "lifting_has_happened": ask(served, "county-supervisor", breach.lift_measure, "M-03", lifted_on=day("2026-05-05")),
    "objection_follows_what_it_is_about": ask(served, "company-a", breach.file_objection, grounds="不服", filed_on=day("2026-04-28")),
    "answer_follows_the_objection": with_objection(breach.decide_objection, outcome="rejected", grounds="无", decided_on=day("2026-05-07")),
    "review_has_happened": ask(served, "legal", breach.open_review, path="suit", opened_on=day("2026-05-07")),
    "review_follows_what_it_is_about": ask(served, "legal", breach.open_review, path="suit", opened_on=day("2026-04-28")),
    "review_ends_later": with_review(outcome="upheld", ended_on=day("2026-05-07")),
    "rectification_ends_later": ask(opened, "county-supervisor", order, requirements="返工", due_on=day("2026-04-07")),
    # people
    "not_one_who_recorded_it": by_recorder(breach.dismiss_case, grounds="无"),
    "not_recused": ask(recused("decider"), "decider", breach.confirm_breach, grounds="证据"),
    "not_one_who_reviewed_it": ask(then(stated, ("2026-04-20", EVERYBODY, breach.pass_legal_review, {})), EVERYBODY, breach.confirm_breach, grounds="证据"),
    "not_the_chair": ask(then(requested, ("2026-04-13", "county-supervisor", breach.notify_hearing, {"to_be_held_on": day("2026-04-22"), "chair": EVERYBODY})),
                         EVERYBODY, breach.confirm_breach, grounds="证据", at="2026-04-23"),
    "not_one_who_decided_it": ask(then(stated, ("2026-04-24", EVERYBODY, breach.confirm_breach, {"grounds": "证据"})), EVERYBODY, breach.pass_legal_review),
    "a_person_decides_at_a_page": ask(stated, "decider", breach.confirm_breach, grounds="证据", via="cli"),
    "authority_is_judged_from_above": ask(against_authority, "county-decider", breach.dismiss_case, grounds="无"),
    "another_person_takes_over": ask(opened, "county-supervisor", breach.hand_over, to="county-supervisor"),
    "notified_chair_did_not_investigate": ask(then(requested, ("2026-04-13", EVERYBODY, breach.receive_statement, {"text": "x"}),
                                                   ("2026-04-13", EVERYBODY, breach.confirm_breach, {"grounds": "y"})),
                                              "county-supervisor", breach.notify_hearing, to_be_held_on=day("2026-04-22"), chair=EVERYBODY),
    "chair_did_not_investigate": ask(then(notified, ("2026-04-17", "company-a", breach.receive_statement, {"text": "x"}),
                                          ("2026-04-20", EVERYBODY, breach.confirm_breach, {"grounds": "y"})),
                                     EVERYBODY, held, record="笔录", at="2026-04-22"),
    "the_chair_records_it": ask(notified, "chair", held, record="笔录", chair="chair2", at="2026-04-22"),
    "members_did_not_investigate": ask(noticed, "decider", breach.decide_together, members=["decider", "county-supervisor"]),
    "several_decide_together": ask(noticed, "decider", breach.decide_together, members=["decider", "decider"]),
    "another_decider": with_objection(breach.decide_objection, "decider", outcome="rejected", grounds="无"),
    # words
    "method_is_known": ask(opened, "county-supervisor", breach.serve_notice, **notice, method="pigeon"),
    "service_method_is_known": ask(sanctioned, "county-supervisor", breach.serve_sanction, method="pigeon"),
    "statement_says_something": ask(noticed, "company-a", breach.receive_statement, text=" "),
    "hearing_has_a_record": ask(notified, "chair", held, record=" ", at="2026-04-22"),
    "requirements_are_stated": ask(opened, "county-supervisor", order, requirements=" "),
    "report_says_something": ask(ordered, "company-a", breach.report_rectification, text=" "),
    "grounds_are_given": ask(stated, "decider", breach.confirm_breach, grounds=" "),
    "change_has_grounds": ask(served, "decider", breach.correct_sanction, grounds=" ", fine=yuan(20_000)),
    "closure_has_a_reason": ask(dismissed, "county-supervisor", breach.close_case, **{**close, "reason": " "}),
    "kind_is_known": ask(stated, "decider", breach.confirm_breach, grounds="x", kind="moral"),
    "referral_outcome_is_known": ask(referred, "county-supervisor", breach.answer_referral, outcome="maybe"),
    "objection_outcome_is_known": with_objection(breach.decide_objection, outcome="maybe", grounds="x"),
    "review_path_is_known": ask(served, "legal", breach.open_review, path="prayer"),
    "review_outcome_is_known": with_review(outcome="maybe"),
    "objection_is_open": with_objection(breach.decide_objection, outcome="rejected", grounds="x", objection=UUID(int=7)),
    "review_is_open": with_review(outcome="upheld", review=UUID(int=7)),
    "document_number_is_well_formed": serial(confirmed, document_number="七号"),
    "sanction_is_of_this_case": ask(served, "county-supervisor", breach.fulfil_sanction, sanction=UUID(int=7)),
    "sanction_is_public": ask(revoked, "county-supervisor", breach.withdraw_publicity, sanction=UUID(int=7)),
    "measure_is_applied": ask(served, "county-supervisor", breach.lift_measure, "M-05"),
    # law
    "proposed_types_are_of_the_kind": ask(management, "county-supervisor", breach.serve_notice, proposed=LARGER),
    "hearing_window_is_open": ask(noticed, "company-a", breach.request_hearing, at="2026-04-17"),
    "hearing_is_notified_in_time": ask(requested, "county-supervisor", breach.notify_hearing, chair="chair", to_be_held_on=day("2026-04-20")),
    "statement_was_heard_first": ask(noticed, "legal", breach.pass_legal_review, at="2026-04-16"),
    "hearing_was_held_first": ask(requested, "legal", breach.pass_legal_review, at="2026-04-17"),
    "window_is_used_or_over": ask(noticed, "decider", breach.confirm_breach, grounds="x", at="2026-04-16"),
    "kind_is_not_heavier_than_noticed": ask(then(civil, ("2026-04-09", "county-supervisor", breach.serve_notice, {"proposed": Proposed([])}),
                                                 ("2026-04-10", "company-a", breach.receive_statement, {"text": "x"})),
                                            "decider", breach.confirm_breach, grounds="x", kind="administrative"),
    "behaviour_has_that_kind": ask(managed, "decider", breach.confirm_breach, grounds="x", kind="administrative"),
    "something_is_decided": serial(confirmed, decision_types=[], fine=None),
    "civil_breach_gets_no_sanction": serial(lambda: confirmed(kind="civil", proposed=Proposed([]))),
    "types_are_of_the_behaviour": serial(confirmed, decision_types=["warning_simple"], fine=None),
    "fine_goes_with_its_type": serial(confirmed, fine=None),
    "fine_is_in_yuan": serial(confirmed, fine=Money(yuan(30_000).amount, "USD")),
    "fine_is_within_its_range": serial(confirmed, fine=yuan(19_999)),
    "hearing_window_is_over_or_held": serial(then(requested, ("2026-04-13", "company-a", breach.receive_statement, {"text": "x"}),
                                                  ("2026-04-24", "decider", breach.confirm_breach, {"grounds": "y"}))),
    "hearing_was_offered_where_due": serial(lambda: confirmed(proposed=Proposed(["order_to_correct"]))),
    "legal_review_is_passed": serial(then(stated, ("2026-04-24", "decider", breach.confirm_breach, {"grounds": "y"}))),
    "collective_decision_is_made": serial(lambda: confirmed(proposed=HEAVY), decision_types=["fine_huge"], fine=yuan(40_000)),
    "limitation_has_not_run": serial(old_case),
    "collective_decision_may_be_made": ask(managed, "decider", breach.decide_together, members=["decider", "decider2"]),
    "excuses_are_known": ask(stated, "decider", breach.confirm_breach, grounds="x", excuses=["bad_mood"]),
    "excuses_raised_are_weighed": ask(excused, "decider", breach.confirm_breach, grounds="x"),
    "act_ended_after_it_began": ask(stated, "decider", breach.confirm_breach, grounds="x", ended_on=day("2026-04-01")),
    "transfer_names_the_authority": ask(opened, "decider", breach.transfer_case, to=" ", reason="犯罪线索"),
    "recused_person_does_not_take_over": ask(recused("city-supervisor"), "county-supervisor", breach.hand_over, to="city-supervisor"),
    "another_person_decides_the_recusal": ask(opened, "decider", breach.decide_recusal, account="decider", recused=True),
    "enforcement_was_demanded": ask(served, "county-supervisor", breach.ask_court, court="遂溪县人民法院", at="2026-12-01"),
    "court_was_not_asked": ask(then(demanded, ("2026-12-01", "county-supervisor", breach.ask_court, {"court": "遂溪县人民法院"})),
                               "county-supervisor", breach.ask_court, court="遂溪县人民法院"),
    "penalty_is_enforced_by_a_court": ask(then(handled, ("2026-06-01", "county-supervisor", breach.demand_enforcement, {})),
                                          "county-supervisor", breach.ask_court, court="遂溪县人民法院", at="2026-12-01"),
    "demand_was_in_vain": ask(demanded, "county-supervisor", breach.ask_court, court="遂溪县人民法院", at="2026-06-05"),
    "remedies_are_over": ask(demanded, "county-supervisor", breach.ask_court, court="遂溪县人民法院", at="2026-11-06"),
    "court_is_asked_in_time": ask(demanded, "county-supervisor", breach.ask_court, court="遂溪县人民法院", at="2027-03-01"),
    "court_is_named": ask(demanded, "county-supervisor", breach.ask_court, court=" ", at="2026-12-01"),
    "sanction_is_not_heavier_than_notified": serial(confirmed, fine=yuan(30_001)),
    "measures_have_a_basis": serial(lambda: confirmed(proposed=Proposed(["fine_larger"], yuan(30_000), ["M-11"])), measures=["M-11"]),
    "measures_are_of_that_side": serial(lambda: confirmed(proposed=Proposed(["fine_larger"], yuan(30_000), ["M-10"])), measures=["M-10"]),
    "publicity_is_not_over": ask(served, "county-supervisor", breach.publish_sanction, at="2027-04-30"),
    "fulfilment_is_overdue": ask(served, "county-supervisor", breach.demand_enforcement, at="2026-05-21"),
    "partly_upheld_names_less": with_objection(breach.decide_objection, outcome="upheld_in_part", fine=yuan(30_000), grounds="x"),
    "correction_is_not_heavier": ask(served, "decider", breach.correct_sanction, grounds="x", fine=yuan(30_001)),
    "corrected_types_are_of_the_behaviour": ask(served, "decider", breach.correct_sanction, grounds="x", decision_types=["warning_simple"]),
    "corrected_fine_goes_with_its_type": ask(served, "decider", breach.correct_sanction, grounds="x", decision_types=["order_to_correct"], fine=yuan(1)),
    "corrected_fine_is_within_its_range": ask(served, "decider", breach.correct_sanction, grounds="x", fine=yuan(19_999)),
    "no_loop_is_open": ask(dismissed, "county-supervisor", breach.close_case, reason="x", open_loops=lambda case, on: ["notice"]),
}  # fmt: skip


def by_the_clock(setup: Setup, command: Callable[..., Any], *args: Any, at: str) -> Callable[[], Any]:
    def act() -> Any:
        office, case, *rest = setup()
        return office.at(at).system(command, case, *[rest[0] if one is ... else one for one in args])

    return act


TABLE |= {
    "publicity_has_run_out": by_the_clock(published, breach.expire_publicity, ..., day("2027-04-29"), at="2027-04-29"),
    "window_has_run_out": by_the_clock(noticed, breach.end_window, "statement_window:", day("2026-04-16"), at="2026-04-16"),
}


def touched(setup: Setup, who: str = "decider", **terms: Any) -> Callable[[], Any]:
    """An answer, after the facts of the case were corrected on 2026-05-06; `touch` among the terms is another than the one that waits."""

    def act() -> Any:
        office, case, *_ = setup()
        opening = office.ledger.of([case])[case][0]
        office.at("2026-05-06").ask("county-supervisor", correct, Case, case, opening.position, "facts", "另一处", "写错了")
        waiting = next(iter(office.ledger.get(Case, case).touches))
        return office.ask(who, breach.answer_touch, case, terms.pop("touch", waiting), **{"outcome": "stands", "grounds": "仍成立", **terms})

    return act


TABLE |= {
    "touch_is_open": touched(noticed, touch=UUID(int=7)),
    "touch_outcome_is_known": touched(noticed, outcome="maybe"),
    "answer_follows_the_touch": touched(noticed, answered_on=day("2026-05-05")),
    "corrected_means_corrected": touched(noticed, outcome="corrected"),
    "from_above_or_referred": touched(then(against_authority, ("2026-04-09", "county-supervisor", breach.serve_notice, {
        "proposed": Proposed(["order_to_correct"])})), "county-decider"),
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(TABLE))
def test_each_rule_refuses(rule: str) -> None:
    assert rule in broken_by(TABLE[rule])


def test_without_a_notice_no_window_is_told() -> None:
    found = broken_by(ask(opened, "decider", breach.confirm_breach, grounds="x"))
    assert "notice_was_served" in found
    assert "window_is_used_or_over" not in found


def test_no_rule_is_without_a_case() -> None:
    assert rules_of(rules) - TABLE.keys() == set()
    assert TABLE.keys() - rules_of(rules) == set()


def test_what_may_be_done_next_are_states_alone() -> None:
    """The page asks MAY with the case only; a rule that wants more would fall there."""
    for state in (opened, noticed, confirmed, sanctioned, served, published, dismissed):
        office, case, *_ = state()
        found = office.ledger.get(Case, case)
        for rule_tuple in rules.MAY.values():
            for rule in rule_tuple:
                rule(found)


def test_a_case_opens_with_its_finding() -> None:
    opening = CaseOpened(
        number="AJ-2026-00001", finding=UUID(int=2), contract=UUID(int=3), region="440823", authority=SUIXI.ref, contractors=["x:1"],
        party="x:1", side="contractor", behaviour="QLT-01", kind="administrative", occurred_on=date(2026, 4, 2),
        opened_on=date(2026, 4, 8), facts="…", contract_clause=None, evidence=[], contract_value=None, by="a",
    )  # fmt: skip
    given(Case).when(lambda case: case.open(opening)).then((CaseOpened, {"number": "AJ-2026-00001"}))
