"""When may something be done in a case? One predicate a rule; the docstring is the sentence; a tuple an act."""

from domain.breach.rules.after import (
    another_decider,
    answer_follows_the_objection,
    case_was_settled,
    change_has_grounds,
    closure_has_a_reason,
    corrected_fine_goes_with_its_type,
    corrected_fine_is_within_its_range,
    corrected_types_are_of_the_behaviour,
    correction_is_not_heavier,
    court_is_asked_in_time,
    court_is_named,
    decider_goes_without_a_sanction,
    demand_was_in_vain,
    fulfilment_is_overdue,
    it_follows_the_service,
    lifting_has_happened,
    measure_is_applied,
    no_loop_is_open,
    objection_follows_what_it_is_about,
    objection_is_open,
    objection_outcome_is_known,
    partly_upheld_names_less,
    publicity_has_run_out,
    publicity_is_not_over,
    remedies_are_over,
    review_ends_later,
    review_follows_what_it_is_about,
    review_has_happened,
    review_is_open,
    review_outcome_is_known,
    review_path_is_known,
    sanction_day_has_come,
    sanction_is_of_this_case,
    sanction_is_public,
    service_method_is_known,
    window_has_run_out,
)
from domain.breach.rules.common import (
    METHODS,
    a_person_decides_at_a_page,
    authority_is_judged_from_above,
    document_number_is_well_formed,
    grounds_are_given,
    it_follows_the_notice,
    it_follows_the_opening,
    it_has_happened,
    not_one_who_decided_it,
    not_one_who_recorded_it,
    not_one_who_reviewed_it,
    not_recused,
    not_the_chair,
)
from domain.breach.rules.finding import (
    act_ended_after_it_began,
    answer_follows_the_referral,
    behaviour_has_that_kind,
    excuses_are_known,
    excuses_raised_are_weighed,
    it_follows_the_rectification,
    kind_is_known,
    kind_is_not_heavier_than_noticed,
    rectification_ends_later,
    referral_outcome_is_known,
    report_says_something,
    requirements_are_stated,
    transfer_names_the_authority,
)
from domain.breach.rules.notice import (
    another_person_decides_the_recusal,
    another_person_takes_over,
    chair_did_not_investigate,
    hearing_day_has_come,
    hearing_has_a_record,
    hearing_is_notified_in_time,
    hearing_notice_follows_the_request,
    hearing_was_held_first,
    hearing_window_is_open,
    members_did_not_investigate,
    method_is_known,
    notice_follows_the_one_before,
    notice_follows_the_opening,
    notice_has_happened,
    notified_chair_did_not_investigate,
    proposed_types_are_of_the_kind,
    recused_person_does_not_take_over,
    several_decide_together,
    statement_says_something,
    statement_was_heard_first,
    the_chair_records_it,
    window_is_used_or_over,
)
from domain.breach.rules.sanction import (
    civil_breach_gets_no_sanction,
    collective_decision_is_made,
    decision_follows_confirmation,
    decision_has_happened,
    fine_goes_with_its_type,
    fine_is_in_yuan,
    fine_is_within_its_range,
    hearing_was_offered_where_due,
    hearing_window_is_over_or_held,
    legal_review_is_passed,
    limitation_has_not_run,
    measures_are_of_that_side,
    measures_have_a_basis,
    sanction_is_not_heavier_than_notified,
    something_is_decided,
    types_are_of_the_behaviour,
)
from domain.breach.rules.state import (
    KINDS,
    UNDECIDED,
    a_sanction_stands,
    breach_is_confirmed,
    breach_is_not_yet_decided,
    case_is_not_closed,
    case_is_open,
    case_is_referred,
    collective_decision_may_be_made,
    court_was_not_asked,
    enforcement_was_demanded,
    hearing_is_not_yet_requested,
    hearing_was_not_held,
    hearing_was_notified,
    hearing_was_offered,
    hearing_was_requested,
    kind_is_published,
    legal_review_is_open,
    no_objection_is_open,
    no_sanction_stands,
    nothing_is_being_rectified,
    notice_may_be_served,
    notice_was_served,
    penalty_is_enforced_by_a_court,
    publicity_may_be_withdrawn,
    rectification_is_ordered,
    rectification_may_be_verified,
    referral_may_be_made,
    repair_notice_is_due,
    sanction_waits_for_fulfilment,
    sanction_waits_for_publication,
    sanction_waits_for_service,
    statement_is_not_yet_in,
    there_is_something_to_object_to,
)
from domain.breach.rules.touch import (
    OF_A_SANCTION,
    answer_follows_the_touch,
    corrected_means_corrected,
    from_above_or_referred,
    touch_is_open,
    touch_outcome_is_known,
)

__all__ = ["KINDS", "MAY", "METHODS", "OF_A_SANCTION", "UNDECIDED"]

