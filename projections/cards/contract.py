"""合同卡片 — everything that one contract's own stream says of it, as plain JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from domain import loops as loop_table
from domain.contract import events as c
from domain.contract.interest import Agreed, Rate, agreed_rates, cents, rate_of, stretches
from domain.events import Told
from domain.loops import AGREED, Opening
from domain.policy.events import DeadlinesRecounted
from domain.terms import Obligation, PaymentTerm
from projections.cards.plain import Depth, Json, basis, day, due, loops_of, money

if TYPE_CHECKING:
    from domain.policy.book import Book


def contract_card(told: Sequence[Told], book: Book, on: date, version: int, position: int, depth: Depth = "days") -> Json | None:
    """CONTRACT as seen on a day; None when none of its events is known. `version`, `position`: of the last event known."""
    if not told or not isinstance(told[0].event, c.ContractSigned):
        return None
    card: Json = {}
    for one in told:
        _tell(card, one)
    signing = told[0].event
    card["status"] = _status(card, signing, on)
    _pay(card, told if depth in ("days", "terms") else (), book, on)
    stream = told[0].stream
    card["loops"] = loops_of(stream, "contract", told, book, on, depth)
    return {"id": str(stream), **card, "version": version, "position": position}


def _status(card: Json, signing: c.ContractSigned, on: date) -> str:
    begins = signing.starts_on
    return "signed" if card["status"] == "performing" and begins is not None and begins > on else str(card["status"])


def _tell(card: Json, one: Told) -> None:
    match one.event:
        case c.ContractSigned() as e:
            _sign(card, e)
        case c.ContractAmended() as e:
            _amend(card, e, one)
        case c.ContractAssigned() as e:
            _assign(card, e)
        case c.WorksClassed() as e:
            card["works"] = e.works
        case c.LateRateAgreed() as e:
            card["late_rate"] = {"percent": f"{e.percent:f}", "per": e.per, "lpr": None if e.lpr is None else f"{e.lpr:f}", "agreed_on": day(e.agreed_on)}
        case c.ContractPublished() as e:
            card["publication"] = {"published_on": day(e.published_on), "url": e.url}
        case c.ContractFiled() as e:
            card["filing"] = {"filed_on": day(e.filed_on), "number": e.number}
        case c.ObligationFulfilled() as e if e.ref in card["_obligations"]:
            card["_obligations"][e.ref].update(fulfilled_on=day(e.fulfilled_on), evidence=e.evidence)
        case c.ObligationWaived() as e if e.ref in card["_obligations"]:
            card["_obligations"][e.ref].update(waived_on=day(e.waived_on), waived_because=e.why)
        case c.PaymentMade() as e:
            card["payments_made"].append({"ref": e.ref, "paid_on": day(e.paid_on), "value": money(e.value), "note": e.note, "position": one.position})
        case c.CheckPlanned() as e:
            card["_checks"][str(e.check)] = {
                "id": str(e.check),
                "planned_on": day(e.planned_on),
                "mode": e.mode,
                "status": "planned",
                "carried_out_on": None,
                "inspectors": [],
                "items": [],
                "note": "",
            }
        case c.CheckCancelled() as e if str(e.check) in card["_checks"]:
            card["_checks"][str(e.check)].update(status="cancelled", cancelled_on=day(e.cancelled_on), reason=e.why)
        case c.CheckCarriedOut() as e if str(e.check) in card["_checks"]:
            card["_checks"][str(e.check)].update(
                status="done", carried_out_on=day(e.carried_out_on), inspectors=e.inspectors, items=msgspec.to_builtins(e.items), note=e.note
            )
        case c.FindingRecorded() as e:
            card["findings"].append(
                {
                    "id": str(e.finding),
                    "case": str(e.case),
                    "behaviour": e.behaviour,
                    "kind": e.kind,
                    "party": e.party,
                    "check": str(e.check) if e.check else None,
                    "occurred_on": day(e.occurred_on),
                    "found_on": day(e.found_on),
                    "facts": e.facts,
                    "contract_clause": e.contract_clause,
                    "evidence": [proof.digest for proof in e.evidence],
                }
            )
        case c.ExcuseRaised() as e:
            card["excuses"].append({"kind": e.kind, "ref": e.ref, "text": e.text, "raised_on": day(e.raised_on), "evidence": e.evidence})
        case c.ContractSuspended():
            card["status"] = "suspended"
        case c.ContractResumed():
            card["status"] = "performing"
        case c.ContractCompleted() as e:
            card.update(status="completed", completed_on=day(e.completed_on), warranty_ends_on=day(e.warranty_ends_on))
        case c.ContractTerminated() as e:
            card.update(status="terminated", terminated_on=day(e.terminated_on), terminated_by=e.by_side, at_fault=e.at_fault, termination_reason=e.why)
        case c.SecurityReturned() as e:
            card.update(security_returned_on=day(e.returned_on), security_returned=money(e.value), security_kept_because=e.kept_because or None)
        case c.RetentionReleased() as e:
            card.update(retention_released_on=day(e.released_on), retention_released=money(e.value), retention_kept_because=e.kept_because or None)
        case c.ContractSettled() as e:
            card.update(status="settled", settled_on=day(e.settled_on), settled_value=money(e.value))
        case c.ExternalReleaseReceived() as e:
            card["sources"].append({"digest": e.digest, "ocid": e.ocid, "released_at": e.released_at, "received_on": day(e.received_on), "remarks": e.remarks})


def _sign(card: Json, e: c.ContractSigned) -> None:
    card.update({
        "number": e.number, "name": e.name, "type": e.type, "region": e.region, "status": "performing", "signed_on": day(e.signed_on),
        "holds_from": day(e.holds_from), "starts_on": day(e.starts_on), "ends_on": day(e.ends_on),
        "authority": {"scheme": e.authority.scheme, "id": e.authority.id, "name": e.authority.name},
        "contractors": [dict(msgspec.to_builtins(one)) for one in e.contractors], "value": money(e.value),
        "security": None if e.security is None else {"value": money(e.security.value), "form": e.security.form, "ends_on": day(e.security.ends_on)},
        "works": None, "late_rate": None,
        "retention_percent": f"{e.retention_percent:f}", "government_procurement": e.government_procurement, "ocid": e.ocid, "via": e.via,
        "publication": None, "filing": None, "amendments": [], "assignments": [], "findings": [], "excuses": [], "payments_made": [], "sources": [],
        "_obligations": {}, "_payments": {}, "_checks": {},
    })  # fmt: skip
    _owe(card, e.obligations, e.payments)


def _owe(card: Json, obligations: list[Obligation], payments: list[PaymentTerm]) -> None:
    for one in obligations:
        old = card["_obligations"].get(one.ref, {"fulfilled_on": None, "waived_on": None, "evidence": []})
        card["_obligations"][one.ref] = {**old, "ref": one.ref, "owed_by": one.owed_by, "title": one.title, "due_on": day(one.due_on)}
    for term in payments:
        card["_payments"][term.ref] = {
            "ref": term.ref,
            "after": term.after,
            "value": money(term.value),
            "term_days": term.term_days,
            "due_on": day(term.due_on),
            "title": term.title,
        }


def _amend(card: Json, e: c.ContractAmended, one: Told) -> None:
    card["value"] = money(e.value) or card["value"]
    card["ends_on"] = day(e.ends_on) or card["ends_on"]
    _owe(card, e.obligations, e.payments)
    card["amendments"].append(
        {
            "number": e.number,
            "amended_on": day(e.amended_on),
            "rationale": e.rationale,
            "value": money(e.value),
            "ends_on": day(e.ends_on),
            "position": one.position,
        }
    )


def _assign(card: Json, e: c.ContractAssigned) -> None:
    comes = dict(msgspec.to_builtins(e.comes))
    if e.side == "authority":
        left, card["authority"] = card["authority"], {name: comes[name] for name in ("scheme", "id", "name")}
    else:
        left = next((one for one in card["contractors"] if f"{one['scheme']}:{one['id']}" == e.leaves), None)
        card["contractors"] = [comes if one is left else one for one in card["contractors"]]
    card["assignments"].append(
        {
            "side": e.side,
            "leaves": e.leaves,
            "name": (left or {}).get("name"),
            "comes": e.comes.ref,
            "assigned_on": day(e.assigned_on),
            "rationale": e.rationale,
        }
    )


# -- money: what each term comes to, by when, what is paid, and what lateness costs


def _pay(card: Json, told: Sequence[Told], book: Book, on: date) -> None:
    facts: dict[str, Any] = {}
    starts: dict[str, tuple[Opening, int]] = {}  # and the log position by whose book each is counted
    for one in told:
        loop_table.note(one.event, facts)
        if isinstance(one.event, DeadlinesRecounted):
            recounted = {moved.loop.partition(":")[2] for moved in one.event.moved if moved.loop.startswith("payment:")}
            starts.update({ref: (starts[ref][0], one.position) for ref in recounted & starts.keys()})
        loop_table.note_law(one.event, facts, book.known_at(one.position) if one.position else book)
        for opens in loop_table.KIND["payment"].opens.items():
            if isinstance(one.event, opens[0]):
                starts.update({opening.key: (opening, one.position) for opening in opens[1](one.event, facts)})
    small = bool(facts.get("small"))
    card["obligations"] = list(card.pop("_obligations").values())
    card["checks"] = list(card.pop("_checks").values())
    rates = agreed_rates(facts.get("rates"))
    card["payments"] = [_term(row, starts.get(row["ref"]), card["payments_made"], small, rates, book, on) for row in card.pop("_payments").values()]
    card["paid"] = _paid(card)


def _paid(card: Json) -> Json | None:
    currency = (card["value"] or {}).get("currency") or next((one["value"]["currency"] for one in card["payments_made"]), None)
    if currency is None:
        return None
    total = sum((Decimal(one["value"]["amount"]) for one in card["payments_made"] if one["value"]["currency"] == currency), Decimal(0))
    return {"amount": f"{total:.2f}", "currency": currency}


def _term(row: Json, start: tuple[Opening, int] | None, made: list[Json], small: bool, rates: list[Agreed], book: Book, on: date) -> Json:
    value, currency = Decimal(row["value"]["amount"]), row["value"]["currency"]
    mine = sorted((one for one in made if one["ref"] == row["ref"] and one["value"]["currency"] == currency), key=lambda one: one["paid_on"])
    paid = sum((Decimal(one["value"]["amount"]) for one in mine), Decimal(0))
    told, last = None, None
    if start is not None:
        one = loop_table.opened("payment", start[0], book, start[1])
        receipt, rests_on = loop_table.receipt_of(one, book, with_days=False)
        told, last = due(receipt, rests_on, on), None if receipt is None else receipt.on
    rate = rate_of(rates, small, last, book) if currency == "CNY" and last is not None else None
    interest = _interest(value, mine, last, rate, on) if rate is not None and last is not None else None
    done = paid >= value
    if told is not None:
        told["overdue"] = not done and last is not None and on > last
    state = "paid" if done else "overdue" if told and told["overdue"] else "due" if told else "waiting"
    return {
        **row,
        "due": told,
        "paid": {"amount": f"{paid:.2f}", "currency": currency},
        "paid_on": mine[-1]["paid_on"] if done and mine else None,
        "state": state,
        "interest": interest,
    }


def _interest(value: Decimal, made: list[Json], last: date, rate: Rate, on: date) -> Json | None:
    """Default interest from the day after the due day through the day asked about; None when none has run."""
    found = stretches(value, [(date.fromisoformat(one["paid_on"]), Decimal(one["value"]["amount"])) for one in made], last, on, rate.percent)
    if not found:
        return None
    running = found[-1].last == on
    return {
        "amount": f"{cents(sum((one.interest for one in found), Decimal(0))):f}",
        "currency": "CNY",
        "daily": f"{cents(found[-1].daily if running else Decimal(0)):f}",
        "from": found[0].first.isoformat(),
        "through": found[-1].last.isoformat(),
        "percent": f"{rate.percent:f}",
        "basis": basis(rate.basis or AGREED),
        "agreed": None if rate.agreed is None else {"percent": f"{rate.agreed.percent:f}", "per": rate.agreed.per, "basis": basis(rate.reckoned)},
        "stretches": [
            {
                "from": one.first.isoformat(),
                "through": one.last.isoformat(),
                "days": one.days,
                "unpaid": f"{one.unpaid:.2f}",
                "daily": f"{cents(one.daily):f}",
                "interest": f"{cents(one.interest):f}",
            }
            for one in found
        ],
    }
