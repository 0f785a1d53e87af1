"""Group commit: whoever comes while a commit is under way waits, and the next commit takes all who wait."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Lock

from eventsourcing.persistence import DataError, IntegrityError

from stores.ledger.append import Append

MOST_COMMANDS = 200  # in one transaction, so that nobody waits long behind a crowd
MOST_EVENTS = 5_000


class Group:
    """Settles appends with as few commits as their arrival allows.

    `commit(appends)` settles all of them in one transaction, setting `positions` or `refused`, or raises for all.
    """

    def __init__(self, commit: Callable[[Sequence[Append]], None]) -> None:
        self._commit = commit
        self._gate = Lock()
        self._waiting: deque[Append] = deque()
        self._busy = False

    def settle(self, one: Append) -> Sequence[int]:
        """Wait until this append is settled, leading a group if nobody else does. Raises what refused it."""
        one.wake.acquire()
        with self._gate:
            self._waiting.append(one)
            one.leads, self._busy = not self._busy, True
        if not one.leads:
            self._wait(one)
        if one.leads:
            self._lead()
        if one.refused is not None:
            raise one.refused
        return one.positions

    def _wait(self, one: Append) -> None:
        try:
            one.wake.acquire()
        except BaseException:  # interrupted: nobody may be left waiting for one who has gone
            with self._gate:
                if one in self._waiting:
                    self._waiting.remove(one)
                if one.leads and not one.settled:
                    self._pass_on()
            raise

    def _lead(self) -> None:
        with self._gate:
            group = self._take()
        try:
            self._attempt(group)
        finally:
            with self._gate:
                for one in group:
                    one.settled = True
                    if not one.leads:
                        one.wake.release()
                self._pass_on()

    def _take(self) -> list[Append]:
        group = [self._waiting.popleft()]
        events = len(group[0].events)
        while self._waiting and len(group) < MOST_COMMANDS:
            events += len(self._waiting[0].events)
            if events > MOST_EVENTS:
                break
            group.append(self._waiting.popleft())
        return group

    def _pass_on(self) -> None:
        if not self._waiting:
            self._busy = False
            return
        self._waiting[0].leads = True
        self._waiting[0].wake.release()

    def _attempt(self, group: Sequence[Append]) -> None:
        """Commit together; where the database refuses a value, each alone, so that one does not spoil the others'."""
        try:
            self._commit(group)
        except (IntegrityError, DataError) as error:
            for one in group:
                one.refused = error
                if len(group) > 1:
                    one.refused = None
                    self._attempt([one])
        except BaseException as error:
            for one in group:
                one.refused = error
            if not isinstance(error, Exception):
                raise
