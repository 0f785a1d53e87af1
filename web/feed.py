"""The feed: what was recorded past a position, as far as an account may know of it, each event as a CloudEvent 1.0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from domain.actor import Actor
from domain.events import Told, as_corrected, decode, encode
from domain.party.events import PartyRegistered
from domain.policy.events import PackAdopted
from domain.values.party import PartyRef
from projections.temporal.moment import Moment
from projections.timeline import SENTENCES, entries
from web import resources
from web.looks.tongue import Tongue
from web.office import Office
from web.telling import told_entries

Json = dict[str, Any]
AT_ONCE = 200  # rows of the log looked at together
SCANNED = 5_000  # and for one answer
OPEN = (PackAdopted,)  # the law is everybody's who is signed in


class Past(NamedTuple):
    """Some events, through which position the log was looked at for them, and whether cases or applications are among them."""

    events: list[Json]
    position: int
    of_cases: bool


def past(office: Office, actor: Actor, speaks: Tongue, after: int, moment: Moment, limit: int) -> Past:
    """At most `limit` events past a position that this account may know of today, oldest first; of a moment, what was known and held then."""
    found, position, of_cases = list[Json](), after, False
    for _ in range(SCANNED // AT_ONCE):
        rows = [row for row in office.recorder.after(position, AT_ONCE) if moment.known_at is None or row.position <= moment.known_at]
        told = [Told(row.stream, row.version, decode(row.topic, row.state), row.position, office.ledger.recorded_at(row.position)) for row in rows]
        seen = _seen(office, actor, told)
        for one in told:
            position = one.position
            if (kind := seen.get(one.position)) and (moment.as_of is None or one.day <= moment.as_of):
                made = _cloud_event(office, actor, speaks, kind, one)
                found += made
                of_cases |= bool(made) and kind.on in ("cases", "repairs", "commitments")
            if len(found) == limit:
                return Past(found, position, of_cases)
        if len(rows) < AT_ONCE:
            break
    return Past(found, position, of_cases)


class Kind(NamedTuple):
    """Which resource an event is of, and whether this account may read it as it lies in the log."""

    on: str
    id: str
    whole: bool


def _seen(office: Office, actor: Actor, told: Sequence[Told]) -> dict[int, Kind]:
    """By position, the events that this account may know of; access is that of the resources, as it stands today."""
    streams = office.ledger.of(list({one.stream for one in told}))
    kinds = {stream: _kind(actor, events) for stream, events in streams.items()}
    found = dict[int, Kind]()
    for one in told:
        kind = kinds.get(one.stream) or (Kind("policy", str(one.stream), True) if isinstance(one.event, OPEN) else None)
        whose = resources.whose(as_corrected(streams[one.stream]))
        if kind is not None and type(one.event) in SENTENCES and (whose is None or resources.may_know(office, actor, whose, one.event)):
            found[one.position] = kind
    return found


def _kind(actor: Actor, told: Sequence[Told]) -> Kind | None:
    birth = told[0].event
    if isinstance(birth, PartyRegistered):
        ref = PartyRef(birth.scheme, birth.id)
        return Kind("parties", str(ref), True) if resources.party_visible(actor, ref) else None
    whose = resources.whose(as_corrected(told))
    if whose is None or not actor.sees(whose.region, whose.parties):
        return None
    on = next(name for name, kind in resources.BIRTHS.items() if isinstance(birth, kind))
    return Kind(on, str(told[0].stream), actor.sees(whose.region))


def _cloud_event(office: Office, actor: Actor, speaks: Tongue, kind: Kind, one: Told) -> list[Json]:
    """The event with its sentence, as the timeline tells it; with its own fields for an office. None for what no timeline tells."""
    return [{
        "specversion": "1.0", "id": str(one.position), "source": office.settings.base_url or "/api/v1", "type": one.event.topic,
        "subject": f"/api/v1/{kind.on}/{kind.id}", "time": entry["recorded_at"], "datacontenttype": "application/json",
        "position": one.position, "streamversion": one.version,
        "data": {"on": entry["on"], "text": entry["text"], "by": entry["who"] if kind.whole else None,
                 "body": msgspec.json.decode(encode(one.event)) if kind.whole else None},
    } for entry in told_entries(office, speaks, entries([one]))]  # fmt: skip
