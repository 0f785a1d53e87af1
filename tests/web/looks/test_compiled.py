"""Templates are compiled once: for every application of a process, and for the processes after it."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import Any

import jinja2.environment
import pytest

from web.looks import Looks
from web.looks.looks import Compiled


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what is compiled from here on, in a process that has compiled nothing."""
    names, really = list[str](), jinja2.environment.Environment.compile

    def spied(self: Any, source: str, name: str, *rest: Any, **more: Any) -> Any:
        names.append(name)
        return really(self, source, name, *rest, **more)

    monkeypatch.setattr(jinja2.environment.Environment, "compile", spied)
    monkeypatch.setattr(Compiled, "kept", {})
    return names


def letter(folder: Path) -> str:
    return Looks(templates=folder).text("zh", "letter.html")


def test_once_for_applications_and_for_processes(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "letter.html").write_text("{{ 1 + 1 }} 份", "utf-8")
    assert [letter(tmp_path), letter(tmp_path)] == ["2 份", "2 份"]
    assert compiled == ["letter.html"]
    Compiled.kept.clear()  # as the next process begins
    assert letter(tmp_path) == "2 份"
    assert compiled == ["letter.html"]


def test_a_changed_template_is_compiled_again(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    for said in ("一", "二"):
        (tmp_path / "letter.html").write_text(said, "utf-8")
        Compiled.kept.clear()
        assert letter(tmp_path) == said
    assert compiled == ["letter.html"] * 2


def test_what_lies_there_broken_is_written_anew(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "letter.html").write_text("三", "utf-8")
    letter(tmp_path)
    (kept,) = (tmp_path / "__pycache__").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 2])
    Compiled.kept.clear()
    assert letter(tmp_path) == "三"
    assert kept.read_bytes() == whole


def test_nothing_is_written_where_python_writes_nothing(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    (tmp_path / "letter.html").write_text("四", "utf-8")
    assert letter(tmp_path) == "四"
    assert not (tmp_path / "__pycache__").exists()


def test_a_full_disk_costs_the_cache_and_not_the_page(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, told: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("sys.dont_write_bytecode", False)
    (tmp_path / "letter.html").write_text("五", "utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        assert letter(tmp_path) == "五"
    assert list((tmp_path / "__pycache__").iterdir()) == []


def test_what_may_not_be_read_is_compiled(tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    really = Path.read_bytes

    def refused(self: Path) -> bytes:
        if self.suffix == ".pyc":
            raise PermissionError(errno.EACCES, "Permission denied")
        return really(self)

    (tmp_path / "letter.html").write_text("六", "utf-8")
    monkeypatch.setattr(Path, "read_bytes", refused)
    assert letter(tmp_path) == "六"
    assert compiled == ["letter.html"]
