"""What may be asked of a party."""

from __future__ import annotations

from datetime import date
from typing import Any

from domain.access.account import Organisation, organisation_id
from domain.act import Act
from domain.ledger import MovedOn
from domain.party.party import Party, party_id
from domain.values.money import Money

KEEPERS = ("supervisor",)


def register_party(
    act: Act,
    scheme: str,
    code: str,
    name: str,
    *,
    size: str | None = None,
    region: str | None = None,
    registered_on: date | None = None,
) -> Party:
    act.permit(KEEPERS, None)
    stream = party_id(scheme, code)
    party = act.ledger.find(Party, stream) or Party(stream)
    party.register(scheme, code, name.strip(), size, region, registered_on or act.today, act.today, **act.said)
    act.save(party)
    return party


def met_party(act: Act, scheme: str, code: str, name: str, size: str | None, on: date) -> tuple[Party, bool]:
    """The party that an act names: the known one (a differing name or size is ignored), or a new one, born with it."""
    stream = party_id(scheme, code)
    if (known := act.ledger.find(Party, stream)) is not None:
        return known, False
    party = Party(stream)
    party.register(scheme, code, name.strip(), size, None, on, act.today, **act.said)
    return party, True


def rename_party(act: Act, scheme: str, code: str, name: str, renamed_on: date) -> Party:
    act.permit(KEEPERS, None)
    party: Party = act.look(Party, party_id(scheme, code))
    party.rename(name.strip(), renamed_on, act.today, **act.said)
    act.save(party)
    return party


def check_credit(act: Act, scheme: str, code: str, purpose: str) -> Party:
    act.permit((*KEEPERS, "decider", "legal"), None)
    party: Party = act.look(Party, party_id(scheme, code))
    party.check_credit(purpose, act.today, **act.said)
    act.save(party)
    return party


def record_good_behaviour(act: Act, scheme: str, code: str, /, on: date, **terms: Any) -> Party:
    act.permit(KEEPERS, None)
    party: Party = act.look(Party, party_id(scheme, code))
    party.record_good_behaviour(terms, on, act.today, **act.said)
    act.save(party)
    return party


def receive_grade(act: Act, scheme: str, code: str, /, on: date, **terms: Any) -> Party:
    act.permit(KEEPERS, None)
    party: Party = act.look(Party, party_id(scheme, code))
    party.receive_grade(terms, on, act.today, **act.said)
    act.save(party)
    return party


def disclose_overdue(
    act: Act, scheme: str, code: str, *, year: int, contracts: int, amount: Money, place: str, disclosed_on: date | None = None
) -> Party:  # fmt: skip
    """An authority of this installation has made public what it owed small firms overdue at the end of a year. Raises NotThere for any other."""
    organisation: Organisation = act.ledger.get(Organisation, organisation_id(scheme, code))
    act.permit(KEEPERS, organisation.region)
    if act.seen is not None and act.seen != organisation.version:
        raise MovedOn(organisation.id, organisation.version)
    on = disclosed_on or act.today
    party, born = met_party(act, scheme, code, organisation.name, None, act.today)
    organisation.disclose(year, contracts, amount, place.strip(), on, act.today, **act.said)
    act.save(organisation, *([party] if born else []))
    return party
