"""Jobs: long work that somebody asked for, how far it is, and what came of it.

States: queued → running → done | failed | cancelled; running whose heart stopped → interrupted.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Engine, RowMapping, and_, delete, func, insert, select, update

from stores.vault.engine import reading, writing
from stores.vault.tables import jobs

OPEN = ("queued", "running")
HEART_STOPS_AFTER = timedelta(minutes=2)


class JobOver(RuntimeError):
    """The job is no longer running: cancelled, taken for dead, or finished."""


class Job(NamedTuple):
    """A job as it stands; `done` of `total` steps (None: unknown)."""

    id: UUID
    kind: str
    account: UUID
    request: dict[str, Any]
    state: str
    done: int
    total: int | None
    message: str
    result: Any
    created: datetime
    heartbeat: datetime
    cancel: bool


class Jobs:
    """The queue and record of jobs, safe between processes: a job is taken by one."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def ask(self, kind: str, account: UUID, request: dict[str, Any], now: datetime) -> UUID:
        """Queues a job (request: anything JSON, personal data sealed); its id."""
        job = Job(uuid4(), kind, account, request, "queued", 0, None, "", None, now, now, False)
        values = job._asdict() | {"request": _json(request)}
        with writing(self._engine) as connection:
            connection.execute(insert(jobs).values(**values))
        return job.id

    def take(self, now: datetime, kinds: Sequence[str] | None = None) -> Job | None:
        """Takes the longest waiting job (of these kinds) to run it; None where none waits."""
        waiting = jobs.c.state == "queued"
        if kinds is not None:
            waiting = and_(waiting, jobs.c.kind.in_(kinds))
        first = select(jobs.c.id).where(waiting).order_by(jobs.c.created, jobs.c.id).limit(1)
        with writing(self._engine) as connection:
            job: UUID | None = connection.scalar(first)
            if job is None:
                return None
            mine = jobs.c.id == job
            connection.execute(update(jobs).where(mine).values(state="running", heartbeat=now))
            return _job(connection.execute(select(jobs).where(mine)).mappings().one())

    def get(self, job: UUID) -> Job | None:
        """The job as it stands."""
        with reading(self._engine) as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == job)).mappings().one_or_none()
        return None if row is None else _job(row)

    def of(self, account: UUID, limit: int = 50) -> list[Job]:
        """The account's latest jobs, newest first."""
        wanted = select(jobs).where(jobs.c.account == account).order_by(jobs.c.created.desc()).limit(limit)
        with reading(self._engine) as connection:
            return [_job(row) for row in connection.execute(wanted).mappings()]

    def all(self, limit: int = 50) -> list[Job]:
        """Everybody's latest jobs, newest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(jobs).order_by(jobs.c.created.desc()).limit(limit))
            return [_job(row) for row in rows.mappings()]

    def counts(self) -> dict[str, int]:
        """How many jobs there are in each state."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state))
            return {state: int(n) for state, n in rows}

    def beat(self, job: UUID, now: datetime, done: int, total: int | None = None, message: str = "") -> bool:
        """Says how far a running job is; True where it was asked to stop. `JobOver` where it runs no more."""
        self._change(job, heartbeat=now, done=done, total=total, message=message)
        with reading(self._engine) as connection:
            return bool(connection.scalar(select(jobs.c.cancel).where(jobs.c.id == job)))

    def finish(self, job: UUID, result: Any, now: datetime) -> None:
        """The running job is done, with this result (anything JSON, personal data sealed)."""
        self._change(job, state="done", result=_json(result), heartbeat=now)

    def fail(self, job: UUID, message: str, now: datetime) -> None:
        """The running job came to nothing, for this reason."""
        self._change(job, state="failed", message=message, heartbeat=now)

    def stopped(self, job: UUID, result: Any, now: datetime) -> None:
        """The running job stopped where it was, as it was asked to."""
        self._change(job, state="cancelled", result=_json(result), heartbeat=now)

    def cancel(self, job: UUID, now: datetime) -> bool:
        """Asks a job to stop: a waiting one never starts; False where it was over already."""
        mine = and_(jobs.c.id == job, jobs.c.state == "queued")
        with writing(self._engine) as connection:
            if connection.execute(update(jobs).where(mine).values(state="cancelled", heartbeat=now)).rowcount:
                return True
            running = and_(jobs.c.id == job, jobs.c.state == "running")
            return connection.execute(update(jobs).where(running).values(cancel=True)).rowcount == 1

    def bury(self, now: datetime) -> int:
        """Marks running jobs whose heart stopped as interrupted; how many."""
        silent = and_(jobs.c.state == "running", jobs.c.heartbeat < now - HEART_STOPS_AFTER)
        with writing(self._engine) as connection:
            return connection.execute(update(jobs).where(silent).values(state="interrupted")).rowcount

    def again(self, job: UUID, now: datetime) -> bool:
        """Queues once more a job that failed, was cancelled or interrupted; whether it was one."""
        over = and_(jobs.c.id == job, jobs.c.state.in_(("failed", "cancelled", "interrupted")))
        fresh = {"state": "queued", "done": 0, "message": "", "result": None, "cancel": False, "heartbeat": now}
        with writing(self._engine) as connection:
            return connection.execute(update(jobs).where(over).values(**fresh)).rowcount == 1

    def sweep(self, before: datetime) -> int:
        """Forgets jobs that were over before this moment; how many."""
        over = and_(jobs.c.state.not_in(OPEN), jobs.c.heartbeat < before)
        with writing(self._engine) as connection:
            return connection.execute(delete(jobs).where(over)).rowcount

    def _change(self, job: UUID, **values: Any) -> None:
        running = and_(jobs.c.id == job, jobs.c.state == "running")
        with writing(self._engine) as connection:
            if connection.execute(update(jobs).where(running).values(**values)).rowcount != 1:
                raise JobOver(f"job {job} is not running")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _job(row: RowMapping) -> Job:
    result = None if row["result"] is None else json.loads(row["result"])
    return Job(**{**row, "request": json.loads(row["request"]), "result": result})
