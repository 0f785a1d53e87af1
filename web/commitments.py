"""Credit commitments as a list shows them, to whom, and as of which moment."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.actor import Actor
from projections import commitments
from projections.cards.plain import Json
from projections.temporal.moment import Moment


def commitment_row(row: Any) -> Json:
    """A commitment as a list shows it."""
    return {
        "id": str(row.owner), "number": row.number, "kind": row.kind, "party": row.party, "region": row.region, "received_by": row.received_by,
        "matter": row.matter, "status": row.status, "made_on": _iso(row.made_on), "ends_on": _iso(row.ends_on), "changed_on": _iso(row.changed_on),
        "contract": str(row.contract) if row.contract else None, "repair": str(row.repair) if row.repair else None,
    }  # fmt: skip


def of_party(conn: sa.Connection, moment: Moment, actor: Actor, party: str) -> list[Json]:
    """Those of a party that this person may know of, for its credit file."""
    return [commitment_row(row) for row in commitments.of_party(conn, moment, party) if actor.sees(row.region, [row.party])]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
