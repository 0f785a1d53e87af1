"""What stands round every page: who is here, where they can go, how far the views are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request

from domain.actor import Actor
from projections import accounts, parties
from projections.temporal.moment import Moment
from web.asking import office_of, who_asks
from web.looks.tongue import Tongue, lazy, tongue_of
from web.office import Office
from web.regions import region_name
from web.words import word

# (address, label, roles that have it)
OFFICE = ("supervisor", "decider", "legal", "chair")
PLACES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("/", lazy("待办"), OFFICE),
    ("/my", lazy("我的事项"), ("applicant",)),
    ("/contracts", lazy("合同"), (*OFFICE, "auditor")),
    ("/cases", lazy("案件"), (*OFFICE, "auditor")),
    ("/repairs", lazy("修复"), (*OFFICE, "auditor")),
    ("/commitments", lazy("承诺"), (*OFFICE, "auditor", "applicant")),
    ("/parties", lazy("主体"), (*OFFICE, "auditor")),
    ("/statistics", lazy("统计"), (*OFFICE, "auditor")),
    ("/imports", lazy("导入合同"), ("supervisor",)),
    ("/policy", lazy("规则包"), (*OFFICE, "auditor", "administrator")),
    ("/audit", lazy("审计"), ("auditor",)),
    ("/delegations", lazy("委托"), ("supervisor", "decider", "legal", "chair")),
    ("/administration", lazy("管理"), ("administrator",)),
    ("/public", lazy("公开查询"), ("supervisor", "decider", "legal", "chair", "auditor", "applicant", "administrator")),
)


def frame_of(request: Request) -> Mapping[str, Any]:
    """See `Looks`: authority, note, who, nav, footer, trial, whose, notices."""
    office = office_of(request)
    actor, _ = who_asks(request)
    size, root = office.recorder.tree_head()
    reached = office.follower.upto(0)
    told = office.weather.of_page(request.url.path, size, reached, actor is not None)
    return {
        "authority": _authority(office), "note": "", "who": _who(office, actor, tongue_of(request)) if actor else None, "nav": _nav(request, actor),
        "footer": {"events": size, "checkpoint": f"{size}-{root.hex()[:8]}", "signed": False, "lag": max(0, size - reached)},
        "trial": office.is_trial, "whose": office.vault.drafts.mark(UUID(actor.account)) if actor else "", "notices": told,
    }  # fmt: skip


def _authority(office: Office) -> str:
    if office.settings.authority:
        return office.settings.authority
    with office.views.connect() as conn:
        known = accounts.list_organisations(conn, Moment(office.today))
    return str(known[0].name) if known else ""


def _who(office: Office, actor: Actor, speaks: Tongue) -> Mapping[str, Any]:
    role = next((role for role in ("decider", "supervisor", "legal", "chair", "auditor", "administrator", "applicant") if role in actor.roles), "")
    regions = sorted(actor.regions((*OFFICE, "auditor", "administrator")))
    where = [region_name(code, speaks.lang) for code in regions] or _firms(office, actor)
    return {"name": actor.name, "role": word("role", role), "region": speaks.said(lazy("、")).join(where), "read_only": role == "auditor"}


def _firms(office: Office, actor: Actor) -> list[str]:
    """The names of those whom an applicant acts for."""
    refs = sorted(actor.parties())
    with office.views.connect() as conn:
        names = parties.names(conn, Moment(office.today), refs)
    return [names.get(ref, ref) for ref in refs]


def _nav(request: Request, actor: Actor | None) -> list[Mapping[str, Any]]:
    path = request.url.path
    roles = actor.roles if actor else frozenset()
    here = [href for href, _, _ in PLACES if path == href or (href != "/" and path.startswith(href))]
    return [{"href": href, "label": label, "current": href in here, "count": None} for href, label, who in PLACES if roles & set(who)]
