"""The law as data, for programs: packs in force, what is proposed, the calendar; and how any due date was counted."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import JSONResponse, Response
from pydantic import Field

from domain.ledger import AlreadyDone, NotThere
from domain.policy import commands
from domain.policy.commands import KEEPERS
from domain.policy.pack import Pack
from projections.cards.plain import Json
from stores.evidence import Lost
from web import policies, receipts
from web.acts.doing import Body
from web.api.doings import answer
from web.api.routing import reading
from web.asking import Asking, Signed, only
from web.carrying import contract_id
from web.ticking import tick

router = reading(tags=["law"])
KEEPER = only(*KEEPERS)


class Proposal(Body):
    """A pack's file: its name (told in faults) and its text."""

    name: str = Field("pack.toml", max_length=200)
    toml: str = Field(max_length=2_000_000)


class Dropping(Body):
    reason: str = Field(min_length=1, max_length=2000)


class Year(Body):
    """A year's days off as published: name of the holiday -> its days; and the weekend days that are worked."""

    year: int = Field(ge=2000, le=2100)
    source: str = Field(min_length=1, max_length=500)
    off: dict[str, list[date]]
    work: list[date] = Field(default_factory=list)


def _listed(request: Request, asking: Asking, items: list[Json]) -> JSONResponse:
    return answer(request, {"items": items, "next": None, "position": asking.moment.known_at or asking.office.ledger.head(), "total": len(items)})


@router.get("/policy/packs", summary="规则包")
def list_packs(request: Request, asking: Signed) -> JSONResponse:
    """Every pack that was adopted by the moment asked about; `in_force` on its day."""
    return _listed(request, asking, policies.packs(asking.office.book_at(asking.moment), asking.moment.day))


def pack_named(asking: Asking, name: str) -> tuple[int, Pack]:
    """`key` (its newest version) or `key@version`, with the position of its adoption. Raises NotThere."""
    key, _, version = name.partition("@")
    found = [one for one in asking.office.book_at(asking.moment).packs if one[1].key == key and version in ("", str(one[1].version))]
    if not found:
        raise NotThere("packs", name)
    return max(found, key=lambda one: one[1].version)


@router.get("/policy/packs/{name}", summary="一个规则包")
def read_pack(request: Request, asking: Signed, name: str) -> JSONResponse:
    """A pack (`key`, or `key@version`) with everything it says."""
    position, pack = pack_named(asking, name)
    in_force = asking.office.book_at(asking.moment).pack_if_any(pack.head.family, asking.moment.day) is pack
    return answer(request, {**policies.pack_row(position, pack, in_force), "statements": policies.statements(pack)})


