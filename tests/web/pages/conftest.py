"""A town for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.pages.town import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.office.close()
