"""Made-up histories of an authority: contracts over years, one in eight with a case, every second of those with a repair.

Events stand in the order in which they were recorded; one in twenty is recorded days after its day, one payment in
forty is said again later. The same seed tells the same history, whatever its length.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from itertools import count
from random import Random
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from domain.access.account import account_id
from domain.act import CHINA
from domain.breach import events as b
from domain.contract import events as c
from domain.events import Event, Told, encode
from domain.index import Taken
from domain.ledger import stream_id
from domain.party.events import PartyRegistered
from domain.party.party import party_id
from domain.repair import events as r
from domain.rules import Basis
from domain.terms import Authority, CheckItem, Contractor, Obligation, PaymentTerm, Proof, Security
from domain.values.money import Money
from domain.values.uscc import check_character

FIRST, LAST = date(2024, 1, 2), date(2026, 11, 20)
PER_CONTRACT = 20  # events, on the average, of contracts spread over these days
CITY = "440800"
COUNTIES = ("440802", "440803", "440804", "440811", "440823", "440825", "440881", "440882", "440883")
PLACES = ("赤坎区", "霞山区", "坡头区", "麻章区", "遂溪县", "徐闻县", "廉江市", "雷州市", "吴川市")
WORKS = ("堤防加固工程", "水库除险加固工程", "灌区配套改造工程", "中小河流治理工程", "泵站更新改造", "供水管网改造", "水土保持监测服务", "闸门启闭设备采购")
PARTS = ("施工准备", "基础处理", "主体工程", "设备安装", "试运行", "竣工资料", "培训", "维护")
TYPES, SIZES = ("SG", "HW", "FW", "JL"), ("small", "medium", "large", "micro", None)
BEHAVIOURS = ("QLT-01", "QLT-04", "SAF-01", "SGN-03")
LAW = Basis("repair-2023", 1, "repair.earliest", "第九条", "confirmed")
AGREED = Basis("measures", 1, "measure.M-03", "第十一条", "confirmed")
PROOF = "sha256:" + "0" * 64

Entry = tuple[date, int, UUID, Event, int | None]  # recorded on, number, stream, event, number of the event it corrects


def supervisor(region: str) -> str:
    """The sign-in name of a region's supervisor; `by` in its events is that account's id."""
    return f"supervisor-{region}"


@cache
def _account(name: str) -> str:
    return str(account_id(name))


@cache
def organisation(kind: str, n: int) -> tuple[str, str]:
    """Code and name of the n-th authority or firm."""
    area, place = COUNTIES[n % 9], PLACES[n % 9]
    code = f"{'11' if kind == 'authority' else '91'}{area}{n:08d}X"
    name = f"湛江{place}水务局{n // 9 or ''}" if kind == "authority" else f"湛江{place}第{n}水利工程有限公司"
    return code + check_character(code + "0"), name


@dataclass(slots=True)
class _Story:
    """One contract's entries, its case's and its repair's."""

    n: int
    signed: date
    dice: Random
    numbers: Iterator[int]
    by: str
    entries: list[Entry] = field(default_factory=list)

    def id(self, on: date) -> UUID:
        """A time-ordered id, as the product makes them."""
        stamp = int(datetime.combine(on, time(9), CHINA).timestamp() * 1000) + self.n % 28_800_000
        noise = self.dice.getrandbits(74)
        return UUID(int=(stamp & (2**48 - 1)) << 80 | 0x7 << 76 | (noise >> 62 & 0xFFF) << 64 | 0b10 << 62 | noise & (2**62 - 1))

    def tell(self, stream: UUID, event_kind: type[Event], /, *, late: int = 0, by: str | None = None, corrects: int | None = None, **said: Any) -> int:
        """An event of this day (the one it names), recorded so many days later; gives its number."""
        event = event_kind(by=by or self.by, **said)
        number = next(self.numbers)
        self.entries.append((event.day + timedelta(late), number, stream, event, corrects))
        return number

    def late(self) -> int:
        return self.dice.randrange(1, 15) if self.dice.random() < 0.08 else 0


def _days(on: date, some: float) -> date:
    return on + timedelta(int(some))


def _yuan(amount: int) -> Money:
    return Money(Decimal(amount), "CNY")


