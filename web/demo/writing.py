"""Writing the demonstration: a trial installation filled in the order of simulated time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, NamedTuple

from domain.act import CHINA
from web.clock import TrialClock
from web.demo.people import settle
from web.setting_up import migrate
from web.settings import Settings


class Occupied(Exception):
    """The folder holds events of its own: a demonstration is only written into an empty one."""


class Wanted(NamedTuple):
    """How many contracts, over how many years, drawn from which seed, until which day (None: today)."""

    contracts: int = 200
    years: int = 3
    seed: int = 1
    until: date | None = None


def write_demonstration(settings: Settings, wanted: Wanted, told: Callable[[int, int, str], None] = lambda *_: None) -> dict[str, Any]:
    """Make a trial installation and fill it; what was made. Raises Occupied."""
    until = wanted.until or datetime.now(CHINA).date()
    clock = TrialClock(datetime.combine(until.replace(year=until.year - wanted.years), time(8), CHINA), True)
    office, _ = migrate(settings, trial=True, clock=clock)
    settle(office)
    office.caught_up()
    made = {"contracts": 0, "cases": 0, "events": office.ledger.head(), "until": until.isoformat()}
    office.close()
    return made
