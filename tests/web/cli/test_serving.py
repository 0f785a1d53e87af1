"""The program as a process of its own: it serves, greets, keeps to this machine, and stops when asked."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from tests.web.demo import made

ROOT = Path(__file__).resolve().parents[3]
LVYUE = [sys.executable, "-m", "web.cli"]


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LVYUE_")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def run(*asked: object, timeout: float = 120, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LVYUE, *map(str, asked)], env=environment(**more), cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def started(*asked: object, **more: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([*LVYUE, *map(str, asked)], env=environment(**more), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def answer(url: str, **headers: str) -> tuple[int, Any]:
    """Status and JSON, waiting until somebody listens and is ready."""
    until = time.monotonic() + 90
    while True:
        try:
            with urlopen(Request(url, headers=headers), timeout=10) as found:
                return found.status, json.load(found)
        except HTTPError as refused:
            if time.monotonic() > until or refused.code != 503:
                return refused.code, None
        except (URLError, OSError):
            if time.monotonic() > until:
                raise
        time.sleep(0.2)


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "var"
    made.write(folder, made.SMALL._replace(contracts=3))
    return folder


def test_help_comes_at_once_and_imports_nothing_heavy() -> None:
    code = "import sys; from web.cli.program import app; print([one for one in ('sqlalchemy','fastapi','uvicorn','pydantic','rich') if one in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], env=environment(), cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
    assert "Commands" in run("--help").stdout


def test_an_office_where_nobody_can_sign_in_says_what_to_do(tmp_path: Path) -> None:
    folder, port = tmp_path / "var", free_port()
    run("migrate", "--data", folder)
    with started("serve", "--port", port, "--data", folder) as server:
        assert answer(f"http://127.0.0.1:{port}/readyz")[0] == 200
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=60)
    assert f"lvyue setup --data {folder}" in said


def test_it_serves_greets_and_records_what_is_due_before_it_is_ready(demonstration: Path) -> None:
    port = free_port()
    token = run("account", "token", "auditor", "--data", demonstration).stdout.strip()
    with started("serve", "--port", port, "--data", demonstration, LVYUE_CLOCK="2027-01-15T09:00:00+08:00") as server:
        assert answer(f"http://127.0.0.1:{port}/readyz")[0] == 200
        status, contracts = answer(f"http://127.0.0.1:{port}/api/v1/contracts", Authorization=f"Bearer {token}")
        assert status == 200
        assert contracts["total"] == 3
        busy = run("serve", "--port", port, "--data", demonstration)
        assert busy.returncode == 1
        assert f"127.0.0.1:{port}" in busy.stderr
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=60)
    assert f"http://127.0.0.1:{port}" in said
    assert "trial" in said
    for account in ("city-supervisor", "company-b", "Lvyue-demo-2026"):
        assert account in said
    assert "Traceback" not in said
    with made.opened(demonstration) as office:
        from datetime import datetime

        from web import ticking
        from web.clock import TrialClock

        office.clock = TrialClock(datetime.fromisoformat("2027-01-15T09:00:00+08:00"), stands=True)
        assert ticking.due(office) == []


def test_demonstration_accounts_stay_on_this_machine(demonstration: Path) -> None:
    refused = run("serve", "--host", "0.0.0.0", "--port", free_port(), "--data", demonstration)  # noqa: S104
    assert refused.returncode == 2
    assert "LVYUE_DEMO_PUBLIC=1" in refused.stderr


def test_an_office_without_them_may_listen_anywhere(tmp_path: Path) -> None:
    assert run("migrate", "--data", tmp_path).returncode == 0
    port = free_port()
    with started("serve", "--host", "0.0.0.0", "--port", port, "--data", tmp_path) as server:  # noqa: S104
        assert answer(f"http://127.0.0.1:{port}/healthz")[0] == 200
        server.send_signal(signal.SIGTERM)
        _, said = server.communicate(timeout=60)
    assert "Demonstration" not in said


def test_a_worker_records_ends_and_stops_when_asked(demonstration: Path, tmp_path: Path) -> None:
    import shutil

    copy = Path(shutil.copytree(demonstration, tmp_path / "copy"))
    with started("worker", "--data", copy, LVYUE_CLOCK="2028-06-01T09:00:00+08:00") as worker:
        until = time.monotonic() + 60
        while time.monotonic() < until and not _expired(copy):
            time.sleep(0.5)
        assert _expired(copy)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=60)
        assert worker.returncode == 0
        assert "Traceback" not in said


def _expired(folder: Path) -> bool:
    with made.opened(folder) as office:
        return any(topic.startswith("case.publicity_ended") and at >= "2028-06" for _, at, topic, _ in made.log_of(office))


def test_stdout_that_is_closed_is_no_accident(demonstration: Path) -> None:
    command = f"{sys.executable} -m web.cli export events --data {demonstration} -o - | head -1"
    found = subprocess.run(["bash", "-c", command], env=environment(), cwd=ROOT, capture_output=True, text=True, timeout=120, check=True)
    assert found.stdout.count("\n") == 1
    assert "Traceback" not in found.stderr
