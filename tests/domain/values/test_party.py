"""How parties are named, and how natural persons are shown."""

import pytest

from domain.values.fault import Malformed
from domain.values.party import PartyRef, masked


@pytest.mark.parametrize(
    ("text", "scheme", "id"),
    [
        ("CN-USCC:91440800MA4X00000Y", "CN-USCC", "91440800MA4X00000Y"),
        ("cn-uscc: 91 440800 ma4x00000y", "CN-USCC", "91440800MA4X00000Y"),
        ("GB-COH:00445790", "GB-COH", "00445790"),
        ("local:publisher:工程公司:2", "local", "publisher:工程公司:2"),
    ],
)
def test_a_reference_is_parsed_and_written_again(text: str, scheme: str, id: str) -> None:
    assert PartyRef.parse(text) == PartyRef(scheme, id)
    assert PartyRef.parse(str(PartyRef.parse(text))) == PartyRef(scheme, id)
    assert str(PartyRef(scheme, id)) == f"{scheme}:{id}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("91440800MA4X00000Y", "party_form"),
        (":1", "party_form"),
        ("GB-COH:", "party_form"),
        ("", "party_form"),
        ("CN-USCC:91440800MA4X00000X", "uscc_check"),
        ("CN-USCC:", "uscc_missing"),
    ],
)
def test_a_wrong_reference_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(Malformed) as refused:
        PartyRef.parse(text)
    assert refused.value.fault.code == code


def test_a_scheme_cannot_hold_a_colon() -> None:
    with pytest.raises(Malformed):
        PartyRef.of("a:b", "c")


@pytest.mark.parametrize(
    ("name", "shown"),
    [("张三", "张*"), ("欧阳修文", "欧***"), ("李", "*"), ("", ""), (" 王 小明 ", "王**"), ("葛\U000e0100洪", "葛*")],
)
def test_a_natural_persons_name_is_masked(name: str, shown: str) -> None:
    assert masked(name) == shown
