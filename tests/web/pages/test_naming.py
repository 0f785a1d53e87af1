"""Codes by their names, and what a cited rule says in English."""

from datetime import date

from tests.web.pages.town import Town, words
from web.naming import called, in_english, note_on
from web.regions import REGIONS, region_name

DAY = date(2026, 4, 29)


def test_codes_are_told_by_name_in_both_languages(town: Town) -> None:
    book = town.office.book
    zh, en = (called(book, lang, "behaviour", "QLT-01", DAY) for lang in ("zh", "en"))
    assert zh.startswith("QLT-01 ")
    assert en.startswith("QLT-01 ")
    assert zh != en
    assert en.isascii()
    assert called(book, "en", "behaviour", "NONE-99", DAY) == "NONE-99"
    assert called(book, "en", "behaviour", "QLT-01", date(1990, 1, 1)) == "QLT-01"
    assert note_on(book, "en", "obligation", "一期 清基与围堰", DAY) == "一期 清基与围堰"


def test_a_cited_rule_is_told_in_english_beside_its_clause(town: Town) -> None:
    rule = town.office.book.rule("office.notice", DAY)
    assert in_english(town.office.book, rule.basis) == rule.sentence_en
    told = {"pack": "contract", "version": 1, "rule": "agreed", "clause": "合同约定", "status": "confirmed"}
    assert in_english(town.office.book, told) is None
    case = town.case()
    page = town.browser("county", "en").get(f"/cases/{case['id']}").text
    assert rule.sentence_en in page
    assert f'<span lang="zh-CN">{rule.clause}</span>' in page
    assert rule.sentence_en not in town.browser("county").get(f"/cases/{case['id']}").text
    assert "Agreed in the contract" in town.browser("county", "en").get(f"/contracts/{case['contract']}").text
    assert "opened the case AJ-2026-00001 (QLT-01 " in words(page)


def test_regions_have_names_in_both_languages(town: Town) -> None:
    assert {frozenset(names) for names in REGIONS.values()} == {frozenset({"zh", "en"})}
    told = [region_name(code, "en") for code in ("440823", "999999", None)]
    assert told == ["Suixi County", "999999", ""]
    assert region_name("440823", "zh") == "遂溪县"
    contract = town.contract()
    assert "Suixi County" in words(town.browser("county", "en").get(f"/contracts/{contract['id']}").text)
