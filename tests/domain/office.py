"""An office to tell stories in: a ledger, the shipped law, people with roles, and a clock that is set by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from domain.access import commands as access
from domain.access.account import account_id
from domain.access.acting import acting
from domain.act import CHINA, Act
from domain.actor import THE_SYSTEM, Actor, Grant
from domain.breach import commands as breach
from domain.breach.events import Proposed
from domain.conformance.finding import what_follows
from domain.contract import commands as contracts
from domain.events import Event, Told, as_corrected
from domain.ledger import Command, Ledger
from domain.loops import Open, expired, open_on, receipt_of, told
from domain.policy.book import Book
from domain.repair import commands as repairs
from domain.repair.events import RepairApplied
from domain.rules import RuleBroken
from domain.terms import Authority, Contractor, Obligation, PaymentTerm
from domain.values.money import Money
from stores.ledger.engine import open_ledger
from stores.ledger.recorder import EventRecorder
from stores.ledger.tables import create_ledger
from tests.domain.memory import MemoryRecorder
from tests.domain.policy.books import shipped_book

CITY, COUNTY, COUNTY2 = "440800", "440823", "440825"
BUREAU = Authority("CN-USCC", "11440800000000000G", "市水务局")
SUIXI = Authority("CN-USCC", "11440823000000000T", "遂溪县水务局")
XUWEN = Authority("CN-USCC", "11440825000000000P", "徐闻县水务局")
A, B = "CN-USCC:91440800MA4X00000Y", "CN-USCC:91440800MA4X000012"
FIRM_A = Contractor("CN-USCC", "91440800MA4X00000Y", "湛江市试例水利工程有限公司", "small", True)
FIRM_B = Contractor("CN-USCC", "91440800MA4X000012", "湛江市样本建设有限公司", "medium")
DIGEST = "sha256:" + "0" * 64

PEOPLE: dict[str, tuple[Grant, ...]] = {
    "city-supervisor": (Grant("supervisor", CITY),),
    "county-supervisor": (Grant("supervisor", COUNTY),),
    "county2-supervisor": (Grant("supervisor", COUNTY2),),
    "decider": (Grant("decider", CITY),),
    "decider2": (Grant("decider", CITY),),
    "county-decider": (Grant("decider", COUNTY),),
    "legal": (Grant("legal", CITY),),
    "legal2": (Grant("legal", CITY),),
    "chair": (Grant("chair", CITY),),
    "chair2": (Grant("chair", CITY),),
    "auditor": (Grant("auditor", CITY),),
    "administrator": (Grant("administrator", CITY),),
    "company-a": (Grant("applicant", None, A),),
    "company-b": (Grant("applicant", None, B),),
    "deputy": (),
    "everything": tuple(Grant(role, CITY) for role in ("supervisor", "decider", "legal", "chair")),
}


def yuan(amount: str | int) -> Money:
    return Money(Decimal(amount), "CNY")


def day(text: str) -> date:
    return date.fromisoformat(text)


def refused(*codes: str) -> Any:
    """The act inside is refused by (at least) these rules, and nothing is recorded."""
    return _Refused(codes)


class _Refused:
    def __init__(self, codes: tuple[str, ...]) -> None:
        self.codes = set(codes)

    def __enter__(self) -> _Refused:
        return self

    def __exit__(self, kind: Any, raised: Any, _: Any) -> bool:
        assert isinstance(raised, RuleBroken), f"not refused by a rule: {raised!r}"
        self.broken = raised.broken
        told_codes = {one.code for one in raised.broken}
        assert self.codes <= told_codes, f"refused by {told_codes}, not by {self.codes}"
        for one in raised.broken:
            assert one.said, one.code
            assert "{" not in one.said, one.said
        return True


class Office:
    """`as_(name)(command, …)` asks a command as a person today; `at(day)` sets the clock."""

    def __init__(self, recorder: Callable[[Callable[[], datetime]], Any] = MemoryRecorder, book: Book | None = None) -> None:
        self.now = datetime.combine(date(2026, 1, 5), time(9), CHINA)
        self.ledger = Ledger(recorder(lambda: self.now))
        self.book = book or shipped_book()
        self.engine: Any = None
        for name, grants in PEOPLE.items():
            self.system(access.create_account, name, name, grants=grants)

    @property
    def today(self) -> date:
        return self.now.date()

    def at(self, when: str | date) -> Office:
        on = date.fromisoformat(when) if isinstance(when, str) else when
        self.now = datetime.combine(on, time(9), CHINA)
        return self

    def later(self, days: int) -> Office:
        return self.at(self.today + timedelta(days=days))

    def id_of(self, name: str) -> str:
        return str(account_id(name))

    def actor(self, name: str) -> Actor:
        return acting(self.ledger, account_id(name), self.today) or Actor(self.id_of(name), name)

    def act(self, who: str | Actor, via: str = "web", seen: int | None = None, command: Command | None = None) -> Act:
        actor = who if isinstance(who, Actor) else self.actor(who)
        return Act(self.ledger, self.book, actor, self.now, via, seen, command, lambda s, f, text: f"sealed:{s}:{text}", what_follows)

    def ask(self, who: str | Actor, command: Callable[..., Any], *args: Any, via: str = "web", **more: Any) -> Any:
        return command(self.act(who, via), *args, **more)

    def system(self, command: Callable[..., Any], *args: Any, **more: Any) -> Any:
        return self.ask(THE_SYSTEM, command, *args, via="clock", **more)

    # -- what is told

    def events(self, stream: UUID, upto: int | None = None) -> list[Event]:
        """The events of a stream in their latest wording."""
        return [one.event for one in self.told(stream, upto)]

    def told(self, stream: UUID, upto: int | None = None) -> list[Told]:
        return as_corrected(self.ledger.of([stream], upto).get(stream, []))

    def loops(self, *streams: UUID, on: date | None = None, upto: int | None = None) -> dict[str, Open]:
        """The loops that are open on a day, by `kind` or `kind:key`."""
        found: dict[str, Open] = {}
        for stream in streams:
            kept = told(self.told(stream, upto), self.book)
            for one in open_on(kept.loops.values(), on or self.today):
                found[f"{one.kind}:{one.key}" if one.key else one.kind] = one
        return found

    def all_loops(self, stream: UUID) -> dict[str, Open]:
        """Also those that wait for their day."""
        return dict(told(self.told(stream), self.book).loops)

    def due(self, one: Open, today: date | None = None) -> date | None:
        receipt, _ = receipt_of(one, self.book, today=today or self.today)
        return receipt.on if receipt else None

    def repairs_of(self, case: UUID) -> list[UUID]:
        return [row.stream for row in self.ledger.after(0, 100_000) if isinstance(row.event, RepairApplied) and row.event.case == case]

    def open_loops(self, case: UUID, on: date) -> list[str]:
        """What holds a case open: its own loops, whether or not their day has come, and those of its repairs."""
        from domain.loops import KIND

        names = []
        for stream in (case, *self.repairs_of(case)):
            kept = told(self.told(stream), self.book)
            names += [one.kind for one in kept.loops.values() if KIND[one.kind].holds_case and (one.ends_on is None or on <= one.ends_on)]
        return names

    def clock(self, *streams: UUID) -> None:
        """What the worker does: record every end that has passed."""
        for stream in streams:
            for _ in range(10):
                if not (ended := expired(told(self.told(stream), self.book).loops.values(), self.today)):
                    break
                one, last = ended[0]
                if one.kind == "publicity":
                    self.system(breach.expire_publicity, stream, UUID(one.key), last)
                elif one.stage == "repair":
                    self.system(repairs.end_repair_window, stream, f"{one.kind}:{one.key}", last)
                else:
                    self.system(breach.end_window, stream, f"{one.kind}:{one.key}", last)
            else:
                raise AssertionError("a window that never closes")

    # -- short ways to where a test begins

    def contract(self, **terms: Any) -> UUID:
        who = terms.pop("who", "county-supervisor")
        given: dict[str, Any] = {
            "number": f"440823-SWJ-SG-{self.ledger.head():05}", "name": "渠道工程", "type": "SG", "region": COUNTY,
            "authority": SUIXI, "contractors": [FIRM_A], "value": yuan(1_000_000), "signed_on": date(2026, 1, 12),
            "obligations": [Obligation("M1", "contractor", "开挖", date(2026, 3, 31)), Obligation("M2", "contractor", "衬砌", date(2026, 9, 30))],
            "payments": [PaymentTerm("P1", yuan(300_000), "M1", 30), PaymentTerm("P2", yuan(700_000), "M2", 30)],
        }  # fmt: skip
        stream: UUID = self.ask(who, contracts.sign_contract, **{**given, **terms}).id
        return stream

    def finding(self, contract: UUID, **terms: Any) -> UUID:
        who = terms.pop("who", "county-supervisor")
        given: dict[str, Any] = {"behaviour": "QLT-01", "kind": "administrative", "party": A, "facts": "砂浆强度不足"}
        _, _, case = self.ask(who, breach.record_finding, contract, **{**given, **terms})
        stream: UUID = case.id
        return stream


LARGER = Proposed(["fine_larger"], yuan(30_000), ["M-03"])


def opened(**terms: Any) -> tuple[Office, UUID]:
    """An office on 2026-04-08 with a case against firm A."""
    office = Office()
    contract = office.at("2026-01-12").contract()
    return office, office.at("2026-04-08").finding(contract, occurred_on=date(2026, 4, 2), **terms)


def noticed(proposed: Proposed = LARGER, **terms: Any) -> tuple[Office, UUID]:
    """… with a notice served on 2026-04-09; both windows end on 2026-04-16."""
    office, case = opened(**terms)
    office.at("2026-04-09").ask("county-supervisor", breach.serve_notice, case, proposed=proposed)
    return office, case


def confirmed(proposed: Proposed = LARGER, **terms: Any) -> tuple[Office, UUID]:
    """… with a statement of 04-13, a legal review of 04-20, and confirmed on 2026-04-24."""
    office, case = noticed(proposed, **terms)
    office.at("2026-04-13").ask("company-a", breach.receive_statement, case, text="已经返工")
    confirm(office, case)
    return office, case


def confirm(office: Office, case: UUID) -> None:
    """A legal review of 2026-04-20, and confirmed on 04-24."""
    office.at("2026-04-20").ask("legal", breach.pass_legal_review, case, opinion="同意")
    office.at("2026-04-24").ask("decider", breach.confirm_breach, case, grounds="检测报告")


def sanctioned(proposed: Proposed = LARGER) -> tuple[Office, UUID, UUID]:
    """… and decided on 2026-04-29."""
    office, case = confirmed(proposed)
    return office, case, decide(office, case, proposed)


def decide(office: Office, case: UUID, proposed: Proposed = LARGER) -> UUID:
    """The decision of 2026-04-29, as it was notified."""
    _, sanction = office.at("2026-04-29").ask(
        "decider", breach.decide_sanction, case, decision_types=proposed.decision_types, fine=proposed.fine,
        measures=proposed.measures, document_number="遂水罚〔2026〕6号", grounds="建设工程质量管理条例",
    )  # fmt: skip
    decided: UUID = sanction
    return decided


def served(proposed: Proposed = LARGER) -> tuple[Office, UUID, UUID]:
    """… and served with its repair notice on 2026-05-06."""
    office, case, sanction = sanctioned(proposed)
    office.at("2026-05-06").ask("county-supervisor", breach.serve_sanction, case)
    return office, case, sanction


def published(proposed: Proposed = LARGER) -> tuple[Office, UUID, UUID]:
    """… and published on 2026-05-12, the fine paid on 05-15."""
    office, case, sanction = served(proposed)
    office.at("2026-05-12").ask("county-supervisor", breach.publish_sanction, case)
    office.at("2026-05-15").ask("county-supervisor", breach.fulfil_sanction, case, evidence=[DIGEST])
    return office, case, sanction


def applied(**terms: Any) -> tuple[Office, UUID, UUID]:
    """… and firm A has applied for repair on 2026-07-29: office, case, repair."""
    office, case, sanction = published()
    given: dict[str, Any] = {"fulfilment_proof": [DIGEST], "commitment": "不再发生", "commitment_signed_on": day("2026-07-28")}
    repair = office.at("2026-07-29").ask("company-a", repairs.apply_for_repair, sanction=sanction, **{**given, **terms})
    return office, case, repair.id


def on_database(place: Path | str) -> Office:
    """The same office on a real log: in a file, or in the database at a URL."""
    engine = open_ledger(place)
    create_ledger(engine)
    office = Office(lambda clock: EventRecorder(engine, clock))
    office.engine = engine
    return office


def topics(events: Iterable[Event]) -> list[str]:
    return [one.topic for one in events]
