"""The stories of the domain, through HTTP alone, with every date that can be checked by hand."""

from __future__ import annotations

from typing import Any

from tests.web.office import (
    CITY,
    NAME_A,
    NAME_B,
    PARTY_A,
    PARTY_B,
    SUIXI,
    A,
    B,
    World,
    application,
    contract_body,
    counted,
    due_of,
    finding_body,
    kinds_of,
    notice_body,
    published,
    sanctioned,
    yuan,
)

COUNTY = "county-supervisor"


def open_now(world: World, contract: dict[str, Any]) -> list[str]:
    return kinds_of(world.ask(COUNTY).get(f"/contracts/{contract['id']}"))


def test_story_1_clean(any_world: World) -> None:
    world, me = any_world, any_world.ask(COUNTY)
    goods = contract_body(
        number="440823-SWJ-CG-2026-00003", name="水泵采购", type="CG",
        obligations=[{"ref": f"D{n}", "owed_by": "contractor", "title": f"第{n}批交货", "due_on": day}
                     for n, day in ((1, "2026-03-31"), (2, "2026-06-30"), (3, "2026-09-30"))],
        payments=[{"ref": f"P{n}", "after": f"D{n}", "value": yuan("300000.00"), "term_days": 30} for n in (1, 2, 3)], value=yuan("900000.00"))  # fmt: skip
    contract = me.post("/contracts", goods).json()
    # Under government-procurement law: published within 2 working days, filed within 7.
    assert due_of(contract, "contract_published") == ["2026-01-14"]
    assert due_of(contract, "contract_filed") == ["2026-01-21"]
    assert sorted(due_of(contract, "obligation")) == ["2026-03-31", "2026-06-30", "2026-09-30"]
    world.at("2026-01-13")
    contract = world.contract(COUNTY, contract, "/publication", {"url": "https://www.ccgp.gov.cn/htgg/1"})
    contract = world.contract(COUNTY, contract, "/filing", {"number": "BA-1"})
    for n, delivered, due, paid in ((1, "2026-03-30", "2026-04-29", "2026-04-20"), (2, "2026-06-29", "2026-07-29", "2026-07-29"),
                                    (3, "2026-09-28", "2026-10-28", "2026-10-20")):  # fmt: skip
        world.at(delivered)
        contract = world.contract(COUNTY, contract, "/checks", {"planned_on": delivered, "mode": "routine"})
        check = contract["checks"][-1]["id"]
        assert due_of(contract, "planned_check") == [delivered]
        result = {"inspectors": ["王五", "赵六"], "items": [{"code": "CK-04", "result": "pass", "note": "", "evidence": []}]}
        contract = world.contract(COUNTY, contract, f"/checks/{check}/result", result)
        contract = world.contract(COUNTY, contract, f"/obligations/D{n}/fulfilment", {"evidence": []})
        assert due_of(contract, "payment") == [due], "agreed term of 30 days after the delivery"
        world.at(paid)
        contract = world.contract(COUNTY, contract, "/payments", {"ref": f"P{n}", "value": yuan("300000.00")})
        assert due_of(contract, "payment") == []
    assert contract["status"] == "performing"
    assert contract["loops"] == []
    contract = world.contract(COUNTY, contract, "/completion", {})
    assert contract["status"] == "completed"
    assert kinds_of(contract) == ["settlement"]
    world.at("2026-10-30")
    contract = world.contract(COUNTY, contract, "/settlement", {"value": yuan("900000.00")})
    assert (contract["status"], contract["loops"]) == ("settled", [])
    assert me.get("/desk")["counts"]["all"] == 0
    # What was open then is still known now.
    then = me.get(f"/contracts/{contract['id']}", known_at="2026-07-01")
    assert then["status"] == "performing"
    assert due_of(then, "payment") == ["2026-07-29"]
    assert me.get(f"/contracts/{contract['id']}", as_of="2026-01-12")["payments_made"] == []


