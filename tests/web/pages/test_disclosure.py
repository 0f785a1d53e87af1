"""What an authority makes public each year: on the desk, on its own record, done at a page, in nobody else's sight."""

from __future__ import annotations

from tests.web.office import SUIXI, World, contract_body, yuan
from tests.web.pages.reading import look, read, words

COUNTY, AUTHORITY = "county-supervisor", f"CN-USCC:{SUIXI}"


def test_the_yearly_disclosure_is_owed_shown_and_done(world: World) -> None:
    world.ask(COUNTY).post("/contracts", contract_body())
    world.at("2027-04-01")
    desk = world.ask(COUNTY).get("/desk")
    (owed,) = [one for one in desk["overdue"] if one["kind"] == "disclosure"]
    assert (owed["due"]["on"], owed["owed_by"], owed["due"]["basis"]["rule"]) == ("2027-03-31", "authority", "disclosure")
    assert owed["subject"] == f"/api/v1/parties/{AUTHORITY}"
    assert owed["about"] == {"party": AUTHORITY, "party_name": "遂溪县水务局"}
    assert "逾期款项公开" in words(read(world, COUNTY, "/"))
    assert ">遂溪县水务局</a>" in read(world, COUNTY, "/"), "whose it is, where no contract is"
    assert "disclosure" not in [one["kind"] for group in ("overdue", "soon", "later") for one in world.ask("company-a").get("/desk")[group]]
    page = f"/parties/{AUTHORITY}/disclosures?year=2026"
    assert page in read(world, COUNTY, "/")
    assert page in read(world, COUNTY, f"/parties/{AUTHORITY}/authority-record")
    assert "disclosures?year" not in read(world, "auditor", f"/parties/{AUTHORITY}/authority-record"), "an auditor looks"
    assert 'value="2026"' in read(world, COUNTY, page)
    assert look(world, "county2-supervisor", f"/parties/{AUTHORITY}/authority-record").status_code == 404
    body = {"year": 2026, "contracts": 1, "amount": yuan("1200.00"), "place": "https://sw.example.gov.cn/1"}
    seen = world.ask(COUNTY).get(f"/parties/{AUTHORITY}/authority-record")["version"]
    early = world.ask(COUNTY).post(f"/parties/{AUTHORITY}/disclosures", {**body, "year": 2027}, seen=seen, status=422)
    assert "disclosed_year_is_over" in str(early.json())
    world.ask(COUNTY).post(f"/parties/{AUTHORITY}/disclosures", body, seen=seen, status=200)
    assert "disclosure" not in [one["kind"] for group in ("overdue", "soon", "later") for one in world.ask(COUNTY).get("/desk")[group]]
    own = world.ask("auditor").get(f"/parties/{AUTHORITY}/authority-record")
    assert own["disclosed"] == [{"year": 2026, "contracts": 1, "amount": {"amount": "1200.00", "currency": "CNY"}, "place": "https://sw.example.gov.cn/1",
                                 "disclosed_on": "2027-04-01", "position": own["disclosed"][0]["position"]}]  # fmt: skip
    assert own["to_disclose"] is None
    assert "2026 年度合同 1 份" in words(read(world, "auditor", f"/parties/{AUTHORITY}/authority-record"))
    assert "made public" in words(read(world, "auditor", f"/parties/{AUTHORITY}/authority-record", "en"))
    assert world.ask("auditor").get(f"/parties/{AUTHORITY}/authority-record", known_at="2027-03-31")["to_disclose"] == 2026


def disclosed(world: World) -> tuple[int, int]:
    """The year 2026, with a wrong sum: its position in the log, and the version of the organisation."""
    world.ask(COUNTY).post("/contracts", contract_body())
    world.at("2027-04-01")
    seen = world.ask(COUNTY).get(f"/parties/{AUTHORITY}/authority-record")["version"]
    body = {"year": 2026, "contracts": 1, "amount": yuan("1200.00"), "place": "https://sw.example.gov.cn/1"}
    world.ask(COUNTY).post(f"/parties/{AUTHORITY}/disclosures", body, seen=seen, status=200)
    own = world.ask(COUNTY).get(f"/parties/{AUTHORITY}/authority-record")
    return own["disclosed"][0]["position"], own["version"]


