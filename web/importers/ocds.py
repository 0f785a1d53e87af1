"""OCDS releases and records read into contracts, procurements and rejects: one contracting process at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from domain.values.money import Money
from projections.exports.ocds_values import WORKS
from web.importers.json_pieces import Piece, cut
from web.importers.ocds_contract import documents, tell
from web.importers.ocds_merge import Node, TooDeep
from web.importers.ocds_parties import Parties
from web.importers.ocds_process import Process, document_of, together
from web.importers.ocds_reading import Notes, Wrong, child, day, money, objects, text
from web.importers.ocds_shape import shown
from web.importers.record import (
    AwardRecord,
    ContractRecord,
    Happening,
    Note,
    PartyRecord,
    Place,
    ProcurementRecord,
    Record,
    Reject,
)

_CHINA = timezone(timedelta(hours=8))
_TYPES = {"goods": "CG", "works": "SG"}


def read_ocds(path: Path, name: str | None = None, today: date | None = None) -> Iterator[Record]:
    """Every contract of a file, every process without one, and what cannot be read. `today` is the day of the import
    (in Shanghai): what lies after it is noted. `name` is what places call the file."""
    named = name or str(path)
    on = today or datetime.now(_CHINA).date()
    groups: dict[str, list[Piece]] = {}
    for piece in cut(path, named):
        if isinstance(piece, Reject):
            yield piece
        elif piece.ocid is None:
            yield from _without_ocid(piece, named)
        else:
            groups.setdefault(piece.ocid, []).append(piece)
    while groups:
        ocid = next(iter(groups))
        yield from _process(ocid, groups.pop(ocid), named, on)


def _without_ocid(piece: Piece, file: str) -> Iterator[Reject]:
    """A release of no process cannot be joined to anything; each of its contracts is told."""
    value = piece.load().value
    whole = value.get("compiledRelease") if piece.is_record else value
    listed = whole.get("contracts") if isinstance(whole, dict) else None
    pointers = [f"{piece.pointer}/contracts/{n}" for n in range(len(listed))] if isinstance(listed, list) else []
    code, sentence = "ocid_missing", "发布没有 ocid，不知属于哪个采购过程"
    if isinstance(value.get("url"), str) and "tag" not in value.keys() - {"date", "url", "tag"}:
        code, sentence = "linked_release", "只有发布的链接，没有内容；不从网络读取"
    for pointer in pointers or [piece.pointer]:
        place = Place(file, pointer=pointer)
        yield Reject(place, (Note(code, place, sentence),), value)


# ------------------------------------------------------------------ one contracting process


def _process(ocid: str, pieces: list[Piece], file: str, today: date) -> Iterator[Record]:
    place = Place(file, pointer=pieces[0].pointer)
    try:
        process = together(ocid, pieces, file, today)
    except TooDeep:
        yield Reject(place, (Note("nested_too_deep", place, "嵌套层次过深，不能读取"),))
        return
    except Wrong as wrong:
        yield Reject(place, (wrong.note,), pieces[0].load().value)
        return
    yield from _records(process)


# ------------------------------------------------------------------ its records


def _records(process: Process) -> Iterator[Record]:
    parties = Parties(process.release, process.publisher, process.notes)
    document = document_of(process)
    digest = "sha256:" + hashlib.sha256(document).hexdigest()
    found: list[Record] = []
    for node, number, fault in _contracts(process):
        found += [_reject(process, node, (fault,))] if fault is not None else _contract(process, node, number, parties)
    if not found:
        found = [_procurement(process, parties)]
    # What is odd about the process as a whole is told once, with the first record that it gives.
    common = process.notes.all()
    for record in found:
        if isinstance(record, Reject):
            yield record
            continue
        notes, common = record.notes + common, ()
        yield msgspec.structs.replace(record, document=document, document_digest=digest, notes=notes)


def _contracts(process: Process) -> Iterator[tuple[Any, str, Note | None]]:
    """The contracts with their ids, each with what makes it unusable, if anything.

    Publishers give one id to two contracts: told apart they are two, the second as `ID#2`; told alike they are one.
    """
    seen: dict[str, list[Node]] = {}
    for at, node in _listed(process.release.get("contracts"), process.release.where("contracts")):
        if not isinstance(node, Node):
            place = Place(process.file, pointer=at)
            yield node, "", Note("contract_not_object", place, "合同应为对象，文件中是 {given}", {"given": shown(node)})
        elif (identifier := text(node, "id")) is None:
            yield (
                node,
                "",
                Note("contract_id_missing", Place(process.file, pointer=node.where("id")), "合同没有编号（id）"),
            )
        else:
            same = seen.setdefault(identifier, [])
            if same:
                process.notes.add("contract_repeated", node.where("id"), "合同编号 {id} 在同一发布中重复", id=identifier)
            if node not in same:
                same.append(node)
                yield node, identifier if len(same) == 1 else f"{identifier}#{len(same)}", None


def _listed(value: Any, at: str) -> Iterator[tuple[str, Any]]:
    """The items of a list and of the lists in it, each with its pointer; an object alone is one."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _listed(item, f"{at}/{number}")
    elif value is not None:
        yield at, value


