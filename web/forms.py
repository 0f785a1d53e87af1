"""Forms from bodies: a body's fields as descriptors for the form macros, and what was typed read back as the body.

What somebody typed is a *tree*, keyed as the body is: text, `{"amount", "unit"}` for money, a list of values for
several choices, a list of `{"digest", "name", "size"}` for files, a tree for a group, a list of trees for rows.
A *place* is the name of a field in the page: `authority-id`, `obligations-0-title`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from starlette.datastructures import FormData, UploadFile

from stores.upload_checks import UploadRefused
from web.acts.doing import Body
from web.looks.tongue import lazy

Tree = dict[str, Any]
Options = Callable[[str], Sequence[tuple[Any, ...]]]
MOST_ROWS = 200
AHEAD = ("starts_on", "ends_on", "due_on", "planned_on", "to_be_held_on", "valid_until")  # days that are no act's own
TODAY = lazy("不填就是今天")
FILES = ("file", "photo")


class Piece(NamedTuple):
    """One field of a body, as its form sees it. `inner`: the body inside a group or a row (else an empty one); `many`: it is a list."""

    name: str
    kind: str
    label: str
    hint: str | None
    options: str
    required: bool
    default: Any
    inner: type[Body]
    many: bool


class Wrong(NamedTuple):
    """One thing that is wrong: where (None: nowhere in this form), and the sentence with its values."""

    place: str | None
    sentence: str
    values: Mapping[str, Any] = {}


@cache
def pieces(body: type[Body]) -> tuple[Piece, ...]:
    """The fields of a body in their order; one that says nothing of its form is hidden."""
    found = []
    for name, about in body.model_fields.items():
        extra = about.json_schema_extra if isinstance(about.json_schema_extra, dict) else {}
        inner, many = _inside(about.annotation)
        default = None if about.is_required() else about.get_default(call_default_factory=True)
        found.append(
            Piece(
                name,
                str(extra.get("kind") or "hidden"),
                str(about.title or name),
                about.description or None,
                str(extra.get("options") or ""),
                about.is_required(),
                default,
                inner or Body,
                many,
            )
        )
    return tuple(found)


def _inside(annotation: Any) -> tuple[type[Body] | None, bool]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return _inside(get_args(annotation)[0])
    if origin in (Union, UnionType):
        return next((one for one in map(_inside, get_args(annotation)) if one != (None, False)), (None, False))
    if origin is list:
        return _inside(get_args(annotation)[0])[0], True
    return (annotation, False) if isinstance(annotation, type) and issubclass(annotation, Body) else (None, False)


# -- what stands in a form before anybody typed


def blank(body: type[Body]) -> Tree:
    """The tree of an untouched form: defaults, and one empty row where at least one is wanted."""
    return {piece.name: _blank(piece) for piece in pieces(body)}


def _blank(piece: Piece) -> Any:
    match piece.kind:
        case "group":
            return blank(piece.inner)
        case "rows":
            return [blank(piece.inner)] if piece.required else []
        case "money":
            return {"amount": "", "unit": "yuan"}
        case "multi" | "file" | "photo":
            return list(piece.default or [])
        case "checkbox":
            return bool(piece.default)
        case "lines":
            return "\n".join(piece.default or [])
    return "" if piece.default is None else str(piece.default)


def is_untouched(tree: Tree, body: type[Body]) -> bool:
    """Does a group or a row hold nothing but what stood in it from the beginning?"""
    return all(_is_untouched(tree.get(piece.name), piece) for piece in pieces(body))


def _is_untouched(value: Any, piece: Piece) -> bool:
    if piece.kind == "group":
        return is_untouched(value or {}, piece.inner)
    if piece.kind == "rows":
        return all(is_untouched(row, piece.inner) for row in value or [])
    if piece.kind == "money":
        return not str((value or {}).get("amount") or "").strip()
    if isinstance(value, str):
        return value.strip() in ("", _blank(piece))
    return not value or value == _blank(piece)


# -- what was typed


@dataclass
class Reading:
    """Reads a sent form. `bring` keeps a new file and gives its digest, name and size; `about` tells those of a kept one."""

    form: FormData
    bring: Callable[[UploadFile], Tree]
    about: Callable[[str], Tree | None]
    wrong: list[Wrong] = field(default_factory=list)

    def tree(self, body: type[Body], prefix: str = "") -> Tree:
        """Everything that was typed, in the shape of the body."""
        return {piece.name: self._value(piece, prefix + piece.name) for piece in pieces(body)}

    def _value(self, piece: Piece, place: str) -> Any:
        match piece.kind:
            case "group":
                return self.tree(piece.inner, place + "-")
            case "rows":
                return [self.tree(piece.inner, f"{place}-{n}-") for n in self._rows(place)]
            case "money":
                return {"amount": self._text(place + "-amount"), "unit": self._text(place + "-unit") or "yuan"}
            case "multi":
                return [str(one) for one in self.form.getlist(place)]
            case "checkbox":
                return place in self.form
            case "file" | "photo":
                return self._files(place)
        return self._text(place)

    def _text(self, place: str) -> str:
        given = self.form.get(place)
        return given.replace("\r\n", "\n") if isinstance(given, str) else ""

    def _rows(self, place: str) -> list[int]:
        found = re.compile(re.escape(place) + r"-(\d{1,3})-")
        return sorted({int(one[1]) for name in self.form if (one := found.match(name))})[:MOST_ROWS]

    def _files(self, place: str) -> list[Tree]:
        kept = [about for one in self.form.getlist(place + "-kept") if (about := self.about(str(one))) is not None]
        for one in self.form.getlist(place):
            if not isinstance(one, UploadFile) or not one.filename:
                continue
            try:
                brought = self.bring(one)
            except UploadRefused as refused:
                self.wrong.append(Wrong(place, refused.sentence, refused.values))
                continue
            if all(other["digest"] != brought["digest"] for other in kept):
                kept.append(brought)
        return kept


def without_empty_rows(tree: Tree, body: type[Body]) -> Tree:
    """The tree without the rows in which nothing was typed."""
    tidy = dict(tree)
    for piece in pieces(body):
        if piece.kind == "rows":
            tidy[piece.name] = [row for row in tree.get(piece.name) or [] if not is_untouched(row, piece.inner)]
    return tidy


def with_row(tree: Tree, body: type[Body], name: str) -> Tree:
    """The tree with one more row in the field of that name."""
    piece = next((one for one in pieces(body) if one.name == name and one.kind == "rows"), None)
    if piece is None:
        return tree
    return {**tree, name: [*(tree.get(name) or []), blank(piece.inner)]}


def without_row(tree: Tree, row: str) -> Tree:
    """The tree without `obligations-0`."""
    name, _, number = row.rpartition("-")
    rows = tree.get(name)
    if not number.isdecimal() or not isinstance(rows, list):
        return tree
    return {**tree, name: [one for n, one in enumerate(rows) if n != int(number)]}


# -- descriptors


def fields(
    body: type[Body], tree: Tree, options: Options, errors: Mapping[str, Sequence[str]] | None = None, prefix: str = "", group: str = "", optional: bool = False
) -> list[Tree]:
    """Descriptors for the form macros, groups flattened; each says in `group` the label of the group it stands in."""
    found: list[Tree] = []
    for piece in pieces(body):
        value, place = tree.get(piece.name), prefix + piece.name
        if piece.kind == "group":
            found += fields(piece.inner, value or {}, options, errors, place + "-", piece.label, not piece.required)
        elif piece.kind != "hidden" or value:
            shown = piece._replace(required=False) if optional else piece  # what a group needs, once anything of it is given
            found.append(_field(shown, value, place, options, errors or {}, group))
    return found


def _field(piece: Piece, value: Any, place: str, options: Options, errors: Mapping[str, Sequence[str]], group: str) -> Tree:
    told: Tree = {
        "name": place,
        "label": piece.label,
        "kind": piece.kind,
        "required": piece.required and piece.kind != "checkbox",
        "value": value,
        "group": group,
        "hint": piece.hint or _hint(piece),
        "error": list(errors.get(place, ())) or None,
    }
    if piece.kind == "rows":
        told["rows"] = [fields(piece.inner, row, options, errors, f"{place}-{n}-") for n, row in enumerate(value or [])]
    elif piece.kind == "lines":
        told |= {"kind": "textarea", "lines": 3}
    elif piece.kind == "code":
        told["size"] = 24
    if piece.options:
        told["options"] = list(options(piece.options))
    return told


def _hint(piece: Piece) -> str | None:
    return TODAY if piece.kind == "date" and not piece.required and piece.name.endswith("_on") and piece.name not in AHEAD else None


def is_long(body: type[Body]) -> bool:
    """Is it worth keeping as a draft? What is written at length, in rows or in groups is."""
    return any(piece.kind in ("textarea", "rows", "group", "lines") for piece in pieces(body))