def test_story_2_cured(any_world: World) -> None:
    world = any_world
    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    world.at("2026-02-09")
    contract = world.contract(COUNTY, contract, "/checks", {"planned_on": "2026-02-09"})
    check = contract["checks"][0]["id"]
    result = {"inspectors": ["王五", "赵六"], "items": [{"code": "CK-03", "result": "fail", "note": "项目经理不在岗"}]}
    contract = world.contract(COUNTY, contract, f"/checks/{check}/result", result)
    asked = finding_body(behaviour="PER-01", kind="management", check=check, facts="关键岗位人员不在岗")
    case = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    noticed = notice_body(proposed={"decision_types": ["order_to_correct"], "fine": None, "measures": []})
    case = world.case(COUNTY, case, "/notice", noticed)
    window = next(one for one in case["loops"] if one["kind"] == "statement_window")
    assert (window["due"]["on"], window["due"]["count"], window["due"]["basis"]["status"]) == ("2026-02-14", 5, "unconfirmed")
    assert counted(window["due"]) == ["2026-02-10", "2026-02-11", "2026-02-12", "2026-02-13", "2026-02-14"], "the Saturday is a working day"
    case = world.case(COUNTY, case, "/rectification", {"due_on": "2026-03-02", "requirements": "项目经理到岗"})
    assert (case["status"], due_of(case, "rectification")) == ("rectifying", ["2026-03-02"])
    world.at("2026-02-26")
    case = world.case("company-a", case, "/rectification/report", {"text": "已到岗", "evidence": []})
    world.at("2026-02-27")
    case = world.case(COUNTY, case, "/rectification/result", {"passed": True})
    assert case["loops"] == []
    case = world.case(COUNTY, case, "/closure", {"reason": "整改到位"})
    assert (case["status"], case["sanctions"], case["loops"]) == ("closed", [], [])
    assert world.ask().get("/public/api/sanctions")["items"] == []
    assert world.ask("auditor").get(f"/parties/{PARTY_A}/standing")["records"] == []
    # The window was open through the Saturday, on both axes.
    assert due_of(world.ask(COUNTY).get(f"/cases/{case['id']}", as_of="2026-02-14"), "statement_window") == ["2026-02-14"]
    assert due_of(world.ask(COUNTY).get(f"/cases/{case['id']}", as_of="2026-02-15"), "statement_window") == []


