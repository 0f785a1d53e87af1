"""Pages of the auditor: every event, one contract replayed step by step, who looked at what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from domain.access.account import account_id
from domain.events import KINDS, Told, decode
from domain.ledger import NotThere
from projections import cases, repairs
from projections.cards.contract import contract_card
from projections.temporal.moment import Moment
from projections.timeline import SENTENCES, entries
from web import resources
from web.about import streams_about, with_pages
from web.api.lists import Before, Named, one_of
from web.asking import Asking, BadMoment, only
from web.carrying import contract_id
from web.looks.looks import Looks
from web.looks.tongue import lazy, tongue_of
from web.narrowing import Read, visible_reads, visible_rows
from web.office import Office, end_of_day
from web.pages.showing import address, time_of, twins
from web.telling import told_entries

router = APIRouter(include_in_schema=False, prefix="/audit")
AUDITOR = only("auditor")
PAGE = 50
ROWS = 200  # read at a time
SCANNED = 5_000  # rows looked through for one page before it is shown as it is, with a way on
CHAPTERS = (
    ("contract", lazy("合同")),
    ("case", lazy("案件")),
    ("repair", lazy("修复")),
    ("commitment", lazy("信用承诺")),
    ("party", lazy("主体")),
    ("access", lazy("账户")),
    ("policy", lazy("规则包")),
    ("evidence", lazy("证据")),
    ("index", lazy("编号")),
)
RowsBefore = Callable[[int | None], Sequence[Any]]  # at most ROWS of the log before a position, newest first
Chapter: Any = one_of([code for code, _ in CHAPTERS])


def _looks(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


@router.get("")
def show_events(
    request: Request, chapter: Chapter = "", about: Named = "", account: Named = "", day: str = "", before: Before = None, asking: Asking = AUDITOR
) -> Response:
    """The log, newest first. All that narrows it stands in the address."""
    office = asking.office
    office.record_read(asking.actor, "audit", str(request.url.query)[:500])
    found, last = events_before(asking, Narrowed(chapter, about, account, day), before, PAGE)
    kept = {"chapter": chapter, "about": about, "account": account, "day": day}
    further = address(request, before=str(last)) if last is not None else None
    choices = [{"label": label, "href": address(request, chapter=code, before=None), "current": code == chapter, "n": ""} for code, label in CHAPTERS]
    listed = told_entries(office, tongue_of(request), entries(found))
    return _looks(request).render(
        request,
        "audit/events.html",
        items=with_pages(office, reversed(listed)),
        chapters=choices,
        kept=kept,
        further=further,
        twins=twins(request, "/audit"),
        head=office.ledger.head(),
        narrowed=any(kept.values()),
        time=time_of(asking),
    )


class Narrowed(NamedTuple):
    """What narrows the log: a chapter, what it is about, who did it, the last day of recording. Empty: everything."""

    chapter: str
    about: str
    account: str
    day: str


def events_before(asking: Asking, by: Narrowed, before: int | None, most: int) -> tuple[list[Told], int | None]:
    """At most `most` events that this auditor may see, newest first, and the position to go on from; of a moment, what was known and held then."""
    office, moment = asking.office, asking.moment
    topics = [topic for topic in KINDS if topic.startswith(f"{by.chapter}.")] if by.chapter else []
    ends = [one for one in (before, _after_day(office, by.day), None if moment.known_at is None else moment.known_at + 1) if one is not None]
    wanted = account_id(by.account.strip()) if by.account.strip() else None

    def fits(told: Told) -> bool:
        return (wanted is None or told.event.by == str(wanted)) and (moment.as_of is None or told.day <= moment.as_of)

    rows_before = _about(office, moment, by.about, topics) if by.about.strip() else lambda position: office.recorder.before(position, ROWS, topics)
    return _page(office, asking, rows_before, fits, min(ends, default=None), most)


def _about(office: Office, moment: Moment, text: str, topics: list[str]) -> RowsBefore:
    """The rows of what a number, a code or an id is about."""
    rows = [one for one in office.recorder.of(streams_about(office, moment, text)) if not topics or one.topic in topics][::-1]
    return lambda position: list(islice((one for one in rows if position is None or one.position < position), ROWS))


def _after_day(office: Office, day: str) -> int | None:
    """The position behind the last event of a day, so that the page begins with it."""
    try:
        return office.ledger.position_at(end_of_day(date.fromisoformat(day))) + 1 if day else None
    except ValueError:
        raise BadMoment("day", day) from None


def _page(office: Office, asking: Asking, rows_before: RowsBefore, fits: Callable[[Told], bool], start: int | None, most: int) -> tuple[list[Told], int | None]:
    """Events that fit, and the position to go on from."""
    found: list[Told] = []
    position, scanned = start, 0
    while scanned < SCANNED:
        rows = rows_before(position)
        scanned += len(rows)
        for told in _visible(office, asking, rows):
            position = told.position
            if fits(told):
                found.append(told)
            if len(found) == most:
                return found, position
        if len(rows) < ROWS:
            return found, None
        position = rows[-1].position
    return found, position


def _visible(office: Office, asking: Asking, rows: Any) -> Iterator[Told]:
    """Events of contracts, cases and applications of this auditor's regions, and those that are of no region."""
    for row in visible_rows(office, asking.actor, rows):
        event = decode(row.topic, row.state)
        if type(event) in SENTENCES:
            yield Told(row.stream, row.version, event, row.position, office.ledger.recorded_at(row.position))


