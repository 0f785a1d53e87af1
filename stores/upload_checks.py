"""Upload checks: what a file is, by its content, and whether it may come in. Nothing is unpacked to find out."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

LARGEST = 20 * 1024 * 1024  # bytes
MOST_MEMBERS = 200
MOST_UNPACKED = 50 * 1024 * 1024  # bytes
MOST_RATIO = 100  # unpacked to packed
SMALL = 1024 * 1024  # bytes; below this a high ratio harms nobody
DIRECTORY_LARGEST = MOST_MEMBERS * 600  # bytes of a zip's table of contents
STEP = 64 * 1024

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLS = "application/vnd.ms-excel"
ENDINGS = {
    "image/jpeg": ("jpg", "jpeg", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "image/heic": ("heic", "heif"),
    "application/pdf": ("pdf",),
    XLSX: ("xlsx",),
    DOCX: ("docx",),
    XLS: ("xls",),
    "text/csv": ("csv",),
    "application/json": ("json",),
    "application/x-ndjson": ("jsonl",),
    "text/plain": ("txt", "md", "log"),
}
TEXTS = ("text/csv", "application/json", "application/x-ndjson", "text/plain")
HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKUP = ("<!doctype", "<html", "<svg", "<?xml", "<script", "<body", "<head")
CONTROLS = bytes(set(range(32)) - {9, 10, 12, 13, 26})  # 26 ended a file in DOS


class UploadRefused(ValueError):
    """A file that may not come in: a stable code, a sentence saying what is wrong and what to do, its values."""

    def __init__(self, code: str, sentence: str, **values: Any) -> None:
        super().__init__(sentence.format(**values))
        self.code, self.sentence, self.values = code, sentence, values


def check_upload(content: bytes, name: str) -> str:
    """The media type of an upload, from its content; `UploadRefused` where it may not come in."""
    if not content:
        raise UploadRefused("upload_empty", "文件是空的。请检查原文件能否打开，再重新上传")
    if len(content) > LARGEST:
        raise UploadRefused("upload_too_large", "文件超过 {most} MB。请压缩图片或拆分文件后再上传", most=LARGEST // 1024 // 1024)
    media_type = next((found for found in (look(content) for look in LOOKS) if found), None)
    ending = _ending(name)
    if media_type is None:
        media_type = _text(content, ending)
    if ending and ending not in ENDINGS[media_type]:
        raise UploadRefused(
            "upload_name_mismatch",
            "文件名以 .{ending} 结尾，内容却是 {kind} 文件。请用正确的软件另存后再上传",
            ending=ending,
            kind=ENDINGS[media_type][0],
        )
    return media_type


def _ending(name: str) -> str:
    """What the name says the file is; 第2.3版 says nothing."""
    ending = PurePosixPath(name.replace("\\", "/")).suffix.lstrip(".").lower()
    return ending if ending.isascii() and ending.isalnum() else ""


def _image(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return "image/heic"
    return None


def _pdf(content: bytes) -> str | None:
    return "application/pdf" if content.startswith(b"%PDF-") else None


def _old_office(content: bytes) -> str | None:
    if not content.startswith(OLE):
        return None
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise _macros()
    if "Workbook".encode("utf-16-le") in content or "Book\0".encode("utf-16-le") in content:
        return XLS
    raise UploadRefused("upload_type_not_allowed", "这是旧版 Office 文件。请另存为 PDF、docx 或 xlsx 后再上传")


def _zipped(content: bytes) -> str | None:
    if not content.startswith(b"PK\x03\x04"):
        return None
    members = check_zip(content)
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise _macros()
    if "[Content_Types].xml" in names:
        if "xl/workbook.xml" in names:
            return XLSX
        if "word/document.xml" in names:
            return DOCX
    raise UploadRefused("upload_archive", "不接受压缩包。请解压后把里面的文件逐个上传")


LOOKS: tuple[Callable[[bytes], str | None], ...] = (_image, _pdf, _old_office, _zipped)


def _macros() -> UploadRefused:
    return UploadRefused("upload_macros", "文件里带有宏。请另存为不含宏的格式（xlsx、docx 或 PDF）后再上传")


def _text(content: bytes, ending: str) -> str:
    text = _decoded(content)
    if text is None:
        raise UploadRefused(
            "upload_type_not_allowed",
            "不认识这种文件。可以上传：照片（jpg、png、webp、heic）、PDF、docx、xlsx、xls、csv、txt、json",
        )
    if text.lstrip("\ufeff \t\r\n").lower().startswith(MARKUP):
        raise UploadRefused("upload_markup", "不接受网页或 XML 文件。请另存为 PDF 后再上传")
    return next((media_type for media_type in TEXTS if ending in ENDINGS[media_type]), "text/plain")


def _decoded(content: bytes) -> str | None:
    if len(content.translate(None, CONTROLS)) < len(content):
        return None
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def check_zip(content: bytes, most_unpacked: int = MOST_UNPACKED) -> list[zipfile.ZipInfo]:
    """The members of a zip that may be unpacked: few, small (bytes), honest about their size; else `UploadRefused`."""
    _check_directory(content)
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError) as error:
        raise _broken() from error
    _check_declared(members, len(content), most_unpacked)
    for member in members:
        _check_name(member)
        _check_count(content, member)
    return members


def _check_directory(content: bytes) -> None:
    """Looks at the table of contents' own size before anybody reads it: it may hold a million names."""
    end = content.rfind(b"PK\x05\x06", max(0, len(content) - 22 - 65535))
    if end < 0 or len(content) < end + 22:
        raise _broken()
    count, size = struct.unpack_from("<HI", content, end + 10)
    if count > MOST_MEMBERS or size > DIRECTORY_LARGEST:  # zip64 writes its largest values here
        raise _bomb("members")


