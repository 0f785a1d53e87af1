"""By when a loop is due: its deadline receipt, told again from what is kept of it, by the book that it was counted by."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec.structs import replace

from domain.days.deadline import Receipt, Stop, deadline
from domain.loops.shape import AGREED, AGREED_DAY, OF_CONTRACT, PROMISED, SET, Open
from domain.rules import Basis

if TYPE_CHECKING:
    from domain.policy.book import Book


def receipt_of(one: Open, book: Book, with_days: bool = True, today: date | None = None) -> tuple[Receipt | None, Basis | None]:
    """The deadline of a loop, day by day, and on what it rests. (None, None) when nothing sets one."""
    if one.start is None:
        return None, None
    book = book.known_at(one.counted) if one.counted else book
    if one.rule is None:
        return _agreed(one, book, with_days)
    if one.kind == "disclosure":
        return _day_of_year(one, one.rule, book)
    if one.kind == "payment":
        return _payment_receipt(one, book, with_days)
    return _by_rule(one, one.rule, book, with_days, today)


def _day_of_year(one: Open, rule: str, book: Book) -> tuple[Receipt | None, Basis | None]:
    """A rule that names a day of the year, MM-DD: in the year in which the loop begins."""
    start = one.start or date.min
    found = book.rule_if_any(rule, start)
    if found is None:
        return None, None
    on = date.fromisoformat(f"{start.year}-{found.value}")
    return deadline(on, 0, "date", book.calendar(on)), found.basis


def _by_rule(one: Open, rule: str, book: Book, with_days: bool, today: date | None) -> tuple[Receipt, Basis]:
    """By the rule of the day that counts for it, or by the rule for the whole, whichever ends first."""
    stops, start = tuple(_stop(*each) for each in one.stops), one.start or date.min
    day = one.total_from or start
    receipt, basis = book.deadline(rule, start, on=day, stops=stops, today=today, with_days=with_days)
    if one.total is not None and one.total_from is not None:
        whole, whole_basis = book.deadline(one.total, one.total_from, on=day, stops=stops, today=today, with_days=with_days)
        if whole.on < receipt.on:
            return whole, whole_basis
    return receipt, basis


def _stop(after: str | None, through: str | None, why: str | None, _: str | None = None) -> Stop:
    return Stop(date.fromisoformat(str(after)), date.fromisoformat(through) if through else None, str(why))


def _agreed(one: Open, book: Book, with_days: bool) -> tuple[Receipt | None, Basis | None]:
    """Without a rule: the term or the day that was agreed, or that an order or decision names."""
    start = one.start or date.min
    counted = one.kind == "payment" and one.due_on is None and one.length is not None
    if counted or one.unit == "calendar_days":
        return _agreed_days(start, one.length or 0, book, with_days), AGREED
    if one.due_on is None:
        return None, None
    return deadline(one.due_on, 0, "date", book.calendar(one.due_on)), _named_by(one)


def _agreed_days(start: date, count: int, book: Book, with_days: bool) -> Receipt:
    return deadline(start, count, "calendar_days", book.calendar(start)) if with_days else book.days(start, count)


def _named_by(one: Open) -> Basis:
    """What names a day that no rule gives."""
    if one.kind == "commitment":
        return PROMISED
    return AGREED if one.stage in OF_CONTRACT else SET


def _payment_receipt(one: Open, book: Book, with_days: bool) -> tuple[Receipt | None, Basis | None]:
    """The agreed term or day, capped for a small firm; the rule's own where none was agreed. Before any such law: what was agreed."""
    start = one.start or date.min
    day = one.total_from if one.total == AGREED_DAY else None
    rule = book.rule_if_any(str(one.rule), start)
    if rule is None:
        if day is None and one.length is None:
            return None, None
        return _agreed(replace(one, due_on=day), book, with_days)
    longest = int(rule.count or 0)
    agreed = one.length if one.rule == "sme.max_days" and one.length is not None and one.length <= longest else None
    count = agreed if agreed is not None else longest
    receipt = _agreed_days(start, count, book, with_days)
    if day is not None and day <= receipt.on:
        return deadline(day, 0, "date", book.calendar(day)), AGREED
    return receipt, AGREED if agreed is not None else rule.basis
