"""Which rows somebody may see: those of their regions, and those of the parties they act for."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa


class Scope(NamedTuple):
    """`regions` are codes of grants (None: everywhere); `parties` are scheme:id of those acted for."""

    regions: Collection[str] | None = None
    parties: Collection[str] = ()


EVERYTHING = Scope()


def within(column: sa.ColumnElement[str], regions: Collection[str] | None) -> sa.ColumnElement[bool]:
    """A county's code covers itself, a city's or province's all below it. None: everywhere."""
    if regions is None or "" in regions or "000000" in regions:
        return sa.true()
    if not regions:
        return sa.false()
    return sa.or_(*[_covered(column, region) for region in sorted(regions)])


def covers(wanted: str, region: str) -> bool:
    """The same of a value in hand; no code, or the country's, covers every region."""
    if wanted in ("", "000000"):
        return True
    prefix = _prefix(wanted)
    return region == wanted if prefix == wanted else region.startswith(prefix)


def _prefix(region: str) -> str:
    return region[:2] if region[2:] == "0000" else region[:4] if region[4:] == "00" else region


def _covered(column: sa.ColumnElement[str], region: str) -> sa.ColumnElement[bool]:
    prefix = _prefix(region)
    if prefix == region:
        return column == region
    return (column >= prefix) & (column <= prefix + "\uffff")  # BETWEEN takes no collation on PostgreSQL


def named_in(column: sa.ColumnElement[object], party: str) -> sa.ColumnElement[bool]:
    """Rows whose JSON list names a party."""
    needle = party.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return sa.cast(column, sa.Text()).like(f'%"{needle}"%', escape="\\")
