"""The reads: who looked at what, each entry bound to the one before it by its digest."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from stores.ledger.append import stamp
from stores.ledger.engine import writing
from stores.ledger.tables import reads

START = bytes(32)
READS_LOCK = 0x6C767972  # apart from the append lock: a look does not wait for a command


def digest_after(previous: bytes, seq: int, at: str, account: str, kind: str, subject: str) -> bytes:
    """SHA-256 over the previous digest and the fields: u64 number, then each text behind its u32 length."""
    texts = [text.encode() for text in (at, account, kind, subject)]
    return sha256(previous + seq.to_bytes(8, "big") + b"".join(len(t).to_bytes(4, "big") + t for t in texts)).digest()


class Reads:
    """Records reads, in a transaction of its own each."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def record(self, account: str, kind: str, subject: str, at: datetime) -> None:
        """Append one entry; when this returns it is on disk."""
        with writing(self._engine) as conn:
            if conn.dialect.name == "postgresql":
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(READS_LOCK)))
            last = conn.execute(sa.select(reads.c.seq, reads.c.digest).order_by(reads.c.seq.desc()).limit(1)).first()
            seq, previous = (last.seq + 1, last.digest) if last else (1, START)
            digest = digest_after(previous, seq, stamp(at), account, kind, subject)
            entry = {"seq": seq, "at": stamp(at), "account": account, "kind": kind, "subject": subject}
            conn.execute(sa.insert(reads).values(**entry, digest=digest))
