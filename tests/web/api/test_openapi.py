"""The OpenAPI document: open, valid, and true of what is answered; its page for people."""

from __future__ import annotations

import re
from typing import Any

from jsonschema import Draft202012Validator

from tests.web.office import PASSWORD, World, application, contract_body, published

CODE = re.compile(r"[1-5][0-9][0-9]")


def document(world: World) -> dict[str, Any]:
    answer = world.client.get("/api/v1/openapi.json")
    assert answer.status_code == 200, "open to anybody"
    told: dict[str, Any] = answer.json()
    return told


def refs(node: Any) -> list[str]:
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [one for value in node.values() for one in refs(value)]
    return [one for value in node for one in refs(value)] if isinstance(node, list) else []


def test_it_is_a_document_that_tools_can_read(world: World) -> None:
    told = document(world)
    assert told["openapi"].startswith("3.1")
    for name in refs(told):
        node: Any = told
        for part in name.removeprefix("#/").split("/"):
            node = node[part]
    for name, schema in told["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert name not in ("HTTPValidationError", "ValidationError")
    operations = [(path, verb, one) for path, verbs in told["paths"].items() for verb, one in verbs.items()]
    assert len({one["operationId"] for _, _, one in operations}) == len(operations)
    for path, verb, one in operations:
        named = {(each["name"], each["in"]) for each in one.get("parameters", [])}
        assert len(named) == len(one.get("parameters", [])), path
        assert {name for name, place in named if place == "path"} == set(re.findall(r"{(\w+)}", path)), path
        assert one["responses"], path
        assert all(CODE.fullmatch(code) for code in one["responses"])
        assert one["summary"], path
        if path.startswith("/api/v1") and verb == "get":
            assert {("known_at", "query"), ("as_of", "query")} <= named, path
        if verb == "post":
            assert ("Idempotency-Key", "header") in named, path
            assert (("If-Match", "header") in named) == ("{id}" in path), path


def test_every_act_of_the_promise_that_is_built_is_there(world: World) -> None:
    paths = document(world)["paths"]
    contracts = """amendments checks checks/{check}/result checks/{check}/cancellation obligations/{ref}/fulfilment obligations/{ref}/waiver payments
        findings suspension resumption completion termination settlement publication filing excuses security-return retention-release"""
    cases = """notice statement hearing recusal hand-over legal-review collective-decision referral referral/answer transfer rectification
        rectification/report rectification/result confirmation dismissal sanction service publication fulfilment objections
        objections/{objection}/decision review correction reclassification measures/{measure}/lifting enforcement-demand revocation
        withdrawal-of-publicity closure"""
    repairs = """supplement-request supplement acceptance rejection verification extension decision acknowledgements objections
        objections/{objection}/decision false-material withdrawal revocation"""
    for on, acts in (("contracts", contracts), ("cases", cases), ("repairs", repairs), ("parties", "renaming credit-checks grades good-behaviour")):
        for act in acts.split():
            assert "post" in paths[f"/api/v1/{on}/{{id}}/{act}"], act


def test_refusals_are_declared_as_problems(world: World) -> None:
    told = document(world)
    for path, verbs in told["paths"].items():
        for verb, one in verbs.items():
            assert "422" in one["responses"], path
            for code, response in one["responses"].items():
                if code >= "400":
                    declared = told["components"]["responses"][response["$ref"].rpartition("/")[2]]
                    assert list(declared["content"]) == ["application/problem+json"], (path, verb, code)


def test_what_is_answered_has_the_declared_shape(world: World) -> None:
    told = document(world)

    def check(shape: str, answer: Any) -> None:
        schema = {**told["components"]["schemas"][shape], "components": told["components"]}
        assert [f"{list(one.path)}: {one.message}" for one in Draft202012Validator(schema).iter_errors(answer)] == [], shape

    contract = world.ask("county-supervisor").post("/contracts", contract_body()).json()
    case = published(world, contract=contract)
    check("Case", case)
    me = world.ask("auditor")
    check("Contract", me.get(f"/contracts/{contract['id']}"))
    for path in ("/contracts", "/cases", "/repairs", "/parties", f"/contracts/{contract['id']}/loops", f"/contracts/{contract['id']}/timeline",
                 f"/contracts/{contract['id']}/events"):  # fmt: skip
        check("Listed", me.get(path))
    check("Party", me.get(f"/parties/{case['party']}"))
    check("Standing", me.get(f"/parties/{case['party']}/standing"))
    check("Desk", world.ask("county-supervisor").get("/desk"))
    check("PublicSanctions", world.ask().get("/public/api/sanctions"))
    world.at("2026-07-29")
    asked = application(case["sanctions"][0]["id"], world.ask("company-a").bring(), "2026-07-29")
    check("Repair", world.ask("company-a").post("/repairs", asked).json())
    check("Problem", world.ask("company-a").post("/repairs", asked, status=422).json())
    check("Problem", world.ask().look("/contracts").json())


def test_its_page_is_for_people_who_are_signed_in(world: World) -> None:
    away = world.client.get("/api/docs", headers={"Accept": "text/html"}, follow_redirects=False)
    assert away.status_code in (303, 401)
    assert "/api/v1/cases" not in away.text
    for tongue, word in (("zh", "送达告知书"), ("en", "required")):
        page = world.ask("auditor", tongue).look("/api/docs", headers={"Accept": "text/html"})
        assert page.status_code == 200, page.text[:300]
        assert word in page.text
        assert "/api/v1/cases/{id}/notice" in page.text
        assert page.text.count("<h1") == 1
        assets = re.findall(r'(?:src|href)="(https?:[^"]+)"', page.text)
        assert assets == [], "nothing is asked of anybody else"
    assert PASSWORD not in page.text
