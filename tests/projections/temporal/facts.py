"""A small world of its own for the engine's tests: contracts and cases, three views of them, and a ledger in a list."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from domain.events import Event, Told
from projections.temporal.rows import Rows
from projections.temporal.tables import json, temporal_table, text
from projections.temporal.view import View

DAY0 = date(2026, 1, 1)


class Fact(Event, frozen=True, kw_only=True):
    """Not registered: these are no events of the product."""

    day_field: ClassVar[str] = "on"
    by: str = "system"
    on: date


class Signed(Fact, frozen=True, kw_only=True):
    authority: str
    value: int
    duties: list[tuple[str, date]]


class Amended(Fact, frozen=True, kw_only=True):
    value: int


class Suspended(Fact, frozen=True, kw_only=True): ...


class Terminated(Fact, frozen=True, kw_only=True): ...


class DutyAdded(Fact, frozen=True, kw_only=True):
    duty: str
    due_on: date


class DutyDone(Fact, frozen=True, kw_only=True):
    duty: str


class Paid(Fact, frozen=True, kw_only=True):
    amount: int | None


class Checked(Fact, frozen=True, kw_only=True): ...  # no view is about it


class Published(Fact, frozen=True, kw_only=True):
    party: str
    ends_on: date


class Changed(Fact, frozen=True, kw_only=True):
    ends_on: date


class Withdrawn(Fact, frozen=True, kw_only=True): ...


class Annulled(Fact, frozen=True, kw_only=True): ...  # takes the place of what it corrects, and says nothing


register = temporal_table(
    "register",
    sa.Column("authority", text),
    sa.Column("state", text),
    sa.Column("value", sa.BigInteger()),
    sa.Column("paid", sa.BigInteger()),
    sa.Column("payments", json),
    pages=[("authority", "value", "owner")],
    searches=["authority", "state"],
)


def tell_register(event: Signed | Amended | Suspended | Terminated | Paid, rows: Rows) -> None:
    match event:
        case Signed():
            rows.put(authority=event.authority, state="in force", value=event.value, paid=0, payments=[])
        case Amended():
            rows.revise(value=event.value)
        case Suspended():
            rows.revise(state="suspended")
        case Terminated():
            rows.revise(state="terminated")
        case Paid():
            if contract := rows.get():
                contract["payments"].append({"place": [rows.version, rows.position], "amount": event.amount})
                rows.revise(paid=contract["paid"] + event.amount, payments=contract["payments"])


duties = temporal_table(
    "duties",
    sa.Column("authority", text),
    sa.Column("due_on", sa.Date()),
    pages=[("authority", "due_on", "owner", "key")],
    short_lived=True,
)


def tell_duties(event: Signed | DutyAdded | DutyDone | Terminated, rows: Rows) -> None:
    match event:
        case Signed():
            rows.put("contract", authority=event.authority)
            for duty, due_on in event.duties:
                rows.put(duty, authority=event.authority, due_on=due_on)
        case DutyAdded():
            if contract := rows.get("contract"):
                rows.put(event.duty, **{**contract, "due_on": event.due_on})
        case DutyDone():
            rows.remove(event.duty)
        case Terminated():
            for duty in rows.keys():  # noqa: SIM118  a method of rows, not of a mapping
                if duty != "contract":
                    rows.remove(duty)


publicity = temporal_table(
    "publicity",
    sa.Column("party", text),
    sa.Column("ends_on", sa.Date()),
    sa.Column("pack", sa.Integer()),
    sa.Column("told_at", text),
    pages=[("party", "ends_on", "owner")],
)


def tell_publicity(event: Published | Changed | Withdrawn, rows: Rows) -> None:
    match event:
        case Published():
            rows.put(party=event.party, ends_on=event.ends_on, pack=rows.book, told_at=str(rows.recorded_at))
        case Changed():
            rows.revise(ends_on=event.ends_on)
        case Withdrawn():
            rows.remove()


VIEWS = [View(register, tell_register), View(duties, tell_duties), View(publicity, tell_publicity)]


def book_of(position: int) -> int:
    """A policy that changes every fifty positions."""
    return position // 50


class ListLedger:
    """What a follower needs of a ledger; `told` grows."""

    def __init__(self, told: Sequence[Told] = ()) -> None:
        self.told = list(told)
        self.asked = 0

    def after(self, position: int, limit: int) -> Sequence[Told]:
        self.asked += 1
        return [one for one in self.told if one.position > position][:limit]

    def shares(self, upto: int, parts: int) -> list[tuple[UUID, UUID | None]]:
        streams = sorted({one.stream for one in self.told if one.position <= upto})
        cuts = [streams[len(streams) * n // parts] for n in range(1, parts)]
        return list(zip([UUID(int=0), *cuts], [*cuts, None], strict=True))

    def by_stream(self, start: UUID, below: UUID | None, upto: int, limit: int) -> Iterator[list[Told]]:
        mine = (one for one in self.told if start <= one.stream and (below is None or one.stream < below) and one.position <= upto)
        batch = list[Told]()
        for _, stream in groupby(sorted(mine, key=lambda one: (one.stream, one.version)), key=lambda one: one.stream):
            batch += stream
            if len(batch) >= limit:
                yield batch
                batch = []
        yield batch

    def of(self, streams: Sequence[UUID], upto: int | None = None) -> dict[UUID, list[Told]]:
        wanted = set(streams)
        found: dict[UUID, list[Told]] = {}
        for one in self.told:
            if one.stream in wanted and (upto is None or one.position <= upto):
                found.setdefault(one.stream, []).append(one)
        return found


def evening(day: date) -> datetime:
    """Late that day in China, which is still the afternoon in the log's own time."""
    return datetime.combine(day, time(15, 30), UTC)