def test_story_3_sanctioned_and_repaired(any_world: World) -> None:
    world = any_world
    case = sanctioned(world)
    decision = case["sanctions"][0]
    assert (decision["decided_on"], decision["national_class"], decision["repairable_from"]) == ("2026-04-29", "ordinary", "2026-07-29")
    assert decision["publicity"] == {"from": None, "last_day": "2027-04-29"}
    assert any(one["status"] == "unconfirmed" for one in decision["basis"]), "the threshold is unconfirmed, and says so"
    assert due_of(case, "publication") == due_of(case, "service") == ["2026-05-12"]
    receipt = next(one["due"] for one in case["loops"] if one["kind"] == "publication")
    assert (receipt["from"], receipt["count"], receipt["unit"], receipt["provisional"]) == ("2026-04-29", 7, "working_days", False)
    assert [one["on"] for one in receipt["days"] if one["why"] == "holiday"] == [f"2026-05-0{n}" for n in range(1, 6)]
    assert counted(receipt) == ["2026-04-30", "2026-05-06", "2026-05-07", "2026-05-08", "2026-05-09", "2026-05-11", "2026-05-12"]
    assert world.ask().get("/public/api/sanctions")["items"] == [], "decided, not yet published"
    world.at("2026-05-06")
    case = world.case(COUNTY, case, "/service", {"method": "direct", "repair_notice": True})
    case = world.case(COUNTY, case, "/publication", {})
    case = world.case(COUNTY, case, "/fulfilment", {"evidence": []})
    assert case["status"] == "published"
    shown = world.ask().get("/public/api/sanctions")
    assert shown["queried_at"] == "2026-05-06T09:00:00+08:00"
    assert [(one["document_number"], one["last_day"], one["decided_on"]) for one in shown["items"]] == [("遂水罚〔2026〕1号", "2027-04-29", "2026-04-29")]
    assert shown["items"][0]["party"] == {"scheme": "CN-USCC", "id": A, "name": NAME_A}
    # The last day runs to its midnight; then it is gone, event or no event.
    with_clock = world.at("2027-04-29T23:59:59+08:00").ask()
    assert len(with_clock.get("/public/api/sanctions")["items"]) == 1
    assert world.at("2027-04-30T00:00:00+08:00").ask().get("/public/api/sanctions")["items"] == []
    world.at("2026-07-29")
    digest = world.ask("company-a").bring()
    repair = world.ask("company-a").post("/repairs", application(decision["id"], digest, "2026-07-29")).json()
    assert (repair["status"], repair["due"]["on"], repair["step"], repair["of"], repair["waiting_for"]) == ("applied", "2026-08-03", 1, 5, "authority")
    assert repair["receipt"].startswith("XF-2026-")
    world.at("2026-07-30")
    repair = world.repair(COUNTY, repair, "/supplement-request", {"items": [{"kind": "fulfilment_proof", "reason": "看不清"}]})
    assert (repair["status"], repair["waiting_for"]) == ("supplement_requested", "applicant")
    world.at("2026-08-03")
    repair = world.repair("company-a", repair, "/supplement", {"documents": [{"kind": "fulfilment_proof", "digest": digest}]})
    assert repair["due"]["on"] == "2026-08-05", "07-31 and 08-03 are not counted"
    stopped = [one["on"] for one in repair["due"]["days"] if one["why"] == "clock_stopped"]
    assert stopped == ["2026-07-31", "2026-08-03"]
    assert counted(repair["due"]) == ["2026-07-30", "2026-08-04", "2026-08-05"]
    world.at("2026-08-05")
    repair = world.repair(COUNTY, repair, "/acceptance", {})
    assert (repair["due"]["on"], repair["due"]["basis"]["pack"]) == ("2026-08-14", "repair-2026")
    followed = world.ask().get(f"/public/api/applications/{repair['receipt']}", code=world.ask("company-a").get(f"/repairs/{repair['id']}")["code"])
    assert (followed["status"], followed["due"]["on"]) == ("accepted", "2026-08-14")
    world.at("2026-08-14")
    assert len(world.ask().get("/public/api/sanctions")["items"]) == 1
    repair = world.repair("decider2", repair, "/decision", {"outcome": "approved", "document_number": "遂水修〔2026〕1号", "grounds": "符合条件"})
    assert repair["status"] == "approved"
    assert world.ask().get("/public/api/sanctions")["items"] == [], "the public page drops it at once"
    assert world.ask().get(f"/public/api/parties/{PARTY_A}")["items"] == []
    case = world.ask("decider").get(f"/cases/{case['id']}")
    assert (case["status"], case["sanctions"][0]["status"]) == ("repaired", "repaired")
    assert len(repair["acknowledgements"]) == 3
    for n, one in enumerate(repair["acknowledgements"]):
        refused = world.ask(COUNTY).post(f"/cases/{case['id']}/closure", {"reason": "办结"}, seen=case["version"], status=422).json()
        assert refused["errors"][0]["code"] == "no_loop_is_open", f"after {n} of three"
        repair = world.repair(COUNTY, repair, "/acknowledgements", {"recipient": one["recipient"], "reference": f"R{n}"})
    assert (repair["status"], repair["loops"], repair["waiting_for"]) == ("synchronised", [], None)
    case = world.case(COUNTY, case, "/closure", {"reason": "办结"})
    assert (case["status"], case["loops"]) == ("closed", [])
    told = world.ask("auditor").get(f"/contracts/{case['contract']}/timeline")["items"]
    assert [one["on"] for one in told if one["topic"] in ("repair.applied/1", "repair.accepted/1", "repair.approved/1")] == [
        "2026-07-29",
        "2026-08-05",
        "2026-08-14",
    ]
    # Both axes: what the office knew on 2026-05-10, and what held then.
    for query in ({"known_at": "2026-05-10"}, {"as_of": "2026-05-10"}):
        assert world.ask("auditor").get(f"/cases/{case['id']}", **query)["status"] == "published"
    assert world.ask("auditor").get(f"/cases/{case['id']}", as_of="2027-05-01", known_at="2026-07-01")["sanctions"][0]["status"] == "expired"


