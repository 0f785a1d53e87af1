"""Text of a form that is not taken, as more files come than fit or more people than there is room for: it goes back, its files are let go."""

from __future__ import annotations

from urllib.parse import parse_qsl

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

MOST = 1024 * 1024 * 1024  # bytes read through; more than that is refused at the door
MOST_TEXT = 2 * 1024 * 1024
MOST_FIELDS = 10_000


class Text:
    """Collects the text fields of a multipart body, and no byte of its files."""

    def __init__(self, boundary: bytes) -> None:
        self.found: list[tuple[str, str | UploadFile]] = []
        self.name, self.value, self.taken = "", bytearray(), 0
        self.label, self.said, self.is_file = bytearray(), bytearray(), False
        self.parser = MultipartParser(boundary, {
            "on_part_begin": self.begin, "on_part_data": self.data, "on_part_end": self.end, "on_header_begin": self.header,
            "on_header_field": lambda data, a, b: self.label.extend(data[a:b]), "on_header_value": lambda data, a, b: self.said.extend(data[a:b]),
            "on_header_end": self.headed,
        })  # fmt: skip

    def begin(self) -> None:
        self.name, self.value, self.is_file = "", bytearray(), True

    def header(self) -> None:
        self.label, self.said = bytearray(), bytearray()

    def headed(self) -> None:
        if self.label.lower() == b"content-disposition":
            options = parse_options_header(bytes(self.said))[1]
            self.name, self.is_file = options.get(b"name", b"").decode(errors="replace"), b"filename" in options

    def data(self, data: bytes, start: int, end: int) -> None:
        if self.is_file:
            return
        self.value += data[start:end]
        self.taken += end - start
        if self.taken > MOST_TEXT:
            raise FormParserError("more text than is taken anywhere")

    def end(self) -> None:
        if not self.is_file:
            self.found.append((self.name, self.value.decode(errors="replace")))


async def text_of(request: Request) -> FormData | None:
    """The text of a multipart form from a signed-in browser; None for anything else."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    length = request.headers.get("content-length", "")
    if kind != b"multipart/form-data" or "lvyue_session" not in request.cookies or not length.isdecimal() or int(length) > MOST:
        return None
    try:
        text = Text(options[b"boundary"])
        async for chunk in request.stream():
            text.parser.write(chunk)
    except (FormParserError, KeyError):
        return None
    return FormData(text.found)


def text_in(content_type: str, body: bytes) -> FormData | None:
    """The text of a form whose body is here; None where it is no form, or cannot be read."""
    kind, options = parse_options_header(content_type)
    try:
        if kind == b"multipart/form-data":
            text = Text(options[b"boundary"])
            text.parser.write(body)
            return FormData(text.found)
        if kind == b"application/x-www-form-urlencoded":
            found = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, errors="replace", max_num_fields=MOST_FIELDS)
            return FormData(list[tuple[str, str | UploadFile]](found))
    except (FormParserError, KeyError, ValueError):
        pass
    return None
