"""A finding is recorded and a case opened; who handles it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from domain.act import Act, new_id
from domain.breach.case import Case
from domain.breach.commands.common import (
    DECIDERS,
    KEEPERS,
    account_of,
    kept,
    law_of,
    running_numbers,
)
from domain.breach.events import CaseOpened, CaseWorksClassed
from domain.contract.contract import Contract
from domain.ledger import MovedOn
from domain.rules import Broken, RuleBroken
from domain.terms import Proof


def record_finding(
    act: Act, contract_id: UUID, *, behaviour: str, kind: str, party: str, facts: str, occurred_on: date | None = None,
    check: UUID | None = None, contract_clause: str | None = None, evidence: Sequence[Proof] = (),
) -> tuple[Contract, UUID, Case]:  # fmt: skip
    """The contract records what was found; a case is opened with it. Contractors may record of their authority."""
    contract: Contract = act.ledger.get(Contract, contract_id)
    roles = (*KEEPERS, "applicant") if contract.side_of(party, occurred_on) == "authority" else KEEPERS
    act.permit(roles, contract.region, contract.parties[1:], contract_id)
    if act.seen is not None and act.seen != contract.version:
        raise MovedOn(contract_id, contract.version)
    case, on = Case(new_id()), occurred_on or act.today
    proofs = _proofs(contract, check, evidence)
    _refuse_twice(act, contract, party, behaviour, on)
    terms = {
        "behaviour": behaviour,
        "kind": kind,
        "party": party,
        "facts": facts,
        "occurred_on": on,
        "check": check,
        "contract_clause": contract_clause,
    }
    finding = contract.record_finding(terms, case.id, proofs, act.today, act.book, **act.said)
    numbers, side = running_numbers(act, "case"), contract.side_of(party, on) or ""
    case.open(
        CaseOpened(
            number=f"AJ-{act.today.year}-{numbers.next(act.today, **act.said):05}",
            finding=finding,
            contract=contract.id,
            region=contract.region,
            authority=party if side == "authority" else contract.authority,
            contractors=contract.parties[1:],
            party=party,
            side=side,
            behaviour=behaviour,
            kind=kind,
            occurred_on=on,
            opened_on=act.today,
            facts=facts,
            contract_clause=contract_clause,
            evidence=proofs,
            contract_value=contract.value,
            **act.said,
        )
    )
    if contract.works is not None:
        case.happen(CaseWorksClassed(works=contract.works, classed_on=act.today, **act.said))
    act.save(contract, case, numbers)
    return contract, finding, case


def _proofs(contract: Contract, check: UUID | None, evidence: Sequence[Proof]) -> list[Proof]:
    """What was brought with the finding, and what the check it rests on had brought: four eyes counts both."""
    found = contract.check_proofs.get(check, []) if check is not None else []
    return [*evidence, *[one for one in found if one not in evidence]]


def _refuse_twice(act: Act, contract: Contract, party: str, behaviour: str, occurred_on: date) -> None:
    """One behaviour, one case: points are counted once. A case that was dismissed leaves the way free."""
    for earlier in contract.found.get((party, behaviour, occurred_on), []):
        case = act.ledger.get(Case, earlier)
        if case.status != "dismissed":
            sentence = "这一行为（{behaviour}，{on}）已经立案 {number}，同一行为不重复处理。"
            values = {"behaviour": behaviour, "on": occurred_on, "number": case.number}
            raise RuleBroken([Broken("behaviour_is_not_in_a_case", sentence, "/behaviour", values=values)])


def hand_over(act: Act, case_id: UUID, *, to: str, reason: str = "") -> Case:
    case = kept(act, case_id, (*KEEPERS, *DECIDERS))
    to = account_of(act, to, "/to", (*KEEPERS, *DECIDERS), case.region)
    case.hand_over(to, reason, law_of(act), **act.said)
    act.save(case)
    return case


def decide_recusal(act: Act, case_id: UUID, *, account: str, recused: bool, reason: str = "") -> Case:
    case = kept(act, case_id, DECIDERS)
    case.decide_recusal(account_of(act, account, "/account"), recused, reason, law_of(act), **act.said)
    act.save(case)
    return case
