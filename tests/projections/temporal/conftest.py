"""Databases for the views, made afresh."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from projections.temporal.engine import open_views_engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    url = request.getfixturevalue("postgres") if request.param == "postgresql" else f"sqlite:///{tmp_path}/views.db"
    made = open_views_engine(url)
    yield made
    made.dispose()
