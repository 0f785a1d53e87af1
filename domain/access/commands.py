"""What may be asked of accounts and organisations."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID, uuid5

from domain.access.account import (
    OFFICE,
    TRIAL,
    Account,
    Continuity,
    Erasure,
    Organisation,
    Trial,
    account_id,
    organisation_id,
)
from domain.act import Act
from domain.actor import Grant
from domain.ledger import stream_id

ADMINISTER = ("administrator",)


def start_trial(act: Act) -> None:
    """Mark an empty log as one for trying things out. Must be its first event."""
    trial = Trial(TRIAL)
    trial.start(act.today, **act.said)
    act.save(trial)


def create_account(act: Act, name: str, display: str, *, kind: str = "person", grants: tuple[Grant, ...] = ()) -> UUID:
    """Make an account; its person's name is sealed under the account's own key."""
    act.permit(ADMINISTER, None)
    account = act.ledger.find(Account, account_id(name)) or Account(account_id(name))
    account.create(name, act.sealed(uuid5(account.id, "person"), "display", display), kind, grants, act.today, **act.said)
    act.save(account)
    return account.id


def invite(act: Act, name: str, display: str, grant: Grant | None, expires: datetime, has_password: Callable[[UUID], bool]) -> UUID:
    """Make an account with a role and invite its person to choose the password; without a role, invite the person of one that is there."""
    act.permit(ADMINISTER, None)
    account = act.ledger.find(Account, account_id(name)) or Account(account_id(name))
    if grant is not None:
        account.create(name, act.sealed(uuid5(account.id, "person"), "display", display), "person", [grant], act.today, **act.said)
    account.invite(expires, has_password(account.id), act.today, **act.said)
    act.save(account)
    return account.id


def grant_role(act: Act, name: str, grant: Grant) -> UUID:
    act.permit(ADMINISTER, None)
    account: Account = act.look(Account, account_id(name))
    account.grant(grant, act.today, **act.said)
    act.save(account)
    return account.id


def withdraw_role(act: Act, name: str, grant: Grant) -> UUID:
    act.permit(ADMINISTER, None)
    account: Account = act.look(Account, account_id(name))
    account.withdraw(grant, act.today, **act.said)
    act.save(account)
    return account.id


def disable_account(act: Act, name: str) -> UUID:
    """From this moment the account holds nothing; its sessions are ended by the caller."""
    act.permit(ADMINISTER, None)
    account: Account = act.look(Account, account_id(name))
    account.disable(act.today, **act.said)
    act.save(account)
    return account.id


def grant_delegation(act: Act, to: str, *, ends_on: date, starts_on: date | None = None, why: str = "") -> UUID:
    """Whoever asks lets a colleague do what they may themselves."""
    giver: Account = act.ledger.get(Account, UUID(act.by))
    delegate = act.ledger.find(Account, account_id(to)) or Account(account_id(to))
    delegate.delegate(giver, starts_on or act.today, ends_on, why, act.today, **act.said)
    act.save(delegate, unchanged=[giver])
    return delegate.id


def end_delegation(act: Act, to: str, *, giver: str | None = None) -> UUID:
    """By the giver, by the one who was to act, or by an administrator; `giver` is an account id, whoever asks when none is said."""
    delegate: Account = act.look(Account, account_id(to))
    whose = giver or act.by
    if act.by not in (whose, str(delegate.id)):
        act.permit(ADMINISTER, None)
    delegate.end_delegation(whose, act.today, **act.said)
    act.save(delegate)
    return delegate.id


def erase_subject(act: Act, subject: UUID) -> bool:
    """Put on record that a subject's key is to be destroyed, which the caller does after; whether it was not on record yet."""
    act.permit(ADMINISTER, None)
    stream = stream_id("subject", subject.hex)
    erasure = act.ledger.find(Erasure, stream) or Erasure(stream)
    erasure.erase(str(subject), act.today, **act.said)
    return act.save(erasure).last is not None


def continue_log(act: Act, known: int, root: str, reason: str) -> None:
    """Put on record that the log goes on without what was lost at its end."""
    act.permit(ADMINISTER, None)
    continuity = act.ledger.find(Continuity, OFFICE) or Continuity(OFFICE)
    continuity.continue_shorter(act.ledger.head(), known, root, act.today, reason=reason, **act.said)
    act.save(continuity)


def register_organisation(act: Act, scheme: str, code: str, name: str, region: str) -> UUID:
    act.permit(ADMINISTER, None)
    stream = organisation_id(scheme, code)
    organisation = act.ledger.find(Organisation, stream) or Organisation(stream)
    organisation.register(scheme, code, name, region, act.today, **act.said)
    act.save(organisation)
    return stream
