"""One small demonstration for all tests of this folder; who changes it takes a copy."""

from pathlib import Path

import pytest

from tests.web.demo import made


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demonstration") / "var"
    made.write(folder, passwords=True)
    return folder
