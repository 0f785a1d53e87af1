"""When may a check or a finding be recorded?"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from domain.policy.book import Book, NoPackInForce, UnknownCode
from domain.policy.tables import Behaviour, CheckMode
from domain.rules import Verdict, at, that
from domain.terms import CheckItem

if TYPE_CHECKING:
    from domain.contract.contract import Contract
    from domain.contract.events import FindingRecorded

KINDS = ("civil", "management", "administrative")


@at("/mode")
def check_mode_is_known(contract: Contract, planned_on: date, mode: str, today: date, book: Book) -> Verdict:
    """检查方式 {mode} 不在可选范围：{modes}。"""
    modes = book.rows(CheckMode, today)
    return that(any(one.code == mode for one in modes), mode=mode, modes="、".join(f"{one.code} {one.zh}" for one in modes))


def check_is_planned(contract: Contract, check: UUID, *_: object) -> bool:
    """没有这次计划中的检查，或它已经完成、取消。"""
    return contract.checks.get(check) == "planned"


@at("/reason")
def cancellation_has_a_reason(contract: Contract, check: UUID, why: str) -> bool:
    """请写明取消检查的理由。"""
    return bool(why.strip())


@at("/carried_out_on")
def check_has_happened(contract: Contract, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], today: date, book: Book) -> Verdict:
    """检查日期 {on} 还没有到。"""
    return that(on <= today, on=on)


@at("/carried_out_on")
def check_follows_the_signing(contract: Contract, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], today: date, book: Book) -> Verdict:
    """检查日期 {on} 早于合同签订日 {signed}。"""
    return that(on >= contract.holds_from, on=on, signed=contract.holds_from)


@at("/inspectors")
def two_people_inspect(contract: Contract, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], today: date, book: Book) -> Verdict:
    """检查应当由 {least} 名以上检查人员进行，请填写不同的人。"""
    rule = book.rule("sampling.inspectors", today)
    least = int(rule.value or 0)
    return that(len({one.strip() for one in inspectors if one.strip()}) >= least, basis=rule.basis, least=least)


@at("/items")
def results_are_known(contract: Contract, check: UUID, on: date, inspectors: list[str], items: list[CheckItem], today: date, book: Book) -> bool:
    """检查结果只能是 pass（合格）、fail（不合格）或 not_checked（未检查），至少填一项。"""
    return bool(items) and all(item.result in ("pass", "fail", "not_checked") for item in items)


# -- findings


def _behaviour(book: Book, code: str, on: date) -> Behaviour | None:
    try:
        return book.behaviour(code, on)
    except (UnknownCode, NoPackInForce):
        return None


@at("/kind")
def finding_kind_is_known(contract: Contract, found: FindingRecorded, today: date, book: Book) -> bool:
    """发现的性质只能是 civil（违约）、management（管理）或 administrative（行政处罚）。"""
    return found.kind in KINDS


@at("/behaviour")
def behaviour_is_in_the_catalogue(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """行为 {code} 不在现行行为目录中。"""
    return that(_behaviour(book, found.behaviour, today) is not None, code=found.behaviour)


@at("/party")
def party_is_in_the_contract(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """{party} 不是本合同的一方。"""
    return that(contract.side_of(found.party, found.occurred_on) is not None, party=found.party)


@at("/behaviour")
def behaviour_is_of_that_side(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """行为 {code} 不是{side}可能有的行为。"""
    behaviour, side = _behaviour(book, found.behaviour, today), contract.side_of(found.party, found.occurred_on)
    if behaviour is None or side is None:
        return that(True)
    sides = {"authority" if one == "authority" else "contractor" for one in (behaviour.side, *behaviour.also)}
    return that(side in sides, code=found.behaviour, side="甲方" if side == "authority" else "乙方")


@at("/kind")
def behaviour_may_be_of_that_kind(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """行为 {code} 按目录只能作为 {kinds} 处理。"""
    behaviour = _behaviour(book, found.behaviour, today)
    kinds = tuple(behaviour.kinds) if behaviour else ()
    return that(not kinds or found.kind in kinds or found.kind not in KINDS, code=found.behaviour, kinds="、".join(kinds))


@at("/occurred_on")
def breach_has_happened(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """发生日期 {on} 还没有到。"""
    return that(found.occurred_on <= today, on=found.occurred_on)


@at("/occurred_on")
def breach_follows_the_signing(contract: Contract, found: FindingRecorded, today: date, book: Book) -> Verdict:
    """发生日期 {on} 早于合同签订日 {signed}。"""
    return that(found.occurred_on >= contract.holds_from, on=found.occurred_on, signed=contract.holds_from)


@at("/check")
def check_belongs_to_the_contract(contract: Contract, found: FindingRecorded, today: date, book: Book) -> bool:
    """所引的检查不属于本合同，或还没有进行。"""
    return found.check is None or contract.checks.get(found.check) == "done"


@at("/facts")
def facts_are_stated(contract: Contract, found: FindingRecorded, today: date, book: Book) -> bool:
    """请写明发现的事实。"""
    return bool(found.facts.strip())
