"""What a deviation is: what was to be done or kept, under which clause, by whom, and the events that show it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from domain.rules import Basis

AUTHORITY = frozenset({"supervisor", "decider", "legal", "chair", "authority", "superior"})  # whose deviation is the authority's


class Deviation(NamedTuple):
    """`kind`: late (done after its day), overdue (not done yet), unclosed (ended with it open), procedure (a rule not kept).

    `code` is the kind of the loop, or the name of the rule; `key` which of that kind, or the version of the event that did not
    keep the rule; `events` are log positions; `values` fill the rule's sentence.
    """

    kind: str
    code: str
    key: str
    sentence: str
    values: Mapping[str, Any]
    owner: str
    account: str | None
    basis: Basis | None
    due_on: date | None
    on: date | None
    events: tuple[int, ...]
    answer: str | None = None  # what was said to it since: explained, remedied or pursued
    waiting: bool = False  # on a decider's desk, to be answered

    @property
    def loop(self) -> str:
        """The breach of procedure that it is, or would be, as an answer names it."""
        return f"{self.code}:{self.key}"

    @property
    def of_authority(self) -> bool:
        """A breach of procedure: the authority's own, not the other side's."""
        return self.kind == "procedure" or self.owner in AUTHORITY
