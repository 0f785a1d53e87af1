"""Every list that is no list of contracts as files: under the same filters, moment and access as its page, with all of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from domain.actor import OFFICE
from projections import cases, commitments, parties, repairs, sanctions
from projections.timeline import entries
from web.api.lists import Before, CaseStatus, CommitmentStatus, Kind, Named, RepairStatus, Size, Words, scope_of
from web.api.reads import case_row, party_row, repair_row
from web.asking import Asking, Signed
from web.commitments import commitment_row
from web.desk import desk_rows, told
from web.list_files import KINDS, Cell, Json, file_of
from web.looks.tongue import lazy, tongue_of
from web.naming import called, note_on
from web.pages.audit import AUDITOR, Chapter, Narrowed, events_before, reads_before
from web.pages.desk import Group, groups_of, rows_shown
from web.pages.showing import OFFICE_READERS, behaviour_name
from web.searching import about_case, about_repair
from web.telling import told_entries

router = APIRouter(include_in_schema=False)
AT_ONCE = 500
MOST_EVENTS = 5_000  # of the log in one file
MORE = lazy("更早的没有放进来：地址里写 before={last} 再取")
EVERY_ROW = 1_000_000
Answering = TypeVar("Answering", bound=Callable[..., Response])
CASES = (
    Cell("number", lazy("案号"), width=26), Cell("party_name", lazy("当事人"), width=32), Cell("party", lazy("代码"), width=28),
    Cell("behaviour", lazy("行为代码")), Cell("behaviour_name", lazy("行为"), width=32), Cell("kind", lazy("性质"), "kind"),
    Cell("side", lazy("责任方"), "side"), Cell("status", lazy("状态"), "case_status"), Cell("region", lazy("行政区划")),
    Cell("opened_on", lazy("立案日期")), Cell("contract", lazy("合同标识"), width=38),
)  # fmt: skip
REPAIRS = (
    Cell("receipt", lazy("回执编号"), width=20), Cell("party_name", lazy("申请人"), width=32), Cell("party", lazy("代码"), width=28),
    Cell("document_number", lazy("文号"), width=26), Cell("status", lazy("状态"), "repair_status"), Cell("region", lazy("行政区划")),
    Cell("applied_on", lazy("申请日期")),
)  # fmt: skip
COMMITMENTS = (
    Cell("number", lazy("承诺编码"), width=24), Cell("party_name", lazy("主体"), width=32), Cell("party", lazy("代码"), width=28),
    Cell("type", lazy("承诺类型"), width=18), Cell("matter", lazy("承诺事由"), width=36), Cell("receiver", lazy("受理单位"), width=32),
    Cell("status", lazy("状态"), "commitment_status"), Cell("region", lazy("行政区划")), Cell("made_on", lazy("作出承诺的日期")),
    Cell("ends_on", lazy("承诺有效期至")), Cell("changed_on", lazy("状态变更日期")),
)  # fmt: skip
PARTIES = (
    Cell("name", lazy("名称"), width=36), Cell("former_names", lazy("曾用名"), width=36), Cell("ref", lazy("代码"), width=28),
    Cell("size", lazy("规模"), "size"), Cell("region", lazy("行政区划")), Cell("public", lazy("正在公示")),
)  # fmt: skip
DESK = (
    Cell("kind", lazy("办什么"), "loop", 24), Cell("note", lazy("说明"), width=32), Cell("number", lazy("合同编号"), width=28),
    Cell("name", lazy("合同名称"), width=32), Cell("case_number", lazy("案号"), width=26), Cell("owed_by", lazy("责任方"), "owed_by"),
    Cell("account", lazy("账户")), Cell("due_on", lazy("到期日")), Cell("overdue", lazy("已逾期")), Cell("clause", lazy("依据"), width=32),
)  # fmt: skip
EVENTS = (
    Cell("position", lazy("位置")), Cell("on", lazy("发生")), Cell("text", lazy("发生了什么"), width=80), Cell("topic", lazy("类别"), width=28),
    Cell("who", lazy("账户")), Cell("recorded_at", lazy("记录"), width=28),
)  # fmt: skip
READS = (
    Cell("n", lazy("序号")), Cell("at", lazy("时间"), width=28), Cell("who", lazy("账户")), Cell("kind", lazy("类别")),
    Cell("subject", lazy("看了什么"), width=60),
)  # fmt: skip


def files(path: str) -> Callable[[Answering], Answering]:
    """A route for each kind of file."""

    def add(answering: Answering) -> Answering:
        for kind in KINDS:
            router.add_api_route(f"{path}.{kind}", answering, methods=["GET"], name=f"{path[1:]}_{kind}")
        return answering

    return add


def _readers(asking: Asking) -> None:
    """Those who have the page. Raises 403."""
    if not asking.actor.roles & OFFICE_READERS:
        raise HTTPException(403)


def paged(
    asking: Asking, read: Callable[[Any, Any], Sequence[Any]], key: Callable[[Any], Any], told: Callable[[Any, Sequence[Any]], list[Json]]
) -> Iterator[Json]:
    """Every row of a list, some at a time; `read` takes a connection and the key of the last."""
    last = None
    while True:
        with asking.office.looking() as conn:
            rows = read(conn, last)
            yield from told(conn, rows)
        if len(rows) < AT_ONCE:
            return
        last = key(rows[-1])


@files("/cases")
def send_cases(
    request: Request, asking: Signed, q: Words = "", status: CaseStatus = "", kind: Kind = "", behaviour: Named = "", party: Named = "", region: Named = ""
) -> Response:
    _readers(asking)
    office, moment, scope = asking.office, asking.moment, scope_of(asking.actor)
    filters = cases.Filters(q.strip(), status, kind, behaviour, party, region, about_case(moment))
    office.record_read(asking.actor, "cases", f"{request.url.path}?{request.url.query}"[:500])

    def told(conn: Any, rows: Sequence[Any]) -> list[Json]:
        names = parties.names(conn, moment, {row.party for row in rows})
        return [{**case_row(row), "party_name": names.get(row.party, ""), "behaviour_name": behaviour_name(office, request, row.behaviour, row.opened_on)}
                for row in rows]  # fmt: skip

    rows = paged(asking, lambda conn, last: cases.list_cases(conn, moment, scope, filters, AT_ONCE, last), lambda row: (row.opened_on, row.owner), told)
    return file_of(request, "cases", lazy("案件"), CASES, rows)


@files("/repairs")
def send_repairs(request: Request, asking: Signed, q: Words = "", status: RepairStatus = "", party: Named = "", region: Named = "") -> Response:
    _readers(asking)
    office, moment, scope = asking.office, asking.moment, scope_of(asking.actor)
    filters = repairs.Filters(q.strip(), status, party, region, about_repair(moment))
    office.record_read(asking.actor, "repairs", f"{request.url.path}?{request.url.query}"[:500])

    def told(conn: Any, rows: Sequence[Any]) -> list[Json]:
        names = parties.names(conn, moment, {row.party for row in rows})
        return [{**repair_row(row), "region": row.region, "party_name": names.get(row.party, "")} for row in rows]

    rows = paged(asking, lambda conn, last: repairs.list_repairs(conn, moment, scope, filters, AT_ONCE, last), lambda row: (row.applied_on, row.owner), told)
    return file_of(request, "repairs", lazy("信用修复"), REPAIRS, rows)


@files("/commitments")
def send_commitments(
    request: Request, asking: Signed, q: Words = "", status: CommitmentStatus = "", kind: Named = "", party: Named = "", region: Named = ""
) -> Response:
    _readers(asking)
    office, moment, scope, lang = asking.office, asking.moment, scope_of(asking.actor), tongue_of(request).lang
    filters = commitments.Filters(q.strip(), status, kind, party, region, about_case(moment))
    office.record_read(asking.actor, "commitments", f"{request.url.path}?{request.url.query}"[:500])

    def told(conn: Any, rows: Sequence[Any]) -> list[Json]:
        names = parties.names(conn, moment, {ref for row in rows for ref in (row.party, row.received_by)})
        return [{**commitment_row(row), "party_name": names.get(row.party, ""), "receiver": names.get(row.received_by, row.received_by),
                 "type": called(office.book, lang, "commitment_type", row.kind, row.made_on)} for row in rows]  # fmt: skip

    rows = paged(
        asking, lambda conn, last: commitments.list_commitments(conn, moment, scope, filters, AT_ONCE, last), lambda row: (row.made_on, row.owner), told
    )
    return file_of(request, "commitments", lazy("信用承诺"), COMMITMENTS, rows)


@files("/parties")
def send_parties(request: Request, asking: Signed, q: Words = "", size: Size = "", region: Named = "") -> Response:
    _readers(asking)
    moment, filters = asking.moment, parties.Filters(q.strip(), size, region)

    def told(conn: Any, rows: Sequence[Any]) -> list[Json]:
        public = sanctions.counts_in_force(conn, moment, [row.ref for row in rows])
        return [{**party_row(row), "former_names": [one[0] for one in row.former], "public": public.get(row.ref, 0)} for row in rows]

    rows = paged(asking, lambda conn, last: parties.list_parties(conn, moment, filters, AT_ONCE, last), lambda row: (row.name, row.owner), told)
    return file_of(request, "parties", lazy("主体"), PARTIES, rows)


@files("/desk")
def send_desk(request: Request, asking: Signed, show: Group = "", due: str = "") -> Response:
    """All that is owed, or the group or the day that the page shows."""
    if not asking.actor.roles & OFFICE:
        raise HTTPException(403)
    office, moment, lang = asking.office, asking.moment, tongue_of(request).lang
    groups = groups_of(desk_rows(office, asking.actor, moment, EVERY_ROW), asking.actor)

    def row(loop: Json) -> Json:
        about, deadline = loop["about"], loop["due"] or {}
        note = note_on(office.book, lang, loop["kind"], loop["title"], moment.day) if loop["title"] else ""
        return {**{name: loop[name] for name in ("id", "kind", "owed_by", "account", "subject", "next")}, "note": note, "due_on": deadline.get("on"),
                "overdue": tongue_of(request).said(lazy("是")) if deadline.get("overdue") else "", "clause": (deadline.get("basis") or {}).get("clause"),
                **{name: about.get(name) for name in ("number", "name", "case_number")}}  # fmt: skip

    return file_of(request, "desk", lazy("我的待办"), DESK, map(row, told(office, rows_shown(groups, show, due), moment, days=False)))


@files("/audit")
def send_events(
    request: Request, chapter: Chapter = "", about: Named = "", account: Named = "", day: str = "", before: Before = None, asking: Asking = AUDITOR
) -> Response:
    """The newest events of the narrowed log, at most MOST_EVENTS; `next` (the last row, in a table) is where older ones go on."""
    asking.office.record_read(asking.actor, "audit", f"{request.url.path}?{request.url.query}"[:500])
    found, last = events_before(asking, Narrowed(chapter, about, account, day), before, MOST_EVENTS)
    rows = told_entries(asking.office, tongue_of(request), entries(found))[::-1]
    return _cut(request, "events", lazy("事件"), EVENTS, rows, last)


@files("/audit/access")
def send_reads(request: Request, before: Before = None, asking: Asking = AUDITOR) -> Response:
    """The newest looks, in the same way."""
    asking.office.record_read(asking.actor, "access", f"{request.url.path}?{request.url.query}"[:500])
    rows, last = reads_before(asking, before, MOST_EVENTS)
    return _cut(request, "reads", lazy("访问记录"), READS, rows, last)


def _cut(request: Request, name: str, title: str, cells: Sequence[Cell], rows: list[Json], last: int | None) -> Response:
    """A file that may end before its list does, and then says so where it ends."""
    if last is not None and not request.url.path.endswith(".json"):
        rows.append({**{cell.key: None for cell in cells}, cells[0].key: tongue_of(request).said(MORE, last=last)})
    return file_of(request, name, title, cells, rows, {"next": last})
