"""Lists: their envelope, filters, pages; and the desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from domain.loops import LOOPS
from tests.web import kept
from tests.web.office import BASE, NAME_B, PARTY_A, PARTY_B, SUIXI, B, World, contract_body, copied_world, finding_body, published
from web.desk import OWES

COUNTY = "county-supervisor"


@pytest.fixture(scope="module", params=kept.STORES)
def many(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Twelve contracts of one county, some of another firm, some of another type; a published sanction."""
    made = copied_world(tmp_path_factory.mktemp("many") / "data", store=request.param)
    other = [{"scheme": "CN-USCC", "id": B, "name": NAME_B, "size": "medium", "lead": True}]
    for n in range(11):
        changes: dict[str, Any] = {"number": f"L-{n:02}", "name": f"第{n}号工程", "signed_on": f"2026-01-{n // 2 + 1:02}"}
        made.ask(COUNTY).post("/contracts", contract_body(**changes, **({"contractors": other} if n % 3 == 0 else {}), type="CG" if n % 4 == 0 else "SG"))
    published(made)
    yield made
    made.close()


def test_the_envelope(many: World) -> None:
    for path in ("/contracts", "/cases", "/repairs", "/parties"):
        told = many.ask(COUNTY).get(path)
        assert set(told) == {"items", "next", "position", "total"}, path
        assert told["position"] == many.office.ledger.head()
        assert told["total"] == len(told["items"])
        assert told["next"] is None
    assert many.ask(COUNTY).get("/contracts", known_at="3")["position"] == 3


@pytest.mark.parametrize("limit", [1, 2, 5, 11, 12, 200])
def test_pages_follow_one_another_without_gap_or_repeat(many: World, limit: int) -> None:
    whole = [one["id"] for one in many.ask(COUNTY).get("/contracts", limit=200)["items"]]
    found, after = list[str](), dict[str, str]()
    while True:
        page = many.ask(COUNTY).get("/contracts", limit=limit, **after)
        assert len(page["items"]) <= limit
        assert page["total"] == len(whole) == 12
        found += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert found == whole


@pytest.mark.parametrize("path", ["/contracts", "/cases", "/repairs", "/parties", "/public/api/sanctions"])
def test_limits_and_cursors_that_are_none(many: World, path: str) -> None:
    for query, pointer in (({"limit": 0}, "/limit"), ({"limit": 201}, "/limit"), ({"limit": "x"}, "/limit"), ({"after": "nonsense"}, "/after"),
                           ({"after": "WyIyMDI2LTAxLTAxIiwieCJd"}, "/after"), ({"after": "W10"}, "/after"), ({"after": "eyJhIjoxfQ"}, "/after")):  # fmt: skip
        told = many.ask(COUNTY).look(path, **query)
        assert (told.status_code, [one["pointer"] for one in told.json()["errors"]]) == (422, [pointer]), (query, told.text)


def test_filters(many: World) -> None:
    def numbers(**query: str) -> list[str]:
        return sorted(one["number"] for one in many.ask(COUNTY).get("/contracts", **query)["items"] if one["number"].startswith("L-"))

    assert numbers(party=PARTY_B) == ["L-00", "L-03", "L-06", "L-09"]
    assert numbers(type="CG") == ["L-00", "L-04", "L-08"]
    assert numbers(type="CG", party=PARTY_B) == ["L-00"]
    assert numbers(q="第7号") == numbers(q="L-07") == ["L-07"]
    assert numbers(status="settled") == numbers(region="440825") == numbers(authority="CN-USCC:x") == []
    assert len(numbers(authority=f"CN-USCC:{SUIXI}")) == len(numbers(region="440800")) == 11
    cases = many.ask(COUNTY).get("/cases", behaviour="QLT-01", kind="administrative", status="published", party=PARTY_A)
    assert cases["total"] == 1
    assert many.ask(COUNTY).get("/cases", status="opened")["total"] == 0
    assert numbers(q="%") == numbers(q="_") == numbers(q="'") == [], "what a database reads as a pattern is a letter here"


def test_the_desk_counts_what_it_lists(many: World) -> None:
    many.at("2026-04-15")
    for who in ("county-supervisor", "decider", "legal", "chair", "company-a", "company-b", "auditor", "administrator", "county2-supervisor"):
        desk = many.ask(who).get("/desk")
        assert {name: len(desk[name]) for name in ("overdue", "soon", "later")} == {name: desk["counts"][name] for name in ("overdue", "soon", "later")}, who
        assert desk["counts"]["all"] == sum(len(desk[name]) for name in ("overdue", "soon", "later"))
        assert all(one["due"]["overdue"] for one in desk["overdue"])
        assert not any(one["due"]["overdue"] for one in desk["soon"] if one["due"])
    assert many.ask("company-b").get("/desk")["counts"]["overdue"] == 4, "what a contractor owes is on its own desk"
    assert many.ask("administrator").get("/desk")["counts"]["all"] == 0
    many.at("2026-05-06")


def test_no_kind_of_loop_is_on_nobodys_desk() -> None:
    owing = {one.owed_by for one in LOOPS} | {"contractor", "authority"}
    assert owing - {owner for owners in OWES.values() for owner in owners} == {"rule"}, "a rule's own end closes what nobody owes"


def test_a_desk_before_anything_was_known_is_empty(many: World) -> None:
    for query in ({"known_at": "2020-01-01"}, {"known_at": "0"}, {"as_of": "1950-01-01"}):
        desk = many.ask(COUNTY).get("/desk", **query)
        assert desk["counts"]["all"] == 0, query


def test_an_answer_is_kept_by_nobody(many: World) -> None:
    for path in ("/api/v1/contracts", "/public/api/sanctions"):
        told = many.client.get(f"{BASE}{path}", headers=many.ask("auditor").headers)
        assert told.headers["cache-control"] == "no-store"
        assert told.headers["x-content-type-options"] == "nosniff"
        assert told.headers["x-request-id"]


def test_statistics_count_what_one_may_see(many: World) -> None:
    told = many.ask(COUNTY).get("/statistics")
    assert sum(told["contracts"].values()) == 12
    assert many.ask("county2-supervisor").get("/statistics")["contracts"] == {}
    assert finding_body()
