"""What pydantic found wrong, in our own sentences: for the API's errors and for the places of a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from web.looks.tongue import lazy

DAY = lazy("日期应写作 2026-04-29")
INSTANT = lazy("时间应写作 2026-04-29T09:00:00+08:00")
NUMBER = lazy("应为数字")
LARGE = lazy("数字太长")
ID = lazy("编号的写法不对")
OBJECT = lazy("应为一个对象")
SENTENCES: Mapping[str, str] = {
    "missing": lazy("必须填写"),
    "extra_forbidden": lazy("没有这个字段"),
    "json_invalid": lazy("不是正确的 JSON"),
    "date_type": DAY,
    "date_parsing": DAY,
    "date_from_datetime_parsing": DAY,
    "date_from_datetime_inexact": DAY,
    "datetime_type": INSTANT,
    "datetime_parsing": INSTANT,
    "datetime_from_date_parsing": INSTANT,
    "timezone_aware": INSTANT,
    "decimal_parsing": NUMBER,
    "decimal_type": NUMBER,
    "int_parsing": lazy("应为整数"),
    "int_type": lazy("应为整数"),
    "int_from_float": lazy("应为整数"),
    "float_parsing": NUMBER,
    "bool_parsing": lazy("应为 true 或 false"),
    "bool_type": lazy("应为 true 或 false"),
    "string_type": lazy("应为文字"),
    "string_too_short": lazy("至少 {min_length} 个字"),
    "string_too_long": lazy("最多 {max_length} 个字"),
    "string_pattern_mismatch": lazy("写法不对"),
    "literal_error": lazy("只能是这些之一：{expected}"),
    "enum": lazy("只能是这些之一：{expected}"),
    "greater_than": lazy("应大于 {gt}"),
    "greater_than_equal": lazy("不能小于 {ge}"),
    "less_than": lazy("应小于 {lt}"),
    "less_than_equal": lazy("不能大于 {le}"),
    "decimal_max_places": lazy("最多 {decimal_places} 位小数"),
    "too_short": lazy("至少 {min_length} 项"),
    "too_long": lazy("最多 {max_length} 项"),
    "list_type": lazy("应为一个列表"),
    "uuid_parsing": ID,
    "uuid_type": ID,
    "model_attributes_type": OBJECT,
    "model_type": OBJECT,
    "dict_type": OBJECT,
    "string_unicode": lazy("不是完整的文字"),
    "finite_number": NUMBER,
    "int_parsing_size": LARGE,
    "decimal_max_digits": LARGE,
    "decimal_whole_digits": LARGE,
}
OTHER = lazy("写法不对（{what}）")


def spoken(error: Mapping[str, Any]) -> dict[str, Any]:
    """One error of pydantic as an error of ours: `code`, `pointer` (RFC 6901), source sentence and its values."""
    kind = str(error["type"])
    sentence, context = SENTENCES.get(kind, OTHER), dict(error.get("ctx") or {})
    if kind == "value_error":
        sentence = str(context.pop("error", error["msg"]))  # raised by a validator of ours: its own sentence
    values = {"what": error["msg"], **context}
    place = None if kind == "json_invalid" else pointer(error["loc"])  # where reading broke off is a character, no place in a body
    return {"code": kind, "pointer": place, "detail": sentence, "values": values}


def pointer(place: Iterable[Any]) -> str:
    """A JSON Pointer into the body, or to the name of a parameter."""
    parts = [str(part).replace("~", "~0").replace("/", "~1") for part in place]
    return "/" + "/".join(parts[1:] if parts and parts[0] in ("body", "query", "path", "header", "cookie") else parts)
