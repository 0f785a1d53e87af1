"""Nothing typed is lost: a form sent after its session, under another account, too large, or while nothing can be written."""

from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient

from domain.access.account import account_id
from stores.vault.sessions import IDLE
from tests.web.pages.town import BASE, COMPANY, JPEG, Form, Town
from web import security
from web.crowd import Crowd, Pace
from web.office import Office

FACTS = "坝脚渗水 <两处> & 浑水"


def finding(town: Town) -> tuple[str, dict[str, Any]]:
    made = town.contract()
    town.at("2026-04-08")
    path = f"/contracts/{made['id']}/findings"
    form = Form(town.browser("county").get(path).text)
    return path, form.filled(behaviour="QLT-01", facts=FACTS, occurred_on="2026-04-08", party=COMPANY, kind="administrative", contract_clause="8.2")


def stranger(town: Town) -> TestClient:
    return TestClient(town.app, base_url=BASE, headers={"Origin": BASE})


def sent_on(town: Town, browser: TestClient, path: str, data: dict[str, Any], who: str) -> Any:
    """A form that nobody signed in sends; then `who` signs in and is led on."""
    answer = browser.post(path, data=data, files={"evidence": ("现场.jpg", JPEG, "image/jpeg")}, follow_redirects=False)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"]).path == "/sign-in"
    assert FACTS not in browser.get(answer.headers["location"]).text
    on = parse_qs(urlsplit(answer.headers["location"]).query)["next"][0]
    return town.browser(who).get(on, follow_redirects=True)


@pytest.mark.parametrize("ended", ["expired", "signed out"])
def test_a_form_sent_after_its_session_comes_back_filled(town: Town, ended: str) -> None:
    path, data = finding(town)
    browser = town.browser("county")
    if ended == "expired":
        town.clock.set(town.office.now + IDLE * 2)
    else:
        browser.cookies.clear()
    page = sent_on(town, browser, path, data, "county")
    form = Form(page.text)
    assert (form.filled()["facts"], form.filled()["idempotency"]) == (FACTS, data["idempotency"])
    assert "现场.jpg" in page.text
    done = town.browser("county").post(str(page.url.raw_path, "ascii"), data=form.filled())
    assert done.status_code == 303, done.text
    assert len(town.get("county", "/cases")["items"]) == 1
    assert town.browser("county").get("/kept/" + page.url.params["kept"]).status_code == 404, "it is shown until it is sent"


def test_nobody_else_sees_it(town: Town) -> None:
    path, data = finding(town)
    page = sent_on(town, stranger(town), path, data, "city")
    assert page.status_code == 404
    assert FACTS not in unescape(page.text)
    forged = data | {"whose": data["whose"][:-1] + ("0" if data["whose"][-1] != "0" else "1")}
    assert stranger(town).post(path, data=forged).status_code == 401


def test_a_form_of_another_account_is_not_sent_as_ones_own(town: Town) -> None:
    path, data = finding(town)
    answer = town.browser("city").post(path, data=data, follow_redirects=False)
    assert answer.headers["location"].startswith("/kept/")
    assert town.get("city", "/cases")["total"] == 0


def test_too_many_files_or_a_full_disk_bring_the_text_back(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(security.LARGEST, "", 50_000)
    path, data = finding(town)
    browser = town.browser("county")
    answer = browser.post(path, data=data, files=[("evidence", (f"{n}.jpg", bytes(20_000), "image/jpeg")) for n in range(3)])
    assert answer.status_code == 413
    assert FACTS in unescape(answer.text)
    again = browser.post(path, data=data | {"again": "1"})
    assert Form(again.text).filled()["facts"] == FACTS

    def full(*_: Any, **__: Any) -> None:
        raise OperationalError("insert", {}, Exception("database or disk is full"))

    monkeypatch.setattr(Office, "do", full)
    answer = browser.post(path, data=data)
    assert answer.status_code == 507
    assert FACTS in unescape(answer.text)


def test_short_forms_wait_with_a_button_and_without_passwords(town: Town) -> None:
    browser = town.browser("administrator")
    whose = town.office.vault.drafts.mark(account_id("administrator"))
    assert whose in browser.get("/administration").text
    browser.cookies.clear()
    answer = browser.post("/administration/organisations", data={"code": "11440823000000000T", "name": "甲局", "region": "440823", "password": "secret",
                                                                 "whose": whose}, follow_redirects=False)  # fmt: skip
    page = town.browser("administrator").get(parse_qs(urlsplit(answer.headers["location"]).query)["next"][0])
    assert page.status_code == 200
    assert "甲局" in page.text
    assert "secret" not in page.text


def crowd_of(town: Town) -> Crowd:
    """The door of the town's own application."""
    town.browser("county").get("/status")  # builds what stands round it
    one: Any = town.app.middleware_stack
    while not isinstance(one, Crowd):
        one = one.app
    return one


@pytest.mark.parametrize("files", [None, {"evidence": ("现场.jpg", JPEG, "image/jpeg")}], ids=["urlencoded", "multipart"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_crowd_brings_the_text_back(town: Town, monkeypatch: pytest.MonkeyPatch, status: int, files: Any) -> None:
    path, data = finding(town)
    browser, door = town.browser("county"), crowd_of(town)
    with monkeypatch.context() as crowded:
        if status == 429:
            crowded.setattr(door, "too_often", lambda _: 2.5)
        else:
            crowded.setattr(door, "at_once", 0)
            crowded.setattr("web.crowd.CHANGE_WAITS", 0.05)
            door._places.clear()
        answer = browser.post(path, data=data, files=files)
        assert answer.status_code == status
        assert FACTS in unescape(answer.text)
        assert f"请过 {answer.headers['Retry-After']} 秒再试" in answer.text
        stranger_told = stranger(town).post(path, data=data).text
        assert FACTS not in unescape(stranger_told)
        assert "没能替您留着" in stranger_told
        crowded.setattr(door, "back", Pace(0.001))
        for _ in range(2):
            answer = browser.post(path, data=data)
        assert FACTS not in unescape(answer.text), "what is given back is bounded too"
    door._places.clear()
    again = browser.post(path, data=data | {"again": "1"})
    assert Form(again.text).filled()["facts"] == FACTS
    assert town.get("county", "/cases")["total"] == 0
