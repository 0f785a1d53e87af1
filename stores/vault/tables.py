"""The vault's tables: everything secret or mutable that must never stand in an immutable log."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """A moment, kept as whole microseconds since 1970 UTC, so that both databases compare it alike."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone is not a moment")
        return (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        return None if value is None else EPOCH + timedelta(microseconds=value)


credentials = Table(
    "credentials",
    metadata,
    Column("account", Uuid, primary_key=True),
    Column("password_hash", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("second_factor", LargeBinary),  # wrapped
)

sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),  # SHA-256 of the token
    Column("account", Uuid, nullable=False, index=True),
    Column("created", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("ended", Instant),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("account", Uuid, nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("ended", Instant),
)

invitations = Table(
    "invitations",
    metadata,
    Column("digest", LargeBinary, primary_key=True),  # SHA-256 of the code
    Column("account", Uuid, nullable=False, index=True),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("ended", Instant),
)

failures = Table(
    "failures",
    metadata,
    Column("scope", Text, primary_key=True),  # pair, account or source
    Column("key", LargeBinary, primary_key=True),  # digest: what was typed may be a password
    Column("account", LargeBinary, index=True),  # digest of the account's name, of a pair
    Column("count", Integer, nullable=False),
    Column("last", Instant, nullable=False),
)

known_sources = Table(
    "known_sources",
    metadata,
    Column("key", LargeBinary, primary_key=True),  # digest of account and source
    Column("last_success", Instant, nullable=False),
)

person_keys = Table(
    "person_keys",
    metadata,
    Column("subject", Uuid, primary_key=True),
    Column("wrapped", LargeBinary),
    Column("destroyed_at", Instant),
    CheckConstraint("(wrapped IS NULL) = (destroyed_at IS NOT NULL)", name="key_or_destroyed"),
)

anchor = Table(
    "anchor",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_anchor"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("account", Uuid, primary_key=True),
    Column("form", Text, primary_key=True),
    Column("fields", LargeBinary, nullable=False),  # wrapped JSON
    Column("updated", Instant, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account", Uuid, nullable=False),
    Column("request", Text, nullable=False),  # JSON; personal data in it is sealed
    Column("state", Text, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger),
    Column("message", Text, nullable=False),
    Column("result", Text),  # JSON; personal data in it is sealed
    Column("created", Instant, nullable=False),
    Column("heartbeat", Instant, nullable=False),
    Column("cancel", Boolean, nullable=False),
    Index("jobs_by_state", "state", "created"),
)

receipt_codes = Table(
    "receipt_codes",
    metadata,
    Column("receipt", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),  # keyed: eight characters alone could be guessed from a digest
    Column("code", LargeBinary, nullable=False),  # wrapped: the applicant may ask for it again
)

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
