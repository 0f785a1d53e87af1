"""When may a commitment be put on record, reported on, and found kept or broken?"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from domain.events import SYSTEM
from domain.rules import Verdict, at, that

if TYPE_CHECKING:
    from domain.party.commitment import Commitment
    from domain.party.events import CommitmentMade


class Judge(NamedTuple):
    """Who judges, from where, and whether they are the same person as one of some accounts."""

    by: str
    via: str
    same: Callable[[Collection[str]], bool]


OPEN = frozenset({"open", "reported"})
SHELL = "cli"


@at("/kind")
def commitment_type_is_known(commitment: Commitment, made: CommitmentMade, *_: object) -> Verdict:
    """当天施行的规则包里没有承诺类型 {kind}。"""
    return that(made.basis is not None, kind=made.kind)


@at("/matter")
def commitment_names_its_matter(commitment: Commitment, made: CommitmentMade, *_: object) -> bool:
    """请写明承诺事由。"""
    return bool(made.matter.strip())


@at("/text")
def commitment_says_something(commitment: Commitment, made: CommitmentMade, *_: object) -> bool:
    """请写明承诺的内容，或者附上承诺书。"""
    return bool(made.text.strip() or made.evidence)


@at("/made_on")
def commitment_was_made(commitment: Commitment, made: CommitmentMade, today: date, known: Collection[str] | None) -> Verdict:
    """日期 {on} 还没有到；只能登记已经作出的承诺。"""
    return that(made.made_on <= today, on=made.made_on)


@at("/ends_on")
def commitment_ends_after_it_was_made(commitment: Commitment, made: CommitmentMade, *_: object) -> Verdict:
    """期限 {ends} 早于作出承诺的日期 {on}。"""
    return that(made.ends_on is None or made.ends_on >= made.made_on, ends=made.ends_on, on=made.made_on)


@at("/contract")
def commitment_is_of_a_party_to_the_contract(commitment: Commitment, made: CommitmentMade, today: date, known: Collection[str] | None) -> bool:
    """作出承诺的不是这份合同的乙方。"""
    return known is None or made.party in known


def commitment_is_open(commitment: Commitment, *_: object) -> bool:
    """这项承诺已经有了结果，或者已经撤回。"""
    return commitment.status in OPEN


def commitment_has_an_outcome(commitment: Commitment, *_: object) -> bool:
    """这项承诺没有已经认定的结果可以撤销。"""
    return commitment.status in ("kept", "broken")


def its_day_has_come(commitment: Commitment, on: date, today: date, *_: object) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    return that(on <= today, on=on)


def it_follows_the_step_before(commitment: Commitment, on: date, today: date, *_: object) -> Verdict:
    """日期 {on} 早于上一步的日期 {last}。"""
    return that(on >= commitment.last_on, on=on, last=commitment.last_on)


@at("/text")
def report_says_something(commitment: Commitment, on: date, today: date, text: str, *_: object) -> bool:
    """请写明履行的情况。"""
    return bool(text.strip())


@at("/facts")
def breach_of_promise_is_stated(commitment: Commitment, on: date, today: date, facts: str, *_: object) -> bool:
    """请写明没有兑现的事实。"""
    return bool(facts.strip())


@at("/reason")
def step_back_has_a_reason(commitment: Commitment, on: date, today: date, why: str, *_: object) -> bool:
    """请写明理由。"""
    return bool(why.strip())


def it_goes_with_no_application(commitment: Commitment, *_: object) -> bool:
    """随修复申请作出的承诺，撤回申请时一并撤回。"""
    return commitment.repair is None


def another_person_judges_it(commitment: Commitment, on: date, today: date, said: str, judge: Judge) -> bool:
    """您登记了这项承诺或它的履行报告，要由另一人认定。"""
    return not judge.same(commitment.recorders)


def another_person_takes_it_back(commitment: Commitment, on: date, today: date, said: str, judge: Judge) -> bool:
    """这个结果是您认定的，要由另一人撤销。"""
    return commitment.decider is None or not judge.same({commitment.decider})


def a_person_judges_at_a_page(commitment: Commitment, on: date, today: date, said: str, judge: Judge) -> bool:
    """认定由人在页面上或经接口作出，不能由系统或在命令行作出。"""
    return judge.by != SYSTEM and judge.via != SHELL


DATED = (its_day_has_come, it_follows_the_step_before)
MAKE = (
    commitment_type_is_known, commitment_names_its_matter, commitment_says_something, commitment_was_made, commitment_ends_after_it_was_made,
    commitment_is_of_a_party_to_the_contract,
)  # fmt: skip
REPORT = (commitment_is_open, *DATED, report_says_something)
KEEP = (commitment_is_open, *DATED)
BREAK = (commitment_is_open, *DATED, breach_of_promise_is_stated, another_person_judges_it, a_person_judges_at_a_page)
WITHDRAW = (commitment_is_open, it_goes_with_no_application, *DATED, step_back_has_a_reason)
REOPEN = (commitment_has_an_outcome, *DATED, step_back_has_a_reason, another_person_takes_it_back, a_person_judges_at_a_page)

MAY = {
    "report": (commitment_is_open,),
    "fulfilment": (commitment_is_open,),
    "breach": (commitment_is_open,),
    "withdrawal": (commitment_is_open, it_goes_with_no_application),
    "revocation": (commitment_has_an_outcome,),
}
