"""我的待办: what the one who is signed in owes, the most urgent first; figures, calendar and tables are one list narrowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.actor import OFFICE, Actor
from projections import contracts
from projections.temporal.moment import Moment
from web.api.lists import one_of, scope_of
from web.asking import Asking, BadMoment, Signed
from web.desk import DECIDING, Desk, desk_rows, told
from web.looks.looks import Looks
from web.looks.tongue import lazy, tongue_of
from web.naming import note_on
from web.office import Office
from web.pages.showing import PLAIN, address, is_id, time_of, twins, working_days_left
from web.places import next_page
from web.words import word

router = APIRouter(include_in_schema=False)
Json = dict[str, Any]
DUE = ("overdue", "soon", "later")
GROUPS = ("overdue", "soon", "waiting", "later")
TITLES = {"overdue": lazy("已逾期"), "soon": lazy("5 个工作日内到期"), "waiting": lazy("等我决定"), "later": lazy("以后到期")}
TONES = {"overdue": "late", "soon": "soon", "waiting": "mine", "later": ""}
Group: Any = one_of(GROUPS)
WEEKS_BEFORE, WEEKS, NEXT_DAYS, DAY_ROWS = 2, 13, 5, 3
FIRST_ROWS = 50  # of each group, where all of them are shown; the group alone shows all that there is


@router.get("/")
def show_desk(request: Request, asking: Signed, show: Group = "", due: str = "") -> Response:
    """Everybody's first page; those who have no desk go to theirs."""
    actor, office, moment = asking.actor, asking.office, asking.moment
    if not actor.roles & OFFICE:
        return RedirectResponse(front_of(actor), 303)
    desk, day = desk_rows(office, actor, moment), _iso(due)
    groups = groups_of(desk, actor)
    tables, days, moved = _chosen(groups, show, day), _days(desk, moment.day), _moved(groups)
    wanted = [row for rows in [*(rows for _, rows, _ in tables), *(rows for _, rows, _ in days), moved, _coming(groups)] for row in rows]
    made = _made(office, wanted, moment, tongue_of(request).lang)
    looks: Looks = request.app.state.looks
    return looks.render(
        request, "desk/desk.html", figures=_figures(request, desk, actor), chosen=show, due=day, day=moment.day, titles=TITLES,
        groups=[(name, [made[_key(row)] for row in rows], many) for name, rows, many in tables],
        counts={**desk.counts, "all": sum(desk.counts[name] for name in DUE)}, coming=next((made[_key(row)] for row in _coming(groups)), None),
        calendar=_calendar(office, desk.due_days, moment), days=[(on, [made[_key(row)] for row in rows], many) for on, rows, many in days],
        first_use=_is_first_use(asking), moved=[made[_key(row)] for row in moved], registers="supervisor" in actor.roles, twins=twins(request, "/desk"),
        whole=_narrowed(request), of_day=_narrowed(request, due=""), of_group=_narrowed(request, show=""), time=time_of(asking))  # fmt: skip


def front_of(actor: Actor) -> str:
    """The first page of those who have no desk."""
    for role, front in (("applicant", "/my"), ("auditor", "/audit"), ("administrator", "/administration")):
        if role in actor.roles:
            return front
    return "/public"


def groups_of(desk: Desk, actor: Actor) -> dict[str, list[Any]]:
    """Rows by group; what waits for a decision stands in a group of its own as well."""
    mine = [role for role in DECIDING if role in actor.roles]
    return {**desk.rows, "waiting": [row for name in DUE for row in desk.rows[name] if row.owed_by in mine]}


def rows_shown(groups: Mapping[str, list[Any]], chosen: str, due: str) -> list[Any]:
    """What a file holds: one group, one day, or everything."""
    if day := _iso(due):
        return [row for name in DUE for row in groups[name] if row.due_on is not None and row.due_on.isoformat() == day]
    return groups[chosen] if chosen else [row for name in DUE for row in groups[name]]


def _key(row: Any) -> tuple[UUID, str]:
    return row.owner, row.key


def _made(office: Office, rows: Sequence[Any], moment: Moment, lang: str) -> dict[tuple[UUID, str], Json]:
    """Rows as the page shows them."""
    once = {_key(row): row for row in rows}
    return {key: _row(office, one, moment, lang) for key, one in zip(once, told(office, [*once.values()], moment, days=False), strict=True)}


