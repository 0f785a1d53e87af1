"""The log's proof: its root, and that an entry stands in it and an older one is its beginning."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from domain.proof.tree import consistency, inclusion, root_at
from web.api.doings import answer
from web.api.routing import reading
from web.asking import Asking, Signed, only
from web.looks.tongue import lazy
from web.narrowing import visible_rows

router = reading("/log", tags=["log"])
BEYOND = lazy("日志里只有 {size} 条事件。")
AUDITORS = only("auditor")


def head_of(asking: Asking) -> tuple[int, bytes]:
    """The tree's size and root as they were at the moment asked about."""
    recorder, moment = asking.office.recorder, asking.moment
    size, root = recorder.tree_head()
    if moment.known_at is None or moment.known_at >= size:
        return size, root
    return moment.known_at, root_at(recorder.tree_node, moment.known_at)


@router.get("/checkpoint")
def checkpoint(request: Request, asking: Signed) -> JSONResponse:
    size, root = head_of(asking)
    return answer(request, {"size": size, "root": root.hex()}, position=size)


@router.get("/proof/inclusion")
def prove_inclusion(request: Request, asking: Signed, position: Annotated[int, Query(ge=1)]) -> JSONResponse:
    size, root = head_of(asking)
    if position > size:
        raise HTTPException(404, str(BEYOND).format(size=size))
    node = asking.office.recorder.tree_node
    proof = inclusion(node, position - 1, size)
    return answer(request, {"position": position, "size": size, "root": root.hex(), "leaf": node(0, position - 1).hex(), "proof": [one.hex() for one in proof]})


@router.get("/proof/consistency")
def prove_consistency(request: Request, asking: Signed, first: Annotated[int, Query(alias="from", ge=1)], to: Annotated[int, Query(ge=1)]) -> JSONResponse:
    size, _ = head_of(asking)
    if not first <= to <= size:
        raise HTTPException(404, str(BEYOND).format(size=size))
    proof = consistency(asking.office.recorder.tree_node, first, to)
    return answer(request, {"from": first, "to": to, "proof": [one.hex() for one in proof]})


@router.get("/entries")
def entries(request: Request, start: Annotated[int, Query(ge=1)], end: Annotated[int, Query(ge=1)], asking: Asking = AUDITORS) -> JSONResponse:
    """Entries as stored, for auditors: at most 1,000 at a time; those of another region's streams are left out."""
    asking.office.record_read(asking.actor, "log", f"{start}-{end}")
    end = min(end, head_of(asking)[0])
    rows = asking.office.recorder.rows(start, min(1000, max(0, end - start + 1)))
    seen = visible_rows(asking.office, asking.actor, [row for row in rows if row.position <= end])
    return answer(request, {"items": [_entry(row) for row in seen]})


def _entry(row: Any) -> dict[str, Any]:
    return {
        "position": row.position,
        "stream": str(row.stream),
        "version": row.version,
        "topic": row.topic,
        "recorded_at": row.recorded_at,
        "state": base64.b64encode(row.state).decode(),
    }