def _reject(process: Process, node: Any, faults: tuple[Note, ...]) -> Reject:
    """The release as far as this contract goes, to be mended."""
    original = dict(process.release)
    original["ocid"] = process.ocid
    original["contracts"] = [node]
    if "publisher" in process.package:
        original.setdefault("packageInfo", {"publisher": process.package["publisher"]})
    pointer = node.at if isinstance(node, Node) else faults[0].place.pointer
    return Reject(Place(process.file, pointer=pointer), faults, original)


def _contract(process: Process, node: Node, number: str, parties: Parties) -> list[Record]:
    notes, identifier = Notes(process.file), text(node, "id") or ""
    faults: list[Note] = []

    def careful(read: Any, *told: Any) -> Any:
        try:
            return read(*told)
        except Wrong as wrong:
            faults.append(wrong.note)
            return None

    award = _award_of(process, node, notes)
    period = child(node, "period") or child(award, "contractPeriod")
    signed_on = careful(day, node, "dateSigned", notes)
    starts_on, ends_on = careful(day, period, "startDate", notes), careful(day, period, "endDate", notes)
    value = careful(_value, node, award, notes)
    authority = careful(_authority, process, node, parties, notes)
    contractors = careful(_contractors, process, node, award, parties, notes)
    told = careful(tell, node, identifier, parties, process.history, process.released_on, notes)
    if faults:
        return [_reject(process, node, tuple(faults))]
    record = ContractRecord(
        key=f"ocds:{process.ocid}:{number}",
        number=number,
        name=_name(process, node, award, identifier),
        source=Place(process.file, pointer=node.at),
        type=_TYPES.get(text(child(process.release, "tender"), "mainProcurementCategory") or ""),
        works=_works(child(process.release, "tender"), notes),
        region=authority.region if authority is not None else None,
        signed_on=signed_on,
        starts_on=starts_on,
        ends_on=ends_on,
        authority=authority,
        contractors=contractors,
        value=value,
        obligations=tuple(told.obligations.values()),
        payments_plan=tuple(told.payments),
        happened=tuple(sorted(told.happened, key=lambda one: one.on or date.max)),
        documents=documents(node, notes),
        status=text(node, "status"),
        process=process.ocid,
        award=text(node, "awardID"),
        released_on=process.released_on,
    )
    _days(record, node, process.today, notes)
    left_out = [_reject(process, node, (note,)) for note in told.left_out]
    parts = [msgspec.structs.replace(one, place=one.faults[0].place, part_of=record.key) for one in left_out]
    return [msgspec.structs.replace(record, notes=notes.all()), *parts]


def _works(tender: Node | None, notes: Notes) -> str | None:
    """The class of works, where the tender names one; of both nobody can say which credit regime applies."""
    listed = tender.get("additionalProcurementCategories") if tender is not None else None
    found = [code for code, named in WORKS.items() if isinstance(listed, list) and named in listed]
    if tender is not None and len(found) > 1:
        notes.add("works_ambiguous", tender.where("additionalProcurementCategories"), "同时写了水利工程和市政供排水工程，工程类别没有登记")
    return found[0] if len(found) == 1 else None


def _name(process: Process, node: Node, award: Node | None, identifier: str) -> str:
    tender = child(process.release, "tender")
    for holder in (node, award, tender):
        if (found := text(holder, "title") or text(holder, "description")) is not None:
            return " ".join(found.split())[:300]
    return identifier


def _award_of(process: Process, contract: Node, notes: Notes) -> Node | None:
    """The award that a contract rests on; without a usable awardID the only one there is."""
    awards = list(objects(process.release, "awards", process.notes))
    wanted = text(contract, "awardID")
    for award in awards:
        if wanted is not None and text(award, "id") == wanted:
            return award
    if not awards:
        return None
    if len(awards) == 1:
        notes.add("award_assumed", contract.where("awardID"), "没有找到合同的授标 {id}，取唯一的一个", id=wanted or "")
        return awards[0]
    notes.add("award_unknown", contract.where("awardID"), "没有找到合同的授标 {id}", id=wanted or "")
    return None


