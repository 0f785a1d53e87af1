"""What the shell says: JSON alone on stdout when asked for, everything else in plain sentences on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import typer

FAILED, MISUSED = 1, 2


class Stop(Exception):
    """What was asked for does not hold (code 1), or could not be understood or read (code 2)."""

    def __init__(self, sentence: str, code: int = FAILED) -> None:
        super().__init__(sentence)
        self.sentence, self.code = sentence, code


def say(sentence: str) -> None:
    """A sentence for the person at the shell, on stderr."""
    typer.echo(sentence, err=True)


def show(text: str) -> None:
    """What was asked for, on stdout."""
    typer.echo(text)


def show_json(value: Any) -> None:
    """The answer as JSON, the only thing on stdout."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def show_table(headings: list[str], rows: list[list[str]]) -> None:
    """A table on stdout; plain text with tabs where it is no terminal, for other programs."""
    if not sys.stdout.isatty():
        for row in [headings, *rows]:
            typer.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(*headings, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


class Progress:
    """How far something has come: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, what: str) -> None:
        self._what, self._said = what, -1
        self._bar: Any = _bar()
        self._task: Any = None

    def __call__(self, done: int, whole: int, note: str = "") -> None:
        if self._bar is not None:
            if self._task is None:
                self._bar.start()
                self._task = self._bar.add_task(self._what, total=whole)
            self._bar.update(self._task, completed=done, total=whole, description=f"{self._what} {note}".strip())
        elif whole and (tenth := done * 10 // whole) > self._said:
            self._said = tenth
            say(f"{self._what}: {done} of {whole} {note}".rstrip())

    def close(self) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.stop()


def _bar() -> Any:
    if not sys.stderr.isatty():
        return None
    from rich.console import Console
    from rich.progress import Progress as Bar

    return Bar(console=Console(stderr=True), transient=True)


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A progress that is taken off the screen at the end, also when something goes wrong."""
    one = Progress(what)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def written(file: Path | None) -> Iterator[IO[bytes]]:
    """Where an export goes: a file that appears when it is whole, or stdout for `-` and for nothing."""
    if file is None or str(file) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("wb") as stream:
            yield stream
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def password_from(stdin: bool, name: str) -> str:
    """A password from the first line of stdin, or asked for twice at a terminal."""
    if stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Stop("A password is needed: pipe it in with --password-stdin.", MISUSED)
    return str(typer.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True))
