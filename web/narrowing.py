"""What the log and the evidence hold, narrowed to the regions and parties of whoever asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from domain.access.events import RoleGranted
from domain.actor import OFFICE, Actor
from domain.evidence import EvidenceLodged, Exhibit
from domain.index import Taken
from domain.ledger import stream_id
from domain.values.region import covers
from projections import cases, contracts, repairs
from projections.temporal.moment import Moment
from web import resources
from web.office import Office

READERS = (*OFFICE, "auditor")


def visible_rows(office: Office, actor: Actor, rows: Sequence[Any]) -> list[Any]:
    """Of some rows of the log those that this account may read: what is of no region (packs, accounts, parties), and its own."""
    births = _births(office, {row.stream for row in rows})
    owners = _births(office, {one.owner for one in births.values() if isinstance(one, Taken)})
    return [row for row in rows if _may_read(office, actor, births[row.stream], owners)]


def _births(office: Office, streams: Collection[UUID]) -> dict[UUID, Any]:
    return {stream: told[0].event for stream, told in office.ledger.of(list(streams)).items()}


def _may_read(office: Office, actor: Actor, birth: Any, owners: dict[UUID, Any]) -> bool:
    if isinstance(birth, EvidenceLodged):
        return may_open(office, actor, office.ledger.get(Exhibit, stream_id("evidence", birth.digest)), birth.digest)
    whose = resources.whose(owners.get(birth.owner) if isinstance(birth, Taken) else birth)
    return whose is None or actor.sees(whose.region, whose.parties)


def may_open(office: Office, actor: Actor, exhibit: Exhibit, digest: str) -> bool:
    """Whoever brought a file; and offices and auditors where one who brought it works, or where a firm's file is cited."""
    if actor.account in exhibit.brought_by:
        return True
    mine = actor.regions(READERS)
    return bool(mine) and any(_reaches(office, actor, mine, account, digest) for account in exhibit.brought_by)


def _reaches(office: Office, actor: Actor, mine: Collection[str], account: str, digest: str) -> bool:
    """Every role that the account ever had counts: a file stays where it was brought when its bringer moves on."""
    try:
        stream = UUID(account)
    except ValueError:  # the system's
        return True
    roles = [one.event for one in office.ledger.of([stream]).get(stream, []) if isinstance(one.event, RoleGranted)]
    theirs = {one.region for one in roles if one.region is not None}
    if any(covers(a, b) or covers(b, a) for a in mine for b in theirs):
        return True
    parties = {one.party for one in roles if one.party}
    return any(digest.encode() in row.state for row in office.recorder.of(_streams_of(office, actor, parties)))


def _streams_of(office: Office, actor: Actor, parties: Collection[str]) -> list[UUID]:
    """The contracts, cases and applications of some parties that this account may see."""
    found, now = list[UUID](), Moment(office.today)
    with office.looking() as conn:
        for party in sorted(parties):
            found += [row.owner for row in contracts.of_party(conn, now, party) if actor.sees(row.region)]
            mine = [row.owner for row in cases.of_party(conn, now, party) if actor.sees(row.region)]
            found += [*mine, *(one for case in mine for one in repairs.of_case(conn, now, case))]
    return found
