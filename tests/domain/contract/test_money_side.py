"""What an authority owes and by when, and what lateness costs: against an account that is kept day by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.contract.events import ContractAmended, ContractSigned, LateRateAgreed, ObligationFulfilled, PaymentMade
from domain.contract.interest import cents, day_by_day, stretches
from domain.events import Event, Told
from domain.terms import Authority, Contractor, Obligation, PaymentTerm
from domain.values.money import Money
from projections.cards.contract import contract_card
from tests.domain.policy.books import shipped_book

BOOK, STREAM, DAY = shipped_book(), UUID(int=1), timedelta(days=1)
SIGNED = date(2025, 7, 1)
SMALL, SIZES = ("medium", "small", "micro"), ("large", "medium", "small", "micro", None)
DAYS = st.dates(date(2025, 7, 1), date(2026, 11, 30))
AMOUNTS = st.integers(1, 50_000_000).map(lambda fen: Decimal(fen) / 100)


def card(on: date, *events: Event) -> Any:
    told = [Told(STREAM, n, one, 0) for n, one in enumerate(events, 1) if one.day <= on]
    return contract_card(told, BOOK, on, len(told), 0)


def signed(terms: list[PaymentTerm], obligations: list[Obligation], size: str | None = "small", **more: Any) -> ContractSigned:
    firm = Contractor("CN-USCC", "91440800MA4X00000Y", "试例水利", size, True)
    given: dict[str, Any] = {
        "by": "system", "number": "1", "name": "渠道", "type": "SG", "region": "440823", "signed_on": SIGNED, "holds_from": SIGNED, "starts_on": None,
        "ends_on": None, "authority": Authority("CN-USCC", "11440823000000000T", "遂溪县水务局"), "contractors": [firm], "value": None,
        "obligations": obligations, "payments": terms, "security": None, "retention_percent": Decimal(0)}  # fmt: skip
    return ContractSigned(**{**given, **more})


def fulfilled(on: date, ref: str = "M1") -> ObligationFulfilled:
    return ObligationFulfilled(by="system", ref=ref, fulfilled_on=on, evidence=[])


def paid(on: date, amount: Decimal, currency: str = "CNY") -> PaymentMade:
    return PaymentMade(by="system", ref="P1", paid_on=on, value=Money(amount, currency))


def rolled(on: date) -> date:
    """The last day of a period moves on to the next working day."""
    while not BOOK.calendar(on).is_working(on):
        on += DAY
    return on


def test_story_6() -> None:
    """CNY 1,000,000.00 accepted on 2026-04-20, no other term or rate agreed."""
    term, accepted = PaymentTerm("P1", Money(Decimal(1_000_000), "CNY"), "M1"), fulfilled(date(2026, 4, 20))
    terms = signed([term], [Obligation("M1", "contractor", "验收")])
    (on_the_day,) = card(date(2026, 5, 20), terms, accepted)["payments"]
    assert (on_the_day["due"]["on"], on_the_day["state"], on_the_day["interest"]) == ("2026-05-20", "due", None)
    assert on_the_day["due"]["basis"]["clause"] == "《保障中小企业款项支付条例》（国务院令第802号）第九条"
    (first,) = card(date(2026, 5, 21), terms, accepted)["payments"]
    assert (first["state"], first["interest"]["amount"], first["interest"]["daily"]) == ("overdue", "500.00", "500.00")
    assert first["interest"]["basis"]["clause"] == "《保障中小企业款项支付条例》（国务院令第802号）第十七条"
    (later,) = card(date(2026, 5, 31), terms, accepted)["payments"]
    assert later["interest"]["amount"] == "5500.00"
    assert later["interest"]["stretches"] == [
        {"from": "2026-05-21", "through": "2026-05-31", "days": 11, "unpaid": "1000000.00", "daily": "500.00", "interest": "5500.00"}]  # fmt: skip


@given(size=st.sampled_from(SIZES), currency=st.sampled_from(("CNY", "CNY", "USD")), term=st.none() | st.integers(1, 120), on=DAYS)
def test_by_when_it_is_due(size: str | None, currency: str, term: int | None, on: date) -> None:
    """The agreed term; for a small firm and CNY never above sixty days, thirty where none was agreed."""
    terms = signed([PaymentTerm("P1", Money(Decimal(100), currency), "M1", term)], [Obligation("M1", "contractor", "验收")], size)
    (row,) = card(on, terms, fulfilled(on))["payments"]
    capped = size in SMALL and currency == "CNY"
    days = (30 if term is None else min(term, 60)) if capped else term
    assert (row["due"] and row["due"]["on"]) == (None if days is None else rolled(on + days * DAY).isoformat())
    if capped:
        assert row["due"]["basis"]["pack"] == ("contract" if term is not None and term <= 60 else "sme-payment-2025")


@given(size=st.sampled_from(SIZES), agreed=DAYS, on=DAYS)
def test_an_agreed_day_does_not_outrun_the_ceiling(size: str | None, agreed: date, on: date) -> None:
    terms = signed([PaymentTerm("P1", Money(Decimal(100), "CNY"), "M1", None, agreed)], [Obligation("M1", "contractor", "验收")], size)
    (row,) = card(on, terms, fulfilled(on))["payments"]
    assert row["due"]["on"] == (min(agreed, rolled(on + 60 * DAY)) if size in SMALL else agreed).isoformat()


@given(owed_by=st.sampled_from(("authority", "contractor")), size=st.sampled_from(SIZES), due=DAYS, on=DAYS)
def test_a_late_acceptance_counts_from_the_day_it_was_due(owed_by: str, size: str | None, due: date, on: date) -> None:
    """A contractor's own lateness moves nothing forward."""
    terms = signed([PaymentTerm("P1", Money(Decimal(100), "CNY"), "M1", 30)], [Obligation("M1", owed_by, "验收", due)], size)
    (row,) = card(on, terms, fulfilled(on))["payments"]
    start = min(due, on) if owed_by == "authority" and size in SMALL else on
    assert (row["due"]["from"], row["due"]["on"]) == (start.isoformat(), rolled(start + 30 * DAY).isoformat())