def _value(contract: Node, award: Node | None, notes: Notes) -> Money | None:
    found = money(contract, "value", notes)
    if found is not None:
        return found
    if award is not None and (awarded := money(award, "value", notes)) is not None:
        notes.add("value_of_award", contract.where("value"), "合同没有金额，取授标金额")
        return awarded
    notes.add("value_missing", contract.where("value"), "合同没有金额")
    return None


def _authority(process: Process, contract: Node, parties: Parties, notes: Notes) -> PartyRecord | None:
    own = child(contract, "buyer")
    found = (parties.resolve(own) if own is not None else None) or parties.authority(process.release)
    if found is None:
        notes.add("authority_missing", process.release.where("buyer"), "文件中没有采购人")
    return found


def _contractors(process: Process, contract: Node, award: Node | None, parties: Parties, notes: Notes) -> tuple[PartyRecord, ...]:
    found = _suppliers(contract, parties, notes) or (_suppliers(award, parties, notes) if award is not None else [])
    if not found and (found := parties.contractors_by_role()):
        notes.add("contractor_by_role", contract.at, "授标没有供应商，取角色为 supplier 的主体")
    if not found:
        notes.add("contractor_missing", contract.at, "文件中没有供应商")
        return ()
    if len(found) > 1:
        notes.add("lead_assumed", contract.at, "OCDS 不写明牵头方，取第一个")
    return tuple(msgspec.structs.replace(party, lead=number == 0) for number, party in enumerate(found))


def _suppliers(holder: Node, parties: Parties, notes: Notes) -> list[PartyRecord]:
    named = [*objects(holder, "suppliers", notes), *objects(holder, "supplier", notes)]
    found = [parties.resolve(node) for node in named]
    return list({party.ref: party for party in found if party is not None}.values())


def _days(record: ContractRecord, node: Node, today: date, notes: Notes) -> None:
    """Days that lie ahead, or before what they rest on: kept as values, and reported."""
    if record.signed_on is None:
        notes.add("signing_day_missing", node.where("dateSigned"), "没有签订日期，按未知处理")
    elif record.signed_on > today:
        notes.add("day_ahead", node.where("dateSigned"), "签订日期 {day} 在今天之后", day=record.signed_on.isoformat())
    if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
        sentence = "结束日期 {day} 早于开始日期 {earlier}"
        notes.add(
            "ends_before_start",
            node.where("period"),
            sentence,
            day=record.ends_on.isoformat(),
            earlier=record.starts_on.isoformat(),
        )
    for one in record.happened:
        _happening_day(one, record.signed_on, today, notes)


def _happening_day(one: Happening, signed_on: date | None, today: date, notes: Notes) -> None:
    if one.on is None:
        return
    pointer, told = one.place.pointer or "", {"ref": one.ref, "day": one.on.isoformat()}
    if one.on > today:
        notes.add("day_ahead", pointer, "编号 {ref} 的日期 {day} 在今天之后", **told)
    if signed_on is not None and one.on < signed_on:
        sentence = "编号 {ref} 的日期 {day} 早于签订日期 {signed}"
        notes.add("day_before_signing", pointer, sentence, signed=signed_on.isoformat(), **told)


def _procurement(process: Process, parties: Parties) -> Record:
    release, notes = process.release, process.notes
    tender = child(release, "tender")
    try:
        authority = parties.authority(release)
        awards = tuple(_award(node, parties, notes) for node in objects(release, "awards", notes))
    except Wrong as wrong:
        place = Place(process.file, pointer=release.at)
        return Reject(place, (wrong.note,), dict(release))
    try:
        value = money(tender, "value", notes)
    except Wrong as wrong:
        notes.keep(wrong.note)
        value = None
    name = text(tender, "title") or text(tender, "description") or process.ocid
    return ProcurementRecord(
        key=f"ocds:{process.ocid}",
        process=process.ocid,
        name=" ".join(name.split())[:300],
        source=Place(process.file, pointer=release.at),
        authority=authority,
        awards=awards,
        value=value,
        status=text(tender, "status"),
        released_on=process.released_on,
    )


def _award(node: Node, parties: Parties, notes: Notes) -> AwardRecord:
    def soft(read: Any, key: str) -> Any:
        try:
            return read(node, key, notes)
        except Wrong as wrong:
            notes.keep(wrong.note)
            return None

    suppliers = tuple(_suppliers(node, parties, notes))
    return AwardRecord(text(node, "id") or "", suppliers, soft(money, "value"), soft(day, "date"), text(node, "status"))
