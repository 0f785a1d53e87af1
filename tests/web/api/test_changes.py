"""What every change answers: status, headers, versions, keys, refusals — line by line of the interface's promise."""

from __future__ import annotations

# ruff: noqa: E501 -- tables of facts, a row a line
import threading
from typing import Any

import pytest

from tests.web.office import (
    BUREAU,
    NAME_A,
    PARTY_A,
    SUIXI,
    World,
    application,
    contract_body,
    finding_body,
    notice_body,
    published,
    sanctioned,
    yuan,
)

COUNTY = "county-supervisor"


def signed(world: World, **changes: Any) -> dict[str, Any]:
    told: dict[str, Any] = world.ask(COUNTY).post("/contracts", contract_body(**changes)).json()
    return told


def test_a_birth_is_201_and_a_change_200(world: World) -> None:
    born = world.ask(COUNTY).post("/contracts", contract_body())
    told = born.json()
    assert (born.status_code, born.headers["location"]) == (201, f"/api/v1/contracts/{told['id']}")
    assert (born.headers["etag"], told["version"]) == ('"1"', 1)
    assert int(born.headers["lvyue-position"]) == world.office.ledger.head()
    assert told["position"] <= world.office.ledger.head()
    changed = world.ask(COUNTY).post(f"/contracts/{told['id']}/publication", {"url": "https://example.gov.cn/1"}, seen=1)
    assert (changed.status_code, changed.headers["etag"], "location" in changed.headers) == (200, '"2"', False)
    assert {*told} <= {*changed.json()} | {"remarks"}, "the whole resource"
    read = world.ask(COUNTY).look(f"/contracts/{told['id']}")
    assert (read.headers["etag"], read.json()) == (changed.headers["etag"], changed.json())
    found = world.ask(COUNTY).post(f"/contracts/{told['id']}/findings", finding_body(), seen=2)
    case = found.json()["case"]
    assert (found.status_code, found.headers["location"], found.headers["etag"]) == (201, f"/api/v1/cases/{case['id']}", '"1"')
    assert set(found.json()) == {"id", "case"}


def test_what_was_sent_comes_back_as_sent(world: World) -> None:
    body = contract_body(security={"value": yuan("50000.00"), "form": "bank_guarantee", "ends_on": "2027-01-31"}, retention_percent="3")
    told = world.ask(COUNTY).post("/contracts", body).json()
    plain = {name: told[name] for name in body if name not in ("obligations", "payments", "contractors")}
    assert plain == {name: body[name] for name in plain}
    assert told["contractors"] == body["contractors"]
    for name in ("obligations", "payments"):
        assert [{field: one[field] for field in sent} for one, sent in zip(told[name], body[name], strict=True)] == body[name]
    by_number = world.ask(COUNTY).get(f"/contracts/{body['number']}")
    assert by_number["id"] == told["id"]


def test_unknown_fields_are_refused_wherever_they_stand(world: World) -> None:
    for body, pointer in (
        ({**contract_body(), "nummer": "1"}, "/nummer"),
        (contract_body(value={**yuan("1.00"), "unit": "元"}), "/value/unit"),
        (contract_body(obligations=[{"ref": "M1", "owed_by": "contractor", "title": "一期", "due": "2026-03-31"}]), "/obligations/0/due"),
    ):
        problem = world.ask(COUNTY).post("/contracts", body, status=422).json()
        assert [(one["code"], one["pointer"]) for one in problem["errors"]] == [("extra_forbidden", pointer)]
    contract = signed(world)
    assert world.ask(COUNTY).post(f"/contracts/{contract['id']}/suspension", {"reason": "汛期", "on": "x"}, seen=1, status=422)


