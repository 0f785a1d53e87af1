"""Contracts: the list narrowed, as files, empty in two ways; one contract with all that it closes; on site."""

import csv
import io
import json
import re
from typing import Any

from openpyxl import load_workbook

from tests.web.pages.town import CONTRACT, JPEG, NOTICE, Form, Town, words

OTHER = {"number": "440823-SWJ-YW-2026-00020", "name": "城月河泵站运行维护", "type": "YW", "starts_on": "2026-03-01"}


def names(html: str) -> list[str]:
    return re.findall(r'<a class="rowlink" href="/contracts/[^"]+">([^<]+)</a>', html)


def test_searched_in_chinese_initials_code_and_number(town: Town) -> None:
    town.contract()
    town.contract(**OTHER)
    browser = town.browser("county")
    assert len(names(browser.get("/contracts").text)) == 2
    for q in ("堤防", "sxxdf", "sxxdfjggc", "440823-SWJ-SG", "00012"):
        assert names(browser.get("/contracts", params={"q": q}).text) == [CONTRACT["name"]], q
    assert len(names(browser.get("/contracts", params={"q": "91440800MA4X00000Y"}).text)) == 2


def test_facets_count_and_narrow(town: Town) -> None:
    town.contract()
    town.contract(**OTHER)
    town.at("2026-01-20")
    browser = town.browser("county")
    page = browser.get("/contracts").text
    for narrowed in ("type=YW", "status=signed", "status=performing"):
        assert re.search(rf'href="/contracts\?{narrowed}"[^>]*>\s*[^<]+<span>1</span>', page), narrowed
    assert names(browser.get("/contracts?type=YW").text) == [OTHER["name"]]
    assert names(browser.get("/contracts?status=signed").text) == [OTHER["name"]]
    assert 'href="/contracts?q=%E5%A0%A4%E9%98%B2&amp;status=performing"' in browser.get("/contracts?q=堤防").text


def test_the_list_has_pages(town: Town) -> None:
    for n in range(30):
        town.contract(number=f"440823-SWJ-SG-2026-{n + 100:05}", name=f"合同第{n}份")
    browser = town.browser("county")
    first = browser.get("/contracts").text
    assert len(names(first)) == 25
    following = re.search(r'href="(/contracts\?after=[^"]+)" rel="next"', first)
    assert following is not None
    second = browser.get(following[1].replace("&amp;", "&")).text
    assert len(names(second)) == 5
    assert not set(names(first)) & set(names(second))
    assert browser.get("/contracts?after=nonsense").status_code == 422


def test_htmx_gets_the_table_alone(town: Town) -> None:
    town.contract()
    part = town.browser("county").get("/contracts?q=堤防", headers={"HX-Request": "true"}).text
    assert part.lstrip().startswith('<div id="found"')
    assert "<html" not in part


def test_two_kinds_of_empty(town: Town) -> None:
    browser = town.browser("county")
    assert "还没有合同" in browser.get("/contracts").text
    town.contract()
    nothing = browser.get("/contracts?q=青度河&type=SG").text
    assert "没有找到“青度河”" in nothing
    assert "清除筛选，保留搜索" in nothing
    assert "No contracts here" in town.browser("county", "en").get("/contracts?type=ZX").text


def test_the_same_list_as_files(town: Town) -> None:
    town.contract()
    town.contract(**OTHER)
    browser = town.browser("county")
    table = list(csv.DictReader(io.StringIO(browser.get("/contracts.csv?type=YW").content.decode("utf-8-sig"))))
    assert [row["合同编号"] for row in table] == [OTHER["number"]]
    book = load_workbook(io.BytesIO(browser.get("/contracts.xlsx").content))
    assert book.worksheets[0].max_row == 3
    told = browser.get("/contracts.json?q=堤防")
    assert [one["number"] for one in json.loads(told.content)["items"]] == [CONTRACT["number"]]
    assert town.browser("county2").get("/contracts.json").json()["total"] == 0


def full(town: Town) -> Any:
    """A contract of which something has happened in every part."""
    made = town.contract(security={"value": {"amount": "50000.00", "currency": "CNY"}, "form": "bank_guarantee"}, retention_percent="3")
    town.at("2026-03-10")
    made = town.post("county", f"/contracts/{made['id']}/obligations/M1/fulfilment", {"fulfilled_on": "2026-03-06", "evidence": []}, made["version"])
    case = town.act("county", town.case(made), "/notice", NOTICE)
    town.at("2026-04-10")
    return town.act("company", case, "/statement", {"text": "我们认错"})


