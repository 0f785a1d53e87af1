"""JSON decoded with care: exact numbers, and what JSON forbids or a file only half says told instead of raised."""

from __future__ import annotations

import codecs
import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from domain.values.fault import Fault

_SPACE = re.compile(r"[ \t\r\n]*")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class Unreadable(Exception):
    """This text is no JSON that can be read; `fault` says why."""

    def __init__(self, code: str, sentence: str, **params: Any) -> None:
        super().__init__(sentence)
        self.fault = Fault(code, sentence, params)


class Decoded(msgspec.Struct):
    """A decoded value, and what was odd in its text: repeated keys, NaN, broken characters."""

    value: Any
    odd: list[Fault]


class Decoder:
    """json's scanner, exact for money and calm about what JSON forbids; tells what was odd."""

    def __init__(self, skim: bool = False) -> None:
        """With `skim` numbers are left as text and nothing odd is told: to see only what is where."""
        self._odd: list[Fault] = []
        if skim:
            self._json = json.JSONDecoder(parse_float=str, parse_int=str)
            return
        self._json = json.JSONDecoder(object_pairs_hook=self._object, parse_float=_number, parse_int=_whole, parse_constant=self._constant)

    def at(self, text: str, start: int) -> tuple[Decoded, int]:
        """The value that begins at `start` and where it ends. Raises Unreadable."""
        self._odd = []
        try:
            value, end = self._json.raw_decode(text, start)
        except json.JSONDecodeError as error:
            sentence = "不是有效的 JSON：第 {line} 行第 {column} 列起不能识别"
            raise Unreadable("not_json", sentence, line=error.lineno, column=error.colno) from None
        except RecursionError:
            raise Unreadable("nested_too_deep", "嵌套层次过深，不能读取") from None
        if _SURROGATE.search(text, start, end):
            value = self._mended(value)
        return Decoded(value, self._odd), end

    def whole(self, text: str) -> Decoded:
        """The one value of a text."""
        start = skip(text, 0)
        if start == len(text):
            raise Unreadable("file_empty", "文件是空的")
        decoded, end = self.at(text, start)
        if (rest := skip(text, end)) != len(text):
            line = text.count("\n", 0, rest) + 1
            raise Unreadable("not_json", "不是有效的 JSON：第 {line} 行起有多余的内容", line=line)
        return decoded

    def _mended(self, value: Any) -> Any:
        """The value without halves of character pairs, which no text file and no database can hold."""
        if isinstance(value, str):
            whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            if whole != value:
                self._odd.append(Fault("character_broken", "不完整的字符已替换为 �：{given}", {"given": whole[:80]}))
            return whole
        try:
            if isinstance(value, list):
                return [self._mended(item) for item in value]
            if isinstance(value, dict):
                return {self._mended(key): self._mended(item) for key, item in value.items()}
        except RecursionError:
            raise Unreadable("nested_too_deep", "嵌套层次过深，不能读取") from None
        return value

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) != len(pairs):
            seen: set[str] = set()
            twice = sorted({key for key, _ in pairs if key in seen or seen.add(key)})  # type: ignore[func-returns-value]
            self._odd.append(repeated(twice))
        return made

    def _constant(self, text: str) -> str:
        self._odd.append(Fault("number_forbidden", "JSON 不允许的数值：{given}", {"given": text}))
        return text


def repeated(keys: list[str]) -> Fault:
    """Members that an object has twice."""
    return Fault("key_repeated", "同一对象中重复出现的字段，取最后一个：{keys}", {"keys": "、".join(keys)[:200]})


def skip(text: str, start: int) -> int:
    """Where the white space that begins at `start` ends."""
    found = _SPACE.match(text, start)
    return found.end() if found else start


def _number(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


def _whole(text: str) -> int | Decimal | str:
    return int(text) if len(text) < 20 else _number(text)


def text_of(raw: bytes) -> str:
    """JSON is UTF-8; a byte order mark of UTF-8 or UTF-16 is understood. Raises Unreadable."""
    encoding = "utf-16" if raw[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE} else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        sentence = "不是 UTF-8 编码，第 {byte} 个字节起不能识别，请另存为 UTF-8"
        raise Unreadable("not_utf8", sentence, byte=error.start + 1) from None
