"""What the pages of cases, repairs, parties and applicants share: loops, acts and time as a reader meets them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from domain.ledger import NotThere
from domain.policy.tables import DecisionName, Recipient
from projections.temporal.moment import Moment
from web.acts.corrections import pages
from web.acts.doing import Doing
from web.asking import Asking
from web.looks.looks import Looks
from web.looks.tongue import Tongue, lazy, tongue_of
from web.naming import UNKNOWN as UNKNOWN  # told on to the other pages
from web.naming import note_on
from web.office import Office
from web.places import next_page
from web.regions import region_name
from web.resources import Stream
from web.words import word

NOWHERE: Mapping[int, str] = {}
OFFICE_READERS = {"supervisor", "decider", "legal", "chair", "auditor"}
TONES = {
    "opened": "now",
    "notified": "now",
    "confirmed": "soon",
    "dismissed": "done",
    "referred": "hold",
    "transferred": "done",
    "rectifying": "now",
    "sanctioned": "soon",
    "published": "now",
    "repaired": "done",
    "closed": "done",
    "decided": "soon",
    "served": "now",
    "expired": "done",
    "revoked": "done",
    "applied": "now",
    "supplement_requested": "hold",
    "accepted": "now",
    "rejected": "late",
    "verified": "now",
    "approved": "soon",
    "refused": "late",
    "withdrawn": "idle",
    "synchronised": "done",
    "open": "now",
    "reported": "soon",
    "kept": "done",
    "broken": "late",
}


def looks_of(request: Request) -> Looks:
    looks: Looks = request.app.state.looks
    return looks


def show(request: Request, template: str, status: int = 200, **shown: Any) -> Response:
    """A page in the reader's language; `tones` gives every status its mark."""
    return looks_of(request).render(request, template, status, tones=TONES, word=word, **shown)


def uuid_of(text: str, kind: str) -> UUID:
    """An id in an address. Raises NotThere for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise NotThere(kind, text) from None


def time_of(asking: Asking) -> dict[str, Any] | None:
    """The time bar: for auditors, and for everybody who looks back."""
    if not asking.looks_back and "auditor" not in asking.actor.roles:
        return None
    kept = {name: value for name, value in asking.request.query_params.items() if name not in ("as_of", "known_at", "after") and value}
    moment = asking.moment
    return {"as_of": moment.day, "known_at": moment.clock, "now": not asking.looks_back, "keep": kept}


def address(request: Request, /, **changed: str | None) -> str:
    """This page's address with some of its query changed; None takes a part away, and a new filter begins at the first page."""
    query = {name: value for name, value in request.query_params.items() if value and name != "after"}
    query.update({name: value for name, value in changed.items() if value})
    for name, value in changed.items():
        if not value:
            query.pop(name, None)
    return f"{request.url.path}?{urlencode(query)}" if query else request.url.path


def twins(request: Request, path: str) -> list[tuple[str, str]]:
    """The same list, narrowed as it is, as files: (name, address)."""
    query = address(request).partition("?")[2]
    return [(kind.upper(), f"{path}.{kind}{'?' if query else ''}{query}") for kind in ("csv", "xlsx", "json")]


def facet(request: Request, name: str, found: Sequence[tuple[str, int]], label: str, table: str | Callable[[str], str]) -> dict[str, Any]:
    """One group of facets, every choice with its count and the address that asks for it; named by a table of words, or by a function."""
    called = table if callable(table) else partial(word, table)
    chosen = request.query_params.get(name, "")
    choices: list[dict[str, Any]] = [{"label": lazy("全部"), "n": sum(n for _, n in found), "href": address(request, **{name: None}), "current": not chosen}]
    choices += [{"label": called(code), "n": n, "href": address(request, **{name: code}), "current": code == chosen} for code, n in found if code]
    return {"label": label, "choices": choices}


# -- loops and acts


def working_days_left(office: Office, today: date, on: date) -> int | None:
    """How many working days lie after today until the day, that day counted; None when it is past or far."""
    if on < today or (on - today).days > 20:
        return None
    calendar = office.book.calendar(today)
    return sum(calendar.is_working(today + timedelta(days=n)) for n in range(1, (on - today).days + 1))


def loops_shown(
    office: Office, loops: Iterable[Mapping[str, Any]], moment: Moment, acts: Sequence[Mapping[str, Any]] = (), lang: str = "zh"
) -> list[dict[str, Any]]:
    """LOOPs as the macro `loops.next` shows them; a loop whose next act this reader may do leads to its page."""
    doable = {str(one["href"]).partition("?")[0] for one in acts}
    shown = []
    for one in loops:
        due, page = _read(one["due"]), next_page(one)
        left = working_days_left(office, moment.day, date.fromisoformat(due["on"])) if due else None
        href = page if page and page.partition("?")[0] in doable else None
        title, asked = word("loop", one["kind"]), one["kind"] not in PLAIN
        shown.append(
            {
                "title": title,
                "note": note_on(office.book, lang, one["kind"], one["title"], moment.day)
                if one["title"] and one["title"] != title and not is_id(one["title"])
                else "",
                "href": href,
                "who": one["account"] or "",
                "owed_by": word("owed_by", one["owed_by"]),
                "due": due,
                "left": left,
                "receipt": f"{str(one['subject']).removeprefix('/api/v1')}/deadlines/{one['id']}" if due and asked else None,
                "kind": one["kind"],
                "key": one["key"],
                "why": why_of(one) if asked else None,
            }
        )
    return shown


