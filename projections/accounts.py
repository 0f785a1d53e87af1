"""账户与机构 — who may sign in, with which roles; which authorities are this installation's?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from domain.access.events import (
    AccountCreated,
    AccountDisabled,
    DelegationEnded,
    DelegationGranted,
    OrganisationRegistered,
    RoleGranted,
    RoleWithdrawn,
)
from projections.temporal.moment import Moment, at
from projections.temporal.rows import Rows
from projections.temporal.tables import json, temporal_table, text
from projections.temporal.view import View

accounts = temporal_table(
    "accounts",
    sa.Column("account", text),  # the stream's id as text, as events name it
    sa.Column("name", text),
    sa.Column("display", text),  # sealed
    sa.Column("kind", text),
    sa.Column("grants", json),  # [[role, region, party]]
    sa.Column("delegations", json),  # [[the giver's account, from, until, why]]
    sa.Column("disabled", sa.Boolean()),
    pages=[("name",), ("account",)],
)


def fold(event: AccountCreated | RoleGranted | RoleWithdrawn | AccountDisabled | DelegationGranted | DelegationEnded, rows: Rows) -> None:
    row = rows.get() or {}
    match event:
        case AccountCreated():
            rows.put(account=str(rows.stream), name=event.name, display=event.display, kind=event.kind, grants=[], delegations=[], disabled=False)
        case RoleGranted():
            rows.revise(grants=[*row.get("grants", []), [event.role, event.region, event.party]])
        case RoleWithdrawn():
            rows.revise(grants=[one for one in row.get("grants", []) if one != [event.role, event.region, event.party]])
        case DelegationGranted():
            lent = [event.giver, event.starts_on.isoformat(), event.ends_on.isoformat(), event.why]
            rows.revise(delegations=[*row.get("delegations", []), lent])
        case DelegationEnded():
            rows.revise(delegations=[one for one in row.get("delegations", []) if one[0] != event.giver])
        case AccountDisabled():
            rows.revise(disabled=True)


view = View(accounts, fold)

organisations = temporal_table(
    "organisations",
    sa.Column("ref", text),
    sa.Column("name", text),
    sa.Column("region", text),
    pages=[("ref",)],
)


def fold_organisation(event: OrganisationRegistered, rows: Rows) -> None:
    rows.put(ref=f"{event.scheme}:{event.code}", name=event.name, region=event.region)


organisation_view = View(organisations, fold_organisation)


def list_accounts(conn: sa.Connection, moment: Moment) -> Sequence[Any]:
    return conn.execute(sa.select(accounts).where(at(moment, accounts)).order_by(accounts.c.name)).all()


def named(conn: sa.Connection, moment: Moment, ids: Collection[str]) -> dict[str, Any]:
    """Accounts by the id that events name them with."""
    if not ids:
        return {}
    rows = conn.execute(sa.select(accounts).where(at(moment, accounts), accounts.c.account.in_(list(ids))))
    return {row.account: row for row in rows}


def list_organisations(conn: sa.Connection, moment: Moment) -> Sequence[Any]:
    return conn.execute(sa.select(organisations).where(at(moment, organisations)).order_by(organisations.c.region, organisations.c.ref)).all()
