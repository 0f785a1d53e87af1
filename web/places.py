"""Places: where a thing is shown, and at which page the next act on it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urljoin

from domain.actor import Actor
from web.acts.doing import Doing

OFFICES = frozenset({"supervisor", "decider", "legal", "chair", "auditor"})
HEARINGS: Mapping[str, str] = {"supervisor": "hearing-notice", "chair": "hearing-record", "party": "hearing-request"}

KEYED: Mapping[str, str] = {
    "objection": "objections/{key}/decision", "repair_objection": "objections/{key}/decision", "touched_decision": "touches/{key}/answer",
    "procedure_breach": "procedure/{key}/answer", "pack_proposed": "/administration/packs/{key}",
    "disclosure": "disclosures?year={key}",
}  # fmt: skip


def is_applicant(actor: Actor) -> bool:
    """Does this account only act for parties?"""
    return not actor.roles & OFFICES and "applicant" in actor.roles


def page_of(on: str, id: Any, actor: Actor) -> str:
    """The page of a contract, case, application or party; an applicant's cases and applications are under /my."""
    if is_applicant(actor) and on in ("cases", "repairs"):
        return f"/my/{on}/{id}"
    return f"/{on}/{quote(str(id), safe=':')}"


def list_of(on: str, actor: Actor) -> str:
    """The list that a page of one thing belongs to."""
    return "/my" if is_applicant(actor) and on != "commitments" else f"/{on}"


def page_path(doing: Doing) -> str:
    """The address of an act's page, with its places: `/cases/{id}/notice`, `/contracts/new`."""
    if not doing.path:
        return f"/{doing.on}/new"
    return f"/{doing.on}/{{id}}{doing.page or doing.path}"


def next_page(loop: Mapping[str, Any]) -> str | None:
    """The page of the act that closes a loop; None when nobody acts on it at a page."""
    base = str(loop["subject"]).removeprefix("/api/v1")
    key, act, kind = str(loop["key"]), str(loop["next"]), str(loop["kind"])
    if loop["owed_by"] in ("rule", "outside") and kind != "review":
        return None
    match kind:
        case "obligation":
            return f"{base}/obligations/{quote(key, safe='')}/fulfilment"
        case "payment":
            return f"{base}/payments?{urlencode({'ref': key})}"
        case "planned_check":
            return f"{base}/checks/{key}/result"
        case "objection" | "repair_objection" | "touched_decision" | "procedure_breach" | "pack_proposed" | "disclosure":
            return urljoin(f"{base}/", KEYED[kind].format(key=quote(key, safe="")))
        case "measure":
            sanction, _, measure = key.partition("/")
            return f"{base}/measures/{quote(measure, safe='')}/lifting?{urlencode({'sanction': sanction})}"
        case "review":
            return f"{base}/review-end?{urlencode({'review': key})}"
        case "repair_synchronisation":
            return f"{base}/acknowledgements?{urlencode({'recipient': key})}"
        case "hearing" | "hearing_notice" | "hearing_window":
            page = HEARINGS.get(str(loop["owed_by"]))
            return f"{base}/{page}" if page else None
    return f"{base}/{act}"
