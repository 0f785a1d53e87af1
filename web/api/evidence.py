"""Evidence by digest: brought by multipart, fetched as an attachment."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from fastapi import Request, UploadFile
from fastapi.responses import JSONResponse, Response

from domain.act import digest_of
from domain.evidence import Exhibit, lodge
from domain.ledger import AlreadyDone, NotThere, stream_id
from stores.upload_checks import check_upload
from web.api.doings import answer
from web.api.routing import reading
from web.asking import Asking, Signed
from web.narrowing import may_open

router = reading(tags=["evidence"])


class Brought(NamedTuple):
    """A file that was kept, and the log position at which it is known who brought it."""

    told: dict[str, object]
    position: int


def brought(asking: Asking, content: bytes, name: str, key: str | None = None) -> Brought:
    """Keep a file and put on record who brought it, once for a key. Raises UploadRefused, OtherBody."""
    office = asking.office
    media_type = check_upload(content, name)
    once = asking.once(key, f"{digest_of(content)} {name}".encode())
    if once is not None:
        office.ledger.earlier_answer(once)  # another file under this key is not kept
    digest = office.evidence.put(content, name, media_type)
    try:
        position = office.do(lambda act: lodge(act, digest, len(content), media_type), asking.actor, via=asking.via, once=once).position
    except AlreadyDone as before:
        position = before.last or office.ledger.head()
    return Brought({"digest": digest, "name": name, "size": len(content), "media_type": media_type}, position)


def bring(asking: Asking, content: bytes, name: str) -> dict[str, object]:
    """As `brought`, for a page that needs no more than what was kept."""
    return brought(asking, content, name).told


@router.post("/evidence", status_code=201)
def post_evidence(request: Request, asking: Signed, file: UploadFile) -> JSONResponse:
    content = file.file.read(asking.office.settings.max_upload + 1)
    told, position = brought(asking, content, file.filename or "", request.headers.get("idempotency-key"))
    return answer(request, told, 201, position=position, location=f"/api/v1/evidence/{told['digest']}")


def is_open(asking: Asking, digest: str) -> bool:
    """May this person open a file that was brought?"""
    exhibit = asking.office.ledger.find(Exhibit, stream_id("evidence", digest))
    return exhibit is not None and may_open(asking.office, asking.actor, exhibit, digest)


@router.get("/evidence/{digest}")
def get_evidence(asking: Signed, digest: str) -> Response:
    """The file as an attachment: to whoever brought it, and to offices and auditors of where it was brought."""
    office = asking.office
    if not is_open(asking, digest) or not office.evidence.has(digest):
        raise NotThere("evidence", digest)
    office.record_read(asking.actor, "evidence", digest)
    content, about = office.evidence.open(digest), office.evidence.about(digest)
    if content is None or about is None:
        raise NotThere("evidence", digest)
    name = office.evidence.name_of(digest) or digest
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(content, media_type=about.media_type, headers=headers)
