"""Offices to ask: on SQLite, and for some tests on a real PostgreSQL as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.office import World, copied_world, new_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A settled trial office on 2026-01-12, on SQLite."""
    made = copied_world(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite and on PostgreSQL."""
    url: str | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    made = new_world(tmp_path / "data", database_url=url)
    yield made
    made.close()
