"""What happened to a contract as a file tells it: recorded where it is new, dated within what may be dated, else remarked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from domain.act import Act
from domain.contract import events as c
from domain.contract.contract import Contract
from domain.events import Event, as_corrected
from domain.rules import RuleBroken
from web.importers.agreed import Course
from web.importers.record import ContractRecord, Happening, Note

UPDATED = "外部公布更新"
AMENDED = "外部公布的合同变更"
_WORDS = {
    "payment": "付款", "fulfilment": "履行", "partly_met": "部分履行", "not_met": "未履行", "amendment": "变更", "suspension": "中止",
    "resumption": "恢复", "completion": "完成", "termination": "解除", "settlement": "结清", "ended_unsaid": "结束",
    "cancellation": "取消", "performance_failure": "履行问题",
}  # fmt: skip
_WHY = {
    "suspension": "导入的文件没有写明理由",
    "termination": "导入的文件没有写明理由",
    "ended_unsaid": "外部公布合同已结束（terminated），没有写明是完成还是解除",
    "cancellation": "外部公布合同已取消（cancelled）",
}
# What stands on one day is told in this order.
_ORDER = ("amendment", "fulfilment", "payment", "suspension", "resumption", "completion", "ended_unsaid", "cancellation", "termination", "settlement")
_ENDED = ("completed", "terminated", "settled")


class Known(NamedTuple):
    """What a contract's stream tells already."""

    payments: dict[str, list[tuple[date, Any]]]
    amendments: set[str]
    amended: set[tuple[date, str]]
    days: dict[str, set[date]]
    latest: str | None
    remarks: set[str]
    imported: bool
    signing: c.ContractSigned | None
    ends_on: date | None


def known_of(contract: Contract) -> Known:
    """Read from the events in their latest wording."""
    told = [one for version in range(1, contract.version + 1) if (one := contract.told(version)) is not None]
    return _known([one.event for one in as_corrected(told)])


def _known(events: Iterable[Event]) -> Known:
    payments: dict[str, list[tuple[date, Any]]] = {}
    amendments, amended, remarks = set[str](), set[tuple[date, str]](), set[str]()
    days: dict[str, set[date]] = {"suspension": set(), "resumption": set()}
    latest, signing, ends_on, imported = None, None, None, False
    for event in events:
        match event:
            case c.ContractSigned():
                signing, ends_on, imported = event, event.ends_on, event.via == "import"
            case c.PaymentMade():
                payments.setdefault(event.ref or "", []).append((event.paid_on, event.value))
            case c.ContractAmended():
                amendments |= {event.number} if event.number else set()
                amended.add((event.amended_on, event.rationale))
                ends_on = event.ends_on or ends_on
            case c.ContractSuspended():
                days["suspension"].add(event.suspended_on)
            case c.ContractResumed():
                days["resumption"].add(event.resumed_on)
            case c.ExternalReleaseReceived():
                latest = max(latest or "", event.released_at or "") or None
                remarks |= set(event.remarks)
    return Known(payments, amendments, amended, days, latest, remarks, imported, signing, ends_on)


NOTHING = _known(())


