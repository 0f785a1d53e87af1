"""A subscription: polling is the guarantee, a wake-up from a commit in this process only the hint."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event
from typing import TYPE_CHECKING

from eventsourcing.persistence import Notification, Subscription

if TYPE_CHECKING:
    from stores.ledger.recorder import EventRecorder

POLL_SECONDS = 0.25
_BATCH = 500


class Polling(Subscription["EventRecorder"]):
    """Events past a position, one by one; blocks after the last until there are more or it is stopped."""

    def __init__(self, recorder: EventRecorder, gt: int | None, topics: Sequence[str]) -> None:
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._ready: list[Notification] = []
        self._wake = Event()
        recorder.listeners.add(self._wake)

    def stop(self) -> None:
        super().stop()
        self._recorder.listeners.discard(self._wake)
        self._wake.set()

    def __next__(self) -> Notification:
        while not self._has_been_stopped:
            if self._ready:
                return self._ready.pop()
            self._wake.clear()  # before looking: what is committed from here on sets it again
            past = self._last_notification_id
            found = self._recorder.select_notifications(past, _BATCH, topics=self._topics, inclusive_of_start=False)
            if found:
                self._last_notification_id = found[-1].id
                self._ready = list(found[::-1])
            else:
                self._wake.wait(POLL_SECONDS)
        raise StopIteration
