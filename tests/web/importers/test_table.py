"""Spreadsheets as offices keep them: read as they are, wrong rows named as Excel names them."""

import csv
import gzip
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from web.importers.detect import open_source
from web.importers.record import ContractRecord, Record, Reject

TODAY = date(2026, 11, 23)
# Cells know no time zone.
MORNING = datetime(2026, 3, 1)  # noqa: DTZ001
A, B, C = "11440823000000000T", "91440800MA4X00000Y", "91440800MA4X000012"
HEAD = ("合同编号", "合同名称", "合同金额（元）", "甲方", "甲方代码", "乙方", "乙方统一社会信用代码", "签订日期")
ROW = ("HT-1", "泵站采购", "1000.00", "遂溪县水务局", A, "试例公司", B, "2026-03-01")


def sheet(tmp_path: Path, rows: Sequence[Sequence[Any]], name: str = "x.xlsx", **others: Sequence[Sequence[Any]]) -> Path:
    path = tmp_path / name
    if name.endswith(".csv"):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        path.write_text(text.getvalue(), "utf-8")
        return path
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    for title, lines in {"Sheet1": rows, **others}.items():
        page = book.add_worksheet(title)
        for number, cells in enumerate(lines):
            for place, cell in enumerate(cells):
                page.write(number, place, cell)
    book.close()
    return path


def read(path: Path) -> list[Record]:
    return list(open_source(path, today=TODAY))


def one(path: Path) -> ContractRecord:
    [record] = read(path)
    assert isinstance(record, ContractRecord), getattr(record, "reason", record)
    return record


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv"])
def test_a_plain_row(tmp_path: Path, name: str) -> None:
    record = one(sheet(tmp_path, [HEAD, ROW], name))
    assert (record.key, record.number, record.name, str(record.value)) == (
        "sheet:HT-1",
        "HT-1",
        "泵站采购",
        "1000.00 CNY",
    )
    assert record.authority is not None
    assert (record.authority.ref, record.region, record.signed_on) == (f"CN-USCC:{A}", "440823", date(2026, 3, 1))
    assert [(party.ref, party.lead) for party in record.contractors] == [(f"CN-USCC:{B}", True)]
    assert (record.source.row, record.notes) == (2, ())


def test_headings_in_any_order_in_english_below_a_title(tmp_path: Path) -> None:
    rows = [
        ("Contract ledger 2026",),
        (),
        ("Supplier", "Contract No.", "Amount (CNY)", "Title", "Buyer", "Date signed", "End date"),
        ("Sup Ltd", "N-1", "1,000", "Pumps", "Bureau", MORNING, "2026/12/31"),
    ]
    record = one(sheet(tmp_path, rows))
    assert (record.number, record.name, record.signed_on, record.ends_on) == (
        "N-1", "Pumps", date(2026, 3, 1), date(2026, 12, 31),
    )  # fmt: skip
    assert record.source.row == 4
    assert record.contractors[0].scheme == "local"


def test_headings_over_two_rows(tmp_path: Path) -> None:
    rows = [
        ("2026年合同台账",),
        ("合同编号", "合同名称", "甲方", "", "乙方", "", "合同金额（万元）"),
        ("", "", "名称", "统一社会信用代码", "名称", "统一社会信用代码", ""),
        ("HT-1", "泵站", "遂溪县水务局", A, "试例公司", B, 12.345),
    ]
    record = one(sheet(tmp_path, rows))
    assert record.authority is not None
    assert (record.authority.id, record.contractors[0].id, str(record.value)) == (A, B, "123450.00 CNY")


@pytest.mark.parametrize(
    ("title", "cell", "value"),
    [
        ("合同金额（元）", "１,２３４.５", "1234.50 CNY"),
        ("合同金额(万元)", "12.5", "125000.00 CNY"),
        ("合同金额/万元", 12.5, "125000.00 CNY"),
        ("合同金额（单位：万元）", 12.5, "125000.00 CNY"),
        ("合同价（亿元）", "0.5", "50000000.00 CNY"),
        ("合同金额（万美元）", "2", "20000 USD"),
        ("金额", "300万元", "3000000.00 CNY"),
    ],
)
def test_money_by_its_heading(tmp_path: Path, title: str, cell: Any, value: str) -> None:
    head = [title if word == "合同金额（元）" else word for word in HEAD]
    assert str(one(sheet(tmp_path, [head, [*ROW[:2], cell, *ROW[3:]]])).value) == value


@pytest.mark.parametrize("cell", [MORNING, 46082, 20260301, "2026.3.1", "2026年3月1日", "2026/3/1", "20260301"])
def test_days_in_cells(tmp_path: Path, cell: Any) -> None:
    assert one(sheet(tmp_path, [HEAD, [*ROW[:7], cell]])).signed_on == date(2026, 3, 1)


