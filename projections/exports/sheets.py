"""Contracts as a spreadsheet or CSV, under the headings of the template, so that what goes out comes in again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import IO, Any

from domain.values.money import Money
from domain.values.party import USCC_SCHEME
from projections.exports.columns import CONTRACTS, EVENTS, OBLIGATIONS, PAYMENTS, Column, Sheet
from projections.exports.workbook import add_sheet, csv_safe, heading, opened, put

Card = Mapping[str, Any]
_BOM = "\ufeff"
_SEPARATOR = "；"


def write_contracts(cards: Iterable[Card], stream: IO[bytes], format: str = "xlsx", lang: str = "zh") -> int:
    """Write contract cards (the shape of a contract in the API, with `history` where there is one); how many they were.

    xlsx has obligations, payments and what happened in sheets of their own; CSV (UTF-8 with BOM) has the contracts.
    """
    if format == "csv":
        return _write_csv(cards, stream, lang)
    if format != "xlsx":
        raise ValueError(f"no such format: {format}")
    return _write_xlsx(cards, stream, lang)


def _write_csv(cards: Iterable[Card], stream: IO[bytes], lang: str) -> int:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    count = 0
    try:
        text.write(_BOM)
        writer = csv.writer(text)
        writer.writerow([heading(column, lang) for column in CONTRACTS.columns])
        for card in cards:
            count += 1
            row = _row(CONTRACTS, contract_values(card), lang)
            writer.writerow([csv_safe(_csv_cell(cell)) for cell in row])
    finally:
        text.detach()  # the stream is the caller's to close
    return count


def _csv_cell(cell: Any) -> Any:
    return cell.isoformat() if isinstance(cell, date) else cell


def _write_xlsx(cards: Iterable[Card], stream: IO[bytes], lang: str) -> int:
    with opened(stream) as book:  # closed also where a card cannot be told: its rows wait in a file of their own
        pages = [(sheet, add_sheet(book, sheet, lang)) for sheet in (CONTRACTS, OBLIGATIONS, PAYMENTS, EVENTS)]
        rows = {sheet.key: 0 for sheet, _ in pages}
        for card in cards:
            told = {
                CONTRACTS.key: [contract_values(card)],
                OBLIGATIONS.key: list(_obligations(card)),
                PAYMENTS.key: list(_payments(card)),
                EVENTS.key: list(_events(card)),
            }
            for sheet, page in pages:
                for values in told[sheet.key]:
                    rows[sheet.key] += 1
                    for place, cell in enumerate(_row(sheet, values, lang)):
                        put(page, rows[sheet.key], place, cell)
    return rows[CONTRACTS.key]


def _row(sheet: Sheet, values: Mapping[str, Any], lang: str) -> list[Any]:
    return [_cell(column, values.get(column.key), lang) for column in sheet.columns]


def _cell(column: Column, value: Any, lang: str) -> Any:
    if value is None or value == "":
        return None
    if column.kind == "choice" and lang != "en":
        return dict(column.choices).get(value, value)
    if column.kind == "day" and isinstance(value, str):
        return date.fromisoformat(value[:10])
    return value


def contract_values(card: Card) -> dict[str, Any]:
    """A contract card as the values of the sheet 合同, by column key."""
    values = {key: card.get(key) for key in ("number", "name", "type", "works", "region", "signed_on", "starts_on", "ends_on", "status")}
    authority, contractors = card.get("authority") or {}, _lead_first(card.get("contractors") or [])
    values["authority_name"], values["authority_id"] = authority.get("name"), _code(authority)
    values["contractor_name"] = _SEPARATOR.join(party.get("name") or "" for party in contractors)
    codes = [_code(party) for party in contractors]
    values["contractor_id"] = _SEPARATOR.join(codes) if all(codes) else None
    values["contractor_size"] = contractors[0].get("size") if contractors else None
    amount, currency = _money(card.get("value"))
    values["value"], values["currency"] = amount, None if currency == "CNY" else currency
    if security := card.get("security"):
        values["security_value"] = _money(security.get("value"))[0]
        values["security_form"], values["security_ends_on"] = security.get("form"), security.get("ends_on")
    retention = card.get("retention_percent")
    values["retention_percent"] = Decimal(str(retention)) if retention not in {None, ""} else None
    values["completed_on"] = _completed(card)
    return values


def _lead_first(parties: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(parties, key=lambda party: not party.get("lead"))


def _code(party: Mapping[str, Any]) -> str:
    """A Chinese code by itself; another number with its scheme; nothing for a party that has none."""
    scheme, number = party.get("scheme"), party.get("id")
    if not scheme or not number:
        return ""
    return str(number) if scheme == USCC_SCHEME else f"{scheme}:{number}"


def _money(value: Any) -> tuple[Decimal | None, str | None]:
    if value is None:
        return None, None
    if isinstance(value, Money):
        return value.amount, value.currency
    return Decimal(str(value["amount"])), value.get("currency")


def _history(card: Card, kind: str | None = None) -> Iterator[Mapping[str, Any]]:
    for one in card.get("history") or ():
        if kind is None or one.get("kind") == kind:
            yield one


def _completed(card: Card) -> Any:
    return next((one.get("on") for one in _history(card, "completion")), card.get("completed_on"))


def _obligations(card: Card) -> Iterator[dict[str, Any]]:
    fulfilled = {one.get("about") or one.get("ref"): one.get("on") for one in _history(card, "fulfilment")}
    for one in card.get("obligations") or ():
        day = one.get("fulfilled_on") or fulfilled.get(one.get("ref"))
        yield {**one, "number": card.get("number"), "fulfilled_on": day}


def _payments(card: Card) -> Iterator[dict[str, Any]]:
    for one in card.get("payments") or ():
        yield {**one, "number": card.get("number"), "value": _money(one.get("value"))[0]}


def _events(card: Card) -> Iterator[dict[str, Any]]:
    """What happened, beyond what has a column of its own."""
    planned = {one.get("ref") for one in card.get("obligations") or ()}
    kinds = {kind for kind, _ in next(column.choices for column in EVENTS.columns if column.key == "kind")} - {"completion"}
    for one in _history(card):
        named = one.get("about") or one.get("ref")
        if one.get("kind") in kinds and not (one.get("kind") == "fulfilment" and named in planned):
            yield {**one, "number": card.get("number"), "value": _money(one.get("value"))[0]}
