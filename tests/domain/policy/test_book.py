"""The book: which pack and rule hold on a day, deadlines, classes and periods as in the acceptance stories."""

from datetime import date
from decimal import Decimal

import pytest

from domain.days.deadline import Stop
from domain.policy.book import (
    Book,
    NoBasisInForce,
    NoPackInForce,
    NoPeriod,
    NoSuchRule,
    UnknownCode,
)
from domain.policy.pack import Basis
from domain.policy.tables import ContractType, Recipient
from tests.domain.policy.books import changed, shipped_book, shipped_packs

STORY_3, STORY_7 = date(2026, 4, 29), date(2025, 12, 10)


@pytest.mark.parametrize(
    ("family", "on", "key"),
    [
        ("repair", date(2019, 7, 1), "repair-2019"),
        ("repair", date(2023, 4, 30), "repair-2019"),
        ("repair", date(2023, 5, 1), "repair-2023"),
        ("repair", date(2026, 3, 31), "repair-2023"),
        ("repair", date(2026, 4, 1), "repair-2026"),
        ("credit", date(2024, 10, 31), "water-credit-2019"),
        ("credit", date(2024, 11, 1), "water-credit-2024"),
        ("sme-payment", date(2025, 5, 31), "sme-payment-2020"),
        ("sme-payment", date(2025, 6, 1), "sme-payment-2025"),
        ("municipal-credit", date(2026, 4, 29), "municipal-credit"),
    ],
)
def test_the_pack_in_force_on_a_day(family: str, on: date, key: str) -> None:
    assert shipped_book().pack(family, on).key == key


def test_before_the_first_and_after_the_last_there_is_none() -> None:
    book = Book.of([(1, shipped_packs()["repair-2023"])])
    for day in (date(2023, 4, 30), date(2026, 4, 1)):
        with pytest.raises(NoPackInForce, match=f"repair is in force on {day}"):
            book.pack("repair", day)
        assert book.rule_if_any("repair.accept", day) is None
    with pytest.raises(NoPackInForce, match="horses"):
        book.pack("horses", STORY_3)


def test_a_newer_version_holds_from_its_own_day() -> None:
    newer = changed(
        "office-defaults",
        ("version = 1", "version = 2"),
        ("effective_from = 2000-01-01", "effective_from = 2026-05-01"),
        ("[rules.notice]\ncount = 5", "[rules.notice]\ncount = 3"),
    )
    book = shipped_book().with_pack(90, newer)
    assert [book.rule("office.notice", day).count for day in (date(2026, 4, 30), date(2026, 5, 1))] == [5, 3]
    assert book.known_at(89).rule("office.notice", date(2026, 5, 1)).count == 5


def test_a_newer_version_may_end_an_instrument_earlier() -> None:
    newer = changed("repair-2023", ("version = 1", "version = 2"), ("effective_until = 2026-03-31", "effective_until = 2024-12-31"))
    book = Book.of([(1, shipped_packs()["repair-2023"]), (2, newer)])
    assert book.pack("repair", date(2024, 12, 31)).version == 2
    with pytest.raises(NoPackInForce):
        book.pack("repair", date(2025, 1, 1))


def test_of_two_instruments_that_overlap_the_later_one_holds() -> None:
    endless = changed("repair-2023", ("effective_until = 2026-03-31\n", ""))
    for packs in ([endless, shipped_packs()["repair-2026"]], [shipped_packs()["repair-2026"], endless]):
        book = Book.of(enumerate(packs, 1))
        assert book.pack("repair", date(2026, 3, 31)).key == "repair-2023"
        assert book.pack("repair", date(2026, 4, 1)).key == "repair-2026"


