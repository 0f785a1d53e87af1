"""Pages for people. Every module here has a `router`; this is the list of them."""

from __future__ import annotations

from importlib import import_module

from fastapi import APIRouter

MODULES = (
    "sign_in", "invitation", "kept", "why", "acts", "desk", "contracts", "deadlines", "law", "cases", "repairs", "commitments", "authority", "parties",
    "my", "my_calendar", "public", "imports", "audit", "list_files", "evenness", "conformance", "trials", "statistics", "administration", "delegations",
    "letters", "status",
)  # fmt: skip


def routers() -> list[APIRouter]:
    """The routers of all pages, in the order in which their routes are tried."""
    found = []
    for name in MODULES:
        router: APIRouter = import_module(f"web.pages.{name}").router
        found.append(router)
    return found
