"""Account 账户 and Organisation 机构: who may sign in, and whose contracts are watched."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.access import rules
from domain.access.events import (
    AccountCreated,
    AccountDisabled,
    OrganisationRegistered,
    RoleGranted,
    RoleWithdrawn,
    TrialStarted,
)
from domain.actor import Actor, Grant
from domain.aggregate import Aggregate
from domain.ledger import stream_id
from domain.rules import hold


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


class Account(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.name = ""
        self.display = ""
        self.grants: dict[Grant, None] = {}
        self.disabled = False

    @property
    def actor(self) -> Actor:
        """The account as the one question of access sees it; a disabled one holds nothing."""
        return Actor(str(self.id), self.name, () if self.disabled else tuple(self.grants))

    def create(self, name: str, display: str, kind: str, on: date, **said: Any) -> None:
        hold(rules.CREATE, self, name)
        self.happen(AccountCreated(name=name.strip(), display=display, kind=kind, on=on, **said))

    def grant(self, grant: Grant, on: date, **said: Any) -> None:
        hold(rules.GRANT, self, grant)
        if grant not in self.grants:
            self.happen(RoleGranted(role=grant.role, region=grant.region, party=grant.party, on=on, **said))

    def withdraw(self, grant: Grant, on: date, **said: Any) -> None:
        if grant in self.grants:
            self.happen(RoleWithdrawn(role=grant.role, region=grant.region, party=grant.party, on=on, **said))

    def disable(self, on: date, **said: Any) -> None:
        if not self.disabled:
            self.happen(AccountDisabled(on=on, **said))


class Organisation(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.name = ""
        self.region = ""

    def register(self, scheme: str, code: str, name: str, region: str, on: date, **said: Any) -> None:
        if (self.name, self.region) != (name, region):
            self.happen(OrganisationRegistered(scheme=scheme, code=code, name=name, region=region, on=on, **said))
