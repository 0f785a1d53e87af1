"""Uploads: what is on the list comes in for what it is; bombs, disguises and programs do not, and it is said why."""

import io
import struct
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.upload_checks import DOCX, LARGEST, XLS, XLSX, UploadRefused, check_upload, check_zip

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
MINIMAL = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def _workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in range(2000):
        book.active.append([row, "合同", "same text again and again"])
    book.save(out)
    return out.getvalue()


def _refused(content: bytes, name: str) -> str:
    with pytest.raises(UploadRefused) as refused:
        check_upload(content, name)
    assert refused.value.sentence.format(**refused.value.values) == str(refused.value)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refused.value.sentence)
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"\xff\xd8\xff\xe0....JFIF", "工地.jpg", "image/jpeg"),
        (b"\xff\xd8\xff\xe1....Exif", "DCIM.JPEG", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "a.png", "image/png"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "a.webp", "image/webp"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "IMG_1.HEIC", "image/heic"),
        (b"%PDF-1.7\n...", "合同（第2.3版）.pdf", "application/pdf"),
        (b"%PDF-1.7\n...", "合同（第2.3版）", "application/pdf"),
        (_zip(MINIMAL), "a.xlsx", XLSX),
        (_workbook(), "a.xlsx", XLSX),
        (_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}), "a.docx", DOCX),
        (OLE + "Workbook".encode("utf-16-le"), "a.xls", XLS),
        ("编号,金额\n1,2\n".encode("gb18030"), "a.csv", "text/csv"),
        ("\ufeff编号,金额\n".encode(), "a.csv", "text/csv"),
        (b'{"releases": []}', "release.json", "application/json"),
        (b'{"ocid": 1}\n{"ocid": 2}\n', "r.jsonl", "application/x-ndjson"),
        ("现场情况说明".encode(), "说明.txt", "text/plain"),
        ("现场情况说明".encode(), "说明", "text/plain"),
    ],
)
def test_accepted(content: bytes, name: str, media_type: str) -> None:
    assert check_upload(content, name) == media_type


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.txt", "upload_empty"),
        (b"a" * (LARGEST + 1), "a.txt", "upload_too_large"),
        (b"MZ\x90\0\3\0\0\0", "a.exe", "upload_type_not_allowed"),
        (b"\x7fELF\2\1\1\0", "a.txt", "upload_type_not_allowed"),
        (b"GIF89a\1\0\1\0\0\0\0", "a.gif", "upload_type_not_allowed"),
        (b"MZ looks like text", "a.exe", "upload_name_mismatch"),
        (b"%PDF-1.7", "a.jpg", "upload_name_mismatch"),
        (b"\xff\xd8\xff\xe0", "a.pdf", "upload_name_mismatch"),
        (b"echo hello", "a.sh", "upload_name_mismatch"),
        (b"plain", "..\\a.bat", "upload_name_mismatch"),
        (b"  \n<!DOCTYPE html><script>alert(1)</script>", "a.txt", "upload_markup"),
        (b"\xef\xbb\xbf<svg onload=alert(1)>", "a.svg", "upload_markup"),
        (b"<?xml version='1.0'?><!DOCTYPE x>", "a.xml", "upload_markup"),
        (OLE, "a.doc", "upload_type_not_allowed"),
        (OLE + "Workbook _VBA_PROJECT".encode("utf-16-le"), "a.xls", "upload_macros"),
        (_zip(MINIMAL | {"xl/vbaProject.bin": b"x"}), "a.xlsx", "upload_macros"),
        (_zip({"photo.jpg": b"x"}), "a.zip", "upload_archive"),
        (_zip({"photo.jpg": b"x"}), "a.xlsx", "upload_archive"),
        (_zip(MINIMAL)[:-30], "a.xlsx", "upload_broken"),
        (b"PK\3\4" + b"x" * 100, "a.xlsx", "upload_broken"),
    ],
)  # fmt: skip
def test_refused(content: bytes, name: str, code: str) -> None:
    assert _refused(content, name) == code


# ---------------------------------------------------------------- bombs


def _bomb() -> bytes:
    """88 MB of a spreadsheet's rows in about 349 KB."""
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%08d</t></is></c></row>'
    rows = b"".join(row % (n * n % 99999999) for n in range(40_000))
    return _zip(MINIMAL | {"xl/worksheets/sheet1.xml": (rows * 40)[: 88 << 20]})


