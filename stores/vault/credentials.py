"""Credentials: what an account proves itself with."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, delete, select, update

from stores.vault.engine import reading, writing
from stores.vault.key import MasterKey
from stores.vault.passwords import Passwords, check_new_password
from stores.vault.sessions import end_sessions
from stores.vault.tables import credentials
from stores.vault.throttle import forgive
from stores.vault.upsert import put


class Credentials:
    """Password hash and second factor of each account, by the account's id."""

    def __init__(self, engine: Engine, key: MasterKey, passwords: Passwords) -> None:
        self._engine, self._key, self._passwords = engine, key, passwords

    def set(self, account: UUID, name: str, password: str, now: datetime, first: Callable[[Connection], None] = lambda _: None) -> None:
        """Gives the account this password; its sessions end and its failed sign-ins are forgiven.

        `first` is done before it, in the same transaction. `PasswordRefused` where the password will not do.
        """
        check_new_password(password, name)
        hashed = self._passwords.hash(password)
        with writing(self._engine) as connection:
            first(connection)
            put(connection, credentials, {"account": account}, {"password_hash": hashed, "changed_at": now})
            end_sessions(connection, account, now)
            forgive(connection, name)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A place among the few who may compute a hash at once."""
        with self._passwords.turn():
            yield

    def check(self, account: UUID | None, password: str) -> bool:
        """Whether this is the account's password, inside `turn`; an unknown account takes as long."""
        hashed = self._hash(account)
        right, better = self._passwords.matches(password, hashed)
        if better is not None:
            same = (credentials.c.account == account) & (credentials.c.password_hash == hashed)
            with writing(self._engine) as connection:
                connection.execute(update(credentials).where(same).values(password_hash=better))
        return right

    def _hash(self, account: UUID | None) -> str | None:
        with reading(self._engine) as connection:
            found: str | None = connection.scalar(select(credentials.c.password_hash).where(credentials.c.account == account))
        return found

    def has(self, account: UUID) -> bool:
        """Whether the account has a password."""
        return self._hash(account) is not None

    def changed_at(self, account: UUID) -> datetime | None:
        """When the password was last set."""
        with reading(self._engine) as connection:
            found: datetime | None = connection.scalar(select(credentials.c.changed_at).where(credentials.c.account == account))
        return found

    def give_second_factor(self, account: UUID, secret: bytes | None) -> None:
        """Sets (None: takes away) the shared secret of the second factor; `LookupError` without a password."""
        wrapped = None if secret is None else self._key.wrap(secret, _purpose(account))
        with writing(self._engine) as connection:
            change = update(credentials).where(credentials.c.account == account).values(second_factor=wrapped)
            if connection.execute(change).rowcount != 1:
                raise LookupError(f"account {account} has no password yet")

    def second_factor(self, account: UUID) -> bytes | None:
        """The shared secret of the account's second factor."""
        with reading(self._engine) as connection:
            wrapped = connection.scalar(select(credentials.c.second_factor).where(credentials.c.account == account))
        return None if wrapped is None else self._key.unwrap(wrapped, _purpose(account))

    def forget(self, account: UUID) -> None:
        """Takes password and second factor away for good."""
        with writing(self._engine) as connection:
            connection.execute(delete(credentials).where(credentials.c.account == account))


def _purpose(account: UUID) -> str:
    return f"second factor|{account.hex}"
