"""The values that bodies are made of, as `interfaces.md` writes them, and their way into the domain."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

import msgspec
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from domain.rules import Broken, RuleBroken
from domain.terms import Authority, CheckItem, Contractor, LateRate, Obligation, PaymentTerm, Security
from domain.values.fault import Malformed
from domain.values.money import Money
from domain.values.party import PartyRef
from web.acts.doing import Body
from web.looks.tongue import lazy


def ui(title: str, kind: str = "text", hint: str | None = None, *, options: str | None = None, **more: Any) -> Any:
    """What a form needs to know of a field beside its type: label, kind, hint, and the name of its list of options."""
    extra: dict[str, Any] = {"kind": kind} | ({"options": options} if options else {})
    return Field(title=title, description=hint, json_schema_extra=extra, **more)


def _amount(value: Any) -> Any:
    if isinstance(value, float):
        raise ValueError(lazy('金额请写成文字，例如 "1000000.00"'))
    try:
        return Decimal(str(value).replace(",", "").strip())
    except InvalidOperation:
        raise ValueError(lazy("金额的写法不对，例如 1000000.00")) from None


def _ref(value: str) -> str:
    try:
        return str(PartyRef.parse(value))
    except Malformed as malformed:
        raise ValueError(str(malformed)) from None


def _printed(text: str, but: str = "") -> str:
    if any(unicodedata.category(char) == "Cc" and char not in but for char in text):
        raise ValueError(lazy("不能含有控制字符"))
    return text


def _lines(text: str) -> str:
    return _printed(text, "\r\n\t")


def json_value(value: Any) -> Any:
    """Any JSON value whose every text can be printed and stored; numbers with a point are written as text."""
    match value:
        case str():
            value.encode()
            return _lines(value)
        case float():
            raise ValueError(lazy("带小数的数字请写成文字"))
        case list():
            return [json_value(one) for one in value]
        case dict():
            return {_printed(name): json_value(one) for name, one in value.items()}
    return value


WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEARS = range(1900, 2200)  # what lies beyond them is a slip of the hand, and no calendar reaches there


def _day(value: Any) -> Any:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not WRITTEN.fullmatch(value.strip()):
        raise ValueError(lazy("日期应写作 2026-04-29"))
    if int(value.strip()[:4]) not in YEARS:
        raise ValueError(lazy("日期的年份应在 1900 至 2199 之间"))
    return value.strip()


Text = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_lines)]
Short = Annotated[str, StringConstraints(max_length=300), AfterValidator(_printed)]
Region = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Party = Annotated[str, StringConstraints(max_length=300), AfterValidator(_printed), AfterValidator(_ref)]
Method = Literal["direct", "post", "electronic", "public"]
Kind = Literal["civil", "management", "administrative"]
Day = Annotated[date, BeforeValidator(_day)]


class MoneyIn(Body):
    """{"amount":"1000000.00","currency":"CNY"}"""

    amount: Annotated[Decimal, BeforeValidator(_amount)] = ui(lazy("金额"))
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "CNY"

    def money(self) -> Money:
        return _money(self.amount, self.currency)


def _money(amount: Decimal, currency: str) -> Money:
    try:
        return Money(amount, currency)
    except Malformed as malformed:
        raise RuleBroken([Broken(malformed.fault.code, malformed.fault.sentence, "/value", values=malformed.fault.params)]) from None


def money(value: MoneyIn | None) -> Money | None:
    return None if value is None else value.money()


class AuthorityIn(Body):
    scheme: Short = "CN-USCC"
    id: Short = ui(lazy("统一社会信用代码"), "code")
    name: Short = ui(lazy("名称"))

    def authority(self) -> Authority:
        ref = party_ref(self.scheme, self.id)
        return Authority(ref.scheme, ref.id, self.name)


class SuccessorIn(Body):
    scheme: Short = "CN-USCC"
    id: Short = ui(lazy("统一社会信用代码"), "code")
    name: Short = ui(lazy("名称"))
    size: Literal["large", "medium", "small", "micro"] | None = ui(lazy("企业规模"), "select", options="sizes", default=None)

    def contractor(self) -> Contractor:
        ref = party_ref(self.scheme, self.id)
        return Contractor(ref.scheme, ref.id, self.name, self.size)


class ContractorIn(SuccessorIn):
    lead: bool = ui(lazy("牵头方"), "checkbox", default=False)

    def contractor(self) -> Contractor:
        return msgspec.structs.replace(super().contractor(), lead=self.lead)


def party_ref(scheme: str, code: str) -> PartyRef:
    """A party's name, normalised where its scheme has a form; the rules say what is wrong with a bad one."""
    try:
        return PartyRef.of(scheme, code)
    except Malformed:
        return PartyRef(scheme, code)


