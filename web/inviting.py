"""Inviting: an account whose password its person chooses, with a code that is good once and for a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from domain.access.account import Account, account_id
from domain.access.commands import invite
from domain.actor import THE_SYSTEM, Actor, Grant
from domain.ledger import Command
from stores.vault import NotSignedIn
from web.office import Office


class Invitation(NamedTuple):
    """What is told once: for which account, the code, where it is used, and until when it is good."""

    name: str
    code: str
    address: str
    expires: datetime


def make(
    office: Office,
    name: str,
    display: str = "",
    grant: Grant | None = None,
    actor: Actor = THE_SYSTEM,
    via: str = "web",
    once: Command | None = None,
    base: str = "",
) -> Invitation:
    """Open an account with a role and invite its person; without a role, invite the person of an account that has no password yet.

    Raises RuleBroken. What is recorded holds no code; the vault keeps its digest.
    `base`: the address that the asker used, where no public one is set.
    """
    expires = office.now + timedelta(hours=office.settings.invitation_hours)
    office.do(lambda act: invite(act, name, display, grant, expires, office.vault.credentials.has), actor, via=via, once=once)
    found: Account = office.ledger.get(Account, account_id(name))
    code = office.vault.invitations.make(found.id, office.now, expires)
    return Invitation(found.name, code, f"{(office.settings.base_url or base).rstrip('/')}/invitation?code={code}", expires)


def invited(office: Office, code: str, source: str) -> Account:
    """Whose an open code is. Raises NotSignedIn: none, used, over, its account disabled, or asked too often from this source."""
    account = office.vault.invited(code, source, office.now)
    found: Account = office.ledger.get(Account, account)
    if found.disabled:
        raise NotSignedIn
    return found


def accept(office: Office, code: str, password: str, source: str) -> Account:
    """Choose the password; the code is used up. Raises NotSignedIn, PasswordRefused, Busy."""
    found = invited(office, code, source)
    office.vault.accept(code, found.id, found.name, password, office.now)
    return found
