"""What rests on what: an event is not dated before the one that it answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from domain.breach import events as b
from domain.contract import events as c
from domain.events import Event
from domain.party import events as p
from domain.repair import events as r

# A later kind of event, and the kinds of which the last one before it must not be of a later day.
RESTS: dict[type[Event], tuple[type[Event], ...]] = {
    c.ContractResumed: (c.ContractSuspended,),
    c.ContractSettled: (c.ContractCompleted, c.ContractTerminated),
    c.ContractCompleted: (c.ContractResumed, c.ContractSuspended),
    p.PartyRenamed: (p.PartyRegistered, p.PartyRenamed),
    b.NoticeServed: (b.NoticeServed,),
    b.StatementReceived: (b.NoticeServed,),
    b.HearingRequested: (b.NoticeServed,),
    b.HearingNotified: (b.HearingRequested,),
    b.HearingHeard: (b.HearingNotified,),
    b.LegalReviewPassed: (b.NoticeServed, b.HearingHeard),
    b.RectificationReported: (b.RectificationOrdered,),
    b.RectificationVerified: (b.RectificationReported,),
    b.BreachConfirmed: (b.NoticeServed,),
    b.SanctionDecided: (b.BreachConfirmed, b.LegalReviewPassed, b.HearingHeard, b.CollectiveDecisionMade),
    b.SanctionServed: (b.SanctionDecided,),
    b.RepairNoticeServed: (b.SanctionDecided,),
    b.SanctionPublished: (b.SanctionDecided, b.SanctionServed),
    b.SanctionFulfilled: (b.SanctionDecided,),
    b.EnforcementDemanded: (b.SanctionServed,),
    b.CourtAsked: (b.EnforcementDemanded,),
    b.ObjectionDecided: (b.ObjectionFiled,),
    b.ObjectionFiled: (b.SanctionDecided, b.BreachConfirmed),
    b.ReviewEnded: (b.ReviewOpened,),
    p.CommitmentKept: (p.CommitmentReported,),
    p.CommitmentBroken: (p.CommitmentReported,),
    r.SupplementRequested: (r.RepairApplied,),
    r.SupplementProvided: (r.SupplementRequested,),
    r.RepairAccepted: (r.RepairApplied, r.SupplementProvided),
    r.RepairRejected: (r.RepairApplied, r.SupplementProvided),
    r.RepairVerified: (r.RepairAccepted,),
    r.RepairApproved: (r.RepairAccepted, r.RepairVerified),
    r.RepairRefused: (r.RepairAccepted, r.RepairVerified),
    r.RepairObjectionDecided: (r.RepairObjectionFiled,),
    r.RecipientAcknowledged: (r.RepairApproved,),
}


def out_of_order(events: Iterable[Event]) -> Iterator[tuple[date, date]]:
    """Days that lie before what they rest on: (the day, that of what it rests on). Everything rests on the first."""
    last: dict[type[Any], Event] = {}
    first: Event | None = None
    for one in events:
        first = first or one
        for before in (first, *[last[kind] for kind in RESTS.get(type(one), ()) if kind in last]):
            if one.day < before.day:
                yield one.day, before.day
        last[type(one)] = one
