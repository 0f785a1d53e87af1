"""The shapes of answers, as JSON Schema for the OpenAPI document: the fields that are promised; more may come."""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def text(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)} if values else {"type": "string"}


def maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def thing(**fields: Schema) -> Schema:
    """An object with these fields always there."""
    return {"type": "object", "properties": fields, "required": list(fields)}


DAY: Schema = {"type": "string", "format": "date"}
INSTANT: Schema = {"type": "string", "format": "date-time"}
ID: Schema = {"type": "string", "format": "uuid"}
WHOLE: Schema = {"type": "integer"}
YES: Schema = {"type": "boolean"}
DIGEST: Schema = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
SIDE = thing(scheme=text(), id=text(), name=text())
CASE_STATUS = text("opened", "notified", "confirmed", "dismissed", "referred", "transferred", "rectifying", "sanctioned", "published", "repaired", "closed")
REPAIR_STATUS = text("applied", "supplement_requested", "accepted", "rejected", "verified", "approved", "refused", "withdrawn", "synchronised", "revoked")
CONTRACT_STATUS = text("signed", "performing", "suspended", "completed", "terminated", "settled")

SHAPES: dict[str, Schema] = {
    "Money": thing(amount={"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}, currency={"type": "string", "pattern": "^[A-Z]{3}$"}),
    "Basis": thing(pack=text(), version=WHOLE, rule=text(), clause=text(), status=text()),
    "Due": thing(on=DAY, count=maybe(WHOLE), unit=text(), overdue=YES, provisional=YES, basis=maybe(ref("Basis")),
                 days=many(thing(on=DAY, counts=YES, why=text())), **{"from": DAY}),
    "Loop": thing(id=ID, kind=text(), subject=text(), owed_by=text(), account=maybe(text()), state=text(), due=maybe(ref("Due")), next=text()),
    "Contract": thing(
        id=ID, number=text(), name=text(), type=text(), region=text(), status=CONTRACT_STATUS, signed_on=maybe(DAY), starts_on=maybe(DAY),
        ends_on=maybe(DAY), authority=SIDE, contractors=many(SIDE), value=maybe(ref("Money")), obligations=many({"type": "object"}),
        payments=many({"type": "object"}), security=maybe({"type": "object"}), retention_percent=text(), loops=many(ref("Loop")), version=WHOLE,
        position=WHOLE),
    "Sanction": thing(
        id=ID, status=text("decided", "served", "published", "repaired", "expired", "revoked"), document_number=text(), decision_types=many(text()),
        fine=maybe(ref("Money")), measures=many(text()), decided_on=DAY, served_on=maybe(DAY), fulfilled_on=maybe(DAY), national_class=maybe(text()),
        industry_class=maybe(text()), points=text(), repairable_from=maybe(DAY), publicity=maybe({"type": "object"}), basis=many(ref("Basis"))),
    "Case": thing(
        id=ID, number=text(), contract=ID, party=text(), behaviour=text(), kind=text("civil", "management", "administrative"), status=CASE_STATUS,
        version=WHOLE, position=WHOLE, sanctions=many(ref("Sanction")), objections=many({"type": "object"}), touches=many(ref("Touch")),
        loops=many(ref("Loop")), may=many(text())),
    "Touch": thing(
        id=ID, what=text(), position=WHOLE, found_on=DAY, outcome=maybe(text("stands", "corrected", "revoked")), grounds=maybe(text()),
        answered_on=maybe(DAY), fact=thing(what=text(), stream=ID, version=WHOLE, on=DAY)),
    "Finding": thing(id=ID, case=ref("Case")),
    "Repair": thing(
        id=ID, receipt=text(), sanction=ID, status=REPAIR_STATUS, step=WHOLE, of=WHOLE, waiting_for=maybe(text("authority", "applicant", "recipient")),
        due=maybe(ref("Due")), documents=many(thing(kind=text(), digest=maybe(text()), state=text())),
        acknowledgements=many(thing(recipient=text(), on=maybe(DAY))), version=WHOLE),
    "Commitment": thing(
        id=ID, number=text(), kind=text(), party=text(), region=text(), received_by=text(), matter=text(), text=text(), liability=text(), made_on=DAY,
        ends_on=maybe(DAY), evidence=many(DIGEST), contract=maybe(ID), repair=maybe(ID), status=text("open", "reported", "kept", "broken", "withdrawn"),
        due=maybe(ref("Due")), loops=many(ref("Loop")), may=many(text()), version=WHOLE, position=WHOLE),
    "Party": thing(scheme=text(), id=text(), name=text(), size=maybe(text()), version=WHOLE, position=WHOLE),
    "Standing": thing(
        party=text(), on=DAY, points=text(), in_publicity=WHOLE, grades=many({"type": "object"}), grade=maybe({"type": "object"}),
        records=many(thing(id=ID, case=ID, points=text(), counts=YES, why=text("counts", "lighter", "repaired", "revoked", "over"), counts_until=maybe(DAY),
                           periods=many(thing(regime=text(), least=DAY, most=DAY, repeats=many(DAY), basis=many(ref("Basis")))))),
        **{"class": maybe(thing(code=text("A", "B", "C", "D"), by=text("record", "grade", "no_grade"), basis=many(ref("Basis"))))}),
    "Why": thing(
        field=text(), value={}, on=DAY, smallest=text("all", "sum", "relevant", "each", "needed"), clauses=many(ref("Basis")),
        events=many(thing(position=WHOLE, topic=text(), day=DAY, stream=ID, birth=YES, sentence=text(), href=maybe(text()))),
        refusals=many(thing(code=text(), detail=text(), basis=maybe(ref("Basis")), earliest=maybe(DAY))),
        would_change=many({"type": "object", "properties": {"kind": text("day", "loop", "act"), "on": DAY, "value": {}, "act": text(), "event": text()},
                           "required": ["kind"]})),
    "Listed": thing(items=many({"type": "object"}), next=maybe(text()), position=WHOLE, total=WHOLE),
    "Desk": thing(overdue=many(ref("Loop")), soon=many(ref("Loop")), later=many(ref("Loop")), counts={"type": "object"}, day=DAY),
    "Evidence": thing(digest=DIGEST, name=text(), size=WHOLE, media_type=text()),
    "PublicSanctions": thing(
        queried_at=INSTANT, next=maybe(text()),
        items=many(thing(party=SIDE, document_number=text(), decision_types=many(text()), decided_on=DAY, last_day=DAY, until_fulfilled=YES,
                         authority=text()))),
    "Problem": thing(
        type=text(), title=text(), status=WHOLE, detail=text(),
        errors=many({"type": "object", "properties": {"code": maybe(text()), "pointer": maybe(text()), "detail": text(), "basis": maybe(ref("Basis")),
                                                      "earliest": DAY}, "required": ["code", "detail"]})),
}  # fmt: skip

# What a route answers, by the beginning of its path; the longest that fits counts. Acts answer with their resource.
ANSWERS: tuple[tuple[str, str, str], ...] = (
    ("get", "/api/v1/contracts", "Listed"),
    ("get", "/api/v1/contracts/{id}", "Contract"),
    ("get", "/api/v1/contracts/{id}/", "Listed"),
    ("post", "/api/v1/contracts", "Contract"),
    ("post", "/api/v1/contracts/{id}/findings", "Finding"),
    ("get", "/api/v1/cases", "Listed"),
    ("get", "/api/v1/cases/{id}", "Case"),
    ("post", "/api/v1/cases", "Case"),
    ("get", "/api/v1/repairs", "Listed"),
    ("get", "/api/v1/repairs/{id}", "Repair"),
    ("post", "/api/v1/repairs", "Repair"),
    ("get", "/api/v1/commitments", "Listed"),
    ("get", "/api/v1/commitments/{id}", "Commitment"),
    ("post", "/api/v1/commitments", "Commitment"),
    ("get", "/api/v1/parties", "Listed"),
    ("get", "/api/v1/parties/{id}", "Party"),
    ("get", "/api/v1/parties/{id}/standing", "Standing"),
    ("post", "/api/v1/parties", "Party"),
    ("get", "/api/v1/delegations", "Listed"),
    ("get", "/api/v1/desk", "Desk"),
    ("post", "/api/v1/evidence", "Evidence"),
    ("get", "/public/api/sanctions", "PublicSanctions"),
)


def answer_of(method: str, path: str) -> Schema | None:
    """The shape that a route answers with, where one is promised."""
    fits = [(len(start), name) for verb, start, name in ANSWERS if verb == method and path.startswith(start)]
    return ref(max(fits)[1]) if fits else None
