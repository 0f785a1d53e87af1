"""Keys of natural persons (and of sealed documents), each able to be destroyed for good."""

import os
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Engine, RowMapping, insert, select

from stores.vault.engine import reading, writing
from stores.vault.key import KEY_BYTES, MasterKey
from stores.vault.settings import number, raise_number
from stores.vault.tables import person_keys
from stores.vault.upsert import put

AT_ONCE = 500  # subjects in one query
ERASURES = "erasures"


class Erased(LookupError):
    """The subject's key was destroyed; nothing more is sealed for it."""


class KeyLost(LookupError):
    """The vault never had this subject's key: the vault, or the sealed text, is of another installation or day."""


class Persons:
    """256-bit keys by subject, wrapped; a destroyed one leaves the day of its destruction."""

    def __init__(self, engine: Engine, key: MasterKey) -> None:
        self._engine, self._key = engine, key

    def find(self, subject: UUID) -> bytes | None:
        """The subject's key, None where it was destroyed; `KeyLost` where there never was one."""
        found = self.find_all([subject])
        if subject not in found:
            raise KeyLost(f"保险库中没有 {subject} 的密钥")
        return found[subject]

    def find_all(self, subjects: Iterable[UUID]) -> dict[UUID, bytes | None]:
        """The keys of those subjects that have, or had, one; None where it was destroyed."""
        wanted = list(subjects)
        found: dict[UUID, bytes | None] = {}
        with reading(self._engine) as connection:
            for start in range(0, len(wanted), AT_ONCE):
                found.update(self._read(connection, wanted[start : start + AT_ONCE]))
        return found

    def make(self, subjects: Iterable[UUID]) -> dict[UUID, bytes | None]:
        """As `find_all`, with new keys for those that never had one; on disk before it returns."""
        wanted = list(dict.fromkeys(subjects))
        found = self.find_all(wanted)
        if len(found) == len(wanted):
            return found
        with writing(self._engine) as connection:
            for start in range(0, len(wanted), AT_ONCE):
                part = wanted[start : start + AT_ONCE]
                found.update(self._read(connection, part))
                found.update(self._insert(connection, [subject for subject in part if subject not in found]))
        return found

    def destroy(self, subject: UUID, now: datetime) -> bool:
        """Destroys the key, also one that was never made; whether it was not destroyed already."""
        with writing(self._engine) as connection:
            row = connection.execute(select(person_keys).where(person_keys.c.subject == subject)).mappings().first()
            if row is not None and row["wrapped"] is None:
                return False
            put(connection, person_keys, {"subject": subject}, {"wrapped": None, "destroyed_at": now})
            raise_number(connection, ERASURES)
        self._leave_no_copy()
        return True

    def destroyed_at(self, subject: UUID) -> datetime | None:
        """When the subject's key was destroyed."""
        wanted = select(person_keys.c.destroyed_at).where(person_keys.c.subject == subject)
        with reading(self._engine) as connection:
            found: datetime | None = connection.scalar(wanted)
        return found

    def erasures(self) -> int:
        """A number that changes with every key destroyed, by whichever process."""
        with reading(self._engine) as connection:
            return number(connection, ERASURES)

    def document(self, content_digest: bytes) -> UUID:
        """The subject of a document, the same for the same content, telling nothing of it without the master key."""
        mac = self._key.mac(content_digest, "document")
        return UUID(bytes=mac[:16], version=5)

    def _read(self, connection: Connection, subjects: list[UUID]) -> dict[UUID, bytes | None]:
        wanted = select(person_keys).where(person_keys.c.subject.in_(subjects))
        rows = connection.execute(wanted).mappings()
        return {row["subject"]: None if row["wrapped"] is None else self._unwrap(row) for row in rows}

    def _unwrap(self, row: RowMapping) -> bytes:
        return self._key.unwrap(row["wrapped"], _purpose(row["subject"]))

    def _insert(self, connection: Connection, subjects: list[UUID]) -> dict[UUID, bytes]:
        made = {subject: os.urandom(KEY_BYTES) for subject in subjects}
        if made:
            rows = [{"subject": s, "wrapped": self._key.wrap(key, _purpose(s))} for s, key in made.items()]
            connection.execute(insert(person_keys), rows)
        return made

    def _leave_no_copy(self) -> None:
        """Moves the overwritten page out of SQLite's log, so that the file holds the key no more."""
        if self._engine.dialect.name != "sqlite":
            return
        raw = self._engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()


def _purpose(subject: UUID) -> str:
    return f"person key|{subject.hex}"
