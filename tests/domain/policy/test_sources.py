"""Every number in the packs is in the row of the fact file that it names, and is no surer than that row is."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from domain.policy.tables import (
    TABLES,
    AnyRow,
    Behaviour,
    CalendarYear,
    FineRange,
    GoodBehaviour,
    Measure,
    Rule,
)
from tests.domain.policy.books import shipped_packs
from tests.shared import shared

DESIGN = "design"
_NOT_SURE = re.compile(r"\b(?:Vs|Vi|R|D)\b|\(D\)|unconfirmed")
_SURE = re.compile(r"\bVx?\b")
_SCALE = {"k": 1000, "m": 1_000_000, "": 1}
_YEARS = re.compile(r"(\d+)(?:[- to]+(\d+))? ?-?(?:years?|y)\b")


@dataclass(frozen=True)
class Stated:
    """Something in a pack that names its row of the fact file."""

    where: str
    facts: str
    status: str
    numbers: tuple[Decimal, ...]


@cache
def sections() -> dict[str, str]:
    """The text of each numbered section of the fact file; a subsection's also stands in its section."""
    text = shared("reference", "domain-facts.md").read_text()
    found: dict[str, str] = {}
    for part in re.split(r"^(?=#{2,3} )", text, flags=re.M):
        if head := re.match(r"#{2,3} (\d+(?:\.\d+)?)[. ]", part):
            number = head[1]
            found[number] = part
            if "." in number:
                found[number.partition(".")[0]] += part
    return found


def row_of(facts: str) -> str:
    """The line of the fact file: "13 D20" is the row beginning with D20 of section 13."""
    section, _, start = facts.partition(" ")
    lines = sections()[section].splitlines()
    if not start:
        return sections()[section]
    bare = [line.lstrip("|- ").replace("`", "") for line in lines]
    first = [line for line, plain in zip(lines, bare, strict=True) if _begins(plain, start.replace("`", ""))]
    inside = [line for line in lines if start in line]
    assert first or inside, f"the fact file has no row {facts}"
    return (first or inside)[0]


def _begins(line: str, start: str) -> bool:
    return re.match(re.escape(start) + r"(?!\w)", line) is not None


def numbers_of(line: str) -> set[Decimal]:
    """Every number that the line says, also as months of years, per mille as per cent, ¥100k, shares, "daily"."""
    found = {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?", line)}
    for number, scale in re.findall(r"(\d+(?:\.\d+)?) ?(k|m)\b", line):
        found |= {Decimal(number) * _SCALE[scale], Decimal(number) * 1_000_000}
    for number in re.findall(r"(\d+(?:\.\d+)?)(?:-\d+(?:\.\d+)?)?k", line):
        found.add(Decimal(number) * 1000)
    for low, high in re.findall(r"(\d+)-(\d+)k", line):
        found |= {Decimal(low) * 1000, Decimal(high) * 1000}
    for some in _YEARS.findall(line):
        found |= {Decimal(one) * 12 for one in some if one}
    for low, high in re.findall(r"(\d+(?:\.\d+)?)(?:-(\d+))?‰", line):
        found |= {Decimal(one) / 10 for one in (low, high) if one}
    found |= {Decimal(thousands.replace(" ", "")) for thousands in re.findall(r"\d{1,3}(?: \d{3})+", line)}
    if "daily" in line:
        found.add(Decimal(1))
    return found | {Decimal(0)}


def stated() -> Iterator[Stated]:
    for key, pack in shipped_packs().items():
        for rule in pack.rules.values():
            yield Stated(f"{key}.{rule.name}", rule.facts, rule.status, tuple(_of_rule(rule)))
        for table in TABLES.values():
            for row in pack.rows(table):
                yield from _of_row(key, row)


def _of_rule(rule: Rule) -> Iterator[Decimal]:
    for value in (rule.count, rule.value, rule.amount, rule.percent, rule.min_months, rule.max_months):
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield Decimal(value)
    if isinstance(rule.value, str):
        yield from (Decimal(number) for number in re.findall(r"\d+$", rule.value))


def _of_row(key: str, row: AnyRow) -> Iterator[Stated]:
    where = f"{key}.{row.table}.{getattr(row, 'code', getattr(row, 'year', ''))}"
    if isinstance(row, Measure):
        months = [Decimal(value) for value in (row.min_months, row.max_months) if value]
        yield Stated(where, row.facts, "unconfirmed", tuple(months))
    elif not isinstance(row, CalendarYear):
        yield Stated(where, row.facts, row.status, tuple(_amounts(row)))


def _amounts(row: Any) -> Iterator[Decimal]:
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, FineRange):
            yield from _amounts(value)
        elif isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield Decimal(value)


