"""Every route that the application has, flattened out of the framework's nesting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import _IncludedRouter
from starlette.routing import Mount


def routes_of(app: FastAPI) -> list[tuple[str, str]]:
    """(method, path) of every route; files under /static stand as one."""
    return sorted({pair for route in _flat(app.router.routes) for pair in _pairs(route)})


def _flat(routes: Any) -> Iterator[Any]:
    for route in routes:
        if isinstance(route, _IncludedRouter):
            yield from _flat(route.effective_candidates())
        else:
            yield route


def _pairs(route: Any) -> Iterator[tuple[str, str]]:
    if isinstance(route, Mount):
        yield "GET", f"{route.path}/*"
        return
    for method in (route.methods or set()) - {"HEAD"}:
        yield method, route.path
