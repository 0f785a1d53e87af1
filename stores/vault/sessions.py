"""Sessions: who is signed in, until when."""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from stores.vault.engine import reading, writing
from stores.vault.secret_tokens import new_token, token_digest
from stores.vault.tables import sessions

log = logging.getLogger(__name__)
LASTS = timedelta(hours=12)
IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)  # no write for every page; idle is exact to this
COLUMNS = select(sessions.c.account, sessions.c.created, sessions.c.last_seen, sessions.c.expires)


class Session(NamedTuple):
    """An open session."""

    account: UUID
    created: datetime
    last_seen: datetime
    expires: datetime


class Sessions:
    """Open sessions by the digest of their token; a token that is not open is like one that never was."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start(self, account: UUID, now: datetime) -> str:
        """A new session's token."""
        with writing(self._engine) as connection:
            return _insert(connection, Session(account, now, now, now + LASTS))

    def find(self, token: str, now: datetime) -> Session | None:
        """The open session of a token, which is thereby seen."""
        digest = token_digest(token)
        with reading(self._engine) as connection:
            session = _open(connection, digest, now)
        if session is None or now - session.last_seen < SEEN_EVERY:
            return session
        try:
            with writing(self._engine) as connection:
                mine = and_(sessions.c.digest == digest, sessions.c.last_seen < now)
                connection.execute(update(sessions).where(mine).values(last_seen=now))
        except OperationalError as why:  # a full disk must not keep anybody from reading
            log.warning("a session could not be marked as seen: %s", why.orig)
            return session
        return session._replace(last_seen=now)

    def rotate(self, token: str, now: datetime) -> str | None:
        """Another token for the same session, the old one ended; None where it was not open."""
        digest = token_digest(token)
        with writing(self._engine) as connection:
            session = _open(connection, digest, now)
            if session is None:
                return None
            connection.execute(update(sessions).where(sessions.c.digest == digest).values(ended=now))
            return _insert(connection, session._replace(last_seen=now))

    def end(self, token: str, now: datetime) -> None:
        """Signs out."""
        mine = and_(sessions.c.digest == token_digest(token), sessions.c.ended.is_(None))
        with writing(self._engine) as connection:
            connection.execute(update(sessions).where(mine).values(ended=now))

    def end_all(self, account: UUID, now: datetime, but: str | None = None) -> int:
        """Ends every session of an account, but for one token's; how many."""
        with writing(self._engine) as connection:
            return end_sessions(connection, account, now, but)

    def of(self, account: UUID, now: datetime) -> list[Session]:
        """The account's open sessions, newest first."""
        mine = and_(sessions.c.account == account, _is_open(now))
        with reading(self._engine) as connection:
            rows = connection.execute(COLUMNS.where(mine).order_by(sessions.c.created.desc()))
            return [Session(*row) for row in rows]

    def sweep(self, before: datetime) -> int:
        """Forgets sessions that were over before this moment; how many."""
        with writing(self._engine) as connection:
            return connection.execute(delete(sessions).where(sessions.c.expires < before)).rowcount


def end_sessions(connection: Connection, account: UUID, now: datetime, but: str | None = None) -> int:
    """Ends an account's sessions in the caller's transaction; how many."""
    mine = and_(sessions.c.account == account, sessions.c.ended.is_(None))
    if but is not None:
        mine = and_(mine, sessions.c.digest != token_digest(but))
    return connection.execute(update(sessions).where(mine).values(ended=now)).rowcount


def _insert(connection: Connection, session: Session) -> str:
    token = new_token()
    connection.execute(insert(sessions).values(digest=token_digest(token), **session._asdict()))
    return token


def _is_open(now: datetime) -> ColumnElement[bool]:
    return and_(sessions.c.ended.is_(None), sessions.c.expires > now, sessions.c.last_seen > now - IDLE)


def _open(connection: Connection, digest: bytes, now: datetime) -> Session | None:
    row = connection.execute(COLUMNS.where(sessions.c.digest == digest, _is_open(now))).one_or_none()
    return None if row is None else Session(*row)
