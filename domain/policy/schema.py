"""The shape of a pack's file as a JSON Schema, made from the records that read it. `docs/policy-pack.schema.json` is kept equal."""

from typing import Any

import msgspec

from domain.policy.pack import Head
from domain.policy.tables import KINDS, Rule

Schema = dict[str, Any]
NUMBER: Schema = {"type": "string", "format": "decimal"}  # as JSON would carry it; TOML writes the number itself
OURS = ("pack", "version", "name", "full_name")  # what reading adds to a rule; `full_name` may be given

PLACE = "#/$defs/{name}"


def pack_schema() -> Schema:
    """JSON Schema 2020-12 of a pack's TOML, dates as RFC 3339 text."""
    _, parts = msgspec.json.schema_components([Head, Rule, *KINDS], ref_template=PLACE)
    parts = _numbers(parts)
    for part in parts.values():
        if "properties" in part:
            part["additionalProperties"] = False
        part.pop("title", None)
    rule, head = parts["Rule"], parts.pop("Head")
    rule["properties"] = {name: one for name, one in rule["properties"].items() if name not in OURS or name == "full_name"}
    rule["required"] = [name for name in rule["required"] if name not in OURS]
    rule["dependentRequired"] = {"count": ["unit"], "unit": ["count"]}
    parts["Rules"] = {
        "description": "A rule, or a step of its name: [rules.class.minor] is class.minor.",
        "type": "object",
        "additionalProperties": {"anyOf": [{"$ref": PLACE.format(name="Rule")}, {"$ref": PLACE.format(name="Rules")}]},
    }
    tables = {kind.table: {"type": "array", "items": {"$ref": PLACE.format(name=kind.__name__)}} for kind in KINDS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Lvyue policy pack", **head,
        "properties": {**head["properties"], "rules": {"$ref": PLACE.format(name="Rules")}, **tables}, "$defs": dict(sorted(parts.items())),
    }  # fmt: skip


def _numbers(part: Any) -> Any:
    if part == NUMBER:
        return {"type": "number"}
    if isinstance(part, dict):
        return {name: _numbers(one) for name, one in part.items()}
    return [_numbers(one) for one in part] if isinstance(part, list) else part