def test_one_contract_with_everything(town: Town) -> None:
    case = full(town)
    page = town.browser("county").get(f"/contracts/{case['contract']}")
    text = words(page.text)
    assert re.search(r"甲方 .*付款 P1 04-07 周二 逾期 3 天", text)
    assert "逾期利息 600.00 元，每日 200.00 元" in re.sub(r"\s+", " ", text).replace("600.00元", "600.00 元") or "逾期利息" in text
    assert "签署 完成" in text
    assert "认定" in text
    assert case["number"] in text
    assert "a.jpg" in text
    assert text.index("收到陈述申辩") < text.index("送达告知书（") < text.index("签订合同，金额"), "newest first"
    assert f'href="/contracts/{case["contract"]}/suspension"' in page.text
    assert f'href="/contracts/{case["contract"]}/payments?ref=P1"' in page.text
    assert town.browser("county").get(f"/contracts/{CONTRACT['number']}").status_code == 200, "by number as well"


def test_what_may_be_done_is_this_persons(town: Town) -> None:
    case = full(town)
    path = f"/contracts/{case['contract']}"
    for who in ("decider", "auditor"):
        page = town.browser(who).get(path).text
        assert f'href="{path}/suspension"' not in page
        assert f'href="{path}/payments?ref=P1"' not in page
    assert f"/cases/{case['id']}/confirmation" in town.browser("decider").get(path).text
    company = town.browser("company").get(path)
    assert company.status_code == 200
    assert f'href="{path}/excuses"' in company.text
    assert f'href="/my/cases/{case["id"]}"' in company.text
    assert f'href="{path}/suspension"' not in company.text


def test_not_ones_county(town: Town) -> None:
    made = town.contract()
    for path in (f"/contracts/{made['id']}", f"/contracts/{made['number']}", f"/m/{made['id']}", "/contracts/00000000-0000-0000-0000-000000000000"):
        assert town.browser("county2").get(path).status_code == 404, path


def test_looking_back_it_is_yellow_and_nothing_can_be_done(town: Town) -> None:
    case = full(town)
    path = f"/contracts/{case['contract']}"
    page = town.browser("county").get(f"{path}?as_of=2026-04-07").text
    assert 'class="past"' in page
    assert "遂溪县堤防加固工程" in page
    assert case["number"] not in page
    assert f'href="{path}/suspension"' not in page
    assert 'class="timebar"' in town.browser("auditor").get(path).text


def test_a_deadline_is_counted_day_by_day(town: Town) -> None:
    case = full(town)
    contract = town.get("county", f"/contracts/{case['contract']}")
    loop = next(one for one in contract["loops"] if one["kind"] == "payment")
    page = words(town.browser("county").get(f"/contracts/{contract['id']}/deadlines/{loop['id']}").text)
    assert "2026年4月7日" in page
    assert "逐日账" in page
    assert town.browser("county").get(f"/contracts/{contract['id']}/deadlines/nothing").status_code == 404


def test_evidence_is_fetched_and_its_reading_on_record(town: Town) -> None:
    case = full(town)
    digest = case["evidence"][0]
    before = len(town.office.recorder.reads(None, 1000))
    answer = town.browser("decider").get(f"/evidence/{digest}")
    assert answer.content == JPEG
    assert answer.headers["content-disposition"].startswith("attachment")
    assert len(town.office.recorder.reads(None, 1000)) == before + 1
    assert town.browser("company").get(f"/evidence/{digest}").status_code == 404
    assert town.browser("decider").get("/evidence/sha256:" + "0" * 64).status_code == 404


def test_on_site_photos_are_kept_for_the_finding(town: Town) -> None:
    made = town.contract()
    browser = town.browser("county")
    page = browser.get(f"/m/{made['id']}").text
    assert page.count('<ul class="big3') == 1
    assert f'href="/contracts/{made["id"]}/checks?planned_on=2026-01-12"' in page
    assert browser.post(f"/m/{made['id']}", data={}).status_code == 422
    done = browser.post(f"/m/{made['id']}", files={"photo": ("裂缝.jpg", JPEG, "image/jpeg")})
    assert done.status_code == 303
    assert "裂缝.jpg" in browser.get(f"/m/{made['id']}").text
    finding = browser.get(f"/contracts/{made['id']}/findings").text
    assert Form(finding).filled()["evidence-kept"].startswith("sha256:")
    assert browser.post(f"/m/{made['id']}", files={"photo": ("x.jpg", b"", "image/jpeg")}).status_code == 422
    assert town.browser("decider").get(f"/m/{made['id']}").status_code == 403


def test_on_site_the_planned_check_is_one_touch_away(town: Town) -> None:
    made = town.contract()
    made = town.post("county", f"/contracts/{made['id']}/checks", {"planned_on": "2026-02-10", "mode": "routine"}, made["version"])
    assert f'href="/contracts/{made["id"]}/checks/{made["check"]}/result"' in town.browser("county").get(f"/m/{made['id']}").text


def test_a_contract_on_which_nothing_is_owed_is_not_called_closed(town: Town) -> None:
    made = town.contract(obligations=[], payments=[])
    assert made["loops"] == []
    said = words(town.browser("county").get(f"/contracts/{made['id']}").text)
    assert "合同还没有结清，环还没有合上" in said
    assert "已闭环" not in said