PLAIN = frozenset({"pack_proposed"})  # a loop of no thing that has a page: without a receipt and a why of its own


def why_of(loop: Mapping[str, Any]) -> str:
    """The page that says why a loop is due on its day."""
    field = urlencode({"field": f"loops/{loop['id']}/due/on"})
    return f"{str(loop['subject']).removeprefix('/api/v1')}/why?{field}"


def _read(due: dict[str, Any] | None) -> dict[str, Any] | None:
    """A day that was simply set is no count from anything: nothing is said of its beginning."""
    return {**due, "from": None, "days": []} if due and due["unit"] == "date" else due


def is_id(text: str) -> bool:
    try:
        UUID(text.split("/")[0])
    except ValueError:
        return False
    return True


def acts_of(request: Request, asking: Asking, on: str, shown: Mapping[str, Any], may: Collection[str], parties: Collection[str]) -> list[dict[str, Any]]:
    """The buttons: every doing that the state allows and this reader's roles cover; none while looking back."""
    if asking.looks_back:
        return []
    wanted = set(may) - {"hearing"}
    if "hearing" in may:
        wanted.add(_hearing_step(shown.get("hearing")))
    doings: Mapping[str, Doing] = request.app.state.doings
    found = []
    for one in doings.values():
        page = (one.page or one.path).lstrip("/")
        if one.on != on or one.page is None or not one.path or (page not in wanted and one.may not in wanted) or "{" in page:
            continue
        if one.may == "hearing" and page != "hearing-record":
            continue
        if asking.actor.holds(one.roles, str(shown["region"]), parties):
            found.append({"on": on, "may": one.path.lstrip("/"), "title": one.title, "href": f"/{on}/{shown['id']}/{page}", "grave": one.grave, "name": page})
    return found


DECIDING = {
    "cases": ("legal-review", "confirmation", "dismissal", "sanction", "service", "publication", "correction", "revocation"),
    "repairs": ("acceptance", "verification", "decision"),
}


def asked_of(request: Request, asking: Asking, on: str, shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The pages that say why this reader may, or may not now, do what their role decides."""
    doings: Mapping[str, Doing] = request.app.state.doings
    mine = {one.may or one.path.lstrip("/"): one for one in doings.values() if one.on == on and asking.actor.holds(one.roles, str(shown["region"]))}
    return [{"title": mine[act].title, "href": f"/{on}/{shown['id']}/why?{urlencode({'field': f'may/{act}'})}"} for act in DECIDING[on] if act in mine]


def _hearing_step(hearing: Mapping[str, Any] | None) -> str:
    if hearing is None:
        return "hearing-request"
    return "hearing-notice" if hearing["notified_on"] is None else "hearing-record"


# -- what happened


def corrections_of(asking: Asking, found: Mapping[str, Iterable[Stream]]) -> dict[int, str]:
    """Where this person corrects what these streams tell, by position; nobody corrects while looking back."""
    if asking.looks_back:
        return {}
    listed = [(on, stream) for on, streams in found.items() for stream in streams]
    told = [pages(asking.actor, on, stream.id, stream.whose.region, stream.told) for on, stream in listed]
    return {position: href for each in told for position, href in each.items()}


def line_items(told: Sequence[Mapping[str, Any]], speaks: Tongue, corrected: Mapping[int, str] = NOWHERE) -> list[dict[str, Any]]:
    """Timeline entries (web.telling) newest first, as the macro `timeline.line` shows them; `corrected`: where each is corrected."""
    items = []
    for one in reversed(told):
        small = speaks.said(LATE, n=one["late_days"]) if one["late_days"] else ""
        items.append({"n": "", "on": one["on"], "text": one["text"], "small": small, "tone": {"bad": "late", "good": "ok"}.get(one["tone"], ""),
                      "correct": corrected.get(one["position"])})  # fmt: skip
    return items


LATE = lazy("{n} 天以后才登记")


# -- names in the reader's language


def named(row: Any, request: Request) -> str:
    """A row of a pack's table in the reader's language."""
    return str(row.en if tongue_of(request).lang == "en" else row.zh)


def region_facet(request: Request, found: Sequence[tuple[str, int]]) -> dict[str, Any]:
    return facet(request, "region", found, lazy("行政区划"), lambda code: region_name(code, tongue_of(request).lang))


def behaviour_name(office: Office, request: Request, code: str, on: date) -> str:
    try:
        return named(office.book.behaviour(code, on), request)
    except UNKNOWN:
        return code


def decision_names(office: Office, request: Request, codes: Iterable[str], on: date) -> list[str]:
    """Types of decision by name."""
    found = []
    for code in codes:
        try:
            found.append(named(office.book.row(DecisionName, code, on), request))
        except UNKNOWN:
            found.append(code)
    return found


def measure_names(office: Office, request: Request, codes: Iterable[str], on: date) -> list[str]:
    found = []
    for code in codes:
        try:
            found.append(named(office.book.measure(code, on), request))
        except UNKNOWN:
            found.append(code)
    return found


def recipient_name(office: Office, request: Request, code: str, on: date) -> str:
    try:
        return named(office.book.row(Recipient, code, on), request)
    except UNKNOWN:
        return code


def joined(parts: Sequence[str], speaks: Tongue) -> str:
    return (", " if speaks.lang == "en" else "、").join(parts)
