"""A contract that is known, told of again: what is new is added; what is worded otherwise is told, and amended by a newer file."""

from __future__ import annotations

from typing import Any

from domain.act import Act
from domain.contract.contract import Contract
from domain.terms import Obligation, PaymentTerm
from projections.exports.columns import WORKS
from web.importers.agreed import course_of, obligations_of, payments_of
from web.importers.history import UPDATED, Known, Telling, known_of
from web.importers.record import ContractRecord, Note

ADDED = "导入文件补充"


class Update(Telling):
    """The record of one file, told into a contract that is there already."""

    def __init__(self, contract: Contract, record: ContractRecord, act: Act) -> None:
        super().__init__(contract, record, course_of(record), act, known_of(contract))

    @property
    def is_newer(self) -> bool:
        """Only a dated word of the publisher that comes after the last one kept may change what was agreed."""
        released = self.record.released_on
        return released is not None and self.known.latest is not None and released.isoformat() > self.known.latest

    def apply(self) -> bool:
        """Whether anything was recorded."""
        before = self.contract.version
        new = [self._obligations(False), self._payments(False)]
        if new[0] or new[1]:
            self._agree({"obligations": new[0], "payments": new[1]}, ADDED if self.record.process is None else UPDATED)
        if self.record.works is not None and self.contract.works is None:
            self.contract.class_works(self.record.works, self.act.today, self.act.today, **self.act.said)
        self.tell()
        self._corrections()
        return self.contract.version > before

    def _obligations(self, known: bool) -> list[Obligation]:
        """Those that differ from what is known under their ref (known), or whose ref is not known yet."""
        have = self.contract.obligations
        return [one for one in obligations_of(self.record) if (have.get(one.ref) not in (None, one) if known else one.ref not in have)]

    def _payments(self, known: bool) -> list[PaymentTerm]:
        have = self.contract.payments
        found = payments_of(self.record)
        return [one for one in found if (one.ref in have and _bare(have[one.ref]) != _bare(one) if known else one.ref not in have)]

    def _agree(self, terms: dict[str, Any], rationale: str) -> None:
        on = max(self.contract.holds_from, min(self.record.released_on or self.act.today, self.act.today))
        whole = {"amended_on": on, "rationale": rationale, "number": None, "value": None, "ends_on": None, "obligations": [], "payments": [], **terms}
        self.contract.amend(whole, self.act.today, self.act.book, imported=True, **self.act.said)

    def _corrections(self) -> None:
        """What this file words otherwise than what is on record."""
        terms: dict[str, Any] = {}
        now = known_of(self.contract)
        if self.record.value is not None and self.record.value != self.contract.value:
            terms["value"] = self.record.value
            self._differs_from("合同金额", _amount(self.contract.value), _amount(self.record.value))
        if self.record.ends_on is not None and self.record.ends_on != now.ends_on:
            terms["ends_on"] = self.record.ends_on
            self._differs_from("结束日期", now.ends_on, self.record.ends_on)
        done = self.contract.fulfilled.keys() | self.contract.waived
        if changed := self._obligations(True):
            self._differs_from("义务", "、".join(one.ref for one in changed), "文件中的写法不同")
            terms["obligations"] = [one for one in changed if one.ref not in done]
        if planned := self._payments(True):
            self._differs_from("付款计划", "、".join(one.ref for one in planned), "文件中的写法不同")
            terms["payments"] = [one for one in planned if one.ref not in self.contract.paid]
        self._unchangeable(now)
        if self.is_newer and any(terms.values()):
            self._agree(terms, UPDATED)

    def _unchangeable(self, now: Known) -> None:
        """Differences that no amendment can say: they are told and left to people."""
        signing = now.signing
        if signing is None:
            return
        for label, kept, given in (
            ("合同名称", signing.name, " ".join(self.record.name.split())), ("签订日期", signing.signed_on, self.record.signed_on),
            ("开始日期", signing.starts_on, self.record.starts_on), ("合同类型", signing.type, self.record.type),
            ("工程类别", _WORKS.get(self.contract.works or ""), _WORKS.get(self.record.works or "")),
        ):  # fmt: skip
            if given and given != kept:
                self._differs_from(label, kept, given)

    def _differs_from(self, label: str, kept: Any, given: Any) -> None:
        sentence = _TAKEN if self.is_newer and label in _AMENDABLE else _LEFT
        self.notes.append(Note("value_differs", self.record.source, sentence, {"label": label, "kept": str(kept or "（无）"), "given": str(given)}))


_WORKS = dict(WORKS)
_TAKEN = "{label}已登记为“{kept}”，文件中是“{given}”，按文件更新"
_LEFT = "{label}已登记为“{kept}”，文件中是“{given}”，没有改动"
_AMENDABLE = ("合同金额", "结束日期", "义务", "付款计划")


def _bare(term: PaymentTerm) -> tuple[Any, ...]:
    return (term.value, term.after, term.term_days, term.due_on)


def _amount(value: Any) -> str:
    return "（无）" if value is None else f"{value.amount:f} {value.currency}"