def test_what_was_not_yet_adopted_is_not_known() -> None:
    book = Book.of([(5, shipped_packs()["repair-2023"]), (9, shipped_packs()["repair-2026"])])
    assert book.known_at(9) is book
    assert book.known_at(8) is book.known_at(5)
    assert [position for position, _ in book.known_at(8).packs] == [5]
    with pytest.raises(NoPackInForce):
        book.known_at(8).pack("repair", STORY_3)
    with pytest.raises(NoSuchRule):
        book.known_at(4).rule("repair.accept", STORY_7)


def test_a_rule_says_on_what_it_rests() -> None:
    rule = shipped_book().rule("publicity.publish", STORY_3)
    assert rule.basis == Basis("double-publicity-2018", 1, "publish", rule.clause, "confirmed")
    assert (rule.get("count"), rule.get("unit"), rule.get("list")) == (7, "working_days", None)
    assert shipped_book().rule("referral.answer", STORY_3).basis.pack == "sme-payment-2025"
    with pytest.raises(NoSuchRule, match=r"repair\.bribe"):
        shipped_book().rule("repair.bribe", STORY_3)


def test_two_families_may_not_share_a_rule() -> None:
    twin = changed("municipal-credit", ('family = "municipal-credit"', 'family = "municipal-credit"\nprefix = "publicity"'))
    with pytest.raises(ValueError, match=r"publicity\.publish stands in publicity and in municipal-credit"):
        shipped_book().with_pack(50, twin)


# Deadlines


@pytest.mark.parametrize(
    ("name", "start", "on"),
    [
        ("office.statement_window", date(2026, 2, 9), date(2026, 2, 14)),  # story 2
        ("publicity.publish", STORY_3, date(2026, 5, 12)),  # story 3
        ("penalty.serve", STORY_3, date(2026, 5, 12)),
        ("publicity.withdraw", date(2026, 5, 20), date(2026, 5, 25)),  # story 5
        ("sme.default_days", date(2026, 4, 20), date(2026, 5, 20)),  # story 6
        ("publicity.publish", date(2026, 9, 24), date(2026, 10, 12)),  # story 9
        ("publicity.publish", date(2026, 2, 9), date(2026, 2, 25)),
        ("penalty.limitation", date(2024, 2, 29), date(2026, 2, 28)),
    ],
)
def test_deadlines_of_the_stories(name: str, start: date, on: date) -> None:
    for with_days in (True, False):
        receipt, basis = shipped_book().deadline(name, start, with_days=with_days)
        assert (receipt.on, receipt.provisional) == (on, False)
        assert bool(receipt.days) is (with_days and receipt.unit != "years")
        assert name.endswith(f".{basis.rule}")


def test_a_supplement_stops_the_clock_of_story_3() -> None:
    stops = [Stop(date(2026, 7, 30), date(2026, 8, 3), "supplement")]
    accept, basis = shipped_book().deadline("repair.accept", date(2026, 7, 29), stops=stops)
    total, _ = shipped_book().deadline("repair.decide", date(2026, 8, 5))
    assert (accept.on, total.on, basis.status) == (date(2026, 8, 5), date(2026, 8, 14), "unconfirmed")
    assert shipped_book().deadline("repair.accept", date(2026, 7, 29))[0].on == date(2026, 8, 3)


def test_the_law_of_another_day_can_be_asked_for() -> None:
    start = date(2026, 3, 31)
    assert shipped_book().deadline("repair.accept", start)[1].pack == "repair-2023"
    assert shipped_book().deadline("repair.accept", start, on=date(2026, 4, 1))[1].pack == "repair-2026"
    assert shipped_book().deadline("repair.accept", start, on=date(2026, 4, 1), with_days=False)[1].pack == "repair-2026"


def test_a_rule_without_a_period_has_no_deadline() -> None:
    with pytest.raises(NoPeriod, match=r"repair\.materials"):
        shipped_book().deadline("repair.materials", STORY_3)


def test_an_agreed_period_is_counted_by_the_same_rules() -> None:
    assert shipped_book().period(date(2026, 4, 2), 2, "calendar_days").on == date(2026, 4, 7)  # rolls over 清明节
    assert shipped_book().period(date(2026, 4, 2), 2, "calendar_days", roll=False).on == date(2026, 4, 4)


