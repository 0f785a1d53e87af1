"""What has happened to accounts and organisations."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from domain.actor import Grant
from domain.events import Event, event, with_more
from domain.values.money import Money

if TYPE_CHECKING:
    from domain.access.account import Account, Erasure, Organisation


@event("access.trial_started/1", day="on")
class TrialStarted(Event):
    """This log was made for trying things out. The mark is the first event and never goes away."""

    on: date


@event("access.account_created/2", day="on", upcasts={"access.account_created/1": with_more(kind="person")})
class AccountCreated(Event):
    """`display` is the person's name, sealed. `kind`: person or program (version 1 knew only persons)."""

    name: str
    display: str
    kind: str
    on: date

    def apply(self, account: Account) -> None:
        account.name = self.name
        account.display = self.display


@event("access.role_granted/1", day="on")
class RoleGranted(Event):
    role: str
    region: str | None
    party: str | None
    on: date

    def apply(self, account: Account) -> None:
        account.grants[Grant(self.role, self.region, self.party)] = None


@event("access.role_withdrawn/1", day="on")
class RoleWithdrawn(Event):
    role: str
    region: str | None
    party: str | None
    on: date

    def apply(self, account: Account) -> None:
        account.grants.pop(Grant(self.role, self.region, self.party), None)


@event("access.account_disabled/1", day="on")
class AccountDisabled(Event):
    on: date

    def apply(self, account: Account) -> None:
        account.disabled = True


@event("access.delegation_granted/1", day="granted_on")
class DelegationGranted(Event):
    """The giver lets this account do what the giver may, from one day to another. What it does counts as the giver's own."""

    giver: str
    granted_on: date
    starts_on: date
    ends_on: date
    why: str

    def apply(self, account: Account) -> None:
        account.delegations[self.giver] = [*account.delegations.get(self.giver, []), (self.starts_on, self.ends_on)]


@event("access.delegation_ended/1", day="ended_on")
class DelegationEnded(Event):
    """From this moment the account acts for the giver no more."""

    giver: str
    ended_on: date

    def apply(self, account: Account) -> None:
        account.delegation_ended(self)


@event("access.invitation_made/1", day="on")
class InvitationMade(Event):
    """The account's person may choose its password until `expires`. The code that it takes stands in the vault alone."""

    on: date
    expires: datetime


@event("access.organisation_registered/1", day="on")
class OrganisationRegistered(Event):
    """An authority whose contracts this installation watches."""

    scheme: str
    code: str
    name: str
    region: str
    on: date

    def apply(self, organisation: Organisation) -> None:
        organisation.name, organisation.region = self.name, self.region


@event("access.overdue_disclosed/1", day="disclosed_on")
class OverdueDisclosed(Event):
    """逾期款项公开: what an authority made public of a year: how many contracts with small firms were overdue at its end, how much, and where."""

    year: int
    contracts: int
    amount: Money
    place: str
    disclosed_on: date

    def apply(self, organisation: Organisation) -> None:
        organisation.disclosed.append(self.year)


@event("access.log_continued/1", day="on")
class LogContinued(Event):
    """The log went on, shorter than it once was, after a loss; `known` events were there, of this root. `reason` says why."""

    size: int
    known: int
    root: str
    on: date


@event("access.subject_erased/1", day="on")
class SubjectErased(Event):
    """The key of a natural person's particulars was destroyed; a restore destroys it again."""

    subject: str
    on: date

    def apply(self, erasure: Erasure) -> None:
        erasure.erased = True
