"""One record decided against one batch's ledger: a contract is signed or updated, a process received, or it stays out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple, cast
from uuid import UUID

from domain.access.account import Organisation, organisation_id
from domain.act import Act
from domain.actor import Actor
from domain.conformance.finding import what_follows
from domain.contract.commands import KEEPERS, number_key, sign_contract
from domain.contract.contract import Contract
from domain.contract.procurement import Procurement, Winner, procurement_id
from domain.index import Index
from domain.ledger import Ledger, stream_id
from domain.party.party import party_id
from domain.terms import Authority, Contractor
from domain.values.region import NATION, covers
from web.importers.agreed import authority_of, contractor_of, course_of, in_one_currency, numbers_of, terms_of, unpriced, with_status
from web.importers.buffered import Buffered
from web.importers.history import NOTHING, Telling
from web.importers.record import ContractRecord, Note, ProcurementRecord
from web.importers.updating import Update
from web.office import Office

IMPORTED, UNCHANGED, WITHOUT_CONTRACT = "imported", "unchanged", "without_contract"
AUTHORITY_MISSING = "文件中没有甲方（采购人），同一采购过程（{process}）的其他资料中也没有；请先导入该过程的采购公告，或补上后再导入"
CONTRACTOR_MISSING = "文件中没有乙方（供应商），同一采购过程（{process}）的其他资料中也没有；请先导入该过程的授标公告，或补上后再导入"
NOT_SIGNED = ("cancelled",)


class StaysOut(Exception):
    """This record cannot be taken as it is; `note` says why."""

    def __init__(self, note: Note) -> None:
        super().__init__(note.text)
        self.note = note


class Decision(NamedTuple):
    """What a record came to."""

    kind: str
    notes: Sequence[Note] = ()


class Importer(NamedTuple):
    """Who imports, and the region that contracts get which no organisation of this installation claims."""

    actor: Actor
    home: str


def key_stream(key: str) -> UUID:
    return stream_id("import-key", key)


def number_stream(authority: str, number: str) -> UUID:
    return stream_id("contract-number", number_key(authority, number))


def indexes_of(record: ContractRecord) -> Iterator[UUID]:
    """Where it stands whether a contract is known."""
    if record.process is not None:
        yield key_stream(record.key)
    if record.authority is not None:
        yield from (number_stream(record.authority.ref, one) for one in numbers_of(record))


def streams_of(record: ContractRecord | ProcurementRecord) -> Iterator[UUID]:
    """What else deciding will look at, as far as it can be known beforehand."""
    if record.process is not None:
        yield procurement_id(record.process)
    if isinstance(record, ContractRecord):
        yield from (party_id(one.scheme, one.id) for one in (record.authority, *record.contractors) if one is not None)


class Desk:
    """Decides records, one batch after another, for one importer."""

    def __init__(self, office: Office, importer: Importer) -> None:
        self._office, self._importer = office, importer
        self._regions: dict[str, str | None] = {}

    def begin(self, buffer: Buffered, at: datetime) -> Act:
        """The act under which one batch is decided."""
        self._buffer = buffer
        ledger = cast(Ledger, buffer)  # it answers as one
        self._act = Act(ledger, self._office.book, self._importer.actor, at, "import", None, None, self._office.sealer.seal, what_follows)
        return self._act

    def fetch(self, records: Iterable[ContractRecord | ProcurementRecord]) -> None:
        """Read what this batch will look at: two queries."""
        indexes = [stream for one in records if isinstance(one, ContractRecord) for stream in indexes_of(one)]
        self._buffer.fetch([*indexes, *(stream for one in records for stream in streams_of(one))])
        found = (self._buffer.find(Index, stream) for stream in indexes)
        self._buffer.fetch(index.owner for index in found if index is not None and index.owner is not None)

    # -- a process without a contract

    def receive(self, record: ProcurementRecord, digest: str | None) -> Decision:
        """Keep what is known of a process. `digest` None: its document has been erased."""
        if digest is None:
            return Decision(WITHOUT_CONTRACT, [_erased(record)])
        stream = procurement_id(record.process)
        procurement = self._buffer.find(Procurement, stream) or Procurement(stream)
        self._act.permit(KEEPERS, None)
        winners = [Winner(one.id, party.scheme, party.id, party.name.strip() or party.id, party.size, party.lead or place == 0, one.value, one.on)
                   for one in record.awards for place, party in enumerate(one.suppliers)]  # fmt: skip
        authority = authority_of(record.authority) if record.authority is not None else None
        terms = {"ocid": record.process, "digest": digest, "name": record.name, "authority": authority, "winners": winners, "value": record.value,
                 "status": record.status, "released_at": _iso(record)}  # fmt: skip
        if procurement.receive(terms, self._act.today, **self._act.said):
            self._act.save(procurement)
        return Decision(WITHOUT_CONTRACT)

    # -- a contract

    def contract(self, record: ContractRecord, digest: str | None) -> Decision:
        """Sign it or update it. Raises StaysOut, RuleBroken, NotThere, NotYourRole."""
        record, noted = with_status(in_one_currency(record)), len(self._act.remarks)
        index = self._buffer.find(Index, key_stream(record.key)) if record.process is not None else None
        known = index.owner if index is not None else None
        authority, contractors = self._sides(record) if known is None else (None, [])
        number, link = "", False
        if known is None and authority is not None:
            number, known = self._number(record, authority)
            link = known is not None and record.process is not None
        if known is not None:
            decision = self._update(record, known, digest, link)
        else:
            decision = self._sign(record, number, cast(Authority, authority), contractors, digest)
        said = [Note("party_known", record.source, one) for one in self._act.remarks[noted:]]
        return decision._replace(notes=[*decision.notes, *said])

    def _sides(self, record: ContractRecord) -> tuple[Authority, list[Contractor]]:
        """As the file names them, else as another file of the same process did."""
        process = self._buffer.find(Procurement, procurement_id(record.process)) if record.process is not None else None
        authority = authority_of(record.authority) if record.authority is not None else process.authority if process else None
        contractors = [contractor_of(one) for one in record.contractors] or (list(process.contractors_of(record.award)) if process else [])
        if authority is None:
            raise StaysOut(Note("authority_missing", record.source, AUTHORITY_MISSING, {"process": record.process or ""}))
        if not contractors and record.status not in NOT_SIGNED:
            raise StaysOut(Note("contractor_missing", record.source, CONTRACTOR_MISSING, {"process": record.process or ""}))
        return authority, contractors

    def _number(self, record: ContractRecord, authority: Authority) -> tuple[str, UUID | None]:
        """A number that is free at this authority, or the contract that has it and is this one."""
        candidates = numbers_of(record)
        for number in chain(candidates, (f"{candidates[-1]}#{n}" for n in range(2, 1000))):
            taken = self._buffer.find(Index, number_stream(authority.ref, number))
            if taken is None or taken.owner is None:
                return number, None
            if record.process is None or self._is_same(taken.owner, record, number):
                return number, taken.owner
        raise StaysOut(Note("number_taken", record.source, "合同编号 {number} 在这个甲方已经用尽", {"number": record.number}))

    def _is_same(self, owner: UUID, record: ContractRecord, number: str) -> bool:
        """A contract typed by hand, or exported from here, under the very number that a publisher gives."""
        contract = self._buffer.find(Contract, owner)
        first = contract.told(1) if contract is not None else None
        ocid = getattr(first.event, "ocid", None) if first is not None else None
        return number == record.number and (ocid is None or ocid == record.process)

    def _sign(self, record: ContractRecord, number: str, authority: Authority, contractors: list[Contractor], digest: str | None) -> Decision:
        act, course = self._act, course_of(record)
        notes: list[Note] = list(unpriced(record))

        def history(contract: Contract) -> None:
            telling = Telling(contract, record, course, act, NOTHING)
            telling.tell()
            notes.extend(telling.notes)
            self._received(contract, record, digest, [*(one.text for one in unpriced(record)), *telling.remarks])

        region = self.region_of(record, authority, notes)
        contract = sign_contract(act, number=number, region=region, authority=authority, contractors=contractors, imported=True,
                                 extra=[history], **terms_of(record, course, act.today))  # fmt: skip
        if record.process is not None:
            act.save(self._key(record, contract.id))
        return Decision(IMPORTED, [*notes, *([_erased(record)] if digest is None else [])])

    def _update(self, record: ContractRecord, known: UUID, digest: str | None, link: bool) -> Decision:
        contract = self._buffer.find(Contract, known)
        if contract is None:
            return Decision(IMPORTED)  # a dry run, which has decided on it in an earlier batch
        self._act.permit(KEEPERS, contract.region, contract.parties, known)
        if digest is not None and digest in contract.releases:
            return Decision(UNCHANGED)
        update = Update(contract, record, self._act)
        changed = update.apply()
        if changed or record.process is not None:
            news = [one for one in dict.fromkeys(update.remarks) if one not in update.known.remarks]
            changed = self._received(contract, record, digest, news) or changed
        if changed or link:
            self._act.save(*([contract] if contract.pending_events else []), *([self._key(record, known)] if link else []))
        return Decision(IMPORTED if changed or link else UNCHANGED, update.notes)

    def _received(self, contract: Contract, record: ContractRecord, digest: str | None, remarks: list[str]) -> bool:
        if digest is None:
            return False
        terms = {"digest": digest, "ocid": record.process, "released_at": _iso(record), "remarks": remarks}
        return contract.receive_release(terms, self._act.today, **self._act.said)

    def _key(self, record: ContractRecord, owner: UUID) -> Index:
        return Index.of("import-key", record.key, owner, self._act.today, **self._act.said)

    # -- where it belongs

    def region_of(self, record: ContractRecord, authority: Authority, notes: list[Note]) -> str:
        """The region of the organisation that has this code; else the file's where the importer may have it, else theirs."""
        if authority.ref not in self._regions:
            found = self._office.ledger.find(Organisation, organisation_id(authority.scheme, authority.id))
            self._regions[authority.ref] = found.region if found is not None else None
        if (own := self._regions[authority.ref]) is not None:
            return own
        if record.region is not None and self._importer.actor.holds(KEEPERS, record.region) and self._within(record.region):
            return record.region
        if record.region is not None and record.region != self._importer.home:
            sentence = "行政区划 {given} 不在导入账户的范围内，按 {home} 登记"
            notes.append(Note("region_taken", record.source, sentence, {"given": record.region, "home": self._importer.home}))
        return self._importer.home

    def _within(self, region: str) -> bool:
        return not self._importer.actor.is_system or covers(self._importer.home, region)


def importer_of(actor: Actor, organisations: Sequence[str]) -> Importer:
    """An account imports into its own region (the widest); the system into that of the widest organisation, or the nation."""
    regions = sorted(organisations if actor.is_system else actor.regions(KEEPERS), key=lambda one: (len(one.rstrip("0")), one))
    return Importer(actor, regions[0] if regions else NATION)


def _iso(record: ContractRecord | ProcurementRecord) -> str | None:
    return record.released_on.isoformat() if record.released_on is not None else None


def _erased(record: ContractRecord | ProcurementRecord) -> Note:
    return Note("document_erased", record.source, "这份文件已按请求销毁，没有再保存")


__all__ = ["IMPORTED", "UNCHANGED", "WITHOUT_CONTRACT", "Decision", "Desk", "Importer", "StaysOut", "importer_of"]