@pytest.mark.parametrize("name", ["x.xlsx", "x.csv"])
def test_a_wrong_row_tells_everything_at_once_where_excel_has_it(tmp_path: Path, name: str) -> None:
    wrong = ("", "", "abc", "", "", "公司", B[:-1] + "1", "2026-02-30")
    records = read(sheet(tmp_path, [("台账",), HEAD, ROW, (), wrong], name))
    assert [type(record) for record in records] == [ContractRecord, Reject]
    reject = records[1]
    assert isinstance(reject, Reject)
    assert {(fault.place.row, fault.place.column, fault.code) for fault in reject.faults} == {
        (5, "合同编号", "cell_missing"),
        (5, "合同名称", "cell_missing"),
        (5, "甲方", "cell_missing"),
        (5, "合同金额（元）", "money_form"),
        (5, "乙方统一社会信用代码", "uscc_check"),
        (5, "签订日期", "day_form"),
    }
    assert all(fault.place.sheet == (None if name == "x.csv" else "Sheet1") for fault in reject.faults)


def test_a_number_that_comes_twice(tmp_path: Path) -> None:
    records = read(sheet(tmp_path, [HEAD, ROW, ("HT-2", *ROW[1:]), ("ＨＴ-1 ", *ROW[1:])]))
    assert isinstance(records[2], Reject)
    assert (records[2].row, records[2].code, records[2].faults[0].params["row"]) == (4, "number_repeated", 2)


def test_a_code_that_excel_rounded_is_refused(tmp_path: Path) -> None:
    [record] = read(sheet(tmp_path, [HEAD, [*ROW[:6], 914408001234567890, ROW[7]]]))
    assert isinstance(record, Reject)
    assert record.code == "code_as_number"


def test_consortium(tmp_path: Path) -> None:
    record = one(sheet(tmp_path, [HEAD, [*ROW[:5], "甲公司；乙公司（牵头方）", f"{B};{C}", ROW[7]]]))
    assert [(party.name, party.id, party.lead) for party in record.contractors] == [
        ("甲公司", B, False),
        ("乙公司", C, True),
    ]


def test_obligations_and_payments_in_the_row(tmp_path: Path) -> None:
    head = [*HEAD, "履约义务1", "履约义务1到期日", "履约义务2", "履约义务2到期日", "付款1（万元）", "付款1期限（天）"]
    record = one(sheet(tmp_path, [head, [*ROW, "到货", "2026-05-01", "验收", "2026.6.1", 50, 30]]))
    assert [(one.ref, one.title, one.due_on) for one in record.obligations] == [
        ("M1", "到货", date(2026, 5, 1)),
        ("M2", "验收", date(2026, 6, 1)),
    ]
    assert [(one.ref, str(one.value), one.term_days) for one in record.payments_plan] == [("P1", "500000.00 CNY", 30)]


def test_the_other_sheets(tmp_path: Path) -> None:
    others = {
        "履约义务": [
            ("合同编号", "义务编号", "责任方", "内容", "到期日", "完成日期"),
            ("HT-1", "M1", "乙方", "到货", "2026-05-01", "2026-05-02")],
        "付款": [
            ("合同编号", "付款编号", "对应义务编号", "应付金额（元）", "付款期限（天）", "实际付款日期"),
            ("HT-1", "P1", "M1", 300, 30, "2026-06-01")],
        "事件": [("合同编号", "事件类型", "日期", "说明"), ("HT-1", "变更", "2026-04-01", "工期顺延")],
    }  # fmt: skip
    record = one(sheet(tmp_path, [HEAD, ROW], **others))
    assert [(one.kind, one.on, one.about) for one in record.happened] == [
        ("amendment", date(2026, 4, 1), None),
        ("fulfilment", date(2026, 5, 2), "M1"),
        ("payment", date(2026, 6, 1), "P1"),
    ]
    assert [(one.ref, one.after, one.term_days) for one in record.payments_plan] == [("P1", "M1", 30)]


def test_a_wrong_row_of_another_sheet_keeps_its_contract_out(tmp_path: Path) -> None:
    obligations = [("合同编号", "内容", "到期日"), ("HT-1", "到货", "soon"), ("HT-9", "到货", "2026-05-01")]
    records = read(sheet(tmp_path, [HEAD, ROW], 履约义务=obligations))
    assert [(r.sheet, r.faults[0].place.row, r.column, r.code) for r in records if isinstance(r, Reject)] == [
        ("履约义务", 2, "到期日", "day_form"),
        ("履约义务", 3, "合同编号", "contract_not_in_file"),
    ]


