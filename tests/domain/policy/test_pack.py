"""Packs: the shipped ones are whole; a broken one names every line and reason."""

import hashlib
from datetime import date
from decimal import Decimal

import pytest

from domain.policy import faults
from domain.policy.consistency import loose_ends
from domain.policy.pack import PackRejected, read_pack, shipped
from domain.policy.tables import (
    Behaviour,
    CalendarYear,
    CheckItem,
    ContractType,
    DecisionClass,
    DecisionPoints,
    FineRange,
    Measure,
    Recipient,
)
from tests.domain.policy.books import changed, shipped_book, shipped_packs, text_of

KEYS = {
    "repair-2019", "repair-2023", "repair-2026", "water-credit-2019", "water-credit-2024", "municipal-credit",
    "penalty-procedure-2021", "double-publicity-2018", "sme-payment-2020", "sme-payment-2025", "procurement",
    "commitments", "sampling-default", "behaviours", "measures", "calendar-cn", "office-defaults",
    "comparison",
}  # fmt: skip

# Full name: count and unit, or the value under the key that is named.
PROMISED: dict[str, tuple[object, str]] = {
    "repair.accept": (3, "working_days"),
    "repair.decide": (7, "working_days"),
    "repair.total": (10, "working_days"),
    "repair.extend": (10, "working_days"),
    "repair.supplement": (10, "working_days"),
    "repair.false_material_ban": (36, "months"),
    "repair.objection": (5, "working_days"),
    "repair.sync": (1, "working_days"),
    "repair.materials": (("fulfilment_proof", "credit_commitment"), "list"),
    "repair.earliest": ("corresponding_day", "value"),
    "repair.old-decisions-new-periods": (False, "value"),
    "publicity.publish": (7, "working_days"),
    "publicity.upload": (7, "working_days"),
    "publicity.withdraw": (3, "working_days"),
    "publicity.expiry_needs_fulfilment": (False, "value"),
    "penalty.hearing_request": (5, "working_days"),
    "penalty.hearing_notice": (7, "working_days"),
    "penalty.decide": (90, "calendar_days"),
    "penalty.serve": (7, "working_days"),
    "penalty.pay_fine": (15, "calendar_days"),
    "penalty.demand": (10, "working_days"),
    "penalty.limitation": (2, "years"),
    "penalty.limitation_long": (5, "years"),
    "penalty.simple_max": (Decimal(3000), "amount"),
    "penalty.public_notice": (30, "calendar_days"),
    "procurement.publish_contract": (2, "working_days"),
    "procurement.file_contract": (7, "working_days"),
    "procurement.supplement_ceiling": (Decimal(10), "percent"),
    "procurement.security_ceiling": (Decimal(10), "percent"),
    "procurement.retention_ceiling": (Decimal(3), "percent"),
    "sme.default_days": (30, "calendar_days"),
    "sme.max_days": (60, "calendar_days"),
    "sme.daily_interest": (Decimal("0.05"), "percent"),
    "referral.pass_on": (10, "working_days"),
    "referral.answer": (30, "calendar_days"),
    "referral.answer_max": (90, "calendar_days"),
    "office.statement_window": (5, "working_days"),
    "office.rectify": (15, "calendar_days"),
    "office.objection": (5, "working_days"),
    "office.objection_extend": (5, "working_days"),
    "sampling.results": (20, "working_days"),
}
PERIODS = ("notice", "legal_review", "confirm", "sanction", "hearing", "touch", "pack_adoption", "check_report")


def test_every_shipped_pack_is_whole() -> None:
    assert set(shipped_packs()) == KEYS
    assert all(pack.version >= 1 and pack.head.title and pack.head.number for pack in shipped_packs().values())


def test_a_pack_knows_the_digest_of_its_bytes() -> None:
    for name, data in shipped():
        assert shipped_packs()[name.removesuffix(".toml")].digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize("name", PROMISED)
def test_the_promised_rules_are_there(name: str) -> None:
    rule = shipped_book().rule(name, date(2026, 4, 29))
    value, key = PROMISED[name]
    assert (rule.get(key) if key in ("list", "value", "amount", "percent") else rule.count) == value
    assert rule.unit == (key if rule.count else None)


@pytest.mark.parametrize("name", PERIODS)
def test_periods_of_the_office_are_unconfirmed(name: str) -> None:
    rule = shipped_book().rule(f"office.{name}", date(2026, 4, 29))
    assert rule.count is not None
    assert rule.status == "unconfirmed"
    assert rule.basis.pack == "office-defaults"


