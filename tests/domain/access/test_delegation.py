"""Delegation: a colleague does for a while what the giver may; what they do counts as the giver's own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from domain.access import commands as access
from domain.access.acting import acting, counts_as
from domain.actor import NotYourRole
from domain.breach import commands as breach
from domain.ledger import NotThere
from tests.domain.office import LARGER, Office, day, opened, refused

ENDS = day("2026-12-31")


def lent(giver: str, ends_on: date = ENDS) -> tuple[Office, UUID]:
    """An office with a case that county-supervisor recorded, in which "deputy" acts for somebody."""
    office, case = opened()
    office.ask(giver, access.grant_delegation, "deputy", ends_on=ends_on, why="休假")
    return office, case


def test_a_delegate_may_do_what_the_giver_may_while_it_lasts() -> None:
    office, case = lent("decider", ends_on=day("2026-04-10"))
    office.ask("deputy", breach.dismiss_case, case, grounds="证据不足")
    assert office.events(case)[-1].by == office.id_of("deputy"), "the log says who did it"
    office, case = lent("decider", ends_on=day("2026-04-10"))
    with pytest.raises(NotThere):
        office.at("2026-04-11").ask("deputy", breach.dismiss_case, case, grounds="证据不足")


def test_what_a_delegate_does_counts_as_the_givers_own() -> None:
    office, case = lent("everything")  # who recorded nothing here
    second = office.finding(office.contract(), who="deputy")
    with refused("not_one_who_recorded_it"):
        office.ask("everything", breach.dismiss_case, second, grounds="x")
    with refused("not_one_who_recorded_it"):
        office.ask("deputy", breach.dismiss_case, second, grounds="x")
    office.ask("everything", access.end_delegation, "deputy")
    with refused("not_one_who_recorded_it"):
        office.ask("everything", breach.dismiss_case, second, grounds="x")
    office.ask("decider", breach.dismiss_case, second, grounds="x")
    office.ask("everything", breach.dismiss_case, case, grounds="x")


def test_two_delegates_of_one_person_are_one_person() -> None:
    office, case = lent("everything")
    office.ask("everything", access.grant_delegation, "legal2", ends_on=ENDS)
    second = office.finding(office.contract(), who="deputy")
    with refused("not_one_who_recorded_it"):
        office.ask("legal2", breach.dismiss_case, second, grounds="x")
    assert case


def test_a_delegate_of_a_recused_person_is_recused() -> None:
    office, case = lent("county-supervisor")
    office.ask("decider", breach.decide_recusal, case, account="county-supervisor", recused=True, reason="亲属")
    with refused("not_recused"):
        office.ask("deputy", breach.serve_notice, case, proposed=LARGER)


def test_an_ended_delegation_lets_nothing_more_be_done_and_is_remembered() -> None:
    office, case = lent("decider")
    office.ask("deputy", access.end_delegation, "deputy", giver=office.id_of("decider"))
    with pytest.raises(NotThere):
        office.ask("deputy", breach.dismiss_case, case, grounds="x")
    deputy, decider = office.id_of("deputy"), office.id_of("decider")
    assert counts_as(office.ledger, deputy, day("2026-04-08")) == {deputy, decider}
    assert counts_as(office.ledger, deputy, day("2026-04-09")) == {deputy}


def test_what_was_lent_is_not_lent_on_and_a_disabled_giver_lends_nothing() -> None:
    office, _ = lent("decider")
    with refused("giver_has_something_to_delegate"):
        office.ask("deputy", access.grant_delegation, "auditor", ends_on=ENDS)
    office.ask("administrator", access.disable_account, "decider")
    found = acting(office.ledger, UUID(office.id_of("deputy")), office.today)
    assert found is not None
    assert found.grants == ()


def test_others_do_not_end_it_but_an_administrator_does() -> None:
    office, _ = lent("decider")
    with pytest.raises(NotYourRole):
        office.ask("decider2", access.end_delegation, "deputy", giver=office.id_of("decider"))
    office.ask("administrator", access.end_delegation, "deputy", giver=office.id_of("decider"))
