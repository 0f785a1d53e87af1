"""Letters: print views of every notice, decision, repair decision and receipt, made from the events themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.breach import events as b
from domain.events import Told
from domain.ledger import NotThere
from domain.policy.tables import DecisionName, DocumentKind, Recipient
from domain.repair import events as r
from projections import accounts, contracts, parties
from projections.temporal.moment import Moment
from web import resources
from web.asking import Asking, Signed
from web.looks.tongue import lazy
from web.office import Office
from web.pages.showing import OFFICE_READERS, UNKNOWN, looks_of, uuid_of
from web.words import word

router = APIRouter(include_in_schema=False)


class Letter(NamedTuple):
    """A kind of letter: on what it is, which event issues it, its code among the pack's document kinds, and its name here."""

    kind: str
    on: str
    event: tuple[type, ...]
    code: str | None
    title: str


LETTERS = (
    Letter("notice", "cases", (b.NoticeServed,), "prior_notice", lazy("告知书")),
    Letter("decision", "cases", (b.SanctionDecided,), "penalty_decision", lazy("决定书")),
    Letter("repair-notice", "cases", (b.RepairNoticeServed,), "repair_notice", lazy("信用修复告知书")),
    Letter("service-receipt", "cases", (b.SanctionServed,), "service_receipt", lazy("送达回证")),
    Letter("receipt", "repairs", (r.RepairApplied,), None, lazy("信用修复申请回执")),
    Letter("supplement-request", "repairs", (r.SupplementRequested,), None, lazy("信用修复补正告知书")),
    Letter("rejection", "repairs", (r.RepairRejected,), None, lazy("信用修复不予受理告知书")),
    Letter("repair-decision", "repairs", (r.RepairApproved, r.RepairRefused), "repair_decision", lazy("信用修复决定书")),
)
KINDS = {one.kind: one for one in LETTERS}
MANAGEMENT = {"prior_notice": "breach_notice", "penalty_decision": "accountability_notice"}  # outside the penalty procedure


def letters_of_case(office: Office, shown: Mapping[str, Any], issued_only: bool = False) -> list[dict[str, Any]]:
    """The letters of a case that its state has reached, drafts too where asked for."""
    sanction = shown["sanctions"][-1] if shown["sanctions"] else None
    reached = {
        "notice": shown["notice"] is not None,
        "decision": sanction is not None,
        "repair-notice": bool(sanction and sanction["repair_notice_on"]),
        "service-receipt": bool(sanction and sanction["served_on"]),
    }
    drafted = {
        "notice": shown["status"] == "opened",
        "repair-notice": bool(sanction and sanction["repairable_from"]),
        "service-receipt": sanction is not None,
    }
    return [
        _link(one, shown["id"], reached[one.kind])
        for one in LETTERS
        if one.on == "cases" and (reached[one.kind] or (drafted.get(one.kind) and not issued_only))
    ]


