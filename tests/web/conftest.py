"""Offices to ask: on SQLite, on PostgreSQL, or on each in turn (`tests.web.kept` says where)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web import kept
from tests.web.office import World, copied_world

# What a `world` of these modules answers, it answers on both databases: a core of reading and writing, cheap enough for every run.
ON_BOTH = {f"tests/web/{one}.py" for one in (
    "stories/test_whole", "api/test_corrections", "api/test_moments", "api/test_statistics", "nevers/test_authority",
    "pages/test_cases", "pages/test_desk", "pages/test_letters", "pages/test_parties", "pages/test_public", "pages/test_repairs", "pages/test_searching",
    "pages/test_why",
)}  # fmt: skip


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of these modules that have an office have it on each database."""
    if "store" in metafunc.fixturenames and Path(metafunc.definition.nodeid.partition("::")[0]).as_posix() in ON_BOTH:
        metafunc.parametrize("store", kept.STORES)


@pytest.fixture
def store() -> str:
    """Where this test's office is: "sqlite" or "postgresql"."""
    return kept.STORE


@pytest.fixture
def world(store: str, tmp_path: Path) -> Iterator[World]:
    """A settled trial office on 2026-01-12, on SQLite unless LVYUE_TEST_STORE or the list above says otherwise."""
    yield from _one(tmp_path, store)


@pytest.fixture
def in_files(tmp_path: Path) -> Iterator[World]:
    """The same on SQLite always, for tests that lay hands on its files."""
    yield from _one(tmp_path, "sqlite")


@pytest.fixture(params=kept.STORES)
def any_world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """The same on SQLite and on PostgreSQL."""
    yield from _one(tmp_path, request.param)


def _one(folder: Path, store: str) -> Iterator[World]:
    made = copied_world(folder / "data", store=store)
    yield made
    made.close()
    kept.forget(folder / "data")
