"""When may something be done in a repair application? One predicate a rule; a tuple an act."""

from domain.repair.rules.applying import (
    application_has_happened,
    commitment_was_signed,
    minimum_period_has_passed,
    no_application_is_open,
    papers_are_complete,
    party_is_not_barred,
    sanction_can_be_repaired,
    sanction_was_served,
)
from domain.repair.rules.handling import (
    OPEN,
    a_person_decides_at_a_page,
    another_decider,
    application_is_accepted,
    application_is_open,
    application_waits,
    application_was_not_too_early,
    commitment_is_given,
    decision_has_grounds,
    document_number_is_well_formed,
    fulfilment_is_proved,
    it_follows_the_last_step,
    it_has_happened,
    it_was_turned_down,
    minimum_period_is_over,
    no_objection_is_open,
    not_one_who_recorded_it,
    not_recused,
    not_the_applicant,
    objection_is_open,
    objection_outcome_is_known,
    only_papers_of_the_pack_are_asked,
    outcome_is_known,
    recipient_is_awaited,
    rejection_has_a_reason,
    repair_is_approved,
    repair_was_granted,
    sanction_still_stands,
    something_is_missing,
    something_is_provided,
    supplement_is_awaited,
    term_was_not_extended,
)

__all__ = ["MAY", "OPEN"]

APPLY = (
    sanction_can_be_repaired, sanction_was_served, application_has_happened, no_application_is_open,
    party_is_not_barred, papers_are_complete, commitment_was_signed,
)  # fmt: skip
EARLY = (minimum_period_has_passed,)
DATED = (it_has_happened, it_follows_the_last_step)
JUDGE = (not_one_who_recorded_it, not_recused, not_the_applicant, a_person_decides_at_a_page)
SUPPLEMENT_REQUEST = (application_waits, *DATED, something_is_missing, only_papers_of_the_pack_are_asked)
SUPPLEMENT = (supplement_is_awaited, *DATED, something_is_provided)
ACCEPT = (application_waits, *DATED, application_was_not_too_early)
REJECT = (application_waits, *DATED, rejection_has_a_reason)
VERIFY = (application_is_accepted, *DATED)
EXTEND = (application_is_accepted, term_was_not_extended, rejection_has_a_reason, *DATED)
DECIDE = (
    application_is_accepted, *DATED, outcome_is_known, decision_has_grounds, document_number_is_well_formed, *JUDGE,
)  # fmt: skip
APPROVE = (minimum_period_is_over, fulfilment_is_proved, commitment_is_given, sanction_still_stands)
ACKNOWLEDGE = (repair_is_approved, recipient_is_awaited, *DATED)
OBJECT = (it_was_turned_down, no_objection_is_open, rejection_has_a_reason, *DATED)
OBJECTION_DECISION = (objection_is_open, objection_outcome_is_known, *DATED, another_decider, *JUDGE)
WITHDRAW = (application_is_open, *DATED)
FALSE_MATERIAL = (rejection_has_a_reason, *DATED, *JUDGE)
REVOKE = (repair_was_granted, rejection_has_a_reason, *DATED, *JUDGE)

MAY = {
    "supplement-request": (application_waits,),
    "supplement": (supplement_is_awaited,),
    "acceptance": (application_waits,),
    "rejection": (application_waits,),
    "verification": (application_is_accepted,),
    "extension": (application_is_accepted, term_was_not_extended),
    "decision": (application_is_accepted,),
    "acknowledgements": (repair_is_approved,),
    "objections": (it_was_turned_down, no_objection_is_open),
    "withdrawal": (application_is_open,),
    "revocation": (repair_was_granted,),
    "false-material": (),
}
