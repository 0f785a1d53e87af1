"""Opening an installation from the shell: found, migrated, of this version, with its key — or told in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from web.cli.telling import Stop

YEARS = range(1900, 2200)  # no calendar and no zone reaches beyond
if TYPE_CHECKING:
    import sqlalchemy as sa

    from web.office import Office
    from web.settings import Settings

Data = Annotated[Path | None, typer.Option("--data", help="Where data lives (LVYUE_DATA; default: ./var).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="The answer as JSON, alone on stdout.")]


def settings_of(data: Path | None) -> Settings:
    """The settings of this call. Raises Stop naming every setting that cannot be read."""
    from pydantic import ValidationError

    from web.settings import Settings

    try:
        options: dict[str, Any] = {} if data is None else {"data": data}
        return Settings(**options)
    except ValidationError as wrong:
        faults = "; ".join(f"LVYUE_{'_'.join(str(one) for one in fault['loc']).upper()}: {fault['msg']}" for fault in wrong.errors())
        raise Stop(f"A setting cannot be read: {faults}", 2) from wrong


def require_installation(settings: Settings) -> None:
    """Refuse, without making anything, where there is nothing, or something of another version."""
    import migrations
    from web.office import engines
    from web.setting_up import VaultMissing, without_vault

    again = f"lvyue migrate --data {settings.data}"
    if settings.database_url is None:
        if not settings.data.is_dir():
            raise Stop(f"There is no data folder {settings.data}. Make an installation with: {again}")
        if not (settings.data / "ledger.db").is_file():
            raise Stop(f"There is no installation in {settings.data}. Make one with: {again}")
    ledger, vault, views = engines(settings)
    try:
        if not _has_events(ledger):
            raise Stop(f"The database has not been migrated. Do it with: {again}")
        if without_vault(ledger, vault):
            raise VaultMissing
        if migrations.newer_than_known(vault):
            raise migrations.NewerThanKnown
        if not migrations.is_current(vault):
            raise Stop(f"The database is of an older version. Bring it up with: {again}")
    finally:
        for engine in (ledger, vault, views):
            engine.dispose()


def _has_events(ledger: sa.Engine) -> bool:
    import sqlalchemy

    return sqlalchemy.inspect(ledger).has_table("events")


@contextmanager
def opened(data: Path | None) -> Iterator[Office]:
    """The office of a folder that has been migrated; closed again at the end."""
    from web.office import open_office

    settings = settings_of(data)
    require_installation(settings)
    office = open_office(settings)
    try:
        yield office
    finally:
        office.close()


def instant(text: str) -> int | datetime:
    """`known_at` as it is written: a log position, an instant with its zone, or a day (its end, in China). Raises Stop."""
    from web.office import end_of_day

    if text.isdigit():
        return int(text)
    wrong = Stop(f"{text!r} is no moment: write a day (2026-03-01), an instant with its zone, or a log position.", 2)
    try:
        if len(text) == len("2026-01-01"):
            return end_of_day(date.fromisoformat(text))
        found = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if found.tzinfo is None:
        raise wrong
    return found


def day(text: str, option: str) -> date:
    """A day as it is written. Raises Stop."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise Stop(f"{option} wants a day like 2026-03-01, not {text!r}.", 2) from None
    if found.year not in YEARS:
        raise Stop(f"{option} wants a day between {YEARS[0]} and {YEARS[-1]}, not {text!r}.", 2)
    return found


__all__ = ["Data", "Json", "day", "instant", "opened", "require_installation", "settings_of"]
