"""Who means to write waits for SQLite's lock as long as is said, and gets in where it is left free for a moment."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from projections.temporal import engine as engines
from projections.temporal.engine import GAP, open_views_engine, writing


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "views.db"


@pytest.fixture
def views(file: Path) -> Iterator[sa.Engine]:
    made = open_views_engine(f"sqlite:///{file}")
    with writing(made).begin() as conn:
        conn.exec_driver_sql("CREATE TABLE one (n INTEGER)")
    yield made
    made.dispose()


def test_a_lock_that_is_never_left_is_said(views: sa.Engine, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "WAITS", 0.2)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sa.exc.OperationalError, match="locked"), writing(views).begin():
        pass
    other.execute("ROLLBACK")
    other.close()
    with writing(views).begin() as conn:
        assert conn.exec_driver_sql("PRAGMA busy_timeout").scalar() == 200


def test_a_lock_that_is_left_for_a_moment_is_taken(views: sa.Engine, file: Path) -> None:
    """As those who fill tables hold it: nearly always, by turns of a fifth of a second."""
    done, turns = threading.Event(), 0

    def fill() -> None:
        nonlocal turns
        other = sqlite3.connect(file, isolation_level=None, timeout=20)
        while not done.is_set():
            other.execute("BEGIN IMMEDIATE")
            time.sleep(0.2)
            other.execute("COMMIT")
            turns += 1
            time.sleep(GAP)
        other.close()

    filling = threading.Thread(target=fill)
    filling.start()
    try:
        for n in range(5):
            with writing(views).begin() as conn:
                conn.exec_driver_sql("INSERT INTO one VALUES (?)", (n,))
            time.sleep(0.05)  # so that the next waits as well
    finally:
        done.set()
        filling.join()
    assert turns <= 12, "SQLite's own waiting takes twenty turns and more"
