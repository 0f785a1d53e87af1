"""The guard at the door, and how refusals and failures are told."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

import pytest
from fastapi import Body, FastAPI, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.testclient import TestClient

from domain.rules import Basis, Broken
from web.looks import Looks, routes
from web.problems import install, problem
from web.security import Guard, policy

HERE = {"Origin": "http://testserver"}


class Act(BaseModel):
    model_config = ConfigDict(extra="forbid")
    number: str = Field(min_length=2)
    signed_on: date
    mode: Literal["routine", "random"] = "routine"


def app_of() -> FastAPI:
    app = FastAPI(openapi_url=None)
    looks = Looks(source="none")

    @app.post("/api/v1/acts")
    def act(body: Annotated[Act, Body()]) -> dict[str, str]:
        return {"number": body.number}

    @app.post("/act")
    def page_act() -> dict[str, bool]:
        return {"done": True}

    @app.get("/stop/{status}")
    @app.get("/api/v1/stop/{status}")
    def stop(status: int) -> None:
        raise HTTPException(status, headers={"Retry-After": "7"} if status == 429 else None)

    @app.get("/api/v1/fail")
    @app.get("/fail")
    def fail() -> None:
        raise ZeroDivisionError("a secret of ours")

    @app.get("/api/v1/broken")
    def broken(request: Request) -> Response:
        basis = Basis("repair-2026", 1, "earliest", "第36号令第十一条", "confirmed")
        told = Broken("too_early", "编号的写法不对", "/sanction", basis, earliest=date(2026, 7, 29))
        return problem(request, 422, "rule-broken", errors=[told])

    app.router.routes.extend(routes(looks))
    install(app, looks)
    app.add_middleware(Guard, source="none", trusted=["https://lvyue.example.gov.cn"], largest={"/api/": 1000, "/api/v1/large": 10**6})
    return app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(app_of(), raise_server_exceptions=False) as one:
        yield one


@pytest.mark.parametrize("path", ["/help", "/stop/404", "/fail", "/static/app.js", "/api/v1/stop/404"])
def test_every_answer_carries_the_guards_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == policy("none")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert len(headers["X-Request-Id"]) == 32
    assert "Strict-Transport-Security" not in headers


def test_the_policy_names_the_cdn_only_where_it_is_used() -> None:
    assert "https://cdn.jsdelivr.net" in policy("cdn")
    assert "https:" not in policy("local")


def test_private_pages_are_not_stored(client: TestClient) -> None:
    assert client.get("/help").headers["Cache-Control"] == "no-store"
    assert client.get("/api/v1/stop/404").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("headers", "passes"), [
    ({"Sec-Fetch-Site": "same-origin"}, True),
    ({"Sec-Fetch-Site": "none"}, True),
    ({"Sec-Fetch-Site": "same-site", "Origin": "http://evil.testserver"}, False),
    ({"Sec-Fetch-Site": "cross-site"}, False),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, False),
    ({"Origin": "http://testserver"}, True),
    ({"Origin": "https://lvyue.example.gov.cn"}, True),
    ({"Origin": "http://elsewhere"}, False),
    ({"Origin": "null"}, False),
    ({}, False),
    ({"Authorization": "Bearer lvyue_x"}, True),
    ({"Authorization": "Basic eDp5"}, False),
])  # fmt: skip
def test_a_change_comes_from_our_own_pages_or_bears_a_token(client: TestClient, headers: dict[str, str], passes: bool) -> None:
    assert client.post("/act", headers=headers).status_code == (200 if passes else 403)


def test_a_cross_site_request_is_told_so(client: TestClient) -> None:
    page = client.post("/act", headers={"Accept": "text/html"})
    assert "跨站请求已拒绝" in page.text
    assert client.post("/api/v1/acts").json()["type"] == "/problems/cross-origin"


def test_a_request_keeps_the_id_that_a_proxy_gave_it(client: TestClient) -> None:
    assert client.get("/help", headers={"X-Request-Id": "abcd-1234"}).headers["X-Request-Id"] == "abcd-1234"
    assert client.get("/help", headers={"X-Request-Id": "a b\tc<d>"}).headers["X-Request-Id"] != "a b\tc<d>"


@pytest.mark.parametrize("status", [400, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 500, 503])
def test_every_status_is_told_to_people_and_to_programs(client: TestClient, status: int) -> None:
    page = client.get(f"/stop/{status}", headers={"Accept": "text/html"})
    told = client.get(f"/api/v1/stop/{status}", headers={"Accept-Language": "en"})
    assert page.status_code == told.status_code == status
    assert page.headers["Content-Type"].startswith("text/html")
    assert told.headers["Content-Type"] == "application/problem+json"
    assert set(told.json()) == {"type", "title", "status", "detail", "errors"}
    assert told.json()["title"].isascii()
    assert client.get(f"/stop/{status}", headers={"Accept": "application/json"}).json()["status"] == status


def test_who_is_not_signed_in_is_led_to_the_door_and_back(client: TestClient) -> None:
    answer = client.get("/stop/401?a=b", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/stop/401%3Fa%3Db")
    assert client.get("/api/v1/stop/401").json()["type"] == "/problems/not-signed-in"


def test_retry_after_is_kept(client: TestClient) -> None:
    assert client.get("/api/v1/stop/429").headers["Retry-After"] == "7"


@pytest.mark.parametrize("path", ["/fail", "/api/v1/fail"])
def test_a_failure_shows_nothing_of_the_inside(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "X-Request-Id" in answer.headers
    if path == "/fail":
        assert answer.headers["X-Request-Id"] in answer.text


def test_an_unknown_address_and_method_are_problems_too(client: TestClient) -> None:
    assert client.get("/api/v1/nothing").json()["type"] == "/problems/not-found"
    refused = client.get("/api/v1/acts")
    assert (refused.status_code, refused.headers["Allow"], refused.json()["type"]) == (405, "POST", "/problems/method-not-allowed")


def test_what_pydantic_finds_is_said_in_our_words(client: TestClient) -> None:
    body = {"number": "x", "signed_on": "2026.3.1", "mode": "odd", "extra": 1}
    told = client.post("/api/v1/acts", json=body, headers=HERE)
    assert told.status_code == 422
    assert {(error["pointer"], error["detail"]) for error in told.json()["errors"]} == {
        ("/number", "至少 2 个字"), ("/signed_on", "日期应写作 2026-04-29"), ("/mode", "只能是这些之一：'routine' or 'random'"), ("/extra", "没有这个字段"),
    }  # fmt: skip
    english = client.post("/api/v1/acts", json=body, headers={**HERE, "Accept-Language": "en"}).json()["errors"]
    assert all(error["detail"].isascii() for error in english)


def test_a_broken_rule_tells_its_basis_and_its_earliest_day(client: TestClient) -> None:
    told = client.get("/api/v1/broken", headers={"Accept-Language": "en"}).json()
    assert told["type"] == "/problems/rule-broken"
    assert told["errors"] == [{
        "code": "too_early", "pointer": "/sanction", "detail": "Not a well-formed identifier", "earliest": "2026-07-29",
        "basis": {"pack": "repair-2026", "version": 1, "rule": "earliest", "clause": "第36号令第十一条", "status": "confirmed"},
    }]  # fmt: skip


def test_a_body_too_large_is_refused_whether_or_not_it_says_its_length(client: TestClient) -> None:
    def drip() -> Iterator[bytes]:
        for _ in range(30):
            yield b"x" * 100

    for content in (b"x" * 2000, drip()):
        told = client.post("/api/v1/acts", content=content, headers={**HERE, "Content-Type": "application/json"})
        assert (told.status_code, told.json()["type"]) == (413, "/problems/too-large")
    assert client.post("/act", content=b"x" * 2000, headers=HERE).status_code == 200
    assert client.post("/api/v1/large", content=b"x" * 2000, headers=HERE).status_code == 404


def test_a_length_that_is_no_number_is_a_bad_request(client: TestClient) -> None:
    assert client.post("/act", headers={**HERE, "Content-Length": "many"}).status_code == 400


def test_our_own_copy_of_htmx_is_checked(tmp_path_factory: pytest.TempPathFactory) -> None:
    from tests.assets import HTMX
    from web.looks.assets import WrongAsset

    folder = tmp_path_factory.mktemp("data")
    (folder / "htmx.min.js").write_bytes(b"alert(1)")
    with pytest.raises(WrongAsset):
        Looks(source="local", folder=folder)
    if (content := HTMX.read()) is None:
        pytest.skip(f"{HTMX.path} is not here: ./test fetches it")
    (folder / "htmx.min.js").write_bytes(content)
    looks = Looks(source="cdn", folder=folder)
    assert looks.fallback
