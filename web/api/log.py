"""The log's proof: its root, and that an entry stands in it and an older one is its beginning."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from domain.proof.tree import consistency, inclusion
from web.api.doings import answer
from web.asking import Asking, Signed, only
from web.looks.tongue import lazy

router = APIRouter(prefix="/log", tags=["log"])
BEYOND = lazy("日志里只有 {size} 条事件。")
READERS = only("auditor", "supervisor", "decider", "legal", "chair", "administrator")


@router.get("/checkpoint")
def checkpoint(request: Request, asking: Signed) -> JSONResponse:
    size, root = asking.office.recorder.tree_head()
    return answer(request, {"size": size, "root": root.hex()}, position=size)


@router.get("/proof/inclusion")
def prove_inclusion(request: Request, asking: Signed, position: Annotated[int, Query(ge=1)]) -> JSONResponse:
    size, root = asking.office.recorder.tree_head()
    if position > size:
        raise HTTPException(404, str(BEYOND).format(size=size))
    node = asking.office.recorder.tree_node
    proof = inclusion(node, position - 1, size)
    return answer(request, {"position": position, "size": size, "root": root.hex(), "leaf": node(0, position - 1).hex(), "proof": [one.hex() for one in proof]})


@router.get("/proof/consistency")
def prove_consistency(request: Request, asking: Signed, first: Annotated[int, Query(alias="from", ge=1)], to: Annotated[int, Query(ge=1)]) -> JSONResponse:
    size, _ = asking.office.recorder.tree_head()
    if not first <= to <= size:
        raise HTTPException(404, str(BEYOND).format(size=size))
    proof = consistency(asking.office.recorder.tree_node, first, to)
    return answer(request, {"from": first, "to": to, "proof": [one.hex() for one in proof]})


@router.get("/entries")
def entries(request: Request, start: Annotated[int, Query(ge=1)], end: Annotated[int, Query(ge=1)], asking: Asking = READERS) -> JSONResponse:
    """Entries as stored, for auditors: at most 1,000 at a time."""
    if not asking.actor.roles & {"auditor"}:
        raise HTTPException(403)
    asking.office.record_read(asking.actor, "log", f"{start}-{end}")
    rows = asking.office.recorder.rows(start, min(1000, max(0, end - start + 1)))
    return answer(request, {"items": [_entry(row) for row in rows if row.position <= end]})


def _entry(row: Any) -> dict[str, Any]:
    return {"position": row.position, "stream": str(row.stream), "version": row.version, "topic": row.topic, "recorded_at": row.recorded_at,
            "state": base64.b64encode(row.state).decode()}