def test_a_period_that_ends_on_a_saturday_follows_the_switch() -> None:
    friday, sunday_of_holiday = date(2026, 7, 17), date(2026, 10, 3)
    switched = changed(
        "calendar-cn",
        ("version = 1", "version = 2"),
        ("[rules.roll_over_weekends]\nvalue = true", "[rules.roll_over_weekends]\nvalue = false"),
    )
    book = shipped_book().with_pack(77, switched)
    assert shipped_book().period(friday, 1, "calendar_days").on == date(2026, 7, 20)
    assert book.period(friday, 1, "calendar_days").on == date(2026, 7, 18)
    assert book.period(sunday_of_holiday, 1, "calendar_days").on == date(2026, 10, 8)


# Calendars


def test_a_year_that_is_not_out_is_provisional_until_it_is() -> None:
    start = date(2026, 12, 29)
    receipt, _ = shipped_book().deadline("publicity.publish", start)
    assert (receipt.on, receipt.provisional) == (date(2027, 1, 8), True)
    book = shipped_book().with_year(200, 2027, {date(2027, 1, 1): "元旦", date(2026, 12, 31): "元旦"}, [date(2027, 1, 9)], "国办发明电")
    receipt, _ = book.deadline("publicity.publish", start)
    assert (receipt.on, receipt.provisional) == (date(2027, 1, 9), False)
    assert book.known_at(199).deadline("publicity.publish", start)[0].provisional
    assert book.known_at(200) is book


def test_a_year_published_again_replaces_the_first() -> None:
    book = shipped_book().with_year(200, 2027, [date(2027, 1, 4)], [], "first")
    again = book.with_year(201, 2027, [date(2027, 1, 5)], [date(2027, 1, 9)], "second")
    assert [again.calendar().is_working(date(2027, 1, day)) for day in (4, 5, 9)] == [True, False, True]
    assert [book.calendar().is_working(date(2027, 1, day)) for day in (4, 5, 9)] == [False, True, False]
    assert again.calendar() is again.calendar(date(2026, 1, 1))


def test_a_year_after_a_gap_settles_nothing() -> None:
    book = shipped_book().with_year(200, 2028, [date(2028, 1, 3)], [], "early")
    assert book.calendar().last_year == 2026
    assert not book.calendar().is_settled(date(2028, 1, 4))


# Decisions


def test_story_3_class_and_periods() -> None:
    book = shipped_book()
    found = book.classification(["fine_larger"], STORY_3)
    assert (found.national_class, found.industry_class, found.points) == ("ordinary", "ordinary", Decimal("3.0"))
    assert str(found.points) == "3.0"
    assert book.repairable_from(STORY_3, found) == date(2026, 7, 29)
    assert book.last_day(STORY_3, found) == date(2027, 4, 29)
    assert [basis.pack for basis in found.basis] == ["repair-2026"] * 2 + ["water-credit-2024"] * 2


def test_story_7_across_the_change_of_law() -> None:
    book = shipped_book()
    found = book.classification(["fine_larger"], STORY_7)
    assert book.repairable_from(STORY_7, found) == date(2026, 3, 10)
    assert book.last_day(STORY_7, found) == date(2028, 12, 10)
    assert found.basis[0].pack == "repair-2023"


def test_story_7_with_the_switch() -> None:
    switch = "[rules.old-decisions-new-periods]\nvalue = "
    newer = changed("repair-2026", ("version = 1", "version = 2"), (f"{switch}false", f"{switch}true"))
    book = shipped_book().with_pack(300, newer)
    found = book.classification(["fine_larger"], STORY_7)
    assert (found.national_class, found.basis[0].version) == ("ordinary", 2)
    assert book.last_day(STORY_7, found) == date(2026, 12, 10)
    before = book.classification(["fine_larger"], STORY_7, on=date(2026, 3, 31))
    assert book.last_day(STORY_7, before) == date(2028, 12, 10)
    assert book.known_at(299).classification(["fine_larger"], STORY_7).max_months == 36


