"""Wordings: an event's fields as people read and write them, for saying again at a page what was recorded wrongly."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import msgspec

from domain.corrections import may_be_corrected
from domain.corrections.rules import value_fits_the_field
from domain.events import Event
from domain.policy.book import Book
from domain.policy.missing import NoPackInForce
from domain.policy.tables import CheckMode, ContractType, Excuse
from domain.rules import Broken, RuleBroken
from domain.values.fault import Malformed
from domain.values.money import Money, parse_money
from web.acts.cells import Cell, cell_at, cells, with_value
from web.importers.written import Placeholder, day_of
from web.looks import figures
from web.looks.tongue import LANGUAGES, Tongue, lazy, tongue
from web.office import Office
from web.typed import LINES
from web.words import WORDS

LABELS: Mapping[str, str] = {
    "accepted_on": lazy("受理日期"), "assigned_on": lazy("转让日期"), "at_fault": lazy("因哪一方的原因"), "kept_because": lazy("没有全部退还的理由"),
    "warranty_ends_on": lazy("质量保证期届满日"), "asked_on": lazy("申请日期"), "court": lazy("法院"), "acknowledged_on": lazy("确认日期"), "amended_on": lazy("变更日期"), "applied_on": lazy("申请日期"),
    "by_side": lazy("由哪一方"), "cancelled_on": lazy("取消日期"), "carried_out_on": lazy("检查日期"), "chair": lazy("主持人"),
    "commitment": lazy("信用承诺"), "commitment_signed_on": lazy("承诺签署日期"), "completed_on": lazy("完成日期"), "contact_name": lazy("联系人"),
    "contact_phone": lazy("电话"), "contract_clause": lazy("合同条款"), "contract_value": lazy("合同金额"), "decided_on": lazy("讨论日期"),
    "demanded_on": lazy("催告日期"), "due_on": lazy("完成期限"), "effective_on": lazy("视为送达日期"), "ended_on": lazy("结束日期"),
    "ends_on": lazy("终止日期"), "facts": lazy("事实"), "filed_on": lazy("提交日期"), "found_on": lazy("发现日期"), "fulfilled": lazy("是否履行"),
    "fulfilled_on": lazy("履行日期"), "government_procurement": lazy("政府采购"), "works": lazy("工程类别"), "percent": lazy("利率（%）"), "per": lazy("按日或按年"), "lpr": lazy("合同订立时的一年期贷款市场报价利率（%）"), "agreed_on": lazy("约定日期"), "classed_on": lazy("登记日期"), "grounds": lazy("理由"), "held_on": lazy("举行日期"),
    "holds_from": lazy("起效日期"), "insisted": lazy("届满前仍要提交"), "inspectors": lazy("检查人员"), "kind": lazy("种类"), "members": lazy("参加人员"),
    "method": lazy("送达方式"), "mode": lazy("检查方式"), "name": lazy("名称"), "note": lazy("说明"), "notified_on": lazy("通知日期"),
    "number": lazy("编号"), "occurred_on": lazy("发生日期"), "opened_on": lazy("立案或受理日期"), "opinion": lazy("审核意见"),
    "ordered_on": lazy("责令日期"), "outcome": lazy("结果"), "paid_on": lazy("付款日期"), "passed": lazy("是否整改到位"), "passed_on": lazy("通过日期"),
    "path": lazy("途径"), "planned_on": lazy("计划日期"), "provided_on": lazy("补齐日期"), "published_on": lazy("公告日期"), "raised_on": lazy("提出日期"),
    "rationale": lazy("变更理由"), "received_on": lazy("收到日期"), "record": lazy("笔录或记录"), "recorded_on": lazy("登记日期"),
    "ref": lazy("约定的编号"), "reference": lazy("案号或回执号"), "released_on": lazy("退还日期"), "repairable_from": lazy("最早可以申请的日期"),
    "reported_on": lazy("报告日期"), "requested_on": lazy("要求日期"), "requirements": lazy("整改要求"), "resumed_on": lazy("恢复日期"),
    "retention_percent": lazy("质量保证金比例（%）"), "returned_on": lazy("退还日期"), "served_on": lazy("送达日期"), "settled_on": lazy("结算日期"),
    "signed_on": lazy("签订日期"), "starts_on": lazy("开始日期"), "suspended_on": lazy("中止日期"), "terminated_on": lazy("终止日期"),
    "text": lazy("内容"), "to_be_held_on": lazy("举行日期"), "type": lazy("合同类型"), "url": lazy("公告网址"), "value": lazy("金额"),
    "obligations": lazy("履约义务"), "payments": lazy("款项"), "security": lazy("履约保证金"), "proposed": lazy("拟作处理"), "documents": lazy("材料"),
    "items": lazy("各项内容"), "evidence": lazy("证据"), "proof": lazy("送达证明"), "verified_on": lazy("核实日期"), "waived_on": lazy("免除日期"), "why": lazy("理由"), "withdrawn_on": lazy("撤回日期"),
    "authority": lazy("甲方"), "contractors": lazy("乙方"), "size": lazy("企业规模"), "lead": lazy("是否牵头"), "owed_by": lazy("由谁履行"), "title": lazy("内容"),
    "after": lazy("依据的义务编号"), "term_days": lazy("付款期限（日）"), "form": lazy("形式"), "result": lazy("结果"), "reason": lazy("理由"),
    "decision_types": lazy("处理种类"), "fine": lazy("罚款"), "measures": lazy("措施"), "registered_on": lazy("登记日期"), "renamed_on": lazy("更名日期"),
    "region": lazy("行政区划"), "purpose": lazy("查询目的"), "checked_on": lazy("查询日期"), "code": lazy("良好行为"), "level": lazy("级别"),
    "recognised_by": lazy("认定机构"), "year": lazy("公开的是哪一年"), "contracts": lazy("合同数量"), "amount": lazy("金额"), "place": lazy("在哪里公开"), "disclosed_on": lazy("公开日期"), "matter": lazy("承诺事由"), "liability": lazy("违诺责任"), "made_on": lazy("作出承诺的日期"), "kept_on": lazy("核查日期"), "broken_on": lazy("认定日期"), "recognised_on": lazy("认定日期"), "grade": lazy("等级"), "graded_by": lazy("评价机构"), "valid_until": lazy("有效期至"),
}  # fmt: skip
CODED: Mapping[str, Sequence[str]] = {"method": ("direct", "post", "electronic", "public"), "by_side": ("authority", "contractor", "both"), "at_fault": ("authority", "contractor", "both"),
                                      "path": ("reconsideration", "suit"), "outcome": ("upheld", "changed", "revoked", "withdrawn")}  # fmt: skip
TABLES: Mapping[str, str] = {"by_side": "side", "at_fault": "side", "outcome": "review_outcome"}
TABLED: Mapping[str, type[Any]] = {"type": ContractType, "kind": Excuse, "mode": CheckMode}
YES_NO: Mapping[str, str] = {"true": lazy("是"), "false": lazy("否")}
PARTS: Mapping[str, str] = {"owed_by": "side", "result": "result", "size": "size", "form": "form", "kind": "paper"}  # inside a part
NONE = lazy("（空）")
PART = lazy("{what}{which}：{label}")


class Wording(NamedTuple):
    """One value that may be said again: its path, its label (a sentence for the reader) and what it now says."""

    name: str
    label: str
    now: str


def wordings(office: Office, speaks: Tongue, event: Event) -> list[Wording]:
    """What of an event may be said again at a page."""
    found = [cell for name in event.__struct_fields__ if may_be_corrected(event, name) for cell in cells(event, name)]
    return [Wording(cell.path, _label(speaks, cell), _read(office, speaks, cell)) for cell in found]


def _label(speaks: Tongue, cell: Cell) -> str:
    label = speaks.said(label_of(cell.name))
    if cell.part is None:
        return label
    what = speaks.said(label_of(cell.path.partition("/")[0]))
    which = speaks.said(WORDS["paper"].get(cell.part, cell.part))
    return speaks.said(PART, what=what, which=f" {which}" if which else "", label=label)


def written(office: Office, speaks: Tongue, event: Event, path: str) -> str:
    """What a value now says, as it would be typed."""
    cell = cell_at(event, path)
    if cell is None or cell.value is None or cell.kind == "files":
        return ""
    if isinstance(cell.value, date):
        return cell.value.isoformat()
    if isinstance(cell.value, Money):
        return f"{cell.value.amount:f}"
    if isinstance(cell.value, list):
        return "\n".join(office.unseal({cell.name: cell.value})[cell.name])
    return _read(office, speaks, cell) if cell.value != "" else ""


def label_of(name: str) -> str:
    """What a field is called; its own name where it has no other."""
    return LABELS.get(name, name)


def said_of(book: Book, today: date, event: Event, path: str, text: str) -> tuple[str, Any]:
    """What was typed at a path, as the field and its JSON that a correction takes. What is no such value is handed on as typed, and
    refused there. Raises RuleBroken for a word that is none of the field's."""
    cell = cell_at(event, path)
    return (path, text) if cell is None else with_value(event, path, _json(book, today, cell, text))


