"""The ledger's tables: made once, never altered after; what is stored in an older shape is upcast."""

import sqlalchemy as sa

from domain.proof.tree import EMPTY_ROOT, Frontier
from stores.ledger.postgres_functions import FUNCTIONS

metadata = sa.MetaData()

# On SQLite only INTEGER names the row itself; BIGINT would be a second column beside it, with an index of its own.
_Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

events = sa.Table(
    "events",
    metadata,
    sa.Column("position", _Position, primary_key=True, autoincrement=False),
    sa.Column("originator_id", sa.Uuid, nullable=False),
    sa.Column("originator_version", sa.BigInteger, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
    sa.Column("recorded_at", sa.Text, nullable=False),
    sa.UniqueConstraint("originator_id", "originator_version", name="one_event_a_version"),
)

commands = sa.Table(
    "commands",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("body_digest", sa.Text, nullable=False),
    sa.Column("first_position", sa.BigInteger),
    sa.Column("last_position", sa.BigInteger),
    sqlite_with_rowid=False,
)

tree_nodes = sa.Table(
    "tree_nodes",
    metadata,
    sa.Column("level", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("idx", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# One row, written anew by every append. An index on it would keep PostgreSQL from updating it within its page.
tree_head = sa.Table(
    "tree_head",
    metadata,
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("frontier", sa.LargeBinary, nullable=False),
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("size", _Position, primary_key=True, autoincrement=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("signed_at", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
)

reads = sa.Table(
    "reads",
    metadata,
    sa.Column("seq", _Position, primary_key=True, autoincrement=False),
    sa.Column("at", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
)


def create_ledger(engine: sa.Engine) -> None:
    """Make whatever of the ledger is not there yet, the empty tree's head among it."""
    with engine.execution_options(writes=True).begin() as conn:
        metadata.create_all(conn)
        if conn.dialect.name == "postgresql":
            for function in FUNCTIONS:
                conn.exec_driver_sql(function)
        if conn.execute(sa.select(tree_head.c.size)).first() is None:
            empty = {"size": 0, "root": EMPTY_ROOT, "frontier": Frontier().to_bytes()}
            conn.execute(sa.insert(tree_head).values(empty))