def test_the_earliest_day_follows_the_switch() -> None:
    newer = changed("repair-2026", ("version = 1", "version = 2"), ('value = "corresponding_day"', 'value = "day_after"'))
    book = shipped_book().with_pack(300, newer)
    assert book.repairable_from(STORY_3, book.classification(["fine_larger"], STORY_3)) == date(2026, 7, 30)
    assert book.repairable_from(STORY_3, book.classification(["warning"], STORY_3)) == STORY_3


def test_of_several_types_the_longest_period_and_the_heaviest_points_once() -> None:
    found = shipped_book().classification(["downgrade", "fine_huge", "order_to_correct"], STORY_3)
    assert (found.national_class, found.industry_class) == ("serious", "serious")
    assert (found.points, found.min_months, found.max_months) == (Decimal(8), 12, 36)
    assert found == shipped_book().classification(["order_to_correct", "fine_huge", "downgrade"], STORY_3)
    with pytest.raises(ValueError, match="at least one type"):
        shipped_book().classification([], STORY_3)


@pytest.mark.parametrize("code", ["order_to_correct", "admonition_talk", "stop_work_order"])
def test_management_has_points_but_no_national_class_and_no_publicity(code: str) -> None:
    found = shipped_book().classification([code], STORY_3)
    assert (found.national_class, found.publish, found.max_months) == ("none", False, 0)
    assert found.points > 0


def test_before_any_credit_pack_there_are_no_points() -> None:
    found = shipped_book().classification(["fine_larger"], date(2019, 8, 1))
    assert (found.points, found.industry_class, found.max_months) == (Decimal(0), None, 12)


def test_a_type_of_decision_has_its_procedure() -> None:
    book = shipped_book()
    fine, small, talk = (book.decision_type(code, STORY_3) for code in ("fine_larger", "fine_small", "admonition_talk"))
    assert (fine.kind, fine.hearing, fine.legal_review, fine.collective) == ("administrative", True, True, False)
    assert (small.hearing, small.legal_review) == (False, False)
    assert (talk.kind, talk.hearing, talk.points_code) == ("management", False, "P02")
    assert fine.basis[-2].rule == "hearing_for"
    with pytest.raises(UnknownCode, match="decision_types exile"):
        book.decision_type("exile", STORY_3)


@pytest.mark.parametrize(
    ("code", "on", "status"),
    [
        ("M-02", STORY_3, "confirmed"),
        ("M-04", date(2024, 10, 31), "confirmed"),
        ("M-04", date(2024, 11, 1), "unconfirmed"),
        ("M-03", STORY_3, "unconfirmed"),
    ],
)
def test_a_measure_rests_on_what_is_in_force_that_day(code: str, on: date, status: str) -> None:
    basis = shipped_book().measure_basis(code, on)
    assert (basis.rule, basis.status) == (f"measures.{code}", status)


def test_a_measure_without_a_basis_is_refused() -> None:
    with pytest.raises(NoBasisInForce, match="M-04 has no basis in force on 2019-11-19"):
        shipped_book().measure_basis("M-04", date(2019, 11, 19))
    with pytest.raises(UnknownCode):
        shipped_book().measure_basis("M-99", STORY_3)


def test_tables_are_read_as_of_a_day() -> None:
    book = shipped_book()
    assert book.row(ContractType, "CG", STORY_3).procurement
    assert not book.row(ContractType, "SG", STORY_3).procurement
    recipients = book.rows(Recipient, STORY_3)
    assert len(recipients) == 3
    assert book.row_basis(recipients[0], STORY_3) == Basis("repair-2026", 1, "recipients.credit-china", recipients[0].clause, "unconfirmed")
