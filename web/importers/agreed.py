"""What a record says was agreed, as the command takes it: sides, terms, numbers, the day from which it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import msgspec

from domain.terms import Authority, Contractor, Obligation, PaymentTerm, Security
from domain.values.document_number import normalise_contract_number
from domain.values.fault import Malformed
from domain.values.money import Money
from web.importers.record import Change, ContractRecord, Happening, Note, PartyRecord
from web.importers.written import Placeholder, day_of

SHORTEST_NUMBER = 4
"""A shorter id of a file ("1", "02") says which of its process; it is not the number of the contract."""
_OTHER = "QT"
_PLAIN = "CNY"


def authority_of(party: PartyRecord) -> Authority:
    return Authority(party.scheme, party.id, party.name.strip() or party.id)


def contractor_of(party: PartyRecord) -> Contractor:
    return Contractor(party.scheme, party.id, party.name.strip() or party.id, party.size, party.lead)


def numbers_of(record: ContractRecord) -> list[str]:
    """Numbers that this contract may have, the likeliest first: a file's own id unless it is short, then OCID/ID."""
    if record.process is None:
        return [record.number]
    whole = f"{record.process}/{record.number}"
    return [record.number, whole] if len(normalise_contract_number(record.number)) >= SHORTEST_NUMBER else [whole]


def holds_from(record: ContractRecord, today: date) -> date:
    """The day of signing, else the earliest known day, else today; never one that lies ahead."""
    if record.signed_on is not None and record.signed_on <= today:
        return record.signed_on
    days = [record.starts_on, record.ends_on, *[one.on for one in record.happened]]
    return min((day for day in days if day is not None and day <= today), default=today)


class Step(NamedTuple):
    """An amendment with what is in force since: None where it did not change that, or nobody says."""

    value: Money | None
    ends_on: date | None


class Course(NamedTuple):
    """How value and end went: as signed, and after each amendment by its ref."""

    value: Money | None
    ends_on: date | None
    steps: dict[str, Step]


def course_of(record: ContractRecord) -> Course:
    """The file gives the latest value and end; where its amendments say what was before, the signing had that."""
    amendments = sorted((one for one in record.happened if one.kind == "amendment"), key=lambda one: one.on or date.max)
    values = _followed(amendments, "value.amount", record.value, lambda told: _money(told, record.value))
    ends = _followed(amendments, "period.endDate", record.ends_on, _day)
    steps = {one.ref: Step(values[1].get(one.ref) or _stated(one, record), ends[1].get(one.ref)) for one in amendments}
    return Course(values[0], ends[0], steps)


def _followed(amendments: Sequence[Happening], field: str, latest: Any, read: Any) -> tuple[Any, dict[str, Any]]:
    changing = [(one, change) for one in amendments for change in one.changes if _names(change, field)]
    befores = [read(change.before) for _, change in changing]
    after: dict[str, Any] = {}
    for place, (one, change) in enumerate(changing):
        following = befores[place + 1] if place + 1 < len(changing) else latest
        after[one.ref] = read(change.after) or following
    first = befores[0] if befores and befores[0] is not None else latest
    return first, after


def _names(change: Change, field: str) -> bool:
    return change.field.strip("/").replace("/", ".").endswith(field)


def _stated(one: Happening, record: ContractRecord) -> Money | None:
    """A sheet's amount beside an amendment is the new value only where the contract has it now; else it is a difference."""
    return one.value if one.value is not None and (record.process is not None or one.value == record.value) else None


def _money(told: Any, like: Money | None) -> Money | None:
    if told is None or like is None:
        return None
    try:
        return Money.rounded(Decimal(str(told).replace(",", "")), like.currency)
    except (InvalidOperation, Malformed, ArithmeticError):
        return None  # as the publisher words it; the amendment keeps the words


def _day(told: Any) -> date | None:
    try:
        return None if told is None else day_of(str(told))
    except (Malformed, Placeholder):
        return None


def obligations_of(record: ContractRecord) -> list[Obligation]:
    """One obligation a ref."""
    found = {one.ref: Obligation(one.ref, one.owed_by, one.title, one.due_on) for one in record.obligations}
    return list(found.values())


def payments_of(record: ContractRecord) -> list[PaymentTerm]:
    """The planned payments that say how much."""
    found = {one.ref: PaymentTerm(one.ref, one.value, one.after, one.term_days, one.due_on)
             for one in record.payments_plan if one.value is not None}  # fmt: skip
    return list(found.values())


def terms_of(record: ContractRecord, course: Course, today: date) -> dict[str, Any]:
    """What `sign_contract` takes, apart from number, region and sides."""
    security = record.security
    return {
        "name": " ".join(record.name.split()) or record.number, "type": record.type or _OTHER, "signed_on": record.signed_on,
        "holds_from": holds_from(record, today), "starts_on": record.starts_on, "ends_on": course.ends_on, "value": course.value,
        "obligations": obligations_of(record), "payments": payments_of(record),
        "security": None if security is None else Security(security.value, security.form, security.ends_on),
        "retention_percent": Decimal(record.retention_percent or 0), "source": record.key, "ocid": record.process,
        "works": record.works,
    }  # fmt: skip


def unpriced(record: ContractRecord) -> Iterator[Note]:
    """Planned payments without an amount: told, since a term without one cannot be kept."""
    for one in record.payments_plan:
        if one.value is None:
            yield Note("planned_payment_without_amount", one.place, "付款计划 {ref} 没有金额，没有列入付款", {"ref": one.ref})


_ENDING = {"completed": "completion", "terminated": "termination", "settled": "settlement", "suspended": "suspension"}
_CLOSING = {"completion", "termination", "settlement", "ended_unsaid", "cancellation"}


def in_one_currency(record: ContractRecord) -> ContractRecord:
    """A sheet names the currency beside the contract; payments and events below it, which name none, are in the same."""
    code = record.value.currency if record.value is not None else _PLAIN
    if record.process is not None or code == _PLAIN:
        return record

    def same(value: Money | None) -> Money | None:
        return Money(value.amount, code) if value is not None and value.currency == _PLAIN else value

    plans = tuple(msgspec.structs.replace(one, value=same(one.value)) for one in record.payments_plan)
    happened = tuple(msgspec.structs.replace(one, value=same(one.value)) for one in record.happened)
    return msgspec.structs.replace(record, payments_plan=plans, happened=happened)


def with_status(record: ContractRecord) -> ContractRecord:
    """A sheet's word for the status, where none of its events says the same: something happened on an unknown day."""
    kind = _ENDING.get(record.status or "") if record.process is None else None
    told = {one.kind for one in record.happened}
    if kind is None or kind in told or (kind == "suspension" and told & _CLOSING):
        return record
    said = Happening(kind, None, kind, record.source)
    return msgspec.structs.replace(record, happened=(*record.happened, said))
