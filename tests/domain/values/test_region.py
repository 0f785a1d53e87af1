"""Which region reaches which, and what lies above it."""

import pytest

from domain.values.fault import Malformed
from domain.values.region import covers, superior


@pytest.mark.parametrize(
    ("grant", "code", "reaches"),
    [
        ("440800", "440823", True),
        ("440800", "440800", True),
        ("440800", "440900", False),
        ("440800", "440000", False),
        ("440000", "440823", True),
        ("440000", "450100", False),
        ("440823", "440823", True),
        ("440823", "440825", False),
        ("440823", "440800", False),
        ("000000", "440823", True),
        ("", "440823", True),
        ("", "", True),
        ("440800", "", False),
        ("4408", "440823", False),
        ("440800", "4408230", False),
        ("44080０", "440823", False),
        ("110000", "110101", True),
    ],
)
def test_a_grant_reaches_its_region_and_those_within(grant: str, code: str, reaches: bool) -> None:
    assert covers(grant, code) is reaches


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("440823", "440800"),
        ("440800", "440000"),
        ("440000", "000000"),
        ("000000", None),
        ("419001", "410000"),
        ("110101", "110000"),
        ("500230", "500000"),
    ],
)
def test_what_lies_above(code: str, above: str | None) -> None:
    assert superior(code) == above
    assert above is None or covers(above, code)


@pytest.mark.parametrize("code", ["", "4408", "44082A", "440823\n"])
def test_what_is_no_region_has_nothing_above(code: str) -> None:
    with pytest.raises(Malformed, match="6 位数字"):
        superior(code)
