"""A small demonstration for tests, and what can be read of one that does not depend on its ids."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa

from projections.temporal.moment import Moment, at
from projections.views import VIEWS
from web.demo.writing import Wanted, write_demonstration
from web.office import Office, open_office
from web.settings import Settings

UNTIL = date(2026, 6, 30)
SMALL = Wanted(contracts=20, years=3, seed=7, until=UNTIL)
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|sealed:1:\S+?(?=[\"\s,]|$)")


def write(folder: Path, wanted: Wanted = SMALL, passwords: bool = False) -> dict[str, Any]:
    """Hashing eleven passwords takes seconds: only who signs in needs them."""
    with nullcontext() if passwords else patch("stores.vault.passwords.Passwords.hash", lambda self, password: "unusable"):
        return write_demonstration(Settings(data=folder), wanted)


@contextmanager
def opened(folder: Path) -> Iterator[Office]:
    office = open_office(Settings(data=folder))
    try:
        yield office
    finally:
        office.close()


def log_of(office: Office) -> list[tuple[int, str, str, str]]:
    """Position, time, topic and body of every event, the ids that are drawn each time left out."""
    rows, position = list[tuple[int, str, str, str]](), 0
    while page := office.recorder.after(position, 1_000):
        rows += [(row.position, row.recorded_at, row.topic, ID.sub("·", row.state.decode())) for row in page]
        position = page[-1].position
    return rows


def rows_of(office: Office, name: str, day: date = UNTIL) -> list[Any]:
    """The rows of a view as they stand."""
    table = next(view.table for view in VIEWS if view.name == name)
    with office.looking() as conn:
        return list(conn.execute(sa.select(table).where(at(Moment(day), table))))