@pytest.mark.parametrize(("name", "months"), [("minor", (0, 3)), ("ordinary", (3, 12)), ("serious", (12, 36))])
def test_classes_of_the_present_repair_rules(name: str, months: tuple[int, int]) -> None:
    rule = shipped_book().rule(f"repair.class.{name}", date(2026, 4, 29))
    assert (rule.min_months, rule.max_months, rule.status) == (*months, "confirmed")


@pytest.mark.parametrize("day", [date(2022, 6, 1), date(2024, 6, 1), date(2025, 12, 10), date(2026, 4, 29)])
def test_the_shipped_packs_fit_together(day: date) -> None:
    assert loose_ends(shipped_book(), day) == []


def test_loose_ends_are_found() -> None:
    broken = changed("behaviours", ('decision_types = ["procurement_ban"]', 'decision_types = ["exile"]'))
    book = shipped_book().with_pack(100, broken)
    assert [(end.where, end.code) for end in loose_ends(book, date(2026, 4, 29))] == [("BID-07", "exile")]


def test_the_whole_catalogue_is_there() -> None:
    packs = shipped_packs()
    sides = [row.side for row in packs["behaviours"].rows(Behaviour)]
    assert (sides.count("bidder"), sides.count("authority")) == (5, 24)
    assert [row.code for row in packs["measures"].rows(Measure)] == [f"M-{n:02}" for n in range(1, 12)]
    assert [row.code for row in packs["office-defaults"].rows(CheckItem)] == [f"CK-{n:02}" for n in range(1, 17)]
    assert {"CG", "XX", "YW", "ZX"} == {row.code for row in packs["office-defaults"].rows(ContractType) if row.procurement}
    assert [row.code for row in packs["repair-2026"].rows(Recipient)] == [
        "credit-china",
        "water-market-platform",
        "procurement-platform",
    ]


def test_a_civil_remedy_is_no_credit_measure() -> None:
    measures = {row.code: row.credit_measure for row in shipped_packs()["measures"].rows(Measure)}
    assert [code for code, credit in measures.items() if not credit] == ["M-11"]


@pytest.mark.parametrize(
    ("code", "price", "bounds"),
    [
        ("QLT-01", Decimal(1_000_000), (Decimal(20_000), Decimal(40_000))),
        ("QLT-01", None, None),
        ("QLT-02", None, (Decimal(100_000), Decimal(200_000))),
    ],
)
def test_a_fine_has_bounds(code: str, price: Decimal | None, bounds: tuple[Decimal, Decimal] | None) -> None:
    behaviour = shipped_book().behaviour(code, date(2026, 4, 29))
    assert isinstance(behaviour.fine, FineRange)
    assert behaviour.fine.bounds(price) == bounds
    assert "建设工程质量管理条例" in behaviour.fine.clause


def test_kinds_of_the_stories() -> None:
    day = date(2026, 4, 29)
    assert shipped_book().behaviour("PER-01", day).kinds[0] == "management"
    assert shipped_book().behaviour("QLT-01", day).kinds[0] == "administrative"
    assert "administrative" not in shipped_book().behaviour("PER-01", day).kinds


def test_points_are_the_same_in_both_credit_packs_but_not_as_sure() -> None:
    old, new = (shipped_packs()[key].rows(DecisionPoints) for key in ("water-credit-2019", "water-credit-2024"))
    assert [(row.code, row.points) for row in old] == [(row.code, row.points) for row in new]
    assert {row.status for row in old} == {"confirmed"}
    assert {row.status for row in new} == {"unconfirmed"}


# Broken packs


def rejected(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(PackRejected) as caught:
        read_pack(text.encode(), "broken.toml")
    return [(fault.line, fault.key, fault.reason) for fault in caught.value.faults]


def line_of(text: str, passage: str, after: str = "") -> int:
    """The line of the passage, the first after another one."""
    return text[: text.index(passage, text.index(after))].count("\n") + 1


PUBLISH = "[rules.publish]"


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("count = 7", 'count = "seven"', "rules.publish.count", faults.WRONG),
        ("count = 7", "count = 0", "rules.publish.count", faults.WRONG),
        ('unit = "working_days"', 'unit = "weeks"', "rules.publish.unit", faults.WRONG),
        ('status = "confirmed"', 'status = "sure"', "rules.publish.status", faults.WRONG),
        ('sentence = "', 'sentense = "', "rules.publish.sentense", faults.UNKNOWN),
        ("count = 7\n", "\n", "rules.publish.unit", faults.HALF_A_PERIOD),
        ('unit = "working_days"\n', "\n", "rules.publish.count", faults.HALF_A_PERIOD),
    ],
)
def test_a_broken_rule_names_line_and_reason(old: str, new: str, key: str, reason: str) -> None:
    whole = text_of("double-publicity-2018")
    at = whole.index(old, whole.index(PUBLISH))
    text = whole[:at] + new + whole[at + len(old) :]
    name = key.rpartition(".")[2]
    assert (line_of(text, f"{name} =", PUBLISH), key, reason) in rejected(text)


