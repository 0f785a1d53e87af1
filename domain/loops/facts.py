"""What a stream remembers for its loops. Values are plain JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from domain.access.events import OrganisationRegistered, OverdueDisclosed
from domain.breach import events as b
from domain.breach.catalogue import needs_collective_decision, needs_legal_review, under_procurement
from domain.contract import events as c
from domain.contract.rules import SMALL
from domain.events import Event
from domain.loops.organisation import note_year
from domain.loops.shape import Facts, amount
from domain.party import events as p
from domain.policy.missing import NoSuchRule
from domain.policy.publicity import needs_fulfilment
from domain.repair import events as r
from domain.terms import Obligation, PaymentTerm

if TYPE_CHECKING:
    from domain.policy.book import Book


def note(event: Event, facts: Facts, position: int = 0) -> None:
    """Keep of a stream what later openings and closings need. `position` of the event, where it stops or starts a clock."""
    if (noting := CHAPTERS.get(event.topic.partition(".")[0])) is not None:
        noting(event, facts, position)


def _note_of_contract(event: Event, facts: Facts, _: int) -> None:
    match event:
        case c.ContractSigned():
            facts.update(
                payments={one.ref: _term(one) for one in event.payments},
                paid={}, sizes={one.ref: one.size for one in event.contractors}, small=any(one.size in SMALL for one in event.contractors),
                starts_on=(event.starts_on or event.holds_from).isoformat(), ends_on=event.ends_on.isoformat() if event.ends_on else "",
                security=event.security is not None, retention=str(event.retention_percent),
                titles={one.ref: one.title for one in event.obligations}, accepting=_accepting(event.obligations))  # fmt: skip
        case c.ContractAmended():
            facts.setdefault("payments", {}).update({one.ref: _term(one) for one in event.payments})
            facts.setdefault("titles", {}).update({one.ref: one.title for one in event.obligations})
            facts["accepting"] = {**facts.get("accepting", {}), **_accepting(event.obligations)}
            if event.ends_on is not None:
                facts["ends_on"] = event.ends_on.isoformat()
        case c.ContractAssigned() if event.side == "contractor":
            facts["sizes"] = {**{ref: size for ref, size in facts.get("sizes", {}).items() if ref != event.leaves}, event.comes.ref: event.comes.size}
            facts["small"] = any(size in SMALL for size in facts["sizes"].values())
        case c.LateRateAgreed():
            facts["rates"] = [*facts.get("rates", []), [event.agreed_on.isoformat(), str(event.percent), event.per]]
        case c.CheckPlanned():
            facts["modes"] = {**facts.get("modes", {}), str(event.check): event.mode}
        case c.ObligationFulfilled():
            facts["fulfilled"] = {**facts.get("fulfilled", {}), event.ref: event.fulfilled_on.isoformat()}
        case c.PaymentMade() if event.ref:
            paid: dict[str, str] = dict(facts.get("paid", {}))
            paid[event.ref] = str(amount(paid.get(event.ref, "0")) + event.value.amount)
            facts["paid"] = paid


def _accepting(obligations: Iterable[Obligation]) -> dict[str, str]:
    """What the authority owes by a day, such as an acceptance by the agreed end of inspection."""
    return {one.ref: one.due_on.isoformat() for one in obligations if one.owed_by == "authority" and one.due_on is not None}


def _term(one: PaymentTerm) -> list[Any]:
    return [str(one.value.amount), one.value.currency, one.after, one.term_days, one.title, one.due_on.isoformat() if one.due_on else None]


def _note_of_case(event: Event, facts: Facts, _: int) -> None:
    match event:
        case b.CaseOpened():
            facts.update(kind=event.kind, opened_on=event.opened_on.isoformat(), keeper=event.keeper)
        case b.CaseWorksClassed():
            facts["works"] = event.works
        case b.CaseHandedOver():
            facts["keeper"] = event.to
        case b.RecusalDecided() if event.recused and facts.get("keeper") == event.account:
            facts["keeper"] = None  # until it is handed over, whoever supervises there
        case b.NoticeServed():
            facts["notice"] = event.window_on.isoformat()
            facts["notices"] = facts.get("notices", 0) + 1
            facts.update(reviewed=False, collective=False, hearing_pending=False)
        case b.BreachConfirmed():
            facts.update(kind=event.kind, confirmed=True)
        case b.ReferralAnswered():
            facts["referred"] = False
            if event.outcome == "confirmed":
                facts["confirmed"] = True
        case _:
            facts.update(NOTED.get(type(event), {}))
            _note_of_sanction(event, facts)


NOTED: Mapping[type[Event], Mapping[str, bool]] = {
    b.FindingReferred: {"referred": True},
    b.StatementReceived: {"reviewed": False},
    b.HearingRequested: {"hearing_pending": True},
    b.HearingHeard: {"reviewed": False, "hearing_pending": False},
    b.LegalReviewPassed: {"reviewed": True},
    b.CollectiveDecisionMade: {"collective": True},
}


def _note_of_sanction(event: Event, facts: Facts) -> None:
    match event:
        case b.SanctionDecided():
            facts["decided_on"] = event.decided_on.isoformat()
            facts["recipients"] = list(event.recipients)
            facts["fined"], facts["planned"] = event.fine is not None, list(event.measures)
            facts.pop("fulfilled_on", None)
        case b.SanctionPublished():
            facts["until"] = event.until.isoformat()
        case b.SanctionCorrected() | b.RecordReclassified() if event.last_day is not None:
            facts["until"] = event.last_day.isoformat()
        case b.CourtAsked() | b.SanctionFulfilled() | b.SanctionRevoked():
            facts.pop("demanded", None)
            if isinstance(event, b.SanctionFulfilled):
                facts["fulfilled_on"] = event.fulfilled_on.isoformat()
        case b.ReviewOpened():
            facts["pending"] = facts.get("pending", 0) + 1
        case b.ReviewEnded():
            facts["pending"] = max(facts.get("pending", 0) - 1, 0)
        case b.MeasureApplied() if event.ends_on is None:
            facts["endless"] = [*facts.get("endless", []), [str(event.sanction), event.measure]]
        case b.MeasureLifted():
            facts["endless"] = [one for one in facts.get("endless", []) if one != [str(event.sanction), event.measure]]


def _note_of_repair(event: Event, facts: Facts, position: int) -> None:
    match event:
        case r.RepairApplied():
            facts.update(applied_on=event.applied_on.isoformat(), stops=[], recipients=list(event.recipients))
        case r.SupplementRequested():
            facts["stops"] = [*facts.get("stops", []), [event.requested_on.isoformat(), None, _cited(event, position), None]]
        case r.SupplementProvided() | r.RepairWindowEnded():
            stops = [list(one) for one in facts.get("stops", [])]
            if stops and stops[-1][1] is None:
                stops[-1][1:] = [event.day.isoformat(), stops[-1][2], _cited(event, position)]
            facts["stops"] = stops
        case r.RecipientAcknowledged():
            facts["recipients"] = [one for one in facts.get("recipients", []) if one != event.recipient]


def _cited(event: Event, position: int) -> str:
    """An event as a receipt names it: topic and log position."""
    return f"{event.topic.partition('/')[0]}@{position}"


CHAPTERS: Mapping[str, Callable[[Event, Facts, int], None]] = {"contract": _note_of_contract, "case": _note_of_case, "repair": _note_of_repair}


def note_law(event: Event, facts: Facts, book: Book) -> None:
    """Keep what the law of the day makes of an event."""
    if (noting := LAW.get(type(event))) is not None:
        noting(event, facts, book)


def _at_signing(event: c.ContractSigned, facts: Facts, book: Book) -> None:
    _note_years(event, facts, book)
    flag = event.government_procurement
    facts["procurement"] = under_procurement(book, event.type, event.holds_from) if flag is None else flag


def _at_fulfilment(event: c.ObligationFulfilled, facts: Facts, book: Book) -> None:
    facts["late_acceptance"] = _has_rule(book, "sme.late_acceptance", event.fulfilled_on)


def _at_notice(event: b.NoticeServed, facts: Facts, book: Book) -> None:
    last = book.deadline("office.statement_window", event.window_on, with_days=False)[0].on
    penal, types = facts.get("kind") == "administrative", event.proposed.decision_types
    facts["window_end"] = last.isoformat()
    facts["review"] = penal and needs_legal_review(book, types, event.served_on)
    facts["together"] = penal and needs_collective_decision(book, types, event.served_on)


def _at_decision(event: b.SanctionDecided, facts: Facts, book: Book) -> None:
    facts["waits"] = needs_fulfilment(book, event.decided_on)


def _at_service(event: b.SanctionServed, facts: Facts, book: Book) -> None:
    rule = "penalty.pay_fine" if facts.get("fined") else "office.fulfilment"
    facts["perform_by"] = book.deadline(rule, event.effective_on, with_days=False)[0].on.isoformat()
    facts["remedies_end"] = book.deadline("penalty.suit", event.effective_on, with_days=False)[0].on.isoformat()


def _at_demand(event: b.EnforcementDemanded, facts: Facts, book: Book) -> None:
    in_vain = book.deadline("penalty.demand", event.demanded_on, with_days=False)[0].on
    facts["demanded"] = [str(event.sanction), in_vain.isoformat()]


def _after_review(event: b.ReviewEnded, facts: Facts, book: Book) -> None:
    if "remedies_end" in facts:
        last = book.deadline("penalty.suit_after_review", event.ended_on, with_days=False)[0].on
        facts["remedies_end"] = max(facts["remedies_end"], last.isoformat())


def _note_promise(event: p.CommitmentMade, facts: Facts, book: Book) -> None:
    """Until when a commitment runs, and whether the office's pack gives a time for looking at it."""
    facts["promised_on"], facts["matter"] = event.made_on.isoformat(), event.matter
    facts["promised_until"] = event.ends_on.isoformat() if event.ends_on else None
    last = event.ends_on or book.deadline("office.commitment", event.made_on, with_days=False)[0].on
    facts["promised_last"] = last.isoformat()
    facts["reviewed"] = _has_rule(book, "office.commitment_review", event.made_on)


