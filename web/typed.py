"""What was typed, as the body of an act: days, sums and codes as people write them; everything that is wrong, at its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from domain.values.fault import Malformed
from domain.values.money import parse_money
from domain.values.party import USCC_SCHEME, PartyRef
from web.acts.doing import Body
from web.forms import FILES, Piece, Tree, Wrong, is_untouched, pieces
from web.importers.written import Placeholder, day_of
from web.validation import spoken

SERIAL = re.compile(r"\d{1,7}$")  # a bare number is a slip here, not a spreadsheet's day
LINES = re.compile(r"[\n；;、]+")


def body_of(body: type[Body], tree: Tree, currency: str = "CNY") -> tuple[Body | None, list[Wrong]]:
    """What was typed as the body; or everything that is wrong with it."""
    wrong: list[Wrong] = []
    said = _said(body, tree, currency, "", wrong)
    if wrong:
        return None, wrong + _others(body, said, {one.place for one in wrong})
    try:
        return body.model_validate(said), []
    except ValidationError as error:
        return None, list(_spoken(body, error))


def _others(body: type[Body], said: Tree, known: set[str | None]) -> list[Wrong]:
    """What else is wrong, beside what could not even be read."""
    try:
        body.model_validate(said)
    except ValidationError as error:
        return [one for one in _spoken(body, error) if one.place not in known]
    return []


def _spoken(body: type[Body], error: ValidationError) -> Iterator[Wrong]:
    for one in error.errors():
        told = spoken(one)
        yield Wrong(place_of(one["loc"], body), told["detail"], told["values"])


def _said(body: type[Body], tree: Tree, currency: str, prefix: str, wrong: list[Wrong]) -> Tree:
    """The tree as JSON for the body; what was left empty is left out."""
    said: Tree = {}
    for piece in pieces(body):
        value = _plain(piece, tree.get(piece.name), currency, prefix + piece.name, wrong)
        if value is not None:
            said[piece.name] = value
        if piece.kind == "code" and isinstance(value, str):
            wrong += _code_faults(str(tree.get("scheme") or USCC_SCHEME), value, prefix + piece.name)
    return said


def _code_faults(scheme: str, code: str, place: str) -> list[Wrong]:
    """What is wrong with a party's code, at the place where it was typed; the rules would only name the whole list."""
    try:
        PartyRef.of(scheme, code)
    except Malformed as malformed:
        return [Wrong(place, malformed.fault.sentence, malformed.fault.params)]
    return []


def _plain(piece: Piece, value: Any, currency: str, place: str, wrong: list[Wrong]) -> Any:
    match piece.kind:
        case "group":
            empty = not piece.required and is_untouched(value or {}, piece.inner)
            return None if empty else _said(piece.inner, value or {}, currency, place + "-", wrong)
        case "rows":
            return [_said(piece.inner, row, currency, f"{place}-{n}-", wrong) for n, row in enumerate(value or [])]
        case "money":
            return _money(value or {}, currency, place, wrong)
        case "checkbox":
            return bool(value)
        case "multi" | "lines" | "file" | "photo":
            return _listed(piece, value)
    return _word(piece.kind, str(value or ""))


def _listed(piece: Piece, value: Any) -> Any:
    if piece.kind in FILES:
        value = [one["digest"] for one in value or []]
        if not piece.many:
            return value[0] if value else None
    elif piece.kind == "lines":
        value = [one.strip() for one in LINES.split(str(value or "")) if one.strip()]
    return list(value or []) if value or piece.required else None


def _money(value: Tree, currency: str, place: str, wrong: list[Wrong]) -> Any:
    text = str(value.get("amount") or "")
    if not text.strip():
        return None
    try:
        money = parse_money(text, "万元" if value.get("unit") == "wan" else "元", currency)
    except Malformed as malformed:
        wrong.append(Wrong(place, malformed.fault.sentence, malformed.fault.params))
        return None
    return {"amount": f"{money.amount:f}", "currency": money.currency}


def _word(kind: str, text: str) -> str | None:
    """A typed word as the body wants it: a day as ISO, digits and codes in half width; what cannot be read stays as typed."""
    if not text.strip():
        return None
    if kind in ("text", "textarea", "select", "radio", "hidden"):
        return text
    spelt = unicodedata.normalize("NFKC", text).strip()
    if kind == "number":
        return spelt.replace(",", "").removesuffix("%").strip()
    if kind == "date" and not SERIAL.match(spelt):
        try:
            return day_of(spelt).isoformat()
        except (Malformed, Placeholder):
            return text
    return spelt


def place_of(parts: Sequence[Any], body: type[Body]) -> str | None:
    """The place that an error's path (`("obligations", 0, "due_on")`) names; None when this form has no such place."""
    if not parts:
        return None
    piece = next((one for one in pieces(body) if one.name == str(parts[0])), None)
    if piece is None or piece.kind == "hidden":
        return None
    rest = list(parts[1:])
    if piece.kind == "group" and rest:
        below = place_of(rest, piece.inner)
        return f"{piece.name}-{below}" if below else None
    if piece.kind == "rows" and len(rest) > 1 and str(rest[0]).isdecimal():
        below = place_of(rest[1:], piece.inner)
        return f"{piece.name}-{rest[0]}-{below}" if below else piece.name
    return piece.name


def place_at(pointer: str | None, body: type[Body]) -> str | None:
    """The place that a JSON Pointer names."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in (pointer or "").split("/")[1:]]
    return place_of(parts, body)
