"""An office of its own for each test, served; and one for a whole file, in which everything has happened, with somebody who looks."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.everything import Everything
from tests.browser.pages import KNOWN, Looker
from tests.browser.server import Site, served, settled
from tests.web import kept


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """People and organisations, no contract yet; the clock stands at 2026-01-12."""
    with served(settled(tmp_path / "data")) as one:
        yield one
    kept.forget(tmp_path / "data")


@pytest.fixture(scope="session", autouse=True)
def known_to_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The processes of one run tell each other what they have looked at."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        KNOWN.share(tmp_path_factory.getbasetemp().parent / "known")


@pytest.fixture(scope="module")
def all(tmp_path_factory: pytest.TempPathFactory) -> Everything:
    return Everything(settled(tmp_path_factory.mktemp("everything") / "data"))


@pytest.fixture(scope="module")
def looker(all: Everything, chromium: Any) -> Iterator[Looker]:
    with served(all.world) as site:
        one = Looker(chromium, site)
        yield one
        one.leave()
