"""The auditor's log: narrowed to what a number or a code is about, in whatever way it is written; each event leads to its page."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.web.office import PARTY_A, World, application, contract_body, copied_world, published

OTHER = "440823-AUDIT-2"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A case published and applied for, and a contract with another firm."""
    made = copied_world(tmp_path_factory.mktemp("audit") / "data")
    made.case_card = published(made)  # type: ignore[attr-defined]
    made.at("2026-08-03")
    asked = application(made.case_card["sanctions"][0]["id"], made.ask("company-a").bring(), "2026-08-03")  # type: ignore[attr-defined]
    made.repair_card = made.ask("company-a").post("/repairs", asked).json()  # type: ignore[attr-defined]
    beside = [{"scheme": "CN-USCC", "id": "91440800MA4X000012", "name": "别的公司", "size": "large", "lead": True}]
    made.ask("county-supervisor").post("/contracts", contract_body(number=OTHER, contractors=beside, signed_on="2026-08-03", starts_on=None, ends_on=None))
    yield made
    made.close()


def listed(world: World, about: str, **more: str) -> set[str]:
    """The topics of what is listed, but for their versions."""
    answer = world.client.get("http://127.0.0.1:8000/audit.json", params={"about": about, **more}, headers=world.ask("auditor").headers)
    assert answer.status_code == 200
    return {one["topic"].partition("/")[0] for one in answer.json()["items"]}


def test_what_hangs_together_is_listed_together(world: World) -> None:
    case, repair = world.case_card, world.repair_card  # type: ignore[attr-defined]
    number = world.ask("auditor").get(f"/contracts/{case['contract']}")["number"]
    for whole in (number, f" {number} ", case["contract"], PARTY_A.partition(":")[2], PARTY_A):
        assert {"contract.signed", "case.opened", "case.sanction_decided", "repair.applied"} <= listed(world, whole), whole
    of_case = listed(world, case["number"])
    assert {"case.opened", "repair.applied"} <= of_case
    assert "contract.signed" not in of_case
    assert {one.partition(".")[0] for one in listed(world, repair["receipt"])} == {"repair", "commitment"}
    assert {one.partition(".")[0] for one in listed(world, OTHER)} == {"contract"}
    assert listed(world, number, chapter="repair") == listed(world, repair["receipt"], chapter="repair")
    assert listed(world, "没有这个编号") == set()


def test_each_event_leads_to_its_page(world: World) -> None:
    page = world.client.get("http://127.0.0.1:8000/audit", params={"about": PARTY_A}, headers=world.ask("auditor").headers).text
    led = set(re.findall(r'<td data-label="发生了什么"><a href="([^"]+)"', page))
    case, repair = world.case_card, world.repair_card  # type: ignore[attr-defined]
    assert {f"/cases/{case['id']}", f"/contracts/{case['contract']}", f"/repairs/{repair['id']}"} <= led
    for path in led:
        assert world.client.get(f"http://127.0.0.1:8000{path}", headers=world.ask("auditor").headers).status_code == 200, path


def test_pages_of_one_party_follow_each_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page after page, each event once, none left out, though few rows are read at a time."""
    monkeypatch.setattr("web.pages.audit.ROWS", 3)
    monkeypatch.setattr("web.pages.audit.PAGE", 4)
    positions: list[int] = []
    address: str | None = f"/audit?about={PARTY_A}"
    while address:
        page = world.client.get(f"http://127.0.0.1:8000{address}", headers=world.ask("auditor").headers).text
        positions += map(int, re.findall(r'<th scope="row"><span class="id">(\d+)</span>', page))
        further = re.search(r'href="([^"]+)" rel="next"', page)
        address = further.group(1).replace("&amp;", "&") if further else None
    every = [one["position"] for one in world.client.get(
        "http://127.0.0.1:8000/audit.json", params={"about": PARTY_A}, headers=world.ask("auditor").headers).json()["items"]]  # fmt: skip
    assert positions == every
    assert len(every) > 12
