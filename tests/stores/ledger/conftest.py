"""An empty ledger on either database, and recorders over it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from stores.ledger.append import CHINA
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 4, 29, 9, tzinfo=CHINA)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **some: float) -> None:
        self.now += timedelta(**some)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def engine(any_database: str) -> Iterator[sa.Engine]:
    engine = open_ledger(any_database)
    create_ledger(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def recorder(engine: sa.Engine, watch: Watch) -> EventRecorder:
    return EventRecorder(engine, watch)
