"""What would be refused if an act in a case were tried today, as it has been notified and by whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.breach import rules
from domain.breach.events import Proposed
from domain.breach.memory import Weighed
from domain.breach.rules.common import not_one_who_decided_it
from domain.rules import Broken, Rule, ask

if TYPE_CHECKING:
    from domain.breach.case import Case, Law

SAID = "—"  # what people write when they act: here it bars nothing


class Trial(NamedTuple):
    """The rules of an act, and what they are asked about beside the case."""

    rules: tuple[Rule, ...]
    subjects: Callable[[Case, Law], tuple[Any, ...]]


def _plainly(case: Case, law: Law) -> tuple[Any, ...]:
    return law.today, law


def _with_words(case: Case, law: Law) -> tuple[Any, ...]:
    return law.today, SAID, law


def _about_the_sanction(case: Case, law: Law) -> tuple[Any, ...]:
    return _standing(case), law.today, law


def _changing_it(case: Case, law: Law) -> tuple[Any, ...]:
    return _standing(case), SAID, law.today, law


def _standing(case: Case) -> Any:
    return case.sanction.id if case.sanction else None


TRIALS: Mapping[str, Trial] = {
    "statement": Trial(rules.STATEMENT, _with_words),
    "hearing-request": Trial(rules.HEARING_REQUEST, _plainly),
    "hearing": Trial(rules.HEARING, lambda case, law: (law.today, law.by, SAID, law)),
    "legal-review": Trial(rules.LEGAL_REVIEW, _plainly),
    "collective-decision": Trial((*rules.COLLECTIVE_STATE, *rules.DECIDER), _plainly),
    "confirmation": Trial(rules.CONFIRM, lambda case, law: (law.today, case.kind, SAID, Weighed(), law)),
    "dismissal": Trial(rules.DISMISS, lambda case, law: (law.today, SAID, Weighed(), law)),
    "referral": Trial(rules.REFER, _plainly),
    "transfer": Trial(rules.TRANSFER, lambda case, law: (law.today, SAID, SAID, law)),
    "sanction": Trial(rules.SANCTION, lambda case, law: (case.notice.proposed if case.notice else Proposed([]), law.today, None, law)),
    "service": Trial(rules.SERVE, lambda case, law: (_standing(case), law.today, "direct", law)),
    "publication": Trial(rules.PUBLISH, _about_the_sanction),
    "fulfilment": Trial(rules.FULFIL, _about_the_sanction),
    "enforcement-demand": Trial(rules.ENFORCE, _about_the_sanction),
    "court-enforcement": Trial(rules.COURT, lambda case, law: (_standing(case), law.today, SAID, law)),
    "correction": Trial((*rules.STANDING, *rules.JUDGE), _plainly),
    "revocation": Trial(rules.REVOKE, _changing_it),
    "reclassification": Trial(rules.RECLASSIFY, _changing_it),
}
PEOPLE = (*rules.JUDGE, not_one_who_decided_it)  # who may, whatever the state of the case


def refused(case: Case, act: str, law: Law) -> list[Broken]:
    """Every rule that would refuse the act. While the state of the case does not allow it, days and contents are not asked about."""
    state = rules.MAY[act]
    trial = TRIALS.get(act, Trial(state, lambda case, law: ()))
    subjects = trial.subjects(case, law)
    broken = _broken(state, case)
    others = [rule for rule in trial.rules if rule not in state and (not broken or rule in PEOPLE)]
    return broken + _broken(others, case, *subjects)


def _broken(asked: Iterable[Rule], *subjects: Any) -> list[Broken]:
    return [told for rule in asked if (told := ask(rule, *subjects)) is not None]
