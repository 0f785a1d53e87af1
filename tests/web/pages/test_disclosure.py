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
    assert "逾期款项公开" in words(read(world, COUNTY, "/"))
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
                                 "disclosed_on": "2027-04-01"}]  # fmt: skip
    assert own["to_disclose"] is None
    assert "2026 年度合同 1 份" in words(read(world, "auditor", f"/parties/{AUTHORITY}/authority-record"))
    assert "made public" in words(read(world, "auditor", f"/parties/{AUTHORITY}/authority-record", "en"))
    assert world.ask("auditor").get(f"/parties/{AUTHORITY}/authority-record", known_at="2027-03-31")["to_disclose"] == 2026
