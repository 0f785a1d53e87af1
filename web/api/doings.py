"""API routes of the doings, made from their table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from domain.party.events import PartyRegistered
from domain.values.party import PartyRef
from web import resources
from web.acts.doing import Doing, Nothing, Target
from web.api.routing import API, named
from web.asking import Asking, Signed
from web.carrying import Carried, carry_out, target_of
from web.looks.tongue import tongue_of

SHOW = {"contracts": resources.contract, "cases": resources.case, "repairs": resources.repair, "commitments": resources.commitment}


def seen_of(request: Request) -> int:
    """The version in If-Match. Raises 428 when it is missing; what is no version of ours is stale (412)."""
    given = request.headers.get("if-match")
    if given is None:
        raise HTTPException(428)
    text = given.strip().removeprefix("W/").strip('"')
    return int(text) if text.isdecimal() and len(text) < 16 else -1


def answer(request: Request, body: Any, status: int = 200, version: int | None = None, position: int | None = None,
           location: str | None = None) -> JSONResponse:  # fmt: skip
    """A resource with its version and log position in the headers."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    if position is not None:
        headers["Lvyue-Position"] = str(position)
    if location:
        headers["Location"] = location
    return JSONResponse(body, status, headers)


class Aim(NamedTuple):
    """Who asks, of what, and which version they looked at."""

    asking: Asking
    target: Target
    seen: int | None


def router_of(rows: Iterable[Doing]) -> APIRouter:
    """The POST routes of the rows that have one. They know the rows by name; an application binds them to its office."""
    router = APIRouter(prefix=API, generate_unique_id_function=named)
    for row in rows:
        if row.api:
            _add(router, row)
    return router


def _add(router: APIRouter, row: Doing) -> None:
    name = row.name

    def doing_of(request: Request) -> Doing:
        found: Doing = request.app.state.doings[name]
        return found

    def aimed(request: Request, asking: Signed) -> Aim:
        """Who may is asked before what is sent is looked at."""
        doing = doing_of(request)
        places = {**request.path_params, **{name: request.query_params.get(name, "") for name in doing.query}}
        target = target_of(asking.office, asking, doing, places)
        return Aim(asking, target, seen_of(request) if doing.path else None)

    def endpoint(request: Request, body: Any, aim: Aim) -> JSONResponse:
        key, doing = request.headers.get("idempotency-key"), doing_of(request)
        return _answered(request, aim.asking, doing, carry_out(aim.asking, doing, aim.target, body, seen=aim.seen, key=key))

    default = Body(Nothing()) if row.body is Nothing else Body()
    endpoint.__annotations__ = {"request": Request, "body": row.body, "aim": Aim, "return": JSONResponse}
    endpoint.__defaults__ = (default, Depends(aimed))
    endpoint.__name__ = row.name.replace(".", "_").replace("-", "_").replace("{", "").replace("}", "")
    path = f"/{row.on}" + (f"/{{id}}{row.path}" if row.path else "")
    born = not row.path or row.path == "/findings"
    router.add_api_route(
        path, endpoint, methods=["POST"], summary=str(row.title), tags=[row.on], status_code=201 if born else 200, response_model=None, name=endpoint.__name__
    )


def _answered(request: Request, asking: Asking, doing: Doing, done: Carried) -> JSONResponse:
    office, actor = asking.office, asking.actor
    speaks = tongue_of(request)
    remarks: dict[str, Any] = {"remarks": [speaks.said(one.sentence, **one.values) for one in done.remarks]} if done.remarks else {}
    if "case" in done.beside:
        case = resources.case(office, actor, done.beside["case"], done.moment)
        shown = {"id": str(done.beside["finding"]), "case": case, **remarks}
        return answer(request, shown, 201, case["version"], done.position, f"/api/v1/cases/{case['id']}")
    if doing.on == "parties":
        return _party(request, asking, doing, done, remarks)
    shown = SHOW[doing.on](office, actor, done.id, done.moment)
    shown |= {name: str(value) for name, value in done.beside.items()} | remarks
    born = not doing.path
    return answer(request, shown, 201 if born else 200, shown["version"], done.position, f"/api/v1/{doing.on}/{shown['id']}" if born else None)


def _party(request: Request, asking: Asking, doing: Doing, done: Carried, remarks: Any) -> JSONResponse:
    first = asking.office.ledger.of([done.id])[done.id][0].event
    assert isinstance(first, PartyRegistered)  # noqa: S101  whose stream it is follows from its id
    shown = resources.party(asking.office, PartyRef(first.scheme, first.id), done.moment) | remarks
    location = f"/api/v1/parties/{first.scheme}:{first.id}" if not doing.path else None
    return answer(request, shown, 201 if location else 200, shown["version"], done.position, location)