def test_the_bomb_is_refused_in_milliseconds() -> None:
    bomb = _bomb()
    assert 100_000 < len(bomb) < 20 << 20
    tracemalloc.start()
    try:
        start = time.perf_counter()
        code = _refused(bomb, "a.xlsx")
        took = time.perf_counter() - start
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert code == "upload_unpacks_too_large_size"
    assert took < 0.05
    assert peak < 1 << 20


def test_too_many_members() -> None:
    assert _refused(_zip({str(n): b"" for n in range(201)}), "a.xlsx") == "upload_unpacks_too_large_members"
    many = {f"xl/media/{n}.png": b"x" for n in range(198)}
    assert check_upload(_zip(MINIMAL | many), "a.xlsx") == XLSX


def test_a_huge_table_of_contents_is_not_even_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(30_000):
            archive.writestr(f"{n:060}", b"")
    content = bytearray(out.getvalue())
    at = content.rfind(b"PK\5\6")
    struct.pack_into("<HH", content, at + 8, 2, 2)  # it says: two members
    start = time.perf_counter()
    assert _refused(bytes(content), "a.xlsx") == "upload_unpacks_too_large_members"
    assert time.perf_counter() - start < 0.05


def test_ratio() -> None:
    assert _refused(_zip(MINIMAL | {"xl/a.xml": bytes(30 << 20)}), "a.xlsx") == "upload_unpacks_too_large_ratio"


def _lying(claim: int) -> bytes:
    """A zip whose table of contents and local head both say a smaller size than is in it."""
    content = bytearray(_zip({"a": b"".join(b"%08d" % (n * n % 99999999) for n in range(250_000))}))
    central = content.rfind(b"PK\1\2")
    struct.pack_into("<I", content, 22, claim)
    struct.pack_into("<I", content, central + 24, claim)
    return bytes(content)


@pytest.mark.parametrize("claim", [0, 10, 1_999_999, 2_000_001])
def test_a_zip_that_lies_about_its_size(claim: int) -> None:
    with pytest.raises(UploadRefused, match="过大"):
        check_zip(_lying(claim))


def test_a_zip_that_tells_the_truth() -> None:
    assert [member.filename for member in check_zip(_lying(2_000_000))] == ["a"]


@pytest.mark.parametrize("name", ["../a", "/etc/passwd", "a/../../b", "..\\a"])
def test_members_that_climb(name: str) -> None:
    assert _refused(_zip(MINIMAL | {name: b"x"}), "a.xlsx") == "upload_broken"


def test_a_link_inside() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert _refused(out.getvalue(), "a.xlsx") == "upload_broken"


@pytest.mark.filterwarnings("ignore:Duplicate name")  # the test's own archive is what the warning is about
def test_two_members_of_one_name() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "one")
        archive.writestr("xl/workbook.xml", "two")
    assert _refused(out.getvalue(), "a.xlsx") == "upload_broken"


def test_members_that_lie_over_one_another() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(5):
            archive.writestr(f"m{n}", bytes([65 + n]) * 100_000)
        for member in archive.infolist():
            member.header_offset = 0
    with pytest.raises(UploadRefused):
        check_zip(out.getvalue())


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_methods_of_packing(method: int) -> None:
    assert _refused(_zip(MINIMAL, method), "a.xlsx") == "upload_broken"


def test_a_locked_file() -> None:
    content = bytearray(_zip(MINIMAL))
    at = content.find(b"PK\1\2")
    content[at + 8] |= 1
    assert _refused(bytes(content), "a.xlsx") == "upload_encrypted"


# ---------------------------------------------------------------- anything


@given(st.binary(max_size=400), st.text(max_size=20))
def test_any_bytes_are_accepted_or_refused_in_words(content: bytes, name: str) -> None:
    _accept_or_refuse(content, name)


@given(st.data())
def test_any_damaged_zip_is_accepted_or_refused_in_words(data: st.DataObject) -> None:
    content = bytearray(_zip(MINIMAL | {"xl/a.xml": b"abc" * 50}))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    _accept_or_refuse(bytes(content), "a.xlsx")


def _accept_or_refuse(content: bytes, name: str) -> None:
    try:
        answer = check_upload(content, name)
    except UploadRefused as refused:
        answer = refused.code
    assert "/" in answer or answer.startswith("upload_")
