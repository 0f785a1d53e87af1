"""The desk: what is overdue, soon, waiting; its figures are links that narrow it; nothing due; whose it is."""

import re
from datetime import date

import pytest

from projections import loops
from tests.web.pages.town import CONTRACT, NOTICE, Town, words
from web import desk


def figures(html: str) -> dict[str, int]:
    listed = re.search(r'<ul class="figs">(.*?)</ul>', html, re.S)
    assert listed is not None
    return {href.partition("show=")[2].partition("#")[0]: int(n) for href, n in re.findall(r'href="([^"]+)"><b>(\d+)</b>', listed[1])}


def test_the_figures_are_those_of_the_api_and_lead_to_their_lists(town: Town) -> None:
    case = town.act("county", town.case(), "/notice", NOTICE)
    town.act("company", case, "/statement", {"text": "我们认错"})
    town.at("2026-07-03")
    browser = town.browser("decider")
    page = browser.get("/")
    counts = town.get("decider", "/desk")["counts"]
    found = figures(page.text)
    assert found["soon"] == counts["soon"] == 1
    assert found["waiting"] == 1
    soon = browser.get("/?show=soon")
    assert f"/cases/{case['id']}/confirmation" in soon.text
    assert "07-07 周二" in words(soon.text)
    assert case["number"] in soon.text
    overdue = browser.get("/?show=overdue")
    assert f"/cases/{case['id']}/confirmation" not in overdue.text


def test_a_day_of_the_calendar_is_a_list(town: Town) -> None:
    case = town.act("county", town.case(), "/notice", NOTICE)
    town.act("company", case, "/statement", {"text": "我们认错"})
    town.at("2026-06-29")
    browser = town.browser("decider")
    assert 'href="/?due=2026-07-07"' in browser.get("/").text
    day = browser.get("/?due=2026-07-07")
    assert f"/cases/{case['id']}/confirmation" in day.text
    other = browser.get("/?due=2026-07-08")
    assert "这里没有事项" in other.text
    assert browser.get("/?due=nonsense&show=nothing").status_code == 422


def test_overdue_is_said_with_its_days_and_rule(town: Town) -> None:
    town.case()
    town.at("2026-04-20")
    page = words(town.browser("county").get("/").text)
    assert re.search(r"告知 .*04-15 周三 逾期 5 天", page)
    assert "未确认" in page


def test_nothing_is_due(town: Town) -> None:
    town.contract()
    page = words(town.browser("decider").get("/").text)
    assert "今日无到期事项" in page
    english = words(town.browser("decider", "en").get("/").text)
    assert "Nothing is due today" in english
    case = town.act("county", town.case(town.get("county", f"/contracts/{CONTRACT['number']}")), "/notice", NOTICE)
    town.act("company", case, "/statement", {"text": "我们认错"})
    page = words(town.browser("decider").get("/").text)
    assert "今日无到期事项" in page
    assert "最近的一项是 7月7日（周二）" in page


def test_a_first_visitor_is_told_how_to_begin(town: Town) -> None:
    page = town.browser("county").get("/").text
    assert "还没有合同" in page
    assert 'href="/imports"' in page
    assert 'href="/contracts/new"' in page


def test_those_without_a_desk_are_led_to_their_page(town: Town) -> None:
    for who, address in (("company", "/my"), ("auditor", "/audit"), ("administrator", "/administration")):
        answer = town.browser(who).get("/")
        assert (answer.status_code, answer.headers["location"]) == (303, address)


def test_another_county_owes_nothing_of_it(town: Town) -> None:
    town.case()
    town.at("2026-04-20")
    page = town.browser("county2").get("/")
    assert "遂溪县堤防加固工程" not in page.text
    assert "还没有合同" in page.text


def test_looking_back_the_desk_is_that_of_the_day(town: Town) -> None:
    town.case()
    town.at("2026-04-20")
    page = town.browser("county").get("/?as_of=2026-03-20")
    assert 'class="past"' in page.text
    assert figures(page.text)["overdue"] == 0
    assert "/notice" not in page.text, "nothing is done in the past"


def test_many_that_are_walked_to_are_the_few_that_are_sorted(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.case()
    town.case(town.contract(number=f"{CONTRACT['number']}3"), "2026-04-12")
    town.at("2026-04-20")
    for who, looks in (("county", ""), ("city", ""), ("decider", ""), ("county", "?as_of=2026-04-10")):
        found = []
        for few in (1_000, -1):
            monkeypatch.setattr(loops, "FEW", dict.fromkeys(loops.FEW, few))
            found.append(town.get(who, f"/desk{looks}"))
        assert found[0] == found[1]
    with town.office.looking() as conn:
        wanted = loops.Wanted(owed_by=("supervisor", "authority", "contractor"))
        whole = loops.open_loops(conn, town.office.moment(), wanted)
        assert len(whole) > 2
        assert [row.due_on or date.max for row in whole] == sorted(row.due_on or date.max for row in whole)
        for limit in range(1, len(whole) + 1):
            assert loops.open_loops(conn, town.office.moment(), wanted, limit, max(loops.FEW.values()) + 1) == whole[:limit]


def test_the_next_days_are_all_there_though_not_all_of_their_rows_are_at_hand(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = [f"2026-03-{day}" for day in ("10", "10", "11", "31")]
    town.contract(obligations=[{"ref": f"M{n}", "owed_by": "authority", "title": "移交场地", "due_on": end} for n, end in enumerate(ends, 1)], payments=[])
    town.at("2026-03-09")
    monkeypatch.setattr(desk.desk_rows, "__defaults__", (1,))
    page = town.browser("county").get("/").text
    week = re.search(r'<table class="week.*?</table>', page, re.S)
    assert week is not None
    assert re.findall(r"0[34]-\d\d 周.|另 \d 项|\d 项", words(week[0])) == ["03-10 周二", "另 1 项", "03-11 周三", "1 项", "03-31 周二"]
