"""闭环事项: the closed loop as data. What opens each loop, what closes it, who owes it, by when, and what comes next.

The desk, the lifecycle picture, what-comes-next, reminders and the closure of a case all read this one table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from domain.breach import events as b
from domain.breach.catalogue import needs_legal_review, under_procurement
from domain.contract import events as c
from domain.contract.rules import SMALL
from domain.days.deadline import Receipt, Stop, deadline
from domain.events import Event
from domain.repair import events as r
from domain.rules import Basis

if TYPE_CHECKING:
    from domain.policy.book import Book

STAGES = ("signing", "checks", "findings", "sanctions", "repair", "closed")
CONTRACT = "contract"
AGREED = Basis("contract", 1, "agreed", "合同约定", "confirmed")


class Opening(NamedTuple):
    """A loop that an event opens: from when, and by which rule (or own day) it is due."""

    key: str = ""
    start: date | None = None
    rule: str | None = None
    due_on: date | None = None
    length: int | None = None
    opens_on: date | None = None
    owed_by: str | None = None
    title: str = ""
    total: str | None = None  # a second rule that also ends it: (rule counted from `total_from`)
    total_from: date | None = None
    account: str | None = None
    next: str | None = None  # where the table's own would lead astray
    ends_on: date | None = None  # the day after which nobody can close it any more


Facts = MutableMapping[str, Any]
Opens = Callable[[Any, Facts], Iterable[Opening]]
Closes = Callable[[Any, Facts], "Iterable[str] | None"]  # keys; None: every open one of this kind


class Loop(NamedTuple):
    """One kind of loop. A window closes by its own end; everything else only by an event."""

    kind: str
    zh: str
    stage: str
    owed_by: str
    next: str
    opens: Mapping[type[Event], Opens]
    closes: Mapping[type[Event], Closes]
    window: bool = False
    holds_case: bool = True  # must be closed before its case may be


class Open(NamedTuple):
    """An open loop as it is kept in a view: everything that its deadline can be told from again."""

    kind: str
    key: str
    stage: str
    owed_by: str
    next: str
    title: str
    start: date | None
    rule: str | None
    length: int | None
    unit: str
    due_on: date | None
    provisional: bool
    opens_on: date
    ends_on: date | None  # of a window: its last day
    stops: list[list[str | None]]
    total: str | None
    total_from: date | None
    basis: Basis | None
    account: str | None


def _all(_: Any, __: Facts) -> None:
    return None


def _by(field: str) -> Closes:
    return lambda e, f: [str(getattr(e, field))]


def _once(rule: str, start: str, **more: Any) -> Opens:
    return lambda e, f: [Opening(start=getattr(e, start), rule=rule, **more)]


# -- what a stream remembers for its loops


def note(event: Event, facts: Facts) -> None:
    """Keep of a stream what later openings and closings need. Values are plain JSON."""
    match event:
        case c.ContractSigned():
            facts.update(
                payments={one.ref: [str(one.value.amount), one.value.currency, one.after, one.term_days, one.title] for one in event.payments},
                paid={}, small=any(one.size in SMALL for one in event.contractors),
                security=event.security is not None, retention=str(event.retention_percent),
                titles={one.ref: one.title for one in event.obligations})  # fmt: skip
        case c.ContractAmended():
            facts.setdefault("payments", {}).update(
                {one.ref: [str(one.value.amount), one.value.currency, one.after, one.term_days, one.title] for one in event.payments})
            facts.setdefault("titles", {}).update({one.ref: one.title for one in event.obligations})
        case c.ObligationFulfilled():
            facts["fulfilled"] = {**facts.get("fulfilled", {}), event.ref: event.fulfilled_on.isoformat()}
        case c.PaymentMade() if event.ref:
            paid: dict[str, str] = dict(facts.get("paid", {}))
            paid[event.ref] = str(_amount(paid.get(event.ref, "0")) + event.value.amount)
            facts["paid"] = paid
        case b.CaseOpened():
            facts.update(kind=event.kind, opened_on=event.opened_on.isoformat(), keeper=event.by)
        case b.CaseHandedOver():
            facts["keeper"] = event.to
        case b.NoticeServed():
            facts["notice"] = event.window_on.isoformat()
            facts["notices"] = facts.get("notices", 0) + 1
        case b.BreachConfirmed():
            facts.update(kind=event.kind, confirmed=True)
        case b.ReferralAnswered() if event.outcome == "confirmed":
            facts["confirmed"] = True
        case b.SanctionDecided():
            facts["decided_on"] = event.decided_on.isoformat()
            facts["recipients"] = list(event.recipients)
            facts["fined"], facts["planned"] = event.fine is not None, list(event.measures)
        case b.MeasureApplied() if event.ends_on is None:
            facts["endless"] = [*facts.get("endless", []), [str(event.sanction), event.measure]]
        case b.MeasureLifted():
            facts["endless"] = [one for one in facts.get("endless", []) if one != [str(event.sanction), event.measure]]
        case r.RepairApplied():
            facts.update(applied_on=event.applied_on.isoformat(), stops=[], recipients=list(event.recipients))
        case r.SupplementRequested():
            facts["stops"] = [*facts.get("stops", []), [event.requested_on.isoformat(), None, "repair.supplement_requested"]]
        case r.SupplementProvided() | r.RepairWindowEnded():
            stops = [list(one) for one in facts.get("stops", [])]
            if stops and stops[-1][1] is None:
                stops[-1][1] = event.day.isoformat()
            facts["stops"] = stops
        case r.RecipientAcknowledged():
            facts["recipients"] = [one for one in facts.get("recipients", []) if one != event.recipient]


def _amount(text: str) -> Decimal:
    return Decimal(text)


# -- openings and closings that need more than a line


def _obligations(e: c.ContractSigned | c.ContractAmended, f: Facts) -> Iterable[Opening]:
    for one in e.obligations:
        yield Opening(one.ref, start=e.day, due_on=one.due_on, owed_by=one.owed_by, title=one.title)


def _payments_at_signing(e: c.ContractSigned | c.ContractAmended, f: Facts) -> Iterable[Opening]:
    for one in e.payments:
        done = f.get("fulfilled", {}).get(one.after)
        if _amount(f.get("paid", {}).get(one.ref, "0")) >= one.value.amount > 0:
            continue
        if one.due_on is not None:
            yield Opening(one.ref, start=e.day, due_on=one.due_on, title=one.title or one.ref)
        elif one.after is None or done is not None:
            start = date.fromisoformat(done) if done is not None else e.day
            yield _payment(one.ref, one.term_days, one.value.currency, one.title, start, f)


def _payments_after(e: c.ObligationFulfilled, f: Facts) -> Iterable[Opening]:
    for ref, (_, currency, after, term_days, title) in f.get("payments", {}).items():
        if after == e.ref:
            yield _payment(ref, term_days, currency, title, e.fulfilled_on, f)


def _payment(ref: str, term_days: int | None, currency: str, title: str | None, start: date, f: Facts) -> Opening:
    capped = f.get("small") and currency == "CNY"
    rule = "sme.max_days" if capped and term_days is not None else "sme.default_days" if capped else None
    return Opening(ref, start=start, rule=rule, length=term_days, title=title or ref)


def _paid_in_full(e: c.PaymentMade, f: Facts) -> Iterable[str]:
    term = f.get("payments", {}).get(e.ref)
    if term is not None and _amount(f.get("paid", {}).get(e.ref, "0")) >= _amount(term[0]):
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
    if _amount(f.get("retention", "0")) > 0:
        yield Opening(start=e.day, rule="office.retention_release")


def _review_wanted(e: Any, f: Facts) -> Iterable[Opening]:
    if f.get("review") and not f.get("decided_on"):
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
    if f.get("confirmed"):
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


def _publish(e: b.SanctionDecided, f: Facts) -> Iterable[Opening]:
    if e.to_be_published:
        yield Opening(str(e.sanction), start=e.decided_on, rule="publicity.publish", ends_on=e.last_day)


def _public(e: b.SanctionPublished, f: Facts) -> Iterable[Opening]:
    yield Opening(str(e.sanction), start=e.published_on, due_on=e.until)


def _public_again(e: b.SanctionCorrected, f: Facts) -> Iterable[Opening]:
    if f.get("public") and e.last_day is not None:
        yield Opening(str(e.sanction), start=date.fromisoformat(f["public"]), due_on=e.last_day)


def _service(e: b.SanctionDecided, f: Facts) -> Iterable[Opening]:
    yield Opening(str(e.sanction), start=e.decided_on, rule="penalty.serve")


def _public_notice(e: b.SanctionServed, f: Facts) -> Iterable[Opening]:
    """A public notice counts as service at its end; only then do the measures begin."""
    if e.effective_on > e.served_on and f.get("planned"):
        yield Opening(str(e.sanction), start=e.served_on, due_on=e.effective_on)


def _fulfil(e: b.SanctionServed, f: Facts) -> Iterable[Opening]:
    yield Opening(str(e.sanction), start=e.effective_on, rule="penalty.pay_fine" if f.get("fined") else "office.fulfilment")


def _measure(e: b.MeasureApplied, f: Facts) -> Iterable[Opening]:
    yield Opening(f"{e.sanction}/{e.measure}", start=e.applied_on, due_on=e.ends_on, title=e.measure)


def _measures_after(e: b.PublicityEnded, f: Facts) -> Iterable[Opening]:
    """What was to last as long as the record is lifted when the record has run out."""
    if e.why == "expired":
        for sanction, measure in f.get("endless", []):
            if sanction == str(e.sanction):
                yield Opening(f"{sanction}/{measure}", start=e.ended_on, rule="office.measure_lift", title=measure)


def _withdraw(e: Any, f: Facts) -> Iterable[Opening]:
    if f.get("public"):
        yield Opening(str(getattr(e, "sanction", "")), start=e.day, rule="publicity.withdraw")


def _accept(e: Any, f: Facts) -> Iterable[Opening]:
    yield Opening(start=date.fromisoformat(f["applied_on"]), rule="repair.accept", opens_on=e.day)


def _decide(e: r.RepairAccepted, f: Facts) -> Iterable[Opening]:
    applied = date.fromisoformat(f["applied_on"])
    yield Opening(start=e.accepted_on, rule="repair.decide", total="repair.total", total_from=applied)


def _extended(e: r.RepairTermExtended, f: Facts) -> Iterable[Opening]:
    """The extension is added to the term that was running."""
    start = date.fromisoformat(f["decide_by"]) if f.get("decide_by") else e.extended_on
    yield Opening(start=start, rule="repair.extend", total_from=date.fromisoformat(f["applied_on"]), opens_on=e.extended_on)


def _accept_again(e: r.RepairObjectionDecided, f: Facts) -> Iterable[Opening]:
    if e.outcome == "upheld":
        yield Opening(start=e.decided_on, rule="repair.accept")


def _recipients(e: r.RepairApproved, f: Facts) -> Iterable[Opening]:
    for one in f.get("recipients", []):
        yield Opening(one, start=e.decided_on, rule="repair.sync", title=one)


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


def _end(kind: str) -> Closes:
    return lambda e, f: [e.loop.partition(":")[2]] if e.loop.partition(":")[0] == kind else ()


def _not_penal(e: b.BreachConfirmed, f: Facts) -> Iterable[str] | None:
    return None if e.kind != "administrative" else ()


def _fallen(e: b.PublicityEnded, f: Facts) -> Iterable[str] | None:
    """Measures end with the record, unless it merely ran out: then they are lifted by an act."""
    return None if e.why != "expired" else ()


DECIDED: dict[type[Event], Closes] = {b.CaseDismissed: _all, b.TransferredToAuthority: _all, b.CaseClosed: _all}
ENDED: dict[type[Event], Closes] = {c.ContractTerminated: _all, c.ContractSettled: _all}

LOOPS: tuple[Loop, ...] = (
    # kind, zh, stage, owed by, next act, opens, closes
    Loop("contract_published", "合同公告", "signing", "supervisor", "publication", {c.ContractSigned: _under_procurement("procurement.publish_contract")}, {c.ContractPublished: _all}),
    Loop("contract_filed", "合同备案", "signing", "supervisor", "filing", {c.ContractSigned: _under_procurement("procurement.file_contract")}, {c.ContractFiled: _all}),
    Loop("obligation", "履约义务", "checks", "contractor", "obligations", {c.ContractSigned: _obligations, c.ContractAmended: _obligations},
         {c.ObligationFulfilled: _by("ref"), c.ObligationWaived: _by("ref"), **ENDED}),
    Loop("payment", "付款", "checks", "authority", "payments", {c.ContractSigned: _payments_at_signing, c.ContractAmended: _payments_at_signing, c.ObligationFulfilled: _payments_after},
         {c.PaymentMade: _paid_in_full, c.ContractSettled: _all}),
    Loop("planned_check", "履约检查", "checks", "supervisor", "checks", {c.CheckPlanned: lambda e, f: [Opening(str(e.check), start=e.recorded_on, due_on=e.planned_on)]},
         {c.CheckCarriedOut: _by("check"), c.CheckCancelled: _by("check")}),
    Loop("security", "履约保证金", "checks", "authority", "security-return", {c.ContractCompleted: _security_at_end, c.ContractTerminated: _security_at_end}, {c.SecurityReturned: _all}),
    Loop("retention", "质量保证金", "checks", "authority", "retention-release", {c.ContractCompleted: _retention_at_end, c.ContractTerminated: _retention_at_end}, {c.RetentionReleased: _all}),
    Loop("settlement", "结算", "closed", "authority", "settlement", {c.ContractCompleted: _once("office.settlement", "completed_on"), c.ContractTerminated: _once("office.settlement", "terminated_on")}, {c.ContractSettled: _all}),
    Loop("suspension", "中止的合同", "checks", "authority", "resumption", {c.ContractSuspended: _once("office.suspension", "suspended_on")},
         {c.ContractResumed: _all, c.ContractTerminated: _all, c.ContractCompleted: _all}),
    Loop("notice", "告知", "findings", "supervisor", "notice", {b.CaseOpened: _once("office.notice", "opened_on"), b.ReferralAnswered: _notice_again},
         {b.NoticeServed: _all, b.RectificationVerified: _passed_unconfirmed, b.FindingReferred: _all, **DECIDED}),
    Loop("statement_window", "陈述申辩期", "findings", "party", "statement", {b.NoticeServed: _statement_window},
         {b.NoticeServed: _all, b.StatementReceived: _all, b.WindowEnded: _end("statement_window"), **DECIDED}, window=True),
    Loop("hearing_window", "听证要求期", "findings", "party", "hearing", {b.NoticeServed: _hearing_window},
         {b.NoticeServed: _all, b.HearingRequested: _all, b.WindowEnded: _end("hearing_window"), b.SanctionDecided: _all, **DECIDED}, window=True),
    Loop("hearing_notice", "听证通知", "findings", "supervisor", "hearing", {b.HearingRequested: _once("office.hearing_notify", "requested_on")}, {b.NoticeServed: _all, b.HearingNotified: _all, b.HearingHeard: _all, **DECIDED}),
    Loop("hearing", "听证", "findings", "chair", "hearing", {b.HearingNotified: lambda e, f: [Opening(start=e.notified_on, due_on=e.to_be_held_on)]},
         {b.NoticeServed: _all, b.HearingHeard: _all, **DECIDED}),
    Loop("legal_review", "法制审核", "findings", "legal", "legal-review", {b.StatementReceived: _review_wanted, b.HearingHeard: _review_wanted,
                                                                      b.WindowEnded: lambda e, f: _review_wanted(e, f) if e.loop.startswith("statement_window") else ()},
         {b.LegalReviewPassed: _all, b.BreachConfirmed: _not_penal, b.SanctionDecided: _all, b.NoticeServed: _all, **DECIDED}),
    Loop("confirmation", "认定", "findings", "decider", "confirmation", {b.NoticeServed: _confirmation, b.ReferralAnswered: _confirmation_again},
         {b.BreachConfirmed: _all, b.FindingReferred: _all, b.RectificationVerified: _passed_unconfirmed, **DECIDED}),
    Loop("rectification", "整改", "findings", "party", "rectification/report", {b.RectificationOrdered: _report_open, b.RectificationReported: _to_verify, b.RectificationVerified: _after_failure},
         {b.RectificationVerified: _passed, b.CaseDismissed: _all, b.TransferredToAuthority: _all}),
    Loop("referral", "移送上级", "findings", "superior", "referral/answer", {b.FindingReferred: _once("referral.answer", "referred_on")}, {b.ReferralAnswered: _all, **DECIDED}),
    Loop("sanction", "惩戒决定", "sanctions", "decider", "sanction", {b.BreachConfirmed: _sanctionable},
         {b.SanctionDecided: _all, **DECIDED}, holds_case=False),
    Loop("service", "决定送达", "sanctions", "supervisor", "service", {b.SanctionDecided: _service}, {b.SanctionServed: _by("sanction"), b.SanctionRevoked: _by("sanction")}),
    Loop("repair_notice", "信用修复告知书", "sanctions", "supervisor", "service", {b.SanctionDecided: lambda e, f: _service(e, f) if e.repairable_from else []},
         {b.RepairNoticeServed: _by("sanction"), b.SanctionRevoked: _by("sanction")}),
    Loop("publication", "公示", "sanctions", "supervisor", "publication", {b.SanctionDecided: _publish}, {b.SanctionPublished: _by("sanction"), b.SanctionRevoked: _by("sanction"), b.PublicityEnded: _by("sanction"), b.WindowEnded: _end("publication")}),
    Loop("public_notice", "公告送达期", "sanctions", "rule", "service", {b.SanctionServed: _public_notice}, {b.WindowEnded: _end("public_notice"), b.SanctionRevoked: _by("sanction")}, window=True),
    Loop("publicity", "公示期", "sanctions", "rule", "publicity", {b.SanctionPublished: _public, b.SanctionCorrected: _public_again, b.RecordReclassified: _public_again},
         {b.PublicityEnded: _by("sanction"), b.PublicityWithdrawn: _by("sanction"), b.SanctionCorrected: _by("sanction"), b.RecordReclassified: _by("sanction")}, window=True),
    Loop("withdrawal", "撤下或更正公示", "sanctions", "supervisor", "withdrawal-of-publicity", {b.SanctionRevoked: _withdraw, b.SanctionCorrected: _withdraw, b.RecordReclassified: _withdraw},
         {b.PublicityWithdrawn: _by("sanction"), b.PublicityEnded: _by("sanction"), b.SanctionPublished: _by("sanction")}),
    Loop("fulfilment", "履行决定", "sanctions", "party", "fulfilment", {b.SanctionServed: _fulfil}, {b.SanctionFulfilled: _by("sanction"), b.SanctionRevoked: _by("sanction")}),
    Loop("measure", "惩戒措施", "sanctions", "authority", "measures", {b.MeasureApplied: _measure, b.PublicityEnded: _measures_after},
         {b.MeasureLifted: lambda e, f: [f"{e.sanction}/{e.measure}"], b.SanctionRevoked: _all, b.PublicityEnded: _fallen}),
    Loop("objection", "异议", "sanctions", "decider", "objections", {b.ObjectionFiled: lambda e, f: [Opening(str(e.objection), start=e.filed_on, rule="office.objection")]}, {b.ObjectionDecided: _by("objection")}),
    Loop("review", "复议或诉讼", "sanctions", "outside", "review", {b.ReviewOpened: lambda e, f: [Opening(str(e.review), start=e.opened_on, rule="office.review")]}, {b.ReviewEnded: _by("review")}),
    Loop("repair_acceptance", "修复受理", "repair", "supervisor", "acceptance", {r.RepairApplied: _accept, r.SupplementProvided: _accept, r.RepairWindowEnded: _accept, r.RepairObjectionDecided: _accept_again},
         {r.RepairAccepted: _all, r.RepairRejected: _all, r.SupplementRequested: _all, r.RepairWithdrawn: _all}),
    Loop("repair_supplement", "补正", "repair", "applicant", "supplement", {r.SupplementRequested: _once("repair.supplement", "requested_on")},
         {r.SupplementProvided: _all, r.RepairWithdrawn: _all, r.RepairWindowEnded: _all}, window=True),
    Loop("repair_decision", "修复决定", "repair", "decider", "decision", {r.RepairAccepted: _decide, r.RepairTermExtended: _extended},
         {r.RepairApproved: _all, r.RepairRefused: _all, r.RepairWithdrawn: _all, r.RepairTermExtended: _all}),
    Loop("repair_synchronisation", "修复同步", "repair", "supervisor", "acknowledgements", {r.RepairApproved: _recipients}, {r.RecipientAcknowledged: _by("recipient"), r.RepairSynchronised: _all, r.RepairRevoked: _all}),
    Loop("repair_objection", "修复异议", "repair", "decider", "objections", {r.RepairObjectionFiled: lambda e, f: [Opening(str(e.objection), start=e.filed_on, rule="repair.objection")]}, {r.RepairObjectionDecided: _by("objection")}),
)  # fmt: skip

KIND = {loop.kind: loop for loop in LOOPS}
_opening: dict[type[Event], list[Loop]] = {}
_closing: dict[type[Event], list[Loop]] = {}
for _loop in LOOPS:
    for _kind in _loop.opens:
        _opening.setdefault(_kind, []).append(_loop)
    for _kind in _loop.closes:
        _closing.setdefault(_kind, []).append(_loop)

CONCERNED: tuple[type[Event], ...] = tuple(dict.fromkeys([*_opening, *_closing, c.ContractAmended, b.CaseHandedOver, r.RecipientAcknowledged]))


class Kept(NamedTuple):
    """How loops are kept: the facts of the stream, and its open loops by `kind:key`."""

    facts: Facts
    loops: MutableMapping[str, Open]


def tell(event: Event, kept: Kept, book: Book) -> None:
    """Fold one event into the loops of its stream: note, close, open."""
    before = dict(kept.facts)
    note(event, kept.facts)
    if isinstance(event, c.ContractSigned):
        flag = event.government_procurement
        kept.facts["procurement"] = under_procurement(book, event.type, event.holds_from) if flag is None else flag
    if isinstance(event, b.NoticeServed):
        _note_notice(event, kept.facts, book)
    for loop in _closing.get(type(event), ()):
        keys = loop.closes[type(event)](event, kept.facts)
        for name in [one for one in kept.loops if one.partition(":")[0] == loop.kind] if keys is None else [f"{loop.kind}:{key}" for key in keys]:
            kept.loops.pop(name, None)
    for loop in _opening.get(type(event), ()):
        for opening in loop.opens[type(event)](event, before if loop.kind == "withdrawal" else kept.facts):
            kept.loops[f"{loop.kind}:{opening.key}"] = _opened(loop, opening, event, kept.facts, book)
    _after(event, kept)


def _note_notice(event: b.NoticeServed, facts: Facts, book: Book) -> None:
    """When the statement window ends, and whether what is proposed needs a legal review."""
    facts["window_end"] = book.deadline("office.statement_window", event.window_on, with_days=False)[0].on.isoformat()
    facts["review"] = facts.get("kind") == "administrative" and needs_legal_review(book, event.proposed.decision_types, event.served_on)


def _after(event: Event, kept: Kept) -> None:
    match event:
        case r.RepairAccepted() if (running := kept.loops.get("repair_decision:")) is not None and running.due_on is not None:
            kept.facts["decide_by"] = running.due_on.isoformat()
        case b.NoticeServed() if (waiting := kept.loops.get("confirmation:")) is not None:
            end = date.fromisoformat(kept.facts["window_end"])
            kept.loops["confirmation:"] = waiting._replace(opens_on=end + timedelta(days=1))
        case b.SanctionPublished():
            kept.facts["public"] = event.published_on.isoformat()
        case b.PublicityEnded() | b.PublicityWithdrawn():
            kept.facts.pop("public", None)
        case b.StatementReceived() if (waiting := kept.loops.get("confirmation:")) is not None:
            kept.loops["confirmation:"] = waiting._replace(opens_on=event.received_on)


def _opened(loop: Loop, opening: Opening, event: Event, facts: Facts, book: Book) -> Open:
    return _place(loop, opening, opening.start or event.day, facts, book)


def _place(loop: Loop, opening: Opening, start: date, facts: Facts, book: Book) -> Open:
    stops = [list(one) for one in facts.get("stops", [])] if loop.stage == "repair" and loop.owed_by != "applicant" else []
    one = Open(
        loop.kind, opening.key, loop.stage, opening.owed_by or loop.owed_by, opening.next or loop.next, opening.title, start, opening.rule, opening.length,
        "date", opening.due_on, False, opening.opens_on or start, None, stops, opening.total, opening.total_from, None, opening.account,
    )  # fmt: skip
    receipt, basis = receipt_of(one, book, with_days=False)
    if receipt is None:
        return one._replace(basis=basis)
    return one._replace(due_on=receipt.on, unit=receipt.unit, length=receipt.count, provisional=receipt.provisional, basis=basis,
                        ends_on=receipt.on if loop.window else opening.ends_on)


def opened(kind: str, opening: Opening, book: Book) -> Open:
    """A loop as an opening alone would make it, for showing what is or was due."""
    assert opening.start is not None
    return _place(KIND[kind], opening, opening.start, {}, book)


def receipt_of(one: Open, book: Book, with_days: bool = True, today: date | None = None) -> tuple[Receipt | None, Basis | None]:
    """The deadline of a loop, day by day, and on what it rests. (None, None) when nothing sets one."""
    if one.start is None:
        return None, None
    if one.rule is None:
        if one.kind == "payment" and one.due_on is None and one.length is not None or one.unit == "calendar_days":
            return deadline(one.start, one.length or 0, "calendar_days", book.calendar(one.start), (), True, with_days), AGREED
        if one.due_on is None:
            return None, None
        return deadline(one.due_on, 0, "date", book.calendar(one.due_on)), AGREED
    stops = tuple(Stop(date.fromisoformat(str(after)), date.fromisoformat(through) if through else None, str(why)) for after, through, why in one.stops)
    if one.kind == "payment":
        return _payment_receipt(one, book, with_days)
    day = one.total_from or one.start
    receipt, basis = book.deadline(one.rule, one.start, on=day, stops=stops, today=today, with_days=with_days)
    if one.total is not None and one.total_from is not None:
        whole, whole_basis = book.deadline(one.total, one.total_from, on=day, stops=stops, today=today, with_days=with_days)
        if whole.on < receipt.on:
            return whole, whole_basis
    return receipt, basis


def _payment_receipt(one: Open, book: Book, with_days: bool) -> tuple[Receipt, Basis]:
    """The agreed term, capped for a small firm; the rule's own where none was agreed."""
    assert one.start is not None and one.rule is not None
    rule = book.rule(one.rule, one.start)
    longest = int(rule.count or 0)
    agreed = one.length if one.rule == "sme.max_days" and one.length is not None and one.length <= longest else None
    count = agreed if agreed is not None else longest
    receipt = deadline(one.start, count, "calendar_days", book.calendar(one.start), (), True, with_days)
    return receipt, AGREED if agreed is not None else rule.basis


def open_on(loops: Iterable[Open], day: date) -> list[Open]:
    """Those that are open on a day: begun, and not a window that has run out."""
    return [one for one in loops if one.opens_on <= day and (one.ends_on is None or day <= one.ends_on)]


def told(events: Iterable[Event], book: Book) -> Kept:
    """The loops of one stream, told from its events in order."""
    kept = Kept({}, {})
    for event in events:
        if isinstance(event, CONCERNED):
            tell(event, kept, book)
    return kept


def expired(loops: Iterable[Open], day: date) -> list[tuple[Open, date]]:
    """Windows whose end lies before a day and is not yet recorded: (loop, its last day)."""
    return [(one, one.ends_on) for one in loops if one.ends_on is not None and one.ends_on < day]

