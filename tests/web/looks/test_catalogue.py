"""Nothing of ours is without English, and no English loses a value of its sentence."""

import string

from tests.shared import ROOT
from tests.web.looks.catalogue import ROOMS, english, excluded, missing, pieced_together, template_text
from web.looks.tongue import Lazy, preferred, tongue


def test_every_sentence_has_english() -> None:
    wanting = [f"{place}: {text}" for text, place in missing(*ROOMS).items()]
    assert wanting == [], "python -m tests.web.looks.catalogue prints them as entries for a .po file"


def test_no_chinese_stands_bare_in_a_template() -> None:
    templates = [path for path in (ROOT / "web" / "templates").rglob("*.html") if not excluded(path)]
    assert templates
    assert [(path.name, line, text) for path in templates for text, line in template_text(path)] == []


def test_no_sentence_is_pieced_together() -> None:
    # What the stores raise so is read by operators, in the log.
    modules = [path for room in ("web", "domain", "projections") for path in (ROOT / room).rglob("*.py") if not excluded(path)]
    modules = [path for path in modules if path.parent.name != "values"]  # how one is written
    found = [f"{path.name}:{line} {text}" for path in modules for text, line in pieced_together(path)]
    assert found == [], "say it with {placeholders}, so that it can be said in English"


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_english_puts_in_the_same_values() -> None:
    assert [text for text, told in english().items() for one in told if not fields(one) <= fields(text)] == []
    assert [text for text, told in english().items() if told and fields(told[-1]) != fields(text)] == []


def test_a_sentence_is_escaped_and_its_markup_values_are_not() -> None:
    from markupsafe import Markup

    zh, en = tongue("zh"), tongue("en")
    assert zh.written("{label}：{error}", label="<b>", error=Markup("<i>")) == "&lt;b&gt;：<i>"
    assert en.written("{label}：{error}", label="a", error="b") == "a: b"
    assert str(en.counted("逾期 {n} 天", "逾期 {n} 天", 1)) == "1 day overdue"
    assert str(en.counted("逾期 {n} 天", "逾期 {n} 天", 3)) == "3 days overdue"
    assert zh.said("没有 {这个}") == "没有 {这个}", "a sentence without values is said as it stands"
    assert en.said("{label}：{error}", label=Lazy("合同"), error=1) == "Contracts: 1"


def test_chinese_unless_english_is_preferred() -> None:
    for header in ("", "*", "fr", "zh-CN,en;q=0.9", "en;q=0.5,zh-TW;q=0.5", "en;q=x"):
        assert preferred(header) == "zh", header
    for header in ("en", "en-GB,zh;q=0.9", "fr, en;q=0.3"):
        assert preferred(header) == "en", header
