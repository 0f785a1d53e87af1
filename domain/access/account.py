"""Account 账户 and Organisation 机构: who may sign in, and whose contracts are watched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from domain.access import rules
from domain.access.events import (
    AccountCreated,
    AccountDisabled,
    DelegationEnded,
    DelegationGranted,
    InvitationMade,
    LogContinued,
    OrganisationRegistered,
    OverdueDisclosed,
    RoleGranted,
    RoleWithdrawn,
    SubjectErased,
    TrialStarted,
)
from domain.actor import Actor, Grant
from domain.aggregate import Aggregate
from domain.ledger import stream_id
from domain.rules import hold, hold_all
from domain.values.money import Money


def account_id(name: str) -> UUID:
    """An account's stream follows from its name, so that a name is taken once."""
    return stream_id("account", name.strip().lower())


def organisation_id(scheme: str, code: str) -> UUID:
    return stream_id("organisation", f"{scheme}:{code}")


TRIAL = stream_id("office", "trial")


class Trial(Aggregate):
    """The mark that a log was made for trying things out."""

    def start(self, on: date, **said: Any) -> None:
        self.happen(TrialStarted(on=on, **said))


OFFICE = stream_id("office", "continuity")


class Continuity(Aggregate):
    """What befell the log itself."""

    def continue_shorter(self, size: int, known: int, root: str, on: date, **said: Any) -> None:
        self.happen(LogContinued(size=size, known=known, root=root, on=on, **said))


class Erasure(Aggregate):
    """A natural person's particulars, by the subject whose key they are sealed under."""

    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.erased = False

    def erase(self, subject: str, on: date, **said: Any) -> None:
        if not self.erased:
            self.happen(SubjectErased(subject=subject, on=on, **said))


class Account(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.name = ""
        self.display = ""
        self.grants: dict[Grant, None] = {}
        self.disabled = False
        self.delegations: dict[str, list[tuple[date, date]]] = {}  # by the giver's account id, while they last
        self.ended: dict[str, list[tuple[date, date]]] = {}  # those that were ended: on their last day they no longer let anything be done

    def delegation_ended(self, said: DelegationEnded) -> None:
        cut = [(begins, min(ends, said.ended_on)) for begins, ends in self.delegations.pop(said.giver, []) if begins <= said.ended_on]
        self.ended[said.giver] = [*self.ended.get(said.giver, []), *cut]

    def stands_for(self, on: date) -> list[str]:
        """The givers for whom it may act on a day."""
        return [giver for giver, spans in self.delegations.items() if any(begins <= on <= ends for begins, ends in spans)]

    def stood_for(self, since: date) -> list[str]:
        """The givers for whom it may have acted at any time since a day."""
        return [giver for spans in (self.delegations, self.ended) for giver, told in spans.items() if any(ends >= since for _, ends in told)]

    @property
    def administers(self) -> bool:
        return any(grant.role == "administrator" for grant in self.grants)

    @property
    def actor(self) -> Actor:
        """The account as the one question of access sees it; a disabled one holds nothing."""
        return Actor(str(self.id), self.name, () if self.disabled else tuple(self.grants))

    def create(self, name: str, display: str, kind: str, grants: Sequence[Grant], on: date, **said: Any) -> None:
        """With its first roles."""
        hold_all((rules.CREATE, self, name), *((rules.GRANT, self, grant) for grant in grants))
        self.happen(AccountCreated(name=name.strip(), display=display, kind=kind, on=on, **said))
        for grant in grants:
            self.grant(grant, on, **said)

    def invite(self, expires: datetime, has_password: bool, on: date, **said: Any) -> None:
        hold(rules.INVITE, self, has_password)
        self.happen(InvitationMade(on=on, expires=expires, **said))

    def grant(self, grant: Grant, on: date, **said: Any) -> None:
        hold(rules.GRANT, self, grant)
        if grant not in self.grants:
            self.happen(RoleGranted(role=grant.role, region=grant.region, party=grant.party, on=on, **said))

    def withdraw(self, grant: Grant, on: date, **said: Any) -> None:
        if grant in self.grants:
            self.happen(RoleWithdrawn(role=grant.role, region=grant.region, party=grant.party, on=on, **said))

    def delegate(self, giver: Account, starts_on: date, ends_on: date, why: str, on: date, **said: Any) -> None:
        """The giver, whose act this is, lets this account do what the giver may."""
        hold(rules.DELEGATE, self, giver, starts_on, ends_on, on)
        self.happen(DelegationGranted(giver=str(giver.id), granted_on=on, starts_on=starts_on, ends_on=ends_on, why=why, **said))

    def end_delegation(self, giver: str, on: date, **said: Any) -> None:
        hold(rules.END_DELEGATION, self, giver)
        self.happen(DelegationEnded(giver=giver, ended_on=on, **said))

    def disable(self, on: date, **said: Any) -> None:
        if not self.disabled:
            self.happen(AccountDisabled(on=on, **said))


class Organisation(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.name = ""
        self.region = ""
        self.disclosed: list[int] = []  # the years whose overdue payments were made public

    def register(self, scheme: str, code: str, name: str, region: str, on: date, **said: Any) -> None:
        if (self.name, self.region) != (name, region):
            self.happen(OrganisationRegistered(scheme=scheme, code=code, name=name, region=region, on=on, **said))

    def disclose(self, year: int, contracts: int, amount: Money, place: str, on: date, today: date, **said: Any) -> None:
        disclosed = OverdueDisclosed(year=year, contracts=contracts, amount=amount, place=place, disclosed_on=on, **said)
        hold(rules.DISCLOSE, self, disclosed, today)
        self.happen(disclosed)
