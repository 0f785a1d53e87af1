"""What is rejected comes back in the form it came in, and goes in once it is mended."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineWorkbook

from web.importers.detect import open_source
from web.importers.record import ContractRecord, Record, Reject
from web.importers.rejects import REASONS, entries, write_rejects

TODAY = date(2026, 11, 23)
HEAD = ("合同编号", "合同名称", "合同金额（万元）", "甲方", "乙方", "颜色")
GOOD = ("HT-1", "泵站", "1.5", "水务局", "甲公司", "red")
BAD = ("HT-2", "=HYPERLINK(1)", "abc", "水务局", "乙公司", "blue")


def read(path: Path) -> list[Record]:
    return list(open_source(path, today=TODAY))


def rejects(path: Path) -> list[Reject]:
    return [record for record in read(path) if isinstance(record, Reject)]


def test_csv_comes_back_and_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    text = io.StringIO()
    csv.writer(text).writerows([("ledger",), HEAD, GOOD, BAD])
    path.write_bytes(text.getvalue().encode("gb18030"))
    out = write_rejects(rejects(path), tmp_path / "out", path.name, "csv")
    assert out is not None
    raw = out.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert rows[0] == ["错误原因", "原行号", *HEAD]
    assert rows[1][:5] == ["“abc”不是金额，请写作 1234567.89 或 1,234,567.89", "4", "HT-2", "'=HYPERLINK(1)", "abc"]
    out.write_bytes(raw.replace(b"abc", b"2.5"))
    [mended] = read(out)
    assert isinstance(mended, ContractRecord)
    assert (mended.number, mended.name, str(mended.value)) == ("HT-2", "=HYPERLINK(1)", "25000.00 CNY")


def test_xlsx_comes_back_with_the_rows_of_its_other_sheets(tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    book = xlsxwriter.Workbook(path)
    for title, rows in {
        "合同": [HEAD, GOOD, ("HT-2", *GOOD[1:])],
        "履约义务": [
            ("合同编号", "内容", "到期日"),
            ("HT-1", "甲", "2026-05-01"),
            ("HT-2", "乙", "soon"),
            ("HT-2", "丙", "2026-06-01"),
        ],
    }.items():
        page = book.add_worksheet(title)
        for number, cells in enumerate(rows):
            page.write_row(number, 0, cells)
    book.close()
    out = write_rejects(rejects(path), tmp_path, path.name, "xlsx")
    assert out is not None
    told = CalamineWorkbook.from_path(out)
    assert told.sheet_names == ["合同", "履约义务"]
    assert told.get_sheet_by_name("履约义务").to_python()[1:] == [
        ["“soon”不是日期，请写作 2026-03-01", 3.0, "HT-2", "乙", "soon"],
        ["", 4.0, "HT-2", "丙", "2026-06-01"],
    ]
    [still] = read(out)
    assert isinstance(still, Reject)
    assert (still.sheet, still.column) == ("履约义务", "到期日")


def test_ocds_comes_back_a_release_a_line_and_is_mended(tmp_path: Path) -> None:
    def contract(identifier: str, amount: Any) -> dict[str, Any]:
        return {"id": identifier, "awardID": "a", "value": {"amount": amount, "currency": "GBP"}}

    release = {
        "ocid": "X-1", "id": "1", "date": "2020-01-01T00:00:00Z", "tag": ["contract"], "initiationType": "tender",
        "buyer": {"name": "Bee"}, "awards": [{"id": "a", "suppliers": [{"name": "Sup"}]}],
        "contracts": [contract("good", 5), contract("bad", "x")], "more": {"kept": 1.25},
    }  # fmt: skip
    path = tmp_path / "in.json"
    path.write_text(json.dumps({"publisher": {"name": "Pub"}, "releases": [release]}))
    good = next(record for record in read(path) if isinstance(record, ContractRecord))
    out = write_rejects(rejects(path), tmp_path, path.name, "ocds")
    assert out is not None
    [line] = out.read_text().splitlines()
    told = json.loads(line)
    assert [one["pointer"] for one in told[REASONS]] == ["/releases/0/contracts/1/value/amount"]
    assert [one["id"] for one in told["contracts"]] == ["bad"]
    assert told["more"] == {"kept": 1.25}
    out.write_text(line.replace('"amount":"x"', '"amount":7'))
    [mended] = read(out)
    assert isinstance(mended, ContractRecord)
    assert str(mended.value) == "7 GBP"
    assert (mended.authority, mended.contractors) == (good.authority, good.contractors)


def test_a_file_that_cannot_be_read_has_nothing_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    path.write_text("no")
    assert write_rejects(rejects(path), tmp_path, path.name, "ocds") is None
    assert entries(rejects(path)[0]) == [
        {"row": None, "sheet": None, "column": None, "pointer": None, "code": "not_json",
         "reason": "不是有效的 JSON：第 1 行第 1 列起不能识别"},
    ]  # fmt: skip
