"""Spreadsheets out: the template, and contracts that come in again as they went out; no cell is a formula."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from projections.exports.columns import CONTRACTS, SHEETS
from projections.exports.sheets import write_contracts
from projections.exports.template import headings, write_template
from projections.exports.workbook import csv_safe
from web.importers.detect import open_source
from web.importers.headings import find_heading
from web.importers.record import ContractRecord

CARD: dict[str, Any] = {
    "number": "HT-1", "name": "泵站采购", "type": "CG", "region": "440823", "status": "performing",
    "signed_on": "2026-01-12", "starts_on": date(2026, 1, 15), "ends_on": "2026-12-31", "retention_percent": "3", "works": "municipal",
    "authority": {"scheme": "CN-USCC", "id": "11440823000000000T", "name": "遂溪县水务局"},
    "contractors": [
        {"scheme": "CN-USCC", "id": "91440800MA4X00000Y", "name": "甲", "size": "small", "lead": True},
        {"scheme": "CN-USCC", "id": "91440800MA4X000012", "name": "乙", "size": "small", "lead": False},
    ],
    "value": {"amount": "1000000.10", "currency": "CNY"},
    "security": {"value": {"amount": "50000.00", "currency": "CNY"}, "form": "bank_guarantee", "ends_on": "2027-01-31"},
    "obligations": [{"ref": "M1", "owed_by": "contractor", "title": "到货", "due_on": "2026-03-31"}],
    "payments": [{"ref": "P1", "after": "M1", "value": {"amount": "30.00", "currency": "CNY"}, "term_days": 30}],
    "history": [
        {"kind": "fulfilment", "on": "2026-04-01", "ref": "M1", "about": "M1"},
        {
            "kind": "payment", "on": "2026-05-01", "ref": "P1", "about": "P1",
            "value": {"amount": "30.00", "currency": "CNY"},
        },
    ],
}  # fmt: skip


def again(raw: bytes, tmp_path: Path, name: str) -> list[Any]:
    path = tmp_path / name
    path.write_bytes(raw)
    return list(open_source(path, today=date(2026, 11, 23)))


def written(cards: list[dict[str, Any]], form: str, lang: str = "zh") -> bytes:
    stream = io.BytesIO()
    assert write_contracts(cards, stream, form, lang) == len(cards)
    return stream.getvalue()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_an_export_comes_in_again(tmp_path: Path, form: str, lang: str) -> None:
    [record] = again(written([CARD], form, lang), tmp_path, f"x.{form}")
    assert isinstance(record, ContractRecord)
    assert record.notes == ()
    assert (record.number, record.name, record.type, record.region) == ("HT-1", "泵站采购", "CG", "440823")
    assert (record.signed_on, record.starts_on, record.ends_on) == (
        date(2026, 1, 12),
        date(2026, 1, 15),
        date(2026, 12, 31),
    )
    assert (str(record.value), record.retention_percent, record.status, record.works) == ("1000000.10 CNY", "3", "performing", "municipal")
    assert [(one.ref, one.name, one.size, one.lead) for one in record.contractors] == [
        ("CN-USCC:91440800MA4X00000Y", "甲", "small", True),
        ("CN-USCC:91440800MA4X000012", "乙", "small", False),
    ]
    assert record.security is not None
    assert (str(record.security.value), record.security.form) == ("50000.00 CNY", "bank_guarantee")
    if form == "xlsx":
        assert [(one.ref, one.title, one.due_on) for one in record.obligations] == [("M1", "到货", date(2026, 3, 31))]
        assert [(one.ref, one.after, str(one.value), one.term_days) for one in record.payments_plan] == [("P1", "M1", "30.00 CNY", 30)]
        assert [(one.kind, one.on, one.about) for one in record.happened] == [
            ("fulfilment", date(2026, 4, 1), "M1"),
            ("payment", date(2026, 5, 1), "P1"),
        ]


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "=1\n2"])
def test_no_cell_is_a_formula(tmp_path: Path, text: str) -> None:
    card = {**CARD, "name": text, "authority": {**CARD["authority"], "name": text}}
    raw = written([card], "csv")
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert not [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]
    page = openpyxl.load_workbook(io.BytesIO(written([card], "xlsx")))["合同"]
    assert {cell.data_type for cell in page[2]} <= {"s", "n", "d"}
    [record] = again(raw, tmp_path, "x.csv")
    assert record.name.split() == text.split()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text.strip()))
def test_any_name_survives_csv(name: str, tmp_path_factory: Any) -> None:
    [record] = again(written([{**CARD, "name": name}], "csv"), tmp_path_factory.mktemp("x"), "x.csv")
    wanted = name[1:] if name[:1] == "'" and name[1:2] in {"=", "+", "-", "@"} else name
    assert "".join(record.name.split()) == "".join(wanted.split())


def test_cells_longer_than_excel_holds_are_cut_not_lost() -> None:
    page = openpyxl.load_workbook(io.BytesIO(written([{**CARD, "name": "长" * 40_000}], "xlsx")))["合同"]
    assert len(page["B2"].value) == 32_767


def test_amounts_beyond_a_float_are_text() -> None:
    card = {**CARD, "value": {"amount": "12345678901234567.89", "currency": "CNY"}}
    page = openpyxl.load_workbook(io.BytesIO(written([card], "xlsx")))["合同"]
    column = [column.key for column in CONTRACTS.columns].index("value") + 1
    assert page.cell(2, column).value == "12345678901234567.89"


def test_cards_are_taken_one_by_one() -> None:
    taken: list[int] = []

    def cards() -> Iterator[dict[str, Any]]:
        for number in range(50):
            taken.append(number)
            yield {**CARD, "number": f"HT-{number}"}

    assert write_contracts(cards(), io.BytesIO(), "xlsx") == 50
    assert taken == list(range(50))


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no such format"):
        write_contracts([], io.BytesIO(), "pdf")


def test_the_template_is_read_as_it_is_and_brings_nothing(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_template(stream)
    assert again(stream.getvalue(), tmp_path, "t.xlsx") == []
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    assert book.sheetnames == ["合同", "履约义务", "付款", "事件", "填写说明"]
    lists = {str(rule.sqref): rule.formula1 for rule in book["合同"].data_validations.dataValidation}
    assert any("设备材料采购" in formula for formula in lists.values())
    assert book["合同"]["A2"].value.startswith("示例")


def test_a_filled_in_template_comes_in(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_template(stream)
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    page = book["合同"]
    for cell in page[2]:
        page.cell(3, cell.column).value = cell.value
    page["A3"] = "HT-9"
    obligations = book["履约义务"]
    obligations.append(["HT-9", "M1", "甲方", "验收", "2026-05-01", None])
    book.save(tmp_path / "t.xlsx")
    [record] = again((tmp_path / "t.xlsx").read_bytes(), tmp_path, "u.xlsx")
    assert isinstance(record, ContractRecord)
    assert record.notes == ()
    assert [(one.owed_by, one.title) for one in record.obligations] == [("authority", "验收")]


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.key)
def test_every_heading_and_every_synonym_is_understood(sheet: Any) -> None:
    heading = find_heading([(1, headings(sheet))], sheet.zh)
    assert heading is not None
    assert [head.key for head in heading.columns] == [column.key for column in sheet.columns]
    assert heading.strange == ()
    for column in sheet.columns:
        for word in column.synonyms:
            titles = [word if one is column else one.zh for one in sheet.columns]
            heading = find_heading([(1, titles)], sheet.zh)
            assert heading is not None
            assert column.key in heading.keys, word


def test_csv_safe_leaves_numbers_alone() -> None:
    assert [csv_safe(value) for value in (-5, "-5", None, "a=b", date(2026, 1, 1))] == [
        "-5",
        "'-5",
        "",
        "a=b",
        "2026-01-01",
    ]