@given(size=st.sampled_from(SIZES), currency=st.sampled_from(("CNY", "CNY", "CNY", "USD")), value=AMOUNTS,
       made=st.lists(st.tuples(DAYS, AMOUNTS), max_size=5), on=DAYS)  # fmt: skip
def test_interest_is_what_an_account_kept_day_by_day_says(size: str | None, currency: str, value: Decimal, made: list[tuple[date, Decimal]], on: date) -> None:
    """Small firms and CNY alone; on what is unpaid at the end of each day from the day after the due day."""
    accepted = date(2026, 1, 15)
    terms = signed([PaymentTerm("P1", Money(value, currency), "M1")], [Obligation("M1", "contractor", "验收")], size)
    events = sorted([fulfilled(accepted), *(paid(day, amount, currency) for day, amount in made)], key=lambda one: one.day)
    (row,) = card(on, terms, *events)["payments"]
    total, day = Decimal(0), rolled(accepted + 30 * DAY) + DAY
    while day <= on:
        unpaid = value - sum(amount for when, amount in made if when <= day)
        total += max(unpaid, Decimal(0)) * Decimal("0.0005")
        day += DAY
    owed = size in SMALL and currency == "CNY" and on >= accepted and total > 0
    assert (row["interest"] and row["interest"]["amount"]) == (str(total.quantize(Decimal("0.01"), ROUND_HALF_UP)) if owed else None)
    if owed:
        assert sum(one["days"] for one in row["interest"]["stretches"]) == sum(
            value > sum(amount for when, amount in made if when <= each) for each in _days(rolled(accepted + 30 * DAY), on))  # fmt: skip


def _days(after: date, through: date) -> list[date]:
    return [after + n * DAY for n in range(1, (through - after).days + 1)]


@given(value=AMOUNTS, made=st.lists(st.tuples(DAYS, AMOUNTS), max_size=4), last=DAYS, on=DAYS)
def test_the_receipt_adds_up(value: Decimal, made: list[tuple[date, Decimal]], last: date, on: date) -> None:
    found = stretches(value, made, last, on, Decimal("0.05"))
    days = list(day_by_day(found))
    assert len({day for day, *_ in days}) == len(days), "no day twice"
    assert all(last < day <= on and unpaid > 0 for day, unpaid, _, _ in days)
    total = sum((one.interest for one in found), Decimal(0))
    assert cents(days[-1][3] if days else Decimal(0)) == cents(total)


