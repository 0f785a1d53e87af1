"""The loops of a sanction: from its service to the end of its publicity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from domain.breach import events as b
from domain.loops.shape import Facts, Loop, Opening, by, end, every
from domain.policy.publicity import shown_until

MUNICIPAL = "municipal-credit.publish"


def _publish(e: b.SanctionDecided, f: Facts) -> Iterable[Opening]:
    if e.to_be_published:
        whole = MUNICIPAL if f.get("works") == "municipal" else None  # beside the general one: whichever ends first
        yield Opening(
            str(e.sanction), start=e.decided_on, rule="publicity.publish", ends_on=e.last_day, total=whole, total_from=e.decided_on if whole else None
        )


def _public(e: b.SanctionPublished, f: Facts) -> Iterable[Opening]:
    yield Opening(str(e.sanction), start=e.published_on, due_on=_shown_until(e.until, f))


def _shown_until(last: date, f: Facts) -> date | None:
    """Its last day, or that of a later fulfilment where publicity waits for it; none while it waits."""
    if not f.get("waits"):
        return last
    return shown_until(last, date.fromisoformat(f["fulfilled_on"]), True) if "fulfilled_on" in f else None


def _public_since(sanction: UUID, f: Facts) -> date | None:
    """Since when a decision is public; None: it is not. Of several decisions of a case each for itself: an earlier one may still wait to be taken down."""
    since: str | None = f.get("public", {}).get(str(sanction))
    return date.fromisoformat(since) if since else None


def _public_till_fulfilled(e: b.SanctionFulfilled, f: Facts) -> Iterable[Opening]:
    """What waited for its fulfilment has a last day from now on."""
    if f.get("waits") and (since := _public_since(e.sanction, f)) and f.get("until"):
        yield Opening(str(e.sanction), start=since, due_on=_shown_until(date.fromisoformat(f["until"]), f))


def _public_again(e: b.SanctionCorrected, f: Facts) -> Iterable[Opening]:
    if (since := _public_since(e.sanction, f)) and e.last_day is not None:
        yield Opening(str(e.sanction), start=since, due_on=_shown_until(e.last_day, f))


def _service(e: b.SanctionDecided, f: Facts) -> Iterable[Opening]:
    yield Opening(str(e.sanction), start=e.decided_on, rule="penalty.serve")


def _public_notice(e: b.SanctionServed, f: Facts) -> Iterable[Opening]:
    """A public notice counts as service at its end; only then do the measures begin."""
    if e.effective_on > e.served_on and f.get("planned"):
        yield Opening(str(e.sanction), start=e.served_on, due_on=e.effective_on)


def _fulfil(e: b.SanctionServed, f: Facts) -> Iterable[Opening]:
    yield Opening(str(e.sanction), start=e.effective_on, rule="penalty.pay_fine" if f.get("fined") else "office.fulfilment")


def _to_demand(e: b.SanctionServed, f: Facts) -> Iterable[Opening]:
    """From the day after the one by which it was to be fulfilled."""
    past = date.fromisoformat(f["perform_by"])
    yield Opening(str(e.sanction), start=past, rule="penalty.demand", opens_on=past + timedelta(days=1))


def _to_court(e: b.EnforcementDemanded | b.ReviewEnded, f: Facts) -> Iterable[Opening]:
    """A penalty goes to the court when the demand was in vain and the time for review and suit is over."""
    if f.get("kind") == "administrative" and f.get("demanded") and "remedies_end" in f and not f.get("pending"):
        sanction, in_vain = f["demanded"]
        over = date.fromisoformat(f["remedies_end"])
        opens_on = max(over, date.fromisoformat(in_vain)) + timedelta(days=1)
        yield Opening(sanction, start=over, rule="penalty.court", opens_on=opens_on)


def _measure(e: b.MeasureApplied, f: Facts) -> Iterable[Opening]:
    yield Opening(f"{e.sanction}/{e.measure}", start=e.applied_on, due_on=e.ends_on, title=e.measure)


def _measures_after(e: b.PublicityEnded, f: Facts) -> Iterable[Opening]:
    """What was to last as long as the record is lifted when the record has run out."""
    if e.why == "expired":
        for sanction, measure in f.get("endless", []):
            if sanction == str(e.sanction):
                yield Opening(f"{sanction}/{measure}", start=e.ended_on, rule="office.measure_lift", title=measure)


def _withdraw(e: Any, f: Facts) -> Iterable[Opening]:
    if _public_since(e.sanction, f):
        yield Opening(str(e.sanction), start=e.day, rule="publicity.withdraw")


def _fallen(e: b.PublicityEnded, f: Facts) -> Iterable[str] | None:
    """Measures end with the record, unless it merely ran out: then they are lifted by an act."""
    return None if e.why != "expired" else ()


SANCTION: tuple[Loop, ...] = (
    Loop(
        "service",
        "决定送达",
        "sanctions",
        "supervisor",
        "service",
        {b.SanctionDecided: _service},
        {b.SanctionServed: by("sanction"), b.SanctionRevoked: by("sanction")},
    ),
    Loop(
        "repair_notice",
        "信用修复告知书",
        "sanctions",
        "supervisor",
        "service",
        {b.SanctionDecided: lambda e, f: _service(e, f) if e.repairable_from else []},
        {b.RepairNoticeServed: by("sanction"), b.SanctionRevoked: by("sanction")},
    ),
    Loop(
        "publication",
        "公示",
        "sanctions",
        "supervisor",
        "publication",
        {b.SanctionDecided: _publish},
        {
            b.SanctionPublished: by("sanction"),
            b.SanctionRevoked: by("sanction"),
            b.PublicityEnded: by("sanction"),
            b.WindowEnded: end("publication"),
        },
    ),
    Loop(
        "public_notice",
        "公告送达期",
        "sanctions",
        "rule",
        "service",
        {b.SanctionServed: _public_notice},
        {b.WindowEnded: end("public_notice"), b.SanctionRevoked: by("sanction")},
        window=True,
    ),
    Loop(
        "publicity",
        "公示期",
        "sanctions",
        "rule",
        "publicity",
        {b.SanctionPublished: _public, b.SanctionCorrected: _public_again, b.RecordReclassified: _public_again, b.SanctionFulfilled: _public_till_fulfilled},
        {
            b.SanctionFulfilled: lambda e, f: [str(e.sanction)] if f.get("waits") else (),
            b.PublicityEnded: by("sanction"),
            b.PublicityWithdrawn: by("sanction"),
            b.SanctionCorrected: by("sanction"),
            b.RecordReclassified: by("sanction"),
        },
        window=True,
    ),
    Loop(
        "withdrawal",
        "撤下或更正公示",
        "sanctions",
        "supervisor",
        "withdrawal-of-publicity",
        {b.SanctionRevoked: _withdraw, b.SanctionCorrected: _withdraw, b.RecordReclassified: _withdraw},
        {b.PublicityWithdrawn: by("sanction"), b.PublicityEnded: by("sanction"), b.SanctionPublished: by("sanction")},
    ),
    Loop(
        "fulfilment",
        "履行决定",
        "sanctions",
        "party",
        "fulfilment",
        {b.SanctionServed: _fulfil},
        {b.SanctionFulfilled: by("sanction"), b.SanctionRevoked: by("sanction")},
    ),
    Loop(
        "enforcement",
        "催告",
        "sanctions",
        "supervisor",
        "enforcement-demand",
        {b.SanctionServed: _to_demand},
        {b.EnforcementDemanded: by("sanction"), b.SanctionFulfilled: by("sanction"), b.SanctionRevoked: by("sanction")},
    ),
    Loop(
        "court",
        "申请强制执行",
        "sanctions",
        "supervisor",
        "court-enforcement",
        {b.EnforcementDemanded: _to_court, b.ReviewEnded: _to_court},
        {b.ReviewOpened: every, b.CourtAsked: by("sanction"), b.SanctionFulfilled: by("sanction"), b.SanctionRevoked: by("sanction")},
    ),
    Loop(
        "measure",
        "惩戒措施",
        "sanctions",
        "authority",
        "measures",
        {b.MeasureApplied: _measure, b.PublicityEnded: _measures_after},
        {
            b.MeasureLifted: lambda e, f: [f"{e.sanction}/{e.measure}"],
            b.SanctionRevoked: every,
            b.PublicityEnded: _fallen,
        },
    ),
    Loop(
        "objection",
        "异议",
        "sanctions",
        "decider",
        "objections",
        {b.ObjectionFiled: lambda e, f: [Opening(str(e.objection), start=e.filed_on, rule="office.objection")]},
        {b.ObjectionDecided: by("objection")},
    ),
    Loop(
        "review",
        "复议或诉讼",
        "sanctions",
        "outside",
        "review",
        {b.ReviewOpened: lambda e, f: [Opening(str(e.review), start=e.opened_on, rule="office.review")]},
        {b.ReviewEnded: by("review")},
    ),
    Loop(
        "touched_decision",
        "据以作出的事实有变",
        "sanctions",
        "decider",
        "touches",
        {b.DecisionTouched: lambda e, f: [Opening(str(e.touch), start=e.found_on, rule="office.touch", title=e.what)]},
        {b.TouchAnswered: by("touch")},
    ),
)