CONTRACT = ["pay", "pay", "pay", "done", "done", "done", "add", "amend", "check", "check", "suspend", "terminate"]
CASE = ["publish", "change", "withdraw", "check"]


def fact(kind: str, on: date, n: int, corrects: int | None = None) -> Fact:
    said: dict[str, Any] = {"on": on, "corrects": corrects, "reason": None if corrects is None else "mistyped"}
    ahead = on + timedelta(days=n)
    match kind:
        case "sign":
            return Signed(**said, authority=f"机构{n % 2}", value=n, duties=[("a", ahead), ("b", on)])
        case "amend":
            return Amended(**said, value=n * 10)
        case "add":
            return DutyAdded(**said, duty="abcd"[n % 4], due_on=ahead)
        case "done":
            return DutyDone(**said, duty="abcd"[n % 4])
        case "pay":
            return Paid(**said, amount=n)
        case "publish":
            return Published(**said, party=f"企业{n % 2}", ends_on=ahead)
        case "change":
            return Changed(**said, ends_on=ahead)
    plain = {"suspend": Suspended, "terminate": Terminated, "check": Checked, "withdraw": Withdrawn, "annul": Annulled}
    return plain[kind](**said)


Step = tuple[int, int, int, int, int, int]  # stream, kind, days gone by, days late, correction?, n


def history(steps: Sequence[Step]) -> list[Told]:
    """Even streams are contracts, odd ones cases; some events come late, some are said again, or annulled."""
    today, streams, told = DAY0, dict[int, list[str]](), list[Told]()
    for position, (stream, kind, passed, late, odd, n) in enumerate(steps, 1):
        today += timedelta(days=passed)
        past = streams.setdefault(stream, [])
        version, on = len(past) + 1, today - timedelta(days=late)
        kinds, corrects = (CONTRACT, CASE)[stream % 2], None
        said = kinds[kind % len(kinds)] if past else ("sign", "publish")[stream % 2]
        if past and odd < 2:
            corrects = n % len(past) + 1
            said = "annul" if odd == 0 and corrects > 1 else past[corrects - 1]
        past.append(said)
        event = fact(said, on, n, corrects)
        told.append(Told(UUID(int=stream + 1), version, event, position, evening(today)))
    return told


def random_steps(size: int, seed: int, late: float = 0.1, corrected: float = 0.03, streams: int = 40) -> Iterator[Step]:
    """As `history` wants them: streams come and go, a few are open at a time."""
    dice = Random(seed)
    for n in range(size):
        stream = n // 60 * 6 + dice.randrange(streams)
        odd = 9 if dice.random() >= corrected else dice.randrange(2)
        lateness = 0 if dice.random() >= late else dice.randrange(1, 60)
        passed = 0 if dice.random() < 0.7 else 1
        yield stream, dice.randrange(60), passed, lateness, odd, dice.randrange(40)


def random_history(size: int, seed: int, **shares: Any) -> list[Told]:
    return history(list(random_steps(size, seed, **shares)))
