"""What the log and the evidence hold, narrowed to the regions and parties of whoever asks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from domain.access.events import AccountCreated, OrganisationRegistered, RoleGranted
from domain.actor import OFFICE, Actor
from domain.events import Told
from domain.evidence import EvidenceLodged, Exhibit
from domain.index import Taken
from domain.ledger import stream_id
from domain.values.region import covers
from projections import cases, commitments, contracts, repairs
from projections.temporal.moment import Moment
from web import resources
from web.office import Office

READERS = (*OFFICE, "auditor")
ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Read(NamedTuple):
    """Who looked at what."""

    seq: int
    at: str
    account: str
    kind: str
    subject: str


def visible_rows(office: Office, actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """Of some rows of the log those that this account may read: what is of no region (packs, parties), and what is of its own."""
    told = office.ledger.of(list({row.stream for row in rows}))
    owners = office.ledger.of(list({one[0].event.owner for one in told.values() if isinstance(one[0].event, Taken)}))
    return [row for row in rows if _may_read(office, actor, told[row.stream], owners)]


def _may_read(office: Office, actor: Actor, told: Sequence[Told], owners: Mapping[UUID, Sequence[Told]]) -> bool:
    birth = told[0].event
    if isinstance(birth, EvidenceLodged):
        return may_open(office, actor, office.ledger.get(Exhibit, stream_id("evidence", birth.digest)), birth.digest)
    if isinstance(birth, AccountCreated):
        return _works_within(office, actor, str(told[0].stream))
    if isinstance(birth, OrganisationRegistered):
        return actor.sees(birth.region)
    if isinstance(birth, Taken):
        told = owners.get(birth.owner, [])
    whose = resources.whose(told) if told else None
    return whose is None or actor.sees(whose.region, whose.parties)


def visible_reads(office: Office, actor: Actor, reads: Sequence[Read]) -> list[Read]:
    """Of some looks those at what this account may see; at what is of no region (a list, a credit file), those of who works within its own."""
    ids = {one.seq: UUID(found[0]) for one in reads if (found := ID.search(one.subject))}
    told = office.ledger.of(list(set(ids.values())))
    whose = {one: resources.whose(events) for one, events in told.items()}
    within: dict[str, bool] = {}

    def may_see(one: Read) -> bool:
        if one.kind == "evidence":
            exhibit = office.ledger.find(Exhibit, stream_id("evidence", one.subject))
            return exhibit is not None and may_open(office, actor, exhibit, one.subject)
        mine = whose.get(ids[one.seq]) if one.seq in ids else None
        if mine is not None:
            return actor.sees(mine.region, mine.parties)
        if one.account not in within:
            within[one.account] = _works_within(office, actor, one.account)
        return within[one.account]

    return [one for one in reads if may_see(one)]


def _works_within(office: Office, actor: Actor, account: str) -> bool:
    """Did an account ever have a role within these regions, or act for a firm with anything there? Everybody knows of the system's."""
    roles = _roles_of(office, account)
    if roles is None or account == actor.account:
        return True
    theirs = {one.region for one in roles if one.region is not None}
    if any(covers(mine, one) for mine in actor.regions(READERS) for one in theirs):
        return True
    return bool(_streams_of(office, actor, {one.party for one in roles if one.party}))


def _roles_of(office: Office, account: str) -> list[RoleGranted] | None:
    """Every role that an account ever had; None of the system."""
    try:
        stream = UUID(account)
    except ValueError:
        return None
    return [one.event for one in office.ledger.of([stream]).get(stream, []) if isinstance(one.event, RoleGranted)]


def may_open(office: Office, actor: Actor, exhibit: Exhibit, digest: str) -> bool:
    """Whoever brought a file; and offices and auditors where one who brought it works, or where a firm's file is cited."""
    if actor.account in exhibit.brought_by:
        return True
    mine = actor.regions(READERS)
    return bool(mine) and any(_reaches(office, actor, mine, account, digest) for account in exhibit.brought_by)


def _reaches(office: Office, actor: Actor, mine: Collection[str], account: str, digest: str) -> bool:
    """Every role that the account ever had counts: a file stays where it was brought when its bringer moves on."""
    roles = _roles_of(office, account)
    if roles is None:
        return True
    theirs = {one.region for one in roles if one.region is not None}
    if any(covers(a, b) or covers(b, a) for a in mine for b in theirs):
        return True
    parties = {one.party for one in roles if one.party}
    return any(digest.encode() in row.state for row in office.recorder.of(_streams_of(office, actor, parties)))


def _streams_of(office: Office, actor: Actor, parties: Collection[str]) -> list[UUID]:
    """The contracts, cases, applications and commitments of some parties that this account may see."""
    found, now = list[UUID](), Moment(office.today)
    with office.looking() as conn:
        for party in sorted(parties):
            found += [row.owner for row in contracts.of_party(conn, now, party) if actor.sees(row.region)]
            mine = [row.owner for row in cases.of_party(conn, now, party) if actor.sees(row.region)]
            found += [*mine, *(one for case in mine for one in repairs.of_case(conn, now, case))]
            found += [row.owner for row in commitments.of_party(conn, now, party) if actor.sees(row.region)]
    return found
