"""Histories held against the loops and the rules of procedure: what is right is passed, what is not is named with clause and owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.access.account import Account
from domain.actor import Actor
from domain.breach import commands as breach
from domain.breach import events as b
from domain.breach.case import Case
from domain.conformance import Deviation, deviations
from domain.conformance.commands import answer_breach
from domain.conformance.history import Knowing, _of_procedure
from domain.events import Event, Told, as_corrected
from domain.policy.book import Book
from tests.domain.office import Office, day, published, refused, sanctioned, served


def found_in(office: Office, told: Iterable[Told], book: Book | None = None, on: date | None = None) -> list[Deviation]:
    return list(deviations(as_corrected(told), on or office.today, knowing(office, book)))


def knowing(office: Office, book: Book | None = None) -> Knowing:
    law = book or office.book

    def regions(account: str) -> frozenset[str]:
        return office.ledger.get(Account, UUID(account)).actor.regions(("decider",))

    return Knowing(lambda _: law, regions, lambda account, _: frozenset({account}), lambda _: None)


def history(office: Office, case: UUID) -> list[Told]:
    return office.ledger.of([case])[case]


def without(told: list[Told], *kinds: type[Event]) -> list[Told]:
    return [one for one in told if not isinstance(one.event, kinds)]


def otherwise(told: list[Told], kind: type[Event], **changes: Any) -> list[Told]:
    return [replace(one, event=msgspec.structs.replace(one.event, **changes)) if isinstance(one.event, kind) else one for one in told]


def test_what_commands_let_through_is_as_declared() -> None:
    office, case, _ = published()
    assert found_in(office, history(office, case)) == []


@pytest.mark.parametrize(("made", "code", "pack"), [
    (lambda told, _: without(told, b.NoticeServed, b.StatementReceived), "notice_was_served", "penalty-procedure-2021"),
    (lambda told, _: otherwise(without(told, b.StatementReceived), b.BreachConfirmed, confirmed_on=day("2026-04-14")), "window_is_used_or_over",
     "office-defaults"),
    (lambda told, _: without(told, b.LegalReviewPassed), "legal_review_is_passed", "penalty-procedure-2021"),
    (lambda told, office: otherwise(told, b.BreachConfirmed, by=office.id_of("county-supervisor")), "not_one_who_recorded_it", "office-defaults"),
    (lambda told, office: otherwise(told, b.SanctionDecided, by=office.id_of("legal")), "not_one_who_reviewed_it", "office-defaults"),
    (lambda told, _: otherwise(told, b.NoticeServed, proposed=b.Proposed(["warning"])), "sanction_is_not_heavier_than_notified", "penalty-procedure-2021"),
], ids=lambda one: one if isinstance(one, str) else "")  # fmt: skip
def test_each_rule_of_procedure_is_found(made: Any, code: str, pack: str) -> None:
    office, case, _ = sanctioned()
    found = [one for one in found_in(office, made(history(office, case), office)) if one.kind == "procedure"]
    mine = next(one for one in found if one.code == code)
    assert mine.basis is not None
    assert (mine.basis.pack, mine.of_authority, len(mine.events)) == (pack, True, 2)
    assert mine.account


def test_a_rule_is_asked_from_the_day_on_that_it_holds() -> None:
    office, case, _ = sanctioned()
    told = without(history(office, case), b.LegalReviewPassed)
    books = [book for _, book in office.book.packs if book.key != "penalty-procedure-2021"]
    before = Book.of(enumerate(books, 1))
    kept = {one.code for one in found_in(office, told) if one.kind == "procedure"}
    assert kept == {"legal_review_is_passed"}
    assert [one for one in _of_procedure(as_corrected(told), knowing(office, before)) if one.code in kept] == [], "no such law, no breach of it"


def test_what_is_done_late_is_answered_by_somebody_else() -> None:
    office, case, _ = served()
    office.at("2026-05-20").ask("county-supervisor", breach.publish_sanction, case)
    late = found_in(office, history(office, case))
    expected = [("late", "publication", day("2026-05-12"), day("2026-05-20"), "supervisor")]
    assert [(one.kind, one.code, one.due_on, one.on, one.owner) for one in late] == expected
    assert late[0].basis is not None
    assert late[0].basis.pack == "double-publicity-2018"
    decided, done = (next(one.position for one in history(office, case) if isinstance(one.event, kind)) for kind in (b.SanctionDecided, b.SanctionPublished))
    assert late[0].events == (decided, done)
    breached = office.loops(case)[f"procedure_breach:publication:{late[0].key}"]
    assert (breached.owed_by, office.due(breached)) == ("decider", day("2026-06-03"))
    answer = {"outcome": "explained", "grounds": "平台故障"}
    himself = Actor(office.id_of("county-supervisor"), "county-supervisor", office.actor("decider").grants)
    with refused("another_person_answers"):
        office.ask(himself, answer_breach, Case, case, breached.key, **answer)
    office.ask("decider", answer_breach, Case, case, breached.key, **answer)
    assert f"procedure_breach:publication:{late[0].key}" not in office.loops(case)
    assert [one.answer for one in found_in(office, history(office, case))] == ["explained"]
    with refused("breach_is_open"):
        office.ask("decider", answer_breach, Case, case, breached.key, **answer)


def test_what_is_left_undone_is_overdue_and_a_case_closed_over_it_is_told() -> None:
    office, case, _ = served()
    told = history(office, case)
    office.at("2026-06-01")
    assert [(one.kind, one.code) for one in found_in(office, told)] == [("overdue", "publication"), ("overdue", "fulfilment")]
    last = told[-1]
    closed = Told(case, last.version + 1, b.CaseClosed(by="x", closed_on=day("2026-06-01"), why="x"), last.position + 1, last.recorded_at)
    assert ("unclosed", "publication") in [(one.kind, one.code) for one in found_in(office, [*told, closed])]
