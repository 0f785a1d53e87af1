"""Evidence by digest: brought by multipart, fetched as an attachment."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request, UploadFile
from fastapi.responses import JSONResponse, Response

from domain.evidence import Exhibit, lodge
from domain.ledger import NotThere, stream_id
from stores.upload_checks import check_upload
from web.api.doings import answer
from web.asking import Asking, Signed

router = APIRouter(tags=["evidence"])


def bring(asking: Asking, content: bytes, name: str) -> dict[str, object]:
    """Keep a file and put on record who brought it. Raises UploadRefused."""
    office = asking.office
    media_type = check_upload(content, name)
    digest = office.evidence.put(content, name, media_type)
    office.do(lambda act: lodge(act, digest, len(content), media_type), asking.actor, via=asking.via)
    return {"digest": digest, "name": name, "size": len(content), "media_type": media_type}


@router.post("/evidence", status_code=201)
def post_evidence(request: Request, asking: Signed, file: UploadFile) -> JSONResponse:
    content = file.file.read(asking.office.settings.max_upload + 1)
    told = bring(asking, content, file.filename or "")
    return answer(request, told, 201, position=asking.office.ledger.head(), location=f"/api/v1/evidence/{told['digest']}")


@router.get("/evidence/{digest}")
def get_evidence(asking: Signed, digest: str) -> Response:
    """The file as an attachment: to offices and auditors, and to whoever brought it."""
    office = asking.office
    exhibit = office.ledger.find(Exhibit, stream_id("evidence", digest))
    mine = exhibit is not None and asking.actor.account in exhibit.brought_by
    if exhibit is None or not (mine or asking.actor.roles - {"applicant", "administrator"}) or not office.evidence.has(digest):
        raise NotThere("evidence", digest)
    office.record_read(asking.actor, "evidence", digest)
    content, about = office.evidence.open(digest), office.evidence.about(digest)
    if content is None or about is None:
        raise NotThere("evidence", digest)
    name = office.evidence.name_of(digest) or digest
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(content, media_type=about.media_type, headers=headers)
