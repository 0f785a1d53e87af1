"""Writing the demonstration: a trial installation filled in the order of simulated time."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from domain.act import CHINA
from domain.ledger import stream_id
from domain.party.commands import disclose_overdue
from domain.values.money import Money
from stores.ledger.bulk import bulk
from web import ticking
from web.authority import overdue_of
from web.clock import TrialClock, real_clock, trial_clock
from web.demo.lives import inspectors_of
from web.demo.people import BODIES, SCHEME, Body, settle
from web.demo.register import draw_lives
from web.demo.stage import SUPERVISORS, Stage
from web.office import Office
from web.setting_up import migrate
from web.settings import Settings

Told = Callable[[int, int, str], None]


class Occupied(Exception):
    """The folder holds events of its own: a demonstration is only written into an empty one."""


class Wanted(NamedTuple):
    """How many contracts, over how many years, drawn from which seed, until which day (None: today)."""

    contracts: int = 200
    years: int = 3
    seed: int = 1
    until: date | None = None


def write_demonstration(settings: Settings, wanted: Wanted, told: Told = lambda *_: None) -> dict[str, Any]:
    """Make a trial installation and fill it; what was made. Raises Occupied.

    The last moment is the beginning of `until`: nothing is recorded later.
    """
    until = wanted.until or _today(settings)
    start = years_before(until, wanted.years)
    clock = TrialClock(datetime.combine(start, time(8), CHINA), stands=True)
    _refuse_occupied(settings)
    office, _ = migrate(settings.model_copy(update={"clock": None}), trial=True, clock=clock)
    try:
        passwords = settle(office)
        office.sealer.prepare(stream_id("inspector", name) for body in BODIES for name in inspectors_of(body.region))
        with ThreadPoolExecutor(1) as beside, bulk(office.recorder) as save:
            hashed = beside.submit(passwords)
            stage = Stage(office, clock, wanted.seed, until, save)
            draw_lives(stage, wanted.contracts, start + timedelta(days=1))
            disclose_yearly(stage)
            stage.run(told)
            hashed.result()
        office.caught_up()
        ticking.tick(office)
        office.caught_up()
        return {**_made(office, wanted.contracts, until), "refused": stage.refused}
    finally:
        office.close()


def disclose_yearly(stage: Stage) -> None:
    """Each authority makes public what it owes overdue, some day in March, while years pass; one of them forgets the last time."""
    for body in BODIES:
        chances = stage.rng("disclosure", body.region)
        for year in range(stage.today.year + 1, stage.until.year + 1):
            day = stage.working(date(year, 3, chances.randrange(3, 27)))
            if day < stage.until and (body, year) != (BODIES[-1], stage.until.year):
                stage.at(day, partial(_disclose, stage, body, year - 1), chances)


def _disclose(stage: Stage, body: Body, year: int) -> None:
    stage.save()  # the figures are told from the views
    found = overdue_of(stage.office, f"{SCHEME}:{body.code}", year)
    amount = Money(Decimal(found["amount"]["amount"]), found["amount"]["currency"])
    said = {"year": year, "contracts": found["contracts"], "amount": amount, "place": f"https://www.example.gov.cn/{body.region}/{year}"}
    stage.do(SUPERVISORS[body.region], lambda act: disclose_overdue(act, SCHEME, body.code, **said))


def _made(office: Office, contracts: int, until: date) -> dict[str, Any]:
    from projections import cases
    from projections.temporal.moment import Moment

    with office.looking() as conn:
        known = cases.count(conn, Moment(until))
    return {"contracts": contracts, "cases": known, "events": office.ledger.head(), "until": until.isoformat()}


def _today(settings: Settings) -> date:
    """The day of the clock that this process goes by, which may be a trial's."""
    return (trial_clock(settings.clock, None) if settings.clock else real_clock)().astimezone(CHINA).date()


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; of a 29 February, the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _refuse_occupied(settings: Settings) -> None:
    if settings.database_url is None and not (settings.data / "ledger.db").is_file():
        return
    from web.office import engines

    ledger, vault, views = engines(settings)
    try:
        import sqlalchemy as sa

        if sa.inspect(ledger).has_table("events"):
            with ledger.connect() as conn:
                if conn.execute(sa.text("SELECT 1 FROM events LIMIT 1")).first() is not None:
                    raise Occupied
    finally:
        for engine in (ledger, vault, views):
            engine.dispose()
