"""The clock: the machine's, or in a trial one that was set."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from domain.act import CHINA

Clock = Callable[[], datetime]


class NotATrial(Exception):
    """A clock was set for a log that is no trial."""


class BadClock(ValueError):
    """The setting is not an instant with its zone."""


def real_clock() -> datetime:
    return datetime.now(UTC).astimezone(CHINA)


class TrialClock:
    """Starts at an instant and runs from there, or stands. It can be moved forward, for tests and demonstrations."""

    def __init__(self, start: datetime, stands: bool = False) -> None:
        self._start, self._stands, self._since = start.astimezone(CHINA), stands, time.monotonic()

    def __call__(self) -> datetime:
        return self._start if self._stands else self._start + timedelta(seconds=time.monotonic() - self._since)

    def set(self, instant: datetime) -> None:
        self._start, self._since = instant.astimezone(CHINA), time.monotonic()


def trial_clock(setting: str, last_recorded: datetime | None) -> TrialClock:
    """The clock of `LVYUE_CLOCK`. Where it would go behind the last recorded time it is lifted to it. Raises BadClock."""
    stands, text = setting.endswith("!"), setting.removesuffix("!")
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise BadClock(setting) from None
    if start.tzinfo is None:
        raise BadClock(setting)
    return TrialClock(max(start, last_recorded) if last_recorded else start, stands)
