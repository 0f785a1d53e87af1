"""Acting for another: what an account may do today, and whose acts count as its own."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from domain.access.account import Account
from domain.actor import OFFICE, Actor, Grant
from domain.ledger import Ledger


def acting(ledger: Ledger, account: UUID, on: date) -> Actor | None:
    """An account as it stands today, with what colleagues have delegated to it; None when there is none or it is disabled."""
    found = ledger.find(Account, account)
    if found is None or found.disabled:
        return None
    lent = [grant for giver in found.stands_for(on) for grant in _own(ledger, giver)]
    return found.actor if not lent or found.administers else Actor(str(found.id), found.name, tuple(dict.fromkeys([*found.grants, *lent])))


def _own(ledger: Ledger, giver: str) -> list[Grant]:
    """What a person holds in the office and can let another do; never what was lent to them."""
    found = ledger.find(Account, UUID(giver))
    return [] if found is None or found.disabled else [grant for grant in found.grants if grant.role in OFFICE]


def counts_as(ledger: Ledger, account: str, since: date) -> frozenset[str]:
    """The accounts whose acts count as this one's: its own, and those for whom it has stood at any time since a day."""
    try:
        found = ledger.find(Account, UUID(account))
    except ValueError:
        return frozenset({account})
    return frozenset({account, *(found.stood_for(since) if found else ())})
