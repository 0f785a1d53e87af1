"""Every macro in a real Chromium, under the real policy: nobody shut out, nothing sideways, well-behaved keys."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browsing import Visit
from tests.web.looks.sample import VISITED

pytestmark = pytest.mark.browser

# What people have: a wide screen, a phone, the narrowest that WCAG asks for; light, dark, large text; both languages.
VIEWS = [
    (1280, "light", "normal", "zh-CN"),
    (1280, "dark", "large", "en-GB"),
    (360, "dark", "normal", "zh-CN"),
    (320, "light", "normal", "en-GB"),
    (320, "light", "large", "zh-CN"),
]


@pytest.mark.parametrize(("width", "scheme", "text", "locale"), VIEWS)
def test_pages_shut_nobody_out_and_never_scroll_sideways(site: str, visit: Callable[..., Visit], width: int, scheme: str, text: str, locale: str) -> None:
    reader = visit(site, width=width, locale=locale, color_scheme=scheme)
    reader.page.goto(f"/text/{text}?next=/help")
    found: list[str] = []
    for path in VISITED:
        reader.page.goto(path)
        found += [f"{path}: {one}" for one in reader.axe()]
        wide, room = reader.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        found += [f"{path}: {wide} px wide in {room}"] * (wide > room)
    assert found == []


@pytest.fixture
def reader(site: str, visit: Callable[..., Visit]) -> Any:
    return visit(site).page


def test_htmx_came_from_the_cdn_with_its_hash(reader: Any) -> None:
    reader.goto("/parts")
    assert reader.evaluate("htmx.version") == "2.0.11"


def test_a_refused_form_begins_at_what_is_wrong(reader: Any) -> None:
    reader.goto("/form")
    assert reader.evaluate("document.activeElement.id") == "errors"
    reader.click("#errors a >> nth=0")
    assert "#f-code" in reader.url


def test_single_keys_move_and_open_and_stay_out_of_fields(reader: Any) -> None:
    reader.goto("/parts")
    reader.keyboard.press("j")
    first = reader.evaluate("document.activeElement.textContent")
    reader.keyboard.press("j")
    second = reader.evaluate("document.activeElement.textContent")
    reader.keyboard.press("k")
    assert first != second
    assert reader.evaluate("document.activeElement.textContent") == first
    reader.keyboard.press("/")
    assert reader.evaluate("document.activeElement.id") == "q"
    reader.keyboard.type("jk?")
    assert reader.input_value("#q") == "jk?"
    reader.keyboard.press("Tab")
    reader.keyboard.press("?")
    reader.wait_for_url("**/help#keys")


def test_single_keys_can_be_switched_off(reader: Any) -> None:
    reader.goto("/help")
    reader.click("#keys a")
    reader.goto("/parts")
    reader.keyboard.press("/")
    reader.keyboard.press("j")
    assert reader.evaluate("document.activeElement === document.body")


def test_search_waits_for_the_input_method(reader: Any) -> None:
    reader.goto("/parts")
    reader.evaluate("window.told = []; addEventListener('search-ready', e => told.push(e.target.value))")
    reader.fill("#q", "")
    reader.focus("#q")
    session = reader.context.new_cdp_session(reader)
    for half in ("w", "wu", "wu y", "wu ye"):
        session.send("Input.imeSetComposition", {"text": half, "selectionStart": len(half), "selectionEnd": len(half)})
    session.send("Input.insertText", {"text": "物业"})
    assert [text for text in reader.evaluate("told") if text] == ["物业"]


def test_control_enter_submits_the_form_by_its_true_button(reader: Any) -> None:
    reader.goto("/form")
    reader.evaluate("() => {window.watch = e => {e.preventDefault(); window.by = e.submitter.className}}")
    reader.evaluate("document.querySelector('main form').addEventListener('submit', watch)")
    reader.focus("#f-name")
    reader.keyboard.press("Control+Enter")
    assert reader.evaluate("by") == "btn go"
    reader.focus("#f-name")
    reader.keyboard.press("Enter")
    assert reader.evaluate("by") == "vh", "Enter does not press 'add a row'"


def test_a_failed_swap_says_so_and_leaves_the_page(site: str, visit: Callable[..., Visit]) -> None:
    visitor = visit(site)
    reader = visitor.page
    reader.goto("/parts")
    reader.evaluate("htmx.ajax('GET', '/stop/404', {target: '#rows', swap: 'outerHTML'})")
    reader.wait_for_function("document.getElementById('note').textContent.includes('404')")
    assert reader.locator("#rows").count() == 1
    assert len(visitor.complaints) == 1, "htmx itself logs the refused swap"
    visitor.complaints.clear()


def test_a_swapped_form_takes_the_focus_to_its_errors(reader: Any) -> None:
    reader.goto("/parts")
    reader.evaluate("htmx.ajax('GET', '/form', {target: '#rows', swap: 'innerHTML'})")
    reader.wait_for_function("document.activeElement.id === 'errors'")


def test_a_long_picture_begins_at_its_end_on_a_phone(site: str, visit: Callable[..., Visit]) -> None:
    page = visit(site, width=360).page
    page.goto("/pictures")
    last = page.locator(".from-end .dot").last.bounding_box()
    assert 0 <= last["x"] < last["x"] + last["width"] <= 360


def test_pages_work_without_script(site: str, visit: Callable[..., Visit]) -> None:
    page = visit(site, script=False).page
    page.goto("/parts")
    page.click("summary >> nth=0")
    assert page.locator("details[open] .days").is_visible()
    page.click("text=English")
    assert page.locator("html").get_attribute("lang") == "en"
    page.fill("#q", "青渡河")
    page.click("main form[role=search] button")
    assert "q=%E9%9D%92%E6%B8%A1%E6%B2%B3" in page.url


def test_a_letter_prints_on_a4_without_the_frame(site: str, visit: Callable[..., Visit]) -> None:
    page = visit(site).page
    page.goto("/letter")
    page.emulate_media(media="print")
    for part in (".top", ".nav", ".foot", ".btns"):
        assert page.locator(part).first.is_hidden()
    read = "name => getComputedStyle(document.querySelector('.gw'))[name]"
    size, leading = page.evaluate(read, "fontSize"), page.evaluate(read, "lineHeight")
    # 15.75 pt on 10.227 mm: 28 characters by 22 lines
    assert (size, round(float(leading.removesuffix("px")), 1)) == ("21px", 38.7)


def test_a_letter_has_twenty_eight_characters_a_line(site: str, visit: Callable[..., Visit]) -> None:
    page = visit(site).page
    page.goto("/letter")
    lines = page.evaluate("""() => {
        const text = document.querySelector('.gw p:not([class])');
        text.textContent = '检'.repeat(28 * 5 - 2);
        const range = document.createRange(), lines = {};
        for (let i = 0; i < text.firstChild.length; i++) {
            range.setStart(text.firstChild, i);
            range.setEnd(text.firstChild, i + 1);
            const top = Math.round(range.getBoundingClientRect().top);
            lines[top] = (lines[top] || 0) + 1;
        }
        return Object.values(lines);
    }""")
    assert lines == [26, 28, 28, 28, 28]
