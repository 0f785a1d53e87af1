"""What the public may see, said otherwise than in the views: of the events that were recorded; and what it does see."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from domain.breach import events as b
from domain.events import Event, decode
from domain.repair import events as r
from projections.temporal.moment import Moment
from tests.web.nevers.never import Never
from tests.web.office import NAME_A, PARTY_A, World
from web.exporting import WRITERS, Wanted

PERSON, PERSON_NAME = "440823199003075413", "欧阳三丰"
PERSON_REF = f"CN-ID:{PERSON}"
CONTACT, PHONE = "司马联系", "13912345678"
SECRETS = (PERSON, PERSON_NAME, CONTACT, PHONE)


class Item(NamedTuple):
    """A decision that was once published."""

    number: str
    party: str
    last_day: date | None
    hidden_by: str | None  # why it is not to be seen, whatever the day


def items(world: World) -> list[Item]:
    """Every decision of an enterprise that has ever been published, as the log tells it."""
    told: dict[str, dict[str, Any]] = {}
    parties: dict[Any, str] = {}
    for row in world.office.recorder.after(0, 100_000):
        _tell(told, parties, row.stream, decode(row.topic, row.state))
    return [Item(one["number"], one["party"], one["last_day"], one["hidden_by"]) for one in told.values()]


def _tell(told: dict[str, dict[str, Any]], parties: dict[Any, str], stream: Any, event: Event) -> None:  # noqa: C901  one flat match, a case an event
    one = told.get(str(getattr(event, "sanction", "")), {})
    match event:
        case b.CaseOpened():
            parties[stream] = event.party
        case b.SanctionDecided():
            told[str(event.sanction)] = {"number": event.document_number, "party": parties[stream], "last_day": event.last_day, "hidden_by": "unpublished"}
        case b.SanctionCorrected():
            one.update(last_day=event.last_day, number=event.document_number or one["number"])
        case b.RecordReclassified():
            one.update(last_day=event.last_day)
        case b.SanctionPublished() if one["hidden_by"] in (None, "unpublished", "withdrawal"):
            one.update(hidden_by=None)
        case b.PublicityWithdrawn() if one["hidden_by"] is None:
            one.update(hidden_by="withdrawal")
        case b.SanctionRevoked():
            one.update(hidden_by="revocation")
        case r.RepairApproved():
            pass  # of which the application says the decision: below
        case b.PublicityEnded() if one["hidden_by"] is None:
            one.update(hidden_by=event.why)
        case r.RepairApplied():
            parties[stream] = str(event.sanction)
    if isinstance(event, r.RepairApproved) and (of := told[parties[stream]])["hidden_by"] != "revocation":
        of.update(hidden_by="repair")


def may_be_seen(item: Item, today: date) -> bool:
    return item.hidden_by is None and item.last_day is not None and today <= item.last_day


# ---------------------------------------------------------------- what is seen


def look(world: World) -> None:
    """Everything that is public, asked for now. Raises Never for what may not be seen, and fails for what should be and is not."""
    today, known = world.clock().date(), items(world)
    allowed = {one.number for one in known if may_be_seen(one, today)}
    for place, text, parties in surfaces(world):
        for secret in SECRETS:
            if secret in text:
                raise Never(6, f"{secret} at {place}")
        for one in known:
            if one.party not in parties:
                continue
            shown = one.number in text
            if shown and one.number not in allowed:
                raise Never(6, f"{one.number} at {place} on {today}, which ends on {one.last_day}: {one.hidden_by or 'its last day'}")
            assert shown or one.number not in allowed, f"{one.number} is missing at {place} on {today}"
    _verified(world, known, allowed)


def surfaces(world: World) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """(address, text, the parties whose items stand there) of all that is public."""
    everybody, firm = (PARTY_A, PERSON_REF), (PARTY_A,)
    for place, parties in (("/public", everybody), ("/public/api/sanctions", everybody), (f"/public/{PARTY_A}", firm),
                           (f"/public/api/parties/{PARTY_A}", firm)):  # fmt: skip
        yield place, _read(world, place), parties
    for place in (f"/public/{PERSON_REF}", f"/public/api/parties/{PERSON_REF}", "/status", "/public/track", "/public/verify"):
        yield place, _read(world, place).replace(PERSON_REF, ""), ()  # what was asked may be said back
    for words in (PERSON_NAME, NAME_A, PERSON):
        yield f"/public?q={words}", PERSON if "rowlink" in (text := _read(world, "/public", q=words)) and PERSON[:3] + "*" in text else "", ()
    for digits in (PERSON, PERSON[:12]):  # who asks by a number is not told whether there is such a one
        found = world.client.get("/public/api/sanctions", params={"q": digits}).json()["items"]
        yield f"/public/api/sanctions?q={digits}", PERSON if found else "", ()
    package = io.BytesIO()
    WRITERS["ocds"](world.office, Wanted(Moment(world.office.today)), package, "")
    yield "export ocds", package.getvalue().decode(), ()


def tracked(world: World, receipt: str, code: str) -> None:
    """The progress of an application, for whoever has its code: nobody's name, nobody's number."""
    told = [world.client.get(f"/public/api/applications/{receipt}", params={"code": code}),
            world.client.post("/public/track", data={"receipt": receipt, "code": code}, headers={"Origin": "http://127.0.0.1:8000"})]  # fmt: skip
    for one in told:
        assert one.status_code == 200, one.text[:400]
        for secret in SECRETS:
            if secret in one.text:
                raise Never(6, f"{secret} at {one.request.url.path}")


def _verified(world: World, known: list[Item], allowed: set[str]) -> None:
    """The number of a document is answered by what is public now; the page repeats the number that was asked."""
    for one in known[-2:]:
        text = _read(world, "/public/verify", number=one.number)
        if any(secret in text for secret in SECRETS):
            raise Never(6, "a person at /public/verify")
        shown = "正在公示</caption>" in text
        if shown and one.number not in allowed:
            raise Never(6, f"{one.number} at /public/verify: {one.hidden_by or 'its last day'}")
        assert shown or one.number not in allowed, f"{one.number} is missing at /public/verify"


def _read(world: World, place: str, **query: str) -> str:
    headers: Mapping[str, str] = {"Accept": "text/html", "Accept-Language": "zh"}
    world.client.cookies.clear()
    found = world.client.get(place, params=query or None, headers=headers)
    assert found.status_code < 500, found.text[:800]
    kept = found.headers.get("cache-control", "")
    if "no-store" not in kept and "no-cache" not in kept:
        raise Never(6, f"{place} may be kept by whoever was shown it: {kept or 'nothing is said'}")
    text: str = found.text
    return text
