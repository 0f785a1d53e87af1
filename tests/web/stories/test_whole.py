"""The whole case and the whole contract through HTTP: what the ten stories do not walk."""

from __future__ import annotations

from tests.web.office import (
    NAME_A,
    NAME_B,
    PARTY_A,
    PARTY_B,
    A,
    B,
    World,
    contract_body,
    due_of,
    finding_body,
    kinds_of,
    notice_body,
    yuan,
)

COUNTY = "county-supervisor"
HUGE = {"decision_types": ["fine_huge"], "fine": yuan("40000.00")}


def test_a_hearing_several_who_decide_a_demand_and_the_court(world: World) -> None:
    contract = world.at("2026-01-12").ask(COUNTY).post("/contracts", contract_body()).json()
    world.at("2026-04-08")
    world.contract("company-a", contract, "/excuses", {"kind": "force_majeure", "text": "台风"})
    contract = world.ask(COUNTY).get(f"/contracts/{contract['id']}")
    case = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", finding_body(occurred_on="2026-04-08"), seen=contract["version"]).json()["case"]
    case = world.case(COUNTY, case, "/notice", notice_body(method="public", proposed={**HUGE, "measures": []}))
    assert (case["notice"]["window_on"], due_of(case, "statement_window")) == ("2026-05-08", [])
    world.at("2026-05-11")
    assert due_of(world.ask(COUNTY).get(f"/cases/{case['id']}"), "statement_window") == ["2026-05-14"], "counted from 30 days after the public notice"
    case = world.case("company-a", case, "/hearing", {"requested_on": "2026-05-11"})
    refused = world.ask(COUNTY).post(f"/cases/{case['id']}/hearing", {"to_be_held_on": "2026-05-19", "chair": "chair"}, seen=case["version"], status=422)
    assert refused.json()["errors"][0]["code"] == "hearing_is_notified_in_time"
    case = world.case(COUNTY, case, "/hearing", {"to_be_held_on": "2026-05-20", "chair": "chair"})
    world.at("2026-05-20")
    case = world.case("chair", case, "/hearing", {"record": "当事人陈述……"})
    case = world.case("legal", case, "/legal-review", {"opinion": "程序合法"})
    refused = world.ask("decider").post(f"/cases/{case['id']}/confirmation", {"grounds": "证据"}, seen=case["version"], status=422)
    assert refused.json()["errors"][0]["code"] == "excuses_raised_are_weighed"
    case = world.case("decider", case, "/confirmation", {"grounds": "台风以前已经不合格", "excuses": ["force_majeure"]})
    assert "collective_decision" in kinds_of(case)
    assert "collective-decision" in world.ask("decider").get(f"/cases/{case['id']}")["may"]
    case = world.case("decider", case, "/collective-decision", {"members": ["decider", "decider2"], "record": "一致同意"})
    decided = {**HUGE, "document_number": "遂水罚〔2026〕9号", "grounds": "严重"}
    case = world.case("decider", case, "/sanction", decided)
    assert case["sanctions"][0]["national_class"] == "serious"
    case = world.case(COUNTY, case, "/service", {})
    world.at("2026-06-08")
    case = world.case(COUNTY, case, "/enforcement-demand", {})
    assert "court" not in kinds_of(case)
    world.at("2026-11-23")
    case = world.ask(COUNTY).get(f"/cases/{case['id']}")
    assert "court-enforcement" in case["may"]
    case = world.case(COUNTY, case, "/court-enforcement", {"court": "遂溪县人民法院", "reference": "（2026）粤0823行审1号"})
    assert case["sanctions"][0]["court"]["asked_on"] == "2026-11-23"
    told = world.ask("auditor").get(f"/contracts/{contract['id']}/timeline")["items"]
    assert any("申请强制执行" in one["sentence"] for one in told)


def test_an_assigned_contract_is_seen_by_who_came_and_no_longer_by_who_left(world: World) -> None:
    contract = world.ask(COUNTY).post("/contracts", contract_body(ends_on="2028-12-31")).json()
    assert due_of(contract, "yearly_check") == ["2027-01-12"]
    world.at("2026-03-02")
    comes = {"scheme": "CN-USCC", "id": B, "name": NAME_B, "size": "medium"}
    contract = world.contract(COUNTY, contract, "/assignment", {"leaves": PARTY_A, "comes": comes, "rationale": "经甲方书面同意"})
    assert [one["id"] for one in contract["contractors"]] == [B]
    assert contract["assignments"][0] == {"side": "contractor", "leaves": PARTY_A, "name": NAME_A, "comes": PARTY_B, "assigned_on": "2026-03-02",
                                          "rationale": "经甲方书面同意"}  # fmt: skip
    path = f"/contracts/{contract['id']}"
    assert world.ask("company-b").get(path)["number"] == contract["number"]
    assert world.ask("company-a").look(path).status_code == 404
    assert [one["id"] for one in world.ask("company-b").get("/contracts")["items"]] == [contract["id"]]
    assert world.ask("company-a").get("/contracts")["items"] == []
    listed = world.ask("auditor").get(f"/parties/{PARTY_A}/credit-file")["contracts"]
    assert [one["id"] for one in listed] == [contract["id"]], "whose place another took still has it in its file"
    # What was before stays with who left: a finding of its time is still of its own, and they see it.
    early = finding_body(occurred_on="2026-02-20", behaviour="PER-01", kind="management")
    case = world.ask(COUNTY).post(f"{path}/findings", early, seen=contract["version"]).json()["case"]
    assert case["party"] == PARTY_A
    patrol = {"decision_types": ["order_to_correct"], "fine": None, "measures": []}
    case = world.case(COUNTY, case, "/notice", notice_body(proposed=patrol))
    assert world.ask("company-a").get(f"/cases/{case['id']}")["party"] == PARTY_A
    assert world.ask("company-b").look(f"/cases/{case['id']}").status_code == 404
    assert world.ask("company-b").get(path)["findings"] == [], "nor is the other told what was found of it"
    assert (world.ask("auditor").get(path, as_of="2026-03-01")["contractors"][0]["id"]) == A


def test_what_has_happened_meanwhile_is_told_and_leaves_a_trace(world: World) -> None:
    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    headers = {**world.ask("city-supervisor").headers, "Origin": "http://127.0.0.1:8000", "Accept": "text/html"}
    asked = finding_body(facts="砂浆强度不足", behaviour="PER-01", kind="management")
    world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"])
    before, form = len(world.reads()), {"reason": "汛期", "seen": str(contract["version"])}
    stale = world.client.post(f"/contracts/{contract['id']}/suspension", data=form, headers=headers)
    assert (stale.status_code, "砂浆强度不足" in stale.text) == (409, True)
    assert [row.kind for row in world.reads()[before:]] == ["timeline"]
