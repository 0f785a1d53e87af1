"""The list of contracts as a page shows it: filters in the address, facets with counts, rows, and the same list as files."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request

from domain.policy.missing import NoPackInForce
from domain.policy.tables import ContractType
from projections import contracts, loops
from projections.contracts import Filters
from projections.exports.sheets import write_contracts
from projections.temporal.moment import Moment
from web import resources
from web.api.lists import cursor, key_of, scope_of
from web.api.reads import contract_row
from web.asking import Asking
from web.looks.tongue import lazy, tongue_of
from web.pages.showing import address, facet, region_facet, twins, working_days_left
from web.regions import region_name
from web.words import word

Json = dict[str, Any]
SHOWN = 25
AT_ONCE = 200  # contracts folded together for a file
NAMES = ("q", "status", "type", "region", "authority", "party")
TONES = {"signed": "", "performing": "now", "suspended": "hold", "completed": "done", "terminated": "hold", "settled": "done"}


def filters_of(request: Request) -> Filters:
    return Filters(**{name: request.query_params.get(name, "").strip()[:200] for name in NAMES})


def listed(request: Request, asking: Asking) -> Json:
    """One page of the list with its facets, and the addresses that narrow it."""
    office, moment, scope, filters = asking.office, asking.moment, scope_of(asking.actor), filters_of(request)
    last = key_of(request.query_params.get("after"), date.fromisoformat, UUID)
    with office.looking() as conn:
        rows = contracts.contracts(conn, moment, scope, filters, SHOWN + 1, last)
        tally = contracts.tally(conn, moment, scope, filters)
        plain = filters._replace(status="", type="", region="") == Filters()
        everything = (tally if plain else contracts.tally(conn, moment, scope)).count({})
        open_now = loops.by_contract(conn, moment, [row.owner for row in rows[:SHOWN]])
    lang = tongue_of(request).lang
    shown = [_shown(asking, row, moment, resources.known_loops(asking.actor, open_now.get(row.owner, [])), lang) for row in rows[:SHOWN]]
    following = cursor(rows[SHOWN - 1].holds_from, rows[SHOWN - 1].owner) if len(rows) > SHOWN else None
    types, counted = type_names(asking, request), tally.facets(filters._asdict())
    return {
        "rows": shown, "total": tally.count(filters._asdict()), "everything": everything, "q": filters.q, "filters": filters._asdict(), "types": types,
        "next": _with(request, after=following) if following else None, "first": address(request) if last else None,
        "facets": _facets(request, counted, types),
        "narrowed": any(value for name, value in filters._asdict().items() if name != "q"),
        "keep": {name: value for name, value in request.query_params.items() if name not in ("q", "after") and value},
        "twins": twins(request, "/contracts"), "tones": TONES,
        "without_filters": f"/contracts?{urlencode({'q': filters.q})}",
    }  # fmt: skip


def _shown(asking: Asking, row: Any, moment: Moment, open_loops: Sequence[Any], lang: str) -> Json:
    """A contract's row, with the most urgent of its loops."""
    told = contract_row(row, moment, len(open_loops))
    told["next"] = None
    if open_loops:
        urgent = open_loops[0]
        due = resources.loop_row(asking.office, urgent, moment)["due"]
        left = working_days_left(asking.office, moment.day, date.fromisoformat(due["on"])) if due else None
        told["next"] = {"title": word("loop", urgent.kind), "owed_by": word("owed_by", urgent.owed_by), "due": due, "left": left}
    return {**told, "region_name": region_name(row.region, lang), "status_word": word("contract_status", told["status"]), "tone": TONES.get(told["status"], "")}


def type_names(asking: Asking, request: Request) -> dict[str, str]:
    """Types of contract by code, in the reader's language."""
    english = tongue_of(request).lang == "en"
    try:
        rows = asking.office.book.rows(ContractType, asking.moment.day)
    except NoPackInForce:
        return {}
    return {row.code: row.en if english else row.zh for row in rows}


def _facets(request: Request, counted: Mapping[str, Sequence[tuple[str, int]]], types: Mapping[str, str]) -> list[Json]:
    return [
        facet(request, "status", counted["status"], lazy("状态"), "contract_status"),
        facet(request, "type", counted["type"], lazy("类型"), lambda code: types.get(code, code)),
        region_facet(request, counted["region"]),
    ]


def _with(request: Request, **more: str) -> str:
    kept = {name: value for name, value in request.query_params.items() if value and name != "after"}
    return f"{request.url.path}?{urlencode({**kept, **more})}"


# -- the same list as a file


def _all_rows(asking: Asking, filters: Filters) -> Iterator[list[Any]]:
    """Every row of the list, some at a time."""
    moment, scope, last = asking.moment, scope_of(asking.actor), None
    while True:
        with asking.office.looking() as conn:
            rows = list(contracts.contracts(conn, moment, scope, filters, AT_ONCE, last))
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        last = (rows[-1].holds_from, rows[-1].owner)


def cards(asking: Asking, filters: Filters) -> Iterator[Json]:
    """Every contract of the list, with all that its own stream says."""
    office, moment = asking.office, asking.moment
    for rows in _all_rows(asking, filters):
        for found in resources.seen_streams(office, asking.actor, "contracts", [row.owner for row in rows], moment):
            told = [one for one in found.told if resources.may_know(office, asking.actor, found.whose, one.event)]
            yield office.unseal(resources.card(office, "contracts", found._replace(told=told), moment))


def as_file(request: Request, asking: Asking, kind: str) -> tuple[bytes, str]:
    """The list as csv, xlsx or json: its bytes and media type."""
    filters = filters_of(request)
    if kind == "json":
        items = [contract_row(row, asking.moment, 0) for rows in _all_rows(asking, filters) for row in rows]
        for one in items:
            one.pop("open_loops")
        return json.dumps({"items": items, "total": len(items)}, ensure_ascii=False).encode(), "application/json"
    stream = io.BytesIO()
    write_contracts(cards(asking, filters), stream, kind, tongue_of(request).lang)
    return stream.getvalue(), "text/csv; charset=utf-8" if kind == "csv" else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
