"""Names of administrative divisions by their code, in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

REGIONS: Mapping[str, Mapping[str, str]] = tomllib.loads(Path(__file__).with_name("regions.toml").read_text("utf-8"))


def region_name(code: str | None, lang: str) -> str:
    """The name of a division in a language, its code where no name is known."""
    return "" if not code else REGIONS[code][lang] if code in REGIONS else code
