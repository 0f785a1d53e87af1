"""Signing in and out, and what a stranger's page can do with somebody's session: nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from domain.access.account import account_id
from domain.access.commands import disable_account
from stores.vault import argon2id
from stores.vault.passwords import Passwords
from tests.web.office import BASE, PARTY_A, PASSWORD, World, contract_body, published

OURS = {"Origin": BASE}
COUNTY = "county-supervisor"


@pytest.fixture
def signing(world: World) -> World:
    """The office with a password for one account, cheaply hashed."""
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    assert argon2id is not None
    world.office.vault.credentials._passwords = Passwords(PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)))
    world.office.vault.credentials.set(account_id(COUNTY), COUNTY, PASSWORD, world.office.now)
    return world


def sign_in(world: World, account: str = COUNTY, password: str = PASSWORD, headers: dict[str, str] | None = None, **more: str) -> Any:
    form = {"account": account, "password": password, **more}
    return world.client.post("/sign-in", data=form, headers=OURS if headers is None else headers, follow_redirects=False)


def test_signing_in_gives_a_cookie_that_scripts_and_strangers_do_not_get(signing: World) -> None:
    answer = sign_in(signing, next="/cases")
    assert (answer.status_code, answer.headers["location"]) == (303, "/cases")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("lvyue_session=")
    assert {"httponly", "samesite=lax", "path=/"} <= {part.strip().lower() for part in cookie.split(";")}
    assert "domain" not in cookie.lower()
    assert signing.client.get("/api/v1/contracts").status_code == 200, "the session opens the interface too"
    signing.client.cookies.clear()
    assert signing.client.get("/api/v1/contracts").status_code == 401
    signing.client.base_url = "https://127.0.0.1:8000"
    assert "secure" in sign_in(signing, headers={"Origin": "https://127.0.0.1:8000"}).headers["set-cookie"].lower()


@pytest.mark.parametrize("wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "\r\nX: y", ""])
def test_it_leads_only_to_our_own_pages(signing: World, wanted: str) -> None:
    assert sign_in(signing, next=wanted).headers["location"] == "/"


def test_a_wrong_password_is_422_and_tells_nothing(signing: World) -> None:
    wrong, unknown = sign_in(signing, password="wrong-password"), sign_in(signing, account="nobody-here", password="wrong-password")
    assert wrong.status_code == unknown.status_code == 422
    assert "set-cookie" not in wrong.headers
    assert wrong.text.replace(COUNTY, "") == unknown.text.replace("nobody-here", ""), "the same whether or not there is such an account"
    assert PASSWORD not in wrong.text
    assert sign_in(signing, account="", password="").status_code == 422


def test_guessing_is_slowed_down_and_the_owner_is_let_in_later(signing: World) -> None:
    answers = [sign_in(signing, password=f"wrong-{n}") for n in range(7)]
    assert {one.status_code for one in answers} == {422}
    assert sign_in(signing).status_code == 422, "now even the right one must wait"
    assert "秒" in sign_in(signing).text
    signing.at("2026-01-13")
    assert sign_in(signing).status_code == 303


def test_signing_out_ends_the_session(signing: World) -> None:
    sign_in(signing)
    token = signing.client.cookies["lvyue_session"]
    assert signing.client.post("/sign-out", headers=OURS, follow_redirects=False).status_code == 303
    signing.client.cookies.clear()
    assert signing.client.get("/api/v1/contracts", headers={"Cookie": f"lvyue_session={token}"}).status_code == 401


def test_a_disabled_account_is_out_at_once(signing: World) -> None:
    sign_in(signing)
    token = signing.token(COUNTY)
    assert signing.client.get("/api/v1/contracts").status_code == 200
    signing.office.system(lambda act: disable_account(act, COUNTY))
    assert signing.client.get("/api/v1/contracts").status_code == 401
    signing.client.cookies.clear()
    assert signing.client.get("/api/v1/contracts", headers={"Authorization": f"Bearer {token}"}).status_code == 401
    assert sign_in(signing).status_code == 422


def test_a_session_is_over_after_its_time(signing: World) -> None:
    sign_in(signing)
    signing.at("2026-03-12")
    assert signing.client.get("/api/v1/contracts").status_code == 401


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"Origin": "https://evil.example"}, True), ({"Origin": "null"}, True), ({}, True), ({"Sec-Fetch-Site": "cross-site"}, True),
        ({"Sec-Fetch-Site": "same-site"}, True), ({"Sec-Fetch-Site": "cross-site", "Origin": BASE}, True), ({"Origin": "http://127.0.0.1:8001"}, True),
        ({"Sec-Fetch-Site": "same-origin"}, False), ({"Origin": BASE}, False), ({"Sec-Fetch-Site": "none"}, False),
    ],
)  # fmt: skip
def test_a_strangers_page_cannot_ride_on_a_session(signing: World, headers: dict[str, str], refused: bool) -> None:
    sign_in(signing)
    head = signing.office.ledger.head()
    answer = signing.client.post("/api/v1/contracts", json=contract_body(), headers=headers)
    assert (answer.status_code == 403) is refused, answer.text
    assert (signing.office.ledger.head() == head) is refused
    if refused:
        assert answer.json()["type"] == "/problems/cross-origin"


def test_a_token_rides_on_no_cookie_and_is_not_asked_where_it_comes_from(signing: World) -> None:
    headers = {"Authorization": f"Bearer {signing.token(COUNTY)}", "Origin": "https://other.example"}
    assert signing.client.post("/api/v1/contracts", json=contract_body(), headers=headers).status_code == 201
    sign_in(signing)
    for bad in ("Bearer nonsense", "bearer  ", "Basic eDp5"):
        told = signing.client.get("/api/v1/contracts", headers={"Authorization": bad})
        assert told.status_code == (200 if bad != "Bearer nonsense" else 401), "a wrong token does not fall back on the cookie"
    forged = {"Authorization": "Bearer nonsense", "Origin": "https://evil.example"}
    assert signing.client.post("/api/v1/contracts", json=contract_body(), headers=forged).status_code == 401


# ---------------------------------------------------------------- what is read is on record first


def test_sensitive_reads_are_on_record(world: World) -> None:
    case = published(world)
    contract = case["contract"]
    before = len(world.reads())
    for who, path, kind, subject in (
        (COUNTY, f"/cases/{case['id']}", "case", case["id"]), ("company-a", f"/cases/{case['id']}", "case", case["id"]),
        ("legal", f"/parties/{PARTY_A}/credit-file", "credit-file", PARTY_A), ("decider", f"/parties/{PARTY_A}/standing", "standing", PARTY_A),
        ("auditor", "/cases", "cases", ""), ("auditor", f"/contracts/{contract}/timeline", "timeline", contract),
        ("auditor", f"/contracts/{contract}/events", "events", contract), ("auditor", "/log/entries?start=1&end=2", "log", "1-2"),
    ):  # fmt: skip
        world.ask(who).get(path)
        last = world.reads()[-1]
        assert (last.account, last.kind, last.subject) == (str(account_id(who)), kind, subject), path
    assert len(world.reads()) == before + 8
    assert world.ask("company-b").look(f"/cases/{case['id']}").status_code == 404
    assert len(world.reads()) == before + 8, "what was not shown was not read"


def test_what_cannot_be_put_on_record_is_not_shown(world: World) -> None:
    case = published(world)

    def refuse(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("INSERT INTO READS"):
            raise OperationalError(statement, {}, Exception("disk full"))

    event.listen(world.office.recorder.engine, "before_cursor_execute", refuse)
    for who, path in (
        (COUNTY, f"/cases/{case['id']}"),
        ("auditor", f"/parties/{PARTY_A}/credit-file"),
        ("auditor", f"/contracts/{case['contract']}/events"),
        (COUNTY, "/cases"),
    ):
        answer = world.ask(who).look(path)
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/not-now"), path
        assert answer.headers["retry-after"]
        assert "混凝土" not in answer.text
        assert case["number"] not in answer.text
    assert world.ask(COUNTY).look("/contracts").status_code == 200
