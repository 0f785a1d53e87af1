"""What `lvyue import` does: the files found, the account, the import itself, and what is told of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from web.cli.opening import opened
from web.cli.telling import FAILED, MISUSED, Stop, say, show, show_json

if TYPE_CHECKING:
    from domain.actor import Actor
    from web.importers.outcome import FileOutcome, Outcome
    from web.importers.writing import Source
    from web.office import Office

SAID_EVERY = 2.0  # seconds
SHOWN = 20
FORMATS = ("auto", "ocds", "xlsx", "csv")


def run(files: Sequence[Path], *, format: str, dry_run: bool, as_account: str | None, as_json: bool, data: Path | None) -> int:
    """Import; the exit code: 0 done, 1 some rows were rejected, 2 nothing could be read. Raises Stop."""
    from web.importers.writing import Options, import_files

    if format not in FORMATS:
        raise Stop(f"There is no format {format!r}. Formats: {', '.join(FORMATS)}.", MISUSED)
    sources = _sources(files)
    with opened(data) as office:
        actor = _actor(office, as_account)
        rejects = office.settings.data / "rejects" / office.now.strftime("%Y%m%d-%H%M%S-%f")
        outcome = import_files(office, sources, actor, Options(format, dry_run, rejects), _Said())
    if as_json:
        show_json(outcome.told())
    else:
        _show(outcome)
    return MISUSED if outcome.nothing_readable else FAILED if outcome.total("rejected") else 0


def _sources(files: Sequence[Path]) -> list[Source]:
    from web.importers.writing import sources_of

    try:
        found = sources_of(files)
    except FileNotFoundError as missing:
        raise Stop(f"There is no file {missing}.", MISUSED) from None
    if not found:
        raise Stop("There is nothing to import: no .json, .jsonl, .xlsx or .csv file.", MISUSED)
    return found


def _actor(office: Office, name: str | None) -> Actor:
    """The account that imports; without one the installation itself does."""
    from domain.access.account import Account, account_id
    from domain.actor import THE_SYSTEM
    from domain.contract.commands import KEEPERS

    if name is None:
        return THE_SYSTEM
    account = office.ledger.find(Account, account_id(name))
    if account is None or account.disabled:
        raise Stop(f"There is no account {name}." if account is None else f"Account {name} is disabled.", MISUSED)
    if not account.actor.roles & set(KEEPERS):
        raise Stop(f"Account {name} may not import: that takes the role {' or '.join(KEEPERS)}.")
    return account.actor


class _Said:
    """Progress on stderr, now and then."""

    def __init__(self) -> None:
        self._began = self._last = time.monotonic()

    def __call__(self, outcome: Outcome) -> None:
        now = time.monotonic()
        if now - self._last >= SAID_EVERY:
            self._last = now
            rate = outcome.done / (now - self._began)
            say(f"{outcome.files[-1].file}: {outcome.done} rows so far, {rate:.0f} a second, {outcome.total('rejected')} rejected")


def _show(outcome: Outcome) -> None:
    would = "would be " if outcome.dry_run else ""
    for one in outcome.files:
        _show_file(one, would)
    total = outcome.total
    show(f"{total('rows')} rows in {len(outcome.files)} files: {total('imported')} {would}imported, {total('unchanged')} unchanged, "
         f"{total('rejected')} rejected, {total('without_contract')} without a contract; {outcome.events} events {would}recorded")  # fmt: skip
    if outcome.reject_file is not None:
        say(f"Mend what was rejected and import it again: {outcome.reject_file}")


def _show_file(one: FileOutcome, would: str) -> None:
    show(f"{one.file}: {one.imported} {would}imported, {one.unchanged} unchanged, {one.rejected} rejected, "
         f"{one.without_contract} without a contract" + (f", {one.noted} notes" if one.noted else ""))  # fmt: skip
    for reject in one.rejects[:SHOWN]:
        place = reject.faults[0].place
        where = ", ".join(text for text in (f"row {place.row}" if place.row else "", place.sheet or "", place.column or "", place.pointer or "") if text)
        say(f"  {where or one.file}: {reject.reason}")
    if len(one.rejects) > SHOWN:
        say(f"  and {len(one.rejects) - SHOWN} more")
