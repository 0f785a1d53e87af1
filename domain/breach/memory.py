"""What a case 案件 remembers: only what a later decision needs, folded from its events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from domain.aggregate import Aggregate
from domain.breach import events
from domain.events import Told
from domain.policy import publicity
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.policy.book import Book


class Weighed(NamedTuple):
    """What the decider found of what was brought forward: excuses weighed, of those raised; the act's last day; harm done."""

    excuses: Sequence[str] = ()
    raised: frozenset[str] = frozenset()
    ended_on: date | None = None
    harm: bool = False


@dataclass
class Sanction:
    """What later decisions need of a decided sanction."""

    id: UUID
    decider: str
    decided_on: date
    document_number: str
    decision_types: list[str]
    fine: Money | None
    points: Decimal
    to_be_published: bool
    repairable_from: date | None
    last_day: date | None
    recipients: list[str]
    planned: list[str] = field(default_factory=list)  # the measures that its service puts into force
    served_on: date | None = None  # the day from which it counts as served: later, after a public notice
    repair_notice: bool = False
    published_on: date | None = None
    public: bool = False
    stale: bool = False  # what is published is no longer what was decided
    fulfilled_on: date | None = None
    demanded_on: date | None = None
    court_asked_on: date | None = None
    revoked: bool = False
    ended: str | None = None
    measures: dict[str, str] = field(default_factory=dict)
    applied: dict[str, date] = field(default_factory=dict)
    changed_by: set[str] = field(default_factory=set)
    version: int = 0  # of the decision, by whose law its publicity ends

    @property
    def proposed(self) -> events.Proposed:
        return events.Proposed(self.decision_types, self.fine, self.planned)


@dataclass
class Touch:
    """A decision, notice or publication that rests on what is now known to be otherwise."""

    id: UUID
    what: str  # the topic of what is touched
    version: int  # its place in the case; 0: it stands in a repair
    found_on: date
    since: int  # the case's version when that was found
    outcome: str | None = None


