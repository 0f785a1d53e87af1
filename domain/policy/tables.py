"""What stands in a policy pack: the basis that decisions cite, its rules, and the rows of its tables."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

import msgspec

from domain.rules import Basis

Status = Literal["confirmed", "unconfirmed"]
Unit = Literal["working_days", "calendar_days", "months", "years"]
Side = Literal["contractor", "authority", "bidder"]
Kind = Literal["civil", "management", "administrative"]
NationalClass = Literal["none", "minor", "ordinary", "serious"]
Name = Annotated[str, msgspec.Meta(min_length=1)]
Count = Annotated[int, msgspec.Meta(ge=0)]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of one version of a pack. `name` is its name in the pack, `full_name` the one it is asked for by.

    `count` of `unit`s is a period; `percent` is in per cent; `amount` in CNY; `before`: counted back from an event;
    `known` false: the instrument leaves the number to somebody who has not published it.
    """

    pack: str
    version: int
    name: str
    full_name: str
    clause: Name
    status: Status
    facts: Name
    sentence: Name
    sentence_en: Name
    count: Annotated[int, msgspec.Meta(ge=1)] | None = None
    unit: Unit | None = None
    value: bool | int | str | None = None
    amount: Decimal | None = None
    percent: Decimal | None = None
    items: tuple[Name, ...] | None = msgspec.field(default=None, name="list")
    min_months: Count | None = None
    max_months: Count | None = None
    roll: bool = True
    before: bool = False
    stops_clock: bool = False
    known: bool = True

    @property
    def basis(self) -> Basis:
        return Basis(self.pack, self.version, self.name, self.clause, self.status)

    def get(self, key: str) -> Any:
        """The value under its name in the pack's file, None when it is not given. Raises AttributeError otherwise."""
        return getattr(self, "items" if key == "list" else key)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a table: `facts` is the row of the fact file it was taken from."""

    table: ClassVar[str]
    family: ClassVar[str]
    clause: Name
    status: Status
    facts: Name


class Named(Row, frozen=True, kw_only=True):
    """A row that people read: its code, Chinese and English."""

    code: Name
    zh: Name
    en: Name


class FineRange(msgspec.Struct, frozen=True, kw_only=True):
    """What the law allows a fine to be: CNY from `min` to `max`, or per cent of an amount named `of`."""

    clause: Name
    min: Decimal | None = None
    max: Decimal | None = None
    min_percent: Decimal | None = None
    max_percent: Decimal | None = None
    of: Literal["contract_price", "service_fee", "award_price", "procurement_amount"] | None = None

    def bounds(self, price: Decimal | None = None) -> tuple[Decimal, Decimal] | None:
        """The least and the most in CNY; `price` is the amount that `of` names. None: it is needed and not known."""
        if self.min is not None and self.max is not None:
            return self.min, self.max
        if price is None or self.min_percent is None or self.max_percent is None:
            return None
        return price * self.min_percent / 100, price * self.max_percent / 100


class Behaviour(Named, frozen=True, kw_only=True):
    """What a party can do wrong. The first of `kinds` is the usual one; `national_hint` decides nothing.

    `rests_on`: the kinds of loops whose being overdue is what is found.
    """

    table: ClassVar = "behaviours"
    family: ClassVar = "behaviours"
    side: Side
    consequence: Name
    kinds: tuple[Kind, ...]
    decision_types: tuple[Name, ...]
    national_hint: tuple[Literal["minor", "ordinary", "serious", "government"], ...] = ()
    also: tuple[Side, ...] = ()
    rests_on: tuple[Name, ...] = ()
    fine: FineRange | None = None
    fine_person: FineRange | None = None


class GoodBehaviour(Named, frozen=True, kw_only=True):
    """What a party can do well."""

    table: ClassVar = "good_behaviours"
    family: ClassVar = "behaviours"


class BreachKind(Named, frozen=True, kw_only=True):
    """A kind of breach at the level of the contract."""

    table: ClassVar = "breach_kinds"
    family: ClassVar = "behaviours"


class AccidentLevel(Named, frozen=True, kw_only=True):
    """From how many dead, badly hurt, or how much loss in CNY an accident has this level."""

    table: ClassVar = "accident_levels"
    family: ClassVar = "behaviours"
    dead_from: Count
    hurt_from: Count
    loss_from: Count


class DecisionName(Named, frozen=True, kw_only=True):
    """A type of decision and what kind of act it is."""

    table: ClassVar = "decision_types"
    family: ClassVar = "behaviours"
    kind: Literal["management", "administrative", "judgment"]


class DecisionClass(Row, frozen=True, kw_only=True):
    """The national class of a type of decision; its months stand in the pack's rule of that class."""

    table: ClassVar = "decision_classes"
    family: ClassVar = "repair"
    code: Name
    national_class: NationalClass
    publish: bool


