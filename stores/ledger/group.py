"""Whoever comes while a round trip is under way waits, and the next one takes all who wait: commits, and what is read."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

from eventsourcing.persistence import DataError, IntegrityError

MOST_TURNS = 200  # in one round trip, so that nobody waits long behind a crowd
MOST_EVENTS = 5_000

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True, eq=False, kw_only=True)
class Turn:
    """One caller who waits; settled when what was asked for is there or `refused` is known."""

    refused: BaseException | None = None
    settled: bool = False
    leads: bool = False
    wake: Lock = field(default_factory=Lock)

    @property
    def size(self) -> int:
        return 1


T = TypeVar("T", bound=Turn)


class Group(Generic[T]):
    """Settles turns with as few round trips as their arrival allows.

    `attempt(turns)` settles all of them in one, setting what was asked for or `refused` in each, or raises for all.
    """

    def __init__(self, attempt: Callable[[Sequence[T]], None]) -> None:
        self._at_once = attempt
        self._gate = Lock()
        self._waiting: deque[T] = deque()
        self._busy = False

    def settle(self, one: T) -> T:
        """Wait until this one is settled, leading a group if nobody else does. Raises what refused it."""
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
        return one

    def _wait(self, one: T) -> None:
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

    def _take(self) -> list[T]:
        group = [self._waiting.popleft()]
        events = group[0].size
        while self._waiting and len(group) < MOST_TURNS:
            events += self._waiting[0].size
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

    def _attempt(self, group: Sequence[T]) -> None:
        """Together; where the database refuses a value, each alone, so that one does not spoil the others'."""
        try:
            self._at_once(group)
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


@dataclass(slots=True, eq=False)
class _Asked(Turn, Generic[K, V]):
    key: K
    found: V | None = None


class Shared(Generic[K, V]):
    """Answers what several ask at the same moment in one round trip. `fetch` gives what it finds of some keys."""

    def __init__(self, fetch: Callable[[Collection[K]], Mapping[K, V]]) -> None:
        self._fetch = fetch
        self._group: Group[_Asked[K, V]] = Group(self._answer)

    def ask(self, key: K) -> V | None:
        """What there is of a key, as of a moment after this was called."""
        return self._group.settle(_Asked(key)).found

    def _answer(self, group: Sequence[_Asked[K, V]]) -> None:
        found = self._fetch({one.key for one in group})
        for one in group:
            one.found = found.get(one.key)
