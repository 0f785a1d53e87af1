"""The look by keyboard finds what it is there to find, and what has a fault is never taken for what is known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.keys import by_keyboard
from tests.browser.kinds import Known, glance

pytestmark = pytest.mark.browser
SOUND = '<a href="#x">一</a><label>甲<input type="radio" name="r" checked></label><label>乙<input type="radio" name="r"></label>' \
        '<details><summary>更多</summary><a href="#y">里面</a></details><input type="date" aria-label="日"><button>办理</button>'  # fmt: skip
FAULTS = {
    "tabindex 3 on": '<a href="#x">一</a><button tabindex="3">二</button>',
    "nothing shows the focus on": '<style>button:focus{outline:none}</style><button>一</button>',
    "the focus is out of sight on": '<button style="position:fixed;left:-900px">一</button><button>二</button>',
    "are never reached": """<button id="one">一</button><button>二</button>
        <script>one.onkeydown = event => { event.preventDefault(); document.activeElement.blur() }</script>""",
    "never leaves the page": """<button>一</button><button id="two">二</button><button id="three">三</button>
        <script>three.onkeydown = event => { event.preventDefault(); two.focus() }</script>""",
}  # fmt: skip


@pytest.mark.parametrize("fault", ["", *FAULTS])
def test_what_is_planted_is_found(chromium: Any, fault: str) -> None:
    page = chromium.new_page()
    try:
        page.set_content(f"<main>{FAULTS.get(fault, SOUND)}</main>")
        found = by_keyboard(page)
    finally:
        page.close()
    assert found == [] if not fault else any(fault in one for one in found), found


# A sound page, and what axe could find fault with if one thing of it were otherwise: (what is there, what stands instead).
KNOWN = """<style>.pale { color: #bbb; background: #fff } a { display: inline-block; padding: 16px }</style><main><h1>题</h1><h2>节</h2><p>字</p>
    <label for="f">甲</label><input id="f" aria-describedby="h"><span id="h">注</span><a href="#f">去</a><button>办理</button>
    <img alt="图" src="data:,"><table><tr><th scope="col">列</th></tr><tr><td>值</td></tr></table></main>"""
OTHERWISE = {
    "a field without a label": ("<label for=\"f\">", "<label>"), "a button without words": ("办理", ""), "a link without words": (">去<", "><"),
    "pale words": ("<p>", "<p class=\"pale\">"), "a picture without words": (" alt=\"图\"", ""), "a level left out": ("<h2>节</h2>", "<h3>节</h3>"),
    "an id twice": ("<p>", "<p id=\"f\">"), "a note that is not there": ("<span id=\"h\">", "<span>"), "a link to nowhere": ("#f\">去", "#g\">去"),
    "an unknown role": ("<p>", "<p role=\"knob\">"), "a heading without words": ("节", ""), "outside the main part": ("</main>", "</main><p>外</p>"),
    "crowded links": ("<a href=\"#f\">去</a>", "<a href=\"#f\" style=\"padding:0\">去</a><a href=\"#f\" style=\"padding:0\">回</a>"),
    "an empty label": ("甲", " "), "a table of headings": ("<td>值</td>", "<th scope=\"col\">值</th>"), "an order of its own": ("<button>", "<button tabindex=\"2\">"),
}  # fmt: skip


@pytest.mark.parametrize("fault", ["", *OTHERWISE])
def test_only_what_is_sound_and_the_same_is_known(chromium: Any, fault: str) -> None:
    known, page = Known(), chromium.new_page()
    there, instead = OTHERWISE.get(fault, ("字", "别的一些字"))
    try:
        page.set_content(KNOWN)
        known.add("axe", glance(page).kinds)
        assert there in KNOWN
        page.set_content(KNOWN.replace(there, instead))
        assert known.has("axe", glance(page).kinds) == (not fault)
    finally:
        page.close()
