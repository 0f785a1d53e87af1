"""Who acts: an account with its grants, and the one question of access that every command asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from domain.events import SYSTEM
from domain.values.region import covers

ROLES = ("supervisor", "decider", "legal", "chair", "auditor", "applicant", "administrator")
OFFICE = frozenset({"supervisor", "decider", "legal", "chair"})


class NotYourRole(Exception):
    """This account may see it, but may not do this."""

    def __init__(self, roles: Collection[str]) -> None:
        super().__init__(", ".join(sorted(roles)))
        self.roles = tuple(roles)


class Grant(msgspec.Struct, frozen=True):
    """A role, in a region (a county code covers itself, a city's its counties) or, for an applicant, for a party."""

    role: str
    region: str | None = None
    party: str | None = None


class Actor(msgspec.Struct, frozen=True):
    """An account as it stands today. `account` is its id, `name` what it signs in with."""

    account: str
    name: str
    grants: tuple[Grant, ...] = ()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_system(self) -> bool:
        return self.account == SYSTEM

    def parties(self) -> frozenset[str]:
        return frozenset(g.party for g in self.grants if g.role == "applicant" and g.party)

    def regions(self, roles: Iterable[str] = OFFICE) -> frozenset[str]:
        """The regions in which this account holds one of the roles."""
        wanted = set(roles)
        return frozenset(g.region for g in self.grants if g.role in wanted and g.region is not None)

    def holds(self, roles: Collection[str], region: str | None, parties: Collection[str] = ()) -> bool:
        """Does a grant of one of these roles cover the region, or (for an applicant) one of the parties?"""
        if self.is_system:
            return True
        for grant in self.grants:
            if grant.role not in roles:
                continue
            if grant.role == "applicant":
                if grant.party in parties:
                    return True
            elif region is None or covers(grant.region or "", region):
                return True
        return False

    def sees(self, region: str | None, parties: Collection[str] = ()) -> bool:
        """May this account know of something in this region, about these parties?"""
        return self.holds((*OFFICE, "auditor", "applicant"), region, parties)


THE_SYSTEM = Actor(SYSTEM, SYSTEM)
