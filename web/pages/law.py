"""The law as data, at pages: instruments in force and what cites them, one pack whole, the calendar; proposing and adopting."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from domain.policy import commands
from domain.policy.commands import KEEPERS
from domain.policy.faults import PackRejected
from domain.policy.notices import read_notice
from domain.rules import RuleBroken
from projections import loops
from projections.cards.plain import Json
from web import policies
from web.api.law import pack_named, proposal
from web.asking import Asking, Signed, only
from web.looks.looks import leave_note
from web.looks.tongue import lazy, tongue_of
from web.pages.showing import show, time_of
from web.ticking import tick

router = APIRouter(include_in_schema=False)
KEEPER = only(*KEEPERS)
CHOOSE = lazy("请先选择一个文件。")
NO_FILE = [{"sentence": CHOOSE, "values": {}}]
PACK_FILE, YEAR_FILE = "pack-file", "year-file"  # ids of the two fields of the page
COLUMNS = ("key", "version", "title", "number", "issuer", "effective_from", "effective_until", "source", "rules", "unconfirmed", "cited")


# -- for everybody


def _cited(asking: Asking) -> list[Json]:
    """The packs, each with how many open deadlines and permanent decisions cite it."""
    with asking.office.looking() as conn:
        cited = loops.cited(conn, asking.moment)
    rows = policies.packs(asking.office.book_at(asking.moment), asking.moment.day)
    return [{**row, "cited": cited.get((row["key"], row["version"]), 0)} for row in rows]


@router.get("/policy")
def show_policy(request: Request, asking: Signed) -> Response:
    """Instruments in force on the day; those that were, or will be, below."""
    rows = _cited(asking)
    return show(
        request,
        "law/policy.html",
        rows=[one for one in rows if one["in_force"]],
        others=[one for one in rows if not one["in_force"]],
        day=asking.moment.day,
        keeps="administrator" in asking.actor.roles,
        time=time_of(asking),
    )


@router.get("/policy.csv")
def send_policy(asking: Signed) -> Response:
    """The same list as a file."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([[row[name] for name in COLUMNS] for row in _cited(asking)])
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="policy.csv"'})


@router.get("/policy/calendar")
def show_calendar(request: Request, asking: Signed) -> Response:
    """Which days are off and which weekend days are worked, by year, the latest first."""
    book = asking.office.book_at(asking.moment)
    rows = policies.years(book)
    last = book.calendar().last_year if rows else None
    rows = [{**row, "off": [{**one, "runs": runs(one["days"])} for one in row["off"]]} for row in rows]
    return show(
        request, "law/calendar.html", rows=rows[::-1], last=last, keeps="administrator" in asking.actor.roles and not asking.looks_back, time=time_of(asking)
    )


def runs(days: Iterable[str]) -> list[tuple[str, str]]:
    """Days that follow one another, as first and last: a holiday of January may also have days in the December before the next."""
    found = list[tuple[str, str]]()
    for day in sorted(days):
        if found and date.fromisoformat(day) - date.fromisoformat(found[-1][1]) == timedelta(1):
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


@router.get("/policy/{name}")
def show_pack(request: Request, asking: Signed, name: str) -> Response:
    """A pack whole: what it says, by which clause, how sure."""
    position, pack = pack_named(asking, name)
    row = policies.pack_row(position, pack, asking.office.book_at(asking.moment).pack_if_any(pack.head.family, asking.moment.day) is pack)
    return show(request, "law/pack.html", pack=row, statements=_in_tongue(request, policies.statements(pack)), time=time_of(asking))


def _in_tongue(request: Request, statements: list[Json]) -> list[Json]:
    english = tongue_of(request).lang == "en"
    return [{**one, "said": one["sentence_en"] if english else one["sentence"], "gives": given(one["gives"])} for one in statements]


def given(gives: Mapping[str, Any]) -> str:
    """What a statement gives, in one line as the file writes it."""
    return "; ".join(f"{name} = {_value(value)}" for name, value in gives.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + given(value) + "}"
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value)
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


# -- for the administrator


@router.get("/administration/packs")
def show_packs(request: Request, asking: Asking = KEEPER) -> Response:
    return _packs(request, asking)


def _packs(request: Request, asking: Asking, status: int = 200, faults: Any = (), broken: Any = (), at: str = "") -> Response:
    office = asking.office
    with office.looking() as conn:
        due = {row.loop_key: row.due_on for row in loops.open_loops(conn, office.moment(), loops.Wanted(kinds=("pack_proposed",)))}
    waiting = [{**one, "due_on": due.get(one["digest"]), "mine": one["account"] == asking.actor.account} for one in policies.proposals(office)]
    return show(
        request, "administration/packs.html", status, waiting=waiting, rows=policies.packs(office.book, office.today), faults=faults, broken=broken, at=at
    )


