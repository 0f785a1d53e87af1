"""A connection that is closed when nobody says in time what is asked: headers sent drop by drop hold no place."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 15.0  # seconds from the connection, or from the first byte of the next request, to the end of its headers


class Patient(H11Protocol):
    """uvicorn's own protocol with a time limit on headers; that of bodies is the application's."""

    _late: asyncio.TimerHandle | None = None
    patience = PATIENCE

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        self._wait()
        super().data_received(data)
        if self._is_asked():
            self._done()

    def connection_lost(self, exc: Exception | None) -> None:
        self._done()
        super().connection_lost(exc)

    def _is_asked(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        if self._late is None and not self._is_asked():
            self._late = self.loop.call_later(self.patience, self._close)

    def _done(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _close(self) -> None:
        if not self._is_asked() and not self.transport.is_closing():
            self.transport.close()
