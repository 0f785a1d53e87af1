"""The page of a correction: from the timeline to the new wording; who may, what is refused, what is kept."""

from __future__ import annotations

import re
from typing import Any

import pytest

from domain.corrections.rules import BIRTH, DECISIONS, OWN
from domain.events import KINDS
from tests.web.pages.town import COMPANY, JPEG, Form, Town, words
from web.acts.wordings import LABELS

LINK = re.compile(r'href="(/(?:contracts|cases|repairs|parties)/[0-9A-Za-z:-]+/corrections\?position=\d+)"')


def paid(town: Town) -> Any:
    """A contract whose one payment was recorded on 2026-05-20, as made that day."""
    terms = [{"ref": "P1", "value": {"amount": "100000.00", "currency": "CNY"}, "due_on": "2026-03-31"}]
    made = town.contract(payments=terms)
    town.at("2026-05-20")
    return town.post("county", f"/contracts/{made['id']}/payments", {"ref": "P1", "value": {"amount": "100000.00", "currency": "CNY"}}, made["version"])


def page_of(town: Town, contract: Any, topic: str) -> str:
    told = town.get("county", f"/contracts/{contract['id']}/timeline")["items"]
    position = next(one["position"] for one in reversed(told) if one["topic"].startswith(topic))
    return f"/contracts/{contract['id']}/corrections?position={position}"


def test_from_the_timeline_to_the_new_wording(town: Town) -> None:
    contract, browser = paid(town), town.browser("county")
    address = page_of(town, contract, "contract.payment_made")
    assert address in LINK.findall(browser.get(f"/contracts/{contract['id']}").text)
    page = browser.get(address)
    assert page.status_code == 200
    assert re.search(r"甲方支付 10(\.00)? 万元（P1）。", words(page.text))
    assert "付款日期（现为：2026年5月20日（周三））" in page.text
    chosen = browser.get(f"{address}&field=paid_on")
    assert Form(chosen.text).filled()["value"] == "2026-05-20", "what stands is changed in its place"
    answer = browser.post(address, data=Form(chosen.text).filled(value="2026年3月30日", reason="银行回单写明"))
    assert answer.status_code == 303, words(answer.text)
    assert answer.headers["location"] == f"/contracts/{contract['id']}"
    assert town.get("county", f"/contracts/{contract['id']}")["payments"][0]["paid_on"] == "2026-03-30"
    assert "更正（银行回单写明）" in browser.get(answer.headers["location"]).text


@pytest.mark.parametrize(("field", "typed", "wanted"), [("value", "９万元", "90000.00"), ("value", "¥80,000", "80000.00")])
def test_sums_are_read_as_people_write_them(town: Town, field: str, typed: str, wanted: str) -> None:
    contract, browser = paid(town), town.browser("county")
    address = page_of(town, contract, "contract.payment_made")
    answer = browser.post(address, data=Form(browser.get(address).text).filled(field=field, value=typed, reason="少写了"))
    assert answer.status_code == 303, words(answer.text)
    assert town.get("county", f"/contracts/{contract['id']}")["payments_made"][0]["value"]["amount"] == wanted


@pytest.mark.parametrize(("field", "typed", "said"), [
    ("paid_on", "昨天", "这个值不能作为 付款日期"), ("paid_on", "2027-01-01", "还没有到"), ("paid_on", "2026-05-20", "和原来一样"),
    ("paid_on", "", "这个值不能作为 付款日期"), ("value", "许多", "这个值不能作为 金额"), ("", "2026-03-30", "必须填写"), ("by", "x", "没有"),
])  # fmt: skip
def test_refused_it_keeps_what_was_typed(town: Town, field: str, typed: str, said: str) -> None:
    contract, browser = paid(town), town.browser("county")
    address = page_of(town, contract, "contract.payment_made")
    answer = browser.post(address, data=Form(browser.get(address).text).filled(field=field, value=typed, reason="银行回单"))
    assert answer.status_code == 422
    assert said in words(answer.text)
    kept = Form(answer.text).filled()
    assert (kept["value"], kept["reason"]) == (typed, "银行回单")
    assert town.get("county", f"/contracts/{contract['id']}")["version"] == contract["version"]


