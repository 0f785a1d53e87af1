"""The interface's own pages: every operation of the OpenAPI document, with our sheet, for people who are signed in."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from web.asking import Signed
from web.looks.looks import Looks
from web.looks.tongue import lazy

router = APIRouter(include_in_schema=False)
TAGS = {"contracts": lazy("合同"), "cases": lazy("案件"), "repairs": lazy("修复"), "commitments": lazy("信用承诺"), "parties": lazy("主体"), 
        "desk": lazy("待办"), "evidence": lazy("证据"), "log": lazy("日志"), "audit": lazy("审计"), "law": lazy("规则"), "public": lazy("公开查询"),
        "delegations": lazy("委托")}  # fmt: skip


@router.get("/api/docs")
def show(request: Request, asking: Signed) -> Response:
    looks: Looks = request.app.state.looks
    return looks.render(request, "api.html", groups=groups(request.app.openapi()))


def groups(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations by tag, in the document's order, each with its parameters and the fields of its body."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, verbs in document["paths"].items():
        for verb, operation in verbs.items():
            tag = (operation.get("tags") or ["more"])[0]
            found.setdefault(tag if tag in TAGS else "more", []).append(_operation(document, path, verb, operation))
    return [{"name": TAGS.get(tag, lazy("其他")), "id": tag, "operations": told} for tag, told in found.items()]


def _operation(document: dict[str, Any], path: str, verb: str, operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody", {}).get("content", {})
    schema = next(iter(body.values()))["schema"] if body else {}
    own = operation.get("description") or ""
    return {
        "path": path, "verb": verb.upper(), "id": operation["operationId"], "title": operation.get("summary", ""), "text": own,
        "parameters": [{"name": one["name"], "place": one["in"], "required": one.get("required", False)} for one in operation.get("parameters", [])],
        "fields": _fields(document, schema), "answers": [code for code in operation["responses"] if code.startswith("2")],
    }  # fmt: skip


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    shape = _opened(document, schema)
    wanted = shape.get("required", [])
    return [{"name": name, "kind": kind_of(document, one), "title": one.get("title", ""), "required": name in wanted}
            for name, one in shape.get("properties", {}).items()]  # fmt: skip


def _opened(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def kind_of(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """A field's type in a word or two: `string`, `date`, `MoneyIn`, `array of string`, `a | b`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(kind_of(document, one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"array of {kind_of(document, schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("const") or schema.get("type", "any"))