class Remembered(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.number = self.region = self.authority = self.party = self.side = ""
        self.behaviour = self.kind = self.status = ""
        self.contract: UUID | None = None
        self.works: str | None = None
        self.contractors: list[str] = []
        self.contract_value: Money | None = None
        self.occurred_on = self.opened_on = date.min
        self.recorders: set[str] = set()
        self.recused: set[str] = set()
        self.keeper = ""
        self.keepers: set[str] = set()
        self.notice: events.NoticeServed | None = None
        self.noticed_at = 0  # its version
        self.statement_on: date | None = None
        self.hearing_requested_on: date | None = None
        self.hearing_on: date | None = None
        self.hearing_held_on: date | None = None
        self.chair: str | None = None
        self.chairs: set[str] = set()
        self.legal_reviewer: str | None = None
        self.reviewers: set[str] = set()
        self.legal_passed_on: date | None = None
        self.collective_on: date | None = None
        self.rectification: str | None = None
        self.rectification_on: date | None = None
        self.rectification_due_on: date | None = None
        self.referred_on: date | None = None
        self.confirmed_on: date | None = None
        self.confirmer: str | None = None
        self.ended_on: date | None = None  # the last day of what went on
        self.harm = False
        self.sanctions: dict[UUID, Sanction] = {}
        self.objections: dict[UUID, str | None] = {}
        self.objected: dict[UUID, tuple[UUID | None, date]] = {}
        self.reviews: dict[UUID, str | None] = {}
        self.reviewed: dict[UUID, date] = {}
        self.review_ended_on: date | None = None
        self.windows_ended: set[str] = set()
        self.touches: dict[UUID, Touch] = {}

    # -- folds

    def opened(self, said: events.CaseOpened) -> None:
        self.number, self.region, self.authority = said.number, said.region, said.authority
        self.party, self.side, self.contract = said.party, said.side, said.contract
        self.behaviour, self.kind, self.status = said.behaviour, said.kind, "opened"
        self.contractors, self.contract_value = said.contractors, said.contract_value
        self.occurred_on, self.opened_on = said.occurred_on, said.opened_on
        if said.keeper is not None:
            self.keep(said.keeper)
        self.recorders = {said.by, *[proof.by for proof in said.evidence]}

    def keep(self, account: str) -> None:
        """Whoever handles it has investigated it, also after handing it on."""
        self.keeper = account
        self.keepers.add(account)

    def noticed(self, said: events.NoticeServed) -> None:
        """A new notice gives a new window, a new hearing, and needs a new review."""
        self.notice, self.statement_on, self.hearing_requested_on = said, None, None
        self.noticed_at = self.version
        self.hearing_on = self.hearing_held_on = self.legal_passed_on = self.collective_on = self.chair = None
        self.windows_ended = set()
        if self.status == "opened":
            self.status = "notified"

    def stated(self, said: events.StatementReceived) -> None:
        """What the party says has not been reviewed yet."""
        self.statement_on, self.legal_passed_on = said.received_on, None

    def heard(self, said: events.HearingHeard) -> None:
        """What was said at the hearing has not been reviewed yet."""
        self.hearing_held_on, self.chair, self.legal_passed_on = said.held_on, said.chair, None
        self.chairs.add(said.chair)

    def reviewed_by_law(self, said: events.LegalReviewPassed) -> None:
        self.legal_reviewer, self.legal_passed_on = said.by, said.passed_on
        self.reviewers.add(said.by)

    def rectifying(self, state: str, on: date) -> None:
        self.rectification, self.rectification_on = state, on

    def referral_answered(self, said: events.ReferralAnswered) -> None:
        """Decided outside: nobody here is the decider."""
        outcomes = {"confirmed": "confirmed", "dismissed": "dismissed"}
        self.status = outcomes.get(said.outcome, "notified" if self.notice else "opened")
        if said.outcome == "confirmed":
            self.confirmed_on = said.answered_on

    def confirmed(self, said: events.BreachConfirmed) -> None:
        self.confirmed_on, self.kind, self.confirmer, self.status = said.confirmed_on, said.kind, said.by, "confirmed"
        self.ended_on, self.harm = said.ended_on, said.harm

    def sanctioned(self, said: events.SanctionDecided) -> None:
        self.sanctions[said.sanction] = Sanction(
            said.sanction, said.by, said.decided_on, said.document_number, said.decision_types, said.fine, said.points,
            said.to_be_published, said.repairable_from, said.last_day, said.recipients, said.measures, version=self.version,
        )  # fmt: skip
        self.status = "sanctioned"

    def corrected(self, said: events.SanctionCorrected) -> None:
        one = self.sanctions[said.sanction]
        one.decision_types, one.fine, one.points = said.decision_types, said.fine, said.points
        one.repairable_from, one.last_day = said.repairable_from, said.last_day
        one.document_number = said.document_number or one.document_number
        one.stale = one.public
        one.changed_by.add(said.by)

    def revoked(self, said: events.SanctionRevoked) -> None:
        self.sanctions[said.sanction].revoked = True
        self.status = "confirmed"

    def reclassified(self, said: events.RecordReclassified) -> None:
        one = self.sanctions[said.sanction]
        one.points, one.repairable_from, one.last_day = said.points, said.repairable_from, said.last_day
        one.stale = one.public

    def published(self, said: events.SanctionPublished) -> None:
        one = self.sanctions[said.sanction]
        one.published_on, one.public, one.stale = said.published_on, True, False
        self.status = "published"

    def publicity_withdrawn(self, sanction: UUID) -> None:
        one = self.sanctions[sanction]
        one.public = one.stale = False

    def publicity_ended(self, said: events.PublicityEnded) -> None:
        one = self.sanctions[said.sanction]
        one.public, one.ended = False, said.why
        if said.why == "repaired":
            self.status = "repaired"

    def measure(self, sanction: UUID, code: str, state: str, on: date) -> None:
        one = self.sanctions[sanction]
        one.measures[code] = state
        if state == "applied":
            one.applied[code] = on

    def touched(self, said: events.DecisionTouched) -> None:
        mine = said.version if said.stream == self.id else 0
        self.touches[said.touch] = Touch(said.touch, said.what, mine, said.found_on, self.version)

    def wordings(self, told: Sequence[Told]) -> None:
        opened = [one.event for one in told if isinstance(one.event, events.CaseOpened)]
        self.recorders |= {one.by for one in opened}
        if opened[0].keeper is not None and not any(isinstance(one.event, events.CaseHandedOver) for one in told):
            self.keep(opened[0].keeper)

    # -- asked

    def remedies_end(self, one: Sanction, book: Book) -> date | None:
        """The last day on which a suit may be brought: from the service, or from the end of a review."""
        if one.served_on is None:
            return None
        last = book.deadline("penalty.suit", one.served_on, with_days=False)[0].on
        if self.review_ended_on is not None:
            last = max(last, book.deadline("penalty.suit_after_review", self.review_ended_on, with_days=False)[0].on)
        return last

    def shown_until(self, one: Sanction, book: Book) -> date | None:
        """The last day on which it may be public; None while it has none: it is never published, or waits for its fulfilment."""
        decided = self.told(one.version)
        law = book.known_at(decided.position) if decided is not None and decided.position else book
        needs = publicity.needs_fulfilment(law, one.decided_on)
        return None if needs and one.fulfilled_on is None else publicity.shown_until(one.last_day, one.fulfilled_on, needs)

    @property
    def review_pending(self) -> bool:
        return any(outcome is None for outcome in self.reviews.values())

    @property
    def against_authority(self) -> bool:
        return self.side == "authority"

    @property
    def parties(self) -> list[str]:
        """Who may see it as an applicant: the party; the contractors too when it is the authority's breach."""
        return [self.party, *(self.contractors if self.against_authority else [])]

    @property
    def sanction(self) -> Sanction | None:
        """The one in force, the latest decided."""
        return next((one for one in reversed(self.sanctions.values()) if not one.revoked), None)

    def window_end(self, book: Book) -> date | None:
        """The last day of the statement window."""
        if self.notice is None:
            return None
        return self._law(book).deadline("office.statement_window", self.notice.window_on, with_days=False)[0].on

    def hearing_window_end(self, book: Book) -> date | None:
        if self.notice is None or not self.notice.hearing:
            return None
        return self._law(book).deadline("penalty.hearing_request", self.notice.window_on, with_days=False)[0].on

    def _law(self, book: Book) -> Book:
        """The book by which the windows of the notice are counted: as known then, or at the last recount."""
        return book.known_at(known) if (known := self.known_at(self.noticed_at)) else book

    def was_heard_by(self, on: date) -> bool:
        """Has a statement come in by that day?"""
        return self.statement_on is not None and self.statement_on <= on

    def people(self) -> dict[str, set[str]]:
        """Who has had which part in this case, by account id."""
        deciders = {self.confirmer or ""} - {""}
        for one in self.sanctions.values():
            deciders |= {one.decider, *one.changed_by}
        chairs = self.chairs | ({self.chair} if self.chair else set())
        return {"recorder": self.recorders, "keeper": self.keepers, "legal": self.reviewers, "chair": chairs, "decider": deciders}
