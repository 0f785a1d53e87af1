"""A stand-in for `psycopg_pool`, which the library's PostgreSQL recorder needs and this project does not install.

It lends connections and takes them back, with less done in between than the real one: the library is, if anything,
quicker with it, so ratios to the library err against us. Where the real one is installed, it is used.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import BoundedSemaphore
from types import ModuleType
from typing import Any, Generic, TypeVar

import psycopg

CT = TypeVar("CT")


class ConnectionPool(Generic[CT]):
    """As much of the real one as the library asks for."""

    def __init__(self, conninfo: str = "", *, kwargs: dict[str, Any], max_size: int, configure: Callable[[Any], None], **_: Any) -> None:
        self.conninfo, self.kwargs, self.configure = conninfo, kwargs, configure
        self._free = BoundedSemaphore(max_size)
        self._idle: deque[Any] = deque()

    check_connection = None

    def open(self, wait: bool = False, timeout: float = 30.0) -> None:
        """Connections are made when they are asked for."""

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """Lends one; what was begun on it is committed, or rolled back after an error."""
        with self._free:
            try:
                conn = self._idle.pop()
            except IndexError:
                conn = psycopg.connect(self.conninfo, **self.kwargs)
                self.configure(conn)
            try:
                yield conn
            except BaseException:
                conn.rollback()
                raise
            finally:
                if not conn.closed:
                    self._idle.append(conn)

    def close(self) -> None:
        """Close those that nobody has."""
        while self._idle:
            self._idle.pop().close()


def stand_in() -> bool:
    """Let `import psycopg_pool` find this, where there is no real one; says whether it was needed."""
    if "psycopg_pool" in sys.modules or find_spec("psycopg_pool") is not None:
        return isinstance(sys.modules.get("psycopg_pool"), _Stand)
    made, abc = _Stand("psycopg_pool"), ModuleType("psycopg_pool.abc")
    made.__dict__["ConnectionPool"] = ConnectionPool
    abc.__dict__.update(CT=CT, ConnectFailedCB=Any, ConnectionCB=Any, ConninfoParam=Any, KwargsParam=Any)
    sys.modules |= {"psycopg_pool": made, "psycopg_pool.abc": abc}
    return True


class _Stand(ModuleType):
    """Told from the real module by its kind."""
