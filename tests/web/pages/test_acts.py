"""Pages of acts: filled, refused, stale, sent twice, not one's role, not one's county; drafts, files, rows."""

import re
from typing import Any

import pytest

from tests.web.pages.town import AUTHORITY, COMPANY, JPEG, NOTICE, Form, Town, words
from web.pages.acts import ALL
from web.places import page_path

KEEPER = {"supervisor": "county", "decider": "decider", "legal": "legal", "chair": "chair", "applicant": "company"}
SANCTION = {"document_number": "遂水罚〔2026〕1号", "grounds": "证据确凿"}


def contract_form(town: Town) -> dict[str, Any]:
    return Form(town.browser("county").get("/contracts/new").text).filled(
        number="440823-SWJ-SG-2026-00099", name="测试合同", type="SG", authority__id=AUTHORITY.split(":")[1], authority__name="遂溪县水务局",
        contractors__0__id=COMPANY.split(":")[1], contractors__0__name="湛江市试例水利工程有限公司", value__amount="１００", value__unit="wan")  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_act_has_its_page(town: Town, lang: str) -> None:
    case = town.ready_for_sanction()
    ids = {"contracts": case["contract"], "cases": case["id"], "parties": COMPANY}
    browsers = {who: town.browser(who, lang) for who in set(KEEPER.values())}
    rows = [one for one in ALL if one.page is not None and (one.on in ids or not one.path)]
    assert len(rows) > 50
    for one in rows:
        id = AUTHORITY if one.path.startswith("/disclosures") else ids.get(one.on)  # an authority's own
        path = page_path(one).format(id=id, check="0", ref="M1", objection="0", measure="M-03", touch="0", loop="0")
        page = browsers[KEEPER[one.roles[0]]].get(path)
        assert page.status_code == 200, path
        assert page.text.count("<h1>") == 1
        assert ('id="act"' in page.text) or ("note late" in page.text)


def test_a_contract_is_signed_and_said_so(town: Town) -> None:
    browser = town.browser("county")
    answer = browser.post("/contracts/new", data=contract_form(town) | {"signed_on": "2026.1.3", "starts_on": "2026年1月15日"})
    assert answer.status_code == 303
    page = browser.get(answer.headers["location"])
    assert "已办理：登记合同" in page.text
    made = town.get("county", "/contracts/440823-SWJ-SG-2026-00099")
    assert made["value"] == {"amount": "1000000.00", "currency": "CNY"}
    assert made["signed_on"] == "2026-01-03"
    assert made["starts_on"] == "2026-01-15"


def test_refused_it_comes_back_filled_with_each_place_named(town: Town) -> None:
    data = contract_form(town) | {"contractors-0-id": "91440800MA4X00000X", "name": "<b>清淤</b>"}
    answer = town.browser("county").post("/contracts/new", data=data)
    assert answer.status_code == 422
    assert 'href="#f-contractors"' in answer.text or 'href="#f-contractors-0-id"' in answer.text
    assert 'role="alert"' in answer.text
    assert Form(answer.text).filled()["name"] == "<b>清淤</b>"
    assert "<b>清淤</b>" not in answer.text, "what was typed is text"
    assert Form(answer.text).filled()["idempotency"] == data["idempotency"]
    assert town.get("county", "/contracts")["total"] == 0


def test_a_rule_is_told_with_its_clause_at_its_place(town: Town) -> None:
    case = town.ready_for_sanction()
    browser, path = town.browser("decider"), f"/cases/{case['id']}/sanction"
    data = Form(browser.get(path).text).filled(**SANCTION, fine__amount="9", fine__unit="wan")
    answer = browser.post(path, data=data)
    assert answer.status_code == 422
    assert 'href="#f-fine"' in answer.text
    assert "建设工程质量管理条例第六十四条" in answer.text
    again = Form(answer.text).filled()
    assert (again["fine-amount"], again["fine-unit"], again["grounds"]) == ("9", "wan", "证据确凿")


def test_sent_twice_it_happens_once(town: Town) -> None:
    browser, data = town.browser("county"), contract_form(town)
    first = browser.post("/contracts/new", data=data)
    second = browser.post("/contracts/new", data=data)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert "没有重复登记" in browser.get(second.headers["location"]).text
    other = browser.post("/contracts/new", data={**data, "number": "440823-SWJ-SG-2026-00100"})
    assert other.status_code == 422
    assert Form(other.text).filled()["idempotency"] != data["idempotency"]
    assert town.get("county", "/contracts")["total"] == 1