def test_story_4_too_early(any_world: World) -> None:
    world = any_world
    case = published(world)
    sanction = case["sanctions"][0]["id"]
    world.at("2026-07-24")
    digest = world.ask("company-a").bring()
    asked = application(sanction, digest, "2026-07-24")
    early = world.ask("company-a").post("/repairs", asked, status=422).json()["errors"]
    assert [(one["code"], one["pointer"], one["earliest"]) for one in early] == [("repair_minimum_period_not_reached", "/sanction", "2026-07-29")]
    without = world.ask("company-a").post("/repairs", {"sanction": sanction}, status=422).json()["errors"]
    assert {one["code"] for one in without} == {"repair_minimum_period_not_reached", "papers_are_complete"}, "from when, and what to bring"
    repair = world.ask("company-a").post("/repairs?insist=true", asked).json()
    assert (repair["status"], repair["insisted"]) == ("applied", True)
    refused = world.ask(COUNTY).post(f"/repairs/{repair['id']}/acceptance", {}, seen=repair["version"], status=422).json()["errors"]
    assert refused[0]["earliest"] == "2026-07-29"
    repair = world.repair(COUNTY, repair, "/rejection", {"reason": "最短公示期未满"})
    assert repair["status"] == "rejected"
    assert repair["rejection"]["codes"] == ["repair_minimum_period_not_reached"]
    assert repair["rejection"]["earliest"] == "2026-07-29"
    repair = world.repair("company-a", repair, "/objections", {"grounds": "我们认为已满"})
    objection = repair["objection"]
    assert kinds_of(repair) == ["repair_objection"]
    repair = world.repair("decider2", repair, f"/objections/{objection}/decision", {"outcome": "rejected", "grounds": "未满三个月"})
    assert repair["loops"] == []


def test_story_5_objection_upheld_in_part(any_world: World) -> None:
    """A lower fine, its points reckoned anew, the public item corrected in 3 working days, the old version still provable."""
    world, company = any_world, any_world.ask("company-a")
    case = published(world)
    first = world.ask().get("/public/api/sanctions")["items"]
    assert [one["fine"]["amount"] for one in first] == ["30000.00"]
    world.at("2026-05-13")
    case = world.case("company-a", case, "/objections", {"grounds": "罚款过重", "evidence": []})
    objection = case["objections"][0]
    assert (objection["outcome"], due_of(case, "objection")) == (None, ["2026-05-20"]), "5 working days"
    assert [one["objection"] for one in world.ask().get("/public/api/sanctions")["items"]] == [True], "it stays public, with a mark"
    world.at("2026-05-20")
    path, answer = f"/objections/{objection['id']}/decision", {"outcome": "upheld_in_part", "fine": yuan("24000.00"), "grounds": "及时改正，从轻"}
    own = world.ask("decider").post(f"/cases/{case['id']}{path}", answer, seen=case["version"], status=422).json()
    assert "another_decider" in {one["code"] for one in own["errors"]}, "the decider of what is objected to does not answer"
    before = world.office.ledger.head()
    case = world.case("decider2", case, path, answer)
    decision = case["sanctions"][0]
    assert (case["objections"][0]["outcome"], case["objections"][0]["decided_on"]) == ("upheld_in_part", "2026-05-20")
    assert (decision["fine"]["amount"], decision["points"], decision["national_class"]) == ("24000.00", "3.0", "ordinary")
    assert [one["fine"]["amount"] for one in decision["versions"]] == ["30000.00"]
    assert (due_of(case, "withdrawal"), due_of(case, "objection")) == (["2026-05-25"], [])
    receipt = next(one["due"] for one in case["loops"] if one["kind"] == "withdrawal")
    assert (counted(receipt), receipt["basis"]["status"]) == (["2026-05-21", "2026-05-22", "2026-05-25"], "confirmed")
    world.at("2026-05-25")
    case = world.case(COUNTY, case, "/publication", {})
    assert due_of(case, "withdrawal") == []
    shown = world.ask().get("/public/api/sanctions")["items"]
    assert [(one["fine"]["amount"], one["last_day"], one["objection"]) for one in shown] == [("24000.00", "2027-04-29", False)]
    # The old version is still told, and still proved: from then, on either axis, and by the tree of the log.
    auditor = world.ask("auditor")
    for query in ({"known_at": "2026-05-19"}, {"as_of": "2026-05-19"}):
        then = auditor.get(f"/cases/{case['id']}", **query)["sanctions"][0]
        assert (then["fine"]["amount"], then["versions"]) == ("30000.00", [])
    told = [one for one in auditor.get(f"/contracts/{case['contract']}/timeline")["items"] if one["topic"] == "case.sanction_decided/1"]
    assert [one["position"] <= before for one in told] == [True]
    proof = auditor.get("/log/proof/inclusion", position=told[0]["position"])
    assert proof["position"] == told[0]["position"]
    assert company.get(f"/cases/{case['id']}")["sanctions"][0]["fine"]["amount"] == "24000.00"


