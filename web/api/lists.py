"""Keyset lists: `limit`, `after`, and the envelope they come in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import Query, Request

from domain.actor import Actor
from projections.regions import Scope
from web.asking import BadMoment

MOST = 200
Limit = Annotated[int, Query(ge=1, le=MOST)]


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
