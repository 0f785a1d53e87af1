"""What must never happen does not, whoever asks what on whichever day; and it would be found if it did."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from domain import touching
from domain.actor import Actor
from domain.breach import case, catalogue
from domain.breach import rules as breach_rules
from domain.breach.commands import common as breach_common
from domain.breach.commands import finding as finding_commands
from domain.breach.events import NoticeServed, ReferralAnswered
from domain.breach.penalty import classified
from domain.conformance import finding
from domain.loops import KIND
from domain.repair import rules as repair_rules
from domain.rules import Basis
from tests.domain.nevers.late import Late
from tests.domain.nevers.never import Never
from tests.domain.nevers.walk import Walk

STEPS = int(os.environ.get("LVYUE_STEPS", "0"))  # of each machine, in walks of 50; 0: as many as a suite has time for

PROCEDURE = ("notice", "statement", "hearing-request", "hearing-notice", "hearing", "legal-review", "confirmation", "sanction")
DECIDING = ("confirmation", "dismissal", "sanction", "legal-review", "objections", "objections/decision", "statement", "notice")


class Procedure(Walk):
    """Nevers 1 and 3: up to the sanction and its service, where days decide."""

    begins, acts, repair_acts, finds = ("opened", "noticed", "confirmed"), (*PROCEDURE, "service"), (), False
    waits = (1, 1, 2, 4, 8, 8, 14)


class People(Walk):
    """Never 2: who decides."""

    begins, acts, repair_acts, waits = ("noticed", "confirmed", "sanctioned"), (*DECIDING, "service"), (), (1, 8)


class Points(Walk):
    """Never 4: the same behaviour found twice, and what is public of it."""

    begins, acts, repair_acts, waits = ("published", "opened"), ("notice", "statement", "legal-review", "confirmation", "sanction"), (), (8,)


class Repairing(Walk):
    """Never 5."""

    begins, acts, waits, finds = ("published", "applied"), ("fulfilment", "service"), (1, 2, 8, 30, 95), False


class Closing(Walk):
    """Never 7: everything that opens and closes loops."""

    waits = (1, 2, 8, 8, 30, 400)


class Referring(Walk):
    """Never 7, where a superior answers: a finding against an authority, with whatever goes on meanwhile."""

    begins, repair_acts, waits, finds = ("against_authority",), (), (1, 8), False
    acts = ("referral", "referral/answer", "notice", "statement", "rectification", "rectification/report", "confirmation", "closure")


class Elsewhere(Walk):
    """Nevers 10 and 11: everybody, everywhere."""

    begins, waits = ("opened", "noticed", "confirmed", "published", "applied"), (1, 8, 30)


WALKS = (Late, Procedure, People, Points, Repairing, Closing, Referring, Elsewhere)
QUIET: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "print_blob": False}
LIVED = settings(max_examples=STEPS // 50 or 40, stateful_step_count=50 if STEPS else 30, phases=[Phase.generate], **QUIET)
PLANTED = settings(max_examples=900, stateful_step_count=20, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False, **QUIET)


@pytest.mark.parametrize("walks", [Walk, *WALKS], ids=lambda one: one.__name__)
def test_never(walks: type[Walk]) -> None:
    run_state_machine_as_test(walks, settings=LIVED)


def without(module: ModuleType, *names: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A bug: these rules are asked no more."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for name, value in list(vars(module).items()):
            if name.isupper() and isinstance(value, tuple):
                patch.setattr(module, name, tuple(rule for rule in value if getattr(rule, "__name__", "") not in names))

    return plant


def a_delegate_is_somebody_else(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(breach_common, "counts_as", lambda ledger, account, since: frozenset({account}))


def the_chair_may_have_handled_it(patch: pytest.MonkeyPatch) -> None:
    without(breach_rules, "chair_did_not_investigate", "notified_chair_did_not_investigate")(patch)


def everybody_holds(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Actor, "holds", lambda *_: True)


def everybody_holds_everywhere(patch: pytest.MonkeyPatch) -> None:
    """A grant counts whatever its region."""

    def holds(self: Actor, roles: Any, region: str | None, parties: Any = ()) -> bool:
        return self.is_system or any(grant.role in roles and (grant.role != "applicant" or grant.party in parties) for grant in self.grants)

    patch.setattr(Actor, "holds", holds)


def nothing_is_refused_twice(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(finding_commands, "_refuse_twice", lambda *_: None)


def a_notice_leaves_the_hearing_open(patch: pytest.MonkeyPatch) -> None:
    """A bug in the table of loops, as it once stood there."""
    for kind in ("hearing_notice", "hearing"):
        patch.setitem(KIND[kind].closes, NoticeServed, lambda e, f: ())  # type: ignore[arg-type]


def a_finding_that_fell_above_leaves_its_loops(patch: pytest.MonkeyPatch) -> None:
    """A bug in the table of loops, as it once stood there."""
    for kind in ("statement_window", "rectification"):
        patch.setitem(KIND[kind].closes, ReferralAnswered, lambda e, f: ())  # type: ignore[arg-type]


def nobody_is_told(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(finding, "touched", lambda *_: ())


def late_facts_alone_are_looked_at(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(touching, "is_late", lambda event, today: event.corrects is None and event.day < today)


def a_change_of_facts_holds_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(KIND, "touched_decision", KIND["touched_decision"]._replace(holds_case=False))


def civil_counts(patch: pytest.MonkeyPatch) -> None:
    without(breach_rules, "civil_breach_gets_no_sanction")(patch)
    patch.setattr(catalogue, "may_decide", lambda *_: True)


def a_measure_needs_no_basis(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(catalogue, "measure_basis", lambda *_: Basis("x", 1, "x", "x", "unconfirmed"))


def an_authority_is_an_enterprise(patch: pytest.MonkeyPatch) -> None:
    def wrong(found: Any, *terms: Any, **more: Any) -> Any:
        found.side, side = "contractor", found.side
        try:
            return classified(found, *terms, **more)
        finally:
            found.side = side

    patch.setattr(case, "classified", wrong)


def narrow(*begins: str, acts: tuple[str, ...] = (), repair_acts: tuple[str, ...] = (), waits: tuple[int, ...] = (1,), finds: bool = False) -> Any:
    """A walk that keeps to the neighbourhood of the bug."""
    return type("Narrow", (Walk,), {"begins": begins, "acts": acts, "repair_acts": repair_acts, "waits": waits, "finds": finds})


DECIDE = ("statement", "legal-review", "confirmation", "sanction")
BUGS: dict[str, tuple[int, Callable[[pytest.MonkeyPatch], None], type[Walk]]] = {
    "1 window": (1, without(breach_rules, "window_is_used_or_over"), narrow("managed", acts=("confirmation", "sanction"))),
    "1 legal review": (1, without(breach_rules, "legal_review_is_passed"), narrow("noticed", acts=("statement", "confirmation", "sanction"), waits=(8,))),
    "1 hearing": (1, without(breach_rules, "hearing_window_is_over_or_held"), narrow("noticed", acts=DECIDE)),
    "1 collective": (1, without(breach_rules, "collective_decision_is_made"), narrow("major", acts=("sanction",))),
    "1 limitation": (1, without(breach_rules, "limitation_has_not_run"), narrow("barred", acts=("sanction",))),
    "1 measure": (1, a_measure_needs_no_basis, narrow("measured", acts=("sanction", "service"))),
    "2 recorder": (2, without(breach_rules, "not_one_who_recorded_it"), narrow("opened", acts=("dismissal",), finds=True)),
    "2 reviewer": (2, without(breach_rules, "not_one_who_reviewed_it"), narrow("noticed", acts=DECIDE[:3], waits=(8,))),
    "2 delegate": (2, a_delegate_is_somebody_else, narrow("opened", acts=("dismissal",), finds=True)),
    "2 recused": (2, without(breach_rules, "not_recused"), narrow("opened", acts=("recusal", "notice"))),
    "2 chair": (2, the_chair_may_have_handled_it, narrow("heard", acts=("hearing-notice", "hearing"), waits=(14,))),
    "2 objection": (2, without(breach_rules, "another_decider"), narrow("sanctioned", acts=("objections", "objections/decision"))),
    "3 aggravation": (3, without(breach_rules, "sanction_is_not_heavier_than_notified"), narrow("confirmed", acts=("sanction",))),
    "4 points twice": (4, nothing_is_refused_twice, narrow("published", finds=True)),
    "5 too early": (5, without(repair_rules, "repair_minimum_period_not_reached", "application_was_not_too_early"),
                    narrow("published", repair_acts=("acceptance", "decision"))),
    "5 proof": (5, without(repair_rules, "fulfilment_is_proved"), narrow("applied", repair_acts=("acceptance", "verification", "decision"))),
    "5 papers": (5, without(repair_rules, "only_papers_of_the_pack_are_asked"), narrow("applied", repair_acts=("supplement-request",))),
    "5 twice": (5, without(repair_rules, "no_application_is_open"), narrow("applied", repair_acts=("acceptance",))),
    "7 closed": (7, without(breach_rules, "no_loop_is_open"), narrow("published", acts=("closure",))),
    "7 desk": (7, a_notice_leaves_the_hearing_open, narrow("noticed", acts=("hearing-request", "notice"))),
    "7 referral": (7, a_finding_that_fell_above_leaves_its_loops, narrow("against_authority", acts=("referral", "referral/answer"))),
    "8 nobody told": (8, nobody_is_told, Late),
    "8 corrections": (8, late_facts_alone_are_looked_at, Late),
    "8 closed": (8, a_change_of_facts_holds_nothing, Late),
    "10 region": (10, everybody_holds_everywhere, narrow("opened", acts=("notice", "rectification"))),
    "10 anybody": (10, everybody_holds, narrow("opened", acts=("dismissal",))),
    "10 shell": (10, without(breach_rules, "a_person_decides_at_a_page"), narrow("confirmed", acts=("sanction",))),
    "11 civil": (11, civil_counts, narrow("noticed", acts=("statement", "confirmation", "sanction"), waits=(8,))),
    "11 authority": (11, an_authority_is_an_enterprise, narrow("against_authority", acts=DECIDE, waits=(8,))),
}  # fmt: skip


@pytest.mark.parametrize("bug", list(BUGS))
def test_a_planted_bug_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number, plant, near = BUGS[bug]
    plant(monkeypatch)
    with pytest.raises(Never) as found:
        run_state_machine_as_test(near, settings=PLANTED)
    assert found.value.number == number