def ref_of(text: str) -> PartyRef:
    """The same of `scheme:code`, or of a credit code alone."""
    scheme, _, code = text.strip().partition(":")
    return party_ref(scheme, code) if code else party_ref("CN-USCC", scheme)


class ObligationIn(Body):
    ref: Short = ui(lazy("编号"))
    owed_by: Literal["contractor", "authority"] = ui(lazy("由谁履行"), "select", options="sides", default="contractor")
    title: Short = ui(lazy("内容"))
    due_on: Day | None = ui(lazy("应完成日期"), "date", default=None)

    def obligation(self) -> Obligation:
        return Obligation(self.ref, self.owed_by, self.title, self.due_on)


class PaymentIn(Body):
    ref: Short = ui(lazy("编号"))
    after: Short | None = ui(lazy("依据的义务编号"), default=None)
    value: MoneyIn = ui(lazy("金额"), "money")
    term_days: Annotated[int, Field(ge=0, le=3650)] | None = ui(lazy("付款期限（日）"), "number", default=None)
    due_on: Day | None = ui(lazy("或约定付款日期"), "date", default=None)
    title: Short | None = ui(lazy("名称"), default=None)

    def term(self) -> PaymentTerm:
        return PaymentTerm(self.ref, self.value.money(), self.after or None, self.term_days, self.due_on, self.title)


Percent = Annotated[Decimal, BeforeValidator(str), Field(ge=0, le=100, max_digits=8)]


class LateRateIn(Body):
    percent: Percent = ui(lazy("利率（%）"), "number")
    per: Literal["day", "year"] = ui(lazy("按日或按年"), "select", options="rate_per", default="day")
    lpr: Percent | None = ui(lazy("合同订立时的一年期贷款市场报价利率（%）"), "number", default=None, hint=lazy("乙方是中小企业的必填：约定的利率不得低于它"))

    def late_rate(self) -> LateRate:
        return LateRate(self.percent, self.per, self.lpr)


class SecurityIn(Body):
    value: MoneyIn = ui(lazy("金额"), "money")
    form: Literal["cash", "bank_guarantee", "surety", "insurance"] = ui(lazy("形式"), "select", options="security_forms", default="bank_guarantee")
    ends_on: Day | None = ui(lazy("有效期至"), "date", default=None)

    def security(self) -> Security:
        return Security(self.value.money(), self.form, self.ends_on)


class CheckItemIn(Body):
    code: Short = ui(lazy("检查项"), "select", options="check_items")
    result: Short = ui(lazy("结果"), "radio", options="check_results")
    note: Text = ui(lazy("说明"), default="")
    evidence: list[Digest] = ui(lazy("照片"), "photo", default_factory=list)

    def item(self) -> CheckItem:
        return CheckItem(self.code, self.result, self.note, list(self.evidence))


class ProposedIn(Body):
    decision_types: list[Short] = ui(lazy("拟作处理"), "multi", options="decision_types")
    fine: MoneyIn | None = ui(lazy("拟处罚款"), "money", default=None)
    measures: list[Short] = ui(lazy("拟采取措施"), "multi", options="measures", default_factory=list)
