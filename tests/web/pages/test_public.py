"""What anybody can look up: only what is public, only now, nothing about persons."""

import re

import pytest
import sqlalchemy as sa

from domain.values.party import is_person
from tests.web.office import NAME_A, PARTY_A, PARTY_B, World, contract_body, finding_body, notice_body, sanctioned, yuan
from tests.web.pages.reading import PRIVATE, applied, approved, look, published, read, send, words
from web.api import open_routes

HERE = f"/public/{PARTY_A}"
NUMBER = "遂水罚〔2026〕1号"


def test_published_items_are_shown_with_the_time_of_query(world: World) -> None:
    case = sanctioned(world)
    assert "没有正在公示的处理决定" in words(read(world, None, HERE))
    assert "现在没有正在公示的处理决定" in words(read(world, None, "/public"))
    world.at("2026-05-06")
    case = world.case("county-supervisor", case, "/service", {"method": "direct", "repair_notice": True})
    world.case("county-supervisor", case, "/publication", {})
    text = words(read(world, None, HERE))
    assert "2026年5月6日 09:00:00" in text
    assert "现有 1 项正在公示" in text
    assert NUMBER in text
    assert "遂溪县水务局" in text
    assert NUMBER in words(read(world, None, "/public"))


@pytest.mark.parametrize(("day", "shown"), [("2027-04-29", True), ("2027-04-29T23:59:59+08:00", True), ("2027-04-30T00:00:00+08:00", False)])
def test_nothing_is_visible_after_its_last_day(world: World, day: str, shown: bool) -> None:
    published(world)
    world.at(day)
    for path in (HERE, "/public"):
        assert (NUMBER in words(read(world, None, path))) == shown
    assert ("这个文号的处理决定正在公示" in words(read(world, None, f"/public/verify?number={NUMBER}"))) == shown


def test_nothing_is_visible_after_repair_or_revocation(world: World) -> None:
    case = published(world)
    approved(world, case)
    assert "没有正在公示的处理决定" in words(read(world, None, HERE))
    other = published(world, number=2)
    assert "遂水罚〔2026〕2号" in words(read(world, None, HERE))
    world.case("decider2", other, "/revocation", {"grounds": "事实不清"})
    assert "遂水罚〔2026〕2号" not in words(read(world, None, HERE))


