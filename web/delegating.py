"""Delegations as they stand: who acts for whom, from when until when; for a page and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from domain.access.account import account_id
from domain.actor import Actor
from domain.ledger import NotThere
from projections.temporal.moment import Moment


class Lent(NamedTuple):
    """One delegation: the names of who acts and for whom (and the giver's account id), its days, and why."""

    to: str
    giver: str
    giver_id: str
    starts_on: date
    ends_on: date
    why: str


def lent(rows: Sequence[Any], actor: Actor, moment: Moment) -> list[Lent]:
    """Those that are not over, which somebody gave or received; an administrator sees all. `rows` are those of the accounts view."""
    every, names = "administrator" in actor.roles, {row.account: row.name for row in rows}
    return [
        Lent(row.name, names.get(giver, giver), giver, date.fromisoformat(begins), date.fromisoformat(ends), why)
        for row in rows
        for giver, begins, ends, why in row.delegations or []
        if (every or actor.account in (giver, row.account)) and date.fromisoformat(ends) >= moment.day
    ]


def may_end(actor: Actor, to: str, giver: str) -> None:
    """By the giver (an account id), the one who was to act, or an administrator. Raises NotThere: what is not theirs is not there."""
    if actor.account not in (giver, str(account_id(to))) and "administrator" not in actor.roles:
        raise NotThere("delegation", to)
