"""Every benchmark runs, at a tiny size, and prints a figure for each thing that it measures."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(name: str, *options: str) -> str:
    """What a benchmark printed; it must succeed."""
    program = [sys.executable, "-m", f"benchmarks.{name}", *options]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=600, env={**os.environ, "PYTHONWARNINGS": "ignore"}, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_commands_on_both_databases() -> None:
    told = run("commands", "--commands", "8", "--rounds", "1", "--clients", "4")
    assert told.count("ours, as the web asks it") == 4
    assert told.count("x library") == 24


def test_views_are_followed_and_rebuilt() -> None:
    told = run("follow", "--events", "400", "--rounds", "1", "--databases", "sqlite")
    assert told.count("rebuilt") == told.count("caught up") == told.count("one's own write") == 1


def test_pages_are_asked_for_in_process_and_over_http() -> None:
    told = run("pages", "--contracts", "60", "--databases", "sqlite", "--requests", "2", "--seconds", "0.3")
    assert "NOT MEASURED" not in told
    assert "/contracts, both" in told
    assert "/cases/{id}, 1,000 events" in told
    assert "public look-up over HTTP" in told
    assert "to its first page" in told
    assert "every view told again" in told


def test_drafts_are_tried() -> None:
    assert run("trying", "600").count("s passed") == 2


def test_the_log_is_verified() -> None:
    assert "verify, one process" in run("verify", "--events", "500", "--rounds", "1")


def test_a_sheet_is_imported() -> None:
    assert "contracts/s" in run("importing", "--rows", "40", "--rounds", "1")


def test_power_is_cut_or_it_is_said_why_not() -> None:
    program = [sys.executable, "-m", "benchmarks.power", "--rounds", "1", "--seconds", "0.5", "--target", "ledger"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode == 2:
        assert "POWER CUTS WERE NOT MEASURED" in done.stdout
        pytest.skip(done.stdout.strip())
    ours = next(line for line in done.stdout.splitlines() if "product's settings" in line)
    assert "in 0 of 1 cuts" in ours, done.stdout + done.stderr


def test_readers_tail_and_workers_are_killed() -> None:
    """The short form of what `python -m benchmarks.endurance` shows at 20,000 events and 50 kills; it fails where a promise does not hold."""
    told = run("endurance", "--databases", "postgresql", "--writers", "4", "--events", "400", "--kills", "3", "--workers", "2", "--every", "2")
    assert "400 events" in told
    assert "0 skipped, 0 doubled" in told
    assert "different from a rebuild: nothing" in told


def test_clients_read_and_write_while_views_are_told_again() -> None:
    """The short form of `python -m benchmarks.retelling`; it fails where a promise does not hold."""
    told = run("retelling", "--databases", "sqlite", "--contracts", "30", "--rebuilds", "1")
    assert "0 refused, 0 short or empty, 0 older" in told
    assert "different from a rebuild: nothing" in told
