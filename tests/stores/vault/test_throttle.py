"""The throttle: whatever strangers do, few guesses reach the verifier, and the owner comes in from elsewhere."""

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stores.vault import source_of, sqlite_url, vault_engine
from stores.vault.throttle import NONE, Ladder, Throttle
from tests.stores.vault.conftest import NOW

OWNER, HOME, STRANGER = "decider", "10.0.0.1", "6.6.6.6"


@pytest.fixture
def throttle(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Throttle]:
    """A throttle that has seen nothing; on PostgreSQL it is tried by the sign-ins of `test_sign_in`."""
    engine = vault_engine(sqlite_url(shutil.copy(migrated_sqlite, tmp_path)))
    yield Throttle(engine)
    engine.dispose()


def _siege(throttle: Throttle, sources: list[str], start: datetime, tries: int, step: timedelta) -> int:
    admitted = 0
    for number in range(tries):
        admitted += not throttle.admit(OWNER, sources[number % len(sources)], start + step * number)
    return admitted


def test_five_are_free_then_the_wait_doubles(throttle: Throttle, now: datetime) -> None:
    waits = []
    for _ in range(12):
        wait = throttle.wait(OWNER, STRANGER, now)
        waits.append(wait.total_seconds())
        now += wait
        assert throttle.admit(OWNER, STRANGER, now) == NONE
    assert waits == [0, 0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1920]


def test_a_refused_attempt_makes_no_wait_longer(throttle: Throttle, now: datetime) -> None:
    _siege(throttle, [STRANGER], now, 5, timedelta(0))
    for _ in range(50):
        assert throttle.admit(OWNER, STRANGER, now) == timedelta(seconds=30)
    assert throttle.admit(OWNER, STRANGER, now + timedelta(seconds=30)) == NONE


@pytest.mark.parametrize("sources", [1, 3, 1000])
@pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=1)])
def test_a_thousand_guesses(throttle: Throttle, now: datetime, sources: int, step: timedelta) -> None:
    admitted = _siege(throttle, [f"6.6.{n // 250}.{n % 250}" for n in range(sources)], now, 1000, step)
    assert 5 <= admitted <= 60


def test_whoever_obeys_every_wait_for_years(throttle: Throttle, now: datetime) -> None:
    """Always from the source that may go first, some of them new each time: still not a hundred in three years."""
    start, admitted, fresh = now, 0, count()
    while now < start + timedelta(days=3 * 365):
        source = f"10.{next(fresh) // 250}.6.6"
        wait = throttle.admit(OWNER, source, now)
        if wait:
            now += wait
        else:
            admitted += 1
    assert admitted <= 100


def test_the_owner_comes_in_where_they_always_do_during_a_siege(throttle: Throttle, now: datetime) -> None:
    throttle.admit(OWNER, HOME, now)
    throttle.succeeded(OWNER, HOME, now)
    _siege(throttle, [f"6.6.6.{n}" for n in range(200)], now, 1000, timedelta(seconds=1))
    after = now + timedelta(seconds=1000)
    assert throttle.wait(OWNER, "6.6.7.7", after) > NONE
    assert throttle.admit(OWNER, HOME, after) == NONE
    throttle.succeeded(OWNER, HOME, after)
    assert throttle.wait(OWNER, "6.6.7.7", after) == NONE


def test_the_owner_comes_in_from_anywhere_when_one_source_besieges(throttle: Throttle, now: datetime) -> None:
    _siege(throttle, [STRANGER], now, 1000, timedelta(seconds=1))
    assert throttle.admit(OWNER, "203.0.113.9", now + timedelta(seconds=1000)) == NONE


def test_a_known_source_that_keeps_failing_is_no_longer_taken_for_the_owner(throttle: Throttle, now: datetime) -> None:
    throttle.admit(OWNER, HOME, now)
    throttle.succeeded(OWNER, HOME, now)
    start, admitted = now, 0
    while now < start + timedelta(days=3 * 365):
        wait = throttle.admit(OWNER, HOME, now)
        admitted += not wait
        now += wait
    assert admitted <= 100


def test_no_lock_is_for_ever(throttle: Throttle, now: datetime) -> None:
    _siege(throttle, [f"6.6.6.{n}" for n in range(200)], now, 1000, timedelta(seconds=1))
    assert throttle.wait(OWNER, "203.0.113.9", now + timedelta(days=31)) == NONE


def test_one_source_over_many_accounts(throttle: Throttle, now: datetime) -> None:
    admitted = sum(not throttle.admit(f"account {n}", STRANGER, now) for n in range(1000))
    assert admitted == 20
    assert throttle.wait("account 5000", STRANGER, now) > NONE
    assert throttle.wait("account 5000", HOME, now) == NONE
    assert throttle.wait("account 5000", STRANGER, now + timedelta(hours=1)) == NONE


def test_success_clears_the_pair_and_not_the_strangers(throttle: Throttle, now: datetime) -> None:
    _siege(throttle, [STRANGER], now, 5, timedelta(0))
    for _ in range(4):
        throttle.admit(OWNER, HOME, now)
    throttle.admit(OWNER, HOME, now)
    throttle.succeeded(OWNER, HOME, now)
    assert [throttle.admit(OWNER, HOME, now) for _ in range(5)] == [NONE] * 5
    assert throttle.wait(OWNER, STRANGER, now) > NONE


def test_a_clock_that_goes_back_shortens_no_wait(throttle: Throttle, now: datetime) -> None:
    _siege(throttle, [STRANGER], now, 5, timedelta(0))
    assert throttle.wait(OWNER, STRANGER, now - timedelta(days=1)) >= timedelta(days=1)


def test_sweep(throttle: Throttle, now: datetime) -> None:
    _siege(throttle, [STRANGER], now, 5, timedelta(0))
    assert throttle.sweep(now + timedelta(days=700)) == 0
    assert throttle.sweep(now + timedelta(days=900)) == 3


@given(st.integers(0, 200), st.integers(0, 10**9))
def test_a_ladder_never_waits_longer_than_it_says(count: int, seconds: int) -> None:
    ladder = Ladder(free=5, first=timedelta(seconds=30), most=timedelta(days=1))
    wait = ladder.wait(count, NOW, NOW + timedelta(seconds=seconds))
    assert NONE <= wait <= timedelta(days=1)
    assert (wait == NONE) or count >= 5


@pytest.fixture(scope="module")
def shared_throttle(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Throttle]:
    engine = vault_engine(sqlite_url(shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("throttle"))))
    yield Throttle(engine)
    engine.dispose()


_histories = count()
STEPS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3 * 86400)), min_size=60, max_size=200)


@settings(max_examples=10)
@given(STEPS)
def test_any_history_of_guesses(shared_throttle: Throttle, steps: list[tuple[int, int]]) -> None:
    """From any sources at any pace: less than a hundred in a row reach the verifier."""
    name, now = f"account {next(_histories)}", NOW
    admitted = 0
    for source, seconds in steps:
        now += timedelta(seconds=seconds)
        admitted += not shared_throttle.admit(name, f"{name}/{source}", now)
    assert admitted <= 100


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("testclient", "testclient"),
    ],
)
def test_sources(address: str, source: str) -> None:
    assert source_of(address) == source
