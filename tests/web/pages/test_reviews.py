"""A review, opened and ended at pages."""

from __future__ import annotations

from typing import Any

from tests.web.pages.town import Form, Town, words

LINK = "/review-end?review="


def reviewed(town: Town) -> Any:
    """A case under reconsideration since 2026-06-01."""
    case = town.sanctioned()
    town.at("2026-06-01")
    return town.act("county", case, "/review", {"path": "reconsideration", "reference": "湛府复〔2026〕1号", "opened_on": "2026-06-01"})


def test_an_open_review_is_ended_from_the_case(town: Town) -> None:
    case = reviewed(town)
    browser, path = town.browser("county"), f"/cases/{case['id']}"
    address = f"{path}{LINK}{case['reviews'][0]['id']}"
    assert address in browser.get(path).text
    assert LINK not in town.browser("decider").get(path).text
    town.at("2026-07-01")
    browser = town.browser("county")  # the first session has ended
    page = browser.get(address)
    assert "湛府复〔2026〕1号" in page.text
    form = Form(page.text)
    assert form.filled()["review"] == case["reviews"][0]["id"]
    early = browser.post(address, data=form.filled(outcome="upheld", ended_on="2026-05-30"))
    assert (early.status_code, "早于复议、诉讼开始" in early.text) == (422, True)
    done = browser.post(address, data=form.filled(outcome="upheld", ended_on="2026-06-30", note="维持原决定"))
    assert (done.status_code, done.headers["location"]) == (303, path), words(done.text)
    told = browser.get(path).text
    assert "复议或诉讼结束（维持）。" in told
    assert LINK not in told
    assert town.get("county", path)["reviews"][0]["outcome"] == "upheld"


def test_only_the_supervisor_and_legal_end_it(town: Town) -> None:
    case = reviewed(town)
    address = f"/cases/{case['id']}{LINK}{case['reviews'][0]['id']}"
    who = {"county": 200, "legal": 200, "decider": 403, "company": 403, "county2": 404, "auditor": 403}
    assert {name: town.browser(name).get(address).status_code for name in who} == who
