"""Carrying out a doing for a request: who may, on which version, once; and what is answered when it was done before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.access.account import organisation_id
from domain.actor import NotYourRole
from domain.breach.events import ObjectionFiled, ReviewOpened, SanctionDecided
from domain.contract.events import CheckPlanned, ContractSigned, FindingRecorded
from domain.ledger import AlreadyDone, Command, MovedOn, NotThere, Saved
from domain.party.events import CommitmentMade, PartyRegistered
from domain.party.party import party_id
from domain.repair.events import RepairApplied, RepairObjectionFiled
from domain.rules import RuleBroken
from domain.values.fault import Malformed
from domain.values.party import PartyRef
from projections import contracts as contract_list
from projections.temporal.moment import Moment
from web import resources
from web.acts.contracts import Remark, remarks
from web.acts.doing import Body, Doing, Outcome, Target
from web.asking import Asking
from web.office import Done, Office

BORN: Mapping[str, type] = {"contracts": ContractSigned, "repairs": RepairApplied, "parties": PartyRegistered, "commitments": CommitmentMade}


@dataclass(frozen=True)
class Carried:
    """What came of it, and the moment just after it: a retry is told what was told the first time."""

    id: UUID
    beside: Mapping[str, Any]
    position: int
    remarks: list[Remark]
    moment: Moment
    again: bool


def contract_id(office: Office, asking: Asking, name: str) -> UUID:
    """A contract by id or by number (among those this person may know of). Raises NotThere."""
    try:
        return UUID(name)
    except ValueError:
        pass
    with office.looking() as conn:
        found = contract_list.numbered(conn, Moment(office.today), name)
    seen = [one for one in found if _sees(office, asking, one)]
    if len(seen) != 1:
        raise NotThere("contracts", name)
    return seen[0]


def _sees(office: Office, asking: Asking, stream: UUID) -> bool:
    try:
        resources.find(office, asking.actor, "contracts", stream, Moment(office.today))
    except NotThere:
        return False
    return True


def target_of(office: Office, asking: Asking, doing: Doing, places: Mapping[str, str]) -> Target:
    """What is acted on. Raises NotThere for what this person may not know of, NotYourRole for what is not theirs to do."""
    if not doing.path:
        if not asking.actor.roles & set(doing.roles):
            raise NotYourRole(doing.roles)
        return Target(UUID(int=0), places)
    name = places["id"]
    if doing.on == "parties":
        return _party_target(office, asking, doing, name, places)
    stream = contract_id(office, asking, name) if doing.on == "contracts" else _uuid(name)
    found = resources.find(office, asking.actor, doing.on, stream, Moment(office.today))
    if not asking.actor.holds(doing.roles, found.whose.region, found.whose.parties):
        raise NotYourRole(doing.roles)
    return Target(stream, places)


def _party_target(office: Office, asking: Asking, doing: Doing, name: str, places: Mapping[str, str]) -> Target:
    try:
        ref = PartyRef.parse(name)
    except Malformed:
        raise NotThere("parties", name) from None
    if not resources.party_visible(asking.actor, ref):
        raise NotThere("parties", name)
    if not asking.actor.roles & set(doing.roles):
        raise NotYourRole(doing.roles)
    stream = organisation_id if doing.path.startswith("/disclosures") else party_id  # an authority discloses as an organisation
    return Target(stream(ref.scheme, ref.id), {**places, "scheme": ref.scheme, "code": ref.id})


def _uuid(name: str) -> UUID:
    try:
        return UUID(name)
    except ValueError:
        raise NotThere(name) from None


def carry_out(asking: Asking, doing: Doing, target: Target, body: Body, *, seen: int | None, key: str | None) -> Carried:
    """Do it once. Raises what the command raises: RuleBroken, MovedOn, NotThere, NotYourRole, OtherBody."""
    office = asking.office
    once = asking.once(key, body.model_dump_json().encode() + repr(sorted(target.places.items())).encode())
    try:
        done = office.do(lambda act: doing.run(act, target, body), asking.actor, via=asking.via, seen=seen, once=once)
    except AlreadyDone as before:
        done = _again(office, Saved(before.first, before.last))
    except (RuleBroken, MovedOn):  # perhaps by the same request, sent twice at the same moment
        done = _again(office, _before(office, once))
    office.caught_up(done.position)
    if done.again is not None:
        return _first_answer(office, doing, target, body, done.again)
    outcome: Outcome = done.outcome
    return Carried(outcome.id, outcome.beside, done.position, _remarks(office, doing, outcome.id, body), office.moment(done.position), False)


def _before(office: Office, once: Command | None) -> Saved:
    """What this very request was answered before; else the refusal that is being handled stands."""
    saved = office.ledger.earlier_answer(once) if once is not None else None
    if saved is None:
        raise  # the exception that is being handled
    return saved


def _again(office: Office, saved: Saved) -> Done:
    return Done(None, saved.last or office.ledger.head(), saved)


def _remarks(office: Office, doing: Doing, stream: UUID, body: Body) -> list[Remark]:
    """What of a new contract was not taken as it was sent."""
    if doing.path or doing.on != "contracts":
        return []
    return remarks(body, office.ledger.of([stream])[stream][0].event)


def _first_answer(office: Office, doing: Doing, target: Target, body: Body, saved: Saved) -> Carried:
    """What was answered the first time, told from the positions that were recorded then."""
    if saved.first is None or saved.last is None:
        return Carried(target.id, {}, office.ledger.head(), [], Moment(office.today), True)
    events = office.ledger.after(saved.first - 1, saved.last - saved.first + 1)
    beside: dict[str, Any] = {}
    stream = target.id
    for one in events:
        if not doing.path and isinstance(one.event, BORN[doing.on]):
            stream = one.stream
        match one.event:
            case FindingRecorded() as e:
                beside = {"finding": e.finding, "case": e.case}
            case CheckPlanned() as e:
                beside = {"check": e.check}
            case ObjectionFiled() | RepairObjectionFiled() as e:
                beside = {"objection": e.objection}
            case SanctionDecided() as e:
                beside = {"sanction": e.sanction}
            case ReviewOpened() as e:
                beside = {"review": e.review}
    return Carried(stream, beside, saved.last, _remarks(office, doing, stream, body), office.moment(saved.last), True)
