"""Histories held against the loops and the rules of procedure: what is right is passed, what is not is named with clause and owner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from domain.actor import Actor, NotYourRole
from domain.breach import commands as breach
from domain.breach import events as b
from domain.breach.case import Case
from domain.conformance import Deviation, deviations
from domain.conformance.commands import answer_breach
from domain.conformance.finding import knowing_of, record_breaches
from domain.conformance.history import Knowing, of_procedure
from domain.contract import commands as contracts
from domain.contract import events as c
from domain.contract.contract import Contract
from domain.corrections import correct
from domain.events import Event, Told, as_corrected
from domain.policy.book import Book
from domain.repair import commands as repairs
from domain.repair.events import RepairApplied
from domain.repair.repair import Repair
from domain.terms import CheckItem
from tests.domain.office import DIGEST, Office, applied, day, published, refused, sanctioned, served


def found_in(office: Office, told: Iterable[Told], book: Book | None = None, on: date | None = None) -> list[Deviation]:
    return list(deviations(as_corrected(told), on or office.today, knowing(office, book)))


def knowing(office: Office, book: Book | None = None) -> Knowing:
    law = book or office.book
    return knowing_of(office.ledger, lambda _: law, office.today)


def history(office: Office, case: UUID) -> list[Told]:
    return office.ledger.of([case])[case]


def without(told: list[Told], *kinds: type[Event]) -> list[Told]:
    return [one for one in told if not isinstance(one.event, kinds)]


def otherwise(told: list[Told], kind: type[Event], **changes: Any) -> list[Told]:
    return [msgspec.structs.replace(one, event=msgspec.structs.replace(one.event, **changes)) if isinstance(one.event, kind) else one for one in told]


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
def test_each_ruleof_procedure_is_found(made: Any, code: str, pack: str) -> None:
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
    assert [one for one in of_procedure(as_corrected(told), knowing(office, before)) if one.code in kept] == [], "no such law, no breach of it"


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


def test_a_contract_published_and_filed_late_is_answered_too() -> None:
    office = Office()
    contract = office.at("2026-01-12").contract(type="CG")
    office.at("2026-01-14").ask("county-supervisor", contracts.publish_contract, contract)
    assert found_in(office, history(office, contract)) == [], "on its last day it is in time"
    office.at("2026-01-23").ask("county-supervisor", contracts.file_contract, contract)
    (late,) = found_in(office, history(office, contract))
    assert late.basis is not None
    assert (late.kind, late.code, late.due_on, late.on, late.owner, late.basis.pack, late.waiting) == (
        "late", "contract_filed", day("2026-01-21"), day("2026-01-23"), "supervisor", "procurement", True)  # fmt: skip
    breached = office.loops(contract)[f"procedure_breach:{late.loop}"]
    assert (breached.owed_by, breached.title, breached.stage, office.due(breached)) == ("decider", "contract_filed", "signing", day("2026-02-06"))
    answer = {"outcome": "remedied", "grounds": "已补备案"}
    himself = Actor(office.id_of("county-supervisor"), "county-supervisor", office.actor("decider").grants)
    with refused("another_person_answers"):
        office.ask(himself, answer_breach, Contract, contract, late.loop, **answer)
    office.ask("decider", answer_breach, Contract, contract, late.loop, **answer)
    assert not [one for one in office.loops(contract) if one.startswith("procedure_breach")]
    assert [(one.answer, one.waiting) for one in found_in(office, history(office, contract))] == [("remedied", False)]
    filed = next(one for one in history(office, contract) if isinstance(one.event, c.ContractFiled))
    office.ask("county-supervisor", correct, Contract, contract, filed.position, "filed_on", "2026-01-20", reason="日期录错")
    assert found_in(office, history(office, contract)) == [], "said again, it was in time"


def test_a_check_and_a_yearly_review_carried_out_late_are_answered_too() -> None:
    office = Office()
    contract = office.at("2026-01-12").contract(starts_on=day("2026-01-12"), ends_on=day("2028-06-30"))
    _, check = office.ask("county-supervisor", contracts.plan_check, contract, day("2026-02-02"))
    items = [CheckItem("CK-01", "pass")]
    office.at("2026-02-03").ask("county-supervisor", contracts.carry_out_check, contract, check, inspectors=["甲", "乙"], items=items)
    (late,) = found_in(office, history(office, contract))
    assert (late.kind, late.code, late.due_on, late.on, late.owner, late.waiting) == (
        "late", "planned_check", day("2026-02-02"), day("2026-02-03"), "supervisor", True)  # fmt: skip
    breached = office.loops(contract)[f"procedure_breach:{late.loop}"]
    assert (breached.owed_by, breached.stage) == ("decider", "checks")
    office.ask("decider", answer_breach, Contract, contract, late.loop, outcome="explained", grounds="台风停工")
    assert [(one.answer, one.waiting) for one in found_in(office, history(office, contract))] == [("explained", False)]
    due = office.all_loops(contract)["yearly_check:"].due_on
    assert due is not None
    office.at(due + timedelta(days=1)).ask("county-supervisor", contracts.amend_contract, contract, rationale="补充约定")
    assert not [one for one in office.loops(contract) if one.startswith("procedure_breach")], "an amendment is no review"
    _, review = office.ask("county-supervisor", contracts.plan_check, contract, office.today, mode="yearly")
    office.ask("county-supervisor", contracts.carry_out_check, contract, review, inspectors=["甲", "乙"], items=items)
    assert [one for one in office.loops(contract) if one.startswith("procedure_breach")] == ["procedure_breach:yearly_check:"]


def test_what_is_left_undone_is_overdue_and_a_case_closed_over_it_is_told() -> None:
    office, case, _ = served()
    told = history(office, case)
    office.at("2026-06-01")
    assert [(one.kind, one.code) for one in found_in(office, told)] == [("overdue", "publication"), ("overdue", "fulfilment")]
    last = told[-1]
    closed = Told(case, last.version + 1, b.CaseClosed(by="x", closed_on=day("2026-06-01"), why="x"), last.position + 1, last.recorded_at)
    assert ("unclosed", "publication") in [(one.kind, one.code) for one in found_in(office, [*told, closed])]


def reviewed_too_early() -> tuple[Office, UUID]:
    """A decision whose legal review, said again, turns out to have come before the statement of 04-13."""
    office, case, _ = sanctioned()
    review = next(one for one in history(office, case) if isinstance(one.event, b.LegalReviewPassed))
    office.at("2026-05-07").ask("legal", correct, Case, case, review.position, "passed_on", "2026-04-10", reason="日期录错")
    return office, case


def test_a_correction_that_shows_a_rule_not_kept_puts_it_on_a_deciders_desk() -> None:
    office, case = reviewed_too_early()
    breached = next(one for one in office.loops(case).values() if one.kind == "procedure_breach")
    assert (breached.title, breached.owed_by, office.due(breached)) == ("statement_was_heard_first", "decider", day("2026-05-20"))
    found = next(one for one in found_in(office, history(office, case)) if one.kind == "procedure")
    assert (found.loop, found.waiting, found.answer, found.account) == (breached.key, True, None, office.id_of("legal"))
    himself = Actor(office.id_of("legal"), "legal", office.actor("decider").grants)
    with refused("another_person_answers"):
        office.ask(himself, answer_breach, Case, case, breached.key, outcome="explained", grounds="录入有误")
    office.ask("decider", answer_breach, Case, case, breached.key, outcome="remedied", grounds="重新审核")
    assert not [one for one in office.loops(case) if one.startswith("procedure_breach")]
    found = next(one for one in found_in(office, history(office, case)) if one.kind == "procedure")
    assert (found.waiting, found.answer) == (False, "remedied")
    assert office.ask("auditor", record_breaches, Case, case) == 0, "what was answered is not found again"


def test_an_auditor_puts_on_record_what_nobody_owns() -> None:
    office, case, _ = sanctioned()
    review = next(one for one in history(office, case) if isinstance(one.event, b.LegalReviewPassed))
    found = office.ledger.get(Case, case)
    found.happen(msgspec.structs.replace(review.event, passed_on=day("2026-04-10"), corrects=review.version, reason="早年的软件"))
    office.ledger.record(found)
    assert [one.waiting for one in found_in(office, history(office, case)) if one.kind == "procedure"] == [False]
    with pytest.raises(NotYourRole):
        office.ask("decider", record_breaches, Case, case)
    assert office.at("2026-05-07").ask("auditor", record_breaches, Case, case) == 1
    assert [one.waiting for one in found_in(office, history(office, case)) if one.kind == "procedure"] == [True]
    assert office.ask("auditor", record_breaches, Case, case) == 0
    assert "statement_was_heard_first" in [one.title for one in office.loops(case).values()]


def test_a_corrected_decision_shows_what_its_application_did_not_keep() -> None:
    office, _, repair = applied(fulfilment_proof=[DIGEST])
    office.at("2026-07-31").ask("county-supervisor", repairs.accept_repair, repair)
    office.at("2026-08-03").ask("decider", repairs.decide_repair, repair, outcome="approved", document_number="遂水修〔2026〕1号", grounds="已履行")
    assert not [one for one in office.loops(repair).values() if one.kind == "procedure_breach"]
    proof = next(one for one in history(office, repair) if isinstance(one.event, RepairApplied))
    office.at("2026-08-10").ask("county-supervisor", correct, Repair, repair, proof.position, "documents", [], reason="材料不是本案的")
    told = [one.title for one in office.loops(repair).values() if one.kind == "procedure_breach"]
    assert told == ["fulfilment_is_proved"], "the commitment was signed in the application itself"


def test_a_check_by_one_person_is_found_over_history_and_answered() -> None:
    office = Office()
    contract = office.at("2026-01-12").contract()
    signed, check = office.ledger.get(Contract, contract), UUID(int=7)
    said: dict[str, Any] = {"by": office.id_of("county-supervisor"), "via": "import"}
    signed.happen(c.CheckPlanned(check=check, planned_on=day("2026-02-02"), recorded_on=day("2026-02-02"), mode="routine", **said))
    signed.happen(
        c.CheckCarriedOut(check=check, carried_out_on=day("2026-02-02"), inspectors=["张三", "张三"], items=[CheckItem("CK-04", "pass")], note="", **said)
    )
    office.at("2026-02-02").ledger.record(signed)
    (found,) = [one for one in found_in(office, history(office, contract)) if one.kind == "procedure"]
    assert found.basis is not None
    assert (found.code, found.owner, found.basis.rule, found.basis.status, found.values) == (
        "two_people_inspect", "supervisor", "inspectors", "unconfirmed", {"least": 2})  # fmt: skip
    assert office.at("2026-02-03").ask("auditor", record_breaches, Contract, contract) == 1
    office.ask("decider", answer_breach, Contract, contract, found.loop, outcome="remedied", grounds="两人重新检查")
    assert [one.answer for one in found_in(office, history(office, contract)) if one.kind == "procedure"] == ["remedied"]
    with refused("two_people_inspect"):
        again = office.ask("county-supervisor", contracts.plan_check, contract, planned_on=day("2026-02-03"))
        office.ask("county-supervisor", contracts.carry_out_check, contract, again[1], inspectors=["张三"], items=[CheckItem("CK-04", "pass")])
