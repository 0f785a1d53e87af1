"""Contracts out of a table: one a row, with what the other sheets say of them; a wrong row comes back whole."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

import msgspec

from domain.values.document_number import normalise_contract_number
from domain.values.fault import Malformed
from domain.values.party import USCC_SCHEME, PartyRef
from projections.exports.columns import CONTRACTS
from web.importers.beyond import Part, with_parts
from web.importers.cells import Read, Reader
from web.importers.headings import LOOKED_THROUGH, Heading, find_heading
from web.importers.local import LOCAL_SCHEME, local_id
from web.importers.record import (
    ContractRecord,
    Note,
    PartyRecord,
    Place,
    Record,
    Reject,
    SecurityRecord,
    SheetRow,
)
from web.importers.sheet import Page

_CHINA = timezone(timedelta(hours=8))
_SEPARATOR = re.compile(r"[;；\n\r|]+")
_LEAD = re.compile(r"[（(](?:联合体)?(?:牵头|主办)[^）)]*[）)]")
_INSTRUCTIONS = frozenset({"填写说明", "说明", "instructions", "readme"})
_REQUIRED = ("number", "name", "value")
_CACHED_PARTIES = 50_000


def read_table(pages: Sequence[Page], file: str, today: date | None = None, publisher: str = "", digest: str | None = None) -> Iterator[Record]:
    """Every contract of the sheets, and every row that is wrong. `publisher` is whose local parties these are."""
    headed, notes = _headed(pages, file)
    mains = [(page, heading) for page, heading in headed if heading.sheet is CONTRACTS]
    if not mains:
        place = Place(file)
        yield Reject(place, (Note("no_headings", place, "没有找到表头：至少要有合同编号、合同名称、甲方、乙方、金额中的几列"),))
        return
    table = _Table(file, today or datetime.now(_CHINA).date(), publisher, digest, notes)
    for page, heading in headed:
        if heading.sheet is not CONTRACTS:
            table.take_parts(page, heading)
    for page, heading in mains:
        yield from table.contracts(page, heading)
    yield from table.orphans()


def _headed(pages: Sequence[Page], file: str) -> tuple[list[tuple[Page, Heading]], list[Note]]:
    """The sheets that have a heading; of those that have none, and of columns that nobody understands, a note."""
    found: list[tuple[Page, Heading]] = []
    notes: list[Note] = []
    for page in pages:
        if (page.name or "").strip().lower() in _INSTRUCTIONS:
            continue
        first = list(itertools.islice(page.rows(), LOOKED_THROUGH))
        heading = find_heading(first, page.name or "")
        if heading is not None:
            found.append((page, heading))
            for title in heading.strange:
                place = Place(file, heading.last_row, page.name, title)
                notes.append(Note("column_unknown", place, "不认识的列，没有导入：{column}", {"column": title}))
        elif any(any(str(cell).strip() for cell in cells) for _, cells in first):
            notes.append(Note("sheet_unknown", Place(file, sheet=page.name), "没有可识别的表头，没有导入这个工作表"))
    return found, notes


class _Table:
    def __init__(self, file: str, today: date, publisher: str, digest: str | None, notes: list[Note]) -> None:
        self.file, self.today, self.publisher, self.digest = file, today, publisher, digest
        self._notes = tuple(notes)
        self._parts: dict[str, list[Part]] = {}
        self._first: dict[str, tuple[str | None, int]] = {}
        self._parties: dict[tuple[str, str, str | None], tuple[PartyRecord, ...]] = {}

    def take_parts(self, page: Page, heading: Heading) -> None:
        """Remember the rows of another sheet by their contract's number."""
        reader = Reader(self.file, page.name, heading)
        for read, cells in reader.rows(page.rows()):
            number = normalise_contract_number(read.values.get("number", ""))
            self._parts.setdefault(number, []).append(Part(heading.sheet.key, read, reader, cells))

    def contracts(self, page: Page, heading: Heading) -> Iterator[Record]:
        """The contracts of one sheet."""
        if heading.missing:
            place = Place(self.file, heading.last_row, page.name)
            params = {"columns": "、".join(heading.missing)}
            yield Reject(place, (Note("columns_missing", place, "缺少必需的列：{columns}", params),))
            return
        reader = Reader(self.file, page.name, heading)
        for read, cells in reader.rows(page.rows()):
            yield self._contract(read, cells, reader)

    def orphans(self) -> Iterator[Reject]:
        """Rows of other sheets whose contract is in no sheet."""
        for number, parts in self._parts.items():
            for part in parts:
                place = part.reader.place(part.read.row, part.reader.title("number"))
                sentence = "“{number}”不在本文件的合同表中" if number else "没有填写合同编号"
                fault = Note("contract_not_in_file", place, sentence, {"number": number})
                original = SheetRow((), (), (_as_other(part),))
                yield Reject(part.reader.place(part.read.row), (fault, *part.read.faults), original)

    def _contract(self, read: Read, cells: Sequence[Any], reader: Reader) -> Record:
        values, faults = read.values, read.faults
        number = normalise_contract_number(values.get("number", ""))
        self._missing(read, reader)
        if number:
            self._once(number, read, reader)
        authority = self._party(read, reader, "authority")
        contractors = self._party(read, reader, "contractor")
        parts = self._parts.pop(number, []) if number else []
        for part in parts:
            faults += part.read.faults + _part_missing(part)
        if faults:
            original = SheetRow(reader.heading.titles, tuple(cells), tuple(_as_other(part) for part in parts))
            return Reject(reader.place(read.row), tuple(faults), original)
        record = self._made(number, read, reader, authority, contractors)
        record = with_parts(record, read, reader, parts)
        notes = self._notes + tuple(read.notes) + tuple(note for part in parts for note in part.read.notes)
        self._notes = ()
        return msgspec.structs.replace(record, notes=notes + tuple(_odd_days(record, reader, self.today)))

    def _made(
        self,
        number: str,
        read: Read,
        reader: Reader,
        authority: tuple[PartyRecord, ...],
        contractors: tuple[PartyRecord, ...],
    ) -> ContractRecord:
        values = read.values
        get = values.get
        return ContractRecord(
            key=f"sheet:{number}",
            number=number,
            name=values["name"],
            source=reader.place(read.row),
            type=get("type"),
            region=self._region(read, reader, authority),
            signed_on=get("signed_on"),
            starts_on=get("starts_on"),
            ends_on=get("ends_on"),
            authority=authority[0],
            contractors=contractors,
            value=values["value"],
            security=_security(values),
            retention_percent=get("retention_percent"),
            works=get("works"),
            status=get("status"),
            document_digest=self.digest,
        )

    def _missing(self, read: Read, reader: Reader) -> None:
        """Cells that must not be empty; one that is there but wrong has been told of already."""
        told = {fault.place.column for fault in read.faults}
        for key in _REQUIRED:
            if not read.values.get(key) and key not in read.values and reader.title(key) not in told:
                _fault(read, reader, key, "cell_missing", "没有填写{column}")
        for side in ("authority", "contractor"):
            if not read.values.get(f"{side}_name") and not read.values.get(f"{side}_id"):
                _fault(read, reader, f"{side}_name", "cell_missing", "没有填写{column}")

    def _once(self, number: str, read: Read, reader: Reader) -> None:
        sheet, row = self._first.setdefault(number, (reader.sheet_name, read.row))
        if (sheet, row) != (reader.sheet_name, read.row):
            sentence = "合同编号 {number} 在本文件中重复，第 {row} 行已有"
            _fault(read, reader, "number", "number_repeated", sentence, number=number, row=row)

    def _region(self, read: Read, reader: Reader, authority: tuple[PartyRecord, ...]) -> str | None:
        told = read.values.get("region")
        if told is not None and len(told) == 6 and told.isdigit():
            return str(told)
        own = authority[0].region if authority else None
        if told is not None:
            sentence = "行政区划“{given}”不是 6 位代码，取甲方代码中的区划 {read}"
            place = reader.place(read.row, reader.title("region"))
            read.notes.append(Note("region_form", place, sentence, {"given": told[:40], "read": own or "（无）"}))
        return own

    def _party(self, read: Read, reader: Reader, side: str) -> tuple[PartyRecord, ...]:
        name, code = read.values.get(f"{side}_name", ""), read.values.get(f"{side}_id", "")
        size = read.values.get(f"{side}_size")
        known = self._parties.get(key := (name, code, size))
        if known is not None or not (name or code):
            return known or ()
        try:
            found = self._parsed_parties(name, code, size)
        except Malformed as error:
            read.faults.append(Note.of(error.fault, reader.place(read.row, reader.title(f"{side}_id"))))
            return ()
        if len(self._parties) < _CACHED_PARTIES:
            self._parties[key] = found
        return found

    def _parsed_parties(self, name: str, code: str, size: str | None) -> tuple[PartyRecord, ...]:
        names = [one.strip() for one in _SEPARATOR.split(name) if one.strip()]
        codes = [one.strip() for one in _SEPARATOR.split(code) if one.strip()]
        if "、" in name and len(names) == 1 and len(codes) == name.count("、") + 1:
            names = [one.strip() for one in name.split("、")]
        lead = next((number for number, one in enumerate(names) if _LEAD.search(one)), 0)
        pairs = itertools.zip_longest((_LEAD.sub("", one).strip() for one in names), codes, fillvalue="")
        return tuple(self._one_party(called, coded, size, number == lead) for number, (called, coded) in enumerate(pairs))

    def _one_party(self, name: str, code: str, size: str | None, lead: bool) -> PartyRecord:
        if not code:
            return PartyRecord(LOCAL_SCHEME, local_id(self.publisher, name), name, size, lead)
        scheme, colon, number = code.partition(":")
        ref = PartyRef.of(scheme, number) if colon and scheme.strip() else PartyRef.of(USCC_SCHEME, code)
        region = ref.id[2:8] if ref.scheme == USCC_SCHEME else None
        return PartyRecord(ref.scheme, ref.id, name or ref.id, size, lead, region)


