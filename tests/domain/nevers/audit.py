"""What must never happen, said once more and otherwise than in the rules: of the events that were recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from domain import loops
from domain.access.account import Account, account_id
from domain.breach import events as b
from domain.breach import rules as breach_rules
from domain.breach.case import Case
from domain.events import SYSTEM, Event, Told
from domain.loops import KIND, Kept, open_on
from domain.policy.book import Book
from domain.repair import events as r
from domain.repair import rules as repair_rules
from domain.repair.repair import Repair
from domain.rules import holding
from domain.values.region import covers
from tests.domain.nevers.never import Never
from tests.domain.office import Office

E = TypeVar("E", bound=Event)
JUDGED = (
    b.LegalReviewPassed, b.HearingHeard, b.BreachConfirmed, b.CaseDismissed, b.SanctionDecided, b.SanctionCorrected, b.ObjectionDecided,
    b.RecordReclassified,
)  # fmt: skip
DECIDED = (b.BreachConfirmed, b.SanctionDecided)
WEIGHT = {"none": 0, "minor": 1, "ordinary": 2, "serious": 3}


def audit(office: Office, contract: UUID, cases: list[UUID], repairs: list[UUID]) -> None:
    histories = {case: office.events(case) for case in cases}
    applications = {repair: office.events(repair) for repair in repairs}
    for events in histories.values():
        sanctions_follow_their_procedure(office.book, events)
        different_people(events)
        no_aggravation(office.book, events)
        no_points_from_civil_or_authority(events)
        acts_in_their_region(office, events[0].region, events)  # type: ignore[attr-defined]
    points_count_once(histories)
    for events in applications.values():
        repair_has_its_time_and_papers(office.book, events, histories)
        acts_in_their_region(office, events[0].region, events)  # type: ignore[attr-defined]
    only_one_application_is_open(applications)
    for case, events in histories.items():
        closed_means_closed(office, events, [one for one in applications.values() if one[0].case == case])  # type: ignore[attr-defined]
        somebody_can_act(office, case, events)
    for repair, events in applications.items():
        somebody_can_act_on_it(office, repair, events)


def last(events: list[Event], kind: type[E]) -> E | None:
    return next((one for one in reversed(events) if isinstance(one, kind)), None)


def of(events: list[Event], *kinds: type[Event]) -> Iterator[Any]:
    return (one for one in events if isinstance(one, kinds))


# -- 1


def sanctions_follow_their_procedure(book: Book, events: list[Event]) -> None:
    for place, one in enumerate(events):
        if isinstance(one, b.SanctionDecided):
            _after_its_procedure(book, events[:place], one)
        if isinstance(one, b.MeasureApplied):
            rests = book.measure(one.measure, one.applied_on)
            in_force = [basis for basis in rests.bases if basis.is_in_force(one.applied_on)]
            if not in_force or not rests.credit_measure:
                raise Never(1, f"measure {one.measure} without a basis")


def _after_its_procedure(book: Book, before: list[Event], decided: b.SanctionDecided) -> None:
    notice = last(before, b.NoticeServed)
    if notice is None:
        raise Never(1, "a sanction without a notice")
    since, on = before[before.index(notice) :], decided.decided_on
    if not any(one.confirmed_on <= on for one in of(before, b.BreachConfirmed)) and not _confirmed_above(before):
        raise Never(1, "a sanction without a confirmed breach")
    end = book.deadline("office.statement_window", notice.window_on, with_days=False)[0].on
    if not (on > end or any(one.received_on <= on for one in of(since, b.StatementReceived))):
        raise Never(1, f"a sanction of {on} while the statement window runs to {end}")
    heard = [one for one in of(since, b.HearingHeard) if one.held_on <= on]
    if notice.hearing and not heard:
        last_day = book.deadline("penalty.hearing_request", notice.window_on, with_days=False)[0].on
        if on <= last_day or last(since, b.HearingRequested) is not None:
            raise Never(1, "a sanction before its hearing")
    kind = _kind(before)
    types = [book.decision_type(code, on) for code in decided.decision_types]
    if kind == "administrative" and any(one.legal_review for one in types):
        after = since[since.index(heard[-1]) :] if heard else since
        if not any(one.passed_on <= on for one in of(after, b.LegalReviewPassed)):
            raise Never(1, "a sanction without a legal review")
    if kind == "administrative" and any(one.collective for one in types) and not any(one.decided_on <= on for one in of(since, b.CollectiveDecisionMade)):
        raise Never(1, "what is major decided by one alone")
    _within_its_limitation(book, before, kind, on)
    if kind == "administrative" and any(one.hearing for one in types) and not notice.hearing:
        raise Never(1, "a sanction whose hearing was not offered")


def _within_its_limitation(book: Book, before: list[Event], kind: str, on: date) -> None:
    opened, confirmed = before[0], last(before, b.BreachConfirmed)
    assert isinstance(opened, b.CaseOpened)
    if kind != "administrative" or confirmed is None:
        return
    rule = "penalty.limitation_long" if confirmed.harm else "penalty.limitation"
    end = book.deadline(rule, confirmed.ended_on or opened.occurred_on, on=on, with_days=False)[0].on
    if opened.opened_on > end:
        raise Never(1, f"a sanction after the limitation, which ended on {end}")


def _confirmed_above(events: list[Event]) -> bool:
    return any(one.outcome == "confirmed" for one in of(events, b.ReferralAnswered))


def _kind(events: list[Event]) -> str:
    confirmed = last(events, b.BreachConfirmed)
    opened = events[0]
    assert isinstance(opened, b.CaseOpened)
    return confirmed.kind if confirmed else opened.kind


# -- 2


PERSON = {str(account_id("deputy")): str(account_id("everything"))}  # the walk's delegate, and for whom it acts


def person(account: str) -> str:
    return PERSON.get(account, account)


def different_people(events: list[Event]) -> None:
    opened = events[0]
    assert isinstance(opened, b.CaseOpened)
    recorders = {person(one) for one in (opened.by, *[proof.by for proof in opened.evidence])}
    if wrong := [one for one in of(events, *JUDGED) if person(one.by) in recorders]:
        raise Never(2, f"{wrong[0].topic} by one who recorded the finding")
    legal = {person(one.by) for one in of(events, b.LegalReviewPassed)}
    chairs = {person(one.chair) for one in of(events, b.HearingHeard)}
    deciders = {person(one.by) for one in of(events, *DECIDED)}
    handled = {person(one) for one in (opened.by, *[one.to for one in of(events, b.CaseHandedOver)])}
    if chairs & handled:
        raise Never(2, "a hearing chaired by one who handled the case")
    recused: set[str] = set()
    for one in events:
        if isinstance(one, b.RecusalDecided):
            (recused.add if one.recused else recused.discard)(person(one.account))
        elif isinstance(one, (*JUDGED, b.NoticeServed, b.SanctionServed)) and person(one.by) in recused:
            raise Never(2, f"{one.topic} by one who is recused")
    if legal & chairs or legal & deciders or chairs & deciders:
        raise Never(2, "one person in two of the parts: legal reviewer, chair, decider")
    for place, one in enumerate(events):
        if isinstance(one, b.ObjectionDecided) and person(one.by) in {person(made.by) for made in of(events[:place], *DECIDED, b.SanctionCorrected)}:
            raise Never(2, "an objection decided by the decider of what it is against")


# -- 3


def no_aggravation(book: Book, events: list[Event]) -> None:
    notice: b.NoticeServed | None = None
    for one in events:
        if isinstance(one, b.NoticeServed):
            notice = one
        if isinstance(one, b.SanctionDecided) and notice is not None:
            old, fine = notice.proposed, one.fine
            heavier = _weight(book, one.decision_types, one.decided_on) > _weight(book, old.decision_types, one.decided_on)
            more = fine is not None and (old.fine is None or fine.amount > old.fine.amount)
            if heavier or more or set(one.measures) - set(old.measures):
                raise Never(3, f"decided {one.decision_types} {fine} after notice of {old}")


def _weight(book: Book, types: list[str], on: date) -> int:
    return max((WEIGHT[book.decision_type(one, on).national_class] for one in types), default=0)


# -- 4


def points_count_once(histories: dict[UUID, list[Event]]) -> None:
    seen: set[tuple[Any, ...]] = set()
    found: set[tuple[Any, ...]] = set()
    for events in histories.values():
        opened = events[0]
        assert isinstance(opened, b.CaseOpened)
        revoked = {one.sanction for one in of(events, b.SanctionRevoked)}
        standing = [one for one in of(events, b.SanctionDecided) if one.sanction not in revoked and one.points > 0]
        if len(standing) > 1:
            raise Never(4, "two sanctions with points stand in one case")
        key = (opened.contract, opened.party, opened.behaviour, opened.occurred_on)
        if standing and key in seen:
            raise Never(4, "two sets of points for one behaviour")
        alive = last(events, b.CaseDismissed) is None
        if alive and key in found:
            raise Never(4, "two cases for one behaviour")
        seen |= {key} if standing else set()
        found |= {key} if alive else set()


# -- 5


def repair_has_its_time_and_papers(book: Book, events: list[Event], histories: dict[UUID, list[Event]]) -> None:
    applied = events[0]
    assert isinstance(applied, r.RepairApplied)
    asked = book.rule("repair.materials", applied.applied_on).items or ()
    for one in of(events, r.SupplementRequested):
        if any(item.kind not in asked for item in one.items):
            raise Never(5, "a paper that the pack does not ask for")
    for place, one in enumerate(events):
        if not isinstance(one, r.RepairApproved):
            continue
        before = events[:place]
        if min(applied.applied_on, one.decided_on) < applied.repairable_from:
            raise Never(5, f"approved on {one.decided_on}, repairable from {applied.repairable_from}")
        papers = {paper.kind for paper in applied.documents} | {paper.kind for more in of(before, r.SupplementProvided) for paper in more.documents}
        verified = last(before, r.RepairVerified)
        if not (verified.fulfilled if verified is not None else "fulfilment_proof" in papers):
            raise Never(5, "approved without proof of fulfilment")
        if not applied.commitment.strip():
            raise Never(5, "approved without a commitment")
        if last(before, r.RepairAccepted) is None:
            raise Never(5, "approved without having been accepted")


def only_one_application_is_open(applications: dict[UUID, list[Event]]) -> None:
    done = (r.RepairRejected, r.RepairRefused, r.RepairWithdrawn)
    running = [events[0].sanction for events in applications.values() if last(events, done[0]) is None and last(events, done[1]) is None  # type: ignore[attr-defined]
               and last(events, done[2]) is None]  # fmt: skip
    if len(running) > len(set(running)):
        raise Never(5, "two open applications for one decision")


# -- 7


def told(events: list[Event], book: Book) -> Kept:
    return loops.told([Told(UUID(int=0), version, one) for version, one in enumerate(events, 1)], book)


def closed_means_closed(office: Office, events: list[Event], applications: list[list[Event]]) -> None:
    for place, one in enumerate(events):
        if isinstance(one, b.CaseClosed):
            for history in (events[:place], *applications):
                for loop in told(history, office.book).loops.values():
                    if KIND[loop.kind].holds_case and (loop.ends_on is None or one.closed_on <= loop.ends_on):
                        raise Never(7, f"closed with {loop.kind} open")


# The act that a loop waits for, where its name is not the act's own.
ACT = {"hearing_notice": "hearing-notice", "hearing": "hearing", "objection": "", "review": "", "measure": "",
       "repair_notice": "", "touched_decision": "", "procedure_breach": ""}  # fmt: skip


def somebody_can_act(office: Office, case: UUID, events: list[Event]) -> None:
    found = office.ledger.get(Case, case)
    kept = told(events, office.book)
    for loop in open_on(kept.loops.values(), office.today):
        act = ACT.get(loop.kind, loop.next)
        if loop.kind == "publication" and any(name.startswith(("service:", "public_notice:")) for name in kept.loops):
            continue  # what has not been served yet is not published; that is on a desk
        if not loop.owed_by or (act and not KIND[loop.kind].window and not holding(breach_rules.MAY[act], found)):
            raise Never(7, f"{loop.kind} waits for {loop.next}, which nobody can do in a case that is {found.status}")
        if loop.kind == "measure" and found.sanctions[UUID(loop.key.partition("/")[0])].measures.get(loop.title) != "applied":
            raise Never(7, "a measure that is not applied waits to be lifted")
        if loop.kind == "repair_notice" and found.sanctions[UUID(loop.key)].repair_notice:
            raise Never(7, "a repair notice that was served is owed")
        if loop.kind == "touched_decision" and found.touches[UUID(loop.key)].outcome is not None:
            raise Never(7, "a change of facts that was answered is owed")
        if loop.kind == "objection" and found.objections[UUID(loop.key)] is not None:
            raise Never(7, "an objection that was decided is owed")
    if found.status in ("opened", "notified") and not kept.loops and found.rectification != "passed":
        raise Never(7, f"a case that is {found.status} is on nobody's desk")
    if left := [name for name in kept.loops if name != "sanction:" and name.partition(":")[0] not in OUTLIVE.get(found.status, tuple(KIND))]:
        raise Never(7, f"a case that is {found.status} still has {left}")


# What a case that is over may still have: no sanction after all; and late truth comes when it comes. Where a finding fell after
# all, what was public is still to be taken down, who objected is still owed an answer, and a suit runs until its court ends it.
LATE = ("touched_decision", "procedure_breach")
OUTLIVE: dict[str, tuple[str, ...]] = {"dismissed": (*LATE, "publicity", "withdrawal", "objection", "review"), "transferred": LATE, "closed": LATE}


def somebody_can_act_on_it(office: Office, repair: UUID, events: list[Event]) -> None:
    found = office.ledger.get(Repair, repair)
    kept = told(events, office.book)
    for loop in open_on(kept.loops.values(), office.today):
        if loop.kind not in ("repair_objection", "procedure_breach") and not holding(repair_rules.MAY[loop.next], found):
            raise Never(7, f"{loop.kind} waits for {loop.next}, which nobody can do in a repair that is {found.status}")
    if found.status in repair_rules.OPEN and not kept.loops:
        raise Never(7, f"a repair that is {found.status} is on nobody's desk")


# -- 10


def acts_in_their_region(office: Office, region: str, events: list[Event]) -> None:
    for one in events:
        if one.by == SYSTEM:
            if isinstance(one, (*JUDGED, r.RepairApproved, r.RepairRefused)):
                raise Never(10, f"{one.topic} by the system")
            continue
        grants = office.ledger.get(Account, UUID(person(one.by))).grants
        if not any(grant.role == "applicant" or covers(grant.region or "x", region) for grant in grants):
            raise Never(10, f"{one.topic} from outside the region")
        roles = {grant.role for grant in grants}
        if isinstance(one, (*DECIDED, b.CaseDismissed, b.ObjectionDecided, r.RepairApproved, r.RepairRefused)):
            if "decider" not in roles:
                raise Never(10, f"{one.topic} by one who is no decider")
            if one.via == "cli":
                raise Never(10, f"{one.topic} made from the shell")


# -- 11


def no_points_from_civil_or_authority(events: list[Event]) -> None:
    opened = events[0]
    assert isinstance(opened, b.CaseOpened)
    for place, one in enumerate(events):
        if isinstance(one, b.SanctionDecided | b.MeasureApplied | b.SanctionPublished) and _kind(events[:place]) == "civil":
            raise Never(11, f"{one.topic} from a civil finding")
        if opened.side == "authority" and isinstance(one, b.SanctionPublished):
            raise Never(11, "an authority's record made public among enterprises")
        if opened.side == "authority" and isinstance(one, b.SanctionDecided) and (one.points or one.to_be_published or one.repairable_from):
            raise Never(11, "an authority's record as an enterprise's")
