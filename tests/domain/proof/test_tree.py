"""The tree against published vectors, against the plain definition, and against everything that must be refused."""

import base64
import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.proof.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    root_at,
    verify_consistency,
    verify_inclusion,
)
from tests.shared import shared

# transparency-dev/merkle at 417fb0c, testonly/constants.go: the same as Google's first Certificate Transparency code.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(one)) for one in INPUTS]
MANY = [leaf_hash(str(n).encode()) for n in range(130)]


def grown(leaves: list[bytes]) -> tuple[Frontier, Callable[[int, int], bytes]]:
    nodes: dict[tuple[int, int], bytes] = {}
    tree = Frontier()
    for leaf in leaves:
        tree.append(leaf, lambda level, index, node: nodes.__setitem__((level, index), node))
    return tree, lambda level, index: nodes[level, index]


@cache
def plain_root(first: int, last: int) -> bytes:
    """MTH of RFC 9162 2.1.1, word for word."""
    if last == first:
        return sha256(b"").digest()
    if last - first == 1:
        return MANY[first]
    k = 1
    while k * 2 < last - first:
        k *= 2
    return node_hash(plain_root(first, first + k), plain_root(first + k, last))


def test_published_roots() -> None:
    for size, root in enumerate(ROOTS):
        assert grown(LEAVES[:size])[0].root().hex() == root
    assert bytes.fromhex(ROOTS[0]) == EMPTY_ROOT


def test_published_hashes() -> None:
    assert leaf_hash(b"L123456").hex() == "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56"
    assert node_hash(b"N123", b"N456").hex() == "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb"
    assert leaf_hash(b"") != EMPTY_ROOT
    assert leaf_hash(LEAVES[0] + LEAVES[1]) != node_hash(LEAVES[0], LEAVES[1])


def test_published_nodes() -> None:
    told = json.loads(shared("data", "merkle-rfc6962", "reference-roots.json").read_text())
    assert told["rootHashesByTreeSizeHex"] == ROOTS
    assert told["leafInputsHex"] == INPUTS
    node = grown(LEAVES)[1]
    for level, hashes in enumerate(told["nodeHashesByLevelHex"]):
        for index, expected in enumerate(hashes):
            assert node(level, index).hex() == expected


def answer(case: dict[str, Any]) -> bool:
    """What our verifier says of one case in the published format (base64 fields, null for an empty proof)."""
    proof = [base64.b64decode(one) for one in case["proof"] or []]
    a, b = (base64.b64decode(case[name] or "") for name in (("leafHash", "root") if "leafIdx" in case else ("root1", "root2")))
    if "leafIdx" in case:
        return verify_inclusion(a, case["leafIdx"], case["treeSize"], proof, b)
    return verify_consistency(case["size1"], case["size2"], proof, a, b)


def test_published_proofs() -> None:
    cases = sorted(shared("data", "merkle-rfc6962").glob("sample-*.json"))
    assert len(cases) >= 2
    for path in cases:
        case = json.loads(path.read_text())
        assert answer(case) is not case["wantErr"], path.name