def test_story_7_across_the_change_of_law(any_world: World) -> None:
    """Decided under Order 58, repaired under Order 36: each pack for its part."""
    world = any_world
    world.at("2025-06-02")
    contract = world.ask(COUNTY).post("/contracts", contract_body(signed_on="2025-06-02", starts_on="2025-06-02")).json()
    world.at("2025-11-20")
    asked = finding_body(occurred_on="2025-11-18")
    case = world.ask(COUNTY).post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    case = world.case(COUNTY, case, "/notice", notice_body(document_number="遂水告〔2025〕7号"))
    world.at("2025-12-01")
    case = world.case("legal", case, "/legal-review", {"opinion": "程序合法"})
    case = world.case("decider", case, "/confirmation", {"grounds": "证据充分"})
    world.at("2025-12-10")
    decided = {"document_number": "遂水罚〔2025〕7号", "decision_types": ["fine_larger"], "fine": yuan("30000.00"), "grounds": "工程质量不合格"}
    case = world.case("decider", case, "/sanction", decided)
    decision = case["sanctions"][0]
    assert (decision["repairable_from"], decision["publicity"]["last_day"]) == ("2026-03-10", "2028-12-10")
    assert "repair-2023" in {one["pack"] for one in decision["basis"]}
    for act, body in (("/service", {}), ("/publication", {}), ("/fulfilment", {"evidence": []})):
        case = world.case(COUNTY, case, act, body)
    world.at("2026-05-11")
    repair = world.ask("company-a").post("/repairs", application(decision["id"], world.ask("company-a").bring(), "2026-05-11")).json()
    assert (repair["due"]["basis"]["pack"], repair["due"]["on"]) == ("repair-2026", "2026-05-14")
    assert {one["pack"] for one in world.ask("decider").get(f"/cases/{case['id']}")["sanctions"][0]["basis"]} >= {"repair-2023"}


