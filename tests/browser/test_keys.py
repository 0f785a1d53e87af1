"""The look by keyboard finds what it is there to find."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.keys import by_keyboard

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
