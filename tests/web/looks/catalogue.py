"""Every Chinese sentence of ours that a person may read, and which of them have no English.

Run as a program it prints the missing ones as `.po` entries to fill in.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from tests.shared import ROOT

ROOMS = ("web", "domain", "projections", "stores")
TRANSLATIONS = ROOT / "web" / "translations" / "en" / "LC_MESSAGES"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What is Chinese by nature, not by language: how a Chinese date or sum is put together; headings of files in and out;
# names and facts that the demonstration invents; letters, which are the authority's own and exist in Chinese alone.
NOT_SAID = ("web/looks/figures.py", "web/importers/", "projections/exports/", "web/demo", "web/templates/letters/")
# Text that stands as it is in both languages.
AS_IT_IS = {"履", "中文", "亿元"}
# What a pattern looks for is not said to anybody; nor is a single sign (号, 万) that a value is written with.
PATTERN = re.compile(r"\(\?|\\|^.$|[\u3400-\u9fff]-[\u3400-\u9fff]|\]\{", re.S)


def excluded(path: Path) -> bool:
    return path.relative_to(ROOT).as_posix().startswith(NOT_SAID)


def python_sentences(path: Path) -> Iterator[tuple[str, int]]:
    """Chinese constants, with their lines. A rule's docstring is its sentence; other docstrings are for programmers."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for_programmers = set(_docstrings(tree, "rules" in (path.stem, path.parent.name))) | set(_pieces(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in for_programmers:
            continue
        if isinstance(node.value, str) and CHINESE.search(node.value) and not is_pattern(node.value):
            yield node.value, node.lineno


def _pieces(tree: ast.AST) -> Iterator[int]:
    for joined in ast.walk(tree):
        if isinstance(joined, ast.JoinedStr):
            yield from (id(piece) for piece in joined.values)


def pieced_together(path: Path) -> Iterator[tuple[str, int]]:
    """Chinese put together by f-strings, which no translation can reach."""
    for joined in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(joined, ast.JoinedStr):
            text = "".join(piece.value for piece in joined.values if isinstance(piece, ast.Constant))
            if len(CHINESE.findall(text)) > 1:
                yield text, joined.lineno


def is_pattern(text: str) -> bool:
    return text in AS_IT_IS or PATTERN.search(text) is not None


def _docstrings(tree: ast.AST, rules: bool) -> Iterator[int]:
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) or not node.body:
            continue
        match node.body[0]:
            case ast.Expr(value=ast.Constant(value=str(text)) as constant):
                mostly_chinese = len(CHINESE.findall(text)) * 2 > len(re.findall(r"[A-Za-z]", text))
                if not (rules and isinstance(node, ast.FunctionDef) and mostly_chinese):
                    yield id(constant)


def template_sentences(path: Path) -> Iterator[tuple[str, int]]:
    """Chinese constants in a template, wherever they stand: all of them pass through `_` or `|said` sooner or later."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, str) and CHINESE.search(constant.value):
            yield constant.value, constant.lineno


def template_text(path: Path) -> Iterator[tuple[str, int]]:
    """Chinese that stands bare in a template, where no translation can reach it."""
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for text in tree.find_all(nodes.TemplateData):
        bare = re.sub(r"<!--.*?-->", "", text.data, flags=re.S)
        for found in re.findall(r"[^<>\"\n]*[\u4e00-\u9fff][^<>\"\n]*", bare):
            if found.strip() not in AS_IT_IS:
                yield found.strip(), text.lineno


def sentences(*rooms: str) -> dict[str, str]:
    """Every sentence of the rooms, with the place it was first found."""
    found: dict[str, str] = {}
    for path in sorted(path for room in rooms for path in (ROOT / room).rglob("*") if path.suffix in (".py", ".html")):
        if not excluded(path):
            for sentence, line in python_sentences(path) if path.suffix == ".py" else template_sentences(path):
                found.setdefault(sentence, f"{path.relative_to(ROOT).as_posix()}:{line}")
    return found


def english() -> dict[str, list[str]]:
    """What the catalogues say for each source sentence."""
    told: dict[str, list[str]] = {}
    for path in sorted(TRANSLATIONS.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id:
                    key = message.id if isinstance(message.id, str) else message.id[0]
                    texts = [message.string] if isinstance(message.string, str) else list(message.string)
                    told[key] = [] if message.fuzzy else texts
    return told


def missing(*rooms: str) -> dict[str, str]:
    told = english()
    return {text: place for text, place in sentences(*rooms).items() if not all(told.get(text) or [""])}


def main(rooms: list[str]) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    for text, place in missing(*(rooms or ROOMS)).items():
        sys.stdout.write(f'#: {place}\nmsgid {quoted(text)}\nmsgstr ""\n\n')


if __name__ == "__main__":
    main(sys.argv[1:])