def test_the_quick_constant() -> None:
    path = [base64.b64decode(one) for one in (
        "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    )]  # fmt: skip
    node = grown(LEAVES)[1]
    assert inclusion(node, 0, 8) == path
    assert consistency(node, 1, 8) == path


def test_every_proof_up_to_130_leaves_holds() -> None:
    node = grown(MANY)[1]
    for size in range(1, 131):
        root = plain_root(0, size)
        assert root_at(node, size) == root
        for n in range(size):
            assert verify_inclusion(MANY[n], n, size, inclusion(node, n, size), root)
        for earlier in range(1, size + 1):
            assert verify_consistency(earlier, size, consistency(node, earlier, size), plain_root(0, earlier), root)


def test_a_frontier_survives_its_bytes() -> None:
    tree, _ = grown(MANY[:77])
    again = Frontier.from_bytes(tree.to_bytes())
    for leaf in MANY[77:]:
        again.append(leaf)
    assert again.root() == plain_root(0, 130)
    assert Frontier.from_bytes(Frontier().to_bytes()).root() == EMPTY_ROOT


@pytest.mark.parametrize("stored", [b"", b"\0" * 7 + b"\1", b"\0" * 7 + b"\1" + b"x" * 31, b"\0" * 8 + b"x" * 32])
def test_bytes_that_are_no_frontier(stored: bytes) -> None:
    with pytest.raises(ValueError, match="no frontier"):
        Frontier.from_bytes(stored)


def test_proofs_that_cannot_be_asked_for() -> None:
    node = grown(LEAVES)[1]
    for index, size in ((-1, 8), (8, 8), (0, 0)):
        with pytest.raises(ValueError, match="not in a tree"):
            inclusion(node, index, size)
    for earlier, later in ((0, 8), (5, 4), (-1, 3)):
        with pytest.raises(ValueError, match="no proof"):
            consistency(node, earlier, later)


def test_what_is_easily_forgotten() -> None:
    root = bytes.fromhex(ROOTS[8])
    node = grown(LEAVES)[1]
    assert not verify_consistency(0, 0, [], EMPTY_ROOT, EMPTY_ROOT), "equal sizes of zero"
    assert not verify_consistency(0, 8, [], EMPTY_ROOT, root), "size1 = 0"
    assert not verify_consistency(0, 8, [root], EMPTY_ROOT, root)
    assert not verify_inclusion(b"", 0, 1, [], b""), "an empty leaf hash"
    assert not verify_inclusion(b"", 0, 8, inclusion(node, 0, 8), root)
    assert verify_consistency(1, 1, [], b"12 byte root", b"12 byte root"), "equal sizes ask for equal roots only"
    assert not verify_consistency(1, 1, [], b"12 byte root", b"13 byte root.")
    assert not verify_consistency(8, 8, [root], root, root), "a proof where none is needed"
    assert not verify_consistency(8, 4, [], root, root), "backwards"
    assert not verify_inclusion(LEAVES[0], -1, 8, inclusion(node, 0, 8), root)
    assert not verify_inclusion(LEAVES[0], 8, 8, inclusion(node, 0, 8), root)


@given(st.integers(2, 130), st.data())
def test_any_change_of_a_consistency_proof_is_refused(later: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, later - 1))
    node = grown(MANY)[1]
    proof, old, new = consistency(node, earlier, later), plain_root(0, earlier), plain_root(0, later)
    wrong = data.draw(_spoilt(proof))
    assert not verify_consistency(earlier, later, wrong, old, new)
    assert not verify_consistency(earlier, later, proof, old, EMPTY_ROOT)
    assert not verify_consistency(earlier, later, proof, EMPTY_ROOT, new)
    assert not verify_consistency(later, earlier, proof, new, old)


@given(st.integers(2, 130), st.data())
def test_any_change_of_an_inclusion_proof_is_refused(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    node = grown(MANY)[1]
    proof, root = inclusion(node, index, size), plain_root(0, size)
    assert not verify_inclusion(MANY[index], index, size, data.draw(_spoilt(proof)), root)
    assert not verify_inclusion(MANY[other], index, size, proof, root)
    assert not verify_inclusion(MANY[index], other, size, proof, root)
    assert not verify_inclusion(MANY[index], index, size, proof, EMPTY_ROOT)


@st.composite
def _spoilt(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    """The proof with one bit turned, one hash lost, doubled, added or cut short."""
    at = draw(st.integers(0, len(proof) - 1))
    bit = draw(st.integers(0, 255))
    turned = (int.from_bytes(proof[at], "big") ^ (1 << bit)).to_bytes(32, "big")
    return draw(
        st.sampled_from(
            [
                [*proof[:at], turned, *proof[at + 1 :]],
                proof[:at] + proof[at + 1 :],
                [*proof[:at], proof[at], *proof[at:]],
                [*proof, EMPTY_ROOT],
                [EMPTY_ROOT, *proof],
                [*proof[:at], proof[at][:-1], *proof[at + 1 :]],
                [*proof[:at], b"", *proof[at + 1 :]],
                [],
            ]
        )
    )