def test_what_was_disclosed_wrongly_is_said_again(world: World) -> None:
    position, seen = disclosed(world)
    page = f"/parties/{AUTHORITY}/disclosures/corrections?position={position}"
    assert page in read(world, COUNTY, f"/parties/{AUTHORITY}/authority-record")
    assert "disclosures/corrections" not in read(world, "auditor", f"/parties/{AUTHORITY}/authority-record")
    assert "1,200.00" in words(read(world, COUNTY, page))
    assert look(world, "county2-supervisor", page).status_code in (403, 404)
    asked = {"position": position, "field": "amount", "value": {"amount": "12000.00", "currency": "CNY"}, "reason": "少写一个零"}
    at = f"/parties/{AUTHORITY}/disclosures/corrections"
    wrong = world.ask(COUNTY).post(at, {**asked, "field": "year", "value": 2027}, seen=seen, status=422).json()
    assert [one["code"] for one in wrong["errors"]] == ["disclosed_year_is_over"]
    world.ask(COUNTY).post(at, asked, seen=seen, status=200)
    own = world.ask("auditor").get(f"/parties/{AUTHORITY}/authority-record")
    assert [(one["amount"]["amount"], one["position"]) for one in own["disclosed"]] == [("12000.00", position)]
    told = world.ask("auditor").get(f"/parties/{AUTHORITY}/authority-record", why="disclosed/2026/amount")
    assert [one["topic"] for one in told["events"]] == ["access.organisation_registered/1", "access.overdue_disclosed/1"], "the wording that stands"
    assert told["value"] == {"amount": "12000.00", "currency": "CNY"}
    own = world.ask(COUNTY).get(f"/parties/{AUTHORITY}/authority-record")
    body = {"year": 2025, "contracts": 0, "amount": yuan("0.00"), "place": "x"}
    world.ask(COUNTY).post(f"/parties/{AUTHORITY}/disclosures", body, seen=own["version"], status=200)
    own = world.ask(COUNTY).get(f"/parties/{AUTHORITY}/authority-record")
    twice = {"position": own["disclosed"][1]["position"], "field": "year", "value": 2025, "reason": "抄错"}
    refused = world.ask(COUNTY).post(at, twice, seen=own["version"], status=422).json()
    assert [one["code"] for one in refused["errors"]] == ["years_are_made_public_once"]


def test_its_day_has_a_receipt_and_a_why(world: World) -> None:
    world.at("2027-01-04")
    (owed,) = [one for group in ("soon", "later") for one in world.ask(COUNTY).get("/desk")[group] if one["kind"] == "disclosure"]
    receipt = f"/parties/{AUTHORITY}/deadlines/{owed['id']}"
    told = world.ask("auditor").get(receipt)
    assert (told["loop"]["due"]["on"], told["opened_by"]["topic"], told["closed_by"]) == ("2027-03-31", "access.organisation_registered/1", None)
    assert told["loop"]["due"]["basis"]["clause"].endswith("第十八条")
    page = read(world, COUNTY, receipt)
    assert "逾期款项公开" in words(page)
    assert "第十八条" in words(page)
    assert "Receipt" in words(read(world, COUNTY, receipt, "en")) or "receipt" in words(read(world, COUNTY, receipt, "en"))
    why = f"/parties/{AUTHORITY}/why?field=loops/{owed['id']}/due/on"
    assert "是这些事使它如此" in read(world, COUNTY, why)
    record = read(world, "auditor", f"/parties/{AUTHORITY}/authority-record")
    assert f"/parties/{AUTHORITY}/authority-record" in record
    assert receipt in record
    for who in ("county2-supervisor", "company-a", "administrator"):
        assert look(world, who, receipt).status_code == 404, who
        assert world.ask(who).look(receipt).status_code == 404, who
        assert look(world, who, why).status_code == 404, who
    answer = world.ask("auditor").get(f"/parties/{AUTHORITY}/authority-record", why=f"loops/{owed['id']}/due/on")
    assert [one["rule"] for one in answer["clauses"]] == ["disclosure"]
