"""What is to become of a case: who does what how soon, and where it still stands on the last day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from web.demo.matters import BY_CODE, MATTERS
from web.demo.people import COMPANY_B

# The steps at which a case may still stand on the last day, in the order in which they come.
DAYS = {
    "notice": (0, 4),
    "statement": (1, 5),
    "hearing_request": (2, 4),
    "hearing_notice": (1, 3),
    "hearing": (0, 1),
    "legal": (1, 6),
    "confirm": (1, 6),
    "rectify": (0, 3),
    "report": (6, 14),
    "verify": (1, 5),
    "sanction": (1, 7),
    "service": (1, 5),
    "publication": (0, 3),
    "fulfilment": (3, 14),
    "enforcement": (2, 9),
    "objection": (5, 25),
    "objection_decision": (2, 6),
    "withdrawal": (1, 3),
    "review": (10, 40),
    "review_end": (30, 58),
    "revocation": (15, 60),
    "reclassify": (3, 20),
    "repair": (1, 60),
    "supplement_request": (1, 2),
    "supplement": (1, 5),
    "acceptance": (1, 3),
    "rejection": (1, 3),
    "repair_objection": (2, 9),
    "repair_objection_decision": (2, 5),
    "verification": (1, 4),
    "extension": (3, 6),
    "repair_decision": (1, 5),
    "acknowledgement": (1, 4),
    "lifting": (1, 2),
    "close": (1, 6),
    "false_material": (1, 4),
}


@dataclass
class Plan:
    """`outcome`: dismissed, civil, cured, mended (before anybody decided), sanctioned, referred. `stop`: the step that nobody has taken yet.

    `on`: for some steps, how many days before the last day they are taken. `found`: days before the last day.
    """

    code: str
    kind: str
    outcome: str
    found: int = 0
    method: str = "direct"
    service: str | None = None  # how the decision is served, if not as the notice was
    statement: bool = True
    hearing: bool = False
    failed_once: bool = False
    rectified: bool = False
    types: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    pays: bool = True
    objection: str | None = None
    review: str | None = None
    revoked: bool = False
    reclassified: bool = False
    repair: str | None = None
    stop: str | None = None
    on: dict[str, int] = field(default_factory=dict)
    party: str | None = None  # whose case it must be
    region: str | None = None
    slow: int = 1


def drawn(rng: Random, contract_type: str, found: date) -> Plan:
    """What becomes of a case that nobody has thought about: mostly it goes well, sometimes slowly."""
    matter = rng.choice([one for one in MATTERS if contract_type in one.types])
    penal = matter.fine and rng.random() < 0.55
    kind = "administrative" if penal else rng.choices(("management", "civil"), (80, 20))[0]
    if kind == "civil":
        outcome = rng.choice(("civil", "civil", "dismissed"))
    elif kind == "management":
        outcome = rng.choices(("cured", "mended", "sanctioned", "dismissed"), (40, 20, 25, 15))[0]
    else:
        outcome = rng.choices(("sanctioned", "dismissed"), (86, 14))[0]
    return Plan(
        matter.code,
        kind,
        outcome,
        method=rng.choices(("direct", "post", "electronic", "public"), (60, 22, 15, 3))[0],
        statement=rng.random() < 0.6,
        hearing=penal and rng.random() < 0.2,
        failed_once=rng.random() < 0.2,
        rectified=rng.random() < 0.35,
        types=_types(rng, kind, matter.code),
        measures=(rng.choice(("M-03", "M-06")),) if penal and rng.random() < 0.4 else (),
        pays=rng.random() < 0.85,
        objection=rng.choices((None, "rejected", "upheld_in_part", "upheld"), (72, 14, 10, 4))[0],
        review=rng.choices((None, "upheld", "withdrawn", "revoked"), (88, 6, 3, 3))[0],
        revoked=rng.random() < 0.03,
        repair=rng.choices((None, "approved", "supplemented", "early", "refused", "withdrawn", "false", "extended"), (22, 34, 18, 7, 6, 5, 3, 5))[0],
        slow=rng.choices((1, 2, 4), (70, 20, 10))[0],
    )


def _types(rng: Random, kind: str, code: str) -> tuple[str, ...]:
    if kind == "administrative":
        return (rng.choices(("fine_larger", "fine_small"), (60, 40))[0],)
    return (rng.choice(("order_to_correct", "admonition_talk", "circulated_criticism")),) if code in BY_CODE else ()


def _penal(code: str, found: int, stop: str | None = None, **more: object) -> Plan:
    settled: dict[str, object] = {"types": ("fine_larger",), **more}
    return Plan(code, "administrative", "sanctioned", found, stop=stop, **settled)  # type: ignore[arg-type]


def _managed(code: str, found: int, stop: str | None = None, **more: object) -> Plan:
    settled: dict[str, object] = {"outcome": "cured", **more}
    return Plan(code, "management", found=found, stop=stop, types=("order_to_correct",), **settled)  # type: ignore[arg-type]


def staged() -> list[Plan]:
    """Cases that stand where a demonstration must show one: every kind of loop open, some of them overdue."""
    return [
        _penal("SAF-03", 2, "notice"),
        _managed("PRG-01", 14, "notice"),
        _penal("WGE-03", 4, "statement", on={"notice": 3}, party=COMPANY_B),
        _penal("QLT-02", 8, "hearing_notice", hearing=True, on={"notice": 7, "statement": 5, "hearing_request": 2}),
        _penal("SUB-02", 22, "hearing", hearing=True, on={"notice": 20, "statement": 17, "hearing_request": 15, "hearing_notice": 6}),
        _penal("SAF-02", 13, "legal", on={"notice": 12, "statement": 8}),
        _penal("QLT-07", 40, "legal", on={"notice": 36, "statement": 31}),
        _managed("PER-03", 9, "confirm", on={"notice": 8, "statement": 5}),
        _managed("PER-01", 16, "report", party=COMPANY_B, on={"notice": 15, "statement": 12, "confirm": 10, "rectify": 2}),
        _managed("PRG-02", 60, "report", on={"notice": 58, "statement": 54, "confirm": 50, "rectify": 48}),
        _managed("QLT-04", 30, "verify", on={"notice": 29, "statement": 26, "confirm": 22, "rectify": 21, "report": 3}),
        _managed("BND-01", 45, "report", failed_once=True, on={"notice": 44, "statement": 40, "confirm": 36, "rectify": 35, "report": 22, "verify": 18}),
        _penal("WGE-01", 19, "sanction", on={"notice": 18, "statement": 15, "legal": 11, "confirm": 4}),
        _penal("SAF-01", 27, "service", types=("fine_small",), on={"notice": 26, "statement": 23, "legal": 19, "confirm": 15, "sanction": 5}),
        _penal("QLT-01", 55, "publication", region="440825", on={"notice": 54, "statement": 50, "legal": 44, "confirm": 36, "sanction": 25, "service": 19}),
        _penal(
            "OPS-01",
            50,
            "publication",
            service="public",
            measures=("M-03",),
            types=("fine_small",),
            on={"notice": 49, "statement": 45, "confirm": 38, "sanction": 16, "service": 12},
        ),
        _penal("WGE-04", 95, "fulfilment", pays=False, on={"notice": 94, "statement": 90, "legal": 85, "confirm": 80, "sanction": 74, "service": 70}),
        _penal(
            "SAF-02",
            70,
            "objection_decision",
            objection="rejected",
            on={"notice": 69, "statement": 66, "legal": 60, "confirm": 55, "sanction": 48, "service": 44, "publication": 43, "fulfilment": 33, "objection": 4},
        ),
        _penal(
            "QLT-02",
            110,
            "review_end",
            review="upheld",
            on={"notice": 108, "statement": 104, "legal": 99, "confirm": 94, "sanction": 85, "service": 80, "publication": 79, "fulfilment": 70, "review": 35},
        ),
        _penal(
            "SAF-03",
            75,
            "withdrawal",
            objection="upheld_in_part",
            on={
                "notice": 74,
                "statement": 71,
                "legal": 65,
                "confirm": 60,
                "sanction": 52,
                "service": 48,
                "publication": 47,
                "fulfilment": 38,
                "objection": 9,
                "objection_decision": 2,
            },
        ),
        _penal("WGE-03", 170, "acceptance", repair="approved", on={"repair": 2}),
        _penal("SAF-01", 165, "supplement", repair="supplemented", party=COMPANY_B, on={"repair": 5, "supplement_request": 3}),
        _penal("QLT-01", 190, "repair_decision", repair="approved", measures=("M-06",), region="440825", on={"repair": 11, "acceptance": 9, "verification": 7}),
        _penal("WGE-01", 200, "repair_decision", repair="extended", on={"repair": 22, "acceptance": 20, "verification": 17, "extension": 12}),
        _penal("SUB-02", 210, "acknowledgement", repair="approved", on={"repair": 20, "acceptance": 18, "verification": 15, "repair_decision": 6}),
        _penal(
            "WGE-04",
            60,
            "repair_objection_decision",
            repair="early",
            on={
                "notice": 59,
                "statement": 56,
                "legal": 51,
                "confirm": 47,
                "sanction": 42,
                "service": 38,
                "publication": 37,
                "fulfilment": 27,
                "repair": 14,
                "rejection": 12,
                "repair_objection": 4,
            },
        ),
        _penal("QLT-02", 240, None, repair="refused"),
        _penal("SAF-02", 250, None, repair="withdrawn", party=COMPANY_B),
        _penal("WGE-04", 260, None, repair="false"),
        _penal("CMT-01", 330, None, types=("warning",), review="revoked"),
        _penal("SAF-03", 520, None, reclassified=True),
        _penal("SUB-02", 640, None, repair="supplemented", measures=("M-03",)),
        _penal("SAF-01", 420, None, objection="upheld"),
        _managed("QLT-03", 150, None, outcome="dismissed"),
        _managed("PRG-01", 35, "verify", on={"notice": 34, "statement": 30, "confirm": 25, "rectify": 24, "report": 12}),
    ]
