"""The anchor: how long the log was and what its root was when last seen, so that a cut is found."""

from sqlalchemy import Connection, Engine, select

from stores.vault.engine import reading, writing
from stores.vault.key import MasterKey, Tampered
from stores.vault.tables import anchor
from stores.vault.upsert import put


class OtherRoot(RuntimeError):
    """The log had another root at this very size: it is not the log that was here before."""


class Anchor:
    """The last known size and root of the log; only ever moves forward."""

    def __init__(self, engine: Engine, key: MasterKey) -> None:
        self._engine, self._key = engine, key

    def remember(self, size: int, root: bytes) -> bool:
        """Moves forward to this size; False where it was there or further already.

        `OtherRoot` where the same size is known with another root.
        """
        if size < 0:
            raise ValueError("a log's size is not negative")
        with writing(self._engine) as connection:
            last = self._last(connection)
            if last is not None and last[0] == size and last[1] != root:
                raise OtherRoot(f"日志在 {size} 条时的根与先前所知不同")
            if last is not None and last[0] >= size:
                return False
            put(connection, anchor, {"id": 1}, {"size": size, "root": root, "mac": self._mac(size, root)})
            return True

    def replace(self, size: int, root: bytes) -> None:
        """Remember another log, and be it a shorter one: somebody has decided to go on with what is left."""
        with writing(self._engine) as connection:
            put(connection, anchor, {"id": 1}, {"size": size, "root": root, "mac": self._mac(size, root)})

    def last(self) -> tuple[int, bytes] | None:
        """The last known size and root; `Tampered` where somebody without the master key wrote them."""
        with reading(self._engine) as connection:
            return self._last(connection)

    def _last(self, connection: Connection) -> tuple[int, bytes] | None:
        row = connection.execute(select(anchor.c.size, anchor.c.root, anchor.c.mac)).one_or_none()
        if row is None:
            return None
        size, root, mac = int(row[0]), bytes(row[1]), bytes(row[2])
        if mac != self._mac(size, root):
            raise Tampered("保险库中记下的日志长度与根被改动过")
        return size, root

    def _mac(self, size: int, root: bytes) -> bytes:
        return self._key.mac(size.to_bytes(8, "big") + root, "anchor")
