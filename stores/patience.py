"""Patience: how long this process waits for a PostgreSQL server that is there and does not answer.

A server that is stopped, or behind a network that swallows packets, refuses nothing and answers nothing. Whoever serves
people says with `wait_at_most` how long is long enough; then every wait ends in an OperationalError, and its connection
is given up. After one wait has ended so, others are short until the server has answered again: a crowd does not wait
one behind the other.
"""

from __future__ import annotations

import time
from functools import cache
from typing import Any

import sqlalchemy as sa

CONNECTING = 3  # seconds; the driver takes whole ones, and no fewer than two
REST = 2.0  # seconds after a silence during which nobody tries to connect anew
AFTER_SILENCE = 0.5  # seconds that a wait lasts while the server is not known to have come back
KEEPING = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}


class _Limit:
    """One for the process: the operator's word, and when the server was last found silent."""

    seconds: float | None = None  # None: as long as it takes, as for who watches a shell
    silent_at: float | None = None


def wait_at_most(seconds: float | None) -> None:
    """From now on no statement of this process waits longer for its answer."""
    _Limit.seconds, _Limit.silent_at = seconds, None


def silent() -> bool:
    """Whether the server did not answer when last asked."""
    return _Limit.silent_at is not None


def patient(url: str | sa.URL, **options: Any) -> sa.Engine:
    """An engine whose connections, where they are to PostgreSQL, are given up when they do not answer in time."""
    engine = sa.create_engine(url, **options)
    if engine.dialect.name == "postgresql":
        sa.event.listen(engine, "do_connect", _connect)
    return engine


def _connect(_dialect: Any, _record: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    import psycopg

    if _Limit.silent_at is not None and time.monotonic() < _Limit.silent_at + REST:
        raise psycopg.OperationalError("the database does not answer")
    try:
        made = _patient_kind().connect(*args, **{"connect_timeout": CONNECTING, **KEEPING, **named})
    except psycopg.errors.ConnectionTimeout:
        _found_silent()
        raise
    _Limit.silent_at = None
    return made


def _found_silent() -> None:
    _Limit.silent_at = None if _Limit.seconds is None else time.monotonic()


@cache
def _patient_kind() -> Any:
    """The class of such connections; the driver is imported only where PostgreSQL is used."""
    import psycopg
    from psycopg.errors import _WaitTimeout

    class Patient(psycopg.Connection[Any]):
        """A connection that is closed when the server does not answer in time."""

        def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
            limit = _Limit.seconds
            if limit is None or timeout is not None:
                return super().wait(gen, interval, timeout)
            limit = min(limit, AFTER_SILENCE) if silent() else limit
            try:
                answer = super().wait(gen, interval, limit)
            except _WaitTimeout:
                _found_silent()
                self.pgconn.finish()
                raise psycopg.OperationalError(f"the database has not answered for {limit} s") from None
            _Limit.silent_at = None
            return answer

    return Patient
