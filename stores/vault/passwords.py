"""Passwords: which are refused, and the costly hash, computed by few at a time."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

SHORTEST = 8
LONGEST = 256  # characters; a limit on work, far above what people type
AT_ONCE = 2  # one argon2id takes 64 MiB and a core
PATIENCE = 10.0  # seconds that one waits for a turn

COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text("ascii").split())


class PasswordRefused(ValueError):
    """A new password that will not do: a stable code, a sentence for the person, the values in the sentence."""

    def __init__(self, code: str, sentence: str, **values: Any) -> None:
        super().__init__(sentence.format(**values))
        self.code, self.sentence, self.values = code, sentence, values


class Busy(RuntimeError):
    """Too many sign-ins at this moment; the same one may be tried again."""


def check_new_password(password: str, name: str) -> None:
    """Refuses what is short, common, or the account's own name (NIST 800-63B: no rules of composition)."""
    said = _same(password)
    if len(said) < SHORTEST:
        raise PasswordRefused("password_too_short", "密码至少要有 {shortest} 个字符", shortest=SHORTEST)
    if len(said) > LONGEST:
        raise PasswordRefused("password_too_long", "密码最多 {longest} 个字符", longest=LONGEST)
    if said.casefold() in COMMON or len(set(said)) == 1:
        raise PasswordRefused("password_too_common", "这个密码太常见，很容易被猜到，请换一个")
    if said.casefold() in _names(_same(name).casefold()):
        raise PasswordRefused("password_is_account_name", "密码不能就是账号名，请换一个")


def _names(name: str) -> set[str]:
    return {name, name[::-1], name * 2, *(name + tail for tail in ("1", "12", "123", "1234", "123456"))}


def _same(password: str) -> str:
    return unicodedata.normalize("NFKC", password)  # full-width digits of an input method are the same digits


def argon2id(memory_kib: int = 65536, passes: int = 3, lanes: int = 4) -> PasswordHash:
    """The hash; the defaults are those of RFC 9106's second choice, tests hand in cheaper ones."""
    return PasswordHash((Argon2Hasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes),))


class Passwords:
    """Hashing and verifying, at most two at once in a process."""

    def __init__(self, hasher: PasswordHash, patience: float = PATIENCE) -> None:
        self._hasher = hasher
        self._patience = patience
        self._turns = BoundedSemaphore(AT_ONCE)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A place among those who may compute; `Busy` after ten seconds without one."""
        if not self._turns.acquire(timeout=self._patience):
            raise Busy("登录的人太多，请稍候再试")
        try:
            yield
        finally:
            self._turns.release()

    def hash(self, password: str) -> str:
        """The argon2id hash of a password, in PHC form."""
        with self.turn():
            return self._hasher.hash(_same(password))

    def matches(self, password: str, hashed: str | None) -> tuple[bool, str | None]:
        """Whether it is the password, and a new hash where the old one was cheaper; no hash costs the same.

        To be called inside `turn`.
        """
        nobody = self._nobody  # made at the first sign-in, whoever's it is
        right, better = self._hasher.verify_and_update(_same(password[: LONGEST + 1]), hashed or nobody)
        return right and hashed is not None, better if hashed is not None else None
