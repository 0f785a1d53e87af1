"""Searching in text: the same bigrams, and the same answers, on SQLite and on PostgreSQL.

`matches` is the one way in, so that an index for full text can take the place of LIKE without any page noticing.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa

_HAN = "\u3007\u3400-\u9fff\U00020000-\U0003ffff"
_runs = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_han = re.compile(f"[{_HAN}]")
BETWEEN = "|"  # a phrase never runs from one column, or from the text to its initials, into the next


def grams(text: str) -> str:
    """Chinese as overlapping pairs of characters, anything else as whole words in lower case; spaces between."""
    out = list[str]()
    for run in _runs.findall(unicodedata.normalize("NFKC", text)):
        if _han.match(run):
            out += [run[n : n + 2] for n in range(len(run) - 1)] or [run]
        else:
            out.append(run.lower())
    return " ".join(out)


def initials(text: str) -> str:
    """The pinyin initials of the Chinese in a text, as one word: 湛江市水利局 is zjsslj."""
    return _initials("".join(_han.findall(unicodedata.normalize("NFKC", text))))


@lru_cache(maxsize=20_000)
def _initials(chinese: str) -> str:
    """Of Chinese characters alone: many names differ in their number only."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a while: loaded when first something is told

    return "".join(lazy_pinyin(chinese, style=Style.FIRST_LETTER, errors="ignore")).lower()


@lru_cache(maxsize=20_000)
def _searchable(text: str) -> str:
    return f"{grams(text)} {BETWEEN} {initials(text)}" if _han.search(text) else grams(text)


@lru_cache(maxsize=2_000)
def gram_text(texts: tuple[str | None, ...]) -> str:
    """What a row's `grams` column holds for the texts of its searched columns."""
    return " " + f" {BETWEEN} ".join(_searchable(text) for text in texts if text) + " "


class About(NamedTuple):
    """What a row is about, in which a word may be found as well as in the row: the ids of what it came of
    (a contract; of an application its case), the refs of parties."""

    contracts: Callable[[str], sa.Select[Any]]
    parties: Callable[[str], sa.Select[Any]]


def matches(table: sa.FromClause, q: str, beside: Callable[[str], Sequence[sa.ColumnElement[bool]]] = lambda word: ()) -> sa.ColumnElement[bool]:
    """Rows that hold every word of `q`: Chinese anywhere, other words and pinyin initials from their beginning.

    An empty question asks for nothing and leaves all rows; one of only punctuation finds none. `beside`: where else each word may stand.
    """
    if not (words := q.split()):
        return sa.true()
    phrases = {word: _phrase(grams(word)) for word in words}
    if not all(phrases.values()):
        return sa.false()
    return sa.and_(*(sa.or_(table.c.grams.like(f"%{phrase}%"), *beside(word)) for word, phrase in phrases.items()))


def _phrase(tokens: str) -> str:
    """A piece of the padded text; a lone Chinese character at either end may be half of a pair."""
    if not tokens:
        return ""
    first, *_, last = [*tokens.split(" ")] * 2
    alone_first, alone_last = (bool(_han.match(token)) and len(token) == 1 for token in (first, last))
    open_end = alone_last or not _han.match(last)  # a word, or a number, as far as it has been typed
    return ("" if alone_first else " ") + tokens + ("" if open_end else " ")
