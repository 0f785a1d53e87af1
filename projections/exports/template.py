"""The spreadsheet that an office fills in to bring its contracts along, with drop-downs, an example, instructions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import IO, Any

from projections.exports.columns import CONTRACTS, EVENTS, EXAMPLE, OBLIGATIONS, PAYMENTS, SHEETS, Column, Sheet
from projections.exports.workbook import add_sheet, heading, opened, put

_ROWS_WITH_CHOICES = 5_000
_NUMBER = f"{EXAMPLE}-440823-SWJ-SG-2026-00012"
_EXAMPLES: dict[str, dict[str, Any]] = {
    CONTRACTS.key: {
        "number": _NUMBER, "name": "某泵站设备采购（本行为示例，不会导入）", "type": "设备材料采购",
        "works": "水利工程", "region": "440823",
        "signed_on": date(2026, 1, 12), "starts_on": date(2026, 1, 15), "ends_on": date(2026, 10, 30),
        "authority_name": "遂溪县水务局", "authority_id": "11440823000000000T",
        "contractor_name": "湛江市试例水利工程有限公司", "contractor_id": "91440800MA4X00000Y",
        "contractor_size": "小型",
        "value": Decimal("1000000.00"), "currency": "CNY", "security_value": Decimal("50000.00"),
        "security_form": "银行保函",
        "security_ends_on": date(2027, 1, 31), "retention_percent": "3%", "status": "履行中",
    },
    OBLIGATIONS.key: {
        "number": _NUMBER, "ref": "M1", "owed_by": "乙方", "title": "第一批设备到货", "due_on": date(2026, 3, 31),
    },
    PAYMENTS.key: {"number": _NUMBER, "ref": "P1", "after": "M1", "value": Decimal("300000.00"), "term_days": 30},
    EVENTS.key: {"number": _NUMBER, "kind": "变更", "on": date(2026, 4, 10), "note": "工期顺延 10 天"},
}  # fmt: skip
_INSTRUCTIONS = (
    "填写说明  How to fill in",
    "1. 一行一份合同，写在“合同”表；标题为橙色的列必填。列的次序可以改变，不用的列可以删去，也可以直接导入自己的台账。",
    "2. 合同编号以“示例”开头的行不导入，可保留，也可删去。",
    "3. 日期可写作 2026-03-01、2026.3.1、2026年3月1日。签订日期不知道时空着。",
    "4. 金额按“元”填写；把标题改为“合同金额（万元）”，该列即按万元读。",
    "5. 统一社会信用代码为 18 位，会核对校验码；没有代码的单位只写名称。境外等其他编号写作“类别:编号”。",
    "6. 联合体：名称和代码用分号隔开，次序一致，牵头方写在最前。",
    "7. “履约义务”“付款”“事件”表按合同编号归到合同；没有可以空着。义务也可写在合同表的列“履约义务1”“履约义务1到期日”……",
    "8. 有错的行不会导入，会连同原因写入一个退回文件；改正后再导入该文件即可。重复导入同一文件不会产生变化。",
    "One contract a row; orange columns are required. Rows whose number begins with 示例 are examples and are skipped.",
    "Dates: 2026-03-01. Amounts in yuan. Several contractors: separate with a semicolon, the lead first.",
)


def write_template(stream: IO[bytes]) -> None:
    """Write the template (xlsx)."""
    book = opened(stream, in_order=False)
    grey = book.add_format({"italic": True, "font_color": "#767676"})
    day = book.add_format({"italic": True, "font_color": "#767676", "num_format": "yyyy-mm-dd"})
    for sheet in SHEETS:
        page = add_sheet(book, sheet, "both")
        page.set_row(0, 32)
        for place, column in enumerate(sheet.columns):
            _guide(page, place, column)
            _example(page, place, column, sheet, {"day": day}.get(column.kind, grey))
    page = book.add_worksheet("填写说明")
    page.set_column(0, 0, 110)
    wrap = book.add_format({"text_wrap": True})
    for row, line in enumerate(_INSTRUCTIONS):
        page.write_string(row, 0, line, wrap)
    book.close()


def _guide(page: Any, place: int, column: Column) -> None:
    if column.choices:
        words = [word for _, word in column.choices]
        page.data_validation(
            1, place, _ROWS_WITH_CHOICES, place,
            {"validate": "list", "source": words, "error_type": "warning", "error_title": column.zh,
             "error_message": "请从下拉列表中选择"},
        )  # fmt: skip
    if column.note:
        page.write_comment(0, place, column.note)


def _example(page: Any, place: int, column: Column, sheet: Sheet, format: Any) -> None:
    value = _EXAMPLES[sheet.key].get(column.key)
    if isinstance(value, str):
        page.write_string(1, place, value, format)
    elif isinstance(value, date):
        page.write_datetime(1, place, value, format)
    else:
        put(page, 1, place, value)


def headings(sheet: Sheet) -> list[str]:
    """The template's headings of a sheet, as they stand in it."""
    return [heading(column, "both") for column in sheet.columns]
