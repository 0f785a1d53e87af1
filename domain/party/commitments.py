"""What may be asked of a credit commitment. One function a command: look, permit, decide, save."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from domain.access.account import Organisation, organisation_id
from domain.access.acting import counts_as
from domain.act import Act, new_id
from domain.index import Numbers, numbers_id
from domain.ledger import MovedOn
from domain.party.commitment import OF_REPAIR, Commitment, basis_of, commitment_of_repair
from domain.party.party import Party, party_id
from domain.party.rules.commitment import Judge
from domain.rules import Broken, RuleBroken
from domain.values.party import PartyRef

KEEPERS = ("supervisor",)
THEIRS = ("applicant", *KEEPERS)
JUDGES = ("supervisor", "decider")


def make_commitment(
    act: Act, party: PartyRef, received_by: PartyRef, *, kind: str, matter: str, text: str = "", liability: str = "", made_on: date | None = None,
    ends_on: date | None = None, evidence: Sequence[str] = (), contract: UUID | None = None, sides: Callable[[UUID], Collection[str]] = lambda _: (),
) -> Commitment:  # fmt: skip
    """A party has promised something to an authority of this installation. `sides`: the contractors of a contract that the asker may know of."""
    region = _where_received(act, party, received_by)
    numbers_stream = numbers_id("office", "commitment", act.today.year)
    numbers = act.ledger.find(Numbers, numbers_stream) or Numbers(numbers_stream)
    commitment = Commitment(new_id())
    commitment.make(
        {"number": f"CN-{act.today.year}-{numbers.next(act.today, **act.said):06}", "kind": kind, "party": str(party), "region": region,
         "received_by": str(received_by), "matter": matter.strip(), "text": text.strip(), "liability": liability.strip(),
         "made_on": made_on or act.today, "ends_on": ends_on, "evidence": list(evidence), "contract": contract, "repair": None},
        act.today, act.book, None if contract is None else sides(contract), **act.said)  # fmt: skip
    act.save(commitment, numbers)
    return commitment


def _where_received(act: Act, party: PartyRef, received_by: PartyRef) -> str:
    """The region of the authority that took it. Raises RuleBroken for one that is none of this installation, and for an unknown party."""
    organisation = act.ledger.find(Organisation, organisation_id(received_by.scheme, received_by.id))
    known = organisation is not None and act.actor.sees(organisation.region)
    broken = [] if known else [Broken("authority_receives_commitments", "没有这个受理单位。", "/received_by")]
    if act.ledger.find(Party, party_id(party.scheme, party.id)) is None:
        broken.append(Broken("promising_party_is_known", "没有这个主体，请先登记。", "/party"))
    if organisation is None or broken:
        act.permit(KEEPERS, None)
        raise RuleBroken(broken)
    act.permit(KEEPERS, organisation.region)
    return organisation.region


def kept(act: Act, commitment_id: UUID, roles: Sequence[str]) -> Commitment:
    commitment: Commitment = act.ledger.get(Commitment, commitment_id)
    act.permit(roles, commitment.region, [commitment.party], commitment_id)
    if act.seen is not None and act.seen != commitment.version:
        raise MovedOn(commitment.id, commitment.version)
    return commitment


def judge_of(act: Act, commitment: Commitment) -> Judge:
    """Delegates count as who they acted for, at any time since it was made."""

    def same(others: Collection[str]) -> bool:
        mine = counts_as(act.ledger, act.by, commitment.made_on)
        return any(mine & counts_as(act.ledger, one, commitment.made_on) for one in others)

    return Judge(act.by, act.via, same)


def report_commitment(act: Act, commitment_id: UUID, *, text: str, evidence: Sequence[str] = (), reported_on: date | None = None) -> Commitment:
    commitment = kept(act, commitment_id, THEIRS)
    commitment.report(reported_on or act.today, text.strip(), list(evidence), act.today, **act.said)
    act.save(commitment)
    return commitment


def keep_commitment(act: Act, commitment_id: UUID, *, note: str = "", evidence: Sequence[str] = (), kept_on: date | None = None) -> Commitment:
    commitment = kept(act, commitment_id, KEEPERS)
    commitment.keep(kept_on or act.today, note.strip(), list(evidence), act.today, **act.said)
    act.save(commitment)
    return commitment


def break_commitment(act: Act, commitment_id: UUID, *, facts: str, evidence: Sequence[str] = (), broken_on: date | None = None) -> Commitment:
    commitment = kept(act, commitment_id, JUDGES)
    commitment.find_broken(broken_on or act.today, facts.strip(), list(evidence), act.today, judge_of(act, commitment), **act.said)
    act.save(commitment)
    return commitment


def withdraw_commitment(act: Act, commitment_id: UUID, *, reason: str, withdrawn_on: date | None = None) -> Commitment:
    commitment = kept(act, commitment_id, THEIRS)
    commitment.withdraw(withdrawn_on or act.today, reason.strip(), act.today, **act.said)
    act.save(commitment)
    return commitment


def reopen_commitment(act: Act, commitment_id: UUID, *, reason: str, reopened_on: date | None = None) -> Commitment:
    """What was found of it is taken back, by another person."""
    commitment = kept(act, commitment_id, JUDGES)
    commitment.reopen(reopened_on or act.today, reason.strip(), act.today, judge_of(act, commitment), **act.said)
    act.save(commitment)
    return commitment


# -- with an application for repair


def promised_with(act: Act, repair: UUID, receipt: str, *, text: str, made_on: date, **about: Any) -> list[Commitment]:
    """The commitment that is handed in with an application, to be born in the same append; none where nothing is promised,
    or no pack knows of such. `about`: party, region, received_by, matter."""
    if not text.strip() or basis_of(act.book, OF_REPAIR, made_on) is None:
        return []
    commitment = Commitment(commitment_of_repair(repair))
    terms = {"number": f"CN-{receipt}", "kind": OF_REPAIR, "text": text.strip(), "liability": "", "made_on": made_on, "ends_on": None,
             "evidence": [], "contract": None, "repair": repair, **about}  # fmt: skip
    commitment.make(terms, act.today, act.book, **act.said)
    return [commitment]


def lapsed_with(act: Act, repair: UUID, why: str, on: date) -> list[Commitment]:
    """What was promised for an application that came to nothing."""
    return _followed(act, repair, lambda one: one.lapse(max(on, one.last_on), why, **act.said))


def revived_with(act: Act, repair: UUID, why: str, on: date) -> list[Commitment]:
    """What was promised for an application that is taken up again."""
    return _followed(act, repair, lambda one: one.revive(max(on, one.last_on), why, **act.said))


def _followed(act: Act, repair: UUID, follow: Callable[[Commitment], None]) -> list[Commitment]:
    commitment = act.ledger.find(Commitment, commitment_of_repair(repair))
    if commitment is None:
        return []
    follow(commitment)
    return [commitment] if commitment.pending_events else []
