"""Conformance at the page, in the API and in the shell; and the breach of procedure that is answered from the desk."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import msgspec
from typer.testing import CliRunner

from domain.breach.case import Case
from domain.breach.events import LegalReviewPassed
from tests.web import kept
from tests.web.office import BASE, World, contract_body, sanctioned
from tests.web.pages.reading import look, read, words
from web.cli.program import app


def test_what_was_done_late_is_told_everywhere_and_answered(world: World) -> None:
    case = sanctioned(world)
    world.at("2026-05-06")
    case = world.case("county-supervisor", case, "/service", {"method": "direct", "repair_notice": True})
    world.at("2026-05-20")
    case = world.case("county-supervisor", case, "/publication", {})
    assert "procedure_breach" not in [one["kind"] for one in case["loops"]], "it is none of the party's"
    auditor = world.ask("auditor")
    found = auditor.get("/audit/conformance", side="authority")
    late = next(one for one in found["items"] if one["code"] == "publication")
    assert (late["kind"], late["due"], late["on"], late["owner"], late["clause"]["pack"]) == (
        "late",
        "2026-05-12",
        "2026-05-20",
        "supervisor",
        "double-publicity-2018",
    )
    assert len(late["events"]) == 2
    assert found["ok"] is False
    assert "publication" not in [one["code"] for one in auditor.get("/audit/conformance", known_at="2026-05-11")["items"]]
    waiting = [one["code"] for one in auditor.get("/audit/conformance", kind="overdue", known_at="2026-05-19")["items"]]
    assert "publication" in waiting
    shown = words(read(world, "auditor", "/audit/conformance"))
    assert "逾期办理 公示" in shown
    assert case["number"] in shown
    assert "done late" in words(read(world, "auditor", "/audit/conformance?kind=late", "en"))
    assert look(world, "decider", "/audit/conformance").status_code == 403
    desk = world.ask("decider").get("/desk")
    mine = next(one for group in ("overdue", "soon", "later") for one in desk[group] if one["kind"] == "procedure_breach")
    assert "公示" in words(read(world, "decider", "/"))
    page = f"/cases/{case['id']}/procedure/{mine['key']}/answer"
    assert "逾期办理：公示" in words(read(world, "decider", page))
    world.case("decider", world.ask("decider").get(f"/cases/{case['id']}"), f"/procedure/{mine['key']}/answer", {"outcome": "explained", "grounds": "平台故障"})
    after = world.ask("decider").get("/desk")
    assert "procedure_breach" not in [one["kind"] for group in ("overdue", "soon", "later") for one in after[group]]
    assert next(one for one in auditor.get("/audit/conformance")["items"] if one["code"] == "publication")["answer"] == "explained"
    shell = CliRunner().invoke(
        app, ["conformance", "--json", "--data", str(world.office.settings.data)], env=kept.shell(world.office.settings.data), catch_exceptions=False
    )
    told = json.loads(shell.stdout)
    assert (shell.exit_code, told["ok"], told["counts"]["late"] >= 1) == (1, False, True)
    early = CliRunner().invoke(
        app,
        ["conformance", "--json", "--known-at", "2026-01-12", "--data", str(world.office.settings.data)],
        env=kept.shell(world.office.settings.data),
        catch_exceptions=False,
    )
    assert (early.exit_code, json.loads(early.stdout)["deviations"]) == (0, [])


def test_a_contract_published_late_is_on_a_deciders_desk_and_no_partys(world: World) -> None:
    keeper = world.ask("county-supervisor")
    contract = keeper.post("/contracts", contract_body(type="CG")).json()
    contract = world.at("2026-01-20").contract("county-supervisor", contract, "/publication", {})
    assert "procedure_breach" not in [one["kind"] for one in contract["loops"]]
    desk = world.ask("decider").get("/desk")
    mine = next(one for group in ("overdue", "soon", "later") for one in desk[group] if one["kind"] == "procedure_breach")
    assert mine["title"] == "contract_published"
    assert f"/contracts/{contract['id']}/procedure/" in read(world, "decider", "/")
    page = f"/contracts/{contract['id']}/procedure/{mine['key']}/answer"
    assert "逾期办理：合同公告" in words(read(world, "decider", page))
    world.contract("decider", contract, f"/procedure/{mine['key']}/answer", {"outcome": "explained", "grounds": "平台故障"})
    after = world.ask("decider").get("/desk")
    assert "procedure_breach" not in [one["kind"] for group in ("overdue", "soon", "later") for one in after[group]]
    late = next(one for one in world.ask("auditor").get("/audit/conformance")["items"] if one["code"] == "contract_published")
    assert (late["answer"], late["state"], late["clause"]["pack"]) == ("explained", "answered", "procurement")


def test_a_rule_not_kept_is_put_on_a_desk_and_answered(world: World) -> None:
    case = sanctioned(world)
    office = world.office
    found = office.ledger.get(Case, UUID(case["id"]))
    review = next(one for one in found.history if isinstance(one.event, LegalReviewPassed))
    found.happen(msgspec.structs.replace(review.event, passed_on=date(2026, 4, 10), corrects=review.version, reason="早年的软件"))
    office.ledger.record(found)
    auditor = world.ask("auditor")
    mine = [one for one in auditor.get("/audit/conformance", kind="procedure")["items"] if one["number"] == case["number"]]
    assert [(one["code"], one["state"], one["owner"]) for one in mine] == [("statement_was_heard_first", "unowned", "legal")]
    shown = words(read(world, "auditor", "/audit/conformance"))
    assert "还没有交给任何人" in shown
    assert "尚未交人答复" in shown
    form = {"Authorization": f"Bearer {world.token('auditor')}", "Origin": BASE, "Accept": "text/html"}
    assert world.client.post("/audit/conformance", data={}, headers=form, follow_redirects=False).status_code == 303
    after = words(read(world, "auditor", "/audit/conformance", "en"))
    assert "on nobody's desk" not in after
    desk = world.ask("decider").get("/desk")
    mine = [one for group in ("overdue", "soon", "later") for one in desk[group] if one["kind"] == "procedure_breach"]
    assert [one["title"] for one in mine] == ["statement_was_heard_first"]
    assert "没有先听取陈述申辩" in words(read(world, "decider", "/"))
    page = f"/cases/{case['id']}/procedure/{mine[0]['key']}/answer"
    assert "违反程序：没有先听取陈述申辩" in words(read(world, "decider", page))
    said = {"outcome": "remedied", "grounds": "重新审核"}
    world.case("decider", world.ask("decider").get(f"/cases/{case['id']}"), f"/procedure/{mine[0]['key']}/answer", said)
    told = [one for one in auditor.get("/audit/conformance", kind="procedure")["items"] if one["number"] == case["number"]]
    assert [(one["state"], one["answer"]) for one in told] == [("answered", "remedied")]
    assert "已补救" in words(read(world, "auditor", "/audit/conformance?kind=procedure"))
    assert auditor.post("/audit/conformance/findings", {}).json() == {"recorded": 0}
