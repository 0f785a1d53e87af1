"""文号 as they are met in the wild, and what makes two of them one."""

import pytest

from domain.values import document_number
from domain.values.document_number import DocumentNumber
from domain.values.fault import Malformed


@pytest.mark.parametrize(
    ("text", "issuer", "year", "sequence", "key"),
    [
        ("湛水办〔2023〕6号", "湛水办", 2023, 6, "湛水办〔2023〕6号"),
        ("湛水办〔2023〕6 号", "湛水办", 2023, 6, "湛水办〔2023〕6号"),
        ("信水政停字〔2024〕第008号", "信水政停字", 2024, 8, "信水政停字〔2024〕8号"),
        ("穗花赤综处字〔2025〕060001号", "穗花赤综处字", 2025, 60001, "穗花赤综处字〔2025〕60001号"),
        ("花都府行复〔2025〕769号", "花都府行复", 2025, 769, "花都府行复〔2025〕769号"),
        ("慈税罚（2018）40号", "慈税罚", 2018, 40, "慈税罚〔2018〕40号"),
        ("市场【2019】1号", "市场", 2019, 1, "市场〔2019〕1号"),
        ("湛水罚字[2026]第12号", "湛水罚字", 2026, 12, "湛水罚字〔2026〕12号"),
        ("湛水罚字［２０２６］１２号", "湛水罚字", 2026, 12, "湛水罚字〔2026〕12号"),
        ("\u3000湛水罚字〔2026〕12号\n", "湛水罚字", 2026, 12, "湛水罚字〔2026〕12号"),
        ("𠮷水罚〔2026〕3号", "𠮷水罚", 2026, 3, "𠮷水罚〔2026〕3号"),
        ("ZJSW〔2026〕3号", "ZJSW", 2026, 3, "ZJSW〔2026〕3号"),
    ],
)
def test_a_number_is_taken_apart(text: str, issuer: str, year: int, sequence: int, key: str) -> None:
    assert document_number.parse(text) == DocumentNumber(text, issuer, year, sequence)
    assert str(document_number.parse(text)) == document_number.normalise(text) == key
    assert document_number.normalise(key) == key


@pytest.mark.parametrize(
    "text",
    [
        "湛水办2023年6号",
        "〔2023〕6号",
        "湛水办〔23〕6号",
        "湛水办〔2023〕号",
        "湛水办〔2023〕6",
        "湛水办〔2023〕123456789号",
    ],
)
def test_another_form_is_refused_by_name_but_stays_its_own_key(text: str) -> None:
    with pytest.raises(Malformed, match="湛水办〔2023〕6号") as refused:
        document_number.parse(text)
    assert refused.value.fault.code == "document_number_form"
    assert refused.value.fault.params == {"given": text}
    assert document_number.normalise(f" {text} ") == text


def test_no_number_at_all_is_missing() -> None:
    with pytest.raises(Malformed) as refused:
        document_number.parse("\u3000 ")
    assert refused.value.fault.code == "document_number_missing"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (" 440823-SWJ-SG-2026-00012\n", "440823-SWJ-SG-2026-00012"),
        ("４４０８２３－ＳＷＪ－ＳＧ－２０２６－０００１２", "440823-SWJ-SG-2026-00012"),
        ("湛水 合同（甲）第 3 号", "湛水 合同(甲)第 3 号"),
    ],
)
def test_a_contract_number_is_free_text(text: str, number: str) -> None:
    assert document_number.normalise_contract_number(text) == number