def test_an_omitted_day_is_today_and_a_future_one_is_refused(world: World) -> None:
    assert signed(world, signed_on=None)["signed_on"] == "2026-01-12"
    refused = world.ask(COUNTY).post("/contracts", contract_body(signed_on="2026-01-13"), status=422).json()
    assert [one["pointer"] for one in refused["errors"]] == ["/signed_on"]
    contract = signed(world)
    for path, field, body in (
        ("/obligations/M1/fulfilment", "fulfilled_on", {"evidence": []}),
        ("/suspension", "suspended_on", {"reason": "汛期"}),
        ("/publication", "published_on", {}),
        ("/filing", "filed_on", {"number": "1"}),
        ("/payments", "paid_on", {"ref": "P1", "value": yuan("1.00")}),
        ("/termination", "terminated_on", {"reason": "双方同意"}),
        ("/findings", "occurred_on", finding_body()),
        ("/obligations/M1/waiver", "waived_on", {"reason": "取消"}),
        ("/amendments", "amended_on", {"rationale": "延期"}),
        ("/excuses", "raised_on", {"kind": "force_majeure", "text": "洪水"}),
    ):
        refused = world.ask(COUNTY).post(f"/contracts/{contract['id']}{path}", {**body, field: "2026-01-13"}, seen=1, status=422).json()
        assert refused["type"] == "/problems/rule-broken", path
    planned = world.contract(COUNTY, contract, "/checks", {"planned_on": "2026-06-30"})
    assert planned["checks"][0]["planned_on"] == "2026-06-30", "what is planned may lie ahead"


def test_a_change_needs_the_version_that_was_looked_at(world: World) -> None:
    contract, me = signed(world), world.ask(COUNTY)
    path, body = f"/contracts/{contract['id']}/publication", {"url": "https://example.gov.cn/1"}
    missing = me.post(path, body, status=428)
    assert missing.json()["type"] == "/problems/version-wanted"
    for stale in ("0", "2", "nonsense", "99999999999999999999", "*"):
        told = world.client.post(f"/api/v1{path}", json=body, headers={**me.headers, "If-Match": f'"{stale}"'})
        assert (told.status_code, told.json()["type"]) == (412, "/problems/stale"), stale
    for good in ('"1"',):
        assert world.client.post(f"/api/v1{path}", json=body, headers={**me.headers, "If-Match": good}).status_code == 200
    assert me.post(path, body, seen=1, status=412)


def test_access_is_asked_before_versions(world: World) -> None:
    """Not yours is 404, whatever else is wrong; not your role is 403."""
    contract = signed(world)
    path = f"/contracts/{contract['id']}/publication"
    assert world.ask("county2-supervisor").post(path, {}, status=404)
    assert world.ask("company-b").post(path, {}, status=404)
    assert world.ask("company-a").post(path, {}, status=403)
    assert world.ask("auditor").post(path, {}, status=403)
    assert world.ask("administrator").post(path, {}, status=404)
    anonymous = world.ask().post(path, {}, status=401)
    assert anonymous.headers["www-authenticate"] == "Bearer"
    assert world.ask("company-a").post("/contracts", contract_body(), status=403)
    assert world.ask("county2-supervisor").post("/contracts", contract_body(), status=404), "another county's region"


def test_a_broken_rule_is_told_in_the_readers_language(world: World) -> None:
    case = sanctioned(world, day="2026-04-29")
    told = {}
    for tongue in ("zh", "en"):
        answer = world.ask("decider", tongue).post(
            f"/cases/{case['id']}/sanction", {"document_number": "遂水罚〔2026〕2号", "decision_types": ["fine_larger"], "fine": yuan("90000000.00"), "grounds": "x"},
            seen=case["version"], status=422)  # fmt: skip
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["content-language"].startswith(tongue)
        problem = answer.json()
        assert set(problem) == {"type", "title", "status", "detail", "errors"}
        assert (problem["type"], problem["status"]) == ("/problems/rule-broken", 422)
        for error in problem["errors"]:
            assert {"code", "pointer", "detail", "basis"} <= set(error)
        told[tongue] = {one["code"]: one for one in problem["errors"]}
    assert set(told["zh"]) == set(told["en"])
    ranged = told["zh"].get("fine_is_within_its_range") or told["zh"]["sanction_is_not_heavier_than_notified"]
    assert ranged["basis"]["clause"]
    assert ranged["basis"]["status"] in ("confirmed", "unconfirmed")
    chinese = any(
        "\u4e00" <= char <= "\u9fff" for one in told["en"].values() for char in one["detail"].replace(one["basis"]["clause"] if one["basis"] else "", "")
    )
    assert all(told["zh"][code]["detail"] != told["en"][code]["detail"] for code in told["zh"])
    assert not chinese, told["en"]


