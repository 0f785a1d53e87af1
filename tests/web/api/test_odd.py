"""Whatever is sent, the answer is a clear one: never a failure of ours."""

from __future__ import annotations

# ruff: noqa: E501 -- tables of facts, a row a line
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.api.odd import SCALARS, TEXTS, odd
from tests.web.office import PARTY_A, World, contract_body, copied_world, finding_body, published, sanctioned

COUNTY = "county-supervisor"
EXAMPLES = int(os.environ.get("LVYUE_ODD_EXAMPLES", "160"))  # a long run asks for more
WHO = ["county-supervisor", "decider", "legal", "company-a", "chair", "city-supervisor"]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One office for the whole module, with a contract, a sanctioned case and an application in it."""
    made = copied_world(tmp_path_factory.mktemp("busy") / "data")
    case = published(made)
    made.places = _places(made, case)  # type: ignore[attr-defined]
    yield made
    made.close()


def _places(world: World, case: dict[str, Any]) -> dict[str, list[str]]:
    world.at("2026-07-29")
    digest = world.ask("company-a").bring()
    asked = {"sanction": case["sanctions"][0]["id"], "fulfilment_proof": [digest], "commitment": {"text": "承诺", "signed_on": "2026-07-29"}}
    repair = world.ask("company-a").post("/repairs", asked).json()
    contract = world.ask(COUNTY).post("/contracts", contract_body(signed_on="2026-07-29", starts_on=None, ends_on=None)).json()
    planned = world.contract(COUNTY, contract, "/checks", {"planned_on": "2026-08-01"})
    open_case = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", finding_body(), seen=planned["version"]).json()["case"]
    return {"contracts": [contract["id"], contract["number"], case["contract"]], "cases": [case["id"], open_case["id"]], "repairs": [repair["id"]],
            "parties": [PARTY_A, "CN-USCC:x", "nonsense"], "check": [planned["check"]], "ref": ["M1", "P1", "没有"], "objection": ["x"],
            "measure": ["M-03"], "receipt": [repair["receipt"]], "digest": [digest]}  # fmt: skip


def clear(answer: Any) -> None:
    """A success, or a problem whose every sentence a person can act on."""
    assert answer.status_code < 500, f"{answer.request.method} {answer.request.url}: {answer.text[:500]}"
    if answer.status_code < 400:
        return
    assert answer.headers["content-type"] == "application/problem+json", answer.text[:300]
    told = answer.json()
    assert told["title"], told
    assert told["detail"], told
    for one in told["errors"]:
        assert one["detail"].strip(), told
        assert "Input should" not in one["detail"], told
        assert "valid " not in one["detail"], told


def send(world: World, path: str, body: bytes, who: str, **headers: str) -> Any:
    own = {**world.ask(who).headers, "Content-Type": "application/json", **headers}
    return world.client.post(path, content=body, headers=own)


def as_json(body: Any) -> bytes:
    return json.dumps(body).encode()  # half characters as escapes, NaN as NaN: what other programs send


def test_anything_along_the_schema_gets_a_clear_answer(busy: World) -> None:
    document = busy.client.get("/api/v1/openapi.json").json()
    posts = [
        (path, verbs["post"])
        for path, verbs in document["paths"].items()
        if "application/json" in verbs.get("post", {}).get("requestBody", {}).get("content", {})
    ]
    made: dict[str, st.SearchStrategy[Any]] = {}
    for path, one in posts:
        made[path] = odd(document, one["requestBody"]["content"]["application/json"]["schema"])
    places: dict[str, list[str]] = busy.places  # type: ignore[attr-defined]

    @given(st.data())
    @settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
    def ask(data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(made)))
        body = data.draw(made[path])
        on = path.split("/")[3]
        address = path.replace("{id}", data.draw(st.sampled_from(places.get(on, ["x"]))))
        for name in ("check", "ref", "objection", "measure"):
            address = address.replace("{" + name + "}", places[name][0])
        who = data.draw(st.sampled_from(WHO))
        seen = busy.client.get("/api/v1/" + "/".join(address.split("/")[3:5]), headers=busy.ask("auditor").headers).headers.get("etag", '"1"')
        clear(send(busy, address, as_json(body), who, **{"If-Match": seen}))

    ask()
    standing = busy.office.standings()
    busy.office.caught_up()
    assert [one for one in standing if one.stopped] == [], "nothing that was taken in stops a view"


@given(field=st.sampled_from(sorted(contract_body())), value=st.sampled_from(SCALARS))
@settings(max_examples=EXAMPLES // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_odd_value_in_a_good_contract(busy: World, field: str, value: Any) -> None:
    clear(send(busy, "/api/v1/contracts", as_json(contract_body(**{field: value})), COUNTY))


@given(data=st.data())
@settings(max_examples=EXAMPLES // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_odd_queries_get_a_clear_answer(busy: World, data: st.DataObject) -> None:
    places: dict[str, list[str]] = busy.places  # type: ignore[attr-defined]
    document = busy.client.get("/api/v1/openapi.json").json()
    path, verbs = data.draw(st.sampled_from([one for one in document["paths"].items() if "get" in one[1]]))
    on = path.split("/")[3]
    for name in ("id", "digest", "receipt"):
        path = path.replace("{" + name + "}", data.draw(st.sampled_from([*places.get(on if name == "id" else name, ["x"]), "%20", "%2e%2e", "😀"])))
    names = [one["name"] for one in verbs["get"].get("parameters", []) if one["in"] == "query"]
    texts = st.sampled_from([*[one for one in TEXTS if one.isprintable()], "2026-05-01", "0", "3", "-1", "9999-12-31", "0001-01-01", "2026-04-29T09:00:00+08:00",
                             "WzFd", "WyIyMDI2LTAxLTAxIiwieCJd", "99999999999999", "１２", "2026-02-30", "%", "_", "\\"])  # fmt: skip
    query = data.draw(st.dictionaries(st.sampled_from(names), texts)) if names else {}
    who = data.draw(st.sampled_from([*WHO, "auditor", "administrator", None]))
    clear(busy.client.get(path, params=query, headers=busy.ask(who).headers))


@pytest.mark.parametrize("body", [
    b"", b"{", b"[]", b'"text"', b"null", b"\xff\xfe", b'{"number": 1e999999}', b"[" * 100_000, b'{"a":' * 50_000, b"{}" + b" " * 10, b'{"a":1,"a":2}',
    ('{"value":{"amount":' + "9" * 5000 + "}}").encode(), b'{"\\ud800": 1}', b'{"number": "\\ud800"}', b'{"name": NaN}', b"\x00",
])  # fmt: skip
def test_bodies_that_are_no_contract(busy: World, body: bytes) -> None:
    answer = send(busy, "/api/v1/contracts", body, COUNTY)
    assert answer.status_code in (400, 422), answer.text[:300]
    clear(answer)


def test_broken_json_has_no_place_in_the_body(busy: World) -> None:
    (error,) = send(busy, "/api/v1/contracts", b'{"number": ', COUNTY).json()["errors"]
    assert (error["code"], error["pointer"]) == ("json_invalid", None)


def test_large_bodies_and_wrong_media_types(busy: World) -> None:
    large = send(busy, "/api/v1/contracts", as_json(contract_body(name="名" * 5_000_000)), COUNTY)
    assert (large.status_code, large.json()["type"]) == (413, "/problems/too-large")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "text/html; charset=utf-8", "image/png", ""):
        answer = busy.client.post("/api/v1/contracts", content=as_json(contract_body()), headers={**busy.ask(COUNTY).headers, "Content-Type": kind})
        assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type"), kind
    form = busy.client.post("/api/v1/contracts", files={"file": ("a.jpg", b"x")}, headers=busy.ask(COUNTY).headers)
    clear(form)
    assert form.status_code == 422
    assert send(busy, "/api/v1/contracts", as_json(contract_body()), COUNTY, **{"Content-Type": "application/json; charset=utf-8"}).status_code == 201
    clear(send(busy, "/api/v1/evidence", as_json({}), COUNTY))


def test_money_is_exact_and_positive(busy: World) -> None:
    for amount, currency, good in (("-1.00", "CNY", False), ("1000000000.00", "CNY", True), ("0.001", "CNY", False), ("1e9", "CNY", True), ("5", "JPY", True),
                                   ("1.00", "yuan", False), ("NaN", "CNY", False), (1.5, "CNY", False), ("9" * 30, "CNY", False), (100, "CNY", True)):  # fmt: skip
        body = contract_body(value={"amount": amount, "currency": currency}, obligations=[], payments=[])
        answer = send(busy, "/api/v1/contracts", as_json(body), COUNTY)
        clear(answer)
        assert answer.status_code == (201 if good else 422), (amount, currency, answer.text[:300])
        if not good:
            assert answer.json()["errors"][0]["pointer"].startswith("/value"), answer.json()


def test_what_is_printed_may_be_any_script_but_no_control_character(busy: World) -> None:
    named = send(busy, "/api/v1/contracts", as_json(contract_body(name="😀 Ünïcode ‮ 工程")), COUNTY)
    assert named.status_code == 201
    for text in ("a\0b", "a\nb", "\x07"):
        answer = send(busy, "/api/v1/contracts", as_json(contract_body(name=text)), COUNTY)
        assert [(one["code"], one["pointer"]) for one in answer.json()["errors"]] == [("value_error", "/name")]


@pytest.mark.parametrize("kind", ["zh", "en"])
def test_validation_speaks_the_readers_language(busy: World, kind: str) -> None:
    answer = busy.ask(COUNTY, kind).post("/contracts", {"number": 1, "signed_on": "x", "contractors": {}, "value": {"amount": "x"}}, status=422)
    chinese = [any("\u4e00" <= char <= "\u9fff" for char in one["detail"]) for one in answer.json()["errors"]]
    assert chinese == [kind == "zh"] * len(chinese), answer.json()


def test_methods(busy: World) -> None:
    me = busy.ask(COUNTY).headers
    contract = busy.places["contracts"][0]  # type: ignore[attr-defined]
    for path, allowed in (("/api/v1/contracts", "GET, POST, HEAD, OPTIONS"), (f"/api/v1/contracts/{contract}", "GET, HEAD, OPTIONS"),
                          ("/api/v1/cases/x/notice", "POST, OPTIONS"), ("/public/api/sanctions", "GET, HEAD, OPTIONS")):  # fmt: skip
        told = busy.client.options(path)
        assert (told.status_code, told.headers["allow"], told.content) == (204, allowed, b"")
        refused = busy.client.delete(path, headers=me)
        assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
        assert refused.json()["type"] == "/problems/method-not-allowed"
    read, head = busy.client.get(f"/api/v1/contracts/{contract}", headers=me), busy.client.head(f"/api/v1/contracts/{contract}", headers=me)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", read.headers["etag"])
    assert busy.client.head("/api/v1/contracts").status_code == 401
    for path in ("/api/v1/nothing", "/api/v1/contracts/%00", "/api/v1/contracts?q=%00", "/api/v2/contracts"):
        clear(busy.client.get(path, headers=me))


def test_a_case_survives_every_odd_act(world: World) -> None:
    """Nothing that is refused leaves anything behind."""
    case = sanctioned(world)
    head = world.office.ledger.head()
    for value in SCALARS:
        for path, field in (("/service", "served_on"), ("/publication", "published_on"), ("/revocation", "grounds"), ("/objections", "evidence")):
            answer = send(world, f"/api/v1/cases/{case['id']}{path}", as_json({field: value, "more": 1}), "decider", **{"If-Match": f'"{case["version"]}"'})
            assert answer.status_code in (403, 422, 400), answer.text
    assert world.office.ledger.head() == head


def test_paths_are_not_walked(busy: World, tmp_path: Path) -> None:
    for path in ("/api/v1/evidence/..%2f..%2fvault.key", "/api/v1/evidence/sha256:" + "0" * 64, "/api/v1/contracts/..%2f..", "/static/..%2f..%2fsettings.py"):
        assert busy.client.get(path, headers=busy.ask("auditor").headers).status_code in (404, 422)
