"""When may it be answered whether a decision stands whose facts turned out otherwise?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.breach import events
from domain.breach.rules.common import is_from_above
from domain.events import name_of
from domain.rules import Verdict, at, that

if TYPE_CHECKING:
    from domain.breach.case import Case, Law

OUTCOMES = ("stands", "corrected", "revoked")
OF_A_SANCTION = frozenset(
    name_of(kind) for kind in (events.SanctionDecided, events.SanctionCorrected, events.RecordReclassified, events.SanctionPublished)
)  # what falls with the sanction alone; the finding may still be right
MENDING = (events.SanctionCorrected, events.RecordReclassified, events.SanctionRevoked, events.NoticeServed, events.PublicityWithdrawn)


def touch_is_open(case: Case, touch: UUID, *_: Any) -> bool:
    """没有这件待答复的事，或它已经答复。"""
    return touch in case.touches and case.touches[touch].outcome is None


@at("/outcome")
def touch_outcome_is_known(case: Case, touch: UUID, outcome: str, *_: Any) -> bool:
    """结果只能是 stands 维持、corrected 已更正或 revoked 撤销。"""
    return outcome in OUTCOMES


@at("/answered_on")
def answer_follows_the_touch(case: Case, touch: UUID, outcome: str, grounds: str, on: date, law: Law) -> Verdict:
    """日期 {on} 还没有到，或早于发现事实有变的日期 {found}。"""
    found = case.touches[touch].found_on if touch in case.touches else date.min
    return that(found <= on <= law.today, on=on, found=found)


@at("/outcome")
def corrected_means_corrected(case: Case, touch: UUID, outcome: str, *_: Any) -> bool:
    """发现事实有变以后还没有更正过什么；先更正，再答复“已更正”。"""
    about = case.touches.get(touch)
    if outcome != "corrected" or about is None or not about.version:
        return True
    return any(one.event.corrects is not None or isinstance(one.event, MENDING) for one in case.history[about.since :])


def from_above_or_referred(case: Case, *rest: Any) -> bool:
    """对甲方的发现由上一级行政区划的审批人答复；没有上级的，移送以后答复。"""
    return not case.against_authority or case.referred_on is not None or is_from_above(case, rest[-1])