def test_words_stand_for_codes_in_either_language(town: Town) -> None:
    case = town.sanctioned()
    browser = town.browser("county", "en")
    address = next(one for one in LINK.findall(browser.get(f"/cases/{case['id']}").text) if "served the notice" in browser.get(one).text)
    for typed, status, stands in (("by pigeon", 422, "direct"), ("by post", 303, "post"), ("电子送达", 303, "electronic"), ("public", 303, "public")):
        answer = browser.post(address, data=Form(browser.get(address).text).filled(field="method", value=typed, reason="slip"))
        assert answer.status_code == status, (typed, words(answer.text))
        assert town.get("county", f"/cases/{case['id']}")["notice"]["method"] == stands


def test_who_may_and_what_is_not_there(town: Town) -> None:
    contract = paid(town)
    address = page_of(town, contract, "contract.payment_made")
    who = {"county": 200, "city": 200, "county2": 404, "decider": 403, "company": 403, "auditor": 403}
    assert {name: town.browser(name).get(address).status_code for name in who} == who
    base = address.partition("?")[0]
    for position in ("999999", "0", "x", "１"):
        assert town.browser("county").get(f"{base}?position={position}").status_code == 404, position
    assert "先在时间线上选" in town.browser("county").get(base).text
    assert not LINK.findall(town.browser("decider").get(f"/contracts/{contract['id']}").text)
    assert not LINK.findall(town.browser("county").get(f"/contracts/{contract['id']}?as_of=2026-05-20").text), "nobody corrects while looking back"


def test_what_one_said_who_reviewed_is_theirs_alone_and_decisions_are_nobodys(town: Town) -> None:
    case = town.sanctioned()
    path = f"/cases/{case['id']}"
    told = {one.event.topic.partition("/")[0]: one.position for one in town.office.ledger.after(0, 10_000)}
    review, decision = (f"{path}/corrections?position={told[name]}" for name in ("case.legal_review_passed", "case.sanction_decided"))
    assert LINK.findall(town.browser("legal").get(path).text) == [review]
    assert review not in LINK.findall(town.browser("county").get(path).text)
    assert [town.browser(who).get(review).status_code for who in ("legal", "county", "decider")] == [200, 403, 403]
    assert decision not in LINK.findall(town.browser("county").get(path).text)
    page = town.browser("county").get(decision)
    assert (page.status_code, "决定和由决定产生的记录不能更正" in page.text, 'id="act"' in page.text) == (200, True, False)


def test_a_stale_page_shows_what_happened_since(town: Town) -> None:
    contract, browser = paid(town), town.browser("county")
    address = page_of(town, contract, "contract.payment_made")
    opened = Form(browser.get(address).text).filled(field="paid_on", value="2026-03-30", reason="回单")
    town.post("county", f"/contracts/{contract['id']}/obligations/M1/fulfilment", {"fulfilled_on": "2026-05-19"}, contract["version"])
    stale = browser.post(address, data=opened)
    assert stale.status_code == 409
    assert "义务 M1 履行完毕" in stale.text
    assert browser.post(address, data=Form(stale.text).filled()).status_code == 303


def test_an_applicant_s_particulars_stay_sealed(town: Town) -> None:
    case = town.sanctioned()
    town.at("2026-07-29")
    proof = town.evidence("company")
    asked = {"sanction": case["sanctions"][0]["id"], "fulfilment_proof": [proof], "commitment": {"text": "今后守约", "signed_on": "2026-07-29"},
             "contact": {"name": "张三", "phone": "13800000000"}}  # fmt: skip
    repair = town.post("company", "/repairs", asked)
    browser = town.browser("county")
    address = LINK.findall(browser.get(f"/repairs/{repair['id']}").text)[-1]
    page = browser.get(f"{address}&field=contact_name")
    assert Form(page.text).filled()["value"] == "张三"
    assert browser.post(address, data=Form(page.text).filled(value="王小明", reason="写错了")).status_code == 303
    assert town.get("county", f"/repairs/{repair['id']}")["contact"]["name"] == "王小明"
    assert not any("王小明".encode() in row.state for row in town.office.recorder.rows(1, 10_000))
    assert COMPANY in town.get("county", f"/repairs/{repair['id']}")["party"]


