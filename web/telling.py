"""Saying what happened in the reader's language: timeline entries with names, words and money put in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from projections.timeline import CORRECTION
from web.looks import figures
from web.looks.tongue import Tongue
from web.naming import TABLES, called
from web.office import Office
from web.words import WORDS


def told_entries(office: Office, speaks: Tongue, entries: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each entry with `text`: its sentence, filled and translated; `who` is the account's sign-in name."""
    listed = [one for one in entries if not one["hidden"]]
    names = office.names({one["by"] for one in listed})
    return [{**one, "who": names[one["by"]], "text": said(office, speaks, one, names[one["by"]])} for one in listed]


def said(office: Office, speaks: Tongue, entry: dict[str, Any], who: str) -> str:
    """One entry's sentence."""
    on = date.fromisoformat(entry["on"])
    values = {name: _word(office, speaks, name, value, on) for name, value in entry["values"].items()}
    sentence = speaks.said(entry["sentence"], **values, who=speaks.said(WORDS["account"].get(who, who)))
    if entry["corrected"]:
        return speaks.said(CORRECTION, reason=entry["reason"] or "", sentence=sentence)
    return sentence


def _word(office: Office, speaks: Tongue, name: str, value: Any, on: date) -> str:
    """A field's value as a reader meets it."""
    if isinstance(value, dict) and "amount" in value:
        return figures.money_text(value, speaks.lang)
    if value is None:
        return "—"
    if name in WORDS and isinstance(value, str):
        return speaks.said(WORDS[name].get(value, value))
    if name in TABLES and isinstance(value, str):
        return called(office.book, speaks.lang, name, value, on)
    opened = office.unseal({name: value})[name]  # by its name there a sealed field is known
    return opened if isinstance(opened, str) else str(opened)
