"""`lvyue account`: who may sign in, with which roles; passwords and tokens."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from web.cli.opening import Data, Json, day, opened
from web.cli.telling import MISUSED, Stop, password_from, say, show, show_json, show_table

if TYPE_CHECKING:
    from domain.access.account import Account
    from domain.actor import Grant
    from web.office import Office

accounts = typer.Typer(help="Accounts: add, disable, grant, password, token, list.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="What the account signs in with.")]
Role = Annotated[str, typer.Option("--role", help="supervisor, decider, legal, chair, auditor, applicant or administrator.")]
Region = Annotated[str | None, typer.Option("--region", help="A region's code: 440800 covers 4408xx.")]
Party = Annotated[str | None, typer.Option("--party", help="For an applicant: the party's credit code, or scheme:id.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of stdin.")]
Display = Annotated[str | None, typer.Option("--display", help="The person's name; the account's name when left out.")]


def grant_of(role: str, region: str | None, party: str | None) -> Grant:
    """A role with what it is held for. Raises Stop."""
    from domain.actor import ROLES, Grant

    if role not in ROLES:
        raise Stop(f"There is no role {role!r}. Roles: {', '.join(ROLES)}.", MISUSED)
    if (role == "applicant") != (party is not None) or (role == "applicant") == (region is not None):
        raise Stop("An applicant needs --party, every other role --region.", MISUSED)
    return Grant(role, _region(region), _party(party))


def _region(code: str | None) -> str | None:
    if code is not None and not (len(code) == len("440800") and code.isascii() and code.isdigit()):
        raise Stop(f"A region is a code of six digits, not {code!r}.", MISUSED)
    return code


def _party(text: str | None) -> str | None:
    from domain.values.uscc import diagnose, normalise

    if text is None:
        return None
    scheme, colon, code = text.partition(":")
    if not colon:
        scheme, code = "CN-USCC", text
    if scheme != "CN-USCC":
        return f"{scheme}:{code}"
    if wrong := diagnose(code):
        raise Stop(f"{code} is no credit code: {wrong[0]}", MISUSED)
    return f"{scheme}:{normalise(code)}"


def account_named(office: Office, name: str) -> Account:
    """The account of a name. Raises Stop when there is none."""
    from domain.access.account import Account, account_id

    found = office.ledger.find(Account, account_id(name))
    if found is None:
        raise Stop(f"There is no account {name}.")
    return found


@accounts.command()
def add(name: Name, role: Role, region: Region = None, party: Party = None, password_stdin: FromStdin = False, display: Display = None,
        invite: Annotated[bool, typer.Option("--invite", help="Print a link with which the person chooses the password, once.")] = False,
        data: Data = None) -> None:  # fmt: skip
    """Make an account with a role, and a password or an invitation to choose one."""
    if invite and password_stdin:
        raise Stop("Either --password-stdin or --invite.", MISUSED)
    grant, password = grant_of(role, region, party), "" if invite else password_from(password_stdin, name)
    with opened(data) as office:
        if invite:
            from web.inviting import make as make_invitation

            told = make_invitation(office, name, display or name, grant, via="cli")
            show(told.address)
            say(f"Account {name} is there: {role} of {grant.region or grant.party}. The link is good until {told.expires:%Y-%m-%d %H:%M}.")
            return
        make(office, name, display or name, grant, password)
        say(f"Account {name} is there: {role} of {grant.region or grant.party}.")


def make(office: Office, name: str, display: str, grant: Grant, password: str) -> None:
    """An account with its password; nothing is recorded where the password will not do."""
    from domain.access.commands import create_account
    from stores.vault import check_new_password

    check_new_password(password, name)
    account = office.do(lambda act: create_account(act, name, display, grants=(grant,)), via="cli").outcome
    office.vault.credentials.set(account, name, password, office.now)


@accounts.command()
def disable(name: Name, data: Data = None) -> None:
    """Take an account out of use; its sessions and tokens end at once."""
    from domain.access.commands import disable_account

    with opened(data) as office:
        account_named(office, name)
        account = office.do(lambda act: disable_account(act, name), via="cli").outcome
        office.vault.shut_out(account, office.now)
        say(f"Account {name} is disabled.")


@accounts.command()
def grant(name: Name, role: Role, region: Region = None, party: Party = None,
          withdraw: Annotated[bool, typer.Option("--withdraw", help="Take the role away instead.")] = False, data: Data = None) -> None:  # fmt: skip
    """Give an account another role, or take one away."""
    from domain.access.commands import grant_role, withdraw_role

    wanted = grant_of(role, region, party)
    with opened(data) as office:
        held = account_named(office, name).grants
        if withdraw and wanted not in held:
            raise Stop(f"{name} does not hold {role} of {wanted.region or wanted.party}.")
        office.do(lambda act: (withdraw_role if withdraw else grant_role)(act, name, wanted), via="cli")
        say(f"{name}: {role} of {wanted.region or wanted.party} {'withdrawn' if withdraw else 'granted'}.")


@accounts.command()
def password(name: Name, password_stdin: FromStdin = False, data: Data = None) -> None:
    """Set an account's password; its sessions end."""
    new = password_from(password_stdin, name)
    with opened(data) as office:
        account = account_named(office, name)
        office.vault.credentials.set(account.id, account.name, new, office.now)
        say(f"The password of {name} is set.")


@accounts.command()
def token(name: Name, until: Annotated[str | None, typer.Option("--until", help="The last day it is good for; a year when left out.")] = None,
          data: Data = None) -> None:  # fmt: skip
    """Print a new token for programs, and nothing else. It is shown this once."""
    last = day(until, "--until") if until else None
    with opened(data) as office:
        account = account_named(office, name)
        if account.disabled:
            raise Stop(f"Account {name} is disabled.")
        show(office.vault.tokens.make(account.id, "lvyue account token", office.now, _end(office, last)))


def _end(office: Office, last: date | None) -> datetime | None:
    from web.office import end_of_day

    if last is None:
        return None
    if last < office.today:
        raise Stop(f"{last} is over.", MISUSED)
    return end_of_day(last)


@accounts.command("list")
def list_(as_json: Json = False, data: Data = None) -> None:
    """Every account and what it holds."""
    from projections.accounts import list_accounts

    with opened(data) as office, office.looking() as conn:
        rows = list_accounts(conn, office.moment())
    told = [{"name": row.name, "kind": row.kind, "disabled": bool(row.disabled),
             "grants": [{"role": role, "region": region, "party": party} for role, region, party in row.grants]} for row in rows]  # fmt: skip
    if as_json:
        return show_json(told)
    show_table(["account", "holds", "state"], [[one["name"], held(one["grants"]), "disabled" if one["disabled"] else ""] for one in told])
    return None


def held(grants: list[dict[str, str | None]]) -> str:
    """Roles with what they are held for, on one line."""
    return ", ".join(f"{one['role']} {one['region'] or one['party'] or ''}".strip() for one in grants)


__all__ = ["accounts", "grant_of", "make"]
