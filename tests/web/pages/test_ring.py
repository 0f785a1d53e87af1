"""The ring of the loop shows as done what was done, and nothing else."""

from typing import Any

import pytest

from web.pages.contract_parts import ring

LATER = {"on": "2026-12-31", "overdue": False}


def stands(checks: list[str], loops: list[str], repairs: list[str], status: str = "performing") -> dict[str, tuple[str, str]]:
    card: dict[str, Any] = {"status": status, "checks": [{"status": one} for one in checks],
                            "loops": [{"stage": "checks", "kind": kind, "due": LATER} for kind in loops]}  # fmt: skip
    return {one["name"]: (one["state"], one["note"]) for one in ring(card, [{"sanctions": [1]}] if repairs else [], [{"status": one} for one in repairs])}


@pytest.mark.parametrize(("checks", "loops", "wanted"), [
    ([], [], ("none", "没有检查过")), (["cancelled"], [], ("none", "没有检查过")), (["done"], [], ("done", "完成")), ([], ["obligation"], ("open", "履约未完")),
    (["planned"], ["obligation", "planned_check"], ("open", "未办完")), (["done"], ["payment"], ("open", "履约未完")),
])  # fmt: skip
def test_checks(checks: list[str], loops: list[str], wanted: tuple[str, str]) -> None:
    assert stands(checks, loops, [])["检查"] == wanted


@pytest.mark.parametrize(("repairs", "wanted"), [
    ([], ("none", "未发生")), (["rejected"], ("none", "没有修复成")), (["refused", "synchronised"], ("done", "完成")), (["withdrawn"], ("none", "没有修复成")),
])  # fmt: skip
def test_repair(repairs: list[str], wanted: tuple[str, str]) -> None:
    assert stands([], [], repairs)["修复"] == wanted
    assert stands([], [], repairs, "settled")["闭环"][0] == "done"
    assert stands([], ["payment"], repairs, "settled")["闭环"][0] == "todo"
