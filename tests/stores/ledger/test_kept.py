"""What is kept of streams is never another log's, never behind, and never without bound."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from eventsourcing.persistence import StoredEvent

from domain.contract.events import ContractFiled
from domain.events import encode
from domain.ledger import Command, Ledger, OtherBody, Piece
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import events
from tests.stores.ledger.conftest import Watch

A, B = UUID(int=10), UUID(int=11)


def filed(stream: UUID, version: int, day: int) -> StoredEvent:
    said = ContractFiled(filed_on=date(2026, 4, day), by="me")
    return StoredEvent(stream, version, said.topic, encode(said))


def days(ledger: Ledger, stream: UUID) -> list[int]:
    return [one.event.day.day for one in ledger.of([stream]).get(stream, [])]


class Counting:
    """A recorder that notes from which version it is asked, and how many events it gives."""

    def __init__(self, recorder: EventRecorder) -> None:
        self.recorder, self.asked = recorder, list[tuple[int, int]]()

    def since(self, stream: UUID, version: int) -> Sequence[Piece]:
        found = self.recorder.since(stream, version)
        self.asked.append((version, len(found)))
        return found


def test_only_what_is_new_is_read_whoever_recorded_it(engine: sa.Engine, recorder: EventRecorder, watch: Watch) -> None:
    ledger, other = Ledger(recorder), EventRecorder(engine, watch)
    counting = Counting(recorder)
    ledger._read._recorder = counting
    assert days(ledger, A) == []
    recorder.insert_events([filed(A, 1, 1), filed(B, 1, 9), filed(A, 2, 2)])
    assert days(ledger, A) == [1, 2]
    other.insert_events([filed(A, 3, 3)])
    assert days(ledger, A) == [1, 2, 3]
    assert days(ledger, A) == [1, 2, 3]
    assert counting.asked == [(0, 0), (0, 2), (2, 2), (3, 1)]
    assert ledger.of([A])[A] == ledger.of([A, B])[A]
    ledger.of([A])[A].clear()  # what was given is the asker's
    assert days(ledger, A) == [1, 2, 3]


@pytest.mark.parametrize("left", [2, 3])
def test_another_log_is_read_whole(engine: sa.Engine, recorder: EventRecorder, left: int) -> None:
    """As where a backup was restored beneath a running process: as long as the old one, or shorter."""
    ledger = Ledger(recorder)
    recorder.insert_events([filed(A, 1, 1), filed(A, 2, 2), filed(A, 3, 3)])
    assert days(ledger, A) == [1, 2, 3]
    with engine.begin() as conn:
        conn.execute(sa.delete(events).where(events.c.position > left))
        conn.execute(sa.update(events).where(events.c.position >= 2).values(state=filed(A, 1, 7).state))
    assert days(ledger, A) == [1, *[7] * (left - 1)]


def test_so_many_events_are_kept_and_no_more(recorder: EventRecorder) -> None:
    ledger, streams = Ledger(recorder, kept=6), [uuid4() for _ in range(5)]
    recorder.insert_events([filed(stream, version, version) for stream in streams for version in (1, 2)])
    for stream in [*streams, streams[2]]:
        assert days(ledger, stream) == [1, 2]
    recorder.insert_events([filed(streams[4], 3, 3)])
    assert days(ledger, streams[4]) == [1, 2, 3]
    assert list(ledger._read._kept) == [streams[2], streams[4]]
    assert ledger._read._count == 5
    ledger = Ledger(recorder, kept=0)
    assert days(ledger, streams[0]) == [1, 2]
    assert not ledger._read._kept


def test_an_earlier_answer_and_a_version_in_one_look(recorder: EventRecorder) -> None:
    ledger, once = Ledger(recorder), Command(uuid4(), "me", "d")
    assert ledger.asked(once, A) == (None, 0)
    recorder.insert_events([filed(A, 1, 1), filed(A, 2, 2)], command=once)
    saved, version = ledger.asked(once, A)
    assert (saved, version) == ((1, 2), 2)
    assert ledger.asked(Command(uuid4(), "me", "d"), A) == (None, 2)
    assert ledger.asked(once, B) == ((1, 2), 0)
    with pytest.raises(OtherBody):
        ledger.asked(once._replace(digest="other"), A)
    asked = {(once.id, A), (once.id, B), (A, A)}  # as when several ask at the same moment
    told = recorder._asked(asked)
    assert {key: (done is not None, version) for key, (done, version) in told.items()} == {
        (once.id, A): (True, 2), (once.id, B): (True, 0), (A, A): (False, 2),
    }  # fmt: skip
    assert {key: [piece[2] for piece in found] for key, found in recorder._rows.since({(A, 0), (A, 2), (B, 0)}).items() if found} == {
        (A, 0): [1, 2], (A, 2): [2],
    }  # fmt: skip
