"""Where the offices of tests are kept: in a folder, and on PostgreSQL where a file beside the folder says so.

`LVYUE_TEST_STORE=postgresql` puts every office there whose test does not lay hands on the SQLite files.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from tests import postgres
from web.settings import Settings

ALONE = os.environ.get("LVYUE_TEST_STORE")  # the only store of this run; unset: SQLite, and both where a test asks for both
STORE = ALONE or "sqlite"
STORES = (ALONE,) if ALONE else ("sqlite", "postgresql")


def begin(data: Path, store: str = STORE) -> None:
    """An empty place for an office: the folder is still to be made, a database is there."""
    if store == "postgresql":
        data.parent.mkdir(parents=True, exist_ok=True)
        _address(data).write_text(postgres.fresh())


def settings(data: Path, **more: Any) -> Settings:
    """How the office in a folder is opened."""
    return Settings(**{"data": data, "database_url": url(data), "assets": "none", **more})


def url(data: Path) -> str | None:
    """Where the databases of the office in a folder are; None: in the folder."""
    return _address(data).read_text() if _address(data).exists() else None


def store(data: Path) -> str:
    return "sqlite" if url(data) is None else "postgresql"


def shell(data: Path) -> dict[str, str]:
    """What the environment tells a command that is started over the folder."""
    return {} if (there := url(data)) is None else {"LVYUE_DATABASE_URL": there}


def copy(made: Path, data: Path) -> Path:
    """A closed office, again, in another folder and database."""
    shutil.copytree(made, data, dirs_exist_ok=True)
    if (template := url(made)) is not None:
        _address(data).write_text(postgres.fresh(template))
    return data


def forget(data: Path) -> None:
    """The database of a closed office is gone; its folder is left."""
    if (there := url(data)) is not None:
        postgres.drop(there)
        _address(data).unlink()


def _address(data: Path) -> Path:
    return data.parent / f"{data.name}.url"
