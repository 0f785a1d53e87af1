"""Values that programs send by mistake or by malice, and bodies made of them along an OpenAPI schema."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

MONEYS = ["-1.00", "1000000000", "1e9", "1E+999999", "-0", "NaN", "Infinity", "0.001", "", "一百", "1,000.00", " 5 ", "9" * 40]
TEXTS = [
    "",
    " ",
    "正常文字",
    "😀工程",
    "a\0b",
    "\x07",
    "\ud800",
    "\r\n",
    "\u202e反",
    "x" * 400,
    "<script>",
    "'; DROP TABLE events;--",
    "{0}",
    "{who}",
    "%s",
    "\ufeff",
]
DAYS = [
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "2026-01-12",
    "2026-1-2",
    "2025-12-31",
    "2199-12-31",
    "1900-01-01",
    0,
    20260112,
    "2026-01-12T00:00:00Z",
    "today",
]
SCALARS: list[Any] = [None, True, False, 0, -1, 2**63, 10**400, 1.5, float("nan"), float("inf"), [], {}, [[]], {"a": {}}, *TEXTS, *DAYS, *MONEYS]
CODES = ["CNY", "cny", "XXX", "ZZZ", "人民币", "C", ""]


def opened(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def likely(document: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """Mostly what the schema asks for, so that what is odd reaches deep."""
    schema = opened(document, schema)
    if "anyOf" in schema:
        return st.one_of([likely(document, one, depth) for one in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "const" in schema:
        return st.just(schema["const"])
    match schema.get("type"):
        case "object":
            return _object(document, schema, depth)
        case "array":
            return st.lists(odd(document, schema.get("items", {}), depth + 1), max_size=2 if depth < 3 else 0)
        case "string":
            return _string(schema)
        case "integer":
            return st.integers(-2, 4000)
        case "boolean":
            return st.booleans()
        case "null":
            return st.none()
    return st.sampled_from(["1.00", "3", 1, "0"])


def _string(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    pattern = schema.get("pattern", "")
    if schema.get("format") == "date":
        return st.dates().map(str) | st.sampled_from(["2026-01-12", "2026-01-10", "2026-03-31"])
    if schema.get("format") == "uuid":
        return st.uuids().map(str)
    if "sha256" in pattern:
        return st.just("sha256:" + "0" * 64)
    if pattern == "^[A-Z]{3}$":
        return st.sampled_from(["CNY", "USD", "XXX"])
    if "{6}" in pattern:
        return st.sampled_from(["440823", "440825", "999999"])
    return st.text(max_size=12) | st.sampled_from(
        ["M1", "P1", "1.00", "QLT-01", "SG", "CG", "CN-USCC", "91440800MA4X00000Y", "fine_larger", "M-03", "force_majeure"]
    )


def _object(document: dict[str, Any], schema: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    fields = schema.get("properties", {})
    wanted = set(schema.get("required", []))
    made = {name: odd(document, one, depth + 1) for name, one in fields.items()}
    return st.fixed_dictionaries({name: one for name, one in made.items() if name in wanted},
                                 optional={name: one for name, one in made.items() if name not in wanted})  # fmt: skip


def odd(document: dict[str, Any], schema: dict[str, Any], depth: int = 0) -> st.SearchStrategy[Any]:
    """What the schema asks for; now and then anything at all."""
    return st.integers(0, 11).flatmap(lambda roll: st.sampled_from(SCALARS) if roll == 0 else likely(document, schema, depth))
