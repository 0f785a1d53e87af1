"""The rules of procedure, declared once: which of the rules that a command asks are procedure, and which rule of the packs is their clause.

A command asks them before it records; here they are asked of what was recorded, with the law and the state of then.
A rule whose clause no pack holds in force on the day of the act is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from domain.breach import events as b
from domain.breach import rules
from domain.breach.case import Law
from domain.contract import events as c
from domain.contract import rules as contract_rules
from domain.events import Event
from domain.repair import events as r
from domain.repair import rules as repair_rules
from domain.rules import Rule

FOUR_EYES = "office.four_eyes"
CLAUSES: Mapping[str, str] = {
    "two_people_inspect": "sampling.inspectors",
    "notice_was_served": "penalty.notice_contents",
    "window_is_used_or_over": "office.statement_window",
    "statement_was_heard_first": "office.statement_window",
    "hearing_was_offered_where_due": "penalty.hearing_for",
    "hearing_window_is_over_or_held": "penalty.hearing_request",
    "hearing_was_held_first": "penalty.hearing_request",
    "hearing_is_notified_in_time": "penalty.hearing_notice",
    "legal_review_is_passed": "penalty.legal_review_for",
    "collective_decision_is_made": "penalty.collective_for",
    "limitation_has_not_run": "penalty.limitation",
    "sanction_is_not_heavier_than_notified": "penalty.no_aggravation",
    "measures_have_a_basis": "penalty.decision_contents",
    "repair_minimum_period_not_reached": "repair.earliest",
    "fulfilment_is_proved": "repair.materials",
    "commitment_is_given": "repair.materials",
    **dict.fromkeys((
        "not_one_who_recorded_it", "not_one_who_reviewed_it", "not_one_who_decided_it", "not_the_chair", "not_recused", "not_the_applicant",
        "chair_did_not_investigate", "notified_chair_did_not_investigate", "members_did_not_investigate", "another_decider",
        "authority_is_judged_from_above",
    ), FOUR_EYES),
}  # fmt: skip


class Asked(NamedTuple):
    """The rules of a command, and what it asked them about, told from the event that it recorded. The law comes last, as `told`."""

    rules: tuple[Rule, ...]
    about: Callable[[Any], tuple[Any, ...]]
    told: Callable[[Law], tuple[Any, ...]] = lambda law: (law,)

    @property
    def procedure(self) -> tuple[Rule, ...]:
        """Those of the rules that are procedure."""
        return tuple(rule for rule in dict.fromkeys(self.rules) if rule.__name__ in CLAUSES)


OF_A_CONTRACT: Mapping[type[Event], Asked] = {
    c.CheckCarriedOut: Asked(contract_rules.CARRY_OUT, lambda e: (e.check, e.carried_out_on, e.inspectors, e.items), lambda law: (law.today, law.book)),
}
OF_A_CASE: Mapping[type[Event], Asked] = {
    b.HearingNotified: Asked(rules.HEARING_NOTICE, lambda e: (e.notified_on, e.to_be_held_on, e.chair)),
    b.HearingHeard: Asked(rules.HEARING, lambda e: (e.held_on, e.chair, e.record)),
    b.LegalReviewPassed: Asked(rules.LEGAL_REVIEW, lambda e: (e.passed_on,)),
    b.CollectiveDecisionMade: Asked(rules.COLLECTIVE, lambda e: (e.decided_on, e.members)),
    b.BreachConfirmed: Asked(rules.CONFIRM, lambda e: (e.confirmed_on, e.kind, e.grounds, None)),
    b.SanctionDecided: Asked(rules.SANCTION, lambda e: (b.Proposed(e.decision_types, e.fine, e.measures), e.decided_on, e.document_number)),
    b.ObjectionDecided: Asked(rules.OBJECTION_DECISION, lambda e: (e.objection, e.outcome, None, e.grounds, e.decided_on)),
}
OF_A_REPAIR: Mapping[type[Event], Asked] = {
    r.RepairApproved: Asked((*repair_rules.DECIDE, *repair_rules.APPROVE), lambda e: ("approved", e.grounds, e.decided_on, e.document_number)),
    r.RepairRefused: Asked(repair_rules.DECIDE, lambda e: ("refused", e.grounds, e.decided_on, e.document_number)),
}
OWNER: Mapping[type[Event], str] = {  # else the decider
    c.CheckCarriedOut: "supervisor", b.HearingNotified: "supervisor", b.HearingHeard: "chair", b.LegalReviewPassed: "legal",
}  # fmt: skip
