"""What would be refused if a repair were applied for, or an act in an application tried, today and by whoever asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from domain.breach.case import Case, Law
from domain.breach.rules.state import a_sanction_stands
from domain.repair import rules
from domain.repair.events import Document
from domain.repair.repair import Application, Before, Repair
from domain.rules import Broken, Rule, ask

if TYPE_CHECKING:
    from datetime import date

APPLY = "repair"  # the act by which an application is born, asked of its case
SAID = "—"
TRIALS: Mapping[str, tuple[tuple[Rule, ...], Callable[[Case, Law], tuple[Any, ...]]]] = {
    "acceptance": (rules.ACCEPT, lambda case, law: (law.today, law)),
    "verification": (rules.VERIFY, lambda case, law: (law.today, law)),
    "decision": ((*rules.DECIDE, *rules.APPROVE), lambda case, law: ("approved", SAID, law.today, None, case, law)),
    "withdrawal": (rules.WITHDRAW, lambda case, law: (law.today, law)),
    "revocation": (rules.REVOKE, lambda case, law: (SAID, law.today, case, law)),
    "false-material": (rules.FALSE_MATERIAL, lambda case, law: (SAID, law.today, case, law)),
}


def refused(repair: Repair, case: Case | None, act: str, law: Law) -> list[Broken]:
    """Every rule that would refuse the act; while the state does not allow it, who decides is asked and nothing else."""
    state = rules.MAY[act]
    wanted, subjects = TRIALS.get(act, (state, lambda case, law: ()))
    broken = _broken(state, repair)
    if case is None:
        return broken
    others = [rule for rule in wanted if rule not in state and (not broken or rule in rules.JUDGE)]
    return broken + _broken(others, repair, *subjects(case, law))


def not_yet(case: Case, earlier: Iterable[Repair], law: Law) -> list[Broken]:
    """Every rule that would refuse an application for repair of the case's sanction that brings every paper asked for."""
    sanction = case.sanction
    if sanction is None:
        return _broken((a_sanction_stands,), case)
    papers = [Document(kind, SAID) for kind in (law.book.rule("repair.materials", law.today).items or ())]
    asked = Application(papers, SAID, law.today, law.today, insisted=False)
    known = list(earlier)
    last = next((one for one in reversed(known) if one.sanction == sanction.id and one.is_open), None)
    until: date | None = max((one.barred_until for one in known if one.barred_until is not None), default=None)
    return _broken((*rules.APPLY, *rules.EARLY), case, sanction, asked, law, Before(last, until))


def _broken(asked: Iterable[Rule], *subjects: Any) -> list[Broken]:
    return [told for rule in asked if (told := ask(rule, *subjects)) is not None]
