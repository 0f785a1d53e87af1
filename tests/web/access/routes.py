"""Every route that the application has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from starlette.routing import Mount


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """(method, path) of every route; files under /static stand as one."""
    return sorted({pair for route in app.router.routes for pair in _pairs(route)})


def _pairs(route: Any) -> Iterator[tuple[str, str]]:
    if isinstance(route, Mount):
        yield "GET", f"{route.path}/*"
        return
    for method in (route.methods or set()) - {"HEAD"}:
        yield method, route.path
