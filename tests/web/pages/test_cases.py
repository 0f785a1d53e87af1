"""Pages of cases: who sees which, what stands before a decider, what is on record."""

import re

import pytest

from tests.web.office import JPEG, PARTY_A, World, contract_body, finding_body, notice_body, sanctioned
from tests.web.pages.reading import applied, look, published, read, words


def test_the_list_counts_searches_and_says_when_nothing_is_found(world: World) -> None:
    assert "还没有案件" in read(world, "decider", "/cases")
    case = published(world)
    text = words(read(world, "decider", "/cases"))
    assert case["number"] in text
    assert "公示中 1" in text
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", text), "an account by its name, not by its id"
    assert case["number"] in words(read(world, "decider", "/cases?status=published&kind=administrative"))
    assert "没有找到" in words(read(world, "decider", "/cases?q=没有这样的"))
    assert "没有找到" in words(read(world, "decider", "/cases?status=closed"))


def test_a_page_of_the_list_leads_to_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.cases.PAGE", 1)
    first = sanctioned(world)
    second = sanctioned(world, number=2)
    page = read(world, "decider", "/cases?kind=administrative")
    following = re.search(r'href="(/cases\?[^"]*after=[^"]*)" rel="next"', page)
    assert following is not None
    rest = read(world, "decider", following[1].replace("&amp;", "&"))
    shown = {one["number"] for one in (first, second) if one["number"] in words(page)}
    assert len(shown) == 1
    assert ({first["number"], second["number"]} - shown).pop() in words(rest)


def test_only_those_who_may_know_of_a_case_see_it(world: World) -> None:
    case = published(world)
    here = f"/cases/{case['id']}"
    assert look(world, "county-supervisor", here).status_code == 200
    assert look(world, "county2-supervisor", here).status_code == 404
    assert look(world, "administrator", here).status_code == 404
    assert look(world, "company-b", here).status_code == 404
    assert look(world, "company-a", here).headers["location"] == f"/my/cases/{case['id']}"
    assert look(world, None, here).headers["location"].startswith("/sign-in?next=")
    assert look(world, "decider", "/cases/01890000-0000-7000-8000-000000000000").status_code == 404
    assert look(world, "decider", "/cases/not-an-id").status_code == 404
    assert "不是“没有”" in look(world, "administrator", "/cases").text
    assert look(world, "administrator", "/cases").status_code == 403
    assert case["number"] not in words(read(world, "county2-supervisor", "/cases"))


def test_reading_a_case_is_on_record(world: World) -> None:
    case = published(world)
    before = len(world.reads())
    read(world, "auditor", f"/cases/{case['id']}")
    assert [(row.kind, row.subject) for row in world.reads()[before:]] == [("case", case["id"])]


def test_whoever_decides_has_rule_facts_and_like_cases_before_them(world: World) -> None:
    sanctioned(world)
    contract = world.at("2026-05-11").ask("county-supervisor").post("/contracts", contract_body(signed_on="2026-05-11")).json()
    asked = finding_body(facts="桩号 K0+120 厚度不足", evidence=[world.ask("county-supervisor").bring(JPEG + b"core", "抽芯.jpg")])
    case = world.ask("county-supervisor").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    case = world.case("county-supervisor", case, "/notice", notice_body(document_number="遂水告〔2026〕9号"))
    text = words(read(world, "decider", f"/cases/{case['id']}"))
    assert "建设工程质量管理条例第六十四条" in text
    assert "2.00 万元 至 4.00 万元" in text
    assert "未确认" in text
    assert "桩号 K0+120 厚度不足" in text
    assert "抽芯.jpg" in text
    assert "遂水罚〔2026〕1号" in text  # what a like case got
    assert "已告知 3%，申辩后不得加重" in text
    assert "回避核对：通过" in text


def test_four_eyes_are_told_to_whoever_reviewed(world: World) -> None:
    case = sanctioned(world)
    assert "您作出了决定" in words(read(world, "decider", f"/cases/{case['id']}"))
    assert "回避核对：通过" in words(read(world, "decider2", f"/cases/{case['id']}"))
    assert "回避核对" not in words(read(world, "county-supervisor", f"/cases/{case['id']}"))


def test_windows_that_ended_show_their_last_day(world: World) -> None:
    text = words(read(world, "decider", f"/cases/{sanctioned(world)['id']}"))
    assert "4月15日（周三） 期限已满，没有陈述" in text
    assert "4月15日（周三） 没有要求听证" in text


