"""What may be asked of a contract. One function a command: look, permit, decide, save."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from domain.act import Act, new_id
from domain.aggregate import Aggregate
from domain.contract.contract import Beside, Contract
from domain.index import Index
from domain.ledger import MovedOn, stream_id
from domain.party.commands import met_party
from domain.terms import Authority, CheckItem, Contractor, LateRate, Obligation, PaymentTerm, Security
from domain.values.document_number import normalise_contract_number
from domain.values.money import Money

KEEPERS = ("supervisor",)


def number_key(authority: str, number: str) -> str:
    """Within one authority a contract number is used once."""
    return f"{authority}|{normalise_contract_number(number)}"


def contract_numbered(act: Act, authority: str, number: str) -> UUID | None:
    """The contract that has this number at this authority, if any."""
    index = act.ledger.find(Index, stream_id("contract-number", number_key(authority, number)))
    return index.owner if index else None


def sign_contract(
    act: Act,
    *,
    number: str,
    name: str,
    type: str,
    region: str,
    authority: Authority,
    contractors: Sequence[Contractor],
    signed_on: date | None = None,
    holds_from: date | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    value: Money | None = None,
    obligations: Sequence[Obligation] = (),
    payments: Sequence[PaymentTerm] = (),
    security: Security | None = None,
    retention_percent: Decimal = Decimal(0),
    government_procurement: bool | None = None,
    source: str | None = None,
    ocid: str | None = None,
    works: str | None = None,
    late_rate: LateRate | None = None,
    imported: bool = False,
    extra: Sequence[Any] = (),
) -> Contract:
    """A contract is known from now on; its number is taken; parties not yet known are registered with it.

    `extra` are steps `(contract) -> None` that are recorded in the same append (an import's history).
    """
    act.permit(KEEPERS, region)
    if not imported:
        signed_on = signed_on or act.today
    day = holds_from or signed_on or act.today
    contract, born = Contract(new_id()), list[Aggregate]()
    both: list[Authority | Contractor] = [authority, *contractors]
    sides = [_met(act, side, min(day, act.today), born) for side in both]
    terms: dict[str, Any] = {
        "number": normalise_contract_number(number), "name": name.strip(), "type": type, "region": region,
        "signed_on": signed_on, "holds_from": day,
        "starts_on": starts_on, "ends_on": ends_on, "authority": sides[0], "contractors": sides[1:], "value": value,
        "obligations": list(obligations), "payments": list(payments), "security": security,
        "retention_percent": retention_percent,
        "government_procurement": government_procurement, "source": source, "ocid": ocid,
    }  # fmt: skip
    key = number_key(authority.ref, number)
    taken = act.ledger.find(Index, stream_id("contract-number", key)) is not None
    contract.sign(terms, act.today, act.book, imported, beside=Beside(works, late_rate), taken=taken, **act.said)
    for step in extra:
        step(contract)
    act.save(contract, Index.of("contract-number", key, contract.id, act.today, **act.said), *born)
    return contract


def _met(act: Act, side: Authority | Contractor, on: date, born: list[Aggregate]) -> Any:
    size = side.size if isinstance(side, Contractor) else None
    party, new = met_party(act, side.scheme, side.id, side.name, size, on)
    if new:
        if all(party.id != one.id for one in born):
            born.append(party)
        return side
    if isinstance(side, Contractor):
        return Contractor(side.scheme, side.id, party.name, party.size or size, side.lead)
    return Authority(side.scheme, side.id, party.name)


def _kept(act: Act, contract_id: UUID, roles: tuple[str, ...] = KEEPERS) -> Contract:
    contract: Contract = act.ledger.get(Contract, contract_id)
    act.permit(roles, contract.region, contract.parties, contract_id)
    if act.seen is not None and act.seen != contract.version:
        raise MovedOn(contract.id, contract.version)
    return contract


def _done(act: Act, contract: Contract) -> Contract:
    act.save(contract)
    return contract


def publish_contract(act: Act, contract_id: UUID, published_on: date | None = None, url: str | None = None) -> Contract:
    contract = _kept(act, contract_id)
    contract.publish(published_on or act.today, url, act.today, **act.said)
    return _done(act, contract)


def class_works(act: Act, contract_id: UUID, *, works: str, classed_on: date | None = None) -> Contract:
    """Say which credit regime its works come under; for the cases that are opened from then on."""
    contract = _kept(act, contract_id)
    contract.class_works(works, classed_on or act.today, act.today, **act.said)
    return _done(act, contract)


def file_contract(act: Act, contract_id: UUID, filed_on: date | None = None, number: str | None = None) -> Contract:
    contract = _kept(act, contract_id)
    contract.file(filed_on or act.today, number, act.today, **act.said)
    return _done(act, contract)


def amend_contract(
    act: Act,
    contract_id: UUID,
    *,
    amended_on: date | None = None,
    rationale: str,
    number: str | None = None,
    value: Money | None = None,
    ends_on: date | None = None,
    obligations: Sequence[Obligation] = (),
    payments: Sequence[PaymentTerm] = (),
    late_rate: LateRate | None = None,
) -> Contract:
    contract = _kept(act, contract_id)
    terms = {
        "amended_on": amended_on or act.today,
        "rationale": rationale,
        "number": number,
        "value": value,
        "ends_on": ends_on,
        "obligations": list(obligations),
        "payments": list(payments),
    }
    contract.amend(terms, act.today, act.book, late_rate=late_rate, **act.said)
    return _done(act, contract)


def assign_contract(
    act: Act,
    contract_id: UUID,
    *,
    leaves: str,
    comes: Contractor,
    rationale: str,
    assigned_on: date | None = None,
    evidence: Sequence[str] = (),
) -> Contract:
    """Another takes the place of a side; a party not yet known is registered with it, and one known keeps its name and size."""
    contract, on, born = _kept(act, contract_id), assigned_on or act.today, list[Aggregate]()
    lead = any(one.lead for one in contract.contractors if one.ref == leaves)
    comes = _met(act, Contractor(comes.scheme, comes.id, comes.name.strip(), comes.size, lead), min(on, act.today), born)
    terms = {"leaves": leaves, "comes": comes, "assigned_on": on, "rationale": rationale, "evidence": list(evidence)}
    contract.assign(terms, act.today, **act.said)
    act.save(contract, *born)
    return contract


def plan_check(act: Act, contract_id: UUID, planned_on: date, mode: str = "routine") -> tuple[Contract, UUID]:
    contract = _kept(act, contract_id)
    check = contract.plan_check(planned_on, mode, act.today, act.book, **act.said)
    return _done(act, contract), check


def cancel_check(act: Act, contract_id: UUID, check: UUID, reason: str) -> Contract:
    contract = _kept(act, contract_id)
    contract.cancel_check(check, reason, act.today, **act.said)
    return _done(act, contract)


def carry_out_check(
    act: Act,
    contract_id: UUID,
    check: UUID,
    *,
    inspectors: Sequence[str],
    items: Sequence[CheckItem],
    carried_out_on: date | None = None,
    note: str = "",
) -> Contract:
    """`inspectors` are names as typed; each is sealed as a natural person's."""
    contract = _kept(act, contract_id)
    sealed = [act.sealed(stream_id("inspector", name.strip()), "inspector", name.strip()) for name in inspectors]
    distinct = [one for one, name in zip(sealed, inspectors, strict=True) if name.strip()]
    if len({name.strip() for name in inspectors}) < len(inspectors):
        distinct = distinct[:1]
    contract.carry_out_check(check, carried_out_on or act.today, distinct, list(items), note, act.today, act.book, **act.said)
    return _done(act, contract)


def fulfil_obligation(act: Act, contract_id: UUID, ref: str, *, fulfilled_on: date | None = None, evidence: Sequence[str] = ()) -> Contract:
    contract = _kept(act, contract_id)
    contract.fulfil(ref, fulfilled_on or act.today, list(evidence), act.today, **act.said)
    return _done(act, contract)


def waive_obligation(act: Act, contract_id: UUID, ref: str, *, reason: str, waived_on: date | None = None) -> Contract:
    contract = _kept(act, contract_id)
    contract.waive(ref, reason, waived_on or act.today, act.today, **act.said)
    return _done(act, contract)


def raise_excuse(
    act: Act,
    contract_id: UUID,
    *,
    kind: str,
    text: str,
    ref: str | None = None,
    raised_on: date | None = None,
    evidence: Sequence[str] = (),
) -> Contract:
    contract = _kept(act, contract_id, (*KEEPERS, "applicant"))
    contract.raise_excuse(
        {"kind": kind, "text": text, "ref": ref, "evidence": list(evidence)},
        raised_on or act.today,
        act.today,
        act.book,
        **act.said,
    )
    return _done(act, contract)


def record_payment(act: Act, contract_id: UUID, *, ref: str, value: Money, paid_on: date | None = None, note: str = "") -> Contract:
    contract = _kept(act, contract_id)
    contract.record_payment(ref, paid_on or act.today, value, note, act.today, **act.said)
    return _done(act, contract)


def suspend_contract(act: Act, contract_id: UUID, *, reason: str, suspended_on: date | None = None) -> Contract:
    contract = _kept(act, contract_id)
    contract.suspend(suspended_on or act.today, reason, act.today, **act.said)
    return _done(act, contract)


def resume_contract(act: Act, contract_id: UUID, *, resumed_on: date | None = None) -> Contract:
    contract = _kept(act, contract_id)
    contract.resume(resumed_on or act.today, act.today, **act.said)
    return _done(act, contract)


def complete_contract(
    act: Act, contract_id: UUID, *, completed_on: date | None = None, evidence: Sequence[str] = (), warranty_ends_on: date | None = None
) -> Contract:  # fmt: skip
    contract = _kept(act, contract_id)
    contract.complete(completed_on or act.today, list(evidence), act.today, warranty_ends_on=warranty_ends_on, **act.said)
    return _done(act, contract)


def terminate_contract(
    act: Act, contract_id: UUID, *, reason: str, by_side: str | None = None, at_fault: str | None = None, terminated_on: date | None = None
) -> Contract:  # fmt: skip
    contract = _kept(act, contract_id)
    contract.terminate(terminated_on or act.today, by_side, reason, act.today, at_fault=at_fault, **act.said)
    return _done(act, contract)


def return_security(
    act: Act, contract_id: UUID, *, returned_on: date | None = None, value: Money | None = None, kept_because: str = ""
) -> Contract:  # fmt: skip
    contract = _kept(act, contract_id)
    contract.return_security(returned_on or act.today, value, kept_because, act.today, **act.said)
    return _done(act, contract)


def release_retention(
    act: Act, contract_id: UUID, *, released_on: date | None = None, value: Money | None = None, kept_because: str = ""
) -> Contract:  # fmt: skip
    contract = _kept(act, contract_id)
    contract.release_retention(released_on or act.today, value, kept_because, act.today, **act.said)
    return _done(act, contract)


def settle_contract(act: Act, contract_id: UUID, *, settled_on: date | None = None, value: Money | None = None) -> Contract:
    contract = _kept(act, contract_id)
    contract.settle(settled_on or act.today, value, act.today, **act.said)
    return _done(act, contract)
