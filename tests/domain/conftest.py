"""The office of a story: in memory, and once more on a real log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.domain.office import Office, on_sqlite


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    if request.param == "memory":
        yield Office()
        return
    office = on_sqlite(tmp_path)
    yield office
    office.ledger.close()
    office.engine.dispose()
