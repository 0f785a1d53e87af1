"""The file that the views live in on SQLite: when it is taken away under a running office, a new one is told from the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from threading import Lock

import sqlalchemy as sa

from projections.temporal.view import open_views
from projections.views import VIEWS

log = logging.getLogger(__name__)
Mark = tuple[int, int]  # of a file: device and inode


class ViewsFile:
    """Whether the views that an engine reads are still the file that stands in the folder."""

    def __init__(self, engine: sa.Engine, forget: Callable[[], None]) -> None:
        self._engine, self._forget = engine, forget
        database = engine.url.database if engine.dialect.name == "sqlite" else None
        self._file = Path(database) if database else None
        self._mark = self._now()
        self._turn = Lock()

    def keep(self) -> None:
        """Make the views anew where their file is gone, or is another: they are then told from the first event."""
        if self._file is None or self._now() == self._mark:
            return
        with self._turn:
            if self._now() == self._mark:
                return
            log.error("the views' file %s was taken away: the views are told again from the log", self._file)
            self._engine.dispose()
            if self._now() is None:  # what was beside the old file is no part of a new one
                for ending in ("-wal", "-shm"):
                    self._file.with_name(self._file.name + ending).unlink(missing_ok=True)
            open_views(VIEWS, self._engine)
            self._forget()
            self._mark = self._now()

    def _now(self) -> Mark | None:
        try:
            found = self._file.stat() if self._file else None
        except FileNotFoundError:
            return None
        return (found.st_dev, found.st_ino) if found else None
