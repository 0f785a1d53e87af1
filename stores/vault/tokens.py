"""API tokens: what a program signs in with."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine, and_, delete, insert, select, update

from stores.vault.engine import reading, writing
from stores.vault.secret_tokens import new_token, token_digest
from stores.vault.tables import tokens

PREFIX = "lvyue_"  # so that a scanner for leaked secrets knows one when it sees one
LASTS = timedelta(days=365)
COLUMNS = select(tokens.c.id, tokens.c.account, tokens.c.name, tokens.c.created, tokens.c.expires)


class Token(NamedTuple):
    """An open API token, without its secret."""

    id: UUID
    account: UUID
    name: str
    created: datetime
    expires: datetime


class Tokens:
    """API tokens by their digest; one that is not open is like one that never was."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(self, account: UUID, name: str, now: datetime, expires: datetime | None = None) -> str:
        """A new token, told this once; good for a year unless said otherwise."""
        secret = PREFIX + new_token()
        token = Token(uuid4(), account, name, now, expires or now + LASTS)
        with writing(self._engine) as connection:
            connection.execute(insert(tokens).values(digest=token_digest(secret), **token._asdict()))
        return secret

    def find(self, secret: str, now: datetime) -> Token | None:
        """The open token with this secret."""
        is_open = and_(tokens.c.digest == token_digest(secret), tokens.c.ended.is_(None), tokens.c.expires > now)
        with reading(self._engine) as connection:
            row = connection.execute(COLUMNS.where(is_open)).one_or_none()
        return None if row is None else Token(*row)

    def of(self, account: UUID, now: datetime) -> list[Token]:
        """The account's open tokens, newest first."""
        mine = and_(tokens.c.account == account, tokens.c.ended.is_(None), tokens.c.expires > now)
        with reading(self._engine) as connection:
            return [Token(*row) for row in connection.execute(COLUMNS.where(mine).order_by(tokens.c.created.desc()))]

    def end(self, token: UUID, now: datetime) -> None:
        """Makes a token worthless."""
        with writing(self._engine) as connection:
            mine = and_(tokens.c.id == token, tokens.c.ended.is_(None))
            connection.execute(update(tokens).where(mine).values(ended=now))

    def sweep(self, before: datetime) -> int:
        """Forgets tokens that were over before this moment; how many."""
        with writing(self._engine) as connection:
            return connection.execute(delete(tokens).where(tokens.c.expires < before)).rowcount


def end_tokens(connection: Connection, account: UUID, now: datetime) -> int:
    """Makes every token of an account worthless, in the caller's transaction; how many."""
    mine = and_(tokens.c.account == account, tokens.c.ended.is_(None))
    return connection.execute(update(tokens).where(mine).values(ended=now)).rowcount
