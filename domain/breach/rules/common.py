"""Rules that many acts of a case share: its days, and which people may do what in it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from domain.events import SYSTEM
from domain.rules import Verdict, at, that
from domain.values.document_number import parse
from domain.values.fault import Malformed
from domain.values.region import covers, superior

if TYPE_CHECKING:
    from domain.breach.case import Case, Law

METHODS = ("direct", "post", "electronic", "public")
SHELL = "cli"


def day_of(rest: Iterable[Any]) -> date:
    """The day that an act names: the first date among what the rule is asked about."""
    return next(one for one in rest if isinstance(one, date))


def law_in(rest: tuple[Any, ...]) -> Law:
    law: Law = rest[-1]
    return law


# -- days


def it_has_happened(case: Case, *rest: Any) -> Verdict:
    """日期 {on} 还没有到；只能登记已经发生的事。"""
    on = day_of(rest)
    return that(on <= law_in(rest).today, on=on)


def it_follows_the_opening(case: Case, *rest: Any) -> Verdict:
    """日期 {on} 早于立案日 {opened}。"""
    on = day_of(rest)
    return that(on >= case.opened_on, on=on, opened=case.opened_on)


def it_follows_the_notice(case: Case, *rest: Any) -> Verdict:
    """日期 {on} 早于告知书送达日 {served}。"""
    on, served = day_of(rest), case.notice.served_on if case.notice else None
    return that(served is None or on >= served, on=on, served=served)


# -- four eyes


def is_one_of(case: Case, rest: tuple[Any, ...], others: Iterable[str]) -> bool:
    """Is the one who asks among them? What a delegate does, or did while the case went on, counts as the person's own."""
    law = law_in(rest)
    return law.same(law.by, others, case.occurred_on)


def not_one_who_recorded_it(case: Case, *rest: Any) -> bool:
    """您登记了这项发现或上传了它的证据，不能再审核、主持或决定本案。"""
    return not is_one_of(case, rest, case.recorders)


def not_one_who_reviewed_it(case: Case, *rest: Any) -> bool:
    """您是本案的法制审核员，不能再决定本案。"""
    return not is_one_of(case, rest, case.reviewers)


def not_the_chair(case: Case, *rest: Any) -> bool:
    """您是本案的听证主持人，不能再审核或决定本案。"""
    return not is_one_of(case, rest, case.people()["chair"])


def not_one_who_decided_it(case: Case, *rest: Any) -> bool:
    """您是本案的审批人，不能再审核或主持本案。"""
    return not is_one_of(case, rest, case.people()["decider"])


def not_recused(case: Case, *rest: Any) -> bool:
    """您已在本案中回避。"""
    return not is_one_of(case, rest, case.recused)


def a_person_decides_at_a_page(case: Case, *rest: Any) -> bool:
    """决定由人在页面上或经接口作出，不能由系统或在命令行作出。"""
    law = law_in(rest)
    return law.by != SYSTEM and law.via != SHELL


def authority_is_judged_from_above(case: Case, *rest: Any) -> Verdict:
    """对甲方的发现由上一级行政区划的审批人决定；没有上级的，移送。"""
    return that(not case.against_authority or is_from_above(case, law_in(rest)), region=superior(case.region))


def is_from_above(case: Case, law: Law) -> bool:
    """Does the one who asks decide for a region above the case's?"""
    return any(region != case.region and covers(region, case.region) for region in law.regions)


# -- what is written


@at("/grounds")
def grounds_are_given(case: Case, *rest: Any) -> bool:
    """请写明理由。"""
    texts = [one for one in rest if isinstance(one, str)]
    return bool(texts) and bool(texts[-1].strip())


@at("/document_number")
def document_number_is_well_formed(case: Case, *rest: Any) -> Verdict:
    """{fault}"""
    number: str | None = rest[-2]
    if number is None:
        return that(True)
    try:
        parse(number)
    except Malformed as malformed:
        return that(False, fault=str(malformed))
    return that(True)
