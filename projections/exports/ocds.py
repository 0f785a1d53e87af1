"""Contracts as OCDS 1.1: a release for each state of a contract, and what came in as OCDS comes out as it came."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

import msgspec

from domain.values.party import is_person, masked
from projections.exports.ocds_values import WORKS, clean, first_day, history_of, last_day, latest_day, moment, period, value_of

Card = Mapping[str, Any]
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_CATEGORIES = {"CG": "goods", "SG": "works", "EPC": "works"}
_STATUSES = {
    "signed": "pending", "performing": "active", "suspended": "active", "completed": "terminated",
    "terminated": "terminated", "settled": "terminated", "cancelled": "cancelled",
}  # fmt: skip
_SCALES = {"micro": "micro", "small": "small", "medium": "medium", "large": "large"}
_ENDS = frozenset({"completion", "termination", "settlement", "ended_unsaid"})
_IMPORTED = frozenset({"import"})


class Publisher(msgspec.Struct, frozen=True):
    """Who publishes: name, scheme and number, address; `prefix` is the registered beginning of our ocids."""

    name: str
    prefix: str
    uri: str
    scheme: str | None = None
    uid: str | None = None


def write_release_package(cards: Iterable[Card], stream: IO[bytes], publisher: Publisher, published_at: datetime) -> int:
    """Write one release package, release by release; how many contracts it tells of. `published_at` has its zone.

    A card is a contract as the API gives it, with `history` (kind, on, ref, value, note, about, via), and for one that
    came from OCDS `original`: the document as it came, `process` its ocid and `contract_id` its id there.
    A document that several cards share is written once.
    """
    head = _head(publisher, published_at)
    stream.write(_ENCODER.encode(head)[:-1] + b',"releases":[')
    count, first, told = 0, True, set[str]()
    for card in cards:
        count += 1
        for release in releases_of(card, publisher, told):
            stream.write((b"" if first else b",") + b"\n" + _ENCODER.encode(release))
            first = False
    stream.write(b"\n]}\n")
    return count


def release_package(cards: Iterable[Card], publisher: Publisher, published_at: datetime) -> dict[str, Any]:
    """The same as one object, for few contracts."""
    told = set[str]()
    releases = [release for card in cards for release in releases_of(card, publisher, told)]
    return {**_head(publisher, published_at), "releases": releases}


def record_package(cards: Iterable[Card], publisher: Publisher, published_at: datetime) -> dict[str, Any]:
    """A record for each contract: its releases, and the last state as its compiled release."""
    records = []
    for card in cards:
        releases = list(releases_of(card, publisher, set()))
        last = {**_release(for_the_public(card), publisher, "compiled", ["compiled"], last_day(card), history_of(card))}
        records.append({"ocid": last["ocid"], "releases": releases, "compiledRelease": last})
    return {**_head(publisher, published_at), "records": records}


def _head(publisher: Publisher, published_at: datetime) -> dict[str, Any]:
    who = {"name": publisher.name, "scheme": publisher.scheme, "uid": publisher.uid, "uri": publisher.uri}
    return {
        "uri": publisher.uri,
        "version": "1.1",
        "publishedDate": published_at.isoformat(timespec="seconds"),
        "publisher": {key: value for key, value in who.items() if value is not None},
    }


def releases_of(card: Card, publisher: Publisher, told: set[str] | None = None) -> Iterator[dict[str, Any]]:
    """The releases of one contract in order; `told` holds the processes whose own document has been given already."""
    card = for_the_public(card)
    if card.get("original"):
        yield from _original(card, told if told is not None else set())
        changes = [one for one in history_of(card) if one.get("via") not in _IMPORTED]
        classed = _classed(card)
        if changes or classed:
            on = max(one["on"] for one in changes if one.get("on")) if any(one.get("on") for one in changes) else last_day(card)
            yield _update(card, publisher, on, changes, classed)
        return
    yield from _states(card, publisher)


def for_the_public(card: Card) -> Card:
    """The card with each natural person under a masked name and, for a number, their place in this contract."""
    sides = [card.get("authority"), *(card.get("contractors") or ())]
    if not any(one and is_person(f"{one.get('scheme')}:{one.get('id')}") for one in sides):
        return card
    shown = [_unnamed(one, f"{card.get('number') or card.get('id')}-{n}") for n, one in enumerate(sides)]
    return {**card, "authority": shown[0], "contractors": shown[1:]}


def _unnamed(party: Mapping[str, Any] | None, number: str) -> Mapping[str, Any] | None:
    if not party or not is_person(f"{party.get('scheme')}:{party.get('id')}"):
        return party
    return {**party, "scheme": "PERSON", "id": number, "name": masked(str(party.get("name") or ""))}


def ocid_of(card: Card, publisher: Publisher) -> str:
    """The contract's ocid: its own where it has one, else the prefix and our number (or id) of it."""
    return str(card.get("process") or f"{publisher.prefix}-{card.get('number') or card['id']}")


