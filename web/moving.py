"""Moving: an installation carried from SQLite to PostgreSQL or back, whole and proved, and the old one closed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import sleep
from typing import NamedTuple

import sqlalchemy as sa

import migrations
from stores.carrying_over import BEGUN, NotEmpty, Size, copy_ledger, copy_vault, is_begun, is_empty_ledger, standing_still
from stores.ledger.tables import create_ledger
from stores.ledger.verify import verify, verify_reads
from stores.vault import open_vault
from stores.vault.engine import writing as writing_vault
from web.keeping import _files_into
from web.office import Office, engines, open_office
from web.settings import Settings
from web.weather import EVERY, MOVED_TO

Progress = Callable[[int, int, str], None]


class Unfit(Exception):
    """The address is none that an installation can live at."""


class Differs(Exception):
    """What arrived is not what was sent; the argument says where. The target is not to be used."""


class Moved(NamedTuple):
    """What arrived."""

    events: int
    root: str
    reads: int
    to: str


def settings_at(settings: Settings, url: str) -> Settings:
    """The settings of the same installation at another database. `sqlite:///FOLDER` is a data folder. Raises Unfit."""
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise Unfit(url) from None
    if address.get_backend_name() == "postgresql":
        return settings.model_copy(update={"database_url": url, "clock": None})
    if address.drivername != "sqlite":
        raise Unfit(url)
    folder = Path(address.database) if address.database else settings.data
    folder = folder.parent if folder.suffix == ".db" else folder
    # The key stays where it is: it is no part of any database.
    return settings.model_copy(update={"database_url": None, "data": folder, "key_file": settings.master_key, "clock": None})


def move(office: Office, url: str, told: Progress = lambda *_: None) -> Moved:
    """Carry ledger and vault to an empty database, prove them there, and close this one. Raises Unfit, NotEmpty, Differs.

    What is interrupted leaves the target unfinished, which opens for nobody, and is begun anew by the next move.
    """
    there, shown = settings_at(office.settings, url), sa.make_url(url).render_as_string(hide_password=True)
    office.settle()
    ledger, vault, views = engines(there)
    try:
        begun = _make_room(ledger, vault)
        office.vault.settings.set(MOVED_TO, shown)
        try:
            sleep(1.5 * EVERY)  # until every process has seen that this one is closed
            size = _carry(office, ledger, vault, told, begun)
            sum(_files_into(office.settings.data / "evidence", there.data / "evidence"))
            _prove(there, size, office)
        except BaseException:
            office.vault.settings.set(MOVED_TO, None)
            raise
    finally:
        for engine in (ledger, vault, views):
            engine.dispose()
    return Moved(size.events, size.root.hex(), size.reads, shown)


def stay(office: Office) -> bool:
    """Open this installation again after a move that is to be forgotten; whether it was closed."""
    closed = office.vault.settings.get(MOVED_TO) is not None
    office.vault.settings.set(MOVED_TO, None)
    return closed


def _make_room(ledger: sa.Engine, vault: sa.Engine) -> bool:
    """Make the target's tables; whether a move into it was begun before. Raises NotEmpty where it is lived in."""
    create_ledger(ledger)
    migrations.upgrade(vault)
    begun = is_begun(vault)
    with ledger.connect() as conn:
        if not begun and not is_empty_ledger(conn):
            raise NotEmpty("ledger")
    return begun


def _carry(office: Office, ledger: sa.Engine, vault: sa.Engine, told: Progress, begun: bool) -> Size:
    with standing_still(office.recorder.engine) as events:
        office.settle()
        with writing_vault(office.vault.engine) as secrets:
            copy_vault(secrets, vault, begin=True)
        return copy_ledger(events, ledger, told, anew=begun)


def _prove(there: Settings, size: Size, office: Office) -> None:
    place = there.database_url or there.data / "ledger.db"
    report = verify(place, [(size.events, size.root)] if size.events else [])
    if report.first is not None:
        raise Differs(f"position {report.first.position}: {report.first.what}")
    if (report.events, report.root) != (size.events, size.root):
        raise Differs(f"{report.events} events arrived of {size.events}")
    if (broken := verify_reads(place)) is not None:
        raise Differs(f"read {broken.position}: {broken.what}")
    if office.recorder.tree_head() != (size.events, size.root):
        raise Differs("something was recorded here while it was being moved")
    _, vault, _ = made = engines(there)
    try:
        settings = open_vault(vault, there.master_key).settings
        settings.set(MOVED_TO, None)
        settings.set(BEGUN, None)
    finally:
        for engine in made:
            engine.dispose()
    arrived = open_office(there)
    try:
        arrived.caught_up()
    finally:
        arrived.close()
