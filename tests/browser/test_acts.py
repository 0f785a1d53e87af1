"""The page of every act, for every role that has it: opened in both languages, and refused."""

from __future__ import annotations

import pytest

from tests.browser.everything import Everything
from tests.browser.pages import ACTS, EVERYTHING, Looker, addresses, looks
from tests.browser.refused import NEVER_REFUSED, emptied, refused

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("lang", "letter", "path"), [one for one in looks() if one[2] in ACTS])
def test_act(all: Everything, looker: Looker, lang: str, letter: str, path: str) -> None:
    """Its form is whole; sent with next to nothing in it, it comes back with what was typed, and says what is wrong and where."""
    found: list[str] = []
    for address in addresses(all, path, letter):
        found += looker.open(lang, letter, address)
        page = looker.as_(lang, letter)
        if not page.locator("form#act").count():
            found.append(f"{address}: the act cannot be done here, so its form was not seen")
            continue
        if lang == "en" and not EVERYTHING:  # what is refused stands at the same place in either language
            continue
        typed = emptied(page, "#act")
        if ACTS[path].name in NEVER_REFUSED:
            found += [f"{address}: {typed} can be refused, strike it from NEVER_REFUSED"] * (typed is not None)
        elif typed is None:
            found.append(f"{address}: nothing in it can be refused: say why in NEVER_REFUSED")
        else:
            found += [f"{address}: {one}" for one in refused(looker, lang, page, "#act", typed)]
    assert found == []


def test_what_is_never_refused_is_an_act() -> None:
    assert set(NEVER_REFUSED) <= {one.name for one in ACTS.values()}
