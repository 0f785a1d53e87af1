"""The project's own laws: import directions, types, lint, names, lengths, locks, and nothing that names a machine."""

import ast
import functools
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shared import ROOT

ROOMS = ("domain", "projections", "stores", "web", "migrations")
LONGEST_MODULE = 340  # the readers of OCDS are a little over 300: each is one format
BANNED = ("Manager", "Handler", "Service", "Helper", "Util", "Utils", "Abstract", "Info", "DTO", "Dto")
BANNED_ALONE = ("Data", "Base")
# Modules of projections/ that every view may use, and that hold no view.
ENGINE_OF_PROJECTIONS = {"follow", "temporal", "exports", "search", "tally", "regions", "recall", "cards", "timeline", "views", "trying"}
TEXT = {
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".html",
    ".css",
    ".js",
    ".po",
    ".sh",
    ".lock",
    ".ini",
    ".mako",
    ".json",
    ".service",
}


@functools.cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@functools.cache
def kept_files() -> tuple[Path, ...]:
    """Files that are, or will be, in the repository: tracked, or new and not ignored."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
    return tuple(path for name in sorted(set(names)) if name and (path := ROOT / name).is_file())


def modules(*rooms: str) -> Iterator[Path]:
    for room in rooms or ROOMS:
        yield from sorted((ROOT / room).rglob("*.py"))


def told(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def where(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# ---------------------------------------------------------------- the tools


def test_ruff_finds_nothing() -> None:
    run = told("ruff", "check", "--quiet", ".")
    assert run.returncode == 0, run.stdout + run.stderr


def test_mypy_strict_finds_nothing() -> None:
    run = told("mypy")
    assert run.returncode == 0, run.stdout + run.stderr


def test_imports_point_one_way() -> None:
    code = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


# ---------------------------------------------------------------- import directions that follow what is there


def test_every_module_of_the_domain_has_its_place_in_the_order() -> None:
    contract = next(one for one in project()["tool"]["importlinter"]["contracts"] if one["id"] == "chapters")
    listed = set(re.findall(r"domain\.(\w+)", " ".join(contract["layers"])))
    there = {path.stem for path in (ROOT / "domain").iterdir() if _is_module(path)}
    assert there - listed == set(), "add them to the contract `chapters` of pyproject.toml, where they belong"


def _is_module(path: Path) -> bool:
    if path.name.startswith(("_", ".")):
        return False
    return path.suffix == ".py" or (path.is_dir() and any(path.rglob("*.py")))


def imported(path: Path) -> Iterator[str]:
    """The absolute names that a module imports, anywhere in it."""
    package = path.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            stem = ".".join((*above, *(node.module.split(".") if node.module else ())))
            yield stem
            yield from (f"{stem}.{alias.name}" for alias in node.names)


def views() -> dict[str, list[Path]]:
    """Read models by name, with their modules: whatever lies in projections/ and is not its engine."""
    found: dict[str, list[Path]] = {}
    for path in modules("projections"):
        name = path.relative_to(ROOT / "projections").parts[0].removesuffix(".py")
        if not name.startswith("_") and name not in ENGINE_OF_PROJECTIONS:
            found.setdefault(name, []).append(path)
    return found


def test_read_models_do_not_read_one_another() -> None:
    found = views()
    crossings = [
        f"{where(path)} imports {name}"
        for view, paths in found.items()
        for path in paths
        for name in imported(path)
        for other in found
        if other != view and re.match(rf"projections\.{other}(\.|$)", name)
    ]
    assert crossings == []


def test_the_proofs_need_the_standard_library_alone() -> None:
    strangers = [
        f"{where(path)} imports {name}"
        for path in modules("domain/proof")
        for name in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith("domain.proof.")
    ]
    assert strangers == []


# ---------------------------------------------------------------- how modules are written


def test_modules_are_one_whole_thought() -> None:
    lengths = {where(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_MODULE} == {}


def test_every_module_says_what_it_is() -> None:
    wordless = [where(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert wordless == []


def test_names_say_what_a_thing_is() -> None:
    ends = re.compile(rf"^(Base|Abstract)[A-Z]|({'|'.join(BANNED)})$|^({'|'.join(BANNED_ALONE)})$|[a-z](Data|Base)$")
    badly_named = [
        f"{where(path)}: {node.name}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and ends.search(node.name)
    ]
    files = [where(path) for path in modules() if re.search(r"(^|_)(utils?|helpers?|managers?|base)$", path.stem)]
    assert badly_named + files == []


# ---------------------------------------------------------------- what is installed


def locked(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return {canonicalize_name(one): version for one, version in re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE)}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_holds_hashes_and_no_address(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if re.search(r"://|index-url|find-links|file:", line)] == []
    entries = [number for number, line in enumerate(lines) if "==" in line]
    assert [lines[number] for number in entries if "--hash=sha256:" not in lines[number + 1]] == []


def test_locks_hold_what_the_project_asks_for() -> None:
    core, test = locked("requirements.lock"), locked("requirements-test.lock")
    asked = project()["project"]
    for pins, lines in (
        (core, [*asked["dependencies"], *project()["build-system"]["requires"]]),
        (test, asked["optional-dependencies"]["test"]),
    ):
        wanted = [Requirement(line) for line in lines]
        unmet = [str(one) for one in wanted if pins.get(canonicalize_name(one.name), "") not in one.specifier]
        assert unmet == []
    assert core.items() <= test.items(), "./test installs the second lock alone and takes it for both"


def test_what_runs_is_what_is_locked() -> None:
    """A test that passes on other versions than the locked ones says nothing about what people get."""
    from importlib.metadata import version

    asked = [Requirement(line).name for line in project()["project"]["dependencies"]]
    pins = locked("requirements-test.lock")
    assert {name: version(name) for name in asked} == {name: pins[canonicalize_name(name)] for name in asked}


# ---------------------------------------------------------------- what the repository may not say

# Spelt in two halves, so that this file is not its own finding.
UNWELCOME = {
    "a package registry's host": "|".join(("pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs", "deb" + r"\.debian\.org")),
    "a path of one machine": r"(?<![\w./])/(" + "|".join(("work", "root", "home/[a-z]+", "Users/[a-zA-Z]+")) + r")/",
}


@pytest.mark.parametrize("what", UNWELCOME)
def test_the_repository_names_no(what: str) -> None:
    pattern = re.compile(UNWELCOME[what])
    found = [
        f"{where(path)}:{number}: {line.strip()[:100]}"
        for path in kept_files()
        if path.suffix in TEXT or not path.suffix
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("script", ["run", "test", ".ci/run"])
def test_the_scripts_are_sound_and_may_be_started(script: str) -> None:
    path = ROOT / script
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0


# ---------------------------------------------------------------- documents


def spans(name: str) -> set[str]:
    """What a document sets in code: commands, paths, accounts, settings."""
    words = re.findall(r"`([^`\n]+)`", (ROOT / name).read_text(encoding="utf-8"))
    return {word for word in words if word.isascii() and "<" not in word}


def test_both_readmes_tell_the_same() -> None:
    assert spans("README.md") == spans("README.zh-CN.md")


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{where(path)}: {target}"
        for path in kept_files()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_the_glossary_has_one_word_each_way() -> None:
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", (ROOT / "GLOSSARY.md").read_text(encoding="utf-8"), re.MULTILINE)
    for words in zip(*rows, strict=True):
        assert sorted(word for word in set(words) if words.count(word) > 1 and not word.startswith("--")) == []
