"""What a contract's own row and the rows of the other sheets say beyond its terms: obligations, payments, events."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from projections.exports.columns import EVENTS, OBLIGATIONS, PAYMENTS
from web.importers.cells import Read, Reader
from web.importers.record import ContractRecord, Happening, ObligationRecord, Place, PlannedPayment


class Part(msgspec.Struct):
    """A row of another sheet that belongs to a contract."""

    sheet: str
    read: Read
    reader: Reader
    cells: Sequence[Any]


def with_parts(record: ContractRecord, read: Read, reader: Reader, parts: list[Part]) -> ContractRecord:
    """The contract with what its own row, and the rows of other sheets, say beyond its terms."""
    told = _Beyond()
    if "completed_on" in read.values:
        place = reader.place(read.row, reader.title("completed_on"))
        told.happened.append(Happening("completion", read.values["completed_on"], "completion", place))
    told.numbered(read, reader)
    for part in parts:
        place, values = part.reader.place(part.read.row), part.read.values
        if part.sheet == OBLIGATIONS.key:
            told.obligation(values, place)
        elif part.sheet == PAYMENTS.key:
            told.payment(values, place)
        elif part.sheet == EVENTS.key:
            told.event(values, place)
    if not (told.obligations or told.payments or told.happened):
        return record
    return msgspec.structs.replace(
        record,
        obligations=tuple(told.obligations),
        payments_plan=tuple(told.payments),
        happened=tuple(sorted(told.happened, key=lambda one: one.on or date.max)),
    )


class _Beyond:
    def __init__(self) -> None:
        self.obligations: list[ObligationRecord] = []
        self.payments: list[PlannedPayment] = []
        self.happened: list[Happening] = []

    def numbered(self, read: Read, reader: Reader) -> None:
        """Obligations and payments that stand in the contract's own row."""
        groups: dict[tuple[str, str], dict[str, Any]] = {}
        for key, value in read.values.items():
            if "." in key:
                kind, number, field = key.split(".")
                groups.setdefault((kind, number), {})[field] = value
        for (kind, number), values in groups.items():
            column = reader.title(f"{kind}.{number}.{'title' if kind == 'obligation' else 'value'}")
            place = reader.place(read.row, column)
            if kind == "obligation":
                self.obligation({"ref": f"M{number}", **values}, place)
            else:
                self.payment({"ref": f"P{number}", **values}, place)

    def obligation(self, values: dict[str, Any], place: Place) -> None:
        ref = values.get("ref") or f"M{len(self.obligations) + 1}"
        title, owed_by = values.get("title", ref), values.get("owed_by", "contractor")
        self.obligations.append(ObligationRecord(ref, title, owed_by, values.get("due_on"), place))
        if "fulfilled_on" in values:
            self.happened.append(Happening("fulfilment", values["fulfilled_on"], ref, place, about=ref))

    def payment(self, values: dict[str, Any], place: Place) -> None:
        ref = values.get("ref") or f"P{len(self.payments) + 1}"
        planned = PlannedPayment(ref, place, values.get("after"), values.get("value"), values.get("term_days"))
        if "value" in values or "term_days" in values or "after" in values:
            self.payments.append(planned)
        if "paid_on" in values or "paid" in values:
            value = values.get("paid") or values.get("value")
            self.happened.append(Happening("payment", values.get("paid_on"), ref, place, value, about=ref))

    def event(self, values: dict[str, Any], place: Place) -> None:
        ref = values.get("ref") or f"{values['kind']}-{values['on'].isoformat()}"
        self.happened.append(
            Happening(
                values["kind"],
                values["on"],
                ref,
                place,
                values.get("value"),
                values.get("note", ""),
                values.get("about"),
            )
        )