def _json(book: Book, today: date, cell: Cell, text: str) -> Any:
    bare = unicodedata.normalize("NFKC", text).strip()
    if not bare:
        return None if cell.may_be_empty else ""
    if (codes := _codes(book, today, cell)) is not None:
        return _code(cell.name, codes, bare)
    try:
        match cell.kind:
            case "date":
                return day_of(bare).isoformat()
            case "money":
                return msgspec.to_builtins(parse_money(bare, currency=_currency(cell)))
            case "bool":
                return _code(cell.name, _both(YES_NO), bare) == "true"
            case "number":
                return f"{Decimal(bare.removesuffix('%').strip()):f}"
            case "whole":
                return int(bare)
            case "list":
                return [one.strip() for one in LINES.split(text) if one.strip()]
    except (Malformed, Placeholder, InvalidOperation, ValueError):
        return text
    return text.strip()


def _currency(cell: Cell) -> str:
    """That of the sum as it stands."""
    return str(cell.value.currency) if isinstance(cell.value, Money) else "CNY"


def _code(name: str, codes: Mapping[str, tuple[str, ...]], given: str) -> str:
    """The code of a word, which may be the code itself or its word in either language."""
    for code, words in codes.items():
        if given.casefold() in {code.casefold(), *(word.casefold() for word in words)}:
            return code
    raise RuleBroken([Broken("value_fits_the_field", (value_fits_the_field.__doc__ or "").strip(), "/value", values={"field": name})])


