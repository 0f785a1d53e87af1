"""One table of questions, asked of every list on both databases: a character, two, a phrase, initials, a code, a number, full-width input."""

from __future__ import annotations

import pytest

from tests.web.office import NAME_A, World, contract_body
from tests.web.pages.reading import applied, published, read, words

COUNTY = "county-supervisor"
FULL_WIDTH = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})
FIRM = {"one character": "试", "two": "水利", "a phrase": "试例水利工程", "initials": "zjsslslgc", "the first of them": "ZJS", "a code": "91440800MA4X00000Y",
        "the beginning of a code": "91440800ma4x", "two words": "湛江 试例"}  # fmt: skip
CONTRACT = {
    "one character": "堤",
    "two": "堤防",
    "a phrase": "堤防加固工程",
    "initials": "sxxdfjg",
    "words apart": "遂溪 加固",
    "both sides": "遂溪县水务局 试例",
}
NOTHING = ("溪遂", "堤防青度", "！！", "xjg", "0800MA4X", "％", "91440800MA4X00000Z")


@pytest.fixture
def lived(world: World) -> tuple[World, dict[str, dict[str, str]]]:
    """An office with one of each, and what each list is asked besides: its own numbers."""
    case = published(world)
    repair = applied(world, case)
    number = world.ask(COUNTY).get(f"/contracts/{case['contract']}")["number"]
    decided = case["sanctions"][0]["document_number"]
    own = {"/contracts": {"a number": number, **CONTRACT, **FIRM}, "/cases": {"a number": case["number"], "a decision": decided, **CONTRACT, **FIRM},
           "/repairs": {"a receipt": repair["receipt"], "a decision": decided, **CONTRACT, **FIRM}, "/parties": FIRM}  # fmt: skip
    return world, own


def found(world: World, path: str, q: str) -> int:
    total: int = world.ask(COUNTY).get(path, q=q)["total"]
    return total


def test_every_list_is_found_by_every_kind_of_question(lived: tuple[World, dict[str, dict[str, str]]]) -> None:
    world, asked = lived
    for path, questions in asked.items():
        for what, q in questions.items():
            assert found(world, path, q) == 1, (path, what, q)
            assert found(world, path, q.translate(FULL_WIDTH)) == 1, (path, what, "full width")
        for q in NOTHING:
            assert found(world, path, q) == 0, (path, q)
        q = next(iter(questions.values()))
        assert "没有找到" not in words(read(world, COUNTY, f"{path}?q={q}")), path
        assert "没有找到" in words(read(world, COUNTY, f"{path}?q={NOTHING[0]}")), path


def test_the_public_asks_with_two_letters_or_more_and_is_told_so_before(lived: tuple[World, dict[str, dict[str, str]]]) -> None:
    """Whoever could ask for one character could take the register away, a page at a time."""
    world, _ = lived
    assert "至少两个字" in words(read(world, None, "/public"))
    for what, q in FIRM.items():
        for each in (q, q.translate(FULL_WIDTH)):
            text = words(read(world, None, f"/public?q={each}"))
            assert ("请至少输入两个字" in text) == (what == "one character"), (what, each)
            assert (NAME_A in text) == (what != "one character"), (what, each)
    for q in ("试！", "(z", "　试　"):
        assert "请至少输入两个字" in words(read(world, None, f"/public?q={q}")), q
    assert "At least two characters" in words(read(world, None, "/public", "en"))


def test_what_a_list_is_asked_stands_in_the_address_with_what_narrows_it(lived: tuple[World, dict[str, dict[str, str]]]) -> None:
    world, _ = lived
    world.ask(COUNTY).post("/contracts", contract_body(name="城月河灌区", type="CG", signed_on="2026-07-29", starts_on=None, ends_on=None))
    assert found(world, "/contracts", "河") == 1
    page = read(world, COUNTY, "/contracts?q=河&type=CG")
    assert 'value="河"' in page
    assert "q=%E6%B2%B3" in page
