"""The loops of a case: from the notice to the decision."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from domain.breach import events as b
from domain.events import Event
from domain.loops.shape import Closes, Facts, Loop, Opening, end, every, once


def _review_wanted(e: Any, f: Facts) -> Iterable[Opening]:
    if f.get("review") and not f.get("reviewed") and not f.get("decided_on") and not f.get("hearing_pending"):
        yield Opening(start=e.day, rule="office.legal_review")


def _again(f: Facts) -> str:
    """The key of a window: each notice gives its own, and each end is recorded once."""
    return "" if f["notices"] == 1 else str(f["notices"])


def _statement_window(e: b.NoticeServed, f: Facts) -> Iterable[Opening]:
    yield Opening(_again(f), start=e.window_on, rule="office.statement_window")


def _hearing_window(e: b.NoticeServed, f: Facts) -> Iterable[Opening]:
    if e.hearing:
        yield Opening(_again(f), start=e.window_on, rule="penalty.hearing_request")


def _confirmation(e: Any, f: Facts) -> Iterable[Opening]:
    """Waits for the statement window (see `tell`). A penalty is decided so many days after the case was opened."""
    if f.get("confirmed") or f.get("referred"):  # what lies with a superior is confirmed by nobody here
        return
    if f.get("kind") == "administrative":
        yield Opening(start=date.fromisoformat(f["opened_on"]), rule="penalty.decide", opens_on=e.day)
    else:
        yield Opening(start=date.fromisoformat(f["window_end"]), rule="office.confirm", opens_on=e.day)


def _confirmation_again(e: b.ReferralAnswered, f: Facts) -> Iterable[Opening]:
    if e.outcome == "returned" and "window_end" in f:
        yield from _confirmation(e, f)


def _notice_again(e: b.ReferralAnswered, f: Facts) -> Iterable[Opening]:
    if e.outcome == "returned" and "notice" not in f:
        yield Opening(start=e.answered_on, rule="office.notice")


def _sanctionable(e: b.BreachConfirmed, f: Facts) -> Iterable[Opening]:
    if e.kind != "civil":
        start = date.fromisoformat(f["opened_on"]) if e.kind == "administrative" and "opened_on" in f else e.confirmed_on
        yield Opening(start=start, rule="penalty.decide" if e.kind == "administrative" else "office.sanction")


def _together(e: Any, f: Facts) -> Iterable[Opening]:
    """What is complex or major is decided by several, after the confirmation."""
    if f.get("confirmed") and f.get("together") and not f.get("collective") and f.get("kind") == "administrative":
        yield Opening(start=e.day, rule="office.collective")


def _report_open(e: b.RectificationOrdered, f: Facts) -> Iterable[Opening]:
    yield Opening(start=e.ordered_on, due_on=e.due_on, title=e.requirements)


def _to_verify(e: b.RectificationReported, f: Facts) -> Iterable[Opening]:
    """The party has done its part: now it lies on the supervisor's desk."""
    yield Opening(start=e.reported_on, rule="office.verify", owed_by="supervisor", next="rectification/result")


def _after_failure(e: b.RectificationVerified, f: Facts) -> Iterable[Opening]:
    if not e.passed:
        yield Opening(start=e.verified_on, rule="office.rectify")


def _passed(e: b.RectificationVerified, f: Facts) -> Iterable[str] | None:
    return None if e.passed else ()


def _passed_unconfirmed(e: b.RectificationVerified, f: Facts) -> Iterable[str] | None:
    return None if e.passed and f.get("kind") != "administrative" else ()


def _not_penal(e: b.BreachConfirmed, f: Facts) -> Iterable[str] | None:
    return None if e.kind != "administrative" else ()


def _fell_above(e: b.ReferralAnswered, f: Facts) -> Iterable[str] | None:
    return None if e.outcome == "dismissed" else ()