def test_stale_it_shows_what_changed_and_keeps_what_was_typed(town: Town) -> None:
    case = town.ready_for_sanction()
    browser, path = town.browser("decider"), f"/cases/{case['id']}/sanction"
    data = Form(browser.get(path).text).filled(**SANCTION)
    town.act("county", case, "/rectification", {"requirements": "补做抗压试验"})
    answer = browser.post(path, data=data)
    assert answer.status_code == 409
    assert "补做抗压试验" in words(answer.text)
    again = Form(answer.text).filled()
    assert again["grounds"] == "证据确凿"
    assert int(again["seen"]) == case["version"] + 1
    done = browser.post(path, data=again)
    assert done.status_code == 303
    assert town.get("decider", f"/cases/{case['id']}")["status"] == "sanctioned"


def test_without_the_version_that_was_looked_at_nothing_is_done(town: Town) -> None:
    case = town.ready_for_sanction()
    browser, path = town.browser("decider"), f"/cases/{case['id']}/sanction"
    data = Form(browser.get(path).text).filled(**SANCTION)
    del data["seen"]
    assert browser.post(path, data=data).status_code == 409


def test_not_ones_role_and_not_ones_county(town: Town) -> None:
    case = town.ready_for_sanction()
    path = f"/cases/{case['id']}/sanction"
    for who, status in (("county", 403), ("auditor", 403), ("company", 403), ("county2", 404), ("administrator", 404)):
        assert town.browser(who).get(path).status_code == status, who
        assert town.browser(who).post(path, data=SANCTION).status_code == status, who
    assert town.browser("decider").get("/contracts/new").status_code == 403
    assert town.browser("county").get("/cases/nothing/notice").status_code == 404


def test_a_stranger_is_led_to_the_door(town: Town) -> None:
    browser = town.browser("county")
    browser.cookies.clear()
    answer = browser.get("/contracts/new")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=/contracts/new"
    assert browser.post("/contracts/new", data={}).status_code == 401


def test_what_a_sanction_will_weigh_stands_beside_it(town: Town) -> None:
    case = town.ready_for_sanction()
    page = words(town.browser("decider").get(f"/cases/{case['id']}/sanction").text)
    assert "提交后会发生什么" in page
    assert re.search(r"决定送达，由监管员办，期限到 5月12日", page), "as the API will say: 7 working days from 29 April"
    assert "扣 3.0 分" in page
    assert "公示到 2027年4月29日" in page
    assert "未确认" in page
    english = words(town.browser("decider", "en").get(f"/cases/{case['id']}/sanction").text)
    assert "3.0 points are deducted" in english


def test_measures_without_a_basis_today_are_not_offered(town: Town) -> None:
    case = town.ready_for_sanction()
    names = re.findall(r'name="measures" value="([^"]+)"', town.browser("decider").get(f"/cases/{case['id']}/sanction").text)
    with town.office.looking():
        book = town.office.book
    assert names
    assert all(book.measure_basis(name, town.office.today) for name in names)


def test_who_recorded_it_is_told_that_they_do_not_decide(town: Town) -> None:
    case = town.case()
    page = town.browser("decider").get(f"/cases/{case['id']}/sanction")
    assert page.status_code == 200
    assert "现在不能办理这一项" in page.text
    assert 'id="act"' not in page.text


def test_photos_are_kept_when_the_form_is_refused(town: Town) -> None:
    contract = town.contract()
    town.at("2026-04-08")
    browser, path = town.browser("county"), f"/contracts/{contract['id']}/findings"
    data = Form(browser.get(path).text).filled(behaviour="QLT-01", kind="administrative", party=COMPANY, facts="")
    refused = browser.post(path, data=data, files={"evidence": ("现场.jpg", JPEG, "image/jpeg")})
    assert refused.status_code == 422
    assert "现场.jpg" in refused.text
    again = Form(refused.text).filled(facts="混凝土强度不足")
    assert again["evidence-kept"].startswith("sha256:")
    done = browser.post(path, data=again)
    assert done.status_code == 303
    assert done.headers["location"].startswith("/cases/")
    case = town.get("county", "/cases/" + done.headers["location"].rpartition("/")[2])
    assert case["evidence"] == [again["evidence-kept"]]


def test_a_file_that_may_not_come_in_is_named(town: Town) -> None:
    contract = town.contract()
    browser, path = town.browser("county"), f"/contracts/{contract['id']}/findings"
    data = Form(browser.get(path).text).filled(behaviour="QLT-01", kind="administrative", party=COMPANY, facts="x")
    answer = browser.post(path, data=data, files={"evidence": ("x.jpg", b"", "image/jpeg")})
    assert answer.status_code == 422
    assert "#f-evidence" in answer.text


