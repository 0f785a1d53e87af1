"""An installation to measure: migrated on a trial clock, filled with a made-up history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path

from benchmarks import histories
from domain.access.commands import create_account, register_organisation
from domain.act import CHINA
from domain.actor import Grant
from web.clock import TrialClock
from web.office import Office
from web.setting_up import migrate
from web.settings import Settings

BEFORE = datetime.combine(histories.FIRST, time(8), CHINA)
AFTER = datetime.combine(histories.LAST + timedelta(1), time(9), CHINA)


@contextmanager
def office(data: Path, database_url: str | None = None) -> Iterator[tuple[Office, TrialClock]]:
    """An opened office with the shipped packs and nothing else."""
    clock = TrialClock(BEFORE, stands=True)
    opened, _ = migrate(Settings(data=data, database_url=database_url, assets="none"), trial=True, clock=clock)
    try:
        yield opened, clock
    finally:
        opened.close()


def people(opened: Office) -> None:
    """The accounts that the history names, and one auditor."""
    for region in (*histories.COUNTIES, histories.CITY):
        _account(opened, histories.supervisor(region), Grant("supervisor", region))
    _account(opened, "decider", Grant("decider", histories.CITY))
    _account(opened, "auditor", Grant("auditor", histories.CITY))
    for n, region in enumerate(histories.COUNTIES):
        code, name = histories.organisation("authority", n)
        opened.system(lambda act, code=code, name=name, region=region: register_organisation(act, "CN-USCC", code, name, region))


def _account(opened: Office, name: str, grant: Grant) -> None:
    opened.system(lambda act: create_account(act, name, name, grants=(grant,)))


def fill(opened: Office, clock: TrialClock, contracts: int, events: int | None = None) -> int:
    """Write a history of so many contracts, at most so many events; gives the number of events. The clock ends after it."""
    told = histories.history(contracts)
    written = histories.write(told if events is None else islice(told, events), opened.recorder, clock.set)
    clock.set(AFTER)
    return written
