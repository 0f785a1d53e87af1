"""A tally: how many rows of a list there are of each combination of some columns; all its counts and facets from one look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from projections.regions import covers

MOST = 20  # choices of one facet


class Tally(NamedTuple):
    """`names` of the columns, and for each combination of their values how many rows hold it."""

    names: Sequence[str]
    cells: Sequence[tuple[tuple[str, ...], int]]

    def count(self, wanted: Mapping[str, str]) -> int:
        """How many rows some filters leave; a name that is not wanted, or empty, narrows nothing. A region covers those below it."""
        return sum(n for values, n in self.cells if all(self._holds(name, value, wanted) for name, value in zip(self.names, values, strict=True)))

    def facets(self, wanted: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
        """How many there are of each value of each column, the other filters kept; the most frequent first."""
        return {name: self._facet(n, {**wanted, name: ""}) for n, name in enumerate(self.names)}

    def _facet(self, at: int, others: Mapping[str, str]) -> list[tuple[str, int]]:
        sums = Counter[str]()
        for values, n in self.cells:
            if all(self._holds(name, value, others) for name, value in zip(self.names, values, strict=True)):
                sums[values[at]] += n
        return sorted(sums.items(), key=lambda one: (-one[1], one[0]))[:MOST]

    @staticmethod
    def _holds(name: str, value: str, wanted: Mapping[str, str]) -> bool:
        asked = wanted.get(name, "")
        return covers(asked, value) if name == "region" else asked in ("", value)


def tally_of(conn: sa.Connection, columns: Mapping[str, sa.ColumnElement[str]], where: Sequence[sa.ColumnElement[bool]]) -> Tally:
    """The tally of the rows that are left before these columns are narrowed."""
    told = conn.execute(sa.select(*columns.values(), sa.func.count()).where(*where).group_by(*columns.values()))
    return Tally(tuple(columns), [(tuple(str(value or "") for value in values), int(n)) for *values, n in told])
