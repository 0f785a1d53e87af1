"""What kind of file this is, and its records; a folder is every file below it that can be imported."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from stores.upload_checks import UploadRefused, check_zip
from web.importers.ocds import read_ocds
from web.importers.record import Note, Place, Record, Reject
from web.importers.sheet import Check, NotReadable, csv_page, workbook
from web.importers.table import read_table

FORMATS = ("auto", "ocds", "xlsx", "csv")
_BELOW = (".json", ".jsonl", ".xlsx", ".csv")
_BY_SUFFIX = {
    ".json": "ocds", ".jsonl": "ocds", ".ndjson": "ocds",
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xlsx", ".xlsb": "xlsx", ".ods": "xlsx",
    ".csv": "csv", ".tsv": "csv", ".txt": "csv",
}  # fmt: skip
_ZIP, _GZIP = b"PK\x03\x04", b"\x1f\x8b"
_WORKBOOK = frozenset({"[Content_Types].xml", "content.xml"})  # of these an xlsx or xlsb has the first, an ods the second
_PACKED = (_ZIP, b"\xd0\xcf\x11\xe0")
LARGEST_UNPACKED = 600_000_000
"""Bytes; a hundred thousand contracts with twenty columns are about a hundred million."""


def files_below(path: Path) -> list[Path]:
    """The file itself; of a folder every .json .jsonl .xlsx .csv below it, sorted, but for hidden ones and locks."""
    if not path.is_dir():
        return [path]
    return sorted(
        one for one in path.rglob("*")
        if one.suffix.lower() in _BELOW and one.is_file() and not one.name.startswith((".", "~$"))
    )  # fmt: skip


def format_of(path: Path) -> str:
    """ocds, xlsx or csv: by what the file begins with, then by its name."""
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(_PACKED):
        return "xlsx"
    known = _BY_SUFFIX.get(path.suffix.lower())
    if known is not None and known != "xlsx":
        return known
    bare = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0")
    if bare[:1] in {b"{", b"["}:
        return "ocds"
    return known or "csv"


def open_source(
    path: Path,
    format: str = "auto",
    *,
    today: date | None = None,
    publisher: str = "",
    check_upload: Check | None = None,
) -> Iterator[Record]:
    """The records and rejects of a file, or of every file below a folder, in order.

    `today` is the day of the import in Shanghai; `publisher` is whose parties are meant where a table names them
    without a code; `check_upload(packed, name)` looks at a packed workbook before it is opened and raises UploadRefused
    when it must not be (by default `check_workbook`).
    """
    if format not in FORMATS:
        raise ValueError(f"no such format: {format}")
    for file in files_below(path):
        yield from read_file(file, format, today=today, publisher=publisher, check_upload=check_upload)


def read_file(
    path: Path, format: str = "auto", *, today: date | None = None, publisher: str = "",
    check_upload: Check | None = None, name: str | None = None,
) -> Iterator[Record]:  # fmt: skip
    """The same for one file, called `name` in every place that is told."""
    named = name or str(path)
    try:
        if _archive(path):
            raise NotReadable("archive", "是压缩包：请先解压，再导入里面的文件")
        form = format_of(path) if format == "auto" else format
        if form == "ocds":
            yield from read_ocds(path, named, today)
            return
        pages = [csv_page(path)] if form == "csv" else workbook(path, check_upload or check_workbook)
        yield from read_table(pages, named, today, publisher, digest_of(path))
    except NotReadable as error:
        place = Place(named)
        yield Reject(place, (Note.of(error.fault, place),))
    except UploadRefused as refused:
        place = Place(named)
        yield Reject(place, (Note(refused.code, place, refused.sentence, refused.values),))


def _archive(path: Path) -> bool:
    """Gzip, or a zip that is no workbook. What is no whole zip is for the reader of workbooks to refuse."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(_GZIP):
        return True
    if start != _ZIP:
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            return not _WORKBOOK.intersection(packed.namelist())
    except zipfile.BadZipFile:
        return False


def digest_of(path: Path) -> str:
    """`sha256:…` of a file's bytes."""
    with path.open("rb") as file:
        return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()


def check_workbook(packed: bytes, name: str) -> None:
    """Refuse a packed workbook that unpacks to more than a ledger does, or lies about it. Raises UploadRefused."""
    if packed.startswith(_ZIP):
        check_zip(packed, LARGEST_UNPACKED)