# ------------------------------------------------------------------ what came as OCDS


def _original(card: Card, told: set[str]) -> Iterator[dict[str, Any]]:
    """The releases of the document as they came, unknown members and all."""
    document = card["original"]
    key = str(card.get("process") or card.get("id"))
    if key in told:
        return
    told.add(key)
    yield from _releases(document)


def _releases(document: Any) -> Iterator[dict[str, Any]]:
    whole = json.loads(document, parse_float=Decimal) if isinstance(document, bytes | str) else document
    for record in whole.get("records") or []:
        embedded = [one for one in record.get("releases") or [] if isinstance(one, dict) and "ocid" in one]
        compiled = record.get("compiledRelease")
        yield from embedded or ([compiled] if isinstance(compiled, dict) else [])
    yield from whole.get("releases") or []


def _classed(card: Card) -> dict[str, Any] | None:
    """The tender with the class of works beside the publisher's own categories, and the last day of its document; None where that says it."""
    if not card.get("works"):
        return None
    releases = [one for one in _releases(card["original"]) if one.get("ocid", card.get("process")) == card.get("process")]
    tenders = [one["tender"] for one in releases if isinstance(one.get("tender"), dict)]
    listed = next((found for one in reversed(tenders) if isinstance(found := one.get("additionalProcurementCategories"), list)), [])
    if WORKS[card["works"]] in listed:
        return None
    name = next((one["id"] for one in reversed(tenders) if "id" in one), card.get("process"))
    dates = [str(one["date"]) for one in releases if one.get("date")]
    return {"tender": {"id": name, "additionalProcurementCategories": [*listed, WORKS[card["works"]]]}, "date": max(dates, default=None)}


def _update(card: Card, publisher: Publisher, on: Any, changes: list[Mapping[str, Any]], classed: Mapping[str, Any] | None) -> dict[str, Any]:
    """What has been recorded here since: only that, under the ids of the original, so that it merges with it."""
    kinds = {one["kind"] for one in changes}
    tags = ["contractAmendment"] if "amendment" in kinds else []
    tags += ["contractTermination"] if kinds & _ENDS else []
    tags += ["tenderUpdate"] if classed else []
    tags += ["implementationUpdate"] if kinds - {"amendment"} - _ENDS or not tags else []
    contract: dict[str, Any] = {"id": str(card.get("contract_id") or card["number"]), "awardID": _award_id(card)}
    if kinds & _ENDS:
        contract["status"] = "terminated"
    if amendments := _amendments(changes):
        contract["amendments"] = amendments
        contract["value"] = value_of(card.get("value"))
        contract["period"] = period(card)
    if implementation := _implementation(card, changes, only_changed=True):
        contract["implementation"] = implementation
    told: dict[str, Any] = clean({
        "ocid": ocid_of(card, publisher),
        "id": f"{ocid_of(card, publisher)}-{card.get('contract_id') or card.get('number')}-{card.get('version', 1)}",
        "date": max(filter(None, (moment(on), (classed or {}).get("date"))), default=None),  # later than the tender that it words anew
        "tag": tags,
        "initiationType": "tender",
        "tender": (classed or {}).get("tender"),
        "contracts": [contract],
    })  # fmt: skip
    return told


# ------------------------------------------------------------------ our own


def _states(card: Card, publisher: Publisher) -> Iterator[dict[str, Any]]:
    """A release for the signing, for each amendment, for the implementation so far, and for the end."""
    history = history_of(card)
    before: list[Mapping[str, Any]] = []
    yield _release(card, publisher, "signed", ["contract"], card.get("signed_on") or first_day(card), [])
    amendments = [one for one in history if one["kind"] == "amendment"]
    for number, one in enumerate(amendments, 1):
        before.append(one)
        yield _release(card, publisher, f"amendment-{number}", ["contractAmendment"], one.get("on"), list(before))
    running = [one for one in history if one["kind"] not in _ENDS]
    if any(one["kind"] != "amendment" for one in running):
        yield _release(card, publisher, "implementation", ["implementation"], latest_day(running), running)
    if ends := [one for one in history if one["kind"] in _ENDS]:
        yield _release(card, publisher, "ended", ["contractTermination"], latest_day(ends), history)