@pytest.mark.parametrize(("field", "typed", "where", "wanted"), [
    ("obligations/0/due_on", "2026.4.15", ("obligations", 0, "due_on"), "2026-04-15"),
    ("obligations/0/owed_by", "甲方", ("obligations", 0, "owed_by"), "authority"),
    ("payments/0/value", "9万元", ("payments", 0, "value", "amount"), "90000.00"),
    ("contractors/0/name", "湛江市试例水利有限公司", ("contractors", 0, "name"), "湛江市试例水利有限公司"),
    ("authority/name", "遂溪县水利局", ("authority", "name"), "遂溪县水利局"),
])  # fmt: skip
def test_a_part_of_a_list_is_corrected_by_itself(town: Town, field: str, typed: str, where: tuple[Any, ...], wanted: str) -> None:
    made, browser = town.contract(payments=[{"ref": "P1", "value": {"amount": "100000.00", "currency": "CNY"}, "due_on": "2026-03-31"}]), town.browser("county")
    address = page_of(town, made, "contract.signed") + f"&field={field}"
    page = browser.get(address)
    assert Form(page.text).filled()["field"] == field
    answer = browser.post(address, data=Form(page.text).filled(value=typed, reason="录错了"))
    assert answer.status_code == 303, words(answer.text)
    stands = town.get("county", f"/contracts/{made['id']}")
    for step in where:
        stands = stands[step]
    assert stands == wanted
    for nonsense in ("obligations/7/due_on", "obligations/x", "contractors/0/id", "a/b/c", "obligations/0/due_on/1"):
        assert browser.post(address, data=Form(browser.get(address).text).filled(field=nonsense, reason="x")).status_code == 422, nonsense


def test_files_are_corrected_by_files_and_nobody_else_contracted(town: Town) -> None:
    made = town.contract()
    town.at("2026-03-31")
    browser = town.browser("county")
    done = town.post("county", f"/contracts/{made['id']}/obligations/M1/fulfilment", {"evidence": [town.evidence("county")]}, made["version"])
    address = page_of(town, made, "contract.obligation_fulfilled") + "&field=evidence"
    form = Form(browser.get(address).text).filled(reason="传错了")
    assert form.pop("files-kept") == done["obligations"][0]["evidence"][0]
    assert browser.post(address, data=form, files={"files": ("b.jpg", JPEG + b"b", "image/jpeg")}).status_code == 303
    after = town.get("county", f"/contracts/{made['id']}")
    assert len(after["obligations"][0]["evidence"]) == 1
    assert after["obligations"][0]["evidence"] != done["obligations"][0]["evidence"]
    signed = int(page_of(town, made, "contract.signed").partition("position=")[2])
    other = [{**made["contractors"][0], "id": "91440800MA4X000012"}]
    answer = town.api.post(f"/api/v1/contracts/{made['id']}/corrections", json={"position": signed, "field": "contractors", "value": other, "reason": "x"},
                           headers={"Authorization": f"Bearer {town.tokens['county']}", "If-Match": f'"{after["version"]}"'})  # fmt: skip
    assert [one["code"] for one in answer.json()["errors"]] == ["who_contracted_stays"], answer.text


def test_what_is_on_record_of_a_party_is_corrected_too(town: Town) -> None:
    town.contract()
    path = f"/parties/{COMPANY}"
    town.post("county", f"{path}/grades", {"scheme": "水利", "grade": "AA", "graded_by": "协会"}, town.get("county", path)["version"])
    browser = town.browser("county")
    registered, graded = sorted(LINK.findall(browser.get(path).text), key=lambda one: int(one.partition("=")[2]))
    for address, field, typed in ((graded, "grade", "AAA"), (registered, "name", "湛江市试例水利有限公司"), (registered, "size", "中型")):
        answer = browser.post(address, data=Form(browser.get(f"{address}&field={field}").text).filled(value=typed, reason="录错了"))
        assert (answer.status_code, answer.headers.get("location")) == (303, path), words(answer.text)
    after = town.get("county", path)
    assert (after["grades"][0]["grade"], after["name"], after["size"]) == ("AAA", "湛江市试例水利有限公司", "medium")
    assert browser.post(registered, data=Form(browser.get(registered).text).filled(field="name", value=" ", reason="x")).status_code == 422
    assert {who: town.browser(who).get(registered).status_code for who in ("decider", "company")} == {"decider": 403, "company": 403}
    assert not LINK.findall(town.browser("company").get(path).text)


def test_every_field_that_may_be_corrected_has_a_name() -> None:
    kinds = [one for topic, one in KINDS.items() if topic.startswith(("contract.", "case.", "repair.", "party.")) and one not in DECISIONS]
    wanted = {name for one in kinds for name in one.__struct_fields__ if name not in OWN and (name not in BIRTH or name in ("kind", "number"))}
    assert wanted > {"paid_on", "facts"}
    assert wanted - LABELS.keys() == set()