class Telling:
    """One record being told into one contract. `remarks` go into the log with the document, `notes` to whoever imports."""

    def __init__(self, contract: Contract, record: ContractRecord, course: Course, act: Act, known: Known = NOTHING) -> None:
        self.contract, self.record, self.course, self.act, self.known = contract, record, course, act, known
        self.remarks: list[str] = []
        self.notes: list[Note] = []

    def tell(self) -> None:
        """Record what is new, in the order of its days."""
        steps: list[tuple[date, int, Happening]] = []
        for one in [*self._new_payments(), *(one for one in self.record.happened if one.kind != "payment")]:
            if one.kind in _ORDER:
                if not self._is_known(one):
                    steps.append((self._day(one), _ORDER.index(one.kind), one))
            else:
                self._only_remark(one)
        for on, _, one in sorted(steps, key=lambda step: step[:2]):
            self._try(one, on)

    def _try(self, one: Happening, on: date) -> None:
        try:
            _STEPS[one.kind](self, one, on)
        except RuleBroken as refused:
            reason = "；".join(broken.said for broken in refused.broken)
            self.say(one, "step_not_recorded", "{what} {ref}（{day}）没有登记：{reason}", day=_shown(one.on), reason=reason)

    # -- days

    def _day(self, one: Happening) -> date:
        """The day to record it at: the file's own, within what may be dated; what is changed is remarked."""
        today, first = self.act.today, self.contract.holds_from
        on = one.on or one.since or self.record.released_on or today
        within = max(first, min(on, today))
        if one.on is None:
            self._remark(one, "{what} {ref} 没有日期，按 {within} 登记", within=within)
        elif within != on:
            why = "在登记日之后" if on > today else "早于合同生效日"
            self._remark(one, "{what} {ref} 的日期 {day} {why}，按 {within} 登记", day=on, why=why, within=within)
        return within

    def _remark(self, one: Happening, sentence: str, **params: Any) -> None:
        self.remarks.append(Note("", one.place, sentence, {"what": _WORDS[one.kind], "ref": one.ref, **params}).text)

    def say(self, one: Happening, code: str, sentence: str, **params: Any) -> None:
        """Told to whoever imports, and kept with the document."""
        note = Note(code, one.place, sentence, {"what": _WORDS[one.kind], "ref": one.ref, **params})
        self.notes.append(note)
        self.remarks.append(note.text)

    def _only_remark(self, one: Happening) -> None:
        sentence = "{what} {ref}：{note}（{day}）" if one.note else "{what} {ref}（{day}）"
        self._remark(one, sentence, note=one.note[:200], day=_shown(one.on))

    # -- what is known

    def _new_payments(self) -> Iterator[Happening]:
        """Payments of this file beyond those known under the same ref; one that only differs is told, and not paid again."""
        by_ref: dict[str, list[Happening]] = {}
        for one in self.record.happened:
            if one.kind == "payment":
                by_ref.setdefault(_ref(one), []).append(one)
        for ref, told in by_ref.items():
            kept = list(self.known.payments.get(ref, ()))
            others = [one for one in told if not _taken(kept, self._said_as(one))]
            for one, other in zip(others, kept, strict=False):
                self._differs(one, other)
            yield from others[len(kept) :]

    def _said_as(self, one: Happening) -> tuple[date, Any]:
        on = one.on or one.since or self.record.released_on or self.act.today
        return max(self.contract.holds_from, min(on, self.act.today)), one.value

    def _differs(self, one: Happening, kept: tuple[date, Any]) -> None:
        if one.on is not None and one.on <= self.act.today:
            self.say(one, "payment_differs", "{what} {ref} 已登记为 {kept}，文件中是 {given}，没有再登记",
                     kept=_paid(*kept), given=_paid(one.on, one.value))  # fmt: skip

    def _is_known(self, one: Happening) -> bool:
        match one.kind:
            case "amendment":
                return one.ref in self.known.amendments or (self._said_as(one)[0], self._rationale(one)) in self.known.amended
            case "fulfilment":
                return self._fulfilled(one)
            case "suspension" | "resumption":
                return self._said_as(one)[0] in self.known.days[one.kind]
            case "termination" | "ended_unsaid" | "cancellation":
                return self.contract.status in _ENDED
            case "completion":
                return self.contract.status in _ENDED
            case "settlement":
                return self.contract.status == "settled"
        return False

    def _fulfilled(self, one: Happening) -> bool:
        kept = self.contract.fulfilled.get(_ref(one))
        if kept is not None and one.on is not None and kept != self._said_as(one)[0]:
            self.say(one, "fulfilment_differs", "{what} {ref} 已登记于 {kept}，文件中是 {given}，没有再登记", kept=kept, given=one.on)
        return kept is not None

    # -- steps

    def _pay(self, one: Happening, on: date) -> None:
        if one.value is None:
            return self.say(one, "payment_without_amount", "{what} {ref} 没有金额，没有登记")
        return self.contract.record_payment(_ref(one), on, one.value, one.note[:500], self.act.today, imported=True, **self.act.said)

    def _fulfil(self, one: Happening, on: date) -> None:
        self.contract.fulfil(_ref(one), on, [], self.act.today, **self.act.said)

    def _amend(self, one: Happening, on: date) -> None:
        step = self.course.steps[one.ref]
        terms = {"amended_on": on, "rationale": self._rationale(one), "number": None if one.ref.startswith("~") else one.ref, "value": step.value,
                 "ends_on": step.ends_on, "obligations": [], "payments": []}  # fmt: skip
        self.contract.amend(terms, self.act.today, self.act.book, imported=True, **self.act.said)

    def _rationale(self, one: Happening) -> str:
        """The file's words; an amount that may be a difference is told in words alone."""
        unclear = one.value is not None and self.course.steps[one.ref].value is None
        return (one.note or AMENDED) + (f"（文件所写金额 {_paid(None, one.value)}）" if unclear else "")

    def _suspend(self, one: Happening, on: date) -> None:
        self.contract.suspend(max(on, self.contract.since), one.note or _WHY["suspension"], self.act.today, **self.act.said)

    def _resume(self, one: Happening, on: date) -> None:
        self.contract.resume(max(on, self.contract.since), self.act.today, **self.act.said)

    def _complete(self, one: Happening, on: date) -> None:
        self.contract.complete(on, [], self.act.today, imported=True, **self.act.said)

    def _terminate(self, one: Happening, on: date) -> None:
        self.contract.terminate(on, None, one.note or _WHY[one.kind], self.act.today, imported=True, **self.act.said)

    def _settle(self, one: Happening, on: date) -> None:
        self.contract.settle(on, one.value, self.act.today, imported=True, **self.act.said)


_Step = Callable[[Telling, Happening, date], None]
_STEPS: dict[str, _Step] = {
    "payment": Telling._pay, "fulfilment": Telling._fulfil, "amendment": Telling._amend, "suspension": Telling._suspend,
    "resumption": Telling._resume, "completion": Telling._complete, "termination": Telling._terminate,
    "ended_unsaid": Telling._terminate, "cancellation": Telling._terminate, "settlement": Telling._settle,
}  # fmt: skip


def _ref(one: Happening) -> str:
    return one.about or one.ref


def _shown(on: date | None) -> str:
    return on.isoformat() if on else "没有日期"


def _paid(on: date | None, value: Any) -> str:
    amount = "没有金额" if value is None else f"{value.amount:f} {value.currency}"
    return amount if on is None else f"{on} {amount}"


def _taken(kept: list[tuple[date, Any]], said: tuple[date, Any]) -> bool:
    """Whether a known payment is this one; it is then no other's."""
    if said in kept:
        kept.remove(said)
        return True
    return False


__all__ = ["AMENDED", "NOTHING", "UPDATED", "Known", "Telling", "known_of"]
