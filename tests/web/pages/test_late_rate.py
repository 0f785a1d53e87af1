"""The agreed rate of late payment: asked for at signing and amendment, refused below its floor, reckoned, shown, in the authority's record."""

from __future__ import annotations

from tests.web.office import SUIXI, World, contract_body, yuan
from tests.web.pages.reading import read, words

COUNTY = "county-supervisor"


def test_an_agreed_rate_is_taken_reckoned_and_shown(world: World) -> None:
    keeper = world.ask(COUNTY)
    terms = [{"ref": "P1", "after": "M1", "value": yuan("1000000.00"), "term_days": None}]
    low = contract_body(payments=terms, late_rate={"percent": "2.99", "per": "year", "lpr": "3.00"})
    refused = keeper.post("/contracts", low, status=422).json()
    assert "第十七条" in str(refused)
    assert "/late_rate/percent" in str(refused)
    contract = keeper.post("/contracts", contract_body(payments=terms, late_rate={"percent": "7.3", "per": "year", "lpr": "3.00"})).json()
    assert (contract["late_rate"]["percent"], contract["late_rate"]["per"], contract["late_rate"]["lpr"]) == ("7.3", "year", "3.00")
    world.at("2026-04-20")
    contract = world.contract(COUNTY, contract, "/obligations/M1/fulfilment", {"evidence": []})
    world.at("2026-05-31")
    told = keeper.get(f"/contracts/{contract['id']}/interest/P1")["interest"]
    assert (told["amount"], told["days"][0]["interest"], told["basis"]["pack"], told["agreed"]["per"]) == ("2200.00", "200.00", "contract", "year")
    own = world.ask("auditor").get(f"/parties/CN-USCC:{SUIXI}/authority-record")
    assert own["payments"][0]["interest"]["amount"] == "2200.00"
    page = f"/contracts/{contract['id']}/interest/P1"
    assert "每年 7.3%，按日折算" in words(read(world, COUNTY, page))
    assert "7.3% a year, shared out by the day" in words(read(world, COUNTY, page, "en"))
    assert "约定的逾期利率 按年 7.3%" in words(read(world, COUNTY, f"/contracts/{contract['id']}"))
    why = keeper.get(f"/contracts/{contract['id']}", why="payments/P1/interest")
    assert "contract.late_rate_agreed" in str(why), why
    contract = keeper.get(f"/contracts/{contract['id']}")
    other = {"rationale": "补充协议", "late_rate": {"percent": "0.03", "per": "day", "lpr": "2.00"}}
    assert "its_floor_is_as_it_was" in str(keeper.post(f"/contracts/{contract['id']}/amendments", other, seen=contract["version"], status=422).json())


def test_an_amendment_agrees_a_rate_for_what_falls_due_later(world: World) -> None:
    keeper = world.ask(COUNTY)
    contract = keeper.post("/contracts", contract_body()).json()
    assert contract["late_rate"] is None
    rate = {"percent": "0.03", "per": "day", "lpr": "3.00"}
    contract = world.contract(COUNTY, contract, "/amendments", {"rationale": "补充协议", "late_rate": rate})
    assert contract["late_rate"]["percent"] == "0.03"
    assert "按日 0.03%" in words(read(world, COUNTY, f"/contracts/{contract['id']}"))
    assert "新约定的逾期利率" in read(world, COUNTY, f"/contracts/{contract['id']}/amendments")