def _check_declared(members: list[zipfile.ZipInfo], packed: int, most_unpacked: int) -> None:
    declared = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS:
        raise _bomb("members")
    if declared > most_unpacked:
        raise _bomb("size")
    if declared > SMALL and declared > MOST_RATIO * packed:
        raise _bomb("ratio")
    ordered = sorted(members, key=lambda member: member.header_offset)
    ends = [member.header_offset + 30 + member.compress_size for member in ordered]
    if any(end > member.header_offset for end, member in zip(ends, ordered[1:], strict=False)):
        raise _broken()  # members lie over one another
    if len({member.filename for member in members}) < len(members):
        raise _broken()  # two readers might see two different files


def _check_name(member: zipfile.ZipInfo) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
    if path.is_absolute() or ".." in path.parts or is_link:
        raise _broken()
    if member.flag_bits & 0x41:
        raise UploadRefused("upload_encrypted", "文件有密码保护。请去掉密码后再上传")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise _broken()


def _check_count(content: bytes, member: zipfile.ZipInfo) -> None:
    """Counts what a member really unpacks to, and stops at the first byte more than it declared."""
    start = member.header_offset
    if content[start : start + 4] != b"PK\x03\x04" or len(content) < start + 30:
        raise _broken()
    name_size, extra_size = struct.unpack_from("<HH", content, start + 26)
    start += 30 + name_size + extra_size
    packed = memoryview(content)[start : start + member.compress_size]
    stored = member.compress_type == zipfile.ZIP_STORED
    if (len(packed) if stored else _unpacked(packed, member.file_size)) != member.file_size:
        raise _bomb("size")


def _unpacked(packed: memoryview, declared: int) -> int:
    count, unpack = 0, zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for start in range(0, len(packed), STEP):
            rest = bytes(packed[start : start + STEP])
            while rest and count <= declared:
                count += len(unpack.decompress(rest, STEP))
                rest = unpack.unconsumed_tail
        while count <= declared and (last := unpack.decompress(b"", STEP)):
            count += len(last)
    except zlib.error as error:
        raise _broken() from error
    return count


def _bomb(what: str) -> UploadRefused:
    return UploadRefused(
        f"upload_unpacks_too_large_{what}",
        "文件解开后过大或内部文件过多（最多 {members} 个、{size} MB）。请删去多余的工作表、图片后再上传",
        members=MOST_MEMBERS,
        size=MOST_UNPACKED // 1024 // 1024,
    )


def _broken() -> UploadRefused:
    return UploadRefused("upload_broken", "文件已损坏或内部结构异常。请用原软件打开并另存一份，再上传")
