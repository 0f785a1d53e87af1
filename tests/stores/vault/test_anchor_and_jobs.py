"""The anchor never goes back and a job is taken once, also between processes."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from migrations import upgrade
from stores.vault import JobOver, OtherRoot, Tampered, Vault, sqlite_url, vault_engine
from stores.vault.anchor import Anchor
from stores.vault.engine import writing
from stores.vault.key import MasterKey
from tests.stores.vault.conftest import CHEAP, KEY

ACCOUNT = UUID(int=7)
ROOT = Path(__file__).parents[3]


def _root(size: int) -> bytes:
    return size.to_bytes(32, "big")


def test_the_anchor_moves_forward_only(vault: Vault) -> None:
    assert vault.anchor.last() is None
    assert vault.anchor.remember(5, _root(5))
    assert not vault.anchor.remember(5, _root(5))
    assert not vault.anchor.remember(3, _root(3))
    assert vault.anchor.last() == (5, _root(5))
    with pytest.raises(OtherRoot):
        vault.anchor.remember(5, _root(6))
    with pytest.raises(ValueError, match="negative"):
        vault.anchor.remember(-1, _root(0))
    assert vault.anchor.last() == (5, _root(5))


@pytest.mark.parametrize("change", ["size = 4", "root = mac"])
def test_an_anchor_written_by_another_hand(vault: Vault, engine: Engine, change: str) -> None:
    vault.anchor.remember(5, _root(5))
    with writing(engine) as connection:
        connection.execute(text(f"UPDATE anchor SET {change}"))
    with pytest.raises(Tampered):
        vault.anchor.last()
    with pytest.raises(Tampered):
        vault.anchor.remember(6, _root(6))


@pytest.fixture(scope="module")
def shared_anchor(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Anchor]:
    engine = vault_engine(sqlite_url(shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("anchor"))))
    yield Anchor(engine, MasterKey(KEY))
    engine.dispose()


@given(st.lists(st.integers(0, 2**62), max_size=8))
def test_the_anchor_never_goes_back(shared_anchor: Anchor, sizes: list[int]) -> None:
    for size in sizes:
        before = shared_anchor.last() or (-1, b"")
        shared_anchor.remember(size, _root(size))
        assert shared_anchor.last() == max(before, (size, _root(size)))


def test_a_job_from_asking_to_done(vault: Vault, now: datetime) -> None:
    job = vault.jobs.ask("import", ACCOUNT, {"file": "sha256:00", "dry_run": False}, now)
    taken = vault.jobs.take(now)
    assert taken is not None
    assert (taken.id, taken.state, taken.request["dry_run"]) == (job, "running", False)
    assert vault.jobs.take(now) is None
    assert vault.jobs.beat(job, now, done=3, total=10, message="第 3 行") is False
    vault.jobs.finish(job, {"imported": 10}, now + timedelta(minutes=1))
    done = vault.jobs.get(job)
    assert done is not None
    assert (done.state, done.done, done.total, done.result) == ("done", 3, 10, {"imported": 10})
    with pytest.raises(JobOver):
        vault.jobs.fail(job, "too late", now)
    assert [one.id for one in vault.jobs.of(ACCOUNT)] == [job]


def test_jobs_are_taken_in_order_and_by_kind(vault: Vault, now: datetime) -> None:
    first = vault.jobs.ask("import", ACCOUNT, {}, now)
    second = vault.jobs.ask("export", ACCOUNT, {}, now + timedelta(seconds=1))
    third = vault.jobs.ask("import", ACCOUNT, {}, now + timedelta(seconds=2))
    later = now + timedelta(minutes=1)
    taken = [vault.jobs.take(later, kinds) for kinds in (["export"], None, None)]
    assert [job.id for job in taken if job] == [second, first, third]


def test_a_job_is_cancelled(vault: Vault, now: datetime) -> None:
    waiting = vault.jobs.ask("import", ACCOUNT, {}, now)
    assert vault.jobs.cancel(waiting, now)
    assert vault.jobs.take(now) is None
    running = vault.jobs.ask("import", ACCOUNT, {}, now)
    vault.jobs.take(now)
    assert vault.jobs.cancel(running, now)
    assert vault.jobs.beat(running, now, done=1) is True
    vault.jobs.stopped(running, {"imported": 1}, now)
    assert not vault.jobs.cancel(running, now)
    assert vault.jobs.again(running, now)
    taken = vault.jobs.take(now)
    assert taken is not None
    assert (taken.id, taken.cancel, taken.result, taken.done) == (running, False, None, 0)


def test_a_job_whose_heart_stopped(vault: Vault, now: datetime) -> None:
    job = vault.jobs.ask("import", ACCOUNT, {}, now)
    vault.jobs.take(now)
    assert vault.jobs.bury(now + timedelta(minutes=1)) == 0
    assert vault.jobs.bury(now + timedelta(minutes=3)) == 1
    with pytest.raises(JobOver):
        vault.jobs.beat(job, now + timedelta(minutes=4), done=9)
    buried = vault.jobs.get(job)
    assert buried is not None
    assert buried.state == "interrupted"
    assert not vault.jobs.again(UUID(int=1), now)
    assert vault.jobs.again(job, now)


RIVAL = """
import sys
from datetime import UTC, datetime, timedelta
from stores.vault import Vault, argon2id, vault_engine

vault = Vault(vault_engine(sys.argv[1]), bytes(range(32)), argon2id(8, 1, 1))
mine, now = int(sys.argv[2]), datetime(2026, 3, 2, tzinfo=UTC)
for size in range(mine, 120, 2):
    before = vault.anchor.last()
    vault.anchor.remember(size, size.to_bytes(32, "big"))
    after = vault.anchor.last()
    assert after[0] >= size and (before is None or after >= before), (before, size, after)
while job := vault.jobs.take(now):
    vault.jobs.beat(job.id, now, done=1, total=1)
    vault.jobs.finish(job.id, mine, now)
    print(job.id)
"""


def test_two_processes(any_database: str, now: datetime) -> None:
    engine = vault_engine(any_database)
    upgrade(engine)
    vault = Vault(engine, KEY, CHEAP)
    asked = {str(vault.jobs.ask("import", ACCOUNT, {}, now)) for _ in range(40)}
    rivals = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", RIVAL, any_database, str(number)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number in (0, 1)
    ]  # fmt: skip
    answers = [rival.communicate(timeout=120) for rival in rivals]
    assert [rival.returncode for rival in rivals] == [0, 0], [error for _, error in answers]
    taken = [line for out, _ in answers for line in out.split()]
    assert sorted(taken) == sorted(asked)  # each once
    assert vault.anchor.last() == (119, _root(119))
    engine.dispose()