def test_what_is_missing_is_told_at_its_rule() -> None:
    whole = text_of("double-publicity-2018")
    clause = next(line for line in whole[whole.index(PUBLISH) :].splitlines() if line.startswith("clause"))
    text = whole.replace(clause + "\n", "", 1)
    assert rejected(text) == [(line_of(text, PUBLISH), "rules.publish.clause", faults.MISSING)]


def test_all_faults_are_told_together_in_order_of_lines() -> None:
    text = text_of("double-publicity-2018").replace("version = 1", "version = 0").replace("count = 20", "count = 2.5")
    found = rejected(text)
    assert [(key, reason) for _, key, reason in found] == [
        ("version", faults.WRONG),
        ("rules.other_information.count", faults.WRONG),
    ]
    assert found == sorted(found)


def test_a_row_is_told_by_its_number() -> None:
    text = text_of("measures").replace('until = "listed"', 'until = "forever"', 1)
    assert rejected(text) == [(line_of(text, 'until = "forever"'), "measures.3.until", faults.WRONG)]


def test_a_code_is_not_given_twice() -> None:
    text = text_of("measures").replace('"M-02"', '"M-01"', 1)
    second = text.index("[[measures]]", text.index("[[measures]]") + 1)
    assert rejected(text) == [(text[:second].count("\n") + 1, "measures.2", faults.REPEATED)]


def test_a_fine_is_not_backwards() -> None:
    text = text_of("behaviours").replace("min = 100000, max = 200000", "min = 300000, max = 200000", 1)
    assert [reason for _, _, reason in rejected(text)] == [faults.BACKWARDS]


def test_an_unknown_table_is_refused() -> None:
    text = text_of("measures") + '\n[[privileges]]\ncode = "X"\n'
    assert rejected(text) == [(line_of(text, "[[privileges]]"), "privileges", faults.UNKNOWN)]


def test_a_rule_without_a_value_is_refused() -> None:
    text = text_of("measures").replace("value = true\n", "", 1)
    assert rejected(text) == [(line_of(text, "[rules.basis_required]"), "rules.basis_required", faults.NO_VALUE)]


def test_it_ends_after_it_begins() -> None:
    text = text_of("repair-2023").replace("effective_until = 2026-03-31", "effective_until = 2022-03-31")
    assert rejected(text) == [(line_of(text, "effective_until ="), "effective_until", faults.BACKWARDS)]


def test_what_is_no_toml_names_the_line() -> None:
    text = text_of("measures").replace('family = "measures"', "family = measures")
    assert rejected(text) == [(line_of(text, "family ="), "", faults.NOT_TOML)]
    with pytest.raises(PackRejected, match=r"broken.toml:2: : .*UTF-8"):
        read_pack(b'key = "a"\n\xff', "broken.toml")


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("2026-02-14", "2026-02-13", "years.23.work", faults.NOT_A_WEEKEND),
        ("2026-06-19", "2025-06-19", "years.23.off.端午节", faults.OTHER_YEAR),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(old: str, new: str, key: str, reason: str) -> None:
    text = text_of("calendar-cn").replace(old, new)
    assert [(found, said) for _, found, said in rejected(text)] == [(key, reason)]


def test_every_year_of_the_calendar_has_holidays() -> None:
    years = shipped_packs()["calendar-cn"].rows(CalendarYear)
    assert [row.year for row in years] == list(range(2004, 2027))
    assert all("元旦" in row.off and "国庆节" in "、".join(row.off) for row in years)


def test_decisions_without_a_national_class_are_not_published() -> None:
    for key in ("repair-2019", "repair-2023", "repair-2026"):
        rows = shipped_packs()[key].rows(DecisionClass)
        assert not any(row.publish for row in rows if row.national_class == "none")
