"""Case 案件 decides: one finding against one party, from notice to closure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from domain.act import new_id
from domain.breach import catalogue, events, rules
from domain.breach.contested import Contested
from domain.breach.evenness import Like, compare, in_yuan
from domain.breach.memory import Sanction, Weighed
from domain.breach.penalty import classified, service_day
from domain.breach.rules.evenness import EVEN_HANDED
from domain.rules import ask, hold

if TYPE_CHECKING:
    from domain.policy.book import Book

__all__ = ["Case", "Law", "Sanction", "Weighed"]

PUBLIC_NOTICE = "public_notice"  # the window at whose end a decision counts as served


class Law(NamedTuple):
    """What a rule may ask beside the case: the law in force, the day, and who asks."""

    book: Book
    today: date
    by: str
    regions: frozenset[str] = frozenset()  # where the one who asks decides
    via: str = "web"
    counts_as: Callable[[str, date], frozenset[str]] = lambda account, since: frozenset({account})

    def same(self, account: str, others: Iterable[str], since: date) -> bool:
        """Is the account one of the others, or a delegate of one, or do both act for one person, at any time since a day?"""
        mine = self.counts_as(account, since)
        return any(mine & self.counts_as(other, since) for other in others)


class Case(Contested):
    def open(self, opening: events.CaseOpened) -> None:
        self.happen(opening)

    def hand_over(self, to: str, why: str, law: Law, **said: Any) -> None:
        hold(rules.HAND_OVER, self, to, law)
        self.happen(events.CaseHandedOver(to=to, handed_over_on=law.today, why=why, **said))

    def decide_recusal(self, account: str, recused: bool, why: str, law: Law, **said: Any) -> None:
        hold(rules.RECUSAL, self, account, law)
        self.happen(events.RecusalDecided(account=account, recused=recused, decided_on=law.today, why=why, **said))

    # -- notice, statement, hearing, review

    def serve_notice(
        self, served_on: date, method: str, document_number: str | None, proposed: events.Proposed, proof: list[str],
        law: Law, **said: Any,
    ) -> None:  # fmt: skip
        hold(rules.NOTICE, self, proposed, method, served_on, document_number, law)
        penal = self.kind == "administrative"
        hearing = penal and catalogue.hearing_offered(law.book, proposed.decision_types, served_on)
        self.happen(events.NoticeServed(
            served_on=served_on, window_on=service_day(law.book, method, served_on), method=method,
            document_number=document_number, proposed=proposed, hearing=hearing, proof=proof, **said))  # fmt: skip

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

    # -- rectification

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

    # -- confirmation and its like

    def confirm(self, on: date, kind: str | None, grounds: str, found: Weighed, law: Law, **said: Any) -> None:
        kind = kind or self.kind
        hold(rules.CONFIRM, self, on, kind, grounds, found, law)
        basis = catalogue.behaviour_basis(law.book, self.behaviour, on)
        self.happen(events.BreachConfirmed(
            confirmed_on=on, kind=kind, grounds=grounds, excuses=list(found.excuses), basis=basis, ended_on=found.ended_on, harm=found.harm,
            **said))  # fmt: skip

    def dismiss(self, on: date, grounds: str, excuses: list[str], law: Law, **said: Any) -> None:
        hold(rules.DISMISS, self, on, grounds, Weighed(excuses), law)
        self.happen(events.CaseDismissed(dismissed_on=on, grounds=grounds, excuses=excuses, **said))

    def refer(self, to: str, on: date, why: str, law: Law, **said: Any) -> None:
        hold(rules.REFER, self, on, law)
        self.happen(events.FindingReferred(to=to, referred_on=on, why=why, **said))

    def answer_referral(self, outcome: str, on: date, text: str, law: Law, **said: Any) -> None:
        hold(rules.REFERRAL_ANSWER, self, on, outcome, law)
        self.happen(events.ReferralAnswered(outcome=outcome, answered_on=on, text=text, **said))

    def transfer(self, to: str, on: date, why: str, law: Law, **said: Any) -> None:
        hold(rules.TRANSFER, self, on, to, why, law)
        self.happen(events.TransferredToAuthority(to=to, transferred_on=on, why=why, **said))

    # -- sanction, service, publicity

    def decide_sanction(
        self, asked: events.Proposed, on: date, document_number: str, grounds: str, law: Law, departure: str = "",
        like: Sequence[Like] = (), **said: Any,
    ) -> UUID:  # fmt: skip
        """`like`: what like findings got; a decision that is unlike them needs a reason, `departure`."""
        hold(rules.SANCTION, self, asked, on, document_number, law)
        terms = classified(self, asked, on, law.book)
        one = Like(terms["national_class"], in_yuan(asked.fine), in_yuan(self.contract_value), tuple(asked.measures))
        compared = compare(law.book, self.behaviour, on, one, like)
        hold(EVEN_HANDED, self, compared, on, departure, law)
        sanction = new_id()
        self.happen(events.SanctionDecided(
            sanction=sanction, decided_on=on, document_number=document_number, decision_types=asked.decision_types,
            fine=asked.fine, measures=asked.measures, grounds=grounds, recipients=catalogue.recipients(law.book, on),
            **terms, **said))  # fmt: skip
        if departure.strip():
            broken = [told for one_rule in EVEN_HANDED if (told := ask(one_rule, self, compared, on, "", law))]
            self.happen(events.DepartureExplained(
                sanction=sanction, decided_on=on, grounds=departure.strip(), compared=compared.every.n,
                basis=[told.basis for told in broken if told.basis], **said))  # fmt: skip
        return sanction

    def serve_sanction(self, sanction: UUID, on: date, method: str, proof: list[str], repair_notice: bool, law: Law, **said: Any) -> None:
        hold(rules.SERVE, self, sanction, on, method, law)
        effective, one = service_day(law.book, method, on), self.sanctions[sanction]
        self.happen(events.SanctionServed(
            sanction=sanction, served_on=on, effective_on=effective, method=method, proof=proof, **said))  # fmt: skip
        if repair_notice and one.repairable_from is not None:
            self.happen(events.RepairNoticeServed(sanction=sanction, served_on=on, **said))
        if effective == on:
            self._apply_measures(one, on, law, **said)

    def _apply_measures(self, one: Sanction, on: date, law: Law, **said: Any) -> None:
        """Those that still have a basis on the day; one whose basis has lapsed since the decision is not applied."""
        for code in one.planned:
            basis = catalogue.measure_basis(law.book, code, on)
            if basis is not None and code not in one.measures:
                ends = catalogue.measure_end(law.book, code, on, one.decided_on)
                self.happen(events.MeasureApplied(
                    sanction=one.id, measure=code, applied_on=on, ends_on=ends, basis=basis, **said))  # fmt: skip

    def serve_repair_notice(self, sanction: UUID, on: date, law: Law, **said: Any) -> None:
        hold(rules.REPAIR_NOTICE, self, sanction, on, law)
        self.happen(events.RepairNoticeServed(sanction=sanction, served_on=on, **said))

    def publish_sanction(self, sanction: UUID, on: date, law: Law, **said: Any) -> None:
        hold(rules.PUBLISH, self, sanction, on, law)
        one = self.sanctions[sanction]
        assert one.last_day is not None  # noqa: S101  kind_is_published held
        self.happen(events.SanctionPublished(
            sanction=sanction, published_on=on, until=one.last_day, party=self.party, authority=self.authority,
            document_number=one.document_number, decision_types=one.decision_types, **said))  # fmt: skip

    def withdraw_publicity(self, sanction: UUID, on: date, why: str, law: Law, **said: Any) -> None:
        hold(rules.WITHDRAW, self, sanction, on, why, law)
        self.happen(events.PublicityWithdrawn(sanction=sanction, withdrawn_on=on, why=why, **said))
        if self.sanctions[sanction].revoked:
            self.happen(events.PublicityEnded(sanction=sanction, ended_on=on, why="revoked", **said))

    def fulfil_sanction(self, sanction: UUID, on: date, evidence: list[str], law: Law, **said: Any) -> None:
        hold(rules.FULFIL, self, sanction, on, law)
        self.happen(events.SanctionFulfilled(sanction=sanction, fulfilled_on=on, evidence=evidence, **said))

    def demand_enforcement(self, sanction: UUID, on: date, law: Law, **said: Any) -> None:
        hold(rules.ENFORCE, self, sanction, on, law)
        self.happen(events.EnforcementDemanded(sanction=sanction, demanded_on=on, **said))

    def ask_court(self, sanction: UUID, on: date, court: str, reference: str, law: Law, **said: Any) -> None:
        hold(rules.COURT, self, sanction, on, court, law)
        self.happen(events.CourtAsked(sanction=sanction, asked_on=on, court=court, reference=reference, **said))

    def lift_measure(self, sanction: UUID, measure: str, on: date, why: str, law: Law, **said: Any) -> None:
        hold(rules.LIFT, self, sanction, measure, on, law)
        self.happen(events.MeasureLifted(sanction=sanction, measure=measure, lifted_on=on, why=why, **said))

    # -- late truth

    def touch(self, said: dict[str, Any], on: date, by: str, via: str) -> UUID:
        """The consequence of a late or corrected fact: nobody decides it here."""
        touch = new_id()
        self.happen(events.DecisionTouched(touch=touch, found_on=on, by=by, via=via, **said))
        return touch

    def answer_touch(self, touch: UUID, outcome: str, grounds: str, on: date, law: Law, **said: Any) -> None:
        """What no longer stands falls with the answer: the sanction is revoked, an unsanctioned finding dismissed."""
        hold(rules.TOUCH_ANSWER, self, touch, outcome, grounds, on, law)
        about = self.touches[touch]
        self.happen(events.TouchAnswered(touch=touch, outcome=outcome, grounds=grounds, answered_on=on, **said))
        if outcome != "revoked" or not about.version:
            return
        if self.sanction is not None:
            self._revoke(self.sanction, grounds, on, **said)
        if about.what not in rules.OF_A_SANCTION and self.status in (*rules.UNDECIDED, "confirmed"):
            self.happen(events.CaseDismissed(dismissed_on=on, grounds=grounds, excuses=[], **said))

    # -- consequences and ends

    def end_publicity(self, sanction: UUID, on: date, why: str, **said: Any) -> None:
        """The consequence of a repair, or the clock's: nobody decides it here."""
        one = self.sanctions[sanction]
        if one.ended is None and (one.public or why == "repaired"):
            self.happen(events.PublicityEnded(sanction=sanction, ended_on=on, why=why, **said))
            if why == "repaired":
                self._lift_all(one, on, why, **said)

    def expire_publicity(self, sanction: UUID, on: date, law: Law, **said: Any) -> None:
        hold(rules.EXPIRE, self, sanction, on, law)
        self.end_publicity(sanction, on, "expired", **said)

    def end_window(self, loop: str, on: date, law: Law, **said: Any) -> None:
        """At the end of a public notice what the decision planned comes into force."""
        hold(rules.WINDOW, self, loop, on, law)
        if loop in self.windows_ended or self.status == "closed":
            return
        self.happen(events.WindowEnded(loop=loop, ended_on=on, **said))
        kind, _, key = loop.partition(":")
        if kind == PUBLIC_NOTICE and (one := self.sanctions.get(UUID(key))) is not None and not one.revoked:
            self._apply_measures(one, on, law, **said)

    def close(self, why: str, still_open: list[str], on: date, law: Law, **said: Any) -> None:
        hold(rules.CLOSE, self, why, still_open, on, law)
        self.happen(events.CaseClosed(closed_on=on, why=why, **said))