class DecisionPoints(Row, frozen=True, kw_only=True):
    """The points that the industry deducts for a type of decision."""

    table: ClassVar = "decision_points"
    family: ClassVar = "credit"
    code: Name
    points_code: Name
    points: Decimal


class Grade(Named, frozen=True, kw_only=True):
    """A grade that evaluators give, and from which score."""

    table: ClassVar = "grades"
    family: ClassVar = "credit"
    min_score: Count


class Recipient(Named, frozen=True, kw_only=True):
    """A platform that must acknowledge a repair."""

    table: ClassVar = "recipients"
    family: ClassVar = "repair"


class ContractType(Named, frozen=True, kw_only=True):
    """A type of contract; `procurement`: its contracts are published and filed under procurement law."""

    table: ClassVar = "contract_types"
    family: ClassVar = "office"
    law: tuple[Name, ...]
    procurement: bool
    works: bool


class CheckItem(Named, frozen=True, kw_only=True):
    """What a check looks at, in which types of contract ("all": any), and whose duty it is."""

    table: ClassVar = "check_items"
    family: ClassVar = "office"
    applies: tuple[Name, ...]
    side: Literal["contractor", "authority", "both"]


class CheckMode(Named, frozen=True, kw_only=True):
    """On what occasion a check is carried out."""

    table: ClassVar = "check_modes"
    family: ClassVar = "office"


class DocumentKind(Named, frozen=True, kw_only=True):
    """A letter that the office numbers, or a paper that an applicant for repair brings."""

    table: ClassVar = "document_kinds"
    family: ClassVar = "office"
    purpose: Literal["letter", "repair"]


class Excuse(Named, frozen=True, kw_only=True):
    """A ground on which a breach is not held against a party."""

    table: ClassVar = "excuses"
    family: ClassVar = "office"


class CommitmentType(Named, frozen=True, kw_only=True):
    """A type of credit commitment."""

    table: ClassVar = "commitment_types"
    family: ClassVar = "commitments"


class SamplingClass(Named, frozen=True, kw_only=True):
    """How many per cent of a class are drawn, and which grades fall into it ("" is no grade)."""

    table: ClassVar = "sampling_classes"
    family: ClassVar = "sampling"
    percent: Decimal
    grades: tuple[str, ...]


class ResultCode(Named, frozen=True, kw_only=True):
    """The result of a random inspection, as it is published."""

    table: ClassVar = "result_codes"
    family: ClassVar = "sampling"


class MeasureBasis(msgspec.Struct, frozen=True, kw_only=True):
    """A legal basis of a measure and the days on which it is in force."""

    clause: Name
    effective_from: date
    status: Status
    effective_until: date | None = None

    def is_in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_until is None or day <= self.effective_until)


class Measure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure; `until`: what ends it. A civil remedy is no `credit_measure`."""

    table: ClassVar[str] = "measures"
    family: ClassVar[str] = "measures"
    code: Name
    zh: Name
    en: Name
    facts: Name
    side: Literal["contractor", "authority"]
    until: Literal["term", "listed", "repaired", "civil"]
    credit_measure: bool
    bases: tuple[MeasureBasis, ...]
    min_months: Count | None = None
    max_months: Count | None = None


class FixedDay(Row, frozen=True, kw_only=True):
    """A day off in every year, also in one whose notice is not yet out."""

    table: ClassVar = "fixed_days"
    family: ClassVar = "calendar"
    month: Annotated[int, msgspec.Meta(ge=1, le=12)]
    day: Annotated[int, msgspec.Meta(ge=1, le=31)]
    zh: Name

    @property
    def code(self) -> str:
        """Its day of the year: a holiday may have several."""
        return f"{self.month:02}-{self.day:02}"


class CalendarYear(msgspec.Struct, frozen=True, kw_only=True):
    """The days of one calendar year that are off (by the holiday's name), and the weekend days that are worked."""

    table: ClassVar[str] = "years"
    family: ClassVar[str] = "calendar"
    year: int
    source: Name
    status: Status
    facts: Name
    work: tuple[date, ...]
    off: dict[str, tuple[date, ...]]


AnyRow = Row | Measure | CalendarYear

KINDS: tuple[type[AnyRow], ...] = (
    AccidentLevel, Behaviour, BreachKind, CalendarYear, CheckItem, CheckMode, CommitmentType, ContractType,
    DecisionClass, DecisionName, DecisionPoints, DocumentKind, Excuse, FixedDay, GoodBehaviour, Grade, Measure,
    Recipient, ResultCode, SamplingClass,
)  # fmt: skip
TABLES: dict[str, type[AnyRow]] = {kind.table: kind for kind in KINDS}
