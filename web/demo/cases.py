"""A case on the stage: from the check that found it to its closing, step by step as its plan says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from domain.breach import catalogue
from domain.breach import commands as breach
from domain.breach.case import Case
from domain.breach.events import Proposed
from domain.contract import commands as contract_commands
from domain.evidence import proofs
from domain.terms import CheckItem
from domain.values.money import Money
from web.demo.lives import Life
from web.demo.people import COMPANY_A, COMPANY_B
from web.demo.plans import DAYS, Plan
from web.demo.repairs import Mending
from web.demo.stage import SUPERVISORS, Script, Stage, body_of
from web.demo.tales import (
    ANSWERS,
    BY_CODE,
    CLOSURES,
    DECISIONS,
    DISMISSALS,
    FAILED,
    GROUNDS,
    HEARINGS,
    OBJECTIONS,
    OPINIONS,
    REPORTS,
    REVOKED,
    STATEMENTS,
    VERIFIED,
    tell,
)

APPLICANTS = {COMPANY_A: "company-a", COMPANY_B: "company-b"}
LETTERS = {"notice": "履告", "sanction": "履罚", "repair": "履修", "handled": "履处"}


class Stalled(Exception):
    """Nobody has taken the next step yet."""


class Affair:
    """One case: what its steps have in hand. Each step is a command of the person whose step it is."""

    def __init__(self, stage: Stage, life: Life, plan: Plan, name: object, facts: str | None = None, party: str | None = None) -> None:
        self.stage, self.life, self.plan = stage, life, plan
        self.rng: Random = stage.rng("case", name)
        self.region = life.terms.region
        self.keeper = SUPERVISORS[self.region]
        self.decider, self.other = self.rng.sample(("decider", "decider2"), 2)
        self.party = party or self.rng.choice(life.terms.firms).ref
        self.applicant = APPLICANTS.get(self.party, self.keeper)
        self.matter = BY_CODE.get(plan.code)
        self.facts = facts or tell(self.rng, self.matter.facts if self.matter else ("{spot}",))
        self.id: UUID | None = None
        self.repairs: list[UUID] = []

    # ---- time

    def when(self, step: str) -> date:
        """The day of a step; Stalled where the plan ends before it."""
        if self.plan.stop == step:
            raise Stalled(step)
        if step in self.plan.on:
            day = self.stage.until - timedelta(days=self.plan.on[step])
        else:
            low, high = DAYS[step]
            day = self.stage.today + timedelta(days=self.rng.randrange(low, high + 1) * self.plan.slow)
        return max(self.stage.working(day), self.stage.today)

    # ---- acting

    @property
    def case(self) -> UUID:
        assert self.id is not None  # noqa: S101  steps follow the opening
        return self.id

    def now(self) -> Case:
        return self.stage.office.ledger.get(Case, self.case)

    def do(self, who: str, command: Callable[..., Any], **terms: Any) -> Any:
        return self.stage.do(who, lambda act: command(act, self.case, **terms))

    def say(self, sentences: tuple[str, ...]) -> str:
        clause = f"第 {self.matter.clause} 条" if self.matter else "有关条款"
        return tell(self.rng, sentences, clause=clause)

    def number(self, kind: str) -> str:
        return self.stage.document_number(self.region, LETTERS[kind])

    # ---- the script

    def script(self) -> Script:
        """Everything that happens, until nobody goes on."""
        if self.life.id is None:
            return
        try:
            yield from self._find()
            yield from self._hear()
            yield from self._judge()
        except Stalled:
            return

    def _find(self) -> Script:
        yield from self._check()
        contract, case = self._record()
        del contract
        self.id = case.id
        self.stage.cases += 1

    def _check(self) -> Script:
        life = self.life
        planned = self.stage.today
        if life.over or self.matter is None:
            self.check, self.proof = None, list[str]()
            return
        mode = self.rng.choice(("routine", "special", "complaint"))
        _, check = life.do(contract_commands.plan_check, planned_on=planned, mode=mode)
        yield planned
        self.proof = [life.photograph(self.rng) for _ in range(self.rng.randrange(1, 3))]
        items = [CheckItem(self.matter.item, "fail", self.facts[:40], self.proof)]
        items += [CheckItem(code, "pass", "", []) for code in ("CK-01", "CK-15") if code != self.matter.item]
        life.do(contract_commands.carry_out_check, check=check, inspectors=life.inspectors(), items=items)
        self.check = check

    def _record(self) -> tuple[Any, Any]:
        plan, check, digests = self.plan, self.check, self.proof
        occurred = self.stage.today - timedelta(days=self.rng.randrange(0, 6))
        occurred = max(occurred, self.life.terms.signed_on)
        contract, _, case = self.stage.do(self.keeper, lambda act: breach.record_finding(
            act, self.life.contract, behaviour=plan.code, kind=plan.kind, party=self.party, facts=self.facts, occurred_on=occurred, check=check,
            contract_clause=self.matter.clause if self.matter else "6.2", evidence=proofs(act, digests)))  # fmt: skip
        return contract, case

    # ---- notice, statement, hearing

    def _hear(self) -> Script:
        yield self.when("notice")
        number = self.number("notice") if self.plan.kind == "administrative" else None
        self.do(self.keeper, breach.serve_notice, proposed=self._proposed(), method=self.plan.method, document_number=number)
        self.stage.watch(self.case, "case")
        if self.plan.statement and self.plan.method != "public":
            day = self.when("statement")
            end = self._window_end()
            if day <= end:
                yield day
                self.do(self.applicant, breach.receive_statement, text=self.say(STATEMENTS))
            else:
                yield self.stage.working(end + timedelta(days=1))
        else:
            yield self.stage.working(self._window_end() + timedelta(days=1))
        if self.plan.hearing and self.now().hearing_window_end(self.stage.office.book):
            yield from self._hold_hearing()

    def _window_end(self) -> date:
        end = self.now().window_end(self.stage.office.book)
        assert end is not None  # noqa: S101  the notice was served
        return end

    def _proposed(self) -> Proposed:
        book, today = self.stage.office.book, self.stage.today
        types = [code for code in self.plan.types if catalogue.may_decide(book, self.plan.code, self.plan.kind, code, today)]
        if not types:
            found = catalogue.behaviour(book, self.plan.code, today)
            types = [code for code in (found.decision_types if found else ()) if catalogue.may_decide(book, self.plan.code, self.plan.kind, code, today)][:1]
        if self.plan.kind == "civil":
            types = []
        measures = [code for code in self.plan.measures if catalogue.measure_basis(book, code, today) is not None]
        return Proposed(types, self._fine(types), measures if types and self.plan.kind != "civil" else [])

    def _fine(self, types: Sequence[str]) -> Money | None:
        if not any(catalogue.is_fine(code) for code in types):
            return None
        limits = catalogue.fine_limits(self.stage.office.book, self.plan.code, self.life.terms.value, self.stage.today)
        if limits is None:
            return Money(Decimal(self.rng.randrange(30, 190) * 100), "CNY")
        share = Decimal(self.rng.randrange(5, 70)) / 100
        wanted = limits.low + (limits.high - limits.low) * share
        rounded = (wanted // 100) * 100
        return Money(rounded if rounded >= limits.low and rounded > 0 else limits.low or Decimal("0.01"), "CNY")

    def _hold_hearing(self) -> Script:
        end = self.now().hearing_window_end(self.stage.office.book)
        day = self.when("hearing_request")
        if end is None or day > end:
            return
        yield day
        self.do(self.applicant, breach.request_hearing)
        yield self.when("hearing_notice")
        earliest = self.stage.office.book.deadline("penalty.hearing_notice", self.stage.today, with_days=False)[0].on
        held_on = self.stage.working(earliest + timedelta(days=self.rng.randrange(0, 3)))
        self.do(self.keeper, breach.notify_hearing, to_be_held_on=held_on, chair="chair")
        self.when("hearing")
        yield held_on
        self.do("chair", breach.hold_hearing, record=self.say(HEARINGS))

    # ---- judgment

    def _judge(self) -> Script:
        if self.plan.outcome == "referred":
            yield from self._refer()
            return
        if self.plan.kind == "administrative" and catalogue.needs_legal_review(self.stage.office.book, self._types(), self.stage.today):
            yield self.when("legal")
            self.do("legal", breach.pass_legal_review, opinion=self.say(OPINIONS))
        if self.plan.outcome == "mended":
            yield from self._rectify()
            yield from self._close()
            return
        yield self.when("confirm")
        if self.plan.outcome == "dismissed":
            self.do(self.decider, breach.dismiss_case, grounds=self.say(DISMISSALS))
            return
        self.do(self.decider, breach.confirm_breach, grounds=self.say(GROUNDS))
        if self.plan.outcome == "cured" or self.plan.rectified:
            yield from self._rectify()
        if self.plan.outcome == "sanctioned":
            yield from self._sanction()
        else:
            yield from self._close()

    def _types(self) -> list[str]:
        notice = self.now().notice
        return list(notice.proposed.decision_types) if notice else []

    def _refer(self) -> Script:
        """Nobody above decides here: the finding goes up."""
        yield self.when("confirm")
        to = "广东省水利厅"
        self.do(self.keeper, breach.refer_finding, to=to, reason="对甲方的发现由上级处理")
        yield self.when("review_end")
        self.do(self.keeper, breach.answer_referral, outcome="confirmed", text=f"{to}认定成立，责成限期支付")
        yield from self._rectify()
        yield from self._close()

    def _rectify(self) -> Script:
        yield self.when("rectify")
        orders = self.matter.orders if self.matter else ("限期支付到期款项 {n} 笔，并支付利息",)
        self.do(self.keeper, breach.order_rectification, requirements=self.say(orders))
        yield from self._report(FAILED if self.plan.failed_once else None)
        if self.plan.failed_once:
            yield from self._report(None, again=True)

    def _report(self, failing: tuple[str, ...] | None, again: bool = False) -> Script:
        if again and self.plan.stop in ("report", "verify"):
            raise Stalled("report")
        first = failing is not None and self.plan.stop == "report"  # the second report is the one that nobody makes
        yield self.stage.working(self.stage.today + timedelta(days=9)) if first else self.when("report")
        self.do(self.applicant, breach.report_rectification, text=self.say(REPORTS), evidence=[self.life.photograph(self.rng)])
        yield self.when("verify")
        self.do(self.keeper, breach.verify_rectification, passed=failing is None, note=self.say(failing or VERIFIED))

    # ---- sanction

    def _sanction(self) -> Script:
        yield max(self.when("sanction"), self._hearing_over())
        proposed = self._lighter()
        if catalogue.needs_collective_decision(self.stage.office.book, proposed.decision_types, self.stage.today):
            members = ["decider", "decider2"]
            self.do(self.decider, breach.decide_together, members=members, record=f"{len(members)} 人一致同意")
        number = self.number("sanction" if self.plan.kind == "administrative" else "handled")
        self.do(self.decider, breach.decide_sanction, decision_types=proposed.decision_types, fine=proposed.fine, measures=proposed.measures,
                document_number=number, grounds=self.say(DECISIONS))  # fmt: skip
        yield self.when("service")
        self.do(self.keeper, breach.serve_sanction, method=self.plan.service or self.plan.method)
        self.stage.watch(self.case, "case")
        yield from self._after_service()

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
        assert one is not None and one.served_on is not None  # noqa: S101  it was served
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
        limits = catalogue.fine_limits(self.stage.office.book, self.plan.code, self.life.terms.value, one.decided_on if one else self.stage.today)
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
            yield self.stage.working(self.stage.today + timedelta(days=40))
            yield from self._lift()
        yield from self._close()

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


__all__ = ["APPLICANTS", "Affair", "Stalled", "body_of"]
