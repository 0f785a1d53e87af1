"""Tables of row versions: the bounds that every row carries, column types alike on both databases, indexes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from projections.temporal.moment import LIVE, NO_END, UNTOLD

big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # sorts by code point, as SQLite does
json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
BOUNDS = ("owner", "key", "since", "valid_from", "until", "valid_to")
FORKS = ("fork", "day_fork")


class Exact(sa.types.TypeDecorator[Decimal]):
    """A Decimal of fixed places, kept as a whole number: sums, sorts and compares exactly on both databases."""

    impl = sa.BigInteger
    cache_ok = True

    def __init__(self, places: int = 2) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> int | None:
        """The value in units of its last place. Raises ValueError when it has more places than the column."""
        if value is None:
            return None
        scaled = value.scaleb(self.places)
        if scaled != (whole := int(scaled)):
            raise ValueError(f"{value} has more than {self.places} places")
        return whole

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> Decimal | None:
        """The Decimal again, with all its places."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


def temporal_table(
    name: str,
    *columns: sa.Column[Any],
    pages: Sequence[Sequence[str]] = (),
    counts: Sequence[str] = (),
    subjects: Sequence[str] = (),
    searches: Sequence[str] = (),
    short_lived: bool = False,
    memory: bool = False,
) -> sa.Table:
    """A table of row versions.

    `pages`: for each list page, the columns it filters by, then those it sorts by; each gets its indexes.
    `counts`: the columns that are counted together; indexes that hold them spare a count the rows themselves, those of
    a past moment found by fork nodes. A page that has them all is walked and counted by one index of now.
    `subjects`: columns of a short-lived table that name what a row is about; few rows are about one thing, so each has an
    index of all there ever were.
    `searches`: text columns that `projections.search.matches` looks in.
    `short_lived`: most rows close soon (open loops), so a past page looks them up by fork nodes instead of walking.
    `memory`: the row without a key is what the fold remembers of its stream, which no query asks for: it is kept as
    it is now, and told from the log anew where a late event asks for an earlier day.
    """
    forks = [sa.Column(fork, big, nullable=False) for fork in FORKS] if short_lived or counts else []
    grams = [sa.Column("grams", text, nullable=False)] if searches else []
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("owner", sa.Uuid(), primary_key=True),  # the stream that the row is about
        sa.Column("key", text, primary_key=True),  # which row of that stream
        sa.Column("since", big, primary_key=True, autoincrement=False),  # known [since, until)
        sa.Column("valid_from", sa.Date(), primary_key=True),  # holds [valid_from, valid_to)
        sa.Column("until", big, nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        *forks,
        *columns,
        *grams,
        info={
            "pages": [tuple(page) for page in pages],
            "counts": tuple(counts),
            "subjects": tuple(subjects),
            "searches": tuple(searches),
            "short_lived": short_lived,
            "memory": memory,
        },
    )


def value_columns(table: sa.Table) -> list[str]:
    """The columns that a fold fills: all but the bounds, the forks and the search text."""
    own = {*BOUNDS, *(FORKS if "fork" in table.c else ())} | ({"grams"} if table.info["searches"] else set())
    return [column.name for column in table.c if column.name not in own]


def page_indexes(table: sa.Table, prefix: str) -> list[sa.Index]:
    """A page's rows of now, as few as a plain table has; and all of them, for every other moment.

    Short-lived rows have one index of forks for every other moment, and none to walk: a planner that could walk would. Those of one
    subject are found by it, at whatever moment.
    """
    copy, live, made = table.to_metadata(sa.MetaData()), sa.text(LIVE), list[sa.Index]()
    counted = set(table.info["counts"])
    both = [page for page in table.info["pages"] if counted and counted <= set(page)]
    for n, page in enumerate(table.info["pages"]):
        now = [copy.c[column] for column in page]
        held = [copy.c.until, copy.c.valid_to] if page in both else []
        made.append(sa.Index(f"{prefix}_{n}_now", *now, *held, postgresql_where=live, sqlite_where=live))
        if not table.info["short_lived"]:
            ever = [copy.c[bound] for bound in BOUNDS[2:] if bound not in page]
            made.append(sa.Index(f"{prefix}_{n}_ever", *now, *ever))
    if counts := [copy.c[column] for column in table.info["counts"]]:
        if not both:
            made.append(sa.Index(f"{prefix}_counts_now", *counts, copy.c.until, copy.c.valid_to, postgresql_where=live, sqlite_where=live))
        made.append(sa.Index(f"{prefix}_counts_forks", copy.c.day_fork, copy.c.fork, *[copy.c[bound] for bound in BOUNDS[2:]], *counts))
    if table.info["short_lived"] and not counts:
        made.append(sa.Index(f"{prefix}_forks", copy.c.fork, copy.c.day_fork, copy.c.since))
    return [*made, *[sa.Index(f"{prefix}_{column}_of", copy.c[column], copy.c.since) for column in table.info["subjects"]]]


__all__ = [
    "BOUNDS", "NO_END", "UNTOLD", "Exact", "big", "json", "page_indexes", "temporal_table", "text", "value_columns",
]  # fmt: skip
