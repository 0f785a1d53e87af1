"""Pages in their other states: refused, nothing there yet, nothing found; in both languages, wide and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.everything import Everything
from tests.browser.pages import Looker
from tests.browser.server import served, settled

pytestmark = pytest.mark.browser
NOTHING = "zzzz"
EMPTY = [
    ("S", "/"), ("S", "/contracts"), ("S", f"/contracts?q={NOTHING}"), ("D", "/"), ("S", "/cases"), ("S", f"/cases?q={NOTHING}"), ("S", "/repairs"),
    ("S", "/parties"), ("S", f"/parties?q={NOTHING}"), ("S", "/imports"), ("A", "/my"), ("A", "/my/repairs/new"), ("U", "/audit"), ("U", "/audit/access"),
    ("", "/public"), ("", f"/public?q={NOTHING}"), ("", "/public/verify?number=XX-1"),
]  # fmt: skip


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Looker]:
    """An office in which nothing has happened yet."""
    with served(settled(tmp_path_factory.mktemp("nothing") / "data")) as site:
        one = Looker(chromium, site)
        yield one
        one.leave()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lists_with_nothing_in_them(nothing: Looker, lang: str) -> None:
    found = [fault for letter in ("S", "D", "A", "U", "") for who, address in EMPTY if who == letter for fault in nothing.open(lang, letter, address)]
    assert found == []


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[tuple[Everything, Looker]]:
    all = Everything(settled(tmp_path_factory.mktemp("refused") / "data"))
    with served(all.world) as site:
        one = Looker(chromium, site)
        yield all, one
        one.leave()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_refused_forms(filled: tuple[Everything, Looker], lang: str) -> None:
    """Nothing is filled in but one field, which stays; what is wrong stands on top, each a link to its place, and has the focus."""
    all, looker = filled
    forms = [
        ("S", "/contracts/new", "name", 4),
        ("S", f"/contracts/{all.contract['id']}/findings", "facts", 2),
        ("D", f"/cases/{all.open_for('cases', 'sanction')}/sanction", "grounds", 1),
    ]
    found: list[str] = []
    for letter, address, field, least in forms:
        page = looker.as_(lang, letter)
        page.goto(address)
        page.fill(f"#act [name={field}]", "写了一半 <b>")
        with page.expect_navigation() as going:
            page.click("#act [data-submit]")
        assert going.value is not None
        assert going.value.status == 422, address
        assert page.input_value(f"#act [name={field}]") == "写了一半 <b>"
        places = [str(one.get_attribute("href")) for one in page.locator("#errors a").all()]
        assert len(places) >= least, f"{address}: {places}"
        assert page.evaluate("document.activeElement.id") == "errors"
        assert all_there(page, places), f"{address}: {places}"
        found += [f"{address}: {one}" for one in looker.faults(lang)]
    assert found == []


def all_there(page: Any, places: list[str]) -> bool:
    return all(page.locator(place).count() == 1 for place in places)
