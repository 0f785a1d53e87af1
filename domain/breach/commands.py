"""What may be asked of a case. One function a command: look, permit, decide, save."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from domain.access.account import Account, account_id
from domain.act import Act, new_id
from domain.actor import NotYourRole
from domain.breach import catalogue
from domain.breach.case import Case, Law
from domain.breach.events import CaseOpened, Proposed
from domain.contract.contract import Contract
from domain.index import Index, Numbers, numbers_id
from domain.ledger import MovedOn, NotThere, stream_id
from domain.rules import Broken, RuleBroken
from domain.terms import Proof
from domain.values.document_number import normalise
from domain.values.money import Money

KEEPERS = ("supervisor",)
DECIDERS = ("decider",)
OpenLoops = Callable[[UUID, date], list[str]]  # the loops of a case, and of what hangs on it, that are open on a day


def record_finding(
    act: Act, contract_id: UUID, *, behaviour: str, kind: str, party: str, facts: str, occurred_on: date | None = None,
    check: UUID | None = None, contract_clause: str | None = None, evidence: Sequence[Proof] = (),
) -> tuple[Contract, UUID, Case]:  # fmt: skip
    """The contract records what was found; a case is opened with it. Contractors may record of their authority."""
    contract: Contract = act.ledger.get(Contract, contract_id)
    roles = (*KEEPERS, "applicant") if party == contract.authority else KEEPERS
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
    numbers = _numbers(act, "case")
    case.open(
        CaseOpened(
            number=f"AJ-{act.today.year}-{numbers.next(act.today, **act.said):05}",
            finding=finding,
            contract=contract.id,
            region=contract.region,
            authority=contract.authority,
            contractors=contract.parties[1:],
            party=party,
            side=contract.side_of(party) or "",
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
    act.save(contract, case, numbers)
    return contract, finding, case


def _proofs(contract: Contract, check: UUID | None, evidence: Sequence[Proof]) -> list[Proof]:
    """What was brought with the finding, and what the check it rests on had brought: four eyes counts both."""
    brought = {one.digest: one for one in evidence}
    found = contract.check_proofs.get(check, []) if check is not None else []
    return list({**{one.digest: one for one in found}, **brought}.values())


def _refuse_twice(act: Act, contract: Contract, party: str, behaviour: str, occurred_on: date) -> None:
    """One behaviour, one case: points are counted once. A case that was dismissed leaves the way free."""
    for earlier in contract.found.get((party, behaviour, occurred_on), []):
        case = act.ledger.get(Case, earlier)
        if case.status != "dismissed":
            sentence = "这一行为（{behaviour}，{on}）已经立案 {number}，同一行为不重复处理。"
            values = {"behaviour": behaviour, "on": occurred_on, "number": case.number}
            raise RuleBroken([Broken("behaviour_is_not_in_a_case", sentence, "/behaviour", values=values)])


def account_of(act: Act, named: str, pointer: str, roles: Sequence[str] = (), region: str | None = None) -> str:
    """The account id behind a name or an id. Refused when there is none, or it does not hold one of the roles there."""
    found = act.ledger.find(Account, account_id(named))
    if found is None and (stream := _uuid(named)) is not None:
        found = act.ledger.find(Account, stream)
    if found is None or found.disabled:
        raise RuleBroken([Broken("account_is_known", "没有账户 {name}，或它已停用。", pointer, values={"name": named})])
    if roles and not found.actor.holds(roles, region):
        sentence = "账户 {name} 在本区域没有这个职责。"
        raise RuleBroken([Broken("account_has_that_role", sentence, pointer, values={"name": found.name})])
    return str(found.id)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _numbers(act: Act, kind: str) -> Numbers:
    stream = numbers_id("office", kind, act.today.year)
    return act.ledger.find(Numbers, stream) or Numbers(stream)


def kept(act: Act, case_id: UUID, roles: Sequence[str]) -> Case:
    """The case as this person saw it. A decider from above may see a case against an authority below."""
    case: Case = act.ledger.get(Case, case_id)
    act.permit(roles, case.region, case.parties, case_id)
    if act.seen is not None and act.seen != case.version:
        raise MovedOn(case.id, case.version)
    return case


def law_of(act: Act) -> Law:
    return Law(act.book, act.today, act.by, act.actor.regions(DECIDERS), act.via)


def number_taken(act: Act, authority: str, number: str, owner: UUID) -> Index:
    key = f"{authority}|{normalise(number)}"
    if act.ledger.find(Index, stream_id("document-number", key)) is not None:
        raise RuleBroken(
            [
                Broken(
                    "document_number_is_free", "文号 {number} 已经使用。", "/document_number", values={"number": number}
                )
            ]
        )
    return Index.of("document-number", key, owner, act.today, **act.said)


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


def serve_notice(
    act: Act,
    case_id: UUID,
    *,
    proposed: Proposed,
    served_on: date | None = None,
    method: str = "direct",
    document_number: str | None = None,
    proof: Sequence[str] = (),
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.serve_notice(served_on or act.today, method, document_number, proposed, list(proof), law_of(act), **act.said)
    taken = [number_taken(act, case.authority, document_number, case.id)] if document_number else []
    act.save(case, *taken)
    return case


def receive_statement(
    act: Act, case_id: UUID, *, text: str, received_on: date | None = None, evidence: Sequence[str] = ()
) -> Case:
    case = kept(act, case_id, (*KEEPERS, "applicant"))
    case.receive_statement(received_on or act.today, text, list(evidence), law_of(act), **act.said)
    act.save(case)
    return case


def request_hearing(act: Act, case_id: UUID, *, requested_on: date | None = None) -> Case:
    case = kept(act, case_id, (*KEEPERS, "applicant"))
    case.request_hearing(requested_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def notify_hearing(
    act: Act, case_id: UUID, *, to_be_held_on: date, chair: str, notified_on: date | None = None
) -> Case:
    case = kept(act, case_id, KEEPERS)
    chair = account_of(act, chair, "/chair", ("chair",), case.region)
    case.notify_hearing(notified_on or act.today, to_be_held_on, chair, law_of(act), **act.said)
    act.save(case)
    return case


def hold_hearing(
    act: Act, case_id: UUID, *, record: str, chair: str | None = None, held_on: date | None = None
) -> Case:
    case = kept(act, case_id, ("chair",))
    chair = account_of(act, chair, "/chair", ("chair",), case.region) if chair else act.by
    case.hear(held_on or act.today, chair, record, law_of(act), **act.said)
    act.save(case)
    return case


def pass_legal_review(act: Act, case_id: UUID, *, opinion: str = "", passed_on: date | None = None) -> Case:
    case = kept(act, case_id, ("legal",))
    case.pass_legal_review(passed_on or act.today, opinion, law_of(act), **act.said)
    act.save(case)
    return case


def decide_together(
    act: Act, case_id: UUID, *, members: Sequence[str], record: str = "", decided_on: date | None = None
) -> Case:
    case = kept(act, case_id, DECIDERS)
    who = [account_of(act, one, "/members") for one in members]
    case.decide_together(decided_on or act.today, who, record, law_of(act), **act.said)
    act.save(case)
    return case


def order_rectification(
    act: Act, case_id: UUID, *, requirements: str, due_on: date | None = None, ordered_on: date | None = None
) -> Case:
    case = kept(act, case_id, (*KEEPERS, *DECIDERS))
    case.order_rectification(ordered_on or act.today, due_on, requirements, law_of(act), **act.said)
    act.save(case)
    return case


def report_rectification(
    act: Act, case_id: UUID, *, text: str, evidence: Sequence[str] = (), reported_on: date | None = None
) -> Case:
    case = kept(act, case_id, (*KEEPERS, "applicant"))
    case.report_rectification(reported_on or act.today, text, list(evidence), law_of(act), **act.said)
    act.save(case)
    return case


def verify_rectification(
    act: Act, case_id: UUID, *, passed: bool, verified_on: date | None = None, note: str = ""
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.verify_rectification(verified_on or act.today, passed, note, law_of(act), **act.said)
    act.save(case)
    return case


def confirm_breach(
    act: Act,
    case_id: UUID,
    *,
    grounds: str,
    confirmed_on: date | None = None,
    kind: str | None = None,
    excuses: Sequence[str] = (),
) -> Case:
    case = kept(act, case_id, DECIDERS)
    case.confirm(confirmed_on or act.today, kind, grounds, list(excuses), law_of(act), **act.said)
    act.save(case)
    return case


def dismiss_case(act: Act, case_id: UUID, *, grounds: str, dismissed_on: date | None = None) -> Case:
    case = kept(act, case_id, DECIDERS)
    case.dismiss(dismissed_on or act.today, grounds, law_of(act), **act.said)
    act.save(case)
    return case


def refer_finding(act: Act, case_id: UUID, *, to: str, referred_on: date | None = None, reason: str = "") -> Case:
    case = kept(act, case_id, KEEPERS)
    case.refer(to, referred_on or act.today, reason, law_of(act), **act.said)
    act.save(case)
    return case


def answer_referral(act: Act, case_id: UUID, *, outcome: str, answered_on: date | None = None, text: str = "") -> Case:
    case = kept(act, case_id, KEEPERS)
    case.answer_referral(outcome, answered_on or act.today, text, law_of(act), **act.said)
    act.save(case)
    return case


def transfer_case(act: Act, case_id: UUID, *, to: str, transferred_on: date | None = None, reason: str = "") -> Case:
    case = kept(act, case_id, DECIDERS)
    case.transfer(to, transferred_on or act.today, reason, law_of(act), **act.said)
    act.save(case)
    return case


def decide_sanction(
    act: Act,
    case_id: UUID,
    *,
    decision_types: Sequence[str],
    document_number: str,
    grounds: str,
    decided_on: date | None = None,
    fine: Money | None = None,
    measures: Sequence[str] = (),
) -> tuple[Case, UUID]:
    case = kept(act, case_id, DECIDERS)
    asked = Proposed(list(decision_types), fine, list(measures))
    sanction = case.decide_sanction(asked, decided_on or act.today, document_number, grounds, law_of(act), **act.said)
    taken = number_taken(act, case.authority, document_number, case.id)
    act.save(case, taken, Index.of("sanction", str(sanction), case.id, act.today, **act.said))
    return case, sanction


def serve_sanction(
    act: Act,
    case_id: UUID,
    *,
    served_on: date | None = None,
    method: str = "direct",
    repair_notice: bool = True,
    sanction: UUID | None = None,
    proof: Sequence[str] = (),
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.serve_sanction(
        _of(case, sanction), served_on or act.today, method, list(proof), repair_notice, law_of(act), **act.said
    )
    act.save(case)
    return case


def _of(case: Case, sanction: UUID | None) -> UUID:
    if sanction is not None:
        return sanction
    return case.sanction.id if case.sanction else UUID(int=0)


def serve_repair_notice(
    act: Act, case_id: UUID, *, served_on: date | None = None, sanction: UUID | None = None
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.serve_repair_notice(_of(case, sanction), served_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def publish_sanction(
    act: Act, case_id: UUID, *, published_on: date | None = None, sanction: UUID | None = None
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.publish_sanction(_of(case, sanction), published_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def fulfil_sanction(
    act: Act,
    case_id: UUID,
    *,
    fulfilled_on: date | None = None,
    evidence: Sequence[str] = (),
    sanction: UUID | None = None,
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.fulfil_sanction(_of(case, sanction), fulfilled_on or act.today, list(evidence), law_of(act), **act.said)
    act.save(case)
    return case


def demand_enforcement(
    act: Act, case_id: UUID, *, demanded_on: date | None = None, sanction: UUID | None = None
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.demand_enforcement(_of(case, sanction), demanded_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def lift_measure(
    act: Act,
    case_id: UUID,
    measure: str,
    *,
    reason: str = "",
    lifted_on: date | None = None,
    sanction: UUID | None = None,
) -> Case:
    case = kept(act, case_id, KEEPERS)
    case.lift_measure(_of(case, sanction), measure, lifted_on or act.today, reason, law_of(act), **act.said)
    act.save(case)
    return case


def file_objection(
    act: Act, case_id: UUID, *, grounds: str, evidence: Sequence[str] = (), filed_on: date | None = None
) -> tuple[Case, UUID]:
    case = kept(act, case_id, (*KEEPERS, "applicant"))
    objection = case.file_objection(case.party, grounds, list(evidence), filed_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case, objection


def decide_objection(
    act: Act,
    case_id: UUID,
    objection: UUID,
    *,
    outcome: str,
    grounds: str,
    fine: Money | None = None,
    decided_on: date | None = None,
) -> Case:
    case = kept(act, case_id, DECIDERS)
    case.decide_objection(objection, outcome, fine, grounds, decided_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def correct_sanction(
    act: Act,
    case_id: UUID,
    *,
    grounds: str,
    decision_types: Sequence[str] | None = None,
    fine: Money | None = None,
    document_number: str | None = None,
    corrected_on: date | None = None,
    sanction: UUID | None = None,
) -> Case:
    case = kept(act, case_id, DECIDERS)
    one = case.sanctions.get(_of(case, sanction))
    types = list(decision_types) if decision_types is not None else (one.decision_types if one else [])
    fined = any(catalogue.is_fine(code) for code in types)
    asked = Proposed(types, fine or (one.fine if one and fined else None))
    case.correct_sanction(
        _of(case, sanction), asked, document_number, grounds, corrected_on or act.today, law_of(act), **act.said
    )
    taken = [number_taken(act, case.authority, document_number, case.id)] if document_number else []
    act.save(case, *taken)
    return case


def revoke_sanction(
    act: Act, case_id: UUID, *, grounds: str, revoked_on: date | None = None, sanction: UUID | None = None
) -> Case:
    case = kept(act, case_id, DECIDERS)
    case.revoke_sanction(_of(case, sanction), grounds, revoked_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def reclassify_record(
    act: Act, case_id: UUID, *, grounds: str, reclassified_on: date | None = None, sanction: UUID | None = None
) -> Case:
    case = kept(act, case_id, DECIDERS)
    case.reclassify(_of(case, sanction), grounds, reclassified_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def withdraw_publicity(
    act: Act, case_id: UUID, *, reason: str = "", withdrawn_on: date | None = None, sanction: UUID | None = None
) -> Case:
    case = kept(act, case_id, KEEPERS)
    wanted = sanction or next((one.id for one in case.sanctions.values() if one.public), UUID(int=0))
    case.withdraw_publicity(wanted, withdrawn_on or act.today, reason, law_of(act), **act.said)
    act.save(case)
    return case


def open_review(
    act: Act, case_id: UUID, *, path: str, reference: str = "", opened_on: date | None = None
) -> tuple[Case, UUID]:
    case = kept(act, case_id, (*KEEPERS, "legal"))
    review = case.open_review(path, reference, opened_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case, review


def end_review(
    act: Act, case_id: UUID, review: UUID, *, outcome: str, note: str = "", ended_on: date | None = None
) -> Case:
    case = kept(act, case_id, (*KEEPERS, "legal"))
    case.end_review(review, outcome, note, ended_on or act.today, law_of(act), **act.said)
    act.save(case)
    return case


def close_case(act: Act, case_id: UUID, *, reason: str, open_loops: OpenLoops) -> Case:
    case = kept(act, case_id, (*KEEPERS, *DECIDERS))
    case.close(reason, open_loops(case.id, act.today), act.today, law_of(act), **act.said)
    act.save(case)
    return case


def case_of_sanction(act: Act, sanction: UUID) -> Case:
    """The case in which a sanction was decided. Raises NotThere."""
    index = act.ledger.find(Index, stream_id("sanction", str(sanction)))
    if index is None or index.owner is None:
        raise NotThere("sanction", sanction)
    return act.ledger.get(Case, index.owner)


def _only_the_system(act: Act) -> None:
    if not act.actor.is_system:
        raise NotYourRole(())


def end_window(act: Act, case_id: UUID, loop: str, on: date) -> Case:
    """The clock's record that a window ran out. Only the system asks this."""
    _only_the_system(act)
    case: Case = act.ledger.get(Case, case_id)
    case.end_window(loop, on, law_of(act), **act.said)
    act.save(case)
    return case


def expire_publicity(act: Act, case_id: UUID, sanction: UUID, on: date) -> Case:
    """The clock's record that the longest publicity has ended. Only the system asks this."""
    _only_the_system(act)
    case: Case = act.ledger.get(Case, case_id)
    case.expire_publicity(sanction, on, law_of(act), **act.said)
    act.save(case)
    return case