@given(before=st.booleans(), amended=st.booleans())
def test_what_is_paid_in_full_owes_nothing_whatever_comes_first(before: bool, amended: bool) -> None:
    """Paid in advance, the later acceptance opens no payment."""
    term = PaymentTerm("P1", Money(Decimal(100), "CNY"), "M1", 30)
    acts: list[Event] = [paid(date(2026, 1, 5), Decimal(100)), fulfilled(date(2026, 1, 9))]
    acts = acts if before else [fulfilled(date(2026, 1, 2)), acts[0]]
    if amended:
        acts.append(ContractAmended(by="system", number=None, amended_on=date(2026, 1, 10), rationale="x", value=None, ends_on=None,
                                    obligations=[], payments=[term]))  # fmt: skip
    told = card(date(2026, 6, 30), signed([term], [Obligation("M1", "contractor", "验收")]), *acts)
    assert [one["kind"] for one in told["loops"]] == []
    assert (told["payments"][0]["state"], told["payments"][0]["interest"]) == ("paid", None)


def agreed(on: date, percent: str, per: str = "day") -> LateRateAgreed:
    return LateRateAgreed(by="system", percent=Decimal(percent), per=per, lpr=Decimal(3), agreed_on=on)


def test_an_agreed_rate_counts_for_what_falls_due_from_then_on() -> None:
    """CNY 1,000,000.00 due on 2026-05-20: agreed by the day, by the year (over 365 days), before and after that day."""
    terms = signed([PaymentTerm("P1", Money(Decimal(1_000_000), "CNY"), "M1", 30)], [Obligation("M1", "contractor", "验收")])
    accepted, on = fulfilled(date(2026, 4, 20)), date(2026, 5, 31)

    def interest(*rates: Event, size: str = "small") -> Any:
        (row,) = card(on, terms if size == "small" else signed(terms.payments, terms.obligations, size), *rates, accepted)["payments"]
        return row["interest"]

    daily = interest(agreed(SIGNED, "0.03"))
    assert (daily["amount"], daily["daily"], daily["basis"]["pack"], daily["agreed"]) == (
        "3300.00", "300.00", "contract", {"percent": "0.03", "per": "day", "basis": None})  # fmt: skip
    yearly = interest(agreed(SIGNED, "7.3", "year"))
    assert (yearly["amount"], yearly["agreed"]["basis"]["rule"], yearly["agreed"]["basis"]["status"]) == ("2200.00", "days_of_year", "unconfirmed")
    assert interest(agreed(SIGNED, "4", "year"))["amount"] == "1205.48", "1,000,000 x 4% x 11 / 365, not rounded by the day"
    assert interest(agreed(SIGNED, "0.03"), agreed(date(2026, 5, 20), "0.04"))["amount"] == "4400.00"
    assert interest(agreed(SIGNED, "0.03"), agreed(date(2026, 5, 21), "0.04"))["amount"] == "3300.00", "agreed when it was late already"
    assert interest(agreed(date(2026, 5, 21), "0.04"))["basis"]["rule"] == "daily_interest"
    assert interest(agreed(SIGNED, "0.02"), size="large")["amount"] == "2200.00", "the law sets none for a large firm, an agreement does"
    assert interest(size="large") is None


def test_before_any_such_law_nothing_runs() -> None:
    """A contract of 2019: no ceiling, no default interest, and its page can still be read."""
    term, old = PaymentTerm("P1", Money(Decimal(100), "CNY"), "M1", 90), date(2019, 1, 2)
    terms = signed([term], [Obligation("M1", "contractor", "验收")], holds_from=old, signed_on=old)
    (row,) = card(date(2020, 6, 30), terms, fulfilled(date(2019, 2, 1)))["payments"]
    assert (row["due"]["on"], row["state"], row["interest"]) == ("2019-05-05", "overdue", None), "rolled over the May holiday"