def test_columns_that_nobody_knows_and_words_that_are_no_choice_are_told(tmp_path: Path) -> None:
    record = one(sheet(tmp_path, [[*HEAD, "颜色", "合同类型", "乙方规模"], [*ROW, "红", "奇怪", "小"]]))
    assert {note.code for note in record.notes} == {"column_unknown", "choice_unknown"}
    assert (record.type, record.contractors[0].size) == (None, "small")


def test_days_ahead_and_before_signing_are_kept(tmp_path: Path) -> None:
    record = one(sheet(tmp_path, [[*HEAD, "完成日期"], [*ROW, "2026-02-01"]]))
    assert [note.code for note in record.notes] == ["day_before_signing"]
    record = one(sheet(tmp_path, [HEAD, [*ROW[:7], "2030-01-01"]]))
    assert (record.signed_on, [note.code for note in record.notes]) == (date(2030, 1, 1), ["day_ahead"])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("a", "b"), (1, 2)], "no_headings"),
        ([("合同编号", "合同名称", "甲方"), ("1", "2", "3")], "columns_missing"),
        ([()], "no_headings"),
    ],
)
def test_a_table_of_something_else(tmp_path: Path, rows: list[tuple[Any, ...]], code: str) -> None:
    [record] = read(sheet(tmp_path, rows))
    assert isinstance(record, Reject)
    assert record.code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_any_office(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "x.csv"
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([HEAD, [ROW[0], "泵站\n采购", *ROW[2:]], ("HT-2", *ROW[1:])])
    path.write_bytes(text.getvalue().encode(encoding))
    records = read(path)
    assert [record.source.row for record in records if isinstance(record, ContractRecord)] == [2, 3]


def zipped() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("releases.json", "{}")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("x.xlsx", b"", "file_empty"),
        ("x.csv", b"", "file_empty"),
        ("x.xlsx", b"PK\x03\x04 broken", "upload_broken"),
        ("x.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "not_a_workbook"),
        ("x.json.gz", gzip.compress(b"{}"), "archive"),
        ("x.zip", zipped(), "archive"),
        ("x.csv", b"\x81\xff\xff", "encoding_unknown"),
        ("x.csv", b'"' + b"x" * 2_000_000, "csv_broken"),
    ],
)
def test_files_that_cannot_be_read(tmp_path: Path, name: str, raw: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    [record] = read(path)
    assert isinstance(record, Reject)
    assert record.code == code
    assert record.original is None


def test_a_folder_is_every_file_below_it(tmp_path: Path) -> None:
    sheet(tmp_path, [HEAD, ROW])
    (tmp_path / "b").mkdir()
    sheet(tmp_path / "b", [HEAD, ROW], "y.csv")
    (tmp_path / "b" / "note.md").write_text("no")
    (tmp_path / "~$x.xlsx").write_bytes(b"lock")
    (tmp_path / "z.json").write_text("[]")
    files = [record.source.file if isinstance(record, ContractRecord) else getattr(record, "file", "") for record in read(tmp_path)]
    assert [Path(file).name for file in files] == ["y.csv", "x.xlsx", "z.json"]


CELL = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=True),
    st.dates(),
    st.booleans(),
)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=9), max_size=6))
def test_any_cells_are_read_or_rejected_row_by_row(rows: list[list[Any]]) -> None:
    from web.importers.sheet import Page
    from web.importers.table import read_table

    told = [HEAD, *rows]
    records = list(read_table([Page("x", lambda: iter(enumerate(told, 1)))], "x.xlsx", TODAY))
    full = [row for row in rows if any(cell is not None and str(cell).strip() for cell in row)]
    examples = [row for row in full if isinstance(row[0], str) and row[0].strip().startswith("示例")]
    assert len(records) == len(full) - len(examples)


def test_a_bomb_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    [record] = read(path)
    assert isinstance(record, Reject)
    assert record.code == "upload_unpacks_too_large_ratio"


def test_an_open_document_is_read(tmp_path: Path) -> None:
    def row(cells: Sequence[str]) -> str:
        told = (f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells)
        return f"<table:table-row>{''.join(told)}</table:table-row>"

    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    body = f'<table:table table:name="合同">{row(HEAD)}{row(ROW)}</table:table>'
    inside = f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body>"
    content = f"<office:document-content {names}>{inside}</office:document-content>"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    path = tmp_path / "x.ods"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", manifest)
        packed.writestr("content.xml", content)
    assert one(path).number == "HT-1"


def test_formulas_count_by_their_result_and_errors_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("合同")
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, ROW)
    page.write_formula(1, 2, "=1000*2", value=2000)
    page.write_row(2, 0, ("HT-2", *ROW[1:]))
    page.write_formula(2, 2, "=1/0", value="#DIV/0!")
    book.close()
    first, second = read(path)
    assert isinstance(first, ContractRecord)
    assert str(first.value) == "2000.00 CNY"
    assert isinstance(second, Reject)
    assert (second.row, second.column) == (3, "合同金额（元）")
