"""Anchoring: the vault learns how long the log is, soon after and not within every commit, so that no command waits for two disks."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)
WITHIN = 0.2  # seconds after a commit; a process that is killed leaves the anchor this much behind, never ahead


class Anchoring:
    """Remembers the latest size and root, and hands it on at most five times a second, and at the end."""

    def __init__(self, remember: Callable[[int, bytes], object]) -> None:
        self._remember = remember
        self._latest: tuple[int, bytes] | None = None
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._last: threading.Timer | None = None
        atexit.register(self._due)

    def __call__(self, size: int, root: bytes) -> None:
        """The log has this size and root now."""
        with self._lock:
            if self._latest is None or size > self._latest[0]:
                self._latest = (size, root)
            if self._timer is None:
                self._timer = threading.Timer(WITHIN, self._due)
                self._timer.daemon = True
                self._last = self._timer
                self._timer.start()

    def settle(self) -> None:
        """Hand on what is latest, now. Raises what the vault raises."""
        with self._lock:
            latest, self._latest, self._timer = self._latest, None, None
        if latest is not None:
            self._remember(*latest)

    def close(self) -> None:
        """Settle, and be forgotten; whoever is just handing on has finished when this returns."""
        atexit.unregister(self._due)
        self.settle()
        if self._last is not None:
            self._last.cancel()
            self._last.join()

    def _due(self) -> None:
        try:
            self.settle()
        except Exception:  # the log itself is safe; the anchor stays behind until the next commit, and verify still holds
            log.exception("the vault could not remember how long the log is")
