"""A PostgreSQL server that is there and does not answer: every one of its processes stopped for a while."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg


@contextmanager
def frozen(url: str) -> Iterator[None]:
    """Stop the server behind a URL, its backends included; let it go on at the end."""
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as session:
        (folder,) = session.execute("SHOW data_directory").fetchone() or ("",)
    main = int((Path(folder) / "postmaster.pid").read_text().split()[0])
    stopped: list[int] = []
    try:
        for pid in [main, *_children(main)]:  # the parent first: it begets no more
            os.kill(pid, signal.SIGSTOP)
            stopped.append(pid)
        yield
    finally:
        for pid in reversed(stopped):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(stat.parent.name))
    return found