def _note_years(event: c.ContractSigned | c.ContractAmended | c.CheckCarriedOut, facts: Facts, book: Book) -> None:
    """Of a contract that runs longer than the law calls long: from which day its next yearly check is counted, and until when."""
    if isinstance(event, c.CheckCarriedOut):
        if facts.get("modes", {}).get(str(event.check)) != "yearly":
            return
        facts["yearly_from"] = event.carried_out_on.isoformat()
    since = facts.get("yearly_from") or facts.get("starts_on")
    if not since or not facts.get("ends_on"):
        return
    begun = date.fromisoformat(facts["starts_on"])
    if facts["ends_on"] > book.deadline("office.long_contract", begun, with_days=False)[0].on.isoformat():
        facts["yearly_from"] = since
        facts["yearly_due"] = book.deadline("office.yearly_check", date.fromisoformat(since), with_days=False)[0].on.isoformat()


def _has_rule(book: Book, name: str, on: date) -> bool:
    """Does a rule stand on a day? In an office that has not adopted a pack with it, it does not."""
    try:
        return book.rule_if_any(name, on) is not None
    except NoSuchRule:
        return False


LAW: Mapping[type[Event], Callable[[Any, Facts, Book], None]] = {
    OrganisationRegistered: note_year,
    OverdueDisclosed: note_year,
    c.ContractSigned: _at_signing,
    c.ContractAmended: _note_years,
    c.CheckCarriedOut: _note_years,
    c.ObligationFulfilled: _at_fulfilment,
    b.NoticeServed: _at_notice,
    b.SanctionDecided: _at_decision,
    b.SanctionServed: _at_service,
    b.EnforcementDemanded: _at_demand,
    b.ReviewEnded: _after_review,
    p.CommitmentMade: _note_promise,
}