def test_story_6_the_authority_is_late(any_world: World) -> None:
    world = any_world
    terms = [{"ref": "P1", "after": "M1", "value": yuan("1000000.00"), "term_days": None}]
    contract = world.ask(COUNTY).post("/contracts", contract_body(payments=terms)).json()
    world.at("2026-04-20")
    contract = world.contract(COUNTY, contract, "/obligations/M1/fulfilment", {"evidence": []})
    assert due_of(contract, "payment") == ["2026-05-20"]
    me = world.ask("company-a")
    on_the_day = world.at("2026-05-20") and me.get(f"/contracts/{contract['id']}")["payments"][0]
    assert (on_the_day["state"], on_the_day["interest"]) == ("due", None)
    late = world.at("2026-05-21") and me.get(f"/contracts/{contract['id']}")["payments"][0]
    assert (late["state"], late["due"]["overdue"], late["interest"]["amount"]) == ("overdue", True, "500.00")
    later = world.at("2026-05-31") and me.get(f"/contracts/{contract['id']}")["payments"][0]
    assert later["interest"]["amount"] == "5500.00"
    assert world.ask(COUNTY).get(f"/contracts/{contract['id']}", as_of="2026-05-21")["payments"][0]["interest"]["amount"] == "500.00"
    receipt = me.get(f"/contracts/{contract['id']}/interest/P1")
    assert (len(receipt["interest"]["days"]), receipt["interest"]["days"][0], receipt["interest"]["days"][-1]["sum"]) == (
        11, {"on": "2026-05-21", "unpaid": "1000000.00", "interest": "500.00", "sum": "500.00"}, "5500.00")  # fmt: skip
    assert (receipt["due"]["on"], receipt["interest"]["basis"]["rule"]) == ("2026-05-20", "daily_interest")
    # The contractor records the finding; it is decided above the authority, and followed to rectification.
    authority = f"CN-USCC:{SUIXI}"
    asked = finding_body(behaviour="GOV-01", kind="management", party=authority, facts="逾期未付", contract_clause=None)
    case = me.post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    assert case["party"] == authority
    case = world.case(
        COUNTY,
        case,
        "/notice",
        notice_body(document_number="湛水告〔2026〕9号", proposed={"decision_types": ["order_to_correct"], "fine": None, "measures": []}),
    )
    world.at("2026-06-09")
    case = world.case("decider", case, "/confirmation", {"grounds": "付款凭证查明"})
    case = world.case("decider", case, "/rectification", {"due_on": "2026-06-30", "requirements": "付清本金和利息"})
    assert due_of(me.get(f"/contracts/{contract['id']}"), "rectification") == ["2026-06-30"], "the contractor sees it"
    assert world.ask("company-b").look(f"/cases/{case['id']}").status_code == 404
    world.at("2026-06-15")
    contract = world.contract(COUNTY, world.ask(COUNTY).get(f"/contracts/{contract['id']}"), "/payments", {"ref": "P1", "value": yuan("1000000.00")})
    paid = contract["payments"][0]
    assert (paid["state"], paid["interest"]["amount"], paid["interest"]["through"]) == ("paid", "12500.00", "2026-06-14"), "25 days, and no more"
    case = world.case(COUNTY, case, "/rectification/report", {"text": "本金和利息已付清", "evidence": []})
    case = world.case(COUNTY, case, "/rectification/result", {"passed": True})
    case = world.case(COUNTY, case, "/closure", {"reason": "已付清"})
    assert (me.get(f"/cases/{case['id']}")["status"], case["loops"]) == ("closed", [])
    # It stands in the authority's own record, which those above it, auditors and the office itself read; in no enterprise's, and not in public.
    own = world.ask("auditor").get(f"/parties/{authority}/authority-record")
    assert [(one["number"], one["behaviour"], one["status"]) for one in own["cases"]] == [(case["number"], "GOV-01", "closed")]
    assert (own["payments"][0]["ref"], own["payments"][0]["late_days"], own["payments"][0]["interest"]["amount"]) == ("P1", 26, "12500.00")
    assert world.ask(COUNTY).get(f"/parties/{authority}/authority-record")["totals"]["late"] == 1
    for who in ("company-a", "county2-supervisor"):
        assert world.ask(who).look(f"/parties/{authority}/authority-record").status_code == 404, who
    assert world.ask("auditor").get(f"/parties/{PARTY_A}/credit-file")["standing"]["records"] == []
    assert world.ask("auditor").get(f"/parties/{authority}/credit-file")["cases"] == []
    assert world.ask().look(f"/public/api/parties/{authority}").status_code in (200, 404)
    assert world.ask().get("/public/api/sanctions")["items"] == []


def test_story_8_late_truth(any_world: World) -> None:
    world = any_world
    terms = [{"ref": "P1", "value": yuan("100000.00"), "due_on": "2026-03-31"}]
    contract = world.ask(COUNTY).post("/contracts", contract_body(payments=terms)).json()
    world.at("2026-05-20")
    known = contract["version"]
    contract = world.contract(COUNTY, contract, "/payments", {"ref": "P1", "paid_on": "2026-03-30", "value": yuan("100000.00")})
    assert contract["version"] == known + 1
    me, path = world.ask(COUNTY), f"/contracts/{contract['id']}"
    before, now = me.get(path, known_at="2026-05-19"), me.get(path)
    assert (before["payments"][0]["state"], due_of(before, "payment")) == ("overdue", ["2026-03-31"])
    assert next(one for one in before["loops"] if one["kind"] == "payment")["due"]["overdue"]
    assert (now["payments"][0]["state"], due_of(now, "payment")) == ("paid", [])
    # Looked at from today, it was paid on the day; looked at from then, it was not.
    assert me.get(path, as_of="2026-05-01")["payments"][0]["state"] == "paid"
    assert me.get(path, as_of="2026-05-01", known_at="2026-05-19")["payments"][0]["state"] == "overdue"
    assert me.get(path, as_of="2026-03-29")["payments"][0]["state"] == "due"
    assert me.get("/desk", known_at="2026-05-19")["counts"]["overdue"] == me.get("/desk")["counts"]["overdue"] + 1

    def row(**at: str) -> dict[str, Any]:
        return next(one for one in me.get("/contracts", **at)["items"] if one["id"] == contract["id"])

    assert (row()["paid"]["amount"], row(known_at="2026-05-19")["paid"]["amount"]) == ("100000.00", "0.00")
    entry = me.get(f"{path}/timeline")["items"][-1]
    assert (entry["on"], entry["late_days"]) == ("2026-03-30", 51)