def test_an_answer_that_is_kept_is_told_anew_with_the_log_and_the_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_routes, "monotonic", lambda: 0.0)
    case = published(world)
    asked = list[str]()
    sa.event.listen(world.office.views, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def numbers() -> tuple[list[str], list[str], int]:
        """By firm and in the list, and how often the tables were asked."""
        asked.clear()
        firm, every = (look(world, None, f"/public/api/{path}").json() for path in (f"parties/{PARTY_A}", "sanctions"))
        assert world.office.now.isoformat(timespec="seconds") == firm["queried_at"] == every["queried_at"]
        return *([one["document_number"] for one in found["items"]] for found in (firm, every)), sum("FROM sanctions" in one for one in asked)  # type: ignore[return-value]

    assert numbers() == ([NUMBER], [NUMBER], 2)
    assert numbers() == ([NUMBER], [NUMBER], 0)
    assert look(world, None, "/public/api/sanctions?q=没有这家").json()["items"] == [], "another question"
    world.at("2027-04-30")
    assert numbers() == ([], [], 2)
    world.at("2027-04-29")
    assert numbers() == ([NUMBER], [NUMBER], 2)
    world.case("decider2", case, "/revocation", {"grounds": "事实不清"})
    assert numbers()[:2] == ([], [])


def test_few_answers_are_kept_and_no_long_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    published(world)
    said = world.app.state.said
    monkeypatch.setattr(open_routes, "MOST_KEPT", 2)
    for word in ("", "试例水利", "更多", "再多"):
        look(world, None, f"/public/api/sanctions?q={word}")
    assert len(said._kept[1]) == 2
    monkeypatch.setattr(open_routes, "MOST_ROWS", 0)
    world.at("2027-04-01")
    look(world, None, "/public/api/sanctions")
    assert said._kept[1] == {}


def test_the_search_finds_by_name_and_code_and_asks_for_more_than_a_letter(world: World) -> None:
    published(world)
    for q in ("试例水利", "91440800MA4X00000Y", "91440800ma4x00000y"):
        assert NAME_A in words(read(world, None, f"/public?q={q}"))
    assert "至少输入两个字" in words(read(world, None, "/public?q=湛"))
    assert "没有找到" in words(read(world, None, "/public?q=没有这家"))
    assert look(world, None, "/public?q=" + "x" * 101).status_code == 422


def test_pages_are_neither_kept_nor_indexed_and_know_only_now(world: World) -> None:
    published(world)
    for path in ("/public", HERE, "/public/track", "/public/verify"):
        found = look(world, None, path)
        assert found.headers["cache-control"] == "no-store"
        assert 'name="robots" content="noindex"' in found.text
        for axis in ("known_at", "as_of"):
            assert look(world, None, f"{path}?{axis}=2026-01-01").status_code == 400
    assert "noindex" in look(world, None, HERE).headers["x-robots-tag"]


def test_chinese_unless_english_is_preferred(world: World) -> None:
    published(world)
    assert look(world, None, HERE, "fr").headers["content-language"] == "zh-CN"
    text = words(read(world, None, HERE, "en"))
    assert "1 item is public now" in text
    assert "正在公示" not in text


def test_nothing_personal_or_internal_is_public(world: World) -> None:
    case = published(world)
    repair = applied(world, case)
    tracked = send(world, "/public/track", receipt=repair["receipt"], code=repair["code"])
    assert tracked.status_code == 200
    pages = [look(world, None, path).text for path in ("/public", f"/public?q={NAME_A}", HERE, f"/public/verify?number={repair['receipt']}")]
    for html in (*pages, tracked.text):
        for canary in PRIVATE:
            assert canary not in html, canary


def test_an_application_is_followed_with_receipt_and_code(world: World) -> None:
    repair = applied(world, published(world))
    text = words(send(world, "/public/track", receipt=repair["receipt"].lower(), code=repair["code"].lower()).text)
    assert "正在决定是否受理" in text
    assert "8月3日（周一）" in text
    for receipt, code in ((repair["receipt"], "AAAAAAAA"), ("XF-1999-000001", repair["code"]), ("", ""), (repair["receipt"], "")):
        wrong = send(world, "/public/track", receipt=receipt, code=code)
        assert wrong.status_code == 422
        assert "对不上" in wrong.text
    assert repair["code"] not in wrong.text


def test_guessing_a_code_is_throttled(world: World) -> None:
    repair = applied(world, published(world))
    answers = [send(world, "/public/track", receipt=repair["receipt"], code=f"WRONG{n:03}").status_code for n in range(8)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert send(world, "/public/track", receipt=repair["receipt"], code=repair["code"]).status_code == 429


def test_a_letter_is_verified_by_its_code(world: World) -> None:
    case = published(world)
    letter = look(world, "decider", f"/letters/decision/{case['id']}").text
    code = re.search(r'核验页输入 <span class="id">([0-9]+-[0-9a-f]+)</span>', letter)
    assert code is not None
    assert "核验相符" in words(read(world, None, f"/public/verify?code={code[1]}"))
    assert "也与记录一致" in words(read(world, None, f"/public/verify?code={code[1]}&number={NUMBER}"))
    assert "与编号 遂水罚〔2026〕7号 不符" in words(read(world, None, f"/public/verify?code={code[1]}&number=遂水罚〔2026〕7号"))
    for false in (code[1][:-1] + ("0" if code[1][-1] != "0" else "1"), code[1][:8], "0-" + "a" * 16, "999999-" + "a" * 16, "x-y", "1-"):
        assert "核验不符" in words(read(world, None, f"/public/verify?code={false}")), false


def test_receipts_and_unknown_numbers(world: World) -> None:
    repair = applied(world, published(world))
    assert "是本机关出具的回执编号" in words(read(world, None, f"/public/verify?number={repair['receipt']}"))
    assert "现在没有可以公开的内容" in words(read(world, None, "/public/verify?number=XF-1999-000001"))


def test_who_is_not_known_has_no_page(world: World) -> None:
    assert look(world, None, f"/public/{PARTY_B}").status_code == 404
    assert look(world, None, "/public/CN-USCC:1").status_code == 404
    assert "没有这个主体的公开信息" in look(world, None, f"/public/{PARTY_B}").text


def test_a_natural_person_is_masked_and_has_no_page(world: World) -> None:
    number, name = "440801199001011234", "张丰收"
    person = {"scheme": "CN-ID", "id": number, "name": name, "lead": True}
    contract = world.at("2026-01-12").ask("county-supervisor").post("/contracts", contract_body(contractors=[person])).json()
    world.at("2026-04-08")
    asked = finding_body(party=f"CN-ID:{number}", occurred_on="2026-04-08")
    case = world.ask("county-supervisor").post(f"/contracts/{contract['id']}/findings", asked, seen=contract["version"]).json()["case"]
    case = world.case("county-supervisor", case, "/notice", notice_body())
    world.at("2026-04-16")
    case = world.case("legal", case, "/legal-review", {"opinion": "同意"})
    case = world.case("decider", case, "/confirmation", {"grounds": "证据充分"})
    sanction = {"document_number": NUMBER, "decision_types": ["fine_larger"], "fine": yuan("30000.00"), "grounds": "不合格"}
    case = world.case("decider", case, "/sanction", sanction)
    case = world.case("county-supervisor", case, "/service", {"method": "direct", "repair_notice": True})
    world.case("county-supervisor", case, "/publication", {})
    paths = ("/public", f"/public?q={name}", f"/public?q={number}", f"/public/CN-ID:{number}", f"/public/verify?number={NUMBER}")
    pages = [look(world, None, path) for path in paths]
    assert "张**" in pages[0].text
    assert pages[3].status_code == 404
    for page in pages:
        assert name not in page.text.replace(f'value="{name}"', "").replace(f"“{name}”", "")  # but what was typed
        assert number not in page.text.replace(f'value="{number}"', "").replace(f"“{number}”", "").replace(f"/public/CN-ID:{number}", "")


def test_persons_are_told_from_bodies() -> None:
    assert not is_person(PARTY_A)
    assert not is_person("GB-COH:01234567")
    assert is_person("CN-ID:whatever")
    assert is_person("local:44080119900101123X")