@router.post("/administration/packs")
def propose(request: Request, file: Annotated[UploadFile | None, File()] = None, asking: Asking = KEEPER) -> Response:
    """Propose a pack; a file with faults comes back with each, its line and reason."""
    if file is None or not file.filename:
        return _packs(request, asking, 422, broken=NO_FILE, at=PACK_FILE)
    office, content, name = asking.office, file.file.read(office_limit(asking)), file.filename
    try:
        digest = office.do(lambda act: commands.propose_pack(act, name, content, policies.keep(office)), asking.actor).outcome
    except PackRejected as rejected:
        return _packs(request, asking, 422, faults=rejected.faults, at=PACK_FILE)
    except RuleBroken as refused:
        return _packs(request, asking, 422, broken=refused.broken, at=PACK_FILE)
    return leave_note(RedirectResponse(f"/administration/packs/{digest}", 303), lazy("规则包已提出，等另一位管理员采用。"))


def office_limit(asking: Asking) -> int:
    """So many bytes of a file are read; one that is longer is cut, and will not be a pack."""
    return asking.office.settings.max_upload + 1


@router.get("/administration/packs/{digest}")
def show_proposal(request: Request, digest: str, asking: Asking = KEEPER) -> Response:
    return _proposal(request, asking, digest)


def _proposal(request: Request, asking: Asking, digest: str, status: int = 200, broken: Any = (), reason: str | None = None) -> Response:
    office, row = asking.office, proposal(asking, digest)
    pack = policies.kept_pack(office, digest)
    before = policies.forerunner(office.book, pack)
    changes = [{"name": one["name"], **{side: _in_tongue(request, [one[side]])[0] if one[side] else None for side in ("before", "after")}}
               for one in policies.difference(before, pack)]  # fmt: skip
    return show(
        request,
        "administration/proposal.html",
        status,
        row=row,
        pack=policies.pack_row(None, pack, False),
        changes=changes,
        before=policies.pack_row(None, before, False) if before else None,
        mine=row["account"] == asking.actor.account,
        broken=broken,
        reason=reason,
    )


@router.post("/administration/packs/{digest}/adoption")
def adopt(request: Request, digest: str, asking: Asking = KEEPER) -> Response:
    """A second person adopts; running deadlines are counted anew."""
    office = asking.office
    proposal(asking, digest)
    tick(office)
    try:
        office.do(lambda act: commands.adopt_pack(act, digest), asking.actor)
    except RuleBroken as refused:
        return _proposal(request, asking, digest, 422, refused.broken)
    tick(office)
    return leave_note(RedirectResponse("/administration/packs", 303), lazy("规则包已采用。"))


@router.post("/administration/packs/{digest}/drop")
def drop(request: Request, digest: str, reason: Annotated[str, Form(max_length=2000)] = "", asking: Asking = KEEPER) -> Response:
    proposal(asking, digest)
    try:
        asking.office.do(lambda act: commands.drop_pack(act, digest, reason.strip()), asking.actor)
    except RuleBroken as refused:
        return _proposal(request, asking, digest, 422, refused.broken, reason)
    return leave_note(RedirectResponse("/administration/packs", 303), lazy("规则包已退回。"))


@router.post("/administration/calendar")
def publish_year(request: Request, file: Annotated[UploadFile | None, File()] = None, asking: Asking = KEEPER) -> Response:
    """Adopt a year's days off from its file; running deadlines are counted anew, and their owners are told."""
    if file is None or not file.filename:
        return _packs(request, asking, 422, broken=NO_FILE, at=YEAR_FILE)
    office = asking.office
    try:
        notice = read_notice(file.file.read(office_limit(asking)), file.filename)
        tick(office)
        office.do(lambda act: commands.publish_calendar_year(act, notice.year, notice.days_off, notice.work, notice.source), asking.actor)
    except PackRejected as rejected:
        return _packs(request, asking, 422, faults=rejected.faults, at=YEAR_FILE)
    except RuleBroken as refused:
        return _packs(request, asking, 422, broken=refused.broken, at=YEAR_FILE)
    tick(office)
    return leave_note(RedirectResponse("/policy/calendar", 303), lazy("{year} 年放假安排已采用，未办结的期限已重新计算。"), year=notice.year)
