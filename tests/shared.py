"""Where the project's shared folder lies (reference data, examples), if it is here at all."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def _find() -> Path | None:
    told = os.environ.get("LVYUE_SHARED")
    folder = Path(told) if told else ROOT.parent / "shared"
    if folder.is_dir():
        return folder
    if told:
        raise FileNotFoundError(f"LVYUE_SHARED names {told}, which is no folder")
    return None


SHARED: Path | None = _find()


def shared(*parts: str) -> Path:
    """The path of something in the shared folder; skips the test, saying what is missing, where it is absent."""
    if SHARED is None:
        pytest.skip(f"shared/{'/'.join(parts)} is not here: set LVYUE_SHARED, or put shared/ beside the checkout")
    path = SHARED.joinpath(*parts)
    assert path.exists(), f"shared/{'/'.join(parts)} is missing from the shared folder"
    return path
