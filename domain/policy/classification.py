"""What the packs say of types of decision: their name, class, points and procedure, and of several together."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from domain.policy.missing import NoSuchRule, UnknownCode
from domain.policy.pack import Basis, Pack, Rule
from domain.policy.tables import DecisionClass, DecisionName, DecisionPoints

NATIONAL = ("none", "minor", "ordinary", "serious")
INDUSTRY = ("ordinary", "heavier", "serious")


class DecisionType(msgspec.Struct, frozen=True, kw_only=True):
    """A type of decision on a day. `industry_class` None: the industry names none; `points` 0: none are deducted."""

    code: str
    zh: str
    en: str
    kind: str
    national_class: str
    min_months: int
    max_months: int
    publish: bool
    points: Decimal
    points_code: str | None
    industry_class: str | None
    hearing: bool
    legal_review: bool
    collective: bool
    basis: tuple[Basis, ...]


class Classification(msgspec.Struct, frozen=True, kw_only=True):
    """Class, points and months of publicity of one decision with its types, and on what they rest."""

    national_class: str
    industry_class: str | None
    points: Decimal
    min_months: int
    max_months: int
    publish: bool
    basis: tuple[Basis, ...]


class Graded(msgspec.Struct, frozen=True, kw_only=True):
    """One type of decision: its class and points, without its procedure."""

    national_class: str
    industry_class: str | None
    points: Decimal
    points_code: str | None
    min_months: int
    max_months: int
    publish: bool
    class_basis: tuple[Basis, ...]
    points_basis: tuple[Basis, ...]


def graded(code: str, repair: Pack, credit: Pack | None) -> Graded:
    """Class and points of a type of decision. Raises UnknownCode, NoSuchRule where the repair pack leaves it out."""
    row = repair.row(DecisionClass, code)
    if row is None:
        raise UnknownCode(DecisionClass.table, code, repair.key)
    months = _rule(repair, f"repair.class.{row.national_class}")
    points = credit.row(DecisionPoints, code) if credit else None
    industry = _industry(code, credit) if credit else None
    return Graded(
        national_class=row.national_class,
        industry_class=industry[0] if industry else None,
        points=points.points if points else Decimal(0),
        points_code=points.points_code if points else None,
        min_months=months.min_months or 0,
        max_months=months.max_months or 0,
        publish=row.publish,
        class_basis=(repair.basis(row), months.basis),
        points_basis=tuple(basis for basis in (credit.basis(points) if credit and points else None, industry[1] if industry else None) if basis),
    )


def _rule(pack: Pack, name: str) -> Rule:
    try:
        return pack.rules[name]
    except KeyError:
        raise NoSuchRule(name, pack.key) from None


def _industry(code: str, credit: Pack) -> tuple[str, Basis] | None:
    for name in INDUSTRY:
        rule = credit.rules.get(f"{credit.head.family}.industry_class.{name}")
        if rule is not None and code in (rule.items or ()):
            return name, rule.basis
    return None


def together(types: Sequence[Graded]) -> Classification:
    """Of several types: the heaviest classes, the longest period, the heaviest points once.

    Raises ValueError for none at all.
    """
    if not types:
        raise ValueError("a decision has at least one type")
    longest = max(types, key=lambda one: (one.max_months, one.min_months))
    heaviest = max(types, key=lambda one: one.points)
    industry = [one.industry_class for one in types if one.industry_class]
    return Classification(
        national_class=max((one.national_class for one in types), key=NATIONAL.index),
        industry_class=max(industry, key=INDUSTRY.index) if industry else None,
        points=heaviest.points,
        min_months=longest.min_months,
        max_months=longest.max_months,
        publish=any(one.publish for one in types),
        basis=tuple(dict.fromkeys((*longest.class_basis, *heaviest.points_basis))),
    )


def decision_type(name: DecisionName, one: Graded, behaviours: Pack, penalty: Pack) -> DecisionType:
    """The type with its procedure; only an administrative one has any."""

    def listed(*rules: str) -> Basis | None:
        found = (_rule(penalty, f"penalty.{rule}") for rule in rules)
        return next((rule.basis for rule in found if name.code in (rule.items or ())), None)

    hearing = listed("hearing_for", "hearing_for_other")
    review, collective = listed("legal_review_for"), listed("collective_for")
    procedure = tuple(basis for basis in (hearing, review, collective) if basis)
    return DecisionType(
        code=name.code,
        zh=name.zh,
        en=name.en,
        kind=name.kind,
        national_class=one.national_class,
        min_months=one.min_months,
        max_months=one.max_months,
        publish=one.publish,
        points=one.points,
        points_code=one.points_code,
        industry_class=one.industry_class,
        hearing=hearing is not None,
        legal_review=review is not None,
        collective=collective is not None,
        basis=(behaviours.basis(name), *one.class_basis, *one.points_basis, *procedure),
    )
