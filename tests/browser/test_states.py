"""Pages where nothing has happened yet; forms beside the acts, refused; in both languages, wide and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.everything import Everything
from tests.browser.pages import ACTS, EVERYTHING, WHO, Looker, addresses, letters_of, paths, searched
from tests.browser.refused import emptied, refused
from tests.browser.server import served, settled
from web.pages import routers

pytestmark = pytest.mark.browser
# What is sent beside the acts, by whom and at which page; "" a role: nobody.
FORMS = {
    "/sign-in": ("", "/sign-in"), "/public/track": ("", "/public/track"), "/invitation": ("", "/invitation"), "/imports": ("S", "/imports"), "/m/{id}": ("S", "/m/{id}"),
    "/delegations": ("S", "/delegations"), "/administration/accounts": ("M", "/administration"), "/administration/packs": ("M", "/administration/packs"),
    "/administration/calendar": ("M", "/administration/packs"), "/administration/packs/{digest}/drop": ("M", "/administration/packs/{digest}"),
    "/policy-trials": ("M", "/policy-trials"),
}  # fmt: skip
BY_CODE = "/invitation"  # there is no such page without the code that its address brings
# Sent by a button alone, or by no page: nothing was typed that could be wrong.
BUTTONS = {
    "/sign-out", "/jobs/{id}/confirmation", "/jobs/{id}/cancellation", "/jobs/{id}/again", "/administration/accounts/{name}/disabling", "/administration/accounts/{name}/invitation",
    "/administration/packs/{digest}/adoption", "/delegations/{name}/end", "/policy-trials/{id}/cancellation",
    "/administration/accounts/{name}/grants", "/administration/organisations", "/audit/conformance",
}  # fmt: skip


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Looker]:
    """An office in which nothing has happened yet."""
    with served(settled(tmp_path_factory.mktemp("nothing") / "data")) as site:
        one = Looker(chromium, site)
        yield one
        one.leave()


@pytest.mark.parametrize(("lang", "letter"), [*(("zh", letter) for letter in WHO), *(("en", letter) for letter in (WHO if EVERYTHING else ("S", "A", "")))])
def test_pages_with_nothing_in_them(nothing: Looker, lang: str, letter: str) -> None:
    """Every page without a name in its address, for everybody who has it."""
    found: list[str] = []
    for path in [path for path in paths() if "{" not in path and path != BY_CODE and letter in letters_of(path)]:
        found += nothing.open(lang, letter, path)
        if path not in searched() and nothing.as_(lang, letter).locator("main [type=search]").count():
            found.append(f"{path} can be searched, but nobody searches it in vain: add it to BY_THEMSELVES")
    assert found == []


def test_every_form_beside_the_acts_is_known() -> None:
    sent = {str(route.path) for router in routers() for route in router.routes if "POST" in route.methods}  # type: ignore[attr-defined]
    assert sent - set(ACTS) == set(FORMS) | BUTTONS


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_refused_forms(all: Everything, looker: Looker, lang: str) -> None:
    found: list[str] = []
    for to, (letter, path) in FORMS.items():
        page = looker.as_(lang, letter)
        [address] = addresses(all, path, letter)
        page.goto(address)
        form = f'form[action="{address + to.removeprefix(path) if to.startswith(path) and "{" in path else to}"]'
        typed = emptied(page, form)
        found += [f"{to}: {one}" for one in refused(looker, lang, page, form, typed or ("", ""))]
    assert found == []