def _release(card: Card, publisher: Publisher, name: str, tags: list[str], on: Any, history: list[Mapping[str, Any]]) -> dict[str, Any]:
    ocid = ocid_of(card, publisher)
    buyer = card["authority"]
    suppliers = list(card.get("contractors") or [])
    told: dict[str, Any] = clean({
        "ocid": ocid,
        "id": f"{ocid}-{name}",
        "date": moment(on or card.get("signed_on")),
        "tag": tags,
        "initiationType": "tender",
        "language": "zh",
        "parties": [_party(buyer, "buyer"), *(_party(one, "supplier") for one in suppliers)],
        "buyer": _reference(buyer),
        "tender": {
            "id": ocid, "title": card.get("name"), "mainProcurementCategory": _CATEGORIES.get(card.get("type") or ""),
            "additionalProcurementCategories": [WORKS[card["works"]]] if card.get("works") else [],
        },
        "awards": [{
            "id": _award_id(card), "title": card.get("name"), "status": "active", "value": value_of(card.get("value")),
            "suppliers": [_reference(one) for one in suppliers],
        }],
        "contracts": [_contract(card, history)],
    })  # fmt: skip
    return told


def _contract(card: Card, history: list[Mapping[str, Any]]) -> dict[str, Any]:
    ended = any(one["kind"] in _ENDS for one in history)
    status = "terminated" if ended else ("cancelled" if card.get("status") == "cancelled" else "active")
    return {
        "id": str(card.get("contract_id") or card["number"]),
        "awardID": _award_id(card),
        "title": card.get("name"),
        "status": status,
        "period": period(card),
        "value": value_of(card.get("value")),
        "dateSigned": moment(card.get("signed_on")),
        "milestones": [_milestone(one, history) for one in card.get("obligations") or ()],
        "amendments": _amendments(history),
        "implementation": _implementation(card, history),
    }


def _implementation(card: Card, history: list[Mapping[str, Any]], only_changed: bool = False) -> dict[str, Any]:
    payer, payee = card.get("authority"), next(iter(card.get("contractors") or []), None)
    transactions = [
        {
            "id": str(one.get("ref") or f"payment-{number}"),
            "date": moment(one.get("on")),
            "value": value_of(one.get("value")),
            "payer": _reference(payer) if payer else None,
            "payee": _reference(payee) if payee else None,
        }
        for number, one in enumerate((one for one in history if one["kind"] == "payment"), 1)
    ]
    done = {_about(one) for one in history if one["kind"] == "fulfilment"}
    milestones = [_milestone(one, history) for one in card.get("obligations") or () if one["ref"] in done and (only_changed or done)]
    return {"transactions": _apart(transactions), "milestones": milestones}


def _apart(transactions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Several payments under one planned payment are several transactions."""
    seen: dict[str, int] = {}
    for one in transactions:
        count = seen[one["id"]] = seen.get(one["id"], 0) + 1
        if count > 1:
            one["id"] = f"{one['id']}-{count}"
    return transactions


def _milestone(obligation: Mapping[str, Any], history: list[Mapping[str, Any]]) -> dict[str, Any]:
    met = next((one for one in history if one["kind"] == "fulfilment" and _about(one) == obligation["ref"]), None)
    return {
        "id": str(obligation["ref"]),
        "title": obligation.get("title"),
        "type": "delivery" if obligation.get("owed_by") != "authority" else "approval",
        "dueDate": moment(obligation.get("due_on")),
        "dateMet": moment(met.get("on")) if met else None,
        "status": "met" if met else "scheduled",
    }


def _about(one: Mapping[str, Any]) -> Any:
    return one.get("about") or one.get("ref")


def _amendments(history: list[Mapping[str, Any]]) -> list[dict[str, Any]]:
    amendments = (one for one in history if one["kind"] == "amendment")
    return [
        {
            "id": str(one.get("ref") or f"amendment-{number}"),
            "date": moment(one.get("on")),
            "rationale": one.get("note") or None,
        }
        for number, one in enumerate(amendments, 1)
    ]


def _party(party: Mapping[str, Any], role: str) -> dict[str, Any]:
    reference = _reference(party)
    size = _SCALES.get(party.get("size") or "")
    identifier = {"scheme": party["scheme"], "id": party["id"], "legalName": party.get("name")}
    return {**reference, "identifier": identifier, "roles": [role], "details": {"scale": size} if size else None}


def _reference(party: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": f"{party['scheme']}-{party['id']}", "name": party.get("name") or f"{party['scheme']}-{party['id']}"}


def _award_id(card: Card) -> str:
    return str(card.get("award") or card.get("contract_id") or card["number"])