def _fine_rows(one: Stated) -> str:
    """A behaviour "as SUB-01" or with "BID-04 consequences" has the numbers of that row."""
    line = row_of(one.facts)
    if not one.facts.startswith("3."):
        return line
    more = re.findall(r"(?:as )?([A-Z]{3}-\d\d)(?: consequences)?\b", line)
    section = {"BID": "3.2", "SGN": "3.2", "GOV": "3.4"}
    return line + "".join(row_of(f"{section.get(code[:3], '3.3')} {code}") for code in more if code not in one.facts)


ALL = list(stated())
TRACED = [one for one in ALL if one.facts != DESIGN]


def test_there_is_much_to_trace() -> None:
    assert len(TRACED) > 300
    assert len([one for one in ALL if one.numbers]) > 100


def test_what_is_of_this_design_is_unconfirmed() -> None:
    assert [one.where for one in ALL if one.facts == DESIGN and one.status != "unconfirmed"] == []


@pytest.mark.parametrize("one", [one for one in TRACED if one.numbers], ids=lambda one: one.where)
def test_every_number_is_in_its_row(one: Stated) -> None:
    line = _fine_rows(one)
    said = numbers_of(line.replace(one.facts.partition(" ")[2], "", 1))
    missing = [number for number in one.numbers if number not in said]
    assert not missing, f"{missing} of {one.where} not in {one.facts}: {line}"


@pytest.mark.parametrize("one", TRACED, ids=lambda one: one.where)
def test_what_is_confirmed_was_verified(one: Stated) -> None:
    line = row_of(one.facts)
    if one.status == "confirmed":
        assert is_verified(one.facts, line), f"{one.where} is confirmed, but {one.facts} is not: {line}"


def is_verified(facts: str, line: str) -> bool:
    """The row's own mark; without one, that of its section's heading, or what the section says of itself."""
    section, _, start = facts.partition(" ")
    said = line.replace(start, "", 1)
    if section.startswith("3.") and section != "3.1":
        return not _NOT_SURE.search(said)  # "Behaviours and fines are V from the article named"
    if start.startswith("minor/ordinary"):
        return "confirmed Vx" in said
    if _NOT_SURE.search(said) and not _SURE.search(said):
        return False
    if _SURE.search(said):
        return not _NOT_SURE.search(said) or facts in MIXED
    return bool(_SURE.search(sections()[section].splitlines()[0]))


# Rows that mark several statements; what the pack takes from them is the part marked V.
MIXED = {
    "12.2 Money caps",  # performance security and the four deposits V; retention Vs; progress payment R
    "4.1 Start of period",  # the national text Vx; a city's page Vs says the same
    "4.1 Acceptance",  # the duty to accept and to give reasons Vx; the number of days R is not taken from it
}


def test_the_catalogue_has_every_row_of_the_fact_file() -> None:
    listed = {code for number in ("3.2", "3.3", "3.4", "3.5") for code in _codes(number)}
    pack = shipped_packs()["behaviours"]
    assert listed == {row.code for kind in (Behaviour, GoodBehaviour) for row in pack.rows(kind)}
    assert set(_codes("9.2")) == {row.code for row in shipped_packs()["measures"].rows(Measure)}
    assert len(listed) > 70


def _codes(section: str) -> list[str]:
    return re.findall(r"^\| ([A-Z]+-\d\d) \|", sections()[section], flags=re.M)