# ---------------------------------------------------------------- the same request twice


def same(first: Any, again: Any) -> None:
    assert (again.status_code, again.content) == (first.status_code, first.content)
    for name in ("etag", "lvyue-position", "location"):
        assert again.headers.get(name) == first.headers.get(name), name


def test_a_key_gives_the_first_answer(any_world: World) -> None:
    world, me = any_world, any_world.ask(COUNTY)
    body = contract_body()
    first = me.post("/contracts", body, key="birth-1")
    contract = first.json()
    head = world.office.ledger.head()
    same(first, me.post("/contracts", body, key="birth-1"))
    assert world.office.ledger.head() == head
    changed = me.post(f"/contracts/{contract['id']}/publication", {"url": "u"}, seen=1, key="k2")
    same(changed, me.post(f"/contracts/{contract['id']}/publication", {"url": "u"}, seen=1, key="k2"))
    found = me.post(f"/contracts/{contract['id']}/findings", finding_body(), seen=2, key="k3")
    case = world.case(COUNTY, found.json()["case"], "/notice", notice_body())
    world.at("2026-01-20")
    same(found, me.post(f"/contracts/{contract['id']}/findings", finding_body(), seen=2, key="k3"))
    same(first, me.post("/contracts", body, key="birth-1"))
    checked = me.post(f"/contracts/{contract['id']}/checks", {"planned_on": "2026-02-01"}, seen=3, key="k4")
    assert checked.json()["check"] == checked.json()["checks"][0]["id"]
    same(checked, me.post(f"/contracts/{contract['id']}/checks", {"planned_on": "2026-02-01"}, seen=3, key="k4"))
    party = {"scheme": "CN-USCC", "id": BUREAU, "name": "湛江市水务局"}
    registered = me.post("/parties", party, key="k5")
    world.contract(COUNTY, checked.json(), "/suspension", {"reason": "汛期"})
    same(registered, me.post("/parties", party, key="k5"))
    assert case["status"] == "notified"


def test_a_retry_of_an_application_gives_its_receipt_again(world: World) -> None:
    case = published(world)
    world.at("2026-07-29")
    digest = world.ask("company-a").bring()
    body = application(case["sanctions"][0]["id"], digest, "2026-07-29")
    first = world.ask("company-a").post("/repairs", body, key="apply")
    world.repair(COUNTY, first.json(), "/acceptance", {})
    same(first, world.ask("company-a").post("/repairs", body, key="apply"))
    other = {**body, "contact": {"name": "李四", "phone": "1"}}
    reused = world.ask("company-a").post("/repairs", other, key="apply", status=422).json()
    assert reused["errors"][0]["code"] == "idempotency_key_reused"


def test_a_key_is_bound_to_body_address_and_account(world: World) -> None:
    me, body = world.ask(COUNTY), contract_body()
    contract = me.post("/contracts", body, key="k").json()
    assert me.post("/contracts", {**body, "name": "另一名称"}, key="k", status=422).json()["type"] == "/problems/idempotency-key-reused"
    assert me.post(f"/contracts/{contract['id']}/publication", {}, seen=1, key="k", status=422)
    assert world.ask("city-supervisor").post(f"/contracts/{contract['id']}/publication", {}, seen=1, key="k").status_code == 200
    assert me.post("/contracts", contract_body(), key="").status_code == 201, "an empty key is none"


def test_a_refused_request_leaves_its_key_free(world: World) -> None:
    me = world.ask(COUNTY)
    assert me.post("/contracts", contract_body(name=""), key="k", status=422)
    assert me.post("/contracts", contract_body(), key="k").status_code == 201


def test_an_upload_has_a_key_too(world: World) -> None:
    def bring(content: bytes, key: str) -> Any:
        headers = {**world.ask(COUNTY).headers, "Idempotency-Key": key}
        return world.client.post("/api/v1/evidence", files={"file": ("a.jpg", content, "image/jpeg")}, headers=headers)

    one, other = b"\xff\xd8\xff\xe0" + b"1" * 99 + b"\xff\xd9", b"\xff\xd8\xff\xe0" + b"2" * 99 + b"\xff\xd9"
    first = bring(one, "k")
    same(first, bring(one, "k"))
    assert bring(other, "k").status_code == 422


