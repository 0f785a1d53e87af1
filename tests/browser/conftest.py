"""An office of its own for each test, served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.server import Site, served, settled


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """People and organisations, no contract yet; the clock stands at 2026-01-12."""
    with served(settled(tmp_path / "data")) as one:
        yield one