def test_the_calendar_is_that_of_the_notices() -> None:
    days: dict[date, bool] = {}
    for year in range(2023, 2027):
        notice = json.loads(shared("data", "cn-holidays", f"{year}.json").read_text())
        days |= {date.fromisoformat(day["date"]): day["isOffDay"] for day in notice["days"]}
    rows = {row.year: row for row in shipped_packs()["calendar-cn"].rows(CalendarYear)}
    for day, is_off in days.items():
        row = rows[day.year]
        off = {one for some in row.off.values() for one in some}
        assert (day in off, day in row.work) == (is_off, not is_off), day
    for row in rows.values():
        if row.status == "confirmed":
            told = {*row.work, *(one for some in row.off.values() for one in some if one.weekday() < 5)}
            assert told <= days.keys(), f"{row.year}: {sorted(told - days.keys())} in no notice"


def test_the_calendar_is_that_of_the_package() -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar", reason="chinesecalendar is a test extra")
    for row in shipped_packs()["calendar-cn"].rows(CalendarYear):
        off = {one for some in row.off.values() for one in some}
        day = date(row.year, 1, 1)
        while day.year == row.year:
            works = day in row.work or (day.weekday() < 5 and day not in off)
            assert works == chinese_calendar.is_workday(day), day
            day = date.fromordinal(day.toordinal() + 1)


def test_each_mixed_row_is_still_needed() -> None:
    assert {one.facts for one in TRACED if one.status == "confirmed"} >= MIXED
    assert all(_NOT_SURE.search(row_of(facts)) for facts in MIXED)


def test_a_wrong_number_would_be_found() -> None:
    """The tracing itself: a number that is not in the row, a mark that is not V."""
    assert Decimal(8) not in numbers_of(row_of("13 D20"))
    assert not is_verified("13 D33", row_of("13 D33"))
    assert is_verified("13 D20", row_of("13 D20"))


# A confirmed basis of a measure -> the row in which that article was read, and how the row names it.
READ = {
    ("M-01", "招标投标法第六十条"): ("3.3 PRG-03", "BID 60"),
    ("M-02", "政府采购法第七十七条"): ("3.2 BID-04", "GPL Art. 77"),
    ("M-08", "建设工程安全生产管理条例第六十六条"): ("3.3 SAF-04", "CS 66"),
    ("M-10", "保障中小企业款项支付条例"): ("3.4 SME complaint timing", "Art. 26"),
    ("M-11", "招标投标法第六十条"): ("3.3 PRG-03", "BID 60"),
    **{(code, "水建设〔2019〕306号第三十四条"): ("2.4 重点关注名单", "Art. 34, V") for code in ("M-04", "M-05", "M-06", "M-07")},
}


def test_a_confirmed_basis_of_a_measure_was_read() -> None:
    """And every measure has a basis; the rows of 3.2 to 3.4 are V "from the article named"."""
    measures = shipped_packs()["measures"].rows(Measure)
    assert all(row.bases for row in measures)
    for row in measures:
        for basis in row.bases:
            if basis.status == "confirmed":
                facts, named = next(read for (code, start), read in READ.items() if code == row.code and basis.clause.startswith(start))
                assert named in row_of(facts), f"{row.code}: {named} not in {facts}"


# The packs of one instrument -> its row of the register, which says from when and until when it is in force.
REGISTER = {"repair-2019": "NDRC-527", "repair-2023": "NDRC-58", "repair-2026": "NDRC-36", "water-credit-2019": "MWR-306", "water-credit-2024": "MWR-201",
            "penalty-procedure-2021": "APL", "double-publicity-2018": "NDRC-424", "sme-payment-2020": "SME-802", "sme-payment-2025": "SME-802"}  # fmt: skip


@pytest.mark.parametrize("key", sorted(REGISTER))
def test_an_instrument_is_in_force_when_the_register_says(key: str) -> None:
    head, line = shipped_packs()[key].head, row_of(f"1.1 {REGISTER[key]}")
    for day in (head.effective_from, head.effective_until):
        assert day is None or f"{day:%Y-%m}" in line, f"{day} of {key} not in {line}"
