"""The loops of a contract: from its publication to its settlement."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from domain.contract import events as c
from domain.events import Event
from domain.loops.shape import AGREED_DAY, Closes, Facts, Loop, Opening, Opens, amount, by, every, once


def _obligations(e: c.ContractSigned | c.ContractAmended, f: Facts) -> Iterable[Opening]:
    for one in e.obligations:
        yield Opening(one.ref, start=e.day, due_on=one.due_on, owed_by=one.owed_by, title=one.title)


def _payments_at_signing(e: c.ContractSigned | c.ContractAmended, f: Facts) -> Iterable[Opening]:
    for one in e.payments:
        done = f.get("fulfilled", {}).get(one.after)
        if amount(f.get("paid", {}).get(one.ref, "0")) >= one.value.amount > 0:
            continue
        if one.due_on is not None:
            yield Opening(one.ref, start=e.day, due_on=one.due_on, title=one.title or one.ref)
        elif one.after is None or done is not None:
            start = date.fromisoformat(done) if done is not None else e.day
            yield _payment(one.ref, one.term_days, one.value.currency, one.title, start, f)


def _payments_after(e: c.ObligationFulfilled, f: Facts) -> Iterable[Opening]:
    """What is paid after an obligation runs from the day it was fulfilled; what is paid already opens nothing."""
    for ref, (value, currency, after, term_days, title, *agreed) in f.get("payments", {}).items():
        if after != e.ref or amount(f.get("paid", {}).get(ref, "0")) >= amount(value) > 0:
            continue
        day = date.fromisoformat(agreed[0]) if agreed and agreed[0] else None
        start = _accepted(e, f) if f.get("small") and currency == "CNY" else e.fulfilled_on
        if day is None:
            yield _payment(ref, term_days, currency, title, start, f)
        elif f.get("small") and currency == "CNY":
            yield Opening(ref, start=start, rule="sme.max_days", total=AGREED_DAY, total_from=day, title=title or ref)


def _accepted(e: c.ObligationFulfilled, f: Facts) -> date:
    """An acceptance that comes late counts from the day it was due: the small firm does not wait for it."""
    due = f.get("accepting", {}).get(e.ref)
    return min(date.fromisoformat(due), e.fulfilled_on) if due and f.get("late_acceptance") else e.fulfilled_on


def _payment(ref: str, term_days: int | None, currency: str, title: str | None, start: date, f: Facts) -> Opening:
    capped = f.get("small") and currency == "CNY"
    rule = "sme.max_days" if capped and term_days is not None else "sme.default_days" if capped else None
    return Opening(ref, start=start, rule=rule, length=term_days, title=title or ref)


def _paid_in_full(e: c.PaymentMade, f: Facts) -> Iterable[str]:
    term = f.get("payments", {}).get(e.ref)
    if term is not None and amount(f.get("paid", {}).get(e.ref, "0")) >= amount(term[0]):
        yield str(e.ref)


def _under_procurement(rule: str) -> Opens:
    def opens(e: c.ContractSigned, f: Facts) -> Iterable[Opening]:
        if f.get("procurement") and e.signed_on is not None:
            yield Opening(start=e.signed_on, rule=rule)

    return opens


def _security_at_end(e: Any, f: Facts) -> Iterable[Opening]:
    if f.get("security"):
        yield Opening(start=e.day, rule="office.security_return")


def _retention_at_end(e: Any, f: Facts) -> Iterable[Opening]:
    """From the end of the warranty, where one was named."""
    if amount(f.get("retention", "0")) > 0:
        yield Opening(start=getattr(e, "warranty_ends_on", None) or e.day, rule="office.retention_release")


def _yearly(e: Any, f: Facts) -> Iterable[Opening]:
    """A contract that runs long is reviewed each year, from its beginning or its last yearly check, while a year is left of it."""
    if (due := f.get("yearly_due")) and due <= f.get("ends_on", ""):
        yield Opening(start=date.fromisoformat(f["yearly_from"]), rule="office.yearly_check")


def _yearly_done(e: c.CheckCarriedOut, f: Facts) -> Iterable[Opening]:
    return _yearly(e, f) if f.get("modes", {}).get(str(e.check)) == YEARLY else ()


YEARLY = "yearly"  # the mode of the check that a long contract wants each year
ENDED: dict[type[Event], Closes] = {c.ContractTerminated: every, c.ContractSettled: every}

CONTRACT: tuple[Loop, ...] = (
    Loop(
        "contract_published",
        "合同公告",
        "signing",
        "supervisor",
        "publication",
        {c.ContractSigned: _under_procurement("procurement.publish_contract")},
        {c.ContractPublished: every},
    ),
    Loop(
        "contract_filed",
        "合同备案",
        "signing",
        "supervisor",
        "filing",
        {c.ContractSigned: _under_procurement("procurement.file_contract")},
        {c.ContractFiled: every},
    ),
    Loop(
        "obligation",
        "履约义务",
        "checks",
        "contractor",
        "obligations",
        {c.ContractSigned: _obligations, c.ContractAmended: _obligations},
        {c.ObligationFulfilled: by("ref"), c.ObligationWaived: by("ref"), **ENDED},
    ),
    Loop(
        "payment",
        "付款",
        "checks",
        "authority",
        "payments",
        {
            c.ContractSigned: _payments_at_signing,
            c.ContractAmended: _payments_at_signing,
            c.ObligationFulfilled: _payments_after,
        },
        {
            c.ContractAmended: lambda e, f: [one.ref for one in e.payments],
            c.PaymentMade: _paid_in_full,
            c.ContractSettled: every,
        },
    ),
    Loop(
        "planned_check",
        "履约检查",
        "checks",
        "supervisor",
        "checks",
        {c.CheckPlanned: lambda e, f: [Opening(str(e.check), start=e.recorded_on, due_on=e.planned_on)]},
        {c.CheckCarriedOut: by("check"), c.CheckCancelled: by("check")},
    ),
    Loop(
        "yearly_check",
        "年度履约评估",
        "checks",
        "supervisor",
        "checks",
        {c.ContractSigned: _yearly, c.ContractAmended: _yearly, c.CheckCarriedOut: _yearly_done},
        {
            c.ContractAmended: every,
            c.CheckCarriedOut: lambda e, f: None if f.get("modes", {}).get(str(e.check)) == YEARLY else (),
            c.ContractCompleted: every,
            **ENDED,
        },
    ),
    Loop(
        "security",
        "履约保证金",
        "checks",
        "authority",
        "security-return",
        {c.ContractCompleted: _security_at_end, c.ContractTerminated: _security_at_end},
        {c.SecurityReturned: every},
    ),
    Loop(
        "retention",
        "质量保证金",
        "checks",
        "authority",
        "retention-release",
        {c.ContractCompleted: _retention_at_end, c.ContractTerminated: _retention_at_end},
        {c.RetentionReleased: every},
    ),
    Loop(
        "settlement",
        "结算",
        "closed",
        "authority",
        "settlement",
        {
            c.ContractCompleted: once("office.settlement", "completed_on"),
            c.ContractTerminated: once("office.settlement", "terminated_on"),
        },
        {c.ContractSettled: every},
    ),
    Loop(
        "suspension",
        "中止的合同",
        "checks",
        "authority",
        "resumption",
        {c.ContractSuspended: once("office.suspension", "suspended_on")},
        {c.ContractResumed: every, c.ContractTerminated: every, c.ContractCompleted: every},
    ),
)
