"""A case on the stage: from the check that found it to its judgment, step by step as its plan says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from domain.breach import catalogue
from domain.breach import commands as breach
from domain.breach.events import Proposed
from domain.contract import commands as contract_commands
from domain.evidence import proofs
from domain.terms import CheckItem
from domain.values.money import Money
from web.demo.affair import Stalled
from web.demo.settling import Settling
from web.demo.stage import Script
from web.demo.tales import (
    DISMISSALS,
    FAILED,
    GROUNDS,
    HEARINGS,
    OPINIONS,
    REPORTS,
    STATEMENTS,
    VERIFIED,
)


class CaseLife(Settling):
    """The whole of a case; what is decided, its plan says."""

    # ---- the script

    def script(self) -> Script:
        """Everything that happens, until nobody goes on."""
        if self.life.id is None or (self.life.over and self.passing):
            return
        try:
            yield from self._find()
            yield from self._hear()
            yield from self._judge()
        except Stalled:
            return

    def _find(self) -> Script:
        yield from self._check()
        self.id = self._record()

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

    def _record(self) -> UUID:
        plan, check, digests = self.plan, self.check, self.proof
        occurred = self.stage.today - timedelta(days=self.rng.randrange(0, 6))
        occurred = max(occurred, self.life.terms.signed_on)
        _, _, case = self.stage.do(self.keeper, lambda act: breach.record_finding(
            act, self.life.contract, behaviour=plan.code, kind=plan.kind, party=self.party, facts=self.facts, occurred_on=occurred, check=check,
            contract_clause=self.matter.clause if self.matter else "6.2", evidence=proofs(act, digests)))  # fmt: skip
        opened: UUID = case.id
        return opened

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
        limits = catalogue.fine_limits(self.stage.office.book, self.plan.code, self.now().contract_value, self.stage.today)
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
