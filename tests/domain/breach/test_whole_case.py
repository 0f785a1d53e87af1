"""The whole case: what hearing, excuses, recusal, limitation, several deciding together, demand and court bring about."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from domain.breach import commands as breach
from domain.breach import rules
from domain.breach.case import Case
from domain.breach.events import Proposed
from domain.contract import commands as contracts
from domain.policy.tables import DecisionName
from domain.rules import holding
from tests.domain.office import LARGER, Office, confirmed, day, decide, noticed, opened, published, refused, served, topics, yuan

HUGE = Proposed(["fine_huge"], yuan(40_000))
HUGELY = {"decision_types": ["fine_huge"], "fine": yuan(40_000), "document_number": "遂水罚〔2026〕8号", "grounds": "证据"}


def case_of(office: Office, case: UUID) -> Case:
    found: Case = office.ledger.get(Case, case)
    return found


def test_the_legal_review_waits_for_the_hearing_that_was_asked_for() -> None:
    office, case = noticed()
    office.at("2026-04-10").ask("company-a", breach.receive_statement, case, text="已返工")
    assert "legal_review" in office.loops(case)
    office.at("2026-04-13").ask("company-a", breach.request_hearing, case)
    assert "legal_review" not in office.loops(case), "nobody can review what has not been heard"
    office.ask("county-supervisor", breach.notify_hearing, case, chair="chair", to_be_held_on=day("2026-04-22"))
    office.at("2026-04-22").ask("chair", breach.hold_hearing, case, record="笔录")
    assert office.due(office.loops(case)["legal_review"]) == day("2026-04-29")


def test_whoever_handled_a_case_does_not_chair_its_hearing() -> None:
    office, case = noticed()
    office.ask("county-supervisor", breach.hand_over, case, to="everything")
    office.ask("everything", breach.hand_over, case, to="city-supervisor")
    office.at("2026-04-10").ask("company-a", breach.request_hearing, case)
    with refused("notified_chair_did_not_investigate"):
        office.ask("city-supervisor", breach.notify_hearing, case, chair="everything", to_be_held_on=day("2026-04-30"))
    office.ask("city-supervisor", breach.notify_hearing, case, chair="chair", to_be_held_on=day("2026-04-30"))


def test_a_case_whose_keeper_is_recused_is_on_everybodys_desk_until_it_is_handed_over() -> None:
    office, case = opened()
    office.ask("decider", breach.decide_recusal, case, account="county-supervisor", recused=True, reason="亲属")
    with refused("not_recused"):
        office.ask("county-supervisor", breach.serve_notice, case, proposed=LARGER)
    office.ask("city-supervisor", breach.hand_over, case, to="everything", reason="回避")
    office.ask("everything", breach.serve_notice, case, proposed=LARGER)
    assert case_of(office, case).keeper == office.id_of("everything")
    office.ask("decider2", breach.decide_recusal, case, account="county-supervisor", recused=False, reason="查无此事")
    office.ask("everything", breach.hand_over, case, to="county-supervisor")


def test_an_excuse_that_holds_good_means_dismissal_and_one_that_does_not_is_weighed() -> None:
    office, case = noticed()
    contract = case_of(office, case).contract
    assert contract is not None
    office.at("2026-04-10").ask("company-a", contracts.raise_excuse, contract, kind="force_majeure", text="台风", ref="M1")
    office.at("2026-04-20")
    with refused("excuses_raised_are_weighed"):
        office.ask("decider", breach.confirm_breach, case, grounds="证据", excuses=["owner_fault"])
    office.ask("decider", breach.confirm_breach, case, grounds="台风以前就不合格", excuses=["force_majeure"])
    assert office.events(case)[-1].excuses == ["force_majeure"]  # type: ignore[attr-defined]
    office, case = noticed()
    office.at("2026-04-20").ask("decider", breach.dismiss_case, case, grounds="图纸有误", excuses=["owner_fault"])
    assert (case_of(office, case).status, office.loops(case)) == ("dismissed", {})


@pytest.mark.parametrize(("more", "barred"), [
    ({}, True),
    ({"ended_on": "2024-04-08"}, False),  # it went on until then: the limitation runs from its end
    ({"ended_on": "2024-04-07"}, True),
    ({"harm": True}, False),  # five years where people, health or finance were harmed
])  # fmt: skip
def test_the_limitation_runs_from_the_end_and_is_longer_where_harm_was_done(more: dict[str, Any], barred: bool) -> None:
    office = Office()
    contract = office.at("2026-01-12").contract(signed_on=day("2022-01-12"), obligations=[], payments=[])
    case = office.at("2026-04-08").finding(contract, occurred_on=day("2022-04-01"))
    office.at("2026-04-09").ask("county-supervisor", breach.serve_notice, case, proposed=LARGER)
    office.at("2026-04-20").ask("legal", breach.pass_legal_review, case)
    ended = {"ended_on": day(more["ended_on"])} if "ended_on" in more else {}
    office.ask("decider", breach.confirm_breach, case, grounds="证据", **{**more, **ended})
    decide = {"decision_types": ["fine_larger"], "fine": yuan(30_000), "document_number": "遂水罚〔2026〕9号", "grounds": "证据"}
    if barred:
        with refused("limitation_has_not_run"):
            office.ask("decider", breach.decide_sanction, case, **decide)
    else:
        office.ask("decider", breach.decide_sanction, case, **decide)


def test_what_is_major_is_decided_by_several_and_that_is_on_a_desk() -> None:
    office, case = confirmed(proposed=HUGE)
    assert office.due(office.loops(case)["collective_decision"]) == day("2026-05-12"), "10 working days"
    with refused("collective_decision_is_made"):
        office.at("2026-04-29").ask("decider", breach.decide_sanction, case, **HUGELY)
    office.ask("decider", breach.decide_together, case, members=["decider", "decider2"], record="一致同意")
    assert "collective_decision" not in office.loops(case)
    assert not holding(rules.MAY["collective-decision"], case_of(office, case))
    office.ask("decider", breach.decide_sanction, case, **HUGELY)
    office, case = confirmed()
    assert "collective_decision" not in office.loops(case), "not for what is ordinary"


def test_nothing_of_class_ordinary_needs_several() -> None:
    book, on = Office().book, day("2026-05-01")
    for one in book.rows(DecisionName, on):
        if book.decision_type(one.code, on).collective:
            assert book.decision_type(one.code, on).national_class == "serious", one.code


def test_what_is_not_fulfilled_is_demanded_and_then_taken_to_the_court() -> None:
    office, case, sanction = served()  # on 2026-05-06: the fine is to be paid by 05-21
    key = f"enforcement:{sanction}"
    assert key not in office.at("2026-05-21").loops(case)
    assert office.due(office.at("2026-05-22").loops(case)[key]) == day("2026-06-04")
    office.at("2026-05-25").ask("county-supervisor", breach.demand_enforcement, case)
    assert key not in office.loops(case)
    court = f"court:{sanction}"
    assert court not in office.at("2026-11-06").loops(case), "a suit may be brought until then"
    one = office.at("2026-11-07").loops(case)[court]
    assert (office.due(one), one.next, one.basis and one.basis.status) == (day("2027-02-08"), "court-enforcement", "confirmed")
    office.ask("legal", breach.open_review, case, path="reconsideration", opened_on=day("2026-11-05"))
    assert court not in office.loops(case), "not while a review is pending"
    review = next(iter(case_of(office, case).reviews))
    office.at("2026-12-30").ask("legal", breach.end_review, case, review, outcome="upheld")
    assert court not in office.at("2027-01-14").loops(case)
    assert court in office.at("2027-01-15").loops(case), "15 days for a suit after the review"
    office.ask("county-supervisor", breach.ask_court, case, court="遂溪县人民法院", reference="（2027）粤0823执1号")
    assert court not in office.loops(case)
    assert f"fulfilment:{sanction}" in office.loops(case), "the party still owes it"
    office.ask("county-supervisor", breach.fulfil_sanction, case)
    assert not {name for name in office.all_loops(case) if name.startswith(("court", "enforcement", "fulfilment"))}


def test_what_is_fulfilled_is_neither_demanded_nor_taken_to_the_court() -> None:
    office, case, _ = served()
    office.at("2026-05-20").ask("county-supervisor", breach.fulfil_sanction, case)
    assert not {name for name in office.all_loops(case) if name.startswith(("court", "enforcement"))}


def test_a_finding_that_falls_takes_with_it_what_was_decided_meanwhile() -> None:
    """An objection to the confirmation is answered after the sanction was decided, served and made public."""
    office, case = confirmed()
    office.ask("company-a", breach.file_objection, case, grounds="不是我们的标段")
    objection = next(iter(case_of(office, case).objections))
    _, suit = office.ask("legal2", breach.open_review, case, path="suit", opened_on=day("2026-04-24"))
    sanction = decide(office, case)
    office.at("2026-05-06").ask("county-supervisor", breach.serve_sanction, case)
    office.at("2026-05-07").ask("county-supervisor", breach.publish_sanction, case)
    with refused("another_decider"):
        office.ask("decider", breach.decide_objection, case, objection, outcome="upheld", grounds="查明属实")
    office.ask("decider2", breach.decide_objection, case, objection, outcome="upheld", grounds="查明属实")
    assert topics(office.events(case))[-4:] == ["case.objection_decided/1", "case.sanction_revoked/1", "case.measure_lifted/1", "case.dismissed/2"]
    left = [name for name in office.all_loops(case) if not name.startswith("procedure_breach:")]  # some of this came late
    assert sorted(left) == [f"publicity:{sanction}", f"review:{suit}", f"withdrawal:{sanction}"], "it is still public, and the court is still asked"
    office.ask("county-supervisor", breach.withdraw_publicity, case, withdrawn_on=office.today)
    office.ask("legal2", breach.end_review, case, suit, outcome="withdrawn", ended_on=office.today)
    assert (case_of(office, case).status, office.open_loops(case, office.today)) == ("dismissed", [])
    office.ask("county-supervisor", breach.close_case, case, reason="不予认定", open_loops=office.open_loops)


def test_each_of_two_decisions_is_taken_down_for_itself() -> None:
    """The first is revoked while public; a second one, decided before the first was taken down, is revoked or made public in its turn."""
    office, case, first = published()
    office.ask("decider", breach.revoke_sanction, case, grounds="计算有误")
    second = redecided(office, case)
    office.ask("decider", breach.revoke_sanction, case, grounds="仍有误")
    assert [name for name in office.all_loops(case) if name.startswith("withdrawal")] == [f"withdrawal:{first}"], "the second was never public"
    third = redecided(office, case)
    office.ask("county-supervisor", breach.serve_sanction, case)
    office.ask("county-supervisor", breach.publish_sanction, case)
    office.ask("county-supervisor", breach.withdraw_publicity, case, sanction=first)
    office.ask("decider", breach.revoke_sanction, case, grounds="还是有误")
    assert [name for name in office.all_loops(case) if name.startswith("withdrawal")] == [f"withdrawal:{third}"], "that the first is down says nothing of it"
    assert second != third


def redecided(office: Office, case: UUID) -> UUID:
    """Decided again, as it was notified, today."""
    _, sanction = office.ask(
        "decider", breach.decide_sanction, case, decision_types=LARGER.decision_types, fine=LARGER.fine, measures=LARGER.measures,
        document_number=f"遂水罚〔2026〕{office.ledger.head()}号", grounds="证据",
    )  # fmt: skip
    decided: UUID = sanction
    return decided
