"""No number of the law stands in code: every integer and every length of time in `domain/` is a 0, a 1, or has a reason here."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shared import ROOT

PLAIN = {0, 1, -1, 100}  # 100: a share is told in per cent
LENGTHS = {"timedelta", "relativedelta", "Period", "DateOffset"}
_AMOUNT = re.compile(r"^-?\d+(\.\d+)?$")

# What the law does not set: file -> numbers, and why they are there.
JUSTIFIED: dict[str, tuple[set[float], str]] = {
    "act.py": ({1_000_000, 8, 10, 2, 62, 64, 80, 7, 76, 0xFFF, 68, 48}, "the bits of a UUIDv7; the zone of Asia/Shanghai"),
    "breach/catalogue.py": ({0.01}, "a fine is told to the cent"),
    "contract/interest.py": ({0.01}, "interest is told to the cent"),
    "days/calendar.py": ({12, 31}, "the last day of a year"),
    "days/deadline.py": ({12}, "months of a year"),
    "ledger.py": ({1_000, 20_000}, "how many events stand for all when the log is shared out; how many are kept"),
    "proof/tree.py": ({32, 8}, "bytes of a SHA-256 and of a length"),
    "smallest.py": ({5_000, 40, 8, 2}, "how long a search may go on, and halving"),
    "values/money.py": ({2, 18, 10_000, 10, 8}, "how an amount is written: decimals, 万 and 亿, the digits that fit"),
    "values/uscc.py": ({18, 3, 7, 9, 10, 5, 8, 4, 2, 11, 31}, "the check character, GB 32100"),
}
JUSTIFIED_LENGTHS = {"act.py": "timedelta(hours=8)"}  # the zone of Asia/Shanghai


def numbers(tree: ast.AST) -> Iterator[tuple[float, int]]:
    """Every number that is written, with its line: integers, floats, amounts in text. Not a place in a row, nor how much a cache holds."""
    places = {id(one) for node in ast.walk(tree) for one in _beside(node)}
    for node in ast.walk(tree):
        if id(node) in places:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
            yield node.value, node.lineno
        elif isinstance(node, ast.Call) and _name(node.func) == "Decimal" and node.args and isinstance(node.args[0], ast.Constant):
            text = node.args[0].value
            if isinstance(text, str) and _AMOUNT.match(text):
                yield float(text), node.lineno


def _beside(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Subscript):
        yield from ast.walk(node.slice)
    elif isinstance(node, ast.Call) and _name(node.func) == "lru_cache":
        yield from (one for word in node.keywords for one in ast.walk(word))


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def lengths(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every fixed length of time beyond a single day, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in LENGTHS:
            for value in [*node.args, *(one.value for one in node.keywords)]:
                found = ast.literal_eval(value) if _is_literal(value) else None
                if isinstance(found, int | float) and found not in PLAIN:
                    yield ast.unparse(node), node.lineno


def _is_literal(node: ast.AST) -> bool:
    return not any(isinstance(one, ast.Name | ast.Call | ast.Attribute) for one in ast.walk(node))


def modules() -> list[Path]:
    return sorted((ROOT / "domain").rglob("*.py"))


def where(path: Path) -> str:
    return path.relative_to(ROOT / "domain").as_posix()


def unjustified(name: str, text: str) -> list[str]:
    tree = ast.parse(text)
    allowed, _ = JUSTIFIED.get(name, (set(), ""))
    said = [f"{name}:{line}: {number}" for number, line in numbers(tree) if number not in PLAIN and number not in allowed]
    return said + [f"{name}:{line}: {length}" for length, line in lengths(tree) if length != JUSTIFIED_LENGTHS.get(name)]


@pytest.mark.parametrize("path", modules(), ids=where)
def test_no_number_of_the_law_stands_in_code(path: Path) -> None:
    """It belongs into a pack, with its clause; or it has a reason above."""
    assert unjustified(where(path), path.read_text(encoding="utf-8")) == []


def test_every_reason_is_still_needed() -> None:
    there = {where(path): {number for number, _ in numbers(ast.parse(path.read_text(encoding="utf-8")))} for path in modules()}
    assert {name: sorted(allowed - there.get(name, set())) for name, (allowed, _) in JUSTIFIED.items() if allowed - there.get(name, set())} == {}


@pytest.mark.parametrize("code", [
    "WINDOW = 5", "due = start + timedelta(days=7)", "due = start + timedelta(7)", "months = relativedelta(months=36)", "rate = Decimal('0.05')",
    "if (today - filed).days > 90: ...", "cap = 0.1", "PERIODS = {'ordinary': (3, 12)}",
])  # fmt: skip
def test_a_number_of_the_law_would_be_found(code: str) -> None:
    assert unjustified("breach/case.py", code)


def test_the_reasons_are_few_and_said() -> None:
    assert all(reason for _, reason in JUSTIFIED.values())
    assert Counter(name.split("/")[0] for name in JUSTIFIED)["breach"] == 1
