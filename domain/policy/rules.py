"""When may a pack be proposed or adopted?"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from domain.policy.consistency import misfits
from domain.rules import Verdict, at, that

if TYPE_CHECKING:
    from domain.policy.book import Book
    from domain.policy.pack import Pack
    from domain.policy.shelf import Shelf


@at("/version")
def version_is_new(shelf: Shelf, pack: Pack, digest: str, book: Book) -> Verdict:
    """规则包 {key} 第 {version} 版已经采用；改动要用新的版本号。"""
    return that((pack.key, pack.version) not in shelf.adopted, key=pack.key, version=pack.version)


@at("/pack")
def pack_is_not_yet_proposed(shelf: Shelf, pack: Pack, digest: str, book: Book) -> bool:
    """这个规则包已经提出，等待另一人采用。"""
    return digest not in shelf.proposed


@at("/pack")
def pack_is_proposed(shelf: Shelf, digest: str, *_: object) -> bool:
    """没有提出这个规则包。"""
    return digest in shelf.proposed


@at("/reason")
def drop_has_a_reason(shelf: Shelf, digest: str, why: str) -> bool:
    """请写明退回规则包的理由。"""
    return bool(why.strip())


@at("/pack")
def another_person_adopts(shelf: Shelf, digest: str, by: str) -> bool:
    """规则包要由提出人以外的人采用。"""
    return digest not in shelf.proposed or shelf.proposed[digest][2] != by


@at("/year")
def days_are_of_the_year(shelf: Shelf, year: int, off: Sequence[tuple[date, str]], work: Sequence[date]) -> bool:
    """放假安排里有别的年份的日期。"""
    near = {year - 1, year, year + 1}
    return all(day.year in near for day, _ in off) and all(day.year in near for day in work)


@at("/work")
def worked_days_are_weekend_days(shelf: Shelf, year: int, off: Sequence[tuple[date, str]], work: Sequence[date]) -> bool:
    """调休上班日必须是周末，且不能同时是放假日。"""
    resting = {day for day, _ in off}
    return all(day.weekday() in (calendar.SATURDAY, calendar.SUNDAY) and day not in resting for day in work)


@at("/off")
def the_year_has_days_off(shelf: Shelf, year: int, off: Sequence[tuple[date, str]], work: Sequence[date]) -> bool:
    """没有这一年的放假日：安排还没有公布，或者文件不完整。"""
    return any(day.year == year for day, _ in off)


@at("/pack")
def it_fits_the_packs_beside_it(shelf: Shelf, pack: Pack, digest: str, book: Book) -> Verdict:
    """这个规则包不能和已采用的规则包一起使用：{wrong}。"""
    wrong = misfits(book, pack)
    return that(not wrong, wrong="；".join(wrong))


PROPOSE = (version_is_new, pack_is_not_yet_proposed, it_fits_the_packs_beside_it)
DROP = (pack_is_proposed, drop_has_a_reason)
ADOPT = (pack_is_proposed, another_person_adopts)
YEAR = (days_are_of_the_year, worked_days_are_weekend_days, the_year_has_days_off)
