"""`lvyue policy`: the packs of law and the calendar — listed, checked, proposed; a year's days off adopted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from web.cli.opening import Data, Json, day, opened
from web.cli.telling import FAILED, MISUSED, Stop, say, show, show_json, show_table

if TYPE_CHECKING:
    from domain.actor import Actor
    from domain.policy.faults import PackRejected
    from web.office import Office

policies = typer.Typer(help="Packs of law and the calendar: list, check, try, propose, calendar.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(help="The file.", metavar="FILE")]
As = Annotated[str | None, typer.Option("--as", help="The account in whose name it is done: an administrator.", metavar="ACCOUNT")]


@policies.command("list")
def list_packs(
    as_of: Annotated[str | None, typer.Option("--as-of", help="In force on that day; all that were adopted when left out.")] = None,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """List the packs that were adopted: of which instrument, in force from when until when, how much of it is unconfirmed."""
    from web import policies as told

    with opened(data) as office:
        on = day(as_of, "--as-of") if as_of else None
        rows = [one for one in told.packs(office.book, on or office.today) if on is None or one["in_force"]]
        years = told.years(office.book)
    if as_json:
        return show_json({"items": rows, "years": years, "total": len(rows)})
    columns = ("key", "version", "number", "effective_from", "effective_until", "rules", "unconfirmed", "in_force")
    show_table(list(columns), [[_shown(row[column]) for column in columns] for row in rows])
    return None


def _shown(value: Any) -> str:
    return {True: "yes", False: "no", None: ""}.get(value, str(value)) if isinstance(value, bool | None) else str(value)


@policies.command()
def check(file: File, as_json: Json = False) -> None:
    """Check a pack's file, or a year's notice of days off: every fault with its line and reason."""
    from domain.policy.faults import PackRejected
    from domain.policy.notices import read_notice
    from domain.policy.pack import read_pack

    content = _content(file)
    try:
        if _is_notice(file, content):
            notice = read_notice(content, file.name)
            found: dict[str, Any] = {"ok": True, "year": notice.year, "off": len(notice.days_off), "work": len(notice.work), "faults": []}
        else:
            pack = read_pack(content, file.name)
            found = {"ok": True, "key": pack.key, "version": pack.version, "rules": len(pack.rules), "faults": []}
    except PackRejected as rejected:
        return _rejected(file, rejected, as_json)
    if as_json:
        return show_json(found)
    say(f"{file}: {'the days off of ' + str(found['year']) if 'year' in found else found['key'] + '/' + str(found['version'])}, nothing wrong.")
    return None


def _rejected(file: Path, rejected: PackRejected, as_json: bool) -> None:
    if as_json:
        show_json({"ok": False, "faults": [{"line": one.line, "key": one.key, "reason": one.reason, "detail": one.detail} for one in rejected.faults]})
    for one in () if as_json else rejected.faults:
        show(f"{file}:{one}")
    raise typer.Exit(FAILED)


@policies.command()
def propose(file: File, as_account: As = None, data: Data = None) -> None:
    """Propose a pack: an administrator other than who proposed it adopts it, on the page of the packs."""
    from domain.policy.commands import propose_pack
    from web.policies import keep

    content = _content(file)
    with opened(data) as office:
        actor = _actor(office, as_account)
        digest = office.do(lambda act: propose_pack(act, file.name, content, keep(office)), actor, via="cli").outcome
        office.caught_up()
    show(digest)
    say("Proposed. Another administrator adopts it on the page /administration/packs.")


@policies.command(hidden=True)
def adopt(file: Annotated[str, typer.Argument(metavar="DIGEST")] = "", data: Data = None) -> None:
    """Refused: who proposed a pack is not who adopts it, and decisions are not made in the shell."""
    raise Stop("A pack is adopted on the page /administration/packs, by an administrator other than who proposed it: decisions are not made in the shell.")


@policies.command()
def calendar(file: File, as_account: As = None, as_json: Json = False, data: Data = None) -> None:
    """Adopt a year's days off: running deadlines are counted anew, and who owes them is told on their desk."""
    from domain.policy.commands import publish_calendar_year
    from domain.policy.notices import read_notice
    from web.ticking import recount, tick

    notice = read_notice(_content(file), file.name)
    with opened(data) as office:
        actor = _actor(office, as_account)
        tick(office)  # windows that have run out end by the calendar under which they ran
        position = office.do(lambda act: publish_calendar_year(act, notice.year, notice.days_off, notice.work, notice.source), actor, via="cli").position
        moved = recount(office)
    if as_json:
        return show_json({"year": notice.year, "position": position, "off": len(notice.days_off), "work": len(notice.work), "moved": moved})
    say(f"The days off of {notice.year} are adopted. Deadlines counted anew in {moved} contracts, cases and repairs.")
    return None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise Stop(f"There is no file {file}.", MISUSED) from None


def _is_notice(file: Path, content: bytes) -> bool:
    """A notice is JSON, or a table of one year that is no pack."""
    text = content.decode("utf-8", "replace").lstrip("\ufeff \n\t")
    return file.suffix == ".json" or text.startswith("{") or (not any(line.startswith("key") for line in text.splitlines()) and "year" in text)


def _actor(office: Office, name: str | None) -> Actor:
    """The account in whose name it is done; without one the installation itself does it."""
    from domain.access.account import Account, account_id
    from domain.actor import THE_SYSTEM
    from domain.policy.commands import KEEPERS

    if name is None:
        return THE_SYSTEM
    account = office.ledger.find(Account, account_id(name))
    if account is None or account.disabled:
        raise Stop(f"There is no account {name}." if account is None else f"Account {name} is disabled.", MISUSED)
    if not account.actor.roles & set(KEEPERS):
        raise Stop(f"Account {name} may not: that takes the role {' or '.join(KEEPERS)}.")
    return account.actor
