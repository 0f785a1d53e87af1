"""What two sides agree on in the demonstration: obligations with their days, payments, security, retention."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from domain.terms import Obligation, PaymentTerm, Security
from domain.values.money import Money
from web.demo.firms import Firm
from web.demo.kinds import Kind
from web.demo.stage import body_of
from web.demo.words import PHASES, place

YUAN = "CNY"


@dataclass
class Terms:
    """What is agreed: everything that the signing says."""

    kind: Kind
    region: str
    firms: list[Firm]
    number: str
    name: str
    signed_on: date
    ends_on: date
    value: Money
    obligations: list[Obligation] = field(default_factory=list)
    payments: list[PaymentTerm] = field(default_factory=list)
    security: Security | None = None
    retention: Decimal = Decimal(0)


def draw_terms(rng: Random, kind: Kind, region: str, firms: list[Firm], signed_on: date, sequence: int) -> Terms:
    """What two sides might agree on: 3 to 12 obligations with their days, payments after some of them, security, retention."""
    days = rng.randrange(kind.shortest, kind.longest)
    value = Money(Decimal(rng.randrange(kind.low * 10, kind.high * 10)) * 1000, YUAN)
    number, name = number_of(region, kind, signed_on, sequence), _name(rng, kind, region)
    terms = Terms(kind, region, firms, number, name, signed_on, signed_on + timedelta(days=days), value)
    small = any(firm.size != "large" for firm in firms)
    large = value.amount >= 1_000_000
    if large and kind.works and kind.code in ("SG", "EPC", "CG", "JL", "YW"):
        form = rng.choices(("bank_guarantee", "insurance", "surety", "cash"), (60, 20, 15, 5))[0]
        terms.security = Security(value.percent(rng.choice((5, 10))), form, terms.ends_on + timedelta(days=30))
    if kind.code in ("SG", "EPC"):
        terms.retention = Decimal(rng.choice((0, "1.5", 3, 3)))
    _agree(rng, terms, days, small)
    return terms


def _agree(rng: Random, terms: Terms, days: int, small: bool) -> None:
    count = rng.randrange(3, 13)
    titles = [terms.kind.owed[n] for n in sorted(rng.sample(range(len(terms.kind.owed)), min(count, len(terms.kind.owed))))]
    ours = rng.choice(("提供施工场地和进场道路", "提供基础资料", "组织技术交底", "提供用电用水接口"))
    due = [terms.signed_on + timedelta(days=max(7, days * n // len(titles))) for n in range(1, len(titles) + 1)]
    terms.obligations = [Obligation(f"M{n}", "contractor", title, on) for n, (title, on) in enumerate(zip(titles, due, strict=True), 1)]
    if len(titles) < 12 and rng.random() < 0.5:
        terms.obligations.insert(0, Obligation("A1", "authority", ours, terms.signed_on + timedelta(days=rng.randrange(7, 25))))
    _agree_payments(rng, terms, small)


def _agree_payments(rng: Random, terms: Terms, small: bool) -> None:
    marks = [one for one in terms.obligations if one.owed_by == "contractor"]
    paid_after = sorted(rng.sample(marks, min(len(marks), rng.randrange(2, 6))), key=lambda one: str(one.due_on))
    if marks[-1] not in paid_after:
        paid_after[-1] = marks[-1]
    whole = terms.value.amount - terms.value.percent(terms.retention).amount
    left = whole
    longest = 60 if small else 90
    if terms.kind.code in ("SG", "EPC", "CG") and rng.random() < 0.6:
        advance = (whole * rng.choice((10, 20, 30)) / 100).quantize(Decimal("0.01"))
        left -= advance
        terms.payments.append(PaymentTerm("P0", Money(advance, YUAN), None, rng.choice((7, 14, 28)), title="预付款"))
    for n, mark in enumerate(paid_after, 1):
        share = left if n == len(paid_after) else (whole / (len(paid_after) + 1)).quantize(Decimal("0.01"))
        left -= share
        term = rng.choice([days for days in (10, 15, 30, 30, 45, 60, 90) if days <= longest])
        terms.payments.append(PaymentTerm(f"P{n}", Money(share, YUAN), mark.ref, term, title=f"{mark.title}款"))


def number_of(region: str, kind: Kind, signed_on: date, sequence: int) -> str:
    """Numbers of the demonstration begin high: what people register themselves begins at 1."""
    return f"{region}-SWJ-{kind.code}-{signed_on.year}-{10_000 + sequence:05}"


def _name(rng: Random, kind: Kind, region: str) -> str:
    spot = place(rng, region)
    body = body_of(region)
    title = rng.choice(kind.works).format(**spot)
    return f"{body.name[:3]}{title}{rng.choice(PHASES)}" if kind.code in ("SG", "EPC", "JL", "SJ") else f"{body.name[:3]}{title}"
