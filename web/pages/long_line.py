"""A long timeline, a page at a time: the newest first, then what lies before."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from fastapi import Request

from domain.events import Told
from web.pages.showing import address

LINE = 100  # entries of a timeline on one page


class LinePage(NamedTuple):
    """What a page of a long timeline shows, and the address of what lies before it."""

    told: list[Told]
    older: str | None


def line_page(request: Request, told: Iterable[Told]) -> LinePage:
    """The newest of what happened, or what lies before the log position that the address names (`before`)."""
    before = request.query_params.get("before", "")
    end = int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None
    past = sorted((one for one in told if end is None or one.position < end), key=lambda one: one.position)
    some = past[-LINE:]
    return LinePage(some, address(request, before=str(some[0].position)) if len(past) > len(some) else None)