def test_rows_are_added_and_dropped_without_script(town: Town) -> None:
    browser, data = town.browser("county"), contract_form(town)
    page = browser.post("/contracts/new", data={**data, "add": "obligations"})
    assert page.status_code == 200
    more = Form(page.text).filled(obligations__0__title="一期")
    assert more["name"] == "测试合同"
    two = Form(browser.post("/contracts/new", data={**more, "add": "obligations"}).text).filled()
    assert two["obligations-0-title"] == "一期"
    assert "obligations-1-title" in two
    one = Form(browser.post("/contracts/new", data={**two, "drop": "obligations-0"}).text).filled()
    assert one["obligations-0-title"] == ""
    assert "obligations-1-title" not in one


def test_a_draft_waits_and_goes_when_it_is_sent(town: Town) -> None:
    browser, data = town.browser("county"), contract_form(town)
    kept = browser.post("/contracts/new", data={**data, "draft": "1", "value-amount": "未定"})
    assert kept.status_code == 303
    page = browser.get("/contracts/new")
    assert "草稿" in page.text
    again = Form(page.text).filled()
    assert (again["name"], again["value-amount"]) == ("测试合同", "未定")
    assert Form(town.browser("city").get("/contracts/new").text).filled()["name"] == "", "a draft is its writer's"
    assert browser.post("/contracts/new", data={**again, "value-amount": "1"}).status_code == 303
    assert Form(browser.get("/contracts/new").text).filled()["name"] == ""
    browser.post("/contracts/new", data={**data, "draft": "1"})
    assert browser.post("/contracts/new", data={"discard": "1"}).status_code == 303
    assert Form(browser.get("/contracts/new").text).filled()["name"] == ""


def test_a_check_is_recorded_item_by_item(town: Town) -> None:
    contract = town.contract()
    contract = town.post("county", f"/contracts/{contract['id']}/checks", {"planned_on": "2026-02-10", "mode": "routine"}, contract["version"])
    town.at("2026-02-10")
    browser, path = town.browser("county"), f"/contracts/{contract['id']}/checks/{contract['check']}/result"
    data = Form(browser.get(path).text).filled(inspectors="张三\n李四")
    assert data["items-0-result"] == "not_checked"
    done = browser.post(path, data={**data, "items-0-result": "fail", "items-0-note": "缺勤"}, files={"items-0-evidence": ("a.jpg", JPEG, "image/jpeg")})
    assert done.status_code == 303
    check = town.get("county", f"/contracts/{contract['id']}")["checks"][0]
    assert check["items"][0]["result"] == "fail"
    assert len(check["items"][0]["evidence"]) == 1
    assert {one["result"] for one in check["items"][1:]} == {"not_checked"}


def test_one_inspector_is_too_few(town: Town) -> None:
    contract = town.contract()
    contract = town.post("county", f"/contracts/{contract['id']}/checks", {"planned_on": "2026-01-12", "mode": "routine"}, contract["version"])
    browser, path = town.browser("county"), f"/contracts/{contract['id']}/checks/{contract['check']}/result"
    answer = browser.post(path, data=Form(browser.get(path).text).filled(inspectors="张三"))
    assert answer.status_code == 422
    assert "#f-inspectors" in answer.text


def test_too_early_a_repair_is_told_from_when_and_may_be_insisted_on(town: Town) -> None:
    case = town.sanctioned()
    browser = town.browser("city")
    path = f"/repairs/new?sanction={case['sanctions'][0]['id']}"
    data = Form(browser.get(path).text).filled(commitment__text="承诺今后严格履约")
    files = {"fulfilment_proof": ("缴款书.jpg", JPEG, "image/jpeg")}
    answer = browser.post(path, data=data, files=files)
    assert answer.status_code == 422
    assert "最早" in answer.text
    assert "7月29日" in words(answer.text)
    again = Form(answer.text).filled(insist="true")
    done = browser.post(path, data=again)
    assert done.status_code == 303
    assert done.headers["location"].startswith("/repairs/")


def test_an_applicant_goes_back_to_their_own_pages(town: Town) -> None:
    case = town.act("county", town.case(), "/notice", NOTICE)
    browser, path = town.browser("company"), f"/cases/{case['id']}/statement"
    page = browser.get(path)
    assert f'href="/my/cases/{case["id"]}"' in page.text
    done = browser.post(path, data=Form(page.text).filled(text="我们认错"))
    assert done.headers["location"] == f"/my/cases/{case['id']}"


def test_a_payment_is_filled_with_what_is_left(town: Town) -> None:
    contract = town.contract()
    form = Form(town.browser("county").get(f"/contracts/{contract['id']}/payments?ref=P1").text).filled()
    assert (form["ref"], form["value-amount"]) == ("P1", "1000000.00")


def test_reading_a_case_at_its_act_is_on_record(town: Town) -> None:
    case = town.ready_for_sanction()
    before = len(town.office.recorder.reads(None, 1000))
    town.browser("decider").get(f"/cases/{case['id']}/sanction")
    assert len(town.office.recorder.reads(None, 1000)) > before
