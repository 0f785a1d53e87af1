"""Why: one value of a contract, a case, an application or a credit file, opened to what makes it so and what would change it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web import authority, resources
from web.asking import Asking, Signed
from web.carrying import contract_id
from web.looks.tongue import lazy, tongue_of
from web.pages.asked import label_of, said_of, title_of
from web.pages.parties import party_ref
from web.pages.showing import is_id, show, time_of, uuid_of
from web.places import list_of, page_of
from web.why import why
from web.words import word

router = APIRouter(include_in_schema=False)
Json = dict[str, Any]
OF_PARTY = {"standing": "/standing", "organisations": "/authority-record"}  # what is told of a party beside itself, and where
OF_AUTHORITY = ("disclosed", "loops")  # fields of an authority as an organisation of this installation
SHELVES = {
    "contracts": lazy("合同"),
    "cases": lazy("案件"),
    "repairs": lazy("信用修复"),
    "commitments": lazy("信用承诺"),
    "parties": lazy("主体"),
    "standing": lazy("主体"),
    "organisations": lazy("主体"),
}


@router.get("/contracts/{id}/why")
def why_of_contract(request: Request, asking: Signed, id: str, field: str = "status") -> Response:
    shown = resources.contract(asking.office, asking.actor, contract_id(asking.office, asking, id), asking.moment)
    if shown["cases"]:
        asking.office.record_read(asking.actor, "contract", shown["id"])
    return _page(request, asking, "contracts", shown, field, str(shown["number"]))


@router.get("/cases/{id}/why")
def why_of_case(request: Request, asking: Signed, id: str, field: str = "status") -> Response:
    shown = resources.case(asking.office, asking.actor, uuid_of(id, "cases"), asking.moment)
    asking.office.record_read(asking.actor, "case", str(shown["id"]))
    return _page(request, asking, "cases", shown, field, str(shown["number"]))


@router.get("/repairs/{id}/why")
def why_of_repair(request: Request, asking: Signed, id: str, field: str = "status") -> Response:
    shown = resources.repair(asking.office, asking.actor, uuid_of(id, "repairs"), asking.moment)
    asking.office.record_read(asking.actor, "repair", str(shown["id"]))
    return _page(request, asking, "repairs", shown, field, str(shown["receipt"]))


@router.get("/commitments/{id}/why")
def why_of_commitment(request: Request, asking: Signed, id: str, field: str = "status") -> Response:
    shown = resources.commitment(asking.office, asking.actor, uuid_of(id, "commitments"), asking.moment)
    asking.office.record_read(asking.actor, "commitment", str(shown["id"]))
    return _page(request, asking, "commitments", shown, field, str(shown["number"]))


@router.get("/parties/{scheme}:{code:path}/why")
def why_of_party(request: Request, asking: Signed, scheme: str, code: str, field: str = "standing/points") -> Response:
    """What the credit file shows: the party's own fields, and under `standing/` what counts for and against it."""
    office, moment, ref = asking.office, asking.moment, party_ref(asking, f"{scheme}:{code}")
    if field.partition("/")[0] in OF_AUTHORITY:
        organisation, _ = authority.organisation(office, asking.actor, ref, moment)
        office.record_read(asking.actor, "authority-record", str(ref))
        return _page(request, asking, "organisations", organisation, field, str(organisation["name"]))
    shown = resources.party(office, ref, moment)
    office.record_read(asking.actor, "credit-file", str(ref))
    root, _, rest = field.partition("/")
    if root != "standing":
        return _page(request, asking, "parties", shown, field, str(shown["name"]))
    with office.looking() as conn:
        standing = resources.standing(office, conn, ref, moment)
    return _page(request, asking, "standing", standing, rest, str(shown["name"]))


def _page(request: Request, asking: Asking, kind: str, shown: Json, field: str, title: str) -> Response:
    speaks, moment, field = tongue_of(request), asking.moment, field.strip("/")
    answer = why(asking.office, asking.actor, speaks, kind, shown, field, moment)
    of_party = kind in ("parties", *OF_PARTY)
    own = str(shown.get("ref") or shown.get("party")) if of_party else str(shown["id"])
    on = "parties" if of_party else kind
    home = page_of(on, own, asking.actor) + ("/authority-record" if kind == "organisations" else "")
    return show(
        request,
        "why.html",
        time=time_of(asking),
        answer=answer,
        crumbs=[(SHELVES[kind], list_of(on, asking.actor)), (title, home)],
        what=label_of(request, kind, shown, field),
        value=said_of(request, kind, field, answer["value"]),
        births=all(one["birth"] for one in answer["events"]),
        events=[{**one, "href": _place(asking, one["href"])} for one in answer["events"]],
        unsure=sum(one["status"] != "confirmed" for one in answer["clauses"]),
        days=[{"on": one["on"], "value": said_of(request, kind, field, one["value"])} for one in answer["would_change"] if one["kind"] == "day"],
        acts=[_act(request, asking, kind, one) for one in answer["would_change"] if one["kind"] != "day"],
        twin=f"/api/v1/{on}/{own}{OF_PARTY.get(kind, '')}?{urlencode({'why': field, **_moment(request)})}",
    )


def _moment(request: Request) -> dict[str, str]:
    return {name: value for name in ("known_at", "as_of") if (value := request.query_params.get(name))}


def _place(asking: Asking, href: str | None) -> str | None:
    """The page of what the API calls by its own address."""
    if href is None:
        return None
    on, _, id = href.removeprefix("/api/v1/").partition("/")
    if "/" in id:  # what is told of a party under its own name
        return f"/{on}/{id}"
    return page_of(on, id, asking.actor)


def _act(request: Request, asking: Asking, kind: str, one: Json) -> Json:
    """Something open that would change the answer: a loop with who owes it by when, or an act of this reader's."""
    if one["kind"] == "loop":
        key = str(one["key"])
        note = key if key and not is_id(key) and key != one["loop"] else ""
        return {"title": word("loop", one["loop"]), "note": note, "who": word("owed_by", one["owed_by"]), "due": one["due"],
                "by_itself": one["owed_by"] == "rule", "href": _place(asking, one["href"])}  # fmt: skip
    return {"title": title_of(request, kind, one["act"]), "note": "", "who": None, "due": None, "href": _place(asking, one["href"])}