def _row(office: Office, loop: Json, moment: Moment, lang: str) -> Json:
    about, title = loop["about"], loop["title"]
    due = loop["due"]
    left = working_days_left(office, moment.day, date.fromisoformat(due["on"])) if due else None
    return {
        "title": word("loop", loop["kind"]),
        "note": note_on(office.book, lang, loop["kind"], title, moment.day) if title and not is_id(title) else "",
        "href": next_page(loop), "role": loop["owed_by"],
        "owed_by": word("owed_by", loop["owed_by"]), "who": loop["account"] or "", "due": due, "left": left, "about": about, "id": loop["id"],
        "moved": loop["moved"], "asked": loop["kind"] not in PLAIN,
        "subject": str(loop["subject"]).removeprefix("/api/v1"),
    }  # fmt: skip


def _narrowed(request: Request, **narrowed: str) -> str:
    """This desk at this moment, whole or narrowed; an empty value is left to be filled in at the end."""
    whole = address(request, show=None, due=None)
    return whole + (("&" if "?" in whole else "?") + urlencode(narrowed) if narrowed else "")


def _figures(request: Request, desk: Desk, actor: Actor) -> list[Json]:
    shown = [name for name in GROUPS if name != "waiting" or actor.roles & set(DECIDING)]
    return [{"n": desk.counts[name], "label": TITLES[name], "href": f"{_narrowed(request, show=name)}#list", "tone": TONES[name]} for name in shown]


def _chosen(groups: Mapping[str, list[Any]], chosen: str, day: str) -> list[tuple[str, list[Any], int]]:
    """The tables of the page (group, rows, how many there are): one group, one day, or the beginnings of what is urgent and of what waits."""
    if day or chosen:
        rows = rows_shown(groups, chosen, day)
        return [("" if day else chosen, rows, len(rows))]
    urgent = {_key(row) for name in ("overdue", "soon") for row in groups[name]}
    waiting = [row for row in groups["waiting"] if _key(row) not in urgent]
    tables = [("overdue", groups["overdue"]), ("soon", groups["soon"]), ("waiting", waiting)]
    return [(name, rows[:FIRST_ROWS], len(rows)) for name, rows in tables if rows]


def _moved(groups: Mapping[str, list[Any]]) -> list[Any]:
    """What a change of the law has moved while it was open: those who owe it are told until it is closed."""
    return [row for name in DUE for row in groups[name] if row.moved_on is not None]


def _ahead(groups: Mapping[str, Sequence[Any]]) -> list[Any]:
    return sorted((row for name in ("soon", "later") for row in groups[name] if row.due_on is not None), key=lambda row: row.due_on)


def _coming(groups: Mapping[str, Sequence[Any]]) -> list[Any]:
    """The next thing that falls due, if there is one."""
    return _ahead(groups)[:1]


def _days(desk: Desk, today: date) -> list[tuple[str, list[Any], int]]:
    """The next days on which something falls due, each with what comes first, as far as it is at hand, and how much it is."""
    ahead, days = _ahead(desk.rows), sorted(day for day in desk.due_days if day is not None and day >= today)[:NEXT_DAYS]
    return [(day.isoformat(), [row for row in ahead if row.due_on == day][:DAY_ROWS], desk.due_days[day]) for day in days]


def _calendar(office: Office, due_days: Mapping[date | None, int], moment: Moment) -> Json:
    """How many fall due on each day of a quarter, and its days of rest."""
    start = moment.day - timedelta(days=moment.day.weekday() + 7 * WEEKS_BEFORE)
    calendar, days = office.book.calendar(moment.day), [start + timedelta(days=n) for n in range(7 * WEEKS)]
    counts = {day.isoformat(): {"due": n if day >= moment.day else 0, "late": n if day < moment.day else 0} for day in days if (n := due_days.get(day, 0))}
    return {"counts": counts, "start": start, "weeks": WEEKS, "off": [day.isoformat() for day in days if not calendar.is_working(day)]}


def _is_first_use(asking: Asking) -> bool:
    with asking.office.looking() as conn:
        return not contracts.contracts(conn, asking.moment, scope_of(asking.actor), limit=1)


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise BadMoment("due", text) from None
