"""Every page but the acts', for every role that has it, in both languages, wide and on a phone: whole, one headline, nobody shut out, nothing sideways."""

from __future__ import annotations

import pytest

from tests.browser.everything import Everything
from tests.browser.pages import ACTS, FILES, SUFFIXES, WHO, Looker, addresses, letters_of, looks, paths, searched
from tests.web.access.routes import routes_of

pytestmark = pytest.mark.browser
OTHERS = ("/api/v1/", "/public/api/", "/static/", "/assets/", "/lang/", "/text/", "/keys/", "/problems/", "/healthz", "/readyz", "/metrics", "/favicon.ico")


def test_every_page_is_looked_at(all: Everything) -> None:
    """What answers to GET is a page of the list, a file, or known to be neither."""
    there = {path for method, path in routes_of(all.world.app) if method == "GET" and not path.startswith(OTHERS)}
    assert {one for one in there if not one.endswith(SUFFIXES)} == set(paths()) | FILES


@pytest.mark.parametrize(("lang", "letter", "path"), [one for one in looks() if one[2] not in ACTS])
def test_page(all: Everything, looker: Looker, lang: str, letter: str, path: str) -> None:
    assert [fault for address in addresses(all, path, letter) for fault in looker.open(lang, letter, address)] == []


@pytest.mark.parametrize(("lang", "letter"), [(lang, letter) for lang in ("zh", "en") for letter in WHO])
def test_nothing_found(looker: Looker, lang: str, letter: str) -> None:
    """Every list that can be searched, in vain."""
    assert [fault for path in searched() if letter in letters_of(path) for fault in looker.open(lang, letter, f"{path}?q=zzzz")] == []