LIVING = (case_is_open,)
FOUR_EYES = (not_one_who_recorded_it, not_recused)
DATED = (it_has_happened, it_follows_the_opening)
DECIDER = (*FOUR_EYES, not_one_who_reviewed_it, not_the_chair, a_person_decides_at_a_page)
JUDGE = (*DECIDER, authority_is_judged_from_above)

NOTICE_STATE = (case_is_open, notice_may_be_served)
STATEMENT_STATE = (case_is_open, notice_was_served, statement_is_not_yet_in, no_sanction_stands)
REQUEST_STATE = (
    case_is_open, notice_was_served, hearing_was_offered, hearing_is_not_yet_requested, no_sanction_stands,
)  # fmt: skip
HEARING_NOTICE_STATE = (case_is_open, hearing_was_requested, hearing_was_not_held)
HEARING_STATE = (case_is_open, hearing_was_notified, hearing_was_not_held)
LEGAL_STATE = (case_is_open, notice_was_served, legal_review_is_open, no_sanction_stands)
RECTIFY_STATE = (case_is_open, nothing_is_being_rectified)
REPORT_STATE = (case_is_open, rectification_is_ordered)
VERIFY_STATE = (case_is_open, rectification_may_be_verified)
CONFIRM_STATE = (case_is_open, breach_is_not_yet_decided, notice_was_served)
DISMISS_STATE = (case_is_open, breach_is_not_yet_decided)
SANCTION_STATE = (
    case_is_open, breach_is_confirmed, no_sanction_stands, civil_breach_gets_no_sanction, notice_was_served,
)  # fmt: skip
PUBLISH_STATE = (case_is_open, kind_is_published, sanction_waits_for_publication)
FULFIL_STATE = (case_is_open, sanction_waits_for_fulfilment)
STANDING = (case_is_open, a_sanction_stands)
OBJECTION_STATE = (case_is_open, there_is_something_to_object_to, no_objection_is_open)
REVIEW_STATE = (case_is_open, there_is_something_to_object_to)

COLLECTIVE_STATE = (case_is_open, collective_decision_may_be_made, no_sanction_stands)
COURT_STATE = (*FULFIL_STATE, penalty_is_enforced_by_a_court, enforcement_was_demanded, court_was_not_asked)

