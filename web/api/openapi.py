"""The OpenAPI document: what the framework finds, and what every route of ours has beside it."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI

from web.api.shapes import SHAPES, answer_of, ref
from web.looks.tongue import lazy
from web.problems import SAID

API, PLACE = "/api/v1/", re.compile(r"{(\w+)}")
READ, CHANGE = (401, 403, 404, 422, 503), (401, 403, 404, 412, 413, 415, 422, 428, 503, 507)
PUBLIC = (400, 404, 422, 429)
KNOWN_AT = lazy("当时所知：时刻、日期（当天结束时）或日志位置。只给它时，as_of 是同一时刻")
AS_OF = lazy("所问的时刻：RFC 3339，或日期（北京时间当天结束时）。只给它时，按现在所知")
SEEN = lazy("所依据的版本，取自读取时的 ETag")
KEY = lazy("同一键同一内容得到第一次的答复，内容不同则 422")
INTRODUCTION = lazy("履约：从签订到信用修复的合同履约闭环。凭 Authorization: Bearer 访问；错误按 RFC 9457。")


def describe(app: FastAPI) -> None:
    """Let the application answer with this document."""
    found = app.openapi
    made: dict[str, Any] = {}

    def document() -> dict[str, Any]:
        if not made:
            made.update(completed(found()))
        return made

    app.openapi = document  # type: ignore[method-assign]


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """Problems in place of the framework's own errors, the headers and moments that every route takes, shapes."""
    parts = document.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.update(SHAPES)
    parts["responses"] = {f"Problem{status}": _problem(status) for status in SAID if status != 500}
    parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}, "session": {"type": "apiKey", "in": "cookie", "name": "lvyue_session"}}
    document["info"]["description"] = str(INTRODUCTION)
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            _complete(path, verb, operation)
    return document


def _problem(status: int) -> dict[str, Any]:
    return {"description": str(SAID[status][1]), "content": {"application/problem+json": {"schema": ref("Problem")}}}


def _complete(path: str, verb: str, operation: dict[str, Any]) -> None:
    ours = path.startswith(API)
    named = operation.setdefault("parameters", [])
    told = {one["name"] for one in named}
    named += [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in PLACE.findall(path) if name not in told]
    if ours:
        operation["security"] = [{"bearer": []}, {"session": []}]
        named += _query() if verb == "get" else _headers(changes="{id}" in path)
    answers = {code: one for code, one in operation["responses"].items() if code != "422"}
    for code, one in answers.items():
        if (shape := answer_of(verb, path)) is not None and code.startswith("2"):
            one["content"] = {"application/json": {"schema": {"anyOf": [shape, ref("Why")]} if "why" in told else shape}}
            one["headers"] = _told(path, verb)
        one["description"] = "OK" if code == "200" else "Created"
    statuses = PUBLIC if not ours else READ if verb == "get" else CHANGE
    operation["responses"] = {**answers, **{str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}}
    if not named:
        del operation["parameters"]


def _query() -> list[dict[str, Any]]:
    text = {"type": "string"}
    return [{"name": "known_at", "in": "query", "schema": text, "description": str(KNOWN_AT)},
            {"name": "as_of", "in": "query", "schema": text, "description": str(AS_OF)}]  # fmt: skip


def _headers(changes: bool) -> list[dict[str, Any]]:
    key = {"name": "Idempotency-Key", "in": "header", "required": False, "schema": {"type": "string"}, "description": str(KEY)}
    seen = {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}, "description": str(SEEN)}
    return [key, seen] if changes else [key]


def _told(path: str, verb: str) -> dict[str, Any]:
    names = ["ETag", "Lvyue-Position"] if verb == "post" or path.endswith("{id}") else []
    if verb == "post" and ("{id}" not in path or path.endswith("/findings")):
        names.append("Location")
    return {name: {"schema": {"type": "string"}} for name in names}
