"""How refusals of the domain are answered: each kind of exception, once."""

from __future__ import annotations

import errno

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from domain.actor import NotYourRole
from domain.ledger import AlreadyDone, MovedOn, NotThere, OtherBody
from domain.policy.faults import PackRejected
from domain.policy.missing import NoBasisInForce, NoPackInForce, UnknownCode
from domain.rules import RuleBroken
from domain.values.fault import Malformed
from projections.why.field import UnknownField
from stores.ledger.faults import Closed, Unavailable, Uncertain
from stores.upload_checks import UploadRefused
from web.asking import BadMoment
from web.looks.tongue import lazy, tongue_of
from web.office import is_full
from web.problems import problem
from web.weather import Notice

log = structlog.get_logger()
SOON = {"Retry-After": "5"}
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
OTHER_BODY = lazy("这个 Idempotency-Key 已经用于另一个请求。")
MOMENT = lazy("{given} 不是时刻：请写成 2026-04-29、2026-04-29T09:00:00+08:00 或日志位置。")
UNKNOWN = lazy("现行目录里没有“{code}”。")
NO_SUCH_FIELD, NO_FIELD = lazy("没有这个字段"), lazy("这里没有字段“{field}”，问不出为什么。")
NO_BASIS = lazy("{on} 没有“{code}”的有效依据。")
PACK_FAULT = lazy("第 {line} 行 {key}：{reason} {detail}")
NO_PACK = lazy("{on} 没有有效的规则包（{family}）。")


def rule_broken(request: Request, error: RuleBroken) -> Response:
    return problem(request, 422, "rule-broken", errors=error.broken)


def not_there(request: Request, error: NotThere) -> Response:
    return problem(request, 404)


def not_your_role(request: Request, error: NotYourRole) -> Response:
    return problem(request, 403)


def moved_on(request: Request, error: MovedOn) -> Response:
    return problem(request, 412 if request.url.path.startswith("/api/") else 409)


def other_body(request: Request, error: OtherBody) -> Response:
    return problem(request, 422, "idempotency-key-reused", errors=[{"code": "idempotency_key_reused", "detail": OTHER_BODY}])


def bad_moment(request: Request, error: BadMoment) -> Response:
    return problem(request, 422, "not-valid", errors=[{"code": "moment", "pointer": f"/{error.name}", "detail": MOMENT, "values": {"given": error.given}}])


def no_pack(request: Request, error: NoPackInForce) -> Response:
    return problem(request, 422, "rule-broken", errors=[{"code": "no_pack_in_force", "detail": NO_PACK, "values": {"on": error.on, "family": error.family}}])


def unknown_code(request: Request, error: UnknownCode) -> Response:
    return problem(request, 422, "rule-broken", errors=[{"code": "unknown_code", "detail": UNKNOWN, "values": {"code": error.code}}])


def unknown_field(request: Request, error: UnknownField) -> Response:
    wrong = {"code": "unknown_field", "pointer": "/why", "detail": NO_FIELD, "values": {"field": error.field}}
    return problem(request, 422, "not-valid", title=NO_SUCH_FIELD, errors=[wrong])


def no_basis(request: Request, error: NoBasisInForce) -> Response:
    return problem(request, 422, "rule-broken", errors=[{"code": "no_basis_in_force", "detail": NO_BASIS, "values": {"code": error.code, "on": error.on}}])


def first_line(error: Exception) -> str:
    """What a driver says, without the statement and its values, which may name people."""
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"


def cannot_now(request: Request, error: Exception) -> Response:
    """A database that cannot be read or written: nothing was recorded, and nothing is shown without being on record."""
    log.error("a store failed", why=first_line(error))
    if is_full(error):
        return problem(request, 507, headers=SOON)
    return problem(request, 503, headers=SOON)


def closed(request: Request, error: Closed) -> Response:
    """The log is open for reading only."""
    why: Notice = error.args[0]
    return problem(request, why.status or 503, why.code.replace("_", "-"), detail=why.sentence, headers=SOON, **why.values)


def uncertain(request: Request, error: Uncertain) -> Response:
    """The connection was lost in the commit: to say that nothing was recorded could be untrue."""
    log.error("the answer to a commit was lost", why=first_line(error))
    return problem(request, 503, "uncertain", headers=SOON)


def no_room(request: Request, error: OSError) -> Response:
    """A file could not be written. Whatever else the system refuses is our own fault."""
    if error.errno not in FULL:
        raise error
    log.error("the disk is full", why=first_line(error))
    return problem(request, 507, headers=SOON)


def malformed(request: Request, error: Malformed) -> Response:
    return problem(request, 422, "not-valid", errors=[{"code": error.fault.code, "detail": error.fault.sentence, "values": error.fault.params}])


def upload_refused(request: Request, error: UploadRefused) -> Response:
    return problem(request, 422, "not-valid", errors=[{"code": error.code, "pointer": "/file", "detail": error.sentence, "values": error.values}])


def pack_rejected(request: Request, error: PackRejected) -> Response:
    """Every fault of a pack's file: its line, its key, and why."""
    errors = [
        {
            "code": "pack_fault",
            "pointer": f"/{one.key}",
            "detail": PACK_FAULT,
            "values": {"line": one.line, "key": one.key, "reason": tongue_of(request).said(one.reason), "detail": one.detail},
        }
        for one in error.faults
    ]
    return problem(request, 422, "not-valid", errors=errors)


def install(app: Starlette) -> None:
    """Answer every refusal of the domain in the reader's language."""
    for kind, answer in (
        (RuleBroken, rule_broken), (NotThere, not_there), (NotYourRole, not_your_role), (MovedOn, moved_on), (OtherBody, other_body),
        (BadMoment, bad_moment), (NoPackInForce, no_pack), (Malformed, malformed), (UploadRefused, upload_refused), (AlreadyDone, moved_on),
        (UnknownCode, unknown_code), (UnknownField, unknown_field), (NoBasisInForce, no_basis), (PackRejected, pack_rejected),
        (OperationalError, cannot_now), (Unavailable, cannot_now), (NoConnectionFree, cannot_now), (Uncertain, uncertain), (Closed, closed),
        (OSError, no_room),
    ):  # fmt: skip
        app.add_exception_handler(kind, answer)  # type: ignore[arg-type]
