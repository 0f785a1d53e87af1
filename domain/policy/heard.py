"""A book that remembers what it was asked, so that it can be told whether another would have answered alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Any

from domain.days.calendar import Calendar
from domain.policy.book import Book

Question = tuple[str, tuple[Any, ...], tuple[tuple[str, Any], ...]]


class Heard:
    """Answers as its book does. `asked`: every question since it was last emptied."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self.asked: set[Question] = set()

    def known_at(self, position: int) -> Any:
        """Itself, where that is the book it hears for; another book is no longer heard, and counts as another answer."""
        found = self._book.known_at(position)
        if found is self._book:
            return self
        self.asked.add(("known_at", (position,), ()))
        return found

    def __getattr__(self, name: str) -> Any:
        """Made once for each method that is asked for."""
        found = getattr(self._book, name)
        if not callable(found):
            return found

        def answering(*given: Any, **named: Any) -> Any:
            self.asked.add((name, tuple(map(_kept, given)), tuple((key, _kept(value)) for key, value in named.items())))
            return found(*given, **named)

        self.__dict__[name] = answering
        return answering


def _kept(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


class Alike:
    """Do two books answer a question alike? Each question is put to them once."""

    def __init__(self, one: Book, other: Book) -> None:
        self._one, self._other = one, other
        self._known: dict[Question, bool] = {}

    def on(self, asked: Iterable[Question]) -> bool:
        """On all of these questions?"""
        return all(self._same(question) for question in asked)

    def _same(self, question: Question) -> bool:
        if question not in self._known:
            self._known[question] = _plain(_answer(self._one, question)) == _plain(_answer(self._other, question))
        return self._known[question]


def _plain(answer: Any) -> Any:
    """What is compared: a calendar by what it says, for it is itself compared by identity."""
    return {one.name: getattr(answer, one.name) for one in fields(answer)} if isinstance(answer, Calendar) else answer


def _answer(book: Book, question: Question) -> Any:
    name, given, named = question
    ask: Callable[..., Any] = getattr(book, name)
    try:
        return ask(*given, **dict(named))
    except (LookupError, ValueError) as why:
        return type(why)