def test_a_request_sent_twice_at_once_is_done_once(any_world: World) -> None:
    """A double click: both get the one answer, at births (where a number is taken) and at changes (where a version is)."""
    world, me = any_world, any_world.ask(COUNTY)
    world.token(COUNTY)

    def at_once(path: str, body: Any, key: str, seen: int | None) -> list[Any]:
        answers: list[Any] = []
        start = threading.Barrier(4)

        def send() -> None:
            start.wait()
            headers = {**me.headers, "Idempotency-Key": key, **({} if seen is None else {"If-Match": f'"{seen}"'})}
            answers.append(world.client.post(f"/api/v1{path}", json=body, headers=headers))

        threads = [threading.Thread(target=send) for _ in range(4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        return answers

    for n in range(5):
        answers = at_once("/contracts", contract_body(), f"birth-{n}", None)
        assert {one.status_code for one in answers} == {201}, [one.text for one in answers]
        assert len({one.content for one in answers}) == 1
        contract = answers[0].json()
        found = at_once(f"/contracts/{contract['id']}/findings", finding_body(), f"finding-{n}", 1)
        assert {one.status_code for one in found} == {201}, [one.text for one in found]
        assert len({one.content for one in found}) == 1
    assert me.get("/contracts")["total"] == me.get("/cases")["total"] == 5


# ---------------------------------------------------------------- parties


def test_a_known_party_keeps_its_name_and_size(world: World) -> None:
    signed(world)
    sent = contract_body()
    sent["contractors"][0] |= {"name": "另一个名称", "size": "large"}
    told = world.ask(COUNTY).post("/contracts", sent, key="k")
    assert (told.json()["contractors"][0]["name"], told.json()["contractors"][0]["size"]) == (NAME_A, "small")
    assert len(told.json()["remarks"]) == 2
    assert "另一个名称" in told.json()["remarks"][0]
    same(told, world.ask(COUNTY).post("/contracts", sent, key="k"))
    english = world.ask(COUNTY, "en").post("/contracts", contract_body(contractors=sent["contractors"])).json()["remarks"]
    assert not any("未采用" in one for one in english)
    assert "remarks" not in signed(world)


def test_parties_are_registered_renamed_and_read(world: World) -> None:
    me = world.ask(COUNTY)
    born = me.post("/parties", {"scheme": "CN-USCC", "id": PARTY_A.partition(":")[2], "name": NAME_A, "size": "small", "region": "440800"})
    assert (born.status_code, born.headers["location"]) == (201, f"/api/v1/parties/{PARTY_A}")
    assert me.post("/parties", {"scheme": "CN-USCC", "id": "91440800MA4X00000X", "name": "错"}, status=422).json()["errors"][0]["pointer"] == "/id"
    assert me.post(f"/parties/{PARTY_A}/renaming", {"name": "新名"}, status=428)
    assert me.post(f"/parties/{PARTY_A}/renaming", {"name": "新名"}, seen=7, status=412)
    renamed = me.post(f"/parties/{PARTY_A}/renaming", {"name": "新名"}, seen=1)
    assert (renamed.status_code, renamed.headers["etag"], renamed.json()["name"]) == (200, '"2"', "新名")
    assert me.post(f"/parties/CN-USCC:{SUIXI}/renaming", {"name": "新名"}, seen=1, status=404)
    assert world.ask("auditor").post(f"/parties/{PARTY_A}/renaming", {"name": "新名"}, seen=2, status=403)
    assert me.look("/parties/nonsense").status_code == 404
    checked = me.post(f"/parties/{PARTY_A}/credit-checks", {"purpose": "招标审查"}, seen=2)
    assert checked.headers["etag"] == '"3"'


@pytest.mark.parametrize("insist", ["false", "1", ""])
def test_only_true_insists(world: World, insist: str) -> None:
    case = published(world)
    world.at("2026-07-24")
    body = application(case["sanctions"][0]["id"], world.ask("company-a").bring(), "2026-07-24")
    assert world.ask("company-a").post(f"/repairs?insist={insist}", body, status=422)
