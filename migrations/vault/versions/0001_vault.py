"""The vault's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "vault_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes credentials, sessions, tokens, the throttle's counts, keys of persons, and the small state beside them."""
    sign_in()
    throttle()
    kept()
    jobs()


def sign_in() -> None:
    """Credentials, sessions, tokens."""
    op.create_table(
        "credentials",
        sa.Column("account", sa.Uuid, primary_key=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
        sa.Column("second_factor", sa.LargeBinary),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.LargeBinary, primary_key=True),
        sa.Column("account", sa.Uuid, nullable=False, index=True),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False, unique=True),
        sa.Column("account", sa.Uuid, nullable=False, index=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("ended", sa.BigInteger),
    )


def throttle() -> None:
    """Failed sign-ins and known sources."""
    op.create_table(
        "failures",
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("account", sa.LargeBinary, index=True),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "known_sources",
        sa.Column("key", sa.LargeBinary, primary_key=True),
        sa.Column("last_success", sa.BigInteger, nullable=False),
    )


def kept() -> None:
    """Keys of persons, anchor, drafts, codes of receipts, settings."""
    op.create_table(
        "person_keys",
        sa.Column("subject", sa.Uuid, primary_key=True),
        sa.Column("wrapped", sa.LargeBinary),
        sa.Column("destroyed_at", sa.BigInteger),
        sa.CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="key_or_destroyed"),
    )
    op.create_table(
        "anchor",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("root", sa.LargeBinary, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("id = 1", name="one_anchor"),
    )
    op.create_table(
        "drafts",
        sa.Column("account", sa.Uuid, primary_key=True),
        sa.Column("form", sa.Text, primary_key=True),
        sa.Column("fields", sa.LargeBinary, nullable=False),
        sa.Column("updated", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "receipt_codes",
        sa.Column("receipt", sa.Text, primary_key=True),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("code", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def jobs() -> None:
    """Long work that somebody asked for."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("account", sa.Uuid, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("done", sa.BigInteger, nullable=False),
        sa.Column("total", sa.BigInteger),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("heartbeat", sa.BigInteger, nullable=False),
        sa.Column("cancel", sa.Boolean, nullable=False),
    )
    op.create_index("jobs_by_state", "jobs", ["state", "created"])
