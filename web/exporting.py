"""What is taken out of an installation: contracts, events, the register as it stood; each writer takes a stream."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import IO, Any, NamedTuple
from uuid import UUID

from domain.act import CHINA
from domain.contract import events as c
from domain.events import Event, Told
from domain.ledger import NotThere
from domain.proof.leaf import leaf_bytes
from domain.proof.tree import leaf_hash
from projections import contracts as register_list
from projections.cards.plain import day, money
from projections.exports.ocds import Publisher, write_release_package
from projections.exports.sheets import write_contracts
from projections.exports.template import write_template
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import resources
from web.importers.originals import original_of
from web.looks.tongue import tongue
from web.office import Office
from web.telling import told_entries

__all__ = ["WRITERS", "Wanted", "contract_at", "events", "register", "write_template"]

PAGE = 500


class Wanted(NamedTuple):
    """As known and held when; and from which day to which (of signing, or of recording for events)."""

    moment: Moment
    start: date | None = None
    end: date | None = None

    def holds(self, on: date | None) -> bool:
        """Does a day lie within?"""
        if self.start is None and self.end is None:
            return True
        return on is not None and (self.start is None or on >= self.start) and (self.end is None or on <= self.end)


# ---- contracts

KINDS: Mapping[type[Event], str] = {
    c.PaymentMade: "payment", c.ObligationFulfilled: "fulfilment", c.ContractAmended: "amendment", c.ContractSuspended: "suspension",
    c.ContractResumed: "resumption", c.ContractCompleted: "completion", c.ContractTerminated: "termination", c.ContractSettled: "settlement",
}  # fmt: skip


def history(told: Iterable[Told]) -> list[dict[str, Any]]:
    """What happened to a contract, as the exports word it."""
    return [_happening(KINDS[type(one.event)], one.event) for one in told if type(one.event) in KINDS]


def _happening(kind: str, event: Any) -> dict[str, Any]:
    ref = getattr(event, "ref", None) or getattr(event, "number", None)
    note = getattr(event, "note", "") or getattr(event, "why", "") or getattr(event, "rationale", "")
    return {"kind": kind, "on": day(event.day), "ref": ref, "about": getattr(event, "ref", None), "value": money(getattr(event, "value", None)),
            "note": note, "via": event.via}  # fmt: skip


def cards(office: Office, wanted: Wanted) -> Iterator[dict[str, Any]]:
    """Every contract as the API gives it, with its history and, where it came as OCDS, the document as it came."""
    ids = [row.owner for row in _rows(office, wanted.moment) if wanted.holds(row.signed_on)]
    for first in range(0, len(ids), PAGE):
        page = ids[first : first + PAGE]
        found = resources.streams(office, "contracts", page, wanted.moment)
        for stream in (found[one] for one in page if one in found):
            card = resources.card(office, "contracts", stream, wanted.moment)
            yield office.unseal({**card, "history": history(stream.told), **_origin(office, stream.told)})


def _origin(office: Office, told: Iterable[Told]) -> dict[str, Any]:
    """Its ocid, its id there, and the latest document that told of it, if it came as OCDS and was not erased."""
    found = original_of(office, told)
    said = {"process": found.process, "contract_id": found.contract_id, "original": found.document}
    return {name: value for name, value in said.items() if value is not None}


def _rows(office: Office, moment: Moment) -> list[Any]:
    rows, after = list[Any](), None
    with office.looking() as conn:
        while page := register_list.contracts(conn, moment, limit=PAGE, after=after):
            rows += page
            after = (page[-1].holds_from, page[-1].owner)
    return rows


def _contracts(office: Office, wanted: Wanted, stream: IO[bytes], format: str) -> int:
    return write_contracts(cards(office, wanted), stream, "csv" if format == "csv" else "xlsx")


def _ocds(office: Office, wanted: Wanted, stream: IO[bytes], format: str) -> int:
    return write_release_package(cards(office, wanted), stream, publisher(office), office.now)


def publisher(office: Office) -> Publisher:
    """Who publishes: the installation's organisation, at its public address."""
    from projections.accounts import list_organisations

    with office.looking() as conn:
        known = list_organisations(conn, Moment(office.today))
    first = known[0] if known else None
    name = office.settings.authority or (first.name if first else "Lvyue")
    scheme, _, code = first.ref.partition(":") if first else ("", "", "")
    return Publisher(name, "ocds-lvyue", office.settings.base_url or "urn:lvyue", scheme or None, code or None)


# ---- events


def events(office: Office, wanted: Wanted, stream: IO[bytes], format: str = "") -> int:
    """The log, a JSON line an event: its place, its exact bytes, the leaf they have in the tree, and a readable body."""
    count, position = 0, 0
    last = wanted.moment.known_at
    while rows := office.recorder.after(position, PAGE):
        for row in rows:
            if last is not None and row.position > last:
                return count
            if wanted.holds(datetime.fromisoformat(row.recorded_at).astimezone(CHINA).date()):
                stream.write(json.dumps(event_line(row), ensure_ascii=False).encode() + b"\n")
                count += 1
        position = rows[-1].position
    return count


def event_line(row: Any) -> dict[str, Any]:
    """One row of the log as `export events` gives it."""
    leaf = leaf_hash(leaf_bytes(row.position, row.recorded_at, row.stream, row.version, row.topic, row.state))
    return {
        "position": row.position, "stream": str(row.stream), "version": row.version, "topic": row.topic, "recorded_at": row.recorded_at,
        "state": base64.b64encode(row.state).decode(), "leaf": leaf.hex(), "body": json.loads(row.state),
    }  # fmt: skip


WRITERS: Mapping[str, Callable[[Office, Wanted, IO[bytes], str], int]] = {"contracts": _contracts, "ocds": _ocds, "events": events}


# ---- replay


def register(office: Office, moment: Moment) -> list[dict[str, Any]]:
    """The register of contracts as it stood at a moment."""
    return [
        {"id": str(row.owner), "number": row.number, "name": row.name, "type": row.type, "region": row.region,
         "status": register_list.status_on(row, moment.day), "authority": row.authority, "contractors": [ref for ref, _ in row.contractors],
         "value": None if row.value is None else f"{row.value:.2f}", "currency": row.currency, "signed_on": day(row.signed_on)}
        for row in _rows(office, moment)
    ]  # fmt: skip


def contract_at(office: Office, named: str, moment: Moment) -> dict[str, Any]:
    """One contract, by id or number, as it was known at a moment, with its timeline. Raises NotThere."""
    stream = _contract_id(office, named, moment)
    found = resources.streams(office, "contracts", [stream], moment).get(stream) if stream else None
    if found is None:
        raise NotThere("contracts", named)
    card = resources.card(office, "contracts", found, moment)
    told = told_entries(office, tongue("en"), entries(found.told))
    timeline = [{"on": one["on"], "text": one["text"], "who": one["who"], "position": one["position"]} for one in told]
    unsealed: dict[str, Any] = office.unseal({**card, "timeline": timeline})
    return unsealed


def _contract_id(office: Office, named: str, moment: Moment) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        with office.looking() as conn:
            found = register_list.numbered(conn, moment, named)
        return found[0] if found else None
