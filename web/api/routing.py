"""Routers whose routes the application takes as they are: included ones the framework makes a second time, and looks through more slowly."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute

from web.api.lists import only_known

API = "/api/v1"


def named(route: APIRoute) -> str:
    """What the OpenAPI document calls a route."""
    return route.name


def reading(prefix: str = "", **said: Any) -> APIRouter:
    """A router of the API, where a name in a query that a read does not know is refused."""
    return APIRouter(prefix=f"{API}{prefix}", dependencies=[Depends(only_known)], generate_unique_id_function=named, **said)
