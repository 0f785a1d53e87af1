"""The leaf: the bytes by which one row of the log stands in the tree."""

from struct import Struct
from uuid import UUID

# position, length of recorded_at, recorded_at; stream, version, length of topic; then topic, length of state, state.
_placed = Struct(">QH").pack
_named = Struct(">qI").pack
_measured = Struct(">Q").pack


def leaf_bytes(position: int, recorded_at: str, stream: UUID, version: int, topic: str, state: bytes) -> bytes:
    """Every field of a row, each of fixed size or behind its length, so that no two rows share an encoding.

    Big-endian: u64 position, u16 length and UTF-8 of recorded_at, 16 bytes of the stream's UUID, i64 version,
    u32 length and UTF-8 of the topic, u64 length of the state and the state exactly as stored.
    """
    return leaf_of(position, recorded_at, stream.bytes, version, topic, state)


def leaf_of(position: int, recorded_at: str, stream: bytes, version: int, topic: str, state: bytes) -> bytes:
    """The same from a stream's 16 bytes, for those who read rows without UUID objects."""
    told, name = recorded_at.encode(), topic.encode()
    return b"".join((_placed(position, len(told)), told, stream, _named(version, len(name)), name, _measured(len(state)), state))
