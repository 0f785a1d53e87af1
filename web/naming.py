"""Naming: what the packs call a code, and what a cited rule says, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from domain.policy.book import Book, NoPackInForce, NoSuchRule, UnknownCode
from domain.policy.pack import Pack
from domain.policy.tables import AnyRow, Behaviour, CommitmentType, GoodBehaviour, Measure, Recipient
from web.looks.tongue import tongue
from web.words import WORDS

UNKNOWN = (NoPackInForce, NoSuchRule, UnknownCode)
TABLES: Mapping[str, type[AnyRow]] = {
    "behaviour": Behaviour,
    "measure": Measure,
    "recipient": Recipient,
    "good_behaviour": GoodBehaviour,
    "commitment_type": CommitmentType,
}
CODE_TOO = frozenset({"behaviour", "measure"})  # whose codes people know and look for
WORDED: Mapping[str, Mapping[str, str]] = {
    "touched_decision": WORDS["touched"], "procedure_breach": {**WORDS["loop"], **WORDS["procedure_rule"]},
}  # fmt: skip
LOOPS: Mapping[str, str] = {"measure": "measure", "repair_synchronisation": "recipient"}


def called(book: Book, lang: str, table: str, code: str, on: date) -> str:
    """A code by its name in the pack in force on the day; the code alone where no pack knows it."""
    try:
        row: Any = book.row(TABLES[table], code, on)
    except UNKNOWN:
        return code
    name = str(row.en if lang == "en" else row.zh)
    return f"{code} {name}" if table in CODE_TOO else name


def note_on(book: Book, lang: str, kind: str, title: str, on: date) -> str:
    """What a loop is about: a measure or a recipient by its name, anything else as it was written."""
    if kind in WORDED:
        return tongue("en" if lang == "en" else "zh").said(WORDED[kind].get(title, title))
    return called(book, lang, LOOPS[kind], title, on) if kind in LOOPS else title


def in_english(book: Book, basis: Any) -> str | None:
    """What the rule that a basis names says, in English; None where no pack of ours holds it."""
    told: Mapping[str, Any] = basis if isinstance(basis, Mapping) else {name: getattr(basis, name) for name in ("pack", "version", "rule")}
    pack = next((one for _, one in book.packs if (one.key, one.version) == (told["pack"], told["version"])), None)
    return _sentence(pack, str(told["rule"])) if pack else None


def _sentence(pack: Pack, name: str) -> str | None:
    for rule in pack.rules.values():
        if rule.name == name:
            return rule.sentence_en
    table, _, code = name.partition(".")
    row = next((one for one in pack.tables.get(table, ()) if getattr(one, "code", None) == code), None)
    return getattr(row, "en", None)