def letters_of_repair(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The letters of an application that have been issued."""
    reached = {
        "receipt": True,
        "supplement-request": shown["supplement"] is not None,
        "rejection": shown["rejection"] is not None,
        "repair-decision": shown["decision"] is not None,
    }
    return [_link(one, shown["id"], True) for one in LETTERS if one.on == "repairs" and reached[one.kind]]


def _link(one: Letter, stream: str, issued: bool) -> dict[str, Any]:
    return {"kind": one.kind, "title": one.title, "href": f"/letters/{one.kind}/{stream}", "issued": issued}


@router.get("/letters/{kind}/{id}")
def show_letter(request: Request, asking: Signed, kind: str, id: str) -> Response:
    """One letter; what is not issued yet is a draft, which only the office sees. Raises NotThere."""
    letter, office, moment = KINDS.get(kind), asking.office, asking.moment
    if letter is None:
        raise NotThere("letters", kind)
    stream = uuid_of(id, letter.on)
    found = resources.find(office, asking.actor, letter.on, stream, moment)
    shown = (resources.case if letter.on == "cases" else resources.repair)(office, asking.actor, stream, moment)
    told = next((one for one in reversed(found.told) if isinstance(one.event, letter.event)), None)
    if told is None and not asking.actor.roles & OFFICE_READERS:
        raise NotThere("letters", kind)
    office.record_read(asking.actor, "letter", f"{kind}/{stream}")
    case = shown if letter.on == "cases" else _case_of(office, shown, moment)
    if kind != "notice" and letter.on == "cases" and not case["sanctions"]:
        raise NotThere("letters", kind)
    facts = _facts(office, request, asking, letter, case, shown, told, moment)
    back = {"href": f"/{'my/' if not asking.actor.roles & OFFICE_READERS else ''}{letter.on}/{stream}", "label": BACK[letter.on]}
    return looks_of(request).render(request, f"letters/{kind}.html", back=back, **facts)


BACK = {"cases": lazy("回到案件"), "repairs": lazy("回到修复申请")}


def _case_of(office: Office, repair: Mapping[str, Any], moment: Moment) -> dict[str, Any]:
    """The case that an application is about, for its own letters."""
    stream = UUID(str(repair["case"]))
    found = resources.streams(office, "cases", [stream], moment).get(stream)
    if found is None:
        raise NotThere("cases", stream)
    opened: dict[str, Any] = office.unseal(resources.card(office, "cases", found, moment))
    return opened


def _facts(
    office: Office,
    request: Request,
    asking: Asking,
    letter: Letter,
    case: Mapping[str, Any],
    shown: Mapping[str, Any],
    told: Told | None,
    moment: Moment,
) -> dict[str, Any]:
    sanction = _sanction_of(case, shown)
    on = told.event.day if told else moment.day
    with office.looking() as conn:
        contract = contracts.named(conn, moment, {UUID(str(case["contract"]))}).get(UUID(str(case["contract"])))
        names = parties.names(conn, moment, {case["party"], case["authority"]})
        organisations = accounts.list_organisations(conn, moment)
    issuer = issuer_of(organisations, case, names, office.settings.authority)
    number = number_of(letter, case, shown, sanction)
    types = (sanction or (case["notice"] or {}).get("proposed") or {}).get("decision_types", [])
    rule_on = date.fromisoformat(sanction["decided_on"]) if sanction else on
    return {
        "letter": {
            "issuer": issuer,
            "number": number if told else None,
            "title": title_of(office, letter, case["kind"], on),
            "kind": letter.kind,
            "to": names.get(case["party"], case["party"]),
            "signed_by": issuer,
            "signed_on": on,
            "note": None,
            "position": told.position if told else None,
            **_proof(office, request, told),
        },
        "case": case,
        "repair": shown if letter.on == "repairs" else None,
        "sanction": sanction,
        "contract": contract,
        "issued": told is not None,
        "party_code": case["party"].partition(":")[2],
        "behaviour": _behaviour(office, case, rule_on),
        "types": [_type(office, code, rule_on) for code in types],
        "measures": [_measure(office, code, rule_on) for code in (sanction or {}).get("measures", ())],
        "rules": Rules(office, on),
        "word": word,
        "window": _window(office, case),
        "recipients": lambda code: recipient(office, code, on),
        "papers": _papers(office, on),
    }


def _sanction_of(case: Mapping[str, Any], shown: Mapping[str, Any]) -> Mapping[str, Any] | None:
    wanted = shown.get("sanction")
    return next((one for one in case["sanctions"] if one["id"] == wanted), case["sanctions"][-1] if case["sanctions"] else None)


def number_of(letter: Letter, case: Mapping[str, Any], shown: Mapping[str, Any], sanction: Mapping[str, Any] | None) -> str:
    """What a letter is known by: its document number, else the receipt's or the case's."""
    match letter.kind:
        case "notice":
            return str((case["notice"] or {}).get("document_number") or case["number"])
        case "repair-decision":
            return str((shown["decision"] or {}).get("document_number") or shown["receipt"])
        case "receipt" | "supplement-request" | "rejection":
            return str(shown["receipt"])
    return str(sanction["document_number"]) if sanction else str(case["number"])


def issuer_of(organisations: Sequence[Any], case: Mapping[str, Any], names: Mapping[str, str], fallback: str) -> str:
    """Whose letter it is: the organisation of the case's region, else the nearest above it; never the one that is accused."""
    region = str(case["region"])
    for prefix in (region, region[:4] + "00", region[:2] + "0000"):
        for one in organisations:
            if one.region == prefix and one.ref != case["party"]:
                return str(one.name)
    return fallback or names.get(case["authority"], str(case["authority"]))


def title_of(office: Office, letter: Letter, kind: str, on: date) -> str:
    """The letter's name: the pack's where it has this kind of document, in Chinese as all letters are."""
    code = letter.code if kind == "administrative" else MANAGEMENT.get(letter.code or "", letter.code)
    try:
        return office.book.row(DocumentKind, code, on).zh if code else str(letter.title)
    except UNKNOWN:
        return str(letter.title)


def _proof(office: Office, request: Request, told: Told | None) -> dict[str, Any]:
    """Where a printed letter can be verified, and the hash of the record that it was made from."""
    if told is None:
        return {"verify_url": None, "verify_code": None, "hash": None}
    leaf = office.recorder.tree_node(0, told.position - 1).hex()
    base = (office.settings.base_url or str(request.base_url)).rstrip("/")
    code = f"{told.position}-{leaf[:16]}"  # short, so that a small printed QR code can be read
    return {"verify_url": f"{base}/public/verify?{urlencode({'code': code})}", "verify_code": code, "hash": leaf}


class Rules:
    """Sentences of the packs in force on the letter's day, asked for by full name."""

    def __init__(self, office: Office, on: date) -> None:
        self.office, self.on = office, on

    def __call__(self, name: str) -> str:
        """The rule's sentence, word for word, without its full stop; empty where no pack in force has it."""
        try:
            found = self.office.book.rule_if_any(name, self.on)
        except UNKNOWN:
            return ""
        return found.sentence.rstrip("。") if found else ""

    def clause(self, name: str) -> str:
        try:
            found = self.office.book.rule_if_any(name, self.on)
        except UNKNOWN:
            return ""
        return found.clause if found else ""


def _window(office: Office, case: Mapping[str, Any]) -> date | None:
    """The last day of the statement window of a notice that was served."""
    if case["notice"] is None:
        return None
    receipt, _ = office.book.deadline("office.statement_window", date.fromisoformat(case["notice"]["window_on"]), with_days=False)
    return receipt.on


def _papers(office: Office, on: date) -> list[str]:
    rule = office.book.rule("repair.materials", on)
    return [_document(office, code, on) for code in rule.items or ()]


def _document(office: Office, code: str, on: date) -> str:
    try:
        return office.book.row(DocumentKind, code, on).zh
    except UNKNOWN:
        return code


def _behaviour(office: Office, case: Mapping[str, Any], on: date) -> Mapping[str, str]:
    try:
        row = office.book.behaviour(case["behaviour"], on)
    except UNKNOWN:
        return {"zh": case["behaviour"], "clause": ""}
    return {"zh": row.zh, "clause": row.clause}


def _type(office: Office, code: str, on: date) -> str:
    try:
        return office.book.row(DecisionName, code, on).zh
    except UNKNOWN:
        return code


def _measure(office: Office, code: str, on: date) -> str:
    try:
        return office.book.measure(code, on).zh
    except UNKNOWN:
        return code


def recipient(office: Office, code: str, on: date) -> str:
    """A recipient's Chinese name."""
    try:
        return office.book.row(Recipient, code, on).zh
    except UNKNOWN:
        return code
