"""The columns of our spreadsheets: one list for the template, the export and the import, so each reads the others."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec

Choices = tuple[tuple[str, str], ...]


class Column(msgspec.Struct, frozen=True):
    """One column. `kind`: text code day money number percent choice; `choices` pairs a code with its Chinese word."""

    key: str
    zh: str
    en: str
    kind: str = "text"
    required: bool = False
    width: int = 16
    choices: Choices = ()
    note: str = ""
    synonyms: tuple[str, ...] = ()


class Sheet(msgspec.Struct, frozen=True):
    """One sheet of the template; `key` is contracts, obligations, payments or events."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    synonyms: tuple[str, ...] = ()


EXAMPLE = "示例"
"""A row whose contract number begins so is the template's own, and is skipped on import."""
REASON, ROW = "错误原因", "原行号"
"""The two columns that a reject file has before the columns of the input; the import skips them."""

SIZES: Choices = (("large", "大型"), ("medium", "中型"), ("small", "小型"), ("micro", "微型"))
SIDES: Choices = (("contractor", "乙方"), ("authority", "甲方"))
TYPES: Choices = (
    ("SG", "施工"), ("JL", "监理"), ("KC", "勘察"), ("SJ", "设计"), ("EPC", "工程总承包"), ("DJ", "代建"),
    ("ZX", "咨询"), ("JC", "检测监测"), ("CG", "设备材料采购"), ("XX", "信息化"), ("YW", "运行维护"),
    ("TX", "特许经营"), ("QT", "其他"),
)  # fmt: skip
WORKS: Choices = (("hydraulic", "水利工程"), ("municipal", "市政供排水工程"))
STATUSES: Choices = (
    ("signed", "已签订"), ("performing", "履行中"), ("suspended", "中止"), ("completed", "已完成"),
    ("terminated", "已解除"), ("settled", "已结清"),
)  # fmt: skip
FORMS: Choices = (("cash", "现金"), ("bank_guarantee", "银行保函"), ("surety", "担保"), ("insurance", "保险"))
HAPPENINGS: Choices = (
    ("payment", "付款"), ("fulfilment", "履行"), ("amendment", "变更"), ("suspension", "中止"),
    ("resumption", "恢复"), ("completion", "完成"), ("termination", "解除"), ("settlement", "结清"),
)  # fmt: skip

_WORDS: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text("utf-8"))
_REGION = "6 位数字；空着时取甲方代码中的区划"
_NUMBER = Column("number", "合同编号", "Contract number", "code", True, 30, note="每份合同唯一；以“示例”开头的行不导入")


def _sheet(key: str, zh: str, en: str, *columns: Column) -> Sheet:
    """A sheet, with the other words for its headings."""
    words = _WORDS[key]
    known = {column.key: words.get(column.key, "") for column in columns}
    if key != "contracts":
        # 编号 alone is the row's own number there, not the contract's.
        whole = _split(_WORDS["contracts"]["number"])
        known["number"] = "、".join(word for word in whole if "合同" in word or "contract" in word)
    full = (msgspec.structs.replace(column, synonyms=_split(known[column.key])) for column in columns)
    return Sheet(key, zh, en, tuple(full), _split(words.get("SHEET", "")))


def _split(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split("、") if word.strip())


CONTRACTS = _sheet(
    "contracts", "合同", "Contracts",
    _NUMBER,
    Column("name", "合同名称", "Contract name", "text", True, 36),
    Column("type", "合同类型", "Type", "choice", choices=TYPES),
    Column("region", "行政区划代码", "Region code", "code", note=_REGION),
    Column("signed_on", "签订日期", "Signed on", "day"),
    Column("starts_on", "开始日期", "Starts on", "day"),
    Column("ends_on", "结束日期", "Ends on", "day"),
    Column("authority_name", "甲方名称", "Authority name", "text", True, 26),
    Column("authority_id", "甲方统一社会信用代码", "Authority code", "code", width=24),
    Column("contractor_name", "乙方名称", "Contractor name", "text", True, 30, note="联合体用分号隔开，牵头方写在最前"),
    Column("contractor_id", "乙方统一社会信用代码", "Contractor code", "code", width=24, note="与名称同样的次序"),
    Column("contractor_size", "乙方规模", "Contractor size", "choice", choices=SIZES),
    Column("value", "合同金额（元）", "Contract value", "money", True, 18, note="标题写“万元”时按万元读"),
    Column("currency", "币种", "Currency", note="空着为人民币"),
    Column("security_value", "履约保证金（元）", "Performance security", "money"),
    Column("security_form", "履约保证金形式", "Security form", "choice", choices=FORMS),
    Column("security_ends_on", "履约保证金到期日", "Security ends on", "day"),
    Column("retention_percent", "质量保证金比例（%）", "Retention percent", "percent"),
    Column("status", "合同状态", "Status", "choice", choices=STATUSES),
    Column("completed_on", "完成日期", "Completed on", "day"),
    Column("works", "工程类别", "Class of works", "choice", choices=WORKS, note="决定以后的案件适用水利还是住建的信用管理规定；空着则按水利"),
    Column("note", "备注", "Note", width=30),
)  # fmt: skip
OBLIGATIONS = _sheet(
    "obligations", "履约义务", "Obligations",
    _NUMBER,
    Column("ref", "义务编号", "Obligation ref", "code", width=10),
    Column("owed_by", "责任方", "Owed by", "choice", choices=SIDES),
    Column("title", "内容", "Title", "text", True, 40),
    Column("due_on", "到期日", "Due on", "day"),
    Column("fulfilled_on", "完成日期", "Fulfilled on", "day"),
)  # fmt: skip
PAYMENTS = _sheet(
    "payments", "付款", "Payments",
    _NUMBER,
    Column("ref", "付款编号", "Payment ref", "code", width=10),
    Column("after", "对应义务编号", "After obligation", "code"),
    Column("value", "应付金额（元）", "Payable", "money"),
    Column("term_days", "付款期限（天）", "Term in days", "number"),
    Column("paid_on", "实际付款日期", "Paid on", "day"),
    Column("paid", "实付金额（元）", "Paid amount", "money"),
)  # fmt: skip
EVENTS = _sheet(
    "events", "事件", "Events",
    _NUMBER,
    Column("kind", "事件类型", "Event", "choice", True, choices=HAPPENINGS),
    Column("on", "日期", "Date", "day", True),
    Column("ref", "事件编号", "Event ref", "code", width=10),
    Column("about", "对应编号", "About", "code"),
    Column("value", "金额（元）", "Amount", "money"),
    Column("note", "说明", "Note", width=40),
)  # fmt: skip

SHEETS = (CONTRACTS, OBLIGATIONS, PAYMENTS, EVENTS)

# Obligations and payments may also stand in the contract's own row, numbered: 履约义务1, 履约义务1到期日 …
NUMBERED = {kind: tuple((field, _split(words)) for field, words in _WORDS[f"numbered_{kind}"].items()) for kind in ("obligation", "payment")}
