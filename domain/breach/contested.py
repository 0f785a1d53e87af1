"""What may change a decided case: an objection, a review or suit, a correction, a revocation, another class."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.act import new_id
from domain.breach import events, rules
from domain.breach.memory import Remembered, Sanction
from domain.breach.penalty import classified
from domain.rules import hold
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.breach.case import Law


class Contested(Remembered):
    def file_objection(self, party: str, grounds: str, evidence: list[str], on: date, law: Law, **said: Any) -> UUID:
        hold(rules.OBJECTION, self, on, grounds, law)
        objection, about = new_id(), self.sanction.id if self.sanction else None
        self.happen(events.ObjectionFiled(
            objection=objection, sanction=about, filed_on=on, party=party, grounds=grounds, evidence=evidence,
            **said))  # fmt: skip
        self.happen(events.ObjectionMarked(objection=objection, marked_on=on, **said))
        return objection

    def decide_objection(self, objection: UUID, outcome: str, fine: Money | None, grounds: str, on: date, law: Law, **said: Any) -> None:
        """Upheld: what was objected to falls, the sanction or (before one) the confirmation with all that rests on it. In part: a lower fine."""
        hold(rules.OBJECTION_DECISION, self, objection, outcome, fine, grounds, on, law)
        self.happen(events.ObjectionDecided(objection=objection, outcome=outcome, decided_on=on, grounds=grounds, **said))
        about, _ = self.objected[objection]
        if outcome == "upheld" and about is None:
            if self.sanction is not None:  # decided while the objection waited
                self._revoke(self.sanction, grounds, on, **said)
            if self.status != "dismissed":  # by the answer to a late fact
                self.happen(events.CaseDismissed(dismissed_on=on, grounds=grounds, excuses=[], **said))
        elif outcome == "upheld" and about is not None and not self.sanctions[about].revoked:
            self._revoke(self.sanctions[about], grounds, on, **said)
        elif outcome == "upheld_in_part" and self.sanction is not None:
            asked = events.Proposed(self.sanction.decision_types, fine)
            self._correct(self.sanction, asked, None, grounds, on, law, **said)

    def correct_sanction(
        self, sanction: UUID, asked: events.Proposed, document_number: str | None, grounds: str, on: date, law: Law,
        **said: Any,
    ) -> None:  # fmt: skip
        hold(rules.CORRECT, self, sanction, asked, on, grounds, document_number, law)
        self._correct(self.sanctions[sanction], asked, document_number, grounds, on, law, **said)

    def _correct(
        self, one: Sanction, asked: events.Proposed, document_number: str | None, grounds: str, on: date, law: Law,
        **said: Any,
    ) -> None:  # fmt: skip
        terms = classified(self, asked, one.decided_on, law.book)
        terms.pop("to_be_published")
        self.happen(events.SanctionCorrected(
            sanction=one.id, corrected_on=on, document_number=document_number, decision_types=asked.decision_types,
            fine=asked.fine, grounds=grounds, **terms, **said))  # fmt: skip

    def revoke_sanction(self, sanction: UUID, grounds: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.REVOKE, self, sanction, grounds, on, law)
        self._revoke(self.sanctions[sanction], grounds, on, **said)

    def _revoke(self, one: Sanction, grounds: str, on: date, **said: Any) -> None:
        self.happen(events.SanctionRevoked(sanction=one.id, revoked_on=on, grounds=grounds, **said))
        self._lift_all(one, on, "revoked", **said)

    def _lift_all(self, one: Sanction, on: date, why: str, **said: Any) -> None:
        for code, state in list(one.measures.items()):
            if state == "applied":
                self.happen(events.MeasureLifted(sanction=one.id, measure=code, lifted_on=on, why=why, **said))

    def reclassify(self, sanction: UUID, grounds: str, on: date, law: Law, **said: Any) -> None:
        hold(rules.RECLASSIFY, self, sanction, grounds, on, law)
        one = self.sanctions[sanction]
        asked = events.Proposed(one.decision_types, one.fine)
        terms = classified(self, asked, on, law.book, from_day=one.decided_on)
        terms.pop("to_be_published")
        self.happen(events.RecordReclassified(sanction=sanction, reclassified_on=on, grounds=grounds, **terms, **said))

    def open_review(self, path: str, reference: str, on: date, law: Law, **said: Any) -> UUID:
        hold(rules.REVIEW, self, path, on, law)
        review = new_id()
        self.happen(events.ReviewOpened(review=review, path=path, opened_on=on, reference=reference, **said))
        return review

    def end_review(self, review: UUID, outcome: str, note: str, on: date, law: Law, **said: Any) -> None:
        """What a review revokes is revoked by it; what it changes is corrected by an act of its own."""
        hold(rules.REVIEW_END, self, review, outcome, on, law)
        self.happen(events.ReviewEnded(review=review, outcome=outcome, ended_on=on, note=note, **said))
        if outcome == "revoked" and self.sanction is not None:
            self._revoke(self.sanction, note, on, **said)
