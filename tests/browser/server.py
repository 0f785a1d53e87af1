"""A real server over an office in a folder of its own: the demonstration's accounts, and a clock that stands until it is set."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import uvicorn

from domain.access.account import account_id
from tests.web import kept
from tests.web.office import ACCOUNTS, PASSWORD, World, noon, settle
from web.clock import TrialClock
from web.office import open_office
from web.setting_up import migrate
from web.ticking import tick

FIRST_DAY = "2026-01-12"


class Site:
    """A world that is served: its address, and its clock with the work that the clock does."""

    def __init__(self, world: World, url: str) -> None:
        self.world, self.url = world, url

    def at(self, day: str) -> Site:
        """Nine o'clock on a day; ends of windows that are due by then are recorded, as `serve` does."""
        self.world.at(day)
        tick(self.world.office)
        return self


@cache
def _template() -> Path:
    """A settled office's folder with everybody's password set, to be copied: made once a process."""
    folder = Path(tempfile.mkdtemp(prefix="lvyue-browser-")) / "data"
    kept.begin(folder)
    office, _ = migrate(kept.settings(folder, assets="cdn"), trial=True, clock=TrialClock(noon(FIRST_DAY), True))
    settle(office)
    for name in ACCOUNTS:
        office.vault.credentials.set(account_id(name), name, PASSWORD, office.now)
    office.close()
    return folder


def settled(data: Path) -> World:
    """An office in `data` with people and organisations in it, and nothing else."""
    if not data.exists():
        kept.copy(_template(), data)
    clock = TrialClock(noon(FIRST_DAY), True)
    return World(open_office(kept.settings(data, assets="cdn"), clock), clock)


@contextmanager
def served(world: World) -> Iterator[Site]:
    """The world's application on a free port of this machine, until the end of the block; then the world is closed."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(world.app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield Site(world, f"http://127.0.0.1:{listening.getsockname()[1]}")
        finally:
            server.should_exit = True
            thread.join()
            world.close()
