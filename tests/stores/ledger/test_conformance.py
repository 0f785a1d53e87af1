"""The library's own suite, on SQLite and on PostgreSQL."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from types import ModuleType
from typing import Any

import pytest
from eventsourcing.persistence import ApplicationRecorder, StoredEvent

from stores.ledger.append import CHINA
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger

# The suite's module also tests ciphers, with a library that nothing else of ours needs; those cases are not run here.
cipher = ModuleType("eventsourcing.cipher")
cipher.AESCipher = None  # type: ignore[attr-defined]
with pytest.MonkeyPatch.context() as patch:
    patch.setitem(sys.modules, "eventsourcing.cipher", cipher)
    from eventsourcing.tests.persistence import (
        AggregateRecorderTestCase,
        ApplicationRecorderTestCase,
        NonInterleavingNotificationIDsBaseCase,
    )


def now() -> datetime:
    return datetime.now(CHINA)


class OnADatabase:
    """The suite asks for a recorder over an empty log."""

    url: str
    fixture: str

    @pytest.fixture(autouse=True)
    def _empty(self, request: pytest.FixtureRequest) -> Iterator[None]:
        self.engine = open_ledger(request.getfixturevalue(self.fixture))
        create_ledger(self.engine)
        before = set(threading.enumerate())
        yield
        for reader in set(threading.enumerate()) - before:  # the suite tells its readers to stop, and does not wait
            reader.join(10)
        self.engine.dispose()

    def create_recorder(self) -> EventRecorder:
        return EventRecorder(self.engine, now)


class ApplicationCases(OnADatabase, ApplicationRecorderTestCase[ApplicationRecorder]):
    __test__ = False

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class Numberless(EventRecorder):
    """The suite for aggregates wants a recorder that gives no positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kw: Any) -> Sequence[int]:
        super().insert_events(stored_events, **kw)
        return None  # type: ignore[return-value]


class AggregateCases(OnADatabase, AggregateRecorderTestCase):
    __test__ = False

    def create_recorder(self) -> EventRecorder:
        return Numberless(self.engine, now)


class OrderCases(OnADatabase, NonInterleavingNotificationIDsBaseCase):
    __test__ = False


class TestApplicationOnSqlite(ApplicationCases):
    __test__ = True
    fixture = "sqlite"


class TestApplicationOnPostgres(ApplicationCases):
    __test__ = True
    fixture = "postgres"


class TestAggregateOnSqlite(AggregateCases):
    __test__ = True
    fixture = "sqlite"


class TestAggregateOnPostgres(AggregateCases):
    __test__ = True
    fixture = "postgres"


class TestOrderOnSqlite(OrderCases):
    __test__ = True
    fixture = "sqlite"


class TestOrderOnPostgres(OrderCases):
    __test__ = True
    fixture = "postgres"
