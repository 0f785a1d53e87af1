"""Which rows lie within the regions that somebody may see."""

from collections.abc import Collection

import sqlalchemy as sa


def within(column: sa.ColumnElement[str], regions: Collection[str] | None) -> sa.ColumnElement[bool]:
    """`regions` are codes of grants: a county's is itself, a city's or province's all below it. None: everywhere."""
    if regions is None or "" in regions or "000000" in regions:
        return sa.true()
    if not regions:
        return sa.false()
    return sa.or_(*[_covered(column, region) for region in sorted(regions)])


def _covered(column: sa.ColumnElement[str], region: str) -> sa.ColumnElement[bool]:
    prefix = region[:2] if region[2:] == "0000" else region[:4] if region[4:] == "00" else region
    if prefix == region:
        return column == region
    return column.between(prefix, prefix + "\uffff")