def _fault(read: Read, reader: Reader, key: str, code: str, sentence: str, **params: Any) -> None:
    column = reader.title(key)
    read.faults.append(Note(code, reader.place(read.row, column), sentence, {"column": column, **params}))


def _part_missing(part: Part) -> list[Note]:
    """What a row of another sheet must say, and does not."""
    told = {fault.place.column for fault in part.read.faults}
    columns = part.reader.heading.sheet.columns
    lacking = [one for one in columns if one.required and one.key not in part.read.values]
    return [
        Note("cell_missing", part.reader.place(part.read.row, title), "没有填写{column}", {"column": title})
        for title in (part.reader.title(column.key) for column in lacking)
        if title not in told
    ]


def _as_other(part: Part) -> tuple[str, tuple[str, ...], int, tuple[Any, ...]]:
    return part.reader.sheet_name or "", part.reader.heading.titles, part.read.row, tuple(part.cells)


def _security(values: dict[str, Any]) -> SecurityRecord | None:
    if "security_value" not in values or not values["security_value"].amount:
        return None
    form = values.get("security_form", "cash")
    return SecurityRecord(values["security_value"], form, values.get("security_ends_on"))


def _odd_days(record: ContractRecord, reader: Reader, today: date) -> Iterator[Note]:
    """Days that are unknown, lie ahead, or come before what they rest on: kept, and told."""
    place = msgspec.structs.replace(record.source, column=reader.title("signed_on"))
    if record.signed_on is None:
        yield Note("signing_day_missing", place, "没有签订日期，按未知处理")
    elif record.signed_on > today:
        yield Note("day_ahead", place, "签订日期 {day} 在今天之后", {"day": record.signed_on.isoformat()})
    if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
        ends = msgspec.structs.replace(record.source, column=reader.title("ends_on"))
        params = {"day": record.ends_on.isoformat(), "earlier": record.starts_on.isoformat()}
        yield Note("ends_before_start", ends, "结束日期 {day} 早于开始日期 {earlier}", params)
    for one in record.happened:
        params = {"ref": one.ref, "day": one.on.isoformat() if one.on else ""}
        if one.on is None:
            yield Note("payment_day_missing", one.place, "编号 {ref} 没有日期", params)
        elif one.on > today:
            yield Note("day_ahead", one.place, "编号 {ref} 的日期 {day} 在今天之后", params)
        elif record.signed_on is not None and one.on < record.signed_on:
            params["signed"] = record.signed_on.isoformat()
            yield Note("day_before_signing", one.place, "编号 {ref} 的日期 {day} 早于签订日期 {signed}", params)
