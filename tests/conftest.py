"""What every test may ask for: a real PostgreSQL, a real Chromium, the shared folder; and nothing beyond loopback."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres as postgresql
from tests.browsing import Visit, start_chromium
from tests.shared import SHARED

# Nothing here is timed: the machine is shared, so neither a slow example nor slow drawing is a failure.
settings.register_profile("lvyue", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("lvyue"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "lvyue")


# ---------------------------------------------------------------- nothing beyond loopback


def _is_loopback(host: object) -> bool:
    if host in (None, "", "localhost", "testserver"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuses, by name and by address, whatever leaves this machine."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(host: object) -> None:
        if not _is_loopback(host):
            raise RuntimeError(f"a test tried to reach {host}: tests stay on this machine")

    def checked(original: Callable[..., Any]) -> Callable[..., Any]:
        def dial(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                refuse(address[0])
            return original(self, address)

        return dial

    def look_up(host: Any, *rest: Any, **more: Any) -> Any:
        refuse(host.decode() if isinstance(host, bytes) else host)
        return getaddrinfo(host, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked(connect))
        patch.setattr(socket.socket, "connect_ex", checked(connect_ex))
        patch.setattr(socket, "getaddrinfo", look_up)
        yield


# ---------------------------------------------------------------- databases


@pytest.fixture(scope="session", autouse=True)
def stopped_at_the_end() -> Iterator[None]:
    """No server of this run outlives it."""
    yield
    postgresql.stop()


@pytest.fixture
def postgres() -> Iterator[str]:
    """The URL (`postgresql+psycopg://…`) of an empty database for this test alone."""
    url = postgresql.fresh()
    yield url
    postgresql.drop(url)


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The URL (`sqlite:///…`) of a database file that is not there yet."""
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> str:
    """Runs the test twice, with the URL of an empty SQLite and of an empty PostgreSQL database."""
    url: str = request.getfixturevalue("postgres" if request.param == "postgresql" else "sqlite")
    return url


# ---------------------------------------------------------------- the browser


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless Chromium, Debian's. Absent, its tests skip and say so; under CI they fail."""
    yield from start_chromium()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visit]]:
    """`visit(base_url, locale=…, width=…, height=…, script=…) -> Visit`: a visitor with cookies of their own.

    At the end of the test no visitor may have asked for anything beyond `base_url` and the one address for htmx,
    nor have an error on the console.
    """
    visits: list[Visit] = []

    def begin(base_url: str, **options: Any) -> Visit:
        visits.append(Visit(chromium, base_url, **options))
        return visits[-1]

    yield begin
    for one in visits:
        one.leave()
    assert [one.refused for one in visits if one.refused] == []
    assert [one.complaints for one in visits if one.complaints] == []


# ---------------------------------------------------------------- several processes at once

# Files that take a minute and more, longest first: with `--dist loadfile` the last to begin must not be the longest.
LONG = (
    "tests/browser/test_pages.py",
    "tests/browser/test_acts.py",
    "tests/browser/test_states.py",
    "tests/web/access/test_matrix.py",
    "tests/stores/ledger/test_verify.py",
    "tests/web/looks/test_browser.py",
    "tests/domain/nevers/test_nevers.py",
    "tests/web/pages/test_letters.py",
    "tests/web/pages/test_cases.py",
    "tests/web/pages/test_public.py",
    "tests/web/cli/test_program.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rank = {name: n for n, name in enumerate(LONG)}
    items.sort(key=lambda one: rank.get(one.nodeid.partition("::")[0], len(LONG)))


# ---------------------------------------------------------------- what is missing is said


def pytest_report_header() -> list[str]:
    """Says at the head of a run what the shared folder's absence will skip."""
    return [] if SHARED else ["shared folder: NOT HERE; tests on real data will skip (set LVYUE_SHARED)"]
