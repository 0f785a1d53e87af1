"""A town for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import kept
from tests.web.pages.town import Town


@pytest.fixture
def town(store: str, tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path, store)
    yield made
    made.office.close()
    kept.forget(tmp_path / "data")
