"""What an importer hands over: contracts, procurements and rejects, each with its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec

from domain.values.fault import Fault
from domain.values.money import Money

UNKNOWN_CURRENCY = "XXX"
"""ISO 4217's own code for "no currency": an amount that came without one."""


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where in which file; rows as Excel counts them, the heading's row included; a pointer is RFC 6901."""

    file: str
    row: int | None = None
    sheet: str | None = None
    column: str | None = None
    pointer: str | None = None


class Note(msgspec.Struct, frozen=True, gc=False):
    """Something odd that does not keep the record out. `sentence` is the Chinese source text with `{placeholders}`."""

    code: str
    place: Place
    sentence: str
    params: Mapping[str, Any] = {}

    @property
    def text(self) -> str:
        return self.sentence.format_map(self.params)

    @classmethod
    def of(cls, fault: Fault, place: Place) -> Note:
        """What a value of the domain found wrong, at a place in a file."""
        return cls(fault.code, place, fault.sentence, fault.params)


class Reject(msgspec.Struct, frozen=True):
    """One row or release that stays out, with every reason at once; `original` is what to mend.

    `original` is a `SheetRow` for a spreadsheet, the release as a dict for OCDS, None for a file that cannot be read.
    `part_of` is the key of the contract that is in all the same, where only a part of it (a payment) stays out.
    """

    place: Place
    faults: tuple[Note, ...]
    original: Any = None
    part_of: str | None = None

    @property
    def file(self) -> str:
        return self.place.file

    @property
    def row(self) -> int | None:
        return self.place.row

    @property
    def sheet(self) -> str | None:
        return self.faults[0].place.sheet

    @property
    def column(self) -> str | None:
        return self.faults[0].place.column

    @property
    def pointer(self) -> str | None:
        return self.faults[0].place.pointer

    @property
    def code(self) -> str:
        return self.faults[0].code

    @property
    def reason(self) -> str:
        """Every reason, in Chinese."""
        return "；".join(dict.fromkeys(fault.text for fault in self.faults))


class SheetRow(msgspec.Struct, frozen=True):
    """A rejected row as it stood, and the rows of other sheets that belong to it: (sheet, headings, number, cells)."""

    headings: tuple[str, ...]
    cells: tuple[Any, ...]
    others: tuple[tuple[str, tuple[str, ...], int, tuple[Any, ...]], ...] = ()


class PartyRecord(msgspec.Struct, frozen=True, gc=False):
    """`scheme:id` names it; scheme `local` where the file gives no number. Size: large medium small micro."""

    scheme: str
    id: str
    name: str
    size: str | None = None
    lead: bool = False
    region: str | None = None

    @property
    def ref(self) -> str:
        return f"{self.scheme}:{self.id}"


class ObligationRecord(msgspec.Struct, frozen=True, gc=False):
    """What one side (`contractor` or `authority`) owes; `status` is OCDS's: scheduled met notMet partiallyMet."""

    ref: str
    title: str
    owed_by: str
    due_on: date | None
    place: Place
    status: str | None = None


class PlannedPayment(msgspec.Struct, frozen=True, gc=False):
    """A payment agreed on: after which obligation, how much, within how many days."""

    ref: str
    place: Place
    after: str | None = None
    value: Money | None = None
    term_days: int | None = None
    due_on: date | None = None


class Change(msgspec.Struct, frozen=True, gc=False):
    """One field that an amendment changed, as the file words it: `value.amount`, from, to (None: not said)."""

    field: str
    before: Any
    after: Any


class Happening(msgspec.Struct, frozen=True):
    """Something that happened to a contract.

    `kind`: payment, fulfilment, partly_met, not_met, amendment, suspension, resumption, completion, termination,
    settlement, ended_unsaid (OCDS `terminated`: ended, well or badly, never a breach by itself), cancellation (before
    signing), performance_failure (as the publisher tells it; never a finding by itself).
    `on` is None where the file gives no day. `ref` is the file's id, or one made of the contents. `about` names the
    obligation or planned payment concerned. `since` is the release that first says so.
    """

    kind: str
    on: date | None
    ref: str
    place: Place
    value: Money | None = None
    note: str = ""
    about: str | None = None
    payee: PartyRecord | None = None
    payer: PartyRecord | None = None
    changes: tuple[Change, ...] = ()
    since: date | None = None


class DocumentRecord(msgspec.Struct, frozen=True, gc=False):
    """A document that the file tells of; nothing is fetched from its address."""

    ref: str
    title: str
    type: str | None
    url: str | None
    published_on: date | None


class SecurityRecord(msgspec.Struct, frozen=True, gc=False):
    """The performance security: cash, bank_guarantee, surety, insurance."""

    value: Money
    form: str
    ends_on: date | None


class AwardRecord(msgspec.Struct, frozen=True):
    """Who won what, in a procurement whose contract may come in another file."""

    id: str
    suppliers: tuple[PartyRecord, ...]
    value: Money | None
    on: date | None
    status: str | None


class ContractRecord(msgspec.Struct, frozen=True):
    """A contract and what happened to it, as one file tells it.

    `key` is the same in every file that tells of this contract (`ocds:OCID:ID`, `sheet:NUMBER`); `process` is the ocid.
    `authority` None and `contractors` empty: not in this file; the procurement of the same `process` may know them.
    `status` is the file's word (OCDS: pending active cancelled terminated; sheets: signed performing suspended
    completed terminated settled). `released_on` is the day of the file's latest word. `document` is what to keep whole.
    """

    key: str
    number: str
    name: str
    source: Place
    type: str | None = None
    region: str | None = None
    signed_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    authority: PartyRecord | None = None
    contractors: tuple[PartyRecord, ...] = ()
    value: Money | None = None
    security: SecurityRecord | None = None
    retention_percent: str | None = None
    works: str | None = None
    obligations: tuple[ObligationRecord, ...] = ()
    payments_plan: tuple[PlannedPayment, ...] = ()
    happened: tuple[Happening, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()
    status: str | None = None
    process: str | None = None
    award: str | None = None
    released_on: date | None = None
    document: bytes | None = None
    document_digest: str | None = None
    notes: tuple[Note, ...] = ()


class ProcurementRecord(msgspec.Struct, frozen=True):
    """A contracting process without a contract yet, to be joined by `process` (its ocid) when one comes."""

    key: str
    process: str
    name: str
    source: Place
    authority: PartyRecord | None = None
    awards: tuple[AwardRecord, ...] = ()
    value: Money | None = None
    status: str | None = None
    released_on: date | None = None
    document: bytes | None = None
    document_digest: str | None = None
    notes: tuple[Note, ...] = ()


Record = ContractRecord | ProcurementRecord | Reject
