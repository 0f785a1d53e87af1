"""How OCDS words values: periods, money, instants; and the days of a contract's history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from domain.values.money import Money

Card = Mapping[str, Any]
WORKS = {"hydraulic": "hydraulicWorks", "municipal": "municipalWorks"}  # the class of works among tender.additionalProcurementCategories, an open list
_MIDNIGHT = "T00:00:00+08:00"


def period(card: Card) -> dict[str, Any]:
    return {"startDate": moment(card.get("starts_on")), "endDate": moment(card.get("ends_on"))}


def value_of(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    return {"amount": Decimal(str(value["amount"])), "currency": value.get("currency")}


def moment(day: Any) -> str | None:
    """A day as OCDS words it: an instant, here the day's beginning in Shanghai."""
    if day is None or day == "":
        return None
    spelt = day.isoformat() if isinstance(day, date) else str(day)
    return spelt if "T" in spelt else spelt + _MIDNIGHT


def history_of(card: Card) -> list[Mapping[str, Any]]:
    return sorted(card.get("history") or (), key=lambda one: str(one.get("on") or "9999"))


def days_of(history: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(str(one["on"]) for one in history if one.get("on"))


def latest_day(history: list[Mapping[str, Any]]) -> str | None:
    return days[-1] if (days := days_of(history)) else None


def first_day(card: Card) -> Any:
    return next(iter(days_of(history_of(card))), None) or card.get("starts_on") or card.get("recorded_on")


def last_day(card: Card) -> Any:
    return latest_day(history_of(card)) or card.get("signed_on") or first_day(card)


def clean(value: Any) -> Any:
    """Without members that say nothing: null, and empty objects and lists."""
    if isinstance(value, dict):
        cleaned = {key: clean(item) for key, item in value.items()}
        return {key: item for key, item in cleaned.items() if item is not None and item not in ({}, [])}
    if isinstance(value, list):
        return [clean(item) for item in value]
    return value
