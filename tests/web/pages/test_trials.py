"""Trying a draft pack: at its page and in the shell, the same answer, and nothing recorded."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from typer.testing import CliRunner

from tests.domain.policy.books import text_of
from tests.web import kept
from tests.web.office import BASE, PARTY_A, World
from tests.web.pages.reading import look, published, read, words
from web.cli.program import app
from web.jobs import run_jobs

LONGER = ("[rules.class.ordinary]\nmin_months = 3", "[rules.class.ordinary]\nmin_months = 9")
DRAFT = text_of("repair-2026").replace("version = 1", "version = 2", 1).replace(*LONGER)


def test_a_draft_is_tried_at_its_page_and_in_the_shell(world: World, tmp_path: Path) -> None:
    case = published(world)
    head = world.office.ledger.head()
    signed = {"Authorization": f"Bearer {world.token('auditor')}", "Origin": BASE, "Accept": "text/html", "Accept-Language": "zh"}
    assert "还没有试算过" in read(world, "auditor", "/policy-trials")
    assert look(world, "county-supervisor", "/policy-trials").status_code == 403
    broken = world.client.post("/policy-trials", files={"file": ("x.toml", b"key = 1", "application/toml")}, headers=signed)
    assert (broken.status_code, "第 1 行" in broken.text) == (422, True)
    asked = world.client.post("/policy-trials", files={"file": ("x.toml", DRAFT.encode(), "application/toml")}, headers=signed, follow_redirects=False)
    page = asked.headers["location"]
    assert "排队等待" in read(world, "auditor", page)
    assert look(world, "administrator", page).status_code == 404, "another's trial"
    assert run_jobs(world.office) == 1
    shown = words(read(world, "auditor", page))
    assert "可以申请修复的第一天" in shown
    assert "2026-07-29" in shown
    assert "2027-01-29" in shown
    assert "repairable" not in words(read(world, "auditor", page, "en"))
    book = load_workbook(BytesIO(look(world, "auditor", f"{page}/trial.xlsx").content))
    row = [str(cell.value) for cell in book.active[2]]  # type: ignore[index]
    assert row[0] == PARTY_A
    assert row[-2:] == ["2026-07-29 00:00:00", "2027-01-29 00:00:00"]
    file = tmp_path / "draft.toml"
    file.write_text(DRAFT, encoding="utf-8")
    result = CliRunner().invoke(
        app,
        ["policy", "try", str(file), "--json", "--data", str(world.office.settings.data)],
        env=kept.shell(world.office.settings.data),
        catch_exceptions=False,
    )
    told = json.loads(result.stdout)
    assert (result.exit_code, told["counts"]["repair_date"], told["counts"]["companies"]) == (0, 1, 1)
    only = told["differences"][0]
    assert (only["number"], only["what"], only["before"], only["after"]) == (case["number"], "repairable_from", "2026-07-29", "2027-01-29")
    assert world.office.ledger.head() == head, "nothing is written"