def _reads(office: Office, asking: Asking, before: int | None, most: int) -> tuple[list[Read], int | None]:
    """Looks that this auditor may see, and the number to go on from."""
    found, last, scanned = list[Read](), before, 0
    while scanned < SCANNED:
        rows = [Read(*row) for row in office.recorder.reads(last, 200)]
        scanned += len(rows)
        found += visible_reads(office, asking.actor, rows)
        if len(found) > most:
            return found[:most], found[most - 1].seq
        if len(rows) < 200:
            return found, None
        last = rows[-1].seq
    return found, last


def reads_before(asking: Asking, before: int | None, most: int) -> tuple[list[dict[str, Any]], int | None]:
    """Who looked at what, newest first, and the number to go on from."""
    found, last = _reads(asking.office, asking, before, most)
    names = asking.office.names({one.account for one in found})
    return [{"n": one.seq, "at": one.at, "who": names[one.account], "kind": one.kind, "subject": one.subject} for one in found], last


@router.get("/access")
def show_access(request: Request, before: Before = None, asking: Asking = AUDITOR) -> Response:
    """Who looked at what."""
    asking.office.record_read(asking.actor, "access", str(request.url.query)[:500])
    items, last = reads_before(asking, before, PAGE)
    further = address(request, before=str(last)) if last is not None else None
    return _looks(request).render(request, "audit/access.html", items=items, further=further, twins=twins(request, "/audit/access"))


@router.get("/replay/{id}")
def replay(request: Request, id: str, step: Before = None, asking: Asking = AUDITOR) -> Response:
    """One contract and what hangs on it, event by event, with what each changed."""
    office, moment = asking.office, asking.moment
    stream = contract_id(office, asking, id)
    office.record_read(asking.actor, "replay", str(stream))
    found = resources.find(office, asking.actor, "contracts", stream, moment)
    told = sorted([*found.told, *_others(office, asking, stream)], key=lambda one: one.position)
    if not told:
        raise NotThere("contracts", id)
    at = min(max(step or len(told), 1), len(told))
    listed = told_entries(office, tongue_of(request), entries(told))
    shown = next((one for one in listed if one["position"] == told[at - 1].position), None)
    changes = _changes(office, told, at)
    return _looks(request).render(
        request,
        "audit/replay.html",
        step=at,
        of=len(told),
        entry=shown,
        changes=changes,
        items=listed,
        stream=str(stream),
        number=resources.card(office, "contracts", found, moment)["number"],
        told=told[at - 1],
    )


def _others(office: Office, asking: Asking, stream: UUID) -> list[Told]:
    moment = asking.moment
    with office.looking() as conn:
        case_ids = cases.of_contract(conn, moment, stream)
        repair_ids = [one for case in case_ids for one in repairs.of_case(conn, moment, case)]
    found: list[Told] = []
    for kind, ids in (("cases", case_ids), ("repairs", repair_ids)):
        for other in resources.streams(office, kind, ids, moment).values():
            if asking.actor.sees(other.whose.region, other.whose.parties):
                found += other.told
    return found


SKIPPED = {"loops", "version", "position", "id"}


def _changes(office: Office, told: list[Told], at: int) -> list[dict[str, Any]]:
    """The fields of the card of the event's own stream that differ from before it."""
    mine = [one for one in told[:at] if one.stream == told[at - 1].stream]
    kind = next((name for name, birth in resources.BIRTHS.items() if isinstance(mine[0].event, birth)), "contracts")
    card = resources.CARDS.get(kind, contract_card)
    day = told[at - 1].day
    after = card(mine, office.book, day, at, at) or {}
    before = card(mine[:-1], office.book, day, at, at) if len(mine) > 1 else {}
    old, new = dict(_flat(before or {})), dict(_flat(office.unseal(after)))
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return [{"name": name, "before": old.get(name), "after": new.get(name)} for name in names][:60]


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, one in value.items():
            if name or key not in SKIPPED:
                yield from _flat(one, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for n, one in enumerate(value, 1):
            yield from _flat(one, f"{name}[{n}]")
    elif value not in (None, [], ""):
        yield name, "、".join(map(str, value)) if isinstance(value, list) else value
