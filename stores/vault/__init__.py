"""The vault: what must never stand in an immutable log, wrapped by one master key."""

import base64
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from pwdlib import PasswordHash
from sqlalchemy import Connection, Engine, insert, select

from stores.vault.anchor import Anchor, OtherRoot
from stores.vault.credentials import Credentials
from stores.vault.drafts import Drafts
from stores.vault.engine import reading, sqlite_url, vault_engine, writing
from stores.vault.invitations import Invitations, NotInvited, end_invitations, use
from stores.vault.jobs import Job, JobOver, Jobs
from stores.vault.key import KeyFileMissing, MasterKey, Tampered, WrongKey, create_key, read_key
from stores.vault.passwords import Busy, PasswordRefused, Passwords, argon2id, check_new_password
from stores.vault.persons import Erased, KeyLost, Persons
from stores.vault.receipt_codes import ReceiptCodes
from stores.vault.secret_tokens import token_digest
from stores.vault.sessions import Session, Sessions, end_sessions
from stores.vault.settings import Settings, value_of
from stores.vault.tables import metadata, settings
from stores.vault.throttle import NONE, Throttle, source_of
from stores.vault.tokens import Token, Tokens, end_tokens

MARK = "key_mark"
KEPT = timedelta(days=90)  # what is over is kept this long for who asks what happened


class NotSignedIn(PermissionError):
    """The sign-in was not accepted; `wait` is how long before another is looked at (zero: at once)."""

    def __init__(self, wait: timedelta = NONE) -> None:
        super().__init__("账号或密码不正确")
        self.wait = wait


class Vault:
    """The vault behind an engine from `vault_engine`, opened with its master key; `WrongKey` where it is another's.

    Its tables are made by `migrations.upgrade`. `hasher` is for tests, which hand in a cheap `argon2id`.
    """

    def __init__(self, engine: Engine, key: bytes, hasher: PasswordHash | None = None) -> None:
        self.engine = engine
        master = MasterKey(key)
        _recognise(engine, master)
        self.credentials = Credentials(engine, master, Passwords(hasher or argon2id()))
        self.sessions = Sessions(engine)
        self.tokens = Tokens(engine)
        self.invitations = Invitations(engine)
        self.throttle = Throttle(engine)
        self.persons = Persons(engine, master)
        self.anchor = Anchor(engine, master)
        self.drafts = Drafts(engine, master)
        self.jobs = Jobs(engine)
        self.receipt_codes = ReceiptCodes(engine, master)
        self.settings = Settings(engine)

    def sign_in(self, name: str, account: UUID | None, password: str, source: str, now: datetime) -> str:
        """The token of a new session, or `NotSignedIn`; `Busy` counts nothing.

        `account` is the id behind the name, None where there is none or it may not sign in: that takes as long.
        """
        self._must_not_wait(self.throttle.wait(name, source, now))
        with self.credentials.turn():
            self._must_not_wait(self.throttle.admit(name, source, now))
            right = self.credentials.check(account, password)
        if account is None or not right:
            raise NotSignedIn
        self.throttle.succeeded(name, source, now)
        return self.sessions.start(account, now)

    def invited(self, code: str, source: str, now: datetime) -> UUID:
        """Whose an invitation's code is, or `NotSignedIn`; who tries codes from one source waits as at signing in."""
        tried = f"invitation {token_digest(code).hex()}"
        self._must_not_wait(self.throttle.wait(tried, source, now))
        account = self.invitations.find(code, now)
        if account is None:
            self._must_not_wait(self.throttle.admit(tried, source, now))
            raise NotSignedIn
        return account

    def accept(self, code: str, account: UUID, name: str, password: str, now: datetime) -> None:
        """Gives the account the password that its person chose, and uses up the code; `PasswordRefused`, `NotSignedIn`, `Busy`."""
        try:
            self.credentials.set(account, name, password, now, lambda connection: use(connection, code, now))
        except NotInvited:
            raise NotSignedIn from None

    @staticmethod
    def _must_not_wait(wait: timedelta) -> None:
        if wait:
            raise NotSignedIn(wait)

    def shut_out(self, account: UUID, now: datetime) -> None:
        """Ends every session and token of an account at once: it was disabled."""
        with writing(self.engine) as connection:
            end_sessions(connection, account, now)
            end_tokens(connection, account, now)
            end_invitations(connection, account, now)

    def sweep(self, now: datetime) -> int:
        """Forgets what has long been over; how many rows."""
        before = now - KEPT
        gone = self.sessions.sweep(before) + self.tokens.sweep(before) + self.invitations.sweep(before) + self.throttle.sweep(now)
        return gone + self.drafts.sweep(before) + self.jobs.sweep(before)


def open_vault(engine: Engine, key_file: Path, hasher: PasswordHash | None = None) -> Vault:
    """The vault with the key in the file; the file is made where it is missing and the vault is still empty.

    `KeyFileMissing` where it is missing and the vault is not; `WrongKey` where it does not open this vault.
    """
    try:
        key = read_key(key_file)
    except KeyFileMissing:
        if not _is_empty(engine):
            raise
        key = create_key(key_file)
    return Vault(engine, key, hasher)


def _is_empty(engine: Engine) -> bool:
    with reading(engine) as connection:
        return _holds_nothing(connection)


def _holds_nothing(connection: Connection) -> bool:
    return all(connection.execute(select(1).select_from(t).limit(1)).first() is None for t in metadata.sorted_tables)


def _recognise(engine: Engine, master: MasterKey) -> None:
    with reading(engine) as connection:
        mark = value_of(connection, MARK)
    if mark is None:
        with writing(engine) as connection:
            mark = value_of(connection, MARK) or _leave_mark(connection, master)
    try:
        master.unwrap(base64.b64decode(mark), MARK)
    except Tampered as error:
        raise WrongKey("主密钥（LVYUE_KEY_FILE）打不开这个保险库：它属于另一套安装，或文件被换过") from error


def _leave_mark(connection: Connection, master: MasterKey) -> str:
    if not _holds_nothing(connection):
        raise WrongKey("保险库里有内容却没有密钥标记：数据库被改动过，请从备份恢复")
    mark = base64.b64encode(master.wrap(b"lvyue vault", MARK)).decode()
    connection.execute(insert(settings).values(name=MARK, value=mark))
    return mark


__all__ = [
    "Busy",
    "Erased",
    "Job",
    "JobOver",
    "KeyFileMissing",
    "KeyLost",
    "NotSignedIn",
    "OtherRoot",
    "PasswordRefused",
    "Session",
    "Tampered",
    "Token",
    "Vault",
    "WrongKey",
    "argon2id",
    "check_new_password",
    "open_vault",
    "source_of",
    "sqlite_url",
    "vault_engine",
]
