"""Unified social credit codes: published vectors, an independent package, and sentences that name the place."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from domain.values import uscc
from tests.shared import shared

VALID = [
    "91110000600037341L",
    "11230500001755309F",
    "91230500MA1B3N1N2M",
    "91440115618712245T",
    "11420000MB15291767",
    "11440800000000000G",
    "12440800000000000D",
    "11440802000000000D",
    "11440823000000000T",
    "11440825000000000P",
    "524408000000000009",
    "91440800MA4X00000Y",
    "91440800MA4X000012",
    "92440800MA4X00000U",
    "934408000000000002",
    "N2440800MF00000005",
]
FIRST_17 = st.builds(
    str.__add__,
    st.builds(str.__add__, st.text(uscc.ALPHABET, min_size=2, max_size=2), st.text("0123456789", min_size=6, max_size=6)),
    st.text(uscc.ALPHABET, min_size=9, max_size=9),
).filter(lambda code: set(code) != {"0"})


@pytest.mark.parametrize("code", VALID)
def test_a_right_code_has_no_fault(code: str) -> None:
    assert uscc.faults(code) == []
    assert uscc.explain(code) is None
    assert uscc.normalise(code) == code


def test_two_hundred_real_codes_pass() -> None:
    vectors: dict[str, Any] = json.loads(shared("data", "cn-uscc", "stdnum-uscc-vectors.json").read_text("utf-8"))
    assert len(vectors["valid"]) == 201
    assert [code for code in vectors["valid"] if uscc.faults(code)] == []
    assert [case["value"] for case in vectors["invalid"] if not uscc.faults(case["value"])] == []
    assert [case for case in vectors["normalise"] if uscc.normalise(case["in"]) != case["out"]] == []


@pytest.mark.parametrize(
    ("text", "fault", "sentence"),
    [
        ("12440800123456789X", "uscc_check", "统一社会信用代码第 18 位校验码应为 P，您填的是 X"),
        ("91440800MA4X00000X", "uscc_check", "统一社会信用代码第 18 位校验码应为 Y，您填的是 X"),
        ("91440800MA4X00000", "uscc_length", "统一社会信用代码应为 18 位，您填了 17 位"),
        ("91440800MA4X00000YY", "uscc_length", "统一社会信用代码应为 18 位，您填了 19 位"),
        (
            "91440800MA4XO0000Y",
            "uscc_alphabet",
            "统一社会信用代码第 13 位不能是“O”：只用数字和除 I、O、S、V、Z 以外的大写字母",
        ),
        (
            "91440800MA4X0000水Y",
            "uscc_alphabet",
            "统一社会信用代码第 17 位不能是“水”：只用数字和除 I、O、S、V、Z 以外的大写字母",
        ),
        ("", "uscc_missing", "没有填写统一社会信用代码"),
        (" - ", "uscc_missing", "没有填写统一社会信用代码"),
        ("00000000000000000X", "uscc_missing", "没有填写统一社会信用代码"),
        ("000000000000000000", "uscc_missing", "没有填写统一社会信用代码"),
    ],
)
def test_a_wrong_code_is_told_where_it_is_wrong(text: str, fault: str, sentence: str) -> None:
    assert uscc.faults(text) == [fault]
    assert uscc.explain(text) == sentence


def test_a_letter_among_the_region_digits_is_named_by_its_place() -> None:
    code = "9144A800MA4X00000"
    text = code + uscc.check_character(code)
    assert uscc.faults(text) == ["uscc_region"]
    assert uscc.explain(text) == "统一社会信用代码第 5 位应为数字（第 3 至 8 位是行政区划码），您填的是 A"
    assert uscc.faults(code + ("0" if text[-1] != "0" else "1")) == ["uscc_region", "uscc_check"]


def test_a_sentence_can_be_said_in_another_language() -> None:
    [fault] = uscc.diagnose("12440800123456789X")
    assert fault.code == "uscc_check"
    assert fault.params == {"expected": "P", "given": "X"}
    assert fault.sentence.format(**fault.params) == str(fault)


@pytest.mark.parametrize(
    "text",
    [
        "  91440800ma4x00000y ",
        "91 440800 MA4X00000 Y",
        "91-440800-MA4X00000-Y",
        "９１４４０８００ＭＡ４Ｘ０００００Ｙ",
        "91440800\u3000MA4X00000Y",
        "\ufeff91440800MA4X00000\u200bY\n",
        "91440800—MA4X00000–Y",
        "91440800\u00a0MA4X00000\u2212Y\t",
    ],
)
def test_spellings_of_one_code_are_one_code(text: str) -> None:
    assert uscc.normalise(text) == "91440800MA4X00000Y"


def test_an_odd_organisation_code_is_a_warning_alone() -> None:
    assert uscc.warnings("91110000600037341L") == []
    assert uscc.warnings("11440800000000000G") == []
    [odd] = uscc.warnings("91440800MA4X00000Y")
    assert odd.code == "uscc_organisation_check"
    assert "第 17 位" in str(odd)
    assert uscc.warnings("12440800123456789X") == []


@given(FIRST_17)
def test_no_region_and_no_authority_is_refused_and_one_check_character_fits(first: str) -> None:
    fitting = [char for char in uscc.ALPHABET if not uscc.faults(first + char)]
    assert fitting == [uscc.check_character(first)]


@given(FIRST_17, st.sampled_from(uscc.ALPHABET))
def test_codes_that_begin_with_digits_agree_with_stdnum(first: str, last: str) -> None:
    code = "91" + first[2:] + last
    assert (not uscc.faults(code)) == stdnum_uscc.is_valid(code)


@given(FIRST_17, st.integers(0, 17), st.sampled_from(uscc.ALPHABET))
def test_one_mistyped_character_never_passes(first: str, place: int, char: str) -> None:
    code = first + uscc.check_character(first)
    mistyped = code[:place] + char + code[place + 1 :]
    assert (uscc.faults(mistyped) == []) == (mistyped == code)


@given(st.text(max_size=30))
def test_any_text_is_judged_and_normalised_once_and_for_all(text: str) -> None:
    once = uscc.normalise(text)
    assert uscc.normalise(once) == once
    assert uscc.faults(text) == uscc.faults(once)
    assert (uscc.explain(text) is None) == (uscc.faults(text) == [])
    assert not [char for char in once if unicodedata.category(char) in {"Zs", "Pd"}]
