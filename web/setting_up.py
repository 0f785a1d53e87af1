"""Setting up an installation: the ledger made, vault and views brought up, the shipped packs adopted."""

from __future__ import annotations

from contextlib import suppress

import sqlalchemy as sa

import migrations
from domain.access.commands import start_trial
from domain.policy.commands import adopt_shipped_packs
from domain.policy.pack import shipped
from projections.temporal.fill import MANY
from projections.temporal.rebuild import Stopped
from projections.temporal.view import View, open_views
from projections.views import VIEWS
from stores.ledger.tables import create_ledger, events
from stores.vault.tables import settings as vault_settings
from web.clock import Clock, trial_clock
from web.office import Office, engines, open_office
from web.retelling import retell
from web.settings import Settings


class TooNew(Exception):
    """The database was made by a newer version of this software."""


class VaultMissing(Exception):
    """The log has begun, and the vault of its names and passwords is not there."""


class NotEmpty(Exception):
    """A trial can only be begun on an empty log."""


def without_vault(ledger: sa.Engine, vault: sa.Engine) -> bool:
    """Whether a log has begun, and the vault of its names and passwords is not there."""
    with ledger.connect() as conn:
        begun = sa.inspect(conn).has_table(events.name) and conn.execute(sa.select(events.c.position).limit(1)).first() is not None
    return begun and not sa.inspect(vault).has_table(vault_settings.name)


def migrate(settings: Settings, trial: bool = False, clock: Clock | None = None, new_vault: bool = False) -> tuple[Office, list[str]]:
    """Create or upgrade everything; gives the opened office and the packs adopted now. Raises TooNew, NotEmpty, VaultMissing."""
    ledger, vault, views = engines(settings)
    if not new_vault and without_vault(ledger, vault):
        raise VaultMissing
    if migrations.newer_than_known(vault):
        raise TooNew
    create_ledger(ledger)
    migrations.upgrade(vault)
    made = open_views(VIEWS, views)
    for engine in (ledger, vault, views):
        engine.dispose()
    opened = settings.model_copy(update={"clock": None}) if trial and clock is None and settings.clock is None else settings
    office = _opened(opened, trial, clock)
    if trial and not office.is_trial:
        if office.ledger.head():
            raise NotEmpty
        office.system(start_trial)
    adopted = office.system(lambda act: adopt_shipped_packs(act, shipped(), lambda data: office.evidence.put(data, "", "application/toml"))).outcome
    _tell([view for view in VIEWS if view.name in made], office)
    office.caught_up()
    return office, list(adopted)


def _tell(made: list[View], office: Office) -> None:
    """Tables made new or anew over a long log are told as a rebuild tells them, in a third of the time that following takes."""
    if made and office.ledger.head() >= MANY:
        with suppress(Stopped):  # the follower, who comes next, stops there too, and says so on the view's pages
            retell(made, office)


def _opened(settings: Settings, trial: bool, clock: Clock | None) -> Office:
    """A trial's clock may run before its mark is made: the mark itself is recorded by it."""
    if trial and clock is None and settings.clock:
        return open_office(settings, trial_clock(settings.clock, None))
    return open_office(settings, clock)
