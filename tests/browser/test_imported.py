"""Real releases imported by the command; one of their contracts found by search and walked from check to repair, in English."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.access.account import account_id
from domain.access.commands import create_account, register_organisation
from domain.actor import Grant
from tests.browser.server import FIRST_DAY, served, settled
from tests.browser.story import Cast, Plot, walk
from tests.browsing import Visit
from tests.shared import ROOT, shared
from tests.web import kept
from tests.web.office import PASSWORD

pytestmark = pytest.mark.browser


def imported(data: Path, files: Path) -> None:
    """`lvyue import`, as it is typed."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("LVYUE_")} | kept.shell(data)
    command = [sys.executable, "-m", "web.cli", "import", str(files), "--data", str(data), "--as", "county-supervisor", "--json"]
    done = subprocess.run(command, env={**others, "PYTHONPATH": str(ROOT), "LVYUE_CLOCK": f"{FIRST_DAY}T09:00:00+08:00!"}, cwd=data, capture_output=True,
                          text=True, timeout=300, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert (told["imported"], told["rejected"]) == (28, 0)


def test_an_imported_contract_walked_from_check_to_repair(tmp_path: Path, visit: Callable[..., Visit]) -> None:
    files = shared("data", "ocds-real")
    world = settled(tmp_path / "data")
    # Only what an organisation of this installation is owed or owes stands on a desk: the buyer is one.
    world.office.system(lambda act: register_organisation(act, "CUA", "210", "DGA", "440823"))
    world.close()
    imported(tmp_path / "data", files)
    world = settled(tmp_path / "data")
    contract = world.ask("county-supervisor").get("/contracts", q="fumigación")["items"][0]
    party = "{scheme}:{id}".format(**contract["contractors"][0])
    world.office.system(lambda act: create_account(act, "firm", "La empresa", grants=(Grant("applicant", None, party),)))
    world.office.vault.credentials.set(account_id("firm"), "firm", PASSWORD, world.office.now)
    with served(world) as site:
        walk(Cast(site, visit, "en", 1280, True), Plot("fumigación", party, "firm", ("2909.28", "yuan", "2909.28"), to_the_end=False))
