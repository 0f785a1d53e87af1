"""Case 案件 decides: one finding against one party, from notice to closure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from domain.act import new_id
from domain.aggregate import Aggregate
from domain.breach import catalogue, events, rules
from domain.breach.penalty import classified, service_day
from domain.rules import hold

from domain.values.money import Money

if TYPE_CHECKING:
    from domain.policy.book import Book


class Law(NamedTuple):
    """What a rule may ask beside the case: the law in force, the day, and who asks."""

    book: Book
    today: date
    by: str
    regions: frozenset[str] = frozenset()  # where the one who asks decides


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
    served_on: date | None = None
    repair_notice: bool = False
    published_on: date | None = None
    public: bool = False
    fulfilled_on: date | None = None
    revoked: bool = False
    ended: str | None = None
    measures: dict[str, str] = field(default_factory=dict)


class Case(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.number = self.region = self.authority = self.party = self.side = ""
        self.behaviour = self.kind = self.status = ""
        self.contract: UUID | None = None
        self.contractors: list[str] = []
        self.contract_value: Money | None = None
        self.occurred_on = self.opened_on = date.min
        self.recorders: set[str] = set()
        self.recused: set[str] = set()
        self.keeper = ""
        self.notice: events.NoticeServed | None = None
        self.statement_on: date | None = None
        self.hearing_requested_on: date | None = None
        self.hearing_on: date | None = None
        self.hearing_held_on: date | None = None
        self.chair: str | None = None
        self.legal_reviewer: str | None = None
        self.legal_passed_on: date | None = None
        self.collective_on: date | None = None
        self.rectification: str | None = None
        self.rectification_due_on: date | None = None
        self.confirmed_on: date | None = None
        self.confirmer: str | None = None
        self.sanctions: dict[UUID, Sanction] = {}
        self.objections: dict[UUID, str | None] = {}
        self.reviews: dict[UUID, str | None] = {}
        self.windows_ended: set[str] = set()

    # -- remember

    def opened(self, said: events.CaseOpened) -> None:
        self.number, self.region, self.authority, self.party, self.side = said.number, said.region, said.authority, said.party, said.side
        self.behaviour, self.kind, self.status, self.contract = said.behaviour, said.kind, "opened", said.contract
        self.contractors, self.contract_value = said.contractors, said.contract_value
        self.occurred_on, self.opened_on, self.keeper = said.occurred_on, said.opened_on, said.by
        self.recorders = {said.by, *[proof.by for proof in said.evidence]}

    def noticed(self, said: events.NoticeServed) -> None:
        self.notice, self.statement_on, self.hearing_requested_on = said, None, None
        self.hearing_on = self.hearing_held_on = None
        if self.status == "opened":
            self.status = "notified"

    def referral_answered(self, said: events.ReferralAnswered) -> None:
        self.status = {"confirmed": "confirmed", "dismissed": "dismissed"}.get(said.outcome, "notified" if self.notice else "opened")
        if said.outcome == "confirmed":
            self.confirmed_on, self.confirmer = said.answered_on, said.by

    def sanctioned(self, said: events.SanctionDecided) -> None:
        self.sanctions[said.sanction] = Sanction(
            said.sanction, said.by, said.decided_on, said.document_number, said.decision_types, said.fine, said.points,
            said.to_be_published, said.repairable_from, said.last_day, said.recipients,
        )  # fmt: skip
        self.status = "sanctioned"

    def corrected(self, said: events.SanctionCorrected) -> None:
        sanction = self.sanctions[said.sanction]
        sanction.decision_types, sanction.fine, sanction.points = said.decision_types, said.fine, said.points
        sanction.repairable_from, sanction.last_day = said.repairable_from, said.last_day
        sanction.document_number = said.document_number or sanction.document_number

    def reclassified(self, said: events.RecordReclassified) -> None:
        sanction = self.sanctions[said.sanction]
        sanction.points, sanction.repairable_from, sanction.last_day = said.points, said.repairable_from, said.last_day

    def publicity_ended(self, said: events.PublicityEnded) -> None:
        sanction = self.sanctions[said.sanction]
        sanction.public, sanction.ended = False, said.why
        if said.why == "repaired":
            self.status = "repaired"

    @property
    def against_authority(self) -> bool:
        return self.side == "authority"

    @property
    def parties(self) -> list[str]:
        """Who may see it as an applicant: the party concerned; the contractors too when it is the authority's breach."""
        return [self.party, *(self.contractors if self.against_authority else [])]

    @property
    def sanction(self) -> Sanction | None:
        """The one in force, the latest decided."""
        return next((one for one in reversed(self.sanctions.values()) if not one.revoked), None)

    def window_end(self, book: Book) -> date | None:
        """The last day of the statement window."""
        if self.notice is None:
            return None
        return book.deadline("office.statement_window", self.notice.window_on, with_days=False)[0].on

    def hearing_window_end(self, book: Book) -> date | None:
        if self.notice is None or not self.notice.hearing:
            return None
        return book.deadline("penalty.hearing_request", self.notice.window_on, with_days=False)[0].on

    # -- decide

    def open(self, opening: events.CaseOpened) -> None:
        self.happen(opening)

    def hand_over(self, to: str, why: str, law: Law, **said: Any) -> None:
        hold(rules.HAND_OVER, self, to, law)
        self.happen(events.CaseHandedOver(to=to, handed_over_on=law.today, why=why, **said))

    def decide_recusal(self, account: str, recused: bool, why: str, law: Law, **said: Any) -> None:
        hold(rules.LIVING, self)
        self.happen(events.RecusalDecided(account=account, recused=recused, decided_on=law.today, why=why, **said))

    def serve_notice(self, served_on: date, method: str, document_number: str | None, proposed: events.Proposed, proof: list[str],
                     law: Law, **said: Any) -> None:
        hold(rules.NOTICE, self, proposed, method, served_on, law)
        notice = events.NoticeServed(
            served_on=served_on, window_on=service_day(law.book, method, served_on), method=method, document_number=document_number,
            proposed=proposed, hearing=self.kind == "administrative" and catalogue.hearing_offered(law.book, proposed.decision_types, served_on),
            proof=proof, **said)
        self.happen(notice)

    def receive_statement(self, on: date, text: str, evidence: list[str], law: Law, **said: Any) -> None:
        hold(rules.STATEMENT, self, on, text, law)
        self.happen(events.StatementReceived(received_on=on, text=text, evidence=evidence, **said))

    def request_hearing(self, on: date, law: Law, **said: Any) -> None:
        hold(rules.HEARING_REQUEST, self, on, law)
        self.happen(events.HearingRequested(requested_on=on, **said))

    def notify_hearing(self, on: date, held_on: date, chair: str, law: Law, **said: Any) -> None:
        hold(rules.HEARING_NOTICE, self, on, held_on, chair, law)
        self.happen(events.HearingNotified(notified_on=on, to_be_held_on=held_on, chair=chair, **said))

    def hear(self, on: date, chair: str, record: str, law: Law, **said: Any) -> None:
        hold(rules.HEARING, self, on, chair, record, law)
        self.happen(events.HearingHeard(held_on=on, chair=chair, record=record, **said))

    def pass_legal_review(self, on: date, opinion: str, law: Law, **said: Any) -> None:
        hold(rules.LEGAL_REVIEW, self, on, law)
        self.happen(events.LegalReviewPassed(passed_on=on, opinion=opinion, **said))

    def decide_together(self, on: date, members: list[str], record: str, law: Law, **said: Any) -> None:
        hold(rules.COLLECTIVE, self, on, members, law)
        self.happen(events.CollectiveDecisionMade(decided_on=on, members=members, record=record, **said))

    def order_rectification(self, on: date, due_on: date | None, requirements: str, law: Law, **said: Any) -> None:
        basis = None
        if due_on is None:
            receipt, basis = law.book.deadline("office.rectify", on, with_days=False)
            due_on = receipt.on
        hold(rules.RECTIFICATION, self, on, due_on, requirements, law)
        self.happen(events.RectificationOrdered(ordered_on=on, due_on=due_on, requirements=requirements, basis=basis, **said))

    def report_rectification(self, on: date, text: str, evidence: list[str], law: Law, **said: Any) -> None:
        hold(rules.RECTIFICATION_REPORT, self, on, text, law)
        self.happen(events.RectificationReported(reported_on=on, text=text, evidence=evidence, **said))

    def verify_rectification(self, on: date, passed: bool, note: str, law: Law, **said: Any) -> None:
        hold(rules.RECTIFICATION_RESULT, self, on, law)
        self.happen(events.RectificationVerified(passed=passed, verified_on=on, note=note, **said))

    def confirm(self, on: date, kind: str | None, grounds: str, excuses: list[str], law: Law, **said: Any) -> None:
        hold(rules.CONFIRM, self, on, kind or self.kind, grounds, law)
        basis = catalogue.behaviour_basis(law.book, self.behaviour, on)
        self.happen(events.BreachConfirmed(confirmed_on=on, kind=kind or self.kind, grounds=grounds, excuses=excuses, basis=basis, **said))

    def dismiss(self, on: date, grounds: str, law: Law, **said: Any) -> None:
        hold(rules.DISMISS, self, on, grounds, law)
        self.happen(events.CaseDismissed(dismissed_on=on, grounds=grounds, **said))

    def refer(self, to: str, on: date, why: str, law: Law, **said: Any) -> None:
        hold(rules.REFER, self, on, law)
        self.happen(events.FindingReferred(to=to, referred_on=on, why=why, **said))

    def answer_referral(self, outcome: str, on: date, text: str, law: Law, **said: Any) -> None:
        hold(rules.REFERRAL_ANSWER, self, on, outcome, law)
        self.happen(events.ReferralAnswered(outcome=outcome, answered_on=on, text=text, **said))

    def transfer(self, to: str, on: date, why: str, law: Law, **said: Any) -> None:
        hold(rules.TRANSFER, self, on, law)
        self.happen(events.TransferredToAuthority(to=to, transferred_on=on, why=why, **said))

    def decide_sanction(self, asked: events.Proposed, on: date, document_number: str, grounds: str, law: Law, **said: Any) -> UUID:
        hold(rules.SANCTION, self, asked, on, document_number, law)
        sanction = new_id()
        self.happen(events.SanctionDecided(
            sanction=sanction, decided_on=on, document_number=document_number, decision_types=asked.decision_types, fine=asked.fine,
            measures=asked.measures, grounds=grounds, recipients=catalogue.recipients(law.book, on), **classified(self, asked, on, law.book), **said))
        return sanction

    def serve_sanction(self, sanction: UUID, on: date, method: str, proof: list[str], repair_notice: bool, law: Law, **said: Any) -> None:
        hold(rules.SERVE, self, sanction, on, method, law)
        decided = self.sanctions[sanction]
        effective = service_day(law.book, method, on)
        self.happen(events.SanctionServed(sanction=sanction, served_on=on, effective_on=effective, method=method, proof=proof, **said))
        if repair_notice:
            self.happen(events.RepairNoticeServed(sanction=sanction, served_on=on, **said))
        last = next(one.event for one in reversed(self._told) if isinstance(one.event, events.SanctionDecided) and one.event.sanction == sanction)
        for code in last.measures:
            basis = catalogue.measure_basis(law.book, code, decided.decided_on)
            assert basis is not None  # the decision was refused without one
            ends = catalogue.measure_end(law.book, code, on, decided.decided_on)
            self.happen(events.MeasureApplied(sanction=sanction, measure=code, applied_on=on, ends_on=ends, basis=basis, **said))

    def serve_repair_notice(self, sanction: UUID, on: date, law: Law, **said: Any) -> None:
        hold(rules.REPAIR_NOTICE, self, sanction, on, law)
        self.happen(events.RepairNoticeServed(sanction=sanction, served_on=on, **said))

    def publish_sanction(self, sanction: UUID, on: date, law: Law, **said: Any) -> None:
        hold(rules.PUBLISH, self, sanction, on, law)
        one = self.sanctions[sanction]
        assert one.last_day is not None
        self.happen(events.SanctionPublished(
            sanction=sanction, published_on=on, until=one.last_day, party=self.party, document_number=one.document_number,
            decision_types=one.decision_types, authority=self.authority, **said))

    def fulfil_sanction(self, sanction: UUID, on: date, evidence: list[str], law: Law, **said: Any) -> None:
        hold(rules.FULFIL, self, sanction, on, law)
        self.happen(events.SanctionFulfilled(sanction=sanction, fulfilled_on=on, evidence=evidence, **said))

    def demand_enforcement(self, sanction: UUID, on: date, law: Law, **said: Any) -> None:
        hold(rules.ENFORCE, self, sanction, on, law)
        self.happen(events.EnforcementDemanded(sanction=sanction, demanded_on=on, **said))

    def lift_measure(self, sanction: UUID, measure: str, on: date, why: str, law: Law, **said: Any) -> None:
        hold(rules.LIFT, self, sanction, measure, on, law)
        self.happen(events.MeasureLifted(sanction=sanction, measure=measure, lifted_on=on, why=why, **said))

    def file_objection(self, party: str, grounds: str, evidence: list[str], on: date, law: Law, **said: Any) -> UUID:
        hold(rules.OBJECTION, self, on, grounds, law)
        objection = new_id()
        about = self.sanction.id if self.sanction else None
        self.happen(events.ObjectionFiled(objection=objection, sanction=about, filed_on=on, party=party, grounds=grounds, evidence=evidence, **said))
        self.happen(events.ObjectionMarked(objection=objection, marked_on=on, **said))
        return objection

    def decide_objection(self, objection: UUID, outcome: str, fine: Money | None, grounds: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.OBJECTION_DECISION, self, objection, outcome, fine, grounds, on, law)
        self.happen(events.ObjectionDecided(objection=objection, outcome=outcome, decided_on=on, grounds=grounds, **said))
        if self.sanction is None or outcome == "rejected":
            return
        if outcome == "upheld":
            self.happen(events.SanctionRevoked(sanction=self.sanction.id, revoked_on=on, grounds=grounds, **said))
        else:
            self._correct(self.sanction, events.Proposed(self.sanction.decision_types, fine), None, grounds, on, law, **said)

    def correct_sanction(self, sanction: UUID, asked: events.Proposed, document_number: str | None, grounds: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.CORRECT, self, sanction, asked, on, grounds, law)
        self._correct(self.sanctions[sanction], asked, document_number, grounds, on, law, **said)

    def _correct(self, one: Sanction, asked: events.Proposed, document_number: str | None, grounds: str, on: date, law: Law, **said: Any) -> None:
        terms = classified(self, asked, one.decided_on, law.book)
        terms.pop("to_be_published")
        self.happen(events.SanctionCorrected(
            sanction=one.id, corrected_on=on, document_number=document_number, decision_types=asked.decision_types, fine=asked.fine,
            grounds=grounds, **terms, **said))

    def revoke_sanction(self, sanction: UUID, grounds: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.REVOKE, self, sanction, grounds, on, law)
        self.happen(events.SanctionRevoked(sanction=sanction, revoked_on=on, grounds=grounds, **said))

    def reclassify(self, sanction: UUID, grounds: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.RECLASSIFY, self, sanction, grounds, on, law)
        one = self.sanctions[sanction]
        terms = classified(self, events.Proposed(one.decision_types, one.fine), on, law.book, from_day=one.decided_on)
        terms.pop("to_be_published")
        self.happen(events.RecordReclassified(sanction=sanction, reclassified_on=on, grounds=grounds, **terms, **said))

    def withdraw_publicity(self, sanction: UUID, on: date, why: str, law: Law, **said: Any) -> None:
        hold(rules.WITHDRAW, self, sanction, on, why, law)
        self.happen(events.PublicityWithdrawn(sanction=sanction, withdrawn_on=on, why=why, **said))
        if self.sanctions[sanction].revoked:
            self.happen(events.PublicityEnded(sanction=sanction, ended_on=on, why="revoked", **said))

    def open_review(self, path: str, reference: str, on: date, law: Law, **said: Any) -> UUID:
        hold(rules.REVIEW, self, path, on, law)
        review = new_id()
        self.happen(events.ReviewOpened(review=review, path=path, opened_on=on, reference=reference, **said))
        return review

    def end_review(self, review: UUID, outcome: str, note: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.REVIEW_END, self, review, outcome, on, law)
        self.happen(events.ReviewEnded(review=review, outcome=outcome, ended_on=on, note=note, **said))

    def end_publicity(self, sanction: UUID, on: date, why: str, **said: Any) -> None:
        """The consequence of a repair, or the clock's: nobody decides it here."""
        one = self.sanctions[sanction]
        if one.ended is None and (one.public or why == "repaired"):
            self.happen(events.PublicityEnded(sanction=sanction, ended_on=on, why=why, **said))
            for code, state in list(one.measures.items()):
                if why == "repaired" and state == "applied":
                    self.happen(events.MeasureLifted(sanction=sanction, measure=code, lifted_on=on, why="repaired", **said))

    def end_window(self, loop: str, on: date, **said: Any) -> None:
        if loop not in self.windows_ended and self.status != "closed":
            self.happen(events.WindowEnded(loop=loop, ended_on=on, **said))

    def close(self, why: str, still_open: list[str], on: date, law: Law, **said: Any) -> None:
        hold(rules.CLOSE, self, why, still_open, on, law)
        self.happen(events.CaseClosed(closed_on=on, why=why, **said))

    def people(self) -> dict[str, set[str]]:
        """Who has had which part in this case, by account id."""
        deciders = {one.decider for one in self.sanctions.values()} | ({self.confirmer} if self.confirmer else set())
        return {"recorder": self.recorders, "legal": {self.legal_reviewer or ""} - {""}, "chair": {self.chair or ""} - {""}, "decider": deciders}



