"""A walk through late truth: a finding that the authority had not paid, and payments that come to light afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from domain.breach import events as b
from domain.breach.case import Case
from domain.contract import commands as contracts
from domain.contract import events as c
from domain.contract.contract import Contract
from domain.corrections import correct
from domain.terms import PaymentTerm
from tests.domain.nevers.truth import PRICE
from tests.domain.nevers.walk import SUPERVISORS, Walk
from tests.domain.office import SUIXI, Office, yuan

DUE = date(2026, 3, 31)


class Late(Walk):
    """A finding that the authority paid late, and payments that come to light, or are corrected, afterwards."""

    acts = ("notice", "confirmation", "dismissal", "statement", "touches/answer", "touches/answer", "closure")
    repair_acts, waits, finds, payments = (), (1, 8), False, True

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        self.office = Office()
        terms = [PaymentTerm("P1", yuan(PRICE), due_on=DUE), PaymentTerm("P2", yuan(700_000), "M2", 30)]
        self.contract = self.office.at("2026-01-12").contract(payments=terms)
        self.office.at("2026-04-08")
        if data.draw(st.booleans()):
            self._pay("county-supervisor", yuan(100_000), 2)
        self.cases = [self.office.finding(self.contract, behaviour="GOV-01", kind="management", party=SUIXI.ref, occurred_on=date(2026, 4, 2))]

    @rule(data=st.data())
    def comes_to_light(self, data: st.DataObject) -> None:
        pick = self._pick(data)
        self._try(lambda: self._pay(pick(SUPERVISORS), yuan(pick((100_000, 200_000, PRICE))), pick((0, 3, 9, 20))))

    @rule(data=st.data())
    def is_said_again(self, data: st.DataObject) -> None:
        pick = self._pick(data)
        told: list[Any] = [*self.office.ledger.of([self.contract])[self.contract], *self.office.ledger.of(self.cases)[self.cases[0]]]
        one = pick([each for each in told if isinstance(each.event, c.PaymentMade | b.CaseOpened | b.StatementReceived | b.NoticeServed)])
        wording = {c.PaymentMade: ("paid_on", pick(("2026-03-30", "2026-04-06"))), b.CaseOpened: ("facts", "已付"), b.StatementReceived: ("text", "y"),
                   b.NoticeServed: ("method", "post")}  # fmt: skip
        field, value = wording[type(one.event)]
        kind = Contract if one.stream == self.contract else Case
        self._try(lambda: self.office.ask(pick(SUPERVISORS), correct, kind, one.stream, one.position, field, value, "登记错了"))

    def _pay(self, who: str, value: Any, days: int) -> None:
        on = self.office.today - timedelta(days)
        self.office.ask(who, contracts.record_payment, self.contract, ref="P1", value=value, paid_on=on)
