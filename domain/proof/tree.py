"""The Merkle tree of RFC 6962 and RFC 9162: growing it, proving from it, and verifying with no log at hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()

Node = Callable[[int, int], bytes]  # (level, index) -> hash of a completed node; leaf hashes are level 0
Emit = Callable[[int, int, bytes], object]  # told (level, index, hash) of every node as it is completed


def leaf_hash(leaf: bytes) -> bytes:
    """RFC 9162 2.1.1: a leaf is hashed behind 0x00, so that it can never pass for a node."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 9162 2.1.1: a node is hashed behind 0x01."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """What must be known of a tree in order to grow it: its size and one node for every set bit of the size."""

    __slots__ = ("nodes", "size")

    def __init__(self, size: int = 0, nodes: Sequence[bytes] = ()) -> None:
        if size < 0 or len(nodes) != size.bit_count() or any(len(node) != HASH_BYTES for node in nodes):
            raise ValueError(f"{len(nodes)} nodes are no frontier of a tree of {size} leaves")
        self.size, self.nodes = size, list(nodes)

    def append(self, leaf: bytes, emit: Emit | None = None) -> None:
        """Add one leaf hash; `emit` is told of it and of every node that it completes."""
        index, node, level = self.size, leaf, 0
        if emit is not None:
            emit(0, index, node)
        while index & 1:
            node = node_hash(self.nodes.pop(), node)
            index >>= 1
            level += 1
            if emit is not None:
                emit(level, index, node)
        self.nodes.append(node)
        self.size += 1

    def root(self) -> bytes:
        """The tree's hash at this size; that of nothing for an empty tree."""
        if not self.nodes:
            return EMPTY_ROOT
        *rest, root = self.nodes
        for left in reversed(rest):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        """Size (8 bytes, big-endian), then the nodes from the largest subtree to the smallest."""
        return self.size.to_bytes(8, "big") + b"".join(self.nodes)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Frontier:
        """The inverse of to_bytes. Raises ValueError when these bytes are no frontier."""
        if len(stored) < 8:
            raise ValueError(f"{len(stored)} bytes are no frontier")
        rest = stored[8:]
        nodes = [rest[at : at + HASH_BYTES] for at in range(0, len(rest), HASH_BYTES)]
        return cls(int.from_bytes(stored[:8], "big"), nodes)


def root_at(node: Node, size: int) -> bytes:
    """The root that the tree had at an earlier size."""
    return _subtree(node, 0, size) if size else EMPTY_ROOT


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """RFC 9162 2.1.3.1: the path from leaf `index` (0-based) to the root of the tree of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path, first, last = [], 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if index < middle:
            path.append(_subtree(node, middle, last))
            last = middle
        else:
            path.append(_subtree(node, first, middle))
            first = middle
    return path[::-1]


def consistency(node: Node, earlier: int, later: int) -> list[bytes]:
    """RFC 9162 2.1.4.1: why the tree of `later` leaves begins with the tree of `earlier` leaves."""
    if not 0 < earlier <= later:
        raise ValueError(f"there is no proof from {earlier} leaves to {later}")
    path, first, last = [], 0, later
    while last != earlier and last - first > 1:
        middle = first + _split(last - first)
        if earlier <= middle:
            path.append(_subtree(node, middle, last))
            last = middle
        else:
            path.append(_subtree(node, first, middle))
            first = middle
    if first:  # the whole of the earlier tree is its own root, which the verifier has
        path.append(_subtree(node, first, last))
    return path[::-1]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """RFC 9162 2.1.3.2: whether the leaf hash stands at `index` (0-based) in the tree of `size` leaves."""
    if not 0 <= index < size or len(leaf) != HASH_BYTES or not _are_hashes(proof):
        return False
    at, last, found = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            found = node_hash(other, found)
            at, last = _past_left_edges(at, last)
        else:
            found = node_hash(found, other)
        at, last = at >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(earlier: int, later: int, proof: Sequence[bytes], root: bytes, later_root: bytes) -> bool:
    """RFC 9162 2.1.4.2: whether the tree of `later` leaves begins with the tree of `earlier` leaves.

    A proof from an empty tree says nothing, so it is refused.
    """
    if not 0 < earlier <= later or not _are_hashes(proof):
        return False
    if earlier == later:
        return not proof and root == later_root
    path = [root, *proof] if earlier.bit_count() == 1 else list(proof)
    if not proof:
        return False
    at, last = earlier - 1, later - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for other in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(other, old), node_hash(other, new)
            at, last = _past_left_edges(at, last)
        else:
            new = node_hash(new, other)
        at, last = at >> 1, last >> 1
    return last == 0 and old == root and new == later_root


def _past_left_edges(at: int, last: int) -> tuple[int, int]:
    """Where a node has no sibling to its right it rises unhashed until it is a right child."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _are_hashes(proof: Sequence[bytes]) -> bool:
    return all(len(one) == HASH_BYTES for one in proof)


def _split(size: int) -> int:
    """The largest power of two below a size of at least two: RFC 9162's k."""
    return 1 << ((size - 1).bit_length() - 1)


def _subtree(node: Node, first: int, last: int) -> bytes:
    """The hash over leaves [first, last); whole aligned subtrees are completed nodes."""
    size = last - first
    if size.bit_count() == 1 and first % size == 0:
        return node(size.bit_length() - 1, first // size)
    middle = first + _split(size)
    return node_hash(_subtree(node, first, middle), _subtree(node, middle, last))
