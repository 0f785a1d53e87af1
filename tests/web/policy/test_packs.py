"""Packs are proposed by one person and adopted by another; what was decided stays until an act of law reclassifies it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from domain.access.commands import create_account
from domain.actor import Grant
from tests.domain.policy.books import text_of
from tests.web import kept
from tests.web.office import CITY, World, contract_body, copied_world, finding_body, notice_body, yuan
from tests.web.policy.files import NOTICE_JSON
from web.cli.program import app
from web.comparing import compare_views

COUNTY, SWITCH = "county-supervisor", "[rules.old-decisions-new-periods]\nvalue = "


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = copied_world(tmp_path / "data", "2025-06-02")
    world.office.system(lambda act: create_account(act, "administrator2", "乙", grants=(Grant("administrator", CITY),)))
    yield world
    world.close()


def proposed(world: World, toml: str, who: str = "administrator", status: int = 201) -> Any:
    return world.ask(who).post("/policy/proposals", {"name": "repair-2026.toml", "toml": toml}, status=status).json()


def switched() -> str:
    text = text_of("repair-2026")
    assert f"{SWITCH}false" in text
    return text.replace("version = 1", "version = 2", 1).replace(f"{SWITCH}false", f"{SWITCH}true", 1)


def decided_under_order_58(world: World) -> dict[str, Any]:
    contract = world.ask(COUNTY).post("/contracts", contract_body(signed_on="2025-06-02", starts_on="2025-06-02")).json()
    world.at("2025-11-20")
    asked = finding_body(occurred_on="2025-11-18")
    case = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    case = world.case(COUNTY, case, "/notice", notice_body(document_number="遂水告〔2025〕7号"))
    world.at("2025-12-01")
    case = world.case("legal", case, "/legal-review", {"opinion": "程序合法"})
    case = world.case("decider", case, "/confirmation", {"grounds": "证据充分"})
    world.at("2025-12-10")
    return world.case("decider", case, "/sanction", {"document_number": "遂水罚〔2025〕7号", "decision_types": ["fine_larger"],
                                                     "fine": yuan("30000.00"), "grounds": "工程质量不合格"})  # fmt: skip


def last_day(case: dict[str, Any]) -> str:
    found: str = case["sanctions"][0]["publicity"]["last_day"]
    return found


def test_the_switch_of_story_7_changes_nothing_until_somebody_reclassifies(world: World) -> None:
    case = decided_under_order_58(world)
    assert last_day(case) == "2028-12-10"
    world.at("2026-05-11")
    told = proposed(world, switched())
    assert [one["name"] for one in told["changes"]] == ["rules.old-decisions-new-periods"]
    assert (told["changes"][0]["before"]["gives"]["value"], told["changes"][0]["after"]["gives"]["value"]) == (False, True)
    refused = world.ask("administrator").post(f"/policy/proposals/{told['digest']}/adoption", status=422).json()
    assert [one["code"] for one in refused["errors"]] == ["another_person_adopts"]
    assert [(one["kind"], one["key"]) for one in world.ask("administrator2").get("/desk")["later"]] == [("pack_proposed", told["digest"])]
    adopted = world.ask("administrator2").post(f"/policy/proposals/{told['digest']}/adoption").json()
    assert (adopted["key"], adopted["version"], adopted["in_force"]) == ("repair-2026", 2, True)
    case = world.ask("decider").get(f"/cases/{case['id']}")
    assert last_day(case) == "2028-12-10"  # nothing silently
    before = world.office.ledger.head()
    case = world.case("decider", case, "/reclassification", {"sanction": case["sanctions"][0]["id"], "grounds": "适用新办法"})
    assert last_day(case) == "2026-12-10"
    assert last_day(world.ask("decider").get(f"/cases/{case['id']}", known_at=before)) == "2028-12-10"
    assert compare_views(world.office)[1] == []


def test_a_file_with_faults_is_told_line_by_line(world: World) -> None:
    broken = switched().replace('unit = "working_days"', 'unit = "weeks"', 1)
    line = broken[: broken.index('"weeks"')].count("\n") + 1
    told = proposed(world, broken, status=422)
    assert [(one["code"], one["pointer"]) for one in told["errors"]] == [("pack_fault", "/rules.accept.unit")]
    assert f"第 {line} 行" in told["errors"][0]["detail"]
    gone = switched().replace("[rules.accept]", "[rules.accepted]", 1)
    assert [one["code"] for one in proposed(world, gone, status=422)["errors"]] == ["it_fits_the_packs_beside_it"]
    world.ask(COUNTY).post("/policy/proposals", {"toml": switched()}, status=403)


def test_the_pages_propose_show_and_drop(world: World) -> None:
    world.at("2026-05-11")
    me = {"Authorization": f"Bearer {world.token('administrator')}", "Accept": "text/html"}
    file = {"file": ("repair-2026.toml", switched().encode(), "application/toml")}
    answer = world.client.post("/administration/packs", files=file, headers=me, follow_redirects=False)
    assert answer.status_code == 303
    address = answer.headers["location"]
    shown = world.client.get(address, headers=me).text
    assert "rules.old-decisions-new-periods" in shown
    assert "/adoption" not in shown  # not by who proposed it
    listed = world.client.get("/administration/packs", headers=me).text
    assert "repair-2026@2" in listed
    assert "2026-05-25" in listed.replace("2026年5月25日", "2026-05-25").replace("5月25日", "2026-05-25")  # office.pack_adoption: 10 working days
    assert world.client.post(f"{address}/drop", data={"reason": "再核"}, headers=me, follow_redirects=False).status_code == 303
    assert world.ask("administrator").get("/policy/proposals")["items"] == []
    for page in ("/policy", "/policy/repair-2026", "/policy/calendar", "/policy.csv"):
        assert world.client.get(page, headers={**me, "Authorization": f"Bearer {world.token('company-a')}"}).status_code == 200
    toml = world.ask("auditor").look("/policy/packs/repair-2026/toml")
    assert toml.text == text_of("repair-2026")


def test_the_shell_lists_checks_and_proposes(world: World, tmp_path: Path) -> None:
    file, notice, data = tmp_path / "new.toml", tmp_path / "2027.json", world.office.settings.data
    clock = {**kept.shell(data), "LVYUE_CLOCK": world.office.now.isoformat() + "!"}

    def lvyue(*asked: str) -> Any:
        return CliRunner().invoke(app, ["policy", *asked], env=clock, catch_exceptions=False)

    file.write_text(switched(), encoding="utf-8")
    notice.write_text(NOTICE_JSON, encoding="utf-8")
    assert [lvyue("check", str(one)).exit_code for one in (file, notice)] == [0, 0]
    assert lvyue("propose", str(file), "--as", "administrator", "--data", str(data)).exit_code == 0
    assert [one["key"] for one in world.ask("administrator2").get("/policy/proposals")["items"]] == ["repair-2026"]
    refused = lvyue("adopt", "x")
    assert (refused.exit_code, "decisions are not made in the shell" in refused.stderr) == (1, True)
    assert "repair-2023" in lvyue("list", "--as-of", "2025-12-10", "--data", str(data)).stdout
    text = switched().replace("count = 3", 'count = "3"', 1)
    file.write_text(text, encoding="utf-8")
    wrong = lvyue("check", str(file))
    assert wrong.exit_code == 1
    assert wrong.stdout.startswith(f"{file}:{text[: text.index(chr(34) + '3' + chr(34))].count(chr(10)) + 1}: rules.accept.count")
    notice.write_text(NOTICE_JSON.replace("2027-01-31", "2027-02-01"), encoding="utf-8")  # a Monday cannot be a make-up day
    wrong = lvyue("check", str(notice))
    assert wrong.exit_code == 1
    assert f"{notice}:{NOTICE_JSON[: NOTICE_JSON.index('2027-01-31')].count(chr(10)) + 1}: work" in wrong.stdout
    notice.write_text('{"year": 2027, "papers": [], "days": []}', encoding="utf-8")
    assert lvyue("calendar", str(notice), "--data", str(data)).exit_code == 1


def test_a_receipt_keeps_its_stops_and_what_it_was(world: World) -> None:
    """Of a contract's loop by the contract's own address, in JSON and as a page that prints."""
    told = world.ask(COUNTY).post("/contracts", contract_body(type="CG", signed_on="2025-06-02", starts_on="2025-06-02")).json()
    loop = next(one for one in told["loops"] if one["kind"] == "contract_filed")
    receipt = world.ask(COUNTY).get(f"/contracts/{told['id']}/deadlines/{loop['id']}")
    assert (receipt["loop"]["due"]["on"], receipt["closed_by"], receipt["opened_by"]["topic"]) == ("2025-06-11", None, "contract.signed/1")
    world.at("2025-06-04")
    world.contract(COUNTY, told, "/filing", {"number": "BA-1"})
    after = world.ask(COUNTY).get(f"/contracts/{told['id']}/deadlines/{loop['id']}")
    assert (after["loop"]["state"], after["closed_by"]["topic"], after["loop"]["due"]["on"]) == ("closed", "contract.filed/1", "2025-06-11")
    page = world.client.get(f"/contracts/{told['id']}/deadlines/{loop['id']}", headers={
        "Authorization": f"Bearer {world.token(COUNTY)}", "Accept": "text/html"}).text  # fmt: skip
    assert "这个日期是怎么算出来的" in page
    assert "合同于当日备案" in page
