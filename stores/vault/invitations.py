"""Invitations: a code with which a person chooses the password of their account, once and for a while."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select, update

from stores.vault.engine import reading, writing
from stores.vault.secret_tokens import new_token, token_digest
from stores.vault.tables import invitations


class NotInvited(LookupError):
    """The code is none, was used, was replaced by a later one, or is over."""


class Invitations:
    """Codes by their digest; of an account the last one alone is open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def make(self, account: UUID, now: datetime, expires: datetime) -> str:
        """A new code, told this once; an earlier one of the account is worth nothing any more."""
        code = new_token()
        with writing(self._engine) as connection:
            end_invitations(connection, account, now)
            connection.execute(insert(invitations).values(digest=token_digest(code), account=account, created=now, expires=expires))
        return code

    def find(self, code: str, now: datetime) -> UUID | None:
        """The account that an open code is for."""
        with reading(self._engine) as connection:
            found: UUID | None = connection.scalar(select(invitations.c.account).where(_open(code, now)))
        return found

    def sweep(self, before: datetime) -> int:
        """Forgets those that were over before this moment; how many."""
        with writing(self._engine) as connection:
            return connection.execute(delete(invitations).where(invitations.c.expires < before)).rowcount


def use(connection: Connection, code: str, now: datetime) -> None:
    """Ends an open code, in the caller's transaction: of two who send it at once, one is second. Raises NotInvited."""
    if connection.execute(update(invitations).where(_open(code, now)).values(ended=now)).rowcount != 1:
        raise NotInvited


def end_invitations(connection: Connection, account: UUID, now: datetime) -> None:
    """Makes every code of an account worthless, in the caller's transaction."""
    mine = and_(invitations.c.account == account, invitations.c.ended.is_(None))
    connection.execute(update(invitations).where(mine).values(ended=now))


def _open(code: str, now: datetime) -> ColumnElement[bool]:
    return and_(invitations.c.digest == token_digest(code), invitations.c.ended.is_(None), invitations.c.expires > now)
