"""The life of a contract: signed, published, checked, performed, paid, completed and settled — more or less in time."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from domain import loops as loop_table
from domain.conformance.commands import answer_breach
from domain.contract import commands
from domain.contract.contract import Contract
from domain.loops import breaches
from domain.policy.book import NoPackInForce
from domain.terms import CheckItem, Obligation, PaymentTerm
from domain.values.money import Money
from web.demo.pictures import picture
from web.demo.promises import with_contract
from web.demo.stage import SUPERVISORS, Stage, body_of
from web.demo.tales import LATE
from web.demo.terms import YUAN, Terms
from web.demo.words import person

ITEMS = {
    "SG": ("CK-03", "CK-04", "CK-05", "CK-06", "CK-07", "CK-08", "CK-16"), "EPC": ("CK-04", "CK-05", "CK-06", "CK-07", "CK-08"),
    "JL": ("CK-04", "CK-06", "CK-09", "CK-15"), "JC": ("CK-06", "CK-07", "CK-15"), "YW": ("CK-06", "CK-14", "CK-15"),
}  # fmt: skip
OTHERS = ("CK-01", "CK-02", "CK-06", "CK-15")
NOTES = ("与计划相符", "资料齐全", "现场整洁", "记录完整，签字齐全", "略有滞后，已督促", "抽查 3 处均合格", "人员在岗，考勤一致", "")
AMENDMENTS = (
    "{place}段地质条件与勘察不符，增加处理工程量", "征地移交推迟，工期顺延 {days} 日", "汛期停工，工期顺延 {days} 日",
    "根据审查意见增加{place}段护砌", "设备选型优化，增加备品备件")  # fmt: skip
SUSPENSIONS = ("台风“{storm}”影响，现场停工", "{place}段征地纠纷未决", "上游来水超警戒水位，暂停施工", "设计变更待批，暂停施工", "资金计划调整，暂停施工")
STORMS = ("海燕", "摩羯", "泰利", "苏拉", "海神", "暹芭", "木恩", "圆规")
CANCELLED = ("与上级专项检查合并进行", "因台风取消，另行安排", "检查人员另有防汛任务", "合同已经完成，不再单独检查")
TERMINATIONS = ("双方协商一致解除合同", "规划调整，项目不再实施", "乙方多次催告仍不履行，依合同约定解除")
WAIVERS = ("该项工作已并入后续工程", "设计变更后不再需要", "由甲方另行组织完成")


class Life:
    """One contract on the stage. What is done late, or never, its own chances say."""

    def __init__(self, stage: Stage, index: int, terms: Terms, tidy: bool = False) -> None:
        self.stage, self.index, self.terms, self.tidy = stage, index, terms, tidy
        self.rng = stage.rng("contract", index)
        self.id: UUID | None = None
        self.who = SUPERVISORS[terms.region]
        self.done: set[str] = set()
        self.over = False
        self.suspended = False
        self.checks = 0

    # ---- helpers

    @property
    def contract(self) -> UUID:
        assert self.id is not None  # noqa: S101  nothing happens to a contract before it is signed
        return self.id

    def do(self, command: Any, **terms: Any) -> Any:
        return self.stage.do(self.who, lambda act: command(act, self.contract, **terms))

    def later(self, day: date, action: Any) -> None:
        self.stage.at(self.stage.working(day), action, self.rng)

    def chance(self, of_hundred: int) -> bool:
        """In a tidy life nothing goes wrong."""
        return not self.tidy and self.rng.randrange(100) < of_hundred

    def slip(self, late: int, forgotten: int, most: int) -> int:
        """How many days late something is: mostly none; what was forgotten is found again after months."""
        if self.chance(forgotten):
            return self.rng.randrange(50, 150)
        return self.rng.randrange(1, most) if self.chance(late) else 0

    # ---- signing

    def sign(self) -> None:
        terms = self.terms
        signed = self.stage.do(self.who, lambda act: commands.sign_contract(
            act, number=terms.number, name=terms.name, type=terms.kind.code, region=terms.region, authority=_authority(terms.region),
            contractors=[firm.contractor(n == 0) for n, firm in enumerate(terms.firms)], signed_on=terms.signed_on,
            starts_on=terms.signed_on + timedelta(days=self.rng.randrange(3, 16)), ends_on=terms.ends_on, value=terms.value,
            obligations=terms.obligations, payments=terms.payments, security=terms.security, retention_percent=terms.retention))  # fmt: skip
        self.id = signed.id
        self._announce()
        for one in terms.obligations:
            self._expect(one)
        for term in terms.payments:
            if term.after is None:
                self._pay_later(term, self.stage.today)
        self._plan_checks()
        self._upsets()
        self._expect_review()
        with_contract(self.stage, terms, self.index, self.contract)

    def _announce(self) -> None:
        if self.terms.kind.code not in ("CG", "XX", "YW", "ZX"):
            return
        for due, act in ((2, self._publish), (7, self._file)):
            late = self.slip(9, 3, 12)
            self.later(self.stage.working_days(self.rng.randrange(0, due)) + timedelta(days=late), act)

    def _publish(self) -> None:
        self.do(commands.publish_contract, url=f"https://zfcg.example.gov.cn/notice/{self.terms.number}")

        self._answer_for("contract_published:")

    def _file(self) -> None:
        self.do(commands.file_contract, number=f"备{self.stage.today.year}{self.index + 1:05}")
        self._answer_for("contract_filed:")

    def _answer_for(self, loop: str) -> None:
        """What was done after its day is answered for by a decider, some days later."""
        told = self.stage.office.ledger.of([self.contract])[self.contract]
        if f"{breaches.KIND}:{loop}" in loop_table.told(told, self.stage.office.book).loops:
            kind, _, key = loop.partition(":")
            own = self.stage.rng("answer", self.index, f"{kind}:{self.stage.today if key else ''}")
            self.stage.at(self.stage.working_days(own.randrange(2, 8)), lambda: self._explain(loop), own)

    def _explain(self, loop: str) -> None:
        self.stage.do("decider", lambda act: answer_breach(act, Contract, self.contract, loop, outcome="explained", grounds=LATE))

    # ---- obligations, payments

    def _expect(self, one: Obligation) -> None:
        late = self.slip(22, 4, 30)
        if one.due_on is None:
            return
        early = self.rng.randrange(0, 9) if not late else 0
        self.later(max(one.due_on + timedelta(days=late - early), self.stage.today), lambda: self._fulfil(one))

    def _fulfil(self, one: Obligation) -> None:
        if self.over or one.ref in self.done:
            return
        if self.suspended:
            self.later(self.stage.today + timedelta(days=20), lambda: self._fulfil(one))
            return
        self.done.add(one.ref)
        if self.chance(1):
            self.do(commands.waive_obligation, ref=one.ref, reason=self.rng.choice(WAIVERS))
        else:
            self.do(commands.fulfil_obligation, ref=one.ref)
            for term in self.terms.payments:
                if term.after == one.ref:
                    self._pay_later(term, self.stage.today)
        mine = {each.ref for each in self.terms.obligations if each.owed_by == "contractor"}
        if mine <= self.done:
            self.later(self.stage.today + timedelta(days=self.rng.randrange(2, 15)), self._complete)

    def _pay_later(self, term: PaymentTerm, since: date) -> None:
        late = self.slip(13, 2, 55)
        days = (term.term_days or 30) - self.rng.randrange(1, 12) if not late else (term.term_days or 30) + late
        paid_on = self.stage.working(since + timedelta(days=max(days, 1)))
        told_on = paid_on + timedelta(days=self.rng.randrange(3, 16)) if self.chance(8) else paid_on
        self.later(told_on, lambda: self._pay(term, min(paid_on, self.stage.today)))

    def _pay(self, term: PaymentTerm, on: date) -> None:
        if term.value.amount > 0:
            self.do(commands.record_payment, ref=term.ref, value=term.value, paid_on=on)

    # ---- checks

    def _plan_checks(self) -> None:
        gap = 75 if self.terms.kind.code in ("SG", "EPC", "JL", "YW") else 110
        day = self.terms.signed_on + timedelta(days=self.rng.randrange(20, gap))
        while day < self.terms.ends_on and self.checks < 6:
            self.checks += 1
            planned = self.stage.working(day)
            self.later(max(self.stage.today, planned - timedelta(days=self.rng.randrange(4, 14))), lambda planned=planned: self._plan_check(planned))
            day += timedelta(days=self.rng.randrange(gap, gap * 2))

    def _plan_check(self, planned: date) -> None:
        if self.over:
            return
        mode = self.rng.choices(("routine", "special", "audit"), (80, 15, 5))[0]
        _, check = self.do(commands.plan_check, planned_on=max(planned, self.stage.today), mode=mode)
        late = self.slip(12, 3, 14)
        self.later(max(planned, self.stage.today) + timedelta(days=late), lambda: self._check(check))

    def _check(self, check: UUID) -> None:
        if self.chance(4):
            self.do(commands.cancel_check, check=check, reason=self.rng.choice(CANCELLED))
            self._answer_for(f"planned_check:{check}")
            return
        self._carry_out(check, self.rng, self._seen())
        self._answer_for(f"planned_check:{check}")

    def _carry_out(self, check: UUID, rng: Random, seen: list[str]) -> None:
        codes = ITEMS.get(self.terms.kind.code, OTHERS)
        chosen = sorted(rng.sample(codes, min(len(codes), rng.randrange(3, 6))))
        items = [CheckItem(code, "pass", rng.choice(NOTES), seen if n == 0 else []) for n, code in enumerate(chosen)]
        self.do(commands.carry_out_check, check=check, inspectors=rng.sample(inspectors_of(self.terms.region), 2), items=items)

    def _expect_review(self) -> None:
        """A long contract is reviewed each year, some days before its day; now and then after it."""
        kept = loop_table.told(self.stage.office.ledger.of([self.contract])[self.contract], self.stage.office.book)
        due = one.due_on if (one := kept.loops.get("yearly_check:")) is not None else None
        if due is not None:
            own = self.stage.rng("yearly", self.index, due)
            day = due + timedelta(days=own.randrange(2, 20) if own.randrange(100) < 9 else -own.randrange(3, 25))
            self.stage.at(self.stage.working(max(day, self.stage.today)), lambda: self._review(own), own)

    def _review(self, own: Random) -> None:
        if not self.over:
            _, check = self.do(commands.plan_check, planned_on=self.stage.today, mode="yearly")
            self._carry_out(check, own, [])
            self._answer_for("yearly_check:")
            self._expect_review()

    def _seen(self) -> list[str]:
        """Now and then somebody takes a picture although all is well."""
        return [self.photograph(self.rng)] if self.chance(6) else []

    def photograph(self, rng: Random) -> str:
        """A picture taken at the site, brought by the supervisor; its digest."""
        return self.stage.bring(self.who, picture(rng), f"IMG_{self.stage.today:%Y%m%d}_{rng.randrange(1, 10_000):04}.png")

    def inspectors(self) -> list[str]:
        return self.rng.sample(inspectors_of(self.terms.region), 2)

    # ---- upsets

    def _upsets(self) -> None:
        span = (self.terms.ends_on - self.terms.signed_on).days
        middle = self.terms.signed_on + timedelta(days=span * self.rng.randrange(30, 70) // 100)
        if self.chance(12):
            self.later(middle, self._amend)
        if self.terms.kind.code in ("SG", "EPC", "JL") and self.chance(9):
            self.later(middle + timedelta(days=9), self._suspend)
        if self.chance(2):
            self.later(middle + timedelta(days=25), self._terminate)

    def _amend(self) -> None:
        if self.over or self.suspended:
            return
        days, value = self.rng.randrange(20, 90), self.terms.value
        more = Money(value.amount * self.rng.randrange(1, 8) / 100 // 100 * 100, YUAN) if self.rng.random() < 0.5 else None
        rationale = self.rng.choice(AMENDMENTS).format(place=self._spot(), days=days)
        terms: dict[str, Any] = {"rationale": rationale, "number": f"{self.terms.number}-补1", "ends_on": self.terms.ends_on + timedelta(days=days)}
        added = None
        if more is not None and more.amount > 0:
            added = Obligation("B1", "contractor", "补充协议约定的工作完成", self.stage.today + timedelta(days=days + 30))
            extra = PaymentTerm("PB1", more, "B1", 30, title="补充协议价款")
            terms |= {"value": Money(value.amount + more.amount, YUAN), "obligations": [added], "payments": [extra]}
        try:
            self.do(commands.amend_contract, **terms)
        except NoPackInForce:
            return
        if added is not None:
            self.terms.obligations.append(added)
            self.terms.payments.append(extra)
            self._expect(added)

    def _spot(self) -> str:
        start = self.rng.randrange(0, 9)
        return f"K{start}+{self.rng.randrange(0, 10)}00～K{start}+{self.rng.randrange(10, 19) * 50:03}"

    def _suspend(self) -> None:
        if self.over or self.suspended:
            return
        self.suspended = True
        reason = self.rng.choice(SUSPENSIONS).format(storm=self.rng.choice(STORMS), place=self._spot())
        self.do(commands.suspend_contract, reason=reason)
        if not self.chance(15):
            self.later(self.stage.today + timedelta(days=self.rng.randrange(10, 50)), self._resume)

    def _resume(self) -> None:
        if not self.over:
            self.suspended = False
            self.do(commands.resume_contract)

    # ---- ends

    def _complete(self) -> None:
        mine = {each.ref for each in self.terms.obligations if each.owed_by == "contractor"}
        if self.over or self.suspended or not mine <= self.done:
            return
        self.over = True
        self.do(commands.complete_contract)
        self._wind_up()

    def _terminate(self) -> None:
        if self.over or self.suspended:
            return
        self.over = True
        self.do(commands.terminate_contract, reason=self.rng.choice(TERMINATIONS), by_side=self.rng.choice(("contractor", "authority", None)))
        self._wind_up()

    def _wind_up(self) -> None:
        self._answer_for("yearly_check:")
        ends = [(52, 10, 4, 60, self._settle)]
        if self.terms.security is not None:
            ends.append((24, 10, 3, 40, self._return_security))
        if self.terms.retention > 0:
            ends.append((10, 12, 3, 40, self._release_retention))
        for due, late, forgotten, most, act in ends:
            slip = self.slip(late, forgotten, most)
            self.later(self.stage.today + timedelta(days=self.rng.randrange(3, due) + slip), act)

    def _return_security(self) -> None:
        self.do(commands.return_security)

    def _release_retention(self) -> None:
        self.do(commands.release_retention)

    def _settle(self) -> None:
        """When everything that is due has been paid; else somebody tries again."""
        from domain.rules import RuleBroken

        try:
            self.do(commands.settle_contract)
        except RuleBroken:
            self.later(self.stage.today + timedelta(days=30), self._settle)


def _authority(region: str) -> Any:
    from domain.terms import Authority
    from web.demo.people import SCHEME

    body = body_of(region)
    return Authority(SCHEME, body.code, body.name)


def inspectors_of(region: str) -> list[str]:
    """Those who inspect in a region: the same few people, year after year."""
    rng = Random(f"inspectors/{region}")
    found = list[str]()
    while len(found) < 6:
        name = person(rng)
        if name not in found:
            found.append(name)
    return found
