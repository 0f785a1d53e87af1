"""`/metrics`: figures of this process and of the log, as Prometheus reads them; for the machine itself, or an administrator's token."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from starlette.exceptions import HTTPException

from projections import loops
from projections.loops import Wanted
from web.asking import office_of, who_asks
from web.office import Office

router = APIRouter(include_in_schema=False)
TEXT = "text/plain; version=0.0.4; charset=utf-8"
PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")  # then the machine itself is only a proxy's address
Samples = Iterable[tuple[Mapping[str, str], float]]


def for_keepers(request: Request) -> None:
    """This machine's own programs, and administrators. Raises 401, 403."""
    if _is_loopback(request.client.host if request.client else "") and not any(name in request.headers for name in PASSED_ON):
        return
    actor, _ = who_asks(request)
    if actor is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    if "administrator" not in actor.roles:
        raise HTTPException(403)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@router.get("/metrics", dependencies=[Depends(for_keepers)])
def metrics(request: Request) -> PlainTextResponse:
    requests: Counter[tuple[str, int]] = request.app.state.requests
    return PlainTextResponse("".join(_told(*one) for one in figures(office_of(request), requests)), media_type=TEXT)


def figures(office: Office, requests: Counter[tuple[str, int]]) -> list[tuple[str, str, str, Samples]]:
    """(name, type, help, samples) of every figure."""
    head, standings = office.ledger.head(), office.standings()
    with office.looking() as conn:
        due = loops.due_days(conn, office.moment(), Wanted())
    views = [({"view": one.name}, one) for one in standings]
    today, owed = office.today, Counter[tuple[str, str]]()
    for owner, _, on, n in due:
        owed[owner, "true" if on is not None and on < today else "false"] += n
    return [
        ("lvyue_events_total", "counter", "Events in the log.", [({}, head)]),
        ("lvyue_log_position", "gauge", "The last position of the log.", [({}, head)]),
        ("lvyue_view_position", "gauge", "The position through which a view has been told.", [(name, one.position) for name, one in views]),
        ("lvyue_view_lag", "gauge", "Positions of the log that a view has not been told.", [(name, max(0, head - one.position)) for name, one in views]),
        ("lvyue_view_stopped", "gauge", "1: a view has stopped at an event.", [(name, int(bool(one.stopped))) for name, one in views]),
        ("lvyue_open_loops", "gauge", "Open loops by who owes them.", [({"owed_by": who, "overdue": late}, n) for (who, late), n in sorted(owed.items())]),
        ("lvyue_requests_total", "counter", "Answers of this process.",
         [({"method": method, "status": str(status)}, n) for (method, status), n in sorted(dict(requests).items())]),
    ]  # fmt: skip


def _told(name: str, kind: str, about: str, samples: Any) -> str:
    lines = [f"# HELP {name} {about}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{_labels(labels)} {value}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}" if labels else ""
