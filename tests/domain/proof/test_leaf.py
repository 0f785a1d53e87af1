"""The leaf says every field of its row, and no two rows say the same."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from domain.proof.leaf import leaf_bytes

ROW = (1, "2026-04-29T09:00:00.000000+08:00", UUID(int=7), 3, "contract.signed/1", b'{"by":"a"}')


def test_its_bytes_are_settled() -> None:
    """Written down by hand: a change here would break every proof ever given out."""
    assert leaf_bytes(*ROW).hex() == (
        "0000000000000001" + "0020" + ROW[1].encode().hex() + "0" * 31 + "7" + "0000000000000003"
        "00000011" + ROW[4].encode().hex() + "000000000000000a" + ROW[5].hex()
    )  # fmt: skip


rows = st.tuples(
    st.integers(1, 3), st.text("0:", max_size=3), st.sampled_from([UUID(int=7), UUID(int=8)]),
    st.integers(1, 3), st.text("a/", max_size=4), st.binary(max_size=4),
)  # fmt: skip


@given(rows, rows)
def test_two_rows_share_no_encoding(one: tuple[int, str, UUID, int, str, bytes], other: tuple[int, str, UUID, int, str, bytes]) -> None:
    assert (leaf_bytes(*one) == leaf_bytes(*other)) is (one == other)
