"""Files to import, made up: sheets as our template has them, OCDS releases."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from projections.exports.columns import CONTRACTS
from tests.web.office import NAME_A, SUIXI, A
from web.importers.outcome import Outcome
from web.importers.writing import Options, import_files, sources_of
from web.office import Office

ROW: Mapping[str, Any] = {
    "number": "440823-SWJ-CG-2025-00001", "name": "泵站设备采购", "type": "设备材料采购", "signed_on": "2025-10-01", "starts_on": "2025-10-02",
    "ends_on": "2026-10-31", "authority_name": "遂溪县水务局", "authority_id": SUIXI, "contractor_name": NAME_A, "contractor_id": A,
    "value": "1000000.00",
}  # fmt: skip
OCID = "ocds-abc123-000-00001"


def row(number: int | str, **changes: Any) -> dict[str, Any]:
    """A contract of county X with company A; a plain number becomes one of the county's."""
    return {**ROW, "number": number if isinstance(number, str) else f"440823-SWJ-CG-2025-{number:05}", **changes}


def csv_file(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.zh for column in CONTRACTS.columns])
        writer.writerows([one.get(column.key, "") for column in CONTRACTS.columns] for one in rows)
    return path


def xlsx_file(path: Path, rows: Iterable[Mapping[str, Any]], **sheets: Sequence[Sequence[Any]]) -> Path:
    """`sheets`: further sheets by name, their headings first."""
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("合同")
    page.write_row(0, 0, [column.zh for column in CONTRACTS.columns])
    for number, one in enumerate(rows, 1):
        page.write_row(number, 0, [one.get(column.key, "") for column in CONTRACTS.columns])
    for name, lines in sheets.items():
        page = book.add_worksheet(name)
        for number, line in enumerate(lines):
            page.write_row(number, 0, line)
    book.close()
    return path


def party(code: str, name: str, *roles: str) -> dict[str, Any]:
    return {"id": f"CN-USCC-{code}", "name": name, "identifier": {"scheme": "CN-USCC", "id": code}, "roles": list(roles)}


BUYER, SUPPLIER = party(SUIXI, "遂溪县水务局", "buyer"), party(A, NAME_A, "supplier")


def contract(**changes: Any) -> dict[str, Any]:
    told = {
        "id": "C-2025-77", "awardID": "1", "title": "堤防加固", "status": "active", "dateSigned": "2025-03-01T00:00:00+08:00",
        "period": {"startDate": "2025-03-02T00:00:00+08:00", "endDate": "2025-12-31T00:00:00+08:00"},
        "value": {"amount": 500000, "currency": "CNY"},
    }  # fmt: skip
    return {**told, **changes}


def release(*contracts: Mapping[str, Any], date: str = "2025-04-01", **changes: Any) -> dict[str, Any]:
    """A whole release: the sides and these contracts."""
    told = {
        "ocid": OCID, "id": f"{OCID}-{date}", "date": f"{date}T00:00:00+08:00", "tag": ["contract"], "initiationType": "tender", "language": "zh",
        "parties": [BUYER, SUPPLIER], "buyer": {"id": BUYER["id"], "name": BUYER["name"]}, "tender": {"id": "T", "title": "堤防加固招标"},
        "awards": [{"id": "1", "title": "堤防加固", "status": "active", "suppliers": [{"id": SUPPLIER["id"], "name": SUPPLIER["name"]}]}],
        "contracts": list(contracts),
    }  # fmt: skip
    return {name: value for name, value in {**told, **changes}.items() if value is not None}


def package(path: Path, *releases: Mapping[str, Any]) -> Path:
    whole = {"uri": "urn:x", "version": "1.1", "publishedDate": "2025-04-01T00:00:00Z", "publisher": {"name": "x"}, "releases": list(releases)}
    path.write_text(json.dumps(whole, ensure_ascii=False), "utf-8")
    return path


def bring(office: Office, *paths: Path, who: str | None = None, **options: Any) -> Outcome:
    """Import files, by the installation or by an account."""
    from domain.access.account import account_id
    from domain.actor import THE_SYSTEM

    actor = THE_SYSTEM if who is None else office.actor(account_id(who))
    assert actor is not None
    return import_files(office, sources_of(list(paths)), actor, Options(**options))


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    """Imported, unchanged, rejected, without a contract."""
    return outcome.total("imported"), outcome.total("unchanged"), outcome.total("rejected"), outcome.total("without_contract")
