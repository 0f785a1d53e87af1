"""The number of an official document 文号, and the number of a contract 合同编号."""

import re
import unicodedata

import msgspec

from domain.values.fault import Fault, Malformed

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_FORM = re.compile(rf"(?P<issuer>[{_HAN}A-Za-z]{{1,20}}?)[〔\[【〖(](?P<year>[0-9]{{4}})[〕\]】〗)]第?(?P<sequence>[0-9]{{1,8}})号")
_SPACES = re.compile(r"\s+")


class DocumentNumber(msgspec.Struct, frozen=True):
    """`湛水办〔2023〕6号` taken apart; `raw` is what was written, noughts and all."""

    raw: str
    issuer: str
    year: int
    sequence: int

    def __str__(self) -> str:
        """The number as two spellings of it are compared: 〔〕, without 第, without leading noughts."""
        return f"{self.issuer}〔{self.year:04}〕{self.sequence}号"


def parse(text: str) -> DocumentNumber:
    """Take a document number apart; raises Malformed (document_number_missing, document_number_form)."""
    form = _FORM.fullmatch(_bare(text))
    if form is None:
        raise Malformed(_fault(text))
    return DocumentNumber(text, form["issuer"], int(form["year"]), int(form["sequence"]))


def normalise(text: str) -> str:
    """The key by which numbers are equal. A number of another form is its own key, spaces and width aside."""
    form = _FORM.fullmatch(bare := _bare(text))
    return bare if form is None else str(parse(text))


def normalise_contract_number(text: str) -> str:
    """A contract's number is free text: half-width, trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def _bare(text: str) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def _fault(text: str) -> Fault:
    if not _bare(text):
        return Fault("document_number_missing", "没有填写文号")
    sentence = "文号应写作“机关代字〔年份〕序号号”，例如“湛水办〔2023〕6号”，您填的是“{given}”"
    return Fault("document_number_form", sentence, {"given": text})