OVER: dict[type[Event], Closes] = {b.CaseDismissed: every, b.ReferralAnswered: _fell_above, b.TransferredToAuthority: every}
DECIDED: dict[type[Event], Closes] = {**OVER, b.CaseClosed: every}

CASE: tuple[Loop, ...] = (
    Loop(
        "notice",
        "告知",
        "findings",
        "supervisor",
        "notice",
        {b.CaseOpened: once("office.notice", "opened_on"), b.ReferralAnswered: _notice_again},
        {b.NoticeServed: every, b.RectificationVerified: _passed_unconfirmed, b.FindingReferred: every, **DECIDED},
    ),
    Loop(
        "statement_window",
        "陈述申辩期",
        "findings",
        "party",
        "statement",
        {b.NoticeServed: _statement_window},
        {b.NoticeServed: every, b.StatementReceived: every, b.WindowEnded: end("statement_window"), **DECIDED},
        window=True,
    ),
    Loop(
        "hearing_window",
        "听证要求期",
        "findings",
        "party",
        "hearing",
        {b.NoticeServed: _hearing_window},
        {
            b.NoticeServed: every,
            b.HearingRequested: every,
            b.WindowEnded: end("hearing_window"),
            b.SanctionDecided: every,
            **DECIDED,
        },
        window=True,
    ),
    Loop(
        "hearing_notice",
        "听证通知",
        "findings",
        "supervisor",
        "hearing",
        {b.HearingRequested: once("office.hearing_notify", "requested_on")},
        {b.NoticeServed: every, b.HearingNotified: every, b.HearingHeard: every, **DECIDED},
    ),
    Loop(
        "hearing",
        "听证",
        "findings",
        "chair",
        "hearing",
        {b.HearingNotified: lambda e, f: [Opening(start=e.notified_on, due_on=e.to_be_held_on)]},
        {b.NoticeServed: every, b.HearingHeard: every, **DECIDED},
    ),
    Loop(
        "legal_review",
        "法制审核",
        "findings",
        "legal",
        "legal-review",
        {
            b.StatementReceived: _review_wanted,
            b.HearingHeard: _review_wanted,
            b.WindowEnded: lambda e, f: _review_wanted(e, f) if e.loop.startswith("statement_window") else (),
        },
        {
            b.HearingRequested: every,
            b.LegalReviewPassed: every,
            b.BreachConfirmed: _not_penal,
            b.SanctionDecided: every,
            b.NoticeServed: every,
            **DECIDED,
        },
    ),
    Loop(
        "confirmation",
        "认定",
        "findings",
        "decider",
        "confirmation",
        {b.NoticeServed: _confirmation, b.ReferralAnswered: _confirmation_again},
        {b.BreachConfirmed: every, b.FindingReferred: every, b.RectificationVerified: _passed_unconfirmed, **DECIDED},
    ),
    Loop(
        "rectification",
        "整改",
        "findings",
        "party",
        "rectification/report",
        {
            b.RectificationOrdered: _report_open,
            b.RectificationReported: _to_verify,
            b.RectificationVerified: _after_failure,
        },
        {b.RectificationVerified: _passed, **OVER},
    ),
    Loop(
        "referral",
        "移送上级",
        "findings",
        "superior",
        "referral/answer",
        {b.FindingReferred: once("referral.answer", "referred_on")},
        {**DECIDED, b.ReferralAnswered: every},
    ),
    Loop(
        "collective_decision",
        "集体讨论",
        "sanctions",
        "decider",
        "collective-decision",
        {b.BreachConfirmed: _together, b.NoticeServed: _together},
        {b.NoticeServed: every, b.CollectiveDecisionMade: every, b.SanctionDecided: every, **DECIDED},
        holds_case=False,
    ),
    Loop(
        "sanction",
        "惩戒决定",
        "sanctions",
        "decider",
        "sanction",
        {b.BreachConfirmed: _sanctionable},
        {b.SanctionDecided: every, **DECIDED},
        holds_case=False,
    ),
)
