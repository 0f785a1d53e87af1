"""主体卡片 — what a party's own stream says of it, as plain JSON."""

from __future__ import annotations

from collections.abc import Sequence

from domain.events import Told
from domain.party import events as p
from projections.cards.plain import Json, day


def party_card(told: Sequence[Told], version: int, position: int) -> Json | None:
    """PARTY; None when none of its events is known. Names of before stand in `former`."""
    if not told or not isinstance(told[0].event, p.PartyRegistered):
        return None
    card: Json = {}
    for one in told:
        match one.event:
            case p.PartyRegistered() as e:
                card.update(
                    {
                        "scheme": e.scheme,
                        "id": e.id,
                        "ref": f"{e.scheme}:{e.id}",
                        "name": e.name,
                        "size": e.size,
                        "region": e.region,
                        "registered_on": day(e.registered_on),
                        "former": [],
                        "credit_checks": [],
                        "good_behaviour": [],
                        "grades": [],
                    }
                )
            case p.PartyRenamed() as e:
                card["former"].append({"name": card["name"], "until": day(e.renamed_on)})
                card["name"] = e.name
            case p.CreditChecked() as e:
                card["credit_checks"].append({"purpose": e.purpose, "checked_on": day(e.checked_on), "by": e.by})
            case p.GoodBehaviourRecorded() as e:
                card["good_behaviour"].append(
                    {"code": e.code, "level": e.level, "recognised_by": e.recognised_by, "note": e.note, "recognised_on": day(e.recognised_on)}
                )
            case p.GradeReceived() as e:
                card["grades"].append(
                    {"scheme": e.scheme, "grade": e.grade, "graded_by": e.graded_by, "valid_until": day(e.valid_until), "received_on": day(e.received_on)}
                )
    return {**card, "version": version, "position": position}