@router.get("/policy/packs/{name}/toml", summary="规则包原文")
def read_toml(asking: Signed, name: str) -> Response:
    """The very bytes that are evaluated."""
    _, pack = pack_named(asking, name)
    headers = {"Content-Disposition": f'attachment; filename="{pack.key}.{pack.version}.toml"', "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(asking.office.evidence.read(f"sha256:{pack.digest}"), media_type="application/toml", headers=headers)


@router.get("/policy/calendar", summary="放假安排")
def read_calendar(request: Request, asking: Signed) -> JSONResponse:
    """Every year whose days off are known; a notice that was published again supersedes the first, which stays."""
    return _listed(request, asking, policies.years(asking.office.book_at(asking.moment)))


@router.post("/policy/calendar", status_code=201, summary="采用一年的放假安排")
def post_calendar(request: Request, body: Year, asking: Asking = KEEPER) -> JSONResponse:
    """Adopt a year's days off: running deadlines are counted anew, on record, and their owners are told."""
    office, off = asking.office, sorted((day, name) for name, days in body.off.items() for day in days)
    tick(office)
    _do(request, asking, lambda act: commands.publish_calendar_year(act, body.year, off, body.work, body.source), body.model_dump_json())
    tick(office)
    return answer(request, {"year": body.year, "position": office.ledger.head()}, status=201)


@router.get("/policy/proposals", summary="待采用的规则包")
def list_proposals(request: Request, asking: Asking = KEEPER) -> JSONResponse:
    """What waits for a second person, each with what it would change."""
    return _listed(request, asking, [_proposal(asking, one) for one in policies.proposals(asking.office)])


def _proposal(asking: Asking, row: Json) -> Json:
    pack = policies.kept_pack(asking.office, row["digest"])
    changes = policies.difference(policies.forerunner(asking.office.book, pack), pack)
    return {**{name: row[name] for name in ("digest", "key", "version", "by")}, "pack": policies.pack_row(None, pack, False), "changes": changes}


def proposal(asking: Asking, digest: str) -> Json:
    """A proposal by the digest of its bytes. Raises NotThere."""
    found = next((one for one in policies.proposals(asking.office) if one["digest"] == digest), None)
    if found is None:
        raise NotThere("proposals", digest)
    return found


@router.post("/policy/proposals", status_code=201, summary="提出规则包")
def post_proposal(request: Request, body: Proposal, asking: Asking = KEEPER) -> JSONResponse:
    """Propose a pack: 422 with every fault of the file, its line and reason."""
    office, content = asking.office, body.toml.encode()
    _do(request, asking, lambda act: commands.propose_pack(act, body.name, content, policies.keep(office)), body.model_dump_json())
    digest = office.evidence.put(content, "", "application/toml")
    return answer(request, _proposal(asking, proposal(asking, digest)), status=201)


@router.post("/policy/proposals/{digest}/adoption", summary="采用规则包")
def adopt(request: Request, digest: str, asking: Asking = KEEPER) -> JSONResponse:
    """Adopt what another person proposed; open deadlines that it moves are counted anew, on record."""
    office = asking.office
    pack = _kept(asking, digest)
    tick(office)
    _do(request, asking, lambda act: commands.adopt_pack(act, digest), digest)
    tick(office)
    position = max(position for position, one in office.book.packs if one.digest == pack.digest)
    return answer(request, policies.pack_row(position, pack, office.book.pack_if_any(pack.head.family, office.today) == pack))


def _kept(asking: Asking, digest: str) -> Pack:
    try:
        return policies.kept_pack(asking.office, digest)
    except (Lost, ValueError):
        raise NotThere("proposals", digest) from None


@router.post("/policy/proposals/{digest}/drop", summary="退回规则包")
def drop(request: Request, digest: str, body: Dropping, asking: Asking = KEEPER) -> JSONResponse:
    """Drop a proposal, with a reason."""
    _do(request, asking, lambda act: commands.drop_pack(act, digest, body.reason), body.model_dump_json())
    return answer(request, {"digest": digest, "dropped": True})


def _do(request: Request, asking: Asking, command: Any, said: str) -> None:
    """Once, where the request has a key."""
    with suppress(AlreadyDone):  # by the same request, sent at the same moment: what it did stands
        asking.office.do(command, asking.actor, via=asking.via, once=asking.once(request.headers.get("idempotency-key"), said.encode()))
    asking.office.caught_up()


# -- how a due date was counted


@router.get("/contracts/{id}/deadlines/{loop}", tags=["contracts"], summary="期限凭据")
def contract_deadline(request: Request, asking: Signed, id: str, loop: UUID) -> JSONResponse:
    """A due date with each day that counted or did not, and every day that it was before."""
    return answer(request, receipts.receipt(asking, "contracts", contract_id(asking.office, asking, id), loop))


@router.get("/cases/{id}/deadlines/{loop}", tags=["cases"], summary="期限凭据")
def case_deadline(request: Request, asking: Signed, id: UUID, loop: UUID) -> JSONResponse:
    """A due date with each day that counted or did not, and every day that it was before."""
    asking.office.record_read(asking.actor, "case", str(id))
    return answer(request, receipts.receipt(asking, "cases", id, loop))


@router.get("/repairs/{id}/deadlines/{loop}", tags=["repairs"], summary="期限凭据")
def repair_deadline(request: Request, asking: Signed, id: UUID, loop: UUID) -> JSONResponse:
    """A due date with each day that counted or did not, and every day that it was before."""
    asking.office.record_read(asking.actor, "repair", str(id))
    return answer(request, receipts.receipt(asking, "repairs", id, loop))
