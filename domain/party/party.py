"""Party 主体: a firm or body under one code through all its names."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from domain.aggregate import Aggregate
from domain.ledger import stream_id
from domain.party import rules
from domain.party.events import CreditChecked, GoodBehaviourRecorded, GradeReceived, PartyRegistered, PartyRenamed
from domain.rules import hold


def party_id(scheme: str, code: str) -> UUID:
    """A party's stream follows from its scheme and code."""
    return stream_id("party", f"{scheme}:{code}")


class Party(Aggregate):
    def __init__(self, stream: UUID) -> None:
        super().__init__(stream)
        self.name = ""
        self.size: str | None = None
        self.region: str | None = None
        self.named_on = date.min

    def register(
        self,
        scheme: str,
        code: str,
        name: str,
        size: str | None,
        region: str | None,
        on: date,
        today: date,
        **said: Any,
    ) -> None:
        hold(rules.REGISTER, self, scheme, code, name, size, on, today)
        self.happen(PartyRegistered(scheme=scheme, id=code, name=name, size=size, region=region, registered_on=on, **said))

    def rename(self, name: str, on: date, today: date, **said: Any) -> None:
        hold(rules.RENAME, self, name, on, today)
        self.happen(PartyRenamed(name=name, renamed_on=on, **said))

    def check_credit(self, purpose: str, on: date, **said: Any) -> None:
        hold(rules.KNOWN, self)
        self.happen(CreditChecked(purpose=purpose, checked_on=on, **said))

    def record_good_behaviour(self, terms: dict[str, Any], on: date, today: date, **said: Any) -> None:
        hold(rules.PAST_ACT, self, on, today)
        self.happen(GoodBehaviourRecorded(recognised_on=on, **terms, **said))

    def receive_grade(self, terms: dict[str, Any], on: date, today: date, **said: Any) -> None:
        hold(rules.PAST_ACT, self, on, today)
        self.happen(GradeReceived(received_on=on, **terms, **said))