def test_story_8_what_rested_on_it_must_be_answered(any_world: World) -> None:
    world, me = any_world, any_world.ask("company-a")
    terms = [{"ref": "P1", "value": yuan("100000.00"), "due_on": "2026-03-31"}, {"ref": "P2", "value": yuan("100000.00"), "due_on": "2026-12-31"}]
    contract = world.ask(COUNTY).post("/contracts", contract_body(payments=terms)).json()
    world.at("2026-04-20")
    asked = finding_body(behaviour="GOV-01", kind="management", party=f"CN-USCC:{SUIXI}", facts="逾期未付", contract_clause=None)
    case = me.post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    correct = {"decision_types": ["order_to_correct"], "fine": None, "measures": []}
    case = world.case("decider", world.case(COUNTY, case, "/notice", notice_body(document_number="湛水告〔2026〕9号", proposed=correct)), "/hand-over",
                      {"to": "city-supervisor", "reason": "由市局办理"})  # fmt: skip
    world.at("2026-05-20")
    contract = world.ask(COUNTY).get(f"/contracts/{contract['id']}")
    # What is paid in time, or touches nothing that was found, touches nothing.
    contract = world.contract(COUNTY, contract, "/payments", {"ref": "P2", "paid_on": "2026-05-19", "value": yuan("1000.00")})
    assert "touched_decision" not in kinds_of(contract)
    contract = world.contract(COUNTY, contract, "/payments", {"ref": "P1", "paid_on": "2026-03-30", "value": yuan("100000.00")})
    assert due_of(contract, "touched_decision") == ["2026-06-03"] * 2, "10 working days"
    case = me.get(f"/cases/{case['id']}")
    assert [(one["what"], one["outcome"], one["fact"]["what"], one["fact"]["on"]) for one in case["touches"]] == [
        ("case.opened", None, "contract.payment_made", "2026-03-30"),
        ("case.notice_served", None, "contract.payment_made", "2026-03-30"),
    ]
    before = me.get(f"/cases/{case['id']}", known_at="2026-05-19")
    assert (before["touches"], "touched_decision" in kinds_of(before)) == ([], False)
    desk = world.ask("decider").get("/desk")
    assert [one["kind"] for group in ("overdue", "soon", "later") for one in desk[group]].count("touched_decision") == 2
    finding, notice = (one["id"] for one in case["touches"])
    decider = world.ask("decider")
    refused = decider.post(f"/cases/{case['id']}/touches/{finding}/answer", {"outcome": "corrected", "grounds": "x"}, seen=case["version"], status=422)
    assert [one["code"] for one in refused.json()["errors"]] == ["corrected_means_corrected"]
    world.ask(COUNTY).post(f"/cases/{case['id']}/touches/{finding}/answer", {"outcome": "stands", "grounds": "x"}, seen=case["version"], status=403)
    case = world.case("decider", case, f"/touches/{finding}/answer", {"outcome": "revoked", "grounds": "3月30日已经付清"})
    assert (case["status"], due_of(case, "touched_decision")) == ("dismissed", ["2026-06-03"]), "it falls with the answer"
    refused = world.ask("decider").post(f"/cases/{case['id']}/closure", {"reason": "办结"}, seen=case["version"], status=422).json()
    assert [one["code"] for one in refused["errors"]] == ["no_loop_is_open"], "not closed unanswered"
    case = world.case("decider", case, f"/touches/{notice}/answer", {"outcome": "stands", "grounds": "告知已随案件终结"})
    case = world.case("decider", case, "/closure", {"reason": "办结"})
    assert (case["status"], case["loops"], [one["outcome"] for one in case["touches"]]) == ("closed", [], ["revoked", "stands"])


def test_a_correction_touches_what_was_decided_on_it(world: World) -> None:
    case = published(world)
    world.at("2026-05-20")
    events = world.ask(COUNTY).get(f"/contracts/{case['contract']}/timeline")["items"]
    opened = next(one for one in events if one["topic"] == "case.opened/1")
    corrected = {"position": opened["position"], "field": "facts", "value": "强度合格，取样点错了", "reason": "检测报告更正"}
    case = world.case(COUNTY, world.ask(COUNTY).get(f"/cases/{case['id']}"), "/corrections", corrected)
    assert [one["what"] for one in case["touches"]] == ["case.notice_served", "case.breach_confirmed", "case.sanction_decided", "case.sanction_published"]
    touches = [one["id"] for one in case["touches"]]
    case = world.case("decider2", case, f"/touches/{touches[2]}/answer", {"outcome": "revoked", "grounds": "事实不清"})
    assert (case["sanctions"][0]["status"], "withdrawal" in kinds_of(case)) == ("revoked", True), "the publication is to be withdrawn"


