"""Credit commitments: listed, recorded, reported, kept and broken, at pages and by the interface, to whom they concern."""

from __future__ import annotations

from typing import Any

from tests.web.office import PARTY_A, PARTY_B, SUIXI, World, contract_body
from tests.web.pages.reading import applied, look, published, read, words

COUNTY = "county-supervisor"
WAGES: dict[str, Any] = {
    "kind": "09", "party": PARTY_A, "received_by": f"CN-USCC:{SUIXI}", "matter": "农民工工资", "text": "按月足额支付", "liability": "记入信用档案",
    "ends_on": "2026-06-30",
}  # fmt: skip


def made(world: World, **more: Any) -> dict[str, Any]:
    contract = world.ask(COUNTY).post("/contracts", contract_body()).json()
    told: dict[str, Any] = world.ask(COUNTY).post("/commitments", {**WAGES, "contract": contract["number"], **more}).json()
    return told


def act(world: World, who: str, one: dict[str, Any], path: str, body: dict[str, Any], status: int | None = None) -> dict[str, Any]:
    told: dict[str, Any] = world.ask(who).post(f"/commitments/{one['id']}{path}", body, seen=one["version"], status=status).json()
    return told


def test_what_is_promised_with_an_application_is_listed_by_itself(world: World) -> None:
    assert "还没有信用承诺" in read(world, COUNTY, "/commitments")
    repair = applied(world, published(world))
    (row,) = world.ask(COUNTY).get("/commitments", status="open", kind="03", party=PARTY_A)["items"]
    assert (row["repair"], row["party"], row["matter"]) == (repair["id"], PARTY_A, repair["document_number"])
    assert row["number"] in words(read(world, "auditor", "/commitments"))
    assert "replaces" not in words(read(world, "auditor", "/commitments", "en"))
    assert "for a repair application" in words(read(world, "auditor", "/commitments", "en"))
    assert "没有找到" in words(read(world, COUNTY, "/commitments?status=broken"))
    assert row["number"] in words(read(world, COUNTY, "/commitments?q=试例水利"))
    page = words(read(world, COUNTY, f"/commitments/{row['id']}"))
    assert repair["commitment"]["text"] in page
    assert "365" in page or "2027" in page
    assert f"/commitments/{row['id']}" in read(world, COUNTY, f"/repairs/{repair['id']}")
    assert row["number"] in read(world, COUNTY, f"/parties/{PARTY_A}")
    (filed,) = world.ask(COUNTY).get(f"/parties/{PARTY_A}/credit-file")["commitments"]
    assert filed["id"] == row["id"]
    assert row["number"] in read(world, "company-a", "/my")
    before = world.ask(COUNTY).get("/commitments", known_at="2026-07-28")
    assert (before["items"], before["total"]) == ([], 0)
    assert row["number"] in look(world, COUNTY, "/commitments.csv").text
    assert world.ask(COUNTY).get("/statistics")["commitments"] == {"open": 1}
    world.repair("company-a", repair, "/withdrawal", {})
    assert world.ask(COUNTY).get(f"/commitments/{row['id']}")["status"] == "withdrawn"


