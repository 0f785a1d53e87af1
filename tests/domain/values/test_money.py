"""Money: exact to the fen, one currency at a time, never below nothing unless asked."""

from decimal import Decimal
from operator import add, ge, gt, le, lt, sub
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.values.fault import Malformed
from domain.values.money import CurrenciesDiffer, Money, SignedMoney, parse_money, parse_signed_money

amounts = st.decimals(min_value=0, max_value=10**14, places=2)


def yuan(amount: str) -> Money:
    return Money(Decimal(amount), "CNY")


def test_the_shape_of_the_api() -> None:
    wire = b'{"amount":"1000000.00","currency":"CNY"}'
    assert msgspec.json.encode(yuan("1000000")) == wire
    assert msgspec.json.decode(wire, type=Money) == yuan("1000000.00")
    assert msgspec.json.encode(yuan("1E+6")) == wire


def test_it_is_flat_frozen_and_a_key() -> None:
    with pytest.raises(AttributeError):
        yuan("1").amount = Decimal(2)  # type: ignore[misc]
    assert len({yuan("1"), yuan("1.0"), yuan("1.00")}) == 1


@pytest.mark.parametrize("amount", ["0.1", "0.10", "0.100", "0.1000000"])
def test_an_amount_has_the_minor_units_of_its_currency(amount: str) -> None:
    assert str(yuan(amount).amount) == "0.10"


def test_other_currencies_keep_their_places() -> None:
    assert str(Money(Decimal("1500.125"), "KWD").amount) == "1500.125"
    assert str(Money(Decimal("1E+3"), "JPY").amount) == "1000"


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        ("0.001", "CNY", "money_too_fine"),
        ("-0.01", "CNY", "money_negative"),
        ("-5", "USD", "money_negative"),
        ("NaN", "CNY", "money_form"),
        ("Infinity", "USD", "money_form"),
        ("1E+1000000", "USD", "money_form"),
        ("1E-1000000", "USD", "money_form"),
        ("0E+1000000", "USD", "money_form"),
        ("1", "cny", "money_currency"),
        ("1", "", "money_currency"),
    ],
)
def test_what_is_no_amount_is_refused(amount: str, currency: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        Money(Decimal(amount), currency)
    assert refused.value.fault.code == code
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"amount": amount, "currency": currency}, Money)


def test_less_than_nothing_only_where_asked() -> None:
    with pytest.raises(Malformed, match="不能为负"):
        yuan("1") - yuan("1.01")
    assert yuan("1").difference(yuan("1.01")) == SignedMoney(Decimal("-0.01"), "CNY")
    assert msgspec.json.decode(b'{"amount":"-5.00","currency":"CNY"}', type=SignedMoney).amount == -5


@pytest.mark.parametrize("act", [add, sub, lt, le, gt, ge])
def test_two_currencies_never_meet(act: Any) -> None:
    with pytest.raises(CurrenciesDiffer, match=r"CNY.*USD"):
        act(yuan("1"), Money(Decimal(1), "USD"))
    assert yuan("1") != Money(Decimal(1), "USD")


@pytest.mark.parametrize(
    ("amount", "rate", "share"),
    [
        ("1000000.00", "0.05", "500.00"),  # story 6: a day's interest
        ("1000000.00", "0.55", "5500.00"),  # eleven days of it
        ("0.10", "5", "0.01"),  # half a fen goes up
        ("0.30", "5", "0.02"),
        ("0.10", "4.9", "0.00"),
        ("333.33", "100", "333.33"),
    ],
)
def test_percent_rounds_halves_up(amount: str, rate: str, share: str) -> None:
    assert yuan(amount).percent(Decimal(rate)) == yuan(share)


def test_a_computed_amount_is_rounded_by_name() -> None:
    assert Money.rounded(Decimal("1.005"), "CNY") == yuan("1.01")
    assert SignedMoney.rounded(Decimal("-1.005"), "CNY").amount == Decimal("-1.01")
    assert sum([yuan("1"), yuan("2")], Money.nothing()) == yuan("3")


@given(amounts, amounts)
def test_sums_and_orders_are_those_of_the_amounts(one: Decimal, other: Decimal) -> None:
    a, b = Money(one, "CNY"), Money(other, "CNY")
    assert (a + b).amount == one + other
    assert (a + b) - b == a
    assert a.difference(b).amount == one - other
    assert (a < b, a <= b, a > b, a >= b) == (one < other, one <= other, one > other, one >= other)


@given(amounts)
def test_what_is_written_is_read_again(amount: Decimal) -> None:
    money = Money(amount, "CNY")
    assert msgspec.json.decode(msgspec.json.encode(money), type=Money) == money
    assert parse_money(f"{amount:,}") == parse_money(f"¥{amount}") == parse_money(f"{amount}元") == money


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("1234567.89", "元", "1234567.89"),
        ("1,234,567.89", "元", "1234567.89"),
        ("１，２３４，５６７．８９", "元", "1234567.89"),
        ("1 234 567", "元", "1234567.00"),
        (" ¥ 100 ", "元", "100.00"),
        ("￥100", "元", "100.00"),
        ("人民币100元整", "元", "100.00"),
        ("RMB 100", "元", "100.00"),
        ("123.456789", "万元", "1234567.89"),
        ("120", "万元", "1200000.00"),
        ("120万元", "元", "1200000.00"),
        ("120 万", "元", "1200000.00"),
        ("1.5亿元", "元", "150000000.00"),
        ("120元", "万元", "120.00"),
        (".5", "元", "0.50"),
        ("0", "元", "0.00"),
    ],
)
def test_amounts_as_people_write_them(text: str, unit: Any, amount: str) -> None:
    assert str(parse_money(text, unit).amount) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money_missing"),
        ("\u3000", "money_missing"),
        ("abc", "money_form"),
        ("1,2345", "money_form"),
        ("1,23", "money_form"),
        ("1,234 567", "money_form"),
        ("1.2.3", "money_form"),
        ("1e5", "money_form"),
        ("壹佰万元整", "money_form"),
        ("9" * 30, "money_form"),
        ("0.001", "money_too_fine"),
        ("-5", "money_negative"),
    ],
)
def test_what_cannot_be_read_is_refused(text: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse_money(text)
    assert refused.value.fault.code == code


@pytest.mark.parametrize("text", ["-5", "\u22125.00", "-¥5", "－５元"])
def test_a_negative_amount_is_read_where_asked(text: str) -> None:
    assert parse_signed_money(text) == SignedMoney(Decimal(-5), "CNY")
