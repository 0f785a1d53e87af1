"""An amount in a currency, exact to the minor unit; amounts of two currencies never meet."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact
from typing import Literal, Self

import msgspec

from domain.values.fault import Fault, Malformed

MINOR_UNITS = {"CNY": 2}
_PLAIN_UNITS = 2
_LONGEST_WHOLE, _LONGEST_FRACTION = 18, 18
# Wide enough that no sum or product of two amounts is ever rounded by the context itself.
_EXACT = Context(prec=100, traps=[Inexact])
_ROUNDING = Context(prec=100, rounding=ROUND_HALF_UP)
_CURRENCY = re.compile(r"[A-Z]{3}")


class CurrenciesDiffer(ValueError):
    """Amounts of two currencies were added, subtracted or compared."""

    def __init__(self, one: str, other: str) -> None:
        sentence = "币种不同（{one} 与 {other}），不能相加减或比较"
        self.fault = Fault("currencies_differ", sentence, {"one": one, "other": other})
        super().__init__(str(self.fault))


class Money(msgspec.Struct, frozen=True):
    """`{"amount":"1000000.00","currency":"CNY"}`, never below nothing. Raises Malformed (money_*)."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        _check_currency(self.currency)
        if (exact := _exact(self.amount, self.currency)) is not self.amount:
            msgspec.structs.force_setattr(self, "amount", exact)
        if exact < 0 and not isinstance(self, SignedMoney):
            raise Malformed(Fault("money_negative", "金额不能为负，您填的是 {given}", {"given": str(exact)}))

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Self:
        """A computed amount, to the minor unit, halves away from nothing."""
        units = MINOR_UNITS.get(currency, _PLAIN_UNITS)
        _check_size(amount)
        return cls(amount.quantize(Decimal(1).scaleb(-units), context=_ROUNDING), currency)

    @classmethod
    def nothing(cls, currency: str = "CNY") -> Self:
        """Zero, to start a sum from."""
        return cls(Decimal(0), currency)

    def percent(self, rate: Decimal | int) -> Self:
        """So many percent of it, to the minor unit, halves away from nothing."""
        share = _ROUNDING.multiply(self.amount, Decimal(rate)).scaleb(-2, context=_ROUNDING)
        return type(self).rounded(share, self.currency)

    def difference(self, other: "Money") -> "SignedMoney":
        """What is left after the other is taken away, which may be less than nothing."""
        return SignedMoney(_EXACT.subtract(self.amount, self._beside(other)), self.currency)

    def __add__(self, other: "Money") -> Self:
        return type(self)(_EXACT.add(self.amount, self._beside(other)), self.currency)

    def __sub__(self, other: "Money") -> Self:
        """Raises Malformed (money_negative) when less than nothing is left; `difference` allows that."""
        return type(self)(_EXACT.subtract(self.amount, self._beside(other)), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.amount < self._beside(other)

    def __le__(self, other: "Money") -> bool:
        return self.amount <= self._beside(other)

    def __gt__(self, other: "Money") -> bool:
        return self.amount > self._beside(other)

    def __ge__(self, other: "Money") -> bool:
        return self.amount >= self._beside(other)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    def _beside(self, other: "Money") -> Decimal:
        if other.currency != self.currency:
            raise CurrenciesDiffer(self.currency, other.currency)
        return other.amount


class SignedMoney(Money, frozen=True):
    """An amount that may be less than nothing: a change of a contract's value, a balance."""


Unit = Literal["元", "万元"]

_UNITS = {"元": Decimal(1), "圆": Decimal(1), "万元": Decimal(10_000), "万": Decimal(10_000), "亿元": Decimal(10**8)}
_WRITTEN = re.compile(
    r"(?:人民币|RMB|CNY)?\s*(?P<sign>[-\u2212]?)\s*[¥]?\s*"
    r"(?P<number>[0-9]{1,3}(?P<group>[, ])[0-9]{3}(?:(?P=group)[0-9]{3})*(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
    r"\s*(?P<unit>元|圆|万元|万|亿元)?\s*整?",
    re.IGNORECASE,
)


def parse_money(text: str, unit: Unit = "元", currency: str = "CNY") -> Money:
    """An amount as people write it: full-width digits, ¥, thousands separators; the unit is the heading's, unless
    the text says its own. Raises Malformed (money_missing, money_form, money_negative, money_too_fine)."""
    return Money(_read(text, unit), currency)


def parse_signed_money(text: str, unit: Unit = "元", currency: str = "CNY") -> SignedMoney:
    """The same for an amount that may be less than nothing."""
    return SignedMoney(_read(text, unit), currency)


def _read(text: str, unit: Unit) -> Decimal:
    spelt = unicodedata.normalize("NFKC", text).strip()
    if not spelt:
        raise Malformed(Fault("money_missing", "没有填写金额"))
    written = _WRITTEN.fullmatch(spelt)
    if written is None:
        raise Malformed(Fault("money_form", "“{given}”不是金额，请写作 1234567.89 或 1,234,567.89", {"given": text}))
    number = Decimal(("-" if written["sign"] else "") + re.sub("[, ]", "", written["number"]))
    _check_size(number)
    return _EXACT.multiply(number, _UNITS[written["unit"] or unit])


def _exact(amount: Decimal, currency: str) -> Decimal:
    """The same amount with the currency's minor units; other currencies keep the places that they came with."""
    exponent = _check_size(amount)
    units = MINOR_UNITS.get(currency)
    places = max(-exponent, 0) if units is None else units
    if places == -exponent:
        return amount
    try:
        return amount.quantize(Decimal(1).scaleb(-places), context=_EXACT)
    except Inexact:
        sentence = "金额最多 {places} 位小数，您填的是 {given}"
        raise Malformed(Fault("money_too_fine", sentence, {"places": places, "given": str(amount)})) from None


def _check_size(amount: Decimal) -> int:
    """Its exponent; one without bound would make a number of a million digits out of nine characters."""
    _, digits, exponent = amount.as_tuple()
    if not isinstance(exponent, int) or exponent < -_LONGEST_FRACTION or len(digits) + exponent > _LONGEST_WHOLE:
        raise Malformed(Fault("money_form", "“{given}”不是合理的金额", {"given": str(amount)[:40]}))
    return exponent


def _check_currency(currency: str) -> None:
    if currency not in MINOR_UNITS and not _CURRENCY.fullmatch(currency):
        sentence = "币种应为三个大写字母，例如 CNY，您填的是“{given}”"
        raise Malformed(Fault("money_currency", sentence, {"given": currency}))
