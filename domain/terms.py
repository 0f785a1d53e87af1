"""Flat frozen records that events hold: who stands in a contract, what is owed, what is paid, what proves it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from domain.values.money import Money


class Authority(msgspec.Struct, frozen=True):
    """甲方, as named in the contract."""

    scheme: str
    id: str
    name: str

    @property
    def ref(self) -> str:
        return f"{self.scheme}:{self.id}"


class Contractor(msgspec.Struct, frozen=True):
    """乙方, as named in the contract; `size` as at signing; one of a consortium leads."""

    scheme: str
    id: str
    name: str
    size: str | None = None
    lead: bool = False

    @property
    def ref(self) -> str:
        return f"{self.scheme}:{self.id}"


class Obligation(msgspec.Struct, frozen=True):
    """履约义务: `owed_by` is contractor or authority."""

    ref: str
    owed_by: str
    title: str
    due_on: date | None = None


class PaymentTerm(msgspec.Struct, frozen=True):
    """付款: due `term_days` after the obligation `after` is fulfilled (after signing when none), or on its own day."""

    ref: str
    value: Money
    after: str | None = None
    term_days: int | None = None
    due_on: date | None = None
    title: str | None = None


class LateRate(msgspec.Struct, frozen=True):
    """逾期利率: agreed for late payment, in per cent `per` day or year; `lpr`: the one-year loan prime rate when the contract was made, in per cent a year."""

    percent: Decimal
    per: str
    lpr: Decimal | None = None


class Security(msgspec.Struct, frozen=True):
    """履约保证金: form is cash, bank_guarantee, surety or insurance."""

    value: Money
    form: str
    ends_on: date | None = None


class Proof(msgspec.Struct, frozen=True):
    """Evidence by digest, and the account that brought it (four eyes counts it)."""

    digest: str
    by: str


class CheckItem(msgspec.Struct, frozen=True):
    """检查项: result is pass, fail or not_checked."""

    code: str
    result: str
    note: str = ""
    evidence: list[str] = []