def test_it_is_recorded_reported_and_kept(world: World) -> None:
    one = made(world)
    assert (one["status"], one["received_by"], one["region"]) == ("open", f"CN-USCC:{SUIXI}", "440823")
    (loop,) = one["loops"]
    assert (loop["kind"], loop["owed_by"], loop["due"]["on"], loop["due"]["basis"]["clause"]) == ("commitment", "party", "2026-06-30", "承诺书写明")
    assert "信用承诺" in words(read(world, "company-a", "/my"))
    receipt = world.ask(COUNTY).get(f"/commitments/{one['id']}/deadlines/{loop['id']}")
    assert receipt["loop"]["due"]["on"] == "2026-06-30"
    assert "2026-06-30" in read(world, COUNTY, f"/commitments/{one['id']}/deadlines/{loop['id']}").replace("年", "-").replace("月", "-")
    assert f"/commitments/{one['id']}/report" in read(world, "company-a", f"/commitments/{one['id']}")
    world.at("2026-05-06")
    one = act(world, "company-a", one, "/report", {"text": "已付清"})
    assert (one["status"], [each["kind"] for each in one["loops"]]) == ("reported", ["commitment_review"])
    desk = world.ask(COUNTY).get("/desk")
    assert [each["subject"] for group in ("soon", "later") for each in desk[group] if each["kind"] == "commitment_review"] == [
        f"/api/v1/commitments/{one['id']}"
    ]
    assert f"/commitments/{one['id']}/fulfilment" in read(world, COUNTY, "/?show=later") + read(world, COUNTY, "/?show=soon")
    one = act(world, COUNTY, one, "/fulfilment", {"note": "属实"})
    assert (one["status"], one["loops"], one["may"]) == ("kept", [], ["revocation"])
    why = world.ask(COUNTY).get(f"/commitments/{one['id']}", why="status")
    assert [each["topic"] for each in why["events"]] == ["commitment.made/1", "commitment.kept/1"]
    assert "commitment.kept" in str(world.ask("auditor").get("/feed")) or "兑现" in words(read(world, "auditor", "/audit?chapter=commitment"))


def test_a_broken_one_is_found_by_another_person(world: World) -> None:
    one = made(world)
    refused = world.ask(COUNTY).post(f"/commitments/{one['id']}/breach", {"facts": "拖欠"}, seen=one["version"], status=422).json()
    assert [each["code"] for each in refused["errors"]] == ["another_person_judges_it"]
    one = act(world, "decider", one, "/breach", {"facts": "拖欠两个月"})
    assert one["status"] == "broken"
    page = read(world, COUNTY, f"/commitments/{one['id']}")
    assert "CMT-01" in page
    assert "违诺" in words(read(world, "company-a", f"/commitments/{one['id']}"))
    assert "Broken" in words(read(world, "company-a", f"/commitments/{one['id']}", "en"))
    one = act(world, "decider2", one, "/revocation", {"reason": "由总包代付"})
    assert (one["status"], one["breach"]) == ("open", None)


def test_it_is_for_its_party_and_its_region_alone(world: World) -> None:
    one = made(world)
    here = f"/commitments/{one['id']}"
    for who in ("company-b", "county2-supervisor"):
        assert look(world, who, here).status_code == 404
        assert world.ask(who).get("/commitments")["items"] == []
    assert look(world, "administrator", "/commitments").status_code == 403
    before = len(world.reads())
    read(world, "auditor", here)
    assert ("commitment", one["id"]) in [(row.kind, row.subject) for row in world.reads()[before:]]
    wrong = world.ask(COUNTY).post("/commitments", {**WAGES, "party": PARTY_B}, status=422).json()
    assert [each["code"] for each in wrong["errors"]] == ["promising_party_is_known"]
    wrong = world.ask(COUNTY).post("/commitments", {**WAGES, "contract": "没有"}, status=422).json()
    assert [(each["code"], each["pointer"]) for each in wrong["errors"]] == [("contract_of_commitment_is_known", "/contract")]


def test_its_form_and_its_correction(world: World) -> None:
    one = made(world)
    form = read(world, COUNTY, "/commitments/new")
    assert "遂水" in form or "遂溪县水务局" in form
    assert 'value="09"' in form
    page = read(world, COUNTY, f"/commitments/{one['id']}")
    assert f"/commitments/{one['id']}/corrections?position=" in page
    asked = {"position": one["position"], "field": "matter", "value": "工资", "reason": "写错"}
    told = act(world, COUNTY, one, "/corrections", asked)
    assert told["matter"] == "工资"


def test_an_act_says_whose_commitment_it_is_and_what_it_rests_on(world: World) -> None:
    one = made(world)
    for who, path in (("decider", "breach"), (COUNTY, "fulfilment"), ("company-a", "report")):
        page = words(read(world, who, f"/commitments/{one['id']}/{path}"))
        assert f"信用承诺 {one['number']} · 湛江市试例水利工程有限公司 · 农民工工资" in page, path
        assert "这一步依据的规则" in page, path
