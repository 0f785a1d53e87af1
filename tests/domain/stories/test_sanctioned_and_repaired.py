"""Stories 3, 4 and 9: the sanction, its repair, the application that came too early, deadlines over holidays."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from domain.breach import commands as breach
from domain.breach.case import Case
from domain.events import Event
from domain.repair import commands as repairs
from domain.repair.events import Document, Missing, RepairRejected
from domain.repair.repair import Repair
from tests.domain.office import DIGEST, LARGER, Office, day, refused

RECIPIENTS = ["credit-china", "water-market-platform", "procurement-platform"]


def walk_to_publication(office: Office) -> tuple[UUID, UUID]:
    ask = office.ask
    contract = office.at("2026-01-12").contract()
    case = office.at("2026-04-08").finding(contract, occurred_on=day("2026-04-02"))
    assert office.loops(case)["notice"].due_on == day("2026-04-15")
    office.at("2026-04-09").ask("county-supervisor", breach.serve_notice, case, proposed=LARGER)
    loops = office.loops(case)
    assert loops["statement_window"].ends_on == loops["hearing_window"].ends_on == day("2026-04-16")
    office.at("2026-04-13").ask("company-a", breach.receive_statement, case, text="已经返工")
    assert office.loops(case)["legal_review"].owed_by == "legal"
    assert office.loops(case)["legal_review"].due_on == day("2026-04-20")
    assert office.loops(case)["confirmation"].due_on == day("2026-07-07")  # 90 calendar days from the opening
    office.at("2026-04-20").ask("legal", breach.pass_legal_review, case, opinion="同意")
    office.at("2026-04-24").ask("decider", breach.confirm_breach, case, grounds="检测报告")
    assert office.loops(case).keys() == {"sanction"}
    office.clock(case)
    _, sanction = office.at("2026-04-29").ask(
        "decider", breach.decide_sanction, case, decision_types=["fine_larger"], fine=LARGER.fine, measures=["M-03"],
        document_number="遂水罚〔2026〕6号", grounds="建设工程质量管理条例",
    )  # fmt: skip
    one = office.ledger.get(Case, case).sanctions[sanction]
    assert (one.repairable_from, one.last_day) == (day("2026-07-29"), day("2027-04-29"))
    loops = office.loops(case)
    assert {name.partition(":")[0] for name in loops} == {"service", "repair_notice", "publication"}
    assert {one.due_on for one in loops.values()} == {day("2026-05-12")}
    with refused("sanction_waits_for_publication"):
        ask("county-supervisor", breach.publish_sanction, case)
    office.at("2026-05-12").ask("county-supervisor", breach.serve_sanction, case)
    ask("county-supervisor", breach.publish_sanction, case)
    loops = office.loops(case)
    assert {name.partition(":")[0] for name in loops} == {"publicity", "fulfilment", "measure"}
    assert loops[f"publicity:{sanction}"].ends_on == day("2027-04-29")
    assert f"publicity:{sanction}" in office.loops(case, on=day("2027-04-29"))
    assert f"publicity:{sanction}" not in office.loops(case, on=day("2027-04-30"))
    assert loops[f"fulfilment:{sanction}"].due_on == day("2026-05-27")
    office.at("2026-05-15").ask("county-supervisor", breach.fulfil_sanction, case, evidence=[DIGEST])
    return case, sanction


def test_story_3_sanctioned_and_repaired(office: Office) -> None:
    case, sanction = walk_to_publication(office)
    repair = office.at("2026-07-29").ask(
        "company-a", repairs.apply_for_repair, sanction=sanction, fulfilment_proof=[DIGEST], commitment="不再发生",
        commitment_signed_on=office.today, contact_name="张三", contact_phone="13800000000",
    ).id  # fmt: skip
    assert office.loops(repair)["repair_acceptance"].due_on == day("2026-08-03")
    with refused("no_application_is_open"):
        office.ask("company-a", repairs.apply_for_repair, sanction=sanction, fulfilment_proof=[DIGEST], commitment="再来")
    office.at("2026-07-30").ask("county-supervisor", repairs.request_supplement, repair, items=[Missing("fulfilment_proof", "缴款书不清楚")])
    assert office.loops(repair).keys() == {"repair_supplement"}
    assert office.loops(repair)["repair_supplement"].owed_by == "applicant"
    office.at("2026-08-03").ask("company-a", repairs.provide_supplement, repair, documents=[Document("fulfilment_proof", DIGEST)])
    acceptance = office.loops(repair)["repair_acceptance"]
    assert office.due(acceptance) == acceptance.due_on == day("2026-08-05")  # not 08-03
    office.at("2026-08-05").ask("county-supervisor", repairs.accept_repair, repair)
    decision = office.loops(repair)["repair_decision"]
    assert office.due(decision) == decision.due_on == day("2026-08-14")  # not 08-12
    office.at("2026-08-12").ask("decider2", repairs.decide_repair, repair, outcome="approved")
    assert not office.ledger.get(Case, case).sanctions[sanction].public
    assert office.loops(case) == {}
    assert set(office.loops(repair)) == {f"repair_synchronisation:{one}" for one in RECIPIENTS}
    for n, recipient in enumerate(RECIPIENTS):
        with refused("no_loop_is_open"):
            office.ask("county-supervisor", breach.close_case, case, reason="已修复", open_loops=office.open_loops)
        office.at(date(2026, 8, 13 + n)).ask("county-supervisor", repairs.acknowledge_repair, repair, recipient=recipient)
    assert office.ledger.get(Repair, repair).status == "synchronised"
    assert office.loops(repair) == {}
    office.ask("county-supervisor", breach.close_case, case, reason="已修复", open_loops=office.open_loops)
    assert office.ledger.get(Case, case).status == "closed"


def test_story_3_the_receipt_names_the_days_that_are_not_counted(office: Office) -> None:
    from domain.loops import receipt_of

    _, sanction = walk_to_publication(office)
    repair = office.at("2026-07-29").ask("company-a", repairs.apply_for_repair, sanction=sanction, fulfilment_proof=[DIGEST], commitment="不再发生").id
    office.at("2026-07-30").ask("county-supervisor", repairs.request_supplement, repair, items=[Missing("fulfilment_proof", "?")])
    office.at("2026-08-03").ask("company-a", repairs.provide_supplement, repair, documents=[Document("fulfilment_proof", DIGEST)])
    receipt, _ = receipt_of(office.loops(repair)["repair_acceptance"], office.book)
    assert receipt is not None
    assert [one.on for one in receipt.days if one.why == "clock_stopped"] == [day("2026-07-31"), day("2026-08-03")]
    assert {str(one.event).partition("@")[0] for one in receipt.days if one.why == "clock_stopped"} == {"repair.supplement_requested"}


def test_a_second_time_to_supplement_runs_out_as_the_first_did(office: Office) -> None:
    _, sanction = walk_to_publication(office)
    repair = office.at("2026-07-29").ask("company-a", repairs.apply_for_repair, sanction=sanction, fulfilment_proof=[DIGEST], commitment="不再发生").id
    for asked, over in (("2026-07-30", "2026-09-01"), ("2026-09-02", "2026-11-02")):
        office.at(asked).ask("county-supervisor", repairs.request_supplement, repair, items=[Missing("fulfilment_proof", "?")])
        assert "repair_supplement" in office.loops(repair)
        office.at(over).clock(repair)
        assert "repair_supplement" not in office.loops(repair)
        assert "repair_acceptance" in office.loops(repair)
        assert office.ledger.get(Repair, repair).status == "applied"


def test_story_3_publicity_that_nobody_repairs_ends_by_the_clock(office: Office) -> None:
    case, sanction = walk_to_publication(office)
    office.at("2027-04-30").clock(case)
    assert office.ledger.get(Case, case).sanctions[sanction].ended == "expired"
    measure = office.loops(case)[f"measure:{sanction}/M-03"]
    assert measure.due_on == day("2027-04-30")  # to be lifted within a working day
    with refused("no_loop_is_open"):
        office.ask("county-supervisor", breach.close_case, case, reason="期满", open_loops=office.open_loops)
    office.ask("county-supervisor", breach.lift_measure, case, "M-03", reason="期满")
    office.ask("county-supervisor", breach.close_case, case, reason="期满", open_loops=office.open_loops)


def test_story_4_too_early_is_recorded_when_insisted_and_rejected_with_reason(office: Office) -> None:
    _, sanction = walk_to_publication(office)
    papers = {"sanction": sanction, "fulfilment_proof": [DIGEST], "commitment": "不再发生"}
    with refused("repair_minimum_period_not_reached") as it:
        office.at("2026-07-24").ask("company-a", repairs.apply_for_repair, **papers)
    assert it.broken[0].earliest == day("2026-07-29")
    assert it.broken[0].basis.rule == "earliest"
    repair = office.ask("company-a", repairs.apply_for_repair, **papers, insist=True).id
    with refused("application_was_not_too_early"):
        office.ask("county-supervisor", repairs.accept_repair, repair)
    office.at("2026-07-27").ask("county-supervisor", repairs.reject_repair, repair, reason="最短公示期未满")
    rejected = _last(office, repair, RepairRejected)
    assert (rejected.codes, rejected.earliest) == (["repair_minimum_period_not_reached"], day("2026-07-29"))
    assert office.loops(repair) == {}
    _, objection = office.at("2026-07-28").ask("company-a", repairs.object_to_repair, repair, grounds="日期算错")
    assert office.loops(repair)[f"repair_objection:{objection}"].due_on == day("2026-08-04")
    office.at("2026-08-03").ask("decider", repairs.decide_repair_objection, repair, objection, outcome="rejected", grounds="没有算错")
    assert office.loops(repair) == {}
    office.ask("company-a", repairs.apply_for_repair, **papers)


def _last(office: Office, stream: UUID, kind: type[Event]) -> RepairRejected:
    found = [one for one in office.events(stream) if isinstance(one, kind)][-1]
    assert isinstance(found, RepairRejected)
    return found


@pytest.mark.parametrize(
    ("start", "end", "provisional"),
    [("2026-09-24", "2026-10-12", False), ("2026-02-09", "2026-02-25", False), ("2026-12-29", "2027-01-08", True)],
)
def test_story_9_seven_working_days_over_holidays(start: str, end: str, provisional: bool) -> None:
    receipt, basis = Office().book.deadline("publicity.publish", day(start))
    assert (receipt.on, receipt.provisional) == (day(end), provisional)
    assert basis.rule == "publish"
    assert sum(one.counts for one in receipt.days) == 7
