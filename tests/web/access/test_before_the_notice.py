"""Nobody is warned: before its notice is served a case is nowhere to be seen for its party; the office sees it, and so does who is concerned."""

from pathlib import Path
from typing import Any

from tests.web.pages.town import AUTHORITY, COMPANY, NOTICE, Town


def glimpses(town: Town, contract: str, case: Any) -> list[str]:
    """Every place where the company comes upon a case."""
    told = {
        "case": town.api.get(f"/api/v1/cases/{case['id']}", headers={"Authorization": f"Bearer {town.tokens['company']}"}).text,
        "cases": str(town.get("company", "/cases")["items"]), "contract": str(town.get("company", f"/contracts/{contract}")["cases"]),
        "loops": str([one for one in town.get("company", f"/contracts/{contract}/loops")["items"] if "/cases/" in one["subject"]]),
        "timeline": str(town.get("company", f"/contracts/{contract}/timeline")), "events": str(town.get("company", f"/contracts/{contract}/events")),
        "file": town.browser("company").get(f"/parties/{COMPANY}").text, "my": town.browser("company").get("/my").text,
        "credit": str(town.get("company", f"/parties/{COMPANY}/credit-file")), "list": town.browser("company").get("/cases").text,
        "page": town.browser("company").get(f"/my/cases/{case['id']}").text, "contract page": town.browser("company").get(f"/contracts/{contract}").text,
    }  # fmt: skip
    marks = (case["id"], case["number"], "混凝土强度不足", "QLT-01")
    return [place for place, text in told.items() if any(mark in text for mark in marks)]


def test_a_party_learns_of_its_case_by_the_notice(tmp_path: Path) -> None:
    town = Town(tmp_path)
    case = town.case()
    assert glimpses(town, case["contract"], case) == []
    listed = town.get("company", "/contracts")["items"][0]
    assert listed["open_loops"] == len(town.get("company", f"/contracts/{case['contract']}/loops")["items"])
    assert case["id"] in str(town.get("county", f"/contracts/{case['contract']}")["cases"])
    town.act("county", case, "/notice", NOTICE)
    assert {"case", "cases", "contract", "loops", "timeline", "events", "my"} <= set(glimpses(town, case["contract"], case))
    town.office.close()


def test_what_was_found_of_an_authority_its_contractor_knows_at_once(tmp_path: Path) -> None:
    town = Town(tmp_path)
    contract = town.contract()
    town.at("2026-04-08")
    finding = {"behaviour": "GOV-01", "kind": "management", "party": AUTHORITY, "occurred_on": "2026-04-08", "facts": "逾期未付", "evidence": []}
    case = town.post("county", f"/contracts/{contract['id']}/findings", finding, contract["version"])["case"]
    assert [one["id"] for one in town.get("company", "/cases")["items"]] == [case["id"]]
    assert town.get("company", f"/cases/{case['id']}")["party"] == AUTHORITY
    town.office.close()
