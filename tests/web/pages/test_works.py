"""The class of works of a contract: on its page, in the API, and in the cases opened from then on."""

from __future__ import annotations

from tests.web.office import World, contract_body, finding_body
from tests.web.pages.reading import read, words


def test_the_class_of_works_is_said_shown_and_kept_by_a_case(world: World) -> None:
    keeper = world.ask("county-supervisor")
    contract = keeper.post("/contracts", contract_body(works="municipal")).json()
    assert contract["works"] == "municipal"
    assert "市政供排水工程" in words(read(world, "county-supervisor", f"/contracts/{contract['id']}"))
    assert "Class of works Municipal water works" in words(read(world, "county-supervisor", f"/contracts/{contract['id']}", "en"))
    case = keeper.post(f"/contracts/{contract['id']}/findings", finding_body(occurred_on="2026-01-12"), seen=contract["version"]).json()["case"]
    assert case["works"] == "municipal"
    contract = keeper.get(f"/contracts/{contract['id']}")
    contract = world.contract("county-supervisor", contract, "/works", {"works": "hydraulic"})
    assert contract["works"] == "hydraulic"
    assert keeper.get(f"/cases/{case['id']}")["works"] == "municipal"
    keeper.post(f"/contracts/{contract['id']}/works", {"works": "naval"}, seen=contract["version"], status=422)
    assert keeper.post("/contracts", contract_body()).json()["works"] is None
    assert "登记工程类别" in read(world, "county-supervisor", f"/contracts/{contract['id']}/works")