def _both(words: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    return {code: tuple(tongue(lang).said(sentence) for lang in LANGUAGES) for code, sentence in words.items()}


def _codes(book: Book, today: date, cell: Cell) -> dict[str, tuple[str, ...]] | None:
    """The words that a value may be, Chinese and English, by their codes; None for one that is no code."""
    name = cell.name
    if cell.part is not None or name == "size":
        return _both(WORDS[PARTS[name]]) if name in PARTS else None
    if name in CODED:
        return _both({code: WORDS[TABLES.get(name, name)][code] for code in CODED[name]})
    if name not in TABLED:
        return None
    try:
        return {row.code: (row.zh, row.en) for row in book.rows(TABLED[name], today)}
    except NoPackInForce:
        return None


def _read(office: Office, speaks: Tongue, cell: Cell) -> str:
    name, value = cell.name, cell.value
    if value is None or value == "" or value == []:
        return speaks.said(NONE)
    if isinstance(value, bool):
        return speaks.said(YES_NO[str(value).lower()])
    if isinstance(value, date):
        return figures.day_text(value, speaks.lang, "said")
    if isinstance(value, Money):
        return figures.money_text({"amount": str(value.amount), "currency": value.currency}, speaks.lang, "yuan")
    if cell.kind == "files":
        return speaks.said(lazy("、")).join(office.evidence.name_of(one) or one[:19] for one in value)
    if isinstance(value, list):
        return speaks.said(lazy("、")).join(office.unseal({name: value})[name])
    if name == "chair":
        return office.names({value})[value]
    if (codes := _codes(office.book, office.today, cell)) is not None:
        words: tuple[str, ...] = codes.get(value, (value, value))
        return words[LANGUAGES.index(speaks.lang)]
    return str(office.unseal({name: value})[name])
