"""`lvyue backup restore move`: an installation kept, brought back, carried elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from web.cli.opening import Data, Json, opened, settings_of
from web.cli.telling import FAILED, MISUSED, Stop, progress, say, show_json

VaultFolder = Annotated[Path | None, typer.Option("--vault", help="The vault's own folder; DIR/vault when left out.")]


def backup(folder: Annotated[Path, typer.Argument(help="An empty folder, or one that is not there yet.", metavar="DIR")],
           vault: VaultFolder = None, as_json: Json = False, data: Data = None) -> None:  # fmt: skip
    """Copy ledger and evidence while people write, and the vault into a folder of its own. The key file is never copied."""
    from web.keeping import back_up

    with opened(data) as office, progress("copying") as told:
        kept = back_up(office, folder, vault, told)
        key = office.settings.master_key
    if as_json:
        show_json({**kept._asdict(), "ledger": str(folder / "ledger"), "vault": str(vault or folder / "vault")})
    say(f"{kept.events} events, {kept.reads} reads, {kept.evidence} files in {folder / 'ledger'}; root {kept.root}")
    say(f"The vault is in {vault or folder / 'vault'}: keep it apart, for a shorter time, and never beside its key ({key}).")


def restore(
    folder: Annotated[Path | None, typer.Argument(help="What `lvyue backup` has made.", metavar="[DIR]")] = None,
    vault: VaultFolder = None,
    go_on: Annotated[str | None, typer.Option("--go-on", help="Without DIR: continue a log that lost its end, for this reason.", metavar="REASON")] = None,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Fill an empty installation from a backup, prove it, and destroy again every key that the log says is erased."""
    if (folder is None) == (go_on is None):
        raise Stop("Say which backup to restore (DIR), or why to continue without one (--go-on REASON).", MISUSED)
    if folder is None:
        _continue(str(go_on), data)
        return
    from web.keeping import restore as bring_back

    settings = settings_of(data)
    with progress("restoring") as told:
        kept, found = bring_back(settings, folder, vault, told)
    if as_json:
        show_json({**kept._asdict(), "verified": found})
    say(f"{kept.events} events of {kept.made_at}, root {kept.root}.")
    if (first := found["first_difference"]) is None:
        say("Verified: order, bytes, tree, checkpoint, views, evidence, packs.")
        return
    say(f"first difference: {first['check']} at position {first['position']}: {first['what']}")
    if first["check"] == "checkpoint":
        say("The vault remembers a longer log: this installation opens for reading only, so that the log gets no second history. "
            "Restore a newer backup into an empty folder, or decide to go on without what was lost: lvyue restore --go-on REASON")  # fmt: skip
    raise typer.Exit(FAILED)


def _continue(reason: str, data: Path | None) -> None:
    from web.keeping import NotForked, go_on

    with opened(data) as office:
        try:
            size, known = go_on(office, reason)
        except NotForked:
            raise Stop("The log is the one that the vault remembers; there is nothing to decide.") from None
        say(f"The log goes on after position {size}; that it once had {known} events is on record.")


def move(
    url: Annotated[str | None, typer.Argument(help="postgresql://… or sqlite:///FOLDER; it must be empty.", metavar="[URL]")] = None,
    stay: Annotated[bool, typer.Option("--stay", help="Without URL: open this installation again after a move that is to be forgotten.")] = False,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Carry the installation to another database, prove it there, and close this one. An interrupted move can be repeated."""
    from web import moving

    if (url is None) != stay:
        raise Stop("Say where to move (URL), or --stay.", MISUSED)
    with opened(data) as office:
        if url is None:
            say("This installation is open again." if moving.stay(office) else "This installation was not closed.")
            return
        try:
            with progress("moving") as told:
                moved = moving.move(office, url, told)
        except moving.Unfit:
            raise Stop("An installation lives at postgresql://… or in sqlite:///FOLDER.", MISUSED) from None
        except moving.Differs as why:
            raise Stop(f"What arrived differs, and is not to be used; this installation stays open. {why}") from why
    if as_json:
        show_json(moved._asdict())
    say(f"{moved.events} events and {moved.reads} reads are at {moved.to}, root {moved.root}; the views are told.")
    say("This installation is open for reading only from now on. Start the other one with LVYUE_DATABASE_URL, or --data."
        " Evidence and the key file are no part of a database: they stay where they are.")  # fmt: skip
