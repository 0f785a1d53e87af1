"""Story 6 (first part): the authority is late, and is judged from above."""

from __future__ import annotations

from uuid import UUID

import pytest

from domain.actor import NotYourRole
from domain.breach import commands as breach
from domain.breach.case import Case
from domain.breach.events import Proposed
from domain.contract import commands as contracts
from domain.refusals import NotThere
from domain.terms import Obligation, PaymentTerm
from tests.domain.office import SUIXI, A, Office, day, refused, topics, yuan


def late(office: Office) -> tuple[UUID, UUID]:
    contract = office.at("2026-01-12").contract(
        obligations=[Obligation("M1", "contractor", "竣工验收")], payments=[PaymentTerm("P1", yuan("1000000.00"), "M1")]
    )
    office.at("2026-04-20").ask("county-supervisor", contracts.fulfil_obligation, contract, "M1")
    owed = office.loops(contract)["payment:P1"]
    assert owed.due_on == office.due(owed) == day("2026-05-20")
    assert owed.basis is not None
    assert owed.basis.rule == "default_days"
    case = office.at("2026-05-21").finding(contract, who="company-a", behaviour="GOV-01", kind="management", party=SUIXI.ref, facts="逾期未付")
    return contract, case


def test_story_6_the_authority_is_judged_from_above(office: Office) -> None:
    _, case = late(office)
    found = office.ledger.get(Case, case)
    assert (found.side, found.parties) == ("authority", [SUIXI.ref, A])
    assert (found.keeper, found.keepers) == ("", set()), "not the company that recorded it, and nobody yet"
    assert office.loops(case)["notice"].account is None
    ask = office.ask
    ask("county-supervisor", breach.serve_notice, case, proposed=Proposed(["government_breach"]))
    office.at("2026-05-25").ask("county-supervisor", breach.receive_statement, case, text="财政资金未到")
    with refused("authority_is_judged_from_above"):
        ask("county-decider", breach.confirm_breach, case, grounds="逾期")
    with refused("authority_is_judged_from_above"):
        ask("county-decider", breach.dismiss_case, case, grounds="逾期")
    office.at("2026-05-26").ask("decider", breach.confirm_breach, case, grounds="逾期未付")
    ask("county-supervisor", breach.order_rectification, case, requirements="付清", due_on=day("2026-06-10"))
    with pytest.raises(NotThere):
        ask("company-b", breach.report_rectification, case, text="已付")
    with refused("authority_is_judged_from_above"):
        ask("county-decider", breach.decide_sanction, case, decision_types=["government_breach"], document_number="遂水函〔2026〕1号", grounds="")
    _, sanction = ask("decider", breach.decide_sanction, case, decision_types=["government_breach"], document_number="湛水函〔2026〕1号", grounds="逾期")
    one = office.ledger.get(Case, case).sanctions[sanction]
    assert (one.points, one.to_be_published, one.repairable_from, one.last_day) == (0, False, None, None)
    ask("county-supervisor", breach.serve_sanction, case)
    with refused("kind_is_published"):
        ask("county-supervisor", breach.publish_sanction, case)
    ask("county-supervisor", breach.fulfil_sanction, case)
    office.at("2026-06-08").ask("county-supervisor", breach.report_rectification, case, text="已付")
    ask("county-supervisor", breach.verify_rectification, case, passed=True)
    ask("decider", breach.hand_over, case, to="city-supervisor", reason="由上级办理")
    assert office.ledger.get(Case, case).keeper == office.id_of("city-supervisor")
    ask("county-supervisor", breach.close_case, case, reason="已付清", open_loops=office.open_loops)
    assert not [one for one in topics(office.events(case)) if "publi" in one]


def test_where_nobody_is_above_it_is_referred(office: Office) -> None:
    _, case = late(office)
    ask = office.ask
    with pytest.raises(NotYourRole):
        ask("company-a", breach.refer_finding, case, to="省水利厅")
    ask("county-supervisor", breach.refer_finding, case, to="省水利厅")
    referral = office.loops(case)["referral"]
    assert (referral.owed_by, referral.due_on) == ("superior", day("2026-06-22"))  # 30 days, rolled over a Saturday
    assert office.loops(case).keys() == {"referral"}
    with refused("case_was_settled", "no_loop_is_open"):
        ask("county-supervisor", breach.close_case, case, reason="移送", open_loops=office.open_loops)
    office.at("2026-06-05").ask("county-supervisor", breach.answer_referral, case, outcome="returned", text="由市级处理")
    assert office.loops(case).keys() == {"notice"}
    ask("county-supervisor", breach.refer_finding, case, to="市水务局")
    ask("county-supervisor", breach.answer_referral, case, outcome="confirmed", text="责令支付")
    assert office.loops(case) == {}
    ask("county-supervisor", breach.close_case, case, reason="上级已处理", open_loops=office.open_loops)


def test_a_contractor_records_only_of_its_authority(office: Office) -> None:
    contract = office.at("2026-01-12").contract()
    with pytest.raises(NotYourRole):
        office.finding(contract, who="company-a", behaviour="QLT-01", party=A)
    with refused("behaviour_is_of_that_side"):
        office.finding(contract, behaviour="QLT-01", party=SUIXI.ref)
    with refused("behaviour_is_of_that_side"):
        office.finding(contract, behaviour="GOV-01", kind="management", party=A)


def test_a_finding_that_fell_above_is_over_and_while_it_is_there_nobody_here_confirms_it(office: Office) -> None:
    _, case = late(office)
    ask = office.ask
    ask("county-supervisor", breach.refer_finding, case, to="省水利厅")
    ask("county-supervisor", breach.serve_notice, case, proposed=Proposed(["order_to_correct"]))
    ask("county-supervisor", breach.order_rectification, case, requirements="付清")
    assert sorted(office.all_loops(case)) == ["rectification:", "referral:", "statement_window:"]
    ask("county-supervisor", breach.answer_referral, case, outcome="returned", text="由市级处理")
    assert sorted(office.all_loops(case)) == ["confirmation:", "rectification:", "statement_window:"]
    ask("county-supervisor", breach.refer_finding, case, to="省水利厅")
    ask("county-supervisor", breach.answer_referral, case, outcome="dismissed", text="已付清")
    assert office.all_loops(case) == {}
    ask("county-supervisor", breach.close_case, case, reason="不予认定", open_loops=office.open_loops)
