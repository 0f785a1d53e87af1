"""The schema that offices are given: as the code reads packs, good for every shipped one, and no wider than the reading."""

import json
import os
import tomllib
from datetime import date
from typing import Any

import jsonschema
import pytest

from domain.policy.schema import pack_schema
from tests.domain.policy.books import shipped_packs, text_of
from tests.shared import ROOT

FILE = ROOT / "docs" / "policy-pack.schema.json"


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def faults(text: str) -> list[str]:
    checker = jsonschema.Draft202012Validator(pack_schema())
    return [one.json_path for one in checker.iter_errors(plain(tomllib.loads(text)))]


def test_the_kept_schema_is_that_of_the_code() -> None:
    """After a change: LVYUE_APPROVE=1."""
    written = json.dumps(pack_schema(), ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("LVYUE_APPROVE"):
        FILE.write_text(written, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == written


@pytest.mark.parametrize("key", sorted(shipped_packs()))
def test_every_shipped_pack_fits(key: str) -> None:
    assert faults(text_of(key)) == []


@pytest.mark.parametrize(("old", "new"), [
    ('unit = "working_days"', 'unit = "weeks"'), ("count = 7", "count = 0"), ("count = 7\n", "\n"), ('status = "confirmed"', 'status = "sure"'),
    ('family = "publicity"\n', ""), ("[rules.publish]", "[privileges]\nx = 1\n[rules.publish]"),
])  # fmt: skip
def test_what_is_refused_does_not_fit(old: str, new: str) -> None:
    text = text_of("double-publicity-2018")
    assert old in text
    assert faults(text.replace(old, new, 1))
