"""What must never happen does not, whoever asks what on whichever day; and it would be found if it did."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from domain.actor import Actor
from domain.breach import rules as breach_rules
from domain.breach.commands import finding as finding_commands
from domain.loops import KIND
from domain.repair import rules as repair_rules
from tests.domain.nevers.audit import Never
from tests.domain.nevers.walk import Walk

STEPS = int(os.environ.get("LVYUE_STEPS", "0"))  # 0: as many as a suite has time for

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


class Elsewhere(Walk):
    """Nevers 10 and 11: everybody, everywhere."""

    begins, waits = ("opened", "noticed", "confirmed", "published", "applied"), (1, 8, 30)


WALKS: dict[int, type[Walk]] = {1: Procedure, 2: People, 3: Procedure, 4: Points, 5: Repairing, 7: Closing, 10: Elsewhere, 11: Elsewhere}
QUIET: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None, "print_blob": False}
LIVED = settings(max_examples=STEPS or 40, stateful_step_count=STEPS or 30, phases=[Phase.generate], **QUIET)
PLANTED = settings(max_examples=400, stateful_step_count=30, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False, **QUIET)


@pytest.mark.parametrize("walk", [Walk, *dict.fromkeys(WALKS.values())], ids=lambda walk: walk.__name__)
def test_never(walk: type[Walk]) -> None:
    run_state_machine_as_test(walk, settings=LIVED)


def without(module: ModuleType, *names: str) -> Callable[[pytest.MonkeyPatch], None]:
    """A bug: these rules are asked no more."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        for name, value in list(vars(module).items()):
            if name.isupper() and isinstance(value, tuple):
                patch.setattr(module, name, tuple(rule for rule in value if getattr(rule, "__name__", "") not in names))

    return plant


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
    from domain.breach.events import NoticeServed

    for kind in ("hearing_notice", "hearing"):
        patch.delitem(KIND[kind].closes, NoticeServed)  # type: ignore[arg-type]


def civil_counts(patch: pytest.MonkeyPatch) -> None:
    from domain.breach import catalogue

    without(breach_rules, "civil_breach_gets_no_sanction")(patch)
    patch.setattr(catalogue, "may_decide", lambda *_: True)


BUGS: dict[str, tuple[int, Callable[[pytest.MonkeyPatch], None]]] = {
    "1 window": (1, without(breach_rules, "window_is_used_or_over")),
    "1 legal review": (1, without(breach_rules, "legal_review_is_passed")),
    "1 hearing": (1, without(breach_rules, "hearing_window_is_over_or_held")),
    "1 measure": (1, without(breach_rules, "measures_have_a_basis", "measures_are_of_that_side", "sanction_is_not_heavier_than_notified")),
    "2 recorder": (2, without(breach_rules, "not_one_who_recorded_it")),
    "2 reviewer": (2, without(breach_rules, "not_one_who_reviewed_it")),
    "2 objection": (2, without(breach_rules, "another_decider")),
    "3 aggravation": (3, without(breach_rules, "sanction_is_not_heavier_than_notified")),
    "4 points twice": (4, nothing_is_refused_twice),
    "5 too early": (5, without(repair_rules, "repair_minimum_period_not_reached", "application_was_not_too_early")),
    "5 proof": (5, without(repair_rules, "fulfilment_is_proved")),
    "5 papers": (5, without(repair_rules, "only_papers_of_the_pack_are_asked")),
    "5 twice": (5, without(repair_rules, "no_application_is_open")),
    "7 closed": (7, without(breach_rules, "no_loop_is_open")),
    "7 desk": (7, a_notice_leaves_the_hearing_open),
    "10 region": (10, everybody_holds_everywhere),
    "10 anybody": (10, everybody_holds),
    "10 shell": (10, without(breach_rules, "a_person_decides_at_a_page")),
    "11 civil": (11, civil_counts),
    "11 authority": (11, without(breach_rules, "kind_is_published")),
}


@pytest.mark.parametrize("bug", list(BUGS))
def test_a_planted_bug_is_found(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number, plant = BUGS[bug]
    plant(monkeypatch)
    with pytest.raises(Never) as found:
        run_state_machine_as_test(WALKS[number], settings=PLANTED)
    assert found.value.number == number
