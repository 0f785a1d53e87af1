"""Stories 1, 2, 8 (first half) and 10: the contract that ends well, the breach that is cured, the late truth, two firms."""

from __future__ import annotations

from datetime import date, timedelta

from domain.breach import commands as breach
from domain.breach.case import Case
from domain.breach.events import Proposed
from domain.contract import commands as contracts
from domain.contract.contract import Contract
from domain.party import commands as parties
from domain.party.party import Party, party_id
from domain.terms import CheckItem, Contractor, Obligation, PaymentTerm
from tests.domain.office import COUNTY, FIRM_A, FIRM_B, SUIXI, A, B, Office, day, refused, topics, yuan

MICRO = Contractor("CN-USCC", "91440800MA4X00000Y", "湛江市试例水利工程有限公司", "small", True)


def pumps(office: Office) -> Contract:
    deliveries = [Obligation(f"D{n}", "contractor", f"第{n}批水泵", date(2026, n + 2, 28)) for n in (1, 2, 3)]
    payments = [PaymentTerm(f"P{n}", yuan(200_000), f"D{n}", 30) for n in (1, 2, 3)]
    signed: Contract = office.at("2026-01-12").ask(
        "county-supervisor", contracts.sign_contract, number="440823-SWJ-CG-2026-00001", name="水泵采购", type="CG",
        region=COUNTY, authority=SUIXI, contractors=[MICRO], value=yuan(600_000), obligations=deliveries, payments=payments,
    )  # fmt: skip
    return signed


def test_story_1_a_clean_contract_leaves_no_loop_open(office: Office) -> None:
    contract = pumps(office).id
    ask = office.ask
    loops = office.loops(contract)
    assert loops["contract_published"].due_on == day("2026-01-14")  # 2 working days
    assert loops["contract_filed"].due_on == day("2026-01-21")  # 7 working days
    assert {name for name in loops if name.startswith("obligation")} == {f"obligation:D{n}" for n in (1, 2, 3)}
    assert loops["obligation:D1"].owed_by == "contractor"
    ask("county-supervisor", contracts.publish_contract, contract, published_on=day("2026-01-12"))
    office.at("2026-01-19").ask("county-supervisor", contracts.file_contract, contract)
    for n, delivered, paid in ((1, "2026-03-20", "2026-04-10"), (2, "2026-04-24", "2026-05-20"), (3, "2026-05-27", "2026-06-25")):
        _, check = office.at(delivered).ask("county-supervisor", contracts.plan_check, contract, day(delivered))
        items = [CheckItem("CK-07", "pass")]
        ask("county-supervisor", contracts.carry_out_check, contract, check, inspectors=["甲", "乙"], items=items)
        ask("county-supervisor", contracts.fulfil_obligation, contract, f"D{n}")
        owed = office.loops(contract)[f"payment:P{n}"]
        assert owed.due_on == _rolled(office, day(delivered) + timedelta(days=30))
        assert owed.owed_by == "authority"
        office.at(paid).ask("county-supervisor", contracts.record_payment, contract, ref=f"P{n}", value=yuan(200_000))
    office.at("2026-06-30").ask("county-supervisor", contracts.complete_contract, contract)
    assert office.loops(contract)["settlement"].due_on == _rolled(office, day("2026-08-29"))
    assert set(office.loops(contract)) == {"settlement"}
    office.at("2026-10-30").ask("county-supervisor", contracts.settle_contract, contract)
    assert office.loops(contract) == {}
    assert office.all_loops(contract) == {}
    assert office.ledger.get(Contract, contract).status == "settled"


def _rolled(office: Office, on: date) -> date:
    while not office.book.calendar(on).is_working(on):
        on += timedelta(days=1)
    return on


def test_story_1_a_contract_cannot_be_settled_with_a_payment_due(office: Office) -> None:
    contract = pumps(office).id
    for n in (1, 2, 3):
        office.at("2026-05-27").ask("county-supervisor", contracts.fulfil_obligation, contract, f"D{n}")
    office.ask("county-supervisor", contracts.complete_contract, contract)
    with refused("what_is_due_is_paid"):
        office.ask("county-supervisor", contracts.settle_contract, contract)
    with refused("what_is_due_is_paid"):
        office.ask("county-supervisor", contracts.settle_contract, contract, value=yuan(600_000))


