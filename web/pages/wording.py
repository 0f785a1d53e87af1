"""What the page of a correction shows: the event as it stands, and its fields with what they now say."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from domain.access.account import Organisation
from domain.actor import NotYourRole
from domain.corrections import may_be_corrected
from domain.corrections.rules import event_is_no_decision
from domain.events import Told
from domain.ledger import NotThere
from projections.temporal.moment import Moment
from projections.timeline import entries
from web import resources
from web.acts.cells import cell_at
from web.acts.corrections import OFFICE, Rewording, may_say_again, standing
from web.acts.doing import Doing, Target
from web.acts.wordings import wordings, written
from web.asking import Asking
from web.looks.tongue import Tongue, lazy
from web.telling import told_entries

CHOOSE = lazy("先在时间线上选要更正的那一条。")


def corrected(asking: Asking, doing: Doing, target: Target, position: str) -> Told | None:
    """The event that the address points at, as it stands; None when it points at none. Raises NotThere, NotYourRole."""
    if doing.form is not Rewording or not position:
        return None
    if not (position.isascii() and position.isdecimal() and len(position) < 16):
        raise NotThere("event", position)
    office, actor = asking.office, asking.actor
    found = standing(office.ledger.of([target.id]).get(target.id, []), int(position))
    region: str | None = None  # a party belongs to no region
    if doing.path.startswith("/disclosures"):
        region = office.ledger.get(Organisation, target.id).region
    if doing.on in resources.BIRTHS:
        mine = resources.find(office, actor, doing.on, target.id, Moment(office.today)).whose
        region = mine.region
        if not resources.may_know(office, actor, mine, found.event):
            raise NotThere("event", position)
    if not may_say_again(actor, region, found.event):
        raise NotYourRole(OFFICE)
    return found


def why_not(doing: Doing, found: Told | None) -> list[str]:
    """Why nothing can be corrected here: source sentences."""
    if doing.form is not Rewording:
        return []
    if found is None:
        return [CHOOSE]
    able = any(may_be_corrected(found.event, name) for name in found.event.__struct_fields__)
    return [] if able else [(event_is_no_decision.__doc__ or "").strip()]


def entry_of(asking: Asking, speaks: Tongue, found: Told | None) -> dict[str, Any] | None:
    """The event in a sentence, and what of it may be said again."""
    if found is None:
        return None
    office = asking.office
    told = told_entries(office, speaks, entries([found]))
    fields = [
        {"label": one.label, "now": one.now, "href": "?" + urlencode({"position": found.position, "field": one.name})}
        for one in wordings(office, speaks, found.event)
    ]
    return {"told": told[0] if told else None, "fields": fields}


def typed_now(asking: Asking, speaks: Tongue, found: Told | None, path: str) -> dict[str, Any]:
    """What a chosen value now says, to be changed in its place; files by their digests."""
    if found is None or not may_be_corrected(found.event, path.partition("/")[0]) or (cell := cell_at(found.event, path)) is None:
        return {}
    return {"value": written(asking.office, speaks, found.event, path), "files": list(cell.value) if cell.kind == "files" else []}
