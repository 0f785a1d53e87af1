"""Nobody is left waiting, whatever happens to those beside them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError

from stores.ledger.append import Append
from stores.ledger.group import MOST_TURNS, Group, Shared


class Interrupted:
    """A wake-up that never comes: the one who waits for it is interrupted."""

    def __init__(self, before: Callable[[], object]) -> None:
        self._calls, self._before = 0, before

    def acquire(self) -> bool:
        self._calls += 1
        if self._calls > 1:
            self._before()
            raise KeyboardInterrupt
        return True

    def release(self) -> None: ...


class Log:
    """Gives positions; the first commit waits until it is let go."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.under_way, self.go = Event(), Event()
        self.count = 0

    def commit(self, group: Sequence[Append]) -> None:
        self.groups.append(len(group))
        if len(self.groups) == 1:
            self.under_way.set()
            self.go.wait(5)
        for one in group:
            self.count += 1
            one.positions = [self.count]


def waiting(group: Group[Any], count: int) -> None:
    while len(group._waiting) < count:
        Event().wait(0.001)


def test_those_who_wait_share_the_next_commit() -> None:
    log = Log()
    group = Group(log.commit)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(group.settle, Append([]))
        log.under_way.wait(5)
        others = [pool.submit(group.settle, Append([])) for _ in range(6)]
        waiting(group, 6)
        log.go.set()
        assert first.result(5).positions == [1]
        assert sorted(one.result(5).positions[0] for one in others) == [2, 3, 4, 5, 6, 7]
    assert log.groups == [1, 6]


def test_one_who_is_interrupted_leaves_the_others_served() -> None:
    log = Log()
    group = Group(log.commit)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(group.settle, Append([]))
        log.under_way.wait(5)
        with pytest.raises(KeyboardInterrupt):
            group.settle(Append([], wake=Interrupted(lambda: None)))  # type: ignore[arg-type]
        last = pool.submit(group.settle, Append([]))
        waiting(group, 1)
        log.go.set()
        assert (first.result(5).positions, last.result(5).positions) == ([1], [2])
    assert group.settle(Append([])).positions == [3]


def test_one_who_is_interrupted_when_it_is_their_turn_to_lead_passes_it_on() -> None:
    log = Log()
    group = Group(log.commit)
    with ThreadPoolExecutor(4) as pool:
        last = first = pool.submit(group.settle, Append([]))
        log.under_way.wait(5)

        def until_it_leads() -> None:
            nonlocal last
            last = pool.submit(group.settle, Append([]))
            waiting(group, 2)
            log.go.set()
            first.result(5)

        with pytest.raises(KeyboardInterrupt):
            group.settle(Append([], wake=Interrupted(until_it_leads)))  # type: ignore[arg-type]
        assert last.result(5).positions == [2]
    assert group.settle(Append([])).positions == [3]


def test_a_commit_that_fails_fails_all_of_it_and_the_next_is_free() -> None:
    def commit(group: Sequence[Append]) -> None:
        raise OSError("disk full")

    group = Group(commit)
    for _ in range(2):
        with pytest.raises(OSError, match="disk full"):
            group.settle(Append([]))


def test_where_the_database_refuses_one_the_others_are_done_alone() -> None:
    log, done = Log(), list[int]()

    def commit(group: Sequence[Append]) -> None:
        log.commit(group)
        if any(one.unchanged for one in group):
            raise IntegrityError("taken")
        done.append(len(group))

    group = Group(commit)
    with ThreadPoolExecutor(4) as pool:
        first = pool.submit(group.settle, Append([]))
        log.under_way.wait(5)
        bad = pool.submit(group.settle, Append([], unchanged=[("x", 1)]))  # type: ignore[list-item]
        good = pool.submit(group.settle, Append([]))
        waiting(group, 2)
        log.go.set()
        first.result(5)
        good.result(5)
        with pytest.raises(IntegrityError):
            bad.result(5)
    assert done == [1, 1]


def test_nobody_waits_behind_a_crowd() -> None:
    log = Log()
    group = Group(log.commit)
    with ThreadPoolExecutor(MOST_TURNS + 60) as pool:
        first = pool.submit(group.settle, Append([]))
        log.under_way.wait(5)
        others = [pool.submit(group.settle, Append([])) for _ in range(MOST_TURNS + 50)]
        waiting(group, MOST_TURNS + 50)
        log.go.set()
        for one in [first, *others]:
            one.result(5)
    assert log.groups == [1, MOST_TURNS, 50]


def test_those_who_ask_meanwhile_are_answered_together_by_what_is_read_later() -> None:
    """Nobody is given what was read before they asked; a look that fails fails for those whose it was."""
    under_way, go, asked = Event(), Event(), list[set[str]]()

    def fetch(keys: Collection[str]) -> Mapping[str, int]:
        asked.append(set(keys))
        if len(asked) == 1:
            under_way.set()
            go.wait(5)
        if "broken" in keys:
            raise OSError("gone")
        return {key: len(asked) for key in keys if key != "nothing"}

    shared = Shared(fetch)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(shared.ask, "a")
        under_way.wait(5)
        others = [pool.submit(shared.ask, key) for key in ("a", "a", "b", "nothing")]
        waiting(shared._group, 4)
        go.set()
        assert [one.result(5) for one in [first, *others]] == [1, 2, 2, 2, None]
    assert asked == [{"a"}, {"a", "b", "nothing"}]
    with pytest.raises(OSError, match="gone"):
        shared.ask("broken")
    assert shared.ask("a") == 4
