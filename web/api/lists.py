"""Keyset lists: what may stand in their query (`limit`, `after`, filters), and the envelope they come in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from domain.actor import Actor
from projections.regions import Scope
from web.asking import BadMoment
from web.words import WORDS

MOST = 200
FURTHEST = 2**53  # no log is longer, and no database is asked for a number that it cannot hold
Limit = Annotated[int, Query(ge=1, le=MOST)]
Before = Annotated[int | None, Query(ge=0, le=FURTHEST)]
Words = Annotated[str, Query(max_length=200)]
Named = Annotated[str, Query(max_length=200)]


def one_of(codes: Sequence[str]) -> Any:
    """A filter that is one of some codes, or is not asked for."""

    def check(given: str) -> str:
        if given and given not in codes:
            raise PydanticCustomError("literal_error", "one of {expected}", {"expected": "、".join(codes)})
        return given

    return Annotated[str, AfterValidator(check), WithJsonSchema({"type": "string", "enum": ["", *codes]})]


ContractStatus: Any = one_of([*WORDS["contract_status"]])
CaseStatus: Any = one_of([*WORDS["case_status"]])
RepairStatus: Any = one_of([*WORDS["repair_status"]])
CommitmentStatus: Any = one_of([*WORDS["commitment_status"]])
Kind: Any = one_of([*WORDS["kind"]])
Size: Any = one_of([*WORDS["size"]])


async def only_known(request: Request) -> None:
    """A misspelt filter would show everything as if it were what was asked for: names that a read does not know are refused (422)."""
    route = request.scope.get("route")
    if request.method != "GET" or not isinstance(route, APIRoute):
        return
    known = {*_names(route.dependant), "known_at", "as_of"}
    if odd := [name for name in request.query_params if name not in known]:
        raise RequestValidationError([{"type": "extra_forbidden", "loc": ("query", name), "msg": "not known here"} for name in dict.fromkeys(odd)])


def _names(dependant: Dependant) -> Iterator[str]:
    """Every name of a query that a route or what it depends on reads."""
    yield from (one.alias for one in dependant.query_params)
    for one in dependant.dependencies:
        yield from _names(one)


def cursor(*key: Any) -> str:
    """Where a page ended, as an opaque text."""
    return base64.urlsafe_b64encode(json.dumps([str(one) for one in key]).encode()).decode().rstrip("=")


def key_of(after: str | None, *kinds: Callable[[str], Any]) -> tuple[Any, ...] | None:
    """The key in a cursor, each part read as what it is. Raises BadMoment for one that is not ours."""
    if (key := opened(after, len(kinds))) is None:
        return None
    try:
        return tuple(read(part) for read, part in zip(kinds, key, strict=True))
    except ValueError:
        raise BadMoment("after", after or "") from None


def opened(after: str | None, length: int) -> list[str] | None:
    """The parts of a cursor as text. Raises BadMoment (a query that cannot be read) for one that is not ours."""
    if not after:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if isinstance(key, list) and len(key) == length and all(isinstance(one, str) and "\0" not in one for one in key):
            "".join(key).encode()  # half a character is no text that a database takes
            return key
    except (ValueError, UnicodeDecodeError):
        pass
    raise BadMoment("after", after)


def listed(items: Sequence[Any], limit: int, following: str | None, position: int, total: int) -> dict[str, Any]:
    """{"items","next","position","total"}; `items` may hold one more than was asked for, which shows that there are more."""
    return {"items": list(items)[:limit], "next": following if len(items) > limit else None, "position": position, "total": total}


def scope_of(actor: Actor) -> Scope:
    """What an account's lists are narrowed to: its regions, and the parties it acts for."""
    regions = actor.regions(("supervisor", "decider", "legal", "chair", "auditor"))
    return Scope(regions, actor.parties())


def next_of(request: Request, key: Sequence[Any] | None) -> str | None:
    return cursor(*key) if key else None
