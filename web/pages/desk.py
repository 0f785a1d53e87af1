"""我的待办: what the one who is signed in owes, the most urgent first; figures, calendar and tables are one list narrowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from domain.actor import OFFICE, Actor
from projections import accounts, contracts, loops
from projections.temporal.moment import Moment
from web.api.lists import one_of, scope_of
from web.asking import Asking, BadMoment, Signed
from web.desk import desk_of, owed_by
from web.looks.looks import Looks
from web.looks.tongue import lazy, tongue_of
from web.naming import note_on
from web.office import Office
from web.pages.showing import PLAIN, address, is_id, time_of, twins, working_days_left
from web.places import next_page
from web.words import word

router = APIRouter(include_in_schema=False)
Json = dict[str, Any]
DECIDING = ("decider", "legal", "chair")
DUE = ("overdue", "soon", "later")
GROUPS = ("overdue", "soon", "waiting", "later")
TITLES = {"overdue": lazy("已逾期"), "soon": lazy("5 个工作日内到期"), "waiting": lazy("等我决定"), "later": lazy("以后到期")}
TONES = {"overdue": "late", "soon": "soon", "waiting": "mine", "later": ""}
Group: Any = one_of(GROUPS)
WEEKS_BEFORE, WEEKS, NEXT_DAYS = 2, 13, 5


@router.get("/")
def show_desk(request: Request, asking: Signed, show: Group = "", due: str = "") -> Response:
    """Everybody's first page; those who have no desk go to theirs."""
    actor, office, moment = asking.actor, asking.office, asking.moment
    if not actor.roles & OFFICE:
        return RedirectResponse(front_of(actor), 303)
    desk = desk_of(office, actor, moment, days=False)
    groups = _groups(office, actor, desk, moment, tongue_of(request).lang)
    day = _iso(due)
    chosen = show
    looks: Looks = request.app.state.looks
    return looks.render(
        request, "desk/desk.html", figures=_figures(request, groups, desk, actor), groups=_chosen(groups, chosen, day), chosen=chosen, due=day, day=moment.day,
        counts=desk["counts"], coming=_coming(groups), calendar=_calendar(office, actor, moment), days=_days(groups), titles=TITLES,
        first_use=_is_first_use(asking), moved=_moved(groups), registers="supervisor" in actor.roles,
        twins=twins(request, "/desk"), whole=_narrowed(request), of_day=_narrowed(request, due=""), time=time_of(asking))  # fmt: skip


def front_of(actor: Actor) -> str:
    """The first page of those who have no desk."""
    for role, front in (("applicant", "/my"), ("auditor", "/audit"), ("administrator", "/administration")):
        if role in actor.roles:
            return front
    return "/public"


def _groups(office: Office, actor: Actor, desk: Json, moment: Moment, lang: str) -> dict[str, list[Json]]:
    """Rows by group, as the page shows them."""
    rows = {str(one["id"]): _row(office, one, moment, lang) for name in DUE for one in desk[name]}
    return {name: [rows[str(one["id"])] for one in found] for name, found in groups_of(desk, actor).items()}


def groups_of(desk: Json, actor: Actor) -> dict[str, list[Json]]:
    """Loops by group; what waits for a decision stands in a group of its own as well."""
    found: dict[str, list[Json]] = {name: desk[name] for name in DUE}
    mine = [role for role in DECIDING if role in actor.roles]
    return {**found, "waiting": [one for name in DUE for one in found[name] if one["owed_by"] in mine]}


def rows_shown(groups: Mapping[str, list[Json]], chosen: str, due: str) -> list[list[Json]]:
    """What a file holds: one group, one day, or everything."""
    if day := _iso(due):
        return [[one for name in DUE for one in groups[name] if one["due"] and one["due"]["on"] == day]]
    return [groups[chosen]] if chosen else [groups[name] for name in DUE]


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


def _figures(request: Request, groups: Mapping[str, Sequence[Json]], desk: Json, actor: Actor) -> list[Json]:
    shown = [name for name in GROUPS if name != "waiting" or actor.roles & set(DECIDING)]
    counts = {**desk["counts"], "waiting": len(groups["waiting"])}
    return [{"n": counts[name], "label": TITLES[name], "href": f"{_narrowed(request, show=name)}#list", "tone": TONES[name]} for name in shown]


def _chosen(groups: Mapping[str, list[Json]], chosen: str, day: str) -> list[tuple[str, list[Json]]]:
    """The tables of the page: one group, one day, or what is urgent and what waits."""
    if day or chosen:
        return [("" if day else chosen, rows_shown(groups, chosen, day)[0])]
    urgent = [(name, groups[name]) for name in ("overdue", "soon") if groups[name]]
    shown = {id(row) for _, rows in urgent for row in rows}
    waiting = [row for row in groups["waiting"] if id(row) not in shown]
    return urgent + ([("waiting", waiting)] if waiting else [])


def _moved(groups: Mapping[str, list[Json]]) -> list[Json]:
    """What a change of the law has moved while it was open: those who owe it are told until it is closed."""
    return [row for name in ("overdue", "soon", "later") for row in groups[name] if row["moved"]]


def _coming(groups: Mapping[str, Sequence[Json]]) -> Json | None:
    """The next thing that falls due."""
    ahead = [row for name in ("soon", "later") for row in groups[name] if row["due"]]
    return min(ahead, key=lambda row: str(row["due"]["on"])) if ahead else None


def _days(groups: Mapping[str, Sequence[Json]]) -> list[tuple[str, list[Json]]]:
    """The next days on which something falls due, each with what."""
    found: dict[str, list[Json]] = {}
    for row in sorted((row for name in ("soon", "later") for row in groups[name] if row["due"]), key=lambda row: str(row["due"]["on"])):
        found.setdefault(str(row["due"]["on"]), []).append(row)
    return list(found.items())[:NEXT_DAYS]


def _calendar(office: Office, actor: Actor, moment: Moment) -> Json:
    """How many fall due on each day of a quarter, and its days of rest."""
    start = moment.day - timedelta(days=moment.day.weekday() + 7 * WEEKS_BEFORE)
    until = start + timedelta(days=7 * WEEKS - 1)
    counts: dict[str, dict[str, int]] = {}
    with office.looking() as conn:
        refs = [row.ref for row in accounts.list_organisations(conn, moment)]
        for _, wanted in owed_by(actor, refs):
            for day, n in loops.by_day(conn, moment, wanted._replace(due_from=start, due_until=until)).items():
                one = counts.setdefault(day.isoformat(), {"due": 0, "late": 0})
                one["late" if day < moment.day else "due"] += n
    calendar = office.book.calendar(moment.day)
    days = (start + timedelta(days=n) for n in range(7 * WEEKS))
    return {"counts": counts, "start": start, "weeks": WEEKS, "off": [day.isoformat() for day in days if not calendar.is_working(day)]}


def _is_first_use(asking: Asking) -> bool:
    with asking.office.looking() as conn:
        return not contracts.contracts(conn, asking.moment, scope_of(asking.actor), limit=1)


def _iso(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise BadMoment("due", text) from None