def test_buttons_are_what_may_be_done_and_nothing_while_looking_back(world: World) -> None:
    case = sanctioned(world)
    here = f"/cases/{case['id']}"
    page = read(world, "county-supervisor", here)
    assert f'href="{here}/service"' in page
    assert f'href="{here}/revocation"' not in page  # a decider's
    assert f'href="{here}/revocation"' in read(world, "decider", here)
    past = read(world, "county-supervisor", f"{here}?as_of=2026-04-20")
    acts = re.findall(rf'href="{here}/(?!why\?|deadlines/)[^"]*"', past)  # asking why and how a day was counted are no acts
    assert acts == []
    assert 'class="past"' in past
    assert "已认定" in words(past)
    assert "惩戒决定 遂水罚" not in words(past)
    assert "决定惩戒 decider" in words(read(world, "auditor", here))
    assert "决定惩戒 decider" not in words(read(world, "auditor", f"{here}?as_of=2026-04-20"))  # nobody had decided yet


def test_an_objection_is_marked_and_leads_its_decider_to_the_answer(world: World) -> None:
    case = published(world)
    told = world.case("company-a", case, "/objections", {"grounds": "罚款过重", "evidence": []})
    objection = told["objections"][0]["id"]
    page = read(world, "decider2", f"/cases/{case['id']}")
    assert "异议处理中" in words(page)
    assert f'href="/cases/{case["id"]}/objections/{objection}/decision"' in page


def test_every_step_up_to_the_closure(world: World) -> None:
    case = published(world)
    applied(world, case)
    text = words(read(world, "decider", f"/cases/{case['id']}"))
    steps = text[text.index("到哪一步了") :]
    for step in ("立案", "告知", "陈述申辩", "听证", "法制审核", "违约认定", "惩戒决定", "送达", "公示", "履行", "修复", "案件办结"):
        assert step in steps
        steps = steps[steps.index(step) :]


def test_the_english_page_says_it_in_english(world: World) -> None:
    case = published(world)
    text = words(read(world, "decider", f"/cases/{case['id']}", "en"))
    for chinese in ("未闭环", "四眼", "现行规则", "到哪一步了", "经过"):
        assert chinese not in text
    assert "Open loops" in text
    assert "skimped work" in text


def test_no_sealed_text_reaches_a_page(world: World) -> None:
    case = published(world)
    repair = applied(world, case)
    for path in (f"/cases/{case['id']}", f"/repairs/{repair['id']}", f"/parties/{PARTY_A}"):
        assert "sealed:1:" not in read(world, "decider", path)


def test_cases_and_applications_are_found_by_what_they_are_about(world: World) -> None:
    case = published(world)
    repair = applied(world, case)
    contract = world.ask("county-supervisor").get(f"/contracts/{case['contract']}")
    firm = contract["contractors"][0]["name"]
    number, document = contract["number"], case["sanctions"][0]["document_number"]
    for q in (firm, firm[2:6], f"{firm[:4]} {document}", contract["name"], number, case["notice"]["document_number"]):
        assert case["number"] in words(read(world, "decider", f"/cases?q={q}")), q
        assert [one["id"] for one in world.ask("decider").get("/cases", q=q)["items"]] == [case["id"]], q
    for q in (firm, number, contract["name"], f"{document} {number}"):
        assert repair["receipt"] in words(read(world, "decider", f"/repairs?q={q}")), q
        assert world.ask("decider").get("/repairs", q=q)["total"] == 1, q
    assert world.ask("decider").get("/cases", q=f"{firm} 没有这样的")["total"] == 0
    assert world.ask("decider").get("/repairs", q="没有这样的")["total"] == 0


def test_a_long_timeline_is_shown_a_page_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    here = f"/cases/{published(world)['id']}"
    whole = re.findall(r'<li data-n="[^"]*" class="[^"]*">(.*?)</li>', read(world, "decider", here))
    monkeypatch.setattr("web.pages.long_line.LINE", 3)
    found, pages = list[str](), 0
    while here:
        page = read(world, "decider", here)
        told = re.findall(r'<li data-n="[^"]*" class="[^"]*">(.*?)</li>', page)
        assert len(told) <= 3
        found, pages = [*found, *told], pages + 1
        older = re.search(r'href="(/cases/[^"]*before=[^"]*)" rel="next"', page)
        here = older[1].replace("&amp;", "&") if older else ""
    assert found == whole
    assert pages == -(-len(whole) // 3)
