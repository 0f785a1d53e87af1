"""What follows a decision on the stage: service, publicity, fulfilment, disputes, repair, closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain import loops as loop_table
from domain.act import Act
from domain.breach import catalogue
from domain.breach import commands as breach
from domain.breach.case import Case
from domain.breach.evenness import Like, in_yuan
from domain.breach.events import Proposed
from domain.conformance.commands import answer_breach
from domain.events import as_corrected
from domain.loops import breaches
from domain.rules import RuleBroken
from domain.values.money import Money
from web.demo.affair import Affair
from web.demo.repairs import Mending
from web.demo.stage import Script
from web.demo.tales import (
    ANSWERS,
    CLOSURES,
    DECISIONS,
    DEPARTURE,
    LATE,
    OBJECTIONS,
    REVOKED,
)


class Settling(Affair):
    """From the sanction to the closing of a case."""

    # ---- sanction

    def _sanction(self) -> Script:
        yield max(self.when("sanction"), self._hearing_over())
        proposed = self._lighter()
        if catalogue.needs_collective_decision(self.stage.office.book, proposed.decision_types, self.stage.today):
            members = ["decider", "decider2"]
            self.do(self.decider, breach.decide_together, members=members, record=f"{len(members)} 人一致同意")
        number = self.number("sanction" if self.plan.kind == "administrative" else "handled")
        self._decide(decision_types=proposed.decision_types, fine=proposed.fine, measures=proposed.measures, document_number=number,
                     grounds=self.say(DECISIONS))  # fmt: skip
        yield self.when("service")
        self.do(self.keeper, breach.serve_sanction, method=self.plan.service or self.plan.method)
        self.stage.watch(self.case, "case")
        yield from self._after_service()

    def _decide(self, **terms: Any) -> None:
        """With a reason where like findings got something else."""
        case = self.now()
        like = self.stage.decided.setdefault((case.behaviour, case.kind, case.side), [])
        try:
            self.do(self.decider, breach.decide_sanction, like=lambda _: like, **terms)
        except RuleBroken as refused:
            if {one.pointer for one in refused.broken} != {"/departure"}:
                raise
            self.do(self.decider, breach.decide_sanction, like=lambda _: like, departure=DEPARTURE, **terms)
        one = self.now().sanction
        assert one is not None  # noqa: S101  it was decided above
        found = self.stage.office.book.classification(one.decision_types, one.decided_on)
        like.append(Like(found.national_class, in_yuan(one.fine), in_yuan(case.contract_value), tuple(one.planned)))

    def _hearing_over(self) -> date:
        case = self.now()
        end = case.hearing_window_end(self.stage.office.book)
        if end is None or case.hearing_held_on is not None:
            return self.stage.today
        return max(self.stage.today, self.stage.working(end + timedelta(days=1)))

    def _lighter(self) -> Proposed:
        """What was notified, or a little less after a statement."""
        notice = self.now().notice
        assert notice is not None  # noqa: S101  the notice was served
        return notice.proposed

    def _after_service(self) -> Script:
        effective = self.now().sanction
        if effective is not None and effective.served_on is not None and effective.served_on > self.stage.today:
            if self.plan.stop == "publication":
                return
            yield self.stage.working(effective.served_on + timedelta(days=1))
        if effective is not None and effective.to_be_published:
            yield self.when("publication")
            self.do(self.keeper, breach.publish_sanction)
            self.stage.watch(self.case, "case")
        yield from self._answer_for_lateness()
        yield from self._fulfil()
        yield from self._dispute()
        if self.plan.reclassified:
            yield from self._reclassify()
        yield from self._mend()
        yield from self._close_when_quiet()

    def _fulfil(self) -> Script:
        if self.plan.pays:
            yield self.when("fulfilment")
            self.do(self.keeper, breach.fulfil_sanction, evidence=[])
            return
        one = self.now().sanction
        if one is None or one.served_on is None:
            return
        rule = "penalty.pay_fine" if one.fine is not None else "office.fulfilment"
        end = self.stage.office.book.deadline(rule, one.served_on, with_days=False)[0].on
        yield self.stage.working(end + timedelta(days=self.rng.randrange(2, 9)))
        self.do(self.keeper, breach.demand_enforcement)
        yield self.when("fulfilment") + timedelta(days=20)
        self.do(self.keeper, breach.fulfil_sanction, evidence=[])

    # ---- objection, review, change

    def _dispute(self) -> Script:
        if self.plan.objection is not None:
            yield from self._object(self.plan.objection)
        if self.plan.review is not None and self.now().sanction is not None:
            yield from self._review(self.plan.review)
        if self.plan.revoked and self.now().sanction is not None:
            yield self.when("revocation")
            self.do(self.decider, breach.revoke_sanction, grounds=self.say(REVOKED))
            yield from self._take_down()

    def _object(self, outcome: str) -> Script:
        yield self.when("objection")
        _, objection = self.do(self.applicant, breach.file_objection, grounds=self.say(OBJECTIONS))
        yield self.when("objection_decision")
        one = self.now().sanction
        if outcome == "upheld_in_part" and (one is None or one.fine is None or self._less(one.fine) is None):
            outcome = "rejected"
        fine = self._less(one.fine) if outcome == "upheld_in_part" and one is not None and one.fine is not None else None
        self.do(self.other, breach.decide_objection, objection=objection, outcome=outcome, fine=fine, grounds=self.say(ANSWERS))
        if outcome == "upheld_in_part":
            yield from self._publish_again()
        elif outcome == "upheld":
            yield from self._take_down()

    def _less(self, fine: Money) -> Money | None:
        """A smaller fine, still within the range of the day of the decision."""
        one = self.now().sanction
        limits = catalogue.fine_limits(self.stage.office.book, self.plan.code, self.now().contract_value, one.decided_on if one else self.stage.today)
        low = limits.low if limits else Decimal(100)
        less = max(low, (fine.amount * 6 / 10 // 100) * 100)
        return Money(less, "CNY") if 0 < less < fine.amount else None

    def _publish_again(self) -> Script:
        one = self.now().sanction
        if one is not None and one.public and one.last_day is not None and one.last_day >= self.stage.today:
            yield self.when("withdrawal")
            self.do(self.keeper, breach.publish_sanction)
            self.stage.watch(self.case, "case")

    def _take_down(self) -> Script:
        if any(one.public for one in self.now().sanctions.values()):
            yield self.when("withdrawal")
            self.do(self.keeper, breach.withdraw_publicity, reason="决定已撤销")

    def _review(self, outcome: str) -> Script:
        yield self.when("review")
        path = self.rng.choice(("reconsideration", "suit"))
        court = "湛江市人民政府复议" if path == "reconsideration" else "湛江经济技术开发区人民法院行初"
        reference = f"{court}〔{self.stage.today.year}〕{self.rng.randrange(20, 400)}号"
        _, review = self.do("legal", breach.open_review, path=path, reference=reference)
        yield self.when("review_end")
        self.do("legal", breach.end_review, review=review, outcome=outcome, note=self.say(REVOKED if outcome == "revoked" else ANSWERS))
        if outcome == "revoked":
            yield from self._take_down()

    def _reclassify(self) -> Script:
        """An old record under the newer law, where there is one that makes its time shorter."""
        one = self.now().sanction
        change = self.stage.lighter_since(one.decision_types, one.decided_on) if one is not None else None
        if change is None:
            return
        yield max(self.stage.working(change + timedelta(days=14)), self.stage.today)
        self.do(self.decider, breach.reclassify_record, grounds="按现行规定的公示期限重新分级")
        self.stage.watch(self.case, "case")
        yield from self._publish_again()

    # ---- repair, ends

    def _mend(self) -> Script:
        if self.plan.repair is not None and self.now().sanction is not None:
            yield from Mending(self).script()

    def _close_when_quiet(self) -> Script:
        """Closed when nothing of it is open any more; until then somebody looks again now and then."""
        yield from self._lift()
        while self.stage.open_loops(self.repairs)(self.case, self.stage.today):
            yield from self._answer_for_lateness()
            yield self.stage.working(self.stage.today + timedelta(days=40))
            yield from self._lift()
        yield from self._close()

    def _answer_for_lateness(self) -> Script:
        """What the office did after its day is answered for by the decider who did not do it."""
        told = self.stage.office.ledger.of([self.case])[self.case]
        late = [one for one in loop_table.told(as_corrected(told), self.stage.office.book).loops.values() if one.kind == breaches.KIND]
        if late:
            yield self.stage.working_days(3)
        for one in late:
            did = next(each.event.by for each in told if each.position == one.counted)
            who = self.other if did == self.stage.account(self.decider) else self.decider
            self.stage.do(who, self._answer_to(one.key))

    def _answer_to(self, loop: str) -> Callable[[Act], Any]:
        return lambda act: answer_breach(act, Case, self.case, loop, outcome="explained", grounds=LATE)

    def _lift(self) -> Script:
        """What was to last as long as a record that has run out."""
        for one in list(self.now().sanctions.values()):
            for code, state in list(one.measures.items()):
                if state == "applied" and one.ended == "expired":
                    yield self.when("lifting")
                    self.do(self.keeper, breach.lift_measure, measure=code, reason="公示期满", sanction=one.id)

    def _close(self) -> Script:
        yield self.when("close")
        who = self.decider if self.now().status == "confirmed" else self.keeper
        self.do(who, breach.close_case, reason=self.say(CLOSURES), open_loops=self.stage.open_loops(self.repairs))
