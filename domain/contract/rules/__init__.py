"""When may something be recorded of a contract? One predicate a rule; the docstring is the sentence; a tuple an act."""

from domain.contract.rules.acts import (
    amended_payments_follow_an_obligation,
    amended_payments_stay_within_the_value,
    amended_references_are_unique,
    amended_sides_are_known,
    amendment_keeps_what_is_done,
    amendment_keeps_what_is_paid,
    completion_follows_fulfilment,
    contract_has_ended,
    contract_is_not_settled,
    contract_is_performing,
    contract_is_running,
    contract_is_signed,
    contract_is_suspended,
    contractor_owes_nothing_more,
    excuse_is_known,
    excuse_says_something,
    filing_is_new,
    fulfilment_follows_the_signing,
    fulfilment_has_happened,
    it_follows_the_last_change,
    it_follows_the_signing,
    it_has_happened,
    obligation_is_in_the_contract,
    obligation_is_open,
    payment_is_in_its_currency,
    payment_is_in_the_contract,
    payment_is_not_too_much,
    payment_is_positive,
    publication_is_new,
    retention_is_held,
    security_is_held,
    small_firm_is_still_paid_in_time,
    supplement_is_within_its_ceiling,
    there_is_a_rationale,
    there_is_a_reason,
    waiver_has_a_reason,
    what_is_due_is_paid,
    works_are_known,
)
from domain.contract.rules.ending import (
    assignment_follows_the_one_before,
    assignment_has_a_rationale,
    comer_is_not_in_it_yet,
    leaver_is_in_the_contract,
    no_more_is_returned_than_is_held,
    warranty_follows_the_completion,
    what_is_kept_of_the_retention_has_a_reason,
    what_is_kept_of_the_security_has_a_reason,
)
from domain.contract.rules.findings import (
    KINDS,
    behaviour_is_in_the_catalogue,
    behaviour_is_of_that_side,
    behaviour_may_be_of_that_kind,
    breach_follows_the_signing,
    breach_has_happened,
    cancellation_has_a_reason,
    check_belongs_to_the_contract,
    check_follows_the_signing,
    check_has_happened,
    check_is_planned,
    check_mode_is_known,
    facts_are_stated,
    finding_kind_is_known,
    party_is_in_the_contract,
    results_are_known,
    two_people_inspect,
)
from domain.contract.rules.signing import (
    SIDES,
    SMALL,
    authority_code_is_well_formed,
    contract_has_a_name,
    contract_has_a_number,
    contract_number_is_free,
    contractor_codes_are_well_formed,
    contractors_are_different,
    its_floor_is_as_it_was,
    its_floor_is_stated,
    late_rate_is_a_rate,
    late_rate_is_by_day_or_year,
    late_rate_is_not_below_its_floor,
    payments_follow_an_obligation,
    payments_stay_within_the_value,
    references_are_unique,
    retention_is_within_its_ceiling,
    security_is_within_its_ceiling,
    sides_are_known,
    signing_has_happened,
    small_firm_is_paid_in_time,
    term_is_in_order,
    there_is_a_contractor,
)

__all__ = ["KINDS", "SIDES", "SMALL"]

# What a publisher tells is taken as told: a contract that was cancelled before anybody won it has no contractor.
SIGN_IMPORTED = (contract_has_a_number,)
SIGN = (
    contract_has_a_number, contract_has_a_name, signing_has_happened, term_is_in_order, authority_code_is_well_formed,
    there_is_a_contractor, contractor_codes_are_well_formed, contractors_are_different, references_are_unique,
    sides_are_known, payments_follow_an_obligation, payments_stay_within_the_value, small_firm_is_paid_in_time,
    security_is_within_its_ceiling, retention_is_within_its_ceiling,
)  # fmt: skip
NUMBER = (contract_number_is_free,)
PAST_ACT = (contract_is_signed, it_has_happened, it_follows_the_signing)
RUNNING_ACT = (*PAST_ACT, contract_is_running)
PUBLISH = (*PAST_ACT, publication_is_new)
WORKS = (works_are_known,)
CLASS_WORKS = (*PAST_ACT, *WORKS)
LATE_RATE = (late_rate_is_a_rate, late_rate_is_by_day_or_year, its_floor_is_stated, its_floor_is_as_it_was, late_rate_is_not_below_its_floor)
AGREE_LATE_RATE = (*PAST_ACT, *LATE_RATE)
FILE = (*PAST_ACT, filing_is_new)
AMENDMENT = (
    there_is_a_rationale, amendment_keeps_what_is_done, amended_references_are_unique, amended_sides_are_known,
    amended_payments_follow_an_obligation, amendment_keeps_what_is_paid, amended_payments_stay_within_the_value,
    small_firm_is_still_paid_in_time, supplement_is_within_its_ceiling,
)  # fmt: skip
ASSIGN = (
    *PAST_ACT, contract_is_not_settled, leaver_is_in_the_contract, comer_is_not_in_it_yet, assignment_follows_the_one_before,
    assignment_has_a_rationale,
)  # fmt: skip
PLAN_CHECK = (contract_is_signed, contract_is_not_settled, check_mode_is_known)
CANCEL_CHECK = (check_is_planned, cancellation_has_a_reason)
CARRY_OUT = (check_is_planned, check_has_happened, check_follows_the_signing, two_people_inspect, results_are_known)
FULFIL = (
    contract_is_signed, obligation_is_in_the_contract, obligation_is_open, fulfilment_has_happened,
    fulfilment_follows_the_signing,
)  # fmt: skip
WAIVE = (*FULFIL, waiver_has_a_reason)
EXCUSE = (*PAST_ACT, excuse_is_known, excuse_says_something)
PAY = (*PAST_ACT, payment_is_in_the_contract, payment_is_positive, payment_is_in_its_currency, payment_is_not_too_much)
FINDING = (
    contract_is_signed, finding_kind_is_known, behaviour_is_in_the_catalogue, party_is_in_the_contract,
    behaviour_is_of_that_side, behaviour_may_be_of_that_kind, breach_has_happened, breach_follows_the_signing,
    check_belongs_to_the_contract, facts_are_stated,
)  # fmt: skip
SUSPEND = (*PAST_ACT, contract_is_performing, it_follows_the_last_change, there_is_a_reason)
RESUME = (*PAST_ACT, contract_is_suspended, it_follows_the_last_change)
COMPLETE = (
    *RUNNING_ACT, it_follows_the_last_change, contractor_owes_nothing_more, completion_follows_fulfilment,
    warranty_follows_the_completion,
)  # fmt: skip
TERMINATE = (*RUNNING_ACT, it_follows_the_last_change, there_is_a_reason)
RETURN_SECURITY = (*PAST_ACT, security_is_held, no_more_is_returned_than_is_held, what_is_kept_of_the_security_has_a_reason)
RELEASE_RETENTION = (*PAST_ACT, retention_is_held, what_is_kept_of_the_retention_has_a_reason)
SETTLE = (*PAST_ACT, contract_has_ended, it_follows_the_last_change, what_is_due_is_paid)
