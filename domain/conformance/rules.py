"""When may a breach of procedure be answered, and by whom?"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from domain.breach.rules.common import SHELL
from domain.events import SYSTEM
from domain.rules import Verdict, at, that

OUTCOMES = ("explained", "remedied", "pursued")


class Asked(NamedTuple):
    """What a rule may ask of an answer. `since`: the day on which it was done late, or found; None where nothing waits for an answer."""

    since: date | None
    done_by: str
    by: str
    via: str
    outcome: str
    grounds: str
    on: date
    today: date


def breach_is_open(asked: Asked) -> bool:
    """没有这件待答复的违反程序的事，或它已经答复。"""
    return asked.since is not None


@at("/outcome")
def answer_is_known(asked: Asked) -> bool:
    """结果只能是 explained 已说明理由、remedied 已补救或 pursued 已追究责任。"""
    return asked.outcome in OUTCOMES


@at("/grounds")
def answer_says_why(asked: Asked) -> bool:
    """请写明理由。"""
    return bool(asked.grounds.strip())


@at("/answered_on")
def answer_follows_the_breach(asked: Asked) -> Verdict:
    """日期 {on} 还没有到，或早于逾期办理或者查出的日期 {since}。"""
    return that(asked.on <= asked.today and (asked.since is None or asked.since <= asked.on), on=asked.on, since=asked.since)


def another_person_answers(asked: Asked) -> bool:
    """这件事是您本人办理的，由另一人答复。"""
    return asked.by != asked.done_by


def a_person_answers_at_a_page(asked: Asked) -> bool:
    """答复由人在页面上或经接口作出，不能由系统或在命令行作出。"""
    return asked.by != SYSTEM and asked.via != SHELL


ANSWER = (breach_is_open, answer_is_known, answer_says_why, answer_follows_the_breach, another_person_answers, a_person_answers_at_a_page)