def test_story_9_deadlines_over_holidays(any_world: World) -> None:
    """7 working days (the filing of a procurement contract) over the autumn, the spring festival and the year's end."""
    world = any_world
    for n, (signed, due, provisional) in enumerate(
        (("2026-02-09", "2026-02-25", False), ("2026-09-24", "2026-10-12", False), ("2026-12-29", "2027-01-08", True))
    ):
        world.at(signed)
        body = contract_body(number=f"CG-{n}", type="CG", signed_on=None, starts_on=None, ends_on=None, obligations=[], payments=[])
        contract = world.ask(COUNTY).post("/contracts", body).json()
        due = next(one["due"] for one in contract["loops"] if one["kind"] == "contract_filed") if due else None
        assert contract["signed_on"] == signed, "an omitted day is today"
        assert due is not None
        assert (due["from"], due["on"], due["provisional"], len(counted(due))) == (
            signed,
            {0: "2026-02-25", 1: "2026-10-12", 2: "2027-01-08"}[n],
            provisional,
            7,
        )
        assert {one["why"] for one in due["days"]} <= {"counted", "rest_day", "holiday", "make_up"}


def test_story_10_consortium_and_a_renamed_firm(any_world: World) -> None:
    world = any_world
    both = [{"scheme": "CN-USCC", "id": A, "name": NAME_A, "size": "small", "lead": True},
            {"scheme": "CN-USCC", "id": B, "name": NAME_B, "size": "medium", "lead": False}]  # fmt: skip
    contract = world.ask(COUNTY).post("/contracts", contract_body(contractors=both)).json()
    case = published(world, contract=contract)
    auditor = world.ask("auditor")
    at_fault, other = (auditor.get(f"/parties/{party}/credit-file") for party in (PARTY_A, PARTY_B))
    assert [one["document_number"] for one in at_fault["standing"]["records"]] == ["遂水罚〔2026〕1号"]
    assert at_fault["standing"]["points"] == "3.0"
    assert (other["standing"]["records"], other["standing"]["points"], other["cases"]) == ([], "0.0", [])
    assert [one["id"] for one in other["contracts"]] == [contract["id"]], "it is in the contract, and clean"
    # The other partner sees the contract, nothing of the case.
    partner = world.ask("company-b")
    seen = partner.get(f"/contracts/{contract['id']}")
    assert (seen["findings"], seen["cases"]) == ([], [])
    assert partner.look(f"/cases/{case['id']}").status_code == 404
    assert "QLT-01" not in partner.look(f"/contracts/{contract['id']}/timeline").text
    assert "QLT-01" not in partner.look(f"/contracts/{contract['id']}/events").text
    party = auditor.get(f"/parties/{PARTY_A}")
    world.at("2026-06-01")
    renamed = (
        world.ask(COUNTY).post(f"/parties/{PARTY_A}/renaming", {"name": "湛江市新名水利有限公司", "renamed_on": "2026-06-01"}, seen=party["version"]).json()
    )
    assert renamed["name"] == "湛江市新名水利有限公司"
    later = auditor.get(f"/parties/{PARTY_A}/credit-file")
    assert (later["id"], len(later["standing"]["records"])) == (A, 1), "its history stays under one code"
    assert later["contracts"][0]["contractors"][0]["name"] == NAME_A, "as named in the contract"
    assert [one["party"]["name"] for one in world.ask().get("/public/api/sanctions")["items"]] == ["湛江市新名水利有限公司"]
    for query in ({"as_of": "2026-05-31"}, {"known_at": "2026-05-31"}):
        assert auditor.get(f"/parties/{PARTY_A}", **query)["name"] == NAME_A
    assert auditor.get("/parties", q="试例")["total"] == auditor.get("/parties", q="新名")["total"] == 1, "found under either name"
    assert CITY
