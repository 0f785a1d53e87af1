"""Carrying over: a ledger and a vault copied whole from one database to another, of whichever kind.

What is copied is the rows themselves: the bytes of events, the tree, the commands, the reads; the vault's rows as they
are, still wrapped. Only an empty place is filled, in one transaction each: it is whole afterwards, or still empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import sqlalchemy as sa

from stores.ledger import tables as ledger_tables
from stores.ledger.engine import writing as writing_ledger
from stores.ledger.postgres_functions import APPEND_LOCK
from stores.ledger.reads import READS_LOCK
from stores.ledger.tables import tree_head
from stores.vault import tables as vault_tables
from stores.vault.engine import writing as writing_vault
from stores.vault.settings import value_of

AT_ONCE = 5_000  # rows
BEGUN = "moving"  # the vault's settings: something is on its way into this place, and it opens for nobody
SEEN = Callable[[int, int, str], None]  # done, of, what


class NotEmpty(Exception):
    """The place holds something already: nothing is ever copied over it."""


class Size(NamedTuple):
    """A log, by which it is known again."""

    events: int
    root: bytes
    reads: int


@contextmanager
def snapshot(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection that sees one moment, whatever others write meanwhile."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**level) as conn, conn.begin():
        yield conn


@contextmanager
def standing_still(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection to a ledger to which nobody else can append meanwhile, nor put a read on record."""
    with writing_ledger(engine) as conn:
        if conn.dialect.name == "postgresql":
            for lock in (APPEND_LOCK, READS_LOCK):
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(lock)))
        yield conn


def size_of(conn: sa.Connection) -> Size:
    """How long a ledger is, its root, and how many reads are on record."""
    head = conn.execute(sa.select(tree_head.c.size, tree_head.c.root)).one()
    reads = conn.scalar(sa.select(sa.func.count()).select_from(ledger_tables.reads)) or 0
    return Size(int(head.size), bytes(head.root), reads)


def is_empty_ledger(conn: sa.Connection) -> bool:
    """Whether a ledger that has been made holds no event and no read."""
    tables = (ledger_tables.events, ledger_tables.commands, ledger_tables.reads)
    return all(conn.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None for table in tables)


def is_empty_vault(conn: sa.Connection) -> bool:
    """Whether a vault that has been made holds nothing."""
    return all(conn.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is None for table in vault_tables.metadata.sorted_tables)


def is_begun(vault: sa.Engine) -> bool:
    """Whether something was on its way into this place, and never quite arrived."""
    with vault.connect() as conn:
        return value_of(conn, BEGUN) is not None


def copy_ledger(source: sa.Connection, target: sa.Engine, told: SEEN = lambda *_: None, anew: bool = False) -> Size:
    """Fill an empty ledger from another's snapshot; what was copied. Raises NotEmpty.

    `anew`: what is there arrived without ever having been opened, and may go.
    """
    told_of = size_of(source)
    with writing_ledger(target) as conn:
        if conn.dialect.name == "postgresql":
            conn.execute(sa.select(sa.func.pg_advisory_xact_lock(APPEND_LOCK)))
        if not anew and not is_empty_ledger(conn):
            raise NotEmpty("ledger")
        for table in ledger_tables.metadata.sorted_tables:
            conn.execute(sa.delete(table))
            _copy(table, source, conn, told)
    return told_of


def copy_vault(source: sa.Connection, target: sa.Engine, without: tuple[sa.Table, ...] = (), begin: bool = False) -> None:
    """Fill an empty vault from another's snapshot. Raises NotEmpty.

    `begin`: mark the place as begun; where it bears that mark already, it is filled anew.
    """
    with writing_vault(target) as conn:
        if not is_empty_vault(conn):
            if not begin or value_of(conn, BEGUN) is None:
                raise NotEmpty("vault")
            for table in reversed(vault_tables.metadata.sorted_tables):
                conn.execute(sa.delete(table))
        for table in vault_tables.metadata.sorted_tables:
            if table not in without:
                _copy(table, source, conn, lambda *_: None)
        if begin:
            conn.execute(sa.insert(vault_tables.settings).values(name=BEGUN, value="1"))


def _copy(table: sa.Table, source: sa.Connection, target: sa.Connection, told: SEEN) -> None:
    whole = source.scalar(sa.select(sa.func.count()).select_from(table)) or 0
    order = list(table.primary_key) or list(table.c)[:1]
    rows = source.execution_options(yield_per=AT_ONCE).execute(sa.select(table).order_by(*order))
    done = 0
    for page in rows.mappings().partitions(AT_ONCE):
        target.execute(sa.insert(table), [dict(row) for row in page])
        done += len(page)
        told(done, whole, table.name)
