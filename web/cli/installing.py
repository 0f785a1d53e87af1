"""`lvyue setup migrate demo rebuild settings`: an installation made, brought up, filled, mended."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from web.cli.accounts import grant_of, make
from web.cli.opening import Data, Json, day, opened, settings_of
from web.cli.telling import FAILED, MISUSED, Stop, password_from, progress, say, show_json, show_table

UNFINISHED = "demonstration.unfinished"


def migrate(trial: Annotated[bool, typer.Option("--trial", help="Mark an empty log as one for trying things out, for ever.")] = False,
            new_vault: Annotated[bool, typer.Option("--new-vault", help="Begin a new vault for a log whose vault is lost.")] = False,
            data: Data = None) -> None:  # fmt: skip
    """Create the ledger, create or upgrade vault and views, adopt the shipped policy packs."""
    from web.setting_up import migrate as bring_up

    settings = settings_of(data)
    office, adopted = bring_up(settings, trial, new_vault=new_vault)
    try:
        for pack in adopted:
            say(f"adopted {pack}")
        kind = "a trial installation" if office.is_trial else "an installation"
        say(f"{settings.data} is {kind}, {office.ledger.head()} events, up to date.")
    finally:
        office.close()


def setup(
    name: Annotated[str | None, typer.Option("--admin", help="The first administrator's account.")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", help="The authority's name.")] = None,
    code: Annotated[str | None, typer.Option("--code", help="The authority's credit code.")] = None,
    region: Annotated[str | None, typer.Option("--region", help="The authority's region, six digits.")] = None,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from stdin.")] = False,
    data: Data = None,
) -> None:
    """Make the first administrator, organisation and region of an empty office."""
    from domain.access.commands import register_organisation
    from domain.values.uscc import diagnose, normalise
    from projections.accounts import list_accounts

    with opened(data) as office:
        with office.looking() as conn:
            rows = list_accounts(conn, office.moment())
        if any(role == "administrator" for row in rows for role, _, _ in row.grants):
            raise Stop("This office has an administrator already: sign in, or use `lvyue account`.")
        name, organisation = _asked(name, "--admin", "Account of the administrator"), _asked(organisation, "--organisation", "Name of the authority")
        code, region = _asked(code, "--code", "Credit code of the authority"), _asked(region, "--region", "Region (six digits)")
        if wrong := diagnose(code):
            raise Stop(f"{code} is no credit code: {wrong[0]}", MISUSED)
        make(office, name, name, grant_of("administrator", region, None), password_from(password_stdin, name))
        office.do(lambda act: register_organisation(act, "CN-USCC", normalise(code), organisation, region), via="cli")
        say(f"{organisation} ({region}) is set up, with the administrator {name}. Start it with: lvyue serve --data {office.settings.data}")


def _asked(given: str | None, option: str, question: str) -> str:
    import sys

    if given:
        return given
    if not sys.stdin.isatty():
        raise Stop(f"{option} is needed.", MISUSED)
    return str(typer.prompt(question, err=True))


def demo(
    contracts: Annotated[int, typer.Option("--contracts", min=0, help="How many contracts.")] = 200,
    years: Annotated[int, typer.Option("--years", min=1, max=10, help="Over how many years.")] = 3,
    seed: Annotated[int, typer.Option("--seed", help="The same seed and --until give the same contracts and cases.")] = 1,
    until: Annotated[str | None, typer.Option("--until", help="The day on which it ends; today when left out.")] = None,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Make a trial installation with a believable authority, written by the same commands that people use."""
    from web.demo.writing import Occupied, Wanted, write_demonstration

    settings = settings_of(data)
    wanted = Wanted(contracts, years, seed, day(until, "--until") if until else None)
    try:
        with _Marked(settings.data), progress("writing the demonstration") as told:
            made = write_demonstration(settings, wanted, told)
    except Occupied as why:
        raise Stop(f"{settings.data} holds events of its own: a demonstration is only written into an empty folder.") from why
    if as_json:
        show_json(made)
    else:
        say(f"{made['contracts']} contracts, {made['cases']} cases, {made['events']} events, until {made['until']}.")


class _Marked:
    """A folder that is being filled bears a mark until it is whole."""

    def __init__(self, folder: Path) -> None:
        self._mark = folder / UNFINISHED

    def __enter__(self) -> None:
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        self._mark.touch()

    def __exit__(self, kind: object, *_: object) -> None:
        from web.demo.writing import Occupied

        if kind is None or (isinstance(kind, type) and issubclass(kind, Occupied)):
            self._mark.unlink(missing_ok=True)


def rebuild(views: Annotated[list[str] | None, typer.Argument(help="Which; all when left out.", metavar="[VIEW]...")] = None,
            data: Data = None) -> None:  # fmt: skip
    """Build the read models anew beside the live ones and swap them; readers never see a gap."""
    from projections.temporal.rebuild import Stopped
    from projections.views import VIEWS
    from web.retelling import retell

    known = {view.name: view for view in VIEWS}
    if strange := [name for name in views or [] if name not in known]:
        raise Stop(f"There is no view {', '.join(strange)}. Views: {', '.join(known)}.", MISUSED)
    wanted = [known[name] for name in views or known]
    with opened(data) as office, progress("rebuilding") as told:
        told(0, len(wanted), ", ".join(view.name for view in wanted))
        try:
            retell(wanted, office)
        except Stopped as why:
            raise Stop(f"Not every view could be rebuilt; where it could not, the live one stays: {why}", FAILED) from why
        told(len(wanted), len(wanted))
        say(f"rebuilt: {', '.join(view.name for view in wanted)}, up to position {office.ledger.head()}.")


def settings(as_json: Json = False, data: Data = None) -> None:
    """List every setting with its value and where that came from; secrets are masked."""
    rows = settings_of(data).told()
    if as_json:
        return show_json(rows)
    show_table(["setting", "value", "source"], [[one["name"], one["value"] or "", one["source"]] for one in rows])
    return None