def _contract(story: _Story, firms: int) -> None:
    dice, signed = story.dice, story.signed
    area = story.n % 9
    code, name = organisation("authority", area)
    (firm, firm_name), size = organisation("firm", lead := dice.randrange(firms)), SIZES[lead % 5]
    ours, theirs = Authority("CN-USCC", code, name), Contractor("CN-USCC", firm, firm_name, size, True)
    stream, value, parts = story.id(signed), dice.randrange(5, 800) * 10_000, dice.randrange(3, 9)
    number = f"{COUNTIES[area]}-SWJ-{TYPES[story.n % 4]}-{signed.year}-{story.n:06d}"
    days = [_days(signed, 20 + (n + 1) * dice.randrange(15, 50)) for n in range(parts)]
    days.sort()
    duties = [Obligation(f"M{n + 1}", "contractor", PARTS[n], due) for n, due in enumerate(days)]
    terms = [PaymentTerm(f"P{n + 1}", _yuan(value // parts), f"M{n + 1}", 30) for n in range(parts)]
    held = Security(_yuan(value // 20), "bank_guarantee") if dice.random() < 0.5 else None
    kept = Decimal(3) if dice.random() < 0.4 else Decimal(0)
    story.tell(
        stream, c.ContractSigned, number=number, name=f"{PLACES[area]}{WORKS[dice.randrange(8)]}（{story.n}）", type=TYPES[story.n % 4],
        region=COUNTIES[area], signed_on=signed, holds_from=signed, starts_on=_days(signed, 5), ends_on=_days(days[-1], 10), authority=ours,
        contractors=[theirs], value=_yuan(value), obligations=duties, payments=terms, security=held, retention_percent=kept,
    )  # fmt: skip
    key = f"{ours.ref}|{number}"
    story.tell(stream_id("contract-number", key), Taken, kind="contract-number", key=key, owner=stream, on=signed)
    story.tell(stream, c.ContractPublished, published_on=_days(signed, 1))
    story.tell(stream, c.ContractFiled, filed_on=_days(signed, 4))
    check, planned = story.id(signed), _days(signed, 30)
    story.tell(stream, c.CheckPlanned, check=check, planned_on=planned, mode="routine", recorded_on=_days(signed, 10))
    if dice.random() < 0.15:
        story.tell(stream, c.ContractAmended, number=None, amended_on=_days(signed, 15), rationale="设计变更", value=_yuan(value + value // 20),
                   ends_on=_days(days[-1], 60), obligations=[], payments=[])  # fmt: skip
    items = [CheckItem("进度", "pass"), CheckItem("质量", "fail" if dice.random() < 0.3 else "pass", "混凝土强度抽检", [PROOF])]
    carried = _days(planned, dice.randrange(0, 5))
    story.tell(stream, c.CheckCarriedOut, check=check, carried_out_on=carried, inspectors=[story.by, _account("inspector")], items=items)
    if dice.random() < 0.125:
        _case(story, stream, ours, theirs, carried, COUNTIES[area], check, value)
    if dice.random() < 0.05:
        story.tell(stream, c.ContractSuspended, suspended_on=_days(signed, 40), why="汛期")
        story.tell(stream, c.ContractResumed, resumed_on=_days(signed, 60))
    last = _performance(story, stream, duties, terms)
    if held is not None:
        story.tell(stream, c.SecurityReturned, returned_on=_days(last, 12), value=None, kept_because="")
    if kept:
        story.tell(stream, c.RetentionReleased, released_on=_days(last, 25), value=None, kept_because="")
    story.tell(stream, c.ContractSettled, settled_on=_days(last, 30))


def _performance(story: _Story, stream: UUID, duties: list[Obligation], terms: list[PaymentTerm]) -> date:
    """Each obligation fulfilled and paid for, some late; gives the day of completion."""
    dice, last = story.dice, story.signed
    for duty, term in zip(duties, terms, strict=True):
        assert duty.due_on is not None
        done = max(_days(duty.due_on, dice.randrange(-8, 12)), _days(story.signed, 6))
        story.tell(stream, c.ObligationFulfilled, ref=duty.ref, fulfilled_on=done, evidence=[PROOF], late=story.late())
        paid, last = _days(done, dice.randrange(5, 45)), max(last, done)
        first = story.tell(stream, c.PaymentMade, ref=term.ref, paid_on=paid, value=term.value, late=story.late())
        if dice.random() < 0.025:
            story.tell(stream, c.PaymentMade, ref=term.ref, paid_on=paid, value=_yuan(int(term.value.amount) - 100), reason="金额录错",
                       late=20 + dice.randrange(20), corrects=first)  # fmt: skip
    completed = _days(last, 46)
    story.tell(stream, c.ContractCompleted, completed_on=completed, evidence=[PROOF])
    return completed


def _case(story: _Story, contract: UUID, ours: Authority, theirs: Contractor, found: date, region: str, check: UUID, value: int) -> None:
    dice, finding, case, by = story.dice, story.id(found), story.id(found), story.by
    behaviour, decider, said = BEHAVIOURS[story.n % 4], _account("decider"), "混凝土强度不足，抽检三处不合格"
    told: dict[str, Any] = {"behaviour": behaviour, "kind": "administrative", "party": theirs.ref, "occurred_on": found, "facts": said,
                            "contract_clause": "8.2", "evidence": [Proof(PROOF, by)]}  # fmt: skip
    story.tell(contract, c.FindingRecorded, finding=finding, case=case, check=check, found_on=found, **told)
    story.tell(
        case, b.CaseOpened, number=f"{region}-AJ-{found.year}-{story.n:06d}", finding=finding, contract=contract, region=region,
        authority=ours.ref, contractors=[theirs.ref], side="contractor", opened_on=found, contract_value=_yuan(value), **told,
    )  # fmt: skip
    noticed, penalty = _days(found, dice.randrange(1, 10)), ["fine_larger"]
    story.tell(case, b.NoticeServed, served_on=noticed, window_on=noticed, method="direct", document_number=f"告〔{noticed.year}〕{story.n}号",
               proposed=b.Proposed(penalty, _yuan(30_000), ["M-03"]), hearing=False, proof=[PROOF])  # fmt: skip
    if dice.random() < 0.6:
        story.tell(case, b.StatementReceived, received_on=_days(noticed, 2), text="已整改，请求从轻", evidence=[], via="web")
    else:
        story.tell(case, b.WindowEnded, loop="statement_window:", ended_on=_days(noticed, 7), by="system", via="clock")
    story.tell(case, b.LegalReviewPassed, passed_on=_days(noticed, 10), opinion="同意", by=_account("legal"))
    story.tell(case, b.BreachConfirmed, confirmed_on=_days(noticed, 12), kind="administrative", grounds="事实清楚", excuses=[], basis=[LAW], ended_on=None,
               harm=False, by=decider)  # fmt: skip
    sanction, decided = story.id(noticed), _days(noticed, 20)
    number = f"罚〔{decided.year}〕{story.n}号"
    story.tell(
        case, b.SanctionDecided, sanction=sanction, decided_on=decided, document_number=number, decision_types=penalty, fine=_yuan(30_000),
        measures=["M-03"], grounds="依据事实和证据", national_class="general", industry_class="B", points=Decimal(3), to_be_published=True,
        repairable_from=_days(decided, 91), last_day=_days(decided, 365), recipients=["creditchina", "water"], basis=[LAW], by=decider,
    )  # fmt: skip
    served = _days(decided, 6)
    story.tell(case, b.SanctionServed, sanction=sanction, served_on=served, effective_on=served, method="direct", proof=[PROOF])
    story.tell(case, b.RepairNoticeServed, sanction=sanction, served_on=served)
    story.tell(case, b.SanctionPublished, sanction=sanction, published_on=_days(served, 1), until=_days(decided, 365), party=theirs.ref,
               document_number=number, decision_types=penalty, authority=ours.ref)  # fmt: skip
    story.tell(case, b.MeasureApplied, sanction=sanction, measure="M-03", applied_on=_days(served, 1), ends_on=None, basis=AGREED)
    story.tell(case, b.SanctionFulfilled, sanction=sanction, fulfilled_on=_days(served, 10), evidence=[PROOF], late=story.late())
    if dice.random() < 0.5:
        ended, why = _repair(story, case, sanction, theirs.ref, region, number, _days(decided, 95)), "repaired"
    else:
        ended, why = _days(decided, 366), "expired"
    story.tell(case, b.PublicityEnded, sanction=sanction, ended_on=ended, why=why, by="system", via="clock")
    story.tell(case, b.MeasureLifted, sanction=sanction, measure="M-03", lifted_on=ended, why=why)
    story.tell(case, b.CaseClosed, closed_on=_days(ended, 5), why="已结")


def _repair(story: _Story, case: UUID, sanction: UUID, party: str, region: str, number: str, applied: date) -> date:
    repair, firm, papers = story.id(applied), _account("applicant"), [r.Document("fulfilment_proof", PROOF)]
    story.tell(
        repair, r.RepairApplied, receipt=f"XF{applied.year}{story.n:06d}", case=case, sanction=sanction, party=party, region=region,
        document_number=number, applied_on=applied, documents=papers, commitment="承诺不再发生", commitment_signed_on=applied,
        contact_name="sealed", contact_phone="sealed", insisted=False, repairable_from=_days(applied, -4),
        recipients=["creditchina", "water"], basis=[LAW], by=firm,
    )  # fmt: skip
    taken = applied
    if story.dice.random() < 0.4:
        taken = _days(applied, 6)
        story.tell(repair, r.SupplementRequested, items=[r.Missing("fulfilment_proof", "看不清")], requested_on=_days(applied, 1))
        story.tell(repair, r.SupplementProvided, documents=papers, provided_on=taken, by=firm)
    story.tell(repair, r.RepairAccepted, accepted_on=_days(taken, 2))
    story.tell(repair, r.RepairVerified, fulfilled=True, verified_on=_days(taken, 5))
    decided = _days(taken, 9)
    story.tell(repair, r.RepairApproved, decided_on=decided, document_number=f"修〔{decided.year}〕{story.n}号", grounds="已履行", basis=[LAW],
               by=_account("decider2"))  # fmt: skip
    for recipient in ("creditchina", "water"):
        story.tell(repair, r.RecipientAcknowledged, recipient=recipient, reference="1", acknowledged_on=_days(decided, 2))
    story.tell(repair, r.RepairSynchronised, synchronised_on=_days(decided, 2), by="system", via="clock")
    return decided


def _parties(firms: int, numbers: Iterator[int]) -> Iterator[Entry]:
    sides = [("authority", n, None) for n in range(9)] + [("firm", n, SIZES[n % 5]) for n in range(firms)]
    for kind, n, size in sides:
        code, name = organisation(kind, n)
        event = PartyRegistered(by=_account(supervisor(CITY)), scheme="CN-USCC", id=code, name=name, size=size, region=COUNTIES[n % 9],
                                registered_on=FIRST)  # fmt: skip
        yield FIRST, next(numbers), party_id("CN-USCC", code), event, None


def history(contracts: int, seed: int = 1) -> Iterator[Told]:
    """All that is recorded of so many contracts up to the last day, with no positions yet."""
    numbers, firms, length = count(), max(20, contracts // 25), (LAST - FIRST).days
    pending: list[Entry] = list(_parties(firms, numbers))
    versions: dict[UUID, int] = {}
    places: dict[int, int] = {}  # of payments, which alone are corrected

    def told(upto: date) -> Iterator[Told]:
        while pending and pending[0][0] <= upto:
            on, number, stream, event, corrects = heapq.heappop(pending)
            version = versions[stream] = versions.get(stream, 0) + 1
            if corrects is not None:
                event = _correcting(event, places[corrects])
            elif isinstance(event, c.PaymentMade):
                places[number] = version
            yield Told(stream, version, event, recorded_at=datetime.combine(on, time(18), CHINA))

    for n in range(contracts):
        signed = _days(FIRST, 1 + n * (length - 1) // contracts)
        yield from told(_days(signed, -1))
        story = _Story(n, signed, Random(f"{seed}/{n}"), numbers, _account(supervisor(COUNTIES[n % 9])))
        _contract(story, firms)
        for entry in story.entries:
            heapq.heappush(pending, entry)
    yield from told(LAST)


def _correcting(event: Event, version: int) -> Event:
    said = {name: getattr(event, name) for name in event.__struct_fields__}
    return type(event)(**{**said, "corrects": version})


def write(told: Iterable[Told], recorder: Any, set_clock: Callable[[datetime], object], at_once: int = 4_000) -> int:
    """Straight through the recorder, by the day of recording; gives how many there were."""
    waiting: list[StoredEvent] = []
    when: datetime | None = None
    written = 0

    def flush() -> None:
        nonlocal written
        if waiting and when is not None:
            set_clock(when)
            recorder.insert_events(list(waiting))
            written += len(waiting)
            waiting.clear()

    for one in told:
        if one.recorded_at != when or len(waiting) >= at_once:
            flush()
            when = one.recorded_at
        waiting.append(StoredEvent(one.stream, one.version, one.event.topic, encode(one.event)))
    flush()
    return written
