"""Codes that, with the receipt's number, let anybody who holds both follow a repair application."""

import hmac
import secrets

from sqlalchemy import Connection, Engine, insert, select

from stores.vault.engine import reading, writing
from stores.vault.key import MasterKey
from stores.vault.tables import receipt_codes

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0 O 1 I: read aloud and typed from paper
LENGTH = 8


class ReceiptCodes:
    """One code for a receipt: a keyed digest to compare with, and the code itself wrapped, to tell it again."""

    def __init__(self, engine: Engine, key: MasterKey) -> None:
        self._engine, self._key = engine, key

    def issue(self, receipt: str) -> str:
        """The receipt's code, made at the first asking and the same ever after."""
        with writing(self._engine) as connection:
            return self._code(connection, receipt) or self._insert(connection, receipt)

    def code(self, receipt: str) -> str | None:
        """The receipt's code, for its owner."""
        with reading(self._engine) as connection:
            return self._code(connection, receipt)

    def matches(self, receipt: str, code: str) -> bool:
        """Whether this is the receipt's code, however it was typed; throttle it by the source."""
        with reading(self._engine) as connection:
            digest = connection.scalar(select(receipt_codes.c.digest).where(receipt_codes.c.receipt == receipt))
        given = self._digest(receipt, "".join(code.split()).upper())
        return hmac.compare_digest(digest if digest is not None else bytes(len(given)), given)

    def _insert(self, connection: Connection, receipt: str) -> str:
        code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        wrapped = self._key.wrap(code.encode(), _purpose(receipt))
        digest = self._digest(receipt, code)
        connection.execute(insert(receipt_codes).values(receipt=receipt, digest=digest, code=wrapped))
        return code

    def _code(self, connection: Connection, receipt: str) -> str | None:
        wrapped = connection.scalar(select(receipt_codes.c.code).where(receipt_codes.c.receipt == receipt))
        return None if wrapped is None else self._key.unwrap(wrapped, _purpose(receipt)).decode()

    def _digest(self, receipt: str, code: str) -> bytes:
        return self._key.mac(f"{receipt}\0{code}".encode(), "receipt code")


def _purpose(receipt: str) -> str:
    return f"receipt code|{receipt}"
