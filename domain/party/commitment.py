"""Commitment 信用承诺: what a party has promised, to which office, and whether it was kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from domain.aggregate import Aggregate
from domain.ledger import stream_id
from domain.party import events
from domain.party.rules import commitment as rules
from domain.policy.missing import NoPackInForce, UnknownCode
from domain.policy.tables import CommitmentType
from domain.rules import Basis, hold

if TYPE_CHECKING:
    from domain.policy.book import Book

OF_REPAIR = "03"  # the type that goes with an application for repair


def commitment_of_repair(repair: UUID) -> UUID:
    """An application has one commitment: its stream follows from the application's."""
    return stream_id("commitment-of-repair", repair.hex)


class Commitment(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.status = self.party = self.region = ""
        self.repair: UUID | None = None
        self.made_on = date.min
        self.recorders: set[str] = set()  # who put it on record, or its report
        self.decider: str | None = None  # who found it broken
        self.last_on = date.min  # the day of the last step; a later one is not dated before it

    def make(self, terms: dict[str, Any], today: date, book: Book, known: Collection[str] | None = None, **said: Any) -> None:
        """`known`: the contractors of the contract that it is about; None where it is about none."""
        made = events.CommitmentMade(basis=basis_of(book, terms["kind"], terms["made_on"]), **terms, **said)
        hold(rules.MAKE, self, made, today, known)
        self.happen(made)

    def report(self, on: date, text: str, evidence: list[str], today: date, **said: Any) -> None:
        hold(rules.REPORT, self, on, today, text)
        self.happen(events.CommitmentReported(reported_on=on, text=text, evidence=evidence, **said))

    def keep(self, on: date, note: str, evidence: list[str], today: date, **said: Any) -> None:
        hold(rules.KEEP, self, on, today)
        self.happen(events.CommitmentKept(kept_on=on, note=note, evidence=evidence, **said))

    def find_broken(self, on: date, facts: str, evidence: list[str], today: date, judge: rules.Judge, **said: Any) -> None:
        hold(rules.BREAK, self, on, today, facts, judge)
        self.happen(events.CommitmentBroken(broken_on=on, facts=facts, evidence=evidence, **said))

    def withdraw(self, on: date, why: str, today: date, **said: Any) -> None:
        hold(rules.WITHDRAW, self, on, today, why)
        self.happen(events.CommitmentWithdrawn(withdrawn_on=on, why=why, **said))

    def reopen(self, on: date, why: str, today: date, judge: rules.Judge, **said: Any) -> None:
        hold(rules.REOPEN, self, on, today, why, judge)
        self.happen(events.CommitmentReopened(reopened_on=on, why=why, **said))

    # -- with the application for repair that it goes with

    def lapse(self, on: date, why: str, **said: Any) -> None:
        """The application came to nothing: nobody is held to what was promised for it."""
        if self.status in rules.OPEN:
            self.happen(events.CommitmentWithdrawn(withdrawn_on=on, why=why, **said))

    def revive(self, on: date, why: str, **said: Any) -> None:
        """The application is taken up again."""
        if self.status == "withdrawn":
            self.happen(events.CommitmentReopened(reopened_on=on, why=why, **said))


def basis_of(book: Book, kind: str, on: date) -> Basis | None:
    """What makes it a type of commitment on a day; None for a type that no pack in force knows."""
    try:
        return book.row_basis(book.row(CommitmentType, kind, on), on)
    except (NoPackInForce, UnknownCode):
        return None
