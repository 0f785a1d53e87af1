"""Every page, for every role that has it, in both languages, wide and on a phone, by keyboard: whole, one headline, nobody shut out, nothing sideways."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.everything import Everything
from tests.browser.pages import ACTS, AXE, FILES, SUFFIXES, Looker, addresses, looks, paths
from tests.browser.server import served, settled
from tests.web.access.routes import routes_of

pytestmark = pytest.mark.browser
OTHERS = ("/api/v1/", "/public/api/", "/static/", "/assets/", "/lang/", "/text/", "/keys/", "/problems/", "/healthz", "/readyz", "/metrics", "/favicon.ico")


@pytest.fixture(scope="module")
def all(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    return Everything(settled(tmp_path_factory.mktemp("pages") / "data"))


@pytest.fixture(scope="module")
def looker(all: Everything, chromium: Any) -> Iterator[Looker]:
    with served(all.world) as site:
        one = Looker(chromium, site)
        yield one
        one.leave()


def test_every_page_is_looked_at(all: Everything) -> None:
    """What answers to GET is a page of the list, a file, or known to be neither."""
    there = {path for method, path in routes_of(all.world.app) if method == "GET" and not path.startswith(OTHERS)}
    assert {one for one in there if not one.endswith(SUFFIXES)} == set(paths()) | FILES


@pytest.mark.parametrize(("lang", "letter", "path"), looks())
def test_page(all: Everything, looker: Looker, lang: str, letter: str, path: str) -> None:
    found: list[str] = []
    # Acts are one template: axe sees each wide in Chinese and narrow in English, every other page all four ways. The keys do not speak.
    axe = (1280 if lang == "zh" else 320,) if path in ACTS else AXE
    for address in addresses(all, path, letter):
        found += looker.open(lang, letter, address, axe, keys=lang == "zh")
        if path in ACTS and not looker.as_(lang, letter).locator("form#act").count():
            found.append(f"{address}: the act cannot be done here, so its form was not seen")
    assert found == []
