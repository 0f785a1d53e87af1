"""The office of a story: in memory, and once more on a real log of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.domain.office import Office, on_database


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    if request.param == "memory":
        yield Office()
        return
    office = on_database(request.getfixturevalue("postgres") if request.param == "postgresql" else tmp_path / "ledger.db")
    yield office
    office.ledger.close()
    office.engine.dispose()
