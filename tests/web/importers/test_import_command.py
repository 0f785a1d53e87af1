"""`lvyue import` as scripts call it: what it prints, its exit codes; killed half way and called again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from domain.contract.events import ContractSigned
from tests.shared import ROOT
from tests.web.importers.files import contract, csv_file, package, release, row
from tests.web.office import copied_world
from web.cli.program import app
from web.office import open_office
from web.settings import Settings

KEYS = ["dry_run", "position", "events", "imported", "unchanged", "rejected", "without_contract", "reject_file", "files"]
FILE_KEYS = {"file", "format", "rows", "imported", "unchanged", "rejected", "rejects"}
REJECT_KEYS = {"row", "sheet", "column", "pointer", "code", "reason"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    copied_world(tmp_path / "data", store="sqlite").close()
    return tmp_path / "data"


def call(data: Path, *arguments: Any) -> Any:
    return CliRunner().invoke(app, ["import", *map(str, arguments), "--data", str(data)])


def test_json_is_alone_on_stdout_and_exact(data: Path, tmp_path: Path) -> None:
    good, bad = row(1), row(2, value="许多")
    done = call(data, csv_file(tmp_path / "a.csv", [good, bad]), package(tmp_path / "b.json", release(contracts=None)), "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 1
    assert list(told) == KEYS
    assert [told[name] for name in KEYS[3:7]] == [1, 0, 1, 1]
    assert {*FILE_KEYS} <= told["files"][0].keys()
    assert (told["files"][0]["format"], told["files"][1]["format"]) == ("csv", "ocds")
    [reject] = told["files"][0]["rejects"]
    assert reject.keys() == REJECT_KEYS
    assert (reject["row"], reject["column"]) == (3, "合同金额（元）")
    assert Path(told["reject_file"]).is_file()
    assert call(data, told["reject_file"]).exit_code == 1, "not yet mended"


def test_exit_codes(data: Path, tmp_path: Path) -> None:
    good = csv_file(tmp_path / "good.csv", [row(1)])
    assert call(data, good).exit_code == 0
    assert call(data, good, "--dry-run").exit_code == 0
    assert call(data, tmp_path / "not-there.csv").exit_code == 2
    (tmp_path / "text.json").write_text("no json", "utf-8")
    assert call(data, tmp_path / "text.json").exit_code == 2
    (tmp_path / "empty").mkdir()
    assert call(data, tmp_path / "empty").exit_code == 2
    assert call(data, good, "--format", "pdf").exit_code == 2
    assert call(data, good, "--as", "nobody").exit_code == 2
    assert call(data, good, "--as", "decider").exit_code == 1
    assert call(data, good, tmp_path / "text.json").exit_code == 1, "the good ones are in"


def test_an_account_is_the_one_that_imported(data: Path, tmp_path: Path) -> None:
    assert call(data, csv_file(tmp_path / "a.csv", [row(1)]), "--as", "county-supervisor").exit_code == 0
    office = open_office(Settings(data=data))
    [signed] = [one.event for one in office.ledger.after(0, 999) if isinstance(one.event, ContractSigned)]
    assert office.names([signed.by]) == {"system": "system", signed.by: "county-supervisor"}
    office.close()


def test_a_folder_means_what_is_below_it(data: Path, tmp_path: Path) -> None:
    deep = tmp_path / "in" / "deep"
    deep.mkdir(parents=True)
    csv_file(deep / "a.csv", [row(1)])
    package(tmp_path / "in" / "b.json", release(contract()))
    (tmp_path / "in" / "notes.md").write_text("x", "utf-8")
    told = json.loads(call(data, tmp_path / "in", "--json").stdout)
    assert [Path(one["file"]).name for one in told["files"]] == ["b.json", "a.csv"]
    assert told["imported"] == 2


def test_killed_half_way_and_called_again(data: Path, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "a.csv", [row(n) for n in range(4_000)])
    command = [sys.executable, "-c", "from web.cli import main; main()", "import", str(path), "--data", str(data)]
    child = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    office = open_office(Settings(data=data))
    before, until = office.ledger.head(), time.monotonic() + 60
    while office.ledger.head() < before + 1_000 and time.monotonic() < until:
        time.sleep(0.005)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    signed = _signed(office)
    assert 0 < len(signed) < 4_000, "it was killed in the middle"
    assert len(signed) % 200 == 0, "a batch is there whole or not at all"
    told = json.loads(call(data, path, "--json").stdout)
    assert (told["imported"], told["unchanged"], told["rejected"]) == (4_000 - len(signed), len(signed), 0)
    assert sorted(_signed(office)) == sorted(str(row(n)["number"]) for n in range(4_000))
    office.close()


def _signed(office: Any) -> list[str]:
    return [one.event.number for one in office.ledger.after(0, 100_000) if isinstance(one.event, ContractSigned)]