HAND_OVER = (case_is_open, another_person_takes_over, recused_person_does_not_take_over)
RECUSAL = (case_is_open, another_person_decides_the_recusal)
NOTICE = (
    *NOTICE_STATE, method_is_known, notice_has_happened, notice_follows_the_opening, notice_follows_the_one_before,
    proposed_types_are_of_the_kind, document_number_is_well_formed, not_recused,
)  # fmt: skip
STATEMENT = (*STATEMENT_STATE, *DATED, it_follows_the_notice, statement_says_something)
HEARING_REQUEST = (*REQUEST_STATE, *DATED, it_follows_the_notice, hearing_window_is_open)
HEARING_NOTICE = (
    *HEARING_NOTICE_STATE, *DATED, hearing_notice_follows_the_request, hearing_is_notified_in_time,
    notified_chair_did_not_investigate, not_recused,
)  # fmt: skip
HEARING = (
    *HEARING_STATE, *DATED, hearing_day_has_come, chair_did_not_investigate, the_chair_records_it, hearing_has_a_record,
)  # fmt: skip
LEGAL_REVIEW = (
    *LEGAL_STATE, *DATED, statement_was_heard_first, hearing_was_held_first, *FOUR_EYES, not_the_chair,
    not_one_who_decided_it,
)  # fmt: skip
COLLECTIVE = (*COLLECTIVE_STATE, *DATED, several_decide_together, members_did_not_investigate, *DECIDER)
RECTIFICATION = (*RECTIFY_STATE, *DATED, rectification_ends_later, requirements_are_stated, not_recused)
RECTIFICATION_REPORT = (*REPORT_STATE, *DATED, it_follows_the_rectification, report_says_something)
RECTIFICATION_RESULT = (*VERIFY_STATE, *DATED, it_follows_the_rectification, not_recused)
CONFIRM = (
    *CONFIRM_STATE, *DATED, it_follows_the_notice, window_is_used_or_over, kind_is_known,
    kind_is_not_heavier_than_noticed, behaviour_has_that_kind, grounds_are_given, excuses_are_known, excuses_raised_are_weighed,
    act_ended_after_it_began, *JUDGE,
)  # fmt: skip
DISMISS = (*DISMISS_STATE, *DATED, it_follows_the_notice, grounds_are_given, excuses_are_known, *JUDGE)
REFER = (*LIVING, referral_may_be_made, *DATED)
REFERRAL_ANSWER = (case_is_referred, *DATED, answer_follows_the_referral, referral_outcome_is_known)
TRANSFER = (*LIVING, breach_is_not_yet_decided, *DATED, transfer_names_the_authority, *DECIDER)
SANCTION = (
    *SANCTION_STATE, something_is_decided, types_are_of_the_behaviour, fine_goes_with_its_type, fine_is_in_yuan,
    fine_is_within_its_range, decision_has_happened, decision_follows_confirmation, window_is_used_or_over,
    hearing_window_is_over_or_held, hearing_was_offered_where_due, legal_review_is_passed, collective_decision_is_made,
    limitation_has_not_run, sanction_is_not_heavier_than_notified, measures_have_a_basis, measures_are_of_that_side,
    document_number_is_well_formed, *JUDGE,
)  # fmt: skip
SERVE = (
    case_is_open, sanction_waits_for_service, sanction_is_of_this_case, sanction_day_has_come, service_method_is_known, not_recused,
)  # fmt: skip
REPAIR_NOTICE = (
    case_is_open, repair_notice_is_due, sanction_is_of_this_case, sanction_day_has_come,
)  # fmt: skip
PUBLISH = (
    *PUBLISH_STATE, sanction_is_of_this_case, sanction_day_has_come, it_follows_the_service, publicity_is_not_over, not_recused,
)  # fmt: skip
FULFIL = (*FULFIL_STATE, sanction_is_of_this_case, sanction_day_has_come)
ENFORCE = (*FULFIL, fulfilment_is_overdue, not_recused)
COURT = (
    *COURT_STATE, sanction_is_of_this_case, sanction_day_has_come, demand_was_in_vain, remedies_are_over, court_is_asked_in_time,
    court_is_named, not_recused,
)  # fmt: skip
LIFT = (sanction_is_of_this_case, measure_is_applied, lifting_has_happened)
OBJECTION = (*OBJECTION_STATE, *DATED, objection_follows_what_it_is_about, grounds_are_given)
OBJECTION_DECISION = (
    objection_is_open, answer_follows_the_objection, objection_outcome_is_known, partly_upheld_names_less,
    grounds_are_given, another_decider, *JUDGE,
)  # fmt: skip
CORRECT = (
    *STANDING, sanction_is_of_this_case, sanction_day_has_come, corrected_types_are_of_the_behaviour,
    corrected_fine_goes_with_its_type, corrected_fine_is_within_its_range, correction_is_not_heavier,
    change_has_grounds, document_number_is_well_formed, *JUDGE,
)  # fmt: skip
REVOKE = (*STANDING, sanction_is_of_this_case, sanction_day_has_come, grounds_are_given, *JUDGE)
RECLASSIFY = REVOKE
WITHDRAW = (publicity_may_be_withdrawn, sanction_is_public, sanction_day_has_come, not_recused)
REVIEW = (*REVIEW_STATE, review_path_is_known, review_has_happened, review_follows_what_it_is_about)
REVIEW_END = (review_is_open, review_outcome_is_known, review_has_happened, review_ends_later)
TOUCH_ANSWER = (
    touch_is_open, touch_outcome_is_known, answer_follows_the_touch, corrected_means_corrected, grounds_are_given,
    *DECIDER, from_above_or_referred,
)  # fmt: skip
EXPIRE = (publicity_has_run_out,)
WINDOW = (window_has_run_out,)
CLOSE = (
    case_is_not_closed, closure_has_a_reason, no_loop_is_open, case_was_settled, decider_goes_without_a_sanction,
)  # fmt: skip

MAY = {
    "notice": NOTICE_STATE,
    "statement": STATEMENT_STATE,
    "hearing-request": REQUEST_STATE,
    "hearing-notice": HEARING_NOTICE_STATE,
    "hearing": HEARING_STATE,
    "legal-review": LEGAL_STATE,
    "collective-decision": COLLECTIVE_STATE,
    "rectification": RECTIFY_STATE,
    "rectification/report": REPORT_STATE,
    "rectification/result": VERIFY_STATE,
    "confirmation": CONFIRM_STATE,
    "dismissal": DISMISS_STATE,
    "referral": (case_is_open, referral_may_be_made),
    "referral/answer": (case_is_referred,),
    "transfer": (case_is_open, breach_is_not_yet_decided),
    "sanction": SANCTION_STATE,
    "service": (case_is_open, sanction_waits_for_service),
    "publication": PUBLISH_STATE,
    "fulfilment": FULFIL_STATE,
    "enforcement-demand": FULFIL_STATE,
    "court-enforcement": COURT_STATE,
    "objections": OBJECTION_STATE,
    "review": REVIEW_STATE,
    "correction": STANDING,
    "revocation": STANDING,
    "reclassification": STANDING,
    "withdrawal-of-publicity": (publicity_may_be_withdrawn,),
    "hand-over": LIVING,
    "recusal": LIVING,
    "closure": (case_is_not_closed, case_was_settled),
}