def test_story_2_cured_without_a_sanction_and_never_public(office: Office) -> None:
    contract = office.at("2026-01-12").contract(type="CG")
    ask = office.at("2026-02-09").ask
    _, check = ask("county-supervisor", contracts.plan_check, contract, office.today)
    assert office.loops(contract)[f"planned_check:{check}"].due_on == day("2026-02-09")
    absent = CheckItem("CK-04", "fail", "项目经理不在岗", ["sha256:aa"])
    ask("county-supervisor", contracts.carry_out_check, contract, check, inspectors=["甲", "乙"], items=[absent])
    case = office.finding(contract, behaviour="PER-01", kind="management", check=check, facts="项目经理不在岗")
    assert office.loops(case).keys() == {"notice"}
    assert office.loops(case)["notice"].owed_by == "supervisor"
    proposed = Proposed(["order_to_correct"])
    ask("county-supervisor", breach.serve_notice, case, proposed=proposed, served_on=day("2026-02-09"))
    window = office.loops(case)["statement_window"]
    assert (window.due_on, window.ends_on) == (day("2026-02-14"), day("2026-02-14"))  # a Saturday that is worked
    assert office.loops(case).keys() == {"statement_window"}
    assert "confirmation" in office.loops(case, on=day("2026-02-15"))
    assert office.loops(case, on=day("2026-02-15"))["confirmation"].owed_by == "decider"

    office.at("2026-02-15").clock(case)
    office.at("2026-02-25").ask("county-supervisor", breach.order_rectification, case, requirements="到岗", due_on=day("2026-03-06"))
    assert office.loops(case)["rectification"].owed_by == "party"
    assert office.loops(case)["rectification"].due_on == day("2026-03-06")
    with refused("no_loop_is_open", "case_was_settled"):
        ask("county-supervisor", breach.close_case, case, reason="已改", open_loops=office.open_loops)
    office.at("2026-03-02").ask("company-a", breach.report_rectification, case, text="已到岗", evidence=["sha256:bb"])
    assert office.loops(case)["rectification"].owed_by == "supervisor"
    assert office.loops(case)["rectification"].next == "rectification/result"
    office.at("2026-03-04").ask("county-supervisor", breach.verify_rectification, case, passed=True)
    assert office.loops(case) == {}
    office.ask("county-supervisor", breach.close_case, case, reason="整改合格，不作惩戒", open_loops=office.open_loops)
    assert office.ledger.get(Case, case).status == "closed"
    assert not [one for one in topics(office.events(case)) if "sanction" in one or "public" in one]


def test_story_8_first_half_late_truth(office: Office) -> None:
    contract = office.at("2026-01-12").contract(payments=[PaymentTerm("P1", yuan(300_000), "M1", 30)])
    office.at("2026-03-02").ask("county-supervisor", contracts.fulfil_obligation, contract, "M1")
    known = office.ledger.head()
    office.at("2026-05-20").ask("county-supervisor", contracts.record_payment, contract, ref="P1", value=yuan(300_000), paid_on=day("2026-03-30"))
    before = office.loops(contract, upto=known, on=day("2026-05-19"))["payment:P1"]
    assert before.due_on == day("2026-04-01")
    assert before.due_on < day("2026-05-19")
    assert "payment:P1" not in office.loops(contract)
    assert office.ledger.position_at(office.now - timedelta(days=1)) == known


def test_story_10_a_consortium_and_a_renamed_firm(office: Office) -> None:
    contract = office.at("2026-01-12").contract(contractors=[FIRM_A, FIRM_B])
    case = office.at("2026-04-08").finding(contract, party=B)
    found = office.ledger.get(Case, case)
    assert (found.party, found.parties, found.contractors) == (B, [B], [A, B])
    with refused("renaming_has_happened"):
        office.ask("county-supervisor", parties.rename_party, "CN-USCC", FIRM_B.id, "新名", day("2026-04-09"))
    office.at("2026-05-06").ask("county-supervisor", parties.rename_party, "CN-USCC", FIRM_B.id, "湛江市新样本公司", day("2026-05-01"))
    firm = office.ledger.get(Party, party_id("CN-USCC", FIRM_B.id))
    assert firm.name == "湛江市新样本公司"
    assert topics(office.events(firm.id)) == ["party.registered/1", "party.renamed/1"]
    later = office.ask(
        "county-supervisor", contracts.sign_contract, number="2", name="二期", type="SG", region=COUNTY, authority=SUIXI,
        contractors=[FIRM_B],
    )  # fmt: skip
    assert later.contractors[0].name == "湛江市新样本公司"


def test_story_10_loops_of_a_consortium(office: Office) -> None:
    """Each obligation is owed by its side; the payment term is a small firm's as soon as one of them is small."""
    contract = office.at("2026-01-12").contract(contractors=[Contractor("CN-USCC", FIRM_B.id, FIRM_B.name, "large"), FIRM_A])
    assert office.ledger.get(Contract, contract).parties == [SUIXI.ref, B, A]
    office.at("2026-03-02").ask("county-supervisor", contracts.fulfil_obligation, contract, "M1")
    assert office.loops(contract)["payment:P1"].basis.rule == "agreed"
    loops = office.loops(contract)
    assert {one.owed_by for name, one in loops.items() if name.startswith("obligation")} == {"contractor"}
